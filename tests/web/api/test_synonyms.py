"""Synonyms over HTTP: everybody reads them, registrars change them, and nobody overwrites what they have not read."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue.search.synonyms_record import SynonymDetails
from tests.web.api.office import Office

SYNONYMS = "/api/v1/synonyms"
BIN = f"{SYNONYMS}/bin~waste-container"
PAIR = {"typed": "Bin", "also": "waste container"}


@pytest.fixture
def client(small_office: Office) -> FlaskClient:
    return small_office.app().test_client()


def put(client: FlaskClient, office: Office, content: Any = None, path: str = BIN, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items() if name != "account"}
    sent = {**office.headers(headers.get("account", "registrar")), **named}
    return client.put(path, json=PAIR if content is None else content, headers=sent)


def test_a_registrar_sets_changes_and_removes_one(small_office: Office, client: FlaskClient) -> None:
    assert client.get(SYNONYMS).get_json() == {"items": []}
    before = client.get(SYNONYMS).headers["ETag"]
    made = put(client, small_office)
    assert (made.status_code, made.headers["Location"]) == (201, BIN)
    assert made.get_json().items() >= {"id": "bin~waste-container", **PAIR, "bothWays": True}.items()
    assert client.get(SYNONYMS).get_json() == {"items": [made.get_json()]}
    assert client.get(SYNONYMS, headers={"If-None-Match": before}).status_code == 200
    shown = client.get(BIN)
    assert shown.get_json() == made.get_json()
    assert shown.headers["ETag"] == f'"{made.get_json()["revision"]}"'
    assert "ETag" not in made.headers  # what is kept is more than what was sent (RFC 9110, 9.3.4)
    assert client.get(BIN, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    assert put(client, small_office).get_json() == made.get_json()
    changed = put(client, small_office, {**PAIR, "bothWays": False}, If_Match=shown.headers["ETag"])
    assert (changed.status_code, changed.get_json()["bothWays"]) == (200, False)
    assert put(client, small_office, PAIR, If_Match=shown.headers["ETag"]).status_code == 412
    registrar = small_office.headers("registrar")
    assert client.delete(BIN, headers={**registrar, "If-Match": shown.headers["ETag"]}).status_code == 412
    assert put(client, small_office, {**PAIR, "onRevision": made.get_json()["revision"]}).status_code == 409
    old = f"{BIN}?onRevision={made.get_json()['revision']}"
    assert client.delete(old, headers=registrar).status_code == 409
    assert client.delete(BIN, headers=registrar).status_code == 204
    assert client.delete(BIN, headers=registrar).status_code == 404
    assert client.get(BIN).status_code == 404
    anew = put(client, small_office)
    assert anew.get_json()["revision"] > changed.get_json()["revision"]


def test_nobody_else_may(small_office: Office, client: FlaskClient) -> None:
    assert client.put(BIN, json=PAIR).status_code == 401
    assert put(client, small_office, account="lead").status_code == 403
    assert "registrar" in put(client, small_office, account="lead").get_json()["advice"]
    assert client.delete(BIN, headers=small_office.headers("lead")).status_code == 403


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        ({"typed": "…", "also": "waste"}, 409, "no letter or digit"),
        ({"typed": "the bin", "also": "BIN"}, 409, "are the same"),
        ({"typed": "a b c d e f g h i", "also": "waste"}, 409, "too long"),
        ({"typed": "bin"}, 400, "“also” is missing"),
        ({**PAIR, "bothWays": "yes"}, 400, "not true or false"),
        ({**PAIR, "onRevision": "1"}, 400, "not a whole number"),
        ({**PAIR, "typed": "x" * 101}, 400, "too long"),
        ({**PAIR, "typed": "\0"}, 400, "no letter or digit"),
    ],
    ids=str,
)
def test_what_cannot_be_a_pair_is_refused(
    small_office: Office, client: FlaskClient, content: Any, status: int, told: str
) -> None:
    details = SynonymDetails(str(content.get("typed")), str(content.get("also")))
    answer = put(client, small_office, content, f"{SYNONYMS}/{details.id}")
    assert answer.status_code == status
    assert told in answer.get_json()["detail"] + answer.get_json()["advice"]


def test_a_pair_has_one_address(small_office: Office, client: FlaskClient) -> None:
    for also in ("bins of the town", "bin"):
        answer = put(client, small_office, {"typed": "bin", "also": also})
        assert answer.status_code == 409
        assert f"{SYNONYMS}/bin~{also.replace(' ', '-')}" in answer.get_json()["advice"]


def test_a_pair_is_not_there_twice(small_office: Office, client: FlaskClient) -> None:
    put(client, small_office)
    back = {"typed": "waste container", "also": "bin", "bothWays": False}
    assert put(client, small_office, back, f"{SYNONYMS}/waste-container~bin").status_code == 409
    put(client, small_office, {**PAIR, "bothWays": False})
    assert put(client, small_office, back, f"{SYNONYMS}/waste-container~bin").status_code == 201
    assert put(client, small_office, {**PAIR, "bothWays": True}).status_code == 409
