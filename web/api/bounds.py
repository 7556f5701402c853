"""How much may be wrong in what is sent: each mistake is told with its place and what to write instead, which is dear.

A record of 40,000 bytes is checked in some milliseconds. Two million bytes of nothing but mistakes would take minutes,
and be answered with a hundred times as much; nobody would read that.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from schemas.checking import compiled
from schemas.errors import InvalidInput
from schemas.problems import Problem, pointer_to
from schemas.upgrades import older_version

MOST_MISTAKES = 1_000
"""In one record."""

MOST_FOR_EACH = 50
"""In each of many records, on average and for each profile: one that is empty has 35."""

_FEW = 2_000
"""Values: what has no more of them is quickly checked, whatever is wrong in it."""

LONGEST_DETAILS = 8_000
"""Values: a review with as many benefits and outputs as its schema lets it have has fewer."""


def require_few_mistakes(document: Json) -> None:
    """Raises InvalidInput where a long record breaks its schema in more places than anybody would read."""
    if not _has_more(document, _FEW):
        return
    mistakes = 0
    for error in _validator(older_version(document) or AGREEMENT_VERSION).iter_errors(document):
        mistakes += _told_for(error)
        if mistakes > MOST_MISTAKES:
            raise InvalidInput(
                f"The record breaks its schema in more than {MOST_MISTAKES:,} places.",
                f"Is it an agreement? The last one that was counted is at “{pointer_to(error.absolute_path)[:200]}”.",
            )


def require_short_details(details: Json) -> None:
    """Raises InvalidInput for what is said of an event, where it is longer than any event has."""
    if _has_more(details, LONGEST_DETAILS):
        told = f"“details” holds more than {LONGEST_DETAILS:,} values."
        raise InvalidInput(told, "Send what is asked for of this event alone.")


def within_bounds(checked: Iterable[list[Problem]], records: int, profiles: int) -> Sequence[list[Problem]]:
    """The problems of each of so many records with so many profiles. Raises InvalidInput where they are too many."""
    most = MOST_MISTAKES + MOST_FOR_EACH * records * max(1, profiles)
    found: list[list[Problem]] = []
    total = 0
    for problems in checked:
        found.append(problems)
        total += len(problems)
        if total > most:
            raise InvalidInput(
                f"The first {len(found):,} of these {records:,} records have more than {most:,} problems.",
                "Send one of them alone, mend what is wrong in all, then send them again.",
            )
    return found


@cache
def _validator(version: str) -> Any:  # noqa: ANN401 - jsonschema types validators loosely
    return compiled(load_schema("agreement", version))


def _told_for(error: Any) -> int:  # noqa: ANN401 - a jsonschema.ValidationError
    """How many problems are told for one error: of members that are not known there is one for all together."""
    if error.validator != "additionalProperties":
        return 1
    return len(error.instance.keys() - error.schema.get("properties", {}).keys())


def _has_more(value: object, most: int) -> bool:
    """Whether there are more values than so many in a JSON value, on all levels together."""
    waiting, seen = [value], 1
    while waiting and seen <= most:
        one = waiting.pop()
        inside = list(one.values()) if isinstance(one, dict) else one if isinstance(one, list) else []
        seen += len(inside)
        waiting.extend(held for held in inside if isinstance(held, dict | list))
    return seen > most
