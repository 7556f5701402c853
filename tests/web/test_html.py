"""What every page has in common: sound HTML without anything written into it, whatever the records say."""

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from tests.web.test_routes import addresses

PAGES = [
    address
    for address in [*addresses(), "/search?q=fraud&kind=agreement", "/search?q=nothingatall", "/organisations?q=river"]
    if not address.startswith(("/static", "/healthz", "/readyz", "/robots", "/.well-known", "/api", "/suggest"))
    and not address.startswith(("/catalog", "/sitemap", "/llms"))
    and not address.endswith((".json", ".csv", ".atom", ".zip", ".tlog-proof", "/register/log/key"))
    and not address.endswith((".ttl", ".jsonld", ".rdf", ".sha256"))
    and addresses().get(address) not in {301, 302}
]
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "source", "wbr"}


class Reading(HTMLParser):
    """Reads a page and notes what is wrong with it."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} closes what is not open")

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture
def reading(client: FlaskClient, request: pytest.FixtureRequest) -> Reading:
    found = Reading()
    found.feed(client.get(request.param).text)
    return found


every_page = pytest.mark.parametrize("reading", PAGES, indirect=True)


@every_page
def test_tags_are_closed_where_they_were_opened(reading: Reading) -> None:
    assert reading.faults == []
    assert reading.open == []


@every_page
def test_nothing_is_written_into_the_page(reading: Reading) -> None:
    assert [tag for tag, _ in reading.tags if tag in {"style", "iframe", "base"}] == []
    scripts = [attrs for attrs in reading.all("script") if attrs.get("type") != "application/ld+json"]  # data, not run
    assert all((attrs["src"] or "").startswith("/static/suggest.js?") for attrs in scripts)
    inline = [name for _, attrs in reading.tags for name in attrs if name == "style" or name.startswith("on")]
    assert inline == []


@every_page
def test_it_has_one_heading_a_title_landmarks_and_a_way_past_the_navigation(reading: Reading) -> None:
    assert len(reading.all("h1")) == 1
    assert len(reading.all("title")) == 1
    assert reading.all("html") == [{"lang": "en", "class": "govuk-template"}]
    assert [attrs["id"] for attrs in reading.all("main")] == ["main-content"]
    assert len(reading.all("header")) >= 1
    assert len(reading.all("footer")) == 1
    assert any(attrs.get("href") == "#main-content" for attrs in reading.all("a"))


@every_page
def test_ids_are_given_once_and_whatever_points_to_one_finds_it(reading: Reading) -> None:
    ids = [str(attrs["id"]) for _, attrs in reading.tags if "id" in attrs]
    assert sorted(ids) == sorted(set(ids))
    pointers = {
        str(attrs[name])
        for _, attrs in reading.tags
        for name in ("for", "aria-labelledby", "aria-describedby", "form")
        if attrs.get(name)
    }
    anchors = {str(attrs["href"])[1:] for attrs in reading.all("a") if str(attrs.get("href", "")).startswith("#")}
    assert (pointers | anchors) - set(ids) == set()


@every_page
def test_every_field_has_a_label(reading: Reading) -> None:
    labelled = {attrs.get("for") for attrs in reading.all("label")}
    fields = [*reading.all("input"), *reading.all("select"), *reading.all("textarea")]
    assert [field for field in fields if field.get("type") != "hidden" and field.get("id") not in labelled] == []


@every_page
def test_headings_do_not_skip_a_level(reading: Reading) -> None:
    levels = [int(tag[1]) for tag, _ in reading.tags if tag in {"h1", "h2", "h3", "h4"}]
    skipped = [(before, after) for before, after in pairwise(levels) if after > before + 1]
    assert skipped == []


@every_page
def test_links_lead_to_web_pages_mailboxes_or_this_site(reading: Reading) -> None:
    wrong = [
        attrs["href"]
        for attrs in reading.all("a")
        if not str(attrs.get("href", "")).startswith(("/", "#", "https://", "http://", "mailto:"))
    ]
    assert wrong == []


@pytest.mark.parametrize("address", PAGES)
def test_links_into_this_site_lead_somewhere(client: FlaskClient, address: str) -> None:
    found = Reading()
    found.feed(client.get(address).text)
    inner = {str(attrs["href"]).partition("#")[0] for attrs in found.all("a") if str(attrs["href"]).startswith("/")}
    assert {link: status for link in inner if (status := client.get(link).status_code) not in {200, 410}} == {}
