"""RDF as our writers say it: addresses, literals and resources, with compact names for types and predicates.

`rdf_writing` and `turtle` write these out, `rdf_reading` reads what others wrote.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import quote

from pyoxigraph import NamedNode

NAMESPACES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "wdrs": "http://www.w3.org/2007/05/powder-s#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes of compact names. None is a scheme of addresses (“geo:” is one): JSON-LD would mistake one for other."""

_SIGNS = r"(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
_PLAIN = re.compile(rf"(?:https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?=[/?#]|$)|mailto:|urn:){_SIGNS}(?:#{_SIGNS})?")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NEVER = re.compile(r'[\x00-\x20\x7f-\x9f<>"{}|\\^`\[\]\ud800-\udfff\ufffe\uffff]')
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


# Nothing ever changes one of these three values. They are not `frozen`, because a page of a catalogue is made of
# thousands of them, and a frozen one takes several times as long to make.


@dataclass(init=False, slots=True, unsafe_hash=True)
class Iri:
    """An absolute address (RFC 3987). What an address may not hold (blanks, <, >) is percent-encoded here.

    Raises ValueError where it is still none; for an address from outside call `iri`.
    """

    value: str

    def __init__(self, value: str) -> None:
        self.value = _valid(value)


@dataclass(init=False, slots=True, unsafe_hash=True)
class Literal:
    """A text with the compact name of its type or the tag of its language (BCP 47), or neither.

    Control characters, which RDF/XML cannot hold, are taken out, and line ends are written in one way, so that every
    form of a graph says the same. Raises ValueError for a tag that is none.
    """

    value: str
    datatype: str = ""
    language: str = ""

    def __init__(self, value: str, datatype: str = "", language: str = "") -> None:
        if "\r" in value:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        self.value = _NO_TEXT.sub("", value) if _NO_TEXT.search(value) else value
        self.datatype = datatype
        if language and (datatype or _LANGUAGE.fullmatch(language) is None):
            raise ValueError(f"“{language}” is no language tag here")
        self.language = language.lower()


@dataclass(init=False, slots=True, unsafe_hash=True)
class Resource:
    """Something described: by its address, or without one (a blank node).

    `types` and the names of `properties` are compact names (`dct:title`). A property that has several values stands
    there several times. A resource among the values is described where it stands.
    """

    iri: str | None
    types: tuple[str, ...] = ()
    properties: "tuple[tuple[str, Value], ...]" = ()

    def __init__(
        self, iri: str | None, types: tuple[str, ...] = (), properties: "tuple[tuple[str, Value], ...]" = ()
    ) -> None:
        self.iri = None if iri is None else _valid(iri)
        self.types = types
        self.properties = properties


Value: TypeAlias = Iri | Literal | Resource


def iri(address: str) -> Iri | None:
    """An address from outside; None where no percent-encoding makes it one. Says nothing of where it leads."""
    try:
        return Iri(address.strip())
    except ValueError:
        return None


def is_language(tag: str) -> bool:
    """Whether a text can stand as the language of a literal (the shape of BCP 47)."""
    return _LANGUAGE.fullmatch(tag) is not None


def expanded(name: str) -> str:
    """The whole address of a compact name. Raises KeyError for a prefix that is not among `NAMESPACES`."""
    prefix, _, local = name.partition(":")
    return NAMESPACES[prefix] + local


@lru_cache(maxsize=8192)
def compact(address: str) -> str:
    """The compact name of an address, or the address itself where it lies in none of `NAMESPACES`."""
    for prefix, space in NAMESPACES.items():
        if address.startswith(space):
            return f"{prefix}:{address[len(space) :]}"
    return address


@lru_cache(maxsize=8192)
def _valid(address: str) -> str:
    mended = address if _PLAIN.fullmatch(address) else _mended(address)
    if mended.partition(":")[0] in NAMESPACES:
        raise ValueError(f"“{address}” is a compact name and no address")
    return mended


def _mended(address: str) -> str:
    """An address with everything percent-encoded that must be. Raises ValueError where it is none all the same."""
    start, hash_sign, fragment = address.partition("#")
    scheme, slashes, rest = start.partition("://")
    host, slash, path = rest.partition("/") if slashes else ("", "", start)
    mended = _STRAY_PERCENT.sub("%25", path + hash_sign + fragment.replace("#", "%23"))
    whole = scheme + slashes + host + slash if slashes else ""
    whole += _NEVER.sub(_percent, mended)
    try:
        return NamedNode(whole).value
    except ValueError:  # no scheme, a broken host, or a character of no script
        return NamedNode(_BEYOND_ASCII.sub(_percent, whole)).value


def _percent(match: re.Match[str]) -> str:
    return quote(match.group().encode("utf-8", "replace"), safe="")
