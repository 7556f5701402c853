"""The catalogue and its datasets in the formats of other catalogues, as their clients ask for them."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import rdflib
import requests
from flask.testing import FlaskClient

from catalogue.datasets.record import record_dataset, withdraw_dataset
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from schemas.database.engine import open_database
from schemas.settings import Settings, sqlite_url
from tests.fakes import CountingIds, FakeClock
from tests.serving import served_on_loopback
from tests.web.conftest import Reader, Site
from web.pages import catalogue_formats
from web.presentation import catalogue_paging

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
DCT = rdflib.DCTERMS
MANY = 23
LATER = 20
"""Those from here on were recorded a day later."""
PAGE = 10
ROADS = "/datasets/roads-of-riverton"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
FORMS = {"ttl": "text/turtle", "jsonld": "application/ld+json", "rdf": "application/rdf+xml"}


def _document(number: int) -> Json:
    """One of many; every seventh is in a series, which is number 0."""
    document = {
        "schemaVersion": DATASET_VERSION,
        "kind": "dataset-series" if number == 0 else "dataset",
        "title": f"Levels of river {number}",
        "description": "Measured every hour.",
        "provenance": {"source": "imported"},
    }
    return {**document, "inSeries": ["levels-0"]} if number and number % 7 == 0 else document


@pytest.fixture(scope="module")
def many(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """More datasets than a page has (there, of fewer than usual), and one that is withdrawn."""
    folder = tmp_path_factory.mktemp("many")
    assert catalogue_paging.PAGE == 100  # as harvesters of CKAN are used to
    shutil.copyfile(sqlite_template, folder / sqlite_template.name)
    clock, ids = FakeClock(), CountingIds()
    with closing(open_database(sqlite_url(folder))) as database:
        with database.write() as session:
            for number in range(MANY + 1):
                if number == LATER:
                    clock.advance(days=1)
                name = f"levels-{number}"
                recorded = record_dataset(
                    session, LOCAL_REGISTRAR, _document(number), source="rivers", identifier=name, clock=clock, ids=ids
                )
            withdraw_dataset(session, LOCAL_REGISTRAR, recorded.resource, "Measured wrongly", clock)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(catalogue_paging, "PAGE", PAGE)
            patch.setattr(catalogue_formats, "PAGE", PAGE)
            yield Site(Settings(folder, str(database.engine.url), folder / "search"), database, clock)


@pytest.fixture(scope="module")
def served(many: Site) -> Iterator[str]:
    """The address of a live server over many datasets."""
    app = many.app()
    app.test_client_class = Reader
    with served_on_loopback(app) as address:
        yield address


def parsed(content: bytes, media_type: str) -> rdflib.Graph:
    kind = {"text/turtle": "turtle", "application/ld+json": "json-ld", "application/rdf+xml": "xml"}[media_type]
    return rdflib.Graph().parse(data=content, format=kind)


def walked(address: str) -> tuple[list[str], set[str], list[int]]:
    """The pages that Hydra leads through, the datasets in them, and what each says the whole comes to."""
    pages: list[str] = []
    found: set[str] = set()
    totals: list[int] = []
    while address and len(pages) < 10:
        answer = requests.get(address, timeout=10)
        assert answer.status_code == 200, answer.text
        graph = parsed(answer.content, answer.headers["Content-Type"].partition(";")[0])
        view = graph.value(predicate=rdflib.RDF.type, object=HYDRA.PartialCollectionView)
        assert str(view) == address
        assert (view, rdflib.RDF.type, HYDRA.PagedCollection) in graph  # as ckanext-dcat knows it
        totals.append(int(str(graph.value(view, HYDRA.totalItems))))
        found |= {str(node) for node in graph.objects(None, DCAT.dataset)}
        pages.append(address)
        address = str(graph.value(view, HYDRA.next) or "")
        linked = answer.links.get("next", {}).get("url", "")
        assert linked == address
        assert graph.value(view, HYDRA.nextPage) == graph.value(view, HYDRA.next)
    return pages, found, totals


@pytest.mark.parametrize("suffix", list(FORMS))
def test_hydra_leads_through_all_datasets(served: str, suffix: str) -> None:
    pages, found, totals = walked(f"{served}/catalog.{suffix}")
    assert (len(pages), totals) == (3, [MANY] * 3)
    assert found == {f"{served}/datasets/levels-of-river-{number}" for number in range(MANY)}


def test_a_harvester_asks_for_what_changed_since(served: str, many: Site) -> None:
    day = many.clock.now.date().isoformat()
    pages, found, _ = walked(f"{served}/catalog.ttl?modified_since={day}")
    later = {f"{served}/datasets/levels-of-river-{number}" for number in range(LATER, MANY)}
    assert len(pages) == 1
    assert found - {f"{served}/datasets/levels-of-river-5"} == later  # which another test changes


def test_pages_in_between_lead_both_ways_and_keep_what_was_asked(served: str) -> None:
    answer = requests.get(f"{served}/catalog.ttl?page=2&modified_since=2001-01-01T00:00:00%2B01:00", timeout=10)
    told = {relation: parse_qs(urlsplit(link["url"]).query) for relation, link in answer.links.items() if "url" in link}
    since = ["2001-01-01T00:00:00+01:00"]
    assert told["first"] == {"modified_since": since}
    assert told["prev"] == {"modified_since": since}
    assert told["next"] == told["last"] == {"modified_since": since, "page": ["3"]}


def test_a_series_is_described_on_the_page_of_those_in_it(served: str) -> None:
    """The shapes of DCAT-AP want the series in the graph; it stands on the first page, and is named on the third."""
    answer = requests.get(f"{served}/catalog.ttl?page=3", timeout=10)
    graph = parsed(answer.content, "text/turtle")
    (series,) = set(graph.objects(None, DCAT.inSeries))
    assert (series, rdflib.RDF.type, DCAT.DatasetSeries) in graph
    assert str(graph.value(series, DCT.title)) == "Levels of river 0"


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("page=4", 404, "the last one is 3"),
        ("page=0", 400, "no number of a page"),
        ("page=-1", 400, "no number of a page"),
        ("page=" + "9" * 40, 400, "no number of a page"),
        ("page=²", 400, "no number of a page"),
        ("modified_since=yesterday", 400, "no day and no moment"),
        ("modified_since=0001-01-01T00:00:00%2B14:00", 400, "beyond all days"),
        ("modified_since=\x00", 400, "no day and no moment"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line(client: FlaskClient, query: str, status: int, told: str) -> None:
    answer = client.get(f"/catalog.ttl?{query}")
    assert (answer.status_code, answer.mimetype) == (status, "text/plain")
    assert told in answer.text or "page=4" in query


@pytest.mark.parametrize(("suffix", "media_type"), FORMS.items())
def test_a_dataset_says_the_same_in_each_form_however_it_is_asked_for(
    client: FlaskClient, suffix: str, media_type: str
) -> None:
    by_suffix = client.get(f"{ROADS}.{suffix}")
    assert by_suffix.mimetype == media_type
    by_accept = client.get(ROADS, headers={"Accept": f"application/x-unknown, {media_type};q=0.9, text/html;q=0.5"})
    assert by_accept.data == by_suffix.data
    assert by_accept.headers["Content-Location"] == f"{ROADS}.{suffix}"
    assert "Accept" in by_accept.headers["Vary"]
    graph = parsed(by_suffix.data, media_type)
    node = rdflib.URIRef(f"http://localhost{ROADS}")
    assert (node, rdflib.RDF.type, DCAT.Dataset) in graph
    assert {str(title) for title in graph.objects(node, DCT.title)} == {"Roads in Riverton"}
    assert len(set(graph.objects(node, DCAT.distribution))) == 2


def test_people_get_the_page_and_who_does_not_care_too(client: FlaskClient) -> None:
    for accept in (BROWSER, "*/*", "", "image/png", "text/turtle;q=0.2, text/html"):
        answer = client.get(ROADS, headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), accept
        assert "Accept" in answer.headers["Vary"]
    assert client.get("/catalog", headers={"Accept": BROWSER}).headers["Location"] == "/datasets"
    rdf = client.get("/catalog?page=1", headers={"Accept": "application/rdf+xml"})
    assert (rdf.status_code, rdf.headers["Content-Location"]) == (200, "/catalog.rdf?page=1")
    own = client.get(ROADS, headers={"Accept": "application/json"})
    assert own.get_json()["document"]["title"] == "Roads in Riverton"


def test_the_page_names_the_forms_that_there_are(client: FlaskClient) -> None:
    answer = client.get(ROADS)
    offered = {f"{ROADS}{end}" for end in (".json", ".ttl", ".jsonld", ".rdf")}
    linked = {part.partition(">")[0].lstrip(" <") for part in answer.headers.getlist("Link")}
    assert offered <= linked
    for address in linked:
        assert f'href="{address}"' in answer.text
        assert client.get(address).status_code == 200
    service = client.get("/datasets/valuation-service").text
    assert "/datasets/valuation-service.ttl" in service
    assert "/datasets/valuation-service/data.json" not in service  # it cannot be valid there
    told = client.get("/datasets/valuation-service/data.json")
    assert (told.status_code, told.mimetype) == (404, "text/plain")
    assert "DCAT-US" in told.text


@pytest.mark.parametrize("odd", ["%00", "a%00b", "%ED%A0%80", "%FF", "%0d%0aX-Evil:1", "<script>", "..%2f..%2fkey"])
def test_an_odd_name_is_not_found(client: FlaskClient, odd: str) -> None:
    for address in (f"/datasets/{odd}.ttl", f"/datasets/{odd}/data.json", f"/dump/{odd}", f"/dump/{odd}.sha256"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "<script>" not in answer.text
        assert "X-Evil" not in answer.headers


def test_a_withdrawn_dataset_is_gone_in_every_form(client: FlaskClient) -> None:
    for end in (".ttl", ".jsonld", ".rdf", "/data.json", "/dcat-us-3.json"):
        answer = client.get(f"/datasets/sealed-records{end}")
        assert (answer.status_code, answer.mimetype) == (410, "text/plain")
    assert client.get("/datasets/sealed-records", headers={"Accept": "text/turtle"}).status_code == 410
    assert "sealed-records" not in client.get("/catalog.ttl").text


@pytest.mark.parametrize(
    "address", ["/catalog.ttl", "/catalog.jsonld?page=1", f"{ROADS}.rdf", "/data.json", "/sitemap.xml"]
)
def test_an_answer_is_not_sent_again_and_any_site_may_read_it(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(address).data == first.data
    head = client.head(address)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])


def test_a_page_of_another_site_may_ask_beforehand(client: FlaskClient) -> None:
    answer = client.options("/catalog.ttl")
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_whole_catalogue_in_one_file_says_what_is_left_out(client: FlaskClient) -> None:
    answer = client.get("/data.json")
    told = json.loads(answer.data)
    assert answer.mimetype == "application/json"
    assert told["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert isinstance(told["dataset"], list)


def test_a_change_of_any_record_gives_another_tag(many: Site) -> None:
    reader = many.app().test_client()
    before = {address: reader.get(address).headers["ETag"] for address in ("/catalog.ttl", "/dump/datasets.csv")}
    with many.database.write() as session:
        record_dataset(
            session,
            LOCAL_REGISTRAR,
            {**_document(5), "description": "Measured every day."},
            source="rivers",
            identifier="levels-5",
            clock=many.clock,
            ids=CountingIds(),
        )
    for address, tag in before.items():
        answer = reader.get(address, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert b"Measured every day." in answer.data


@pytest.mark.parametrize(
    "query", ["page=", "page=1", "modified_since=2001", "modified_since=2001-02", "modified_since="]
)
def test_what_says_nothing_or_little_is_read_as_what_it_says(client: FlaskClient, query: str) -> None:
    whole, answer = client.get("/catalog.ttl"), client.get(f"/catalog.ttl?{query}")
    assert answer.status_code == 200
    assert answer.text.count("dcat:CatalogRecord") == whole.text.count("dcat:CatalogRecord") > 0
