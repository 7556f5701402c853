"""The engines that the contract holds. A new engine joins by one line here."""

from collections.abc import Callable
from pathlib import Path

from catalogue.search.engine import SearchPlace
from catalogue.search.opensearch_place import OpenSearchPlace
from catalogue.search.tantivy_engine import TantivyPlace
from catalogue.search.whoosh_engine import WhooshPlace
from tests.services.opensearch import index_for


def opensearch(folder: Path) -> SearchPlace:
    """An index of its own for this folder, on the server of this run, which is started for the first of them."""
    return OpenSearchPlace(index_for(folder), folder)


PLACES: dict[str, Callable[[Path], SearchPlace]] = {
    "tantivy": TantivyPlace,
    "whoosh": WhooshPlace,
    "opensearch": opensearch,
}

FOLDERS = sorted(PLACES.keys() - {"opensearch"})
"""The engines whose index is a folder."""
