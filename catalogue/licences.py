"""Licences as sources write them, and the code of the list that they mean."""

import re
from functools import cache, lru_cache

from schemas.codelists import codelist

_VARIANTS = {
    "ogl": "ogl-3",
    "uk-ogl": "ogl-3",
    "open government licence": "ogl-3",
    "open government licence v3.0": "ogl-3",
    "cc-by": "cc-by-4",
    "cc-by-4.0": "cc-by-4",
    "cc-by-sa": "cc-by-sa-4",
    "cc-by-sa-4.0": "cc-by-sa-4",
    "cc-zero": "cc0-1",
    "cc0": "cc0-1",
    "cc0-1.0": "cc0-1",
    "odc-odbl": "odbl",
    "odbl-1.0": "odbl",
    "odc-by": "odc-by",
    "odc-pddl": "pddl",
    "pddl-1.0": "pddl",
    "us-pd": "us-public-domain",
    "data_share_agreement": "data-share-agreement",
}


@lru_cache(maxsize=1_000)
def licence_code(licence: str | None) -> str | None:
    """The code of a licence given by address, name or CKAN's or SPDX's short name; None where the list has none."""
    if not licence:
        return None
    text = licence.strip().casefold()
    if text in codelist("licence"):
        return text
    return _VARIANTS.get(text) or _by_name().get(text) or _by_address().get(_bare(text))


def licence_title(licence: str) -> str:
    """How people read a licence: the list's title, else what the source wrote."""
    code = licence_code(licence)
    return codelist("licence")[code].title if code else licence


def is_open_licence(licence: str | None) -> bool:
    """Whether a licence of our list lets anybody use, change and share (the Open Definition 2.1)."""
    code = licence_code(licence)
    return code is not None and code != "data-share-agreement"


def _bare(address: str) -> str:
    """An address without what two writers of one address differ in: scheme, www, the last slash, legalcode."""
    bare = re.sub(r"^https?://(www\.)?", "", address)
    bare = re.sub(r"/(legalcode|deed)?(\.[a-z]{2}|\.html)?/*$", "", bare + "/")
    return bare.removesuffix("/").removesuffix("/legalcode")


@cache
def _by_address() -> dict[str, str]:
    return {_bare(entry.same_as): entry.code for entry in codelist("licence").values() if entry.same_as}


@cache
def _by_name() -> dict[str, str]:
    return {entry.title.casefold(): entry.code for entry in codelist("licence").values()}
