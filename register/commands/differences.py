"""`gazette register diff`: what differs between two versions of an agreement."""

import textwrap
from collections.abc import Iterator
from itertools import groupby

import click

from catalogue.commands.context import CommandContext
from catalogue.commands.output import record_format_option, write_listing, write_record
from register.api import RegisterApi
from register.commands.connection import with_register
from register.comparing import Comparison, Step, compare_versions
from register.differences import Difference
from register.record_text import HELD_APART, in_words
from register.redline import Piece
from schemas.canonical import Json

_WIDTH = 96
_COLUMNS = (
    ("field", "Field"),
    ("kind", "What happened to it"),
    ("pointer", "Where"),
    ("beforeText", "Before"),
    ("afterText", "After"),
    ("versions", "In version"),
)


@click.command("diff")
@click.argument("name", metavar="ID")
@click.argument("before", metavar="A", type=click.IntRange(min=1))
@click.argument("after", metavar="B", type=click.IntRange(min=1))
@record_format_option
@with_register
def diff_command(
    _context: CommandContext, api: RegisterApi, name: str, before: int, after: int, output_format: str
) -> None:
    """Show field by field what differs from version A of an agreement to version B.

    Words taken out stand in [-…-], words put in stand in {+…+}. It also tells whether each step between the two was an
    amendment (the deal changed) or a correction (the record was wrong). A may be the newer of the two.

    Example: gazette register diff dg-2 1 2
    """
    newest = api.agreement(name)
    number, title = newest["id"], newest["document"]["title"]
    comparison = compare_versions(
        number, api.history(number), lambda version: api.agreement(number, version)["document"], before, after
    )
    rows = list(_rows(comparison))
    if output_format == "csv":
        write_listing("csv", _COLUMNS, rows)
        return
    record = {
        "agreement": number,
        "title": title,
        "from": comparison.before,
        "to": comparison.after,
        "steps": [_step_row(step) for step in comparison.steps],
        "differences": rows,
    }
    write_record(output_format, record, "\n".join([f"{number}  {title}", "", *_lines(comparison)]))


def _step_row(step: Step) -> Json:
    row = {
        "version": step.version,
        "event": step.event,
        "title": step.title,
        "kind": step.kind,
        "registeredOn": step.registered_on.isoformat(),
        "recordedAt": step.recorded_at.isoformat(),
        "organisation": step.organisation,
        "reason": step.reason,
    }
    return {name: value for name, value in row.items() if value != ""}


def _rows(comparison: Comparison) -> Iterator[Json]:
    for difference, versions in zip(comparison.differences, comparison.origins, strict=True):
        row: Json = {
            "field": difference.title,
            "kind": difference.kind,
            "pointer": difference.pointer,
            "beforePointer": difference.before_pointer,
            "afterPointer": difference.after_pointer,
            "before": difference.before,
            "after": difference.after,
            "beforeText": "; ".join(_told(difference, before=True, schema=comparison.schema)),
            "afterText": "; ".join(_told(difference, before=False, schema=comparison.schema)),
            "words": [[piece.fate, piece.text] for piece in difference.pieces],
            "versions": list(versions),
        }
        yield {name: value for name, value in row.items() if value not in (None, "", [])}


def _told(difference: Difference, *, before: bool, schema: Json) -> list[str]:
    value, pointer = (
        (difference.before, difference.before_pointer) if before else (difference.after, difference.after_pointer)
    )
    return [] if pointer is None else in_words(value, difference.node, schema)


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"From version {comparison.before} to version {comparison.after}."
    for step in comparison.steps:
        yield from _wrapped(_step_sentence(step), "  ")
    yield ""
    if not comparison.differences:
        yield "The two say the same."
        return
    pairs = zip(comparison.differences, comparison.origins, strict=True)
    for titles, group in groupby(pairs, key=lambda pair: pair[0].titles):
        found = list(group)
        versions = sorted({number for _, numbers in found for number in numbers})
        since = f"  (in version {', '.join(map(str, versions))})" if versions else ""
        yield click.style(", ".join(titles), bold=True) + since
        for difference, _ in found:
            yield from _difference_lines(difference, comparison.schema)
        yield ""
    count = len(comparison.differences)
    yield f"{count:,} difference{'' if count == 1 else 's'}."


def _step_sentence(step: Step) -> str:
    registered, recorded = step.registered_on.date(), step.recorded_at.date()
    when = f"on {registered}, recorded here on {recorded}" if step.was_imported else f"on {registered}"
    who = f", by {step.organisation}" if step.organisation else ""
    reason = f" Reason: {step.reason}" if step.reason else ""
    return f"Version {step.version}: {step.title} {when}{who}. {step.sentence}{reason}"


def _difference_lines(difference: Difference, schema: Json) -> Iterator[str]:
    if difference.kind == "moved":
        before, after = _place(difference.before_pointer), _place(difference.after_pointer)
        yield f"  ~ it was {before} in the list and is {after} now"
    elif difference.pointer.endswith(f"/{HELD_APART}"):
        yield f"  ~ {difference.kind}; the contact is held apart from the record"
    elif difference.pieces:
        yield from _wrapped("".join(map(_marked, difference.pieces)), "  ")
    else:
        for line in _told(difference, before=True, schema=schema):
            yield from _wrapped(line, "  - ", "red")
        for line in _told(difference, before=False, schema=schema):
            yield from _wrapped(line, "  + ", "green")


def _marked(piece: Piece) -> str:
    if piece.fate == "same":
        return piece.text
    text = piece.text.lstrip()
    space = piece.text[: len(piece.text) - len(text)]
    return f"{space}[-{text}-]" if piece.fate == "deleted" else f"{space}{{+{text}+}}"


def _place(pointer: str | None) -> str:
    """Where in its list a thing stands, from 1."""
    return f"number {int((pointer or '/0').rpartition('/')[2]) + 1}"


def _wrapped(text: str, indent: str, colour: str | None = None) -> Iterator[str]:
    for paragraph in text.splitlines():
        for line in textwrap.wrap(
            paragraph, _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent), break_long_words=False
        ):
            yield click.style(line, fg=colour) if colour else line
