"""CKAN's field names and values, read into ours: the tree that a client's `q` or `fq` means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote

from catalogue.licences import licence_code
from catalogue.search.analysis import exact, key
from catalogue.search.fields import (
    ACCESS,
    COUNTABLE,
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
from catalogue.search.moments import first_microsecond
from catalogue.search.query import read_query
from catalogue.search.query_programme import FieldFinder
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
    Range,
    Ranked,
    Required,
    Word,
    all_of,
    any_of,
)
from schemas.codelists import codelist
from web.ckan.agreement_packages import AGREEMENT_TYPE
from web.ckan.asking_index import counts_of
from web.ckan.errors import SearchError
from web.ckan.lookups import NOTHING, Fits, Lookups
from web.ckan.numbers import plain_number
from web.ckan.scope import AGREEMENTS
from web.ckan.stated import is_member
from web.ckan.wildcards import MOST_VALUES, as_like, carried, fits_pattern, is_pattern

_OURS: Mapping[str, Field] = {
    **dict.fromkeys(("type", "dataset_type"), KIND),
    **dict.fromkeys(("organization", "organisation", "publisher"), ORGANISATION),
    **dict.fromkeys(("groups", "theme"), THEME),
    **dict.fromkeys(("tags", "keyword", "vocab_tags"), KEYWORD),
    **dict.fromkeys(("res_format", "format"), FORMAT),
    **dict.fromkeys(("license_id", "license", "licence"), LICENCE),
    **dict.fromkeys(("title", "title_string", "title_ngram"), TITLE),
    **dict.fromkeys(("text", "notes", "res_name", "res_description", "description"), TEXT),
    **dict.fromkeys(("metadata_modified", "indexed_ts"), RECORDED),
    "id": IDENTIFIER,
    "name": NAME,
}
"""CKAN's fields (its Solr schema) that are fields of ours."""

_STATE = Field("ckan_state", "state", FieldKind.CODE, None)
_CAPACITY = Field("ckan_capacity", "capacity", FieldKind.CODE, None)
_PRIVATE = Field("ckan_private", "private", FieldKind.CODE, None)
_ENTITY = Field("ckan_entity_type", "kind of entity", FieldKind.CODE, None)
_OWNER = Field("ckan_owner_org", "organisation’s number", FieldKind.CODE, None)
_CREATED = Field("ckan_created", "date first recorded here", FieldKind.DATE, None)
_STATED, _WORDS = "ckan_stated:", "ckan_words:"
"""What fields begin with that only the database knows: compared as a whole, and word by word."""

_FIXED: Mapping[str, Field] = {
    "state": _STATE,
    "capacity": _CAPACITY,
    "private": _PRIVATE,
    "entity_type": _ENTITY,
    "owner_org": _OWNER,
}
_TRUE_OF_ALL: Mapping[Field, str] = {_STATE: "active", _CAPACITY: "public", _PRIVATE: "false", _ENTITY: "package"}

_TYPES: Mapping[str, tuple[str, ...]] = {
    "dataset": ("dataset", "data-service"),
    "dataset_series": ("dataset-series",),
    AGREEMENT_TYPE: ("agreement",),
}
_ACCESS_ADDRESSES = {key(entry.same_as): entry.code for entry in codelist("access-rights").values() if entry.same_as}
_NAME = re.compile(r"[a-z_][a-z0-9_-]{0,99}", re.IGNORECASE)
_SLUG = re.compile(r"[a-z0-9][a-z0-9_.-]{0,299}")
_SCHEMES = {"http", "https", "ftp", "mailto", "urn", "doi", "file"}
_PLAINLY_FIELDS = re.compile(r"(?<![\w:/\\])([a-z_][a-z0-9_-]{0,99}):(?=[\[{(\"*])", re.IGNORECASE)
_UNUSED = frozenset(
    "author author_email creator_user_id views_recent views_total num_followers site_id ckan_url data_dict "
    "validated_data_dict index_id revision_id package_id res_type res_hash urls depends_on dependency_of derives_from "
    "has_derivation links_to linked_from child_of parent_of permission_labels".split()
)
"""Fields of CKAN's search (its Solr schema) that no record here has."""


