"""Taking agreements in from another register or from transcriptions: idempotent, all or nothing per agreement."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.contacts import hold_contact
from catalogue.formats.rsf import RsfEntry, RsfRegister, entries_by_key
from catalogue.organisations.record import OrganisationDetails, organisation_by_identifier, record_organisation
from register.agreements.events import events_of, locked_head
from register.agreements.models import Agreement, AgreementEvent
from register.agreements.record import (
    Source,
    agreement_numbered,
    entries_taken,
    has_same_content,
    revise_agreement,
    sign_agreement,
)
from register.checks.record import check_agreement, check_any_version
from register.formats.rsf import Resolved, RsfAgreement, agreement_from_rsf, in_words_of_rsf
from register.formats.tables_reading import TableRecord
from register.importing_tables import Checked, checked_table
from schemas.actor import Actor
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json, fingerprint
from schemas.clock import Clock, Ids, Randomness
from schemas.errors import Conflict, GazetteError
from schemas.outcomes import Action, Outcome
from schemas.problems import Problem, errors_in
from schemas.reading import Read
from schemas.upgrades import older_version, upgrade


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports, by which clock and chance."""

    actor: Actor
    clock: Clock
    ids: Ids
    randomness: Randomness


@dataclass(frozen=True, slots=True)
class CodeTables:
    """What the registers read beside the agreements say of their codes (`register:key`): bodies, and plain names."""

    organisations: Mapping[str, OrganisationDetails]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Version:
    """One version of an agreement before it is taken.

    `historic` where its source tells every version with its place in the history: one that was taken once is not
    taken again. Otherwise it is what the source says now.
    """

    place: str
    source: Source
    document: Json
    contact: Mapping[str, str]
    problems: tuple[Problem, ...]
    historic: bool


def import_rsf(session: Session, importer: Importer, register: RsfRegister, codes: CodeTables) -> Iterator[Outcome]:
    """Take every agreement of a register in with its whole history, one step of the generator each.

    The caller commits between steps. An agreement one of whose entries is bad is refused whole, so that no history
    has a hole.
    """
    for problem in register.problems:
        yield Outcome(Action.REFUSED, "the file", "", problems=(problem,))
    for key, entries in entries_by_key(register):
        identifier = f"{register.name}:{key}"
        problems = [
            replace(problem, message=f"{entry.place}: {problem.message}")
            for entry in entries
            for problem in entry.problems
        ]
        if problems:
            yield Outcome(Action.REFUSED, entries[0].place, identifier, _name(entries), problems=tuple(problems))
            continue
        yield _import_guarded(session, importer, identifier, entries[0].place, _rsf_steps(register, entries, codes))


def import_documents(session: Session, importer: Importer, reads: Sequence[Read]) -> Iterator[Outcome]:
    """Take agreements in that are already in our form, one step of the generator each.

    One in an older version of the schema is checked as what it says it is, and brought up before it is taken.
    `identifier` is the key they are known again by. Two that differ and share one are both refused; one that repeats
    another is told.
    """
    yield from _import_checked(session, importer, [_checked(read) for read in reads])


def import_tables(session: Session, importer: Importer, records: Sequence[TableRecord]) -> Iterator[Outcome]:
    """Take agreements in from the tables of a spreadsheet or of CSV files, as `import_documents` does.

    Each problem is told with its cell. What cannot be read in a cell is told once, and not again by the check.
    """
    yield from _import_checked(session, importer, [checked_table(record) for record in records])


def _import_checked(session: Session, importer: Importer, checked: Sequence[Checked]) -> Iterator[Outcome]:
    places: defaultdict[str, dict[str, list[Read]]] = defaultdict(lambda: defaultdict(list))
    for read, problems in checked:
        if read.document is not None and not errors_in(problems):
            places[read.identifier][fingerprint(read.document)].append(read)
    for read, problems in checked:
        if read.document is None or errors_in(problems):
            yield _refused(read, problems)
            continue
        same_identifier = places[read.identifier]
        content = fingerprint(read.document)
        if len(same_identifier) > 1:
            others = [other for group in same_identifier.values() for other in group if other is not read]
            yield _refused(read, [*problems, _conflict(read, others)])
        elif read is not same_identifier[content][0]:
            yield _repeated(read, same_identifier[content][0])
        else:
            source = Source(f"{read.identifier}@{content}")
            version = _Version(
                read.place, source, upgrade(read.document), read.contact, tuple(problems), historic=False
            )
            notes = [*(f"Cleaned: {note}" for note in read.cleanings), *_brought_up(read.document)]
            yield _import_guarded(session, importer, read.identifier, read.place, _one_version(version, notes))


def _checked(read: Read) -> Checked:
    return read, [*read.problems, *(check_any_version(read.document) if read.document is not None else ())]


def _brought_up(document: Json) -> list[str]:
    older = older_version(document)
    return [f"It was in version {older} of the schema and was brought up to {AGREEMENT_VERSION}."] if older else []


