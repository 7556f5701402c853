"""Powers in a CSV file (RFC 4180): a row for each body that may use one, the power's own columns on its first row."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from catalogue.formats.json_file import decoded
from schemas.canonical import Json
from schemas.cleaning import clean_text
from schemas.errors import InvalidInput
from schemas.problems import Problem
from schemas.reading import Read

COLUMNS: Mapping[str, str] = {
    "power": "its short name here (the one column that must be there)",
    "title": "what it is called",
    "instrument": "the act, order or regulation",
    "provision": "the section or article",
    "url": "where the law can be read",
    "jurisdiction": "where it applies: GB, GB-SCT, IE",
    "kind": "a code of the list power-kind",
    "allows": "what it allows, in plain words",
    "objectives": "the aims it may be used for, apart by |",
    "identifiers": "its numbers in lists, apart by |, each as list:number",
    "in_force_from": "the first day on which it was law",
    "in_force_until": "the last day on which it was law",
    "complete": "yes where no other body may use it than those listed",
    "body": "a body, or a class of bodies, that may use it",
    "organisation": "that body's short name here, where it is an organisation here",
    "class": "yes where it is a class of bodies",
    "body_from": "the first day on which it may",
    "body_until": "the last day on which it may",
    "note": "any limit on its use",
}
"""The columns that are read, and what stands in them."""

_OWN = ("title", "instrument", "provision", "url", "jurisdiction", "kind", "allows")
_OF_A_POWER = (*_OWN, "objectives", "identifiers", "in_force_from", "in_force_until", "complete")
_TRUTH = {"yes": True, "true": True, "no": False, "false": False}


def read_powers_csv(data: bytes, name: str) -> Sequence[Read]:
    """Every power of a CSV file with its bodies. Raises InvalidInput where the file is none or has no column `power`.

    A column that is empty on every row of a power is not stated; one that says two things is a problem.
    """
    rows = csv.DictReader(io.StringIO(decoded(data, name), newline=""), restkey="", strict=True)
    try:
        rows.fieldnames = headings = [heading.strip() for heading in rows.fieldnames or []]
        _require_known(headings, name)
        groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
        for row in rows:
            cells = _cleaned(row)
            groups.setdefault(cells.get("power", ""), []).append((rows.line_num, cells))
    except csv.Error as error:
        message = f"{name} is not CSV: line {rows.line_num}: {error}."
        raise InvalidInput(message, "Write each value with commas or line ends in quotation marks.") from None
    return [_read(power, group) for power, group in groups.items()]


def _require_known(headings: Sequence[str], name: str) -> None:
    advice = f"The columns are: {', '.join(COLUMNS)}."
    if "power" not in headings:
        raise InvalidInput(f"{name} has no column “power”.", advice)
    unknown = [heading for heading in headings if heading not in COLUMNS]
    if unknown:
        raise InvalidInput(f"{name} has the column “{unknown[0]}”, which is not read here.", advice)


def _cleaned(row: Mapping[str, str | None]) -> dict[str, str]:
    cells = {name: clean_text(value or "")[0].strip() for name, value in row.items() if isinstance(value, str)}
    return {name: text for name, text in cells.items() if text} | ({"": "more"} if "" in row else {})


def _read(power: str, group: Sequence[tuple[int, dict[str, str]]]) -> Read:
    first, last = group[0][0], group[-1][0]
    place = f"line {first}" if first == last else f"lines {first} to {last}"
    problems = list(_problems(power, group))
    if problems:
        return Read(place, power, None, problems=tuple(problems))
    own = {name: cells[name] for _, cells in group for name in _OF_A_POWER if name in cells}
    period = {"from": own.get("in_force_from"), "until": own.get("in_force_until")}
    stated: Json = {
        "id": power,
        **{name: own.get(name) for name in _OWN},
        "objectives": _parts(own, "objectives"),
        "identifiers": [
            {"scheme": one.partition(":")[0], "id": one.partition(":")[2]} for one in _parts(own, "identifiers")
        ],
        "inForce": [_filled(period)] if any(period.values()) else None,
        "bodies": [_body(cells) for _, cells in group if "body" in cells],
        "bodiesComplete": _TRUTH[own["complete"].casefold()] if "complete" in own else None,
        "provenance": {"source": "imported"},
    }
    return Read(place, power, _filled(stated))


def _filled(members: Json) -> Json:
    return {name: value for name, value in members.items() if value not in (None, [], "")}


def _body(cells: Mapping[str, str]) -> Json:
    return _filled(
        {
            "name": cells["body"],
            "organisation": cells.get("organisation"),
            "class": _TRUTH[cells["class"].casefold()] if "class" in cells else None,
            "from": cells.get("body_from"),
            "until": cells.get("body_until"),
            "note": cells.get("note"),
        }
    )


def _parts(cells: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in cells.get(name, "").split("|") if part.strip()]


def _problems(power: str, group: Sequence[tuple[int, dict[str, str]]]) -> Iterator[Problem]:
    if not power:
        yield Problem("/power", "The power’s short name is missing.", "Every row names its power.", title="power")
    own: dict[str, str] = {}
    for line, cells in group:
        if "" in cells:
            yield Problem("", f"Line {line} has more values than the file has columns.", "Quote values with commas.")
        for name in _OF_A_POWER:
            if name in cells and own.setdefault(name, cells[name]) != cells[name]:
                message = f"Line {line} says “{cells[name]}”, a line before it “{own[name]}”."
                yield Problem(f"/{name}", message, "Write it once, on the power’s first row.", title=name)
        for name in ("complete", "class"):
            if name in cells and cells[name].casefold() not in _TRUTH:
                yield Problem(f"/{name}", f"Line {line} says “{cells[name]}”.", "Write yes or no.", title=name)
        if "body" not in cells and {"organisation", "class", "body_from", "body_until", "note"} & cells.keys():
            yield Problem("/body", f"Line {line} names no body.", "Name it in the column “body”.", title="body")
    for number in _parts(own, "identifiers"):
        if not all(number.partition(":")):
            yield Problem(
                "/identifiers", f"“{number}” is no number in a list.", "Write list:number.", title="identifiers"
            )
