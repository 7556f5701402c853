"""The newest changes of datasets and agreements as an Atom feed, for people’s feed readers; programs take the API."""

from flask import Blueprint, Response, request

from catalogue.licences import licence_title
from register.changes import changes_in
from schemas.database.change_feed import changes_before
from schemas.errors import InvalidInput
from web.context import session, site_address, web_context
from web.presentation.atom import ATOM_TYPE
from web.presentation.changes_atom import ChangesFeed, changes_document
from web.search_answers import answering_as, kept

blueprint = Blueprint("changes_feed", __name__)

ENTRIES = 50
_LONGEST_NUMBER = 12


@blueprint.get("/feeds/changes.atom")
def feed() -> Response:
    """A page of the feed; `before` is the number of the change before which it begins."""
    answering_as("atom")
    before = _before()
    rows = changes_before(session(), before, ENTRIES + 1)
    licence = web_context().settings.records_licence
    site = site_address()
    first = f"{site}{request.path}"
    described = ChangesFeed(
        id=first,
        service=web_context().settings.service_name,
        site=site,
        rights=f"{licence_title(licence)}, unless a record states other terms.",
        licence=licence,
        this=first if before is None else f"{first}?before={before}",
        next=f"{first}?before={rows[ENTRIES - 1].number}" if len(rows) > ENTRIES else "",
    )
    document = changes_document(described, changes_in(session(), rows[:ENTRIES]))
    response = kept(Response(document, content_type=f"{ATOM_TYPE}; charset=utf-8"), "")
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def _before() -> int | None:
    text = request.args.get("before")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER):
        raise InvalidInput("“before” is no number of a change.", "Take the address from the feed.")
    return int(text)
