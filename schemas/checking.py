"""Checking a record against its schema: every problem, in plain English, with what to write instead.

The words come from the schema itself (`title`, `examples` and the annotation `x-error`), so that the command line,
the pages and the documentation say the same. Codes are checked against the codelists (`x-codelist`).
"""

import difflib
import re
import urllib.parse
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from schemas.bundle import load_schema
from schemas.canonical import Json
from schemas.cleaning import MOST_LEVELS, too_deep
from schemas.codelists import codelist
from schemas.dates import is_date, read_date
from schemas.errors import InvalidInput
from schemas.problems import Problem, pointer_to

_DURATION = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?", re.ASCII)
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\".]+")

_LARGEST = 2**53 - 1

_formats = FormatChecker(formats=())


@_formats.checks("partial-date")
def _partial_date(value: object) -> bool:
    return not isinstance(value, str) or (value == value.strip() and is_date(value))


@_formats.checks("duration")
def _duration(value: object) -> bool:
    return not isinstance(value, str) or _DURATION.fullmatch(value) is not None


@_formats.checks("web-address")
def _web_address(value: object) -> bool:
    return not isinstance(value, str) or is_web_address(value)


@_formats.checks("email")
def _email(value: object) -> bool:
    return not isinstance(value, str) or is_email(value)


def is_web_address(text: str) -> bool:
    """Whether a text is a whole http or https address without blanks or a name and password in it."""
    if _WEB_ADDRESS.fullmatch(text) is None:
        return False
    try:
        address = urllib.parse.urlsplit(text)
        return bool(address.hostname) and address.port != 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        return False


def is_email(text: str) -> bool:
    """Whether a text has the shape of one e-mail address (RFC 5321, section 4.1.2, the part people use)."""
    return _EMAIL.fullmatch(text) is not None


def _codelist_keyword(_validator: Any, name: str, value: Any, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(value, str) and value not in codelist(name):
        yield ValidationError(f"{value!r} is not a code of the list {name}")


def _min_length_keyword(_validator: Any, least: int, value: Any, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(value, str) and len(value.strip()) < least:
        yield ValidationError("too short, blanks at its ends not counted")


def _is_whole_number(_checker: object, value: object) -> bool:
    """A number written without a fraction: a body holds no other, not even 5.0."""
    return isinstance(value, int) and not isinstance(value, bool)


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"x-codelist": _codelist_keyword, "minLength": _min_length_keyword},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole_number),
)


def compiled(schema: Json) -> Any:  # noqa: ANN401 - jsonschema types validators loosely
    """A validator of one schema, with our formats and codelists. Making it is dear: keep it."""
    return _Validator(schema, format_checker=_formats)


@cache
def _compiled(name: str, version: str) -> Any:  # noqa: ANN401
    return compiled(load_schema(name, version))


def check(document: Json, name: str, version: str) -> list[Problem]:
    """Every problem of a record with its schema, in the order of the record. An empty list: it conforms."""
    return problems_of(document, _compiled(name, version))


def problems_of(document: Json, validator: Any) -> list[Problem]:  # noqa: ANN401
    """The same with a validator that `compiled` made."""
    root = validator.schema
    if _is_too_deep(document):
        error = too_deep()
        return [Problem("", error.message, error.advice)]
    errors = sorted(validator.iter_errors(document), key=lambda error: _place(document, error.path))
    problems = [problem for error in errors for problem in _problems(error, root)]
    told = {problem.pointer for problem in problems}
    return problems + [problem for problem in _numbers_too_large(document, ()) if problem.pointer not in told]


def _numbers_too_large(value: object, path: tuple[str | int, ...]) -> Iterator[Problem]:
    """Numbers that not every reader of JSON can hold (RFC 8259, section 6), wherever they stand."""
    if isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for name, member in members:
            yield from _numbers_too_large(member, (*path, name))
    elif isinstance(value, int | float) and not abs(value) <= _LARGEST:
        pointer = pointer_to(path)
        message = "This number is larger than every program can hold."
        yield Problem(
            pointer,
            message,
            "Write it as text, in quotes.",
            title=str(path[-1]) if path and path[-1] != "" else "A number",
        )


def _is_too_deep(document: object) -> bool:
    level = [document]
    for _ in range(MOST_LEVELS + 1):
        level = [item for holder in level for item in _inside(holder)]
    return bool(level)


def _inside(holder: object) -> list[object]:
    if isinstance(holder, dict):
        return list(holder.values())
    return holder if isinstance(holder, list) else []


def _place(document: Any, path: Iterable[str | int]) -> list[int]:  # noqa: ANN401 - any JSON value
    """Where a value stands among its neighbours on every level: sorts problems as a reader meets them."""
    places = []
    for part in path:
        places.append(list(document).index(part) if isinstance(document, dict) else int(part))
        document = document[part]
    return places


def _problems(error: Any, root: Json) -> Iterator[Problem]:  # noqa: ANN401 - a jsonschema.ValidationError
    schema = _schema_at(error, root)
    if error.validator == "required":
        yield from _missing(error, root)
    elif error.validator == "additionalProperties":
        yield from _unknown(error)
    else:
        yield Problem(
            pointer=pointer_to(error.absolute_path),
            title=str(schema.get("title", "")) or _title_around(error, root),
            message=_message(error),
            advice=_advice(error, schema),
        )


