"""The filled site, served on loopback, and pages of a real browser that note what goes wrong in them."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page

from tests.serving import served_on_loopback
from tests.web.conftest import Site

WIDTHS = [1280, 375]


@pytest.fixture(scope="session")
def served(site: Site) -> Iterator[str]:
    """The address of the site, shown as samples are."""
    with served_on_loopback(site.app(samples=True)) as address:
        yield address


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def scripted(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts: each in turn."""
    return bool(request.param)


@pytest.fixture(params=WIDTHS, ids=["desktop", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    """How wide the window is, in pixels: each in turn."""
    return int(request.param)


@pytest.fixture
def reader(chromium: Browser, served: str, width: int, scripted: bool) -> Iterator[Page]:
    """A page of the browser. At its end, nothing may stand in the console but that a record is not there."""
    said: list[str] = []
    context = chromium.new_context(
        base_url=served, viewport={"width": width, "height": 800}, java_script_enabled=scripted
    )
    with closing(context):
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page
    assert [line for line in said if "the server responded with a status of 4" not in line] == []
