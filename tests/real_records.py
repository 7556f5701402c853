"""The real catalogues of the trial data as the writers of formats are told of them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from catalogue.formats.ckan_feed import read_package
from catalogue.formats.data_json_feed import read_data_json
from catalogue.formats.exported import CatalogueDetails, DatasetRecord, Referrer
from schemas.canonical import Json
from schemas.errors import InvalidInput
from schemas.reading import Read

SITE = "https://data.example"
DETAILS = CatalogueDetails(SITE, "Catalogue of the Ministry of Rivers", "Ministry of Rivers", "OGL-3.0")
AGREEMENT = Referrer("shared-under", f"{SITE}/agreements/DSA-1", "Sharing of river levels", "active")
_MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def record_of(document: Json, number: int = 1, **members: object) -> DatasetRecord:
    """A document as the writers of formats are told of it."""
    slug = f"dataset-{number}"
    told = {
        "number": str(UUID(int=number)),
        "slug": slug,
        "address": f"{SITE}/datasets/{slug}",
        "source": "trial",
        "revision": 1,
        "document": document,
        "first_recorded_at": _MOMENT,
        "changed_at": _MOMENT,
    }
    return DatasetRecord(**{**told, **members})  # type: ignore[arg-type]


@cache
def real_records(trial_data: Path) -> tuple[DatasetRecord, ...]:
    """Every dataset of the trial data that this catalogue takes, from data.json feeds and from a CKAN site."""
    # What else is refused lacks a title; that all others conform is the readers' tests' business.
    reads = [read for read in _reads(trial_data) if not read.refused and "title" in (read.document or {})]
    return tuple(
        record_of(
            {**(read.document or {}), **({"contactPoint": f"contact-{number}"} if read.contact else {})},
            number,
            contact=read.contact,
            references=(AGREEMENT,) if number % 7 == 0 else (),
        )
        for number, read in enumerate(reads, start=1)
    )


def _reads(trial_data: Path) -> Iterator[Read]:
    for path in sorted((trial_data / "datasets").rglob("*.json")):
        try:
            yield from read_data_json(path.read_bytes(), path.name, "trial").reads
        except InvalidInput:
            continue  # the files of other formats; which feeds are read is another test's business
    for line in (trial_data / "ckan-recorded" / "ckan-2.12-answers.jsonl").read_text(encoding="utf-8").splitlines():
        exchange = json.loads(line)
        if exchange["name"].startswith("harvester-page"):
            packages = json.loads(exchange["response"]["body"])["result"]["results"]
            yield from (read_package(package, "", "https://ckan.example") for package in packages)
