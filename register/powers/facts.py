"""What the table of powers knows, as plain values, and the answers it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schemas.dates import first_day, last_day


class Standing(StrEnum):
    """Whether a power was in force on a day."""

    IN_FORCE = "in-force"
    NOT_YET = "not-yet"
    NO_LONGER = "no-longer"
    UNKNOWN = "unknown"
    NOT_KNOWN_HERE = "not-known-here"


class MayUse(StrEnum):
    """Whether a body may use a power."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not-known"


@dataclass(frozen=True, slots=True)
class PowerStanding:
    """Whether a power was in force on a day, with a sentence; `power` is its short name here, empty where unknown."""

    standing: Standing
    sentence: str
    power: str = ""

    @property
    def is_out_of_force(self) -> bool:
        """Whether it is known not to have been in force."""
        return self.standing in {Standing.NOT_YET, Standing.NO_LONGER}


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a body may use a power on a day, with a sentence that says how that is known."""

    answer: MayUse
    sentence: str
    power: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from and until, at the precision stated; either may not be known. `reason` says why it ended."""

    from_on: str | None = None
    until_on: str | None = None
    reason: str = ""

    def is_before_it(self, day: date) -> bool:
        """Whether a day certainly comes before it."""
        return self.from_on is not None and first_day(self.from_on) > day

    def is_after_it(self, day: date) -> bool:
        """Whether a day certainly comes after it."""
        return self.until_on is not None and last_day(self.until_on) < day

    def may_hold(self, day: date) -> bool:
        """Whether a day may lie within it."""
        return not self.is_before_it(day) and not self.is_after_it(day)

    def surely_holds(self, day: date) -> bool:
        """Whether a day certainly lies within it: its first day is known."""
        begun = self.from_on is not None and last_day(self.from_on) <= day
        return begun and (self.until_on is None or first_day(self.until_on) >= day)


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """A body or class of bodies that may use a power, and on what days. `listed` is false once it was taken out.

    `organisation` is its short name where it is an organisation here, `numbers` what the list calls it, `members`
    what is known of every member of a class.
    """

    name: str
    is_class: bool = False
    organisation: str = ""
    numbers: tuple[tuple[str, str], ...] = ()
    period: Period = Period()
    listed: bool = True
    members: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PowerFacts:
    """A power as the table knows it. `objectives` are the aims it may be used for, `periods` its times in force."""

    id: str
    title: str
    instrument: str = ""
    provision: str = ""
    jurisdiction: str = ""
    objectives: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    periods: tuple[Period, ...] = ()
    not_commenced: bool = False
    bodies: tuple[BodyFacts, ...] = ()
    bodies_complete: bool = False


def told(text: str) -> str:
    """A date as people read it, at its precision: 31 March 2019, March 2019, 2019."""
    day = first_day(text)
    if len(text) == 4:
        return text
    return f"{day:%B %Y}" if len(text) == 7 else f"{day.day} {day:%B %Y}"
