"""The rules of the UK exchange model: the verdict of its official validator, on its own examples and far beyond."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from catalogue.datasets.record import check_dataset
from catalogue.formats.exported import DatasetRecord
from catalogue.formats.uk_model import class_of, dataset_from_uk_model
from catalogue.formats.uk_model_feed import read_uk_model
from catalogue.formats.uk_model_rules import CLASSES, DATA_SHARE_AGREEMENT, Field, check_uk_model
from catalogue.formats.uk_model_writing import dataset_to_uk_model
from catalogue.formats.uk_organisations import uk_organisation_code, uk_organisations
from schemas.canonical import Json
from schemas.problems import errors_in
from schemas.record_file import read_record_file
from tests.catalogue.formats.uk_samples import FULL, LEVELS, SAMPLES, SERVICE, TABLE, examples
from tests.real_records import AGREEMENT, real_records, record_of
from tests.services.validators import asked


@cache
def changed_samples() -> list[tuple[str, Json]]:
    """The samples with each field taken away, and with each holding what it may hold somewhere, or nowhere."""
    kinds: list[Any] = [None, "", "a\nb", 7, 1.5, 2.0, True, [], {}, ["x"], [None], ["environment-agency"]]
    texts: list[Any] = [
        *(
            "x" * 251,
            "2024-02-30",
            "2024-02-29",
            "20240229",
            "2024-01-01T00:00:00Z",
            "https://a b",
            "https://a.example/x",
        ),
        *("OPEN", "freq:daily", "http://www.w3.org/ns/dcat#Dataset", "text/csv", "textual/csv", "application/", "a@b"),
        *("desk@rivers.example and more", "LIVE", "environment-agency"),
        *({"contactName": "x"}, {"contactName": "x", "email": "a@b.cd", "odd": 1}),
    ]
    changed: list[tuple[str, Json]] = []
    tried: list[Field] = []
    for class_name, sample in SAMPLES.items():
        changed.append((class_name, {**sample, "colour": "red"}))
        for name, field in CLASSES[class_name].items():
            changed.append((class_name, {other: value for other, value in sample.items() if other != name}))
            if not any(field is one for one in tried):  # what classes share is tried in one of them
                tried.append(field)
                takes_any_text = field.check("") == ""
                values = kinds if takes_any_text or field.many else [*kinds, *texts]
                changed += [(class_name, {**sample, name: value}) for value in values]
    return changed


def official(trial_data: Path, records: list[tuple[str, Json]]) -> list[list[str]]:
    """What the model's official validator says against each."""
    model = trial_data / "standards/uk-metadata-exchange-model/model/uk_cross_government_metadata_exchange_model.yaml"
    said: list[list[str]] = asked("uk_model.py", {"model": str(model), "records": records})
    return said


def test_every_example_is_judged_as_the_model_judges_it(trial_data: Path) -> None:
    found = {"valid": 0, "invalid": 0}
    for path, class_name, record in examples(trial_data):
        errors = errors_in(check_uk_model(record, class_name))
        assert bool(errors) == (path.parent.name == "invalid"), path
        assert all(error.title and error.advice for error in errors)
        found[path.parent.name] += 1
        if class_name == "Dataset":
            (read,) = read_uk_model(path.read_bytes(), path.name).reads
            assert read.refused == bool(errors)
            assert errors_in(read.problems) == errors
            assert read.document is None or errors_in(check_dataset(read.document)) == []
    assert found == {"valid": 7, "invalid": 11}


