"""What changed, in the order in which readers could see it: datasets’ revisions and agreements’ events, told alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from catalogue.datasets.models import CataloguedResource, ResourceRevision
from catalogue.organisations.models import Organisation
from register.agreements.models import Agreement, AgreementEvent
from schemas.database.change_feed import AGREEMENT, DATASET, ChangeRow

ADDED, CHANGED, RESTORED, WITHDRAWN = CHANGES = ("added", "changed", "restored", "withdrawn")
"""What can become of a record. One that is withdrawn keeps its address; who keeps a copy deletes it, or says so."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one record.

    `name` is what the record is asked for by: a dataset's short name, an agreement's number; `title` its title today.
    `event` is the agreement's event (a code of agreement-event); `revision` the revision of the dataset or the version
    of the agreement that the change made, None where it made none. `by` is the short name of the organisation that
    made it, where that is known; `place` where the history of the record tells of it.
    """

    number: int
    kind: str
    record: str
    name: str
    title: str
    change: str
    event: str | None
    revision: int | None
    reason: str | None
    by: str | None
    recorded_at: datetime
    place: str

    @property
    def address(self) -> str:
        """The record's page on this site."""
        return f"/datasets/{self.name}" if self.kind == DATASET else f"/agreements/{self.name}"


def changes_in(session: Session, rows: Sequence[ChangeRow]) -> list[Change]:
    """What rows of the change feed tell, in their order. Four queries at most, however many they are."""
    told = {**_of_datasets(session, rows), **_of_agreements(session, rows)}
    return [told[row.number] for row in rows if row.number in told]


def _of_datasets(session: Session, rows: Iterable[ChangeRow]) -> dict[int, Change]:
    wanted = {(row.record_id, row.step): row for row in rows if row.kind == DATASET}
    if not wanted:
        return {}
    revision = ResourceRevision
    query = (
        select(
            CataloguedResource.slug,
            CataloguedResource.title,
            revision.resource_id,
            revision.revision,
            revision.change,
            revision.reason,
            revision.actor_organisation,
        )
        .join(CataloguedResource, CataloguedResource.id == revision.resource_id)
        .where(tuple_(revision.resource_id, revision.revision).in_(list(wanted)))
    )
    found = session.execute(query).all()
    names = organisation_slugs(session, (one.actor_organisation for one in found))
    told: dict[int, Change] = {}
    for one in found:
        row = wanted[one.resource_id, one.revision]
        told[row.number] = Change(
            row.number, DATASET, one.resource_id, one.slug, one.title, one.change, None, one.revision, one.reason,
            names.get(one.actor_organisation or ""), row.recorded_at, f"/datasets/{one.slug}/revisions/{one.revision}",
        )  # fmt: skip
    return told


def _of_agreements(session: Session, rows: Iterable[ChangeRow]) -> dict[int, Change]:
    wanted = {row.step: row for row in rows if row.kind == AGREEMENT}
    if not wanted:
        return {}
    event = AgreementEvent
    query = (
        select(Agreement.id, Agreement.title, event.number, event.event, event.version, event.actor_organisation)
        .join(Agreement, Agreement.id == event.agreement_id)
        .where(event.number.in_(list(wanted)))
    )
    told: dict[int, Change] = {}
    for one in session.execute(query):
        row = wanted[one.number]
        told[row.number] = Change(
            row.number, AGREEMENT, one.id, one.id, one.title, _change(one.event, one.version), one.event, one.version,
            None, one.actor_organisation, row.recorded_at, f"/agreements/{one.id}/history#event-{one.number}",
        )  # fmt: skip
    return told


def _change(event: str, version: int | None) -> str:
    if event == "withdrawn":
        return WITHDRAWN
    return ADDED if version == 1 else CHANGED


def organisation_slugs(session: Session, ids: Iterable[str | None]) -> Mapping[str, str]:
    """The short names of organisations by their ids."""
    wanted = sorted({one for one in ids if one})
    if not wanted:
        return {}
    rows = session.execute(select(Organisation.id, Organisation.slug).where(Organisation.id.in_(wanted)))
    return {number: slug for number, slug in rows}  # noqa: C416 - a Row is no plain pair to the type checker
