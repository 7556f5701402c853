"""CKAN's addresses for people and for feed readers, which harvesters keep beside a record: each leads to ours."""

from urllib.parse import quote, urlencode

from flask import Blueprint, Response, abort, request
from sqlalchemy import select

from catalogue.organisations.models import Organisation
from schemas.cleaning import clean_text
from schemas.codelists import codelist
from web.ckan.numbers import plain_number
from web.ckan.prepared import state_of
from web.context import session

blueprint = Blueprint("ckan_moved", __name__)

_FORMATS = {"rdf", "xml", "ttl", "jsonld", "json"}
_FACETS = {"organization": "organisation", "group": "theme"}


@blueprint.get("/dataset")
def datasets() -> Response:
    """The list of datasets, or the search for words."""
    words = clean_text(request.args.get("q", ""))[0]
    return _moved(f"/search?{urlencode({'q': words})}" if words else "/datasets")


@blueprint.get("/dataset/<path:name>")
def dataset(name: str) -> Response:
    """A dataset by its name or number; a part of it (`/resource/…`) is on its page, a suffix names a format."""
    name = clean_text(name)[0].partition("/")[0]
    state = state_of(session(), name, plain_number(name))
    suffix = ""
    if not state and name.rpartition(".")[2] in _FORMATS:
        name, _, form = name.rpartition(".")
        suffix = f".{'rdf' if form == 'xml' else form}"
        state = state_of(session(), name, plain_number(name))
    if not state:
        abort(404)
    _revision, slug, *_publisher = next(iter(state.values()))
    return _moved(f"/datasets/{quote(str(slug))}{suffix}")


@blueprint.get("/organization")
def organisations() -> Response:
    """The list of organisations."""
    return _moved("/organisations")


@blueprint.get("/organization/<name>")
def organisation(name: str) -> Response:
    """An organisation by its name or number."""
    return _moved(f"/organisations/{quote(_slug(name))}")


@blueprint.get("/group/<name>")
def group(name: str) -> Response:
    """The datasets of a theme."""
    if name not in codelist("theme"):
        abort(404)
    return _moved(f"/search?{urlencode({'theme': name})}")


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
    if kind == "tag":
        asked = {"q": f'keyword:"{name.replace(chr(34), " ")}"'}
    else:
        asked = {_FACETS[kind]: _slug(name) if kind == "organization" else name}
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
