"""Blanking values as the law requires: declared by an event, gone from the bodies, the rest still verifies.

A value is named by its place in the deal (`/parties/0/contact`), or in what an event says (`/events/7/reason`). Each
body that loses a value has an event `redacted` that names it: its version and the place. What the transaction leaves in
the database's free pages, in the index and in files is erased by `register.log.erasing`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from register.agreements.blanking import blanked_in, blanked_item, is_below, stand_in_for, values_in
from register.agreements.body import Value, seal
from register.agreements.events import NewEvent, append, events_of, locked_head, schema_of_body
from register.agreements.models import Agreement, AgreementBody, AgreementEvent, RegisterHead
from register.agreements.projection import project
from register.lifecycle.acting import Tools
from register.lifecycle.rules import require_authority
from schemas.actor import Actor
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.cleaning import clean_document
from schemas.contract import check_event
from schemas.errors import Conflict, InvalidInput, InvalidRecord, NotFound
from schemas.problems import errors_in

SHORTEST_WORDS = 4
"""Texts of fewer letters are not looked for elsewhere: they stand in too many words."""

_POINTER = re.compile(r"(/[^/]+)+")
_OF_AN_EVENT = re.compile(r"/events/([1-9][0-9]{0,9})(/.*)")


class AlreadyBlanked(Conflict):
    """What was to be blanked is blanked already: there is nothing left but to erase what is left of it."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is to be blanked (the JSON Pointer of a value or a group of them), why, and by which law.

    With `version` only that version's value goes, else that of every version that holds it.
    """

    pointer: str
    reason: str
    law: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Blanked:
    """One value that was blanked: the version and the place that its event names, and the body that held it."""

    version: int
    pointer: str
    body_sha256: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """What a redaction did, and where the same words, or another value of that place, still stand."""

    agreement: Agreement
    blanked: tuple[Blanked, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """A body of an agreement: its event, whether it is what the event says, and the version it belongs to.

    A deal that is only proposed belongs to the version in front of it, as what an event says does.
    """

    event: AgreementEvent
    body: AgreementBody
    is_details: bool
    version: int

    @property
    def place(self) -> str:
        """How a reader finds it."""
        if self.is_details:
            return f"event {self.event.number}"
        return f"version {self.version}" if self.event.version else f"the change proposed by event {self.event.number}"

    def named(self, pointer: str) -> str:
        """A pointer into the body as an event names it."""
        return f"/events/{self.event.number}{pointer}" if self.is_details else pointer


_Targets = list[tuple[_Held, list[Value]]]


def redact(session: Session, actor: Actor, agreement: Agreement, wanted: Redaction, tools: Tools) -> Redacted:
    """Blank a value, or a group of values, and declare it.

    Raises Refused for all but the registrar; NotFound where no version has such a value; AlreadyBlanked where it is
    blanked; InvalidInput where it is no place or cannot be blanked, or where the reason repeats it; InvalidRecord
    where the reason breaks the rules.
    """
    head = locked_head(session)
    session.refresh(agreement)
    require_authority("redacted", actor, [])
    if not _POINTER.fullmatch(wanted.pointer):
        raise InvalidInput(f"“{wanted.pointer}” is no JSON Pointer.", "Write for example /parties/0/contact.")
    held = list(_held(session, agreement))
    targets, others = _targets(held, wanted, agreement)
    for one, values in targets:
        _require_blankable(session, one, values)
    gone = {value.value for _, values in targets for value in values if isinstance(value.value, str)}
    said = _said(wanted, gone)
    blanked = [_declare(session, head, one, value, said, tools) for one, values in targets for value in values]
    for one, values in targets:
        _blank(one.body, values)
    session.flush()
    left = [*others, *_same_words(held, gone)]
    return Redacted(project(session, agreement.id, tools.clock, tools.ids), tuple(blanked), tuple(left))


def _held(session: Session, agreement: Agreement) -> Iterator[_Held]:
    """Every body of an agreement, oldest first, but for what redactions say of themselves."""
    version = 1
    for event in events_of(session, agreement.id):
        version = event.version or version
        for digest, is_details in ((event.body_sha256, False), (event.details_sha256, True)):
            if digest is not None:
                body = session.get_one(AgreementBody, digest, populate_existing=True)
                yield _Held(event, body, is_details, version)


def _targets(held: Sequence[_Held], wanted: Redaction, agreement: Agreement) -> tuple[_Targets, list[str]]:
    """The values to be blanked, body by body; and where another value of the same place stands."""
    of_event = _OF_AN_EVENT.fullmatch(wanted.pointer)
    if of_event:
        number, pointer = int(of_event[1]), of_event[2]
        found = [one for one in held if one.is_details and one.event.number == number]
        if not found:
            raise NotFound(
                f"{agreement.id} has no event {number} that says anything.", "See “gazette register history”."
            )
        return _under(found, pointer, wanted, agreement), []
    deals = [one for one in held if not one.is_details]
    if wanted.version is not None:
        deals = [one for one in deals if one.event.version == wanted.version]
        if not deals:
            raise NotFound(
                f"{agreement.id} has no version {wanted.version}.", f"Its versions go from 1 to {agreement.version}."
            )
        return _under(deals, wanted.pointer, wanted, agreement), []
    newest = next((one for one in reversed(deals) if _values_under(one, wanted.pointer)), None)
    if newest is None:
        return _under(deals, wanted.pointer, wanted, agreement), []
    models = _values_under(newest, wanted.pointer)
    targets = [(one, _alike(one, models)) for one in deals]
    others = [
        f"{one.place} has another value at {value.pointer}; blank it with --version {one.version}"
        for one, chosen in targets
        for value in _values_under(one, wanted.pointer)
        if value not in chosen
    ]
    return [(one, chosen) for one, chosen in targets if chosen], others


def _under(held: Sequence[_Held], pointer: str, wanted: Redaction, agreement: Agreement) -> _Targets:
    """The values at or below a pointer. Raises NotFound, AlreadyBlanked where there are none."""
    targets = [(one, values) for one in held if (values := _values_under(one, pointer))]
    if targets:
        return targets
    if any(is_below(gone, pointer) for one in held for gone in blanked_in(one.body.sealed)):
        raise AlreadyBlanked(f"{wanted.pointer} of {agreement.id} is blanked already.", "See its history.")
    raise NotFound(
        f"{agreement.id} has nothing at {wanted.pointer}.",
        "Write its place as a JSON Pointer, for example /parties/0/contact, or /events/7/reason for what an event "
        "says; “gazette register show --format json” has the names.",
    )


def _values_under(held: _Held, pointer: str) -> list[Value]:
    return [value for value in values_in(held.body.sealed) if is_below(value.pointer, pointer)]


def _alike(held: _Held, models: Sequence[Value]) -> list[Value]:
    """The values of a body that are those of the models: at the same place, or a text moved within its list."""
    values = values_in(held.body.sealed)
    at = {value.pointer: value for value in values}
    found: list[Value] = []
    for model in models:
        same = at.get(model.pointer)
        if same is not None and _equal(same, model):
            found.append(same)
        elif isinstance(model.value, str):
            found += [one for one in values if _anywhere(one) == _anywhere(model) and _equal(one, model)]
    return list(dict.fromkeys(found))


def _equal(one: Value, other: Value) -> bool:
    return type(one.value) is type(other.value) and one.value == other.value


def _anywhere(value: Value) -> str:
    """A pointer without the places in lists."""
    return re.sub(r"/[0-9]+(?=/|$)", "/*", value.pointer)


def _require_blankable(session: Session, held: _Held, values: Sequence[Value]) -> None:
    schema = schema_of_body(session, held.body)
    for value in values:
        in_log = value.value == held.event.effective or value.pointer in {"/id", "/schemaVersion"}
        declares = held.is_details and held.event.event == "redacted" and value.pointer in {"/pointer", "/version"}
        if in_log or declares or stand_in_for(value.pointer, schema).dropped == "":
            raise InvalidInput(
                f"{held.named(value.pointer)} ({held.place}) cannot be blanked: "
                + ("it stands in the log’s own entry" if in_log else "nothing could be read of the record without it")
                + ", which holds codes, numbers and dates and no person.",
                "Name what is to go more narrowly.",
            )


def _said(wanted: Redaction, gone: set[str]) -> Json:
    """What the events of the redaction say, but for version and place."""
    said = {name: text for name, text in (("reason", wanted.reason), ("law", wanted.law)) if text is not None}
    cleaned: Json = clean_document(said)[0]
    for name, text in cleaned.items():
        if any(_contains(str(text), words) for words in gone):
            raise InvalidInput(f"The {name} repeats what is to be blanked.", "Say why without repeating it.")
    return cleaned


def _declare(
    session: Session, head: RegisterHead, held: _Held, value: Value, said: Mapping[str, object], tools: Tools
) -> Blanked:
    details = {"version": held.version, "pointer": held.named(value.pointer), **said}
    problems = errors_in(check_event(details, "redacted", AGREEMENT_VERSION))
    if problems:
        raise InvalidRecord("What is said of the redaction breaks the rules.", problems)
    new = NewEvent(
        agreement_id=held.event.agreement_id,
        event="redacted",
        details=seal(details, tools.randomness),
        schema_version=AGREEMENT_VERSION,
    )
    append(session, head, new, tools.clock)
    return Blanked(held.version, held.named(value.pointer), held.body.sha256)


def _blank(body: AgreementBody, values: Sequence[Value]) -> None:
    items = {value.pointer: blanked_item(value) for value in values}
    body.sealed = [items.get(item[0], item) for item in body.sealed]


def _same_words(held: Sequence[_Held], gone: set[str]) -> Iterator[str]:
    """Where in the same agreement the words that went still stand, in another field or inside a longer text."""
    words = [text for text in gone if len(text) >= SHORTEST_WORDS]
    for one in held:
        for value in values_in(one.body.sealed):
            if isinstance(value.value, str) and any(_contains(value.value, text) for text in words):
                yield f"{one.place} has the same words at {one.named(value.pointer)}"


def _contains(text: str, words: str) -> bool:
    return len(words) >= SHORTEST_WORDS and words.casefold() in text.casefold()