@dataclass(frozen=True, slots=True)
class Read:
    """A query as it was read, and whether it asks for agreements."""

    tree: Node
    agreements: bool


def read_words(text: str, now: datetime, lookups: Lookups) -> Read:
    """What a client's `q` means. Broken syntax is read as well as it can be, as everywhere.

    A name whose colon is followed by a sign of the syntax is a field, known or not; a word that is the name of a
    dataset finds that one too. Raises SearchError.
    """
    text = _decoded(text)
    _refuse_local_parameters(text)
    named = {name for name in _PLAINLY_FIELDS.findall(text) if name.lower() not in _SCHEMES}

    def field(name: str) -> Field | None:
        return _field_in_words(name) or (_stated(_STATED, name) if name in named else None)

    tree = _in_our_words(read_query(_carried(text, field), now, fields=field).tree, lookups)
    if _SLUG.fullmatch(text):
        tree = any_of([tree, FieldClause(NAME, Word(text))])
    return Read(tree, _asks_for_agreements(tree))


def read_filter(text: str, now: datetime, lookups: Lookups) -> Read:
    """What a client's `fq` means: everything must match. Raises SearchError where its syntax is broken."""
    text = _decoded(text)
    _refuse_local_parameters(text)
    if fault := fault_in(text):
        raise SearchError(f"The filter cannot be read: {fault}.")
    read = read_query(_carried(text, _field_in_filter), now, words_must_match=True, fields=_field_in_filter)
    tree = _in_our_words(read.tree, lookups)
    return Read(tree, _asks_for_agreements(tree))


def _carried(text: str, field: FieldFinder) -> str:
    """The text with patterns in names as letters."""

    def has_names(name: str) -> bool:
        found = field(name)
        return found is not None and found.kind is FieldKind.CODE

    return carried(text, has_names)


def _refuse_local_parameters(text: str) -> None:
    if "{!" in text:
        raise SearchError("Local parameters are not supported.")


def _decoded(text: str) -> str:
    """A range that was encoded twice on its way, as data.europa.eu's importer sends it."""
    return unquote(text) if "%20to%20" in text.lower() else text


def _field_in_words(name: str) -> Field | None:
    """In free text a colon after a name that is no field is text."""
    folded = name.lower()
    if folded == "metadata_created":
        return field_named(folded) or _CREATED
    if folded.startswith("extras_"):
        return _stated(_WORDS, name[len("extras_") :])
    return _OURS.get(folded) or _FIXED.get(folded) or _own_field(name) or _member(name)


def _field_in_filter(name: str) -> Field | None:
    """In a filter every name is a field: one that no dataset has matches nothing, as in CKAN."""
    known = _field_in_words(name)
    if known is not None or name.lower() in _SCHEMES or not _NAME.fullmatch(name):
        return known
    return _stated(_STATED, name)


def _member(name: str) -> Field | None:
    known = is_member(name) or name in _UNUSED or name.startswith(("harvest_", "hvd_"))
    return _stated(_STATED, name) if known else None


def _stated(how: str, name: str) -> Field:
    kind = FieldKind.DATE if name.endswith("_date") else FieldKind.CODE
    return Field(f"{how}{name}", f"“{name}”", kind, None)


def _own_field(name: str) -> Field | None:
    found = field_named(name)
    return None if found is not None and found.name == "state" else found


def _in_our_words(node: Node, lookups: Lookups) -> Node:
    match node:
        case FieldClause(field, of):
            return _clause(field, of, node, lookups)
        case Range(field, low, high):
            return _range(field, low, high, node, lookups)
        case Present(field):
            return _present(field, node, lookups)
        case AnyOf(children):
            return any_of([_in_our_words(child, lookups) for child in children])
        case AllOf(children):
            return all_of([_in_our_words(child, lookups) for child in children])
        case Not(child):
            inside = _in_our_words(child, lookups)
            return inside.of if isinstance(inside, Not) else Not(inside)
        case Required(child):
            return Required(_in_our_words(child, lookups))
        case Ranked(of, by):
            return Ranked(_in_our_words(of, lookups), _in_our_words(by, lookups))
    return node


