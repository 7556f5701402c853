"""What is read out of many agreements at once: the flags they raise, and what is due for them."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from register.agreements.happenings import histories_of, surroundings_of
from register.agreements.models import Agreement
from register.agreements.read import agreements_after
from register.flags import Flag, flags_of
from register.obligations import Obligation, obligations
from register.powers.read import powers_table
from schemas.canonical import Json

_AT_ONCE = 500
"""So many agreements are read with one query."""


def flags_in(
    session: Session, agreements: Sequence[Agreement], day: date, can_confirm: frozenset[str] = frozenset()
) -> Iterator[tuple[Agreement, Flag]]:
    """The flags of agreements as of a day, agreement by agreement, with a fixed number of queries for many of them."""
    powers = powers_table(session)
    for some in _batches(agreements):
        histories = histories_of(session, some)
        around = surroundings_of(session, some, powers=powers, can_confirm=can_confirm)
        for agreement in some:
            found = flags_of(histories[agreement.id], agreement.standing, day, around[agreement.id])
            yield from ((agreement, flag) for flag in found)


def flag_line(agreement: Agreement, flag: Flag) -> Json:
    """A flag in a listing."""
    return {
        "agreement": agreement.id,
        "version": flag.version,
        "flag": flag.code,
        "value": flag.value,
        "sentence": flag.sentence,
    }


def due_in(
    session: Session, organisation: str | None, within: int | None, day: date, can_confirm: frozenset[str]
) -> list[Obligation]:
    """What is due, overdue first, then in the order of the days, what has no day last.

    For one organisation (slug) where it is named; `within` leaves out what is due in more days than that.
    """
    agreements = list(agreements_after(session, 0, organisation))
    last = day + timedelta(days=min(within, 36_500)) if within is not None else date.max
    found = []
    for some in _batches(agreements):
        histories = histories_of(session, some)
        around = surroundings_of(session, some, can_confirm=can_confirm)
        for agreement in some:
            due = obligations(histories[agreement.id], agreement.standing, day, around[agreement.id], agreement.id)
            found += [
                one
                for one in due
                if (organisation is None or organisation in one.organisations) and (one.due or day) <= last
            ]
    return sorted(found, key=lambda one: (one.due is None, one.due or date.max))


def _batches(agreements: Sequence[Agreement]) -> Iterator[Sequence[Agreement]]:
    for start in range(0, len(agreements), _AT_ONCE):
        yield agreements[start : start + _AT_ONCE]
