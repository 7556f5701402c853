"""Flags that need more than the deal: what parties said, powers, related agreements, renewals and early ends."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from register.flags import Flag, Happening, Surroundings, flags_of
from register.powers.classes import OrganisationFacts
from register.powers.facts import BodyFacts, Period, PowerFacts
from register.powers.table import PowersTable
from register.timeline import NOWHERE, Related
from schemas.canonical import Json

TODAY = date(2024, 6, 1)
LINKED = [{"datasets": [{"catalogueId": "wells"}]}]
PARTIES = [
    {"name": "Rivers", "organisation": "rivers", "flowRole": ["discloser"], "agreementRole": ["lead-agency"]},
    {"name": "Bridges", "organisation": "bridges", "flowRole": ["recipient"]},
]


def moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def version(number: int, day: str, event: str = "signed", by: str | None = None, **document: Any) -> Happening:
    full = {"title": "T", "parties": PARTIES, "flows": LINKED, "provenance": {"source": "official"}, **document}
    return Happening(event, number, full, moment(day), by=by)


def said(event: str, day: str, **details: Any) -> Happening:
    return Happening(event, None, None, moment(day), details, details.get("party"))


def flags(
    *history: Happening, standing: str = "signed", day: date = TODAY, around: Surroundings = NOWHERE
) -> list[Flag]:
    return flags_of(history, standing, day, around)


def codes(*history: Happening, **known: Any) -> dict[str, tuple[int, str]]:
    return {flag.code: (flag.version, flag.value) for flag in flags(*history, **known)}


def test_a_dispute_stands_until_that_party_confirms_or_a_newer_version_mends_it() -> None:
    first = version(1, "2024-01-01")
    wrong = said("disputed", "2024-01-05", version=1, party="bridges", reason="We get no dates of birth.")
    (flag,) = flags(first, wrong)
    assert (flag.code, flag.version) == ("disputed", 1)
    assert flag.sentence == "Bridges says that this version is not right: We get no dates of birth."
    right = said("confirmed", "2024-01-09", version=1, party="bridges")
    other = said("confirmed", "2024-01-09", version=1, party="rivers")
    assert codes(first, wrong, right) == {}
    assert codes(first, wrong, other) == {"disputed": (1, "Bridges")}
    assert codes(first, right, wrong) == {"disputed": (1, "Bridges")}
    mended = version(2, "2024-02-01", "corrected")
    assert codes(first, wrong, mended) == {"disputed": (1, "Bridges")}
    assert codes(first, wrong, mended, said("confirmed", "2024-02-03", version=2, party="bridges")) == {}
    assert codes(first, wrong, day=date(2024, 1, 4)) == {}


def test_two_parties_disputes_are_told_apart() -> None:
    first, second = version(1, "2024-01-01"), version(2, "2024-02-01", "corrected")
    one = said("disputed", "2024-01-05", version=1, party="bridges", reason="No.")
    two = said("disputed", "2024-02-05", version=2, party="rivers", reason="No.")
    assert [(flag.version, flag.value) for flag in flags(first, one, second, two)] == [(1, "Bridges"), (2, "Rivers")]


def test_only_parties_that_could_confirm_are_named() -> None:
    around = Surroundings(can_confirm=frozenset({"rivers", "bridges", "elsewhere"}))
    first = version(1, "2024-01-01", by="rivers")  # who makes a version says yes to it
    assert codes(first) == {}
    assert codes(first, around=around) == {"unconfirmed-party": (1, "Bridges")}
    imported = version(1, "2024-01-01")
    (flag,) = flags(imported, around=around)
    assert flag.sentence == "Rivers and Bridges could confirm this version and have not."
    assert codes(first, said("confirmed", "2024-01-05", version=1, party="bridges"), around=around) == {}
    assert codes(first, standing="withdrawn", around=around) == {}
    left = [PARTIES[0], {**PARTIES[1], "leftOn": "2024-01-03"}]
    assert codes(version(1, "2024-01-01", by="rivers", parties=left), around=around) == {}
    again = version(2, "2024-03-01", "amended", by="rivers")
    confirmed = said("confirmed", "2024-01-05", version=1, party="bridges")
    assert codes(first, confirmed, again, around=around) == {"unconfirmed-party": (2, "Bridges")}


def test_a_party_found_by_its_number_may_confirm_too() -> None:
    parties = [PARTIES[0], {"name": "Bridges", "flowRole": ["recipient"]}]
    around = Surroundings(can_confirm=frozenset({"bridges"}), organisations={"Bridges": "bridges"})
    assert codes(version(1, "2024-01-01", parties=parties), around=around) == {"unconfirmed-party": (1, "Bridges")}


RELATED = Surroundings(
    related={
        "dg-1": Related("dg-1", "Before", "2020-01-01", "2022-12-31"),
        "list:1": Related("dg-1", "Before", "2020-01-01", "2022-12-31"),
        "dg-2": Related("dg-2", "Between", "2023-01-01", "2023-12-31"),
        "dg-3": Related("dg-3", "Without an end", "2023-01-01"),
    }
)


@pytest.mark.parametrize(
    ("related", "begins", "gap"),
    [
        ([{"relation": "renews", "agreement": "dg-1"}], "2023-01-11", "10"),
        ([{"relation": "replaces", "externalId": {"scheme": "list", "id": "1"}}], "2023-01-11", "10"),
        ([{"relation": "renews", "agreement": "dg-1"}], "2023-01-01", None),
        ([{"relation": "renews", "agreement": "dg-1"}], "2022-06-01", None),
        ([{"relation": "renews", "agreement": "dg-1"}], "2023", None),
        ([{"relation": "depends-on", "agreement": "dg-1"}], "2023-01-11", None),
        ([{"relation": "renews", "agreement": "dg-9"}], "2023-01-11", None),
        ([{"relation": "renews", "agreement": "dg-3"}], "2024-01-11", None),
        (
            [{"relation": "renews", "agreement": "dg-1"}, {"relation": "renews", "agreement": "dg-2"}],
            "2024-01-11",
            "10",
        ),
        ([{"relation": "renews", "agreement": "dg-1"}, {"relation": "renews", "name": "Another"}], "2024-01-11", None),
    ],
)
def test_a_gap_is_told_where_both_its_ends_are_known(related: list[Json], begins: str, gap: str | None) -> None:
    agreement = version(1, "2023-01-01", relatedAgreements=related, effectiveFrom=begins, endCondition={"text": "x"})
    found = codes(agreement, around=RELATED)
    assert found.get("gap", (1, None))[1] == gap


def test_a_gap_says_its_first_and_its_last_day() -> None:
    agreement = version(
        1, "2023-01-01", relatedAgreements=[{"relation": "renews", "agreement": "dg-1"}], effectiveFrom="2023-01-11"
    )
    (flag,) = [one for one in flags(agreement, around=RELATED) if one.code == "gap"]
    assert flag.sentence == "Between 1 January 2023 and 10 January 2023 no agreement covered this sharing."


ORGANISATIONS = {
    "rivers": OrganisationFacts("rivers", "Rivers", kind="department"),
    "bridges": OrganisationFacts("bridges", "Bridges", kind="agency"),
}
POWER = {"title": "Water power", "instrument": "Water Act 1990", "provision": "s.5"}


def law(*bodies: BodyFacts, complete: bool = True, periods: tuple[Period, ...] = ()) -> Surroundings:
    facts = PowerFacts(
        "p", "Water power", "Water Act 1990", "s.5", periods=periods, bodies=bodies, bodies_complete=complete
    )
    return Surroundings(powers=PowersTable((facts,), ORGANISATIONS))


BRIDGES_ALONE = BodyFacts("Bridges", organisation="bridges")


def test_a_party_is_told_only_where_the_list_says_no() -> None:
    agreement = version(1, "2024-01-01", effectiveFrom="2024-01-01", endsOn="2025-01-01", legalPowers=[POWER])
    assert codes(agreement, around=law(BRIDGES_ALONE)) == {"party-not-eligible": (1, "Rivers")}
    assert codes(agreement, around=law(BRIDGES_ALONE, complete=False)) == {}
    assert codes(agreement, around=law()) == {}
    assert codes(agreement) == {}


def test_who_only_receives_is_not_asked_for_a_power_unless_it_is_named() -> None:
    rivers = BodyFacts("Rivers", organisation="rivers")
    dates = {"effectiveFrom": "2024-01-01", "endsOn": "2025-01-01"}
    assert codes(version(1, "2024-01-01", legalPowers=[POWER], **dates), around=law(rivers)) == {}
    named = version(1, "2024-01-01", legalPowers=[{**POWER, "party": "Bridges"}], **dates)
    assert codes(named, around=law(rivers)) == {"party-not-eligible": (1, "Bridges")}


@pytest.mark.parametrize(
    ("periods", "members", "told"),
    [
        ((Period("2024-02-01"),), {}, "2024-01-01"),
        ((Period("2020", "2024-05-31"),), {}, "2024-06-01"),
        ((Period("2020", "2024-05-31"),), {"endsOn": "2024-05-31"}, None),
        ((Period("2020", "2024-05-31"),), {"effectiveFrom": None}, None),
        ((Period("2024-02-01"),), {"effectiveFrom": "2024"}, None),
        ((Period("2020"),), {}, None),
        ((), {}, None),
    ],
)
def test_a_power_that_was_no_law_on_the_first_or_the_last_day(
    periods: tuple[Period, ...], members: dict[str, str | None], told: str | None
) -> None:
    dates = {"effectiveFrom": "2024-01-01", "endsOn": "2025-01-01", **members}
    stated = {name: day for name, day in dates.items() if day}
    found = codes(version(1, "2024-01-01", legalPowers=[POWER], **stated), around=law(periods=periods))
    assert found.get("power-not-in-force", (1, None))[1] == told


def test_a_power_put_right_stands_at_the_version_that_named_the_wrong_one() -> None:
    dates = {"effectiveFrom": "2024-01-01", "endsOn": "2025-01-01"}
    other = {"title": "Lake power", "instrument": "Lakes Act", "provision": "s.1"}
    first = version(1, "2024-01-01", legalPowers=[POWER], **dates)
    second = version(2, "2024-02-01", "corrected", legalPowers=[other], **dates)
    assert codes(first, second, around=law(BRIDGES_ALONE)) == {"party-not-eligible": (1, "Rivers")}


ENDING = {"effectiveFrom": "2024-01-01", "endsOn": "2024-03-31"}


def test_a_renewal_in_time_moves_the_end_and_one_after_it_is_told() -> None:
    first = version(1, "2024-01-01", **ENDING)
    assert set(codes(first)) == {"ended-not-closed"}
    in_time = said("renewed", "2024-04-09", date="2024-03-20", endsOn="2025-03-31")
    assert codes(first, in_time) == {}
    late = said("renewed", "2024-04-09", date="2024-04-05", endsOn="2025-03-31")
    assert codes(first, late) == {"extended-after-end": (1, "5")}
    # The next version takes over the end that the renewal gave: nothing was extended after its end.
    after = version(2, "2024-05-01", "amended", **{**ENDING, "endsOn": "2026-03-31"})
    assert codes(first, in_time, after) == {}


def test_a_review_answers_the_day_that_was_set_and_sets_the_next() -> None:
    first = version(1, "2024-01-01", effectiveFrom="2024-01-01", endsOn="2027-01-01", nextReviewOn="2024-05-01")
    assert codes(first) == {"review-overdue": (1, "2024-05-01")}
    assert codes(first, said("reviewed", "2024-04-20", date="2024-04-19", outcome="continue")) == {}
    passed = said("reviewed", "2024-04-20", date="2024-04-19", outcome="continue", nextReviewOn="2024-05-25")
    assert codes(first, passed) == {"review-overdue": (1, "2024-05-25")}
    later = version(
        2, "2024-02-01", "amended", effectiveFrom="2024-01-01", endsOn="2027-01-01", nextReviewOn="2024-05-20"
    )
    early = said("reviewed", "2024-01-15", date="2024-01-15", outcome="continue")
    assert codes(first, early, later) == {"review-overdue": (2, "2024-05-20")}


def test_an_early_end_counts_from_its_own_day() -> None:
    first = version(1, "2024-01-01", effectiveFrom="2024-01-01", endsOn="2030-01-01")
    ended = said("terminated", "2024-04-02", endedOn="2024-04-01", reason="It met its aim.")
    assert codes(first, ended, standing="ended") == {"ended-not-closed": (1, "2024-04-01")}
    assert codes(first, ended, standing="ended", day=date(2024, 3, 1)) == {}


def test_as_of_a_day_the_standing_is_what_the_events_until_then_made_it() -> None:
    first = version(1, "2024-01-01", **ENDING)
    gone = said("withdrawn", "2024-05-01", reason="Twice.")
    assert codes(first, gone, standing="withdrawn") == {}
    assert set(codes(first, gone, standing="withdrawn", day=date(2024, 4, 15))) == {"ended-not-closed"}
