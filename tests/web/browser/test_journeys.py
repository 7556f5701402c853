"""What people come for, done in a real browser, with scripts and without, wide and narrow."""

import pytest
from playwright.sync_api import Page, expect


def test_a_researcher_finds_a_dataset_by_keyboard(reader: Page) -> None:
    reader.goto("/")
    reader.keyboard.press("Tab")
    expect(reader.get_by_role("link", name="Skip to main content")).to_be_focused()
    reader.keyboard.press("Enter")
    reader.keyboard.press("Tab")
    box = reader.get_by_label("Search datasets and agreements")
    expect(box).to_be_focused()
    reader.keyboard.type("roads")
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("heading", name="for “roads”")).to_be_visible()
    found = reader.get_by_role("link", name="Roads in Riverton")
    found.focus()
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Roads in Riverton")
    expect(reader.get_by_role("heading", name="Anyone may have this data")).to_be_visible()
    expect(reader.get_by_role("link", name="All roads")).to_have_attribute("href", "https://riverton.example/roads.csv")


def test_filters_are_chosen_counted_and_taken_away(reader: Page, width: int) -> None:
    reader.goto("/search?q=fraud")
    if width < 769:
        expect(reader.get_by_role("button", name="Apply filters")).to_be_hidden()
        reader.get_by_text("Filter these records").click()
    reader.get_by_role("checkbox", name="Agreement").check()
    reader.get_by_role("button", name="Apply filters").click()
    expect(reader.get_by_role("heading", name="1 record for “fraud”")).to_be_visible()
    assert "kind=agreement" in reader.url
    reader.get_by_role("link", name="Remove the filter Kind of record: Agreement").click()
    expect(reader.get_by_role("heading", name="2 records for “fraud”")).to_be_visible()
    assert "kind=" not in reader.url


def test_the_order_is_changed_and_the_filters_stay(reader: Page) -> None:
    reader.goto("/search?kind=dataset")
    reader.get_by_label("Sort by").select_option("title")
    reader.get_by_role("button", name="Sort").click()
    assert "sort=title" in reader.url
    assert "kind=dataset" in reader.url


def test_a_citizen_goes_from_an_agreement_to_the_data_and_the_bodies(reader: Page) -> None:
    reader.goto("/agreements")
    reader.get_by_role("link", name="Finding fraud in Council Tax").click()
    reader.get_by_role("navigation", name="On this page").get_by_role("link", name="Who sends what to whom?").click()
    assert reader.url.endswith("#flows")
    reader.get_by_role("link", name="Tax returns of residents").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Tax returns")
    reader.get_by_role("link", name="Finding fraud in Council Tax").click()
    reader.get_by_role("link", name="Riverton Council").first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Riverton Council")
    expect(reader.get_by_role("heading", name="What it receives")).to_be_visible()


@pytest.mark.parametrize("address", ["/", "/datasets/nothing", "/search?q=fraud"])
def test_samples_are_told_in_sight(reader: Page, address: str) -> None:
    reader.goto(address)
    expect(reader.get_by_text("These are sample records")).to_be_in_viewport()


def test_who_took_a_wrong_turn_finds_on(reader: Page) -> None:
    reader.goto("/datasets/tax-returns-of-riverton")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Page not found")
    expect(reader.locator("input[type=search]")).to_have_value("tax returns of riverton")
    reader.get_by_role("button", name="Search").click()
    expect(reader.get_by_role("link", name="Tax returns", exact=True)).to_be_visible()
