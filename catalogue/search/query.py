"""Reading a query: any text becomes a tree, notes on what was changed, and a sentence that says how it was read.

Bare words are alternatives. A phrase, a `+word`, a range, every `field:` clause and every bracket must match;
`-` and NOT exclude. Binding, tightest first: NOT, AND, OR, standing side by side. Whoosh's parser reads the
syntax of what `query_scan` left; its tree becomes ours at once.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from whoosh.qparser import GroupPlugin, OperatorsPlugin, QueryParser, TaggingPlugin, syntax

from catalogue.search import moments
from catalogue.search.analysis import is_function_word, tokens
from catalogue.search.fields import STATE, Field, FieldKind, field_named
from catalogue.search.periods import Period
from catalogue.search.query_scan import Atom, FieldFinder, Programme, scan
from catalogue.search.query_tree import (
    EVERYTHING,
    FieldClause,
    Node,
    Not,
    Overlaps,
    Phrase,
    Prefix,
    Present,
    Range,
    Ranked,
    Required,
    Word,
    all_of,
    any_of,
)
from catalogue.search.time_in_text import periods_told
from catalogue.search.understood import date_in_words, explain
from schemas.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as it was read: its text, its tree, what was changed (`notes`) and how it was `understood`."""

    text: str
    tree: Node
    notes: tuple[str, ...]
    understood: str


def read_query(
    text: str, now: datetime, *, words_must_match: bool = False, fields: FieldFinder = field_named
) -> ParsedQuery:
    """Read any text as a query; `now` is what relative dates count from. Never raises.

    With `words_must_match` bare words must match like everything else, as in a CKAN `fq`. `fields` gives the field
    that a name before a colon means.
    """
    programme = scan(text, fields)
    tree: Node = EVERYTHING
    if programme.steps:
        read = _PARSER.process("".join(programme.steps))
        tree = _Builder(programme, now, words_must_match=words_must_match).tree(read)
    return ParsedQuery(text, tree, tuple(programme.notes), explain(tree))


class _Beside(syntax.GroupNode):  # type: ignore[misc]
    """Things that stand side by side."""


class _Marked(syntax.GroupNode):  # type: ignore[misc]
    """One thing with a mark before it."""

    merging = False


class _AtomNode(syntax.SyntaxNode):  # type: ignore[misc]
    def __init__(self, number: int) -> None:
        self.number = number


class _AtomPlugin(TaggingPlugin):  # type: ignore[misc]
    expr = r"w(?P<number>\d+)"
    priority = 0

    def create(self, _parser: object, match: "object") -> _AtomNode:
        return _AtomNode(int(match.group("number")))  # type: ignore[attr-defined]


class _MarkOperator(syntax.PrefixOperator):  # type: ignore[misc]
    def replace_self(self, _parser: object, group: syntax.GroupNode, position: int) -> int:
        del group[position]
        group[position] = _Marked([group[position]], number=int(self.text[1:]))
        return position


def _parser() -> QueryParser:
    operator = OperatorsPlugin.OpTagger
    operators = [
        (operator(r"m\d+", _Marked, _MarkOperator), 0),
        (operator(r"NOT", syntax.NotGroup, syntax.PrefixOperator), 0),
        (operator(r"AND", syntax.AndGroup), 0),
        (operator(r"OR", syntax.OrGroup), 0),
    ]
    plugins = [_AtomPlugin(), GroupPlugin(), OperatorsPlugin(operators, clean=True)]
    return QueryParser(None, None, plugins=plugins, group=_Beside)


_PARSER = _parser()


