"""Every address there is: fetched, public, only read, and with all headers."""

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.web.conftest import Site
from web.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS

EXAMPLES = {
    "/": 200,
    "/search": 200,
    "/datasets": 200,
    "/datasets/<slug>": ("/datasets/roads-of-riverton", 200),
    "/datasets/<slug>/history": ("/datasets/roads-of-riverton/history", 200),
    "/datasets/<slug>/revisions/<number>": ("/datasets/roads-of-riverton/revisions/1", 200),
    "/agreements": 200,
    "/agreements/<number>": ("/agreements/dg-1", 200),
    "/agreements/<number>/history": ("/agreements/dg-3/history", 200),
    "/agreements/<number>/versions/<version>": ("/agreements/dg-3/versions/1", 200),
    "/organisations": 200,
    "/organisations/<slug>": ("/organisations/revenue-office", 200),
    "/healthz": 200,
    "/readyz": 200,
    "/robots.txt": 200,
    "/static/<path:name>": ("/static/gazette.css", 200),
}
"""Every rule of the site with an address to try: a new rule needs an entry, and so a thought on who may read it."""

ALSO = {
    "/datasets/sealed-records": 410,
    "/datasets/nothing": 404,
    "/datasets/roads-of-riverton/revisions/9": 404,
    "/agreements/dg-99": 404,
    "/agreements/dg-3/versions/5": 404,
    "/organisations/nobody": 404,
    "/nowhere": 404,
    "/static/nothing.css": 404,
    "/static/../app.py": 404,
}


def addresses() -> dict[str, int]:
    """Every address to try, with the status it answers with."""
    found = {rule: example for rule, example in EXAMPLES.items() if isinstance(example, int)}
    return found | dict(example for example in EXAMPLES.values() if isinstance(example, tuple)) | ALSO


def _rules(site: Site) -> list[Rule]:
    return list(site.app().url_map.iter_rules())


def test_every_rule_is_decided_upon(site: Site) -> None:
    assert sorted(rule.rule for rule in _rules(site)) == sorted(EXAMPLES)


def test_no_rule_takes_anything_in(site: Site) -> None:
    assert {method for rule in _rules(site) for method in rule.methods or ()} == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(("address", "status"), addresses().items())
def test_every_address_answers(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


@pytest.mark.parametrize("address", addresses())
def test_every_answer_bears_every_header(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "X-Robots-Tag" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_the_policy_lets_nothing_be_written_into_a_page() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("address", addresses())
def test_samples_are_told_everywhere(site: Site, address: str) -> None:
    answer = site.app(samples=True).test_client().get(address)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    if answer.mimetype == "text/html":
        assert "These are sample records" in answer.text
        assert '<meta name="robots" content="noindex, nofollow">' in answer.text


def test_other_records_are_not_called_samples(client: FlaskClient) -> None:
    assert "sample" not in client.get("/").text.lower()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_is_sent_is_refused_with_a_page(client: FlaskClient, method: str) -> None:
    answer = client.open("/datasets", method=method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "This page can only be read" in answer.text
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_a_crawler_is_kept_from_searches_and_from_samples(site: Site, client: FlaskClient) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /search\n"
    assert site.app(samples=True).test_client().get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_a_page_that_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/agreements/dg-1")
    again = client.get("/agreements/dg-1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_a_file_is_good_for_ever_at_the_address_of_its_version_alone(client: FlaskClient) -> None:
    address = next(part for part in client.get("/").text.split('"') if part.startswith("/static/gazette.css?v="))
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get("/static/gazette.css").headers["Cache-Control"] == "no-cache"
    assert "immutable" not in client.get("/static/gazette.css?v=another").headers["Cache-Control"]
