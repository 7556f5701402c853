from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.engine import FacetCount, Sort
from web.presentation.facets import Names, show_facets, show_tags
from web.presentation.search import DATES, FACET_NAMES, LAST_PAGE, Asked, page_count, page_numbers, read_asked

_dates = st.sampled_from(["2019", "2019-04", "2019-04-05", "2020-02-30", "soon", ""])
_values = st.dictionaries(
    st.sampled_from(["q", "page", "sort", *FACET_NAMES]), st.lists(st.text(max_size=30), min_size=1, max_size=3)
).flatmap(
    lambda values: st.fixed_dictionaries(
        {name: st.just(held) for name, held in values.items()},
        optional={name: st.lists(_dates, max_size=2) for name in (*DATES, "relaxed")},
    )
)


@given(_values)
def test_an_address_asks_for_what_was_asked(values: dict[str, list[str]]) -> None:
    asked = read_asked(values)
    again = read_asked(parse_qs(urlsplit(asked.address()).query, keep_blank_values=True))
    assert replace(again, notes=()) == replace(asked, notes=())
    assert again.notes == ()


@given(_values)
def test_any_parameters_are_read(values: dict[str, list[str]]) -> None:
    asked = read_asked(values)
    assert 1 <= asked.page <= LAST_PAGE
    assert "\x00" not in asked.address()


def test_taking_a_value_away_goes_back_to_the_first_page() -> None:
    asked = Asked("tax", (("kind", ("dataset", "agreement")), ("year", ("2019",))), Sort.NEWEST, 3)
    assert asked.without("kind", "dataset").address() == "/search?q=tax&kind=agreement&year=2019&sort=newest"
    assert asked.without("year", "2019").filters == (("kind", ("dataset", "agreement")),)


@given(st.integers(1, 400), st.integers(1, 400))
def test_the_page_numbers_lead_to_both_ends_and_the_neighbours(current: int, last: int) -> None:
    current = min(current, last)
    numbers = page_numbers(current, last)
    shown = [number for number in numbers if number is not None]
    assert shown == sorted(set(shown))
    assert {1, current, last} <= set(shown)
    assert {number for number in (current - 1, current + 1) if 1 <= number <= last} <= set(shown)
    assert len(numbers) <= 9


def test_pages_hold_twenty() -> None:
    assert [page_count(total) for total in (0, 1, 20, 21, 10**9)] == [1, 1, 1, 2, LAST_PAGE]


def test_a_facet_shows_words_for_codes_and_keeps_what_is_chosen() -> None:
    counts = {"theme": [FacetCount("economy", 3)], "organisation": [FacetCount("revenue", 2)], "access": []}
    asked = Asked(filters=(("theme", ("health",)),))
    organisation, theme = show_facets(counts, asked, Names({"revenue": "Revenue Office"}))
    assert [choice.label for choice in organisation.choices] == ["Revenue Office"]
    assert [(choice.label, choice.count, choice.chosen) for choice in theme.choices] == [
        ("Health", 0, True),
        ("Economy and finance", 3, False),
    ]
    assert (organisation.open, theme.open) == (False, True)


def test_years_stand_newest_first() -> None:
    counts = {"year": [FacetCount("2018", 9), FacetCount("2020", 1)]}
    (year,) = show_facets(counts, Asked(), Names())
    assert [choice.value for choice in year.choices] == ["2020", "2018"]


def test_a_tag_leads_to_the_search_without_it() -> None:
    (tag,) = show_tags(Asked("a", (("access", ("open",)),)), Names())
    assert (tag.label, tag.href) == ("Open", "/search?q=a")
