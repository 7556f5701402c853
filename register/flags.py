"""What the record says of itself, computed: pure functions of an agreement's history and a day.

Codes and sentences are those of the list `flags`. A flag is raised for the version that shows it; what the newest
version shows is told there alone, what an older one showed and the newest mended stands at the older one. Nothing is
said that the record does not bear out: “not known” is a sentence of a page, never a flag.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from register.agreements.life import state_of
from register.law_flags import law_in_doubt
from register.timeline import NOWHERE, Happening, Related, Surroundings, Timeline, days_between, timeline_of, told
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.dates import first_day, last_day

__all__ = ["Flag", "Happening", "Surroundings", "flags_of"]

CARRIES_ON = frozenset({"renews", "replaces"})
"""The relations by which one agreement carries on the sharing of another."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag raised: its code, the version that shows it, its value (days, a date, a name) and its sentence."""

    code: str
    version: int
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Raised:
    """A flag before its sentence. `about` tells flags of one code apart: the party or the power they are about."""

    code: str
    value: str = ""
    words: Mapping[str, str] | None = None
    about: str = ""


def flags_of(
    history: Sequence[Happening], standing: str, day: date, surroundings: Surroundings = NOWHERE
) -> list[Flag]:
    """Every flag of an agreement as of a day, from its events oldest first.

    `standing` is what events alone decide; `surroundings` what is known of powers, related agreements and accounts.
    """
    timeline = timeline_of(history, standing, day)
    if timeline is None:
        return []
    raised = [list(_of_version(timeline, place, surroundings)) for place in range(len(timeline.versions))]
    newest = {(item.code, item.about) for item in raised[-1]}
    flags: list[Flag] = []
    for place, items in enumerate(raised):
        last = place == len(raised) - 1
        shown = [item for item in items if last or (item.code, item.about) not in newest]
        flags += [_flag(timeline.versions[place], item) for item in shown]
    return flags


def _flag(version: Happening, raised: _Raised) -> Flag:
    sentence = codelist("flags")[raised.code].description.format(**(raised.words or {}))
    if (raised.words or {}).get("days") == "1":
        sentence = sentence.replace("1 days", "1 day")
    return Flag(raised.code, version.version or 0, raised.value, sentence)


def _of_version(timeline: Timeline, place: int, surroundings: Surroundings) -> Iterator[_Raised]:
    """What one version shows. What is true of the agreement as a whole is shown by its first or its newest."""
    version = timeline.versions[place]
    document = version.document or {}
    newest = place == len(timeline.versions) - 1
    if place == 0:
        yield from _late(timeline.versions)
    yield from _extended(timeline, version)
    yield from _directions(document)
    yield from _unknown_powers(timeline.versions, place)
    yield from _law(timeline, place, surroundings)
    yield from _review_at_end(timeline.dates if newest else document)
    yield from _gap(document, surroundings)
    yield from _disputed(timeline, version, surroundings)
    if newest:
        yield from _over_time(timeline)
        yield from _unconfirmed(timeline, surroundings)
        if not any("catalogueId" in link for link in _links(document)):
            yield _Raised("no-dataset-link")


def _late(versions: Sequence[Happening]) -> Iterator[_Raised]:
    """Sharing began before a public register said so. Under what is only proposed nothing is shared."""
    if all(version.event in {"proposed", "corrected"} for version in versions) and versions[0].event == "proposed":
        return
    document = versions[0].document or {}
    began = document.get("provenance", {}).get("firstSharedOn") or document.get("effectiveFrom")
    registered = min(version.registered_on for version in versions).date()
    if began and (days := (registered - last_day(began)).days) > 0:
        yield _Raised("registered-late", str(days), {"days": str(days)})


def _extended(timeline: Timeline, version: Happening) -> Iterator[_Raised]:
    """It ended, and only then was its end put off: by this version, or by a renewal while it was the newest."""
    number = 0
    for step in timeline.steps:
        number = step.happening.version or number
        old, new = step.before.get("endsOn"), step.after.get("endsOn")
        if number != version.version or not old or (step.after == step.before):
            continue
        done = _done_on(step.happening)
        later = (new and last_day(new) > last_day(old)) or (not new and "endCondition" in step.after)
        if later and done > last_day(old):
            days = str((done - last_day(old)).days)
            yield _Raised("extended-after-end", days, {"date": told(last_day(old)), "days": days})


def _done_on(happening: Happening) -> date:
    """The day of a renewal, else that on which the event first stood in a register."""
    stated = (happening.details or {}).get("date") if happening.event == "renewed" else None
    return first_day(stated) if stated else happening.registered_on.date()


def _directions(document: Json) -> Iterator[_Raised]:
    parties, flows = document.get("parties", ()), document.get("flows", ())
    roles = [set(party.get("flowRole", ())) for party in parties]
    received = any("recipient" in role for role in roles) or any("to" in flow for flow in flows)
    sent = any("discloser" in role for role in roles) or any("from" in flow for flow in flows)
    if sent and not received:
        yield _Raised("no-recipient")
    said = any("from" in flow and "to" in flow for flow in flows)
    if not said and any({"discloser", "recipient"} <= role for role in roles):
        yield _Raised("direction-not-stated")


def _unknown_powers(versions: Sequence[Happening], place: int) -> Iterator[_Raised]:
    """A power that stands there as the bare code of a list, because the list does not hold it."""
    for power in (versions[place].document or {}).get("legalPowers", ()):
        identifier = power.get("identifier", {})
        code = f"{identifier.get('scheme')}:{identifier.get('id')}"
        if identifier and power.get("title") == code:
            until = versions[place + 1].registered_on if place + 1 < len(versions) else None
            days = f"{(until - versions[place].registered_on).days} days" if until else "still"
            yield _Raised("power-unknown", days, {"power": code}, about=code)


