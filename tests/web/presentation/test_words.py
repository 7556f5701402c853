import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.presentation.words import (
    count_of,
    is_link,
    sentence,
    shorten,
    show_address,
    show_list,
    show_number,
    show_size,
    show_some,
)


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1 KB"),
        (3_400_000, "3.4 MB"),
        (999_700, "1 MB"),
        (12_345_678, "12 MB"),
        (456_789_012, "457 MB"),
        (5_000_000_000_000_000, "5,000 TB"),
    ],
)
def test_a_size_is_rounded_to_what_a_reader_needs(size: int, shown: str) -> None:
    assert show_size(size) == shown


def test_numbers_and_their_nouns() -> None:
    assert show_number(1234567) == "1,234,567"
    assert (count_of(0, "dataset"), count_of(1, "dataset"), count_of(1200, "dataset")) == (
        "no datasets", "1 dataset", "1,200 datasets",
    )  # fmt: skip
    assert count_of(2, "body", "bodies") == "2 bodies"


def test_lists_read_as_sentences() -> None:
    assert [show_list(list("abc")[:length]) for length in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert show_some(list("abcd")) == "a, b, c and d"
    assert show_some(list("abcdef")) == "a, b, c and 3 more"


@pytest.mark.parametrize(("text", "shown"), [("Go", "Go."), ("Go.", "Go."), ("Go? ", "Go?"), ("", "")])
def test_a_sentence_has_one_end(text: str, shown: str) -> None:
    assert sentence(text) == shown


@given(st.text(), st.integers(5, 50))
def test_a_shortened_text_is_no_longer_than_asked_but_for_its_ellipsis(text: str, length: int) -> None:
    shown = shorten(text, length)
    assert len(shown) <= length + 2
    assert "\n" not in shown


def test_a_text_is_cut_between_words() -> None:
    assert shorten("One two,\n three four", 10) == "One two …"
    assert shorten("One  two", 10) == "One two"


def test_an_address_is_shown_without_what_tells_nothing() -> None:
    assert show_address("https://www.gov.uk/a/") == "gov.uk/a"
    assert show_address("http://a.example/" + "b" * 100, 20) == "a.example/bbbbbbbbb…"
    assert show_address("no address") == "no address"


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", "x", ""])
def test_only_web_addresses_become_links(text: str) -> None:
    assert not is_link(text)
    assert is_link("https://a.example/")
