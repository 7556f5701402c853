"""The site without its search index: everything but search works, and search says so."""

import pytest
from flask.testing import FlaskClient

from catalogue.search.engine import SearchEngine, SearchTimedOut, SearchUnavailable
from catalogue.search.tantivy_engine import TantivyPlace
from tests.fakes import FakeClock
from tests.web.conftest import Site
from web.context import REST


@pytest.fixture(scope="module")
def reader(site: Site) -> FlaskClient:
    return site.without_search().test_client()


def test_search_says_what_works_meanwhile(reader: FlaskClient) -> None:
    answer = reader.get("/search?q=fraud")
    assert answer.status_code == 503
    assert "search is not working just now" in answer.text
    assert 'href="/datasets"' in answer.text
    assert "Make one" not in answer.text
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/search.csv", "text/plain"),
        ("/search.atom", "text/plain"),
        ("/feeds/agreements.atom", "text/plain"),
        ("/search.json", "application/problem+json"),
        ("/api/v1/search", "application/problem+json"),
        ("/search/facets/theme", "text/html"),
    ],
)
def test_every_form_of_the_search_says_so_in_its_own_way(reader: FlaskClient, address: str, kind: str) -> None:
    answer = reader.get(address)
    assert (answer.status_code, answer.mimetype) == (503, kind)
    assert "earch is not working just now" in answer.text
    assert "Make one" not in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address",
    ["/", "/datasets", "/agreements", "/organisations", "/datasets/tax-returns", "/agreements/dg-1",
     "/organisations/revenue-office"],
)  # fmt: skip
def test_every_other_page_is_there(reader: FlaskClient, address: str) -> None:
    assert reader.get(address).status_code == 200


def test_readiness_tells_which_part_does_not_answer(reader: FlaskClient, client: FlaskClient) -> None:
    assert client.get("/readyz").json == {"ready": True, "database": True, "search": True}
    answer = reader.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"ready": False, "database": True, "search": False}


def test_it_lives_whatever_else_does_not(reader: FlaskClient) -> None:
    assert reader.get("/healthz").status_code == 200


def test_an_index_that_comes_back_is_found_again(site: Site) -> None:
    tries = []

    def opener() -> SearchEngine:
        tries.append(1)
        if len(tries) == 1:
            raise SearchUnavailable("Not yet.", "Wait.")
        return TantivyPlace(site.settings.search_path).reader()

    reader = site.app(opener=opener).test_client()
    assert reader.get("/search?q=fraud").status_code == 503
    assert reader.get("/search?q=fraud").status_code == 200
    assert reader.get("/search?q=tax").status_code == 200
    assert len(tries) == 2


def test_nobody_waits_for_an_index_that_has_just_kept_a_reader_waiting(site: Site, clock: FakeClock) -> None:
    waited = []

    def silent() -> SearchEngine:
        waited.append(clock())
        raise SearchTimedOut("The search server at http://10.0.0.7/index did not answer in time.", "Wait.")

    reader = Site(site.settings, site.database, clock).app(opener=silent).test_client()
    assert reader.get("/search?q=fraud").status_code == 503
    for address in ("/search?q=fraud", "/api/v1/search", "/readyz", "/api/3/action/package_search"):
        answer = reader.get(address)
        assert answer.status_code in {500, 503}
        assert "10.0.0.7" not in answer.text
    assert reader.get("/datasets/tax-returns").status_code == 200
    assert len(waited) == 1
    clock.set(clock() + REST)
    assert reader.get("/search?q=fraud").status_code == 503
    assert len(waited) == 2, "it is asked again after a while"
