"""More records than are read at once, some of them awkward: an index of its own, without a database behind it."""

from pathlib import Path

from catalogue.search.document import SearchDocument
from catalogue.search.engine import Upsert
from catalogue.search.tantivy_engine import TantivyPlace

MANY = 1_203
DANGEROUS = '=HYPERLINK("https://rivers.example";"x")'


def index_of_rivers(folder: Path) -> TantivyPlace:
    """An index in an empty folder."""
    place = TantivyPlace(folder)
    engine = place.writer()
    engine.apply([Upsert(river(number)) for number in range(MANY)], watermark=7)
    engine.close()
    return place


def river(number: int) -> SearchDocument:
    """One record. Every fourth has no date, every second is a series, the fifth has a title like a formula."""
    return SearchDocument(
        id=f"dataset:{number:032x}",
        revision=1,
        kind="dataset" if number % 2 else "dataset-series",
        title=DANGEROUS if number == 5 else f"River level {number}",
        address=f"/datasets/river-{number}",
        recorded_at=f"2024-01-{number % 28 + 1:02d}T10:00:00+00:00",
        summary="Levels & flows\x07 of “rivers”" if number % 3 else "",
        organisations=(f"ministry-of-river-{number % 40}",),
        organisation_names=("Ministry of Rivers, Lakes | Seas",),
        formats=("CSV", "a|b\\c"),
        themes=("environment",),
        access="open",
        modified="2023" if number % 4 else None,
    )
