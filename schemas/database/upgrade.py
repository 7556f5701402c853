"""Bringing a database to the present schema, and telling whether it is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DatabaseError, OperationalError

from schemas.database.engine import Database
from schemas.errors import InvalidInput, Refused

_POSTGRESQL_UPGRADE_LOCK = 0x6761_7A65_7474_65


def head_revision() -> str:
    """The newest migration there is."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current_revision(database: Database) -> str | None:
    """The migration the database stands at; None for one that is empty.

    Raises InvalidInput where the file is no database.
    """
    try:
        with database.engine.connect() as connection:
            return _revision_of(connection)
    except OperationalError:  # it does not answer: the edges tell
        raise
    except DatabaseError:
        raise InvalidInput(
            f"{database.engine.url.database} is not a database.",
            "Move the file away, or choose another data folder or GAZETTE_DATABASE_URL.",
        ) from None


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the migrations up to a revision, all in one transaction. Safe to run twice, and by two at once.

    Raises Refused where a newer version of the program made the database, InvalidInput where the file is no database.
    """
    current_revision(database)
    with _alone(database) as connection:
        _require_known(_revision_of(connection))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def require_current(database: Database) -> None:
    """Raises Refused, with the command to run, where the database was not made or is not at the newest migration."""
    current, head = current_revision(database), head_revision()
    if current is None:
        raise Refused("There is no database here yet.", "Run “gazette init” first.")
    _require_known(current)
    if current != head:
        raise Refused(f"The database stands at {current}; this program needs {head}.", "Run “gazette db upgrade”.")


def _require_known(current: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if current is not None and current not in known:
        raise Refused(
            f"The database stands at {current}, which this version of the program does not know.",
            "Install the newer version that made it.",
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("schemas.database").joinpath("migrations")))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """A connection that no second upgrade shares the database with: an immediate transaction, or an advisory lock."""
    engine = database.engine.execution_options(gazette_writes=True)
    with engine.connect() as connection, connection.begin():
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_UPGRADE_LOCK})")
        yield connection
