"""Two versions of an agreement side by side: a redline, and who made each step between them."""

from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from register.agreements.described import event_lines
from register.agreements.models import Agreement
from register.agreements.read import versions_of
from register.comparing import Comparison, compare_versions
from schemas.cleaning import clean_text
from schemas.errors import NotFound
from web.context import session
from web.listings import organisation_names
from web.pages.datasets import number_in_address
from web.presentation.changes import show_changes

blueprint = Blueprint("compare", __name__)


@blueprint.get("/agreements/<number>/compare/<before>/<after>")
def compare(number: str, before: str, after: str) -> ResponseReturnValue:
    """What differs from one version of an agreement to another, which may be the older one."""
    agreement = session().scalar(select(Agreement).where(Agreement.id == clean_text(number)[0]))
    if agreement is None:
        raise NotFound(f"There is no agreement “{number}”.")
    found = _compared(agreement, number_in_address(before), number_in_address(after))
    changes = show_changes(list(zip(found.differences, found.origins, strict=True)), found.schema)
    sections = [(title, list(group)) for title, group in groupby(changes, key=lambda change: change.titles[0])]
    return render_template(
        "agreement_compare.html",
        agreement=agreement,
        comparison=found,
        sections=sections,
        count=len(changes),
        names=organisation_names(session(), [step.organisation for step in found.steps if step.organisation]),
    )


def _compared(agreement: Agreement, before: int, after: int) -> Comparison:
    texts = {version.number: version.document for version in versions_of(session(), agreement)}
    return compare_versions(agreement.id, event_lines(session(), agreement), lambda one: texts[one], before, after)
