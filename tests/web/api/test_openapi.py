"""The published description holds: whatever is sent by it, and against it, is answered as it says."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from itertools import cycle, product
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.checks import negative_data_rejection

from catalogue.search.synonyms_record import SynonymDetails, record_synonym
from catalogue.search.tantivy_engine import TantivyPlace
from register.powers.record import PowerSource, record_power
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.contract import load_part, part_names
from schemas.database.engine import Database
from tests.register.lifecycle.world import LEAD, World, complete, datasets_named
from tests.web.api.office import Office, staffed
from tests.web.rivers import index_of_rivers
from web.api.openapi import openapi_document
from web.api.openapi_parts import BLANKS
from web.api.openapi_records import NEW_RECORD, RECORD

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
)


@pytest.fixture(scope="module")
def rivers(tmp_path_factory: pytest.TempPathFactory) -> TantivyPlace:
    return index_of_rivers(tmp_path_factory.mktemp("rivers"))


@pytest.fixture
def office(sqlite_database: Database, rivers: TantivyPlace) -> Office:
    made = staffed(World(sqlite_database).people())
    made.world.enter()
    made.world.enter("proposed", document=complete(externalIds=None))
    with sqlite_database.write() as session:
        record_power(session, LOCAL_REGISTRAR, POWER, PowerSource(), clock=made.world.clock, ids=made.world.ids)
    made.opener = rivers.reader
    return made


POWER: Json = {"id": "rivers-act-2001-s4", "title": "Warning swimmers", "inForce": [{"from": "2001-05-01"}]}
NAMES = {
    "/agreements": "dg-1",
    "/datasets": min(datasets_named(complete())),
    "/organisations": LEAD,
    "/powers": POWER["id"],
}
"""A record that is there, by where its address begins."""

ACCOUNTS = ["lead", "registrar", "receiver", "stranger"]
DOCUMENTS = [complete(externalIds=None), complete(externalIds=None, purpose=None), {}]
OPERATIONS = sorted((path, method) for path, methods in openapi_document()["paths"].items() for method in methods)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_operation_answers_as_it_is_described(office: Office, path: str, method: str) -> None:
    described = schemathesis.openapi.from_dict(with_plain_records())
    described.app = office.app()
    operation = described[path][method.upper()]
    answered: Counter[int] = Counter()
    turns = cycle(product(ACCOUNTS, (True, False)))

    @settings(
        max_examples=16, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
    )
    @given(operation.as_strategy(), st.sampled_from(DOCUMENTS))
    def answers(case: schemathesis.Case[Any], document: Json) -> None:
        account, real = next(turns)
        if real:
            make_real(case, office, document)
        headers = {**office.headers(account), "Accept-Encoding": "identity"}  # the tool unpacks nothing itself
        response = case.call_and_validate(headers=headers, checks=list(CHECKS))
        answered[response.status_code] += 1
        require_shape(path, method, response.status_code, response.content)

    answers()
    assert any(200 <= status < 300 for status in answered), f"nothing was ever done: {dict(answered)}"


def with_plain_records() -> Json:
    """The description, records as any object: to make up whole ones takes a second each, and `make_real` has them."""
    document = deepcopy(openapi_document())
    document["components"]["schemas"] |= {name: {"type": "object"} for name in (RECORD, NEW_RECORD)}
    return document


def require_shape(path: str, method: str, status: int, content: bytes) -> None:
    """The answer has the shape that the description gives it, read by a validator that knows OpenAPI from nowhere."""
    document = openapi_document()
    described = document["paths"][path][method]["responses"][str(status)]
    if "$ref" in described:
        described = document["components"]["responses"][described["$ref"].rpartition("/")[2]]
    if "content" not in described:
        assert content == b""
        return
    ((_, media),) = described["content"].items()
    shape = {"components": document["components"], **media["schema"]}
    Draft202012Validator(shape).validate(json.loads(content))


def make_real(case: schemathesis.Case[Any], office: Office, document: Json) -> None:
    """Let a request speak of records that are there: what is made up alone would seldom be done."""
    if "name" in case.path_parameters:
        case.path_parameters["name"] = NAMES["/" + case.path.split("/")[1]]
    if "number" in case.path_parameters:
        case.path_parameters["number"] = "1"
    if "draft" in case.path_parameters:
        case.path_parameters["draft"] = office.local("lead").save_draft(complete(externalIds=None))["draft"]["id"]
    for name in ("organisation", "version", "state", "cursor", "part", "since", "changed_since"):
        case.query.pop(name, None)
    if "synonym" in case.path_parameters:
        case.path_parameters["synonym"] = real_synonym(case, office)
    if "q" in case.query:
        case.query.update(kind="organisation", q="example")
    case.headers.pop("Idempotency-Key", None)
    case.query.pop("onRevision", None)
    if isinstance(case.body, dict):
        for name in ("details", "onVersion", "onRevision"):
            case.body.pop(name, None)
        if "document" in case.body:
            case.body["document"] = document
        if "event" in case.body and "name" in case.path_parameters:
            case.body.update(
                event="corrected", details={"reason": "Typo"}, document={**document, "scale": office.world.ids()}
            )


def real_synonym(case: schemathesis.Case[Any], office: Office) -> str:
    """A pair that is there, or, to be set, one that the body describes."""
    if case.method == "PUT":
        if isinstance(case.body, dict):
            case.body.update(typed="lorry", also="truck")
        return "lorry~truck"
    with office.world.database.write() as session:
        record_synonym(session, LOCAL_REGISTRAR, SynonymDetails("bin", "waste container"), office.world.clock)
    return "bin~waste-container"


def test_every_address_of_the_api_is_described(office: Office) -> None:
    app: Flask = office.app()
    served = {
        (rule.rule.removeprefix("/api/v1").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if rule.rule.startswith("/api/v1") and method not in {"HEAD", "OPTIONS"}
    }
    paths = openapi_document()["paths"]
    described = {(path, method) for path, methods in paths.items() for method in methods}
    assert served - {("/openapi.json", "get")} == described


def test_every_shape_is_a_schema_and_every_reference_leads_somewhere() -> None:
    document = openapi_document()
    for shape in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(shape)
    for reference in references(document):
        node = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        assert node


def test_every_example_has_the_shape_it_is_an_example_of() -> None:
    document = openapi_document()
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    answers = [answer for one in operations for answer in one["responses"].values()]
    media = [media for answer in answers for media in answer.get("content", {}).values() if "example" in media]
    assert len(media) >= 9
    for one in media:
        shape = {"components": document["components"], **one["schema"]}
        Draft202012Validator(shape, format_checker=FormatChecker()).validate(one["example"])
    bodies = [media for one in operations for media in one.get("requestBody", {}).get("content", {}).values()]
    sent = [(body["schema"], name) for body in bodies for name in body.get("examples", ())]
    assert len(sent) >= 6
    for schema, name in sent:
        shape = {"components": document["components"], **schema}
        example = document["components"]["examples"][name]["value"]
        Draft202012Validator(shape, format_checker=FormatChecker()).validate(example)


@pytest.mark.parametrize("name", part_names(AGREEMENT_VERSION, "examples"))
def test_every_published_example_has_the_shape_of_a_record(name: str) -> None:
    assert list(shape_of(RECORD).iter_errors(load_part(AGREEMENT_VERSION, "examples", name))) == []


def test_a_record_that_officials_hand_in_is_described() -> None:
    assert list(shape_of(NEW_RECORD).iter_errors(complete())) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": None}, {"colour": "red"}, {"title": " "}, {"agreementType": "handshake"}, {"endsOn": "2026-13-01"},
        {"effectiveFrom": "soon"}, {"provenance": {"source": "imported"}}, {"parties": complete()["parties"][:1]},
        {"schemaVersion": "9.9.9"}, {"documents": [{"title": "Text", "url": "rivers"}]},
        {"jurisdictions": None, "areas": None}, {"endsOn": None, "endCondition": None}, {"disposal": {"text": "Burnt"}},
        {"title": "Rivers " * 30}, {"dpia": {"consulted": "Nobody"}}, {"method": {"text": "By post"}},
    ],
    ids=str,
)  # fmt: skip
def test_what_the_description_of_a_record_forbids_is_refused(office: Office, wrong: Json) -> None:
    document = complete(**wrong)
    assert list(shape_of(NEW_RECORD).iter_errors(document))
    answer = (
        office.app().test_client().post("/api/v1/drafts", json={"document": document}, headers=office.headers("lead"))
    )
    assert answer.status_code == 422


def test_patterns_mean_the_same_in_every_regular_expression() -> None:
    for pattern in patterns(openapi_document()):
        assert not re.search(r"\\[SdDwWbB]", pattern), pattern
        assert pattern.count("\\s") == pattern.count(BLANKS)  # what else is blank differs from one to the other


def patterns(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for member in node.values():
            yield from patterns(member)
    elif isinstance(node, list):
        for item in node:
            yield from patterns(item)


TOO_EARLY: Json = {"suspendedOn": "9999-01-01", "reason": "Flood"}


@pytest.mark.parametrize(
    ("path", "sent", "status", "pointer"),
    [
        ("/drafts", {"document": complete(endsOn="2001-01-01")}, 409, "/endsOn"),
        ("/drafts", {"document": complete(flows=[{**complete()["flows"][0], "from": "Nobody"}])}, 409, "/flows/0/from"),
        ("/proposals", {"document": complete(endsOn="2001-01-01")}, 409, "/endsOn"),
        ("/drafts", {"document": complete(documents=[{"title": "Text", "url": "https://\u00ad/"}])}, 409, "/documents"),
        ("/agreements/dg-1/events", {"event": "corrected", "document": complete(endsOn="2001-01-01")}, 409, "/endsOn"),
        ("/agreements/dg-1/events", {"event": "suspended", "details": TOO_EARLY}, 409, "/suspendedOn"),
        ("/agreements/dg-1/events", {"event": "suspended", "details": {"suspendedOn": "soon"}}, 422, "/suspendedOn"),
        ("/agreements/dg-1/events", {"event": "party-acceded", "details": {"name": "A"}, "document": {}}, 409, ""),
        (
            "/agreements/dg-1/events",
            {"event": "party-acceded", "details": {"name": "A"}, "document": {"parties": [{"name": "A", "roles": 5}]}},
            422,
            "/parties/3/roles",
        ),
    ],
    ids=str,
)
def test_what_no_shape_can_forbid_is_a_conflict(
    office: Office, path: str, sent: Json, status: int, pointer: str
) -> None:
    if "event" in sent:
        sent = {"details": {"reason": "Typo"}, **sent}
    answer = office.app().test_client().post(f"/api/v1{path}", json=sent, headers=office.headers("lead"))
    assert answer.status_code == status
    assert any(problem.get("pointer", "").startswith(pointer) for problem in answer.get_json()["problems"])


def shape_of(name: str) -> Draft202012Validator:
    document = openapi_document()
    shape = {"components": document["components"], "$ref": f"#/components/schemas/{name}"}
    return Draft202012Validator(shape, format_checker=FormatChecker())


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for member in node.values():
            yield from references(member)
    elif isinstance(node, list):
        for member in node:
            yield from references(member)
