"""Agreements in RDF over HTTP: suffix and Accept, what a reader's copy is worth, tombstones and blanked values."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import Graph, Literal, Namespace, URIRef

from catalogue.search.engine import SearchEngine, SearchUnavailable
from register.agreements.models import Agreement
from register.lifecycle.acting import Tools
from register.log.redaction import Redaction, redact
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from schemas.settings import Settings
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.register.making import Register, agreement
from tests.web.conftest import Page
from web.app import create_app

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


def no_index() -> SearchEngine:
    """What opens the index of a site that has none."""
    raise SearchUnavailable("There is no index.", "Make one.")


DCT = Namespace("http://purl.org/dc/terms/")
FORMS = {"ttl": ("text/turtle", "turtle"), "jsonld": ("application/ld+json", "json-ld"),
         "rdf": ("application/rdf+xml", "xml")}  # fmt: skip
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("suffix", FORMS)
def test_suffix_and_accept_give_the_same(client: FlaskClient, suffix: str) -> None:
    media_type, parser = FORMS[suffix]
    answer = client.get(f"/agreements/dg-1.{suffix}")
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    graph = Graph().parse(data=answer.data, format=parser)
    assert graph.value(URIRef("http://localhost/agreements/dg-1"), DCT.title) == Literal("Finding fraud in Council Tax")
    asked = client.get("/agreements/dg-1", headers={"Accept": f"{media_type}, text/html;q=0.5"})
    assert asked.data == answer.data
    assert asked.headers["Content-Location"] == f"/agreements/dg-1.{suffix}"
    assert "Accept" in asked.vary
    again = client.get(f"/agreements/dg-1.{suffix}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("accept", ["", "*/*", BROWSER, "text/html, text/turtle", "image/png"])
def test_html_wins_for_browsers_and_for_who_does_not_care(client: FlaskClient, accept: str) -> None:
    answer = client.get("/agreements/dg-1", headers={"Accept": accept})
    assert answer.mimetype == "text/html"
    links = answer.headers.getlist("Link")
    assert '</agreements/dg-1.ttl>; rel="alternate"; type="text/turtle"' in links
    assert "Accept" in answer.vary


def test_the_page_lists_its_other_formats(client: FlaskClient, page: Page) -> None:
    assert "This agreement in other formats JSON" in page("/agreements/dg-1")
    assert 'href="/agreements/dg-1.jsonld"' in client.get("/agreements/dg-1").text
    assert "in other formats" not in page("/agreements/dg-1/versions/1")
    json = client.get("/agreements/dg-1", headers={"Accept": "application/json"})
    assert json.get_json()["id"] == "dg-1"


def test_a_withdrawn_agreement_is_a_tombstone_and_none_is_none(client: FlaskClient) -> None:
    answer = client.get("/agreements/dg-4.ttl")
    assert answer.status_code == 200
    assert "A withdrawn agreement" in answer.text
    assert "code-withdrawn" in answer.text
    assert "Someone" not in answer.text
    assert client.get("/agreements/dg-999.ttl").status_code == 404


def test_a_blanked_value_does_not_appear(sqlite_database: Database, tmp_path: Path) -> None:
    register = Register(FakeClock(), CountingIds())
    register.open(sqlite_database)
    parties = [{"name": "Ministry of Rivers", "contact": "privacy.office@rivers.example"}, {"name": "Bridges Office"}]
    with sqlite_database.write() as session:
        register.sign(session, agreement(parties=parties))
    settings = Settings(tmp_path, str(sqlite_database.engine.url), tmp_path / "search")
    reader = create_app(settings, sqlite_database, no_index, FakeClock()).test_client()
    assert "privacy.office@rivers.example" in reader.get("/agreements/dg-1.ttl").text
    with sqlite_database.write() as session:
        found = session.get_one(Agreement, "dg-1")
        tools = Tools(FakeClock(), CountingIds(), SeededRandomness(3))
        redact(session, LOCAL_REGISTRAR, found, Redaction("/parties/0/contact", "Names a person"), tools)
    for suffix in FORMS:
        answer = reader.get(f"/agreements/dg-1.{suffix}")
        assert answer.status_code == 200
        assert "privacy.office" not in answer.text
