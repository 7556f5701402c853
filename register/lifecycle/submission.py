"""What an official's own record must be before it becomes public, or a new version of it does."""

from datetime import datetime

from sqlalchemy.orm import Session

from register.checks.record import check_submission
from register.checks.tables import tables_for
from schemas.canonical import Json
from schemas.errors import InvalidRecord
from schemas.problems import Problem, errors_in

_NOT_YET = frozenset({"/signedOn"})
"""What a proposal cannot state: nobody has signed it."""


def submission_problems(session: Session, document: Json, event: str, now: datetime) -> list[Problem]:
    """Every problem of a record that is to become public by an event, errors and warnings.

    An official's record is held to the profile `complete`; one that was imported or transcribed to the core schema.
    """
    problems = check_submission(document, tables_for(session, [document]), today=now.date())
    if event == "proposed":
        problems = [problem for problem in problems if problem.pointer not in _NOT_YET]
    return problems


def require_submission(session: Session, document: Json, event: str, now: datetime) -> list[Problem]:
    """The warnings of a record. Raises InvalidRecord with every problem where it is not fit to become public."""
    problems = submission_problems(session, document, event, now)
    wrong = errors_in(problems)
    if wrong:
        count = f"{len(wrong)} thing{'' if len(wrong) == 1 else 's'}"
        raise InvalidRecord(f"The record is not ready for the register: {count} to mend.", wrong)
    return problems
