"""LIX by its published formula, and sentences cut where they end."""

import pytest

from register.checks.acronyms import meaning_among, stands_for, unexplained_acronyms
from register.checks.readability import longest_sentence, reading_of, sentences_of


def test_the_score_is_words_per_sentence_and_the_share_of_long_words() -> None:
    """19 words in 2 sentences, 4 of them (“bridges”, “council”, “repairs”, “national”) of more than six letters."""
    text = "The bridges are old and the council repairs one of them. Nobody pays now but the big national bank."
    reading = reading_of(text)
    assert reading is not None
    assert (reading.words, reading.score) == (19, round(19 / 2 + 100 * 4 / 19))


@pytest.mark.parametrize(
    ("long_words", "like"),
    [
        (4, "a children’s book"),
        (6, "a novel"),
        (8, "a newspaper"),
        (10, "an official report"),
        (11, "a research paper or a statute"),
    ],
)
def test_the_score_in_words(long_words: int, like: str) -> None:
    """Twenty words in two sentences."""
    words = ["Between"] * long_words + ["Cat"] * (20 - long_words)
    reading = reading_of(f"{' '.join(words[::2])}. {' '.join(words[1::2])}.")
    assert reading is not None
    assert (reading.score, reading.like) == (10 + 5 * long_words, like)


def test_the_names_of_parties_count_as_short_words() -> None:
    text = "Department for Environmental Administration pays. " * 4 + "We say so to all of you now."
    named, plain = reading_of(text, ["Department for Environmental Administration"]), reading_of(text)
    assert named is not None
    assert plain is not None
    assert named.score < plain.score - 20


@pytest.mark.parametrize("text", ["", "Too short to tell.", "。" * 100, "水" * 300, "…"])
def test_what_cannot_be_measured_has_no_score(text: str) -> None:
    assert reading_of(text) is None


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("See s. 48 of the Act. It helps.", ["See s. 48 of the Act.", "It helps."]),
        ("Data, e.g. Names, is sent. Art. 6 applies.", ["Data, e.g. Names, is sent.", "Art. 6 applies."]),
        ("It costs £1.2 million. We pay.", ["It costs £1.2 million.", "We pay."]),
        ("He said “go.” They went.", ["He said “go.”", "They went."]),
        ("We send:\n- names\n- ages", ["We send:", "- names", "- ages"]),
        ("Été. Où? Ça va.", ["Été.", "Où?", "Ça va."]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_sentences_end_where_they_end(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


def test_the_longest_sentence_is_the_one_with_most_words() -> None:
    assert longest_sentence("One two. One two three. One.") == ("One two three.", 3)
    assert longest_sentence("") == ("", 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HMRC tells the DfE and HMRC again.", ["HMRC", "DfE"]),
        ("The Department for Work and Pensions (DWP) pays; the DWP asks.", []),
        ("The DWP (Department for Work and Pensions) pays.", []),
        ("The DWP (see below) pays.", ["DWP"]),
        ("The UK and the NHS use a PIN; Part II applies, A to Z.", []),
        ("GPs and MPs ask the ICOs.", ["ICO"]),
        ("ALL OF THIS IS LOUD.", []),
        ("See https://rivers.example/ABC or write to ABC@rivers.example.", []),
    ],
)
def test_acronyms_are_those_that_nothing_explains(text: str, found: list[str]) -> None:
    assert unexplained_acronyms(text) == found


def test_an_acronym_is_made_of_first_letters() -> None:
    assert stands_for("DWP", "Department for Work and Pensions")
    assert stands_for("HMRC", "HM Revenue and Customs")
    assert not stands_for("DWP", "Department of Health")
    assert meaning_among("DH", ["Department of Health", "Driving Hall"]) == ""
    assert meaning_among("DH", ["Department of Health", "Bridges Office"]) == "Department of Health"
