"""Every page in a real browser, wide and narrow: whole, readable by everybody, and nothing runs off its side."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.web.test_html import PAGES

pytestmark = pytest.mark.heavy

ADDRESSES = [address for address in PAGES if ".." not in address]
NARROW = 400
# Without `preload`, which fetches every style sheet and film once more, for rules on films and on turned screens.
_AXE = (
    "axe.run(document, {resultTypes: ['violations'], preload: false})"
    ".then(done => done.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))"
)


@pytest.mark.parametrize("scripted", [True], indirect=True)
def test_it_is_sound_for_everybody_and_fits(reader: Page, width: int, axe_source: str) -> None:
    """One browser page for all addresses, because opening one costs more than looking at it."""
    faults: dict[str, list[str]] = {}
    # What axe finds hardly depends on the width: on a phone, one page of every fourth kind.
    kinds = {re.sub("[0-9]+", "0", address): address for address in reversed(ADDRESSES)}
    on_phone = set(list(kinds.values())[::4])
    for address in ADDRESSES:
        reader.goto(address)
        found = reader.evaluate(f"{axe_source}; {_AXE}") if width > NARROW or address in on_phone else []
        if reader.evaluate("document.documentElement.scrollWidth") > width:
            found.append("it runs off the side")
        reader.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        if reader.evaluate("document.documentElement.scrollWidth") > width:
            found.append("unfolded, it runs off the side")
        if found:
            faults[address] = found
    assert faults == {}


@pytest.mark.parametrize("address", ["/", "/search", "/agreements/dg-1"])
def test_it_fits_on_the_narrowest_phone(chromium: Browser, served: str, address: str) -> None:
    page = chromium.new_page(base_url=served, viewport={"width": 320, "height": 600})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


def test_on_paper_the_record_is_whole_and_the_navigation_is_gone(chromium: Browser, served: str) -> None:
    page = chromium.new_page(base_url=served)
    page.goto("/agreements/dg-1")
    hidden = page.locator(".app-all .app-record__label").first
    assert not hidden.is_visible()
    page.emulate_media(media="print")
    assert hidden.is_visible()
    assert not page.get_by_role("navigation", name="Main").is_visible()
    assert page.get_by_text("People who pay Council Tax").first.is_visible()
    assert re.match(rb"%PDF", page.pdf())
    page.close()
