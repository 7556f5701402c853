"""What the API reads out of a request, strictly: JSON of the right shape, numbers, and what its sender had read."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import MINYEAR, UTC, datetime
from typing import Any, NoReturn

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from schemas.canonical import Json
from schemas.cleaning import clean_document, clean_text
from schemas.errors import InvalidInput
from web.api.problems import LONGEST_BODY, PackedBody, PreconditionFailed

_TAGS = re.compile(r'\*|(?:W/)?"[^"]*"(?:\s*,\s*(?:W/)?"[^"]*")*')


def body(required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Json:
    """The request's JSON object, clean, with these members and no others. Raises InvalidInput, and HTTP errors."""
    if request.content_length is not None and request.content_length > LONGEST_BODY:
        raise RequestEntityTooLarge
    if not request.is_json:
        raise UnsupportedMediaType
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in {"identity", ""}:
        raise PackedBody
    request.max_content_length = LONGEST_BODY + 1  # of what comes in pieces, without saying its length, no more is read
    sent = request.get_data(cache=True)
    if len(sent) > LONGEST_BODY:
        raise RequestEntityTooLarge
    if not sent.strip():
        raise InvalidInput("The request is empty.", f"Send {_shape(required, optional)}.")
    value = clean_document(_read(sent))[0]
    if not isinstance(value, dict):
        raise InvalidInput("The request is no JSON object.", f"Send {_shape(required, optional)}.")
    unknown = sorted(set(value) - {*required, *optional})
    missing = [name for name in required if name not in value]
    if unknown or missing:
        wrong = [f"“{name}” is missing" for name in missing] + [f"“{name[:60]}” is not known" for name in unknown]
        raise InvalidInput(f"In the request {', '.join(wrong[:10])}.", f"Send {_shape(required, optional)}.")
    return value


def as_sent() -> Any:  # noqa: ANN401 - any JSON value
    """The request's JSON as it came, before it was cleaned; after `body` has taken it."""
    return _read(request.get_data(cache=True))


def member(group: Json, name: str, kind: type, default: Any = None) -> Any:  # noqa: ANN401 - of that kind
    """A member of a JSON object if it has the kind that is wanted; the default where it is not there.

    Raises InvalidInput. A whole number may be written with a fraction of nothing (JSON Schema: 1.0 is an integer).
    """
    if name not in group:
        return default
    value = group[name]
    if kind is int and isinstance(value, float) and value.is_integer() and abs(value) < MOST_EXACT:
        return int(value)
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    raise InvalidInput(f"“{name}” is not {_KINDS[kind]}.", f"Send {_KINDS[kind]}.")


MOST_EXACT = 2**53
"""Beyond it a float no longer says which whole number was meant."""

_KINDS: dict[type, str] = {
    dict: "a JSON object",
    list: "a JSON array",
    str: "a text",
    int: "a whole number",
    bool: "true or false",
}


def text_argument(name: str, longest: int = 200) -> str | None:
    """A text of the query, clean; None where it is not there. Raises InvalidInput for one that is empty or too long."""
    given = request.args.get(name)
    if given is None:
        return None
    text = clean_text(given)[0].strip()
    if not text or len(given) > longest:
        raise InvalidInput(f"“{name}” is empty or too long.", f"Give 1 to {longest} characters, or leave it out.")
    return text


def number_argument(name: str, default: int | None, least: int, most: int) -> int | None:
    """A whole number of the query. Raises InvalidInput for anything else."""
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS and least <= int(text) <= most):
        raise InvalidInput(f"“{name}” is no whole number from {least} to {most}.", "Correct the address.")
    return int(text)


_MOST_DIGITS = 15
"""Longer numbers are out of all bounds here, and slow to read."""


def choice_argument(name: str, choices: Sequence[str], default: str = "") -> str:
    """One of some texts of the query. Raises InvalidInput for anything else."""
    text = request.args.get(name, default)
    if name in request.args and text not in choices:
        raise InvalidInput(f"There is no {name} “{clean_text(text[:60])[0]}”.", f"There are: {', '.join(choices)}.")
    return text


