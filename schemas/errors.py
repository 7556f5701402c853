"""What can go wrong, each error written for the person who reads it.

    GazetteError
    ├── Refused          a rule forbids it
    │   └── Conflict     … for what the record now is, not for who asks
    ├── NotFound         there is no such record
    ├── InvalidInput     a file or record is not what it should be
    │   └── InvalidRecord    … with each problem and its place
    └── Unreachable      another machine or the disk did not answer as it must

An error says what is wrong, where, and what to do next. It knows no HTTP status and no exit code: the edges
map the classes.
"""

from collections.abc import Sequence

from schemas.problems import Problem


class GazetteError(Exception):
    """The root. `message` says what is wrong and where; `advice` says what to do next."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class Refused(GazetteError):
    """A rule of the register or the catalogue forbids it."""


class Conflict(Refused):
    """The record is not as it must be for this: its state forbids it, or it has gone on since it was read."""


class NotFound(GazetteError, LookupError):
    """There is no such record."""


class InvalidInput(GazetteError, ValueError):
    """A file or record is not what it should be."""


class InvalidRecord(InvalidInput):
    """A record breaks rules, each of which `problems` tells with its place."""

    def __init__(self, message: str, problems: Sequence[Problem], advice: str = "") -> None:
        super().__init__(message, advice)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return " ".join([self.message, *map(str, self.problems), self.advice]).strip()


class Unreachable(GazetteError, OSError):
    """Another machine, or the disk, did not answer as it must."""

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()
