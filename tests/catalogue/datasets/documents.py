"""Small datasets to record."""

from typing import Any

from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.record import Recorded, record_dataset
from schemas.actor import LOCAL_REGISTRAR
from schemas.clock import Clock, Ids
from schemas.database.engine import Database


def dataset(**members: object) -> dict[str, Any]:
    """A small good document."""
    return {
        "schemaVersion": "0.1.0",
        "kind": "dataset",
        "title": "Bridge inspections",
        "provenance": {"source": "imported"},
        **members,
    }


def recorded(
    database: Database, clock: Clock, ids: Ids, document: dict[str, Any], identifier: str = "b-1", slug: str = ""
) -> Recorded:
    """What became of a document, in a transaction of its own."""
    with database.write() as session:
        found = record_dataset(
            session,
            LOCAL_REGISTRAR,
            document,
            source="bridges.example",
            identifier=identifier,
            clock=clock,
            ids=ids,
            slug=slug,
        )
        loaded: CataloguedResource = found.resource
        _ = (loaded.distributions, loaded.references, loaded.publisher)
        return found
