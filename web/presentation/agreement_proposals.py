"""What became of a proposed amendment, read from the events that followed it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proposal:
    """An event as far as proposals go: its number, its code, and the version it makes, where it makes one."""

    number: int
    event: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a proposal: whether it still waits, what happened in words, and with what to compare it.

    `followed_by` is the version that an amendment made afterwards.
    """

    waits: bool
    sentence: str
    compared_with: int
    followed_by: int | None = None


def fate_of(events: Sequence[Proposal], number: int, *, living: bool) -> Fate:
    """The fate of the proposal with a number, from all events of the agreement, oldest first.

    One that waits is compared with the newest version, one that is decided with the version of its time. `living`
    where the agreement can still be amended.
    """
    before = [one.version for one in events if one.version and one.number < number]
    newest = [one.version for one in events if one.version][-1]
    then = before[-1] if before else newest
    for one in events:
        if one.number <= number:
            continue
        if one.event == "amended":
            told = f"The agreement was amended after it: version {one.version} holds what was agreed."
            return Fate(waits=False, sentence=told, compared_with=then, followed_by=one.version)
        if one.event == "amendment-proposed":
            return Fate(waits=False, sentence="Another proposal has taken its place.", compared_with=then)
    if not living:
        return Fate(waits=False, sentence="It was not agreed before the agreement was over.", compared_with=then)
    return Fate(waits=True, sentence=f"Version {newest} stands until it is agreed.", compared_with=newest)
