"""What `gazette register check` prints for people: problems apart by weight, the same one once, and what comes next."""

import shlex
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import groupby
from typing import Any

from register.checks.fields import is_officials_own, text
from register.checks.record import COMPLETE

_Row = Mapping[str, Any]
_MOST_NAMED = 5


def problems_as_text(rows: Sequence[_Row]) -> str:
    """Every problem: by file, errors before warnings. One that stands in many places is told once, with all of them."""
    blocks = []
    for file, of_file in groupby(rows, key=lambda row: str(row["file"])):
        found = list(of_file)
        errors = [row for row in found if row["severity"] == "error"]
        warnings = [row for row in found if row["severity"] != "error"]
        told = [counted(len(part), noun) for part, noun in ((errors, "error"), (warnings, "warning")) if part]
        heading = f"{file}: {', '.join(told)}"
        lines = [_told(group) for part in (errors, warnings) for group in _same(part)]
        blocks.append("\n".join([heading, *lines]))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def next_steps(documents: Mapping[str, Sequence[object]], wrong: Set[str], profiles: Sequence[str]) -> Iterator[str]:
    """The next command to type: for files with errors to check them again, for the others to go on.

    `documents` are the records of each file, `wrong` the files with an error.
    """
    asked = "".join(f" --profile {name}" for name in dict.fromkeys(profiles))
    if wrong:
        names = [shlex.quote(file) for file in documents if file in wrong]
        these = "these files" if len(names) > 1 else names[0]
        yield f"Next: correct the errors in {these}, then: gazette register check {' '.join(names)}{asked}"
        return
    files = list(documents)
    for file in files[:_MOST_NAMED]:
        yield from (f"Next: {command}" for command in _commands(file, documents[file], asked))
    if len(files) > _MOST_NAMED:
        yield f"The same for the other {len(files) - _MOST_NAMED} files."


def _commands(file: str, documents: Sequence[object], asked: str) -> Iterator[str]:
    name = shlex.quote(file)
    own = [document for document in documents if isinstance(document, dict) and is_officials_own(document)]
    if len(own) != len(documents) or len(documents) != 1:
        kind = "xlsx" if file.casefold().endswith(".xlsx") else "json"
        yield f"gazette register import {name} --from {kind}"
    elif f"--profile {COMPLETE}" not in asked:
        yield f"gazette register check {name}{asked} --profile {COMPLETE}"
    elif number := text(own[0].get("id")):
        yield f"gazette register amend {number} {name}"
    else:
        yield f"gazette register submit {name}"


def counted(number: int, noun: str) -> str:
    """A number with its noun: “1 error”, “1,204 errors”."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _same(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Problems that differ in nothing but their place, in the order of the first of each."""
    groups: dict[tuple[str, ...], list[_Row]] = {}
    for row in rows:
        key = tuple(row[name] for name in ("title", "message", "advice", "clause"))
        groups.setdefault(key, []).append(row)
    yield from groups.values()


def _told(rows: Sequence[_Row]) -> str:
    first = rows[0]
    field = _field(rows)
    clause = f" [{first['clause']}]" if first["clause"] else ""
    line = f"{first['file']}{_places(rows)}: {first['severity']}: {field}{first['message']}{clause}"
    return f"{line}\n    {first['advice']}" if first["advice"] else line


def _field(rows: Sequence[_Row]) -> str:
    first = rows[0]
    if not first["pointer"]:
        return ""
    where = first["pointer"] if len(rows) == 1 else f"{len(rows):,} times"
    return f"{first['title']} ({where}): " if first["title"] else f"{where}: "


def _places(rows: Sequence[_Row]) -> str:
    """Where it stands: “, line 7”, “, lines 7, 12 and 40”, “, cell Parties!B4”; else “, record 3”."""
    for name, noun in (("line", "line"), ("cell", "cell")):
        places = list(dict.fromkeys(str(row[name]) for row in rows if row[name]))
        if places:
            return f", {noun}{'' if len(places) == 1 else 's'} {_joined(places)}"
    places = list(dict.fromkeys(row["place"] for row in rows if row["place"] not in {"", "the record"}))
    return f", {_joined(places)}" if places else ""


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
