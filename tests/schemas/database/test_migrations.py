"""Migrations: from nothing, from every revision before, by two at once, and in step with the models."""

import importlib
from collections.abc import Iterator
from contextlib import closing
from importlib import resources

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from schemas.database.base import Base
from schemas.database.engine import Database, open_database
from schemas.database.upgrade import current_revision, head_revision, require_current, upgrade
from schemas.errors import Refused
from tests.source import modules

importlib.import_module("cli")  # and with it every model there is


def revisions() -> list[str]:
    """Every revision, oldest first."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("schemas.database").joinpath("migrations")))
    config.set_main_option("path_separator", "os")
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    with closing(open_database(empty_database_url)) as database:
        yield database


def differences(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def test_every_model_is_compared() -> None:
    declared = [
        line
        for path in modules()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("__tablename__")
    ]
    assert len(declared) == len(Base.metadata.tables)


def test_an_empty_database_becomes_what_the_models_say(empty: Database) -> None:
    assert current_revision(empty) is None
    upgrade(empty)
    assert current_revision(empty) == head_revision()
    require_current(empty)
    assert differences(empty) == []


@pytest.mark.parametrize("revision", revisions())
def test_a_database_at_any_revision_is_brought_up_to_date(empty: Database, revision: str) -> None:
    upgrade(empty, revision)
    assert current_revision(empty) == revision
    upgrade(empty)
    assert current_revision(empty) == head_revision()
    assert differences(empty) == []


def test_a_second_upgrade_changes_nothing(database: Database) -> None:
    before = inspect(database.engine).get_table_names()
    upgrade(database)
    assert inspect(database.engine).get_table_names() == before


def test_a_database_that_was_never_made_is_refused_with_the_command(empty: Database) -> None:
    with pytest.raises(Refused) as caught:
        require_current(empty)
    assert "gazette init" in caught.value.advice


def test_a_database_of_a_newer_program_is_refused_plainly(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (require_current, upgrade):
        with pytest.raises(Refused) as caught:
            act(database)
        assert "9999" in caught.value.message
        assert "newer version" in caught.value.advice


def test_an_upgrade_that_fails_leaves_nothing_behind(empty: Database) -> None:
    with empty.write() as session:
        session.execute(text("CREATE TABLE search_outbox (in_the_way INTEGER)"))
    with pytest.raises(Exception, match="search_outbox"):
        upgrade(empty)
    assert inspect(empty.engine).get_table_names() == ["search_outbox"]
