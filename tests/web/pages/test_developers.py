"""The page for programmers: every example on it is run, as it stands, against a server."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

from tests.serving import served_on_loopback
from tests.web.conftest import Page, Site

LIMIT_SECONDS = 20


class Examples(HTMLParser):
    """The examples of a page: language and text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        language = (dict(attrs).get("class") or "").removeprefix("language-")
        if tag == "code" and language in {"bash", "python"}:
            self.inside = True
            self.found.append((language, ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "code"

    def handle_data(self, data: str) -> None:
        if self.inside:
            language, text = self.found[-1]
            self.found[-1] = (language, text + data)


def test_every_example_works_as_it_stands(site: Site, tmp_path: Path) -> None:
    commands = {"bash": ["bash", "-e", "-o", "pipefail", "-c"], "python": [sys.executable, "-c"]}
    with served_on_loopback(site.app()) as address:
        reading = Examples()
        reading.feed(subprocess.run(["curl", "-fsS", f"{address}/developers"], capture_output=True, text=True).stdout)
        assert {language for language, _ in reading.found} == {"bash", "python"}
        assert len(reading.found) >= 14
        for language, text in reading.found:
            assert address in text
            done = subprocess.run(
                [*commands[language], text], cwd=tmp_path, capture_output=True, text=True, timeout=LIMIT_SECONDS
            )
            assert (done.returncode, done.stderr) == (0, ""), f"{text}\n{done.stderr}"
            assert done.stdout.strip(), text
            if "--etag-compare" in text:
                assert done.stdout == "304"
    assert (tmp_path / "bookmark.txt").read_text().startswith(f"{address}/api/v1/changes?cursor=")


def test_the_page_leads_to_everything_there_is(page: Page) -> None:
    words = page("/developers")
    for told in ("/api/v1/changes", "/api/v1/datasets/{name}", "/catalog.ttl", "package_search", "OpenAPI 3.1"):
        assert told in words
    assert "/api/v1/drafts" not in words
