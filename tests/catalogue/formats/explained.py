"""Round trips: what is read back is as it was, but for what the writer told."""

import json

from catalogue.formats.converted import Written
from catalogue.formats.data_json import dataset_from_data_json
from catalogue.formats.exported import DatasetRecord
from schemas.canonical import Json
from schemas.problems import errors_in


def assert_data_json_explained(record: DatasetRecord, result: Written[Json]) -> None:
    """Read back, the dataset is as it was but for what was told; left out, it was told why."""
    if result.node is None:
        assert errors_in(result.problems)
        return
    again, contact, problems, _ = dataset_from_data_json(json.loads(json.dumps(result.node)))
    assert errors_in(problems) == []
    pages = [page for page in again.get("page", ()) if page not in [one.address for one in record.references]]
    again = {name: value for name, value in {**again, "page": pages}.items() if value}
    assert differing(record, again) <= members_told(result)
    assert contact == {name: value for name, value in record.contact.items() if name != "address"}


def differing(record: DatasetRecord, again: Json) -> set[str]:
    """The members that are not as they were, without those that say where the record comes from."""
    apart = {"provenance", "contactPoint", "schemaVersion"}
    return {name for name in {*again, *record.document} - apart if again.get(name) != record.document.get(name)}


def members_told(result: Written[Json]) -> set[str]:
    """The members of the document of which a loss was told."""
    return {problem.pointer.split("/")[1] for problem in result.problems if problem.pointer}
