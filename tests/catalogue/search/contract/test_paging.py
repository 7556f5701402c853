"""Pages that follow one another by cursor: to the last record, each once, whatever else changes meanwhile."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace

import pytest

from catalogue.search.cursor import Cursor
from catalogue.search.document import SearchDocument
from catalogue.search.engine import Change, Removal, SearchAnswer, SearchEngine, SearchRequest, Sort, Upsert
from catalogue.search.fields import KIND
from catalogue.search.query_tree import EVERYTHING, AllOf, AnyOf, FieldClause, Node, Not, Ranked, Word
from schemas.errors import InvalidInput
from tests.catalogue.search.conftest import make_document
from tests.catalogue.search.contract.oracle import in_order
from tests.catalogue.search.engines import PLACES

MANY = 1_030
Index = tuple[SearchEngine, SearchEngine]
RIVERS = AnyOf((Word("river"), Word("weir")))
WEIRS_FIRST = AllOf((Ranked(FieldClause(KIND, Word("dataset")), Word("weir")), Not(Word("canal"))))


def record(number: int, **values: object) -> SearchDocument:
    """One of many that share titles, dates and how well they match."""
    written = {
        "id": f"{'agreement:x-' if number % 5 == 0 else 'dataset:'}{number * 7919 % MANY:06d}",
        "title": f"{('River', 'Weir', 'Canal')[number % 3]} “levels” (part {number % 11})",
        "summary": " ".join(["river"] * (number % 4) + ["weir"] * (number % 2)),
        "modified": ("2024", "2023-05", "2023-05-17", None)[number % 4],
        "recorded_at": f"2024-05-{number % 9 + 1:02d}T10:00:00Z",
    }
    return make_document(number, **{**written, **values})


SHELF = [record(number) for number in range(MANY)]


@pytest.fixture(scope="module", params=sorted(PLACES))
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Many records, in several commits, so that an engine has several segments."""
    place = PLACES[request.param](tmp_path_factory.mktemp("paging") / "search")
    with closing(place.writer()) as writer, closing(place.reader()) as reader:
        for start in range(0, MANY, 400):
            writer.apply([Upsert(document) for document in SHELF[start : start + 400]], start + 1)
        yield writer, reader


def pages(reader: SearchEngine, request: SearchRequest) -> Iterator[SearchAnswer]:
    """One page after the other, each with the cursor of the one before it as it stands in an address."""
    while True:
        answer = reader.search(request)
        yield answer
        if answer.next is None:
            return
        request = replace(request, after=Cursor.from_text(answer.next.text()))


def ids(answers: Sequence[SearchAnswer]) -> list[str]:
    return [hit.id for answer in answers for hit in answer.hits]


@pytest.mark.parametrize(
    ("sort", "reverse", "limit"),
    [
        (Sort.RELEVANCE, False, 7),
        (Sort.RELEVANCE, False, 60),
        (Sort.NEWEST, False, 7),
        (Sort.TITLE, False, 7),
        (Sort.TITLE, True, 60),
        (Sort.RECORDED, False, 60),
        (Sort.NAME, False, 60),
        (Sort.IDENTIFIER, True, 60),
    ],
)
def test_small_pages_give_what_one_long_list_gives(index: Index, sort: Sort, reverse: bool, limit: int) -> None:
    _, reader = index
    tree = EVERYTHING if sort is not Sort.RELEVANCE else RIVERS if limit == 7 else WEIRS_FIRST
    request = SearchRequest(tree, sort=sort, reverse=reverse, limit=limit, snippet_length=0)
    walked = list(pages(reader, request))
    whole = reader.search(replace(request, limit=2_000))
    assert ids(walked) == ids([whole])
    assert len(set(ids(walked))) == whole.total == len(ids(walked))
    assert {answer.total for answer in walked} == {whole.total}
    assert [answer.next.position for answer in walked if answer.next] == list(range(limit, whole.total, limit))
    if sort is not Sort.RELEVANCE:
        assert ids(walked) == in_order(SHELF, sort, reverse=reverse)


