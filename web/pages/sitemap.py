"""What crawlers and language models read first: the site map, what may be crawled, and where things are."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from flask import Blueprint, Response, render_template, request, stream_with_context
from sqlalchemy import Select, func, select

from catalogue.datasets.models import CataloguedResource
from catalogue.licences import licence_title
from catalogue.organisations.models import Organisation
from register.agreements.models import Agreement
from register.powers.models import Power
from schemas.canonical import sha256_hex
from schemas.errors import NotFound
from schemas.pieces import in_pieces
from web.api.answers import shared, unchanged
from web.context import session, site_address, web_context
from web.kept_answers import made_now, records_state
from web.offered_files import CATALOGUE_FILES, DUMPS

blueprint = Blueprint("sitemap", __name__)

AT_ONCE = 50_000
"""So many addresses one file may have (sitemaps.org, “Using Sitemap index files”)."""

FORBIDDEN = ("/search", "/suggest", "/sign-in", "/sign-out", "/account", "/device", "/oauth/", "/agreements/*/compare/")
"""What is not to be crawled: combinations without end, and what is for who signs in."""

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML = "application/xml"
_ROWS = 1_000
_PAGES = ("/", "/datasets", "/agreements", "/organisations", "/powers", "/register/log", "/schemas/", "/dump/")

_KINDS: dict[str, Select[str, datetime]] = {
    "datasets": select(CataloguedResource.slug, CataloguedResource.metadata_modified_at)
    .where(CataloguedResource.state == "active")
    .order_by(CataloguedResource.id),
    "agreements": select(Agreement.id, Agreement.changed_at).order_by(Agreement.serial),
    "organisations": select(Organisation.slug, Organisation.changed_at).order_by(Organisation.id),
    "powers": select(Power.id, Power.changed_at).order_by(Power.id),
}
"""The end of each address and when the record was last changed, by the beginning of the addresses."""


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """The list of the site maps: one for the pages that always are, and for each 50,000 records one."""
    found = unchanged(_tag())
    if found is not None:
        return found
    site = site_address()
    entries = [_entry("sitemap", f"{site}/sitemap-pages-1.xml", None)]
    for kind, query in _KINDS.items():
        total = session().scalar(select(func.count()).select_from(query.subquery())) or 0
        for part in range(-(-total // AT_ONCE)):
            newest = session().scalar(select(func.max(_part(query, part).subquery().c[1])))
            entries.append(_entry("sitemap", f"{site}/sitemap-{kind}-{part + 1}.xml", newest))
    return _xml("sitemapindex", entries)


@blueprint.get("/sitemap-<any(pages, datasets, agreements, organisations, powers):kind>-<int(max=999999):number>.xml")
def sitemap_part(kind: str, number: int) -> Response:
    """One site map: the addresses of so many records, each with the day on which it last changed."""
    answer = unchanged(_tag())
    if answer is not None:
        return answer
    site = site_address()
    if kind == "pages" and number == 1:
        return _xml("urlset", [_entry("url", f"{site}{page}", None) for page in _PAGES])
    if kind == "pages" or number == 0 or session().execute(_part(_KINDS[kind], number - 1).limit(1)).first() is None:
        raise NotFound("There is no such site map.")
    return _xml("urlset", _records(kind, number - 1, site))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What a crawler may read: the records but not the endless combinations of a search; of samples nothing."""
    if web_context().settings.samples:
        return _text("User-agent: *\nDisallow: /\n")
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in FORBIDDEN),
        "",
        f"Sitemap: {site_address()}/sitemap.xml",
    ]
    return _text("\n".join(lines) + "\n")


@blueprint.get("/llms.txt")
def llms() -> Response:
    """What the site is and where its data lies, for language models (llmstxt.org)."""
    settings = web_context().settings
    text = render_template(
        "llms.txt",
        site=site_address(),
        licence=licence_title(settings.records_licence),
        licence_address=settings.records_licence,
        dumps=DUMPS,
        files=CATALOGUE_FILES,
    )
    return _text(text)


def _part(query: Select[str, datetime], part: int) -> Select[str, datetime]:
    return query.limit(AT_ONCE).offset(part * AT_ONCE)


def _records(kind: str, part: int, site: str) -> Iterator[str]:
    """The entries of a part. What is read here is read with the session of the stream: the request's own is closed."""
    query = _part(_KINDS[kind], part).execution_options(yield_per=_ROWS)
    for name, changed in session().execute(query):
        yield _entry("url", f"{site}/{kind}/{name}", changed)


def _entry(name: str, address: str, changed: datetime | None) -> str:
    lastmod = f"<lastmod>{changed.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}</lastmod>" if changed else ""
    return f"<{name}><loc>{escape(address)}</loc>{lastmod}</{name}>\n"


def _xml(root: str, entries: Iterable[str]) -> Response:
    def parts() -> Iterator[str]:
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SPACE}">\n'
        yield from entries
        yield f"</{root}>\n"

    response = Response(stream_with_context(in_pieces(parts())), content_type=f"{_XML}; charset=utf-8")
    response.set_etag(_tag())
    return shared(response)


def _tag() -> str:
    """The tag of this address, which is another one after any change of the records."""
    return sha256_hex(f"{request.path} {records_state(session(), made_now())}".encode())[:32]


def _text(content: str) -> Response:
    response = shared(Response(content, content_type="text/plain; charset=utf-8"))
    response.set_etag(sha256_hex(content.encode())[:32])
    response.make_conditional(request)
    return response
