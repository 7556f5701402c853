"""How a question reads: plain lines for a terminal, a screen reader or a log."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from register.forms.answers import FEW
from register.forms.fields import Field, agreement_form
from register.forms.order import head_of
from register.forms.places import Path, path_of, pattern_of, value_at
from register.forms.questions import Question
from schemas.canonical import Json
from schemas.codelists import Code, codelist, title_of
from schemas.problems import Problem

_HOW = {
    "codes": "Give one or several, with commas between.",
    "words": "Give one or several, with commas between.",
    "boolean": "Answer yes or no.",
    "date": "You may also write it as 31 March 2024.",
    "duration": "You may also write it as 2 years, or 6 months.",
}

_SEARCHED = {
    "parties/*/organisation": "Or give its number in another list as LIST:NUMBER, for example "
    "companies-house:01234567.",
    "flows/*/datasets/*/catalogueId": "Skip this where the catalogue does not hold it.",
}


def heading(question: Question, document: Json) -> str:
    """What a question is about, in one line: “Party 2, Bridges Office: Role in the flow of data”."""
    if question.another:
        return f"{_item_title(question.leaves_out)}: is there another?"
    around = list(_around(question.path, document))
    title = question.field.title
    if around and title == _bare(around[-1]):
        return ", ".join(around)
    return f"{', '.join(around)}: {title}" if around else title


def _bare(around: str) -> str:
    return around.rstrip(" 0123456789")


def _around(path: Path, document: Json) -> Iterator[str]:
    """The groups and items that a place lies in, as people name them."""
    form = agreement_form()
    for depth in range(1, len(path)):
        part, inner = path[depth - 1], form.field(path[:depth])
        if inner is None or isinstance(path[depth], int):
            continue  # the list of an item that is named next
        if not isinstance(part, int):
            yield inner.title
            continue
        several = len(value_at(document, path[: depth - 1]) or ()) > 1 or part > 0
        number = f" {part + 1}" if several or depth < 3 else ""
        label = _label(value_at(document, path[:depth]), path[:depth])
        yield f"{inner.title}{number}{f' ({label})' if label and path[depth] != _labelled(path[:depth]) else ''}"


def _labelled(path: Path) -> str:
    return head_of(agreement_form(), path)


def _label(item: Any, path: Path) -> str:  # noqa: ANN401 - any JSON value
    """What tells one item from its neighbours: its name."""
    if not isinstance(item, dict):
        return ""
    if "from" in item and "to" in item:
        return f"{item['from']} to {item['to']}"
    text = item.get(_labelled(path))
    field = agreement_form().field((*path, _labelled(path)))
    if field is None or not isinstance(text, str):
        return ""
    return short(title_of(field.codes, text) if field.codes else text, 50)


def _item_title(path: Path) -> str:
    field = agreement_form().field(path)
    return field.title if field else "Item"


def explanation(question: Question, document: Json, *, searched: bool) -> Iterator[str]:
    """What stands under the heading: what is meant, an example, and how to answer.

    `searched` says whether names can be looked up.
    """
    field = question.field
    if question.another:
        yield f"If so, answer with this: {field.title.lower()}. If there is no other, press Enter."
        return
    yield from _first_in(question.path, document)
    if field.description:
        yield field.description
    yield from _instead_of(question)
    if field.examples and not field.codes and field.shape != "partyName":
        yield f"For example: {field.examples[0]}"
    if searched and pattern_of(question.path) in _SEARCHED:
        yield "Type its name, or a part of it, to look it up."
    how = _SEARCHED.get(pattern_of(question.path)) or _HOW.get(field.kind) or _HOW.get(field.shape)
    if how:
        yield how
    if can_be_none(question):
        yield "If there is none, write none."
    if not question.problems:
        yield "You may leave this out: press Enter."


def _instead_of(question: Question) -> Iterator[str]:
    """What the rule says, where this is asked in place of something that was skipped."""
    for problem in question.problems:
        wanted = path_of(problem.pointer)
        if problem.clause and wanted and wanted[-1] not in question.path:
            yield problem.advice


def _first_in(path: Path, document: Json) -> Iterator[str]:
    """What the list or group is that this question begins."""
    form = agreement_form()
    for depth in range(1, len(path)):
        field = form.field(path[:depth])
        begun = value_at(document, path[:depth])
        if field and not isinstance(path[depth - 1], int) and not begun and field.description:
            yield field.description.replace("; one entry “none: true” says that there are none", "")


def can_be_none(question: Question) -> bool:
    """Whether “none” answers a question: the group that it begins can say that there is nothing."""
    return none_path(question) is not None


def none_path(question: Question) -> Path | None:
    """The group that says `none: true`, where a question begins one; None where it does not."""
    path = question.leaves_out if len(question.leaves_out) < len(question.path) else question.path[:-1]
    field = agreement_form().field(path) if path else None
    return path if field and field.can_be_none and not question.another else None


def choices(codes: Sequence[Code]) -> list[str]:
    """Codes as a numbered list, each with its meaning."""
    return [
        f"{number:3}. {code.title}" + (f" – {code.description}" if code.description else "")
        for number, code in enumerate(codes, 1)
    ]


def many(codes: Sequence[Code]) -> str:
    """What stands in place of a list too long to read."""
    return f"There are {len(codes)} to choose from. Type a word to see those that fit, or list to see all."


def is_long(codes: Sequence[Code]) -> bool:
    """Whether a list is too long to be read out with the question."""
    return len(codes) > FEW


def help_lines(question: Question) -> Iterator[str]:
    """What `?` tells: what to write, who asks for it, and how to go on."""
    field = question.field
    if field.advice:
        yield field.advice
    if field.examples and not field.codes:
        yield f"For example: {'; or: '.join(field.examples)}"
    for name in dict.fromkeys(problem.clause for problem in question.problems if problem.clause):
        yield f"Asked for by: {name}."
    if field.shape == "date":
        yield "A day may also be written as 31 March 2026. It is kept as 2026-03-31."
    if field.shape == "duration":
        yield "You may also write 6 months, or 2 years. It is kept as P6M, or P2Y."
    if field.kind == "text" and field.shape != "shortText":
        yield "To go on in a new line, end this one with a backslash: \\"
    if field.open_codes:
        known = [f"{code.code} ({code.title})" for code in codelist(field.open_codes).values()]
        yield f"Known here: {'; '.join(known)}."
    yield "Enter alone skips the question; < goes back to the one before; q stops. Everything answered is saved."


def shown_value(field: Field, value: Any) -> str:  # noqa: ANN401
    """An answer as people read it."""
    if isinstance(value, list):
        return "; ".join(shown_value(field, one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return title_of(field.codes, value) if field.codes and isinstance(value, str) else str(value)


def told(problem: Problem) -> str:
    """What is wrong with an answer, and what to write; codes that stand on the screen are not told once more."""
    advice = problem.advice
    if advice.startswith("Write one of: "):
        advice = "Type a number or a part of a title; list shows all there are."
    return f"{problem.message} {advice}".strip()


def short(text: str, most: int) -> str:
    """A text cut to a length."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def wrapped(text: str, width: int) -> str:
    """A line broken to a width; what begins with blanks, a number or a dash keeps its place."""
    lines = []
    for line in text.splitlines() or [""]:
        body = line.lstrip()
        indent = line[: len(line) - len(body)]
        number, dot, _ = body.partition(". ")
        hanging = " " * (len(number) + 2) if dot and number.isdecimal() else ""
        lines.append(
            textwrap.fill(
                line,
                max(width, 20),
                subsequent_indent=indent + hanging,
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    return "\n".join(lines)
