"""What a search knows of one record: the search document that goes through the outbox into the index."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

from catalogue.search.fields import Field
from catalogue.search.periods import Period
from schemas.errors import InvalidInput

KINDS = ("dataset", "dataset-series", "data-service", "agreement")
"""The kinds of record that are found."""


class InState(NamedTuple):
    """A state (a code) and the days on which a record is in it, as a Period has them."""

    state: str
    first: str = ""
    last: str = ""

    @property
    def period(self) -> Period:
        """The days."""
        return Period(self.first, self.last)


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One record as the search sees it. What its source does not state is empty here.

    `id` is `dataset:<32 hexadecimal digits>` or `agreement:<identifier>`; `revision` only ever grows for one id.
    `summary` is stored, and snippets are cut from it; `text` is everything else that can be found and is not
    stored. `address` is the path of its page. Organisations are slugs, their names as the record has them, their
    aliases what else they are called. `powers` are the short names of powers that are known here, and what the record
    calls the others; `power_names` what else they are called. `places` are names as people read them, `place_codes`
    the codes of other lists. The other tuples hold codes; `forms` is how many distributions there are. `covers` are
    the periods that its data cover, `years` the years in them. `states` are the states it is in by dates alone if
    nothing else happens, one for every day there is: what the clock decides is read from them when somebody asks.
    Dates are ISO 8601 at the precision the source gave (a year, a month, a day or a moment); `recorded_at` is the
    moment when this revision was recorded here, `first_recorded_at` that of the first.
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
    forms: int = 0
    access: str | None = None
    licence: str | None = None
    covers: tuple[Period, ...] = ()
    years: tuple[int, ...] = ()
    powers: tuple[str, ...] = ()
    power_names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    place_codes: tuple[str, ...] = ()
    states: tuple[InState, ...] = ()
    issued: str | None = None
    modified: str | None = None
    first_recorded_at: str | None = None

    @property
    def num_tags(self) -> int:
        """How many keywords it has."""
        return len(self.keywords)

    @property
    def name(self) -> str:
        """The last part of the address: a dataset's slug, an agreement's identifier."""
        return self.address.rsplit("/", 1)[-1]

    def state_on(self, day: date) -> str | None:
        """The state it is in on a day; None where it has none."""
        return next((one.state for one in self.states if one.period.holds(day)), None)

    def values(self, field: Field) -> tuple[str, ...]:
        """The values of a field as text; empty where the record has none. Of states, all that it is ever in."""
        value = getattr(self, field.attribute) if field.attribute else ()
        if value is None or value == "":
            return ()
        if field.attribute == "states":
            return tuple(dict.fromkeys(one.state for one in self.states))
        if field.attribute == "covers":
            return tuple("/".join(end or ".." for end in one) for one in self.covers)
        return tuple(str(item) for item in value) if isinstance(value, tuple) else (str(value),)

    def findable(self) -> tuple[str, ...]:
        """Every text by which the record is found, its title first."""
        local_id = self.id.partition(":")[2] if self.kind == "agreement" else ""
        texts = (self.title, self.summary, *self.organisation_names, *self.organisation_aliases, *self.keywords)
        codes = (*self.places, *self.place_codes, *self.powers, *self.power_names, *self.formats)
        return tuple(text for text in (*texts, *codes, local_id, self.text) if text)

    def to_json(self) -> dict[str, Any]:
        """The document as a JSON object; what is empty is left out."""
        found: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            if value not in (None, "", ()) and (name, value) != ("forms", 0):
                found[name] = [_written(item) for item in value] if isinstance(value, tuple) else value
        return found

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "SearchDocument":
        """The document of a JSON object that `to_json` wrote; members it does not know are passed over.

        Raises InvalidInput where a member is missing or of the wrong type.
        """
        known = {name: _checked(name, given) for name, given in value.items() if name in _MEMBERS}
        for name in _NEEDED:
            if name not in known:
                raise _unreadable(name)
        known.setdefault("title", "")
        return cls(**known)

    @classmethod
    def from_stored(cls, value: dict[str, Any]) -> "SearchDocument":
        """The document of a JSON object that `to_json` of this very version wrote, as an index keeps them.

        A page of results has thousands of values: nothing is looked at twice. Raises InvalidInput where it is none.
        """
        known: dict[str, Any] = {name: tuple(given) if type(given) is list else given for name, given in value.items()}
        try:
            for name, (made, _length) in _ROWS.items():
                if name in known:
                    known[name] = tuple([made(*item) for item in known[name]])
            return cls(**{"title": "", **known})
        except TypeError:
            raise _unreadable(next((name for name in _NEEDED if name not in known), "states")) from None


def _written(item: Any) -> Any:  # noqa: ANN401 - a value of a member
    return list(item) if isinstance(item, tuple) else item


def _checked(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The value of a member. A page of results has thousands of them: what a member is was worked out before."""
    if name in _ROWS:
        made, length = _ROWS[name]
        if type(value) is list and all(
            type(item) is list and len(item) == length and set(map(type, item)) == {str} for item in value
        ):
            return tuple(made(*item) for item in value)
    elif name in _TUPLES:
        if type(value) is list and set(map(type, value)) <= {_TUPLES[name]}:
            return tuple(value)
    elif type(value) is _SINGLE.get(name, str):
        return value
    raise _unreadable(name)


_MEMBERS = frozenset(field.name for field in fields(SearchDocument))
_NEEDED = ("id", "revision", "kind", "address", "recorded_at")
_SINGLE: dict[str, type] = {"revision": int, "forms": int}
_TUPLES: dict[str, type] = {
    **dict.fromkeys(("organisations", "organisation_names", "organisation_aliases", "themes", "purposes"), str),
    **dict.fromkeys(("keywords", "formats", "powers", "power_names", "places", "place_codes"), str),
    "years": int,
}
_ROWS: dict[str, tuple[Callable[..., Period | InState], int]] = {"covers": (Period, 2), "states": (InState, 3)}


def _unreadable(name: str) -> InvalidInput:
    return InvalidInput(
        f"A search document's “{name}” is missing or not what it should be.",
        "Run gazette catalogue reindex, which writes every search document anew.",
    )
