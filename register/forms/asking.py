"""One question and its answer: put, explained, checked at once with the schema's own words, and put again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from register.checks.record import check_record
from register.forms.answers import read_answer
from register.forms.dialogue import GoneBack, Terminal, read_line, say_all
from register.forms.finding import FILLED, Finding, sought_at
from register.forms.lookup import Candidate, Sought
from register.forms.places import Path, path_of, pattern_of, value_at, with_value
from register.forms.questions import Question
from register.forms.rules import is_one_of_several
from register.forms.wording import (
    choices,
    explanation,
    heading,
    help_lines,
    is_long,
    many,
    none_path,
    shown_value,
    told,
)
from schemas.canonical import Json
from schemas.codelists import Code
from schemas.problems import Problem, pointer_to

PROMPT = "Your answer: "

Change = tuple[Path, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a question came to: the changes to save, none where it was skipped or left as it was.

    `passes` are the places that need not be asked for any more.
    """

    changes: tuple[Change, ...] = ()
    passes: tuple[Path, ...] = ()


class Asking:
    """One question about a document, put to a person."""

    def __init__(
        self, question: Question, document: Json, profiles: Sequence[str], finding: Finding, today: date
    ) -> None:
        self.question = question
        self.document = document
        self.profiles = profiles
        self.finding = finding
        self.terminal: Terminal = finding.terminal
        self.today = today
        self.present = value_at(document, question.path)
        self.codes = _codes(question, document)
        self.shown: Sequence[Code] = () if is_long(self.codes) else self.codes
        self.refused: object = None

    def reply(self) -> Reply:
        """The answer, once there is one. Raises Stopped and GoneBack."""
        self._put()
        while True:
            text = read_line(self.terminal, PROMPT)
            if text == "?":
                self._explain()
            elif text.casefold() == "list" and self.codes:
                self._list(self.codes)
            elif reply := self._left(text) or self._meant(text):
                return reply

    def _put(self) -> None:
        question = self.question
        self.terminal.say()
        self.terminal.say(heading(question, self.document))
        say_all(self.terminal, explanation(question, self.document, searched=self.finding.works))
        if self.present is not None:
            self.terminal.say(f"Now: {shown_value(question.field, self.present)}")
            if not question.again:
                say_all(self.terminal, [f"Look at it again: {told(problem)}" for problem in question.problems])
            self.terminal.say("Enter keeps it; - takes it out.")
        if is_long(self.codes):
            self.terminal.say(many(self.codes))
        elif question.another and self.codes:
            self.terminal.say("The choices are as before; ? lists them again.")
        else:
            say_all(self.terminal, choices(self.codes))

    def _explain(self) -> None:
        say_all(self.terminal, help_lines(self.question))
        if self.codes:
            self._list(self.codes)

    def _list(self, codes: Sequence[Code]) -> None:
        self.shown = codes
        say_all(self.terminal, choices(codes))

    def _left(self, text: str) -> Reply | None:
        """The reply where the question is skipped, kept, taken out, or answered with “none”."""
        question = self.question
        nothing = none_path(question)
        if nothing and text.casefold() in {"none", "no"}:
            return Reply(((nothing, {"none": True}),))
        if self.present is not None and text in {"", "-"}:
            return Reply(passes=(question.path,)) if text == "" else Reply(((question.leaves_out, None),))
        if text in {"", "-"} or (question.another and text.casefold() in {"n", "no", "none"}):
            if question.wanted and not any(
                is_one_of_several(path_of(problem.pointer), problem.clause, self.profiles)
                for problem in question.problems
            ):
                self.terminal.say("Left out for now. The record is not complete without it.")
            return Reply(passes=(question.leaves_out,))
        return None

    def _meant(self, text: str) -> Reply | None:
        """The reply that a text comes to; None where it cannot be taken, which is said."""
        if self.question.another and text.casefold() in {"y", "yes"}:
            self.terminal.say(f"Then give it now: {self.question.field.title.lower()}.")
            return None
        if kind := sought_at(self.question.path):
            return self._looked_up(kind, text)
        answer = read_answer(self.question.field, text, self.shown)
        if answer.several:
            self.terminal.say(f"“{answer.part}” may mean:")
            self._list(answer.several)
            if answer.part != text:
                self.terminal.say("Give your whole answer again, with the number of the one you mean.")
            return None
        return self._checked(Reply(((self.question.path, answer.value),)), text)

    def _looked_up(self, kind: Sought, text: str) -> Reply | None:
        try:
            found = self.finding.find(kind, text)
        except GoneBack:
            self._put()
            return None
        if found is not None:
            self.terminal.say(f"Taken: {found.title}" + (f" – {found.note}" if found.note else ""))
            return self._checked(Reply(self._filled(kind, found)), text)
        name = self.question.path[-1]
        if name == "organisation" and ":" in text:
            scheme, _, number = text.partition(":")
            numbers = [{"scheme": scheme.strip(), "id": number.strip()}]
            return self._checked(Reply((((*self.question.path[:-1], "identifiers"), numbers),)), text)
        holder = self.question.path[:-1]
        cleared = [
            ((*holder, other), None)
            for other in FILLED[kind]
            if other != name and self.present is not None and value_at(self.document, (*holder, other)) is not None
        ]
        passes = ((*holder, "catalogueId"),) if name == "title" and kind == "dataset" and self.finding.works else ()
        return self._checked(Reply(((self.question.path, text), *cleared), passes), text)

    def _filled(self, kind: Sought, found: Candidate) -> tuple[Change, ...]:
        """What choosing one writes: all that says which one is meant, and nothing that said it was another."""
        holder = self.question.path[:-1]
        fills = found.fills or {str(self.question.path[-1]): found.title}
        own = "name" if self.question.path[-1] == "organisation" else ""  # the agreement's own name for it stays
        return tuple(
            ((*holder, name), fills.get(name))
            for name in FILLED[kind]
            if name != own and (name in fills or value_at(self.document, (*holder, name)) is not None)
        )

    def _checked(self, reply: Reply, text: str) -> Reply | None:
        """The reply, where schema and rules take it; what they find is said.

        A rule may be mistaken where the schema is not: whoever gives the same answer again is believed.
        """
        value = reply.changes[0][1]
        found = _found_in(self.document, reply.changes, self.profiles, self.today)
        wrong = [problem for problem in found if problem.severity == "error"]
        insists = self.refused == value and all(problem.clause for problem in wrong)
        if wrong and not insists:
            self.refused = value
            say_all(self.terminal, dict.fromkeys(told(problem) for problem in wrong))
            if all(problem.clause for problem in wrong):
                self.terminal.say("To keep your answer all the same, give it once more.")
            return None
        said = shown_value(self.question.field, value)
        if isinstance(value, str | list) and said.casefold() != text.casefold() and not sought_at(self.question.path):
            self.terminal.say(f"Taken: {said}")
        say_all(self.terminal, [f"Note: {told(problem)}" for problem in found if problem.severity == "warning"])
        return Reply(reply.changes, (*reply.passes, self.question.path)) if insists else reply


def _found_in(document: Json, changes: Sequence[Change], profiles: Sequence[str], today: date) -> list[Problem]:
    """What is wrong at the places of some changes once they are made."""
    for path, value in changes:
        document = with_value(document, path, value)
    places = [pointer_to(path) for path, value in changes if value is not None]
    return [
        problem
        for problem in check_record(document, None, profiles=profiles, today=today)
        if any(problem.pointer == place or problem.pointer.startswith(f"{place}/") for place in places)
        # Of what may stand in several ways, one is there now: what else it takes is asked next.
        and not is_one_of_several(path_of(problem.pointer), problem.clause, profiles)
    ]


def _codes(question: Question, document: Json) -> Sequence[Code]:
    """What may be chosen: the codes of a list, or the parties of the agreement."""
    parties = [party for party in document.get("parties", ()) if isinstance(party, dict)]
    if question.field.shape == "partyName":
        return [Code(party["name"], party["name"]) for party in parties if isinstance(party.get("name"), str)]
    if pattern_of(question.path) == "provenance/registeredBy":
        known = [party for party in parties if isinstance(party.get("organisation"), str)]
        return [Code(party["organisation"], str(party.get("name", party["organisation"]))) for party in known]
    return question.field.options
