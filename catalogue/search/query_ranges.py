"""What is asked of dates, numbers and periods (`2019`, `>=2019`, `[2015 TO 2019]`, `201*`), as a node and in words."""

import re
from collections.abc import Callable
from datetime import datetime

from catalogue.search import moments
from catalogue.search.fields import YEAR, Field, FieldKind
from catalogue.search.periods import Period
from catalogue.search.query_programme import Atom
from catalogue.search.query_tree import Node, Overlaps, Present, Range
from catalogue.search.time_in_text import periods_told
from catalogue.search.understood import date_in_words
from schemas.errors import InvalidInput

KIND_WORDS = {
    FieldKind.NUMBER: "a number",
    FieldKind.DATE: "a date (YYYY-MM-DD)",
    FieldKind.PERIOD: "a date (YYYY-MM-DD)",
}
"""The kinds of field that have ranges, and what their values are."""

_COMPARED = re.compile(r"(>=|<=|>|<|=)\s{0,9}(.+)", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:,|$))")
_SPAN = re.compile(r"(.{1,50}?)\.\.+(.{1,50})")
_BEGINNING = re.compile(r"[0-9]{1,3}")
_DATE_WORDS = {
    ">=": "{} or later",
    ">": "after {}",
    "<=": "{} or earlier",
    "<": "before {}",
}
_RANGE_WORDS = {
    ">=": "from {}",
    ">": "after {}",
    "<=": "up to {}",
    "<": "before {}",
}
_NUMBER_WORDS = {
    ">=": "{} or more",
    ">": "more than {}",
    "<=": "{} or fewer",
    "<": "fewer than {}",
}
_PERIOD_WORDS = {
    ">=": "the time from {} on",
    ">": "the time after {}",
    "<=": "the time up to {}",
    "<": "the time before {}",
}
"""How a comparison is said: of a date (written with a sign, or as a range), of a number of things, and of a period."""


