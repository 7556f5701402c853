"""Many processes append at once and are killed at random: no gap, no fork, and every event with its entry.

Some write as web workers do, some as commands, the others as fast as they can; one signs meanwhile.
"""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from catalogue.search.engine import SearchEngine, SearchUnavailable
from cli import main
from register.agreements.body import seal
from register.agreements.events import NewEvent, append, locked_head
from register.agreements.models import AgreementBody, AgreementEvent, RegisterHead
from register.agreements.rebuild import differing_agreements
from register.log.checkpoint import open_checkpoint
from register.log.checkpoints import add_first_key, checkpoint_now, public_keys
from register.log.leaf import CodelistsLeaf, EventLeaf, read_leaf
from register.log.models import LogCheckpoint, LogEntry
from register.log.note import read_vkey
from register.log.signing import make_key_file
from register.log.store import root_at
from register.log.tree import GrowingTree
from schemas.actor import LOCAL_REGISTRAR, Role
from schemas.clock import system_clock, system_randomness
from schemas.database.engine import Database, open_database
from schemas.merkle import leaf_hash
from schemas.settings import Settings
from tests.fakes import FakeClock
from tests.register.making import Register, agreement
from web.accounts.record import add_account
from web.accounts.tokens import make_machine_token
from web.app import create_app

DEADLINE_SECONDS = 600
ORIGIN = "register.example/log"


def append_on_and_on(url: str, wanted: int, skew: int) -> None:
    """Append events, with bodies, in transactions of one to three, by a clock of its own, until there are enough."""
    chance = random.Random(os.getpid())
    with closing(open_database(url)) as database:
        while True:
            with database.write() as session:
                head = locked_head(session)
                if head.last_number >= wanted:
                    return
                for _ in range(chance.randint(1, 3)):
                    body = seal({"reason": f"Because of {chance.random()}"}, system_randomness)
                    new = NewEvent("dg-9", "suspended", details=body, schema_version="1.0.0")
                    append(session, head, new, lambda: system_clock() - timedelta(seconds=skew))


def act_on_and_on(url: str, wanted: int, act: Callable[[str], bool]) -> None:
    """Suspend an agreement and resume it, over and over, until there are enough events."""
    event = "suspended"
    with closing(open_database(url)) as database:
        while count(database) < wanted:
            act(event)  # refused where a process that was killed had done it already
            event = "resumed" if event == "suspended" else "suspended"
            time.sleep(1)  # most events are to come from those that are fast


def command_on_and_on(url: str, wanted: int, folder: Path, number: str) -> None:
    """What an operator types."""
    words = {
        "suspended": ["suspend", number, "--reason", "A lock was broken"],
        "resumed": ["resume", number],
    }
    environ = {"GAZETTE_DATA": str(folder), "GAZETTE_DATABASE_URL": url}

    def act(event: str) -> bool:
        ended = CliRunner().invoke(main, ["register", *words[event]], env=environ)
        assert ended.exit_code in {0, 1}, ended.output
        return ended.exit_code == 0

    act_on_and_on(url, wanted, act)


def post_on_and_on(url: str, wanted: int, folder: Path, number: str, token: str) -> None:
    """What a web worker does for an official’s program."""

    def no_index() -> SearchEngine:
        raise SearchUnavailable("There is no index.", "Make one.")

    day = system_clock().date().isoformat()
    details = {"suspended": {"reason": "A lock was broken", "suspendedOn": day}, "resumed": {"resumedOn": day}}
    with closing(open_database(url)) as database:
        app = create_app(Settings(folder, url, folder / "search"), database, no_index, system_clock)
        client = app.test_client()

        def act(event: str) -> bool:
            answer = client.post(
                f"/api/v1/agreements/{number}/events",
                json={"event": event, "details": details[event]},
                headers={"Authorization": f"Bearer {token}"},
            )
            assert answer.status_code in {200, 201, 409}, answer.text
            return answer.status_code != 409

        act_on_and_on(url, wanted, act)


def sign_on_and_on(url: str, wanted: int, key_file: Path) -> None:
    """Sign what is there, over and over, until all of it is."""
    with closing(open_database(url)) as database:
        while checkpoint_now(database, key_file, system_clock).size <= wanted:
            time.sleep(0.01)


