"""The same question asked again while nothing has changed gets the same answer, which is not worked out again.

Harvesters, dashboards and crawlers ask for the same pages over and over; what CKAN’s clients ask in the body of a POST
counts as asked alike. An answer is given again for a minute at most, on the same day, and only while nothing whatever
was committed to the database: the first commit, a blanking of course too, makes a process forget all of them at its
next request. Who is signed in, asks for a part, or asks whether a copy is still good, is never answered from here; no
more is what sets a cookie or says that nobody may keep it.

Who works out an answer may `expect` others: those to the same question with another word in it.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, g, request

from schemas.clock import Clock
from schemas.database.commit_mark import CommitMark
from web.compression import SHORTEST, gzipped

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 32_000_000
"""So much is kept in each process: answers, their headers, and what they were asked with."""

LONGEST_QUESTION = 2_000
"""Characters: what is longer is hardly asked for twice, unless to fill the memory."""

_ENTRY = 1_000
"""Bytes that an answer takes beside its texts, at the most."""

LONGEST_ANSWER = 500_000
"""Bytes: what is longer is rarely asked for twice."""

LASTS = timedelta(minutes=1)
"""What tells of the very moment (“changed in the last hour”) may be so old, and no older."""

_ASKED_WITH = (
    *("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
    *("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING"),
)
"""What an answer depends on."""

_FOR_ONE = (
    *("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_RANGE"),
    *("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"),
)
"""A request with one of these is answered for itself."""

_VARIES = frozenset(("accept", "accept-encoding", "cookie"))
_MARK = "gazette.repeated"
_EXPECTED = "gazette.expected"
_QUERY = 1 + _ASKED_WITH.index("QUERY_STRING")

Headers = list[tuple[str, str]]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    status: str
    headers: Headers
    body: bytes
    until: float
    day: date
    bytes: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What is likely to be asked next: this request's question with other words in the place of one, and answers."""

    word: str
    answers: Mapping[str, bytes]


def may_be_repeated() -> bool:
    """Whether an answer to this request may be kept, and so those that it expects."""
    return _MARK in request.environ


def expect(word: str, answers: Mapping[str, bytes]) -> None:
    """Keep answers to this request's question asked with other words; each is the whole text, not compressed.

    They must be what would be answered: the words letters, digits, hyphens and underscores, and of one kind.
    """
    request.environ[_EXPECTED] = Expected(word, answers)


def repeat_answers(app: Flask, blueprints: Iterable[Blueprint], commits: CommitMark, clock: Clock) -> None:
    """Give answers of these blueprints again. They must follow from the request, the records and the clock alone."""
    names = frozenset(blueprint.name for blueprint in blueprints)

    @app.before_request
    def mark_answer() -> None:
        """See, before anything else is read, how the database stands."""
        mark: Callable[[], Hashable | None] | None = request.environ.get(_MARK)
        if mark is not None and request.blueprint in names:
            g.commit_mark = mark()

    app.wsgi_app = _RepeatedAnswers(app.wsgi_app, commits, clock)  # type: ignore[method-assign] # Flask's own way


