"""Checkpoints: one that a real log signed and four witnesses cosigned, and every way to spoil one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.log.checkpoint import Checkpoint, checkpoint_text, open_checkpoint, read_checkpoint, sign_checkpoint
from register.log.cosignature import read_witness_key, time_of
from register.log.note import Signature, add_signatures, read_vkey, sign
from tests.register.log.keys import ORIGIN, cosigner, private_key, signer

# A certificate log's checkpoint of May 2026, and the published keys of the log and of its witnesses.
WITNESSED = (Path(__file__).parent / "vectors" / "witnessed-checkpoint.txt").read_text(encoding="utf-8")
LOG = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
WITNESSES = [
    "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
    "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
]

ROOT = private_key("any 32 bytes")
ROOT_TEXT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
OURS = Checkpoint(ORIGIN, 7, ROOT)


def test_a_checkpoint_that_a_real_log_signed_opens_with_all_its_witnesses() -> None:
    witnesses = [read_witness_key(line) for line in WITNESSES]
    checkpoint, note = open_checkpoint(WITNESSED, [read_vkey(LOG)], witnesses)
    assert (checkpoint.origin, checkpoint.size) == ("arche2025h1.staging.ct.transparency.dev", 1_432_088_532)
    assert checkpoint_text(checkpoint) == note.text
    assert all(note.is_signed_by(witness) for witness in witnesses)
    assert {time_of(signature) for signature in note.verified[1:]} == {1_779_573_024}
    assert len(note.unknown) == 1, "the log's signature in the form of RFC 6962"


def test_the_witnesses_keys_are_written_as_they_were_read() -> None:
    for line in WITNESSES:
        assert read_witness_key(line).vkey == line


def test_a_witness_s_word_does_not_stand_in_for_the_log_s() -> None:
    other = signer("arche2025h1.staging.ct.transparency.dev").verifier
    with pytest.raises(ValueError, match="the log itself did not sign"):
        open_checkpoint(WITNESSED, [other], [read_witness_key(WITNESSES[0])])
    with pytest.raises(ValueError, match="no key that is trusted"):
        open_checkpoint(WITNESSED, [other])


def test_a_later_time_in_a_cosignature_is_found() -> None:
    later = WITNESSED.replace("2net5wAAAABqEiEg", "2net5wAAAABqEiEh")
    with pytest.raises(ValueError, match=r"remora\.n621\.de is not one of this text"):
        open_checkpoint(later, [read_vkey(LOG)], [read_witness_key(WITNESSES[2])])


def test_the_standard_s_example_is_read_and_written() -> None:
    text = f"example.com/behind-the-sofa\n20852163\n{ROOT_TEXT}\n"
    checkpoint = read_checkpoint(text)
    assert (checkpoint.origin, checkpoint.size, len(checkpoint.root)) == ("example.com/behind-the-sofa", 20852163, 32)
    assert checkpoint.extensions == ()
    assert checkpoint_text(checkpoint) == text


def test_extension_lines_are_read_and_kept() -> None:
    text = f"a log\n0\n{ROOT_TEXT}\none\ntwo more\n"
    assert read_checkpoint(text).extensions == ("one", "two more")
    assert checkpoint_text(read_checkpoint(text)) == text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "three lines"),
        ("\n", "three lines"),
        (f"{ORIGIN}\n7\n", "three lines"),
        (f"{ORIGIN}\n7\n{ROOT_TEXT}", "newline"),
        (f"\n7\n{ROOT_TEXT}\n", "empty line"),
        (f"{ORIGIN}\n\n{ROOT_TEXT}\n", "empty line"),
        (f"{ORIGIN}\n7\n{ROOT_TEXT}\n\n", "empty line"),
        (f"{ORIGIN}\n7\n{ROOT_TEXT}\n\nmore\n", "empty line"),
        (f"{ORIGIN}\n07\n{ROOT_TEXT}\n", "the size"),
        (f"{ORIGIN}\n00\n{ROOT_TEXT}\n", "the size"),
        (f"{ORIGIN}\n-7\n{ROOT_TEXT}\n", "the size"),
        (f"{ORIGIN}\n+7\n{ROOT_TEXT}\n", "the size"),
        (f"{ORIGIN}\n7 \n{ROOT_TEXT}\n", "the size"),
        (f"{ORIGIN}\n7_0\n{ROOT_TEXT}\n", "the size"),
        (f"{ORIGIN}\n0x7\n{ROOT_TEXT}\n", "the size"),
        (f"{ORIGIN}\n７\n{ROOT_TEXT}\n", "the size"),
        (f"{ORIGIN}\n{2**63}\n{ROOT_TEXT}\n", "the size"),
        (f"{ORIGIN}\n{'9' * 5000}\n{ROOT_TEXT}\n", "the size"),
        (f"{ORIGIN}\n7\n{ROOT_TEXT[:-4]}\n", "the root"),
        (f"{ORIGIN}\n7\nAAAA{ROOT_TEXT}\n", "the root"),
        (f"{ORIGIN}\n7\n{ROOT_TEXT[:-1]}\n", "the root"),
        (f"{ORIGIN}\n7\n{ROOT_TEXT[:-2]}J=\n", "one form"),
        (f"{ORIGIN}\n7\n{ROOT_TEXT.replace('+', '-').replace('/', '_')}\n", "the root"),
        (f"{ORIGIN}\n7\n{ROOT_TEXT} \n", "the root"),
        (f"{ORIGIN}\n7\nö{ROOT_TEXT}\n", "the root"),
    ],
)
def test_what_is_no_checkpoint_is_refused_by_name(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_checkpoint(text)


@given(st.text(alphabet="a0197\n=/+AB \ud800"), st.integers(0, 3))
def test_any_text_is_a_checkpoint_or_a_valueerror(text: str, at: int) -> None:
    lines = [ORIGIN, "7", ROOT_TEXT, "more"]
    whole = "\n".join([*lines[:at], text, *lines[at + 1 :]]) + "\n"
    try:
        checkpoint = read_checkpoint(whole)
    except ValueError:
        return
    assert checkpoint_text(checkpoint) == whole


def test_the_largest_size_has_a_form_and_a_larger_one_none() -> None:
    largest = Checkpoint(ORIGIN, 2**63 - 1, ROOT)
    assert read_checkpoint(checkpoint_text(largest)) == largest


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("", 7, ROOT),
        Checkpoint("two\nlines", 7, ROOT),
        Checkpoint("tab\t", 7, ROOT),
        Checkpoint(ORIGIN, -1, ROOT),
        Checkpoint(ORIGIN, 2**63, ROOT),
        Checkpoint(ORIGIN, 7, ROOT[:31]),
        Checkpoint(ORIGIN, 7, ROOT, ("",)),
        Checkpoint(ORIGIN, 7, ROOT, ("two\nlines",)),
    ],
)
def test_what_has_no_form_is_not_written(checkpoint: Checkpoint) -> None:
    with pytest.raises(ValueError, match=r"log cannot|a root has|no line"):
        checkpoint_text(checkpoint)


def test_ours_opens_with_our_key() -> None:
    key = signer()
    checkpoint, note = open_checkpoint(sign_checkpoint(OURS, key), [key.verifier])
    assert checkpoint == OURS
    assert note.is_signed_by(key.verifier)


def test_an_old_key_of_the_log_is_as_good_as_its_new_one() -> None:
    old, new = signer(words="old"), signer(words="new")
    for signers in ([old], [new], [old, new]):
        assert open_checkpoint(sign_checkpoint(OURS, *signers), [new.verifier, old.verifier])[0] == OURS


def test_a_key_signs_checkpoints_of_its_own_log_only() -> None:
    other = signer("bridges.example")
    with pytest.raises(ValueError, match=r"bridges\.example cannot sign a checkpoint of rivers"):
        sign_checkpoint(OURS, other)
    with pytest.raises(ValueError, match=r"is of rivers.*but signed by bridges\.example"):
        open_checkpoint(sign(checkpoint_text(OURS), other), [other.verifier])


def test_a_witness_that_is_not_asked_for_changes_nothing() -> None:
    key, witness = signer(), cosigner()
    note = sign_checkpoint(OURS, key)
    cosigned = add_signatures(note, [witness.cosign(checkpoint_text(OURS), 1_700_000_000)])
    assert open_checkpoint(cosigned, [key.verifier])[1].unknown
    opened = open_checkpoint(cosigned, [key.verifier], [witness.verifier])[1]
    assert opened.is_signed_by(witness.verifier)
    spoilt = add_signatures(note, [Signature(witness.name, witness.verifier.key_id, b"x" * 72)])
    assert open_checkpoint(spoilt, [key.verifier])[0] == OURS


def test_a_signed_text_that_is_no_checkpoint_is_refused() -> None:
    key = signer()
    with pytest.raises(ValueError, match="three lines"):
        open_checkpoint(sign("not a checkpoint\n", key), [key.verifier])