def _refused(read: Read, problems: Sequence[Problem]) -> Outcome:
    return Outcome(Action.REFUSED, read.place, read.identifier, _title(read.document), problems=tuple(problems))


def _conflict(read: Read, others: Sequence[Read]) -> Problem:
    places = ", ".join(other.place for other in others)
    return Problem(
        "",
        f"Another record is “{read.identifier}” too ({places}), and the two differ. None of them was taken.",
        "Give each agreement a number of its own in “externalIds”, or leave all but one out.",
    )


def _repeated(read: Read, first: Read) -> Outcome:
    note = Problem("", f"The record repeats {first.place}.", "It was taken once.", severity="warning")
    return Outcome(Action.REPEATED, read.place, read.identifier, _title(read.document), problems=(note,))


def _title(document: Json | None) -> str:
    title = (document or {}).get("title", "")
    return title if isinstance(title, str) else ""


_Steps = Callable[[Session, Importer], tuple[list[_Version], list[str]]]
"""Gives the versions of one agreement, oldest first, and what there is to say of it."""


def _one_version(version: _Version, notes: list[str]) -> _Steps:
    return lambda _session, _importer: ([version], notes)


def _rsf_steps(register: RsfRegister, entries: Sequence[RsfEntry], codes: CodeTables) -> _Steps:
    def steps(session: Session, importer: Importer) -> tuple[list[_Version], list[str]]:
        notes: list[str] = []
        versions = [_rsf_version(session, importer, register, entry, codes, notes) for entry in entries]
        notes += [f"Cleaned, {entry.place}: {note}" for entry in entries for note in entry.cleanings]
        return versions, notes

    return steps


def _rsf_version(
    session: Session,
    importer: Importer,
    register: RsfRegister,
    entry: RsfEntry,
    codes: CodeTables,
    notes: list[str],
) -> _Version:
    def resolve(code: str) -> Resolved | None:
        return _resolve(session, importer, codes, code, notes)

    read: RsfAgreement = agreement_from_rsf(entry.item or {}, register.name, register.title, resolve)
    problems = (*read.problems, *_key_problems(register, entry), *map(in_words_of_rsf, check_agreement(read.document)))
    name = f"{register.name}:{entry.key}@{entry.number}#{entry.item_sha256}"
    source = Source(name, entry.timestamp)
    return _Version(entry.place, source, read.document, read.contact, problems, historic=True)


def _key_problems(register: RsfRegister, entry: RsfEntry) -> Iterator[Problem]:
    stated = (entry.item or {}).get(register.name)
    if stated != entry.key:
        yield Problem(
            f"/{register.name}",
            f"The entry is about {entry.key}, its item about {stated or 'nobody says what'}.",
            "Compare it with the register’s own file.",
            title=register.name,
        )


def _resolve(session: Session, importer: Importer, codes: CodeTables, code: str, notes: list[str]) -> Resolved | None:
    scheme, _, value = code.partition(":")
    details = codes.organisations.get(code)
    body = organisation_by_identifier(session, scheme, value)
    if body is None and details is not None:
        action, body = record_organisation(session, details, importer.clock, importer.ids)
        if action is Action.ADDED:
            notes.append(f"The organisation “{body.name}” is new and was added.")
    if body is not None:
        return Resolved(details.name if details else body.name, body.slug)
    return Resolved(codes.names[code]) if code in codes.names else None


def _import_guarded(session: Session, importer: Importer, identifier: str, place: str, steps: _Steps) -> Outcome:
    """Take one agreement in, or leave nothing of it behind."""
    try:
        with session.begin_nested():
            versions, notes = steps(session, importer)
            problems = [
                replace(problem, message=f"{version.place}: {problem.message}") if len(versions) > 1 else problem
                for version in versions
                for problem in version.problems
            ]
            if errors_in(problems):
                raise _Invalid(versions[-1].document.get("title", ""), tuple(problems))
            action, agreement, taken = _take(session, importer, identifier, versions)
    except _Invalid as error:
        return Outcome(Action.REFUSED, place, identifier, str(error.title), problems=error.problems)
    except GazetteError as error:
        problem = Problem("", error.message, error.advice)
        return Outcome(Action.REFUSED, place, identifier, problems=(problem,))
    if taken > 1:
        notes.append(f"{taken} versions were taken.")
    return Outcome(action, place, identifier, agreement.title, agreement.address, tuple(problems), tuple(notes))


class _Invalid(Exception):
    """An agreement with errors: its savepoint is rolled back."""

    def __init__(self, title: object, problems: tuple[Problem, ...]) -> None:
        super().__init__(title)
        self.title = title
        self.problems = problems


