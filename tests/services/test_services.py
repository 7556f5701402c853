"""The services themselves: each comes up, and answers."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import inspect, text

from schemas.database.engine import Database, open_database
from tests.services.commands import ROOT
from tests.services.need import Need, lacking
from tests.services.opensearch import OpenSearchMissing, jars
from tests.services.shared import SharedFolder


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_a_migrated_database_of_its_own(database: Database, engine_name: str, turn: int) -> None:
    with database.write() as session:
        assert database.engine.dialect.name == engine_name
        assert inspect(session.connection()).has_table("search_outbox")
        session.execute(text("CREATE TABLE mine (turn INTEGER)"))
        session.execute(text("INSERT INTO mine VALUES (:turn)"), {"turn": turn})
    with database.read() as session:
        assert session.execute(text("SELECT turn FROM mine")).scalars().all() == [turn]


def test_an_empty_database_has_no_tables(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    assert inspect(database.engine).get_table_names() == []
    database.close()


def test_one_cluster_serves_every_worker(postgres_template: str, shared: SharedFolder) -> None:
    assert shared.name in postgres_template


def test_what_keeps_an_opensearch_from_starting_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OpenSearchMissing, match="no Java"):
        jars()
    (tmp_path / "java").touch(mode=0o700)
    with pytest.raises(OpenSearchMissing, match="no Maven"):
        jars()


def test_chromium_shows_a_page(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<title>Here</title><h1>It is <em>shown</em></h1>")
    assert page.title() == "Here"
    assert page.inner_text("h1") == "It is shown"
    page.close()


def test_real_trial_files_are_there(trial_data: Path) -> None:
    assert (trial_data / "README.md").is_file()


@pytest.mark.parametrize("need", list(Need))
def test_what_is_lacking_is_skipped_by_name(need: Need, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(need, raising=False)
    with pytest.raises(pytest.skip.Exception, match="There is none"):
        lacking(need, "There is none.")


@pytest.mark.parametrize("need", list(Need))
def test_what_is_lacking_fails_where_it_is_required(need: Need, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(need, "1")
    with pytest.raises(pytest.fail.Exception, match=f"{need}=1"):
        lacking(need, "There is none.")


def test_the_end_of_a_run_names_what_was_skipped_and_why(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_first="import pytest\n@pytest.mark.parametrize('n', [1, 2])\ndef test(n): pytest.skip('No such server.')",
        test_second="def test(): pass",
    )
    pytester.makeconftest("from tests.conftest import pytest_terminal_summary")
    pytester.syspathinsert(ROOT)
    outcome = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    outcome.stdout.fnmatch_lines(["*not run on this machine*", "test_first.py: 2 tests: No such server."])
