"""How far the search index is: what was found at one mark holds until there is another."""

from typing import cast

from flask import g

from web.context import now, web_context

Mark = tuple[int, int]

LONGEST_SECONDS = 600
"""An index that is built anew may be as far as the one before it and yet differ: nothing is held for longer."""

_NAME = "ckan_index_mark"


def index_mark() -> Mark:
    """The highest outbox number in the index, and the time in steps; asked for once in a request.

    Raises SearchUnavailable.
    """
    if _NAME not in g:
        setattr(g, _NAME, (web_context().engine().watermark(), int(now().timestamp()) // LONGEST_SECONDS))
    return cast(Mark, getattr(g, _NAME))
