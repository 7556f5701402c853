"""CKAN's field names and values, read into ours: the tree that a client's `q` or `fq` means."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote

from catalogue.search.fields import (
    FORMAT,
    IDENTIFIER,
    KEYWORD,
    KIND,
    LICENCE,
    NAME,
    ORGANISATION,
    RECORDED,
    TEXT,
    THEME,
    TITLE,
    Field,
    FieldKind,
    field_named,
)
from catalogue.search.query import read_query
from catalogue.search.query_tree import (
    EVERYTHING,
    AllOf,
    AnyOf,
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
from web.ckan.agreement_packages import AGREEMENT_TYPE
from web.ckan.errors import SearchError
from web.ckan.numbers import plain_number
from web.ckan.scope import AGREEMENTS

NOTHING = Not(EVERYTHING)

SlugOf = Callable[[str], str | None]
"""Gives the short name of the organisation with a number."""

_OURS: Mapping[str, Field] = {
    **dict.fromkeys(("type", "dataset_type"), KIND),
    **dict.fromkeys(("organization", "organisation", "publisher"), ORGANISATION),
    **dict.fromkeys(("groups", "theme"), THEME),
    **dict.fromkeys(("tags", "keyword", "vocab_tags"), KEYWORD),
    **dict.fromkeys(("res_format", "format"), FORMAT),
    **dict.fromkeys(("license_id", "license", "licence"), LICENCE),
    **dict.fromkeys(("title", "title_string", "title_ngram"), TITLE),
    **dict.fromkeys(("text", "notes", "res_name", "res_description", "description"), TEXT),
    **dict.fromkeys(("metadata_modified",), RECORDED),
    "id": IDENTIFIER,
    "name": NAME,
}
"""CKAN's fields (its Solr schema) that are fields of ours."""

_STATE = Field("ckan_state", "state", FieldKind.CODE, None)
_CAPACITY = Field("ckan_capacity", "capacity", FieldKind.CODE, None)
_PRIVATE = Field("ckan_private", "private", FieldKind.CODE, None)
_OWNER = Field("ckan_owner_org", "organisation’s number", FieldKind.CODE, None)
_UNKNOWN = Field("ckan_unknown", "a field that no dataset here has", FieldKind.CODE, None)
_FIXED: Mapping[str, Field] = {"state": _STATE, "capacity": _CAPACITY, "private": _PRIVATE, "owner_org": _OWNER}
_TRUE_OF_ALL: Mapping[Field, str] = {_STATE: "active", _CAPACITY: "public", _PRIVATE: "false"}

_TYPES: Mapping[str, tuple[str, ...]] = {
    "dataset": ("dataset", "data-service"),
    "dataset_series": ("dataset-series",),
    AGREEMENT_TYPE: ("agreement",),
}
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,99}", re.IGNORECASE)
_SCHEMES = {"http", "https", "ftp", "mailto", "urn", "doi", "file"}


@dataclass(frozen=True, slots=True)
class Read:
    """A query as it was read, and whether it asks for agreements."""

    tree: Node
    agreements: bool


def read_words(text: str, now: datetime, slug_of: SlugOf) -> Read:
    """What a client's `q` means. Broken syntax is read as well as it can be, as everywhere."""
    tree = _in_our_words(read_query(_decoded(text), now, fields=_field_in_words).tree, slug_of)
    return Read(tree, _asks_for_agreements(tree))


def read_filter(text: str, now: datetime, slug_of: SlugOf) -> Read:
    """What a client's `fq` means: everything must match. Raises SearchError where its syntax is broken."""
    text = _decoded(text)
    if "{!" in text:
        raise SearchError("Local parameters are not supported.")
    if fault := fault_in(text):
        raise SearchError(f"The filter cannot be read: {fault}.")
    read = read_query(text, now, words_must_match=True, fields=_field_in_filter)
    tree = _in_our_words(read.tree, slug_of)
    return Read(tree, _asks_for_agreements(tree))