def _law(timeline: Timeline, place: int, surroundings: Surroundings) -> Iterator[_Raised]:
    """Powers that were not law, or that a party may not use, on the day this version began or the last one it ran."""
    if surroundings.powers is None:
        return
    newest = place == len(timeline.versions) - 1
    document = timeline.versions[place].document or {}
    until = timeline.ended_on if newest else None
    still = newest and state_of(document, timeline.standing, timeline.day, timeline.proceedings) not in {
        "withdrawn", "rejected", "proposed", "dates-not-stated",
    }  # fmt: skip
    last = min(timeline.day, last_day(until)) if until else timeline.day
    for doubt in law_in_doubt(document, surroundings.powers, surroundings.organisations, last if still else None):
        if doubt.party:
            words = {"power": doubt.power, "party": doubt.party}
            yield _Raised("party-not-eligible", doubt.party, words, about=f"{doubt.power}, {doubt.party}")
        else:
            words = {"power": doubt.power, "date": told(doubt.day)}
            yield _Raised("power-not-in-force", doubt.day.isoformat(), words, about=doubt.power)


def _review_at_end(dates: Json) -> Iterator[_Raised]:
    review, end = dates.get("nextReviewOn"), dates.get("endsOn")
    if review and end and first_day(review) == first_day(end) == last_day(end):
        yield _Raised("review-only-at-end", review)


def _gap(document: Json, surroundings: Surroundings) -> Iterator[_Raised]:
    """Days between the end of the agreement that this one carries on and its own beginning."""
    begins = document.get("effectiveFrom")
    named = [one for one in document.get("relatedAgreements", ()) if one.get("relation") in CARRIES_ON]
    found = [_related(one, surroundings) for one in named]
    ends = [other.ends_on for other in found if other is not None and other.ends_on]
    if not begins or not ends or len(ends) < len(named):
        return  # one whose end is not known may have covered the time between
    end = max(ends, key=last_day)
    days = days_between(end, begins)
    if days > 0:
        first, last = last_day(end) + timedelta(days=1), first_day(begins) - timedelta(days=1)
        yield _Raised("gap", str(days), {"date": told(first), "until": told(last)})


def _related(named: Json, surroundings: Surroundings) -> Related | None:
    number = named.get("externalId", {})
    elsewhere = f"{number.get('scheme')}:{number.get('id')}"
    return surroundings.related.get(named.get("agreement", "")) or surroundings.related.get(elsewhere)


def _disputed(timeline: Timeline, version: Happening, surroundings: Surroundings) -> Iterator[_Raised]:
    for word in timeline.words():
        if not word.right and word.version == version.version:
            party = surroundings.name_of(word.party, version.document or {})
            yield _Raised("disputed", party, {"party": party, "reason": word.reason}, about=party)


def _unconfirmed(timeline: Timeline, surroundings: Surroundings) -> Iterator[_Raised]:
    """Parties that have an account which could confirm the newest version, and have said nothing of it."""
    names = unconfirmed_parties(timeline, surroundings)
    if names and timeline.standing not in {"proposed", "rejected", "withdrawn"}:
        parties = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        yield _Raised("unconfirmed-party", ", ".join(names), {"parties": parties})


def unconfirmed_parties(timeline: Timeline, surroundings: Surroundings) -> list[str]:
    """The names of the parties that could confirm the newest version here, and have neither done so nor disputed it."""
    spoke = {word.party for word in timeline.words() if word.version == timeline.versions[-1].version}
    return [
        party["name"]
        for party in timeline.document.get("parties", ())
        if (slug := surroundings.slug_of(party)) in surroundings.can_confirm
        and slug not in spoke
        and "leftOn" not in party
    ]


def _over_time(timeline: Timeline) -> Iterator[_Raised]:
    """What the clock has brought about, unless an event answered it."""
    document = timeline.document
    state = state_of(document, timeline.standing, timeline.day, timeline.proceedings)
    if (review := overdue_review(timeline, state)) is not None:
        yield _Raised("review-overdue", review, {"date": told(last_day(review))})
    if state == "ended":
        if timeline.ended_on and not timeline.happened("disposal-confirmed"):
            date_told = told(last_day(timeline.ended_on))
            yield _Raised("ended-not-closed", timeline.ended_on, {"date": date_told})
        promised = len(document.get("expectedBenefits", ()))
        if promised and not timeline.happened("reviewed"):
            expected = "1 benefit was expected" if promised == 1 else f"{promised} benefits were expected"
            yield _Raised("promised-not-reported", str(promised), {"expected": expected})


def overdue_review(timeline: Timeline, state: str) -> str | None:
    """The day of a review that was due and is not recorded; None where there is none.

    Any review since that day was set answers it, even one before its time.
    """
    review: str | None = timeline.dates.get("nextReviewOn")
    if not review or state not in {"in-force", "suspended", "dates-not-stated"} or last_day(review) >= timeline.day:
        return None
    since = timeline.since("nextReviewOn")
    answered = [
        one
        for one in timeline.happened("reviewed")
        if (since and one.registered_on > since) or one.registered_on.date() >= first_day(review)
    ]
    return None if answered else review


def _links(document: Json) -> Iterator[Json]:
    for flow in document.get("flows", ()):
        yield from flow.get("datasets", ())
