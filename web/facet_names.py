"""How people call what facets name by code, looked up with one query for each kind of name."""

from collections.abc import Iterable, Mapping

from catalogue.search.engine import FacetCount
from web.context import session
from web.listings import organisation_names, power_titles
from web.presentation.facets import Names, named_values
from web.presentation.search import Asked


def names_in(counts: Mapping[str, Iterable[FacetCount]], asked: Asked) -> Names:
    """The names of all that facets and chosen filters name by code."""
    return Names(
        organisations=organisation_names(session(), named_values(counts, asked, "organisation")),
        powers=power_titles(session(), named_values(counts, asked, "power")),
    )
