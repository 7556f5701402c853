"""CKAN's addresses for people and for feed readers, which harvesters keep beside a record: each leads to ours."""

import re
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, abort, request
from sqlalchemy import select
from werkzeug.urls import iri_to_uri

from catalogue.datasets.models import CataloguedResource, Distribution
from catalogue.organisations.models import Organisation
from schemas.checking import is_web_address
from schemas.cleaning import clean_text
from schemas.codelists import codelist
from web.ckan.numbers import plain_number
from web.ckan.prepared import state_of
from web.context import session

blueprint = Blueprint("ckan_moved", __name__)

_FORMATS = {"rdf": "rdf", "xml": "rdf", "ttl": "ttl", "n3": "ttl", "jsonld": "jsonld", "json": "json"}
"""The suffixes of ckanext-dcat, and ours. All Turtle is N3."""

_FACETS = {"organization": "organisation", "group": "theme"}
_FILTERS = {**_FACETS, "groups": "theme", "res_format": "format", "license_id": "licence"}
_LANGUAGE = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,8})?")
_DOWNLOAD = re.compile(r"resource/([0-9A-Za-z-]{1,64})/download(/|$)")
_TABS = "about activity bulk_process changes followers groups history members"


@blueprint.get("/dataset")
def datasets() -> Response:
    """The list of datasets, or the search for words among those that were chosen on CKAN's page."""
    asked = _chosen()
    return _moved(f"/search?{urlencode(asked)}" if asked else "/datasets")


def _chosen() -> list[tuple[str, str]]:
    """What was chosen on CKAN's page, as our search takes it."""
    words = [text for text in (clean_text(request.args.get("q", ""))[0], *map(_keyword, _given("tags"))) if text]
    asked = [("q", " ".join(words))] if words else []
    return asked + [(ours, value) for theirs, ours in _FILTERS.items() for value in _given(theirs)]


def _given(name: str) -> list[str]:
    return [text for value in request.args.getlist(name) if (text := clean_text(value)[0].strip())]


def _keyword(name: str) -> str:
    return f'keyword:"{name.replace(chr(34), " ")}"'


@blueprint.get("/dataset/<path:name>")
def dataset(name: str) -> Response:
    """A dataset by its name or number; a part of it (`/resource/…`) is on its page, a suffix names a format.

    `/resource/<number>/download` leads to where the resource itself is.
    """
    name, _, behind = clean_text(name)[0].partition("/")
    if name == "search" and not behind and not _dataset_slug(name):
        return datasets()
    slug = _dataset_slug(name)
    suffix = ""
    if not slug and name.rpartition(".")[2] in _FORMATS:
        name, _, form = name.rpartition(".")
        slug, suffix = _dataset_slug(name), f".{_FORMATS[form]}"
    if not slug and name in _TABS.split():
        slug = _dataset_slug(behind.strip("/"))
    if not slug:
        abort(404)
    download = _DOWNLOAD.match(behind)
    if download:
        return _to_resource(slug, download[1])
    return _moved(f"/datasets/{quote(slug)}{suffix}")


def _to_resource(slug: str, number: str) -> Response:
    """The way to a resource, which is elsewhere and may move: not for ever."""
    resource = CataloguedResource
    query = select(Distribution.download_url, Distribution.access_url).join(
        resource, resource.id == Distribution.resource_id
    )
    query = query.where(resource.slug == slug, resource.state == "active", Distribution.number == number.lower())
    row = session().execute(query.limit(1)).first()
    address = next((address for address in row or () if address and is_web_address(address)), None)
    if address is None:
        abort(404)
    return Response("", 302, {"Location": iri_to_uri(address)}, content_type="text/plain; charset=utf-8")


@blueprint.get("/package")
@blueprint.get("/package/<path:name>")
def package(name: str = "") -> Response:
    """What CKAN called a dataset before its version 1.6."""
    return dataset(name) if name else datasets()


