"""Other words beside those typed: what is recognised, what is left alone, and that a search only gains by them."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.organisations.record import OrganisationDetails, record_organisation
from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchPlace
from catalogue.search.indexer import drain
from catalogue.search.query import read_query
from catalogue.search.query_tree import Alternatives, AnyOf, Phrase, Ranked, Word
from catalogue.search.service import Found, search
from catalogue.search.suggest_vocabulary import Vocabulary, Wording
from catalogue.search.synonyms import MOST_ADDED, MOST_MEANINGS, AlsoSearched, Meaning, Thesaurus, widened
from catalogue.search.synonyms_learnt import acronyms_in, dominant
from catalogue.search.synonyms_record import SynonymDetails, record_synonym
from schemas.actor import LOCAL_REGISTRAR
from schemas.clock import Clock
from schemas.database.engine import Database
from tests.catalogue.search.conftest import NOW
from tests.fakes import CountingIds

Make = Callable[..., SearchDocument]

ONS = "Office for National Statistics"
WORDS = Thesaurus(
    [
        Meaning("ONS", ONS, "learnt"),
        Meaning(ONS, "ONS", "learnt"),
        Meaning("bin", "waste container", "set"),
        Meaning("vehicle", "car", "set"),
        Meaning("ACT", "Assertive Community Treatment", "learnt", capitals=True),
        Meaning("treasury", "HM Treasury", "names"),
        Meaning("it", "Information Technology", "learnt"),
    ]
)


def also(query: str) -> list[tuple[str, str]]:
    return [(one.typed, one.instead) for one in widened(read_query(query, NOW).tree, [WORDS])[1]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ons", [("ons", ONS)]),
        ("population ONS", [("ONS", ONS)]),
        ("office for national statistics", [("office national statistics", "ONS")]),
        ("the population office national statistics 2020", [("office national statistics", "ONS")]),
        ("statistics national office", []),
        ("O.N.S. tables", [("O.N.S", "ONS"), ("O.N.S", ONS)]),
        ("U.S.", []),
        ("v1.2 a.gov", []),
        ("bins", [("bins", "waste container")]),
        ("vehicles bin", [("vehicles", "car"), ("bin", "waste container")]),
        ("tax AND ons", [("ons", ONS)]),
        ("organisation:hmrc ons", [("ons", ONS)]),
        ("+tax ons", [("ons", ONS)]),
        ("ACT", [("ACT", "Assertive Community Treatment")]),
        ("act", []),  # a plain word
        ("treasury", []),  # what says “HM Treasury” says “treasury”
        ("it is", []),  # a word of grammar
        ('"ons"', []),
        ("+ons", []),
        ("title:ons", []),
        ("ons*", []),
        ("tax -ons", []),
        ("tax NOT (ons OR bin)", []),
    ],
)
def test_bare_words_alone_are_widened(query: str, found: list[tuple[str, str]]) -> None:
    assert also(query) == found


def test_what_was_typed_stays_beside_what_is_meant() -> None:
    tree, _ = widened(read_query("ons population", NOW).tree, [WORDS])
    assert isinstance(tree, AnyOf)
    first, second = tree.of
    assert isinstance(first, Alternatives)
    assert (first.typed, first.also, second) == (Word("ons"), (Phrase(ONS),), Word("population"))
    assert 0 < first.weight < 1
    named, _ = widened(read_query("office for national statistics", NOW).tree, [WORDS])
    assert isinstance(named, Ranked)
    assert isinstance(named.of, AnyOf)
    (whole,) = named.of.of
    assert isinstance(whole, Alternatives)
    assert whole.typed == AnyOf((Word("office"), Word("national"), Word("statistics")))


def test_limits_hold_and_the_registrar_comes_first() -> None:
    many = Thesaurus(Meaning("word", f"meaning {number}", "names") for number in range(50))
    mine = Thesaurus([Meaning("word", "my own", "set")])
    (first, *others) = widened(read_query("word", NOW).tree, [mine, many])[1]
    assert first == AlsoSearched("word", "my own", "set")
    assert len(others) == MOST_MEANINGS - 1
    every = Thesaurus(Meaning(f"w{chr(97 + n // 26)}{chr(97 + n % 26)}", f"m {n} x", "set") for n in range(600))
    query = " ".join(f"w{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(512))
    assert len(widened(read_query(query, NOW).tree, [every])[1]) == MOST_ADDED


def test_a_meaning_that_no_longer_stands_is_not_used() -> None:
    tree = read_query("ons bin", NOW).tree
    _, used = widened(tree, [WORDS], lambda meaning: meaning.why != "learnt")
    assert used == (AlsoSearched("bin", "waste container", "set"),)


@given(st.text(alphabet='ons bi"+-():*officenational statistics', max_size=60))
def test_anything_is_widened_and_nothing_that_was_typed_is_lost(text: str) -> None:
    tree = read_query(text, NOW).tree
    assert flat(widened(tree, [WORDS])[0]) == flat(tree)


def flat(node: Any) -> Any:
    """A tree as sets of what was typed, whatever names its words make."""
    match node:
        case Alternatives(typed, _, _):
            return flat(typed)
        case AnyOf(children):
            found = [flat(child) for child in children]
            parts = [one if isinstance(one, tuple) and one[:1] == ("any",) else ("any", one) for one in found]
            return ("any", *(part for one in parts for part in one[1:]))
        case Ranked(of, by):
            return ("ranked", flat(of), flat(by))
    if hasattr(node, "of") and isinstance(node.of, tuple):
        return (type(node).__name__, *(flat(child) for child in node.of))
    return node


def asked(
    database: Database,
    place: SearchPlace,
    query: str,
    clock: Clock,
    remembering: Vocabulary | None = None,
    **options: Any,
) -> Found:
    with database.read() as session:
        wording = Wording(session, remembering or Vocabulary(database))
        return search(place.reader(), query, clock=clock, facets=(), wording=wording, **options)


def test_every_engine_finds_what_is_meant_below_what_was_typed(
    database: Database, records: Any, place: SearchPlace, clock: Clock, make: Make
) -> None:
    with database.write() as session:
        aliases = (("Drainage Board", None), ("MoR", None))
        record_organisation(session, OrganisationDetails("Ministry of Rivers", aliases=aliases), clock, CountingIds())
        record_synonym(session, LOCAL_REGISTRAR, SynonymDetails("bin", "waste container"), clock)
        records.write(session, make(1, title="Waste containers of the town"))
        records.write(session, make(2, title="Bins of the town"))
        records.write(session, make(3, title="Levels by the National Heron Count (NHC)"))
        records.write(session, make(4, title="NHC members"))
        records.write(session, make(5, title="A container for waste"))
        records.write(session, make(6, title="Report of the Ministry of Rivers"))
    drain(database, place, clock)

    found = asked(database, place, "bin", clock)
    assert [hit.title for hit in found.answer.hits] == ["Bins of the town", "Waste containers of the town"]
    assert found.also == (AlsoSearched("bin", "waste container", "a synonym set by the registrar"),)
    assert found.query.understood == "Records with “bin”."
    learnt = asked(database, place, "national heron count", clock)
    assert {hit.title for hit in learnt.answer.hits} == {"Levels by the National Heron Count (NHC)", "NHC members"}
    assert learnt.also == (AlsoSearched("national heron count", "NHC", "learnt from titles"),)
    named = asked(database, place, "mor", clock)
    assert [hit.title for hit in named.answer.hits] == ["Report of the Ministry of Rivers"]
    assert {one.instead for one in named.also} == {"Ministry of Rivers", "Drainage Board"}
    assert asked(database, place, '"bin"', clock).answer.total == 1
    assert asked(database, place, "bin", clock, words_must_match=True).also == ()
    assert asked(database, place, '"bin yard"', clock).looser is not None
    assert asked(database, place, '"bin yard"', clock, relaxed=True).answer.total == 2


def test_what_a_record_taught_goes_with_it(
    database: Database, records: Any, place: SearchPlace, clock: Clock, make: Make
) -> None:
    with database.write() as session:
        records.write(session, make(1, title="Levels by the National Heron Count (NHC)"))
    remembering = Vocabulary(database, timer=lambda: 0.0)
    with database.write() as session:
        assert remembering.thesauri(session)[1].longest("nhc") == 1
        records.remove(session, make(1).id, 2)
    drain(database, place, clock)
    with database.read() as session:
        found = search(place.reader(), "nhc", clock=clock, wording=Wording(session, remembering))
    assert found.also == ()


def test_two_words_that_titles_write_as_one(
    database: Database, records: Any, place: SearchPlace, clock: Clock, make: Make
) -> None:
    titles = ("Postcodes", "Postcode directory", "Post offices", "Code of practice")
    with database.write() as session:
        for number, title in enumerate(titles, start=1):
            records.write(session, make(number, title=title))
    drain(database, place, clock)
    remembering = Vocabulary(database, timer=lambda: 0.0)
    for query in ("post code areas", "post-code", "+area Post Code"):
        found = asked(database, place, query, clock, remembering)
        assert [(one.instead, one.why) for one in found.also] == [("postcode", "written as one word")]
        assert set(titles[:2]) <= {hit.title for hit in found.answer.hits} or query.startswith("+")
    for query in ('"post code"', "code post", "post +code", "post* code", "-post code"):
        assert asked(database, place, query, clock, remembering).also == ()
    with database.write() as session:
        for number in (1, 2):
            records.remove(session, make(number).id, 2)
    drain(database, place, clock)
    assert asked(database, place, "post code", clock, remembering).also == ()  # no record has it any more


@pytest.mark.parametrize(
    ("text", "learnt"),
    [
        (f"{ONS} (ONS)", [("ONS", ONS)]),
        ("Data of the Office for National Statistics (ONS), 2020", [("ONS", ONS)]),
        ("ONS (Office for National Statistics) data", [("ONS", ONS)]),
        ("HM Revenue and Customs (HMRC)", [("HMRC", "HM Revenue and Customs")]),
        ("Lower-layer Super Output Areas (LSOAs)", [("LSOA", "Lower-layer Super Output Areas")]),
        ("Research & Development (R&D)", [("R&D", "Research & Development")]),
        (
            "Ministry of Rivers (MoR) and Board of Tolls (BoT)",
            [("MoR", "Ministry of Rivers"), ("BoT", "Board of Tolls")],
        ),
        ("Road traffic (UK)", []),
        ("Payments (2019)", []),
        ("Rivers (R)", []),
        ("Levels (provisional)", []),
        ("National Heron Count (NHX)", []),
        ("(ONS)", []),
        ("(" * 5000, []),
    ],
)
def test_an_acronym_is_learnt_where_its_initials_fit(text: str, learnt: list[tuple[str, str]]) -> None:
    assert [(one.acronym, one.meaning) for one in acronyms_in([text])] == learnt


def test_of_several_meanings_one_counts_only_where_it_dominates() -> None:
    met = [("gp", "General Practice", 30), ("gp", "general practice", 1), ("gp", "Group Policy", 4)]
    assert dominant(met) == dominant(met[::-1]) == {"gp": "General Practice"}
    assert dominant([("gp", "General Practice", 3), ("gp", "Group Policy", 2)]) == {}