def moment_argument(name: str) -> datetime | None:
    """A day or a moment of the query, as a moment in UTC; a day begins at midnight. Raises InvalidInput."""
    text = request.args.get(name)
    if text is None:
        return None
    plain = text.upper()
    if "T" in plain:
        plain = _LEAP_SECOND.sub(r"\1:59", plain.replace(" ", "+"))  # a blank is a “+” that was not encoded
    try:
        moment = datetime.fromisoformat(plain if _MOMENT.fullmatch(plain) else "")
        return moment.replace(tzinfo=UTC) if len(plain) == _DAY else moment.astimezone(UTC)
    except OverflowError:  # a moment of the first or last day of the calendar that is another day in UTC
        return datetime.min.replace(tzinfo=UTC) if moment.year == MINYEAR else datetime.max.replace(tzinfo=UTC)
    except ValueError:
        advice = "Write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ."
        raise InvalidInput(f"“{name}” is no day and no moment: “{clean_text(text[:60])[0]}”.", advice) from None


_LEAP_SECOND = re.compile("(T[0-9]{2}:[0-9]{2}):60")
_MOMENT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?")
_DAY = len("2026-03-02")


def refuse_unknown_arguments(*known: str, repeated: Sequence[str] = ()) -> None:
    """Raises InvalidInput for a query member that is not known or given twice: no filter is without effect.

    Those in `repeated` are known too, and may be given more than once.
    """
    twice = sorted(name for name in request.args if len(request.args.getlist(name)) > 1 and name not in repeated)
    if twice:
        raise InvalidInput(f"“{twice[0][:60]}” is given twice.", "Give each argument once.")
    taken = (*known, *repeated)
    unknown = sorted(set(request.args) - set(taken))
    if unknown:
        told = f"This address takes: {', '.join(taken)}." if taken else "This address takes none."
        raise InvalidInput(f"“{unknown[0][:60]}” is no argument here.", told)


def require_match(tag: str) -> None:
    """Raises PreconditionFailed where the sender read another state than the present one (RFC 9110, 13.1.1).

    To be asked last, before anything is kept: what would be refused in any case is told why (RFC 9110, 13.2.1).
    Raises InvalidInput for a header that is no list of entity tags.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return
    if not _TAGS.fullmatch(header.strip()):
        raise InvalidInput(
            "The header If-Match holds no entity tag.", "Send the ETag of what you read, quotes included."
        )
    if not (request.if_match.star_tag or request.if_match.contains(tag)):
        raise PreconditionFailed(
            "The record has changed since you read it.", "Read it again, then decide again (its ETag has changed)."
        )


def _read(data: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        text = data.decode("utf-8-sig")  # some editors begin with a byte order mark; it may be ignored (RFC 8259, 8.1)
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_no_repeats)
    except UnicodeDecodeError:
        raise InvalidInput("The request is not UTF-8.", "Send JSON in UTF-8.") from None
    except RecursionError:
        raise InvalidInput("The request is nested too deep.", "Send one record.") from None
    except json.JSONDecodeError as error:
        what = error.msg.lower().removesuffix(" at")
        raise InvalidInput(
            f"The request is not JSON: {what} in line {error.lineno}, column {error.colno}.", "Mend it."
        ) from None
    except InvalidInput:
        raise
    except ValueError:
        raise InvalidInput("The request holds a number too long to read.", "Write long numbers as text.") from None


def _no_number(constant: str) -> NoReturn:
    raise InvalidInput(f"{constant} is no number that JSON knows.", "Leave the value out, or write a number.")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = min(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise InvalidInput(f"The member “{clean_text(twice[:60])[0]}” stands twice.", "Give each member once.")
    return members


def _shape(required: tuple[str, ...], optional: tuple[str, ...]) -> str:
    names = [*(f"“{name}”" for name in required), *(f"“{name}” if need be" for name in optional)]
    return f"a JSON object with {', '.join(names)}" if names else "an empty JSON object"
