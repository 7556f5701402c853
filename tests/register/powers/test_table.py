"""What the table of powers answers: in force or not, and who may use it; “no” only where it is known."""

from datetime import date
from typing import Any

import pytest

from register.powers.classes import OrganisationFacts
from register.powers.facts import BodyFacts, MayUse, Period, PowerFacts, Standing
from register.powers.table import PowersTable, plain_provision
from schemas.canonical import Json

DAY = date(2024, 6, 1)
RIVERS = OrganisationFacts("ministry-of-rivers", "Ministry of Rivers", kind="department", jurisdiction="GB")
LOCKS = OrganisationFacts("locks-agency", "Locks Agency", kind="agency", jurisdiction="GB", parent="ministry-of-rivers")
HULL = OrganisationFacts("hull", "Hull City Council", kind="local-authority", jurisdiction="GB-ENG")
COUNTY = OrganisationFacts("kent", "Kent County Council", kind="local-authority", area="E10000016")
TOLLS = OrganisationFacts("tolls-office", "Tolls Office", kind="department", jurisdiction="GB")
KNOWN = {one.slug: one for one in (RIVERS, LOCKS, HULL, COUNTY, TOLLS)}
RIVERS_LISTED = BodyFacts("Ministry of Rivers", organisation="ministry-of-rivers")


def table(*bodies: BodyFacts, **members: Any) -> PowersTable:
    facts = PowerFacts("p", "Water power", "Water Act 1990", "s.5", numbers=(("list", "5"),), bodies=bodies, **members)
    return PowersTable((facts,), KNOWN)


def answer(powers: PowersTable, name: str, slug: str = "", day: date = DAY, **members: Any) -> MayUse:
    party: Json = {"name": name, **({"organisation": slug} if slug else {}), **members}
    return powers.may_use({"power": "p"}, party, day).answer


@pytest.mark.parametrize(
    ("periods", "not_commenced", "standing"),
    [
        ([], False, Standing.UNKNOWN),
        ([], True, Standing.NOT_YET),
        ([Period("2020")], False, Standing.IN_FORCE),
        ([Period("2024-06-01")], False, Standing.IN_FORCE),
        ([Period("2024-06-02")], False, Standing.NOT_YET),
        ([Period("2024")], False, Standing.UNKNOWN),
        ([Period("2020", "2024-06-01")], False, Standing.IN_FORCE),
        ([Period("2020", "2024-05-31")], False, Standing.NO_LONGER),
        ([Period("2020", "2024-06")], False, Standing.IN_FORCE),
        ([Period("2020", "2024")], False, Standing.UNKNOWN),
        ([Period(None, "2024-05-31")], False, Standing.NO_LONGER),
        ([Period(None, "2024-06-01")], False, Standing.UNKNOWN),
        ([Period("2001", "2005"), Period("2020")], False, Standing.IN_FORCE),
        ([Period("2001", "2005"), Period("2025")], False, Standing.NO_LONGER),
    ],
)
def test_a_power_is_in_force_or_not_only_where_its_days_say_so(
    periods: list[Period], *, not_commenced: bool, standing: Standing
) -> None:
    powers = table(periods=tuple(periods), not_commenced=not_commenced)
    assert powers.standing({"power": "p"}, DAY).standing is standing


def test_the_sentence_of_a_power_that_ended_says_when_and_why() -> None:
    powers = table(periods=(Period("2020-01-01", "2024-03-31", "Repealed by the Lakes Act"),))
    told = powers.standing({"power": "p"}, DAY).sentence
    assert told == "“Water power” was in force until 31 March 2024. Repealed by the Lakes Act."


