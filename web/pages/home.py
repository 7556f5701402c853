"""The home page: one search box, what there is, what is open, and ways in."""

from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload

from catalogue.datasets.read import dataset_count
from catalogue.formats.schema_org_writing import catalogue_to_schema_org
from catalogue.search.engine import SearchUnavailable
from catalogue.search.service import search
from register.agreements.models import Agreement, AgreementEvent, AgreementParty
from register.agreements.read import agreement_count
from web.context import now, session, web_context
from web.dataset_records import site_details
from web.listings import agreements_page, organisation_count, organisation_names
from web.presentation.agreement_matters import Matter, grouped, matters_of, party_names
from web.presentation.facets import Facet, Names, show_facets
from web.presentation.search import Asked
from web.presentation.summaries import agreement_line

blueprint = Blueprint("home", __name__)

RECENT = 5
MOST_OPEN = 3
"""How many matters of one kind are named; of more it is told how many."""
_LOOKED_AT = 200
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
        open_now=grouped(_open_matters(day)),
        most_open=MOST_OPEN,
        schema_org=catalogue_to_schema_org(site_details()),
        recent=[agreement_line(agreement, day) for agreement in agreements_page(session(), 0, RECENT)],
    )


def _open_matters(day: date) -> list[Matter]:
    """What is open about agreements today, those that changed last first."""
    spoken_of = select(AgreementEvent.agreement_id).where(
        AgreementEvent.event.in_(("consultation-opened", "disputed", "amendment-proposed"))
    )
    may_be_overdue = and_(
        Agreement.standing.in_(("signed", "suspended")),
        Agreement.next_review_on < day.isoformat(),
        or_(Agreement.ends_on.is_(None), Agreement.ends_on >= str(day.year)),  # an end may be no more than a year
    )
    query = (
        select(Agreement)
        .where(or_(Agreement.standing == "proposed", Agreement.id.in_(spoken_of), may_be_overdue))
        .options(selectinload(Agreement.parties).selectinload(AgreementParty.organisation))
        .order_by(Agreement.changed_at.desc(), Agreement.serial.desc())
        .limit(_LOOKED_AT)
    )
    return [matter for one in session().scalars(query) for matter in matters_of(one, day, party_names([one]))]


def _ways_in() -> dict[str, Facet]:
    """The facets to begin with, by name; none where the index does not answer."""
    context = web_context()
    try:
        found = search(
            context.engine(), "", clock=context.clock, facets=_WAYS_IN, facet_limit=30, limit=0, snippet_length=0
        )
    except SearchUnavailable as error:
        context.forget_engine(error)
        return {}
    counts = found.answer.facets
    names = organisation_names(session(), (count.value for count in counts.get("organisation", ())))
    return {facet.name: facet for facet in show_facets(counts, Asked(), Names(names), shown=30)}
