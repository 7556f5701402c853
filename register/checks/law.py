"""The law a record rests on: powers in force and usable by the party, and grounds that fit a public authority."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from catalogue.organisations.record import fold_name
from register.checks.fields import group, groups, is_officials_own, listed, text, title_at
from register.checks.order import first_in_force, is_over
from register.checks.tables import OrganisationKnown, Tables
from register.powers.facts import Eligibility, MayUse, PowerStanding, Standing
from register.powers.table import PowersTable, name_of
from schemas.canonical import Json
from schemas.problems import Problem, Severity

RULE = "register rule: the power is in force and the party may use it"
GROUND_RULE = "GDPR Article 6(1), second subparagraph"
COUNTRY_RULE = "Data (Use and Access) Act 2025 s.70"

_NOT_PUBLIC = {"company", "charity", "university", "class-of-persons", "international", "other"}
_PUBLIC_WORDS = re.compile(
    r"\b(?:agency|authority|borough|commission|commissioners?|council|court|customs|department|government|ministry|"
    r"ministers?|office|police|revenue|tribunals?)\b"
)
_GROUNDS = {"art-6-1-f": "legitimate interests", "art-6-1-ea": "a recognised legitimate interest"}


def powers_in_doubt(document: Json, tables: Tables, today: date | None) -> list[Problem]:
    """Powers not in force on the day, or that a party may not use; where that is not known, a note that says so.

    Nobody is accused of what the table of powers does not know. Where the record does not say which party uses a
    power, it is told only where none of them may.
    """
    days = first_in_force(document, today)
    if tables.powers is None or not tables.powers.powers or days is None:
        return []
    parties = [_plain_party(party) for _, party in groups(document, "parties")]
    asked = _Asked(tables.powers, days, parties, today if today and not is_over(document, today) else None)
    found = [
        problem
        for place, power in groups(document, "legalPowers")
        for problem in _of_power(place, _plain_power(power), text(power.get("party")), asked)
    ]
    return [problem for problem in found if is_officials_own(document) or problem.severity == "error"]


def grounds_of_authorities(document: Json, tables: Tables | None) -> list[Problem]:
    """Legitimate interests as the ground of a public authority, and a British ground where British law does not apply.

    Where it is not known whether a party is a public authority, the sentence says “if”.
    """
    return [
        problem
        for place, basis in groups(document, "lawfulBasis")
        for problem in (*_ground(place, basis, document, tables), *_british(place, basis, document))
    ]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the powers of a record are held against: the days that the first of it can mean, its parties, and today.

    `today` is None where the agreement is over.
    """

    table: PowersTable
    days: tuple[date, date]
    parties: list[Json]
    today: date | None

    def name(self, power: Json) -> str:
        """What the table calls a power, else the record."""
        known = self.table.known(power)
        return known[0].title if len(known) == 1 else name_of(power)

    def standing(self, power: Json) -> PowerStanding:
        """Whether the power was in force on the first day; out of force only where it was so on each that it can be."""
        found = [self.table.standing(power, day) for day in dict.fromkeys(self.days)]
        return next((one for one in found if not one.is_out_of_force), found[0])

    def may_use(self, power: Json, party: Json) -> Eligibility:
        """Whether a party may use it on the first day; no only where it may not on each day that it can be."""
        found = [self.table.may_use(power, party, day) for day in dict.fromkeys(self.days)]
        return next((one for one in found if one.answer is not MayUse.NO), found[0])


def _of_power(place: str, power: Json, named: str, asked: _Asked) -> Iterator[Problem]:
    standing = asked.standing(power)
    if standing.is_out_of_force:
        yield _problem(place, standing.sentence, "Name the power that was in force on the day, or correct the dates.")
        return
    if standing.standing is Standing.NOT_KNOWN_HERE:
        message = f"{standing.sentence} Whether it was in force, and who may use it, was not checked."
        yield _problem(place, message, "If it stands there under another name, give its short name.", "warning")
        return
    if standing.standing is Standing.UNKNOWN:
        yield _problem(place, standing.sentence, "Look whether it was; the register cannot tell.", "warning")
    elif asked.today and (now := asked.table.standing(power, asked.today)).is_out_of_force and _has_begun(asked):
        yield _problem(place, now.sentence, "Look on which law the sharing rests today.", "warning")
    yield from _of_users(place, power, named, asked)


