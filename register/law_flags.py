"""The law of a record held against the powers known here, on the days that it ran: only what is certain. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from register.powers.facts import MayUse
from register.powers.table import PowersTable, name_of
from schemas.canonical import Json
from schemas.dates import first_day, last_day


@dataclass(frozen=True, slots=True)
class Doubt:
    """A power that was not law on a day, or, where `party` is named, that this party may not use."""

    power: str
    day: date
    party: str = ""


def law_in_doubt(
    document: Json, powers: PowersTable, organisations: Mapping[str, str], last: date | None
) -> Iterator[Doubt]:
    """Every power of a deal that certainly was not law, or not for a party, when it began or on the last day it ran.

    `organisations` gives the short names of parties by their names in the record; `last` is None where it is not known
    whether it ran until any day.
    """
    days = list(_days(document.get("effectiveFrom"), last))
    for power in document.get("legalPowers", ()):
        out = [day for sure in days if (day := _out_of_force(powers, power, sure))]
        if out:
            yield Doubt(name_of(power), out[0])
            continue
        for party in users_of(power, document):
            known = organisations.get(party.get("name", ""))
            asked = {**party, "organisation": known} if known else party
            if any(_may_not(powers, power, asked, sure) for sure in days):
                yield Doubt(name_of(power), days[0][0], party.get("name", ""))


def users_of(power: Json, document: Json) -> list[Json]:
    """The parties that use a power: the one it names, else all but those known only to receive or to help.

    A law that lets a body send data often names only who may send it.
    """
    parties: list[Json] = list(document.get("parties", ()))
    if named := power.get("party"):
        return [party for party in parties if party.get("name") == named]
    senders = {flow["from"] for flow in document.get("flows", ()) if "from" in flow}
    return [
        party
        for party in parties
        if "discloser" in party.get("flowRole", ("discloser",)) or party.get("name") in senders
    ]


def _days(begins: str | None, last: date | None) -> Iterator[tuple[date, date]]:
    """The first and the last day that each of the two can be: something holds only if it does on both."""
    if begins:
        yield first_day(begins), last_day(begins)
    if last and (not begins or last > last_day(begins)):
        yield last, last


def _out_of_force(powers: PowersTable, power: Json, sure: tuple[date, date]) -> date | None:
    standings = [powers.standing(power, day) for day in sure]
    return sure[0] if all(standing.is_out_of_force for standing in standings) else None


def _may_not(powers: PowersTable, power: Json, party: Json, sure: tuple[date, date]) -> bool:
    return all(powers.may_use(power, party, day).answer is MayUse.NO for day in sure)
