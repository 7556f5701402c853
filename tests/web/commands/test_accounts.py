"""`gazette accounts`: adding, listing, handing out and taking back."""

import json
from pathlib import Path

import pytest

from tests.services.commands import Invoke

BODIES = "name,slug\nMinistry of Rivers,ministry-of-rivers\nOffice of Bridges,office-of-bridges\n"


@pytest.fixture
def ready(ready: Invoke, tmp_path: Path) -> Invoke:
    """A data folder with two bodies and one account in it."""
    path = tmp_path / "bodies.csv"
    path.write_text(BODIES, encoding="utf-8")
    assert ready("organisations", "import", path, "--from", "csv").code == 0
    added = ready(*"accounts add rivers-team --organisation ministry-of-rivers --role editor --role approver".split())
    assert added.code == 0, added.stderr
    assert "acts for Ministry of Rivers as approver, editor" in added.stdout
    assert "gazette accounts link rivers-team" in added.stderr
    return ready


def listed(invoke: Invoke, *options: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(invoke("accounts", "list", *options, "--format", "json").stdout)
    return rows


def test_accounts_are_listed_changed_disabled_and_enabled_again(ready: Invoke) -> None:
    [row] = listed(ready)
    assert (row["account"], row["organisation"], row["roles"], row["state"], row["tokens"], row["lastUsed"]) == (
        *("rivers-team", "ministry-of-rivers", ["approver", "editor"], "enabled", 0, None),
    )
    assert ready(*"accounts add rivers-team --organisation office-of-bridges --role editor".split()).code == 1
    assert ready(*"accounts add rivers-team --organisation office-of-bridges --role editor --change".split()).code == 0
    assert listed(ready)[0]["organisation"] == "office-of-bridges"
    ended = ready("accounts", "revoke", "rivers-team")
    assert (ended.code, "disabled" in ended.stdout) == (0, True)
    assert listed(ready)[0]["state"] == "disabled"
    assert ready("accounts", "link", "rivers-team").code == 1
    assert ready(*"accounts add rivers-team --role moderator --change".split()).code == 0
    assert listed(ready, "rivers-team")[0]["state"] == "enabled"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ("add x --role approver", 4, "--organisation"),
        ("add x --role approver --organisation ministry-of-river", 3, "“ministry-of-rivers” (Ministry of Rivers)"),
        ("add X --role moderator", 4, "small letters"),
        ("add x --role king", 2, "king"),
        ("add x", 2, "--role"),
        ("add x --change --role moderator", 3, "x"),
        ("link river-team", 3, "rivers-team"),
        ("list river-team", 3, "rivers-team"),
        ("token rivers-team --scope administrator", 1, "administrator"),
        ("token rivers-team --days 366", 2, "366"),
        ("revoke nothing", 3, "nothing"),
        ("revoke river-team", 3, "rivers-team"),
    ],
)
def test_what_cannot_be_is_told_with_its_exit_code(ready: Invoke, arguments: str, code: int, told: str) -> None:
    ended = ready("accounts", *arguments.split())
    assert ended.code == code
    assert told in ended.stderr
    assert ended.stdout == ""


def test_a_link_begins_with_the_public_address(ready: Invoke) -> None:
    plain = ready("accounts", "link", "rivers-team")
    assert plain.stdout.startswith("http://127.0.0.1:8000/sign-in/")
    assert "once, until" in plain.stderr
    public = {"GAZETTE_PUBLIC_URL": "https://register.example/"}
    linked = ready("accounts", "link", "rivers-team", environ=public).stdout.strip()
    address, _, secret = linked.rpartition("/")
    assert address == "https://register.example/sign-in"
    assert len(secret) >= 22  # 128 bits
    assert secret not in plain.stdout


def test_a_token_is_printed_once_alone_and_revoked_by_its_id(ready: Invoke) -> None:
    made = ready(*"accounts token rivers-team --name nightly --scope editor --days 30".split())
    secret = made.stdout.strip()
    assert secret.startswith("dgz_")
    assert secret not in made.stderr
    [row] = listed(ready, "--tokens")
    assert (row["account"], row["name"], row["scopes"], row["state"], row["kind"]) == (
        *("rivers-team", "nightly", ["editor", "read"], "in force", "machine"),
    )
    assert secret not in ready("accounts", "list", "--tokens", "--format", "json").stdout
    assert f"gazette accounts revoke {row['id']}" in made.stderr
    assert ready("accounts", "revoke", str(row["id"])).code == 0
    assert listed(ready, "rivers-team", "--tokens")[0]["state"] == "revoked"
    assert (listed(ready)[0]["state"], listed(ready)[0]["tokens"]) == ("enabled", 0)


def test_only_an_administrator_looks_after_accounts(ready: Invoke) -> None:
    for arguments in ("list", "link rivers-team", "token rivers-team", "revoke rivers-team", "add y --role moderator"):
        ended = ready("--as", "rivers-team", "accounts", *arguments.split())
        assert ended.code == 1, arguments
        assert "Only an administrator" in ended.stderr
    assert ready(*"accounts add chief --role administrator".split()).code == 0
    assert ready(*"--as chief accounts add y --role moderator".split()).code == 0