class _Builder:
    """Turns Whoosh's syntax tree into ours."""

    def __init__(self, programme: Programme, now: datetime, *, words_must_match: bool) -> None:
        self.programme = programme
        self.now = now
        self.words_must_match = words_must_match

    def tree(self, read: syntax.SyntaxNode) -> Node:
        """The tree of what Whoosh read."""
        return self._built(read, None)[0]

    def _built(self, read: syntax.SyntaxNode, field: Field | None) -> tuple[Node, bool]:
        """A node, and whether it is a bare word, which standing side by side makes an alternative."""
        if isinstance(read, _AtomNode):
            atom = self.programme.atoms[read.number]
            return self._leaf(atom, field), atom.form in {"word", "prefix"}
        if isinstance(read, _Marked):
            mark = self.programme.marks[read.kwargs["number"]]
            node, _bare = self._built(read[0], mark.field or field)
            return Required(node) if mark.required else node, False
        built = [self._built(child, field) for child in read]
        nodes = [node for node, _bare in built]
        if isinstance(read, syntax.NotGroup):
            return (nodes[0].of if isinstance(nodes[0], Not) else Not(nodes[0])), False
        if isinstance(read, syntax.AndGroup):
            return all_of(nodes), False
        if isinstance(read, syntax.OrGroup):
            return any_of(nodes), False
        return self._beside(built)

    def _beside(self, built: list[tuple[Node, bool]]) -> tuple[Node, bool]:
        if len(built) == 1:
            return built[0]
        excluded = [node for node, _bare in built if isinstance(node, Not)]
        firm = [node for node, bare in built if not isinstance(node, Not) and (self.words_must_match or not bare)]
        bare_words = [node for node, bare in built if bare and not self.words_must_match]
        base: Node = EVERYTHING
        ranking: list[Node] = []
        telling = [node for node in bare_words if not _of_grammar(node)] or bare_words
        if firm:
            base, ranking = all_of(firm), bare_words
        elif telling:
            base, ranking = any_of(telling), [node for node in bare_words if node not in telling]
        ranked: Node = Ranked(base, any_of(ranking)) if ranking else base
        return all_of([ranked, *excluded]), False

    def _leaf(self, atom: Atom, field: Field | None) -> Node:
        if atom.form == "any":
            return Present(field) if field else EVERYTHING
        if field is None:
            return _text(atom.form, atom.text)
        if field.kind in _KIND_WORDS:
            return self._range(atom, field)
        if atom.form == "range":
            ends = [end for end in (atom.low, atom.high) if end != "*"]
            if not ends:
                return Present(field)
            self.programme.note(f"Only dates and numbers have ranges; “{field.name}” has none.")
            return any_of([self._clause(field, Word(end)) for end in ends])
        return self._clause(field, _text(atom.form, atom.text))

    def _clause(self, field: Field, of: Word | Phrase | Prefix) -> FieldClause:
        return FieldClause(field, of, self.now.astimezone(UTC).date()) if field is STATE else FieldClause(field, of)

    def _range(self, atom: Atom, field: Field) -> Node:
        if atom.form == "range":
            return self._between(atom, field)
        compared = _COMPARED.fullmatch(atom.text)
        sign, value = compared.groups() if compared else ("", atom.text)
        ends = self._ends(field, value.strip('"'))
        if ends is None:
            self.programme.note(
                f"“{value}” is not {_KIND_WORDS[field.kind]}, so it was searched for as a word instead of as the "
                f"{field.label}."
            )
            return _text(atom.form, value)
        first, last = ends
        written = _COMPARED_WORDS[sign][field.kind is FieldKind.PERIOD].format(self._shown(field, value))
        match sign:
            case ">=":
                return _inside(field, first, None, written)
            case ">":
                return _inside(field, last + 1, None, written)
            case "<=":
                return _inside(field, None, last, written)
            case "<":
                return _inside(field, None, first - 1, written)
        return _inside(field, first, last, written)

    def _between(self, atom: Atom, field: Field) -> Node:
        low = self._end(field, atom.low)
        high = self._end(field, atom.high)
        if low is None and high is None:
            return Present(field)
        return _inside(
            field,
            None if low is None else low[0] if atom.low_included else low[1] + 1,
            None if high is None else high[1] if atom.high_included else high[0] - 1,
            self._between_words(atom, field, low is not None, high is not None),
        )

    def _between_words(self, atom: Atom, field: Field, low: bool, high: bool) -> str:
        """A range in words, by which of its ends are there."""
        first, last = self._shown(field, atom.low), self._shown(field, atom.high)
        begins = f"{'from' if atom.low_included else 'after'} {first}"
        if low and high:
            both = f"{begins} {'to' if atom.high_included else 'before'} {last}"
            if field.kind is not FieldKind.PERIOD:
                return both
            return f"{first} to {last}" if atom.low_included and atom.high_included else f"the time {both}"
        if field.kind is not FieldKind.PERIOD:
            return begins if low else f"{'up to' if atom.high_included else 'before'} {last}"
        if low:
            return f"the time {begins} on" if atom.low_included else f"the time {begins}"
        return f"the time {'up to' if atom.high_included else 'before'} {last}"

    def _end(self, field: Field, text: str) -> tuple[int, int] | None:
        if text == "*":
            return None
        ends = self._ends(field, text)
        if ends is None:
            self.programme.note(
                f"“{text}” is not {_KIND_WORDS[field.kind]}, so the {field.label} was left open at that end."
            )
        return ends

    def _ends(self, field: Field, text: str) -> tuple[int, int] | None:
        """The first and last value that a text can mean; None where it cannot be read."""
        if field.kind is FieldKind.NUMBER:
            return (int(text), int(text)) if _NUMBER.fullmatch(text) else None
        try:
            return moments.span(text, self.now)
        except InvalidInput:
            told = periods_told(text, self.now.year) if field.kind is FieldKind.PERIOD else ()
            return moments.span_of(told[0]) if told else None

    def _shown(self, field: Field, text: str) -> str:
        """A date or number as the sentence has it: a period's ends in words."""
        return date_in_words(text) if field.kind is FieldKind.PERIOD else text


_TEXT_FORMS: dict[str, type[Word] | type[Phrase] | type[Prefix]] = {"word": Word, "phrase": Phrase, "prefix": Prefix}
_KIND_WORDS = {
    FieldKind.NUMBER: "a number",
    FieldKind.DATE: "a date (YYYY-MM-DD)",
    FieldKind.PERIOD: "a date (YYYY-MM-DD)",
}
_COMPARED = re.compile(r"(>=|<=|>|<)(.+)", re.DOTALL)
_COMPARED_WORDS = {
    ">=": ("{} or later", "the time from {} on"),
    ">": ("after {}", "the time after {}"),
    "<=": ("{} or earlier", "the time up to {}"),
    "<": ("before {}", "the time before {}"),
    "": ("{}", "{}"),
}
"""How a comparison is said: of a number or date, and of a period."""
_NUMBER = re.compile(r"-?[0-9]{1,9}")


def _inside(field: Field, low: int | None, high: int | None, written: str) -> Range | Overlaps:
    """What lies between two values; of periods, what overlaps the days between two moments."""
    if field.kind is FieldKind.PERIOD:
        return Overlaps(field, Period(moments.day_of(low), moments.day_of(high)), written)
    return Range(field, low, high, written)


def _text(form: str, text: str) -> Word | Phrase | Prefix:
    """A word, phrase or prefix without the signs around it."""
    found = list(tokens(text))
    return _TEXT_FORMS[form](text[found[0].start : found[-1].end])


def _of_grammar(node: Node) -> bool:
    return isinstance(node, Word) and is_function_word(node.text)
