"""The sample agreements keep their promises: real, clean, with their source, and tied to the sample catalogue."""

import re
from collections import Counter
from typing import Any

import pytest

from catalogue.samples import sample_datasets, sample_organisations
from register.samples import SampleAgreement, sample_agreements
from schemas.bundle import AGREEMENT_VERSION
from schemas.checking import is_web_address
from schemas.cleaning import clean_document
from schemas.contract import check_agreement_document

AGREEMENTS = sample_agreements()
ORGANISATIONS = {body.slug for body in sample_organisations()}
DATASETS = {sample.slug for sample in sample_datasets()}
EMAIL = re.compile(r"([\w.+-]+)@([\w-]+\.[\w.]+)")
# A mailbox of a role begins with the role; a person's begins with a name.
ROLE = re.compile(r"(dpo|data\.?protection|information(rights|compliance)|foi|nfiqueries)", re.IGNORECASE)
each_agreement = pytest.mark.parametrize("sample", AGREEMENTS, ids=lambda sample: sample.key)


def party_names(document: dict[str, Any]) -> set[str]:
    return {party["name"] for party in document["parties"]}


def links_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [link for flow in document.get("flows", []) for link in flow.get("datasets", [])]


@each_agreement
def test_each_agreement_conforms_to_its_schema(sample: SampleAgreement) -> None:
    assert check_agreement_document(sample.document, AGREEMENT_VERSION, draft=True) == []
    assert "id" not in sample.document


@each_agreement
def test_each_agreement_is_clean_already(sample: SampleAgreement) -> None:
    cleaned, notes = clean_document(sample.document)
    assert notes == []
    assert cleaned == sample.document


@each_agreement
def test_each_agreement_tells_where_it_comes_from_and_how_much_was_read(sample: SampleAgreement) -> None:
    provenance = sample.document["provenance"]
    assert provenance["source"] in {"transcribed", "foi"}
    assert is_web_address(provenance["sourceAddress"])
    assert provenance["seen"].endswith(".")


@each_agreement
def test_each_agreement_is_told_in_plain_words(sample: SampleAgreement) -> None:
    assert 150 <= len(sample.document["summary"]) <= 600
    assert sample.document["jurisdictions"]


@each_agreement
def test_parties_and_datasets_are_those_of_the_sample_catalogue(sample: SampleAgreement) -> None:
    bodies = {party["organisation"] for party in sample.document["parties"] if "organisation" in party}
    assert bodies <= ORGANISATIONS
    assert {link["catalogueId"] for link in links_of(sample.document) if "catalogueId" in link} <= DATASETS


@each_agreement
def test_a_dataset_is_either_in_the_catalogue_or_said_why_not(sample: SampleAgreement) -> None:
    for link in links_of(sample.document):
        assert ("catalogueId" in link) != ("uncatalogued" in link), link
        assert link["title"]


@each_agreement
def test_a_flow_runs_between_parties_and_says_how_its_direction_is_known(sample: SampleAgreement) -> None:
    names = party_names(sample.document)
    for flow in sample.document.get("flows", []):
        ends = {flow[end] for end in ("from", "to") if end in flow}
        assert ends <= names
        assert bool(ends) == ("basis" in flow)
        assert len(ends) == 2 or "note" in flow


@each_agreement
def test_roles_in_the_flow_agree_with_the_flows(sample: SampleAgreement) -> None:
    roles = {party["name"]: set(party.get("flowRole", ())) for party in sample.document["parties"]}
    for flow in sample.document.get("flows", []):
        assert "from" not in flow or "discloser" in roles[flow["from"]]
        assert "to" not in flow or "recipient" in roles[flow["to"]]


@each_agreement
def test_what_names_a_party_names_one_of_the_parties(sample: SampleAgreement) -> None:
    document = sample.document
    named = {
        item["party"]
        for name in ("legalPowers", "lawfulBasis", "specialCategoryCondition")
        for item in document.get(name, [])
        if "party" in item
    }
    assert named <= party_names(document)


@each_agreement
def test_no_agreement_carries_an_address_of_a_person(sample: SampleAgreement) -> None:
    for mailbox, host in EMAIL.findall(str(sample.document)):
        assert ROLE.match(mailbox), f"{mailbox}@{host}"


@each_agreement
def test_a_related_agreement_is_named_by_its_title_or_its_number(sample: SampleAgreement) -> None:
    titles = {other.document["title"] for other in AGREEMENTS}
    for related in sample.document.get("relatedAgreements", []):
        assert ("name" in related) != ("externalId" in related)
        assert "name" not in related or related["name"] in titles - {sample.document["title"]}


def test_the_samples_are_many_and_of_many_countries() -> None:
    countries = {code[:2] for sample in AGREEMENTS for code in sample.document["jurisdictions"]}
    assert len(AGREEMENTS) >= 35
    assert countries >= {"GB", "IE", "NZ", "US"}
    assert {"GB-SCT", "GB-WLS"} <= {code for sample in AGREEMENTS for code in sample.document["jurisdictions"]}


def test_agreements_lead_to_the_catalogue() -> None:
    linked = {
        link["catalogueId"] for sample in AGREEMENTS for link in links_of(sample.document) if "catalogueId" in link
    }
    assert len(linked) >= 25


def test_no_two_agreements_share_a_key_a_number_or_a_title_with_the_same_parties() -> None:
    numbers = [
        (number["scheme"], number["id"]) for sample in AGREEMENTS for number in sample.document.get("externalIds", [])
    ]
    deals = [(sample.document["title"], *sorted(party_names(sample.document))) for sample in AGREEMENTS]
    for counted in (Counter(sample.key for sample in AGREEMENTS), Counter(numbers), Counter(deals)):
        assert [thing for thing, count in counted.items() if count > 1] == []


def test_a_reader_may_change_what_it_was_given() -> None:
    sample_agreements()[0].document["title"] = "changed"
    assert sample_agreements() == AGREEMENTS