def _schemas_to(error: Any, root: Json) -> Iterator[Json]:  # noqa: ANN401
    """The schemas on the way to the one that failed, each member's words before those of a shared definition."""
    node: Any = root
    for part in list(error.absolute_schema_path)[:-1]:
        if part == "$ref":  # the definition is stepped into below, with the member's words
            continue
        node = node[part]
        if isinstance(node, dict) and "$ref" in node:
            node = _resolved(node, root)
        if isinstance(node, dict):
            yield node


def _schema_at(error: Any, root: Json) -> Json:  # noqa: ANN401
    """The schema that failed."""
    return next(reversed(list(_schemas_to(error, root))), root)


def _title_around(error: Any, root: Json) -> str:  # noqa: ANN401
    """The title of the nearest thing around a value that has none of its own: a list's, for an item of it."""
    titles = [schema["title"] for schema in _schemas_to(error, root) if isinstance(schema.get("title"), str)]
    return titles[-1] if titles else ""


def _resolved(member: Json, root: Json) -> Json:
    definition = str(member.get("$ref", "")).removeprefix("#/$defs/")
    words = {name: value for name, value in member.items() if name != "$ref"}
    return {**root.get("$defs", {}).get(definition, {}), **words}


def _missing(error: Any, root: Json) -> Iterator[Problem]:  # noqa: ANN401
    # jsonschema gives one error for each missing member; its message alone says which.
    name = next(name for name in error.validator_value if error.message.startswith(repr(name)))
    member = _resolved(error.schema.get("properties", {}).get(name, {}), root)
    yield Problem(
        pointer=pointer_to((*error.absolute_path, name)),
        title=member.get("title", name),
        message=f"“{name}” is missing.",
        advice=member.get("x-error", {}).get("en", "") or f"Add the field “{name}”.",
    )


def _unknown(error: Any) -> Iterator[Problem]:  # noqa: ANN401
    known = list(error.schema.get("properties", {}))
    for name in error.instance:
        if name not in known:
            near = difflib.get_close_matches(name[:100], known, n=1, cutoff=0.6)
            yield Problem(
                pointer=pointer_to((*error.absolute_path, name)),
                title=_short(name) or "A field without a name",
                message=f"There is no field “{_short(name)}” here.",
                advice=f"Did you mean “{near[0]}”?" if near else f"The fields here are: {', '.join(known)}.",
            )


_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of fields",
    "null": "nothing",
}


def _kind(value: object) -> str:
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a group of fields"


def _message(error: Any) -> str:  # noqa: ANN401
    value, wanted = error.instance, error.validator_value
    match error.validator:
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else list(wanted)
            return f"This is {_kind(value)}; it must be {' or '.join(_KINDS[kind] for kind in kinds)}."
        case "pattern" if not value.strip():
            return "This is empty."
        case "minLength" | "minItems" | "minProperties":
            return f"This has {_size(value)}; at least {wanted:,} are needed." if _filled(value) else "This is empty."
        case "maxLength" | "maxItems":
            return f"This has {_size(value)}; at most {wanted:,} are allowed."
        case "x-codelist":
            return f"“{_short(value)}” is not a code of the list “{wanted}”."
        case "format" if wanted == "partial-date":
            return _date_problem(value).message
        case "const":
            return f"This is {_told(value)}; it must be {_told(wanted)}."
        case "uniqueItems":
            return "The same thing stands here twice."
        case "minimum":
            return f"This is {value}; it must be at least {wanted}."
        case "maximum":
            return f"This is {value}; it must be at most {wanted}."
        case _:
            return f"“{_short(value)}” is not written as it must be."


def _filled(value: Any) -> bool:  # noqa: ANN401
    return bool(value.strip() if isinstance(value, str) else value)


def _size(value: Any) -> str:  # noqa: ANN401
    noun = "character" if isinstance(value, str) else "item" if isinstance(value, list) else "field"
    return f"{len(value):,} {noun}{'' if len(value) == 1 else 's'}"


def _told(value: object) -> str:
    return f"“{_short(value)}”" if isinstance(value, str) else _kind(value)


def _advice(error: Any, schema: Json) -> str:  # noqa: ANN401
    if error.validator == "format" and error.validator_value == "partial-date":
        return _date_problem(error.instance).advice
    if error.validator == "x-codelist":
        return _nearest_code(str(error.instance), str(error.validator_value))
    if error.instance is None:
        return "Leave it out where the source does not say."
    if error.validator == "type" and error.validator_value == "string" and _kind(error.instance) == "a number":
        return f'Put it in quotes: "{error.instance}".'
    own = schema.get("x-error", {}).get("en", "")
    if own:
        return str(own)
    if error.validator in {"minLength", "minItems", "minProperties"}:
        return "Fill it in, or leave the field out where the source does not say."
    examples = schema.get("examples", [])
    return f"For example: {examples[0]}" if examples else ""


def _date_problem(value: str) -> InvalidInput:
    if value != value.strip():
        return InvalidInput(f"“{_short(value)}” has blanks around the date.", f"Write “{_short(value.strip())}”.")
    try:
        read_date(value)
    except InvalidInput as problem:
        return problem
    raise AssertionError(f"{value!r} was reported as no date")


def _nearest_code(value: str, name: str) -> str:
    codes = codelist(name)
    titles = {entry.title.casefold(): entry.code for entry in codes.values()}
    if value.casefold() in titles:
        return f"Write “{titles[value.casefold()]}”."
    near = difflib.get_close_matches(value.casefold()[:100], codes, n=1, cutoff=0.6)
    if near:
        return f"Did you mean “{near[0]}” ({codes[near[0]].title})?"
    return f"Write one of: {', '.join(codes)}."


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"
