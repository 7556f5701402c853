from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.analysis import LONGEST_WORD, exact, is_function_word, key, lines, stem, stemmed, tokens


def test_letter_case_and_accents_are_folded() -> None:
    assert exact("Café ÄRZTE Straße İstanbul naïve").parts == ("cafe", "arzte", "strasse", "istanbul", "naive")
    assert exact("cafe\u0301").parts == ("cafe",)


def test_joined_words_are_found_whole_and_by_their_parts() -> None:
    reading = exact("Self-employed 2019-20, DEA/D/31 and snake_case v1.2 R&D")
    assert reading.wholes == ("self-employed", "2019-20", "dea/d/31", "snake_case", "v1.2", "r&d")
    assert reading.parts[:4] == ("self", "employed", "2019", "20")
    assert exact("2019–20").wholes == ("2019-20",)


def test_signs_that_join_nothing_do_not_count() -> None:
    assert exact("tax - credits -- (fraud). /x/ http://a") == exact("tax credits fraud x http a")


def test_possessives_and_apostrophes() -> None:
    assert exact("HMRC’s children's O'Brien").parts == ("hmrc", "children", "obrien")


def test_stems_join_the_forms_of_a_word() -> None:
    for forms in ("run running runs", "agreement agreements", "statistic statistics"):
        assert len({stem(word) for word in forms.split()}) == 1
    assert stemmed(exact("self-employment")).wholes == stemmed(exact("self-employed")).wholes


def test_nothing_is_dropped() -> None:
    assert exact("the cat and the hat").parts == ("the", "cat", "and", "the", "hat")
    assert is_function_word("The")
    assert not is_function_word("fraud")


def test_no_stem_is_a_word_of_grammar_unless_the_word_is_one() -> None:
    assert [stem(word) for word in ("ons", "ifs", "ofs", "wills", "being")] == ["ons", "ifs", "ofs", "wills", "being"]
    assert stem("its") == stem("it")


def test_irregular_plurals_and_spellings_have_one_stem() -> None:
    alike = ["children child", "women woman", "criteria criterion", "analyses analysis", "councillors councilor"]
    alike += ["grey gray", "tyres tires", "advisor adviser", "micrometres micrometers", "travelling traveling"]
    for one, other in map(str.split, alike):
        assert stem(one) == stem(other)
    assert len({stem(word) for word in "council councillor personal people analyse mental men".split()}) == 7


def test_a_key_compares_codes() -> None:
    assert key("CC-BY-4.0") == key("cc by 4.0") == "cc-by-4-0"
    assert key("HM Revenue & Customs") == "hm-revenue-customs"
    assert key("???") == ""


def test_long_words_are_cut() -> None:
    reading = exact("x" * 500 + " " + "ab-" * 500)
    assert {len(word) for word in (*reading.parts, *reading.wholes)} == {2, LONGEST_WORD}


@given(st.text())
def test_words_hold_no_space_and_folding_twice_changes_nothing(text: str) -> None:
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.parts
        for word in (token.whole, *token.parts):
            assert word
            assert len(word) <= LONGEST_WORD
            assert not any(sign.isspace() for sign in word)


@given(st.lists(st.sampled_from(["Tax", "fraud", "2019-20", "R&D", "café"]), min_size=1))
def test_case_never_matters(words: list[str]) -> None:
    text = " ".join(words)
    assert exact(text.upper()) == exact(text.lower()) == exact(text)


SIGNS = st.text(st.one_of(st.characters(), st.sampled_from("aZ9éßİ’'-_/.&‐‑– ,()\u0301\u00a0ﬁ")), max_size=40)


@given(SIGNS)
def test_the_quick_readings_are_those_of_the_words_one_by_one(text: str) -> None:
    found = list(tokens(text))
    reading = exact(text)
    assert reading.parts == tuple(part for token in found for part in token.parts)
    assert reading.wholes == tuple(token.whole for token in found if len(token.parts) > 1)
    assert lines(text) == (reading.line(), stemmed(reading).line())
