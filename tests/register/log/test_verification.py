"""Checking a folder, a bundle or a site, and remembering what was seen, so that a rewritten history is found."""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from register.log.bundle import write_bundle
from register.log.copies import FileCopy, fetched_bundle, guarded_fetch, is_zip_address, site_copy
from register.log.cosignature import Cosigner
from register.log.last_seen import LastSeen
from register.log.signing import DEFAULT_ORIGIN
from register.log.verification import Verification, verify_copy
from register.log.verify import Key
from schemas.errors import GazetteError, InvalidInput, Unreachable
from tests.register.log.checking import Files
from tests.register.log.copies import MadeLog, SigningKey, small_log, tiles_of, unpacked, zipped
from tests.register.log.test_bundle import OurCopy, members


@pytest.fixture
def log() -> MadeLog:
    return small_log()


@pytest.fixture
def seen(tmp_path: Path) -> LastSeen:
    return LastSeen({"XDG_STATE_HOME": str(tmp_path / "state")})


@pytest.fixture
def bundle(log: MadeLog) -> Files:
    out = io.BytesIO()
    write_bundle(OurCopy(log), out)
    return members(out.getvalue())


def verified(path: Path, **options: Any) -> Verification:
    return verify_copy(lambda: FileCopy(str(path)), **options)


