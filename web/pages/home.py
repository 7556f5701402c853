"""The home page: one search box, what there is, and ways in."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from catalogue.datasets.read import dataset_count
from catalogue.search.engine import SearchUnavailable
from catalogue.search.service import search
from register.agreements.read import agreement_count
from web.context import now, session, web_context
from web.listings import agreements_page, organisation_count, organisation_names
from web.presentation.search import Asked, Facet, show_facets
from web.presentation.summaries import agreement_line

blueprint = Blueprint("home", __name__)

RECENT = 5
_WAYS_IN = ("kind", "theme", "purpose", "access", "organisation")


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The home page. It is whole without the search index, but for the ways in."""
    day = now().date()
    return render_template(
        "home.html",
        counts={
            "datasets": dataset_count(session()),
            "agreements": agreement_count(session()),
            "organisations": organisation_count(session()),
        },
        ways=_ways_in(),
        recent=[agreement_line(agreement, day) for agreement in agreements_page(session(), 0, RECENT)],
    )


def _ways_in() -> dict[str, Facet]:
    """The facets to begin with, by name; none where the index does not answer."""
    context = web_context()
    try:
        found = search(
            context.engine(), "", clock=context.clock, facets=_WAYS_IN, facet_limit=30, limit=0, snippet_length=0
        )
    except SearchUnavailable:
        context.forget_engine()
        return {}
    counts = found.answer.facets
    names = organisation_names(session(), (count.value for count in counts.get("organisation", ())))
    return {facet.name: facet for facet in show_facets(counts, Asked(), names)}
