"""What an act brought about, told to who acted: one sentence, and the commands that come next."""

from datetime import date

from sqlalchemy.orm import Session

from register.agreements.happenings import history_of, surroundings_of
from register.agreements.models import Agreement
from register.obligations import AGREE, ANSWER_DISPUTE, CONFIRM, CONFIRM_DISPOSAL, SIGN, obligations
from schemas.canonical import Json

_SENTENCES = {
    "proposed": "{id} is public as a proposal, version {version}.",
    "signed": "{id} stands in the register, version {version}.",
    "rejected": "The proposal {id} is rejected; its page says why.",
    "amendment-proposed": "The amendment of {id} is public; version {version} stays in force until it is agreed.",
    "amended": "{id} is amended and now stands at version {version}.",
    "corrected": "The record of {id} is corrected and now stands at version {version}.",
    "party-acceded": "The party has joined {id}, which now stands at version {version}.",
    "party-left": "The party has left {id}, which now stands at version {version}.",
    "suspended": "{id} is suspended: nothing may be shared under it until it is resumed.",
    "resumed": "{id} is resumed.",
    "reviewed": "The review of {id} is recorded.",
    "renewed": "{id} is renewed.",
    "incident-recorded": "The incident is recorded for {id}.",
    "terminated": "{id} has ended.",
    "disposal-confirmed": "It is recorded for {id} that the data was destroyed.",
    "withdrawn": "{id} is withdrawn; its page and its history stay at the same address.",
    "confirmed": "You have confirmed version {version} of {id}.",
    "disputed": "It is recorded that version {version} of {id} is not right.",
    "consultation-opened": "The consultation on {id} is open.",
    "recommended": "The recommendation on {id} is recorded.",
    "redacted": "The value is blanked in {id}.",
}


def sentence_of(agreement: Agreement, event: str) -> str:
    """What has happened, as a sentence."""
    return _SENTENCES[event].format(id=agreement.id, version=agreement.version)


def next_steps(session: Session, agreement: Agreement, day: date, can_confirm: frozenset[str]) -> list[Json]:
    """What waits to be done at once, and for whom: `who`, `organisations` (slugs), `sentence` and `command`.

    What is due on a day to come is left to `gazette register due`.
    """
    around = surroundings_of(session, [agreement], can_confirm=can_confirm)[agreement.id]
    due = obligations(history_of(session, agreement), agreement.standing, day, around, agreement.id)
    return [one.as_json() for one in due if one.code in _AT_ONCE]


_AT_ONCE = frozenset({SIGN, AGREE, CONFIRM, ANSWER_DISPUTE, CONFIRM_DISPOSAL})
