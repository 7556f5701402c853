"""DCAT-US 1.1: the whole catalogue as `data.json`, written part by part."""

import json
from collections.abc import Iterable, Iterator, Mapping

from catalogue.formats.counting import Counted
from catalogue.formats.data_json_writing import FORMAT, dataset_to_data_json
from catalogue.formats.exported import CatalogueDetails, DatasetRecord
from schemas.canonical import Json

CONFORMS_TO = "https://project-open-data.cio.gov/v1.1/schema"
_CONTEXT = f"{CONFORMS_TO}/catalog.jsonld"
_DESCRIBED_BY = f"{CONFORMS_TO}/catalog.json"


def data_json_document(
    details: CatalogueDetails, records: Iterable[DatasetRecord], counts: Counted | None = None
) -> Iterator[str]:
    """The file in parts, one for each dataset that can be valid. `counts` are what a first pass over them found."""
    head: Json = {
        "@context": _CONTEXT,
        "@id": f"{details.address}/data.json",
        "@type": "dcat:Catalog",
        "conformsTo": CONFORMS_TO,
        "describedBy": _DESCRIBED_BY,
        "title": details.title,
    }
    if details.publisher:
        head["publisher"] = {"@type": "org:Organization", "name": details.publisher}
    yield from listed(head, counts, FORMAT, {"dataset": (dataset_to_data_json(record).node for record in records)})


def listed(
    head: Json, counts: Counted | None, format_name: str, lists: Mapping[str, Iterable[Json | None]]
) -> Iterator[str]:
    """A JSON object whose last members are lists, in parts: the head with its counts, and one part for each node.

    None among the nodes is passed over. The lists are made one after the other.
    """
    if counts is not None:
        head = {**head, "description": counts.sentence(format_name), "exportCounts": counts.as_json()}
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("}").rstrip()
    for member, nodes in lists.items():
        yield f',\n "{member}": ['
        between = "\n"
        for node in nodes:
            if node is not None:
                yield between + json.dumps(node, ensure_ascii=False, separators=(",", ":"))
                between = ",\n"
        yield "\n ]"
    yield "\n}\n"
