"""Profiles: what a law, a code of practice or this register asks of an agreement beyond the core schema.

A profile is a JSON Schema applied beside the core. Each entry of its `allOf` is one rule with the clause it rests on
(`x-clause`), how that clause is known (`x-source`: `read`, `summarised`, or `own` for a rule of this register), and a
sentence that tells an official what to write (`x-error`). `x-field` names the member that is missing where the rule
offers a choice. `x-beside` lists the clauses that are met elsewhere, and where.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas.bundle import load_schema
from schemas.canonical import Json
from schemas.checking import check, compiled
from schemas.contract import load_part, part_names
from schemas.problems import Problem, pointer_to

_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause a profile rests on: how it is known, and what it asks; `where` is "" where a rule of ours holds it.

    Else `where` says who does: `core` (the core schema), `event` (an event beside the record) or `elsewhere`.
    """

    clause: str
    source: str
    asks: str
    where: str = ""


def profile_names(version: str) -> list[str]:
    """The profiles of a version: the record of an official (`complete`) first, then the laws in alphabetical order."""
    return sorted(part_names(version, "profiles"), key=lambda name: (name != "complete", name))


def load_profile(name: str, version: str) -> Json:
    """One profile. Raises NotFound, naming those there are."""
    return load_part(version, "profiles", name)


def profile_title(name: str, version: str) -> str:
    """What people call a profile. Raises NotFound."""
    return str(load_profile(name, version)["title"])


def clauses_of(name: str, version: str) -> list[Clause]:
    """Every clause that a profile rests on, in its order. Raises NotFound."""
    profile = load_profile(name, version)
    rules = [Clause(rule["x-clause"], rule["x-source"], rule["x-error"]["en"]) for rule in profile["allOf"]]
    beside = [
        Clause(note["x-clause"], note["x-source"], note["x-note"]["en"], note["x-where"])
        for note in profile.get("x-beside", ())
    ]
    return rules + beside


def check_profiles(
    document: Json, profiles: Sequence[str], version: str, core: Sequence[Problem] | None = None
) -> list[Problem]:
    """What a record lacks for each of the profiles: one problem for each gap and clause.

    What the core schema says already is not said again; `core` is what it said, where the caller has asked it.
    Raises NotFound for a profile that is not there.
    """
    gaps = [gap for name in dict.fromkeys(profiles) for gap in _gaps(document, name, version)]
    if not gaps:
        return []
    said = {problem.pointer for problem in (check(document, "agreement", version) if core is None else core)}
    return [gap for gap in gaps if gap.pointer not in said]


@cache
def _validator(name: str, version: str) -> Any:  # noqa: ANN401 - jsonschema types validators loosely
    return compiled(load_profile(name, version))


def _gaps(document: Json, name: str, version: str) -> Iterator[Problem]:
    validator = _validator(name, version)
    rules = validator.schema["allOf"]
    told: set[tuple[str, str]] = set()
    for error in sorted(validator.iter_errors(document), key=_order):
        rule = rules[error.absolute_schema_path[1]]
        gap = _gap(error, rule, _missing_path(error, rule), version)
        if (gap.pointer, gap.clause) not in told:
            told.add((gap.pointer, gap.clause))
            yield gap


def _order(error: Any) -> tuple[int, list[tuple[bool, int, str]]]:  # noqa: ANN401
    """By rule, and within a rule by place in the record. Every error lies in a rule: a profile is its `allOf`."""
    place = [(isinstance(part, int), part if isinstance(part, int) else 0, str(part)) for part in error.absolute_path]
    return error.absolute_schema_path[1], place


def _missing_path(error: Any, rule: Json) -> _Path:  # noqa: ANN401
    """Where the thing should stand: in place of a choice that failed, its first member (`x-field`)."""
    path: _Path = tuple(error.absolute_path)
    if error.validator == "required":
        # jsonschema gives one error for each missing member; its message alone says which.
        name = next(name for name in error.validator_value if error.message.startswith(repr(name)))
        return (*path, name, *_only_members(error.schema.get("properties", {}).get(name, {})))
    if error.validator == "anyOf" and isinstance(error.instance, dict) and "x-field" in rule:
        return (*path, rule["x-field"])
    return path


def _only_members(wanted: Json) -> Iterator[str]:
    """What a rule wants inside a member that is missing whole, as long as it is one thing: a group in a group."""
    while len(wanted.get("required", ())) == 1:
        (name,) = wanted["required"]
        yield name
        wanted = wanted.get("properties", {}).get(name, {})


def _gap(error: Any, rule: Json, path: _Path, version: str) -> Problem:  # noqa: ANN401
    return Problem(
        pointer=pointer_to(path),
        title=_title(path, version),
        message=_message(error, rule, path),
        advice=rule["x-error"]["en"],
        clause=rule["x-clause"],
    )


def _message(error: Any, rule: Json, path: _Path) -> str:  # noqa: ANN401
    match error.validator:
        case "required" | "anyOf":
            message = f"“{path[-1]}” is missing." if path else "Something is missing."
        case "maxLength":
            message = f"This has {len(error.instance):,} characters; at most {error.validator_value:,} are wanted."
        case "minItems":
            message = f"Of these there are {len(error.instance):,}; at least {error.validator_value:,} are wanted."
        case "contains" | "minContains":
            what = f"has the “{rule['x-field']}” that is wanted" if "x-field" in rule else "is what is wanted"
            message = f"None of these {what}, or too few."
        case "maxContains":
            message = "There are too many."
        case _:
            message = "This is not what is wanted."
    return f"{message} The law, as commonly summarised, asks for it." if rule["x-source"] == "summarised" else message


def _title(path: _Path, version: str) -> str:
    """The title that the core schema gives the field at the end of a path; the last one known, where it names none."""
    root = load_schema("agreement", version)
    node, title = root, ""
    for part in path:
        node = _resolved(node["items"] if isinstance(part, int) and "items" in node else _member(node, part), root)
        title = str(node.get("title", title))
    return title


def _member(node: Json, name: str | int) -> Json:
    member: Json = node.get("properties", {}).get(name, {})
    return member


def _resolved(node: Json, root: Json) -> Json:
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return node
    return {**root["$defs"][reference.removeprefix("#/$defs/")], **node}
