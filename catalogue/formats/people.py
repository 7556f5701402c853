"""Keeping people out of what cannot be changed.

Revisions are kept for ever, so a source's other statements ("extras") are searched before they are kept: members
that are about a person, and e-mail addresses that are not plainly a role's, are left out. The contact of a record
goes another way, into the table from which it can be erased.
"""

import re
from typing import Any

from catalogue.contacts import is_role_address
from schemas.canonical import Json
from schemas.checking import is_email
from schemas.problems import pointer_to

_ABOUT_A_PERSON = re.compile(
    r"(?:^|[_\-. ])(?:author|maintainer|contact|curator|steward|owner|creator|custodian|submitter|responsible|person|"
    r"e?mail|mbox|phone|telephone|fn|vcard|orcid|surname|(?:given|family|first|last)[_\-. ]?name)s?(?:$|[_\-. ])",
    re.IGNORECASE,
)
_WORDS_IN_A_NAME = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBERS_ONLY = re.compile(r"owner_org|.*_(?:id|count|date)", re.IGNORECASE)


def without_people(extras: Json) -> tuple[Json, list[str]]:
    """A source's other statements without those about people, and JSON Pointers to what was left out."""
    left_out: list[str] = []
    return _without(extras, (), left_out), left_out


def _without(value: Any, path: tuple[str | int, ...], left_out: list[str]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        kept = {}
        for name, item in value.items():
            if _names_a_person(name, item):
                left_out.append(pointer_to((*path, name)))
            else:
                kept[name] = _without(item, (*path, name), left_out)
        return kept
    if isinstance(value, list):
        kept_items = []
        for position, item in enumerate(value):
            if _is_personal(item):
                left_out.append(pointer_to((*path, position)))
            else:
                kept_item = _without(item, (*path, position), left_out)
                if kept_item or not isinstance(kept_item, dict | list) or not item:  # not what became empty here
                    kept_items.append(kept_item)
        return kept_items
    return value


def _names_a_person(name: str, value: object) -> bool:
    if _is_personal(value):
        return True
    words = _WORDS_IN_A_NAME.sub("_", name)
    if isinstance(value, bool | int | float) or _NUMBERS_ONLY.fullmatch(words):
        return False
    return _ABOUT_A_PERSON.search(words) is not None


def _is_personal(value: object) -> bool:
    if not isinstance(value, str):
        return False
    address = value.strip().removeprefix("mailto:")
    return is_email(address) and not is_role_address(address)
