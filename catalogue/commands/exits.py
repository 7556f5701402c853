"""The exit codes that other programs rely on, and how an error becomes one."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

import click
from sqlalchemy.exc import DatabaseError, OperationalError

from schemas.errors import GazetteError, InvalidInput, InvalidRecord, NotFound, Refused, Unreachable


class Exit(IntEnum):
    """What a command's end means."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NOT_FOUND = 3
    INVALID = 4
    UNREACHABLE = 5
    DEFECT = 70


_CODES: tuple[tuple[type[GazetteError], Exit], ...] = (
    (Refused, Exit.REFUSED),
    (NotFound, Exit.NOT_FOUND),
    (InvalidInput, Exit.INVALID),
    (Unreachable, Exit.UNREACHABLE),
)


def exit_code(error: GazetteError) -> Exit:
    """The exit code of an error of ours."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), Exit.DEFECT)


@contextmanager
def told_plainly() -> Iterator[None]:
    """End the command with a message and the right exit code where something foreseen goes wrong."""
    try:
        yield
    except GazetteError as error:
        _tell(error.message, error.advice)
        for problem in error.problems if isinstance(error, InvalidRecord) else ():
            click.echo(f"  * {problem}", err=True)
        raise SystemExit(exit_code(error)) from None
    except DatabaseError as error:
        if type(error) not in {DatabaseError, OperationalError}:
            raise  # a broken constraint is a defect of ours
        reason = str(error.orig).splitlines()[0] if error.orig else "no reason given"
        _tell(f"The database did not answer as it must: {reason}.", "Look whether it runs, and try again.")
        raise SystemExit(Exit.UNREACHABLE) from None
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        place = f" ({error.filename})" if error.filename else ""
        _tell(f"{error.strerror or error}{place}.", "Look at the file, the folder and the disk, and try again.")
        raise SystemExit(Exit.UNREACHABLE) from None


class Program(click.Group):
    """The root of all commands: whatever nobody foresaw ends with code 70 and a request to report it."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - click's own
        """Run a command line as `click.Group.main` does."""
        try:
            return super().main(*args, **kwargs)
        except Exception:  # noqa: BLE001 - the last edge: a defect of ours is told, never shown as success
            click.echo(traceback.format_exc(), err=True)
            _tell(
                "This is a defect of the program, not of what you did. Nothing half-written was kept.",
                "Please report it with the lines above and the command you gave.",
            )
            raise SystemExit(Exit.DEFECT) from None


def _tell(message: str, advice: str) -> None:
    click.echo(f"Error: {message}", err=True)
    if advice:
        click.echo(f"       {advice}", err=True)
