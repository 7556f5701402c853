"""The tables of what helps a reader to the right words: titles and what they teach, and the registrar's synonyms.

The rows of a record are written and taken away in the transaction that changes the record, so that what was withdrawn
or blanked is suggested no more from that moment on. Words and keys are compared byte by byte. Words and terms name
their record by its number without a foreign key: nothing looks them up by it alone, and an index for that would weigh
more than they do.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from schemas.database.base import Base, JsonColumn

ByteOrder = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its bytes, whatever language the database sorts in: then a prefix is a range."""

_Number = BigInteger().with_variant(Integer(), "sqlite")


class SuggestedRecord(Base):
    """A record that can be suggested: its title, the title's words folded, and how it ranks (the lowest first).

    `terms` are the kind and key of each of its `SuggestedTerm` rows, `uses` how often it is referred to.
    """

    __tablename__ = "suggested_record"
    __table_args__ = (Index(None, "folded"), {"sqlite_autoincrement": True})

    number: Mapped[int] = mapped_column(_Number, Identity(always=False), primary_key=True)
    document_id: Mapped[str] = mapped_column(unique=True)
    revision: Mapped[int] = mapped_column(BigInteger())
    kind: Mapped[str]
    title: Mapped[str]
    note: Mapped[str]
    address: Mapped[str]
    folded: Mapped[str] = mapped_column(ByteOrder)
    uses: Mapped[int]
    rank: Mapped[int] = mapped_column(BigInteger())
    terms: Mapped[list[Any]] = mapped_column(JsonColumn)


class SuggestedWord(Base):
    """A word of a record's title. In the order of the key, the best records of a word come first."""

    __tablename__ = "suggested_word"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    word: Mapped[str] = mapped_column(ByteOrder, primary_key=True)
    rank: Mapped[int] = mapped_column(BigInteger(), primary_key=True)
    number: Mapped[int] = mapped_column(_Number, primary_key=True)


class SuggestedTerm(Base):
    """What a record has or teaches beside its title: `tag`, `organisation`, `power`, `acronym`; `text` as written."""

    __tablename__ = "suggested_term"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(ByteOrder, primary_key=True)
    number: Mapped[int] = mapped_column(_Number, primary_key=True)
    text: Mapped[str]


class Synonym(Base):
    """What a registrar wants searched for beside a word or some words; both ways, or only this one.

    `id` is made of the two, folded, so that there is one row for each pair; `revision` is the number of the change
    that made it so (`SynonymRevision`).
    """

    __tablename__ = "synonym"

    id: Mapped[str] = mapped_column(primary_key=True)
    typed: Mapped[str]
    also: Mapped[str]
    both_ways: Mapped[bool]
    revision: Mapped[int] = mapped_column(BigInteger())
    changed_at: Mapped[datetime]


class SynonymRevision(Base):
    """How often the synonyms were changed: one row, by which a process sees that what it remembers is old."""

    __tablename__ = "synonym_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger())