@contextmanager
def served(files: Files, status: dict[str, int] | None = None) -> Iterator[str]:
    """A site that serves these files from memory."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/")
            found = (status or {}).get(name, 200 if name in files else 404)
            self.send_response(found)
            if found == 302:
                self.send_header("Location", "https://elsewhere.example/")
            body = files.get(name, b"nothing here")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def visited(address: str, **options: Any) -> Verification:
    copy = site_copy(address, guarded_fetch(address))
    return verify_copy(lambda: copy, **options)


def below(files: Files, folder: str = "register/log/") -> Files:
    return {f"{folder}{name}": data for name, data in files.items()}


# --- folders and bundles


@pytest.mark.parametrize("pack", [unpacked, zipped])
def test_a_bundle_is_good_with_the_key_and_without(
    log: MadeLog, bundle: Files, tmp_path: Path, pack: Callable[[Files, Path], Path]
) -> None:
    path = pack(bundle, tmp_path / "copy")
    done = verified(path)
    assert (done.faults, done.size, done.events, done.agreements, done.blanked) == ((), 10, 9, 2, 2)
    assert done.sentence == "9 events, 2 agreements, 0 altered, 2 values blanked as declared"
    assert "not who made it" in done.remarks[0]
    assert verified(path, given=[Key(log.keys[0].line)]).remarks == ()


def test_one_changed_byte_in_any_file_of_a_bundle_is_found_and_its_file_named(bundle: Files, tmp_path: Path) -> None:
    copy = unpacked(bundle, tmp_path / "copy")
    for name, data in bundle.items():
        for place in {0, len(data) // 2, len(data) - 1}:
            changed = bytearray(data)
            changed[place] ^= 4
            (copy / name).write_bytes(changed)
            faults = verified(copy, quick=True).faults
            assert faults, f"byte {place} of {name}"
            named = "entry " if name.startswith("tile/entries/") else name
            assert name == "SHA256SUMS" or any(named in fault for fault in faults), (name, faults)
        (copy / name).unlink()
        assert verified(copy, quick=True).faults, f"{name} is missing"
        (copy / name).write_bytes(data)
    assert verified(copy).faults == ()


def test_a_fault_is_told_once(bundle: Files, tmp_path: Path) -> None:
    bundle["codelists/theme.csv"] = b"code,title\n"
    faults = verified(unpacked(bundle, tmp_path / "copy")).faults
    assert len(faults) == 1
    assert faults[0].startswith("codelists/theme.csv: altered")


def test_what_is_no_zip_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "copy.zip").write_bytes(b"PK nonsense")
    done = verified(tmp_path / "copy.zip")
    assert done.origin is None
    assert [fault.split(":")[0] for fault in done.faults] == ["copy"]


def test_tiles_of_older_trees_in_a_published_folder_are_checked_too(log: MadeLog, tmp_path: Path) -> None:
    older = tiles_of(log.encoded()[:7])
    log.event("dg-1", "confirmed")
    folder = unpacked({**older, **log.files()}, tmp_path / "copy")
    (folder / "tile/0/000.p/.8.77.draft").write_bytes(b"not written to its end")
    assert verified(folder).faults == ()
    for name, place in (("tile/0/000.p/7", 33), ("tile/entries/000.p/7", 20)):
        changed = bytearray(older[name])
        changed[place] ^= 1
        (folder / name).write_bytes(changed)
        faults = verified(folder).faults
        assert [fault for fault in faults if fault.startswith(f"{name}: not an older state")], faults
        (folder / name).write_bytes(older[name])
    (folder / "tile/0/000.p/words").write_bytes(b"")
    assert verified(folder).faults != ()


def test_records_are_compared_with_their_schema_unless_it_must_be_quick(log: MadeLog, tmp_path: Path) -> None:
    log.event("dg-2", "reviewed", details={"note": "no outcome"})
    folder = unpacked(log.files(), tmp_path / "copy")
    assert "'outcome' is a required property" in verified(folder).faults[0]
    done = verified(folder, quick=True)
    assert done.faults == ()
    assert "Records were not compared with their schema." in done.remarks


# --- sites


def test_a_site_is_checked_wherever_its_log_lies(log: MadeLog) -> None:
    files = log.files()
    with served(below(files)) as address:
        for named in (address, f"{address}/", f"{address}/register/log", f"{address}/register/log/"):
            assert visited(named, given=[Key(log.keys[0].line)]).faults == ()
    with served(below(files, "elsewhere/")) as address:
        assert visited(f"{address}/elsewhere").faults == ()


def test_an_altered_or_missing_file_of_a_site_is_named(log: MadeLog) -> None:
    files = below(log.files())
    name = f"bodies/{log.entries[2]['body_sha256']}"
    files[f"register/log/{name}"] += b" "
    del files["register/log/codelists/theme.csv"]
    with served(files) as address:
        faults = visited(address).faults
    assert [fault for fault in faults if name in fault and "entry 2 (dg-2 version 1, proposed)" in fault]
    assert "codelists/theme.csv: not there" in faults


def test_a_log_that_grows_while_it_is_read_is_read_as_it_was(log: MadeLog) -> None:
    with served(below(log.files())) as address:
        copy = site_copy(address, guarded_fetch(address))
        first = copy.read("checkpoint")
    assert copy.read("checkpoint") == first


@pytest.mark.parametrize("status", [302, 500, 503])
def test_a_site_that_does_not_answer_is_no_fault_of_the_log(log: MadeLog, status: int) -> None:
    with (
        served(below(log.files()), {"register/log/key": status}) as address,
        pytest.raises(Unreachable, match="elsewhere" if status == 302 else str(status)),
    ):
        visited(address)


def test_where_there_is_no_log_or_no_site(log: MadeLog) -> None:
    with served({"index.html": b""}) as address, pytest.raises(Unreachable, match="no log of a register"):
        visited(address)
    with served({"checkpoint": b"<html>"}) as address, pytest.raises(Unreachable, match="no log of a register"):
        visited(address)
    with pytest.raises(Unreachable, match="does not answer"):
        visited(address)


@pytest.mark.parametrize(
    "address",
    ["http://register.example", "ftp://register.example", "file:///etc/passwd", "https://", "https://a.example/?x",
     "https://a.example:99999", "http://127.0.0.1.evil.example", "https://a b"],
)  # fmt: skip
def test_only_safe_addresses_are_fetched(address: str) -> None:
    with pytest.raises(InvalidInput):
        guarded_fetch(address)


@pytest.mark.parametrize("address", ["https://10.0.0.1", "https://169.254.169.254", "https://[::ffff:10.0.0.1]"])
def test_private_machines_are_not_asked(address: str) -> None:
    with pytest.raises(GazetteError, match="not a public address"):
        guarded_fetch(address)(f"{address}/checkpoint")


# --- what was seen before


def test_what_was_seen_is_remembered_and_a_log_that_grew_is_good(log: MadeLog, seen: LastSeen) -> None:
    with served(below(log.files())) as address:
        assert visited(address, seen=seen).faults == ()
    log.event("dg-1", "confirmed")
    with served(below(log.files())) as address:
        done = visited(address, seen=seen)
    assert done.faults == ()
    assert any("last seen of this log, of 10 entries" in remark for remark in done.remarks)
    assert seen.note(done.origin or "") == log.checkpoint()


def rewritten(log: MadeLog) -> None:
    log.entries[4]["actor_org"] = "ministry-of-bridges"
    log.event("dg-1", "confirmed")


def shortened(log: MadeLog) -> None:
    log.entries = log.entries[:7]


def with_another_key(log: MadeLog) -> None:
    log.keys = [SigningKey("another")]


@pytest.mark.parametrize("change", [rewritten, shortened, with_another_key])
def test_a_history_that_was_rewritten_is_found_on_the_next_visit(
    change: Callable[[MadeLog], None], log: MadeLog, seen: LastSeen
) -> None:
    with served(below(log.files())) as address:
        visited(address, seen=seen)
    before = log.checkpoint()
    change(log)
    for _visit in range(2):  # and on every one after it
        with served(below(log.files())) as address:
            done = visited(address, seen=seen)
        assert [fault for fault in done.faults if fault.startswith("older checkpoint")], done.faults
        assert any(str(seen.path(done.origin or "")) in remark for remark in done.remarks)
    assert seen.note(done.origin or "") == before


def test_a_bundle_may_be_older_than_what_was_seen(log: MadeLog, seen: LastSeen, tmp_path: Path) -> None:
    older = unpacked(log.files(), tmp_path / "older")
    log.event("dg-1", "confirmed")
    newer = unpacked(log.files(), tmp_path / "newer")
    assert verified(newer, seen=seen).faults == ()
    done = verified(older, seen=seen)
    assert done.faults == ()
    assert any("older than what was last seen, 11 entries" in remark for remark in done.remarks)
    assert seen.note(done.origin or "") == log.checkpoint()


def test_two_trial_logs_without_a_name_of_their_own_are_not_taken_for_one(seen: LastSeen, tmp_path: Path) -> None:
    for words in ("one trial", "another trial"):
        trial = MadeLog(keys=[SigningKey(words, DEFAULT_ORIGIN)])
        trial.event("dg-1", "confirmed")
        text = trial.checkpoint().decode().split("\n\n")[0].split("\n")
        files = {**trial.files(), "checkpoint": trial.signed("\n".join([DEFAULT_ORIGIN, *text[1:], ""]))}
        assert verified(unpacked(files, tmp_path / words), seen=seen).faults == ()


def test_a_state_folder_that_cannot_be_written_stops_nothing(log: MadeLog, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, no folder", encoding="utf-8")
    seen = LastSeen({"XDG_STATE_HOME": str(tmp_path / "state")})
    done = verified(unpacked(log.files(), tmp_path / "copy"), seen=seen)
    assert done.faults == ()
    assert any("could not be" in remark for remark in done.remarks)


def test_where_it_is_remembered() -> None:
    assert LastSeen({"XDG_STATE_HOME": "/state", "HOME": "/home/o"}).folder == Path("/state/data-gazette/checkpoints")
    home = Path("/home/o/.local/state/data-gazette/checkpoints")
    assert LastSeen({"HOME": "/home/o"}).folder == home
    assert LastSeen({"XDG_STATE_HOME": "state", "HOME": "/home/o"}).folder == home


# --- a bundle at an address, witnesses


def test_a_bundle_at_an_address_is_fetched_and_checked(log: MadeLog, bundle: Files, tmp_path: Path) -> None:
    whole = zipped(bundle, tmp_path / "bundle.zip").read_bytes()
    spoilt = zipped({**bundle, "codelists/theme.csv": b"code,title\n"}, tmp_path / "spoilt.zip").read_bytes()
    with served({"register/bundle.zip": whole, "spoilt.zip": spoilt}) as address:
        assert is_zip_address(f"{address}/register/bundle.zip")
        assert not is_zip_address(address)
        for name, faults in (("register/bundle.zip", 0), ("spoilt.zip", 1)):
            with fetched_bundle(f"{address}/{name}") as path:
                done = verified(path, given=[Key(log.keys[0].line)])
            assert (len(done.faults), done.size) == (faults, 10)
            assert not path.exists()
        with pytest.raises(Unreachable, match="nothing at"), fetched_bundle(f"{address}/other.zip"):
            pass
        with pytest.raises(Unreachable, match="larger than 100"), fetched_bundle(f"{address}/spoilt.zip", largest=100):
            pass
    with pytest.raises(InvalidInput), fetched_bundle("http://register.example/bundle.zip"):
        pass


def test_a_witness_is_checked_with_its_key_and_else_named(log: MadeLog, tmp_path: Path) -> None:
    witness = Cosigner("witness.example", bytes(range(32)))
    files = log.files()
    text = files["checkpoint"].decode().rpartition("\n\n")[0] + "\n"

    def with_line(line: str) -> Path:
        return unpacked({**files, "checkpoint": files["checkpoint"] + line.encode()}, tmp_path / "copy")

    good = with_line(witness.cosign(text, 1_790_000_000).line)
    assert verified(good, witnesses=[witness.verifier]).faults == ()
    assert "The signature of witness.example was not checked: --witness-key FILE checks it." in verified(good).remarks
    wrong = with_line(witness.cosign("another\n", 1_790_000_000).line)
    assert verified(wrong).faults == ()
    told = "checkpoint: its cosignature by witness.example is not one of this checkpoint"
    assert verified(wrong, witnesses=[witness.verifier]).faults == (told,)
    told = "checkpoint: not cosigned by witness.example, the witness whose key you gave"
    assert verified(with_line(""), witnesses=[witness.verifier]).faults == (told,)


def test_what_a_published_folder_holds_beyond_its_checkpoint_is_told(log: MadeLog, tmp_path: Path) -> None:
    folder = unpacked({**log.files(), "bodies/" + "0" * 64: b"{}", "index.html": b""}, tmp_path / "copy")
    done = verified(folder)
    assert done.faults == ()
    assert f"1 files here are not of this checkpoint, bodies/{'0' * 64} among them." in done.remarks
