"""What to ask next: a pure function of the record so far and of the profiles it is to satisfy.

A question is open when the core schema or a profile says that something is missing or wrong, or when it is one of the
few that are asked in passing. A group that is missing whole is thought to be there and empty, and checked again: so
the questions inside it, and their conditions, come from the same rules as every message of `check`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from register.checks.record import check_record
from register.forms.fields import Field, Form, agreement_form
from register.forms.order import (
    BESIDES,
    ONE_IS_ENOUGH,
    WRITTEN_BY_ITSELF,
    head_of,
    order_key,
)
from register.forms.places import Path, is_free, leaves_of, path_of, pattern_of, record_of, value_at, with_value
from register.forms.rules import choices_at, holds, least_at, rule_with, sought_in
from schemas.canonical import Json
from schemas.problems import Problem, errors_in

_DEEPEST = 8
"""How many groups may lie in one another: more rounds of thinking them to be there are not needed."""

Passed = frozenset[Path]
"""Places that were skipped, each with all that is inside."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask.

    `problems` say why it is asked; there are none where it may simply be skipped. `another` marks the beginning of a
    further item of a list. `leaves_out` is what skipping leaves out: the item, where this is the first thing in it.
    `again` marks a question that the person came back to.
    """

    path: Path
    field: Field
    problems: tuple[Problem, ...] = ()
    another: bool = False
    leaves_out: Path = ()
    again: bool = False

    @property
    def wanted(self) -> bool:
        """Whether the record is not complete without an answer."""
        return bool(self.problems)


def problems_of_draft(document: Json, profiles: Sequence[str]) -> list[Problem]:
    """What the core schema, the rules and the profiles find in a draft, errors alone."""
    return errors_in(check_record(document, None, profiles=profiles))


def next_question(document: Json, profiles: Sequence[str], passed: Passed = frozenset()) -> Question | None:
    """The question to ask now; None where nothing is left that was not skipped."""
    return next(iter(_Search(record_of(document), tuple(profiles), passed).questions(first=True)), None)


def open_questions(document: Json, profiles: Sequence[str], passed: Passed = frozenset()) -> list[Question]:
    """Every open question in the order to ask them, as far as can be told before the answers to the earlier ones."""
    return _Search(record_of(document), tuple(profiles), passed).questions()


def _left_out(form: Form, path: Path) -> Path:
    """What skipping a place leaves out: a whole item, when it is the first thing in it."""
    for depth in range(len(path), 0, -1):
        if isinstance(path[depth - 1], int):
            heads = _first_leaf(form, path[:depth]) == path
            return path[:depth] if heads else path
    return path


def _first_leaf(form: Form, path: Path) -> Path:
    """The first thing to ask of what stands at a place."""
    field = form.field(path)
    if field is not None and field.kind == "group":
        return _first_leaf(form, (*path, head_of(form, path)))
    if field is not None and field.kind == "list":
        return _first_leaf(form, (*path, 0))
    return path


class _Search:
    def __init__(self, document: Json, profiles: tuple[str, ...], passed: Passed) -> None:
        self.form = agreement_form()
        self.document = document
        self.profiles = profiles
        self.passed = passed
        self.found: dict[Path, Question] = {}
        self.opened: list[tuple[int, ...]] = []
        answered = [path for path in leaves_of(document) if pattern_of(path) not in WRITTEN_BY_ITSELF]
        self.furthest = max((order_key(self.form, path) for path in answered), default=())

    def questions(self, *, first: bool = False) -> list[Question]:
        """All open questions in order; with `first`, no more than what is needed to know which comes first."""
        self._seek_lacking(first=first)
        for path, another in [*self._besides(), *self._others()]:
            if path not in self.found and order_key(self.form, path) > self.furthest:
                self._add(path, (), another=another)
        return sorted(self.found.values(), key=lambda question: order_key(self.form, question.path))

    def _is_passed(self, path: Path) -> bool:
        return any(path[:depth] in self.passed for depth in range(1, len(path) + 1))

    def _add(self, path: Path, problems: Iterable[Problem], *, another: bool = False) -> None:
        field = self.form.field(path)
        if field is None or pattern_of(path) in WRITTEN_BY_ITSELF or self._is_passed(path):
            return
        if not is_free(self.document, path[:-1]):
            return
        known = self.found.get(path) or Question(path, field, leaves_out=_left_out(self.form, path))
        told = {problem.advice for problem in known.problems}
        fresh = tuple(problem for problem in problems if problem.advice not in told)
        self.found[path] = replace(known, problems=known.problems + fresh, another=another)

    def _seek_lacking(self, *, first: bool) -> None:
        """Every place that something is lacking at, groups that are lacking whole looked into."""
        thought, seen = self.document, set[tuple[str, str, str]]()
        for _ in range(_DEEPEST):
            wider, self.opened = thought, []
            for problem in problems_of_draft(thought, self.profiles):
                key = (problem.pointer, problem.clause, problem.message)
                if key in seen:
                    continue
                seen.add(key)
                for path in self._places(problem, thought):
                    wider = self._look_into(path, problem, wider)
            if wider is thought or (first and self._is_first_known()):
                return
            thought = wider

    def _is_first_known(self) -> bool:
        """Whether a question was found that comes before all that looking further can find."""
        keys = [order_key(self.form, path) for path in self.found]
        return bool(keys) and all(min(keys) < key for key in self.opened)

    def _look_into(self, path: Path, problem: Problem, thought: Json) -> Json:
        """Ask for a leaf; think a group to be there, and ask for the first thing in it where nothing else is said."""
        field = self.form.field(path)
        if field is None or self._is_passed(path) or not is_free(thought, path):
            return thought
        if field.kind not in {"group", "list"}:
            self._add(path, (problem,))
            around = path[:-1]
            return thought if not around or value_at(thought, around) is not None else self._with_group(thought, around)
        if field.kind == "list":
            listed = value_at(thought, path) or []
            path = (*path, len(listed))
            return self._begin(path, problem, thought)
        if value_at(thought, path) is None:
            return self._with_group(thought, path)
        return self._begin(path, problem, thought) if value_at(thought, path) == {} else thought

    def _begin(self, path: Path, problem: Problem, thought: Json) -> Json:
        first = _first_leaf(self.form, path)
        self._add(first, (problem,))
        if first == path or value_at(thought, path) is not None:
            return thought
        return self._with_group(thought, path)

    def _with_group(self, thought: Json, path: Path) -> Json:
        self.opened.append(order_key(self.form, path))
        wider: Json = with_value(thought, path, {})
        return wider

    def _places(self, problem: Problem, thought: Json) -> list[Path]:
        """The places to ask about because of a problem: of a choice, the first that was not skipped."""
        path = path_of(problem.pointer)
        rule = rule_with(problem.clause, self.profiles) if problem.clause else {}
        here = value_at(thought, path)
        if isinstance(here, dict) and (inside := choices_at(rule, path)):
            return self._chosen(inside, path, thought)
        choices = choices_at(rule, path[:-1]) if path else []
        if any(path[-1] in names for names in choices):
            return self._chosen(choices, path[:-1], thought)
        if not (isinstance(here, list) and here):
            return [path]
        return self._in_list(path, rule, here) if rule else []

    def _chosen(self, choices: Sequence[Sequence[str]], holder: Path, thought: Json) -> list[Path]:
        group = value_at(thought, holder) if holder else thought
        for names in choices:
            paths = [(*holder, name) for name in names]
            if any(self._is_passed(path) or (*path, 0) in self.passed for path in paths):
                continue
            lacking = [path for path in paths if not isinstance(group, dict) or path[-1] not in group]
            # A choice whose members are there fails inside: a list in it may lack the item that is meant.
            return lacking or [path for path in paths if value_at(self.document, path) is not None]
        return []

    def _in_list(self, path: Path, rule: Json, here: list[Any]) -> list[Path]:
        held = value_at(self.document, path)
        if held is None or len(held) != len(here):
            return []  # items that are only thought to be there: their own questions come first
        if len(here) < least_at(rule, path):
            return [path]
        sought = sought_in(rule, path, held)
        lacking = [one for one in sought if value_at(self.document, one) is None]
        if lacking or not sought:
            return lacking or [path]
        # One item or another must have it, and more may come: only then are those that are there looked at again.
        following = (*path, len(held))
        ended = following in self.passed or order_key(self.form, following) < self.furthest
        return sought if ended else []

    def _besides(self) -> Iterator[tuple[Path, bool]]:
        """Places asked for in passing: within what is there, or as the beginning of something that is not."""
        for pattern in BESIDES:
            for path in self._matching(pattern.split("/"), ()):
                if value_at(self.document, path) is None and self._applies(path):
                    yield path, False

    def _matching(self, parts: Sequence[str], path: Path) -> Iterator[Path]:
        """The places of one kind: in each item that is there, else in a first one."""
        if not parts:
            yield path
        elif parts[0] == "*":
            listed = value_at(self.document, path)
            for position in range(len(listed) if isinstance(listed, list) and listed else 1):
                yield from self._matching(parts[1:], (*path, position))
        else:
            yield from self._matching(parts[1:], (*path, parts[0]))

    def _applies(self, path: Path) -> bool:
        group = value_at(self.document, path[:-1])
        if isinstance(group, dict) and group:
            return _CONDITIONS.get(pattern_of(path), bool)(group)
        return value_at(self.document, path[:1]) is None and _first_leaf(self.form, path[:1]) == path

    def _others(self) -> Iterator[tuple[Path, bool]]:
        """Where the next item of each list would begin."""
        for path, listed in _lists_in(self.document):
            field = self.form.field(path)
            if field is None or field.kind != "list" or path[-1] in ONE_IS_ENOUGH:
                continue
            if any(isinstance(item, dict) and "none" in item for item in listed):
                continue
            yield _first_leaf(self.form, (*path, len(listed))), True


def _lists_in(value: Any, path: Path = ()) -> Iterator[tuple[Path, list[Any]]]:  # noqa: ANN401
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _lists_in(member, (*path, name))
    elif isinstance(value, list) and value:
        yield path, value
        for position, member in enumerate(value):
            yield from _lists_in(member, (*path, position))


def _is_personal(dataset: Json) -> bool:
    return holds("personalData", {"flows": [{"datasets": [dataset]}]})


_CONDITIONS: dict[str, Callable[[Json], bool]] = {
    "flows/*/datasets/*/sensitivity": _is_personal,
    "parties/*/sublicensing/terms": lambda group: group.get("allowed") is True,
    "internationalTransfers/*/recipient": lambda group: "country" in group,
    **{
        f"{review}/{name}": lambda group: group.get("done") is True
        for review in ("legalReview", "dpReview", "securityReview")
        for name in ("date", "role")
    },
}
