"""The search as CSV, JSON and Atom: the same query, filters and order as the page, and every result."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain

from flask import Blueprint, Response, request

from catalogue.licences import licence_title
from catalogue.search.asking import BATCH, Part, all_hits
from catalogue.search.cursor import Cursor
from catalogue.search.engine import Sort
from catalogue.search.rows import csv_lines, found_as_json, result_row
from catalogue.search.service import Found
from schemas.canonical import Json
from schemas.errors import InvalidInput
from schemas.pieces import in_pieces
from web.context import now, site_address, web_context
from web.presentation.atom import ATOM_TYPE, NEVER, Feed, atom_document
from web.presentation.kinds import DATASET_KINDS
from web.presentation.search import Asked
from web.search_answers import answer_tag, answering_as, ask, asked_here, kept, terms, unchanged, wanted_by

blueprint = Blueprint("search_formats", __name__)

ENTRIES = 50
"""So many entries a page of a feed has."""

_MARK = "\ufeff"
"""At the beginning of CSV, so that Excel knows the text for UTF-8."""

_FEEDS = {"datasets": ("Datasets", DATASET_KINDS), "agreements": ("Data-sharing agreements", ("agreement",))}


@blueprint.get("/search.csv")
def csv_results() -> Response:
    """Every result as a line of CSV. It has no room for notes, so what cannot be read is refused."""
    answering_as("csv")
    asked = asked_here().on_page(1)
    if asked.notes:
        raise InvalidInput(" ".join(asked.notes), "Correct the address; a file cannot say what was passed over.")

    def answer(found: Found) -> Response:
        lines = csv_lines(_rows(found))
        response = Response(in_pieces(chain([_MARK], lines)), mimetype="text/csv")
        response.headers["Content-Disposition"] = 'attachment; filename="search.csv"'
        return response

    return _answered(asked, answer)


@blueprint.get("/search.json")
def json_results() -> Response:
    """Every result in one JSON object, with what the page tells of the search."""
    answering_as("json")
    asked = asked_here().on_page(1)
    own = {
        "address": f"{site_address()}{asked.address()}",
        "licence": terms(web_context().settings.records_licence),
    }

    def answer(found: Found) -> Response:
        told = found_as_json(found)
        told["notes"] = [*asked.notes, *told["notes"]]
        return Response(in_pieces(_json_parts({**told, **own}, _rows(found))), mimetype="application/json")

    return _answered(asked, answer)


def _answered(asked: Asked, answer: Callable[[Found], Response]) -> Response:
    """The answer, or that the reader's copy is as good."""
    tag = answer_tag(asked.text)
    response = unchanged(tag)
    if response is None:
        response = kept(answer(ask(wanted_by(asked), Part(limit=BATCH))), tag)
    response.headers.add("Link", f'<{site_address()}{asked.address()}>; rel="alternate"; type="text/html"')
    if request.path == "/search":
        response.vary.add("Accept")
    return response


def _rows(found: Found) -> Iterator[Json]:
    """Every result as data. It needs nothing of this request any more once it has begun."""
    engine, site, moment = web_context().engine(), site_address(), now()
    licence = web_context().settings.records_licence
    return (result_row(hit, moment, site, licence) for hit in all_hits(engine, found))


def _json_parts(told: Json, rows: Iterable[Json]) -> Iterator[str]:
    yield json.dumps(told, ensure_ascii=False)[:-1] + ', "items": ['
    between = "\n"
    for row in rows:
        yield between + json.dumps(row, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


@blueprint.get("/search.atom")
def atom_results() -> Response:
    """The search as a feed, in the order of the page."""
    return _feed("Search", asked_here())


@blueprint.get("/feeds/<any(datasets, agreements):name>.atom")
def feed(name: str) -> Response:
    """What was last added or changed here: datasets or agreements, all or those that a search finds."""
    title, kinds = _FEEDS[name]
    asked = asked_here(usual=Sort.RECORDED)
    chosen = tuple(kind for kind in asked.chosen.get("kind", ()) if kind in kinds) or kinds
    filters = dict(asked.without_facet("kind").filters)
    return _feed(title, replace(asked, filters=(("kind", chosen), *filters.items())))


def _feed(title: str, asked: Asked) -> Response:
    answering_as("atom")
    asked = asked.on_page(1)
    given = request.args.get("cursor")
    after = Cursor.from_text(given) if given is not None else None
    tag = answer_tag(asked.text)
    response = unchanged(tag)
    if response is None:
        found = ask(wanted_by(asked), Part(limit=ENTRIES, after=after))
        document = atom_document(_described(title, asked, found, given), found.answer.hits)
        response = kept(Response(document, content_type=f"{ATOM_TYPE}; charset=utf-8"), tag)
    if request.path == "/search":
        response.vary.add("Accept")
    return response


def _described(title: str, asked: Asked, found: Found, cursor: str | None) -> Feed:
    settings = web_context().settings
    site = site_address()
    path = "/search.atom" if request.path == "/search" else request.path
    first = f"{site}{_own_address(asked, path)}"
    further = found.answer.next
    page = replace(asked, usual=Sort.RELEVANCE).address()
    return Feed(
        id=first,
        title=f"{settings.service_name}: {title}" + (f" “{asked.text}”" if asked.text else ""),
        subtitle=" ".join((found.query.understood, *found.query.notes, *asked.notes)),
        updated=_newest(asked),
        service=settings.service_name,
        site=site,
        rights=f"{licence_title(settings.records_licence)}, unless a record states other terms.",
        licence=settings.records_licence,
        this=_with_cursor(first, cursor),
        first=first,
        next=_with_cursor(first, further.text()) if further else "",
        page=f"{site}{page}",
    )


def _own_address(asked: Asked, path: str) -> str:
    """The address of a feed: without the kind that its path says already."""
    of_path = _FEEDS.get(path.removeprefix("/feeds/").removesuffix(".atom"), ("", ()))[1]
    return (asked.without_facet("kind") if set(asked.chosen.get("kind", ())) == set(of_path) else asked).address(path)


def _with_cursor(address: str, cursor: str | None) -> str:
    return f"{address}{'&' if '?' in address else '?'}cursor={cursor}" if cursor else address


def _newest(asked: Asked) -> str:
    """When the newest entry was recorded; of a feed without any, when the newest record of all was."""
    for search in (asked, Asked()):
        newest = ask(wanted_by(replace(search, sort=Sort.RECORDED)), Part(limit=1)).answer.hits
        if newest:
            return newest[0].document.recorded_at
    return NEVER


FORMATS: dict[str, Callable[[], Response]] = {
    "text/csv": csv_results,
    "application/json": json_results,
    ATOM_TYPE: atom_results,
}
"""What a reader of /search may ask for in place of the page."""
