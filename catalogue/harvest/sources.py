"""Sources that are harvested: adding and finding them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.harvest.models import HarvestSource
from catalogue.slugs import slug_of
from schemas.checking import is_web_address
from schemas.clock import Clock, Ids
from schemas.errors import InvalidInput, NotFound, Refused

TYPES = ("ckan",)
"""The kinds of site that can be harvested."""


def add_source(
    session: Session, name: str, url: str, kind: str, *, query: str | None, allow_private: bool, clock: Clock, ids: Ids
) -> HarvestSource:
    """Add a source. Raises InvalidInput for a name or address that cannot be used, Refused for a name that is taken."""
    if slug_of(name) != name:
        raise InvalidInput(
            f"“{name}” cannot be the name of a source.", f"Use small letters, digits and hyphens: {slug_of(name)}."
        )
    if not is_web_address(url):
        raise InvalidInput(f"“{url}” is not a whole web address.", "Write it with http:// or https:// in front.")
    if kind not in TYPES:
        raise InvalidInput(f"“{kind}” is no kind of site that is harvested here.", f"Those are: {', '.join(TYPES)}.")
    held = session.scalar(select(HarvestSource).where(HarvestSource.name == name))
    if held is not None:
        raise Refused(f"There is a source “{name}” already: {held.url}.", "Choose another name.")
    source = HarvestSource(
        id=ids(),
        name=name,
        url=url.rstrip("/"),
        type=kind,
        query=query or None,
        allow_private=allow_private,
        added_at=clock(),
    )
    session.add(source)
    session.flush()
    return source


def all_sources(session: Session) -> Sequence[HarvestSource]:
    """Every source, by name."""
    return session.scalars(select(HarvestSource).order_by(HarvestSource.name)).all()


def source_named(session: Session, name: str) -> HarvestSource:
    """The source with a name. Raises NotFound."""
    source = session.scalar(select(HarvestSource).where(HarvestSource.name == name))
    if source is None:
        raise NotFound(f"There is no source “{name}”.", "See “gazette catalogue harvest list” for those there are.")
    return source
