"""Sites on loopback that answer over real HTTP: recorded answers, a small CKAN, and sites that misbehave."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answer:
    """What a site answers. With `hang` it stops after the headers, until the site is closed."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False


@dataclass
class Site:
    """A site that is up, and what it was asked."""

    url: str
    asked: list[tuple[str, Query]]


def query_of(text: str) -> Query:
    """A query string whose order says nothing."""
    return tuple(sorted(parse_qsl(text, keep_blank_values=True)))


@contextmanager
def site(answer: Callable[[str, Query], Answer]) -> Iterator[Site]:
    """A site that answers every GET with what a function says of its path and query."""
    asked: list[tuple[str, Query]] = []
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked.append((parts.path, query_of(parts.query)))
            given = answer(*asked[-1])
            self.send_response(given.status)
            length = len(given.body) + (1 if given.hang else 0)
            for name, value in {"Content-Length": str(length), "Connection": "close", **given.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(given.body)
                if given.hang:
                    closing.wait()
            except ConnectionError:
                pass  # the client has seen enough

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def always(answer: Answer) -> Callable[[str, Query], Answer]:
    """The same answer to everything."""
    return lambda _path, _query: answer


def recorded(path: Path) -> Callable[[str, Query], Answer]:
    """The answers of a real CKAN, by path and query; anything else it was not asked is a 404."""
    answers: dict[tuple[str, Query], Answer] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        exchange = json.loads(line)
        if exchange["request"]["method"] == "GET":
            parts = urlsplit(exchange["request"]["path"])
            response = exchange["response"]
            content = {"Content-Type": response["headers"].get("Content-Type", "application/json")}
            body = response["body"].encode()
            answers[parts.path, query_of(parts.query)] = Answer(response["status"], body, content)
    return lambda path, query: answers.get((path, query), Answer(404, b"{}"))


@dataclass
class SmallCkan:
    """A CKAN with a few packages, which tests change between two harvests."""

    packages: list[dict[str, Any]] = field(default_factory=list)
    most_rows: int = 100
    failing_from: int | None = None
    repeating: bool = False
    counts: int | None = None

    def put(self, number: str, **members: object) -> None:
        """Add a package, or replace the one with this number."""
        self.drop(number)
        stated = {"id": number, "name": number, "title": f"Dataset {number}", "state": "active", **members}
        self.packages = sorted([*self.packages, stated], key=lambda package: str(package["id"]))

    def drop(self, number: str) -> None:
        """Take a package off the list."""
        self.packages = [package for package in self.packages if package["id"] != number]

    def __call__(self, path: str, query: Query) -> Answer:
        if path != "/api/3/action/package_search":
            return Answer(404, b"not found")
        asked = dict(query)
        start, rows = int(asked["start"]), min(int(asked["rows"]), self.most_rows)
        if self.failing_from is not None and start >= self.failing_from:
            return Answer(500, b"<html>Sorry.</html>", {"Content-Type": "text/html"})
        first = 0 if self.repeating else start
        results = self.packages[first : first + rows]
        count = len(self.packages) if self.counts is None else self.counts
        return json_answer({"help": "", "success": True, "result": {"count": count, "results": results}})


def json_answer(value: object, status: int = 200) -> Answer:
    """An answer in JSON."""
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json;charset=utf-8"})
