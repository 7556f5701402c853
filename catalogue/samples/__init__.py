"""Real government datasets and organisations, told in our own words, that the demo puts into a catalogue.

Each says what its source says and nothing else; `provenance` names the address and how much of it was read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from ruamel.yaml import YAML

from schemas.canonical import Json

SOURCE = "samples"
"""The source of samples that no feed has."""


@dataclass(frozen=True, slots=True)
class SampleOrganisation:
    """One body. `kind` is a code of the list organisation-kind, `jurisdiction` an ISO 3166 code, `parent` a slug.

    `identifiers` are (scheme, number). What is not known is None or empty.
    """

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str | None = None
    jurisdiction: str | None = None
    parent: str | None = None
    website: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SampleDataset:
    """One sample: its short name in the catalogue's addresses, and a document in the form of the dataset schema.

    `source` and `identifier` are its key. A sample from a publisher's feed has the key that an import of the feed
    gives it, so that the feed's own record takes its place. `contact` (name, email) is the mailbox that the source
    names for the dataset, where that is an office's and no person's.
    """

    slug: str
    document: Json
    source: str
    identifier: str
    contact: Mapping[str, str] = field(default_factory=dict)


def sample_organisations() -> list[SampleOrganisation]:
    """All sample organisations, each after the one it belongs to."""
    items = _read(resources.files(__name__).joinpath("organisations.yaml"))
    return [_organisation(item) for item in items]


def sample_datasets() -> list[SampleDataset]:
    """All sample datasets, file by file in the order of their names. What one gives may be changed by its reader."""
    folder = resources.files(__name__).joinpath("datasets")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return [_dataset(item) for file in files for item in _read(file)]


def _dataset(item: dict[str, Any]) -> SampleDataset:
    slug, document, source = item["slug"], item["document"], item.get("source", "")
    identifier = document["identifier"] if source else slug
    return SampleDataset(slug, document, source or SOURCE, identifier, item.get("contact", {}))


def _read(file: Traversable) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return items


def _organisation(item: dict[str, Any]) -> SampleOrganisation:
    numbers = tuple((number["scheme"], number["id"]) for number in item.get("identifiers", ()))
    rest = {name: value for name, value in item.items() if name not in {"aliases", "identifiers"}}
    return SampleOrganisation(aliases=tuple(item.get("aliases", ())), identifiers=numbers, **rest)