def run(url: str, key_file: Path, *, appenders: int, wanted: int, kills: int, token: str = "") -> int:
    """Let them run, kill one at random now and then and start it again; gives how many were killed at work.

    With a `token` the first two of them are web workers, the next two commands, each with an agreement of its own.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])  # so that a new process need not read all modules again
    chance = random.Random(7)

    def start(place: int) -> BaseProcess:
        if place == appenders:
            process = context.Process(target=sign_on_and_on, args=(url, wanted, key_file))
        elif token and place < 2:
            process = context.Process(
                target=post_on_and_on, args=(url, wanted, key_file.parent, f"dg-{place + 1}", token)
            )
        elif token and place < 4:
            process = context.Process(target=command_on_and_on, args=(url, wanted, key_file.parent, f"dg-{place + 1}"))
        else:
            process = context.Process(target=append_on_and_on, args=(url, wanted, 3600 * place))
        process.start()
        return process

    processes = [start(place) for place in range(appenders + 1)]
    killed, until = 0, time.monotonic() + DEADLINE_SECONDS
    try:
        with closing(open_database(url)) as database:
            while any(process.is_alive() for process in processes):
                assert time.monotonic() < until
                before = count(database)
                while killed < kills and count(database) == before and any(one.is_alive() for one in processes):
                    pass  # somebody is at work by now
                place = chance.randrange(appenders + 1)
                if killed < kills and processes[place].is_alive():
                    os.kill(processes[place].pid or 0, signal.SIGKILL)
                    processes[place].join()
                    killed += 1
                    processes[place] = start(place)
                time.sleep(chance.uniform(0, 0.2))
        assert [process.exitcode for process in processes] == [0] * len(processes)
    finally:
        for process in processes:
            process.kill()
            process.join()
    return killed


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.max(AgreementEvent.number))) or 0


def require_whole_log(database: Database, wanted: int) -> None:
    with database.read() as session:
        events = session.scalars(select(AgreementEvent).order_by(AgreementEvent.number)).all()
        entries = session.scalars(select(LogEntry).order_by(LogEntry.seq)).all()
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        assert wanted <= len(events) < wanted + 8
        assert [entry.seq for entry in entries] == list(range(len(events) + 1))
        leaves = [read_leaf(entry.entry.encode()) for entry in entries]
        assert isinstance(leaves[0], CodelistsLeaf)
        assert [leaf.seq for leaf in leaves] == list(range(len(leaves)))
        for entry, leaf, event in zip(entries[1:], leaves[1:], events, strict=True):
            assert isinstance(leaf, EventLeaf)
            assert entry.event_number == event.number
            assert (leaf.details_sha256, leaf.recorded_at) == (event.details_sha256, event.recorded_at)
        assert session.scalar(select(func.count()).select_from(AgreementBody)) == len(events)
        moments = [leaf.recorded_at for leaf in leaves]
        assert moments == sorted(moments)
        head = session.get_one(RegisterHead, 1)
        assert (head.last_number, head.logged_event, head.log_size) == (len(events), len(events), len(entries))
        tree = GrowingTree()
        roots = {0: tree.root()}
        for entry in entries:
            assert entry.leaf_hash == leaf_hash(entry.entry.encode())
            tree.add(entry.leaf_hash)
            roots[tree.size] = tree.root()
        assert root_at(session, len(entries)) == tree.root()
        verifiers = [read_vkey(vkey) for vkey in public_keys(session)]
        checkpoints = session.scalars(select(LogCheckpoint)).all()
        assert max(one.size for one in checkpoints) == len(entries)
        for one in checkpoints:
            checkpoint, _ = open_checkpoint(one.note, verifiers)
            assert checkpoint.root == roots[checkpoint.size]


def prepared(database: Database, register: Register, folder: Path) -> Path:
    register.open(database)
    key_file = folder / "log-key"
    with database.write() as session:
        locked_head(session).origin = ORIGIN
        add_first_key(session, make_key_file(key_file, ORIGIN, register.randomness).verifier.vkey, FakeClock())
    return key_file


def test_three_processes_some_kills(database: Database, database_url: str, register: Register, tmp_path: Path) -> None:
    key_file = prepared(database, register, tmp_path)
    assert run(database_url, key_file, appenders=2, wanted=150, kills=2) == 2
    require_whole_log(database, 150)


@pytest.mark.long
def test_eight_processes_two_thousand_events(
    database: Database, database_url: str, register: Register, tmp_path: Path
) -> None:
    key_file = prepared(database, register, tmp_path)
    with database.write() as session:
        for number in range(4):
            register.sign(session, agreement(title=f"Mending bridge {number}"))
        add_account(session, LOCAL_REGISTRAR, "registrar", [Role.REGISTRAR], clock=system_clock)
        made = make_machine_token(
            session,
            LOCAL_REGISTRAR,
            "registrar",
            clock=system_clock,
            ids=register.ids,
            randomness=register.randomness,
        )
    assert run(database_url, key_file, appenders=8, wanted=2_000, kills=25, token=made.secret) >= 10
    checkpoint_now(database, key_file, system_clock)  # what came in last
    require_whole_log(database, 2_000)
    with database.read() as session:
        events = select(AgreementEvent.agreement_id, func.count()).group_by(AgreementEvent.agreement_id)
        counts = {row[0]: row[1] for row in session.execute(events)}
        assert all(counts[f"dg-{number}"] > 3 for number in range(1, 5)), "web workers and commands wrote too"
        assert differing_agreements(session) == ["dg-9"], "which was never signed"
