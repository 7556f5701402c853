"""No input raises, and none costs more than its length, however it was made."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.search.query import ParsedQuery, read_query
from catalogue.search.query_programme import MOST_NOTES
from catalogue.search.query_scan import LONGEST_QUERY, MOST_CLAUSES, scan
from catalogue.search.query_tree import AllOf, AnyOf, FieldClause, Node, Not, Phrase, Prefix, Ranked, Required, Word
from catalogue.search.tantivy_query import compiled

NOW = datetime(2024, 5, 17, 12, 0, tzinfo=UTC)

HOSTILE = [
    *("(", ")", '"', "-", "+", "*", ":", "[", "{", "\\", "~", "^", "\0", "\ud800", "\u0301", "ﷺ", "a:", 'a:"'),
    *("NOT ", "AND ", "a OR ", "(a AND ", "title:(", "-(", "+(", "year:[", "year:[1 TO 2] ", "a:[", "a AND b OR "),
    *(
        '"a" ',
        "modified:NOW-1DAY ",
        "organisation:x ",
        "(a b) ",
        "(a OR -b NOT ",
        "a-",
        "'",
        "a^2~",
        "NOT -+",
        "[a TO ",
    ),
    *("modified:[NOW" + "-9YEARS" * 9 + " TO *] ", "year:>", "*a*", "fr* ", "title:* ", "x" * 101 + " ", "&& ", "!("),
]


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_repeated_without_end(piece: str) -> None:
    for size in (1, 30, LONGEST_QUERY // len(piece), 100_000 // len(piece) + 1):
        check(read_query(piece * size, NOW))
        check(read_query("fraud " + piece * size + " AND title:tax)", NOW))


pieces = st.sampled_from([*HOSTILE, "fraud", "tax", " ", " ", "title:", "organisation:", "modified:", "TO", "]", "}"])


@settings(max_examples=400, deadline=5_000)
@given(st.lists(pieces, max_size=60).map("".join))
def test_any_mixture_of_signs(text: str) -> None:
    check(read_query(text, NOW))


@settings(max_examples=300, deadline=5_000)
@given(st.text(st.characters(codec=None)))
def test_any_text(text: str) -> None:
    check(read_query(text, NOW))


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 10**9), st.sampled_from(["DAY", "MONTHS", "YEAR", "WEEK"]))
def test_relative_dates_never_leave_the_calendar(now: datetime, count: int, unit: str) -> None:
    check(read_query(f"modified:[NOW-{count}{unit} TO NOW+{count}{unit}/{unit.rstrip('S')}]", now))


def check(parsed: ParsedQuery) -> None:
    parsed.understood.encode()
    assert len(parsed.notes) <= MOST_NOTES
    texts = leaves(parsed.tree)
    assert len(texts) <= MOST_CLAUSES
    for text in texts:
        text.encode()
        assert any(sign.isalnum() for sign in text), text
    compiled(parsed.tree)  # an engine can take it


def leaves(node: Node) -> list[str]:
    match node:
        case Word(text) | Phrase(text) | Prefix(text):
            return [text]
        case FieldClause(_, of):
            return [of.text]
        case AnyOf(children) | AllOf(children):
            assert len(children) > 1
            return [text for child in children for text in leaves(child)]
        case Not(of) | Required(of):
            return leaves(of)
        case Ranked(of, by):
            return leaves(of) + leaves(by)
    return []


@given(st.text(alphabet='ab()"-+:[]* ANDORT', max_size=200))
def test_the_programme_for_the_parser_is_always_well_formed(text: str) -> None:
    depth, last = 0, "("
    for step in scan(text).steps:
        if step == "(":
            depth += 1
        elif step == ")":
            depth -= 1
            assert last not in {"(", "AND", "OR", "NOT"}
        elif step in {"AND", "OR"}:
            assert last not in {"(", "AND", "OR", "NOT"}
        assert depth >= 0
        last = step
    assert depth == 0
    assert last not in {"AND", "OR", "NOT"}
    assert not last.startswith("m")