@pytest.mark.parametrize(
    ("power", "is_known"),
    [
        ({"power": "p"}, True),
        ({"power": "q", "instrument": "Water Act 1990", "provision": "s.5"}, False),
        ({"identifier": {"scheme": "list", "id": "5"}}, True),
        ({"identifier": {"scheme": "list", "id": "6"}}, False),
        ({"instrument": "Water Act 1990", "provision": "Section 5"}, True),
        ({"instrument": "WATER ACT 1990", "provision": "s 5(2)(a)"}, True),
        ({"instrument": "Water Act 1990", "provision": "s.55"}, False),
        ({"instrument": "Water Act 1990"}, False),
        ({"instrument": "Water Act 1990", "title": "water power"}, True),
        ({"instrument": "Water Act 1990", "title": "Supplying the poor"}, True),
        ({"instrument": "Fire Act 1990", "provision": "s.5"}, False),
        ({"title": "Water power"}, False),
    ],
)
def test_a_power_is_known_by_name_number_or_law(power: Json, *, is_known: bool) -> None:
    powers = table(objectives=("Supplying the poor",), periods=(Period("2020"),))
    assert bool(powers.known(power)) is is_known
    assert (powers.standing(power, DAY).standing is Standing.NOT_KNOWN_HERE) is not is_known


def test_where_a_provision_holds_several_powers_only_what_is_true_of_all_is_said() -> None:
    law = {"instrument": "Water Act 1990", "provision": "s.5"}
    one = PowerFacts("one", "One", "Water Act 1990", "s.5", periods=(Period("2020"),), bodies=(RIVERS_LISTED,))
    two = PowerFacts("two", "Two", "Water Act 1990", "s.5", periods=(Period("2030"),))
    powers = PowersTable((one, two), KNOWN)
    assert powers.standing(law, DAY).standing is Standing.UNKNOWN
    assert powers.may_use(law, {"name": "Ministry of Rivers"}, DAY).answer is MayUse.NOT_KNOWN
    assert powers.standing({**law, "title": "One"}, DAY).standing is Standing.IN_FORCE


@pytest.mark.parametrize(
    ("one", "other"),
    [("section 56", "s.56"), ("S 56", "s56"), ("Regulation 3", "reg. 3"), ("Article 6(1)", "art 6 (1)")],
)
def test_provisions_are_one_however_they_are_written(one: str, other: str) -> None:
    assert plain_provision(one) == plain_provision(other)


def test_a_body_in_the_list_may_by_organisation_number_or_name() -> None:
    listed = BodyFacts("The Ministry of Rivers", organisation="ministry-of-rivers", numbers=(("persons", "9"),))
    powers = table(listed)
    assert answer(powers, "Rivers", "ministry-of-rivers") is MayUse.YES
    assert answer(powers, "Rivers", identifiers=[{"scheme": "persons", "id": "9"}]) is MayUse.YES
    assert answer(powers, "Ministry of Rivers Ltd") is MayUse.YES
    assert answer(powers, "Ministry of Lakes") is MayUse.NOT_KNOWN


def test_a_number_of_the_list_holds_under_an_older_name_too() -> None:
    older = BodyFacts("The River Board", numbers=(("persons", "9"),), listed=False)
    powers = table(older, BodyFacts("Ministry of Rivers", numbers=(("persons", "9"),)))
    assert answer(powers, "River Board") is MayUse.YES


def test_a_body_of_another_country_with_the_same_name_is_another_body() -> None:
    abroad = OrganisationFacts("rivers-nz", "Ministry of Rivers", jurisdiction="NZ")
    power = PowerFacts("p", "Water power", jurisdiction="GB", bodies=(BodyFacts("Ministry of Rivers"),))
    powers = PowersTable((power,), {"rivers-nz": abroad})
    assert answer(powers, "Ministry of Rivers", "rivers-nz") is MayUse.NOT_KNOWN


def test_a_department_may_what_its_minister_may() -> None:
    powers = table(BodyFacts("Secretary of State for Work and Pensions"), BodyFacts("Minister for the Cabinet Office"))
    assert answer(powers, "Department for Work and Pensions") is MayUse.YES
    assert answer(powers, "Cabinet Office") is MayUse.YES
    assert answer(powers, "Department for Pensions") is MayUse.NOT_KNOWN


