"""Legal powers as things with names, for suggestions."""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.search.suggest_names import Named
from register.powers.models import Power


class PowerNames:
    """See `catalogue.search.suggest_names.NamedSource`."""

    kind = "power"

    def names(self, session: Session) -> Iterator[Named]:
        """Every power, found by its title and by its law."""
        query = select(Power.id, Power.title, Power.instrument, Power.provision)
        for number, title, instrument, provision in session.execute(query):
            law = " ".join(part for part in (instrument, provision) if part)
            yield Named(self.kind, number, title, f"/powers/{number}", (law,) if law else (), note=law)

    def standing(self, session: Session, keys: Collection[str]) -> Mapping[str, str]:
        """The titles that these have now."""
        rows = session.execute(select(Power.id, Power.title).where(Power.id.in_(sorted(keys))))
        return {number: title for number, title in rows}  # noqa: C416 - a Row is no plain pair
