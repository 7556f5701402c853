"""Organisations: the list, and what each holds, sends and receives."""

from itertools import groupby

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from catalogue.datasets.read import datasets_of
from catalogue.organisations.models import Organisation
from catalogue.organisations.record import fold_name
from register.agreements.read import agreements_of
from schemas.cleaning import clean_text
from schemas.errors import NotFound
from web.context import session, today
from web.listings import OrganisationLine, organisation_lines, parts_of
from web.presentation.agreements import part_of
from web.presentation.summaries import AgreementLine, agreement_line, dataset_line

blueprint = Blueprint("organisations", __name__)

LONGEST_NAME = 200


@blueprint.get("/organisations")
def organisations() -> ResponseReturnValue:
    """Every organisation from A to Z, or those with a text in their name."""
    named = clean_text(request.args.get("q", ""))[0].strip()[:LONGEST_NAME]
    lines = organisation_lines(session(), named)
    letters = [(letter, list(group)) for letter, group in groupby(lines, key=_letter)]
    return render_template("organisations.html", named=named, letters=letters, count=len(lines))


def _letter(line: OrganisationLine) -> str:
    first = fold_name(line.name)[:1].upper()
    return first if first.isascii() and first.isalpha() else "0–9"


@blueprint.get("/organisations/<slug>")
def organisation(slug: str) -> ResponseReturnValue:
    """One organisation: who it is, what it holds, sends and receives."""
    body = session().scalar(
        select(Organisation)
        .where(Organisation.slug == clean_text(slug)[0])
        .options(
            joinedload(Organisation.parent), selectinload(Organisation.names), selectinload(Organisation.identifiers)
        )
    )
    if body is None:
        raise NotFound(f"There is no organisation “{slug}”.")
    return render_template(
        "organisation.html",
        body=body,
        other_names=[name for name in body.names if name.folded != fold_name(body.name)],
        parts=parts_of(session(), body),
        datasets=[dataset_line(resource) for resource in datasets_of(session(), body)],
        agreements=_by_part(body),
    )


def _by_part(body: Organisation) -> dict[str, list[AgreementLine]]:
    """The agreements it sends under, receives under, and those where its part is not told."""
    groups: dict[str, dict[str, AgreementLine]] = {"sends": {}, "receives": {}, "untold": {}}
    for agreement, party in agreements_of(session(), body):
        line = agreement_line(agreement, today())
        for part in part_of(agreement.document, party.name) or ("untold",):
            groups[part][line.id] = line
    return {name: list(lines.values()) for name, lines in groups.items()}
