"""What was read of the records, held while nothing at all is committed, and what is likely to be asked for next."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from flask import current_app

from web.context import commit_mark

MOST_HELD = 50_000
"""Of so many records each process knows at the most that nothing was committed since it read their state."""

State = tuple[object, ...]
"""What a package says beside its document and its contact: when it differs, the package is written anew."""

Told = tuple[str | None, str | None]
"""Name and address of a contact."""

MISSED = 1_000
"""For so many steps nothing is expected after what was expected was asked for in another way."""

_NAME = "ckan_unchanged"
_STEPS = 3


@dataclass
class Walk:
    """The datasets that were asked for one by one: who goes through all of them by name will ask for the next ones."""

    _last: tuple[str, ...] = ()
    _expected: tuple[str, str] = ("", "")
    _rests: int = 0

    @property
    def expects(self) -> bool:
        """Whether answers are worth writing ahead too: what was expected before was asked for as it was expected."""
        return not self._rests

    def step(self, name: str) -> str | None:
        """Take note of a name. Gives the one from which the names of the last steps ascend, where they all do."""
        begin, end = self._expected
        self._rests = MISSED if begin < name <= end else max(self._rests - 1, 0)
        self._last = last = (*self._last, name)[-_STEPS:]
        return last[0] if len(last) == _STEPS and last[0] <= last[1] < last[2] else None

    def read_to(self, name: str) -> None:
        """All that comes up to this name was read ahead: the walk goes on behind it."""
        self._expected = (self._last[-1], name) if self.expects else ("", "")
        self._last = (name,) * (_STEPS - 1)


@dataclass(frozen=True, slots=True)
class Held:
    """What was read since one mark of the database: states and contacts by number, numbers and titles by name."""

    mark: Hashable
    states: dict[str, tuple[State, Told]] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)
    walk: Walk = field(default_factory=Walk)


@dataclass
class _Unchanged:
    """What is held at the mark that was seen last. One for all threads of an application."""

    held: Held

    def at(self, mark: Hashable) -> Held:
        held = self.held
        if held.mark != mark or len(held.states) > MOST_HELD:
            held = self.held = Held(mark)  # who works with the one before keeps it to himself
        return held


def held_now() -> Held:
    """What was read before this request and still holds; what is added to it, later requests have too."""
    mark = commit_mark()
    if mark is None:
        return Held(None)
    unchanged: _Unchanged = current_app.extensions.setdefault(_NAME, _Unchanged(Held(mark)))
    return unchanged.at(mark)
