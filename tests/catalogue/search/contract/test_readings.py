"""The fixed readings of the query language and its limits, on every engine and on the plain reading of each record."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.search.document import InState
from catalogue.search.engine import Upsert
from catalogue.search.query import read_query
from catalogue.search.query_scan import DEEPEST_NESTING, LONGEST_QUERY, MOST_CLAUSES
from catalogue.search.service import Found, search
from tests.catalogue.search.conftest import NOW, make_document
from tests.catalogue.search.contract.oracle import expected
from tests.catalogue.search.engines import PLACES

Ask = Callable[..., Found]
make = make_document

SHELF = [
    make(1, title="Tax credit fraud", summary="Losses to fraud and error.", organisations=("hmrc",), years=(2019,)),
    make(2, title="Self-employed income", summary="Tables for 2019-20.", organisations=("hmrc",), years=(2019, 2020)),
    make(3, title="Benefit fraud", summary="Fraud in benefits.", organisations=("dwp",), modified="2024-05-17"),
    make(4, title="River levels", organisations=("environment-agency",), licence="ogl-3", modified="2023"),
    make(5, title="Tax receipts", organisations=("x-y",), recorded_at="2024-05-16T13:00:00Z", keywords=("Tax",)),
    make(
        6,
        id="agreement:DEA/D/31",
        kind="agreement",
        title="Sharing of debt data",
        address="/agreements/DEA/D/31",
        organisations=("z", "hmrc"),
        organisation_names=("Z Council", "HM Revenue and Customs"),
        states=(InState("active"),),
    ),
    make(7, title="Bulletin", summary="All the tables: http://example.org/tables.", places=("Rivertown",)),
]


@pytest.fixture(scope="module", params=sorted(PLACES))
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Searches one index of an engine with all of the records above."""
    place = PLACES[request.param](tmp_path_factory.mktemp("readings") / "search")
    with closing(place.writer()) as writer:
        writer.apply([Upsert(document) for document in SHELF], 1)

    def ask(text: str, **options: Any) -> Found:
        return search(reader, text, clock=lambda: NOW, **options)

    with closing(place.reader()) as reader:
        yield ask


def numbers(ids: Iterator[str]) -> str:
    return " ".join(
        map(str, sorted(int(name.rpartition("/")[2]) if "/" in name else int(name[8:], 16) for name in ids))
    )


