"""The search at /api/v1: a page of results as data, and the cursor to the next, to the last record."""

import re
import urllib.parse

from flask import Blueprint, Response, request

from catalogue.search.asking import Part, Wanted
from catalogue.search.cursor import MOST_CHARACTERS, Cursor
from catalogue.search.engine import Sort
from catalogue.search.fields import COUNTABLE
from catalogue.search.rows import found_as_json, result_row
from catalogue.search.service import Found
from schemas.canonical import Json
from schemas.cleaning import clean_text
from schemas.dates import first_day, is_date, last_day
from schemas.errors import InvalidInput, NotFound
from web.api.access import check_token
from web.api.answers import open_to_readers, public, shared
from web.api.requests import number_argument, refuse_unknown_arguments, text_argument
from web.context import now, site_address, web_context
from web.facet_names import names_in
from web.presentation.facets import label_of
from web.presentation.search import DATES, EXCHANGED, FACET_NAMES, LONGEST_QUERY, LONGEST_VALUE, MOST_VALUES, Asked
from web.search_answers import answer_tag, ask, terms, unchanged

blueprint = Blueprint("api_search", __name__, url_prefix="/api/v1")
blueprint.before_request(check_token)
blueprint.after_request(open_to_readers)

PAGE = 20
LONGEST_PAGE = 1000
FURTHEST = 10_000
"""So many results can be left out by `offset`; the cursor goes on to the last."""

FACET_LIMIT = 20
MOST_FACET_VALUES = 1000
DATE = re.compile("[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


@blueprint.get("/search")
def search() -> Response:
    """What a search finds, a page at a time; the `Link` header leads to the next (RFC 8288)."""
    single = ("q", *DATES, "sort", "relaxed", "limit", "offset", "cursor", "facet_limit")
    refuse_unknown_arguments(*single, repeated=(*COUNTABLE, "facet"))
    wanted, part = _wanted(), _part()
    tag = answer_tag(wanted.text)
    response = unchanged(tag)
    if response is not None:
        return shared(response)
    found = _found(wanted, part)
    response = public(_described(found, wanted, part, _notes()))
    if tag:
        response.set_etag(tag, weak=True)
    if found.answer.next is not None:
        given = [(name, value) for name, value in request.args.items(multi=True) if name not in {"cursor", "offset"}]
        address = f"{request.path}?{urllib.parse.urlencode([*given, ('cursor', found.answer.next.text())])}"
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response


def _found(wanted: Wanted, part: Part) -> Found:
    """What the search finds. Raises NotFound for a page behind a place that is in other results than these."""
    try:
        return ask(wanted, part)
    except InvalidInput as error:
        if part.after is None:
            raise
        raise NotFound(error.message, error.advice) from None


def _wanted() -> Wanted:
    text = request.args.get("q", "")
    if len(text) > LONGEST_QUERY:
        raise InvalidInput(f"“q” is longer than {LONGEST_QUERY:,} characters.", "Look for less.")
    filters = {name: _values(name) for name in COUNTABLE if name in request.args}
    first, last, since = (_date(name) for name in DATES)
    if _is_turned_round(first, last):
        first, last = last, first
    return Wanted(
        text=clean_text(text)[0].strip(),
        filters=filters,
        covers_from=first,
        covers_to=last,
        changed_since=since,
        sort=Sort(_one_of("sort", [sort.value for sort in Sort], Sort.RELEVANCE.value)),
        relaxed=_one_of("relaxed", ["0", "1"], "0") == "1",
    )


def _is_turned_round(first: str, last: str) -> bool:
    return bool(first and last) and first_day(first) > last_day(last)


def _notes() -> list[str]:
    """What was read otherwise than it was written."""
    first, last, _ = (_date(name) for name in DATES)
    return [EXCHANGED] if _is_turned_round(first, last) else []


def _part() -> Part:
    cursor = _cursor()
    offset = number_argument("offset", 0, 0, FURTHEST) or 0
    if cursor is not None and offset:
        raise NotFound("No page is both behind “cursor” and at “offset”.", "Leave out “offset”.")
    facets = _values("facet", tuple(COUNTABLE)) if "facet" in request.args else FACET_NAMES if cursor is None else ()
    return Part(
        limit=number_argument("limit", PAGE, 1, LONGEST_PAGE) or PAGE,
        offset=offset,
        after=cursor,
        facets=facets,
        facet_limit=number_argument("facet_limit", FACET_LIMIT, 1, MOST_FACET_VALUES) or FACET_LIMIT,
    )


def _cursor() -> Cursor | None:
    """The place behind which the page begins. Raises NotFound for one that no answer named."""
    text = text_argument("cursor", MOST_CHARACTERS)
    try:
        return None if text is None else Cursor.from_text(text)
    except InvalidInput as error:
        raise NotFound(error.message, error.advice) from None


def _described(found: Found, wanted: Wanted, part: Part, notes: list[str]) -> Json:
    licence = web_context().settings.records_licence
    rows = [result_row(hit, now(), site_address(), licence) for hit in found.answer.hits]
    told = found_as_json(found)
    told["notes"] = [*notes, *told["notes"]]
    return {**told, "licence": terms(licence), "facets": _facets(found, wanted, part), "items": rows}


def _facets(found: Found, wanted: Wanted, part: Part) -> Json:
    asked = Asked(filters=tuple((name, tuple(values)) for name, values in wanted.filters.items()))
    names = names_in(found.answer.facets, asked)
    return {
        name: [
            {"value": one.value, "title": label_of(name, one.value, names), "count": one.count}
            for one in found.answer.facets[name]
        ]
        for name in part.facets
    }


def _values(name: str, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    given = request.args.getlist(name)
    values = tuple(dict.fromkeys(clean_text(value)[0].strip() for value in given))
    if len(given) > MOST_VALUES:
        raise InvalidInput(f"“{name}” is given more than {MOST_VALUES} times.", "Give fewer values.")
    if not all(values) or any(len(value) > LONGEST_VALUE for value in given):
        raise InvalidInput(f"“{name}” is empty or too long.", f"Give 1 to {LONGEST_VALUE} characters, or leave it out.")
    unknown = [value for value in values if known and value not in known]
    if unknown:
        raise InvalidInput(f"“{unknown[0][:60]}” is no “{name}”.", f"There are: {', '.join(known)}.")
    return values


def _one_of(name: str, choices: list[str], default: str) -> str:
    given = request.args.get(name, default)
    if given not in choices:
        raise InvalidInput(f"“{name}” is “{clean_text(given[:60])[0]}”.", f"There are: {', '.join(choices)}.")
    return given


def _date(name: str) -> str:
    given = request.args.get(name)
    if given is None:
        return ""
    if not DATE.fullmatch(given) or not is_date(given):
        raise InvalidInput(f"“{clean_text(given[:60])[0]}” is no date.", "Write YYYY, YYYY-MM or YYYY-MM-DD.")
    return given
