"""Organisations as things with names, for suggestions and for other words in a search."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.organisations.models import Organisation, OrganisationName
from catalogue.search.suggest_names import Named


class OrganisationNames:
    """See `catalogue.search.suggest_names.NamedSource`."""

    kind = "organisation"

    def names(self, session: Session) -> Iterator[Named]:
        """Every organisation, with all names that it goes by."""
        called: dict[str, list[str]] = defaultdict(list)
        query = select(OrganisationName.organisation_id, OrganisationName.name).order_by(OrganisationName.name)
        for number, name in session.execute(query):
            called[number].append(name)
        for number, slug, title in session.execute(select(Organisation.id, Organisation.slug, Organisation.name)):
            others = tuple(name for name in called[number] if name != title)
            yield Named(self.kind, slug, title, f"/organisations/{slug}", others)

    def standing(self, session: Session, keys: Collection[str]) -> Mapping[str, str]:
        """The names that these have now."""
        rows = session.execute(select(Organisation.slug, Organisation.name).where(Organisation.slug.in_(sorted(keys))))
        return {slug: name for slug, name in rows}  # noqa: C416 - a Row is no plain pair