def _take(
    session: Session, importer: Importer, identifier: str, versions: Sequence[_Version]
) -> tuple[Action, Agreement, int]:
    locked_head(session)  # before looking, so that of two imports at once the second sees what the first did
    agreement = _known(session, identifier) or _transcription(session, versions[0].document)
    action = Action.UNCHANGED
    taken = 0
    for version in versions:
        known = entries_taken(session, agreement) if agreement else set()
        if version.historic and version.source.entry in known:
            continue
        if agreement is not None and _is_transcribed(version.document) and not _is_transcribed(agreement.document):
            continue  # the source's own record stands there by now
        document = _with_contact(session, importer, identifier, version)
        if agreement is None:
            agreement = sign_agreement(
                session,
                importer.actor,
                document,
                version.source,
                clock=importer.clock,
                ids=importer.ids,
                randomness=importer.randomness,
            )
            action = Action.ADDED
        elif not has_same_content(agreement, document):
            made = _entries_of_versions(session, agreement)
            if _is_latest_word(made, version.source):
                continue
            _require_untouched(agreement, made)
            event = revision_event(upgrade(agreement.document), document)
            agreement = revise_agreement(
                session,
                importer.actor,
                agreement,
                event,
                document,
                _new_entry(version.source, known),
                clock=importer.clock,
                ids=importer.ids,
                randomness=importer.randomness,
            )
            action = Action.CHANGED if action is Action.UNCHANGED else action
        else:
            continue
        taken += 1
    if agreement is None:
        raise ValueError(f"{identifier} has no version")
    return action, agreement, taken


def _entries_of_versions(session: Session, agreement: Agreement) -> list[str | None]:
    """The entry of its source that each version was made from, oldest first; None for one that was made here."""
    return [event.source_entry for event in events_of(session, agreement.id) if event.version]


def _is_latest_word(made: Sequence[str | None], source: Source) -> bool:
    """Whether a source says what it last said."""
    last = next((entry for entry in reversed(made) if entry), "")
    return bool(source.entry) and (last == source.entry or last.startswith(f"{source.entry}~"))


def _require_untouched(agreement: Agreement, made: Sequence[str | None]) -> None:
    """Raises Conflict where an official of a party changed the record here since: an import does not undo that."""
    if made[-1] is None:
        raise Conflict(
            f"An official changed {agreement.id} here since it was imported. What the official wrote stays.",
            "Tell the parties what the source says now: they can correct the record.",
        )


def _known(session: Session, identifier: str) -> Agreement | None:
    """The agreement that an earlier import made for this identifier."""
    begins = AgreementEvent.source_entry.startswith(f"{identifier}@", autoescape=True)
    # The identifier may hold an @ itself, and SQLite's LIKE takes capitals for small letters.
    for number, entry in session.execute(
        select(AgreementEvent.agreement_id, AgreementEvent.source_entry).where(begins)
    ):
        if entry is not None and entry.rpartition("@")[0] == identifier:
            return session.get(Agreement, number, populate_existing=True)
    return None


def _transcription(session: Session, document: Json) -> Agreement | None:
    """The agreement that was transcribed here under the same number: the source's own record takes its place."""
    if _is_transcribed(document):
        return None
    for number in document.get("externalIds", ()):
        agreement = agreement_numbered(session, number["scheme"], number["id"])
        if agreement is not None and _is_transcribed(agreement.document):
            return agreement
    return None


def _is_transcribed(document: Json) -> bool:
    return bool(document["provenance"]["source"] == "transcribed")


def _new_entry(source: Source, known: set[str]) -> Source:
    """The source of a version, under an entry's name of its own where the source returns to what it said before."""
    entry = source.entry
    number = 2
    while entry in known:
        entry = f"{source.entry}~{number}"
        number += 1
    return replace(source, entry=entry)


def _with_contact(session: Session, importer: Importer, identifier: str, version: _Version) -> Json:
    number = hold_contact(session, version.contact, identifier, importer.clock, importer.ids)
    if number is None:
        return version.document
    rights = {**version.document.get("rightsHandling", {}), "contactRecord": number}
    return {**version.document, "rightsHandling": rights}


def revision_event(before: Json, after: Json) -> str:
    """Whether a source's edit amended the deal or corrected the record; sources do not say.

    A code that meant nothing and now means something is a correction, and so is every edit of a transcription, which
    is a record of ours alone, and its replacement by the source's own record. Any other edit changed what the record
    says of the deal.
    """
    if _is_transcribed(before) or _is_transcribed(after):
        return "corrected"
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} - {"id"}
    mended = {"legalPowers", "purposeCategories"} if _power_was_unreadable(before) else set()
    return "corrected" if changed and changed <= mended else "amended"


def _power_was_unreadable(document: Json) -> bool:
    """Whether a power stands there as its bare code, because no register has it."""
    return any(
        power.get("title") == f"{power['identifier']['scheme']}:{power['identifier']['id']}"
        for power in document.get("legalPowers", ())
        if "identifier" in power
    )


def _name(entries: Sequence[RsfEntry]) -> str:
    return next((str(entry.item["name"]) for entry in reversed(entries) if entry.item and "name" in entry.item), "")
