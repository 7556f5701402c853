"""What an official's own record must be before it becomes public, or a new version of it does."""

from datetime import datetime

from sqlalchemy.orm import Session

from register.checks.fields import is_officials_own, title_at
from register.checks.record import check_submission
from register.checks.tables import tables_for
from schemas.canonical import Json
from schemas.errors import InvalidRecord
from schemas.problems import Problem, errors_in

_NOT_YET = frozenset({"/signedOn"})
"""What a proposal cannot state: nobody has signed it."""


def submission_problems(
    session: Session, document: Json, event: str, now: datetime, *, is_new: bool = False
) -> list[Problem]:
    """Every problem of a record that is to become public by an event, errors and warnings.

    An official's record is held to the profile `complete`; one that was imported or transcribed to the core schema.
    What an official hands in anew (`is_new`) is the official's own.
    """
    problems = check_submission(document, tables_for(session, [document]), today=now.date())
    if event == "proposed":
        problems = [problem for problem in problems if problem.pointer not in _NOT_YET]
    if is_new and not is_officials_own(document):
        problems = [_of_another_source(document), *problems]
    return problems


def _of_another_source(document: Json) -> Problem:
    return Problem(
        "/provenance/source",
        f"“{document['provenance']['source']}” is for records that the registrar takes from another source.",
        "Write “official”: this one is your organisation’s own. What stands in another register is imported "
        "(gazette register import); ask the registrar.",
        title=title_at("/provenance/source"),
    )


def require_submission(
    session: Session, document: Json, event: str, now: datetime, *, is_new: bool = False
) -> list[Problem]:
    """The warnings of a record. Raises InvalidRecord with every problem where it is not fit to become public."""
    problems = submission_problems(session, document, event, now, is_new=is_new)
    wrong = errors_in(problems)
    if wrong:
        count = f"{len(wrong)} thing{'' if len(wrong) == 1 else 's'}"
        raise InvalidRecord(f"The record is not ready for the register: {count} to mend.", wrong)
    return problems
