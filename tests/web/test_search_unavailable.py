"""The site without its search index: everything but search works, and search says so."""

import pytest
from flask.testing import FlaskClient

from catalogue.search.engine import SearchEngine, SearchUnavailable
from catalogue.search.tantivy_engine import TantivyPlace
from tests.web.conftest import Site


@pytest.fixture(scope="module")
def reader(site: Site) -> FlaskClient:
    return site.without_search().test_client()


def test_search_says_what_works_meanwhile(reader: FlaskClient) -> None:
    answer = reader.get("/search?q=fraud")
    assert answer.status_code == 503
    assert "search is not working just now" in answer.text
    assert 'href="/datasets"' in answer.text
    assert "Make one" not in answer.text


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
