"""What is cleaned from text where it enters, and that it is told."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cleaning import MOST_LEVELS, clean_document, clean_text
from schemas.errors import InvalidInput

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=40)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(ANY_TEXT)
def test_clean_text_can_be_stored_everywhere(text: str) -> None:
    clean, _ = clean_text(text)
    clean.encode("utf-8")
    assert unicodedata.is_normalized("NFC", clean)
    assert not [c for c in clean if unicodedata.category(c) == "Cc" and c not in "\t\n"]
    assert not {"\ufffe", "\uffff", "\u2028", "\u2029"} & set(clean)


@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once_and_every_change_is_told(text: str) -> None:
    clean, done = clean_text(text)
    assert clean_text(clean) == (clean, [])
    assert bool(done) == (clean != text)


@given(ANY_JSON)
def test_a_clean_document_is_clean_all_through(value: object) -> None:
    clean, notes = clean_document(value)
    assert clean_document(clean) == (clean, [])
    if not notes:
        assert clean == value


def test_a_real_surrogate_pair_becomes_its_character() -> None:
    clean, done = clean_text("a\ud83d\ude00b")
    assert clean == "a😀b"
    assert done == ["two halves of one character (a surrogate pair) were joined"]


@pytest.mark.parametrize("text", ["a\ud83db", "\ude00\ud83db", "a\ud83d"])
def test_a_half_without_its_partner_is_replaced_and_nothing_else_is_lost(text: str) -> None:
    clean, done = clean_text(text)
    assert clean == "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    assert len(done) == 1
    assert "lone surrogate" in done[0]


def test_a_pair_beside_a_half_tells_of_both() -> None:
    clean, done = clean_text("\ud83d\ude00\ud83d")
    assert clean == "😀\ufffd"
    assert len(done) == 2


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_keeps_two_words_apart(end: str) -> None:
    assert clean_text(f"one{end}two")[0] == "one\ntwo"


def test_invisible_characters_go_and_are_named_once_each() -> None:
    clean, done = clean_text("a\x00b\x00c\x9dd\x7f\te\n")
    assert clean == "abcd\te\n"
    assert done == ["invisible control characters were removed (U+0000, U+007F, U+009D)"]


def test_notes_name_the_place_of_a_value() -> None:
    _, notes = clean_document({"a/b": [{"c": "x\x00"}]})
    assert [str(note) for note in notes] == ["/a~1b/0/c: invisible control characters were removed (U+0000)"]


def test_a_field_s_name_is_cleaned_and_told() -> None:
    clean, notes = clean_document({"na\x00me": "x"})
    assert clean == {"name": "x"}
    assert [note.pointer for note in notes] == ["/name"]
    assert "name" in notes[0].what


def test_two_names_that_are_one_when_clean_are_told_and_the_first_stays() -> None:
    clean, notes = clean_document({"name": "first", "na\x00me": "second"})
    assert clean == {"name": "first"}
    assert "left out" in notes[-1].what


def test_nesting_without_end_is_an_error_with_words() -> None:
    value: object = "x"
    for _ in range(MOST_LEVELS):
        value = [value]
    clean_document(value)
    with pytest.raises(InvalidInput, match="levels deep"):
        clean_document([value])
    for _ in range(5000):
        value = {"a": value}
    with pytest.raises(InvalidInput, match="levels deep"):
        clean_document(value)
