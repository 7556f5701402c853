"""The engines that the contract holds. A new engine joins by one line here."""

from collections.abc import Callable
from pathlib import Path

from catalogue.search.engine import SearchPlace
from catalogue.search.tantivy_engine import TantivyPlace
from catalogue.search.whoosh_engine import WhooshPlace

PLACES: dict[str, Callable[[Path], SearchPlace]] = {"tantivy": TantivyPlace, "whoosh": WhooshPlace}
