"""The first pass over a query: linear, so that no input, however hostile, costs more than its length.

It balances quotes and brackets, cuts what is too long, drops what cannot be read (each with a note in plain
English) and leaves a programme that Whoosh's parser reads safely: operators, brackets, `w<n>` for the n-th word,
phrase or range, and `m<n>` for the n-th mark (a field or a `+`) on what follows it.
"""

import re

from catalogue.search.analysis import LONGEST_WORD, key
from catalogue.search.fields import YEAR, Field, FieldKind, field_named
from catalogue.search.query_programme import Atom, FieldFinder, Mark, Programme
from schemas.cleaning import clean_text

LONGEST_QUERY = 8_000
DEEPEST_NESTING = 16
MOST_CLAUSES = 512

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r'[^\s()"\[\]{}]+')
_NAMED = re.compile(r"([^\W\d][\w-]{0,99}):(.*)", re.DOTALL)
_COMPARED = re.compile(r"([^\W\d][\w-]{0,99})(>=|<=|>|<|=)(.+)", re.DOTALL)
_SIGN_ALONE = re.compile(r">=|<=|>|<|=")
_TAIL = re.compile(r"(?<=.)(?:\^\d{1,9}(?:\.\d{1,9})?|~\d{0,9}(?:\.\d{1,9})?){1,4}$")
_PHRASE_TAIL = re.compile(r"(?:~\d*|\^\d+(?:\.\d+)?)+")
_NEAR = re.compile(r"~0*[1-9]")
_RANGE = re.compile(
    r'([\[{])\s{0,9}"?([^\s\]}",;]{1,100}?)"?(?:\s{1,9}(?:TO|[-‐-―−])\s{1,9}|\s{0,9}(?:\.{2,9}|…|,|;)\s{0,9})'
    r'"?([^\s\]}",;]{1,100})"?\s{0,9}([\]}])?',
    re.IGNORECASE,
)
_SINGLY_QUOTED = re.compile(r"['‘]([^'‘’\"()\[\]{}]{1,200})['’](?=[\s)]|$)")
_OPENING = re.compile(r'\s{1,9}(?=["(\[{])')
_ANYTHING = re.compile(r"\s{1,9}(?=[^\s)])")
_LETTER_LEFT_OUT = re.compile(r"([^\W_]+)\?[^\W_][\w?*]*")
_LISTED = re.compile(r"[,;|+—…]+(?!\d)|(?<!\d)[,;|+—…]+")
_COMMA = re.compile(r"[,;|]")
_LOCAL_PARAMETERS = re.compile(r"\{![^{}]{0,200}\}")
_TYPOGRAPHIC = str.maketrans(
    dict.fromkeys("“”„‟«»", '"') | {chr(0xFF00 + number): chr(0x20 + number) for number in range(1, 0x5F)}
)
"""Quotation marks as they are printed, and the full width forms of ASCII."""

_MINUS = "-‐‑–−"
_EXCLUDING = f"{_MINUS}!"
_SIGNS = f"{_EXCLUDING}+"
_OPERATORS = {"AND": "AND", "OR": "OR", "NOT": "NOT", "&&": "AND", "||": "OR"}
_SCHEMES = {"http", "https", "ftp", "mailto", "urn", "doi", "file"}
_ADDRESSES = {"mailto", "urn", "doi"}
"""Schemes behind which an address or a number follows at once, without “//”."""


def scan(text: str, fields: FieldFinder = field_named, *, strict: bool = False) -> Programme:
    """The programme of any text whatever. Never raises; takes time in proportion to the text's length.

    `fields` gives the field that a name means. A `strict` text was written by a program, as a CKAN `fq` is: a name with
    a colon is a field there even where a space follows.
    """
    programme = Programme()
    if len(text) > LONGEST_QUERY:
        text = text[:LONGEST_QUERY]
        programme.note(f"Only the first {LONGEST_QUERY:,} characters of the query were read.")
    text = clean_text(text)[0].translate(_TYPOGRAPHIC).replace('\\"', " ")
    if "{!" in text:
        text = _LOCAL_PARAMETERS.sub(" ", text)
        programme.note("What stood in {!…} is for another search program and was passed over.")
    _Scanner(text, programme, fields, strict=strict).run()
    return programme


