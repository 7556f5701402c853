"""The change feed at /api/v1/changes: what happened to datasets and agreements, in the order in which it could be seen.

A cursor is the number of a change. Numbers are given in the order in which changes become visible (see
`schemas.database.change_feed`), so a reader who goes on from a cursor misses nothing and is told nothing twice,
whatever is written meanwhile. Behind the number stands a check: where the database was restored from a backup, and
the number is now that of another change or of none, the reader is told so, and does not go on past what it never saw.
"""

import re

from flask import Blueprint, Response, request

from register.changes import WITHDRAWN, Change, changes_in
from schemas.canonical import Json, sha256_hex
from schemas.database.change_feed import (
    AGREEMENT,
    DATASET,
    ChangeRow,
    change_in_front_of,
    change_numbered,
    changes_behind,
    last_change,
)
from schemas.errors import InvalidInput, NotFound
from web.api.access import check_token
from web.api.answers import address_with, open_to_readers, public, unchanged, with_next
from web.api.requests import choice_argument, moment_argument, number_argument, refuse_unknown_arguments
from web.context import session, site_address

blueprint = Blueprint("api_changes", __name__, url_prefix="/api/v1")
blueprint.before_request(check_token)
blueprint.after_request(open_to_readers)

PAGE = 100
LONGEST_PAGE = 1000
CURSOR = re.compile("0|[1-9][0-9]{0,11}-[0-9a-f]{8}")
_CHECK_LENGTH = 8
KINDS = (DATASET, AGREEMENT)
_TAG_LENGTH = 12


@blueprint.get("/changes")
def changes() -> Response:
    """The oldest changes behind a cursor or since a moment. `next` is where to go on, now and at any later time."""
    refuse_unknown_arguments("since", "cursor", "kind", "limit")
    limit = number_argument("limit", PAGE, 1, LONGEST_PAGE) or PAGE
    kind = choice_argument("kind", KINDS) or None
    newest = last_change(session())
    begin = _begin()
    tag = f"{newest}.{begin}.{sha256_hex(request.url.encode())[:_TAG_LENGTH]}"
    response = unchanged(tag)
    if response is not None:
        return response
    rows = changes_behind(session(), begin, limit + 1, kind)
    more = len(rows) > limit
    cursor = _cursor_at(rows[limit - 1] if more else change_numbered(session(), newest))
    following = address_with(cursor=cursor, since=None)
    items = [described(change) for change in changes_in(session(), rows[:limit])]
    response = public({"items": items, "more": more, "cursor": cursor, "next": f"{site_address()}{following}"})
    response.set_etag(tag)
    return with_next(response, cursor=cursor, since=None) if more else response


def _begin() -> int:
    """The number behind which to begin: the later one of a cursor and a moment.

    Raises InvalidInput for a cursor that no feed gives, NotFound for one whose change is not in this one.
    """
    cursor, since = request.args.get("cursor"), moment_argument("since")
    begin = 0 if cursor is None else _number_of(cursor)
    return begin if since is None else max(begin, change_in_front_of(session(), since))


def _number_of(cursor: str) -> int:
    if not CURSOR.fullmatch(cursor):
        raise InvalidInput("“cursor” is none of ours.", "Take the address in “next” as it stands.")
    number = int(cursor.partition("-")[0])
    if cursor != _cursor_at(change_numbered(session(), number)):
        raise NotFound(
            "The change where this bookmark stands is not in the feed.",
            "The register was restored from a backup. Read the records anew, with a new bookmark.",
        )
    return number


def _cursor_at(row: ChangeRow | None) -> str:
    """The cursor behind a change; behind none, that of the beginning."""
    if row is None:
        return "0"
    check = sha256_hex(f"{row.number} {row.kind} {row.record_id} {row.step}".encode())[:_CHECK_LENGTH]
    return f"{row.number}-{check}"


def described(change: Change) -> Json:
    """One change as the API tells it."""
    site = site_address()
    record = f"{site}/api/v1{change.address}"
    then = f"{record}/revisions/{change.revision}" if change.kind == DATASET else f"{record}?version={change.revision}"
    return {
        "number": change.number,
        "kind": change.kind,
        "id": change.record,
        "name": change.name,
        "title": change.title,
        "change": change.change,
        "deleted": change.change == WITHDRAWN,
        "event": change.event,
        "revision": change.revision,
        "reason": change.reason,
        "by": change.by,
        "recordedAt": change.recorded_at.isoformat(),
        "address": f"{site}{change.address}",
        "record": record,
        "then": then if change.revision is not None else None,
    }
