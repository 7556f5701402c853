"""What the record says of itself, computed: pure functions of an agreement's history and a day.

Codes and sentences are those of the list `flags`. A flag is raised for the version that shows it; what the newest
version shows is told there alone, what an older one showed and the newest mended stands at the older one. Nothing is
said that the record does not bear out: “not known” is a sentence of a page, never a flag.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from register.agreements.life import state_of
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.dates import first_day, last_day


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as the flags see it: its code, the version it makes (with what that says) and its times."""

    event: str
    version: int | None
    document: Json | None
    registered_on: datetime


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag raised: its code, the version that shows it, its value (days, a date, a name) and its sentence."""

    code: str
    version: int
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Raised:
    code: str
    value: str = ""
    words: Mapping[str, str] | None = None


def flags_of(history: Sequence[Happening], standing: str, day: date) -> list[Flag]:
    """Every flag of an agreement as of a day, from its events oldest first; `standing` is what events alone decide."""
    known = [happening for happening in history if happening.registered_on.date() <= day]
    versions = [happening for happening in known if happening.version is not None and happening.document is not None]
    if not versions:
        return []
    raised = [list(_of_version(versions, position, known, standing, day)) for position in range(len(versions))]
    newest = {item.code for item in raised[-1]}
    flags: list[Flag] = []
    for position, items in enumerate(raised):
        last = position == len(raised) - 1
        flags += [_flag(versions[position], item) for item in items if last or item.code not in newest]
    return flags


def _flag(version: Happening, raised: _Raised) -> Flag:
    sentence = codelist("flags")[raised.code].description.format(**(raised.words or {}))
    return Flag(raised.code, version.version or 0, raised.value, sentence)


def _of_version(
    versions: Sequence[Happening], position: int, known: Sequence[Happening], standing: str, day: date
) -> Iterator[_Raised]:
    """What one version shows. What is true of the agreement as a whole is shown by its first or its newest."""
    version = versions[position]
    document = version.document or {}
    newest = position == len(versions) - 1
    if position == 0:
        yield from _late(versions)
    else:
        yield from _extended(versions[position - 1], version)
    yield from _directions(document)
    yield from _powers(document, versions, position)
    yield from _review_at_end(document)
    if newest:
        yield from _over_time(document, known, standing, day)
        if not any("catalogueId" in link for link in _links(document)):
            yield _Raised("no-dataset-link")


def _late(versions: Sequence[Happening]) -> Iterator[_Raised]:
    document = versions[0].document or {}
    began = document.get("provenance", {}).get("firstSharedOn") or document.get("effectiveFrom")
    registered = min(version.registered_on for version in versions).date()
    if began and (days := (registered - last_day(began)).days) > 0:
        yield _Raised("registered-late", str(days), {"days": str(days)})


def _extended(before: Happening, after: Happening) -> Iterator[_Raised]:
    old, new = (before.document or {}).get("endsOn"), (after.document or {}).get("endsOn")
    if old and new and last_day(new) > last_day(old) and after.registered_on.date() > last_day(old):
        days = (after.registered_on.date() - last_day(old)).days
        yield _Raised("extended-after-end", str(days), {"date": _told(last_day(old)), "days": str(days)})


def _directions(document: Json) -> Iterator[_Raised]:
    parties, flows = document.get("parties", ()), document.get("flows", ())
    roles = [set(party.get("flowRole", ())) for party in parties]
    received = any("recipient" in role for role in roles) or any("to" in flow for flow in flows)
    sent = any("discloser" in role for role in roles) or any("from" in flow for flow in flows)
    if sent and not received:
        yield _Raised("no-recipient")
    told = any("from" in flow and "to" in flow for flow in flows)
    if not told and any({"discloser", "recipient"} <= role for role in roles):
        yield _Raised("direction-not-stated")


def _powers(document: Json, versions: Sequence[Happening], position: int) -> Iterator[_Raised]:
    """A power that stands there as the bare code of a list, because the list does not hold it."""
    for power in document.get("legalPowers", ()):
        identifier = power.get("identifier", {})
        code = f"{identifier.get('scheme')}:{identifier.get('id')}"
        if identifier and power.get("title") == code:
            until = versions[position + 1].registered_on if position + 1 < len(versions) else None
            days = f"{(until - versions[position].registered_on).days} days" if until else "still"
            yield _Raised("power-unknown", days, {"power": code})


def _review_at_end(document: Json) -> Iterator[_Raised]:
    review, end = document.get("nextReviewOn"), document.get("endsOn")
    if review and end and first_day(review) == first_day(end) == last_day(end):
        yield _Raised("review-only-at-end", review)


def _over_time(document: Json, known: Sequence[Happening], standing: str, day: date) -> Iterator[_Raised]:
    """What the clock has brought about, unless an event answered it."""
    state = state_of(document, standing, day)
    happened = {happening.event for happening in known}
    review = document.get("nextReviewOn")
    if review and state in {"in-force", "suspended", "dates-not-stated"} and last_day(review) < day:
        reviewed = [one for one in known if one.event == "reviewed" and one.registered_on.date() >= first_day(review)]
        if not reviewed:
            yield _Raised("review-overdue", review, {"date": _told(last_day(review))})
    if state == "ended":
        ends = document.get("endsOn")
        if ends and "disposal-confirmed" not in happened:
            yield _Raised("ended-not-closed", ends, {"date": _told(last_day(ends))})
        promised = len(document.get("expectedBenefits", ()))
        if promised and "reviewed" not in happened:
            expected = "1 benefit was expected" if promised == 1 else f"{promised} benefits were expected"
            yield _Raised("promised-not-reported", str(promised), {"expected": expected})


def _told(day: date) -> str:
    """A day as people read it: 31 March 2019."""
    return f"{day.day} {day:%B %Y}"


def _links(document: Json) -> Iterator[Json]:
    for flow in document.get("flows", ()):
        yield from flow.get("datasets", ())
