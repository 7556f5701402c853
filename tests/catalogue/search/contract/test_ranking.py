"""What ranks first, and what is read alike, whatever the engine."""

from collections.abc import Callable

import pytest

from catalogue.search.adapter import WRITTEN_WEIGHT
from tests.catalogue.search.conftest import Make
from tests.catalogue.search.contract.conftest import Ask
from tests.catalogue.search.contract.test_searching import numbers

Index = Callable[..., None]


def test_a_word_as_it_was_written_comes_before_its_other_forms(index: Index, make: Make, ask: Ask) -> None:
    index(make(1, title="Fishes"), make(2, title="Fish"), make(3, title="Fishing"))
    assert numbers(ask("fish"))[0] == 2
    assert numbers(ask("fishing"))[0] == 3
    assert set(numbers(ask("fishing"))) == {1, 2, 3}
    assert numbers(ask("+fishing the river"))[0] == 3  # words beside it help, and the form still counts


def test_a_word_as_written_adds_to_its_stem(index: Index, make: Make, ask: Ask) -> None:
    index(make(1, title="Fishes"), *(make(n, title=f"Boats {n}") for n in range(2, 9)))
    stem = ask("fish").answer.hits[0].score
    both = ask("fishes").answer.hits[0].score
    assert stem * (1 + WRITTEN_WEIGHT / 2) < both < stem * (1 + 2 * WRITTEN_WEIGHT)


@pytest.mark.parametrize("query", ["fishing -fish*", "+fishing +boats", '"fishing boats"', "2019-20", "June2017 the"])
def test_words_as_written_find_no_record_more(index: Index, make: Make, ask: Ask, query: str) -> None:
    index(
        make(1, title="Fishing boats"),
        make(2, title="Boats for fishing"),
        make(3, title="The year 2019 and 20 more"),
        make(4, title="Tables, 2019-20"),
        make(5, title="2017, the end of June"),
        make(6, title="Table of June 2017"),
    )
    expected = {
        "fishing -fish*": set(),
        "+fishing +boats": {1, 2},
        '"fishing boats"': {1},
        "2019-20": {4},
        "June2017 the": {6},
    }
    answer = ask(query).answer
    assert {int(hit.id.rpartition(":")[2], 16) for hit in answer.hits} == expected[query]
    assert answer.total == len(expected[query])


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Licensing of taxis", "taxi licence"),
        ("Call center statistics", "centres"),
        ("Coverage, Dec 2018", "december"),
        ("Coverage, December 2018", "dec"),
        ("Provider Table June2017", "june"),
        ("Deaths with COVID-19", "covid19"),
        ("510(k) notifications", "510k"),
        ("Organizations of the State", "organisation"),
    ],
)
def test_one_word_in_two_spellings_is_found_by_both(
    index: Index, make: Make, ask: Ask, written: str, asked: str
) -> None:
    index(make(1, title=written), make(2, title="Something else"))
    assert numbers(ask(asked)) == [1]
