"""What only an index on a server has: addresses, failures, leases and takeovers, depth, facets of many values."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from catalogue.search import opensearch_lock, opensearch_place, opensearch_reading
from catalogue.search import opensearch_writing as writing
from catalogue.search.document import SearchDocument
from catalogue.search.engine import (
    Change,
    IndexBusy,
    Removal,
    SearchEngine,
    SearchRequest,
    SearchTimedOut,
    SearchUnavailable,
    Sort,
    Upsert,
)
from catalogue.search.indexer import drain
from catalogue.search.opensearch_connection import read_address
from catalogue.search.opensearch_layout import laid_out
from catalogue.search.opensearch_place import OpenSearchPlace
from catalogue.search.opensearch_query import MOST_LEAVES, leaves, ranked
from catalogue.search.query_tree import EVERYTHING, Alternatives, AnyOf, Word
from schemas.clock import Clock
from schemas.database.engine import Database
from schemas.database.outbox import waiting_count
from schemas.errors import InvalidInput
from schemas.settings import read_settings
from tests.services.commands import ROOT
from tests.services.opensearch import index_for

Make = Callable[..., SearchDocument]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an index that the tests of this file share."""
    return index_for(tmp_path_factory.mktemp("opensearch"))


@pytest.fixture
def place(url: str, tmp_path: Path) -> OpenSearchPlace:
    """The shared index, empty, from a data folder of its own."""
    made = OpenSearchPlace(url, tmp_path / "search")
    with made.rebuilding() as rebuild:
        rebuild.swap(0)
    return made


def found(engine: SearchEngine, **wishes: Any) -> list[str]:
    return [hit.title for hit in engine.search(SearchRequest(sort=Sort.TITLE, **wishes)).hits]


@pytest.mark.parametrize(
    ("text", "shown", "account"),
    [
        ("http://localhost:9200", "http://localhost:9200/data-gazette", None),
        ("https://search.example.org/gov/", "https://search.example.org:443/gov", None),
        ("https://me:p%40ss%2F@[::1]:9200/gov_2", "https://[::1]:9200/gov_2", ("me", "p@ss/")),
    ],
)
def test_an_address_names_server_account_and_index(text: str, shown: str, account: tuple[str, str] | None) -> None:
    address = read_address(text)
    assert (address.shown, address.account) == (shown, account)
    assert "p@ss" not in repr(address)


