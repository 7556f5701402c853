"""Files of the whole catalogue and register, made once for a state of the records and served often."""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import metadata

from flask import Response, request, send_file
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.contacts import Contact
from catalogue.kept_files import BeingMade, KeptFile, Recipe, Sink, State, found_file, kept_file
from catalogue.organisations.models import Organisation
from register.agreements.models import AgreementEvent
from register.powers.models import Power
from schemas.canonical import canonical_bytes, sha256_hex
from schemas.database.change_feed import last_change
from schemas.settings import Settings
from web.api.answers import shared
from web.context import site_address, today, web_context

COME_AGAIN_SECONDS = 30

GZIP = "application/gzip"

_TAG_LENGTH = 32

_ERASED = select(func.count(Contact.erased_at), func.max(Contact.erased_at))
_BLANKED = select(func.count()).where(AgreementEvent.event == "redacted")
_CONTACTS = select(func.count(Contact.id), func.max(Contact.added_at))
_BODIES = select(func.count(Organisation.id), func.max(Organisation.changed_at))
_POWERS = select(func.count(Power.id), func.max(Power.changed_at))
"""Statements are made once: to make one takes longer than to ask it."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a file is made with, beside the records: the settings, the address of the site, and the day."""

    settings: Settings
    site: str
    day: date


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that is offered: its name, what it is in words, its media type, and how it is written.

    `write` gives the number of records. `by_day`: it tells what depends on the day, such as states of agreements.
    """

    name: str
    title: str
    media_type: str
    write: Callable[[Session, Made, Sink], int]
    by_day: bool = False


def opened(offer: Offer) -> KeptFile:
    """The file, made where it is not there. Raises BeingMade."""
    context = web_context()
    return kept_file(context.database, context.settings.data, _recipe(offer))


def opened_if_made(offer: Offer) -> KeptFile | None:
    """The file where it is there already and good."""
    context = web_context()
    return found_file(context.database, context.settings.data, _recipe(offer))


def file_answer(offer: Offer, *, download: bool) -> Response:
    """The file as an answer to this request: with its tag and its hash, in parts where parts are asked for."""
    try:
        kept = opened(offer)
    except BeingMade as error:
        return come_again(error)
    answer = send_file(
        kept.file,
        offer.media_type,
        as_attachment=download,
        download_name=offer.name,
        conditional=False,
        etag=kept.sha256[:_TAG_LENGTH],
        last_modified=kept.made_at,
    )
    answer.content_length = kept.size
    if offer.media_type.startswith("text/"):
        answer.content_type = f"{offer.media_type}; charset=utf-8"
    if offer.media_type == GZIP:  # never compressed again on its way, so this is the hash of what is sent (RFC 9530)
        answer.headers["Repr-Digest"] = f"sha-256=:{_in_base64(kept.sha256)}:"
    answer.headers.add("Link", f'<{web_context().settings.records_licence}>; rel="license"')
    shared(answer)
    answer.make_conditional(request, accept_ranges=True, complete_length=kept.size)
    return answer


def come_again(error: BeingMade) -> Response:
    """The file is being made: a reader is asked to come again."""
    response = Response(f"{error}\n", 503, mimetype="text/plain")
    response.headers["Retry-After"] = str(COME_AGAIN_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def written_to(sink: Sink, parts: Iterable[bytes]) -> None:
    """Write every part."""
    for part in parts:
        sink.write(part)


def _in_base64(sha256: str) -> str:
    return base64.b64encode(bytes.fromhex(sha256)).decode("ascii")


def _recipe(offer: Offer) -> Recipe:
    """How the file is made for this request's site. It reads nothing of the request later."""
    made = made_now()

    def state(session: Session) -> State:
        return _state(session, offer, made)

    def write(session: Session, sink: Sink) -> int:
        return offer.write(session, made, sink)

    return Recipe(offer.name, state, write)


def _state(session: Session, offer: Offer, made: Made) -> State:
    """What a file follows from: the records, this site and program, its name, and the day where it tells of that."""
    erased = session.execute(_ERASED).one()
    blanked = session.scalar(_BLANKED)
    erasures = [str(value) for value in (*erased, blanked)]
    depends = [offer.name, made.day.isoformat() if offer.by_day else "", *erasures, records_state(session, made)]
    return State(*(sha256_hex(canonical_bytes(part))[:_TAG_LENGTH] for part in (depends, erasures)))


def records_state(session: Session, made: Made) -> str:
    """A text that is another one after any change of the records, of this site or of its program.

    Every revision of a dataset and every event of an agreement has a number in the list of all changes; organisations,
    powers and contacts change without one.
    """
    erased, contacts, bodies, powers = (session.execute(told).one() for told in (_ERASED, _CONTACTS, _BODIES, _POWERS))
    settings = made.settings
    told = (_version(), made.site, settings.service_name, settings.publisher)
    found = (settings.records_licence, last_change(session), *bodies, *powers, *contacts, *erased)
    return sha256_hex(canonical_bytes([str(value) for value in (*told, *found)]))[:_TAG_LENGTH]


def made_now() -> Made:
    """What this request's answers are made with."""
    return Made(web_context().settings, site_address(), today())


@cache
def _version() -> str:
    """Which program this is: another one may write otherwise."""
    return metadata.version("data-gazette")
