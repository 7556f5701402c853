"""The state of an agreement in words: what it is called, since when, why, and what that means."""

from dataclasses import dataclass
from datetime import date

from register.agreements.proceedings import DATES, dates_in_force
from schemas.canonical import Json
from schemas.codelists import title_of
from web.presentation.dates import show_date
from web.presentation.words import lower_first, sentence


@dataclass(frozen=True, slots=True)
class State:
    """The state on a day: its code, its name, the colour of its tag, and a sentence.

    `reason` is why it is so, in the words of whoever brought it about; empty where nobody says.
    """

    code: str
    title: str
    colour: str
    sentence: str
    reason: str = ""


_COLOURS = {
    "in-force": "green",
    "signed": "teal",
    "proposed": "yellow",
    "suspended": "orange",
    "withdrawn": "red",
    "rejected": "red",
}

_BROUGHT_ABOUT_BY = {
    "rejected": "rejection",
    "suspended": "suspension",
    "ended": "termination",
    "withdrawn": "withdrawal",
}
"""The member of the proceedings that tells how a state came about."""

_DAYS = ("decidedOn", "suspendedOn", "endedOn", "withdrawnOn")
"""The member in which an event names the day; where it names none, the day it was put on the record counts."""


def state_colour(code: str) -> str:
    """The colour of a state's tag; grey for what is over or not known."""
    return _COLOURS.get(code, "grey")


def show_state(code: str, document: Json, proceedings: Json | None = None, entered: date | None = None) -> State:
    """A state with the sentence that says since when and why.

    `proceedings` are what happened beside the deal; `entered` the day on which the text was proposed.
    """
    happened = proceedings or {}
    cause: Json = happened.get(_BROUGHT_ABOUT_BY.get(code, ""), {})
    rest = {name: value for name, value in document.items() if name not in DATES}
    dates = {**rest, **dates_in_force(document, happened)}
    told = _state_sentence(code, dates, cause, entered)
    return State(code, title_of("agreement-state", code), state_colour(code), told, cause.get("reason", ""))


def _state_sentence(code: str, dates: Json, cause: Json, entered: date | None) -> str:
    start, end = dates.get("effectiveFrom"), dates.get("endsOn")
    match code:
        case "in-force":
            until = f"It ends on {show_date(end)}." if end else show_end_condition(dates)
            return f"It has applied since {show_date(start)}. {until}".strip()
        case "ended":
            as_agreed = end and cause.get("endedOn", end) >= end
            return f"It ended on {show_date(end)}." if as_agreed else f"It was ended early{_on(cause)}."
        case "signed":
            return f"It is to apply from {show_date(start)}." if start else "It is signed and has not begun."
        case "dates-not-stated":
            return _dates_not_stated(start, end, "endCondition" in dates)
        case "suspended":
            since = f"It has been on hold since {day_of(cause)}" if cause else "It is on hold"
            return f"{since}: nothing may be shared under it until it is resumed."
        case "withdrawn":
            return f"It was withdrawn from the register{_on(cause)}. Its record stays here."
        case "proposed":
            when = f"It was proposed on {show_date(entered)}" if entered else "It is proposed"
            return f"{when}, and nothing is shared under it yet."
        case "rejected":
            decided = f"; this was decided on {day_of(cause)}" if cause else ""
            return f"It was proposed and not agreed to{decided}. Nothing is shared under it."
    return ""


def day_of(cause: Json) -> str:
    """The day of what happened, as people read it: the one it states, else that on which it was put on the record."""
    return show_date(next((cause[name] for name in _DAYS if name in cause), cause.get("on", "")))


def _on(cause: Json) -> str:
    return f" on {day_of(cause)}" if cause else ""


def show_end_condition(document: Json) -> str:
    """What ends the agreement where no day does, in a sentence; empty where the record does not say."""
    condition = document.get("endCondition", {})
    words = condition.get("text", "")
    if "code" not in condition:
        return f"It ends when: {sentence(words)}" if words else ""
    kind = lower_first(title_of("end-condition", condition["code"]))
    end = f"It {'lasts' if kind.startswith('until') else 'ends'} {kind}"
    return sentence(f"{end}: {words}" if words else end)


def _dates_not_stated(start: str | None, end: str | None, condition: bool) -> str:
    unsure = "so this page cannot say whether it is in force."
    if start:
        return f"It applies from {show_date(start)}. The source does not say when it ends, {unsure}"
    if end:
        return f"It ends on {show_date(end)}. The source does not say when it begins, {unsure}"
    if condition:
        return f"The source does not say when it begins, {unsure}"
    return f"The source does not say when it begins or ends, {unsure}"
