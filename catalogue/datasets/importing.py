"""Taking a feed of datasets in: idempotent, record by record, with an outcome for each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from catalogue.contacts import hold_contact
from catalogue.datasets.record import check_dataset, record_dataset
from catalogue.organisations.record import publisher_named
from schemas.actor import Actor
from schemas.canonical import Json, fingerprint
from schemas.clock import Clock, Ids
from schemas.errors import GazetteError
from schemas.outcomes import Action, Outcome
from schemas.problems import Problem, errors_in
from schemas.reading import Read


@dataclass(frozen=True, slots=True)
class Feed:
    """A file or site as a whole: `source` is the first half of every record's key, `address` where it was read."""

    source: str
    reads: Sequence[Read]


def import_datasets(session: Session, actor: Actor, feed: Feed, clock: Clock, ids: Ids) -> Iterator[Outcome]:
    """Take every record of a feed in, one step of the generator each; the caller commits between steps.

    Two different records with one identifier are both refused; an identical repeat is told and passed over.
    """
    conflicts, repeats = _same_identifier(feed.reads)
    for number, read in enumerate(feed.reads):
        if number in repeats:
            yield _repeated(read, feed.reads[repeats[number]])
        elif number in conflicts:
            yield _conflicting(read, [feed.reads[other] for other in conflicts[number]])
        else:
            yield import_dataset(session, actor, read, feed.source, clock, ids)


def import_dataset(session: Session, actor: Actor, read: Read, source: str, clock: Clock, ids: Ids) -> Outcome:
    """Take one record in, or refuse it with every problem it has."""
    problems = list(read.problems)
    if read.document is not None:
        problems += check_dataset(read.document)
    if not read.identifier:
        problems.append(_no_identifier())
    notes = tuple(f"Cleaned: {note}" for note in read.cleanings)
    title = _title(read)
    if read.document is None or errors_in(problems):
        return Outcome(Action.REFUSED, read.place, read.identifier, title, problems=tuple(problems), notes=notes)
    try:
        with session.begin_nested():
            document, more = _with_parties(session, read.document, read.contact, source, clock, ids)
            recorded = record_dataset(
                session, actor, document, source=source, identifier=read.identifier, clock=clock, ids=ids
            )
    except GazetteError as error:
        problems.append(Problem("", error.message, error.advice))
        return Outcome(Action.REFUSED, read.place, read.identifier, title, problems=tuple(problems), notes=notes)
    return Outcome(
        recorded.action,
        read.place,
        read.identifier,
        recorded.resource.title,
        recorded.resource.address,
        tuple(problems),
        (*notes, *more),
    )


def _with_parties(
    session: Session, document: Json, contact: Mapping[str, str], source: str, clock: Clock, ids: Ids
) -> tuple[Json, list[str]]:
    """The document with its publisher and contact found in, or added to, the catalogue."""
    notes: list[str] = []
    document = dict(document)
    publisher = document.get("publisher")
    if publisher and "organisation" not in publisher:
        action, body = publisher_named(
            session, publisher["name"], tuple(publisher.get("partOf", ())), source, clock, ids
        )
        if action is Action.ADDED:
            notes.append(f"The organisation “{body.name}” is new and was added.")
        document["publisher"] = {**publisher, "organisation": body.slug}
    number = hold_contact(session, contact, source, clock, ids)
    if number:
        document["contactPoint"] = number
    return document, notes


def _same_identifier(reads: Sequence[Read]) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Which records share an identifier: those that differ (with the others), and those that repeat an earlier one."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, read in enumerate(reads):
        if read.identifier and read.document is not None:
            places[read.identifier].append(number)
    conflicts: dict[int, list[int]] = {}
    repeats: dict[int, int] = {}
    for numbers in places.values():
        if len(numbers) == 1:
            continue
        contents = {number: fingerprint([reads[number].document, dict(reads[number].contact)]) for number in numbers}
        if len(set(contents.values())) == 1:
            repeats.update(dict.fromkeys(numbers[1:], numbers[0]))
        else:
            conflicts.update({number: [other for other in numbers if other != number] for number in numbers})
    return conflicts, repeats


def _repeated(read: Read, first: Read) -> Outcome:
    note = Problem("", f"The record repeats {first.place} word for word.", "It was taken once.", severity="warning")
    return Outcome(Action.REPEATED, read.place, read.identifier, _title(read), problems=(note,))


def _conflicting(read: Read, others: Sequence[Read]) -> Outcome:
    places = ", ".join(other.place for other in others)
    problem = Problem(
        "/identifier",
        f"The identifier “{read.identifier}” stands on another record too ({places}), and the two differ.",
        "Give each record an identifier of its own. None of them was taken.",
        title="Identifier",
    )
    outcome = Outcome(Action.REFUSED, read.place, read.identifier, _title(read), problems=read.problems)
    return replace(outcome, problems=(*read.problems, problem))


def _no_identifier() -> Problem:
    return Problem(
        "/identifier",
        "The record has no identifier.",
        "Give it one that stays the same in every edition, so that the next import knows it again.",
        title="Identifier",
    )


def _title(read: Read) -> str:
    title = (read.document or {}).get("title", "")
    return title if isinstance(title, str) else ""
