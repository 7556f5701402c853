"""Kinds of record: how they are called, and the colour of their tag."""

from schemas.codelists import title_of

DATASET_KINDS = ("dataset", "dataset-series", "data-service")
"""The kinds that live under /datasets."""

_COLOURS = {"dataset": "", "dataset-series": "turquoise", "data-service": "teal", "agreement": "purple"}


def kind_title(kind: str) -> str:
    """How people call a kind of record."""
    return "Agreement" if kind == "agreement" else title_of("resource-kind", kind)


def kind_colour(kind: str) -> str:
    """The colour of the kind's tag; "" for the plain blue one."""
    return _COLOURS.get(kind, "grey")
