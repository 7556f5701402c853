"""Telling the search, in the transaction of the change, that organisations are called otherwise from now on."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.organisations.models import Organisation
from catalogue.search.service import enqueue_document
from catalogue.search.sources import DocumentSource
from catalogue.search.suggest_models import SuggestedRecord, SuggestedTerm
from catalogue.search.suggest_rows import ORGANISATION
from schemas.clock import Clock
from schemas.database.outbox import enqueue

_NAMES = "names:organisations"
"""No document has this id: that it is gone moves the index on, and with it whatever remembers names."""


def names_changed(session: Session, clock: Clock) -> None:
    """Have every process read the names of organisations anew, as soon as the index has heard of it."""
    enqueue(session, _NAMES, 1, None, clock())


def documents_naming(session: Session, body: Organisation) -> Sequence[str]:
    """The ids of the documents in the index that name an organisation: datasets, and what higher packages add."""
    return session.scalars(
        select(SuggestedRecord.document_id)
        .join(SuggestedTerm, SuggestedTerm.number == SuggestedRecord.number)
        .where(SuggestedTerm.kind == ORGANISATION, SuggestedTerm.key == body.slug)
        .order_by(SuggestedRecord.document_id)
    ).all()


def renew_documents(session: Session, ids: Collection[str], sources: Sequence[DocumentSource], clock: Clock) -> None:
    """Tell the index of these documents again, with the names that organisations have now."""
    for source in sources:
        for document in list(source.documents(session, ids)):
            enqueue_document(session, document, clock)
