"""Taking powers in from lists: idempotent, record by record, with an outcome for each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.formats.rsf import RsfEntry, RsfRegister, entries_by_key
from register.formats.powers_rsf import PERSONS_REGISTER, Spell, power_from_rsf, spells_of
from register.formats.rsf import POWERS_REGISTER
from register.powers.models import Power, PowerRevision
from register.powers.read import power_numbered
from register.powers.record import (
    ListedBody,
    PowerSource,
    check_power,
    list_bodies,
    record_power,
    require_keeper,
)
from schemas.actor import Actor
from schemas.canonical import Json
from schemas.clock import Clock, Ids
from schemas.errors import GazetteError, InvalidInput
from schemas.outcomes import Action, Outcome
from schemas.problems import Problem, errors_in
from schemas.reading import Read


@dataclass(frozen=True, slots=True)
class PowersImporter:
    """Who imports, by which clock."""

    actor: Actor
    clock: Clock
    ids: Ids


def import_powers_rsf(session: Session, importer: PowersImporter, register: RsfRegister) -> Iterator[Outcome]:
    """Take a register of powers in, or one of the bodies that may use them, one step of the generator each.

    The caller commits between steps. Raises InvalidInput where the register lists neither.
    """
    require_keeper(importer.actor)
    steps = {POWERS_REGISTER: _take_power, PERSONS_REGISTER: _take_person}.get(register.name)
    if steps is None:
        known = ", ".join((POWERS_REGISTER, PERSONS_REGISTER))
        message = f"The register “{register.name}” lists neither powers nor bodies that may use them."
        raise InvalidInput(message, f"Those known here are: {known}.")
    for problem in register.problems:
        yield Outcome(Action.REFUSED, "the file", "", problems=(problem,))
    for key, entries in entries_by_key(register):
        identifier, place = f"{register.name}:{key}", entries[0].place
        name = str((entries[-1].item or {}).get("name", "")).strip()
        bad = [_placed(entry, problem) for entry in entries for problem in entry.problems]
        if bad:
            yield Outcome(Action.REFUSED, place, identifier, name, problems=tuple(bad))
            continue
        try:
            with session.begin_nested():
                outcome = steps(session, importer, register, key, entries)
        except _Invalid as error:
            outcome = Outcome(Action.REFUSED, place, identifier, name, problems=error.problems)
        except GazetteError as error:
            problem = Problem("", error.message, error.advice)
            outcome = Outcome(Action.REFUSED, place, identifier, name, problems=(problem,))
        cleanings = tuple(f"Cleaned, {entry.place}: {note}" for entry in entries for note in entry.cleanings)
        yield replace(outcome, place=place, identifier=identifier, title=name, notes=(*outcome.notes, *cleanings))


def import_powers(session: Session, importer: PowersImporter, reads: Sequence[Read]) -> Iterator[Outcome]:
    """Take powers in that are already in our form, one step of the generator each; the caller commits between steps.

    Two under one short name are both refused.
    """
    require_keeper(importer.actor)
    sharing: dict[str, list[Read]] = defaultdict(list)
    for read in reads:
        if read.identifier:
            sharing[read.identifier].append(read)
    for read in reads:
        others = [other for other in sharing.get(read.identifier, ()) if other is not read]
        problems = [*read.problems, *(check_power(read.document) if read.document is not None else ())]
        if others:
            places = ", ".join(other.place for other in others)
            message = f"Another record is “{read.identifier}” too ({places}). None of them was taken."
            problems.append(Problem("/id", message, "Give each power a short name of its own.", "Short name"))
        yield _take_read(session, importer, read, problems)


def _take_read(session: Session, importer: PowersImporter, read: Read, problems: Sequence[Problem]) -> Outcome:
    title = str((read.document or {}).get("title", ""))
    refused = Outcome(Action.REFUSED, read.place, read.identifier, title, problems=tuple(problems))
    if read.document is None or errors_in(problems):
        return refused
    try:
        with session.begin_nested():
            action, power = record_power(
                session, importer.actor, read.document, PowerSource(), clock=importer.clock, ids=importer.ids
            )
    except GazetteError as error:
        return replace(refused, problems=(*problems, Problem("", error.message, error.advice)))
    notes = tuple(f"Cleaned: {note}" for note in read.cleanings)
    return Outcome(action, read.place, power.id, power.title, power.address, tuple(problems), notes)


class _Invalid(Exception):
    """A record with errors: its savepoint is rolled back."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(str(problems))
        self.problems = tuple(problems)


