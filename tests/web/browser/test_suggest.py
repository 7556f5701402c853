"""Suggestions below the search box, by keyboard and by mouse, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

BOX = "Search datasets and agreements"
CHOICES = ".app-suggest__option"


@pytest.fixture
def scripted() -> bool:
    return True


def test_by_keyboard(reader: Page, axe_source: str) -> None:
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url) if "/suggest?" in request.url else None)
    reader.goto("/")
    box = reader.get_by_role("combobox", name=BOX)
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("fraud")
    choices = reader.locator(CHOICES)
    expect(choices).to_have_count(2)
    expect(choices.nth(0)).to_contain_text("Legal power")
    expect(choices.nth(1)).to_contain_text("Finding fraud in Council Tax Agreement")
    assert len(asked) < len("fraud"), "a request for each key"
    assert choices.nth(0).get_attribute("role") == "option"
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(reader.get_by_role("status")).to_contain_text("2 suggestions are shown. Use the up and down arrow keys")
    reader.evaluate(axe_source)
    faults = reader.evaluate("() => axe.run().then(found => found.violations.map(one => one.id))")
    assert faults == []

    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("ArrowDown")
    expect(choices.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", choices.nth(1).get_attribute("id") or "")
    expect(box).to_be_focused()
    reader.keyboard.press("ArrowDown")
    expect(box).not_to_have_attribute("aria-activedescendant", "x")
    expect(reader.locator("[aria-selected=true]")).to_have_count(0)
    reader.keyboard.press("ArrowUp")
    expect(choices.nth(1)).to_have_attribute("aria-selected", "true")
    reader.keyboard.press("Escape")
    expect(choices.nth(0)).to_be_hidden()
    expect(box).to_have_value("fraud")
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("ArrowUp")
    reader.keyboard.press("ArrowUp")
    reader.keyboard.press("Enter")
    expect(reader).to_have_url("/agreements/dg-1")


def test_who_passes_them_over_searches(reader: Page) -> None:
    reader.goto("/search")
    box = reader.get_by_role("combobox", name=BOX)
    box.press_sequentially("fraud")
    expect(reader.locator(CHOICES)).to_have_count(2)
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("heading", name="2 records for “fraud”")).to_be_visible()


def test_by_mouse_and_without_an_answer(reader: Page) -> None:
    reader.goto("/search")
    box = reader.get_by_role("combobox", name=BOX)
    box.press_sequentially("revenue")
    reader.locator(CHOICES).filter(has_text="Revenue Office").click()
    expect(reader).to_have_url("/organisations/revenue-office")
    reader.route("**/suggest?*", lambda route: route.fulfill(status=404))
    reader.goto("/search")
    with reader.expect_response("**/suggest?*"):
        reader.get_by_role("combobox", name=BOX).press_sequentially("revenue")
    expect(reader.locator(CHOICES)).to_have_count(0)
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("heading", name="for “revenue”")).to_be_visible()
