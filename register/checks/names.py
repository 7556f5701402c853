"""Names of parties: each body once, and every other name of a record leads to one of them."""

import difflib
from collections.abc import Iterator

from catalogue.organisations.record import fold_name
from register.checks.fields import groups, listed, texts_of, title_at
from schemas.canonical import Json
from schemas.problems import Problem

RULE = "register rule: names of parties"

_NAMES = frozenset({"partyName"})


def dangling_names(document: Json) -> list[Problem]:
    """Parties with one name, and flows that name nobody among the parties. No record is taken with either."""
    return [*_named_twice(document), *(problem for problem in _strangers(document) if _is_end(problem.pointer))]


def dangling_names_elsewhere(document: Json) -> list[Problem]:
    """Parties that other fields name (who uses a power, who answers complaints…) and that stand nowhere else."""
    return [problem for problem in _strangers(document) if not _is_end(problem.pointer)]


def _named_twice(document: Json) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, party in groups(document, "parties"):
        name = party.get("name")
        if not isinstance(name, str):
            continue
        if name in seen:
            yield Problem(
                f"{place}/name",
                f"Another party is called “{name}” too.",
                "Name each body once with all its roles, or write what tells the two apart.",
                title="Name",
            )
        seen.add(name)


def _strangers(document: Json) -> Iterator[Problem]:
    """Each name of a party that none of the parties bears. Where no party has a name, nothing is said."""
    names = {name for party in listed(document.get("parties")) if (name := _name(party))}
    if not names:
        return
    for field in texts_of(document, _NAMES):
        if field.value not in names:
            near = _nearest(field.value, names)
            yield Problem(
                field.pointer,
                f"“{field.value}” is none of the parties.",
                f"Did you mean “{near}”?" if near else f"Write one of: {', '.join(sorted(names))}.",
                title=title_at(field.pointer),
                clause="" if _is_end(field.pointer) else RULE,
            )


def _nearest(name: str, names: set[str]) -> str:
    folded = {fold_name(known): known for known in sorted(names)}
    if same := folded.get(fold_name(name)):
        return same
    near = difflib.get_close_matches(name[:200], sorted(names), n=1, cutoff=0.8)
    return near[0] if near else ""


def _name(party: object) -> str:
    name = party.get("name") if isinstance(party, dict) else None
    return name if isinstance(name, str) else ""


def _is_end(pointer: str) -> bool:
    return pointer.startswith("/flows/") and pointer.endswith(("/from", "/to"))
