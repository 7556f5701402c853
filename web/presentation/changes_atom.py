"""The newest changes as an Atom feed document (RFC 4287), one of a paged feed (RFC 5005, section 3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from register.changes import Change
from schemas.codelists import title_of
from web.presentation.atom import ATOM_TYPE, NAMESPACE, NEVER, link_element, moment, text_element

_WORDS = {"added": "Added", "changed": "Changed", "restored": "Restored", "withdrawn": "Withdrawn"}


@dataclass(frozen=True, slots=True)
class ChangesFeed:
    """What the feed says of itself; all addresses are whole ones, `id` is the same on all its pages."""

    id: str
    service: str
    site: str
    rights: str
    licence: str
    this: str
    next: str


def changes_document(feed: ChangesFeed, changes: Iterable[Change]) -> bytes:
    """The feed document with an entry for each change, in their order."""
    changes = list(changes)
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(f"{{{NAMESPACE}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    text_element(root, "id", feed.id)
    text_element(root, "title", f"{feed.service}: Changes")
    text_element(root, "subtitle", "What happened to datasets and agreements, the newest first.")
    newest = max((change.recorded_at.isoformat() for change in changes), default=NEVER)
    text_element(root, "updated", moment(newest))
    author = ET.SubElement(root, f"{{{NAMESPACE}}}author")
    text_element(author, "name", feed.service)
    text_element(author, "uri", f"{feed.site}/")
    text_element(root, "rights", feed.rights)
    links = (("self", feed.this), ("first", feed.id), ("next", feed.next), ("license", feed.licence))
    for relation, address in links:
        if address:
            link_element(root, relation, "" if relation == "license" else ATOM_TYPE, address)
    for change in changes:
        root.append(_entry(change, feed))
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(change: Change, feed: ChangesFeed) -> ET.Element:
    """A change as an entry, known for good by its place in the history of its record."""
    entry = ET.Element(f"{{{NAMESPACE}}}entry")
    text_element(entry, "id", f"{feed.site}{change.place}")
    text_element(entry, "title", f"{change.title}: {_told(change)}")
    text_element(entry, "updated", moment(change.recorded_at.isoformat()))
    link_element(entry, "alternate", "text/html", f"{feed.site}{change.place}")
    link_element(entry, "via", "application/json", f"{feed.site}/api/v1{change.address}")
    if change.reason:
        text_element(entry, "summary", change.reason)
    for scheme, term in (("kind", change.kind), ("change", change.change)):
        category = {"term": term, "scheme": f"{feed.site}/api/v1/changes#{scheme}"}
        ET.SubElement(entry, f"{{{NAMESPACE}}}category", category)
    return entry


def _told(change: Change) -> str:
    words = title_of("agreement-event", change.event) if change.event else _WORDS[change.change]
    return words[0].lower() + words[1:]
