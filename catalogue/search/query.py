"""Reading a query: any text becomes a tree, notes on what was changed, and a sentence that says how it was read.

Bare words are alternatives. A phrase, a `+word`, a range, every `field:` clause and every bracket must match;
`-` and NOT exclude. Binding, tightest first: NOT, AND, OR, standing side by side. Whoosh's parser reads the
syntax of what `query_scan` left; its tree becomes ours at once.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from whoosh.qparser import GroupPlugin, OperatorsPlugin, QueryParser, TaggingPlugin, syntax

from catalogue.search.analysis import is_function_word, tokens
from catalogue.search.fields import IDENTIFIER, KIND, NAME, STATE, Field, FieldKind, field_named
from catalogue.search.query_programme import Atom, FieldFinder, Programme
from catalogue.search.query_ranges import KIND_WORDS, RangeReader
from catalogue.search.query_scan import scan
from catalogue.search.query_tree import (
    EVERYTHING,
    FieldClause,
    Node,
    Not,
    Phrase,
    Prefix,
    Present,
    Ranked,
    Required,
    Word,
    all_of,
    any_of,
)
from catalogue.search.query_values import values_meant
from catalogue.search.understood import explain


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
    that a name before a colon means; where it is not our own, an identifier is not taken for an agreement’s number.
    """
    programme = scan(text, fields, strict=words_must_match)
    tree: Node = EVERYTHING
    if programme.steps:
        read = _PARSER.process("".join(programme.steps))
        ours = fields is field_named
        tree = _Builder(programme, now, words_must_match=words_must_match, ours=ours).tree(read)
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

    def __init__(self, programme: Programme, now: datetime, *, words_must_match: bool, ours: bool) -> None:
        self.programme = programme
        self.now = now
        self.words_must_match = words_must_match
        self.ours = ours
        self.ranges = RangeReader(now, programme.note, turning=not words_must_match)

    def tree(self, read: syntax.SyntaxNode) -> Node:
        """The tree of what Whoosh read."""
        return self._built(read, None)[0]

    def _built(self, read: syntax.SyntaxNode, field: Field | None) -> tuple[Node, bool]:
        """A node, and whether it is a bare word, which standing side by side makes an alternative."""
        if isinstance(read, _AtomNode):
            atom = self.programme.atoms[read.number]
            return self._leaf(atom, field), atom.form in {"word", "prefix"} and not _compares(atom, field)
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
        if field.kind in KIND_WORDS:
            return self._range(atom, field)
        if atom.form == "range":
            ends = [end for end in (atom.low, atom.high) if end != "*"]
            if not ends:
                return Present(field)
            self.programme.note(f"Only dates and numbers have ranges; “{field.name}” has none.")
            return any_of([self._clause(field, Word(end)) for end in ends])
        return self._clause(field, _text(atom.form, atom.text))

    def _clause(self, field: Field, of: Word | Phrase | Prefix) -> Node:
        if field.kind is not FieldKind.CODE or isinstance(of, Prefix):
            return self._of_field(field, of)
        clauses = [
            self._of_field(field, of if value == of.text else Word(value)) for value in values_meant(field, of.text)
        ]
        if self.ours and field is IDENTIFIER and _OF_AGREEMENT.fullmatch(of.text):
            return any_of([*clauses, all_of([FieldClause(KIND, Word("agreement")), FieldClause(NAME, of)])])
        return any_of(clauses)

    def _of_field(self, field: Field, of: Word | Phrase | Prefix) -> FieldClause:
        return FieldClause(field, of, self.now.astimezone(UTC).date()) if field is STATE else FieldClause(field, of)

    def _range(self, atom: Atom, field: Field) -> Node:
        found = self.ranges.read(atom, field)
        if found is None:
            value = atom.text.lstrip("<=> ").strip('"')
            self.programme.note(
                f"“{value}” is not {KIND_WORDS[field.kind]}, so it was searched for as a word instead of as the "
                f"{field.label}."
            )
            return _text(atom.form, value)
        return found


_OF_AGREEMENT = re.compile(r"[a-z][a-z0-9]*-[0-9]+", re.IGNORECASE)
"""The identifier of an agreement as people know it: the last part of its address."""

_TEXT_FORMS: dict[str, type[Word] | type[Phrase] | type[Prefix]] = {"word": Word, "phrase": Phrase, "prefix": Prefix}


def _text(form: str, text: str) -> Word | Phrase | Prefix:
    """A word, phrase or prefix without the signs around it."""
    found = list(tokens(text))
    return _TEXT_FORMS[form](text[found[0].start : found[-1].end])


def _compares(atom: Atom, field: Field | None) -> bool:
    """Whether a word is a comparison (`>=2019`), which is a range like any other and must match."""
    return field is not None and field.kind in KIND_WORDS and atom.text[0] in "<>"


def _of_grammar(node: Node) -> bool:
    return isinstance(node, Word) and is_function_word(node.text)
