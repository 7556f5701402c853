"""Asking a witness, against one that does what C2SP tlog-witness says, and against answers that break it."""

import base64
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.log.checkpoint import Checkpoint, checkpoint_text, open_checkpoint, sign_checkpoint
from register.log.cosignature import Cosigner
from register.log.note import Signature, add_signatures, sign
from register.log.tree import Nodes, consistency_proof, root_of, verify_consistency
from register.log.witness import SIZE_TYPE, Cosigned, Declined, OtherSize, read_answer, request_body
from schemas.merkle import EMPTY_ROOT, leaf_hash
from tests.register.log.keys import ORIGIN, cosigner, signer
from tests.register.log.trees import grown, leaves

LEAVES = leaves(50)
TREE = grown(LEAVES)
FORK = grown([*LEAVES[:10], leaf_hash(b"another"), *LEAVES[11:]])
KEY = signer()
NOW = 1_700_000_000


def checkpoint(size: int, node: Nodes = TREE.node) -> Checkpoint:
    return Checkpoint(ORIGIN, size, root_of(size, node))


def signed(size: int, node: Nodes = TREE.node) -> str:
    return sign_checkpoint(checkpoint(size, node), KEY)


@dataclass
class Witness:
    """What the standard asks of a witness, for one log."""

    key: Cosigner
    size: int = 0
    root: bytes = EMPTY_ROOT

    def answer(self, body: bytes) -> tuple[int, str, bytes]:
        head, _, note = body.decode().partition("\n\n")
        first, *lines = head.split("\n")
        old = int(first.removeprefix("old "))
        new, opened = open_checkpoint(note, [KEY.verifier])
        if old > new.size:
            return 400, "", b""
        if old != self.size or (old == new.size and new.root != self.root):
            return 409, SIZE_TYPE, f"{self.size}\n".encode()
        try:
            verify_consistency(old, new.size, self.root, new.root, [base64.b64decode(line) for line in lines])
        except ValueError:
            return 422, "", b""
        self.size, self.root = new.size, new.root
        return 200, "", self.key.cosign(opened.text, NOW).line.encode()


def asked(witness: Witness, old: int, new: int, node: Nodes = TREE.node) -> Cosigned | OtherSize | Declined:
    note = signed(new, node)
    body = request_body(old, consistency_proof(old, new, node), note)
    return read_answer(*witness.answer(body), old, note, [witness.key.verifier])


def test_a_witness_cosigns_a_log_that_only_grows() -> None:
    witness = Witness(cosigner())
    for old, new in [(0, 5), (5, 5), (5, 12), (12, 50)]:
        answer = asked(witness, old, new)
        assert isinstance(answer, Cosigned)
        _, note = open_checkpoint(
            add_signatures(signed(new), answer.signatures), [KEY.verifier], [witness.key.verifier]
        )
        assert note.is_signed_by(witness.key.verifier)


def test_a_witness_that_knows_another_size_says_which() -> None:
    witness = Witness(cosigner())
    asked(witness, 0, 12)
    assert asked(witness, 0, 50) == OtherSize(12)
    assert asked(witness, 20, 50) == OtherSize(12)
    assert isinstance(asked(witness, 12, 50), Cosigned)


def test_a_witness_that_saw_another_history_declines() -> None:
    witness = Witness(cosigner())
    asked(witness, 0, 20)
    told = asked(witness, 20, 50, FORK.node)
    assert told == Declined("the proof that the log only grew did not convince it")
    told = asked(witness, 20, 20, FORK.node)
    assert isinstance(told, Declined)
    assert "another history" in told.reason
    told = asked(witness, 0, 15)
    assert told == Declined("it has seen 20 entries of the log, more than the 15 under this checkpoint")


def test_the_request_has_the_lines_of_the_standard() -> None:
    proof = consistency_proof(12, 50, TREE.node)
    lines = request_body(12, proof, signed(50)).decode().split("\n")
    assert lines[0] == "old 12"
    assert [base64.b64decode(line) for line in lines[1 : 1 + len(proof)]] == proof
    assert lines[1 + len(proof)] == ""
    assert "\n".join(lines[2 + len(proof) :]) == signed(50)
    assert request_body(0, [], signed(50)).decode() == f"old 0\n\n{signed(50)}"


