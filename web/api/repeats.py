"""A request that is sent again because its answer was lost is answered again, and not done again.

After draft-ietf-httpapi-idempotency-key-header: the sender makes up an `Idempotency-Key`; a repeat with the same key
and content gets the first answer; the same key with other content is refused. Only what was done is remembered: a
refused request may be mended and sent again with its key.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas.actor import Actor
from schemas.canonical import Json
from schemas.database.base import Base
from schemas.errors import Conflict, InvalidInput
from web.context import now, web_context

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(days=2)
LONGEST_KEY = 200


class AnsweredRequest(Base):
    """One request that was done, and its answer. The content is kept as a hash alone."""

    __tablename__ = "answered_request"

    account: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[str]
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]
    location: Mapped[str | None]
    answered_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back: status, JSON, and the address of what was made."""

    status: int
    json: Json
    location: str | None = None
    repeated: bool = False


def once(actor: Actor, work: Callable[[Session], Answer]) -> Answer:
    """Do the work in one transaction of its own, once for each key that its sender gives.

    Raises InvalidInput for a key that cannot be one, Conflict for one that stood for another request; and
    whatever the work raises.
    """
    key = request.headers.get(HEADER)
    database = web_context().database
    if key is None:
        with database.write() as session:
            return work(session)
    if not 1 <= len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()) or " " in key:
        raise InvalidInput(
            f"The {HEADER} cannot be one.", f"Send 1 to {LONGEST_KEY} letters, digits and signs, without a blank."
        )
    try:
        with database.write() as session:
            return _remembered(session, actor, key) or _done(session, actor, key, work)
    except IntegrityError:
        # The same request was being done at this moment, elsewhere: its answer is there now, or ours is a defect.
        with database.write() as session:
            answer = _remembered(session, actor, key)
        if answer is None:
            raise
        return answer


def _remembered(session: Session, actor: Actor, key: str) -> Answer | None:
    held = session.get(AnsweredRequest, (actor.account, key))
    if held is None:
        return None
    if held.request_sha256 != _hash_of_request():
        raise Conflict(
            f"The {HEADER} “{key}” has stood for another request.", "Make up a new key for every new request."
        )
    return Answer(held.status, held.answer, held.location, repeated=True)


def _done(session: Session, actor: Actor, key: str, work: Callable[[Session], Answer]) -> Answer:
    session.execute(delete(AnsweredRequest).where(AnsweredRequest.answered_at < now() - KEPT_FOR))
    held = AnsweredRequest(
        account=actor.account,
        key=key,
        request_sha256=_hash_of_request(),
        status=0,
        answer={},
        location=None,
        answered_at=now(),
    )
    session.add(held)
    session.flush()  # a second one with this key waits here, or breaks on it
    answer = work(session)
    held.status, held.answer, held.location = answer.status, answer.json, answer.location
    return answer


def _hash_of_request() -> str:
    content = b"\n".join([request.method.encode(), request.full_path.encode(), request.get_data(cache=True)])
    return hashlib.sha256(content).hexdigest()
