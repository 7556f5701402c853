"""Signed notes: the example that Go's documentation gives, and everything that is no note."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from register.log.note import (
    MAX_BYTES,
    MAX_SIGNATURES,
    Note,
    Signature,
    Signer,
    Verifier,
    add_signatures,
    key_id,
    new_key,
    open_note,
    read_signature,
    read_skey,
    read_vkey,
    sign,
    split_note,
    vkey_text,
)
from tests.register.log.keys import private_key, signer

# The keys, text and signatures of the documentation and tests of golang.org/x/mod/sumdb/note.
PETER_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
NOTE = f"{TEXT}\n{PETER_LINE}"

# Others' public keys as they are published: the Go checksum database's, and a witness's (type 4).
GO_SUM = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"


def refused(note: str | bytes, *verifiers: Verifier) -> str:
    with pytest.raises(ValueError, match=r"\w") as caught:
        open_note(note, verifiers or [read_vkey(PETER)])
    return str(caught.value)


def test_go_s_example_is_signed_to_the_byte() -> None:
    assert sign(TEXT, read_skey(PETER_SECRET)) == NOTE


def test_go_s_example_opens() -> None:
    peter = read_vkey(PETER)
    note = open_note(NOTE, [peter])
    assert note == Note(TEXT, (read_signature(PETER_LINE.rstrip("\n")),), ())
    assert note.is_signed_by(peter)
    assert not note.is_signed_by(read_vkey(ENOCH))
    assert open_note(NOTE.encode(), [peter]) == note


@pytest.mark.parametrize(("known", "verified"), [([PETER], 1), ([ENOCH], 1), ([PETER, ENOCH], 2)])
def test_signatures_of_other_keys_are_passed_over(known: list[str], verified: int) -> None:
    note = open_note(f"{NOTE}{ENOCH_LINE}", [read_vkey(key) for key in known])
    assert (len(note.verified), len(note.unknown)) == (verified, 2 - verified)


def test_a_note_that_nobody_known_signed_is_refused() -> None:
    assert refused(NOTE, read_vkey(ENOCH)) == "no key that is trusted here signed the note; signed by: PeterNeumann"
    with pytest.raises(ValueError, match="no key that is trusted"):
        open_note(NOTE, [])


def test_a_wrong_signature_of_a_known_key_spoils_the_note_whoever_else_signed() -> None:
    spoilt = ENOCH_LINE.replace("rwz+eBzm", "rwz+eBzn")
    peter, enoch = read_vkey(PETER), read_vkey(ENOCH)
    assert "EnochRoot is not one of this text" in refused(f"{NOTE}{spoilt}", peter, enoch)
    assert open_note(f"{NOTE}{spoilt}", [peter]).verified, "to one who does not know the key it says nothing"


def test_the_same_name_with_another_id_and_the_same_id_with_another_name_are_unknown() -> None:
    peter = read_vkey(PETER)
    right = read_signature(PETER_LINE.rstrip("\n"))
    for other in (Signature("PeterOther", right.key_id, right.signature), Signature("PeterNeumann", b"abcd", b"x")):
        note = open_note(f"{NOTE}{other.line}", [peter])
        assert note.unknown == (other,)


def test_a_signature_that_stands_twice_counts_once() -> None:
    note = open_note(f"{NOTE}{PETER_LINE}{ENOCH_LINE}{ENOCH_LINE}", [read_vkey(PETER)])
    assert (len(note.verified), len(note.unknown)) == (1, 1)
    spoilt = PETER_LINE.replace("ZJku", "ZJkv")
    assert "not one of this text" in refused(f"{NOTE}{spoilt}"), "the second is looked at too"
    assert "not one of this text" in refused(f"{TEXT}\n{spoilt}{PETER_LINE}")


def test_two_keys_of_the_same_name_and_id_are_told_apart_by_nobody() -> None:
    class Pretender:
        name, key_id = "PeterNeumann", read_vkey(PETER).key_id

        def verify(self, text: str, signature: bytes) -> bool:
            return bool(text and signature)

    with pytest.raises(ValueError, match="two different keys"):
        open_note(NOTE, [read_vkey(PETER), Pretender()])
    assert open_note(NOTE, [read_vkey(PETER), read_vkey(PETER)]).verified


def test_no_single_byte_can_be_changed() -> None:
    data = NOTE.encode()
    for at in range(len(data)):
        for change in (0x01, 0x20, 0x80):
            refused(data[:at] + bytes([data[at] ^ change]) + data[at + 1 :])
        refused(data[:at] + data[at + 1 :])
        refused(data[:at] + b"A" + data[at:])


@pytest.mark.parametrize(
    ("note", "fault"),
    [
        ("", "no empty line"),
        ("\n", "no empty line"),
        ("\n\n", "no signature"),
        (TEXT, "no empty line"),
        (f"{TEXT}\n", "no signature"),
        (f"{TEXT}{PETER_LINE}", "no empty line"),
        (NOTE.rstrip("\n"), "newline"),
        (f"{NOTE}\n", "no signature"),
        (f"{NOTE}\n\n", "no signature"),
        (f"{NOTE}{TEXT}", "no signature"),
        (NOTE.replace("— P", "- P"), "no signature"),
        (NOTE.replace("— P", "—P"), "no signature"),
        (NOTE.replace("— P", "—  P"), "not empty"),
        (NOTE.replace("— P", " — P"), "no signature"),
        (NOTE.replace("PeterNeumann x", "PeterNeumann  x"), "not base64"),
        (NOTE.replace("PeterNeumann x", "Peter+Neumann x"), "plus"),
        (NOTE.replace("PeterNeumann x", "Peter\u00a0Neumann x"), "space"),
        (NOTE.replace("PeterNeumann x", "Peter\u2028Neumann x"), "space"),
        (NOTE.replace("PeterNeumann x", "x"), "no signature"),
        (NOTE.replace("AM=\n", "AM= \n"), "not base64"),
        (NOTE.replace("AM=\n", "AM\n"), "not base64"),
        (NOTE.replace("AM=\n", "AN=\n"), "one form"),
        (NOTE.replace("AM=\n", "AM=\r\n"), "control character"),
        (NOTE.replace("AM=\n", "AM==\n"), "not base64"),
        (NOTE.replace("/", "_"), "not base64"),
        (f"{TEXT}\n— PeterNeumann x08gow==\n", "is empty"),
        (f"{TEXT}\n— PeterNeumann \n", "is empty"),
        (f"{TEXT}\n— PeterNeumann x08go/Y=\n", "not one of this text"),
        (NOTE.replace("problem,", "problem,\t"), "control character"),
        (NOTE.replace("problem,", "problem,\0"), "control character"),
        (NOTE.replace("\n", "\r\n"), "control character"),
        (f"\ufeff{NOTE}", "not one of this text"),
        (NOTE.replace("If", "\ud800"), "UTF-8"),
        (NOTE.replace("— P", "— \ud800P"), "UTF-8"),
        (f"{TEXT}\n{PETER_LINE}" + "x" * MAX_BYTES, "longer than"),
        (f"{TEXT}\n" + PETER_LINE * (MAX_SIGNATURES + 1), "more than 100 signatures"),
    ],
)
def test_what_is_no_note_is_refused_by_name(note: str, fault: str) -> None:
    assert fault in refused(note)


@pytest.mark.parametrize("note", [b"\xff", NOTE.encode() + b"\xe2\x80", NOTE.encode().replace(b"If", b"\xc3\x28")])
def test_what_is_not_utf8_is_no_note(note: bytes) -> None:
    assert "UTF-8" in refused(note)


@given(st.one_of(st.text(), st.binary(), st.text(alphabet="— \n+=aA\ud800\u3000\x00")))
@example("\n\n— a AAAAAAA=\n")
def test_any_text_raises_valueerror_and_nothing_else(note: str | bytes) -> None:
    refused(note)
    refused(f"{TEXT}\n{note}\n" if isinstance(note, str) else f"{TEXT}\n— ".encode() + note)


def test_a_note_may_be_as_large_and_have_as_many_signatures_as_the_limit() -> None:
    others = [Signature(f"other{number}", b"\0\0\0\1", b"x" * 4900) for number in range(MAX_SIGNATURES - 1)]
    note = add_signatures(NOTE, others)
    assert len(open_note(note, [read_vkey(PETER)]).unknown) == MAX_SIGNATURES - 1
    with pytest.raises(ValueError, match="more than 100"):
        add_signatures(note, [Signature("one-more", b"\0\0\0\1", b"x")])
    key = signer()
    room = MAX_BYTES - len(sign("\n", key).encode())
    assert open_note(sign("x" * room + "\n", key), [key.verifier]).verified
    with pytest.raises(ValueError, match="longer than"):
        sign("x" * (room + 1) + "\n", key)


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs"])), st.integers(0, 3))
def test_what_was_signed_opens_with_its_text(text: str, gaps: int) -> None:
    text = f"{text}{chr(10) * (gaps + 1)}"
    one, other = signer(), signer("bridges.example", "another")
    note = open_note(sign(text, one, other), [one.verifier, other.verifier])
    assert note.text == text
    assert [signature.name for signature in note.verified] == [one.name, other.name]


def test_the_text_ends_at_the_last_empty_line() -> None:
    key = signer()
    text = "A text\n\n— that.example looks like a signature\n"
    assert open_note(sign(text, key), [key.verifier]).text == text


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "\x00\n", "\x1f\n", "carriage\r\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(ValueError, match=r"newline|control"):
        sign(text, signer())


def test_a_note_without_a_signature_is_not_written() -> None:
    with pytest.raises(ValueError, match="no signature"):
        sign(TEXT)


def test_a_further_signature_stands_below_and_a_newer_one_takes_the_older_s_place() -> None:
    enoch = read_signature(ENOCH_LINE.rstrip("\n"))
    older = Signature(enoch.name, enoch.key_id, b"older")
    assert add_signatures(add_signatures(NOTE, [older]), [enoch]) == f"{NOTE}{ENOCH_LINE}"
    with pytest.raises(ValueError, match="no empty line"):
        add_signatures(TEXT, [enoch])


def test_keys_are_written_as_they_were_read() -> None:
    assert read_skey(PETER_SECRET).skey == PETER_SECRET
    assert read_skey(PETER_SECRET).verifier.vkey == PETER
    assert read_skey(f"{PETER_SECRET}\n").verifier == read_vkey(f" {PETER}\n")
    for line in (PETER, ENOCH, GO_SUM):
        assert read_vkey(line).vkey == line
        assert read_vkey(line).key_id.hex() == line.split("+")[1]


def test_a_new_key_is_made_of_the_randomness_given() -> None:
    skey, vkey = new_key("rivers.example/log", lambda count: private_key("chosen")[:count])
    assert read_skey(skey) == Signer("rivers.example/log", private_key("chosen"))
    assert read_skey(skey).verifier == read_vkey(vkey)
    assert new_key("rivers.example/log", lambda count: private_key("other")[:count])[1] != vkey


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "\u3000", "nul\0", "\ud800", "tab\t"])
def test_no_key_has_such_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="key's name"):
        new_key(name, lambda count: b"x" * count)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a3+",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("c74f20a3", "c74f20a"),
        PETER.replace("PeterNeumann", "PeterNewmann"),
        PETER.replace("PeterNeumann", "Peter Neumann"),
        PETER.replace("PeterNeumann", ""),
        PETER.replace("+ARpc", "+ARpd"),
        f"{PETER}AA",
        f"{PETER}BADKEY==",
        PETER[:-4],
        PETER_SECRET,
        WITNESS,
        vkey_text("PeterNeumann", 0x65, read_vkey(PETER).public_key),
        "PeterNeumann\ud800+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10Tö",
    ],
)
def test_what_is_no_public_key_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="key"):
        read_vkey(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        PETER,
        PETER_SECRET.replace("PRIVATE+KEY", "PRIVATE-KEY"),
        PETER_SECRET.replace("c74f20a3", "c74f20a4"),
        PETER_SECRET.replace("PeterNeumann", "Other"),
        PETER_SECRET.replace("+AYEK", "+BYEK"),
        PETER_SECRET.replace("+AYEK", "+AYEL"),
        PETER_SECRET[:-1],
    ],
)
def test_what_is_no_private_key_is_refused_and_not_shown(line: str) -> None:
    with pytest.raises(ValueError, match="key") as caught:
        read_skey(line)
    assert "FALVFGyNhPJEMzD1QIDr" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@given(st.text(max_size=80))
def test_any_line_is_a_key_or_a_valueerror(line: str) -> None:
    for read in (read_vkey, read_skey):
        for text in (line, f"PRIVATE+KEY+{line}", f"a+{line}"):
            with pytest.raises(ValueError, match="key"):
                read(text)


def test_what_is_printed_of_a_signer_does_not_hold_its_key() -> None:
    key = signer()
    assert key.private_key.hex() not in repr(key)
    assert repr(key.private_key) not in repr(key)


def test_keys_have_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Verifier("rivers.example", b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        Signer("rivers.example", b"x" * 33)


def test_the_id_depends_on_name_type_and_key() -> None:
    ids = {key_id(name, kind, key) for name in ("a", "b") for kind in (1, 4) for key in (b"x" * 32, b"y" * 32)}
    assert len(ids) == 8


def test_a_public_key_that_is_no_point_of_the_curve_verifies_nothing() -> None:
    for point in (b"\xff" * 32, b"\x02" + b"\0" * 31):
        key = Verifier("rivers.example", point)
        line = Signature(key.name, key.key_id, b"\0" * 64).line
        assert "not one of this text" in refused(f"{TEXT}\n{line}", key)


def test_split_note_checks_no_signature() -> None:
    text, signatures = split_note(NOTE.replace("ZJku", "ZJkv"))
    assert text == TEXT
    assert [signature.name for signature in signatures] == ["PeterNeumann"]
