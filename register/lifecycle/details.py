"""What an event says, checked against the agreement it happens to: what a schema of its own cannot hold. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from register.checks.contacts import personal_addresses_of_event
from schemas.canonical import Json
from schemas.dates import first_day, is_date, last_day
from schemas.problems import Problem

MOST_YEARS_TO_REVIEW = 5


@dataclass(frozen=True, slots=True)
class Setting:
    """What an event happens to: the deal, its dates in force, its newest version, the day, and what happened before."""

    document: Json
    dates: Json
    version: int
    today: date
    proceedings: Json


def check_details(event: str, details: Json, setting: Setting) -> list[Problem]:
    """Every problem of what an event says that its schema does not see. Dates that cannot be read are the schema's."""
    return [
        *_in_the_future(event, details, setting),
        *_before_it_began(event, details, setting),
        *personal_addresses_of_event(details),
        *_CHECKS.get(event, _nothing)(details, setting),
    ]


_HAPPENED: Mapping[str, tuple[str, str]] = {
    "reviewed": ("date", "Reviewed on"),
    "renewed": ("date", "Renewed on"),
    "incident-recorded": ("date", "Date"),
    "terminated": ("endedOn", "Ended on"),
    "disposal-confirmed": ("disposalConfirmedOn", "Disposal confirmed on"),
    "suspended": ("suspendedOn", "Suspended on"),
    "resumed": ("resumedOn", "Resumed on"),
    "withdrawn": ("withdrawnOn", "Withdrawn on"),
    "rejected": ("decidedOn", "Decided on"),
    "recommended": ("date", "Date"),
}
"""Events that tell what has happened, with the member that says when."""


def _in_the_future(event: str, details: Json, setting: Setting) -> Iterator[Problem]:
    name, title = _HAPPENED.get(event, ("", ""))
    stated = _date(details, name)
    if stated and first_day(stated) > setting.today:
        yield Problem(
            f"/{name}",
            f"{stated} is still to come.",
            f"Record it once it has happened; today is {setting.today.isoformat()}.",
            title=title,
        )


_WHILE_IT_RAN = frozenset({"reviewed", "renewed", "terminated", "disposal-confirmed", "suspended"})
"""Events that happen to an agreement that has begun, or at least was signed."""


def _before_it_began(event: str, details: Json, setting: Setting) -> Iterator[Problem]:
    name, title = _HAPPENED.get(event, ("", ""))
    stated = _date(details, name)
    signed = _date(setting.document, "signedOn") if event in {"reviewed", "renewed"} else None
    began = min(filter(None, (signed, _date(setting.document, "effectiveFrom"))), key=first_day, default=None)
    if event in _WHILE_IT_RAN and stated and began and last_day(stated) < first_day(began):
        what = "was signed" if began == signed else "began"
        yield Problem(
            f"/{name}", f"{stated} is before the agreement {what} ({began}).", "Correct the day.", title=title
        )


def _nothing(_details: Json, _setting: Setting) -> Iterator[Problem]:
    return iter(())


def _reviewed(details: Json, setting: Setting) -> Iterator[Problem]:
    yield from _next_review(details, details.get("date"), setting.dates.get("endsOn"))


def _renewed(details: Json, setting: Setting) -> Iterator[Problem]:
    ends, before = _date(details, "endsOn"), _date(setting.dates, "endsOn")
    if "endsOn" not in details and "endCondition" not in details:
        yield Problem(
            "/endsOn",
            "It is not said until when the agreement is renewed.",
            "Write its new last day (endsOn), or what ends it (endCondition).",
            title="Ends on",
        )
    if ends and before and last_day(ends) <= last_day(before):
        yield Problem(
            "/endsOn",
            f"{ends} is not after the day on which it ends as it is ({before}).",
            "Write a later day; to end it earlier, use “gazette register end”.",
            title="Ends on",
        )
    yield from _next_review(details, details.get("date"), details.get("endsOn", setting.dates.get("endsOn")))


def _next_review(details: Json, after: object, ends: object) -> Iterator[Problem]:
    review = _date(details, "nextReviewOn")
    if not review:
        return
    if isinstance(after, str) and is_date(after):
        reviewed = first_day(after)
        if last_day(review) <= reviewed:
            yield _review_problem(f"{review} is not after this one ({after}).", "Write a later day.")
        elif first_day(review) > _years_later(reviewed, MOST_YEARS_TO_REVIEW):
            yield _review_problem(
                f"{review} is more than {MOST_YEARS_TO_REVIEW} years away.",
                f"Write a day within {MOST_YEARS_TO_REVIEW} years.",
            )
    if isinstance(ends, str) and is_date(ends) and first_day(review) >= last_day(ends):
        yield _review_problem(
            f"{review} is not before the end ({ends}), so it could change nothing.", "Write an earlier day."
        )


def _review_problem(message: str, advice: str) -> Problem:
    return Problem("/nextReviewOn", message, advice, title="Next review on")


def _resumed(details: Json, setting: Setting) -> Iterator[Problem]:
    resumed = _date(details, "resumedOn")
    since = _date(setting.proceedings.get("suspension", {}), "suspendedOn")
    if resumed and since and last_day(resumed) < first_day(since):
        yield Problem(
            "/resumedOn", f"{resumed} is before it was suspended ({since}).", "Correct the day.", title="Resumed on"
        )


def _consultation(details: Json, setting: Setting) -> Iterator[Problem]:
    opened, closes = _date(details, "opened"), _date(details, "closes")
    if opened and closes and last_day(closes) <= first_day(opened):
        yield Problem("/closes", f"{closes} is not after the opening ({opened}).", "Write a later day.", title="Closes")
    elif closes and last_day(closes) < setting.today:
        yield Problem("/closes", f"{closes} has passed.", "Write a day still to come.", title="Closes")


def _of_newest(details: Json, setting: Setting) -> Iterator[Problem]:
    version = details.get("version")
    if isinstance(version, int) and version != setting.version:
        newest = f"The newest version is {setting.version}"
        yield Problem(
            "/version",
            f"{newest}; only it can be confirmed or disputed."
            if version < setting.version
            else f"There is no version {version}. {newest}.",
            f"Read version {setting.version} first, then say --version {setting.version}.",
            title="Version",
        )


_CHECKS: Mapping[str, Callable[[Json, Setting], Iterator[Problem]]] = {
    "reviewed": _reviewed,
    "renewed": _renewed,
    "resumed": _resumed,
    "consultation-opened": _consultation,
    "confirmed": _of_newest,
    "disputed": _of_newest,
}


def _date(group: Json, name: str) -> str | None:
    stated = group.get(name)
    return stated if isinstance(stated, str) and is_date(stated) else None


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