def _of_users(place: str, power: Json, named: str, asked: _Asked) -> Iterator[Problem]:
    users = [party for party in asked.parties if not named or party.get("name") == named]
    answers = [asked.may_use(power, party) for party in users]
    if not answers or any(answer.answer is MayUse.YES for answer in answers):
        return
    where = f"{place}/party" if named else place
    unsure = [answer for answer in answers if answer.answer is MayUse.NOT_KNOWN]
    if unsure:
        message = f"It is not known whether “{asked.name(power)}” may be used here. {unsure[0].sentence}"
        yield _problem(where, message, "Look in the law itself who may use it; the register cannot tell.", "warning")
    elif named:
        message = f"{named} may not use “{asked.name(power)}”. {answers[0].sentence}"
        yield _problem(where, message, "Name the power that this party has, or the party that has this power.")
    else:
        message = f"None of the parties may use “{asked.name(power)}”. {answers[0].sentence}"
        yield _problem(where, message, "Name the power that lets the data be shared.")


def _has_begun(asked: _Asked) -> bool:
    return asked.today is not None and asked.days[1] <= asked.today


def _ground(place: str, basis: Json, document: Json, tables: Tables | None) -> Iterator[Problem]:
    code = basis.get("code")
    words = _GROUNDS.get(code) if isinstance(code, str) else None
    if words is None:
        return
    named = text(basis.get("party"))
    parties = [party for _, party in groups(document, "parties") if not named or text(party.get("name")) == named]
    for party in parties:
        known = _known(party, tables)
        if known and known.kind:
            public, sure = known.kind not in _NOT_PUBLIC, True
        else:
            public, sure = _PUBLIC_WORDS.search(fold_name(text(party.get("name")))) is not None, False
        if public:
            name = text(party.get("name"))
            condition = "" if sure else f"If {name} is a public authority: "
            message = f"{condition}a public authority cannot rest its own tasks on {words}."
            yield Problem(
                f"{place}/code",
                f"{message[0].upper()}{message[1:]}",
                f"If {name} does this as its public task, write “art-6-1-e”; if a law obliges it, “art-6-1-c”.",
                title_at(f"{place}/code"),
                "warning",
                GROUND_RULE,
            )
            return


def _british(place: str, basis: Json, document: Json) -> Iterator[Problem]:
    places = [code for code in listed(document.get("jurisdictions")) if isinstance(code, str)]
    if basis.get("code") == "art-6-1-ea" and places and not any(code.startswith("GB") for code in places):
        yield Problem(
            f"{place}/code",
            f"This ground is one of British law alone; the agreement is under the law of {', '.join(places)}.",
            "Choose a ground of the law that applies.",
            title_at(f"{place}/code"),
            "warning",
            COUNTRY_RULE,
        )


def _known(party: Json, tables: Tables | None) -> OrganisationKnown | None:
    if tables is None:
        return None
    by_name = tables.bodies.get(fold_name(text(party.get("name"))))
    return tables.organisations.get(text(party.get("organisation"))) or by_name


def _plain_power(power: Json) -> Json:
    """A power with the members that the table reads, whatever shape the record has."""
    plain = {name: text(power[name]) for name in ("power", "title", "instrument", "provision") if text(power.get(name))}
    number = _plain_number(power.get("identifier"))
    return {**plain, "identifier": number} if number else plain


def _plain_party(party: Json) -> Json:
    plain: Json = {name: text(party[name]) for name in ("name", "organisation") if text(party.get(name))}
    numbers = [number for entry in listed(party.get("identifiers")) if (number := _plain_number(entry))]
    return {**plain, "identifiers": numbers} if numbers else plain


def _plain_number(value: object) -> Json:
    number = {name: text(group(value).get(name)) for name in ("scheme", "id")}
    return number if all(number.values()) else {}


def _problem(pointer: str, message: str, advice: str, severity: Severity = "error") -> Problem:
    return Problem(pointer, message, advice, title_at(pointer), severity, RULE)
