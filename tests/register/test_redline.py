import time

from hypothesis import given
from hypothesis import strategies as st

from register.redline import Piece, redline


def told(before: str, after: str) -> str:
    """A redline with marks."""
    marks = {"same": "{}", "deleted": "[-{}-]", "inserted": "[+{}+]"}
    return "".join(marks[piece.fate].format(piece.text) for piece in redline(before, after))


def test_words_that_changed_are_marked_and_the_rest_stays() -> None:
    assert told("To find fraud in claims.", "To find error and fraud in some claims.") == (
        "To find[+ error and+] fraud in[+ some+] claims."
    )
    assert told("s.48 of the Act", "s.49 of the Act") == "[-s.48-][+s.49+] of the Act"


def test_texts_with_little_in_common_are_not_cut_into_shreds() -> None:
    assert told("We look at the tax of people.", "Riverton counts bridges, and the boats under them, daily.") == (
        "[-We look at the tax of people.-][+Riverton counts bridges, and the boats under them, daily.+]"
    )


def test_a_lone_word_between_long_changes_goes_with_them() -> None:
    before = "The same beginning of it. One two three four five the six seven eight nine ten. The same end of it all."
    after = (
        "The same beginning of it. Uno dos tres cuatro cinco the seis siete ocho nueve diez. The same end of it all."
    )
    assert [piece.fate for piece in redline(before, after)] == ["same", "deleted", "inserted", "same"]


def test_equal_texts_are_one_piece() -> None:
    assert redline("The same.", "The same.") == (Piece("same", "The same."),)


words = st.text(alphabet="ab .\n\té’🙂-")


@given(words, words)
def test_nothing_is_lost(before: str, after: str) -> None:
    pieces = redline(before, after)
    assert "".join(piece.text for piece in pieces if piece.fate != "inserted") == before
    assert "".join(piece.text for piece in pieces if piece.fate != "deleted") == after
    assert all(piece.text for piece in pieces)


def test_long_texts_made_to_be_slow_are_not() -> None:
    before, after = "a b " * 3_000, "b a c " * 2_000
    started = time.monotonic()
    redline(before, after)
    assert time.monotonic() - started < 2
