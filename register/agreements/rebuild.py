"""Comparing the register's rows with its events: the rows must be what the events say."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from register.agreements.events import body_document, events_of
from register.agreements.life import Record, fold
from register.agreements.models import Agreement, AgreementEvent, AgreementNumber, AgreementParty
from register.agreements.projection import numbers_in, parties_in, values_of


def differing_agreements(session: Session) -> list[str]:
    """The numbers of agreements whose rows are missing, not called for, or not what their events say."""
    numbers = set(session.scalars(select(AgreementEvent.agreement_id).distinct()))
    rows = {agreement.id: agreement for agreement in session.scalars(select(Agreement))}
    parties = _by_agreement(session.scalars(select(AgreementParty).order_by(AgreementParty.position)))
    elsewhere = _by_agreement(session.scalars(select(AgreementNumber)))
    differing = numbers ^ rows.keys()
    for number in numbers & rows.keys():
        record = fold(events_of(session, number), lambda sha256: body_document(session, sha256))
        if _differs(record, rows[number], parties[number], elsewhere[number]):
            differing.add(number)
    return sorted(differing)


def _by_agreement(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.agreement_id].append(row)
    return found


def _differs(record: Record, row: Agreement, parties: list[AgreementParty], numbers: list[AgreementNumber]) -> bool:
    wanted = {**values_of(record), "id": record.document["id"], "serial": int(row.id.rpartition("-")[2])}
    wanted_parties = parties_in(record.document)
    return (
        any(getattr(row, name) != value for name, value in wanted.items())
        or len(parties) != len(wanted_parties)
        or any(
            getattr(party, name) != value
            for party, values in zip(parties, wanted_parties, strict=True)
            for name, value in values.items()
        )
        or {(number.scheme, number.value) for number in numbers} != numbers_in(record.document)
    )
