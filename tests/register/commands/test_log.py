"""`gazette register checkpoint`, `proof` and `redact`, as an operator types them."""

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli import main
from register.log.checkpoint import open_checkpoint
from register.log.cosignature import Cosigner, new_cosigner
from register.log.note import read_vkey, split_note
from register.log.proof import read_proof
from tests.fakes import SeededRandomness
from tests.register.making import agreement
from tests.services.commands import Invoke

ORIGIN = "rivers.example/register"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an agreement of two versions, its log named, which tests copy."""
    folder = tmp_path_factory.mktemp("template")
    invoke = Invoke(main, folder / "data", CliRunner())
    assert invoke("init", "--origin", ORIGIN).code == 0
    for purpose in ("To mend bridges", "To paint bridges"):
        record = agreement(purpose=purpose, externalIds=[{"scheme": "x", "id": "1"}])
        path = folder / "record.json"
        path.write_text(json.dumps(record), encoding="utf-8")
        assert invoke("register", "import", path, "--from", "json").code == 0
    return invoke.data


@pytest.fixture
def filled(invoke: Invoke, template: Path) -> Invoke:
    """A register with an agreement of two versions, its log named."""
    shutil.copytree(template, invoke.data, symlinks=True)
    return invoke


def public_keys(folder: Path) -> list[str]:
    return (folder / "key").read_text(encoding="ascii").splitlines()


def test_init_names_the_log_and_makes_its_key_once(invoke: Invoke, data_folder: Path) -> None:
    first = invoke("init", "--origin", ORIGIN)
    assert ORIGIN in first.stdout
    assert str(data_folder / "log-key") in first.stdout
    assert "for trials" not in first.stderr
    key = (data_folder / "log-key").read_bytes()
    assert invoke("init").code == invoke("init", "--origin", ORIGIN).code == 0
    assert (data_folder / "log-key").read_bytes() == key
    other = invoke("init", "--origin", "elsewhere.example/register")
    assert other.code == 1
    assert ORIGIN in other.stderr
    assert invoke("init", "--origin", "https://rivers.example").code == 2


def test_without_a_name_it_is_called_after_the_public_address(invoke: Invoke, tmp_path: Path) -> None:
    environ = {"GAZETTE_PUBLIC_URL": "https://gazette.example/", "GAZETTE_LOG_KEY": str(tmp_path / "safe" / "key")}
    ended = invoke("init", environ=environ)
    assert "gazette.example/register" in ended.stdout
    assert (tmp_path / "safe" / "key").exists()


def test_without_any_address_the_name_is_one_for_trials_and_that_is_told(invoke: Invoke) -> None:
    ended = invoke("init")
    assert "data-gazette.local/register" in ended.stdout
    assert "for trials" in ended.stderr


def test_a_checkpoint_is_signed_printed_and_published(filled: Invoke, tmp_path: Path) -> None:
    folder = tmp_path / "www"
    ended = filled("register", "checkpoint", "--publish", folder)
    assert ended.code == 0, ended.stderr
    checkpoint, _ = open_checkpoint(ended.stdout, [read_vkey(public_keys(folder)[0])])
    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, 3)
    assert (folder / "checkpoint").read_text(encoding="utf-8") == ended.stdout
    assert filled("register", "checkpoint").stdout == ended.stdout


def test_a_machine_without_the_key_signs_nothing_and_says_so(filled: Invoke, data_folder: Path) -> None:
    environ = {"GAZETTE_LOG_KEY": str(data_folder / "nothing")}
    assert filled("register", "checkpoint", environ=environ).code == 3
    signed = filled("register", "checkpoint").stdout
    filled("register", "redact", "dg-1", "/purpose", "--reason", "Names a person", environ=environ)
    ended = filled("register", "checkpoint", environ=environ)
    assert (ended.code, ended.stdout) == (0, signed)
    assert "nothing is signed here" in ended.stderr
    assert "1 entry is not under a signed checkpoint yet." in ended.stderr
    again = filled("init", environ=environ)
    assert "not on this machine" in again.stdout
    assert not (data_folder / "nothing").exists()


def test_a_key_that_others_can_read_signs_nothing(filled: Invoke, data_folder: Path) -> None:
    (data_folder / "log-key").chmod(0o644)
    ended = filled("register", "checkpoint")
    assert ended.code == 1
    assert "chmod 600" in ended.stderr


def test_a_new_key_goes_on_beside_the_old_one_until_that_is_forgotten(filled: Invoke, tmp_path: Path) -> None:
    folder = tmp_path / "www"
    filled("register", "checkpoint", "--publish", folder)
    (old,) = public_keys(folder)
    rotated = filled("register", "checkpoint", "--rotate-key", "--publish", folder)
    assert rotated.code == 0, rotated.stderr
    new, same = public_keys(folder)
    assert same == old
    for key in (old, new):
        assert open_checkpoint(rotated.stdout, [read_vkey(key)])[0].size == 4
    forgotten = filled("register", "checkpoint", "--forget-old-keys")
    assert "taken out of the key file: 1" in forgotten.stderr


def test_a_proof_is_printed(filled: Invoke) -> None:
    early = filled("register", "proof", "dg-1")
    assert early.code == 1
    assert "gazette register checkpoint" in early.stderr
    filled("register", "checkpoint")
    newest, first = filled("register", "proof", "dg-1"), filled("register", "proof", "dg-1", "--version", "1")
    assert [read_proof(ended.stdout).index for ended in (newest, first)] == [2, 1]
    assert filled("register", "proof", "dg-1", "--version", "3").code == 3
    assert filled("register", "proof", "dg-9").code == 3


def test_a_redaction_says_what_went_and_what_still_stands(filled: Invoke) -> None:
    ended = filled("register", "redact", "dg-1", "/purpose", "--reason", "Names a person", "--law", "An Act")
    assert ended.code == 0, ended.stderr
    assert "/purpose" in ended.stdout
    assert "version 1 has another value at /purpose" in ended.stderr
    assert "Backups" in ended.stderr
    shown = json.loads(filled("register", "show", "dg-1", "--format", "json").stdout)
    assert "purpose" not in shown["document"]
    (said,) = shown["proceedings"]["redactions"]
    assert (said["pointer"], said["reason"], said["law"]) == ("/purpose", "Names a person", "An Act")
    assert filled("register", "redact", "dg-1", "/nothing", "--reason", "Why").code == 3
    assert filled("register", "redact", "dg-9", "/purpose", "--reason", "Why").code == 3
    assert filled("register", "redact", "dg-1", "/id", "--reason", "Why").code == 4
    assert filled("register", "redact", "dg-1", "/purpose").code == 2
    assert filled("--server", "https://x.example", "register", "redact", "dg-1", "/x", "--reason", "Why").code == 2


class Witness(ThreadingHTTPServer):
    """A witness as the standard has it: it cosigns what it is asked to, from the size that it knows."""

    def __init__(self, cosigner: Cosigner) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.cosigner = cosigner
        self.known = 0
        self.asked: list[str] = []


class Answering(BaseHTTPRequestHandler):
    server: Witness

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(self.path)
        head, _, note = body.partition("\n\n")
        if int(head.split("\n")[0].removeprefix("old ")) != self.server.known:
            self.answer(409, "text/x.tlog.size", f"{self.server.known}\n")
            return
        text, _ = split_note(note)
        self.server.known = int(text.split("\n")[1])
        self.answer(200, "text/plain", self.server.cosigner.cosign(text, 1_772_442_000).line)

    def answer(self, status: int, kind: str, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_arguments: Any) -> None:
        return


@pytest.fixture
def witness() -> Iterator[Witness]:
    server = Witness(new_cosigner("witness.example", SeededRandomness(5)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_witnesses_are_asked_and_their_word_is_served(filled: Invoke, witness: Witness, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{witness.server_address[1]}"
    key = witness.cosigner.verifier.vkey
    asking: list[str | Path] = [
        "register",
        "checkpoint",
        "--witness",
        address,
        "--witness-key",
        key,
        "--publish",
        tmp_path / "www",
    ]
    ended = filled(*asking)
    assert ended.code == 0, ended.stderr
    log_key = read_vkey(public_keys(tmp_path / "www")[0])
    _, note = open_checkpoint(ended.stdout, [log_key], [witness.cosigner.verifier])
    assert note.is_signed_by(witness.cosigner.verifier)
    assert (tmp_path / "www" / "checkpoint").read_text(encoding="utf-8") == ended.stdout
    filled("register", "redact", "dg-1", "/purpose", "--reason", "Names a person")
    witness.known = 2  # it forgot, as one that was put back from a copy does
    again = filled(*asking)
    assert again.code == 0, again.stderr
    assert witness.asked == ["/add-checkpoint"] * 3
    assert "witness.example" in again.stdout


def test_a_witness_that_does_not_answer_is_told_and_the_checkpoint_stands(filled: Invoke, witness: Witness) -> None:
    key = witness.cosigner.verifier.vkey
    ended = filled("register", "checkpoint", "--witness", "http://127.0.0.1:9", "--witness-key", key)
    assert ended.code == 5
    assert ended.stdout.startswith(f"{ORIGIN}\n3\n")
    witness.known = 99
    far = f"http://127.0.0.1:{witness.server_address[1]}"
    declined = filled("register", "checkpoint", "--witness", far, "--witness-key", key)
    assert declined.code == 1
    assert "99 entries" in declined.stderr
    assert filled("register", "checkpoint", "--witness", far).code == 2
    assert filled("register", "checkpoint", "--witness", far, "--witness-key", "hello").code == 4
