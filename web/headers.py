"""The headers that every response bears, errors and static files included: all of them in this one place."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing but our own files, and nothing written into a page (W3C, Content Security Policy Level 3)."""

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""What a reader searched for stays here: no other site is told the address of the page."""

ROBOTS = "noindex, nofollow"


def add_headers(app: Flask, *, samples: bool) -> None:
    """Put the headers on every response of an application; samples are kept out of search engines.

    A page may have set one of them itself, more strictly.
    """
    headers = {**SECURITY_HEADERS, **({"X-Robots-Tag": ROBOTS} if samples else {})}
    added = [(name.lower(), (name, value)) for name, value in headers.items()]
    application = app.wsgi_app

    def with_headers(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(
            status: str, told: list[tuple[str, str]], error: "OptExcInfo | None" = None, /
        ) -> Callable[[bytes], object]:
            present = {name.lower() for name, _ in told}
            return start_response(status, [*told, *(one for name, one in added if name not in present)], error)

        return application(environ, start)

    # Not after each request by Flask: it would look through all headers again for each of these.
    app.wsgi_app = with_headers  # type: ignore[method-assign] # Flask's own way
