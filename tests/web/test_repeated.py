"""An answer is given again while nothing has changed, and never when anything has."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from catalogue.datasets.record import record_dataset
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database, open_database
from schemas.settings import sqlite_url
from tests.web.conftest import Site, filled_site
from tests.web.content import TAX
from tests.web.test_query_counts import LaterIds, counted
from web import repeated

PAGES = (
    "/",
    "/datasets/tax-returns",
    "/datasets/tax-returns.ttl",
    "/search?q=tax",
    "/organisations/revenue-office",
    "/catalog.ttl",
    "/api/3/action/package_show?id=tax-returns",
    "/api/3/action/package_search?q=tax",
    "/api/3/action/package_list",
)


@pytest.fixture
def own_site(database: Database, tmp_path: Path) -> Site:
    """A filled site of this test alone, on each database."""
    return filled_site(tmp_path, database)


@pytest.fixture
def small_site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    shutil.copyfile(sqlite_template, tmp_path / sqlite_template.name)
    with closing(open_database(sqlite_url(tmp_path))) as database:
        yield filled_site(tmp_path, database)


def _changed(site: Site, title: str) -> None:
    with site.database.write() as session:
        record_dataset(
            session,
            LOCAL_REGISTRAR,
            {**TAX, "title": title},
            source="test",
            identifier="tax",
            clock=site.clock,
            ids=LaterIds(),
        )


def _statements(site: Site, reader: FlaskClient, address: str, **asked: Any) -> int:
    """How much is asked of the records to answer. (The mark's own question in PostgreSQL is none.)"""
    with counted(site.database) as statements:
        assert reader.get(address, **asked).status_code == 200
    return sum("pg_current_snapshot" not in statement for statement in statements)


def told(answer: TestResponse) -> list[tuple[str, str]]:
    """The headers, but for the length: what was written while it was sent has one when it is given again."""
    return [(name, value) for name, value in answer.headers if name != "Content-Length"]


def test_the_second_time_nothing_is_read_and_the_answer_is_the_same(own_site: Site) -> None:
    reader = own_site.app().test_client()
    zipped = {"Accept-Encoding": "gzip"}
    # Other databases of the same PostgreSQL move its snapshots too: there a commit may seem to have come between.
    turns = 1 if own_site.database.is_sqlite else 30
    for address in PAGES:
        first = reader.get(address, headers=zipped)
        assert 0 in (_statements(own_site, reader, address, headers=zipped) for _turn in range(turns)), address
        second = reader.get(address, headers=zipped)
        assert (first.status, first.data, told(first)) == (second.status, second.data, told(second))


def test_what_is_asked_in_a_body_is_told_apart_by_it(small_site: Site) -> None:
    reader = small_site.app().test_client()
    show = "/api/3/action/package_show"
    bodies = ({"id": "tax-returns"}, {"id": "tax-returns", "x": "é"}, {"id": "nothing-here"})
    first = [reader.post(show, json=body) for body in bodies]
    assert [answer.status_code for answer in first] == [200, 200, 404]
    with counted(small_site.database) as statements:
        again = [reader.post(show, json=body) for body in bodies[:2]]
    assert not statements
    assert [answer.data for answer in again] == [answer.data for answer in first[:2]]
    form = reader.post(show, data=b'{"id": "tax-returns"}', content_type="application/x-www-form-urlencoded")
    assert form.json["result"]["name"] == "tax-returns"  # type: ignore[index]
    long = {"id": "tax-returns", "x": "x" * repeated.LONGEST_QUESTION}
    assert reader.post(show, json=long).status_code == reader.post(show, json=long).status_code == 200
    _changed(small_site, "Returns of taxes, corrected")
    assert "corrected" in reader.post(show, json=bodies[0]).text


def test_a_list_that_is_cut_short_or_long_is_not_kept(small_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    app = small_site.app()
    names = "/api/3/action/package_list"
    cut = app.test_client().get(names, buffered=False)
    next(iter(cut.response))
    cut.close()
    whole = app.test_client().get(names)
    assert whole.json["result"]  # type: ignore[index]
    assert "Content-Length" not in whole.headers
    assert app.test_client().get(names).headers["Content-Length"] == str(len(whole.data))
    monkeypatch.setattr(repeated, "LONGEST_ANSWER", len(whole.data) - 1)
    reader = small_site.app().test_client()
    reader.get(names)
    assert _statements(small_site, reader, names) > 0


def test_another_question_about_the_same_records_does_not_read_them_again(small_site: Site) -> None:
    reader = small_site.app().test_client()
    search = "/api/3/action/package_search?facet.field=%5B%22organization%22%5D&q=tax"
    first = reader.get(search).json["result"]  # type: ignore[index]
    assert _statements(small_site, reader, f"{search}&rows=5") == 0
    _changed(small_site, "Returns of taxes, corrected")
    assert _statements(small_site, reader, f"{search}&rows=6") > 0
    later = reader.get(f"{search}&rows=7").json["result"]  # type: ignore[index]
    assert first["facets"] == later["facets"]
    titles = {package["name"]: package["title"] for package in later["results"]}
    assert titles["tax-returns"] == "Returns of taxes, corrected"


def test_after_a_commit_the_answer_is_worked_out_anew(own_site: Site) -> None:
    reader = own_site.app().test_client()
    for address in PAGES:
        reader.get(address)
    for number, address in enumerate(PAGES):
        _changed(own_site, f"Returns of taxes, corrected {number} times")
        assert _statements(own_site, reader, address) > 0, address
    for address in ("/datasets/tax-returns", "/datasets/tax-returns.ttl", "/api/3/action/package_show?id=tax-returns"):
        assert "corrected" in reader.get(address).text


def test_another_process_s_commit_counts_too(own_site: Site, database_url: str) -> None:
    reader = own_site.app().test_client()
    assert "Tax returns" in reader.get("/datasets/tax-returns").text
    with closing(open_database(database_url)) as other:
        _changed(Site(own_site.settings, other, own_site.clock), "Changed elsewhere")
    assert "Changed elsewhere" in reader.get("/datasets/tax-returns").text


def test_nothing_erased_is_kept(small_site: Site) -> None:
    app = small_site.app()
    reader = app.test_client()
    with small_site.database.read() as session:
        name, number = session.execute(text("SELECT name, id FROM contact WHERE erased_at IS NULL")).first() or ("", "")
    assert name
    address = next(one for one in (*PAGES, "/datasets/roads-of-riverton") if name in reader.get(one).text)
    with small_site.database.write() as session:
        erased = "UPDATE contact SET name = NULL, email = NULL, erased_at = '2026-03-02 09:00:00' WHERE id = :id"
        session.execute(text(erased), {"id": number})
    assert name not in reader.get(address).text
    assert name.encode() not in b"".join(kept.body for kept in app.wsgi_app._kept.values())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "a=b"},
        {"Authorization": "Bearer abc"},
        {"Range": "bytes=0-10"},
        {"If-None-Match": '"x"'},
        {"If-Unmodified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"},
        {"Host": "another.example"},
        {"Accept": "text/html;q=0.5"},
        {"Accept-Encoding": "gzip"},
    ],
)
def test_who_asks_otherwise_is_answered_for_himself(small_site: Site, headers: dict[str, str]) -> None:
    reader = small_site.app().test_client(use_cookies=False)
    reader.get("/datasets/tax-returns")
    assert _statements(small_site, reader, "/datasets/tax-returns") == 0
    assert _statements(small_site, reader, "/datasets/tax-returns", headers=headers) > 0


