"""The list of all changes, numbered in the order in which they became visible to readers.

The database notes each revision of a dataset and each event of an agreement by itself (migration 0011): a number is
given as the last thing of a transaction, and the next transaction gets one when this one is committed. So whoever has
read every change up to a number has missed none before it, however many write at once.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Identity, Integer, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas.database.base import Base

DATASET, AGREEMENT = "dataset", "agreement"


class ChangeRow(Base):
    """One change. `step` is the revision of the dataset, or the number of the agreement's event in the register."""

    __tablename__ = "change_feed"
    __table_args__ = (
        UniqueConstraint("kind", "record_id", "step"),
        {"sqlite_autoincrement": True},  # a number is never given twice
    )

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), Identity(always=False), primary_key=True
    )
    kind: Mapped[str]
    record_id: Mapped[str]
    step: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(index=True)


def last_change(session: Session) -> int:
    """The number of the newest change; 0 before the first."""
    return session.scalar(select(func.max(ChangeRow.number))) or 0


def change_numbered(session: Session, number: int) -> ChangeRow | None:
    """The change with a number, where there is one."""
    return session.get(ChangeRow, number)


def changes_behind(session: Session, number: int, limit: int, kind: str | None = None) -> Sequence[ChangeRow]:
    """The oldest changes behind a number, in their order; of one kind of record or of all."""
    query = select(ChangeRow).where(ChangeRow.number > number).order_by(ChangeRow.number).limit(limit)
    return session.scalars(query if kind is None else query.where(ChangeRow.kind == kind)).all()


def changes_before(session: Session, number: int | None, limit: int) -> Sequence[ChangeRow]:
    """The newest changes before a number, the newest first; None for the newest of all."""
    query = select(ChangeRow).order_by(ChangeRow.number.desc()).limit(limit)
    return session.scalars(query if number is None else query.where(ChangeRow.number < number)).all()


def change_in_front_of(session: Session, moment: datetime) -> int:
    """The number behind which stand all changes that were recorded at a moment or later.

    Some that were recorded a little earlier may stand there too, where several wrote at once; none is left out.
    """
    first = session.scalar(select(func.min(ChangeRow.number)).where(ChangeRow.recorded_at >= moment))
    return last_change(session) if first is None else first - 1
