"""The powers known here as one frozen table that records are held against. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from catalogue.organisations.record import fold_name
from register.powers.classes import OrganisationFacts
from register.powers.eligibility import eligibility
from register.powers.facts import Eligibility, MayUse, PowerFacts, PowerStanding, Standing
from register.powers.standing import standing_of
from schemas.canonical import Json


@dataclass(frozen=True)
class PowersTable:
    """The powers known here, with what is known of the organisations that a record may name (by short name)."""

    powers: tuple[PowerFacts, ...] = ()
    organisations: Mapping[str, OrganisationFacts] = field(default_factory=dict)

    def standing(self, power: Json, day: date) -> PowerStanding:
        """Whether a power of a record (a member of `legalPowers`) was in force on a day, with a sentence."""
        found = [standing_of(one, day) for one in self.known(power)]
        if not found:
            sentence = f"“{name_of(power)}” is not in the list of powers here."
            return PowerStanding(Standing.NOT_KNOWN_HERE, sentence)
        if len({one.standing for one in found}) == 1:
            return found[0]
        sentence = f"“{name_of(power)}” may be any of {len(found)} powers, and not all of them are in force alike."
        return PowerStanding(Standing.UNKNOWN, sentence)

    def may_use(self, power: Json, party: Json, day: date) -> Eligibility:
        """Whether a party (a member of `parties`) may use a power of a record on a day, with a sentence."""
        found = [eligibility(one, party, self.organisations, day) for one in self.known(power)]
        if not found:
            sentence = f"“{name_of(power)}” is not in the list of powers here, so nobody can say who may use it."
            return Eligibility(MayUse.NOT_KNOWN, sentence)
        if len({one.answer for one in found}) == 1:
            return found[0]
        sentence = f"“{name_of(power)}” may be any of {len(found)} powers, and not all of them are for the same bodies."
        return Eligibility(MayUse.NOT_KNOWN, sentence)

    def known(self, power: Json) -> tuple[PowerFacts, ...]:
        """The powers here that a power of a record can be: by short name, by number, else by what the law is called.

        Several where a record names only a provision in which several powers stand; none where none is known.
        """
        if "power" in power:
            return self._by_id.get(power["power"], ())
        number = power.get("identifier", {})
        if by_number := self._by_number.get((number.get("scheme", ""), number.get("id", ""))):
            return by_number
        instrument = fold_name(power.get("instrument", ""))
        of_law = [one for one in self.powers if instrument and fold_name(one.instrument) == instrument]
        provision, title = plain_provision(power.get("provision", "")), fold_name(power.get("title", ""))
        there = [one for one in of_law if provision and plain_provision(one.provision) == provision]
        there = there or [one for one in of_law if _is_part(provision, plain_provision(one.provision))]
        titled = [one for one in of_law if title and title in map(fold_name, (one.title, *one.objectives))]
        return tuple([one for one in there if one in titled] or there or titled)

    @cached_property
    def _by_id(self) -> dict[str, tuple[PowerFacts, ...]]:
        return {one.id: (one,) for one in self.powers}

    @cached_property
    def _by_number(self) -> dict[tuple[str, str], tuple[PowerFacts, ...]]:
        return {number: (one,) for one in self.powers for number in one.numbers}


def _is_part(provision: str, whole: str) -> bool:
    """Whether a provision is a part of another: s.261(2)(a) is one of s.261."""
    return bool(whole) and provision.startswith(f"{whole}(")


def name_of(power: Json) -> str:
    """What to call a power of a record: its title, else the law and its provision, else its number."""
    law = ", ".join(part for part in (power.get("instrument"), power.get("provision")) if part)
    return str(power.get("title") or law or power.get("power") or power.get("identifier", {}).get("id") or "the law")


_WORDS = (
    (re.compile(r"(?:sections?|ss?)(?![a-z])"), "s"),
    (re.compile(r"(?:regulations?|regs?|r)(?![a-z])"), "r"),
    (re.compile(r"(?:articles?|arts?)(?![a-z])"), "a"),
    (re.compile(r"(?:schedules?|sch)(?![a-z])"), "sch"),
    (re.compile(r"(?:paragraphs?|paras?)(?![a-z])"), "p"),
)


def plain_provision(text: str) -> str:
    """What two ways of writing one provision have in common: “section 56”, “s.56” and “S 56” are one."""
    folded = text.casefold().strip()
    for words, short in _WORDS:
        folded = re.sub(rf"(?<![a-z]){words.pattern}", short, folded)
    return re.sub(r"[\s.,]+", "", folded)
