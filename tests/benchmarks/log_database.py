"""How fast the log in the database is as it grows. Run by hand, never as a test:

    PYTHONPATH=. python tests/benchmarks/log_database.py --folder DIR [--database URL] [--entries 1000000]

DIR becomes a data folder: with `gazette --data DIR` the log that was grown can be verified, exported and served. URL is
an empty PostgreSQL database; without it the database is SQLite in DIR. The log grows as an import makes it grow, some
hundred events a transaction, every body sealed; on the way, single events are appended each in a transaction of its
own. Prints what such an append costs as the log grows; then what a proof costs, and what it costs to serve the
checkpoint. Given a folder that holds such a log already, it grows on from there.
"""

import argparse
import random
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, select
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from register.agreements.body import Body, seal
from register.agreements.events import NewEvent, append, locked_head, next_agreement_id, open_register
from register.agreements.models import AgreementEvent, RegisterHead
from register.log.checkpoints import add_first_key, checkpoint_now
from register.log.signing import make_key_file
from register.log.store import nodes_in, place_of_event
from register.log.tree import consistency_proof, inclusion_proof
from schemas.bundle import AGREEMENT_VERSION
from schemas.clock import system_clock
from schemas.database.engine import Database, open_database
from schemas.database.upgrade import upgrade
from schemas.settings import Settings, sqlite_url
from tests.register.making import agreement
from web.app import create_app

ORIGIN = "rivers.example/register"
STOPS = (0, 10_000, 100_000, 300_000, 1_000_000)
"""At these sizes single appends are timed."""

SINGLE = 200
AT_ONCE = 500
TOLD_EVERY = 20_000
SCHEMA = AGREEMENT_VERSION


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--database")
    options.add_argument("--entries", type=int, default=1_000_000)
    chosen = options.parse_args()
    folder: Path = chosen.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    url = chosen.database or sqlite_url(folder)
    with closing(open_database(url)) as database:
        prepare(database, folder / "log-key")
        grow(database, chosen.entries)
        began = time.perf_counter()
        checkpoint_now(database, folder / "log-key", system_clock)
        tell(f"signing a checkpoint of {size(database):,} entries: {(time.perf_counter() - began) * 1e3:.1f} ms")
        prove(database)
        serve(database, Settings(folder, url, folder / "search"))


def prepare(database: Database, key: Path) -> None:
    upgrade(database)
    if not key.exists():
        signer = make_key_file(key, ORIGIN, secrets.token_bytes)
        with database.write() as session:
            open_register(session, origin=ORIGIN)
            add_first_key(session, signer.verifier.vkey, system_clock)


def size(database: Database) -> int:
    with database.read() as session:
        return session.get_one(RegisterHead, 1).log_size


def grow(database: Database, wanted: int) -> None:
    """Grow to so many entries; on the way, time single appends at each stop."""
    events = Events()
    stops = [stop for stop in STOPS if stop < wanted] + [wanted]
    began, since = time.perf_counter(), size(database)
    for stop in stops:
        while (here := size(database)) < stop:
            with database.write() as session:
                head = locked_head(session)
                for new in islice(events.for_ever(head), min(AT_ONCE, stop - here)):
                    append(session, head, new, system_clock)
            now = size(database)
            if now // TOLD_EVERY > since // TOLD_EVERY:
                took = time.perf_counter() - began
                tell(f"in bulk, to {now:>9,}: {(now - since) / took:,.0f} entries a second")
                began, since = time.perf_counter(), now
        if size(database) < stop + SINGLE:
            singles(database, events)
            began, since = time.perf_counter(), size(database)


def singles(database: Database, events: "Events") -> None:
    """Append some events, each in a transaction of its own, and tell what one takes."""
    at = size(database)

    def one() -> None:
        with database.write() as session:
            head = locked_head(session)
            append(session, head, next(events.for_ever(head)), system_clock)

    for _ in range(20):
        one()
    spent = time.process_time()
    times = timed([one] * (SINGLE - 20))
    spent = (time.process_time() - spent) / len(times)
    tell(
        f"one event a transaction, at {at:>9,} entries: p50 {median(times) * 1e3:.2f} ms, "
        f"p95 {percentile(times, 95) * 1e3:.2f} ms ({1 / (sum(times) / len(times)):,.0f}/s), "
        f"{spent * 1e3:.2f} ms of processor time"
    )


