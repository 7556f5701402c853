"""Items of the Digital Economy Act's register: what they state, what they do not, and what is wrong with them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.checks.record import check_agreement
from register.formats.rsf import (
    POWERS_REGISTER,
    UNCATALOGUED,
    Resolved,
    RsfAgreement,
    agreement_from_rsf,
    agreement_to_rsf,
    in_words_of_rsf,
)
from schemas.canonical import Json
from schemas.problems import Problem, errors_in
from tests.register.rsf_files import NUMBERS, REGISTER, agreement_item

CODES = {
    "rivers:1": Resolved("Ministry of Rivers", "rivers"),
    "rivers:2": Resolved("Bridges Office", "bridges"),
    "persons:9": Resolved("Ministry of Rivers", "rivers"),
    f"{POWERS_REGISTER}:6": Resolved(" Section 48, debt "),
}


def read(item: Json) -> RsfAgreement:
    return agreement_from_rsf(item, REGISTER, "A register", CODES.get)


def test_a_whole_item() -> None:
    item = agreement_item(
        "7",
        purpose="Finding debtors",
        information_sharing_benefits="Fewer debts",
        legal_power_disclosure=f"{POWERS_REGISTER}:6",
        disclosed_information="Names",
        processors=["rivers:2"],
        processor_names=None,
        information_sharing_method="Encrypted USB stick and secure email",
        retention_period="P1Y",
        end_date="2020-12-31",
        review_date="2020-06",
        areas=["country:GB"],
        area_names=["Wales"],
    )
    read_item = read(item)
    assert read_item.problems == ()
    assert read_item.contact == {}
    assert check_agreement(read_item.document) == []
    assert read_item.document == {
        "schemaVersion": read_item.document["schemaVersion"],
        "externalIds": [{"scheme": NUMBERS, "id": "7"}],
        "title": "Agreement 7",
        "areas": [{"code": "country:GB"}, {"name": "Wales"}],
        "parties": [
            {
                "organisation": "rivers",
                "name": "Ministry of Rivers",
                "identifiers": [{"scheme": "rivers", "id": "1"}],
                "flowRole": ["discloser"],
                "dataProtectionRole": "controller",
            },
            {
                "organisation": "bridges",
                "name": "Bridges Office",
                "identifiers": [{"scheme": "rivers", "id": "2"}],
                "flowRole": ["recipient"],
            },
        ],
        "purpose": "Finding debtors",
        "purposeCategories": ["debt"],
        "expectedBenefits": [{"text": "Fewer debts"}],
        "legalPowers": [
            {
                "title": "Section 48, debt",
                "instrument": "Digital Economy Act 2017",
                "identifier": {"scheme": POWERS_REGISTER, "id": "6"},
            }
        ],
        "flows": [
            {
                "from": "Ministry of Rivers",
                "to": "Bridges Office",
                "datasets": [{"uncatalogued": UNCATALOGUED, "description": "Names"}],
                "basis": "source-fields",
            }
        ],
        "method": {"codes": ["encrypted-email", "physical-media"], "text": "Encrypted USB stick and secure email"},
        "retention": {"sharedData": {"duration": "P1Y"}},
        "rightsHandling": {"contact": ["data.protection@rivers.example"]},
        "effectiveFrom": "2019-01-01",
        "endsOn": "2020-12-31",
        "nextReviewOn": "2020-06",
        "provenance": {"source": "imported", "register": "A register"},
    }
    assert agreement_to_rsf(read_item.document, REGISTER) == item


def test_what_an_item_does_not_state_is_absent() -> None:
    empty = dict.fromkeys(("purpose", "retention-period", "contact", "end-date"), "")
    blank = {"area-names": [], "areas": None, "information-sharing-method": " \n", "processor-names": ["", " "]}
    read_item = read({**agreement_item("7", start_date=None, contact=None), **empty, **blank})
    assert read_item.document.keys() == {"schemaVersion", "externalIds", "title", "parties", "provenance"}
    assert check_agreement(read_item.document) == []
    assert read_item.problems == ()


def parties(item: Json) -> list[Json]:
    found: list[Json] = read(item).document["parties"]
    return found


def test_a_body_on_both_sides_stands_there_once_and_sends_to_nobody() -> None:
    item = agreement_item("7", processors=["rivers:1"], disclosed_information="Names")
    (first, second) = parties(item)
    assert (first["name"], first["flowRole"]) == ("Ministry of Rivers", ["discloser", "recipient"])
    assert second["name"] == "Bridges Office"
    (flow,) = read(item).document["flows"]
    assert flow.keys() == {"datasets"}


def test_a_body_under_two_codes_keeps_both() -> None:
    item = agreement_item("7", processors=["persons:9"], processor_names=None)
    (party,) = parties(item)
    assert party["identifiers"] == [{"scheme": "rivers", "id": "1"}, {"scheme": "persons", "id": "9"}]
    document = read(item).document
    assert read(agreement_to_rsf(document, REGISTER)).document == document


def test_an_empty_side_leaves_the_direction_open() -> None:
    item = agreement_item("7", processor_names=None, disclosed_information="Names")
    assert read(item).document["flows"] == [{"datasets": [{"uncatalogued": UNCATALOGUED, "description": "Names"}]}]


def test_every_sender_sends_to_every_receiver() -> None:
    item = agreement_item("7", controllers=["rivers:1"], controller_names=["A"], processor_names=["B", "C"])
    pairs = {(flow["from"], flow["to"]) for flow in read(item).document["flows"]}
    assert pairs == {(sender, receiver) for sender in ("Ministry of Rivers", "A") for receiver in ("B", "C")}


def test_a_code_that_nobody_knows_is_kept_and_told() -> None:
    read_item = read(agreement_item("7", controllers=["lakes:3"], legal_power_disclosure="powers:1"))
    assert read_item.document["parties"][0] == {
        "name": "lakes:3",
        "identifiers": [{"scheme": "lakes", "id": "3"}],
        "flowRole": ["discloser"],
        "dataProtectionRole": "controller",
    }
    assert read_item.document["legalPowers"][0]["title"] == "powers:1"
    assert [(problem.severity, problem.pointer) for problem in read_item.problems] == [
        ("warning", "/controllers"),
        ("warning", "/legal-power-disclosure"),
    ]


@pytest.mark.parametrize(
    ("contact", "rights", "apart"),
    [
        ("foi@a.example", {"contact": ["foi@a.example"]}, {}),
        ("foi@a.example; dpo@a.example", {"contact": ["foi@a.example", "dpo@a.example"]}, {}),
        ("https://a.example/foi", {"text": "https://a.example/foi"}, {}),
        ("jane.smith@a.example", None, {"email": "jane.smith@a.example"}),
        ("foi@a.example; jane.smith@a.example", None, {"address": "foi@a.example; jane.smith@a.example"}),
        ("Jane Smith\n1 River Street", None, {"address": "Jane Smith\n1 River Street"}),
        ("https://a.example/foi or ask Jane", None, {"address": "https://a.example/foi or ask Jane"}),
    ],
)
def test_a_contact_that_may_be_a_person_s_is_apart(contact: str, rights: Json | None, apart: Json) -> None:
    read_item = read(agreement_item("7", contact=contact))
    assert read_item.document.get("rightsHandling") == rights
    assert read_item.contact == apart


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("name", 5), ("purpose", ["x"]), ("contact", {"a": 1}), ("start-date", 2019), ("retention-period", True)),
        *(
            ("controllers", "rivers:1"),
            ("controllers", [5]),
            ("processor-names", {"a": 1}),
            ("areas", 5),
            (REGISTER, 7),
        ),
        *(("information-sharing-method", []), ("legal-power-disclosure", 3)),
    ],
)
def test_a_field_of_the_wrong_kind_is_told_by_its_name(field: str, value: Any) -> None:
    found = errors_in(read({**agreement_item("7"), field: value}).problems)
    if value in ([], {}):
        assert found == []
    else:
        assert [(problem.pointer, problem.title) for problem in found] == [(f"/{field}", field)]


def test_a_field_nobody_knows_is_told() -> None:
    (problem,) = read({**agreement_item("7"), "shoe/size": "44"}).problems
    assert (problem.severity, problem.pointer) == ("warning", "/shoe~1size")


def test_problems_are_told_of_the_item_s_own_fields() -> None:
    document = read({**agreement_item("7", name=None), "start-date": "31/02/2019"}).document
    found = [in_words_of_rsf(problem) for problem in check_agreement(document)]
    assert [(problem.pointer, problem.title) for problem in found] == [("/name", "name"), ("/start-date", "start-date")]
    assert found[0].message == "“name” is missing."
    assert "There is no such day." in found[1].advice
    untouched = Problem("/schemaVersion", "x")
    assert in_words_of_rsf(untouched) is untouched


FIELDS = st.sampled_from([*agreement_item("7"), "processors", "areas", "purpose", "nonsense", "end-date"])
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


@given(st.dictionaries(FIELDS, ANY_JSON, max_size=6))
def test_no_item_crashes_the_reader(fields: Json) -> None:
    read_item = read({**agreement_item("7"), **fields})
    for problem in check_agreement(read_item.document):
        assert in_words_of_rsf(problem).message
    if "title" in read_item.document and "parties" in read_item.document:
        written = agreement_to_rsf(read_item.document, REGISTER)
        assert read(written).document.get("title") == read_item.document["title"]
