"""What the profiles ask, field by field: which rule of which profile asks for which field, and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from schemas.canonical import Json
from schemas.profiles import Clause, clauses_of, load_profile, profile_names
from web.presentation.record import resolved
from web.presentation.words import lower_first, show_list

COMPLETE = "complete"
_LIMITING = {"maxLength", "minItems", "enum", "const", "pattern", "minContains", "maxContains"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field that a rule asks for: `when` says on what condition (“” for none), `choice` whether another would do.

    `exact` tells the field itself from a group that must be there because something in it must.
    """

    path: str
    when: str = ""
    choice: bool = False
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause of a profile with its number on the profile's page and the fields that it asks for."""

    number: int
    clause: Clause
    wanted: tuple[Wanted, ...]

    @property
    def exact(self) -> tuple[Wanted, ...]:
        """The fields themselves, without the groups around them."""
        return tuple(wanted for wanted in self.wanted if wanted.exact)

    @property
    def when(self) -> str:
        """The condition on which it asks for all that it asks; “” where there is none, or more than one."""
        said = {wanted.when for wanted in self.exact}
        return said.pop() if len(said) == 1 else ""


@dataclass(frozen=True, slots=True)
class Ask:
    """That a rule of a profile asks for a field."""

    profile: str
    rule: Rule
    wanted: Wanted


@cache
def rules_of(profile: str, version: str) -> tuple[Rule, ...]:
    """Every clause of a profile, in its order. Raises NotFound."""
    root = load_profile(profile, version)
    rules: list[Json | None] = [*root["allOf"], *(None for _ in root.get("x-beside", ()))]
    return tuple(
        Rule(number, clause, _fields_of(rule, root) if rule else ())
        for number, (clause, rule) in enumerate(zip(clauses_of(profile, version), rules, strict=True), 1)
    )


@cache
def asks_by_field(version: str) -> Mapping[str, tuple[Ask, ...]]:
    """Who asks for a field, by the field's path: the complete record first, then the laws."""
    found: dict[str, tuple[Ask, ...]] = {}
    for profile in profile_names(version):
        for rule in rules_of(profile, version):
            for wanted in rule.wanted:
                ask = Ask(profile, rule, wanted)
                found[wanted.path] = (*found.get(wanted.path, ()), ask)
    return found


def grade_of(asks: tuple[Ask, ...]) -> str:
    """Whether the complete record has the field: `complete`, `sometimes` (on a condition, or one of several), or “”."""
    wanted = [ask.wanted for ask in asks if ask.profile == COMPLETE]
    if any(not field.when and not field.choice for field in wanted):
        return "complete"
    return "sometimes" if wanted else ""


def _fields_of(rule: Json, root: Json) -> tuple[Wanted, ...]:
    found = list(dict.fromkeys(_asked(rule, root, (), "", choice=False)))
    paths = {wanted.path for wanted in found}
    around = {path for path in paths if any(other.startswith(f"{path}.") for other in paths)}
    return tuple(Wanted(w.path, w.when, w.choice, w.path not in around) for w in found)


def _asked(node: Json, root: Json, path: tuple[str, ...], when: str, *, choice: bool) -> Iterator[Wanted]:
    """Every field that a schema asks for. Items of a list stand at the list's own path."""
    node = resolved(node, root)
    if path and _LIMITING & node.keys():
        yield Wanted(".".join(path), when, choice)
    for name in node.get("required", ()):
        yield Wanted(".".join((*path, name)), when, choice)
    for name, member in node.get("properties", {}).items():
        yield from _asked(member, root, (*path, name), when, choice=choice)
    for keyword in ("items", "contains"):
        if keyword in node:
            yield from _asked(node[keyword], root, path, when, choice=choice)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for member in node.get(keyword, ()):
            yield from _asked(member, root, path, when, choice=choice or keyword != "allOf")
    if "if" in node:
        for keyword, negated in (("then", False), ("else", True)):
            if keyword in node:
                yield from _asked(node[keyword], root, path, _when(node["if"], root, path, negated), choice=choice)


def _when(condition: Json, root: Json, path: tuple[str, ...], negated: bool) -> str:
    if "not" in condition:
        return _when(condition["not"], root, path, not negated)
    said = _condition(condition, root, path)
    if not said:
        return "in some cases"
    return f"unless {said}" if negated else f"only where {said}"


def _condition(node: Json, root: Json, path: tuple[str, ...]) -> str:
    """A condition in words; “” where there are none for it."""
    if "$ref" in node:
        return lower_first(str(resolved(node, root).get("title", "")))
    members = node.get("properties", {})
    for name, member in members.items():
        return _condition_on(member, root, (*path, name))
    return show_list([f"“{'.'.join((*path, name))}” is given" for name in node.get("required", ())])


def _condition_on(member: Json, root: Json, path: tuple[str, ...]) -> str:
    values = member.get("enum") or ([member["const"]] if "const" in member else [])
    if values:
        return f"“{'.'.join(path)}” is {show_list([f'“{value}”' for value in values], 'or')}"
    if "contains" in member:
        return _condition_on(member["contains"], root, path)
    return _condition(member, root, path) if "properties" in member else ""
