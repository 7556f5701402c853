"""Contacts, kept apart from records that cannot change, because a source may name a person in them.

A revision, a body or an entry of the log points to a contact by its number; the contact itself can be corrected and
erased (UK GDPR, articles 16 and 17).
"""

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas.canonical import fingerprint
from schemas.checking import is_email
from schemas.clock import Clock, Ids
from schemas.database.base import Base

_ROLE_WORDS = (
    r"access(?:ibility)?|account(?:s|ing)?|admin(?:istration|istrator)?|alerts?|analy(?:sis|tics)|archives?|audit|"
    r"benefits?|catalog(?:ue)?|centre|center|clerk|comments?|communications?|complaints?|compliance|consultations?|"
    r"contact|controller|corporate|council|counter|customers?|data|database|dataset|department|desk|digital|"
    r"director(?:ate)?|dp|dpa|dpo|dsar|editor|eir|enquir(?:y|ies)|enterprise|feedback|finance|foia?|fraud|freedom|gdpr|"
    r"general|gov(?:ernance)?|group|help(?:line)?|housing|info|information|infra|initiative|inquir(?:y|ies)|"
    r"inventory|law|legal|library|mail(?:box)?|management|manager|maps?|matching|media|metadata|nfi|no|noreply|office|"
    r"officer|open|operations|ops|planning|policy|press|privacy|product|programme?|project|protection|public|"
    r"publications?|quer(?:y|ies)|records?|register|registry|relations|reply|reports?|requests?|research|revenue|rights?|sar|"
    r"sars|science|secretariat|secretary|security|services?|sharing|staff|statistics|statistical|stats|"
    r"subject|supervision|support|survey|tax|team|technical|transparency|unit|updates?|web|webmaster|of|to|the|and|"
    r"for"
)
_ROLE = re.compile(rf"(?:{_ROLE_WORDS})+")
_PLAIN_ROLES = re.compile(
    r"access|admin|complaints?|compliance|data|dpo|enquir(?:y|ies)|foia?|gdpr|governance|info|information|inquir(?:y|ies)|"
    r"inventory|library|privacy|protection|quer(?:y|ies)|records|registry|requests?|secretariat|statistics|support|team"
)
_BETWEEN_WORDS = re.compile(r"[^a-z]+")
_LONGEST_NAME = 64  # RFC 5321, section 4.5.3.1.1


class Contact(Base):
    """Whom to write to, as a source gives it. After erasure only the number and `erased_at` are left."""

    __tablename__ = "contact"
    __table_args__ = (Index(None, "source", "digest"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    digest: Mapped[str | None]
    name: Mapped[str | None]
    email: Mapped[str | None]
    telephone: Mapped[str | None]
    address: Mapped[str | None]
    added_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


def is_role_address(text: str) -> bool:
    """Whether an e-mail address is plainly a role's mailbox and so may stand where nothing can be erased.

    It is where its name is made of words for roles alone (`freedomofinformation`, `data.protection`), or one word of
    it is a plain one (`nhs.foi`). Parts of words do not count, for “sar” stands in Sarah and “press” in Pressman;
    whatever is in doubt counts as a person's.
    """
    name = text.partition("@")[0].casefold()
    if not is_email(text) or len(name) > _LONGEST_NAME:
        return False
    words = [word for word in _BETWEEN_WORDS.split(name) if word]
    return bool(words) and (
        all(_ROLE.fullmatch(word) for word in words) or any(_PLAIN_ROLES.fullmatch(word) for word in words)
    )


def hold_contact(session: Session, details: Mapping[str, str], source: str, clock: Clock, ids: Ids) -> str | None:
    """The number of a contact with these details (name, email, telephone, address) from one source.

    The same details give the same number again. None where there are no details.
    """
    stated = {name: details[name] for name in ("name", "email", "telephone", "address") if details.get(name)}
    if not stated:
        return None
    digest = fingerprint(stated)
    held = session.scalar(select(Contact).where(Contact.source == source, Contact.digest == digest))
    if held is None:
        held = Contact(id=ids(), source=source, digest=digest, added_at=clock(), **stated)
        session.add(held)
        session.flush()
    return held.id


def contact_numbered(session: Session, number: str | None) -> Contact | None:
    """The contact with a number, if there is one and it was not erased."""
    contact = session.get(Contact, number) if number else None
    return contact if contact and contact.erased_at is None else None