def test_it_holds_for_a_minute_and_not_across_midnight(small_site: Site) -> None:
    reader = small_site.app().test_client()
    reader.get("/")
    small_site.clock.advance(seconds=59)
    assert _statements(small_site, reader, "/") == 0
    small_site.clock.advance(seconds=2)
    assert _statements(small_site, reader, "/") > 0
    small_site.clock.set(small_site.clock().replace(hour=23, minute=59, second=50))
    reader.get("/")
    small_site.clock.advance(seconds=20)
    assert _statements(small_site, reader, "/") > 0


def test_what_is_not_there_is_looked_for_again(small_site: Site) -> None:
    reader = small_site.app().test_client()
    for address in ("/datasets/none", "/api/3/action/package_show?id=none"):
        assert reader.get(address).status_code == 404
        with counted(small_site.database) as statements:
            reader.get(address)
        assert statements, address


def test_what_is_for_one_reader_is_never_kept(small_site: Site) -> None:
    app = small_site.app()
    for address in ("/sign-in", "/account", "/device", "/api/v1/agreements"):
        app.test_client().get(address)
    assert not app.wsgi_app._kept  # type: ignore[attr-defined]


def test_it_never_holds_more_than_it_may(small_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeated, "MOST_BYTES", 40_000)
    app = small_site.app()
    reader = app.test_client()
    for number in range(60):
        reader.get(f"/api/3/action/package_search?q=word{number}")
        reader.get(f"/datasets/tax-returns?number={number}")
    kept = app.wsgi_app._kept  # type: ignore[attr-defined]
    assert 0 < sum(len(one.body) for one in kept.values()) <= 40_000
    assert _statements(small_site, reader, "/datasets/tax-returns?number=59") == 0
    assert _statements(small_site, reader, "/datasets/tax-returns?number=0") > 0


def test_long_questions_with_short_answers_do_not_fill_the_memory(
    small_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeated, "MOST_BYTES", 40_000)
    app = small_site.app()
    reader = app.test_client()
    for number in range(60):
        reader.get(f"/api/3/action/package_show?id=tax-returns&_={'x' * 1_500}{number}")
        reader.get("/api/3/action/site_read", headers={"Accept": f"text/{number:01500}"})
    kept = app.wsgi_app._kept  # type: ignore[attr-defined]
    held = sum(sum(map(len, key)) + len(one.body) + len(str(one.headers)) for key, one in kept.items())
    assert 0 < held <= 40_000
    before = len(kept)
    reader.get(f"/api/3/action/package_show?id=tax-returns&_={'y' * 5_000}")
    assert len(kept) == before


def test_any_request_makes_a_process_forget_what_no_longer_holds(small_site: Site) -> None:
    app = small_site.app()
    reader = app.test_client()
    for address in PAGES:
        reader.get(address)
    held = list(app.wsgi_app._kept)  # type: ignore[attr-defined]
    _changed(small_site, "Changed")
    reader.get("/datasets/roads-of-riverton")
    assert len(held) == len(PAGES)
    assert not set(held) & set(app.wsgi_app._kept)  # type: ignore[attr-defined]