READINGS = {
    "": "1 2 3 4 5 7 31",
    "   ": "1 2 3 4 5 7 31",
    "*:*": "1 2 3 4 5 7 31",
    "fraud": "1 3",
    "fraud tax": "1 3 5",
    "frauds": "1 3",
    "fraud organisation:hmrc": "1 2 31",
    "+fraud organisation:hmrc": "1",
    "-organization:hmrc": "3 4 5 7",
    "NOT organization:hmrc": "3 4 5 7",
    "organization:(x-y OR z)": "5 31",
    "organisation:(x-y z)": "5 31",
    "organization:dwp OR organization:x-y metadata_modified:[2024-05-02 TO *]": "5",
    "publisher:DWP": "3",
    'organisation:"HM Revenue and Customs"': "31",
    "organisation:env*": "4",
    "2019-20": "2",
    "2019": "2",
    "20 2019": "2",
    "2019/20": "2",
    "DEA/D/31": "31",
    "id:agreement:DEA/D/31": "31",
    "self-employed": "2",
    "self": "2",
    "tax-credit": "1",
    '"tax credit"': "1",
    '"credit tax"': "",
    '"fraud error"': "",
    "tax AND fraud": "1",
    "tax OR fraud": "1 3 5",
    "tax -fraud": "5",
    "tax AND NOT fraud": "5",
    "river OR tax AND fraud": "1 4",
    "(river OR tax) AND fraud": "1",
    "(river OR tax) (fraud OR receipts)": "1 5",
    "title:fraud": "1 3",
    "title:losses": "",
    "title:(river OR receipts)": "4 5",
    "title:riv*": "4",
    "frau* recei*": "1 3 5",
    "self-em*": "2",
    "dea/d*": "31",
    "organisation:(x* OR z)": "5 31",
    "title:self-em*": "2",
    "+frau*": "1 3",
    "-fraud": "2 4 5 7 31",
    "+tax fraud": "1 5",
    "+tax +fraud": "1",
    "+(tax OR river) -fraud": "4 5",
    '-"tax credit"': "2 3 4 5 7 31",
    '"tax credit" OR river': "1 4",
    '"fraud losses"': "",  # the end of the title and the beginning of the summary
    'title:"tax credit"': "1",
    'title:"credit tax"': "",
    'organisation:"Z Council" fraud': "31",
    "organisation:(hmrc AND z)": "31",
    "organisation:(hmrc AND -z)": "1 2",
    "tax AND fraud river": "1",
    "tax AND fraud OR river": "1 4",
    "NOT tax AND fraud": "3",
    "NOT (tax OR fraud)": "2 4 7 31",
    "fraud AND (-organisation:dwp)": "1",
    "river OR -organisation:hmrc": "3 4 5 7",
    "licence:*": "4",
    "-licence:*": "1 2 3 5 7 31",
    "licence:OGL-3": "4",
    "kind:agreement": "31",
    "tag:tax": "5",
    "year:2020": "2",
    "year:[2019 TO 2020}": "1 2",
    "year:{2019 TO *]": "2",
    "year:>=2020": "2",
    "year:<2020": "1 2",
    "year:{2019 TO 2020}": "",
    "year:[* TO *]": "1 2",
    "year:>2019": "2",
    "year:<=2019": "1 2",
    "modified:[NOW-1DAY TO NOW]": "3",
    "modified:[NOW-1DAY/DAY TO NOW]": "3",
    "modified:>=2024-05-17": "3",
    "modified:>2024-05-17": "",
    "modified:<=2023": "4",
    "modified:{2023 TO *]": "3",
    "modified:[2023-01-01 TO 2023-12-31]": "4",
    "modified:{2022 TO 2024}": "4",
    "-modified:*": "1 2 5 7 31",
    "modified:(2023 OR [2024-05-17 TO 2024-05-17])": "3 4",
    "modified:2023": "4",
    "modified:<2024": "4",
    "modified:>2023": "3",
    "modified:*": "3 4",
    "recorded:[NOW-1DAY TO NOW]": "5",
    "http://example.org": "7",
    "http://example.org/tables": "7",
    "http": "7",
    "org": "7",
    "https://example.org": "7",
    "http://example.com": "",
    '"http://example.com"': "",
    "+example.com": "",
    "nofield:receipts": "5",
    "+nofield:receipts": "",
    "the of and": "1 7 31",
    "losses of the": "1",
    "state:active": "31",
    "name:record-3": "3",
    "id:*": "1 2 3 4 5 7 31",
    "place:(rivertown OR nowhere)": "7",
    "Rivertown": "7",
    "café": "",
    "tax,fraud": "1 3 5",
    "tax && fraud": "1",
    "tax !fraud": "5",
    "−organisation:hmrc": "3 4 5 7",
    "organisation:(−hmrc)": "3 4 5 7",
    "organisation:-hmrc": "3 4 5 7",
    "organisation:'Z Council'": "31",
    'organisation:"z  coun*"': "31",
    'organisation:"HM Revenue & Customs"': "31",
    "kind:agreements": "31",
    'licence:"Open Government Licence v3.0"': "4",
    "state:'In the catalogue'": "31",
    "year:201*": "1 2",
    "year:2019..2020": "1 2",
    "year:2020-21": "2",
    "modified:2023-*": "4",
    "modified:today": "3",
    "modified:[2024..2023]": "3 4",
    '"credit tax"~4': "1",
    "id:dg-31": "",
    "type:agreement": "31",
    "year:2019,2020": "1 2",
    "year:(>=2020 <=2020)": "2",
}


@pytest.mark.parametrize("query", READINGS)
def test_a_query_finds_exactly_these(asked: Ask, query: str) -> None:
    found = asked(query)
    assert numbers(hit.id for hit in found.answer.hits) == READINGS[query]
    assert found.answer.total == len(found.answer.hits)
    plainly = expected(read_query(query, NOW).tree, {}, SHELF, NOW.date())
    assert numbers(document.id for document in plainly) == READINGS[query]


def test_records_of_the_organisation_are_ranked_by_the_words_beside_it(asked: Ask) -> None:
    hits = asked("fraud organisation:hmrc").answer.hits
    assert hits[0].title == "Tax credit fraud"
    assert hits[0].score > hits[1].score == hits[2].score == 0


OPEN = "(" * (DEEPEST_NESTING + 1)
LIMITS = {
    "a word of 101 characters": ("x" * 101 + " fraud", "cut after 100 characters", "1 3"),
    "nesting 17 deep": (f"{OPEN}fraud{')' * len(OPEN)} -organisation:dwp", "more than 16 deep", "1"),
    "8,001 characters": ("fraud " + "~" * LONGEST_QUERY + " river", "first 8,000 characters", "1 3"),
    "513 parts": ("fraud " * MOST_CLAUSES + "river", "first 512 parts", "1 3"),
}