def test_a_council_is_listed_where_every_class_that_it_can_be_of_is() -> None:
    county = BodyFacts("A county council in England", is_class=True)
    district = BodyFacts("A district council in England", is_class=True)
    london = BodyFacts("A London Borough Council", is_class=True)
    assert answer(table(county, district, london), "Hull City Council", "hull") is MayUse.YES
    assert answer(table(county, london), "Hull City Council", "hull") is MayUse.NOT_KNOWN
    assert answer(table(county), "Kent County Council", "kent") is MayUse.YES
    assert answer(table(district), "Kent County Council", "kent") is MayUse.NOT_KNOWN
    assert answer(table(county, district, london), "Ministry of Rivers", "ministry-of-rivers") is MayUse.NOT_KNOWN


def complete(*bodies: BodyFacts) -> PowersTable:
    return table(*bodies, bodies_complete=True)


def test_no_is_said_of_a_known_body_where_the_list_is_complete() -> None:
    assert answer(complete(RIVERS_LISTED), "Tolls Office", "tolls-office") is MayUse.NO
    assert answer(table(RIVERS_LISTED), "Tolls Office", "tolls-office") is MayUse.NOT_KNOWN
    assert answer(complete(), "Tolls Office", "tolls-office") is MayUse.NOT_KNOWN


@pytest.mark.parametrize(
    ("bodies", "name", "slug"),
    [
        ([RIVERS_LISTED], "Tolls Office", ""),  # not known here: it may stand there by another name
        ([RIVERS_LISTED], "Locks Agency", "locks-agency"),  # a part of a body that is listed
        ([RIVERS_LISTED, BodyFacts("Bridges Board")], "Tolls Office", "tolls-office"),  # may be that board
        ([RIVERS_LISTED, BodyFacts("Any body that serves a river", is_class=True)], "Tolls Office", "tolls-office"),
        ([RIVERS_LISTED, BodyFacts("Tolls Office", organisation="tolls-office", listed=False)], "Tolls Office",
         "tolls-office"),  # taken out, nobody knows from what day on
        ([BodyFacts("A district council in England", is_class=True)], "Hull City Council", "hull"),
    ],
)  # fmt: skip
def test_where_anything_is_in_doubt_nobody_is_told_no(bodies: list[BodyFacts], name: str, slug: str) -> None:
    assert answer(complete(*bodies), name, slug) in {MayUse.NOT_KNOWN, MayUse.YES}


def test_a_class_whose_members_are_written_down_decides_both_ways() -> None:
    councils = BodyFacts("Every council", is_class=True, members={"kind": "local-authority", "jurisdiction": "GB"})
    assert answer(complete(councils), "Hull City Council", "hull") is MayUse.YES
    assert answer(complete(councils), "Tolls Office", "tolls-office") is MayUse.NO
    assert answer(complete(BodyFacts("A district council in England", is_class=True)), "Kent County Council",
                  "kent") is MayUse.NO  # fmt: skip


def test_the_days_that_a_list_states_decide() -> None:
    until = BodyFacts("Tolls Office", organisation="tolls-office", period=Period("2020-01-01", "2024-05-31"))
    assert answer(table(until), "Tolls Office", "tolls-office") is MayUse.NO
    assert answer(table(until), "Tolls Office", "tolls-office", date(2024, 5, 31)) is MayUse.YES
    assert answer(table(until), "Tolls Office", "tolls-office", date(2019, 12, 31)) is MayUse.NO
    in_that_year = BodyFacts("Tolls Office", organisation="tolls-office", period=Period("2024"))
    assert answer(table(in_that_year), "Tolls Office", "tolls-office") is MayUse.YES
    unsure = BodyFacts("A body that collects tolls", is_class=True)
    assert answer(table(until, unsure), "Tolls Office", "tolls-office") is MayUse.NOT_KNOWN
    told = table(until).may_use({"power": "p"}, {"name": "Tolls Office", "organisation": "tolls-office"}, DAY)
    assert told.sentence == "The list says that Tolls Office could use it until 31 May 2024."
