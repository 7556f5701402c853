"""Real agreements and powers, told in our own words from public pages, that the demo puts into a register.

Each says what its source says and nothing else; `provenance` names the page and how much of it was read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from ruamel.yaml import YAML

from schemas.canonical import Json


@dataclass(frozen=True, slots=True)
class SampleAgreement:
    """One sample: a key that stays the same between versions, and a document in the form of the agreement schema.

    The document has no `id`: a register gives it when the agreement becomes public.
    """

    key: str
    document: Json


def sample_agreements() -> list[SampleAgreement]:
    """All sample agreements, file by file in the order of their names. What one gives may be changed by its reader."""
    return [SampleAgreement(key=item["key"], document=item["document"]) for item in _items("agreements")]


def sample_powers() -> list[Json]:
    """All sample powers, in the form of the schema `power`."""
    return list(_items("powers"))


def _items(folder_name: str) -> Iterator[Json]:
    folder = resources.files(__name__).joinpath(folder_name)
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    for file in files:
        yield from YAML(typ="safe").load(file.read_text(encoding="utf-8"))
