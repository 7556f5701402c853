"""CKAN's interface from before there were actions, for addresses that are still linked to: read, and nothing else.

`/api/rest/…`, with the number of its version before `rest` or without; version 2 names packages by numbers (CKAN 2.7,
`ckan/controllers/api.py`).
"""

from collections.abc import Iterator

from flask import Blueprint, Response
from sqlalchemy import select

from catalogue.datasets.models import CataloguedResource
from schemas.canonical import Json
from web.ckan.asking_index import counts_of
from web.ckan.door import from_any_site, plainly
from web.ckan.errors import BadRequest
from web.ckan.groups import group_list, group_show
from web.ckan.numbers import dashed
from web.ckan.packages import package_list, package_show
from web.ckan.parameters import Parameters
from web.ckan.site import license_list
from web.ckan.tags import tag_list, tag_show
from web.ckan.written import Prepared, Texts
from web.context import session, site_address

blueprint = Blueprint("ckan_rest", __name__, url_prefix="/api")
blueprint.after_request(from_any_site)

_VERSION = "/<int(min=1, max=3):version>"
_BY_NUMBER = 2
"""The version that names packages by their numbers."""

_AT_ONCE = 5_000
_NO_PARAMETERS = Parameters({})


@blueprint.get("/tag_counts")
@blueprint.get(f"{_VERSION}/tag_counts")
def tag_counts(version: int = 1) -> Response:  # noqa: ARG001 - every version answers alike
    """Each keyword, and how many datasets have it."""
    return plainly(lambda: [list(pair) for pair in sorted(counts_of("keyword").items())])


@blueprint.get("/rest/<register>")
@blueprint.get("/rest/<register>/<path:name>")
@blueprint.get(f"{_VERSION}/rest/<register>")
@blueprint.get(f"{_VERSION}/rest/<register>/<path:name>")
def rest(register: str, name: str = "", version: int = 1) -> Response:
    """A list of names, or one record."""
    return plainly(lambda: _read("dataset" if register == "package" else register, name.strip("/"), version))


def _read(register: str, name: str, version: int) -> object:
    match register, bool(name):
        case "dataset", False:
            return Texts(_numbers()) if version == _BY_NUMBER else package_list(_NO_PARAMETERS, session())
        case "dataset", True:
            return _package(name, version)
        case "group", False:
            return group_list(_NO_PARAMETERS, session())
        case "group", True:
            return _with_packages(group_show(_with_datasets(name), session()), version)
        case "tag", False:
            return tag_list(_NO_PARAMETERS, session())
        case "tag", True:
            return _with_packages(tag_show(_with_datasets(name), session()), version)["packages"]
        case "licenses", False:
            return license_list(_NO_PARAMETERS, session())
    raise BadRequest("There is no such address.", 404)


def _numbers() -> Iterator[list[str]]:
    """The numbers of all datasets, in batches."""
    table = CataloguedResource.__table__
    query = select(table.c.id).where(table.c.state == "active").order_by(table.c.id)
    rows = session().connection().execute(query, execution_options={"yield_per": _AT_ONCE})
    for part in rows.partitions():
        yield [dashed(row[0]) for row in part]


def _package(name: str, version: int) -> Json:
    """A package with names where it has groups of fields, as this interface had it."""
    package = package_show(Parameters({"id": name}), session()).value()
    called = "id" if version == _BY_NUMBER else "name"
    addresses = [resource["url"] for resource in package["resources"] if resource["url"]]
    return {
        **package,
        "tags": [tag["name"] for tag in package["tags"]],
        "groups": [group[called] for group in package["groups"]],
        "extras": {pair["key"]: pair["value"] for pair in package["extras"]},
        "license": package["license_title"],
        "notes_rendered": package["notes"],
        "ckan_url": f"{site_address()}/dataset/{package['name']}",
        "download_url": addresses[0] if addresses else None,
        "ratings_average": None,
        "ratings_count": 0,
        "relationships": [],
    }


def _with_datasets(name: str) -> Parameters:
    return Parameters({"id": name, "include_datasets": True})


def _with_packages(shown: Json, version: int) -> Json:
    """A group or tag with the names of its packages, or their numbers."""
    called = "id" if version == _BY_NUMBER else "name"
    packages: list[Prepared] = shown["packages"]
    return {**shown, "packages": [package.value()[called] for package in packages]}
