"""Proof files, in the form of C2SP tlog-proof."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from register.log.checkpoint import Checkpoint, checkpoint_text, sign_checkpoint
from register.log.encoding import to_base64
from register.log.note import add_signatures
from register.log.proof import Proof, proof_text, read_proof, verify_proof
from register.log.tree import inclusion_proof, root_of
from schemas.merkle import EMPTY_ROOT
from tests.register.log.keys import ORIGIN, cosigner, signer
from tests.register.log.trees import grown, leaves

LEAVES = leaves(30)
TREE = grown(LEAVES)
KEY = signer()


def proof_of(index: int, size: int = 30, extra: bytes | None = None) -> Proof:
    checkpoint = sign_checkpoint(Checkpoint(ORIGIN, size, root_of(size, TREE.node)), KEY)
    return Proof(index, tuple(inclusion_proof(index, size, TREE.node)), checkpoint, extra)


TEXT = proof_text(proof_of(5))


def test_the_text_has_the_lines_of_the_standard() -> None:
    proof = proof_of(5, extra=b"beside it")
    header, extra, index, *rest = proof_text(proof).split("\n")
    assert header == "c2sp.org/tlog-proof@v1"
    assert extra == "extra YmVzaWRlIGl0"
    assert index == "index 5"
    assert rest[:5] == [to_base64(one) for one in proof.hashes]
    assert rest[5] == ""
    assert "\n".join(rest[6:]) == proof.checkpoint
    assert "extra" not in TEXT


@pytest.mark.parametrize("size", [1, 2, 7, 30])
def test_every_proof_is_read_back_and_verifies(size: int) -> None:
    for index in range(size):
        for extra in (None, b"\0\xff"):
            proof = proof_of(index, size, extra)
            assert read_proof(proof_text(proof)) == proof
            assert read_proof(proof_text(proof).encode()) == proof
            assert verify_proof(proof, LEAVES[index], [KEY.verifier]).size == size


def test_a_proof_carries_the_words_of_witnesses() -> None:
    witness, proof = cosigner(), proof_of(5)
    text = checkpoint_text(Checkpoint(ORIGIN, 30, root_of(30, TREE.node)))
    cosigned = Proof(5, proof.hashes, add_signatures(proof.checkpoint, [witness.cosign(text, 1_700_000_000)]))
    assert verify_proof(read_proof(proof_text(cosigned)), LEAVES[5], [KEY.verifier], [witness.verifier]).size == 30


def test_a_proof_shows_its_own_entry_only() -> None:
    proof = proof_of(5)
    with pytest.raises(ValueError, match="not the one at 5"):
        verify_proof(proof, LEAVES[4], [KEY.verifier])
    with pytest.raises(ValueError, match="not the one at 4"):
        verify_proof(Proof(4, proof.hashes, proof.checkpoint), LEAVES[5], [KEY.verifier])
    with pytest.raises(ValueError, match="no entry at 30"):
        verify_proof(Proof(30, proof.hashes, proof.checkpoint), LEAVES[5], [KEY.verifier])
    with pytest.raises(ValueError, match="no key that is trusted"):
        verify_proof(proof, LEAVES[5], [signer(words="another").verifier])
    with pytest.raises(ValueError, match="not the one"):
        verify_proof(Proof(5, proof.hashes, proof_of(5, 29).checkpoint), LEAVES[5], [KEY.verifier])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no empty line"),
        (TEXT.replace("@v1", "@v2"), "does not begin"),
        (f" {TEXT}", "does not begin"),
        (TEXT.replace("\n\n", "\n"), "no empty line"),
        (TEXT.replace("index 5\n", ""), "at which index"),
        (TEXT.replace("index 5", "Index 5"), "at which index"),
        (TEXT.replace("index 5", "index 05"), "the index"),
        (TEXT.replace("index 5", "index -5"), "the index"),
        (TEXT.replace("index 5", "index  5"), "the index"),
        (TEXT.replace("index 5", f"index {2**63}"), "the index"),
        (TEXT.replace("index 5", "extra\nindex 5"), "at which index"),
        (TEXT.replace("index 5", "extra \nindex 5"), "nothing stands"),
        (TEXT.replace("index 5", "extra a\nindex 5"), "behind “extra”"),
        (TEXT.replace("index 5", "extra YQ==\nextra YQ==\nindex 5"), "at which index"),
        (TEXT.replace("index 5", "index 5\nextra YQ=="), "hash 1"),
        (TEXT.replace("index 5", "index 5\nYQ=="), "hash 1 of the proof has 1 bytes"),
        (TEXT.replace("index 5", "index 5" + "\n" + "\n".join([to_base64(EMPTY_ROOT)] * 63)), "more than 63"),
        (TEXT.replace("\n", "\r\n"), "no empty line"),
        (TEXT.replace("index 5", "index 5\r"), "the index"),
        (TEXT.rpartition("\n\n")[0] + "\n", "no empty line"),
        (TEXT.removesuffix("\n"), "newline"),
        (TEXT + "x" * 1_000_000, "longer"),
        (TEXT.replace("index", f"extra {'A' * 1_000_000}\nindex"), "longer"),
        (TEXT + "\ud800", "UTF-8"),
    ],
)
def test_what_is_no_proof_is_refused_by_name(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_proof(text)


def test_what_is_not_utf8_is_no_proof() -> None:
    with pytest.raises(ValueError, match="UTF-8"):
        read_proof(TEXT.encode() + b"\xff")


@given(st.text(), st.integers(0, 200))
@example("\ud800", 3)
def test_any_text_is_a_proof_or_a_valueerror(text: str, at: int) -> None:
    for whole in (text, TEXT[:at] + text + TEXT[at + len(text) :]):
        try:
            proof = read_proof(whole)
        except ValueError:
            continue
        assert proof_text(proof) == whole


def test_no_byte_of_the_proof_can_be_changed() -> None:
    data = TEXT.encode()
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(ValueError, match=r"\w"):
            verify_proof(read_proof(changed), LEAVES[5], [KEY.verifier])


@pytest.mark.parametrize(
    "proof",
    [
        Proof(-1, (), proof_of(5).checkpoint),
        Proof(2**63, (), proof_of(5).checkpoint),
        Proof(5, (b"short",), proof_of(5).checkpoint),
        Proof(5, (EMPTY_ROOT,) * 64, proof_of(5).checkpoint),
        Proof(5, (), "no checkpoint"),
        Proof(5, (), proof_of(5).checkpoint, b""),
    ],
)
def test_what_has_no_form_is_not_written(proof: Proof) -> None:
    with pytest.raises(ValueError, match=r"no entry|at most|no empty line|leave it out"):
        proof_text(proof)
