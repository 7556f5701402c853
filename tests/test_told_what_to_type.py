"""From a blank page to a record confirmed by the counterpart, typing only what the output before told one to type."""

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from tests.register.forms.scripted import ScriptedPerson
from tests.register.forms.test_interview import ANSWERS
from tests.walks import Official, Server, serving

pytestmark = pytest.mark.heavy

SENDER, RECEIVER = "Example Revenue Agency", "Example City Council"
FIRST = "gazette register new agreement.yaml"
_NEXT = re.compile(r"Next(?:, for (?P<who>[^:\n]+))?:[^\n]*?(?:\n\s*)?(?P<command>gazette [^\n]+)")


def answers() -> dict[str, str | list[str]]:
    """What an official knows of the share: everything but what the program itself says."""
    known = {
        key.replace("Ministry of Rivers", SENDER).replace("Bridges Office", RECEIVER): value
        for key, value in ANSWERS.items()
    }
    today = datetime.now(UTC).date()
    known.update(
        {
            "Party 1: Name": ["revenue", "1"],
            "Party 2: Name": ["city council", "1"],
            "Flow of data 1: From": "revenue",
            "To see one’s data": RECEIVER,
            "To have it corrected": RECEIVER,
            "To have it erased": RECEIVER,
            "To object": RECEIVER,
            "Signed on": (today - timedelta(days=3)).isoformat(),
            "Applies from": (today + timedelta(days=3)).isoformat(),
            "Next review on": (today + timedelta(days=300)).isoformat(),
        }
    )
    return known


class Terminal(ScriptedPerson):
    """The person, at a terminal that the test reads too."""

    def say(self, text: str = "") -> None:
        super().say(text)
        click.echo(text)


def told(output: str) -> list[tuple[str | None, str]]:
    """The next commands that an output tells, and for whom each is, where it says so."""
    return [(found["who"], found["command"].strip()) for found in _NEXT.finditer(output)]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving(tmp_path, monkeypatch) as served:
        yield served


def test_each_output_tells_the_next_command_to_the_very_end(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    people = {
        SENDER: server.official("rita", "example-revenue-agency", tmp_path / "rita"),
        RECEIVER: server.official("carl", "example-city-council", tmp_path / "carl"),
    }
    for official in people.values():
        name = official.name
        monkeypatch.setattr(
            "web.commands.signing_in.time", SimpleNamespace(sleep=lambda _seconds, name=name: server.approve(name))
        )
        official.does("login")
    monkeypatch.setattr("register.commands.new.CommandTerminal", lambda: Terminal(answers()))

    typed = [(SENDER, FIRST)]
    while True:
        who, command = typed[-1]
        output = said(people[who], command)
        steps = [(step_who or who, step) for step_who, step in told(output)]
        if not steps:
            break
        assert len(typed) < 10, f"it goes round in circles: {typed}"
        typed.append(steps[0])

    assert [command.split()[2] for _, command in typed] == ["new", "submit", "sign", "confirm"]
    assert typed[-1] == (RECEIVER, "gazette register confirm dg-1 --version 1")
    shown = people[SENDER].does("register", "show", "dg-1")
    assert "Version 1, by example-city-council" in shown
    assert "Nothing waits" in people[RECEIVER].does("whoami")


def said(official: Official, command: str) -> str:
    """All that a command that is typed word for word prints."""
    words = shlex.split(command)
    assert words[0] == "gazette"
    ended = official.run(*words[1:])
    assert ended.code == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
    return f"{ended.stdout}\n{ended.stderr}"
