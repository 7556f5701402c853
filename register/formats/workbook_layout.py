"""The sheets of a spreadsheet of agreements, in the order in which an official thinks of them.

Which fields there are comes from the schema; here stands only in which order people fill them in. A field that is
named nowhere here stands on the last sheet.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from register.formats.tables_headings import KEY_HEADING, position_heading
from register.formats.tables_layout import KEY, ROOT, Column, TableLayout, children_of, table_layouts
from register.formats.workbook_wanted import Wanted
from schemas.bundle import AGREEMENT_VERSION, load_schema

README = "Read me"
LISTS = "Lists"
NOT_READ = frozenset({README.casefold(), LISTS.casefold()})
"""Sheets that hold no agreements."""

LONGEST_TITLE = 31
"""So long may the name of a sheet be in Excel."""

SLOTS = 3
"""So many cells a list of codes has side by side, because a drop-down gives one code; the last takes any further."""


@dataclass(frozen=True, slots=True)
class Section:
    """One of the steps in which people fill an agreement in: its title, what it is about, and the members in it."""

    title: str
    help: str
    members: tuple[str, ...]


SECTIONS = (
    Section(
        "Agreements",
        "One row for each agreement: what it is called and of what kind it is.",
        tuple(
            "id schemaVersion title agreementType jurisdictions areas externalIds parentAgreement "
            "relatedAgreements".split()
        ),
    ),
    Section(
        "Who",
        "What the parties settled among themselves.",
        ("parties", "jointControllerEssence", "processorTerms"),
    ),
    Section("What", "How much is shared.", ("flows", "scale")),
    Section(
        "Why",
        "What the data is shared for, what good it does, and what it means for people.",
        tuple(
            "summary purpose purposeCategories impetus expectedBenefits incompatibleUses effectOnIndividuals "
            "automatedDecision adverseActionSafeguards algorithmRecords".split()
        ),
    ),
    Section(
        "By what law",
        "The law that allows it, and what it asks for.",
        tuple(
            "legalPowers overriddenDuties lawfulBasis specialCategoryCondition criminalOffenceCondition "
            "internationalTransfers undertakings principles".split()
        ),
    ),
    Section(
        "How",
        "How the data is sent, matched, used and kept safe, and who pays.",
        tuple("frequency method linkage postProcessing onwardRestrictions security cost".split()),
    ),
    Section(
        "How long",
        "When it begins, is reviewed and ends, and what becomes of the data.",
        tuple(
            "signedOn effectiveFrom endsOn endCondition period nextReviewOn withdrawalProcedure retention "
            "disposal".split()
        ),
    ),
    Section(
        "Checks",
        "Who checked it, how people use their rights, and where the record comes from.",
        tuple(
            "dpia legalReview dpReview securityReview equalityImpact ethics rightsHandling complaints documents "
            "withheld sourceNotes provenance".split()
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a sheet: its name in the tables, what people read, help, and the field (None for a linking column).

    `slots` is how many cells the field has side by side.
    """

    name: str
    text: str
    help: str
    column: Column | None = None
    required: bool = False
    slots: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its title, what it is for, the table it holds, and its columns."""

    title: str
    help: str
    layout: TableLayout
    headings: tuple[Heading, ...]


def sheets_of(wanted: Wanted, *, exported: bool = False) -> list[Sheet]:
    """The sheets with the fields that are wanted, in order.

    A spreadsheet to be filled in, not `exported`, leaves out what the register knows by itself, and the numbers of
    rows that no other sheet refers to.
    """
    found: list[Sheet] = []
    root = table_layouts()[ROOT]
    for section in _sections():
        columns = [
            column
            for member in section.members
            for column in root.columns
            if column.path[0] == member and wanted.wants(root, column)
            if exported or column.name != "schemaVersion"
        ]
        own = [_section_sheet(section, columns, wanted)] if columns else []
        tables = [layout for member in section.members for layout in _tables_in(member) if wanted.wants_table(layout)]
        inside = [_table_sheet(layout, wanted, exported=exported) for layout in tables]
        # What a section begins with comes first: the parties before what they settled, the law before its conditions.
        found += [*inside, *own] if any(_tables_in(section.members[0])) else [*own, *inside]
    return found


def _sections() -> Iterator[Section]:
    """The sections, the last with every member that none of them names."""
    named = {member for section in SECTIONS for member in section.members}
    others = [member for member in load_schema("agreement", AGREEMENT_VERSION)["properties"] if member not in named]
    *first, last = SECTIONS
    yield from first
    yield Section(last.title, last.help, (*last.members, *others))


def _tables_in(member: str) -> Iterator[TableLayout]:
    """The tables inside a member of an agreement, each before those inside it."""
    return (layout for layout in table_layouts().values() if layout.path[:1] == (member,))


def _section_sheet(section: Section, columns: Iterable[Column], wanted: Wanted) -> Sheet:
    root = table_layouts()[ROOT]
    key = Heading(KEY, KEY_HEADING, _OWN_KEY_HELP if section is SECTIONS[0] else _KEY_HELP)
    return Sheet(section.title, section.help, root, (key, *(_heading(root, column, wanted) for column in columns)))


_OWN_KEY_HELP = (
    "Any short name of your own, for example A. Write it on the other sheets too, so that their rows find their "
    "agreement. With one agreement only, leave it empty everywhere."
)
_KEY_HELP = f"The same short name as on the sheet “{SECTIONS[0].title}”. With one agreement only, leave it empty."


def _table_sheet(layout: TableLayout, wanted: Wanted, *, exported: bool) -> Sheet:
    headings = [Heading(KEY, KEY_HEADING, _KEY_HELP)]
    referred_to = any(wanted.wants_table(child) for child in children_of(layout.name))
    for position in layout.positions:
        own = position == layout.positions[-1]
        if not own or exported or referred_to:
            told = _OWN_NUMBER_HELP if own else _NUMBER_HELP
            headings.append(Heading(position, position_heading(layout, position), told))
    headings += [_heading(layout, column, wanted) for column in layout.columns if wanted.wants(layout, column)]
    return Sheet(sheet_titles()[layout.name], layout.help, layout, tuple(headings))


_OWN_NUMBER_HELP = "1 for the first of an agreement, 2 for the second. Other sheets refer to it."
_NUMBER_HELP = "Which one this row belongs to, by its number there. If there is only one, leave it empty."


@cache
def sheet_titles() -> dict[str, str]:
    """The title of each table’s sheet, short enough for Excel, each only once."""
    titles: dict[str, str] = {}
    taken = {README, LISTS, *(section.title for section in SECTIONS)}
    for name, layout in table_layouts().items():
        if name == ROOT:
            continue
        title = _shortened(re.sub(r"[\[\]:*?/\\]", " ", layout.title), LONGEST_TITLE)
        number = 2
        while title.casefold() in {known.casefold() for known in taken}:
            title = f"{_shortened(layout.title, LONGEST_TITLE - 3)} {number}"
            number += 1
        taken.add(title)
        titles[name] = title
    return titles


def _shortened(title: str, most: int) -> str:
    return title if len(title) <= most else title[: most + 1].rpartition(" ")[0] or title[:most]


def _heading(layout: TableLayout, column: Column, wanted: Wanted) -> Heading:
    slots = SLOTS if column.many and column.codelist else 1
    required = wanted.requires(layout, column)
    return Heading(column.name, column.heading, help_of(column), column, required, slots)


def help_of(column: Column) -> str:
    """What to write in a column, in a sentence or two: what the schema says, how it is written, and an example."""
    told = [str(column.words.get("description", ""))]
    schema = column.schema
    if schema.get("format") == "partial-date":
        told.append("Write 2024-03-31; or 2024-03, or 2024, where no more is known.")
    elif schema.get("format") == "duration":
        told.append("P1Y is one year, P6M six months, P30D thirty days.")
    elif column.codelist and "x-open-codelist" in schema:
        told.append("Choose from the list, or write another.")
    elif column.codelist:
        told.append("Choose from the list.")
    elif schema.get("type") == "boolean" or schema.get("const") is True:
        told.append("yes or no.")
    if column.many and not column.codelist:
        told.append("Several: a semicolon between them; one that holds a semicolon in quotation marks.")
    if schema.get("examples") and not column.codelist and "format" not in schema:
        told.append(f"For example: {schema['examples'][0]}")
    return " ".join(part for part in told if part)
