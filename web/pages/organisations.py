"""Organisations: the list, and what each holds, sends and receives."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.datasets.read import datasets_of
from catalogue.organisations.models import Organisation
from catalogue.organisations.record import fold_name
from register.agreements.models import Agreement, AgreementEvent, AgreementParty
from register.agreements.read import agreements_of
from schemas.cleaning import clean_text
from schemas.errors import NotFound
from web.accounts.read import approver_organisations
from web.context import session, today
from web.listings import OrganisationLine, organisation_lines, parts_of
from web.presentation.agreement_matters import Matter, could_confirm, grouped, matters_of, party_names
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
    agreements = agreements_of(session(), body)
    return render_template(
        "organisation.html",
        body=body,
        other_names=[name for name in body.names if name.folded != fold_name(body.name)],
        parts=parts_of(session(), body),
        datasets=[dataset_line(resource) for resource in datasets_of(session(), body)],
        agreements=_by_part(agreements),
        open_now=grouped(_open_matters(body, [agreement for agreement, _ in agreements])),
    )


def _open_matters(body: Organisation, agreements: Sequence[Agreement]) -> Iterator[Matter]:
    """What is open about the agreements of an organisation, and which of them wait for its word."""
    each = {agreement.id: agreement for agreement in agreements}
    names = party_names(each.values())
    can_confirm = body.slug in approver_organisations(session())
    makers = makers_of(session(), list(each)) if can_confirm else {}
    for agreement in each.values():
        yield from matters_of(agreement, today(), names)
        if can_confirm:
            waiting = could_confirm(agreement, body.slug, makers.get(agreement.id), today())
            yield from [waiting] if waiting else []


def makers_of(reading: Session, numbers: Sequence[str]) -> dict[str, str | None]:
    """The short names of the organisations that made the newest version of agreements, by their numbers."""
    query = (
        select(AgreementEvent.agreement_id, AgreementEvent.actor_organisation)
        .where(AgreementEvent.agreement_id.in_(numbers), AgreementEvent.version.is_not(None))
        .order_by(AgreementEvent.number)
    )
    return {number: maker for number, maker in reading.execute(query)}  # noqa: C416 - a Row is no plain pair


def _by_part(agreements: Sequence[tuple[Agreement, AgreementParty]]) -> dict[str, list[AgreementLine]]:
    """The agreements it sends under, receives under, and those where its part is not told."""
    groups: dict[str, dict[str, AgreementLine]] = {"sends": {}, "receives": {}, "untold": {}}
    for agreement, party in agreements:
        line = agreement_line(agreement, today())
        for part in part_of(agreement.document, party.name) or ("untold",):
            groups[part][line.id] = line
    return {name: list(lines.values()) for name, lines in groups.items()}
