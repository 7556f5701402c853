"""Did you mean: the nearest word, only where there is reason to ask, and the rest of the query as typed."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchPlace
from catalogue.search.indexer import drain
from catalogue.search.query import read_query
from catalogue.search.service import search
from catalogue.search.suggest_spelling import Spelling, distance, respelt
from catalogue.search.suggest_vocabulary import Vocabulary, Wording
from schemas.clock import Clock
from schemas.database.engine import Database
from tests.catalogue.search.conftest import NOW

Make = Callable[..., SearchDocument]

WORDS = Spelling({"river": 900, "rivers": 50, "statistics": 400, "levels": 70, "level": 20, "rover": 3, "café": 5})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rivr", "river"),
        ("riiver", "river"),
        ("rievr", "river"),
        ("rver", "river"),
        ("statsitics", "statistics"),
        ("statitsisc", "statistics"),
        ("statistixx", "statistics"),
        ("levls", "levels"),
        ("river", None),
        ("rover", "river"),  # three hundred times as frequent
        ("riverlevels", "river-levels"),
        ("statisticsrover", "statistics-rover"),
        ("riverx", "river"),
        ("riverzz", None),
        ("rivers", None),  # not a hundred times as rare
        ("rxvxr", None),  # two errors in a short word
        ("lvl", None),
        ("zzzzzzzz", None),
        ("2019", None),
        ("", None),
        ("é" * 100_000, None),
    ],
)
def test_the_nearest_word_is_meant(typed: str, meant: str | None) -> None:
    assert WORDS.neighbour(typed) == meant


@given(st.text(alphabet="abc", max_size=7), st.text(alphabet="abc", max_size=7))
def test_the_distance_is_that_of_the_definition(one: str, other: str) -> None:
    table: dict[tuple[int, int], int] = {}
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            ways = (
                [i + j]
                if not (i and j)
                else [
                    table[i - 1, j] + 1,
                    table[i, j - 1] + 1,
                    table[i - 1, j - 1] + (one[i - 1] != other[j - 1]),
                ]
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                ways.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(ways)
    for most in (1, 2):
        wanted = table[len(one), len(other)]
        assert distance(one, other, most) == (wanted if wanted <= most else 0)


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("rivr levels", "river levels"),
        ("Rivr RIVR", "River RIVER"),
        ("+rivr -rivr", "+river -river"),
        ('"rivr levls" AND licence:*', '"river levels" AND licence:*'),
        ("title:rivr organisation:rivr", "title:river organisation:rivr"),
        ("(rivr OR levls) year:2019", "(river OR levels) year:2019"),
        ("levls -rivr", "levels -rivr"),
        ("rivr*", None),
        ("river levels", None),
        ("organisation:rivr", None),
        ("modified:[2019 TO rivr]", None),
        ("", None),
    ],
)
def test_all_but_the_words_stays_as_typed(query: str, meant: str | None) -> None:
    assert respelt(query, read_query(query, NOW).tree, WORDS.neighbour) == meant


@given(st.text(max_size=80))
def test_any_query_can_be_looked_at(text: str) -> None:
    respelt(text, read_query(text, NOW).tree, WORDS.neighbour)


def test_the_index_has_the_last_word(
    database: Database, records: Any, place: SearchPlace, clock: Clock, make: Make
) -> None:
    with database.write() as session:
        for number in range(1, 4):
            records.write(session, make(number, title=f"Statistics {number}", text="Paddock"))
        records.write(session, make(9, title="Haddock"))
    drain(database, place, clock)
    remembering = Vocabulary(database, timer=lambda: 0.0)

    def meant(query: str, **options: Any) -> str | None:
        with database.read() as session:
            wording = Wording(session, remembering)
            return search(place.reader(), query, clock=clock, wording=wording, **options).meant

    assert meant("statsitics haddock") == "statistics haddock"
    assert meant("statistics") is None
    assert meant("paddock") is None  # in no title, and yet in records
    assert meant("statsitics", offset=1) is None
    assert meant("statsitics", words_must_match=True) is None
    with database.write() as session:
        for number in range(1, 4):
            records.remove(session, make(number).id, 2)
    drain(database, place, clock)
    assert meant("statsitics") is None  # what is gone is not offered, however old the memory is
