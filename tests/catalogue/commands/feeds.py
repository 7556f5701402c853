"""Small feeds to import."""

from typing import Any


def record(number: int, **members: object) -> dict[str, Any]:
    """A small good record of a data.json feed."""
    return {
        "title": f"Bridge inspections, district {number}",
        "identifier": f"bridges-{number}",
        "accessLevel": "public",
        "modified": "2024-05-01",
        "publisher": {"name": "Office of Bridges"},
        **members,
    }


def feed(*records: object) -> dict[str, Any]:
    """A feed of these records."""
    return {"@id": "https://bridges.example/data.json", "dataset": list(records)}
