"""gunicorn, started from inside the program instead of by its own command."""

import gc
import os
import sys
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from web.api.openapi_parts import LONGEST_ADDRESS

THREADS = 4
TIMEOUT_SECONDS = 60


class _Site(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    def __init__(self, load: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._load = load
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        application = self._load()
        # What was made by now (modules, tables, templates) lives as long as the worker: looking through it for
        # garbage, every so often in the middle of an answer, takes as long as ten answers (`gc`, freeze).
        gc.collect()
        gc.freeze()
        return application


def run_gunicorn(load: Callable[[], Flask], host: str, port: int, workers: int, ready: Callable[[], None]) -> None:
    """Serve an application until told to stop; `load` runs in each worker, `ready` once the address answers."""
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "timeout": TIMEOUT_SECONDS,
        "graceful_timeout": 10,
        "keepalive": 5,
        "loglevel": "warning",
        "proc_name": "gazette",
        "limit_request_line": LONGEST_ADDRESS,
        "control_socket_disable": True,
        "when_ready": lambda _server: ready(),
    }
    parent = os.getpid()
    try:
        _Site(load, options).run()
    finally:
        if os.getpid() != parent:
            # gunicorn forks its workers in here: one that ends must not go on as if it were its parent.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)
