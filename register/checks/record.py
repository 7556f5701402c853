"""Every check of an agreement together: what the register takes, what an official is told, what a submission needs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from register.checks.contacts import personal_addresses
from register.checks.fields import is_officials_own
from register.checks.names import dangling_names
from register.checks.parties import SIDES_RULE
from register.checks.rules import broken_rules, contradictions
from register.checks.tables import Tables
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.contract import check_agreement_document
from schemas.problems import Problem, errors_in
from schemas.profiles import check_profiles
from schemas.upgrades import older_version, upgrade

COMPLETE = "complete"
"""The profile of what an official must give."""


def check_agreement(document: Json, version: str = AGREEMENT_VERSION) -> list[Problem]:
    """Why the register would not take an agreement: the published schema, names that lead nowhere, addresses of people.

    A record of an official must not contradict itself either; one of another source is kept with its contradictions,
    which are flags. One that has no number yet is a draft. A body cannot change and so holds no person: a contact in
    it is plainly a role's mailbox.
    """
    return [*_taken(document, version), *contradictions(document)]


def _taken(document: Json, version: str) -> list[Problem]:
    """What no record is taken with, whatever its source."""
    return [
        *check_agreement_document(document, version, draft="id" not in document),
        *dangling_names(document),
        *personal_addresses(document),
    ]


def check_any_version(document: Json) -> list[Problem]:
    """Why the register would not take an agreement, in the version of the schema that it says it is in.

    One in an older version that can be brought up, and conforms, is told what the newest finds in it once it is.
    """
    older = older_version(document)
    if older is None:
        return check_agreement(document)
    problems = check_agreement(document, older)
    if errors_in(problems):
        return problems
    lacking = check_agreement(upgrade(document))
    return [
        replace(problem, message=f"Once brought up to version {AGREEMENT_VERSION}: {problem.message}")
        for problem in lacking
    ]


def check_submission(
    document: Json, tables: Tables | None, *, profiles: Sequence[str] = (), today: date | None = None
) -> list[Problem]:
    """Every problem of a record that is handed in: as `check_record`, and of an official’s own what `complete` asks.

    A record of another source is kept with its gaps. Raises NotFound for a profile that is not there.
    """
    asked = [COMPLETE, *profiles] if is_officials_own(document) else profiles
    return check_record(document, tables, profiles=asked, today=today)


def check_record(
    document: object, tables: Tables | None, *, profiles: Sequence[str] = (), today: date | None = None
) -> list[Problem]:
    """Every problem of a record: schema, rules and profiles, errors and warnings; each thing once.

    A record in an older version of the schema is checked in that version, and told that it can be brought up; what
    rules and profiles ask is asked of it as it then is. `tables` is what the register knows of the things it names,
    `today` the day it is held against; what needs one of them is not said without. Raises NotFound for a profile that
    is not there.
    """
    if not isinstance(document, dict):
        return [Problem("", "This is not a record.", "A record is a group of fields, each with a name and a value.")]
    older = older_version(document)
    problems = check_any_version(document) if older else _taken(document, AGREEMENT_VERSION)
    notices = [_older(older)] if older else []
    if older and errors_in(check_agreement(document, older)):
        return [*problems, *notices]
    newest = upgrade(document) if older else document
    gaps = check_profiles(newest, profiles, AGREEMENT_VERSION, problems)
    told = [*problems, *gaps]
    return [*told, *_new(broken_rules(newest, tables, today), told), *notices]


def check_records(
    documents: Iterable[object], tables: Tables | None, *, profiles: Sequence[str] = (), today: date | None = None
) -> list[list[Problem]]:
    """The problems of each of some records, in their order, as `check_record` finds them."""
    return [check_record(document, tables, profiles=profiles, today=today) for document in documents]


def _new(found: list[Problem], told: list[Problem]) -> list[Problem]:
    """What is not said already: where schema or profile find an error in a value, a rule's words are too many.

    That nobody sends or receives is told of the list of parties, of which much else may be told.
    """
    taken = {problem.pointer for problem in told if problem.severity == "error"}
    return [problem for problem in found if problem.pointer not in taken or problem.clause == SIDES_RULE]


def _older(version: str) -> Problem:
    return Problem(
        "/schemaVersion",
        f"This record is in version {version}; the newest is {AGREEMENT_VERSION}.",
        "It can be brought up without losing a word: importing it does so.",
        title="Version of this schema",
        severity="warning",
    )