class Events:
    """What happens to agreements, one after another: signed, amended, suspended, resumed."""

    def __init__(self) -> None:
        self._waiting: list[NewEvent] = []

    def for_ever(self, head: RegisterHead) -> Iterator[NewEvent]:
        """Events without end; `head` gives the numbers."""
        while True:
            if not self._waiting:
                self._waiting = self._life(next_agreement_id(head))
            yield self._waiting.pop(0)

    def _life(self, name: str) -> list[NewEvent]:
        first, second = (
            sealed(agreement(id=name, purpose=f"To mend bridge {name}, {what}")) for what in ("first", "second")
        )
        because = [sealed({"reason": f"The river rose at {name}, {what}"}) for what in ("first", "second")]
        common: dict[str, Any] = {"schema_version": SCHEMA, "actor_organisation": "ministry-of-rivers"}
        return [
            NewEvent(name, "signed", version=1, body=first, **common),
            NewEvent(name, "amended", version=2, body=second, previous_body_sha256=first.sha256, **common),
            NewEvent(name, "suspended", details=because[0], **common),
            NewEvent(name, "resumed", details=because[1], **common),
        ]


def sealed(document: dict[str, Any]) -> Body:
    return seal(document, secrets.token_bytes)


def prove(database: Database) -> None:
    """What a proof costs, read from the database."""
    dice, count = random.Random(4), size(database)
    with database.read() as session:
        last = session.scalar(select(func.max(AgreementEvent.number))) or 1
        numbers = [dice.randrange(1, last + 1) for _ in range(500)]

        def inclusion(number: int) -> Callable[[], object]:
            return lambda: inclusion_proof(place_of_event(session, number), count, nodes_in(session))

        def consistency(old: int) -> Callable[[], object]:
            return lambda: consistency_proof(old, count, nodes_in(session))

        report(f"inclusion proof, {count:,} entries", timed([inclusion(number) for number in numbers]))
        report(f"consistency proof, {count:,} entries", timed([consistency(number) for number in numbers]))


def serve(database: Database, settings: Settings) -> None:
    """What it costs the server to answer, from the request inside the process to the last byte."""
    app = create_app(settings, database, lambda: sys.exit("the log needs no search"), system_clock)

    def ask(path: str, tag: str = "") -> tuple[str, Any]:
        headers = Headers({"If-None-Match": tag} if tag else {})
        body, status, answered = run_wsgi_app(app, EnvironBuilder(path, headers=headers).get_environ())
        b"".join(body)
        return status, answered

    full = size(database) // 256 - 1
    tile = f"x{full // 1000:03}/{full % 1000:03}" if full >= 1000 else f"{full:03}"
    for path in (
        "/healthz",
        "/register/log/checkpoint",
        f"/register/log/tile/0/{tile}",
        "/agreements/dg-7/versions/1.tlog-proof",
    ):
        status, headers = ask(path)
        spent = time.process_time()
        times = timed([partial(ask, path)] * 300)
        spent = (time.process_time() - spent) / 300
        report(f"{path}: {status}, {spent * 1e3:.2f} ms of processor time", times)
        if tag := headers.get("ETag"):
            report(f"{path}: {ask(path, tag)[0]}", timed([partial(ask, path, tag)] * 300))


def timed(work: list[Callable[[], object]]) -> list[float]:
    times = []
    for one in work:
        began = time.perf_counter()
        one()
        times.append(time.perf_counter() - began)
    return times


def percentile(times: list[float], percent: int) -> float:
    return sorted(times)[len(times) * percent // 100]


def report(what: str, times: list[float]) -> None:
    tell(f"{what}: p50 {median(times) * 1e3:.2f} ms, p95 {percentile(times, 95) * 1e3:.2f} ms")


def tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - what the script is for


if __name__ == "__main__":
    main()