@pytest.mark.parametrize("case", LIMITS)
def test_beyond_a_limit_the_rest_is_left_out_and_that_is_told(asked: Ask, case: str) -> None:
    query, note, found = LIMITS[case]
    answer = asked(query)
    assert any(note in said for said in answer.query.notes)
    assert numbers(hit.id for hit in answer.answer.hits) == found


AT_THE_LIMIT = {
    "a word of 100 characters": "x" * 100,
    "nesting 16 deep": "(" * DEEPEST_NESTING + "fraud" + ")" * DEEPEST_NESTING,
    "8,000 characters": "fraud" + " " * (LONGEST_QUERY - 5),
    "512 parts": "fraud " * MOST_CLAUSES,
}


@pytest.mark.parametrize("case", AT_THE_LIMIT)
def test_at_a_limit_nothing_is_left_out(asked: Ask, case: str) -> None:
    found = asked(AT_THE_LIMIT[case])
    assert found.query.notes == ()
    assert numbers(hit.id for hit in found.answer.hits) == ("" if "x" in AT_THE_LIMIT[case] else "1 3")


PIECES = st.sampled_from(
    [
        *(
            "fraud",
            "tax",
            "2019-20",
            "river*",
            '"',
            "(",
            ")",
            "+",
            "-",
            " ",
            " AND ",
            " OR ",
            " NOT ",
            ":",
            "*",
            "[",
            "]",
        ),
        *(
            "organisation:",
            "year:",
            "modified:",
            "title:",
            " TO ",
            "NOW-1DAY",
            ">=",
            "{",
            "}",
            "\0",
            "\ud800",
            "ß",
            "é",
        ),
    ]
)


@settings(max_examples=150)
@given(text=st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(st.characters(codec=None), max_size=60)))
def test_no_text_makes_an_engine_fail_and_all_find_the_same(asked: Ask, text: str) -> None:
    found = asked(text)
    plainly = expected(read_query(text, NOW).tree, {}, SHELF, NOW.date())
    assert {hit.id for hit in found.answer.hits} == {document.id for document in plainly}


LOOSER = {
    "fraud-credit": ("1 3", "Records with any of “fraud” and “credit”; the best matches come first."),
    '"2019/20 receipts"': ("2 5", "Records with any of “2019/20” and “receipts”; the best matches come first."),
    "+losses-river -organisation:hmrc": (
        "4",
        "Records with “losses” or “river”, but not those where an organisation is “hmrc”.",
    ),
    "fraud=credit": ("1 3", "Records with any of “fraud” and “credit”; the best matches come first."),
    "title:self-income": ("2", "Records with “self” in the title or with “income” in the title."),
    '"credit tax"': ("1 5", "Records with any of “credit” and “tax”; the best matches come first."),
    "receipts AND river": ("4 5", "Records with any of “receipts” and “river”; the best matches come first."),
    "+receipts +river": ("4 5", "Records with any of “receipts” and “river”; the best matches come first."),
    "+nothing fraud": ("1 3", "Records with any of “nothing” and “fraud”; the best matches come first."),
    '"error of losses"': (
        "1",
        "Records with any of “error” and “losses”; the best matches come first, and “of” helps.",
    ),
    "receipts AND river organisation:x-y": (
        "5",
        "Records with “receipts” or “river” and where an organisation is “x-y”.",
    ),
    'title:"credit tax"': ("1 5", "Records with “credit” in the title or with “tax” in the title."),
    '"tax fraud" -organisation:hmrc': (
        "3 5",
        "Records with “tax” or “fraud”, but not those where an organisation is “hmrc”.",
    ),
}


@pytest.mark.parametrize("query", LOOSER)
def test_where_a_strict_reading_finds_nothing_a_looser_one_is_offered(asked: Ask, query: str) -> None:
    strict = asked(query)
    found, understood = LOOSER[query]
    assert strict.answer.total == 0
    assert strict.looser is not None
    assert (strict.looser.total, strict.looser.understood) == (len(found.split()), understood)
    loose = asked(query, relaxed=True)
    assert numbers(hit.id for hit in loose.answer.hits) == found
    assert loose.query.understood == understood
    assert loose.looser is None


@pytest.mark.parametrize(
    "query",
    [
        "zebra",
        '"zebra"',
        "+zebra",
        "zebra AND lion",
        "organisation:nobody fraud",
        "year:1066",
        '"tax credit"',
        "-fraud",
    ],
)
def test_nothing_is_offered_where_nothing_is_strict_or_nothing_would_be_found(asked: Ask, query: str) -> None:
    assert asked(query).looser is None


def test_a_caller_whose_words_must_match_is_offered_nothing(asked: Ask) -> None:
    assert asked("receipts river", words_must_match=True).answer.total == 0
    assert asked("receipts river", words_must_match=True).looser is None
