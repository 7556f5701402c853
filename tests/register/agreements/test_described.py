"""How events are told to programs."""

import pytest

from register.agreements.described import source_entry_shown


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        (None, None),
        (f"register:7@12#{'a' * 64}", "register:7@12"),
        (f"https://source.example/@x#{'a' * 64}", "https://source.example/@x"),
        (f"file:3@{'0' * 64}", "file:3"),
        (f"file:3@{'0' * 64}~2", "file:3"),
        ("typed by hand", "typed by hand"),
    ],
)
def test_the_hash_of_what_a_source_said_is_not_told(entry: str | None, shown: str | None) -> None:
    assert source_entry_shown(entry) == shown
