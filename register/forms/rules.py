"""What the rules of profiles say beyond “this is missing”: the choices they offer, and all places they speak of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from register.forms.places import Path
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.checking import compiled
from schemas.profiles import load_profile, profile_names

_BESIDES = ("then", "else")


@cache
def rules_of(profile: str) -> dict[str, Json]:
    """The rules of a profile by their clauses. Raises NotFound."""
    return {rule["x-clause"]: rule for rule in load_profile(profile, AGREEMENT_VERSION)["allOf"]}


def rule_with(clause: str, profiles: Sequence[str]) -> Json:
    """The rule that rests on a clause, in the first profile that has it; an empty one where none has."""
    return next((rules_of(name)[clause] for name in profiles if clause in rules_of(name)), {})


def _nodes_at(node: Json, path: Path) -> Iterator[Json]:
    """The parts of a rule that speak of a place, those in the branches of a choice around it included."""
    for word in _BESIDES:
        if isinstance(node.get(word), dict):
            yield from _nodes_at(node[word], path)
    if not path:
        yield node
        return
    for branch in node.get("anyOf", ()):
        yield from _nodes_at(branch, path)
    first, rest = path[0], path[1:]
    inner = node.get("items") if isinstance(first, int) else node.get("properties", {}).get(first)
    if isinstance(inner, dict):
        yield from _nodes_at(inner, rest)


def choices_at(rule: Json, path: Path) -> list[tuple[str, ...]]:
    """The choices that a rule offers for a group: for each, the members it needs. The first is the one it names."""
    found = [
        tuple(branch.get("required", ()))
        for node in _nodes_at(rule, path)
        for branch in node.get("anyOf", ())
        if branch.get("required")
    ]
    named = rule.get("x-field")
    return sorted(found, key=lambda names: named not in names)


def is_one_of_several(path: Path, clause: str, profiles: Sequence[str]) -> bool:
    """Whether the rule that rests on a clause lets something else stand for what a place is asked for."""
    choices = choices_at(rule_with(clause, profiles), path[:-1]) if clause and path else []
    return any(path[-1] in names for names in choices)


def least_at(rule: Json, path: Path) -> int:
    """How many items a rule wants in a list at least; 0 where it does not say."""
    return max((int(node.get("minItems", 0)) for node in _nodes_at(rule, path)), default=0)


def sought_in(rule: Json, path: Path, listed: Any) -> list[Path]:  # noqa: ANN401 - any JSON value
    """The places where a thing may stand that a rule seeks in one item or another of a list."""
    return [found for node in _nodes_at(rule, path) for found in _sought(node, path, listed)]


def _sought(node: Json, path: Path, listed: Any) -> Iterator[Path]:  # noqa: ANN401
    wanted = node.get("contains", {})
    for position, item in enumerate(listed if isinstance(listed, list) else ()):
        for name in wanted.get("required", ()):
            inner = wanted.get("properties", {}).get(name, {})
            held = item.get(name) if isinstance(item, dict) else None
            if "required" in inner.get("contains", {}) and isinstance(held, list):
                yield from _sought(inner, (*path, position, name), held)
            else:
                yield (*path, position, name)


@dataclass(frozen=True, slots=True)
class Named:
    """A kind of place that a rule speaks of (`parties/*/contact`), and the clause it rests on.

    `wanted`: the rule asks for it, else only for something inside it. `always` is false where that depends on a
    condition or is one of several choices.
    """

    place: str
    clause: str
    wanted: bool
    always: bool


@cache
def places_named(profile: str) -> tuple[Named, ...]:
    """Every kind of place that a profile's rules speak of, in their order; what conditions look at is not there."""
    root = load_profile(profile, AGREEMENT_VERSION)
    found = [
        Named(place, clause, wanted, always)
        for clause, rule in rules_of(profile).items()
        for place, wanted, always in _named(rule, "", root, always=True)
    ]
    return tuple(dict.fromkeys(found))


def _named(node: Json, place: str, root: Json, *, always: bool) -> Iterator[tuple[str, bool, bool]]:
    if "$ref" in node:
        yield from _named(root["$defs"][node["$ref"].removeprefix("#/$defs/")], place, root, always=always)
    yield from ((f"{place}{name}", True, always) for name in node.get("required", ()))
    for name, inner in node.get("properties", {}).items():
        yield f"{place}{name}", False, always
        yield from _named(inner, f"{place}{name}/", root, always=always)
    for word in ("items", "contains"):
        if isinstance(node.get(word), dict):
            yield from _named(node[word], f"{place}*/", root, always=always)
    for branch in [*(node[word] for word in _BESIDES if word in node), *node.get("anyOf", ())]:
        yield from _named(branch, place, root, always=False)


@cache
def _condition(name: str) -> Any:  # noqa: ANN401 - jsonschema types validators loosely
    for profile in profile_names(AGREEMENT_VERSION):
        definitions = load_profile(profile, AGREEMENT_VERSION).get("$defs", {})
        if name in definitions:
            return compiled({**definitions[name], "$defs": definitions})
    raise KeyError(f"no profile has a condition called {name}")


def holds(condition: str, document: Json) -> bool:
    """Whether a condition that the profiles share (`personalData`) is met by a record. Raises KeyError."""
    return bool(_condition(condition).is_valid(document))
