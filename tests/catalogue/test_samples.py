"""The sample datasets and organisations keep their promises: real, clean, with their source, and mixed enough."""

import re
from collections import Counter
from typing import Any

import pytest

from catalogue.datasets.record import check_dataset
from catalogue.samples import SampleDataset, sample_datasets, sample_organisations
from catalogue.slugs import slug_of
from schemas.checking import is_email, is_web_address
from schemas.cleaning import clean_document
from schemas.codelists import codelist

DATASETS = sample_datasets()
ORGANISATIONS = sample_organisations()
MAILBOXES = {
    "FDA_Enterprise_Data_Inventory@fda.hhs.gov",
    "accesobd@dnrpa.gov.ar",
    "customerservices@os.uk",
    "datadrivenworkforce@opm.gov",
    "datosabiertos@saij.gob.ar",
    "devops@cfpb.gov",
    "open@fda.hhs.gov",
}
"""The mailboxes that sources of samples name for their datasets: each is an office's, looked at one by one."""

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
each_dataset = pytest.mark.parametrize("sample", DATASETS, ids=lambda sample: sample.slug)


def bodies_of(document: dict[str, Any]) -> list[str]:
    """The organisations of this catalogue that a dataset names."""
    named = [document.get("publisher", {}), *document.get("creator", [])]
    return [body["organisation"] for body in named if "organisation" in body]


@each_dataset
def test_each_dataset_conforms_to_its_schema(sample: SampleDataset) -> None:
    assert check_dataset(sample.document) == []


@each_dataset
def test_each_dataset_is_clean_already(sample: SampleDataset) -> None:
    cleaned, notes = clean_document(sample.document)
    assert notes == []
    assert cleaned == sample.document


@each_dataset
def test_each_dataset_has_the_short_name_its_title_gives(sample: SampleDataset) -> None:
    assert sample.slug == slug_of(sample.document["title"])


@each_dataset
def test_each_dataset_tells_where_it_comes_from_and_how_much_was_read(sample: SampleDataset) -> None:
    provenance = sample.document["provenance"]
    assert provenance["source"] == "transcribed"
    assert is_web_address(provenance["sourceAddress"])
    assert provenance["sourceName"]
    assert provenance["seen"].endswith(".")


@each_dataset
def test_each_dataset_has_words_to_be_found_and_understood_by(sample: SampleDataset) -> None:
    document = sample.document
    assert 40 <= len(document["description"]) <= 500
    assert document["keyword"]
    assert document["theme"]


@each_dataset
def test_a_dataset_of_which_no_page_was_read_states_neither_licence_nor_dates(sample: SampleDataset) -> None:
    if "only; written from general knowledge" not in sample.document["provenance"]["seen"]:
        return
    unread = {"licence", "issued", "modified", "accrualPeriodicity", "temporal", "distribution", "accessRequest"}
    assert unread.isdisjoint(sample.document)


@each_dataset
def test_what_may_be_had_on_request_says_so_and_what_is_closed_is_not_offered(sample: SampleDataset) -> None:
    access = sample.document.get("accessRights")
    if access == "closed":
        assert {"distribution", "accessRequest"}.isdisjoint(sample.document)
    if "accessRequest" in sample.document:
        assert access == "restricted"


@each_dataset
def test_no_dataset_carries_an_address_of_a_person(sample: SampleDataset) -> None:
    assert "contactPoint" not in sample.document
    assert EMAIL.findall(str(sample.document)) == []
    assert sample.contact.keys() <= {"name", "email"}
    if sample.contact:
        assert is_email(sample.contact["email"])
        assert sample.contact["email"] in MAILBOXES


@each_dataset
def test_each_dataset_names_bodies_of_the_catalogue(sample: SampleDataset) -> None:
    assert set(bodies_of(sample.document)) <= {body.slug for body in ORGANISATIONS}
    assert sample.document["publisher"]["organisation"]


@each_dataset
def test_a_publisher_is_named_by_a_name_it_goes_by(sample: SampleDataset) -> None:
    publisher = sample.document["publisher"]
    body = next(body for body in ORGANISATIONS if body.slug == publisher["organisation"])
    assert publisher["name"] in {body.name, *body.aliases}


def test_series_and_services_name_datasets_that_are_there() -> None:
    slugs = {sample.slug for sample in DATASETS}
    series = {sample.slug for sample in DATASETS if sample.document["kind"] == "dataset-series"}
    members = {one for sample in DATASETS for one in sample.document.get("inSeries", [])}
    served = {one for sample in DATASETS for one in sample.document.get("servesDataset", [])}
    assert members
    assert members <= series
    assert served
    assert served <= slugs


def test_the_samples_are_many_and_mixed() -> None:
    documents = [sample.document for sample in DATASETS]
    access = Counter(document.get("accessRights") for document in documents)
    countries = {body.slug: (body.jurisdiction or "")[:2] for body in ORGANISATIONS}
    publishers = {document["publisher"]["organisation"] for document in documents}
    assert len(documents) >= 45
    assert len(publishers) >= 14
    assert len({theme for document in documents for theme in document["theme"]}) >= 7
    assert min(access["open"], access["restricted"], access["closed"]) >= 10
    assert {document["kind"] for document in documents} == set(codelist("resource-kind"))
    assert {"GB", "IE", "NZ", "US"} <= {countries[slug] for slug in publishers}


def test_no_two_datasets_share_a_short_name_or_a_title_at_one_publisher() -> None:
    named = [(sample.document["title"].casefold(), sample.document["publisher"]["organisation"]) for sample in DATASETS]
    assert [name for name, count in Counter(named).items() if count > 1] == []
    assert [slug for slug, count in Counter(sample.slug for sample in DATASETS).items() if count > 1] == []


def test_organisations_are_told_apart_and_told_by_the_codelists() -> None:
    slugs = [body.slug for body in ORGANISATIONS]
    numbers = [number for body in ORGANISATIONS for number in body.identifiers]
    assert len(set(slugs)) == len(slugs)
    assert len(set(numbers)) == len(numbers)
    for body in ORGANISATIONS:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", body.slug), body.slug
        assert body.kind in codelist("organisation-kind"), body.slug
        assert re.fullmatch(r"[A-Z]{2}(-[A-Z]{3})?", body.jurisdiction or ""), body.slug
        assert is_web_address(body.website or ""), body.slug
        assert clean_document(body.name)[1] == []


def test_a_parent_stands_before_the_body_that_belongs_to_it() -> None:
    seen: set[str] = set()
    for body in ORGANISATIONS:
        assert body.parent is None or body.parent in seen, body.slug
        seen.add(body.slug)


def test_a_reader_may_change_what_it_was_given() -> None:
    sample_datasets()[0].document["title"] = "changed"
    assert sample_datasets() == DATASETS
