"""The search outbox: what the index still has to hear, written in the transaction of the change itself.

A row says that one document is now at one revision (with its search document) or is gone. The indexer applies rows
in order and deletes those it applied only after the index has committed them, so a crash anywhere replays and loses
nothing. Rows are deleted one by one by number, never "all below", because two transactions may commit in
another order than their numbers.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Integer, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas.database.base import Base, JsonColumn


class OutboxRow(Base):
    """One change the index has to hear. `document` is None where the document is gone from the index."""

    __tablename__ = "search_outbox"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - a number is never given twice

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), Identity(always=False), primary_key=True
    )
    document_id: Mapped[str]
    revision: Mapped[int] = mapped_column(BigInteger())
    document: Mapped[dict[str, Any] | None] = mapped_column(JsonColumn)
    written_at: Mapped[datetime]


class IndexedUpTo(Base):
    """How far the index had come when the outbox was last emptied into it: one row.

    An index whose own watermark is lower has lost a commit (it was restored, or swapped for an older one) and is
    reconciled with the database.
    """

    __tablename__ = "search_indexed_up_to"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger())


def enqueue(session: Session, document_id: str, revision: int, document: dict[str, Any] | None, now: datetime) -> None:
    """Write one change into the outbox, in the transaction of the change."""
    session.add(OutboxRow(document_id=document_id, revision=revision, document=document, written_at=now))


def waiting(session: Session, limit: int) -> Sequence[OutboxRow]:
    """The oldest rows that no index has committed yet."""
    return session.scalars(select(OutboxRow).order_by(OutboxRow.number).limit(limit)).all()


def waiting_count(session: Session) -> int:
    """How many changes the index has not heard yet."""
    return session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def last_waiting(session: Session) -> int:
    """The highest number of a row that no index has committed yet; 0 for none."""
    return session.scalar(select(func.max(OutboxRow.number))) or 0


def mark_indexed(session: Session, numbers: Sequence[int]) -> None:
    """Delete the rows that an index commit holds, and remember the highest of them."""
    if not numbers:
        return
    session.execute(delete(OutboxRow).where(OutboxRow.number.in_(numbers)))
    row = session.get(IndexedUpTo, 1)
    if row is None:
        session.add(IndexedUpTo(id=1, number=max(numbers)))
    else:
        row.number = max(row.number, *numbers)


def indexed_up_to(session: Session) -> int:
    """The highest number ever marked as indexed; 0 before the first."""
    row = session.get(IndexedUpTo, 1)
    return row.number if row else 0
