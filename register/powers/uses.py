"""Which agreements rely on which power: by its short name, its number elsewhere, or what the law is called."""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from register.agreements.models import Agreement
from register.powers.table import PowersTable


@dataclass(frozen=True)
class Uses:
    """The agreements by the short name of the power that they rely on, and by a law that is in no list here.

    A law that is not in the list is named by its instrument and provision, as the records write them.
    """

    known: dict[str, list[Agreement]] = field(default_factory=lambda: defaultdict(list))
    unlisted: dict[tuple[str, str], list[Agreement]] = field(default_factory=lambda: defaultdict(list))


def uses_of(session: Session, table: PowersTable) -> Uses:
    """What the present versions of all agreements rely on, in the order of their numbers.

    A record that may mean any of several powers is counted for none of them.
    """
    query = select(Agreement).options(selectinload(Agreement.parties)).order_by(Agreement.serial)
    uses = Uses()
    for agreement in session.scalars(query):
        for power in agreement.document.get("legalPowers", ()):
            found = table.known(power)
            law = (power.get("instrument", ""), power.get("provision", ""))
            if len(found) == 1:
                _count(uses.known[found[0].id], agreement)
            elif not found and law[0]:
                _count(uses.unlisted[law], agreement)
    return uses


def agreements_by_power(session: Session, table: PowersTable) -> dict[str, list[Agreement]]:
    """The agreements that rely on each power known here, by its short name."""
    return uses_of(session, table).known


def _count(agreements: list[Agreement], agreement: Agreement) -> None:
    if agreement not in agreements[-1:]:
        agreements.append(agreement)