@pytest.mark.parametrize(
    ("old", "proof", "note"),
    [
        (-1, [], signed(5)),
        (6, [], signed(5)),
        (0, [EMPTY_ROOT], signed(5)),
        (5, [EMPTY_ROOT], signed(5)),
        (3, [b"short"], signed(5)),
        (3, [EMPTY_ROOT] * 64, signed(5)),
        (0, [], "no note"),
        (0, [], sign("no checkpoint\n", KEY)),
    ],
)
def test_a_request_that_makes_no_sense_is_not_sent(old: int, proof: list[bytes], note: str) -> None:
    with pytest.raises(ValueError, match=r"did not grow|nothing to prove|at most|no empty line|three lines"):
        request_body(old, proof, note)


@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, "could not read"), (403, "key"), (404, "does not know"), (422, "proof"), (429, "too often"), (503, "503")],
)
def test_a_witness_that_declines_is_quoted(status: int, reason: str) -> None:
    answer = read_answer(status, "text/html", b"\xff<h1>", 0, signed(5), [cosigner().verifier])
    assert isinstance(answer, Declined)
    assert reason in answer.reason


def test_a_conflict_without_a_size_is_a_refusal() -> None:
    answer = read_answer(409, "text/plain", b"12\n", 0, signed(20), [cosigner().verifier])
    assert isinstance(answer, Declined)
    assert read_answer(409, "Text/X.tlog.size; charset=utf-8", b"12\n", 0, signed(20), []) == OtherSize(12)


GOOD = cosigner().cosign(checkpoint_text(checkpoint(5)), NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n",
        GOOD.line.encode()[:-1],
        GOOD.line.encode() + b"\n",
        b"\xff\n",
        b"<html>\n",
        GOOD.line.replace("— ", "- ").encode(),
        GOOD.line.encode() * 101,
        b"x" * 1_000_001,
        (GOOD.line + Signature("other.example", b"abcd", b"x" * 1_000_000).line).encode(),
        cosigner(words="another").cosign(checkpoint_text(checkpoint(5)), NOW).line.encode(),
        cosigner().cosign(checkpoint_text(checkpoint(6)), NOW).line.encode(),
        GOOD.line.encode() + Signature(GOOD.name, GOOD.key_id, b"x" * 72).line.encode(),
        signed(5).encode(),
    ],
)
def test_an_answer_without_a_right_cosignature_is_none(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"witness|cosignature|signature|base64"):
        read_answer(200, "", body, 0, signed(5), [cosigner().verifier])


def test_lines_of_other_keys_are_passed_over_and_doubles_count_once() -> None:
    other = cosigner("other.example", "other").cosign(checkpoint_text(checkpoint(5)), NOW)
    body = f"{other.line}{GOOD.line}{GOOD.line}".encode()
    assert read_answer(200, "", body, 0, signed(5), [cosigner().verifier]) == Cosigned((GOOD,))


@pytest.mark.parametrize("body", [b"", b"-1\n", b"012\n", b"twelve\n", b"12\n\n", b" 12\n", b"\xff\n", b"9" * 5000])
def test_a_size_that_is_no_number_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="size"):
        read_answer(409, SIZE_TYPE, body, 0, signed(20), [])


def test_a_witness_cannot_decline_a_size_and_name_the_same() -> None:
    with pytest.raises(ValueError, match="names the same size"):
        read_answer(409, SIZE_TYPE, b"12\n", 12, signed(20), [])


@pytest.mark.parametrize("status", [100, 204, 301, 418, 600])
def test_an_answer_outside_the_protocol_is_refused(status: int) -> None:
    with pytest.raises(ValueError, match="does not know"):
        read_answer(status, "", b"", 0, signed(5), [])


@given(st.sampled_from([200, 409]), st.binary())
def test_any_answer_raises_valueerror_and_nothing_else(status: int, body: bytes) -> None:
    try:
        answer = read_answer(status, SIZE_TYPE, body, 0, signed(20), [cosigner().verifier])
    except ValueError:
        return
    assert status == 409
    assert isinstance(answer, OtherSize | Declined)