class _Scanner:
    """Goes once through the text, left to right."""

    def __init__(self, text: str, programme: Programme, fields: FieldFinder, *, strict: bool) -> None:
        self.fields = fields
        self.strict = strict
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
        while (sign := self.text[self.position]) in _SIGNS and self._before_a_piece(self.position + 1):
            excluded |= sign in _EXCLUDING
            required |= sign == "+"
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
        if start > self.last_quote and mark.field is None:
            self.position = start
            self.programme.note("A quotation mark without a partner was passed over.")
            return
        end = self.text.find('"', start)
        if end < 0:
            self.programme.note("A quotation mark without a partner was closed at the end.")
            end = len(self.text.rstrip(")"))
        self.position = end + 1 if self.text[end : end + 1] == '"' else end
        words = [self._cut(word) for word in self.text[start:end].split()]
        near = False
        if match := _PHRASE_TAIL.match(self.text, self.position):
            self.position = match.end()
            near = len(words) > 1 and bool(_NEAR.match(match.group()))
        if near and all(map(key, words)) and not (mark.field and mark.field.kind is not FieldKind.TEXT):
            self._near(mark, words)
        elif words and words[-1].endswith("*") and mark.field and mark.field.kind is FieldKind.CODE:
            self._atom(mark, Atom("prefix", " ".join(words).rstrip("*")))
        else:
            self._atom(mark, Atom("phrase", " ".join(words)))

    def _near(self, mark: Mark, words: list[str]) -> None:
        """Words that are to stand near one another: all are looked for, wherever they stand."""
        self.programme.note("How near words are to one another is not looked at: all of them are looked for.")
        self._marked(mark)
        self.programme.steps.append("(")
        for number, word in enumerate(words):
            if number and self.programme.steps[-1] != "(":
                self.programme.steps.append("AND")
            self._atom(Mark(None, required=False), Atom("word", word))
        self._drop_operators()
        self.programme.steps.append(")")

    def _range(self, mark: Mark, found: "re.Match[str]") -> None:
        self.position = found.end()
        opening, low, high, closing = found.groups()
        if closing is None:
            self.programme.note("A range that was never closed was closed behind its second value.")
        self._atom(mark, Atom("range", found.group(), low, high, opening == "[", closing != "}"))

    def _word(self, mark: Mark, word: str, *, signed: bool) -> None:
        if word in _OPERATORS and mark.field is None and not signed:
            self._operator(_OPERATORS[word])
            return
        if mark.field is None and "\\" not in word.partition(":")[0]:
            if named := _NAMED.fullmatch(word):
                self._named(mark, named.group(1), named.group(2), signed=signed)
                return
            if (compared := _COMPARED.fullmatch(word)) and (found := self._compared(*compared.groups()[:2])):
                self._plain(Mark(found, mark.required), word[len(compared.group(1)) :].removeprefix("="))
                return
        if mark.field and mark.field.kind is not FieldKind.TEXT and not self.strict:
            of_time = mark.field is YEAR or mark.field.kind in {FieldKind.DATE, FieldKind.PERIOD}
            listed = _COMMA if of_time else _LISTED
            parts = [part for part in listed.split(word.replace("\\", "")) if key(part)]
            if len(parts) > 1:
                self._listed(mark, parts)
                return
        if mark.field is None and not signed and _LISTED.search(word):
            for part in filter(None, _LISTED.split(word.replace("\\", ""))):
                self._plain(mark, part)
            return
        self._plain(mark, word.replace("\\", ""))

    def _listed(self, mark: Mark, parts: list[str]) -> None:
        """Values of a field with a comma between: each will do."""
        self._marked(mark)
        self.programme.steps.append("(")
        for number, part in enumerate(parts[: max(1, MOST_CLAUSES - len(self.programme.atoms))]):
            if number:
                self.programme.steps.append("OR")
            self._plain(Mark(None, required=False), part)
        self.programme.steps.append(")")

    def _compared(self, name: str, sign: str) -> Field | None:
        """The field of a name before a sign of comparison, where it can be compared so; a code can only be equal."""
        found = self.fields(name)
        if found is None or found.kind is FieldKind.TEXT:
            return None
        return found if found.kind is not FieldKind.CODE or sign == "=" else None

    def _named(self, mark: Mark, name: str, value: str, *, signed: bool) -> None:
        found = self.fields(name)
        if found and not value:
            self._pass_space(found)
        follows = self.text[self.position : self.position + 1]
        if found and (value or (follows and not follows.isspace() and follows != ")")):
            self._of_field(found, value, required=mark.required, signed=signed)
            return
        if found:
            self.programme.note(f"To search in one field, write its value right after the colon: {name}:value.")
        elif name.lower() not in _SCHEMES:
            self.programme.note(f"“{name}” is not the name of a field, so it was searched for as a word.")
        elif value.startswith("//") or (value and name.lower() in _ADDRESSES):
            self._plain(mark, value)  # one address can be written with http and with https
            return
        if signed or not value:
            self._plain(mark, f"{name}:{value}")
        else:
            self._plain(mark, name)
            self._plain(mark, value)

    def _pass_space(self, field: Field) -> None:
        """Go on to the value behind a space, where what follows can only be one."""
        if match := (_ANYTHING if self.strict else _OPENING).match(self.text, self.position):
            opening = self.text[match.end()]
            if opening not in "[{" or field.kind in {FieldKind.DATE, FieldKind.NUMBER, FieldKind.PERIOD}:
                self.position = match.end()

    def _of_field(self, field: Field, value: str, *, required: bool, signed: bool) -> None:
        """The value of a field: what stood behind the colon, or what follows."""
        begins = self.position - len(value)
        if value and value[0] in _EXCLUDING and field.kind not in {FieldKind.NUMBER, FieldKind.DATE}:
            if self._before_a_piece(begins + 1) and not signed:
                self._operator("NOT")
                required, signed = False, True
            value, begins = value[1:], begins + 1
        mark = Mark(field, required)
        if quoted := _SINGLY_QUOTED.match(self.text, begins):
            self.position = quoted.end()
            self._atom(mark, Atom("phrase", " ".join(quoted.group(1).split())))
        elif _SIGN_ALONE.fullmatch(value) and (match := _ANYTHING.match(self.text, self.position)):
            following = _WORD.match(self.text, match.end())
            self.position = following.end() if following else match.end()
            self._plain(mark, value + (following.group() if following else ""))
        elif value:
            self._word(mark, value, signed=signed)
        else:
            self._value(mark, signed=signed)

    def _plain(self, mark: Mark, word: str) -> None:
        word = _TAIL.sub("", word)
        if (match := _LETTER_LEFT_OUT.fullmatch(word)) and mark.field is None:
            self.programme.note("“?” stands for no letter here; what begins like the word before it was looked for.")
            word = f"{match.group(1)}*"
        if word == "*:*" or not word.strip("*"):
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
