"""The search page, and the page of all choices of one facet."""

from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from catalogue.search.asking import Part, is_strict
from catalogue.search.engine import Piece, SearchHit, Sort
from catalogue.search.service import Found
from catalogue.search.snippets import matcher, snippet
from register.agreements.models import Agreement
from register.agreements.read import state_now
from schemas.codelists import title_of
from schemas.errors import NotFound
from web.context import now, session, today
from web.facet_names import names_in
from web.listings import agreements_with_ids
from web.pages.search_formats import FORMATS
from web.presentation.agreement_state import State, show_state
from web.presentation.datasets import Access, show_access
from web.presentation.dates import show_date, show_period
from web.presentation.facets import (
    MOST_CHOICES,
    SHOWN_CHOICES,
    recent_searches,
    show_facets,
    show_tags,
    whole_facet,
)
from web.presentation.search import FACET_NAMES, PAGE_SIZE, Asked, page_count
from web.search_answers import ask, asked_here, wanted_by

blueprint = Blueprint("search", __name__)

SORTS = {
    Sort.RELEVANCE: "Best match",
    Sort.NEWEST: "Newest first",
    Sort.RECORDED: "Latest here first",
    Sort.TITLE: "Title, A to Z",
}
SNIPPET = 240
_WHOLE_TITLE = 2_000


@dataclass(frozen=True, slots=True)
class Result:
    """A hit as the page shows it: what the index has of it and, of an agreement, the state it is in today.

    `title` is in pieces: the words looked for are marked in it.
    """

    hit: SearchHit
    title: tuple[Piece, ...]
    access: Access | None
    state: State | None
    facts: tuple[str, ...]


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """What was found, twenty a page, with facets; or as CSV, JSON or Atom for those who would rather have that."""
    kind = request.accept_mimetypes.best_match(("text/html", *FORMATS), "text/html")
    if kind in FORMATS:
        return FORMATS[kind]()
    found, asked = _found(asked_here())
    names = names_in(found.answer.facets, asked)
    page = render_template(
        "search.html",
        asked=asked,
        found=found,
        results=_results(found),
        facets=show_facets(found.answer.facets, asked, names),
        tags=show_tags(asked, names),
        recent=recent_searches(asked, today()),
        sorts=SORTS,
        pages=page_count(found.answer.total),
        loosened=asked.relaxed and is_strict(asked.text, now()),
        results_address=asked.on_page(1).address,
        feed_address=replace(asked, sort=Sort.RECORDED).on_page(1).address("/search.atom"),
    )
    return page, {"Vary": "Accept"}


@blueprint.get("/search/facets/<name>")
def choices(name: str) -> ResponseReturnValue:
    """Every choice of one facet of a search, to choose several from."""
    if name not in FACET_NAMES:
        raise NotFound(f"There is no filter “{name}”.")
    asked = asked_here().on_page(1)
    found = ask(wanted_by(asked), Part(limit=0, facets=(name,), facet_limit=MOST_CHOICES))
    facet = whole_facet(name, found.answer.facets[name], asked, names_in(found.answer.facets, asked))
    return render_template("search_choices.html", asked=asked, facet=facet, most=MOST_CHOICES)


def _found(asked: Asked) -> tuple[Found, Asked]:
    """The answer; for a page beyond the last one, the last one."""
    found = _ask(asked)
    last = page_count(found.answer.total)
    if asked.page > last:
        told = f"There is no page {asked.page:,}; this is the last one."
        asked = replace(asked, page=last, notes=(*asked.notes, told))
        found = _ask(asked)
    return found, asked


def _ask(asked: Asked) -> Found:
    part = Part(
        limit=PAGE_SIZE,
        offset=(asked.page - 1) * PAGE_SIZE,
        facets=FACET_NAMES,
        facet_limit=SHOWN_CHOICES + 1,
        snippet_length=SNIPPET,
    )
    return ask(wanted_by(asked), part)


def _results(found: Found) -> list[Result]:
    hits = found.answer.hits
    agreements = agreements_with_ids(session(), (hit.id.partition(":")[2] for hit in hits if hit.kind == "agreement"))
    marks = matcher(found.request.tree)
    return [
        _result(hit, snippet(hit.title, marks, _WHOLE_TITLE), agreements.get(hit.id.partition(":")[2])) for hit in hits
    ]


def _result(hit: SearchHit, title: tuple[Piece, ...], agreement: Agreement | None) -> Result:
    document = hit.document
    if hit.kind != "agreement":
        changed = document.modified or document.issued
        facts = (
            ", ".join(document.formats[:6]),
            f"Updated {show_date(changed)}" if changed else "",
        )
        return Result(hit, title, show_access(document.access, hit.kind), None, tuple(fact for fact in facts if fact))
    purposes = [title_of("purpose-category", code) for code in document.purposes]
    period = show_period(agreement.effective_from, agreement.ends_on) if agreement else ""
    state = show_state(state_now(agreement, today()), agreement.document, agreement.proceedings) if agreement else None
    facts = (", ".join(purposes), period[:1].upper() + period[1:])
    return Result(hit, title, None, state, tuple(fact for fact in facts if fact))
