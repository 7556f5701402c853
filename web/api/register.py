"""The register at /api/v1: agreements, their histories, drafts, and all that may happen to them."""

from typing import Any

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

from register.agreements.described import (
    agreement_line,
    described,
    described_draft,
    draft_line,
    event_lines,
)
from register.agreements.events import locked_head
from register.agreements.models import Agreement, AgreementDraft
from register.agreements.read import agreements_after, state_now
from register.agreements.record import find_agreement
from register.lifecycle.acting import Act, Tools, act_on, enter, loaded
from register.lifecycle.drafts import discard_draft, draft_of, drafts_of, publish_draft
from register.lifecycle.rules import RULES
from register.local import described_actor, receipt_of, saved
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.errors import InvalidInput
from web.accounts.read import approver_organisations
from web.api.access import check_token, signed_in
from web.api.answers import open_to_readers, private, public, with_next
from web.api.bounds import require_few_mistakes, require_short_details
from web.api.openapi_records import draft_body, event_body, proposal_body, publishing_body
from web.api.repeats import Answer, once
from web.api.requests import (
    body,
    choice_argument,
    member,
    number_argument,
    refuse_unknown_arguments,
    require_match,
    text_argument,
)
from web.api.standing import told_apart
from web.context import now, session, today, web_context
from web.presentation.agreements import part_of

blueprint = Blueprint("api_register", __name__, url_prefix="/api/v1")
blueprint.before_request(check_token)
blueprint.after_request(open_to_readers)

PAGE = 100
LONGEST_PAGE = 1000
PARTS = ("sends", "receives")


@blueprint.get("/whoami")
def whoami() -> Response:
    """The account of the token: its organisation, its roles, and what waits for that organisation."""
    refuse_unknown_arguments()
    return private(described_actor(session(), signed_in(), today(), approver_organisations(session())))


@blueprint.get("/agreements")
def agreements() -> Response:
    """The agreements in the order of their numbers, a page at a time; the `Link` header leads on (RFC 8288)."""
    refuse_unknown_arguments("state", "organisation", "part", "limit", "cursor")
    limit = number_argument("limit", PAGE, 1, LONGEST_PAGE) or PAGE
    cursor = number_argument("cursor", 0, 0, 10**12) or 0
    state = choice_argument("state", list(codelist("agreement-state"))) or None
    organisation, part = text_argument("organisation"), choice_argument("part", PARTS)
    lines: list[Json] = []
    last, more = cursor, False
    for agreement in agreements_after(session(), cursor, organisation):
        if len(lines) == limit:
            more = True
            break
        line = agreement_line(agreement, today())
        last = agreement.serial
        if state in {None, line["stateCode"]} and (not part or part in parts_of(agreement, organisation)):
            lines.append(line)
    response = public({"items": lines})
    return with_next(response, cursor=str(last)) if more else response


def parts_of(agreement: Agreement, organisation: str | None) -> frozenset[str]:
    """What an organisation (slug) does in an agreement, as its page tells it; empty where the source does not tell.

    Without an organisation: what any party does.
    """
    parties = [
        row
        for row in agreement.parties
        if organisation is None or (row.organisation and row.organisation.slug == organisation)
    ]
    return frozenset(part for row in parties for part in part_of(agreement.document, row.name))


@blueprint.get("/agreements/<name>")
def agreement(name: str) -> Response:
    """One agreement, by its number or `scheme:number` of another list; with `version`, as that one has it."""
    refuse_unknown_arguments("version")
    return agreement_answer(name, number_argument("version", None, 1, 10**9))


def agreement_answer(name: str, number: int | None) -> Response:
    """An agreement as the API tells it; with `number`, as that version has it. Raises NotFound."""
    found = find_agreement(session(), name)
    response = public(described(session(), found, number, today()))
    response.headers["Content-Location"] = f"/api/v1{found.address}{f'?version={number}' if number else ''}"
    response.set_etag(tag_of(found, number))
    return response


@blueprint.get("/agreements/<name>/history")
def history(name: str) -> Response:
    """Every event of an agreement, oldest first."""
    refuse_unknown_arguments()
    return public({"items": event_lines(session(), find_agreement(session(), name))})


@blueprint.post("/agreements/<name>/events")
def act(name: str) -> Response:
    """Bring an event about. `If-Match` and `onVersion` guard against acting on what one has not read."""
    actor = signed_in()
    sent = body(("event",), ("details", "document", "onVersion"))
    event = member(sent, "event", str)
    if event not in RULES:
        raise InvalidInput(f"There is no event “{event[:60]}”.", f"There are: {', '.join(sorted(RULES))}.")
    wanted = Act(event, _details(sent), _document(sent), on_version=member(sent, "onVersion", int))

    def work(writing: Session) -> Answer:
        locked_head(writing)  # nobody else acts between the check of what was read and the act
        found = loaded(writing, find_agreement(writing, name).id)
        read = tag_of(found)
        with told_apart(event_body):
            acted = act_on(writing, actor, found, wanted, tools())
        require_match(read)
        return _receipt(writing, acted, event)

    return _answered(once(actor, work))


