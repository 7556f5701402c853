"""The core schema 1.0.0: what it is made of, what it asks, and what its messages say."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas.bundle import load_schema
from schemas.canonical import Json
from schemas.checking import check
from schemas.codelists import codelist_names
from schemas.contract import check_agreement_document, event_names, load_event, load_part
from schemas.profiles import check_profiles, load_profile, profile_names

VERSION = "1.0.0"
CORE = load_schema("agreement", VERSION)
SCHEMAS: dict[str, Json] = {
    "agreement": CORE,
    **{f"profile:{name}": load_profile(name, VERSION) for name in profile_names(VERSION)},
    **{f"event:{name}": load_event(name, VERSION) for name in event_names(VERSION)},
}
PROVENANCE = {"source": "transcribed"}
LEAST: Json = {
    "id": "dg-1",
    "schemaVersion": "1.0.0",
    "title": "Pupils’ addresses, to plan school buses",
    "parties": [{"name": "A county council"}],
    "provenance": PROVENANCE,
}


def _nodes(node: Any, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every schema inside a schema, with where it stands."""
    if not isinstance(node, dict):
        return
    yield path, node
    for word in ("properties", "$defs"):
        for name, member in node.get(word, {}).items():
            yield from _nodes(member, f"{path}/{word}/{name}")
    for word in ("items", "if", "then", "else", "not", "contains"):
        yield from _nodes(node.get(word), f"{path}/{word}")
    for word in ("allOf", "anyOf", "oneOf"):
        for position, member in enumerate(node.get(word, ())):
            yield from _nodes(member, f"{path}/{word}/{position}")


