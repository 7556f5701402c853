"""Records of 0.1.0 brought up to 1.0.0: they conform, no word is lost, and no word is guessed into a code."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogue.formats.rsf import read_rsf
from register.formats.rsf import Resolved, agreement_from_rsf
from register.samples import SampleAgreement, sample_agreements
from schemas.canonical import Json
from schemas.checking import check
from schemas.contract import check_agreement_document
from schemas.upgrades import upgrade, upgrade_0_1_0

OLD: Json = {
    "schemaVersion": "0.1.0",
    "title": "Pupils’ addresses, to plan school buses",
    "parties": [{"name": "A county council"}, {"name": "A bus company"}],
    "provenance": {"source": "transcribed"},
}


def _upgraded(**members: Any) -> Json:
    old = {**OLD, **members}
    assert check(old, "agreement", "0.1.0") == []
    before = copy.deepcopy(old)
    new = upgrade_0_1_0(old)
    assert old == before, "the record given was changed"
    assert check_agreement_document(new, "1.0.0", draft=True) == []
    return new


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, member in node.items():
            if name != "schemaVersion":
                yield from _texts(member)
    elif isinstance(node, list):
        for member in node:
            yield from _texts(member)
    elif isinstance(node, str):
        yield node


def _assert_nothing_lost(old: Json, new: Json) -> None:
    said = "\n".join(_texts(new))
    lost = [text for text in _texts(old) if text not in said]
    # Articles are codes now: 6(1)(e) is art-6-1-e.
    assert [text for text in lost if f"art-{text.replace('(', '-').replace(')', '')}" not in said] == []


@pytest.mark.parametrize("sample", sample_agreements(), ids=lambda sample: sample.key)
def test_every_sample_conforms_and_keeps_every_word(sample: SampleAgreement) -> None:
    new = upgrade(sample.document)
    assert new["schemaVersion"] == "1.0.0"
    assert check_agreement_document(new, "1.0.0", draft=True) == []
    _assert_nothing_lost(sample.document, new)


def test_the_first_public_register_conforms_and_keeps_every_word(trial_data: Path) -> None:
    file = trial_data / "agreements" / "dea-register-2019" / "information-sharing-agreement-0001.rsf"
    register = read_rsf(file.read_bytes(), file.name)
    keys = set()
    for entry in register.entries:
        assert entry.item is not None
        read = agreement_from_rsf(
            entry.item, register.name, register.title, lambda code: Resolved(f"Body {code}", "some-body")
        )
        new = upgrade(read.document)
        assert check_agreement_document(new, "1.0.0", draft=True) == [], entry.key
        _assert_nothing_lost(read.document, new)
        keys.add(entry.key)
    assert len(register.entries) == 40
    assert len(keys) == 38


def test_what_is_in_the_newest_version_stays_as_it_is() -> None:
    newest = {**OLD, "schemaVersion": "1.0.0"}
    assert upgrade(newest) is newest
    assert upgrade({"title": "no version at all"}) == {"title": "no version at all"}


def test_texts_that_are_groups_now_keep_their_words() -> None:
    new = _upgraded(
        security="Locked.",
        disposal="Burnt.",
        complaints="To the council.",
        cost="None.",
        endCondition="When the school closes.",
        incompatibleUses=["Marketing"],
        dpia={"status": "done", "summary": "All is well."},
        retention={"sharedData": "P1Y", "derivedData": "P2Y", "text": "Then it goes."},
    )
    for name in ("security", "disposal", "complaints", "cost", "endCondition"):
        assert set(new[name]) == {"text"}
    assert new["incompatibleUses"] == [{"text": "Marketing"}]
    assert new["dpia"]["summary"] == {"text": "All is well."}
    assert new["retention"] == {
        "sharedData": {"duration": "P1Y"},
        "derivedData": {"duration": "P2Y"},
        "text": "Then it goes.",
    }


def test_happenings_told_in_a_record_become_notes_on_its_source() -> None:
    new = _upgraded(consultation="Seven answers came.", approval="By the board.", sourceNotes=["A copy."])
    assert new["sourceNotes"] == ["A copy.", "Consultation: Seven answers came.", "Approval: By the board."]
    assert not {"consultation", "approval"} & set(new)


def test_a_reference_is_a_number_here_or_a_name() -> None:
    new = _upgraded(
        parentAgreement="MoU-U-RR",
        relatedAgreements=[
            {"relation": "replaces", "agreement": "dg-4"},
            {"relation": "renews", "externalId": {"scheme": "dars", "id": "1"}},
            {"relation": "pilot-of"},
        ],
    )
    assert new["parentAgreement"] == {"name": "MoU-U-RR"}
    assert new["relatedAgreements"] == [
        {"relation": "replaces", "agreement": "dg-4"},
        {"relation": "renews", "externalId": {"scheme": "dars", "id": "1"}},
        {"relation": "pilot-of", "name": "Pilot of"},
    ]


def test_articles_6_and_9_have_lists_of_their_own_and_other_law_stays_in_words() -> None:
    new = _upgraded(
        lawfulBasis=[
            {"code": "6(1)(e)", "text": "Public task", "party": "A county council"},
            {"code": "Article 9(2)(g)"},
            {"code": "s.8 of an Act", "text": "As amended"},
            {"text": "Consent"},
        ]
    )
    assert new["lawfulBasis"] == [
        {"code": "art-6-1-e", "text": "Public task", "party": "A county council"},
        {"text": "s.8 of an Act: As amended"},
        {"text": "Consent"},
    ]
    assert new["specialCategoryCondition"] == [{"code": "art-9-2-g"}]


def test_a_record_with_conditions_alone_has_no_empty_list() -> None:
    new = _upgraded(lawfulBasis=[{"code": "9(2)(j)"}])
    assert "lawfulBasis" not in new


def test_countries_and_safeguards_in_words_stay_in_words() -> None:
    new = _upgraded(
        internationalTransfers=[
            {"country": "France", "safeguard": "adequacy"},
            {"country": "IE"},
            {"country": "The whole Commonwealth", "safeguard": "A treaty"},
        ]
    )
    assert new["internationalTransfers"] == [
        {"country": "FR", "safeguard": "adequacy"},
        {"country": "IE"},
        {"country": "ZZ", "text": "The whole Commonwealth. A treaty"},
    ]


def test_groups_of_people_and_kinds_of_data_in_words_are_not_guessed_into_codes() -> None:
    dataset = {
        "catalogueId": "bus-passes",
        "dataSubjects": [{"group": "Pupils", "description": "of five schools"}, {"group": "pupils"}],
        "dataItems": [{"name": "Address", "category": "Where they live"}, {"name": "Age", "category": "age"}],
        "identifiers": [{"scheme": "SORN (US)", "id": "60-0090"}],
        "optOut": "Not applied.",
    }
    (flow,) = _upgraded(flows=[{"from": "A county council", "datasets": [dataset]}])["flows"]
    assert flow == {
        "from": "A county council",
        "datasets": [
            {
                "catalogueId": "bus-passes",
                "dataSubjects": [{"description": "Pupils: of five schools"}, {"group": "pupils"}],
                "dataItems": [
                    {"name": "Address", "description": "Where they live"},
                    {"name": "Age", "category": "age"},
                ],
                "identifiers": [{"scheme": "sorn-us", "id": "60-0090"}],
                "optOutApplied": {"reason": "Not applied."},
            }
        ],
    }


def test_a_party_keeps_its_function_and_numbers() -> None:
    new = _upgraded(
        parties=[{"name": "A", "functionServed": "Roads", "identifiers": [{"scheme": "GSS", "id": "E1"}]}],
        legalPowers=[{"instrument": "An Act", "identifier": {"scheme": "acts", "id": "7"}}],
        externalIds=[{"scheme": "dars", "id": "9"}],
    )
    assert new["parties"] == [
        {"name": "A", "functionServed": {"text": "Roads"}, "identifiers": [{"scheme": "gss", "id": "E1"}]}
    ]
    assert new["legalPowers"] == [{"instrument": "An Act", "identifier": {"scheme": "acts", "id": "7"}}]
    assert new["externalIds"] == [{"scheme": "dars", "id": "9"}]