def test_deep_in_one_great_tie_nothing_is_met_twice_or_lost(index: Index) -> None:
    """All match equally well but for a few: the rest is one tie, in which only identifiers tell where a page begins."""
    _, reader = index
    tree = AnyOf((Word("levels"), Word("river")))
    request = SearchRequest(tree, filters={"kind": ("dataset",)}, limit=90, snippet_length=0)
    found = [hit for answer in pages(reader, request) for hit in answer.hits]
    assert len({hit.id for hit in found}) == len(found) == MANY
    assert found == sorted(found, key=lambda hit: (-hit.score, hit.id))


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.TITLE])
def test_what_stays_as_it_is_is_met_once_whatever_changes(index: Index, sort: Sort) -> None:
    writer, reader = index
    request = SearchRequest(sort=sort, limit=40, snippet_length=0)
    order = in_order(SHELF, sort, reverse=False)
    gone = [one for one in SHELF if one.id in {order[79], order[80], order[200], order[500]}]  # one ends a page
    moved = [one for one in SHELF if one.id in {order[10], order[300], order[1000]}]
    new = [record(MANY + number, id=f"dataset:new{number}") for number in range(30)]
    met: list[str] = []
    try:
        for number, answer in enumerate(pages(reader, request)):
            met += [hit.id for hit in answer.hits]
            if number == 1:
                changes: list[Change] = [*(Removal(one.id, 2) for one in gone), *map(Upsert, new)]
                changes += [Upsert(replace(one, revision=2, title="Aqueduct", modified="2025")) for one in moved]
                writer.apply(changes, writer.watermark() + 1)
        touched = {one.id for one in (*gone, *moved, *new)}
        assert [identifier for identifier in met if identifier not in touched] == [
            identifier for identifier in order if identifier not in touched
        ]
    finally:
        writer.mend([*(Removal(one.id, 3) for one in new), *map(Upsert, (*gone, *moved))], writer.watermark())


def test_by_relevance_a_page_begins_where_the_last_record_now_stands(index: Index) -> None:
    """Hundreds of others come that have one of the words: every score is another one, the order of the rest is not."""
    writer, reader = index
    tree, limit = Word("weir"), 25
    request = SearchRequest(tree, limit=limit, snippet_length=0)
    before = ids([reader.search(replace(request, limit=2_000))])
    new = [record(MANY + number, id=f"dataset:new{number}", title="Weir weir", summary="") for number in range(300)]
    met: list[str] = []
    try:
        for number, answer in enumerate(pages(reader, request)):
            met += [hit.id for hit in answer.hits]
            if number == 3:
                writer.apply(list(map(Upsert, new)), writer.watermark() + 1)
        after = ids([reader.search(replace(request, limit=2_000))])
        came = {one.id for one in new}
        assert [identifier for identifier in after if identifier not in came] == before
        assert [identifier for identifier in met if identifier not in came] == before
    finally:
        writer.mend([Removal(one.id, 3) for one in new], writer.watermark())


@pytest.mark.parametrize("tree", [Word("weir"), WEIRS_FIRST])
def test_a_last_record_that_was_changed_takes_no_others_along(index: Index, tree: Node) -> None:
    """The record at the end of a page loses its words, and with them its rank: the others are met all the same."""
    writer, reader = index
    request = SearchRequest(tree, limit=100, snippet_length=0)
    before = ids([reader.search(replace(request, limit=2_000))])
    last = next(document for document in SHELF if document.id == before[199])
    met: list[str] = []
    try:
        for number, answer in enumerate(pages(reader, request)):
            met += [hit.id for hit in answer.hits]
            if number == 1:
                writer.apply([Upsert(replace(last, revision=2, title="Levels", summary=""))], writer.watermark() + 1)
        assert [identifier for identifier in met if identifier != last.id] == [
            identifier for identifier in before if identifier != last.id
        ]
    finally:
        writer.mend([Upsert(last)], writer.watermark())


def test_the_last_page_and_no_page_lead_nowhere(index: Index) -> None:
    _, reader = index
    assert reader.search(SearchRequest(limit=0)).next is None
    assert reader.search(SearchRequest(limit=MANY)).next is None
    assert reader.search(SearchRequest(tree=Word("nowhere"))).next is None
    last = reader.search(SearchRequest(limit=MANY - 1)).next
    assert last is not None
    answer = reader.search(SearchRequest(after=last))
    assert (len(answer.hits), answer.next, answer.total) == (1, None, MANY)


def test_a_cursor_of_another_order_or_beside_an_offset_is_refused(index: Index) -> None:
    _, reader = index
    after = reader.search(SearchRequest(sort=Sort.TITLE, limit=3)).next
    for request in (
        SearchRequest(after=after),
        SearchRequest(after=after, sort=Sort.TITLE, reverse=True),
        SearchRequest(RIVERS, after=after),
        SearchRequest(after=after, sort=Sort.TITLE, offset=3),
    ):
        with pytest.raises(InvalidInput):
            reader.search(request)
