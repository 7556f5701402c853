"""Which search engine an installation uses, and where its index is."""

from catalogue.search.engine import SearchPlace
from catalogue.search.whoosh_engine import WhooshPlace
from schemas.errors import Refused
from schemas.settings import Settings

try:
    from catalogue.search.tantivy_engine import TantivyPlace
except ImportError:  # there are machines for which nobody built its native library
    TantivyPlace = None  # type: ignore[assignment, misc]

try:
    from catalogue.search.opensearch_place import OpenSearchPlace
except ImportError:  # who has no such server needs no client of it
    OpenSearchPlace = None  # type: ignore[assignment, misc]


def search_place(settings: Settings) -> SearchPlace:
    """The index of the settings' engine.

    Raises Refused where the engine's library is not installed, InvalidInput where its address cannot be used.
    """
    if settings.search_engine == "opensearch":
        if OpenSearchPlace is None:
            raise Refused(
                "The client of OpenSearch is not installed.",
                "Install it (“pip install data-gazette[opensearch]”), or set another GAZETTE_SEARCH_ENGINE.",
            )
        return OpenSearchPlace(settings.search_url or "", settings.search_path)
    if settings.search_engine == "whoosh":
        return WhooshPlace(settings.search_path)
    if TantivyPlace is None:
        raise Refused(
            "The library of the search engine tantivy cannot be loaded on this machine.",
            "Install it (“pip install tantivy”), or set GAZETTE_SEARCH_ENGINE=whoosh and reindex.",
        )
    return TantivyPlace(settings.search_path)
