from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.periods import Period, held_words, nodes_of, nodes_on, overlap_words, period, years_of

FIRST = date(2019, 12, 1)
days = st.one_of(
    st.integers(0, 900).map(lambda number: (FIRST + timedelta(days=number)).isoformat()),
    st.sampled_from(["0001-01-01", "0999-12-31", "1000-01-01", "2019-12-31", "2020-02-29", "9999-12-31"]),
)
periods = st.tuples(st.just("") | days, st.just("") | days).filter(lambda ends: not ends[1] or ends[0] <= ends[1])
periods = periods.map(lambda ends: Period(*ends))


@given(st.lists(periods, max_size=4), periods)
def test_words_answer_what_looking_at_every_period_answers(held: list[Period], asked: Period) -> None:
    by_words = bool(set(held_words(held)) & set(overlap_words(asked)))
    assert by_words == any(one.overlaps(asked) for one in held)


@given(periods, days)
def test_a_day_is_held_where_one_of_its_nodes_is(held: Period, day: str) -> None:
    on = date.fromisoformat(day)
    assert bool(set(nodes_of(held)) & set(nodes_on(on))) == held.holds(on)
    assert held.holds(on) == held.overlaps(Period(day, day))


@given(periods)
def test_few_words_are_needed(held: Period) -> None:
    assert len(held_words([held])) < 150


@pytest.mark.parametrize(
    ("held", "nodes"),
    [
        (Period(), [""]),
        (Period("2019-01-01", "2019-12-31"), ["2019"]),
        (Period("2020-02-01", "2020-02-29"), ["2020-02"]),
        (Period("2019-02-01", "2019-02-28"), ["2019-02"]),
        (Period("2010-01-01", "2019-12-31"), ["201"]),
        (Period("2019-11-01", "2020-01-01"), ["2019-11", "2019-12", "2020-01-01"]),
    ],
)
def test_a_period_is_made_of_whole_parts_of_the_calendar(held: Period, nodes: list[str]) -> None:
    assert list(nodes_of(held)) == nodes


def test_asking_backwards_finds_nothing() -> None:
    assert not set(held_words([Period()])) & set(overlap_words(Period("2020-01-01", "2018-12-31")))


@pytest.mark.parametrize(
    ("ends", "years"),
    [
        (("2019-05", "2021"), (2019, 2020, 2021)),
        (("2019", None), (2019,)),
        ((None, "2019-12-31"), (2019,)),
        (("0900", "2020"), (900, 2020)),
        (("2021", "2019"), ()),
        (("now", "then"), ()),
    ],
)
def test_the_years_are_those_between_stated_ends(ends: tuple[str | None, str | None], years: tuple[int, ...]) -> None:
    one = period(*ends)
    assert years_of([one] if one else []) == years
