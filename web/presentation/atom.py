"""A page of search results as an Atom feed document (RFC 4287), one of a paged feed (RFC 5005, section 3)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from catalogue.search.engine import SearchHit
from schemas.codelists import title_of
from web.presentation.kinds import kind_title
from web.presentation.words import shorten

ATOM_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
LONGEST_SUMMARY = 600
NEVER = "1970-01-01T00:00:00Z"
"""When a feed changed last that never had an entry."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself. `id` stays the same on all its pages; all addresses are whole ones.

    `updated` is when the newest of all its entries was recorded, on this page or another.
    """

    id: str
    title: str
    subtitle: str
    updated: str
    service: str
    site: str
    rights: str
    licence: str
    this: str
    first: str
    next: str
    page: str


def atom_document(feed: Feed, hits: Iterable[SearchHit]) -> bytes:
    """The feed document with an entry for each hit."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(f"{{{NAMESPACE}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    text_element(root, "id", feed.id)
    text_element(root, "title", feed.title)
    text_element(root, "subtitle", feed.subtitle)
    text_element(root, "updated", moment(feed.updated))
    author = ET.SubElement(root, f"{{{NAMESPACE}}}author")
    text_element(author, "name", feed.service)
    text_element(author, "uri", f"{feed.site}/")
    text_element(root, "rights", feed.rights)
    for relation, media_type, address in (
        ("self", ATOM_TYPE, feed.this),
        ("first", ATOM_TYPE, feed.first),
        ("next", ATOM_TYPE, feed.next),
        ("alternate", "text/html", feed.page),
        ("license", "", feed.licence),
    ):
        if address:
            link_element(root, relation, media_type, address)
    for hit in hits:
        root.append(_entry(hit, feed))
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(hit: SearchHit, feed: Feed) -> ET.Element:
    """A record as an entry. It is known for good by its own address, which no record ever loses."""
    document = hit.document
    entry = ET.Element(f"{{{NAMESPACE}}}entry")
    text_element(entry, "id", f"{feed.site}{hit.address}")
    text_element(entry, "title", hit.title or hit.id)
    text_element(entry, "updated", moment(document.recorded_at))
    for name in document.organisation_names:
        text_element(ET.SubElement(entry, f"{{{NAMESPACE}}}author"), "name", name)
    link_element(entry, "alternate", "text/html", f"{feed.site}{hit.address}")
    if document.summary:
        text_element(entry, "summary", shorten(document.summary, LONGEST_SUMMARY))
    _category(entry, "kind", hit.kind, kind_title(hit.kind), feed)
    for theme in document.themes:
        _category(entry, "theme", theme, title_of("theme", theme), feed)
    for purpose in document.purposes:
        _category(entry, "purpose", purpose, title_of("purpose-category", purpose), feed)
    return entry


def moment(text: str) -> str:
    """A moment in the form that Atom asks for (RFC 3339), in UTC and to the second."""
    found = datetime.fromisoformat(text)
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")


def text_element(parent: ET.Element, name: str, text: str) -> None:
    """An element of Atom with a text, without what XML cannot hold."""
    ET.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = _NOT_XML.sub("", text)


def link_element(parent: ET.Element, relation: str, media_type: str, address: str) -> None:
    """A link to an address; `media_type` may be empty."""
    members = {"rel": relation, **({"type": media_type} if media_type else {}), "href": address}
    ET.SubElement(parent, f"{{{NAMESPACE}}}link", members)


def _category(parent: ET.Element, scheme: str, term: str, label: str, feed: Feed) -> None:
    members = {"term": term, "scheme": f"{feed.site}/search/facets/{scheme}", "label": label}
    ET.SubElement(parent, f"{{{NAMESPACE}}}category", {name: _NOT_XML.sub("", text) for name, text in members.items()})
