"""The search page."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from catalogue.search.engine import SearchHit, Sort
from catalogue.search.service import Found
from catalogue.search.service import search as ask
from register.agreements.models import Agreement
from register.agreements.read import state_now
from schemas.codelists import title_of
from web.context import session, today, web_context
from web.listings import agreements_with_ids, organisation_names
from web.presentation.agreement_state import State, show_state
from web.presentation.datasets import Access, show_access
from web.presentation.dates import show_date, show_period
from web.presentation.search import PAGE_SIZE, Asked, page_count, read_asked, show_facets, show_tags

blueprint = Blueprint("search", __name__)

SORTS = {Sort.RELEVANCE: "Best match", Sort.NEWEST: "Newest first", Sort.TITLE: "Title, A to Z"}


@dataclass(frozen=True, slots=True)
class Result:
    """A hit as the page shows it: what the index has of it and, of an agreement, the state it is in today."""

    hit: SearchHit
    access: Access | None
    state: State | None
    facts: tuple[str, ...]


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """What was found, twenty a page, with facets."""
    asked = read_asked(request.args.to_dict(flat=False))
    found, asked = _found(asked)
    slugs = [*asked.chosen.get("organisation", ()), *(f.value for f in found.answer.facets.get("organisation", ()))]
    names = organisation_names(session(), slugs)
    return render_template(
        "search.html",
        asked=asked,
        found=found,
        results=_results(found),
        facets=show_facets(found.answer.facets, asked, names),
        tags=show_tags(asked, names),
        sorts=SORTS,
        pages=page_count(found.answer.total),
    )


def _found(asked: Asked) -> tuple[Found, Asked]:
    """The answer; for a page beyond the last one, the last one."""
    found = _ask(asked)
    last = page_count(found.answer.total)
    if asked.page > last:
        asked = asked.on_page(last)
        found = _ask(asked)
    return found, asked


def _ask(asked: Asked) -> Found:
    context = web_context()
    return ask(
        context.engine(),
        asked.text,
        asked.chosen,
        clock=context.clock,
        facet_limit=30,
        sort=asked.sort,
        offset=(asked.page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )


def _results(found: Found) -> list[Result]:
    hits = found.answer.hits
    agreements = agreements_with_ids(session(), (hit.id.partition(":")[2] for hit in hits if hit.kind == "agreement"))
    return [_result(hit, agreements.get(hit.id.partition(":")[2])) for hit in hits]


def _result(hit: SearchHit, agreement: Agreement | None) -> Result:
    document = hit.document
    if hit.kind != "agreement":
        changed = document.modified or document.issued
        facts = (
            ", ".join(document.formats[:6]),
            f"Updated {show_date(changed)}" if changed else "",
        )
        return Result(hit, show_access(document.access, hit.kind), None, tuple(fact for fact in facts if fact))
    purposes = [title_of("purpose-category", code) for code in document.purposes]
    period = show_period(agreement.effective_from, agreement.ends_on) if agreement else ""
    state = show_state(state_now(agreement, today()), agreement.document, agreement.proceedings) if agreement else None
    facts = (", ".join(purposes), period[:1].upper() + period[1:])
    return Result(hit, None, state, tuple(fact for fact in facts if fact))
