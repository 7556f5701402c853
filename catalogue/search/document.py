"""What a search knows of one record: the search document that goes through the outbox into the index."""

from dataclasses import dataclass, fields
from typing import Any

from catalogue.search.fields import Field
from schemas.errors import InvalidInput

KINDS = ("dataset", "dataset-series", "data-service", "agreement")
"""The kinds of record that are found."""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One record as the search sees it. What its source does not state is empty here.

    `id` is `dataset:<32 hexadecimal digits>` or `agreement:<identifier>`; `revision` only ever grows for one id.
    `summary` is stored, and snippets are cut from it; `text` is everything else that can be found and is not
    stored. `address` is the path of its page. Organisations are slugs, their names as the
    record has them, their aliases what else they are called; the other tuples hold codes; `years` are
    the years its data cover. Dates are ISO 8601 at the precision the source gave (a year, a month, a day or a
    moment); `recorded_at` is the moment when this revision was recorded here.
    """

    id: str
    revision: int
    kind: str
    title: str
    address: str
    recorded_at: str
    summary: str = ""
    text: str = ""
    organisations: tuple[str, ...] = ()
    organisation_names: tuple[str, ...] = ()
    organisation_aliases: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    access: str | None = None
    licence: str | None = None
    years: tuple[int, ...] = ()
    powers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    state: str | None = None
    issued: str | None = None
    modified: str | None = None

    @property
    def name(self) -> str:
        """The last part of the address: a dataset's slug, an agreement's identifier."""
        return self.address.rsplit("/", 1)[-1]

    def values(self, field: Field) -> tuple[str, ...]:
        """The values of a field as text; empty where the record has none."""
        value = getattr(self, field.attribute) if field.attribute else ()
        if value is None or value == "":
            return ()
        return tuple(str(item) for item in value) if isinstance(value, tuple) else (str(value),)

    def findable(self) -> tuple[str, ...]:
        """Every text by which the record is found, its title first."""
        local_id = self.id.partition(":")[2] if self.kind == "agreement" else ""
        texts = (self.title, self.summary, *self.organisation_names, *self.organisation_aliases, *self.keywords)
        return tuple(text for text in (*texts, *self.places, *self.powers, *self.formats, local_id, self.text) if text)

    def to_json(self) -> dict[str, Any]:
        """The document as a JSON object; what is empty is left out."""
        found: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value not in (None, "", ()):
                found[field.name] = list(value) if isinstance(value, tuple) else value
        return found

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "SearchDocument":
        """The document of a JSON object that `to_json` wrote; members it does not know are passed over.

        Raises InvalidInput where a member is missing or of the wrong type.
        """
        known = {}
        for field in fields(cls):
            if field.name in value:
                known[field.name] = _checked(field.name, value[field.name])
        for name in ("id", "revision", "kind", "address", "recorded_at"):
            if name not in known:
                raise _unreadable(name)
        return cls(**{"title": "", **known})


def _checked(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if name == "revision":
        right = isinstance(value, int) and not isinstance(value, bool)
        converted: Any = value
    elif name in _TUPLES:
        item_type = int if name == "years" else str
        right = isinstance(value, list) and all(isinstance(item, item_type) for item in value)
        converted = tuple(value) if right else ()
    else:
        right, converted = isinstance(value, str), value
    if not right:
        raise _unreadable(name)
    return converted


_TUPLES = {
    *("organisations", "organisation_names", "organisation_aliases", "themes", "purposes", "keywords"),
    *("formats", "years", "powers", "places"),
}


def _unreadable(name: str) -> InvalidInput:
    return InvalidInput(
        f"A search document's “{name}” is missing or not what it should be.",
        "Run gazette catalogue reindex, which writes every search document anew.",
    )