@pytest.mark.parametrize(
    ("example", "field", "said"),
    [
        ("Dataset/invalid/invalid-type", "type", "“Dataset” is not the type"),
        ("Dataset/invalid/missing-frequency", "updateFrequency", "is missing"),
        ("Dataset/invalid/invalid-frequency", "updateFrequency", "“freq:madeUp” is not a frequency"),
        ("Dataset/invalid/multiple-frequency", "updateFrequency", "takes one value"),
        ("Dataset/invalid/invalid-distribution", "distribution", "must be text"),
        ("ContactPoint/invalid/missing-contact-name", "contactName", "is missing"),
        ("ContactPoint/invalid/invalid-contact-email", "email", "is not an e-mail address"),
        ("Distribution/invalid/invalid-mediatype-csv", "mediaType", "“CSV” is not an IANA media type"),
        ("Distribution/invalid/invalid-mediatype-uri", "mediaType", "is not an IANA media type"),
        ("Distribution/invalid/multiple-mediatype", "mediaType", "takes one value"),
        ("Distribution/invalid/os-postcodes-csv-distribution", "type", "is missing"),
    ],
)
def test_invalid_examples_are_refused_for_the_right_reason(
    trial_data: Path, example: str, field: str, said: str
) -> None:
    path = trial_data / "standards" / "uk-metadata-exchange-model" / "data" / f"{example}.yaml"
    (record,) = read_record_file(path.read_bytes(), path.name)
    first = errors_in(check_uk_model(record.value, example.partition("/")[0]))[0]
    assert first.title == field
    assert said in first.message


def as_if_british(record: DatasetRecord) -> DatasetRecord:
    """A real record with what the model requires and no other standard asks for."""
    stated = {
        "publisher": {"name": "Environment Agency"},
        "creator": [{"name": "DEFRA"}, {"name": "Ministry of Rivers"}],
        "version": "1",
        "accessRights": "open",
        "licence": "https://licence.example/",
        "modified": "2024-05-06",
        "accrualPeriodicity": "annual",
    }
    extras = {**record.document.get("extras", {}), "securityClassification": "NOT_APPLICABLE"}
    return replace(record, document={**record.document, **stated, "extras": extras})


def test_the_official_validator_says_the_same_of_everything(trial_data: Path) -> None:
    records = [(class_name, record) for _, class_name, record in examples(trial_data)] + changed_samples()
    document = [FULL, TABLE, SERVICE, {**LEVELS, "accessRights": "INTERNAL", "licence": DATA_SHARE_AGREEMENT}]
    held = [
        record_of(read.document or {}, contact=read.contact, references=(AGREEMENT,))
        for read in read_uk_model(json.dumps(document).encode(), "x.json").reads
    ]
    real = real_records(trial_data)
    assert not any(dataset_to_uk_model(one).node for one in real)  # no other standard has security classifications
    held += [as_if_british(record) for record in real[::10]]
    results = [dataset_to_uk_model(record) for record in held]
    assert sum(result.node is not None for result in results) > 100
    ours = [(class_of(one), one) for result in results if result.node is not None for one in result.node["records"]]
    assert {class_name for class_name, _ in ours} == {"Dataset", "DataService", "Distribution"}
    verdicts = official(trial_data, [*records, *ours])
    for (class_name, record), said in zip(records, verdicts, strict=False):
        assert bool(errors_in(check_uk_model(record, class_name))) == bool(said), (class_name, record, said)
    assert [said for said in verdicts[len(records) :] if said] == []


def test_nothing_raises_whatever_stands_where() -> None:
    for class_name, record in changed_samples():
        if class_name in {"Dataset", "DataService"}:
            result = dataset_from_uk_model(record)
            if not errors_in(result.problems) and "title" in result.document:
                assert errors_in(check_dataset(result.document)) == []


def test_organisations_are_known_by_name_abbreviation_code_and_page() -> None:
    code = "department-for-work-pensions"
    page = f"https://www.gov.uk/government/organisations/{code}"
    for name in ("Department for Work and Pensions", "DWP", "department for work and pensions ", code, page):
        assert uk_organisation_code(name) == code
    assert uk_organisation_code("Ministry of Rivers") is None
    assert uk_organisation_code("") is None
    assert all(uk_organisation_code(name) == code for code, name in uk_organisations().items())


def test_the_list_of_organisations_is_the_models(trial_data: Path) -> None:
    path = trial_data / "standards" / "uk-metadata-exchange-model" / "model" / "uk-gov-orgs.yaml"
    text = path.read_text(encoding="utf-8")
    assert len(uk_organisations()) == 1_176
    assert all(f"organisations/{code}" in text for code in uk_organisations())
