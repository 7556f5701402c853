"""The tables of the log. All of them are added to and never changed: triggers of the database refuse it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from schemas.database.base import Base


class LogEntry(Base):
    """One entry of the log at its place (from 0), with its event where it tells of one."""

    __tablename__ = "log_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry: Mapped[str]
    leaf_hash: Mapped[bytes]
    event_number: Mapped[int | None] = mapped_column(ForeignKey("agreement_event.number"), unique=True)


class LogNode(Base):
    """The hash of a complete subtree above the leaves; those of level 0 are the entries' own."""

    __tablename__ = "log_node"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    idx: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes]


class LogCheckpoint(Base):
    """A signed checkpoint, as it was first signed: there is one for a size, and never another."""

    __tablename__ = "log_checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str]
    signed_at: Mapped[datetime]


class LogCosignature(Base):
    """A witness's signature line under a checkpoint."""

    __tablename__ = "log_cosignature"

    size: Mapped[int] = mapped_column(ForeignKey("log_checkpoint.size"), primary_key=True)
    line: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]


class LogTimestamp(Base):
    """A timestamp (RFC 3161, the whole answer in DER) over a checkpoint’s note as it was signed, without cosignatures.

    `stamped_at` is the time that it names, `address` the authority that was asked for it.
    """

    __tablename__ = "log_timestamp"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    size: Mapped[int] = mapped_column(ForeignKey("log_checkpoint.size"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[bytes]
    stamped_at: Mapped[datetime]
    address: Mapped[str]
    received_at: Mapped[datetime]


class LogKey(Base):
    """A public key that signs checkpoints, in their order; `seq` is the entry that brought it, None for the first."""

    __tablename__ = "log_key"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    vkey: Mapped[str] = mapped_column(unique=True)
    seq: Mapped[int | None] = mapped_column(ForeignKey("log_entry.seq"))
    added_at: Mapped[datetime]
