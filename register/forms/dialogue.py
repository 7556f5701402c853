"""Talking with a person, line by line, wherever the lines come from and go."""

from collections.abc import Iterable
from typing import Protocol

from schemas.cleaning import clean_text

_BACK = {"<", "back"}
_STOP = {"q", "quit"}


class Terminal(Protocol):
    """Where the conversation is held."""

    def say(self, text: str = "") -> None:
        """Write a paragraph."""

    def ask(self, prompt: str) -> str:
        """One line that was typed. Raises EOFError or KeyboardInterrupt where the person stops."""


class Stopped(Exception):
    """The person wants to stop for now."""


class GoneBack(Exception):
    """The person wants the question before."""


def read_line(terminal: Terminal, prompt: str) -> str:
    """What was typed, without blanks around it; a line that ends in a backslash goes on in the next.

    Raises Stopped or GoneBack where that was typed, and as the terminal does.
    """
    lines = [terminal.ask(prompt).rstrip()]
    while lines[-1].endswith("\\"):
        lines[-1] = lines[-1][:-1].rstrip()
        lines.append(terminal.ask("and then: ").rstrip())
    text = clean_text("\n".join(lines))[0].strip()
    if text.casefold() in _STOP:
        raise Stopped
    if text.casefold() in _BACK:
        raise GoneBack
    return text


def say_all(terminal: Terminal, lines: Iterable[str]) -> None:
    """Write some paragraphs."""
    for line in lines:
        terminal.say(line)
