"""Columns as sources describe them: read where each has a name, kept as they are where more is said."""

import json
from typing import Any

import pytest

from catalogue.formats.ckan import dataset_from_ckan
from catalogue.formats.ckan_writing import PackageRecord, dataset_to_ckan
from catalogue.formats.columns import columns_in, columns_in_schema, fields_of
from catalogue.formats.data_json import dataset_from_data_json
from schemas.canonical import Json
from schemas.problems import errors_in


@pytest.mark.parametrize(
    ("field", "column", "whole"),
    [
        ({"title": "level", "type": "number", "description": "At noon", "units": "m", "id": "1.1_A"},
         {"name": "level", "type": "number", "description": "At noon", "unit": "m", "identifier": "1.1_A"}, True),
        ({"name": "level", "title": "Level", "type": "date", "format": "%Y"},
         {"name": "level", "title": "Level", "type": "date", "format": "%Y"}, True),
        ({"name": "level", "constraints": {"required": True}}, {"name": "level"}, False),
        ({"id": "level", "type": "float8", "info": {"label": "Level", "notes": "At noon", "type_override": ""}},
         {"name": "level", "type": "float8", "title": "Level", "description": "At noon"}, True),
        ({"name": "level", "titles": "Level", "datatype": "integer", "dc:description": "At noon"},
         {"name": "level", "title": "Level", "type": "integer", "description": "At noon"}, True),
        ({"name": "day", "datatype": {"base": "date", "format": "dd/MM/yyyy"}},
         {"name": "day", "type": "date", "format": "dd/MM/yyyy"}, True),
        ({"name": "day", "datatype": {"base": "date", "minimum": "1900"}}, {"name": "day", "type": "date"}, False),
        ({"name": " level ", "type": 7, "description": None}, {"name": "level"}, False),
    ],
)  # fmt: skip
def test_a_column_is_read_from_each_form_that_is_about(field: Json, column: Json, whole: bool) -> None:
    found = columns_in([field])
    assert found is not None
    assert (found.columns, found.whole) == ([column], whole)


@pytest.mark.parametrize(
    "value", [None, [], "name", {"name": "a"}, [{"type": "date"}], [{"name": "a"}, "b"], [{"name": 1}]]
)
def test_what_is_no_list_of_named_columns_is_none(value: object) -> None:
    assert columns_in(value) is None


def test_a_table_schema_may_be_text() -> None:
    schema = {"fields": [{"name": "a"}]}
    for stated in (schema, json.dumps(schema), {"columns": [{"name": "a"}]}):
        found = columns_in_schema(stated)
        assert found is not None
        assert (found.columns, found.whole) == ([{"name": "a"}], True)
    keyed = columns_in_schema({**schema, "primaryKey": "a"})
    assert keyed is not None
    assert not keyed.whole
    odds: list[object] = ["https://a.example/schema.json", "[" * 100_000, "{}", {"fields": [], "columns": []}, 7]
    for odd in odds:
        assert columns_in_schema(odd) is None


def test_what_is_written_is_read_as_it_was() -> None:
    columns = [
        {"name": "a", "unit": "m", "identifier": "7", "format": "x"},
        {"name": "b", "title": "B", "type": "date"},
    ]
    found = columns_in(fields_of(columns))
    assert found is not None
    assert (found.columns, found.whole) == (columns, True)


def test_a_data_json_feed_has_columns_and_what_they_cannot_hold_is_kept() -> None:
    fields = [{"title": "day", "specialType": "time_index"}, {"title": "level"}]
    record = {"title": "Levels", "identifier": "l", "distribution": [{"title": "All", "field": fields}]}
    result = dataset_from_data_json(record)
    assert result.document["distribution"] == [{"title": "All", "column": [{"name": "day"}, {"name": "level"}]}]
    assert result.document["extras"]["distribution"] == [{"position": 0, "members": {"field": fields}}]
    nameless = dataset_from_data_json({**record, "distribution": [{"title": "All", "field": [{"type": "date"}]}]})
    assert "column" not in nameless.document["distribution"][0]
    assert errors_in(nameless.problems) == []
    assert [problem.pointer for problem in nameless.problems] == ["/distribution/0/field"]


@pytest.mark.parametrize(
    "resource",
    [
        {"schema": {"fields": [{"name": "level", "type": "number"}]}},
        {"schema": '{"fields": [{"name": "level", "type": "number"}], "missingValues": ["-"]}'},
        {"fields": [{"id": "level", "type": "number"}]},
    ],
)
def test_a_package_has_columns_and_is_written_with_them(resource: Any) -> None:
    package = {"id": "p", "title": "Levels", "resources": [{"url": "https://a.example/x.csv", **resource}]}
    document = dataset_from_ckan(package).document
    assert document["distribution"][0]["column"] == [{"name": "level", "type": "number"}]
    written, _ = dataset_to_ckan(document, PackageRecord("p", "p", "2026-01-01", "2026-01-01", {}))
    assert dataset_from_ckan(written).document["distribution"] == document["distribution"]
