"""What is read out of the register at /api/v1: flags, what is due; and what helps to write a record."""

from datetime import date

from flask import Blueprint, Response

from register.agreements.read import all_agreements
from register.agreements.record import find_agreement
from register.checks.record import check_record
from register.checks.tables import tables_for
from register.forms.lookup import DatabaseLookup
from register.local import found_by_name, problems_as_json
from register.reports import due_in, flag_line, flags_in
from schemas.bundle import AGREEMENT_VERSION
from schemas.dates import is_date
from schemas.errors import InvalidInput
from schemas.profiles import profile_names
from web.accounts.read import approver_organisations
from web.api.access import check_token
from web.api.answers import open_errors, open_to_readers, private, public
from web.api.bounds import require_few_mistakes, within_bounds
from web.api.openapi import openapi_document
from web.api.requests import body, member, number_argument, refuse_unknown_arguments, text_argument
from web.api.shapes_catalogue import LISTS
from web.context import session, site_address, today, web_context

blueprint = Blueprint("api_reports", __name__, url_prefix="/api/v1")
blueprint.before_request(check_token)
blueprint.after_request(open_to_readers)
blueprint.after_app_request(open_errors)

MOST_RECORDS = 1000
_DAY_LENGTH = len("2026-03-02")


@blueprint.get("/")
def entry() -> Response:
    """Where to begin."""
    refuse_unknown_arguments()
    api = f"{site_address()}/api/v1"
    lists = {name: f"{api}/{name}" for name in LISTS}
    return public({"description": f"{api}/openapi.json", "documentation": f"{site_address()}/developers", **lists})


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of this API (OpenAPI 3.1)."""
    refuse_unknown_arguments()
    return public(openapi_document())


@blueprint.get("/flags")
def flags() -> Response:
    """What all records say of themselves."""
    refuse_unknown_arguments("asOf")
    day = _day("asOf")
    found = flags_in(session(), all_agreements(session()), day, approver_organisations(session()))
    return public({"items": [flag_line(agreement, flag) for agreement, flag in found]})


@blueprint.get("/agreements/<name>/flags")
def flags_of_one(name: str) -> Response:
    """What one record says of itself."""
    refuse_unknown_arguments("asOf")
    day = _day("asOf")
    found = flags_in(session(), [find_agreement(session(), name)], day, approver_organisations(session()))
    return public({"items": [flag_line(agreement, flag) for agreement, flag in found]})


@blueprint.get("/due")
def due() -> Response:
    """What is due, overdue first."""
    refuse_unknown_arguments("organisation", "within")
    within = number_argument("within", None, 0, 36_500)
    found = due_in(session(), text_argument("organisation"), within, today(), approver_organisations(session()))
    return public({"items": [one.as_json() for one in found]})


@blueprint.post("/check")
def check() -> Response:
    """Every problem of each record; nothing is kept."""
    sent = body(("documents",), ("profiles",))
    documents, profiles = member(sent, "documents", list), member(sent, "profiles", list, [])
    if not 1 <= len(documents) <= MOST_RECORDS:
        raise InvalidInput(f"Send 1 to {MOST_RECORDS} records at once.", "Send them in parts.")
    if not all(isinstance(document, dict) for document in documents):
        raise InvalidInput("Among the records is something that is no JSON object.", "Send each record as an object.")
    known = profile_names(AGREEMENT_VERSION)
    unknown = [name for name in profiles if not isinstance(name, str) or name not in known]
    if unknown:
        raise InvalidInput(f"There is no profile “{str(unknown[0])[:60]}”.", f"There are: {', '.join(known)}.")
    for document in documents:
        require_few_mistakes(document)
    tables, day = tables_for(session(), documents), today()
    checked = (check_record(document, tables, profiles=profiles, today=day) for document in documents)
    found = within_bounds(checked, len(documents), len(set(profiles)))
    return private({"problems": [problems_as_json(problems) for problems in found]})


@blueprint.get("/lookup")
def lookup() -> Response:
    """Organisations, datasets, powers or agreements by their names."""
    refuse_unknown_arguments("kind", "q")
    kind, words = text_argument("kind"), text_argument("q")
    if kind is None or words is None:
        missing = "q" if kind else "kind"
        raise InvalidInput(f"“{missing}” is missing.", "Say in “kind” what to look for, in “q” its name.")
    found = found_by_name(DatabaseLookup(web_context().database), kind, words)
    return public({"items": found})


def _day(name: str) -> date:
    text = text_argument(name)
    if text is None:
        return today()
    if len(text) != _DAY_LENGTH or not is_date(text):
        raise InvalidInput(f"“{text[:60]}” is not a day.", "Write it as YYYY-MM-DD.")
    return date.fromisoformat(text)