class _RepeatedAnswers:
    """Around an application: gives again what may be given again."""

    def __init__(self, application: "WSGIApplication", mark: CommitMark, clock: Clock) -> None:
        self._application = application
        self._mark = mark
        self._clock = clock
        self._lock = Lock()
        self._held_at: Hashable = None
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._bytes = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        key = None if any(environ.get(name) for name in _FOR_ONE) else _asked(environ)
        if key is None:
            return self._application(environ, start_response)
        kept = self._found(key) if key in self._kept else None
        if kept is not None:
            start_response(kept.status, list(kept.headers))
            return [kept.body]
        return self._worked_out(key, environ, start_response)

    def _worked_out(self, key: Key, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        told = _Told(start_response)
        marks: list[Hashable | None] = []

        def mark() -> Hashable | None:
            marks.append(self._standing())
            return marks[0]

        environ[_MARK] = mark
        began = self._clock()
        answer = self._application(environ, told)
        if not marks or marks[0] is None or not told.may_be_kept():
            return answer
        sent = _Sent(answer, partial(self._keep_sent, key, marks[0], told, began))
        if "content-length" not in told.by_name:
            return sent
        with closing(sent):  # all of it is there
            whole = [b"".join(sent)]
        self._keep_expected(environ.get(_EXPECTED), key, marks[0], told, began)
        return whole

    def _keep_sent(self, key: Key, mark: Hashable, told: "_Told", now: datetime, body: bytes) -> None:
        """Keep an answer that came to its end. One that was written while it was sent has a length from now on."""
        headers = [pair for pair in told.headers if pair[0].lower() != "content-length"]
        headers.append(("Content-Length", str(len(body))))
        texts = sum(map(len, key)) + sum(len(name) + len(value) for name, value in headers)
        size = len(body) + texts + _ENTRY
        self._keep(key, mark, _Kept(told.status, headers, body, (now + LASTS).timestamp(), now.date(), size))

    def _keep_expected(self, expected: Expected | None, key: Key, mark: Hashable, told: "_Told", now: datetime) -> None:
        """Keep answers that are like this one in all but their text: of those that may be compressed, so are they."""
        if expected is None or "accept-encoding" not in told.varies or "etag" in told.by_name:
            return
        packed = told.by_name.get("content-encoding") == "gzip"
        for word, text in expected.answers.items():
            question = _with_other_word(key, expected.word, word)
            if question is not None and SHORTEST <= len(text) <= LONGEST_ANSWER:
                self._keep_sent(question, mark, told, now, gzipped(text) if packed else text)

    def _standing(self) -> Hashable | None:
        """How the database stands; what was answered when it stood otherwise is forgotten."""
        mark = self._mark.now()
        with self._lock:
            if mark is None or mark != self._held_at:
                self._kept.clear()
                self._bytes = 0
                self._held_at = mark
        return mark

    def _found(self, key: Key) -> _Kept | None:
        """What was answered before, if it still holds."""
        self._standing()
        now = self._clock()
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or now.timestamp() > kept.until or now.date() != kept.day:
                return None
            self._kept.move_to_end(key)
            return kept

    def _keep(self, key: Key, mark: Hashable, kept: _Kept) -> None:
        with self._lock:
            if mark != self._held_at:  # it was worked out while something was committed
                return
            before = self._kept.pop(key, None)
            self._bytes += kept.bytes - (before.bytes if before else 0)
            self._kept[key] = kept
            while self._bytes > MOST_BYTES:
                _key, gone = self._kept.popitem(last=False)
                self._bytes -= gone.bytes


def _asked(environ: "WSGIEnvironment") -> Key | None:
    """What was asked; None where it is too long, or not a way of asking. What is read of a body is given back."""
    method = environ["REQUEST_METHOD"]
    key = (method, *[environ.get(name, "") for name in _ASKED_WITH])
    if method == "POST":  # so CKAN’s clients ask; what else is sent here is never kept
        length = environ.get("CONTENT_LENGTH", "")
        if not length.isdecimal() or int(length) > LONGEST_QUESTION:
            return None
        body = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = BytesIO(body)
        key = (*key, environ.get("CONTENT_TYPE", ""), body.decode("latin-1"))
    elif method != "GET":
        return None
    return key if sum(map(len, key)) <= LONGEST_QUESTION else None


def _with_other_word(key: Key, word: str, other: str) -> Key | None:
    """A question with another word in the place of one that stands in it once, as a value; None where it does not."""
    posted = key[0] == "POST"
    place, begin, end = (len(key) - 1, '"', '"') if posted else (_QUERY, "=", "&")
    text = key[place] if posted else f"{key[place]}&"
    if text.count(f"{begin}{word}{end}") != 1:
        return None
    changed = text.replace(f"{begin}{word}{end}", f"{begin}{other}{end}")
    return (*key[:place], changed if posted else changed[:-1], *key[place + 1 :])


class _Told:
    """Hands on what an application says of its answer, and remembers it."""

    def __init__(self, start_response: "StartResponse") -> None:
        self._start = start_response
        self.status = ""
        self.headers: Headers = []

    def __call__(
        self, status: str, headers: Headers, error: "OptExcInfo | None" = None, /
    ) -> Callable[[bytes], object]:
        self.status, self.headers = status, list(headers)
        return self._start(status, headers, error)

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The headers, by their names in small letters."""
        return {name.lower(): value for name, value in self.headers}

    @cached_property
    def varies(self) -> set[str]:
        """The headers of the request that the answer depends on, in small letters."""
        return {name.strip().lower() for name in self.by_name.get("vary", "").split(",") if name.strip()}

    def may_be_kept(self) -> bool:
        """Whether all of the answer is there or comes, is not known to be too long, and is for everybody."""
        told = self.by_name
        length = told.get("content-length", "0")
        return (
            self.status.startswith("200 ")
            and length.isdecimal()
            and int(length) <= LONGEST_ANSWER
            and "set-cookie" not in told
            and "no-store" not in told.get("cache-control", "")
            and self.varies <= _VARIES
        )


class _Sent:
    """An answer while it is sent, piece by piece as it comes; at its end all of it is kept, if it is not long."""

    def __init__(self, answer: Iterable[bytes], keep: Callable[[bytes], None]) -> None:
        self._answer = answer
        self._pieces = iter(answer)
        self._keep: Callable[[bytes], None] | None = keep
        self._sent: list[bytes] = []
        self._bytes = 0

    def __iter__(self) -> "_Sent":
        return self

    def __next__(self) -> bytes:
        """The next piece (PEP 3333)."""
        try:
            piece = next(self._pieces)
        except StopIteration:
            if self._keep is not None:
                self._keep(b"".join(self._sent))
                self._keep = None
            raise
        if self._keep is not None:
            self._bytes += len(piece)
            self._sent.append(piece)
            if self._bytes > LONGEST_ANSWER:
                self._keep = None
                self._sent.clear()
        return piece

    def close(self) -> None:
        """Close the answer. One that was cut short is not kept."""
        close: Callable[[], None] | None = getattr(self._answer, "close", None)
        if close is not None:
            close()
