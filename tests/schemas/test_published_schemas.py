"""The published schemas themselves: valid, readable by people, and in step with the codelists."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas.bundle import AGREEMENT_VERSION, DATASET_VERSION, load_schema
from schemas.canonical import Json
from schemas.codelists import codelist_names
from schemas.errors import NotFound

SCHEMAS = pytest.mark.parametrize(("name", "version"), [("agreement", AGREEMENT_VERSION), ("dataset", DATASET_VERSION)])
"""The versions that records are checked against now; what an older one says is fixed."""


def nodes(schema: Any, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every subschema with its place."""
    yield path, schema
    for keyword in ("properties", "$defs", "patternProperties"):
        for name, member in schema.get(keyword, {}).items():
            yield from nodes(member, f"{path}/{keyword}/{name}")
    for keyword in ("items", "additionalProperties", "then", "else"):
        if isinstance(schema.get(keyword), dict):
            yield from nodes(schema[keyword], f"{path}/{keyword}")
    for keyword in ("allOf", "anyOf", "oneOf"):
        for number, member in enumerate(schema.get(keyword, ())):
            yield from nodes(member, f"{path}/{keyword}/{number}")


def resolved(schema: Json, root: Json) -> Json:
    if "$ref" not in schema:
        return schema
    target = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return {**target, **schema}


@SCHEMAS
def test_a_schema_is_valid_and_names_itself(name: str, version: str) -> None:
    schema = load_schema(name, version)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:data-gazette:{name}:{version}"
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    assert list(validator.iter_errors(schema)) == []


@SCHEMAS
def test_every_member_has_a_title_for_people(name: str, version: str) -> None:
    schema = load_schema(name, version)
    for path, node in nodes(schema):
        for member, described in node.get("properties", {}).items():
            title = resolved(described, schema).get("title", "")
            assert title.strip(), f"{path}/{member}"


@SCHEMAS
def test_every_codelist_named_exists(name: str, version: str) -> None:
    named = {node["x-codelist"] for _, node in nodes(load_schema(name, version)) if "x-codelist" in node}
    assert named
    assert named <= set(codelist_names())


@SCHEMAS
def test_every_reference_leads_somewhere(name: str, version: str) -> None:
    schema = load_schema(name, version)
    wanted = {node["$ref"].removeprefix("#/$defs/") for _, node in nodes(schema) if "$ref" in node}
    assert wanted <= set(schema["$defs"])


@SCHEMAS
def test_nothing_unknown_and_nothing_empty_is_let_in(name: str, version: str) -> None:
    """A body holds no empty group or list, so an agreement has none; a misspelt field must be found."""
    for path, node in nodes(load_schema(name, version)):
        kind = node.get("type")
        if kind == "object":
            assert node.get("additionalProperties") is False or isinstance(node.get("additionalProperties"), dict), path
            assert name == "dataset" or node.get("required") or node.get("minProperties", 0) >= 1, path
        elif kind == "array":
            assert node.get("minItems", 0) >= 1, path
        elif kind == "string" and not {"format", "x-codelist", "pattern", "enum"} & node.keys():
            assert node.get("minLength", 0) >= 1, path
        elif kind in ("integer", "number"):
            assert kind == "integer", f"{path}: a body holds no fraction"
            assert node["maximum"] <= 2**53 - 1, path


@SCHEMAS
def test_what_can_be_written_wrongly_says_how_to_write_it(name: str, version: str) -> None:
    for path, node in nodes(load_schema(name, version)):
        if "pattern" in node or ("format" in node and node["format"] != "partial-date"):
            assert node.get("x-error", {}).get("en") or node.get("examples"), path


@SCHEMAS
def test_examples_fit_what_they_explain(name: str, version: str) -> None:
    root = load_schema(name, version)
    for path, node in nodes(root):
        for example in node.get("examples", ()):
            validator = Draft202012Validator({"$defs": root["$defs"], **node})
            assert list(validator.iter_errors(example)) == [], path


def test_a_schema_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="agreement"):
        load_schema("agreement", "99.0.0")
