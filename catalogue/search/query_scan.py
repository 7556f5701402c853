"""The first pass over a query: linear, so that no input, however hostile, costs more than its length.

It balances quotes and brackets, cuts what is too long, drops what cannot be read (each with a note in plain
English) and leaves a programme that Whoosh's parser reads safely: operators, brackets, `w<n>` for the n-th word,
phrase or range, and `m<n>` for the n-th mark (a field or a `+`) on what follows it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from catalogue.search.analysis import LONGEST_WORD, key
from catalogue.search.fields import Field, FieldKind, field_named
from schemas.cleaning import clean_text

LONGEST_QUERY = 8_000
DEEPEST_NESTING = 16
MOST_CLAUSES = 512
MOST_NOTES = 20

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r'[^\s()"\[\]{}]+')
_NAMED = re.compile(r"([^\W\d][\w-]{0,99}):(.*)", re.DOTALL)
_TAIL = re.compile(r"(?<=.)(?:\^\d{1,9}(?:\.\d{1,9})?|~\d{0,9}(?:\.\d{1,9})?){1,4}$")
_PHRASE_TAIL = re.compile(r"(?:~\d*|\^\d+(?:\.\d+)?)+")
_RANGE = re.compile(
    r'([\[{])\s{0,9}"?([^\s\]}"]{1,100})"?\s{1,9}TO\s{1,9}"?([^\s\]}"]{1,100})"?\s{0,9}([\]}])', re.IGNORECASE
)
_TYPOGRAPHIC = str.maketrans("“”„‟", '""""')
_SCHEMES = {"http", "https", "ftp", "mailto", "urn", "doi", "file"}


FieldFinder = Callable[[str], Field | None]
"""Gives the field that a name before a colon means; None makes it text."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece with a text: `form` is word, phrase, prefix, any (a lone `*`) or range (then with both ends)."""

    form: str
    text: str
    low: str = "*"
    high: str = "*"
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before a piece or a bracket: a field, a `+`, or both."""

    field: Field | None
    required: bool


@dataclass(slots=True)
class Programme:
    """What the first pass leaves: the steps for Whoosh, what they name, and what was changed."""

    steps: list[str] = field(default_factory=list)
    atoms: list[Atom] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Tell a change once, and not more than a reader can take in."""
        if text not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(text)


def scan(text: str, fields: FieldFinder = field_named) -> Programme:
    """The programme of any text whatever. Never raises; takes time in proportion to the text's length.

    `fields` gives the field that a name means.
    """
    programme = Programme()
    if len(text) > LONGEST_QUERY:
        text = text[:LONGEST_QUERY]
        programme.note(f"Only the first {LONGEST_QUERY:,} characters of the query were read.")
    text = clean_text(text)[0].translate(_TYPOGRAPHIC).replace('\\"', " ")
    _Scanner(text, programme, fields).run()
    return programme


