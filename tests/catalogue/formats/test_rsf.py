"""Registers in RSF: what can be checked is checked, and what is wrong is told with its line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.formats.rsf import RsfRegister, entries_by_key, read_rsf
from schemas.errors import InvalidInput
from schemas.merkle import root_hash
from tests.register.rsf_files import REGISTER, TITLE, as_file, item_line, moment, register_lines, root_line

ITEMS: list[dict[str, Any]] = [{REGISTER: key, "name": f"Agreement {key}"} for key in ("1", "2", "3", "2")]
ITEMS[3]["name"] = "Agreement 2, mended"


def read(lines: list[str], end: str = "\n") -> RsfRegister:
    return read_rsf(as_file(lines, end), "rivers.rsf")


def told(register: RsfRegister) -> str:
    """Every problem of a register and of its entries, as text."""
    of_entries = [f"{entry.place}: {problem}" for entry in register.entries for problem in entry.problems]
    return "\n".join([*map(str, register.problems), *of_entries])


def good_keys(register: RsfRegister) -> list[str]:
    return [entry.key for entry in register.entries if not entry.problems]


def test_a_whole_register() -> None:
    register = read(register_lines(ITEMS))
    assert (register.name, register.title, told(register)) == (REGISTER, TITLE, "")
    assert [(entry.number, entry.key, entry.timestamp.isoformat()) for entry in register.entries] == [
        (number, item[REGISTER], moment(number).replace("Z", "+00:00")) for number, item in enumerate(ITEMS, start=1)
    ]
    assert [entry.line for entry in register.entries] == [9, 11, 13, 15]
    assert register.entries[1].place == "line 11, entry 2, key 2"
    assert [key for key, _ in entries_by_key(register)] == ["1", "2", "3"]
    latest = register.latest()["2"].item
    assert latest is not None
    assert latest["name"] == "Agreement 2, mended"


def test_custodians_are_passed_over() -> None:
    assert "Keeper" not in repr(read(register_lines(ITEMS)))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_a_missing_last_one_do_not_matter(end: str) -> None:
    lines = register_lines(ITEMS)
    assert told(read(lines, end)) == ""
    assert told(read_rsf(as_file(lines, end).rstrip(), "x")) == ""
    assert told(read_rsf(b"\xef\xbb\xbf" + as_file(lines, end), "x")) == ""


def test_a_file_that_breaks_off_in_a_line_says_so_and_keeps_what_came_before() -> None:
    data = as_file(register_lines(ITEMS, root=False))
    for cut in (5, 60, 80, 150):
        register = read_rsf(data[:-cut], "x")
        assert "breaks off in the middle of line" in told(register)
        assert good_keys(register)[:2] == ["1", "2"]


def test_a_file_that_breaks_off_after_an_item_tells_of_the_item_nobody_names() -> None:
    register = read(register_lines(ITEMS, root=False)[:-1])
    assert "The item in line 14" in told(register)
    assert "which no entry names" in told(register)
    assert good_keys(register) == ["1", "2", "3"]


def test_an_altered_item_spoils_its_own_entry_alone() -> None:
    lines = register_lines(ITEMS)
    lines[9] = lines[9].replace("Agreement", "agreement")
    register = read(lines)
    assert good_keys(register) == ["1", "3", "2"]
    (problem,) = register.entries[1].problems
    assert "No item before the entry has the hash" in problem.message
    assert "The item in line 10 has the hash" in told(register)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (moment(2), "2019-06-23T00:02:01Z"),
        ("user\t2\t", "user\t7\t"),
        ("append-entry\tuser\t2", "append-entry\tuser\t02"),
    ],
)
def test_an_altered_entry_under_a_root_is_found(before: str, after: str) -> None:
    lines = register_lines(ITEMS)
    assert before in lines[10]
    lines[10] = lines[10].replace(before, after)
    register = read(lines)
    assert good_keys(register) == []
    assert "The root hash in line 16 is not that of the entries before it: one of the entries 1 to 4" in told(register)


def test_an_entry_dropped_or_added_under_a_root_is_found() -> None:
    lines = register_lines(ITEMS)
    for spoiled in (lines[:12] + lines[14:], [*lines[:10], lines[8], *lines[10:]]):
        register = read(spoiled)
        assert good_keys(register) == []
        assert "was altered, dropped or added" in told(register)


def test_what_stood_under_an_earlier_root_is_still_trusted() -> None:
    lines = register_lines(ITEMS)
    first_two = [(item[REGISTER], item_line(item)[1]) for item in ITEMS[:2]]
    lines.insert(11, root_line(first_two))
    lines[13] = lines[13].replace(moment(3), "2019-06-23T00:03:30Z")
    register = read(lines)
    assert good_keys(register) == ["1", "2"]
    assert "one of the entries 3 to 4" in told(register)


def test_two_lines_in_each_other_s_place_are_found() -> None:
    lines = register_lines(ITEMS, root=False)
    lines[9], lines[10] = lines[10], lines[9]  # an entry before its item
    assert "was altered, moved or lost" in told(read(lines))
    lines = register_lines(ITEMS, root=False)
    lines[8], lines[10] = lines[10], lines[8]  # an entry before another, its item not yet there
    assert told(read(lines))


def test_entries_that_go_back_in_time_are_found() -> None:
    lines = register_lines(ITEMS, root=False)
    lines[7:9], lines[9:11] = lines[9:11], lines[7:9]
    register = read(lines)
    assert good_keys(register) == ["2", "3", "2"]
    assert "line 11, entry 2, key 1: The entry is dated 2019-06-23T00:01:00Z, earlier than one before it" in told(
        register
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('add-item\t{"a": }', "The item in line 10 is not JSON: expecting value at character 7."),
        ("add-item\t[1]", "The item in line 10 is no JSON object."),
        ("add-item\t" + "[" * 100_000, "The item in line 10"),
        ("add-item\t" + '{"a":' * 100 + "1" + "}" * 100, "nested more than"),
        ("add-item\t" + "9" * 5000, "The item in line 10 is no JSON that can be read."),
        ('add-item\t{"a":1,"a":2}', "A field stands twice"),
        ("add-item", "Line 10 is no whole command."),
        ("add-item\t{}\t{}", "Line 10 is no whole command."),
        ("append-entry\tuser\t2\t2019-06-23T00:02:00Z", "Line 10 is no whole command."),
        ("append-entry\tuser\t2\t2019-06-23T00:02:00Z\tsha-256:abc", "Line 10 is no whole command."),
        (f"append-entry\tuser\t\t{moment(2)}\tsha-256:{'0' * 64}", "Line 10 is no whole command."),
        (f"append-entry\tuser\tk\x00\t{moment(2)}\tsha-256:{'0' * 64}", "Line 10 is no whole command."),
        (f"append-entry\tgod\t2\t{moment(2)}\tsha-256:{'0' * 64}", "Line 10 is no whole command."),
        (f"append-entry\tuser\t2\t{moment(2)}\tsha-256:{'0' * 64}", "No item before the entry has the hash"),
        ("assert-root-hash\tsha-256:abc", "The root hash in line 10"),
        ("drop-table\tx", "Line 10 is no whole command."),
    ],
)
def test_a_broken_line_is_told_and_the_rest_is_read(line: str, words: str) -> None:
    lines = register_lines(ITEMS, root=False)
    lines.insert(9, line)
    register = read(lines)
    assert words in told(register)
    assert len(good_keys(register)) >= 3


def test_bytes_that_are_no_text_are_told_with_their_line() -> None:
    data = as_file(register_lines(ITEMS, root=False)).replace(b"Agreement 3", b"Agr\xe9ment 3")
    register = read_rsf(data, "x")
    assert "Line 12 is not UTF-8 text." in told(register)
    assert good_keys(register) == ["1", "2", "2"]


@pytest.mark.parametrize("time", ["2019-02-31T00:00:00Z", "2019-06-23", "yesterday", "2019-06-23T25:00:00Z", ""])
def test_a_time_that_cannot_be_is_a_problem_of_its_entry(time: str) -> None:
    lines = register_lines(ITEMS, root=False)
    lines[10] = lines[10].replace(moment(2), time)
    register = read(lines)
    assert good_keys(register) == ["1", "3", "2"]
    assert f"“{time}” is not a moment of the calendar." in told(register)


def test_an_entry_with_several_items_is_told() -> None:
    lines = register_lines(ITEMS, root=False)
    other = item_line(ITEMS[0])[1]
    lines[10] += f";{other}"
    register = read(lines)
    assert good_keys(register) == ["1", "3", "2"]
    assert "several items" in told(register)


def test_an_item_with_nothing_in_it_is_told() -> None:
    line, item_hash = item_line({})
    lines = [*register_lines(ITEMS, root=False), line, f"append-entry\tuser\t9\t{moment(9)}\t{item_hash}"]
    register = read(lines)
    assert "The entry’s item is empty." in told(register)
    assert "9" not in register.latest()


def test_text_in_items_is_cleaned_and_told_and_the_hash_is_that_of_the_file() -> None:
    register = read(register_lines([{REGISTER: "1", "name": "a\u0000b"}]))
    assert told(register) == ""
    assert register.entries[0].item == {REGISTER: "1", "name": "ab"}
    assert [note.pointer for note in register.entries[0].cleanings] == ["/name"]


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\n\n", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b'{"agreements": []}', b"<html>", b"a,b,c\n1,2,3\n"),
        *("assert-root-hash\tx".encode("utf-16"), b"assert-root-hash\tx\n", b"PK\x03\x04\x14", b"\xff" * 100),
    ],
)
def test_what_is_no_register_is_refused_whole(data: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_rsf(data, "rivers.rsf")
    assert "rivers.rsf" in caught.value.message
    assert caught.value.advice
    assert caught.value.message.isprintable()


@given(st.data())
def test_any_one_character_changed_under_a_root_is_found(data: st.DataObject) -> None:
    file = bytearray(as_file(register_lines(ITEMS)))
    first_user_item = file.index(b'add-item\t{"information')
    place = data.draw(st.integers(first_user_item, len(file) - 2))
    other = data.draw(st.integers(33, 126).filter(lambda byte: byte != file[place]))
    file[place] = other
    assert told(read_rsf(bytes(file), "x"))


# The leaf hashes of the five entries of GOV.UK's register of information sharing agreements that its only root
# covers, and that root, as its file asserts it.
LEAVES = [
    "3a8ec0a6353b61a6c07d8870b02ae78ce5153cb7a874f7b10e17dc7d82091f76",
    "dedbd3109bf1f69182df8d30ca930a950abaa73937e3049191d9314bf318b331",
    "15e5387146262e412390b3be7c6207b413624e407c9f1573ee36c4eccb577b53",
    "231fbf67e898e24fe46389466e3fe4ec7be2a8dc0ed2e70517deba565634a0ca",
    "4395e8d01dc82093784c3dee501ec75b0fd7f9eeb24c5be91b396a59c46d7bdd",
]
ROOT = "64cf06e57b45bf3ba824c0738e1d774c6f87baaed304e85e51a4e2dc99fc904e"


def test_published_roots_of_real_registers_hold(trial_data: Path) -> None:
    folder = trial_data / "agreements" / "dea-register-2019"
    counted = {}
    for path in sorted(folder.glob("*.rsf")):
        register = read_rsf(path.read_bytes(), path.name)
        assert told(register) == ""
        counted[register.name] = (len(register.entries), len(register.latest()))
    assert counted == {
        "government-organisation": (1011, 989),
        "information-sharing-agreement-0001": (40, 38),
        "information-sharing-agreement-powers-and-objectives-0001": (7, 7),
        "information-sharing-agreement-specified-person-0001": (103, 96),
        "local-authority-eng": (387, 366),
        "principal-local-authority": (23, 22),
    }


def test_every_cut_of_a_real_register_is_read_or_refused_with_words(trial_data: Path) -> None:
    data = (trial_data / "agreements" / "dea-register-2019" / "information-sharing-agreement-0001.rsf").read_bytes()
    whole = len(read_rsf(data, "x").entries)
    for cut in range(100, len(data), 997):
        register = read_rsf(data[:cut], "x") if cut > 200 else None
        if register is not None:
            assert len(register.entries) <= whole
            ends_with_a_line = data[cut - 1 : cut] == b"\n" or data[cut : cut + 1] == b"\n"
            assert ends_with_a_line or "breaks off" in told(register) or register.problems


def test_a_published_root_without_the_file() -> None:
    assert root_hash([bytes.fromhex(leaf) for leaf in LEAVES]).hex() == ROOT
