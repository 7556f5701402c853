"""The conversation in which an agreement is written: question by question, each answer saved before the next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from register.forms.asking import Asking, Change, Reply
from register.forms.dialogue import GoneBack, Stopped, Terminal
from register.forms.draft_file import BEGINNING, DraftFile
from register.forms.finding import Finding
from register.forms.lookup import Lookup
from register.forms.order import SECTIONS, section_number
from register.forms.places import pattern_of, value_at
from register.forms.questions import Passed, Question, next_question, open_questions
from schemas.canonical import Json
from schemas.errors import Refused


class Interview:
    """One sitting. The draft holds every answer; what was skipped is remembered only until the sitting ends."""

    def __init__(
        self, draft: DraftFile, profiles: Sequence[str], terminal: Terminal, lookup: Lookup, today: date
    ) -> None:
        self.draft = draft
        self.profiles = tuple(profiles)
        self.terminal = terminal
        self.finding = Finding(lookup, terminal)
        self.today = today
        self.passed: Passed = frozenset()
        self.asked: list[Question] = []
        self.section = -1

    def run(self) -> bool:
        """Ask until nothing is left to ask. Whether it came to an end; False where the person stopped before."""
        again: Question | None = None
        try:
            while question := again or self._next():
                again = None
                try:
                    asking = Asking(question, self.draft.document, self.profiles, self.finding, self.today)
                    self._take(question, asking.reply())
                except GoneBack:
                    again = self._one_back(question)
        except (Stopped, EOFError, KeyboardInterrupt):
            return False
        return True

    def _next(self) -> Question | None:
        document = self.draft.document
        question = next_question(document, self.profiles, self.passed)
        if question is not None and (number := section_number(question.path)) != self.section:
            self.section = number
            left = sum(one.wanted for one in open_questions(document, self.profiles, self.passed))
            about = f" At least {left} questions are left." if left > 1 else ""
            self.terminal.say()
            self.terminal.say(f"Part {number + 1} of {len(SECTIONS)}: {SECTIONS[number].title}.{about}")
        return question

    def _one_back(self, question: Question) -> Question:
        if not self.asked:
            self.terminal.say("This is the first question of this sitting.")
            return question
        before = self.asked.pop()
        self.passed -= {before.path, before.leaves_out}
        return replace(before, again=True)

    def _take(self, question: Question, reply: Reply) -> None:
        """Save an answer, and remember what need not be asked again in this sitting."""
        document = self.draft.document
        self.asked.append(question)
        self.passed |= set(reply.passes)
        if value_at(document, question.path) is not None:
            self.passed |= {question.path}  # asked anew: once is enough
        if not reply.changes:
            return
        beginning = [change for change in BEGINNING if value_at(document, change[0]) is None]
        try:
            self.draft.put(*beginning, *reply.changes, *_following(document, reply.changes))
        except Refused as error:
            self.terminal.say(f"{error.message} {error.advice}")
            self.passed |= {question.leaves_out}
        if value_at(self.draft.document, question.leaves_out) is None:
            self.passed |= {question.leaves_out}


def _following(document: Json, changes: Sequence[Change]) -> list[Change]:
    """What follows from an answer: whoever says who sends and who receives has stated the direction."""
    return [
        ((*path[:-1], "basis"), "stated")
        for path, value in changes
        if pattern_of(path) == "flows/*/to" and value is not None
        if value_at(document, (*path[:-1], "basis")) is None
    ]
