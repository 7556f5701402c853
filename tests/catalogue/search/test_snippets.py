from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.fields import ORGANISATION, TITLE
from catalogue.search.query_tree import AllOf, AnyOf, FieldClause, Not, Phrase, Prefix, Ranked, Word
from catalogue.search.snippets import matcher, snippet

FRAUD = matcher(Word("fraud"))


def shown(text: str, words: object = None, length: int = 60) -> str:
    pieces = snippet(text, words or FRAUD, length)  # type: ignore[arg-type]
    return "".join(f"[{piece.text}]" if piece.matched else piece.text for piece in pieces)


def test_words_are_marked_by_stem_by_part_and_by_beginning() -> None:
    words = matcher(AnyOf((Word("agreement"), Phrase("tax credit"), Prefix("self-em"))))
    assert shown("Agreements on self-employed tax-credits", words) == "[Agreements] on [self-employed] [tax-credits]"


def test_what_excludes_or_filters_is_not_marked() -> None:
    tree = AllOf((Ranked(FieldClause(ORGANISATION, Word("hmrc")), FieldClause(TITLE, Word("tax"))), Not(Word("fraud"))))
    assert shown("hmrc tax fraud", matcher(tree)) == "hmrc [tax] fraud"


def test_a_long_text_is_cut_between_words_around_the_words_looked_for() -> None:
    text = "one two three four five " * 20 + "here is fraud at last. " + "six seven eight " * 20
    cut = shown(text)
    assert "[fraud]" in cut
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert len(cut) <= 60 + 6
    assert set(cut.replace("[", "").replace("]", "").split()) - {"…"} <= {*text.split(), "last"}


def test_the_whole_end_of_a_text_is_kept() -> None:
    text = "one two three four five " * 20 + "(at last, fraud!)."
    assert shown(text).endswith("(at last, [fraud]!).")
    assert shown("été " * 30 + "« fraud »").endswith("« [fraud] »")


def test_a_word_inside_another_is_not_marked() -> None:
    assert shown("defrauded fraudster-fraud, anti-fraud fraud") == "defrauded [fraudster-fraud], [anti-fraud] [fraud]"


def test_without_a_match_it_is_the_beginning() -> None:
    assert shown("The first sentence. " + "More words. " * 20).startswith("The first sentence. More")
    assert shown("Short.") == "Short."
    assert shown("") == ""


def test_one_endless_word_is_cut() -> None:
    assert shown("x" * 500, length=10) == "x" * 10 + " …"


@given(st.lists(st.sampled_from(["fraud", "a", "tax-fraud,", "été", "<b>", "\n"]), max_size=200), st.integers(1, 80))
def test_the_pieces_are_the_text_itself(words: list[str], length: int) -> None:
    text = " ".join(words)
    pieces = list(snippet(text, FRAUD, length))
    if pieces and pieces[0].text == "… " and not text.startswith("… "):
        pieces.pop(0)
    if pieces and pieces[-1].text == " …" and not text.rstrip().endswith(" …"):
        pieces.pop()
    assert "".join(piece.text for piece in pieces) in text
    assert all("fraud" in piece.text for piece in pieces if piece.matched)
