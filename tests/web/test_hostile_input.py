"""Whatever is asked, the answer is a page in plain English and never a failure of ours."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.database.engine import Database
from tests.web.conftest import Site, filled_site
from web.presentation.search import DATES, FACET_NAMES, LONGEST_QUERY

ODD = [
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF%FE",
    "%0d%0aX-Evil:1",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "%F0%9F%92%A9",
]
PATHS = [
    "/datasets/{}",
    "/datasets/{}/history",
    "/agreements/{}",
    "/agreements/{}/history",
    "/organisations/{}",
    "/powers/{}",
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("path", PATHS)
def test_an_odd_name_is_not_found(client: FlaskClient, path: str, odd: str) -> None:
    assert client.get(path.format(odd)).status_code == 404


@pytest.mark.parametrize("odd", [*ODD, "-1", "abc", "1e9", "9" * 400, "٣", "1.5", ""])
@pytest.mark.parametrize("name", ["q", "page", "sort", "relaxed", *DATES, *FACET_NAMES])
def test_an_odd_parameter_is_answered(client: FlaskClient, name: str, odd: str) -> None:
    for path in ("/search.json", "/search.atom", "/feeds/agreements.atom", "/search/facets/kind"):
        assert client.get(f"{path}?{name}={odd}").status_code == 200
    assert client.get(f"/search.csv?{name}={odd}").status_code in {200, 400}
    assert client.get(f"/api/v1/search?{name}={odd}").status_code in {200, 400}
    answer = client.get(f"/search?{name}={odd}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("path", ["/datasets", "/agreements"])
@pytest.mark.parametrize("page", ["-1", "0", "abc", "99999999999999999999", "%00", "2"])
def test_a_page_that_is_not_there_is_the_nearest_that_is(client: FlaskClient, path: str, page: str) -> None:
    assert client.get(f"{path}?page={page}").status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "abc", "9" * 30, "1.0", "٣", "%00"])
def test_a_version_that_is_no_number_is_not_found(client: FlaskClient, number: str) -> None:
    assert client.get(f"/agreements/dg-1/versions/{number}").status_code == 404
    assert client.get(f"/datasets/roads-of-riverton/revisions/{number}").status_code == 404


def test_a_long_query_is_cut_and_that_is_told(client: FlaskClient) -> None:
    answer = client.get("/search", query_string={"q": "fraud " * LONGEST_QUERY})
    assert answer.status_code == 200
    assert "Only the first 1,000 characters" in answer.text


def test_whatever_its_length_a_search_is_answered(client: FlaskClient) -> None:
    long = [("q", "tax " * 25_000), *(("format", f"F{number}") for number in range(1000)), ("page", "9" * 5000)]
    for path in ("/search", "/search.json", "/feeds/datasets.atom"):
        assert client.get(path, query_string=long).status_code == 200
    for path in ("/search.csv", "/api/v1/search"):
        assert client.get(path, query_string=long).status_code == 400


def test_many_filters_are_cut_and_that_is_told(client: FlaskClient) -> None:
    answer = client.get("/search", query_string=[("format", f"F{number}") for number in range(200)])
    assert answer.status_code == 200
    assert "Only the first 50 values" in answer.text


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["q", "page", "sort", "x", *FACET_NAMES]), st.lists(st.text(), max_size=3)))
def test_any_search_is_answered(client: FlaskClient, values: dict[str, list[str]]) -> None:
    pairs = [
        (name, value.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        for name, found in values.items()
        for value in found
    ]
    assert client.get("/search", query_string=pairs).status_code == 200


@pytest.mark.parametrize(
    "address", ["/organisations?q=%00", "/organisations?q=%25_", "/organisations?q=!!!", "/powers?q=%00"]
)
def test_a_name_that_nobody_bears_finds_nobody(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Riverton" not in answer.text or address.endswith("%00")


def test_both_databases_answer_alike(database: Database, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = filled_site(tmp_path_factory.mktemp("other"), database).app().test_client()
    for path in PATHS:
        assert other.get(path.format("a%00b")).status_code == 404
    for address in (
        *("/", "/search?q=%00", "/datasets", "/agreements", "/agreements/dg-3/history"),
        *("/organisations?q=%00", "/datasets/tax-returns", "/organisations/riverton-council"),
    ):
        assert other.get(address).status_code == 200


def test_a_defect_of_ours_is_a_page_without_a_trace(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> str:
        raise RuntimeError("the inside of the program")

    app = site.app()
    app.testing = False
    app.view_functions["home.home"] = broken
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "something went wrong here" in answer.text
    assert "RuntimeError" not in answer.text
    assert "the inside of the program" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "the inside of the program" in caplog.text
