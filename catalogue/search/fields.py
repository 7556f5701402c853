"""The fields of a search: one value each, used alike by query reading, engine, page and command.

A *code* field holds exact values (a slug, a codelist's code) and can be a facet; a *text* field holds words; a
*date* and a *number* field can be asked for ranges; a *period* field too, where a range means all that overlap it. The
state is a code that the clock decides: every question about it is about a day.
"""

from dataclasses import dataclass
from enum import Enum


class FieldKind(Enum):
    """What a field holds, which decides how a clause on it is read."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    NUMBER = "number"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, its label in plain English and the other names by which a query may call it.

    `attribute` is the attribute of `SearchDocument` that holds its value or, where `many`, its values. The text
    field `text` has no attribute: it means everything findable in a record.
    """

    name: str
    label: str
    kind: FieldKind
    attribute: str | None
    aliases: tuple[str, ...] = ()
    many: bool = False


KIND = Field("kind", "kind of record", FieldKind.CODE, "kind", ("dataset_type", "type"))
ORGANISATION = Field(
    "organisation",
    "organisation",
    FieldKind.CODE,
    "organisations",
    ("organization", "organisations", "organizations", "publisher", "org"),
    many=True,
)
THEME = Field("theme", "theme", FieldKind.CODE, "themes", ("themes", "groups", "group"), many=True)
PURPOSE = Field("purpose", "purpose", FieldKind.CODE, "purposes", ("purposes",), many=True)
ACCESS = Field("access", "access", FieldKind.CODE, "access", ("access_rights",))
FORMAT = Field("format", "format", FieldKind.CODE, "formats", ("formats", "res_format", "filetype"), many=True)
LICENCE = Field("licence", "licence", FieldKind.CODE, "licence", ("license", "license_id"))
YEAR = Field("year", "year covered", FieldKind.NUMBER, "years", ("years",), many=True)
PLACE = Field("place", "place covered", FieldKind.CODE, "places", ("places", "spatial"), many=True)
POWER = Field("power", "legal power", FieldKind.CODE, "powers", ("powers",), many=True)
STATE = Field("state", "state", FieldKind.CODE, "states", ("status",))

COVERS = Field("covers", "time covered", FieldKind.PERIOD, "covers", ("temporal",), many=True)
KEYWORD = Field("keyword", "keyword", FieldKind.CODE, "keywords", ("keywords", "tag", "tags"), many=True)
KEYWORDS = Field("num_tags", "number of keywords", FieldKind.NUMBER, "num_tags")
FORMS = Field("num_resources", "number of distributions", FieldKind.NUMBER, "forms")
IDENTIFIER = Field("id", "identifier", FieldKind.CODE, "id")
NAME = Field("name", "name in the address", FieldKind.CODE, "name", ("slug",))
TITLE = Field("title", "title", FieldKind.TEXT, "title", ("intitle",))
TEXT = Field("text", "text", FieldKind.TEXT, None, ("notes", "description"))
ISSUED = Field("issued", "date issued", FieldKind.DATE, "issued")
MODIFIED = Field("modified", "date modified", FieldKind.DATE, "modified", ("updated",))
RECORDED = Field(
    "recorded", "date recorded here", FieldKind.DATE, "recorded_at", ("recorded_at", "metadata_modified", "changed")
)
CREATED = Field(
    "created", "date first recorded", FieldKind.DATE, "first_recorded_at", ("metadata_created", "first_recorded")
)

FACETS: tuple[Field, ...] = (KIND, ORGANISATION, THEME, PURPOSE, ACCESS, FORMAT, LICENCE, YEAR, PLACE, POWER, STATE)
"""The fields that a page counts and lets a reader choose from. An engine can count every code and number field."""

FIELDS: tuple[Field, ...] = (
    *FACETS,
    *(COVERS, KEYWORD, KEYWORDS, FORMS, IDENTIFIER, NAME, TITLE, TEXT, ISSUED, MODIFIED, RECORDED, CREATED),
)
"""Every field that a query can name."""

COUNTABLE: dict[str, Field] = {
    field.name: field
    for field in FIELDS
    if field.kind in {FieldKind.CODE, FieldKind.NUMBER} and field not in {IDENTIFIER, NAME}
}
"""The fields that can be filtered by exact value and counted, by name."""

_BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.aliases)}


def field_named(name: str) -> Field | None:
    """The field of this name or alias, in any letter case; None where there is none."""
    return _BY_NAME.get(name.lower())