@pytest.mark.parametrize(
    "text",
    ["https://me:secret@", "https://me:secret@host:99999", "ftp://me:secret@host", "https://me:secret@host/Up",
     "https://me:secret@host/a/b", "https://me:secret@host/x?y=1"],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused_and_never_repeated(text: str) -> None:
    with pytest.raises(InvalidInput, match="GAZETTE_SEARCH_URL") as caught:
        read_address(text)
    assert "secret" not in str(caught.value)


def test_the_setting_is_needed_hidden_and_of_no_other_folder(tmp_path: Path) -> None:
    engine = {"GAZETTE_SEARCH_ENGINE": "opensearch"}
    for address in ("", "search.example.org:secret"):
        with pytest.raises(InvalidInput, match="GAZETTE_SEARCH_URL") as caught:
            read_settings({**engine, "GAZETTE_SEARCH_URL": address}, tmp_path)
        assert "secret" not in str(caught.value)
    settings = read_settings({**engine, "GAZETTE_SEARCH_URL": "https://me:se@cret@host:9200/gov"}, tmp_path)
    assert settings.search_url_shown == "https://***@host:9200/gov"
    assert "cret" not in repr(settings)
    elsewhere = settings.in_folder(tmp_path / "other")
    assert (elsewhere.search_engine, elsewhere.search_url) == ("tantivy", None)


def test_without_its_client_the_engine_is_refused_and_the_others_work(tmp_path: Path) -> None:
    program = """
import sys
sys.modules["opensearchpy"] = None
from catalogue.search.places import search_place
from schemas.errors import Refused
from schemas.settings import read_settings
print(search_place(read_settings({})))
try:
    search_place(read_settings({"GAZETTE_SEARCH_ENGINE": "opensearch", "GAZETTE_SEARCH_URL": "http://localhost"}))
except Refused as refused:
    print(refused)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert "TantivyPlace" in done.stdout, done.stderr
    assert "The client of OpenSearch is not installed. Install it" in done.stdout


@contextmanager
def answering(status: int, body: str) -> Iterator[str]:
    """The address of something that answers whatever it is asked in one way."""

    class Answer(BaseHTTPRequestHandler):
        def parse_request(self) -> bool:
            if super().parse_request():
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body.encode())
            return False

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://me:secret@127.0.0.1:{server.server_port}/gov"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (401, "Unauthorized", "does not accept the account"),
        (403, '{"error": {"type": "security_exception"}}', "does not allow it"),
        (403, '{"error": {"type": "cluster_block_exception"}}', "takes no changes"),
        (429, '{"error": {"type": "rejected_execution_exception"}}', "too busy"),
        (503, "<html>Bad gateway</html>", "too busy or is starting"),
        (404, '{"error": {"type": "index_not_found_exception"}}', "gazette catalogue reindex"),
        (400, '{"error": {"type": "x_content_parse_exception"}}', "refused: x_content_parse_exception"),
        (500, "{}", "refused"),
        (200, "{}", "does not answer as OpenSearch does"),
        (200, "[1]", "does not answer as OpenSearch does"),
        (200, "<html>Hello</html>", "cannot be read|does not answer as OpenSearch does"),
    ],
)
def test_whatever_a_server_answers_becomes_a_sentence(status: int, body: str, told: str, tmp_path: Path) -> None:
    with answering(status, body) as url:
        place = OpenSearchPlace(url, tmp_path)
        with closing(place.reader()) as reader, pytest.raises(SearchUnavailable, match=told) as caught:
            reader.search(SearchRequest())
        with pytest.raises(SearchUnavailable):
            place.writer()
        with pytest.raises(SearchUnavailable), place.rebuilding():
            pass
    assert "secret" not in str(caught.value)


def test_where_no_server_is_changes_wait(
    database: Database, records: Any, clock: Clock, make: Make, tmp_path: Path
) -> None:
    with database.write() as session:
        records.write(session, make(1))
    with answering(200, "{}") as url:
        nobody = OpenSearchPlace(url, tmp_path / "search")
    with pytest.raises(SearchUnavailable, match="cannot be reached"):
        drain(database, nobody, clock)
    with closing(nobody.reader()) as reader, pytest.raises(SearchUnavailable, match="cannot be reached"):
        reader.watermark()
    with database.read() as session:
        assert waiting_count(session) == 1


def test_a_server_that_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("catalogue.search.opensearch_engine.READ_WITHIN", 0.05)
    silent = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)  # takes connections and never answers
    reader = OpenSearchPlace(f"http://127.0.0.1:{silent.server_port}", tmp_path).reader()
    with pytest.raises(SearchTimedOut, match="did not answer in time"):
        reader.search(SearchRequest())
    reader.close()
    silent.server_close()


def test_an_index_of_another_version_is_refused(
    place: OpenSearchPlace, url: str, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(place.writer()) as writer:
        writer.apply([Upsert(make(1))], 1)
    monkeypatch.setattr(opensearch_place, "fingerprint", lambda: "opensearch-of-tomorrow")
    monkeypatch.setattr("catalogue.search.opensearch_engine.fingerprint", lambda: "opensearch-of-tomorrow")
    tomorrow = OpenSearchPlace(url, tmp_path / "search")
    with closing(tomorrow.reader()) as reader:
        for use in (reader.watermark, lambda: reader.search(SearchRequest()), tomorrow.writer):
            with pytest.raises(SearchUnavailable, match="another version"):
                use()


def test_of_two_data_folders_one_writes_until_its_lease_is_over(
    place: OpenSearchPlace, url: str, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = OpenSearchPlace(url, tmp_path / "another")
    first = place.writer()
    first.apply([Upsert(make(1, title="First")), Upsert(make(2, title="Second"))], 1)
    with pytest.raises(IndexBusy):
        other.writer()
    with pytest.raises(IndexBusy), other.rebuilding():
        pass
    monkeypatch.setattr(opensearch_lock, "LEASE", -1.0)  # whatever is written now has run out
    first._lease.renew()  # type: ignore[union-attr]
    monkeypatch.undo()
    second = other.writer()
    second.apply([Upsert(make(1, revision=2, title="Taken over"))], 2)
    for late in (first.apply, first.mend):
        with pytest.raises(SearchUnavailable, match="taken over"):
            late([Upsert(make(1, revision=1, title="Late")), Upsert(make(3, title="Late"))], 1)
    first.close()  # and lets the other keep what it has
    with pytest.raises(IndexBusy):
        place.writer()
    second.apply([Removal(make(2).id, 2)], 3)
    assert found(second) == ["Taken over"]
    second.close()
    place.writer().close()


def test_a_rebuild_that_was_taken_over_swaps_nothing(
    place: OpenSearchPlace, url: str, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.rebuilding() as rebuild:
        rebuild.resume("basis")
        rebuild.add([make(1, title="Half")])
        monkeypatch.setattr(opensearch_lock, "LEASE", -1.0)
        rebuild._lease.renew()
        monkeypatch.undo()
        with OpenSearchPlace(url, tmp_path / "another").rebuilding() as another:
            assert another.resume("basis") == {make(1).id: 1}
            another.add([make(2, title="Whole")])
            another.swap(7)
        with pytest.raises(SearchUnavailable, match="taken over"):
            rebuild.add([make(3, title="Too late")])
        with monkeypatch.context() as patched:  # even one that trusts its clock cannot bring its build back
            patched.setattr(rebuild._lease, "keep", lambda: None)
            with pytest.raises(SearchUnavailable, match="taken over"):
                rebuild.add([make(3, title="Too late")])
        with pytest.raises(SearchUnavailable, match="taken over"):
            rebuild.swap(9)
    with closing(place.reader()) as reader:
        assert (found(reader), reader.watermark()) == (["Half", "Whole"], 7)


def test_a_commit_that_is_broken_off_is_not_seen_and_can_be_repeated(
    place: OpenSearchPlace, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[Change] = [Upsert(make(1, revision=2, title="New")), Upsert(make(2)), Removal(make(3).id, 2)]
    with closing(place.writer()) as writer, closing(place.reader()) as reader:
        writer.apply([Upsert(make(1, title="Old")), Upsert(make(3))], 4)
        with monkeypatch.context() as patched:
            patched.setattr(writing, "mark", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                writer.apply(changes, 5)
        assert (found(reader), reader.watermark()) == (["Old", "Record 3"], 4)
        writer.apply(changes, 5)
        assert (found(reader), reader.watermark()) == (["New", "Record 2"], 5)


@pytest.mark.parametrize("work", ["apply", "mend"])
def test_what_a_dead_writer_still_had_on_its_way_is_written_over(
    place: OpenSearchPlace, make: Make, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    read, late = writing.standing, [make(1, revision=2, title="On its way")]

    def arriving(client: Any, index: str, ids: Any) -> Any:
        stood = read(client, index, ids)
        while late:
            client.index(index=index, id=late[0].id, body=laid_out(late.pop()))
        return stood

    with closing(place.writer()) as writer:
        writer.apply([Upsert(make(1, title="Old"))], 1)
        monkeypatch.setattr(writing, "standing", arriving)
        getattr(writer, work)([Upsert(make(1, revision=3, title="New"))], 3)
        assert (found(writer), writer.watermark(), late) == (["New"], 3, [])


def test_a_read_only_index_is_told_and_nothing_of_the_commit_is_seen(place: OpenSearchPlace, make: Make) -> None:
    with closing(place.writer()) as writer:
        writer.apply([Upsert(make(1))], 1)
        index = writer._asked
        writer._client.indices.put_settings(index=index, body={"index.blocks.write": True})
        with pytest.raises(SearchUnavailable, match="takes no changes"):
            writer.apply([Upsert(make(2))], 2)
        assert (found(writer), writer.watermark()) == (["Record 1"], 1)


def test_a_name_that_is_another_index_is_left_alone(url: str, make: Make, tmp_path: Path) -> None:
    foreign = OpenSearchPlace(f"{url}-foreign", tmp_path)
    client = foreign._address.client()
    client.indices.create(index=foreign._address.name)
    try:
        with pytest.raises(SearchUnavailable, match="is not an alias"):
            foreign.writer()
        with pytest.raises(SearchUnavailable, match="not ours"), foreign.rebuilding() as rebuild:
            rebuild.swap(1)
    finally:
        client.indices.delete(index=foreign._address.name)
        client.close()


@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.TITLE])
def test_pages_beyond_what_one_request_gives(
    place: OpenSearchPlace, make: Make, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opensearch_reading, "WINDOW", 8)
    monkeypatch.setattr("catalogue.search.opensearch_engine.WINDOW", 8)
    with closing(place.writer()) as writer:
        writer.apply([Upsert(make(number, summary="river", title=f"{number:02d}")) for number in range(30)], 1)
        tree = Word("river") if sort is Sort.RELEVANCE else EVERYTHING
        whole = [f"{number:02d}" for number in range(30)]
        for offset, limit in ((0, 40), (0, 7), (3, 5), (5, 20), (17, 3), (29, 1), (30, 1), (10**12, 5), (2, 0)):
            answer = writer.search(SearchRequest(tree, sort=sort, offset=offset, limit=limit))
            assert [hit.title for hit in answer.hits] == whole[offset : offset + limit]
            assert answer.total == 30
            assert (answer.next is not None) == (limit > 0 and offset + limit < 30)
        first = writer.search(SearchRequest(tree, sort=sort, limit=4))
        rest = writer.search(SearchRequest(tree, sort=sort, limit=100, after=first.next))
        assert [hit.title for hit in (*first.hits, *rest.hits)] == whole
        assert len(list(writer.revisions())) == 30


def test_a_facet_of_very_many_values_is_counted_whole(
    place: OpenSearchPlace, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opensearch_reading, "MOST_VALUES", 3)
    monkeypatch.setattr(opensearch_reading, "WINDOW", 2)
    with closing(place.writer()) as writer:
        writer.apply([Upsert(make(n, keywords=("all", f"k{n}"), formats=("csv",))) for n in range(5)], 1)
        request = SearchRequest(filters={"keyword": ("k1",)}, facets=("keyword", "format"), facet_limit=100, limit=1)
        facets = writer.search(request).facets
    assert {count.value: count.count for count in facets["keyword"]} == {"all": 5, **{f"k{n}": 1 for n in range(5)}}
    assert [(count.value, count.count) for count in facets["format"]] == [("csv", 1)]


def test_a_query_too_large_for_a_server_ranks_more_plainly_and_finds_the_same(
    place: OpenSearchPlace, make: Make
) -> None:
    words = tuple(Alternatives(Word(f"word{n}"), (Word(f"other{n}"),), 0.8) for n in range(480))
    assert leaves(ranked(AnyOf(words))) <= MOST_LEAVES < leaves(ranked(AnyOf(words[:240]))) * 3
    with closing(place.writer()) as writer:
        writer.apply([Upsert(make(1, summary="other479")), Upsert(make(2, summary="nothing"))], 1)
        answer = writer.search(SearchRequest(AnyOf(words)))
        assert [hit.id for hit in answer.hits] == [make(1).id]
        assert answer.hits[0].score > 0