class RangeReader:
    """Reads what is asked of a date, a number or a period. `now` is what relative dates count from.

    `note` is told what was changed. With `turning` a range that ends before it begins is turned round.
    """

    def __init__(self, now: datetime, note: Callable[[str], None], *, turning: bool) -> None:
        self.now = now
        self.note = note
        self.turning = turning

    def read(self, atom: Atom, field: Field) -> Node | None:
        """The node that a piece means for a field; None where its text is nothing that the field holds."""
        if atom.form == "range":
            return self._between(atom, field)
        compared = _COMPARED.fullmatch(atom.text)
        sign, value = compared.groups() if compared else ("", atom.text)
        value = value.strip('",;')
        ends = self._beginning(field, value) if atom.form == "prefix" else self._ends(field, value)
        if ends is None:
            return None
        first, last = ends
        if atom.form == "prefix":
            value = _beginning_in_words(field, value)
        if sign in {"", "="}:
            return _inside(field, first, last, self._shown(field, value))
        written = _words_of(field, _DATE_WORDS)[sign].format(self._shown(field, value))
        if sign in {">=", ">"}:
            return _inside(field, first if sign == ">=" else last + 1, None, written)
        return _inside(field, None, last if sign == "<=" else first - 1, written)

    def _between(self, atom: Atom, field: Field) -> Node:
        low = self._end(field, atom.low)
        high = self._end(field, atom.high)
        if low is None and high is None:
            return Present(field)
        if low and high and low > high and self.turning:
            self.note(f"The range from {atom.low} to {atom.high} was turned round, because it ends before it begins.")
            return self._between(
                Atom("range", atom.text, atom.high, atom.low, atom.high_included, atom.low_included), field
            )
        return _inside(
            field,
            None if low is None else low[0] if atom.low_included else low[1] + 1,
            None if high is None else high[1] if atom.high_included else high[0] - 1,
            self._between_words(atom, field, low is not None, high is not None),
        )

    def _between_words(self, atom: Atom, field: Field, low: bool, high: bool) -> str:
        """A range in words, by which of its ends are there."""
        first, last = self._shown(field, atom.low), self._shown(field, atom.high)
        if not (low and high):
            sign = (">=" if atom.low_included else ">") if low else ("<=" if atom.high_included else "<")
            return _words_of(field, _RANGE_WORDS)[sign].format(first if low else last)
        if atom.low_included and atom.high_included:
            return f"{first} to {last}" if field.kind is FieldKind.PERIOD else f"from {first} to {last}"
        of_number = _words_of(field, _RANGE_WORDS) is _NUMBER_WORDS
        after, before = ("more than", "fewer than") if of_number else ("after", "before")
        begins = f"{'from' if atom.low_included else after} {first}"
        both = f"{begins} and {'up to' if atom.high_included else before} {last}"
        return f"the time {both}" if field.kind is FieldKind.PERIOD else both

    def _end(self, field: Field, text: str) -> tuple[int, int] | None:
        if text == "*":
            return None
        ends = self._ends(field, text)
        if ends is None:
            self.note(f"“{text}” is not {KIND_WORDS[field.kind]}, so the {field.label} was left open at that end.")
        return ends

    def _ends(self, field: Field, text: str) -> tuple[int, int] | None:
        """The first and last value that a text can mean; None where it cannot be read."""
        if between := _SPAN.fullmatch(text):
            first, last = (self._ends(field, end) for end in between.groups())
            return (first[0], last[1]) if first and last and first[0] <= last[1] else None
        if field.kind is not FieldKind.NUMBER:
            try:
                return moments.span(text, self.now)
            except InvalidInput:
                told = periods_told(text, self.now.year)
                return moments.span_of(told[0]) if len(told) == 1 else None
        if _NUMBER.fullmatch(plain := _THOUSANDS.sub("", text)):
            return int(plain), int(plain)
        told = periods_told(text, self.now.year) if field is YEAR else ()
        return (int(told[0].first[:4]), int(told[0].last[:4])) if len(told) == 1 and all(told[0]) else None

    def _beginning(self, field: Field, text: str) -> tuple[int, int] | None:
        """What begins so: the years of `201*`, the months and days of `2019-*`."""
        if field.kind is FieldKind.NUMBER and field is not YEAR:
            self.note("“*” is of no use in a number, so it was passed over.")
            return self._ends(field, text)
        if not _BEGINNING.fullmatch(text):
            return self._ends(field, text.rstrip("-"))
        first, last = self._ends(field, text.ljust(4, "0")), self._ends(field, text.ljust(4, "9"))
        return (first[0], last[1]) if first and last else None

    def _shown(self, field: Field, text: str) -> str:
        """A date or number as the sentence has it."""
        if field.kind is FieldKind.NUMBER:
            return text
        return moments.in_words(text) or (date_in_words(text) if field.kind is FieldKind.PERIOD else text)


def _beginning_in_words(field: Field, text: str) -> str:
    """What a beginning (`201*`, `2019-*`) spans, as the sentence has it."""
    if _BEGINNING.fullmatch(text) and (field is YEAR or field.kind is not FieldKind.NUMBER):
        return f"{text.ljust(4, '0')} to {text.ljust(4, '9')}"
    return text.rstrip("-")


def _words_of(field: Field, of_dates: dict[str, str]) -> dict[str, str]:
    if field.kind is FieldKind.PERIOD:
        return _PERIOD_WORDS
    return _NUMBER_WORDS if field.kind is FieldKind.NUMBER and field is not YEAR else of_dates


def _inside(field: Field, low: int | None, high: int | None, written: str) -> Range | Overlaps:
    """What lies between two values; of periods, what overlaps the days between two moments."""
    if field.kind is FieldKind.PERIOD:
        return Overlaps(field, Period(moments.day_of(low), moments.day_of(high)), written)
    return Range(field, low, high, written)
