"""What people type, turned into what the schema wants: codes from titles, dates and lengths of time from words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.slugs import fold
from register.forms.fields import Field
from schemas.codelists import Code, codelist

FEW = 16
"""Up to so many codes are listed with the question; of longer lists those that fit a word are."""

_MONTHS = "january february march april may june july august september october november december".split()
_DAY = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]{3,9})\.?,?\s+(\d{4})")
_LENGTH = re.compile(r"(\d+)\s*(years?|months?|weeks?|days?)(?:\s*(?:,|and)?\s*(?=\d)|$)", re.IGNORECASE)
_SEPARATED = re.compile(r"\d{1,3}(?:[, \u00a0\u202f]\d{3})+")
_YES_OR_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer comes to. `several` are the codes it may mean, where it may mean more than one."""

    value: Any
    several: tuple[Code, ...] = ()
    part: str = ""


def read_answer(field: Field, text: str, shown: Sequence[Code] = ()) -> Answer:
    """The value that a text means for a field. What cannot be understood stays text, for the check to name.

    `shown` are the codes that the person has before them, numbered from 1.
    """
    text = text.strip()
    match field.kind:
        case "code":
            return _code(text, field.options, shown)
        case "codes":
            return _codes(field, text, shown)
        case "words":
            return Answer([_place(part) if field.shape == "place" else part for part in _parts(text)])
        case "boolean":
            return Answer(_YES_OR_NO.get(text.casefold(), text))
        case "integer":
            digits = re.sub(r"\D", "", text) if _SEPARATED.fullmatch(text) else text
            return Answer(int(digits) if re.fullmatch(r"\d{1,15}", digits) else text)
        case _:
            return _text(field, text, shown)


def matching(text: str, codes: Sequence[Code]) -> list[Code]:
    """The codes that a text may mean: the one it writes or names, else those with its words in title or meaning."""
    wanted = _words(text)
    exact = [code for code in codes if wanted in {_words(code.code), _words(code.title)}]
    if exact:
        return exact[:1] if any(code.code == text.strip() for code in exact) else exact
    named = [code for code in codes if _has(wanted, code.title) or _has(wanted, code.code)]
    return named or [code for code in codes if _has(wanted, code.description)]


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _has(wanted: str, text: str) -> bool:
    """Whether every word that is wanted begins a word of a text."""
    there = _words(text)
    return bool(wanted) and all(re.search(rf"\b{re.escape(word)}", there) for word in wanted.split())


def _text(field: Field, text: str, shown: Sequence[Code]) -> Answer:
    match field.shape:
        case "date":
            return Answer(_date(text))
        case "duration":
            return Answer(_duration(text))
        case "place":
            return Answer(_place(text))
    if shown:
        return _code(text, shown, shown)
    if field.open_codes:
        meant = matching(text, field.open_options)
        return Answer(meant[0].code if len(meant) == 1 else text)
    return Answer(text)


def _code(text: str, codes: Sequence[Code], shown: Sequence[Code]) -> Answer:
    if text.isdecimal() and 1 <= int(text) <= len(shown):
        return Answer(shown[int(text) - 1].code)
    meant = matching(text, codes)
    if len(meant) > 1:
        return Answer(text, tuple(meant), text)
    return Answer(meant[0].code if meant else text)


def _codes(field: Field, text: str, shown: Sequence[Code]) -> Answer:
    whole = matching(text, field.options)
    parts = [text] if len(whole) == 1 else _parts(text)
    found: list[str] = []
    for part in parts:
        answer = _code(part, field.options, shown)
        if answer.several:
            return answer
        found.append(answer.value)
    return Answer(list(dict.fromkeys(found)))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;]|\s+and\s+", text) if part.strip()]


def _place(text: str) -> str:
    """The code of a country or a part of one: itself, or found by its name."""
    if re.fullmatch(r"[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?", text):
        return text.upper()
    named = [code for code in codelist("country").values() if fold(code.title) == fold(text)]
    return named[0].code if named else text


def _date(text: str) -> str:
    """31 March 2024 and March 2024 as ISO 8601 writes them; what else there is stays as it is."""
    match = _DAY.fullmatch(text)
    if match is None:
        return text
    day, name, year = match.groups()
    months = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name.casefold())]
    if len(months) != 1:
        return text
    return f"{year}-{months[0]:02}" + (f"-{int(day):02}" if day else "")


def _duration(text: str) -> str:
    """2 years, 6 months as ISO 8601 writes them: P2Y6M."""
    found = _LENGTH.findall(text)
    if not found or _LENGTH.sub("", text).strip():
        return text.upper() if re.fullmatch(r"p[\dymwdths]+", text, re.IGNORECASE) else text
    counted = {unit[0].upper(): number for number, unit in found}
    return "P" + "".join(f"{int(counted[unit])}{unit}" for unit in "YMWD" if unit in counted)
