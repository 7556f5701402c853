"""Asked in the validators' own environment: what mlcroissant, the official library, says of Croissant documents.

In: `documents`, and where wanted a `table` to load (`document`, `files` by their ids, the `name` of the record set).
Out: `errors` of each document, and the table's `records`.
"""

import json
import logging
import sys
from typing import Any

import mlcroissant

logging.disable(logging.WARNING)


def errors_of(document: dict[str, Any]) -> list[str]:
    """What the library says against a document; nothing where it takes it."""
    try:
        mlcroissant.Dataset(jsonld=document)
    except Exception as error:  # noqa: BLE001 - whatever it raises is its answer
        return [f"{type(error).__name__}: {error}"]
    return []


def plain(value: object) -> int | float | str:
    """A cell as JSON has it."""
    if isinstance(value, bytes):
        return value.decode()
    return value if isinstance(value, int | float | str) else str(value)


def loaded(table: dict[str, Any]) -> list[dict[str, int | float | str]]:
    """The rows of a table, as the library reads them."""
    dataset = mlcroissant.Dataset(jsonld=table["document"], mapping=table["files"])
    return [{name: plain(value) for name, value in record.items()} for record in dataset.records(table["name"])]


def main() -> None:
    """Answer what stands on stdin."""
    asked = json.load(sys.stdin)
    errors = [errors_of(document) for document in asked["documents"]]
    records = loaded(asked["table"]) if "table" in asked else []
    json.dump({"errors": errors, "records": records}, sys.stdout)


main()