@blueprint.get("/<language>/<any(dataset, organization, group, tag):kind>")
@blueprint.get("/<language>/<any(dataset, organization, group, tag):kind>/<path:rest>")
def in_a_language(language: str, kind: str, rest: str = "") -> Response:
    """CKAN's pages in a language; ours are in one."""
    if not _LANGUAGE.fullmatch(language) or language == "api":
        abort(404)
    query = request.query_string.decode("ascii", "replace")
    return _moved(quote(f"/{kind}/{clean_text(rest)[0]}".rstrip("/")) + (f"?{query}" if query else ""))


def _dataset_slug(name: str) -> str:
    """The short name of a dataset with a name or number; empty where there is none."""
    state = state_of(session(), name, plain_number(name))
    if not state:
        return ""
    _revision, slug, *_publisher = next(iter(state.values()))
    return str(slug)


@blueprint.get("/catalog.<any(xml, n3):suffix>")
def catalogue(suffix: str) -> Response:
    """The catalogue under the other suffixes that ckanext-dcat has for it."""
    query = request.query_string.decode("ascii", "replace")
    return _moved(f"/catalog.{_FORMATS[suffix]}" + (f"?{query}" if query else ""))


@blueprint.get("/organization")
def organisations() -> Response:
    """The list of organisations."""
    return _moved("/organisations")


@blueprint.get("/organization/<name>")
@blueprint.get(f"/organization/<any({_TABS.replace(' ', ', ')}):_tab>/<name>")
def organisation(name: str, _tab: str = "") -> Response:
    """An organisation by its name or number, or what was chosen among its datasets."""
    slug, asked = _slug(name), _chosen()
    chosen = urlencode([*asked, ("organisation", slug)])
    return _moved(f"/search?{chosen}" if asked else f"/organisations/{quote(slug)}")


@blueprint.get("/group")
@blueprint.get("/tag")
def lists() -> Response:
    """The themes and keywords, which stand beside the list of datasets."""
    return _moved("/search")


@blueprint.get("/tag/<name>")
def tag(name: str) -> Response:
    """The datasets of a keyword."""
    return _moved(f"/search?{urlencode({'q': _keyword(clean_text(name)[0])})}")


@blueprint.get("/group/<name>")
@blueprint.get(f"/group/<any({_TABS.replace(' ', ', ')}):_tab>/<name>")
def group(name: str, _tab: str = "") -> Response:
    """The datasets of a theme, or what was chosen among them."""
    if name not in codelist("theme"):
        abort(404)
    return _moved(f"/search?{urlencode([*_chosen(), ('theme', name)])}")


@blueprint.get("/feeds/dataset.atom")
def feed() -> Response:
    """The feed of datasets."""
    return _moved("/feeds/datasets.atom")


@blueprint.get("/feeds/custom.atom")
def custom_feed() -> Response:
    """The feed of a search."""
    words = clean_text(request.args.get("q", ""))[0]
    return _moved(f"/search.atom?{urlencode({'q': words, 'sort': 'recorded'})}")


@blueprint.get("/feeds/<any(organization, group, tag):kind>/<name>.atom")
def feed_of(kind: str, name: str) -> Response:
    """The feed of an organisation, a theme or a keyword."""
    name = clean_text(name)[0]
    value = _keyword(name) if kind == "tag" else _slug(name) if kind == "organization" else name
    asked = {"q" if kind == "tag" else _FACETS[kind]: value}
    return _moved(f"/search.atom?{urlencode({**asked, 'sort': 'recorded'})}")


def _moved(address: str) -> Response:
    """The way to where it is now; the page there says everything."""
    return Response("", 301, {"Location": address}, content_type="text/plain; charset=utf-8")


def _slug(name: str) -> str:
    """The short name of an organisation with a name or number."""
    name = clean_text(name)[0]
    query = select(Organisation.slug).where((Organisation.slug == name) | (Organisation.id == plain_number(name)))
    slug = session().scalar(query)
    if slug is None:
        abort(404)
    return slug