def _declared(schema: Json) -> Iterator[tuple[str, Json]]:
    """Every field that a schema declares, references followed, rules of choice (if, then, anyOf) left out."""
    for path, node in _nodes(schema):
        if re.fullmatch(r"(?:/(?:properties|\$defs)/[^/]+|/items)*", path):
            definition = schema["$defs"][node["$ref"].removeprefix("#/$defs/")] if "$ref" in node else {}
            yield path, {**definition, **node}


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_a_schema_with_a_name_of_its_own(name: str) -> None:
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    suffix = "" if name == "agreement" else f":{name}"
    assert schema["$id"] == f"urn:data-gazette:agreement:1.0.0{suffix}"
    assert schema["title"]
    assert schema["description"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_reference_leads_to_a_definition_inside_it_and_none_is_idle(name: str) -> None:
    schema = SCHEMAS[name]
    used = {node["$ref"] for _, node in _nodes(schema) if "$ref" in node}
    assert used == {f"#/$defs/{definition}" for definition in schema.get("$defs", {})}


FIELDS = ["agreement", *(name for name in SCHEMAS if name.startswith("event:"))]


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_has_a_title_and_help(name: str) -> None:
    declared = list(_declared(SCHEMAS[name]))
    assert [path for path, node in declared if not node.get("title") or not node.get("description")] == [
        path for path, node in declared if path.endswith("/items") and "x-codelist" in node
    ]


@pytest.mark.parametrize("name", FIELDS)
def test_it_refuses_unknown_fields_and_bounds_every_text_list_and_number(name: str) -> None:
    for path, node in _declared(SCHEMAS[name]):
        match node.get("type"):
            case "object":
                assert node["additionalProperties"] is False, path
                assert node.get("required") or node.get("minProperties") or path == "", path
            case "array":
                assert node["minItems"] == 1, path
                assert node["maxItems"] <= 2000, path
            case "string":
                assert "x-codelist" in node or "maxLength" in node, path
            case "integer":
                assert node["maximum"] < 2**53, path
            case kind:
                assert kind == "boolean" or "const" in node, path


@pytest.mark.parametrize("name", FIELDS)
def test_every_message_is_a_sentence(name: str) -> None:
    errors = [(path, node["x-error"]) for path, node in _nodes(SCHEMAS[name]) if "x-error" in node]
    assert [path for path, error in errors if not re.fullmatch(r"[A-Z].*[.0-9]", error["en"])] == []


def test_every_field_of_an_agreement_says_what_to_write() -> None:
    free = {"equalityImpact", "ethics", "period", "scale"}  # texts in which nothing can be wrong but their length
    assert {name for name, node in CORE["properties"].items() if "x-error" not in node} == free


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_codelist_that_it_names_is_there(name: str) -> None:
    words = ("x-codelist", "x-open-codelist")
    named = {node[word] for _, node in _nodes(SCHEMAS[name]) for word in words if word in node}
    assert named <= set(codelist_names())


def test_the_examples_of_a_field_are_right() -> None:
    for path, node in _declared(CORE):
        for example in node.get("examples", ()):
            field = Draft202012Validator({**node, "$defs": CORE["$defs"]})
            assert list(field.iter_errors(example)) == [], path


def test_it_asks_only_for_what_every_source_can_give() -> None:
    assert CORE["required"] == ["id", "schemaVersion", "title", "parties", "provenance"]
    assert check_agreement_document(LEAST, VERSION) == []


@pytest.mark.parametrize("name", CORE["required"])
def test_without_one_of_these_it_is_no_record(name: str) -> None:
    record = {key: value for key, value in LEAST.items() if key != name}
    (problem,) = check_agreement_document(record, VERSION)
    assert problem.pointer == f"/{name}"
    assert problem.message == f"“{name}” is missing."
    assert problem.advice


def test_a_draft_alone_may_lack_its_number() -> None:
    draft = {key: value for key, value in LEAST.items() if key != "id"}
    assert check_agreement_document(draft, VERSION, draft=True) == []
    assert [problem.pointer for problem in check_agreement_document(draft, VERSION)] == ["/id"]
    wrong = {**draft, "id": "DG 1"}
    assert [problem.pointer for problem in check_agreement_document(wrong, VERSION, draft=True)] == ["/id"]


@pytest.mark.parametrize(
    ("change", "pointer", "says"),
    [
        ({"titel": "x"}, "/titel", "Did you mean “title”?"),
        ({"parties": [{"name": " "}]}, "/parties/0/name", "This is empty. Write the organisation’s name"),
        ({"summary": "x" * 601}, "/summary", "at most 600 are allowed. Say in plain words"),
        ({"effectiveFrom": "31/03/2024"}, "/effectiveFrom", "Write it as YYYY-MM-DD: 2024-03-31."),
        ({"retention": {"sharedData": {"duration": "2 years"}}}, "/retention/sharedData/duration", "P6M six months"),
        ({"cost": {"amount": "1,000"}}, "/cost/amount", "Write the amount in digits"),
        ({"cost": {"amount": 12.5}}, "/cost/amount", 'Put it in quotes: "12.5".'),
        ({"nextReviewOn": None}, "/nextReviewOn", "Leave it out where the source does not say."),
        ({"flows": [{"datasets": [{"recordsApprox": 5.0}]}]}, "/flows/0/datasets/0/recordsApprox", "a whole number"),
        ({"lawfulBasis": [{"code": "6(1)(e)"}]}, "/lawfulBasis/0/code", "Write one of: art-6-1-a"),
        ({"parties": [{"name": "A", "contact": "somebody"}]}, "/parties/0/contact", "never a person’s own"),
        ({"internationalTransfers": [{"country": "UK"}]}, "/internationalTransfers/0/country", "not a code"),
        ({"internationalTransfers": [{"text": "x"}]}, "/internationalTransfers/0/country", "or write “none: true”"),
        ({"internationalTransfers": [{"none": True, "country": "FR"}]}, "/internationalTransfers/0", "stands alone"),
        ({"internationalTransfers": [{"none": True}, {"country": "FR"}]}, "/internationalTransfers", "stands alone"),
        ({"linkage": {"none": True, "risk": "x"}}, "/linkage", "stands alone"),
        ({"relatedAgreements": [{"relation": "replaces"}]}, "/relatedAgreements/0", "Say which agreement is meant"),
        ({"parentAgreement": {"agreement": "MoU 4"}}, "/parentAgreement/agreement", "for example dg-17"),
        ({"schemaVersion": "0.1.0"}, "/schemaVersion", "it must be “1.0.0”"),
    ],
)
def test_a_message_tells_an_official_what_to_write(change: Json, pointer: str, says: str) -> None:
    (problem,) = check_agreement_document({**LEAST, **change}, VERSION)
    assert problem.pointer == pointer
    assert problem.title
    assert says in f"{problem.message} {problem.advice}"


def test_a_body_holds_no_person_and_no_happening() -> None:
    beside = {
        "people", "version", "versionDate", "event", "reviews", "realisedBenefits", "outputs", "incidents",
        "consultation", "boardReview",
    }  # fmt: skip
    assert beside & set(CORE["properties"]) == set()
    assert "registeredOn" not in CORE["properties"]["provenance"]["properties"]
    assert "disposalConfirmedOn" not in CORE["properties"]["disposal"]["properties"]


def test_the_complete_example_passes_core_and_every_profile() -> None:
    example = load_part(VERSION, "examples", "complete")
    assert check(example, "agreement", VERSION) == []
    assert check_profiles(example, profile_names(VERSION), VERSION) == []


def test_the_complete_example_shows_every_field_but_those_of_sources() -> None:
    example = load_part(VERSION, "examples", "complete")
    assert set(CORE["properties"]) - set(example) == {"period", "scale"}
    assert "example" in example["title"].casefold()
    assert "made up" in example["sourceNotes"][0]
