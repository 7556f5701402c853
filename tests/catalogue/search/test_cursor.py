import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.cursor import MOST_CHARACTERS, Cursor
from catalogue.search.engine import Sort
from schemas.errors import InvalidInput

orders = st.sampled_from([sort.value for sort in Sort if sort is not Sort.RELEVANCE])
keys = st.text(max_size=200)
cursors = st.one_of(
    st.builds(
        Cursor, orders | orders.map("-{}".format), keys, st.text(max_size=60), st.integers(0, 2**40), st.integers(0)
    ),
    st.builds(Cursor, st.just("relevance"), st.floats(0, 1e6, width=32).map(repr), keys, st.integers(0, 2**40)),
)
ONE = Cursor("title", "river levels in the north", "dataset:0123456789abcdef0123456789abcdef", 20, 7)


@given(cursors)
def test_a_cursor_comes_back_from_its_text(cursor: Cursor) -> None:
    text = cursor.text()
    assert Cursor.from_text(text) == cursor
    assert len(text) <= MOST_CHARACTERS
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_it_is_short() -> None:
    assert len(ONE.text()) < 130


@given(st.data())
def test_one_that_was_cut_or_changed_is_refused(data: st.DataObject) -> None:
    text = ONE.text()
    place = data.draw(st.integers(0, len(text) - 2))  # the last sign has bits that mean nothing
    other = data.draw(st.sampled_from(sorted(set("abcXYZ019-_") - {text[place]})))
    for broken in (text[:place], f"{text[:place]}{other}{text[place + 1 :]}"):
        with pytest.raises(InvalidInput, match="cut off or was changed"):
            Cursor.from_text(broken)


@given(st.text() | st.binary(max_size=80).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        Cursor.from_text(text)


@pytest.mark.parametrize(
    "cursor",
    [
        Cursor("sideways", "", "x", 0),
        Cursor("relevance", "nan", "x", 0),
        Cursor("relevance", "much", "x", 0),
        Cursor("-relevance", "1.0", "x", 0),
        Cursor("title", "", "x", -1),
    ],
)
def test_a_place_that_no_order_has_is_refused(cursor: Cursor) -> None:
    with pytest.raises(InvalidInput):
        Cursor.from_text(cursor.text())
