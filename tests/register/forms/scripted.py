"""A person at a terminal who answers by what is asked, never by its place in the conversation."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class ScriptedPerson:
    """Answers each question by its heading, or by the end of it; several answers to one are given in turn.

    A heading that no answer is known for is a failure, unless `otherwise` says what to type.
    """

    answers: Mapping[str, str | list[str]]
    otherwise: str | None = None
    lines: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    given: dict[str, int] = field(default_factory=dict)

    def say(self, text: str = "") -> None:
        if self.lines and self.lines[-1] == "":
            self.headings.append(text)
        self.lines.append(text)

    def ask(self, prompt: str) -> str:
        self.lines.append(prompt)
        heading = self.headings[-1]
        key = next((key for key in sorted(self.answers, key=len, reverse=True) if heading.endswith(key)), None)
        if key is None:
            assert self.otherwise is not None, f"asked and not answered: {heading}\n" + "\n".join(self.lines[-30:])
            return self.otherwise
        answer = self.answers[key]
        if isinstance(answer, str):
            times = self.given[heading] = self.given.get(heading, 0) + 1
            assert times < 4, f"the answer {answer!r} is not taken: {heading}\n" + "\n".join(self.lines[-30:])
            return answer
        turn = self.given.get(key, 0)
        self.given[key] = turn + 1
        assert turn < len(answer), f"asked more often than answered: {heading}\n" + "\n".join(self.lines[-30:])
        return answer[turn]

    @property
    def text(self) -> str:
        """All that was said."""
        return "\n".join(self.lines)