def _present(field: Field, node: Node, lookups: Lookups) -> Node:
    if field in _TRUE_OF_ALL or field is _CREATED:
        return EVERYTHING
    if field is _OWNER:
        return Present(ORGANISATION)
    name = _stated_name(field)
    return lookups.having(name, lambda _value: True) if name else node


def _range(field: Field, low: int | None, high: int | None, node: Node, lookups: Lookups) -> Node:
    if field is _CREATED:
        return lookups.created(low, high)
    name = _stated_name(field)
    if not name:
        return node

    def fits(value: str) -> bool:
        moment = first_microsecond(value)
        return moment is not None and (low is None or low <= moment) and (high is None or moment <= high)

    return lookups.having(name, fits)


def _stated_name(field: Field) -> str:
    """What a field is called that only the database knows; empty for any other."""
    return field.name.partition(":")[2] if field.name.startswith((_STATED, _WORDS)) else ""


def _clause(field: Field, of: Word | Phrase | Prefix, node: Node, lookups: Lookups) -> Node:
    if is_pattern(of.text):
        return _matching(field, of.text, lookups)
    if field in _TRUE_OF_ALL:
        return EVERYTHING if of.text.lower() == _TRUE_OF_ALL[field] else NOTHING
    if name := _stated_name(field):
        return lookups.having(name, _fits_words(of) if field.name.startswith(_WORDS) else _fits(of))
    if field is _OWNER:
        slug = lookups.slug_of(plain_number(of.text))
        return FieldClause(ORGANISATION, Word(slug)) if slug else NOTHING
    if field is KIND and of.text in _TYPES:
        return any_of([FieldClause(KIND, Word(kind)) for kind in _TYPES[of.text]])
    if field is LICENCE and not isinstance(of, Prefix):
        code = licence_code(of.text)
        return FieldClause(LICENCE, Word(code)) if code else lookups.having("license_id", _fits(of))
    if field is ACCESS and (access := _ACCESS_ADDRESSES.get(key(of.text))):
        return FieldClause(ACCESS, Word(access))
    if field is IDENTIFIER and not of.text.startswith("dataset:"):
        deal = lookups.agreement_of(of.text.removeprefix("agreement:"))
        if deal or not of.text.startswith("agreement:"):
            return FieldClause(IDENTIFIER, replace(of, text=deal or f"dataset:{plain_number(of.text)}"))
    return node


def _matching(field: Field, pattern: str, lookups: Lookups) -> Node:
    """The records of which a value of a field fits a pattern."""
    fits = fits_pattern(pattern)
    if field in _TRUE_OF_ALL:
        return EVERYTHING if fits(_TRUE_OF_ALL[field]) else NOTHING
    if field is NAME:
        return lookups.called(as_like(pattern))
    name = "license_id" if field is LICENCE else _stated_name(field)
    if name:
        return lookups.having(name, fits)
    values = [value for value in counts_of(field.name) if fits(value)] if field.name in COUNTABLE else []
    if len(values) > MOST_VALUES:
        raise SearchError(f"More than {MOST_VALUES:,} values of “{field.label}” fit this pattern; ask for fewer.")
    return any_of([FieldClause(field, Word(value)) for value in values]) if values else NOTHING


def _fits(of: Word | Phrase | Prefix) -> Fits:
    """Whether a value as a whole is the one asked for, or begins so."""
    wanted = key(of.text)
    if isinstance(of, Prefix):
        return lambda value: key(value).startswith(wanted)
    return lambda value: key(value) == wanted


def _fits_words(of: Word | Phrase | Prefix) -> Fits:
    """Whether a value has the words asked for next to one another, as CKAN compares `extras_` fields."""
    wanted = " ".join(exact(of.text).parts)
    end = "" if isinstance(of, Prefix) else " "
    return lambda value: bool(wanted) and f" {wanted}{end}" in f" {' '.join(exact(value).parts)} "


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
