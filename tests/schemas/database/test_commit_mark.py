"""A database's mark is another one after every commit, whoever made it, and stays while there is none."""

import subprocess
import sys
from contextlib import closing, suppress

from sqlalchemy import text

from schemas.database.engine import Database, open_database

_WRITE = "INSERT INTO search_outbox (document_id, revision, written_at) VALUES ('{name}', 1, '2026-03-02 09:00:00')"


def test_it_stays_while_nothing_is_committed(database: Database) -> None:
    first = database.commits.now()
    assert first is not None
    with database.read() as session:
        session.execute(text("SELECT count(*) FROM search_outbox")).all()
    with suppress(ZeroDivisionError), database.write() as session:
        session.execute(text(_WRITE.format(name="undone")))
        raise ZeroDivisionError
    assert [database.commits.now() for _ in range(3)][-1] is not None
    second = database.commits.now()
    with database.read() as session:
        session.execute(text("SELECT 1"))
    assert database.commits.now() == second
    if database.is_sqlite:  # in PostgreSQL an undone transaction has a number too
        assert second == first


def test_every_commit_gives_another(database: Database, database_url: str) -> None:
    seen = [database.commits.now()]
    for number in range(5):
        with database.write() as session:
            session.execute(text(_WRITE.format(name=f"here-{number}")))
            assert database.commits.now() == seen[-1] or not database.is_sqlite, "it is not committed yet"
        seen.append(database.commits.now())
    with closing(open_database(database_url)) as other, other.write() as session:
        session.execute(text(_WRITE.format(name="there")))
    seen.append(database.commits.now())
    program = (
        "import sys; from sqlalchemy import create_engine, text;"
        "e = create_engine(sys.argv[1]); c = e.connect(); c.execute(text(sys.argv[2])); c.commit()"
    )
    address = database.engine.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", program, address, _WRITE.format(name="another process")], check=True)
    seen.append(database.commits.now())
    assert len(set(seen)) == len(seen)


def test_a_commit_that_began_before_the_mark_is_seen_after_it(database: Database) -> None:
    with database.write() as session:
        session.execute(text(_WRITE.format(name="long")))
        before = database.commits.now()
    assert database.commits.now() != before


def test_it_opens_again_after_it_was_closed_and_never_takes_one_for_the_other(database: Database) -> None:
    first = database.commits.now()
    database.commits.close()
    second = database.commits.now()
    assert second is not None
    assert second != first, "what two connections tell cannot be compared"


def test_databases_in_memory_have_none() -> None:
    with closing(open_database("sqlite://")) as database:
        assert database.commits.now() is None
