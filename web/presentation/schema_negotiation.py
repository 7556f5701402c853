"""Which form of a page a client asked for (RFC 9110, 12.5.1)."""

from collections.abc import Sequence

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header


def preferred(accept: str, offers: Sequence[str]) -> str:
    """The offer that an `Accept` header likes best; of equals the first, and the first where it likes none.

    `offers` are media types without parameters. The most specific range that holds an offer decides on it, so that
    `text/html;q=0, */*` refuses HTML alone. Parameters such as `charset` choose nothing here and are passed over.
    """
    ranges = [(name.partition(";")[0].strip().lower(), q) for name, q in parse_accept_header(accept, MIMEAccept)]
    liked = {offer: _quality(ranges, offer) for offer in offers} if ranges else {}
    best = max(liked.values(), default=0)
    return next((offer for offer in offers if best > 0 and liked[offer] == best), offers[0])


def _quality(ranges: Sequence[tuple[str, float]], offer: str) -> float:
    for wanted in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
        said = [quality for name, quality in ranges if name == wanted]
        if said:
            return max(said)
    return 0
