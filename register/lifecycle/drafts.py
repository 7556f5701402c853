"""Drafts: what an organisation's officials are writing. Private, in no log, and they may be deleted."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from register.agreements.models import Agreement, AgreementDraft
from register.lifecycle.acting import Tools, enter, facts_of_document
from register.lifecycle.rules import require_own_party
from register.lifecycle.submission import require_submission
from schemas.actor import Actor, Role
from schemas.canonical import Json
from schemas.cleaning import clean_document, clean_text
from schemas.errors import Conflict, NotFound, Refused
from schemas.problems import Problem
from schemas.upgrades import upgrade

PREFIX = "draft-"
"""What the id of a draft begins with; the number of an agreement never does."""

_ID_DIGITS = 10


def is_draft_id(text: str) -> bool:
    """Whether an id is a draft's."""
    return text.startswith(PREFIX)


def save_draft(
    session: Session, actor: Actor, document: Json, draft_id: str | None, on_revision: int | None, tools: Tools
) -> tuple[AgreementDraft, list[Problem]]:
    """Save a new draft, or a draft anew, once it is fit for the register; gives it with the warnings there are.

    Raises Refused where the actor is no editor or the draft was saved anew since `on_revision`; InvalidRecord with
    every problem where the record is not complete; NotFound for a draft that is not the organisation's.
    """
    organisation = _require_editor(actor)
    document = clean_document({name: value for name, value in document.items() if name != "id"})[0]
    warnings = require_submission(session, document, "draft", tools.clock(), is_new=True)
    require_own_party(actor, facts_of_document(session, upgrade(document)))
    now = tools.clock()
    if draft_id is None:
        draft = AgreementDraft(
            id=PREFIX + tools.ids()[-_ID_DIGITS:], organisation_id=organisation, revision=0, created_at=now
        )
        session.add(draft)
    else:
        draft = draft_of(session, actor, draft_id, to_write=True)
        _require_revision(draft, on_revision)
    draft.title, draft.document = document["title"], document
    draft.revision += 1
    draft.saved_by, draft.saved_at = actor.account, now
    session.flush()
    return draft, warnings


def draft_of(session: Session, actor: Actor, draft_id: str, *, to_write: bool = False) -> AgreementDraft:
    """A draft of the actor's organisation; `to_write` keeps others from it until the transaction ends.

    Raises NotFound: that others have drafts is not told.
    """
    draft = session.get(AgreementDraft, clean_text(draft_id)[0], with_for_update=True if to_write else None)
    if draft is None or actor.organisation is None or draft.organisation_id != actor.organisation:
        raise NotFound(f"Your organisation has no draft “{draft_id}”.", "See “gazette register drafts”.")
    return draft


def drafts_of(session: Session, actor: Actor) -> Sequence[AgreementDraft]:
    """The drafts of the actor's organisation, those last saved first; none for one who acts for no organisation."""
    if actor.organisation is None:
        return []
    query = select(AgreementDraft).where(AgreementDraft.organisation_id == actor.organisation)
    return session.scalars(query.order_by(AgreementDraft.saved_at.desc(), AgreementDraft.id)).all()


def discard_draft(session: Session, actor: Actor, draft_id: str, on_revision: int | None = None) -> None:
    """Delete a draft. Raises as `draft_of`, and Refused where the actor is no editor or it was saved since then."""
    _require_editor(actor)
    draft = draft_of(session, actor, draft_id, to_write=True)
    _require_revision(draft, on_revision)
    session.delete(draft)


def publish_draft(
    session: Session, actor: Actor, draft_id: str, event: str, details: Json, on_revision: int | None, tools: Tools
) -> Agreement:
    """Make a draft public, as `proposed` or `signed`. The draft is gone; the agreement has its number."""
    draft = draft_of(session, actor, draft_id, to_write=True)
    _require_revision(draft, on_revision)
    agreement = enter(session, actor, event, draft.document, details, tools)
    session.delete(draft)
    session.flush()
    return agreement


def _require_revision(draft: AgreementDraft, on_revision: int | None) -> None:
    if on_revision is not None and on_revision != draft.revision:
        raise Conflict(
            f"{draft.id} was saved again since you read it (it is at revision {draft.revision}).",
            f"Read it again: gazette register show {draft.id}.",
        )


def _require_editor(actor: Actor) -> str:
    if actor.organisation is None or Role.EDITOR not in actor.roles:
        raise Refused(
            f"Drafts are for an organisation’s editors; the account “{actor.account}” is none.",
            "Say who you are with --as ACCOUNT, or sign in with “gazette login”. "
            "An administrator makes accounts with “gazette accounts add”.",
        )
    return actor.organisation
