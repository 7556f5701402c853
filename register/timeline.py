"""An agreement through time, pure: its versions, the dates in force after each event, and the parties' last words.

What flags and obligations are read out of. Dates follow renewals and reviews, and an early end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from register.agreements.life import VERSION_EVENTS, fold
from register.agreements.proceedings import after_event, after_version, dates_in_force
from register.powers.table import PowersTable
from schemas.canonical import Json
from schemas.dates import first_day, last_day


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: its code, the version it makes (with what that says), its time, and what else it says.

    `details` is the small body of an event that makes no version or says more than the deal; `by` the short name of
    the organisation that acted.
    """

    event: str
    version: int | None
    document: Json | None
    registered_on: datetime
    details: Json | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Another agreement of the register as far as gaps go: when it began and when it ended or ends."""

    id: str
    title: str
    effective_from: str | None = None
    ends_on: str | None = None


@dataclass(frozen=True)
class Surroundings:
    """What is known around an agreement. Where nothing is handed in, nothing is said of it.

    `powers` are the powers known here; `related` the agreements that its record names, by number here and by
    `scheme:number` elsewhere; `can_confirm` the organisations (short names) that have an account which can confirm;
    `organisations` the short names of parties by the names they bear in the record.
    """

    powers: PowersTable | None = None
    related: Mapping[str, Related] = field(default_factory=dict)
    can_confirm: frozenset[str] = frozenset()
    organisations: Mapping[str, str] = field(default_factory=dict)

    def slug_of(self, party: Json) -> str:
        """The short name of the organisation that a party is; empty where it is none known here."""
        return self.organisations.get(party.get("name", "")) or party.get("organisation", "") or ""

    def name_of(self, slug: str, document: Json) -> str:
        """What the record calls an organisation."""
        names = [party["name"] for party in document.get("parties", ()) if self.slug_of(party) == slug]
        return names[0] if names else slug


NOWHERE = Surroundings()
"""Nothing known around it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event with the dates in force before and after it (`endsOn`, `endCondition`, `nextReviewOn`)."""

    happening: Happening
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class Word:
    """The last word of a party (a short name): on which version, whether it is right, and what is not."""

    party: str
    version: int
    right: bool
    reason: str = ""


@dataclass(frozen=True)
class Timeline:
    """An agreement as it stood on a day: its versions oldest first, each step, and what the events leave it as."""

    day: date
    versions: tuple[Happening, ...]
    steps: tuple[Step, ...]
    standing: str
    dates: Json
    proceedings: Json

    @property
    def document(self) -> Json:
        """The deal of the newest version."""
        return self.versions[-1].document or {}

    @property
    def ended_on(self) -> str | None:
        """The last day: that on which it was ended early, else that in force."""
        stated: str | None = self.proceedings.get("termination", {}).get("endedOn")
        return stated if stated and self.standing == "ended" else self.dates.get("endsOn")

    def since(self, name: str) -> datetime | None:
        """When a date came to be what it is."""
        moved = [step for step in self.steps if step.before.get(name) != step.after.get(name)]
        return moved[-1].happening.registered_on if moved else None

    def happened(self, event: str) -> list[Happening]:
        """Every event of one code, oldest first."""
        return [step.happening for step in self.steps if step.happening.event == event]

    def words(self) -> list[Word]:
        """What each party said last of each version, in the order in which they spoke.

        A party that found a version right has no quarrel with those before it any more. Who makes a version says yes
        to it.
        """
        said: dict[tuple[str, int], Word] = {}
        version = 0
        for step in self.steps:
            word = _word(step.happening, version)
            version = step.happening.version or version
            if word is None:
                continue
            if word.right:
                for key in [key for key in said if key[0] == word.party and key[1] <= word.version]:
                    del said[key]
            said[word.party, word.version] = word
        return list(said.values())


def timeline_of(history: Sequence[Happening], standing: str, day: date) -> Timeline | None:
    """The timeline as of a day, from all events oldest first; None where nothing stood in a register by then.

    `standing` is what all events decide; where some of them lie after the day, it is read out of the others.
    """
    known = [happening for happening in history if happening.registered_on.date() <= day]
    while known and not _makes_a_version(known[0]):
        known = known[1:]
    if not known:
        return None
    steps, proceedings = _steps(known)
    versions = tuple(happening for happening in known if _makes_a_version(happening))
    return Timeline(
        day=day,
        versions=versions,
        steps=tuple(steps),
        standing=standing if len(known) == len(history) else _standing(known),
        dates=steps[-1].after,
        proceedings=proceedings,
    )


def _makes_a_version(happening: Happening) -> bool:
    return happening.version is not None and happening.document is not None


@dataclass(slots=True)
class _Event:
    """A happening in the shape that the fold of a record reads."""

    number: int
    event: str
    version: int | None
    body_sha256: str | None
    details_sha256: str | None
    actor_organisation: str | None
    recorded_at: datetime
    registered_on: datetime


def _events(known: Iterable[Happening]) -> list[_Event]:
    return [
        _Event(
            number,
            happening.event,
            happening.version,
            f"body {number}" if _makes_a_version(happening) else None,
            None,
            happening.by,
            happening.registered_on,
            happening.registered_on,
        )
        for number, happening in enumerate(known)
    ]


def _steps(known: Sequence[Happening]) -> tuple[list[Step], Json]:
    proceedings: Json = {}
    document: Json = {}
    steps = []
    for happening, event in zip(known, _events(known), strict=True):
        before = dates_in_force(document, proceedings)
        proceedings = after_event(proceedings, event, happening.details or {})
        if happening.document is not None and happening.event in VERSION_EVENTS:
            proceedings = after_version(proceedings, document, happening.document)
            document = happening.document
        steps.append(Step(happening, before, dates_in_force(document, proceedings)))
    return steps, proceedings


def _standing(known: Sequence[Happening]) -> str:
    bodies = {f"body {number}": happening.document or {} for number, happening in enumerate(known)}
    return fold(_events(known), lambda name: bodies[name]).standing


def _word(happening: Happening, newest: int) -> Word | None:
    details = happening.details or {}
    party = details.get("party") or happening.by or ""
    if happening.event == "confirmed" and party:
        return Word(party, details.get("version", newest), right=True)
    if happening.event == "disputed" and party:
        return Word(party, details.get("version", newest), right=False, reason=details.get("reason", ""))
    if _makes_a_version(happening) and happening.by:
        return Word(happening.by, happening.version or 0, right=True)
    return None


def told(day: date) -> str:
    """A day as people read it: 31 March 2019."""
    return f"{day.day} {day:%B %Y}"


def days_between(earlier: str, later: str) -> int:
    """How many whole days certainly lie between two dates, neither of them counted."""
    return (first_day(later) - last_day(earlier)).days - 1