@blueprint.post("/proposals")
def propose() -> Response:
    """Make a record public as a proposal at once."""
    actor = signed_in()
    sent = body(("document",), ("details",))
    document, details = _document(sent), _details(sent)

    def work(writing: Session) -> Answer:
        with told_apart(proposal_body):
            entered = enter(writing, actor, "proposed", document, details, tools())
        return _receipt(writing, entered, "proposed")

    return _answered(once(actor, work))


@blueprint.get("/drafts")
def drafts() -> Response:
    """The drafts of one's organisation."""
    refuse_unknown_arguments()
    return private({"items": [draft_line(draft) for draft in drafts_of(session(), signed_in())]})


@blueprint.post("/drafts")
def new_draft() -> Response:
    """Save a complete record as a draft of one's organisation."""
    actor = signed_in()
    document = _document(body(("document",)))

    def work(writing: Session) -> Answer:
        with told_apart(draft_body):
            receipt = saved(writing, actor, document, None, None, tools())
        return Answer(201, receipt, url_for("api_register.draft", draft=receipt["draft"]["id"]))

    return _answered(once(actor, work))


@blueprint.get("/drafts/<draft>")
def draft(draft: str) -> Response:
    """One draft of one's organisation."""
    refuse_unknown_arguments()
    held = draft_of(session(), signed_in(), draft)
    response = private(described_draft(held))
    response.set_etag(draft_tag(held))
    return response


@blueprint.put("/drafts/<draft>")
def replace_draft(draft: str) -> Response:
    """Save a draft anew. `If-Match` guards against lost updates."""
    actor = signed_in()
    sent = body(("document",), ("onRevision",))
    document, revision = _document(sent), member(sent, "onRevision", int)

    def work(writing: Session) -> Answer:
        read = draft_tag(draft_of(writing, actor, draft, to_write=True))
        with told_apart(draft_body):
            answer = Answer(200, saved(writing, actor, document, draft, revision, tools()))
        require_match(read)
        return answer

    return _answered(once(actor, work))


@blueprint.delete("/drafts/<draft>")
def remove_draft(draft: str) -> Response:
    """Delete a draft. `If-Match` and `onRevision` guard against deleting what one has not read."""
    actor = signed_in()
    refuse_unknown_arguments("onRevision")
    revision = number_argument("onRevision", None, 1, 10**9)
    with web_context().database.write() as writing:
        held = draft_of(writing, actor, draft, to_write=True)
        discard_draft(writing, actor, draft, revision)
        require_match(draft_tag(held))
    return Response(status=204)


@blueprint.post("/drafts/<draft>/events")
def publish(draft: str) -> Response:
    """Make a draft public, as `proposed` or `signed`."""
    actor = signed_in()
    sent = body(("event",), ("details", "onRevision"))
    event, details = member(sent, "event", str), _details(sent)
    revision = member(sent, "onRevision", int)
    if event not in {"proposed", "signed"}:
        raise InvalidInput("A draft can be “proposed” or “signed”.", "Send one of the two as “event”.")

    def work(writing: Session) -> Answer:
        read = draft_tag(draft_of(writing, actor, draft, to_write=True))
        with told_apart(publishing_body):
            published = publish_draft(writing, actor, draft, event, details, revision, tools())
        require_match(read)
        return _receipt(writing, published, event)

    return _answered(once(actor, work))


def _document(sent: Json) -> Any:  # noqa: ANN401 - a JSON object, or None where there is none
    document = member(sent, "document", dict)
    if document is not None:
        require_few_mistakes(document)
    return document


def _details(sent: Json) -> Json:
    details: Json = member(sent, "details", dict, {})
    require_short_details(details)
    return details


def tag_of(agreement: Agreement, version: int | None = None) -> str:
    """What changes with every event, and with what the clock makes of it: the entity tag of an agreement."""
    shown = f".v{version}" if version else ""
    return f"{agreement.last_event}.{state_now(agreement, today())}{shown}"


def draft_tag(draft: AgreementDraft) -> str:
    """The entity tag of a draft."""
    return f"{draft.id}.{draft.revision}"


def _receipt(writing: Session, acted: Agreement, event: str) -> Answer:
    receipt = receipt_of(writing, acted, event, today(), approver_organisations(writing))
    return Answer(201, receipt, f"/api/v1{acted.address}")


def tools() -> Tools:
    """Clock, ids and chance for what a request does: one moment for all of it."""
    held = web_context()
    moment = now()
    return Tools(lambda: moment, held.ids, held.randomness)


def _answered(answer: Answer) -> Response:
    headers: dict[str, str] = {"Location": answer.location} if answer.location else {}
    if answer.repeated:
        headers["Idempotency-Replayed"] = "true"
    response = private(answer.json, headers)
    response.status_code = answer.status
    return response