def _decoded(text: str) -> str:
    """A range that was encoded twice on its way, as data.europa.eu's importer sends it."""
    return unquote(text) if "%20to%20" in text.lower() else text


def _field_in_words(name: str) -> Field | None:
    """In free text a colon after a name that is no field is text."""
    return _OURS.get(name.lower()) or _FIXED.get(name.lower()) or _own_field(name)


def _field_in_filter(name: str) -> Field | None:
    """In a filter every name is a field: one that no dataset has matches nothing, as in CKAN."""
    if name.lower() == "metadata_created":
        raise SearchError("The day on which a record was added is no filter here; metadata_modified is one.")
    known = _field_in_words(name)
    if known is not None or name.lower() in _SCHEMES or not _NAME.fullmatch(name):
        return known
    return _UNKNOWN


def _own_field(name: str) -> Field | None:
    found = field_named(name)
    return None if found is not None and found.name == "state" else found


def _in_our_words(node: Node, slug_of: SlugOf) -> Node:
    match node:
        case FieldClause(field, of):
            return _clause(field, of, node, slug_of)
        case Present(field):
            return EVERYTHING if field in _TRUE_OF_ALL else _OWNED if field is _OWNER else _known(field, node)
        case AnyOf(children):
            return any_of([_in_our_words(child, slug_of) for child in children])
        case AllOf(children):
            return all_of([_in_our_words(child, slug_of) for child in children])
        case Not(child):
            inside = _in_our_words(child, slug_of)
            return inside.of if isinstance(inside, Not) else Not(inside)
        case Required(child):
            return Required(_in_our_words(child, slug_of))
        case Ranked(of, by):
            return Ranked(_in_our_words(of, slug_of), _in_our_words(by, slug_of))
    return node


_OWNED = Present(ORGANISATION)


def _known(field: Field, node: Node) -> Node:
    return NOTHING if field is _UNKNOWN else node


def _clause(field: Field, of: Word | Phrase | Prefix, node: Node, slug_of: SlugOf) -> Node:
    if field in _TRUE_OF_ALL:
        return EVERYTHING if of.text.lower() == _TRUE_OF_ALL[field] else NOTHING
    if field is _UNKNOWN:
        return NOTHING
    if field is _OWNER:
        slug = slug_of(plain_number(of.text))
        return FieldClause(ORGANISATION, Word(slug)) if slug else NOTHING
    if field is KIND and of.text in _TYPES:
        return any_of([FieldClause(KIND, Word(kind)) for kind in _TYPES[of.text]])
    if field is IDENTIFIER and not of.text.startswith(("dataset:", "agreement:")):
        return FieldClause(IDENTIFIER, replace(of, text=f"dataset:{plain_number(of.text)}"))
    return node


def _asks_for_agreements(node: Node) -> bool:
    match node:
        case FieldClause():
            return node == AGREEMENTS
        case AnyOf(children) | AllOf(children):
            return any(map(_asks_for_agreements, children))
        case Required(child):
            return _asks_for_agreements(child)
        case Ranked(of):
            return _asks_for_agreements(of)
    return False


_PAIRS = {")": "(", "]": "[", "}": "["}


def fault_in(text: str) -> str:
    """What is wrong with the quotes, brackets and ranges of a filter; empty where nothing is. Linear."""
    opened: list[tuple[str, int]] = []
    quoted = False
    skip = False
    for position, sign in enumerate(text):
        if skip:
            skip = False
        elif sign == "\\":
            skip = True
        elif sign == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif sign in "([{":
            opened.append(("[" if sign == "{" else sign, position))
        elif sign in ")]}":
            if not opened or opened[-1][0] != _PAIRS[sign]:
                return f"“{sign}” at place {position + 1} closes nothing"
            kind, begun = opened.pop()
            if kind == "[" and not re.search(r"\sTO\s", text[begun:position]):
                return f"the range at place {begun + 1} has no TO"
    if quoted:
        return "a quotation mark is not closed"
    return f"“{text[opened[-1][1]]}” at place {opened[-1][1] + 1} is not closed" if opened else ""
