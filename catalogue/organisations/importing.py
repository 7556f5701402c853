"""Taking organisations in from a list: idempotent, record by record, with an outcome for each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from catalogue.organisations.record import OrganisationDetails, record_organisation
from schemas.cleaning import Cleaning
from schemas.clock import Clock, Ids
from schemas.errors import GazetteError
from schemas.outcomes import Action, Outcome
from schemas.problems import Problem, errors_in


@dataclass(frozen=True, slots=True)
class OrganisationRead:
    """One organisation as a list has it: its place there for people, its key in that list, and what is said of it."""

    place: str
    identifier: str
    details: OrganisationDetails | None
    problems: tuple[Problem, ...] = ()
    cleanings: tuple[Cleaning, ...] = ()


def import_organisations(
    session: Session, reads: Sequence[OrganisationRead], clock: Clock, ids: Ids
) -> Iterator[Outcome]:
    """Take every organisation in, one step of the generator each; the caller commits between steps.

    Two different organisations under one key are both refused; an identical repeat is told and passed over.
    """
    sharing: dict[str, list[OrganisationRead]] = defaultdict(list)
    for read in reads:
        if read.identifier and read.details is not None:
            sharing[read.identifier].append(read)
    for read in reads:
        others = [other for other in sharing.get(read.identifier, ()) if other is not read]
        if any(other.details != read.details for other in others):
            yield _refused(read, (*read.problems, _conflict(read, others)))
        elif others and sharing[read.identifier][0] is not read:
            yield Outcome(Action.REPEATED, read.place, read.identifier, read.details.name if read.details else "")
        else:
            yield _import_one(session, read, clock, ids)


def _import_one(session: Session, read: OrganisationRead, clock: Clock, ids: Ids) -> Outcome:
    if read.details is None or errors_in(read.problems):
        return _refused(read, read.problems)
    try:
        with session.begin_nested():
            action, body = record_organisation(session, read.details, clock, ids)
    except GazetteError as error:
        return _refused(read, (*read.problems, Problem("", error.message, error.advice)))
    notes = tuple(f"Cleaned: {note}" for note in read.cleanings)
    address = f"/organisations/{body.slug}"
    return Outcome(action, read.place, read.identifier or body.slug, body.name, address, read.problems, notes)


def _refused(read: OrganisationRead, problems: tuple[Problem, ...]) -> Outcome:
    name = read.details.name if read.details else ""
    return Outcome(Action.REFUSED, read.place, read.identifier, name, problems=problems)


def _conflict(read: OrganisationRead, others: Iterable[OrganisationRead]) -> Problem:
    places = ", ".join(other.place for other in others)
    message = f"“{read.identifier}” stands for another organisation too ({places}), and the two differ."
    return Problem("", message, "Give each a key of its own. None of them was taken.")
