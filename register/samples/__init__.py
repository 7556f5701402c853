"""Real agreements, told in our own words from public pages, that the demo puts into a register.

Each says what its source says and nothing else; `provenance` names the page and how much of it was read.
"""

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
    folder = resources.files(__name__).joinpath("agreements")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    items = [item for file in files for item in YAML(typ="safe").load(file.read_text(encoding="utf-8"))]
    return [SampleAgreement(key=item["key"], document=item["document"]) for item in items]
