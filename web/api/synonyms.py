"""Synonyms at /api/v1: what the search looks for beside words that are typed. Everybody reads, registrars change."""

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

from catalogue.search.suggest_models import Synonym
from catalogue.search.synonyms_record import (
    LONGEST,
    SynonymDetails,
    all_synonyms,
    find_synonym,
    record_synonym,
    remove_synonym,
    require_registrar,
    synonyms_revision,
)
from schemas.actor import Actor
from schemas.canonical import Json
from schemas.cleaning import clean_text
from schemas.errors import Conflict, InvalidInput
from schemas.outcomes import Action
from web.api.access import check_token, signed_in
from web.api.answers import open_to_readers, private, public
from web.api.repeats import Answer, once
from web.api.requests import body, member, number_argument, refuse_unknown_arguments, require_match
from web.context import now, session, web_context

MOST_REVISIONS = 10**9

blueprint = Blueprint("api_synonyms", __name__, url_prefix="/api/v1")
blueprint.before_request(check_token)
blueprint.after_request(open_to_readers)


@blueprint.get("/synonyms")
def synonyms() -> Response:
    """Every synonym, in the order of their ids."""
    refuse_unknown_arguments()
    response = public({"items": [_described(row) for row in all_synonyms(session())]})
    response.set_etag(str(synonyms_revision(session())))
    return response


@blueprint.get("/synonyms/<synonym>")
def one(synonym: str) -> Response:
    """One synonym."""
    refuse_unknown_arguments()
    row = find_synonym(session(), synonym)
    response = public(_described(row))
    response.set_etag(_tag(row))
    return response


@blueprint.put("/synonyms/<synonym>")
def put(synonym: str) -> Response:
    """Set a pair. Its id is made of the two sides, so that one pair has one address."""
    actor = signed_in()
    refuse_unknown_arguments()
    sent = body(("typed", "also"), ("bothWays", "onRevision"))
    both_ways: bool = member(sent, "bothWays", bool, default=True)
    typed, also = (" ".join(member(sent, side, str).split()) for side in ("typed", "also"))
    details, revision = SynonymDetails(typed, also, both_ways), member(sent, "onRevision", int)

    def work(writing: Session) -> Answer:
        require_registrar(actor)
        if details.id != synonym:
            told = f"It is made of both sides: /api/v1/synonyms/{details.id}."
            raise Conflict("The address is not that of this pair.", told)
        _require_unchanged(writing, synonym, revision)
        action, row = _recorded(writing, actor, details)
        status = 201 if action is Action.ADDED else 200
        return Answer(status, _described(row), url_for("api_synonyms.one", synonym=synonym))

    answer = once(actor, work)
    response = private(answer.json, {"Idempotency-Replayed": "true"} if answer.repeated else {})
    if answer.status == 201:
        response.headers["Location"] = answer.location
    response.status_code = answer.status
    return response


@blueprint.delete("/synonyms/<synonym>")
def remove(synonym: str) -> Response:
    """Take a pair away."""
    actor = signed_in()
    refuse_unknown_arguments("onRevision")
    revision = number_argument("onRevision", None, 1, MOST_REVISIONS)
    with web_context().database.write() as writing:
        require_registrar(actor)
        find_synonym(writing, synonym)
        _require_unchanged(writing, synonym, revision)
        remove_synonym(writing, actor, synonym)
    return Response(status=204)


def _described(row: Synonym) -> Json:
    return {
        "id": row.id,
        "typed": row.typed,
        "also": row.also,
        "bothWays": row.both_ways,
        "revision": row.revision,
        "changedAt": row.changed_at.isoformat(),
    }


def _tag(row: Synonym) -> str:
    return str(row.revision)


def _recorded(writing: Session, actor: Actor, details: SynonymDetails) -> tuple[Action, Synonym]:
    """Raises Conflict for two texts that are no pair to the search: no word, too many, or twice the same."""
    try:
        return record_synonym(writing, actor, details, now)
    except InvalidInput as error:
        if any(len(side) > LONGEST or not clean_text(side)[0].strip() for side in (details.typed, details.also)):
            raise
        raise Conflict(error.message, error.advice) from None


def _require_unchanged(writing: Session, synonym: str, revision: int | None) -> None:
    """What the sender read must still stand; where nothing stands, no tag can match but that of nothing."""
    row = writing.get(Synonym, synonym)
    if revision is not None and (row is None or row.revision != revision):
        raise Conflict("The synonym has changed since you read it.", "Read it again, then decide again.")
    require_match(_tag(row) if row else "none")
