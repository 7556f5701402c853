"""Records of the UK exchange model: a full one of each class, and the model's own examples."""

from collections.abc import Iterator
from pathlib import Path

from catalogue.formats.uk_model_rules import DATA_SHARE_AGREEMENT
from schemas.canonical import Json
from schemas.record_file import read_record_file

CONTACT = {"name": "Rivers desk", "email": "desk@rivers.example"}
LEVELS: Json = {
    "identifier": "https://rivers.example/levels",
    "type": "dcat:Dataset",
    "title": "River levels",
    "description": "Every gauge, every hour.",
    "licence": "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "version": "2.0",
    "accessRights": "OPEN",
    "securityClassification": "OFFICIAL",
    "modified": "2024-05-06",
    "contactPoint": {"contactName": "Rivers desk", "email": "desk@rivers.example"},
    "creator": ["environment-agency"],
    "publisher": "department-for-environment-food-rural-affairs",
    "updateFrequency": "freq:daily",
}
FULL: Json = {
    **LEVELS,
    "alternativeTitle": ["Gauges"],
    "summary": "Levels of rivers.",
    "keyword": ["levels", "rivers"],
    "theme": ["http://publications.europa.eu/resource/authority/data-theme/ENVI", "https://themes.example/water"],
    "created": "2020-01-01",
    "issued": "2020-02-01",
    "relatedResource": ["https://rivers.example/stations"],
    "distribution": ["https://rivers.example/levels.csv", "https://rivers.example/elsewhere"],
}
TABLE: Json = {
    "identifier": "https://rivers.example/levels.csv",
    "type": "dcat:Distribution",
    "title": "Levels as a table",
    "description": "One row a reading.",
    "licence": DATA_SHARE_AGREEMENT,
    "accessRights": "OPEN",
    "accessService": ["https://rivers.example/api"],
    "byteSize": 1024,
    "downloadURL": "https://rivers.example/levels.csv",
    "issued": "2020-02-01",
    "modified": "2024-05-06",
    "mediaType": "text/csv",
}
SERVICE: Json = {
    **{name: value for name, value in LEVELS.items() if name != "updateFrequency"},
    "identifier": "https://rivers.example/api",
    "type": "dcat:DataService",
    "endpointDescription": "https://rivers.example/openapi.json",
    "endpointURL": "https://rivers.example/api/v1",
    "servesData": ["https://rivers.example/levels"],
    "serviceStatus": "LIVE",
    "serviceType": "REST",
}
SAMPLES = {
    "Dataset": FULL,
    "DataService": SERVICE,
    "Distribution": TABLE,
    "ContactPoint": {**FULL["contactPoint"], "telephone": "0300 000 0000", "address": "1 Bank Street"},
}


def examples(trial_data: Path) -> Iterator[tuple[Path, str, Json]]:
    """The model's own examples, with their classes."""
    folder = trial_data / "standards" / "uk-metadata-exchange-model" / "data"
    for path in sorted(folder.glob("*/*/*.yaml")):
        (record,) = read_record_file(path.read_bytes(), path.name)
        yield path, path.parent.parent.name, record.value