class _Scanner:
    """Goes once through the text, left to right."""

    def __init__(self, text: str, programme: Programme, fields: FieldFinder) -> None:
        self.fields = fields
        self.text = text
        self.position = 0
        self.programme = programme
        self.open: list[tuple[bool, Field | None]] = []  # for every open bracket: is it kept, and in which field
        self.depth = 0
        self.last_quote = text.rfind('"')

    def run(self) -> None:
        text, end = self.text, len(self.text)
        while self.position < end:
            sign = text[self.position]
            if match := _SPACE.match(text, self.position):
                self.position = match.end()
            elif sign == ")":
                self.position += 1
                self._close()
            elif not self._piece():
                break
        if self.open:
            self.programme.note("A bracket that was never closed was closed at the end.")
        while self.open:
            self._close()
        self._drop_operators()

    def _piece(self) -> bool:
        """Read one piece with the signs before it; False where there are too many."""
        if len(self.programme.atoms) >= MOST_CLAUSES:
            self.programme.note(f"Only the first {MOST_CLAUSES} parts of the query were read.")
            return False
        excluded = required = False
        while self.text[self.position] in "+-" and self._before_a_piece(self.position + 1):
            excluded |= self.text[self.position] == "-"
            required |= self.text[self.position] == "+"
            self.position += 1
        if excluded:
            self._operator("NOT")
        self._value(Mark(None, required and not excluded), signed=excluded or required)
        return True

    def _before_a_piece(self, position: int) -> bool:
        return position < len(self.text) and not self.text[position].isspace() and self.text[position] != ")"

    def _value(self, mark: Mark, *, signed: bool = False) -> None:
        sign = self.text[self.position]
        if sign == '"':
            self._phrase(mark)
        elif sign == "(":
            self.position += 1
            self._open_bracket(mark)
        elif sign in "[{" and self._field_here(mark) and (found := _RANGE.match(self.text, self.position)):
            self._range(mark, found)
        elif match := _WORD.match(self.text, self.position):
            self.position = match.end()
            self._word(mark, match.group(), signed=signed)
        else:
            self.position += 1
            if sign in "[{" and self._field_here(mark):
                self.programme.note("A range is written [from TO to]; this one could not be read as one.")
            if mark.field and (match := _WORD.match(self.text, self.position)):
                self.position = match.end()
                self._word(mark, match.group(), signed=signed)

    def _field_here(self, mark: Mark) -> Field | None:
        return mark.field or (self.open[-1][1] if self.open else None)

    def _phrase(self, mark: Mark) -> None:
        start = self.position + 1
        if start > self.last_quote:
            self.position = start
            self.programme.note("A quotation mark without a partner was passed over.")
            return
        end = self.text.index('"', start)
        self.position = end + 1
        if match := _PHRASE_TAIL.match(self.text, self.position):
            self.position = match.end()
        self._atom(mark, Atom("phrase", " ".join(self._cut(word) for word in self.text[start:end].split())))

    def _range(self, mark: Mark, found: "re.Match[str]") -> None:
        self.position = found.end()
        opening, low, high, closing = found.groups()
        self._atom(mark, Atom("range", found.group(), low, high, opening == "[", closing == "]"))

    def _word(self, mark: Mark, word: str, *, signed: bool) -> None:
        if word in {"AND", "OR", "NOT"} and mark.field is None and not signed:
            self._operator(word)
            return
        named = _NAMED.fullmatch(word)
        if named and mark.field is None and "\\" not in named.group(1):
            self._named(mark, named.group(1), named.group(2), signed=signed)
            return
        self._plain(mark, word.replace("\\", ""))

    def _named(self, mark: Mark, name: str, value: str, *, signed: bool) -> None:
        found = self.fields(name)
        follows = self.text[self.position : self.position + 1]
        if found and (value or follows in {'"', "(", "[", "{"}):
            marked = Mark(found, mark.required)
            if value:
                self._word(marked, value, signed=signed)
            else:
                self._value(marked, signed=signed)
            return
        if found:
            self.programme.note(f"To search in one field, write its value right after the colon: {name}:value.")
        elif name.lower() not in _SCHEMES:
            self.programme.note(f"“{name}” is not the name of a field, so it was searched for as a word.")
        if signed or not value:
            self._plain(mark, f"{name}:{value}")
        else:
            self._plain(mark, name)
            self._plain(mark, value)

    def _plain(self, mark: Mark, word: str) -> None:
        word = _TAIL.sub("", word)
        if word in {"*", "*:*"}:
            self._atom(mark, Atom("any", "*"))
            return
        stem, star, _rest = word.partition("*")
        if star and key(stem):
            if word.rstrip("*") != stem:
                self.programme.note("“*” works at the end of a word only; what stood after it was passed over.")
            self._atom(mark, Atom("prefix", self._cut(stem)))
            return
        if star:
            self.programme.note("“*” works at the end of a word only, so it was passed over.")
        self._atom(mark, Atom("word", self._cut(word.replace("*", ""))))

    def _cut(self, word: str) -> str:
        if len(word) > LONGEST_WORD:
            self.programme.note(f"A word was cut after {LONGEST_WORD} characters.")
        return word[:LONGEST_WORD]

    def _atom(self, mark: Mark, atom: Atom) -> None:
        programme = self.programme
        if len(programme.atoms) >= MOST_CLAUSES:
            return
        if atom.form != "any" and not key(atom.text):
            if mark.field and mark.field.kind is not FieldKind.TEXT:
                programme.note(f"The value of “{mark.field.name}” has no letter or digit, so it was passed over.")
            self._drop_operators(only_not=True)
            return
        self._marked(mark)
        programme.steps.append(f"w{len(programme.atoms)}")
        programme.atoms.append(atom)

    def _marked(self, mark: Mark) -> None:
        if mark.field or mark.required:
            self.programme.steps.append(f"m{len(self.programme.marks)}")
            self.programme.marks.append(mark)

    def _open_bracket(self, mark: Mark) -> None:
        inside = mark.field or (self.open[-1][1] if self.open else None)
        kept = self.depth < DEEPEST_NESTING
        if kept:
            self.depth += 1
            self._marked(mark)
            self.programme.steps.append("(")
        else:
            self.programme.note(f"Brackets more than {DEEPEST_NESTING} deep were passed over.")
        self.open.append((kept, inside))

    def _close(self) -> None:
        if not self.open:
            self.programme.note("A closing bracket without an opening one was passed over.")
            return
        kept, _field = self.open.pop()
        if not kept:
            return
        self.depth -= 1
        self._drop_operators()
        steps = self.programme.steps
        if steps[-1] == "(":
            steps.pop()
            if steps and steps[-1].startswith("m"):
                steps.pop()
            self._drop_operators(only_not=True)
        else:
            steps.append(")")

    def _operator(self, name: str) -> None:
        steps = self.programme.steps
        last = steps[-1] if steps else "("
        if name == "NOT":
            if last != "NOT":
                steps.append(name)
        elif last in {"(", "AND", "OR", "NOT"}:
            self.programme.note(f"“{name}” with nothing on one side of it was passed over.")
        else:
            steps.append(name)

    def _drop_operators(self, *, only_not: bool = False) -> None:
        """Take away operators that have nothing after them."""
        steps = self.programme.steps
        while steps and steps[-1] in ({"NOT"} if only_not else {"NOT", "AND", "OR"}):
            name = steps.pop()
            self.programme.note(f"“{name}” with nothing on one side of it was passed over.")
