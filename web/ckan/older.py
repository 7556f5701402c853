"""CKAN's older addresses for programs, which answer without an envelope: `util`, and the search of versions 1 to 3."""

import json
from collections.abc import Callable, Mapping
from typing import cast

from flask import Blueprint, Response

from schemas.canonical import Json
from web.ckan.door import ACCEPTED, asked, from_any_site, plainly
from web.ckan.errors import BadRequest
from web.ckan.groups import group_autocomplete
from web.ckan.organisations import organization_autocomplete
from web.ckan.package_search import (
    FILTERS,
    format_autocomplete,
    package_autocomplete,
    package_search,
    stored_form,
)
from web.ckan.parameters import Parameters
from web.ckan.resource_search import resource_search
from web.ckan.site import status_show
from web.ckan.tags import tag_autocomplete
from web.ckan.written import Prepared
from web.context import session

blueprint = Blueprint("ckan_older", __name__, url_prefix="/api")
blueprint.after_request(from_any_site)

_NUMBER = "/<int(min=1, max=3):number>"
_RENAMED = {"limit": "rows", "offset": "start", "order_by": "sort"}
_OF_LISTS = {"all_fields", "limit", "offset", "order_by"}
_TAKEN = {"q", "fq", "fq_list", "fl", "rows", "start", "sort"}


@blueprint.get("/util/<path:what>")
@blueprint.get(f"{_NUMBER}/util/<path:what>")
def util(what: str, number: int = 3) -> Response:  # noqa: ARG001 - every version answers alike
    """What pages of CKAN ask for, and udata: the site's status, and what begins with a few letters."""
    return plainly(lambda: _util(what.strip("/"), asked()))


def _util(what: str, parameters: Parameters) -> object:
    if what not in _UTIL:
        raise BadRequest("There is no such address.", 404)
    return _UTIL[what](parameters)


def _set(results: list[Json]) -> Json:
    return {"ResultSet": {"Result": results}}


def _typed(parameters: Parameters) -> Parameters:
    """The parameters with what was typed so far under the name that actions have for it."""
    return Parameters({"q": parameters.text("incomplete"), **parameters.values})


def _datasets(parameters: Parameters) -> Json:
    return _set(package_autocomplete(_typed(parameters), session()))


def _tags(parameters: Parameters) -> Json:
    typed = _typed(parameters)
    return _set([{"Name": name} for name in tag_autocomplete(typed, session())] if typed.text("q") else [])


def _formats(parameters: Parameters) -> Json:
    typed = _typed(parameters)
    return _set([{"Format": name} for name in format_autocomplete(typed, session())] if typed.text("q") else [])


def _organisations(parameters: Parameters) -> list[Json]:
    typed = _typed(parameters)
    return organization_autocomplete(typed, session()) if typed.text("q") else []


def _groups(parameters: Parameters) -> list[Json]:
    typed = _typed(parameters)
    return group_autocomplete(typed, session()) if typed.text("q") else []


@blueprint.get("/i18n/<language>")
@blueprint.get(f"{_NUMBER}/i18n/<language>")
def translations(language: str, number: int = 3) -> Response:  # noqa: ARG001 - there are none in any
    """The words of CKAN's own scripts in a language, of which there are none here."""
    return plainly(dict)


_UTIL: Mapping[str, Callable[[Parameters], object]] = {
    "status": lambda parameters: status_show(parameters, session()),
    "dataset/autocomplete": _datasets,
    "package/autocomplete": _datasets,
    "tag/autocomplete": _tags,
    "resource/format_autocomplete": _formats,
    "organization/autocomplete": _organisations,
    "group/autocomplete": _groups,
}


@blueprint.route("/search/<any(dataset, package):_name>", methods=ACCEPTED)
@blueprint.route(f"{_NUMBER}/search/<any(dataset, package):_name>", methods=ACCEPTED)
def search(_name: str, number: int = 3) -> Response:
    """The search as it was before there were actions: a count, and names or the fields of `fl`."""
    return plainly(lambda: _found(asked(), "id" if number == 2 else "name"))


@blueprint.route("/search/resource", methods=ACCEPTED)
@blueprint.route(f"{_NUMBER}/search/resource", methods=ACCEPTED)
def search_resources(number: int = 3) -> Response:  # noqa: ARG001 - every version answers alike
    """The search for resources as it was before there were actions: a count, and numbers or whole resources."""
    return plainly(lambda: _resources_found(asked()))


def _resources_found(parameters: Parameters) -> Json:
    fields = [f"{name}:{parameters.text(name)}" for name in parameters.values if name not in _OF_LISTS]
    part = {name: parameters.values[name] for name in ("limit", "offset", "order_by") if name in parameters}
    found = resource_search(Parameters({"query": fields, **part}), session())
    if parameters.flag("all_fields"):
        return found
    return {"count": found["count"], "results": [resource["id"] for resource in found["results"]]}


def _found(parameters: Parameters, field: str) -> Json:
    values = {_RENAMED.get(name, name): value for name, value in parameters.values.items()}
    whole = parameters.flag("all_fields")
    wanted = {name: value for name, value in values.items() if name in _TAKEN}
    fields = [] if whole else parameters.each("fl") or [field]
    filters = [f'{name}:"{Parameters(values).text(name)}"' for name in values if name in FILTERS]
    made = {**wanted, "fl": fields, "fq_list": [*Parameters(values).each("fq_list"), *filters], "facet": "false"}
    found = package_search(Parameters(made), session())
    results = found["results"]
    if whole:
        results = [_stored(package.value()) for package in cast(list[Prepared], results)]
    elif fields in (["id"], ["name"]):
        results = [one.get(fields[0]) for one in cast(list[Json], results)]
    return {"count": found["count"], "results": results}


def _stored(package: Json) -> Json:
    """A package as the search stored it: what says nothing is left out, and the whole of it is there as a text."""
    stored = {
        name: value
        for name, value in stored_form(package).items()
        if name not in {"resources", "extras"} and value not in (None, [])
    }
    return {**stored, "entity_type": "package", "data_dict": json.dumps(package)}
