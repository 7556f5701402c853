"""The catalogue of a server: the same calls as `catalogue.local`, sent over HTTP to /api/v1."""

from collections.abc import Iterator, Mapping

from catalogue.api import Results
from catalogue.search.asking import Wanted
from schemas.canonical import Json
from schemas.errors import Unreachable
from web.client.http import HttpClient, Reply
from web.client.register import next_link

_SEARCH = "/api/v1/search"
_LONGEST_PAGE = 1000
_TOLD = ("total", "understood", "notes", "looser", "also", "meant")


class RemoteCatalogue:
    """One catalogue behind a server."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def search(self, wanted: Wanted, *, limit: int | None, offset: int = 0) -> Results:
        """See `CatalogueApi`."""
        size = _LONGEST_PAGE if limit is None else limit
        params = {**_parameters(wanted), "limit": str(size), **({"offset": str(offset)} if offset else {})}
        reply = self._client.request("GET", _SEARCH, params=params)
        page = self._page(reply)
        return Results({name: page.get(name) for name in _TOLD}, self._rows(reply, page, to_the_last=limit is None))

    def _rows(self, reply: Reply, page: Json, *, to_the_last: bool) -> Iterator[Json]:
        while True:
            yield from page["items"]
            following = next_link(reply)
            if following is None or not to_the_last:
                return
            reply = self._client.request("GET", following)
            page = self._page(reply)

    def _page(self, reply: Reply) -> Json:
        page = reply.json
        if not isinstance(page, dict) or not isinstance(page.get("items"), list) or "total" not in page:
            raise Unreachable(
                f"{self._client.server} answers, but not as a catalogue of this kind does.", "Check the address."
            )
        return page


def _parameters(wanted: Wanted) -> Mapping[str, str | list[str]]:
    single = {
        "q": wanted.text,
        "covers_from": wanted.covers_from,
        "covers_to": wanted.covers_to,
        "changed_since": wanted.changed_since,
        "sort": wanted.sort.value,
        "relaxed": "1" if wanted.relaxed else "",
    }
    return {
        **{name: list(values) for name, values in wanted.filters.items()},
        **{name: text for name, text in single.items() if text},
    }