def _placed(entry: RsfEntry, problem: Problem) -> Problem:
    return replace(problem, message=f"{entry.place}: {problem.message}")


def _take_power(
    session: Session, importer: PowersImporter, register: RsfRegister, key: str, entries: Sequence[RsfEntry]
) -> Outcome:
    """Every entry of one power, each a revision of its own; an entry that was taken once is not taken again."""
    problems: list[Problem] = []
    action, power = Action.UNCHANGED, power_numbered(session, register.name, key)
    entry_names = f"{register.name}:{key}@"
    taken = _entries_taken(session, power) if power else []
    is_ours = power is not None and not (taken and (taken[0] or "").startswith(entry_names))
    for entry in entries:
        document, found = power_from_rsf(entry.item or {}, key, register)
        problems += [_placed(entry, problem) for problem in found]
        if document is None or errors_in(problems):
            raise _Invalid(problems)
        name = f"{entry_names}{entry.number}#{entry.item_sha256}"
        if name in taken:
            continue
        if power is not None and is_ours:
            document = _filled_up(power, document)  # it was first written down here: the list adds what is missing
        source = PowerSource(name, entry.timestamp)
        done, power = record_power(session, importer.actor, document, source, clock=importer.clock, ids=importer.ids)
        action = done if action is Action.UNCHANGED else action
    address = power.address if power else ""
    return Outcome(action, "", "", address=address, problems=tuple(problems))


def _entries_taken(session: Session, power: Power) -> list[str | None]:
    """The entries of its source that a power's revisions were read from, oldest first; None for those made here."""
    query = select(PowerRevision.source_entry).where(PowerRevision.power_id == power.id)
    return list(session.scalars(query.order_by(PowerRevision.revision)))


def _filled_up(power: Power, document: Json) -> Json:
    held = power.document
    numbers = [*held.get("identifiers", ())]
    numbers += [number for number in document.get("identifiers", ()) if number not in numbers]
    return {**document, **held, "identifiers": numbers}


def _take_person(
    session: Session, importer: PowersImporter, register: RsfRegister, key: str, entries: Sequence[RsfEntry]
) -> Outcome:
    """One specified person: a row for each power and each time the list said something else of it."""
    spells, problems = spells_of(entries)
    if errors_in(problems):
        raise _Invalid(problems)
    by_power: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        by_power[spell.power].append(spell)
    actions: list[Action] = []
    for code, held in by_power.items():
        scheme, _, value = code.partition(":")
        power = power_numbered(session, scheme, value)
        if power is None:
            raise InvalidInput(f"The power {code} is not known here.", "Import the list of powers first.")
        listed = [_listed(spell, register.name, key) for spell in held]
        actions.append(list_bodies(session, power, listed, clock=importer.clock, ids=importer.ids))
    notes = () if spells else ("The list names no power that it may use.",)
    return Outcome(_together(actions), "", "", problems=problems, notes=notes)


def _together(actions: Sequence[Action]) -> Action:
    """What was done with a person as a whole: added where all of it was new."""
    done = [action for action in actions if action is not Action.UNCHANGED]
    if not done:
        return Action.UNCHANGED
    return Action.ADDED if done == list(actions) and set(done) == {Action.ADDED} else Action.CHANGED


def _listed(spell: Spell, register: str, key: str) -> ListedBody:
    body: Json = {"name": spell.name, "identifiers": [{"scheme": register, "id": key}]}
    stated = {"class": spell.is_class or None, "from": spell.from_on, "until": spell.until_on}
    body |= {name: value for name, value in stated.items() if value is not None}
    return ListedBody(body, register, spell.listed_on, spell.unlisted_on)
