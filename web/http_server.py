"""granian, started from inside the program instead of by its own command.

It reads requests and writes answers without Python, in threads of its own; Python is asked for the answer alone.
"""

import gc
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LOGGING_CONFIG, LogLevels
from granian.server import Server
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 8
"""So many requests are answered at once in each worker; the others wait."""

_LONGEST_HEADERS = 128_000
_SLOWEST_HEADERS = 30_000
_GRACE_SECONDS = 10
_PROXIES = ["127.0.0.1", "::1"]
"""What a proxy on the same machine says of its client (address, https) is believed."""
_HOST = re.compile(r"[\w.~%!$&'()*+;=-]+(?::\d*)?|\[[0-9A-Fa-f:.]+\](?::\d*)?", re.ASCII)
_NO_HOST = b"The header Host of the request is not the name of one machine.\n"
_POLL_SECONDS = 0.05
_WATCH_SECONDS = 0.5
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - told apart, not listened on

Load = Callable[[], Flask]
"""Makes the application, in each worker anew."""


def serve_http(load: Load, host: str, port: int, workers: int, ready: Callable[[], None]) -> None:
    """Serve an application until told to stop; `ready` is called once the address answers.

    Workers that die are replaced. Raises SystemExit where they die again and again.
    """
    address = _numeric(host, port)
    server = Server(
        "gazette",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=_SLOWEST_HEADERS, max_buffer_size=_LONGEST_HEADERS),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE_SECONDS,
        log_level=LogLevels.error,
        log_dictconfig=_logging(),
    )
    ended = threading.Event()
    server.on_startup(threading.Thread(target=_tell_ready, args=(address, port, ready, ended), daemon=True).start)
    try:
        server.serve(target_loader=partial(_application, load, os.getpid()), wrap_loader=False)
    finally:
        ended.set()


def _application(load: Load, parent: int) -> "WSGIApplication":
    """The application in a worker, which ends when its parent has gone, however that died."""
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    application = load()
    # What was made by now (modules, tables, templates) lives as long as the worker: looking through it for
    # garbage, every so often in the middle of an answer, takes as long as ten answers (`gc`, freeze).
    gc.collect()
    gc.freeze()

    def answered(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not environ["HTTP_HOST"]:  # HTTP/1.0 needs none, and has its own address then (RFC 3875, 4.1.14)
            del environ["HTTP_HOST"]
        elif not _HOST.fullmatch(environ["HTTP_HOST"]):  # two of them are joined by a comma (RFC 9112, 3.2)
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", str(len(_NO_HOST)))])
            return [_NO_HOST]
        return application(environ, start_response)

    behind_proxy: WSGIApplication = wrap_wsgi_with_proxy_headers(answered, _PROXIES)
    return behind_proxy


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def _numeric(host: str, port: int) -> str:
    """The address of a host, which granian wants in numbers; of one with several, that of version 4."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return str(socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)[0][4][0])


def _tell_ready(address: str, port: int, ready: Callable[[], None], ended: threading.Event) -> None:
    """Try the address until it answers."""
    while not ended.wait(_POLL_SECONDS):
        try:
            socket.create_connection((_ANYWHERE.get(address, address), port), timeout=1).close()
        except OSError:
            continue
        ready()
        return


def _logging() -> dict[str, object]:
    """What granian logs goes to stderr, as all messages do."""
    told: dict[str, Any] = LOGGING_CONFIG
    handlers = {name: {**handler, "stream": "ext://sys.stderr"} for name, handler in told["handlers"].items()}
    return {**told, "handlers": handlers}
