"""A dataset like another one, as the other's page names it."""

from dataclasses import dataclass

from catalogue.search.similar import Likeness
from schemas.codelists import title_of
from web.presentation.datasets import Access, show_access
from web.presentation.words import show_list


@dataclass(frozen=True, slots=True)
class SimilarLine:
    """A similar dataset in a list, with what it has in common in words."""

    title: str
    address: str
    kind: str
    access: Access
    publisher: str
    why: tuple[str, ...]


def similar_line(found: Likeness) -> SimilarLine:
    """A similar dataset in a list."""
    document = found.document
    words = show_list([f"“{word}”" for word in found.words[:3]])
    why = (
        f"Both have {words}" if words else "",
        "Same organisation" if found.organisations else "",
        f"Same theme: {show_list([title_of('theme', code) for code in found.themes[:2]])}" if found.themes else "",
    )
    return SimilarLine(
        title=document.title,
        address=document.address,
        kind=document.kind,
        access=show_access(document.access, document.kind),
        publisher=show_list(document.organisation_names),
        why=tuple(reason for reason in why if reason),
    )
