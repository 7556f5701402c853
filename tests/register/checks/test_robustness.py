"""Whatever stands in a record, and whatever the tables hold: a check tells problems and never breaks."""

import copy
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from register.checks.law import grounds_of_authorities, powers_in_doubt
from register.checks.record import check_record
from register.checks.rules import broken_rules, contradictions
from register.checks.tables import OrganisationKnown, Tables, names_what_is_elsewhere
from register.powers.facts import BodyFacts, Period, PowerFacts
from register.powers.table import PowersTable
from schemas.bundle import AGREEMENT_VERSION
from schemas.contract import load_part
from tests.schemas.agreement.test_robustness import ANYTHING, PLACES

EXAMPLE = load_part(AGREEMENT_VERSION, "examples", "complete")
DAYS = st.none() | st.sampled_from([date.min, date(2026, 3, 2), date(2024, 2, 29), date.max])
DATES = st.sampled_from(
    ["0001", "9999", "9999-12-31", "2024-02-29", "2024-02", "31/02/2019", "2024-01-01T00:00:00Z", ""]
)
TEXTS = st.text(max_size=60) | st.sampled_from(
    ["TBC", "(" * 50, "A (B", "AB (", ".", "\0", "\ud800", "x" * 5_000, "ẞ. ẞ"]
)
POWER = PowerFacts("p", "P", periods=(Period("2010", "2020"),), bodies=(BodyFacts("A"),), bodies_complete=True)
TABLES = Tables(
    organisations={"example-city-council": OrganisationKnown("example-city-council", "City", "court", "2019")},
    powers=PowersTable((POWER,)),
)


def spoilt(path: tuple[str | int, ...], value: object) -> Any:
    document = copy.deepcopy(EXAMPLE)
    holder: Any = document
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = value
    return document


@settings(max_examples=300)
@given(st.sampled_from(PLACES), ANYTHING | TEXTS | DATES, DAYS, st.sampled_from([None, Tables(), TABLES]))
def test_anything_anywhere_in_a_good_record(path: Any, value: Any, today: date | None, tables: Tables | None) -> None:
    document = spoilt(path, value)
    for problem in [*broken_rules(document, tables, today), *contradictions(document)]:
        assert problem.message
        assert problem.advice
        assert problem.title
        assert problem.clause
    names_what_is_elsewhere(document)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from([*EXAMPLE, "other"]), ANYTHING, max_size=6) | ANYTHING, DAYS)
def test_any_document_at_all(document: Any, today: date | None) -> None:
    for problem in check_record(document, TABLES, profiles=["complete"], today=today):
        assert str(problem)
    names_what_is_elsewhere(document)


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from(["power", "title", "instrument", "provision", "identifier", "party"]), ANYTHING | TEXTS
    ),
    st.dictionaries(st.sampled_from(["name", "organisation", "identifiers"]), ANYTHING | TEXTS),
)
def test_any_power_and_any_party(power: Any, party: Any) -> None:
    document = {"legalPowers": [{"power": "p"}, power], "parties": [party], "lawfulBasis": [{"code": "art-6-1-f"}]}
    powers_in_doubt(document, TABLES, date(2026, 3, 2))
    grounds_of_authorities(document, TABLES)
