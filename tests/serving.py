"""A WSGI application served on loopback while a test runs, which closes every answer, also one whose client went away.

Werkzeug's own handler leaves an answer open when the connection is reset while it reads what is left of the request;
a file in it is then closed by the collector of whatever test runs by then, which fails for it.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server


class _Answer:
    """What an application answered, to be closed once however often it is asked."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)

    def close(self) -> None:
        if not self._closed and hasattr(self._parts, "close"):
            self._closed = True
            self._parts.close()


class _Handler(WSGIRequestHandler):
    def run_wsgi(self) -> None:
        try:
            super().run_wsgi()
        finally:
            answer = getattr(self, "environ", {}).pop("tests.answer", None)
            if answer is not None:
                answer.close()


@contextmanager
def served_on_loopback(app: Callable[..., Iterable[bytes]]) -> Iterator[str]:
    """Serve an application until the end of the block; gives its address."""

    def noting(environ: dict[str, Any], start_response: Any) -> _Answer:
        answer = environ["tests.answer"] = _Answer(app(environ, start_response))
        return answer

    server = make_server("127.0.0.1", 0, noting, threaded=True, request_handler=_Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
