"""Dumps: everything in one file, with its count, its terms and its hash beside it."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from catalogue.datasets.read import dataset_count
from catalogue.kept_files import BeingMade, KeptFile
from register.agreements.read import agreement_count
from schemas.canonical import Json
from schemas.errors import NotFound
from web.api.answers import open_to_readers, public, shared
from web.context import session, site_address, web_context
from web.kept_answers import Offer, come_again, file_answer, opened, opened_if_made
from web.offered_files import CATALOGUE_FILES, DUMPS
from web.presentation.words import show_size
from web.search_answers import terms

blueprint = Blueprint("dumps", __name__, url_prefix="/dump")

MADE_FOR_THE_PAGE = 2_000
"""Where there are no more records than this, the page waits until each file is made."""

_HASH = ".sha256"


@dataclass(frozen=True, slots=True)
class Shown:
    """A dump as its page shows it; the rest is None where it is not made yet."""

    name: str
    title: str
    size: str = ""
    sha256: str | None = None
    count: int | None = None
    made_at: datetime | None = None


@blueprint.get("/")
def dumps() -> ResponseReturnValue:
    """What there is to download, for people."""
    few = dataset_count(session()) + agreement_count(session()) <= MADE_FOR_THE_PAGE
    try:
        shown = [_shown(offer, wait=few) for offer in DUMPS]
    except BeingMade:
        shown = [_shown(offer, wait=False) for offer in DUMPS]
    return render_template("dumps.html", dumps=shown, files=CATALOGUE_FILES, site=site_address())


@blueprint.get("/index.json")
def index() -> Response:
    """The same for programs. It waits until each file is made."""
    try:
        files = [_described(offer, opened(offer)) for offer in DUMPS]
    except BeingMade as error:
        return shared(come_again(error))
    return open_to_readers(public({"licence": terms(web_context().settings.records_licence), "files": files}))


@blueprint.get("/<name>")
def dump(name: str) -> Response:
    """A dump, or its hash as `sha256sum --check` reads it."""
    offer = next((offer for offer in DUMPS if offer.name == name.removesuffix(_HASH)), None)
    if offer is None:
        raise NotFound(f"There is no dump “{name}”.", "See /dump/ for those there are.")
    return _hash_of(offer) if name.endswith(_HASH) else file_answer(offer, download=True)


def _hash_of(offer: Offer) -> Response:
    try:
        kept = opened(offer)
    except BeingMade as error:
        return come_again(error)
    kept.file.close()
    response = shared(Response(f"{kept.sha256}  {offer.name}\n", mimetype="text/plain"))
    return open_to_readers(response)


def _shown(offer: Offer, *, wait: bool) -> Shown:
    kept = opened(offer) if wait else opened_if_made(offer)
    if kept is None:
        return Shown(offer.name, offer.title)
    kept.file.close()
    return Shown(offer.name, offer.title, show_size(kept.size), kept.sha256, kept.count, kept.made_at)


def _described(offer: Offer, kept: KeptFile) -> Json:
    kept.file.close()
    return {
        "name": offer.name,
        "title": offer.title,
        "address": f"{site_address()}/dump/{offer.name}",
        "mediaType": offer.media_type,
        "bytes": kept.size,
        "sha256": kept.sha256,
        "count": kept.count,
        "madeAt": kept.made_at.isoformat(),
    }
