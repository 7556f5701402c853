"""Cosignatures of made-up witnesses; a real log's stand in test_checkpoint."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from register.log.cosignature import (
    CosignatureVerifier,
    Cosigner,
    new_cosigner,
    read_witness_key,
    read_witness_secret,
    time_of,
)
from register.log.note import add_signatures, ed25519_signature, open_note, read_skey, read_vkey, sign
from tests.register.log.keys import cosigner, private_key, signer

TEXT = "rivers.example/register/log\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
MOMENT = 1_679_315_147


def test_what_is_signed_is_the_message_of_the_standard() -> None:
    witness = cosigner()
    signature = witness.cosign(TEXT, MOMENT).signature
    assert signature[:8] == MOMENT.to_bytes(8, "big")
    public_key = Ed25519PublicKey.from_public_bytes(witness.verifier.public_key)
    public_key.verify(signature[8:], f"cosignature/v1\ntime 1679315147\n{TEXT}".encode())


def test_the_id_is_that_of_the_standard() -> None:
    key = cosigner().verifier
    assert key.key_id == hashlib.sha256(key.name.encode() + b"\n\x04" + key.public_key).digest()[:4]


def test_a_cosignature_holds_for_its_text_time_and_key_only() -> None:
    witness = cosigner()
    key, found = witness.verifier, witness.cosign(TEXT, MOMENT)
    assert key.verify(TEXT, found.signature)
    assert time_of(found) == MOMENT
    assert not key.verify(TEXT.replace("7", "8", 1), found.signature)
    assert not key.verify(TEXT, (MOMENT + 1).to_bytes(8, "big") + found.signature[8:])
    assert not cosigner(words="another").verifier.verify(TEXT, found.signature)
    for wrong in (b"", found.signature[:-1], found.signature + b"\0", found.signature[8:]):
        assert not key.verify(TEXT, wrong)


def test_times_beyond_the_standard_s_are_refused() -> None:
    witness = cosigner()
    assert witness.verifier.verify(TEXT, witness.cosign(TEXT, 2**63 - 1).signature)
    assert not witness.verifier.verify(TEXT, b"\xff" * 8 + witness.cosign(TEXT, 0).signature[8:])
    message = f"cosignature/v1\ntime {2**63}\n{TEXT}".encode()
    beyond = (2**63).to_bytes(8, "big") + ed25519_signature(witness.private_key, message)
    assert not witness.verifier.verify(TEXT, beyond)
    for seconds in (-1, 2**63):
        with pytest.raises(ValueError, match="no time"):
            witness.cosign(TEXT, seconds)


def test_the_first_of_two_cosignatures_of_one_witness_counts() -> None:
    witness = cosigner()
    first, second = witness.cosign(TEXT, MOMENT), witness.cosign(TEXT, MOMENT + 60)
    note = sign(TEXT, signer())
    assert open_note(f"{note}{first.line}{second.line}", [witness.verifier]).verified == (first,)
    newer = add_signatures(add_signatures(note, [first]), [second])
    assert open_note(newer, [witness.verifier]).verified == (second,), "adding the newer put it in the older's place"


def test_keys_are_written_as_they_are_read() -> None:
    witness = cosigner()
    assert read_witness_key(witness.verifier.vkey) == witness.verifier
    assert read_witness_secret(witness.skey) == witness
    assert new_cosigner(witness.name, lambda count: private_key("a witness")[:count]) == witness


def test_a_log_s_key_is_no_witness_s_and_a_witness_s_no_log_s() -> None:
    with pytest.raises(ValueError, match="not one for cosignatures"):
        read_witness_key(signer().verifier.vkey)
    with pytest.raises(ValueError, match="not one for cosignatures"):
        read_witness_secret(signer().skey)
    with pytest.raises(ValueError, match="not a plain"):
        read_vkey(cosigner().verifier.vkey)
    with pytest.raises(ValueError, match="not a plain"):
        read_skey(cosigner().skey)


def test_what_can_be_no_witness_is_refused() -> None:
    with pytest.raises(ValueError, match="key's name"):
        new_cosigner("a witness", lambda count: b"x" * count)
    with pytest.raises(ValueError, match="32 bytes"):
        CosignatureVerifier("witness.example", b"short")


def test_what_is_printed_of_a_cosigner_does_not_hold_its_key() -> None:
    assert repr(Cosigner("witness.example", private_key("a"))) == "Cosigner(name='witness.example')"
