"""Groups of people that data is about: broader and narrower, children and vulnerable people marked.

The codelist `data-subject-groups` is the table; its top codes are the situations in life that people choose from.
"""

from dataclasses import dataclass
from functools import cache

from schemas.codelist_tables import codelist_rows

LIST = "data-subject-groups"


@dataclass(frozen=True, slots=True)
class SubjectGroup:
    """A group of people: `broader` is the code of the group around it, "" for a situation in life."""

    code: str
    title: str
    broader: str
    vulnerable: bool
    children: bool


@cache
def subject_groups() -> dict[str, SubjectGroup]:
    """All groups by their codes, in the list's order."""
    return {
        row["code"]: SubjectGroup(
            code=row["code"],
            title=row["title"],
            broader=row.get("broader", ""),
            vulnerable=row.get("vulnerable") == "yes",
            children=row.get("children") == "yes",
        )
        for row in codelist_rows(LIST)
    }


def life_situations() -> list[SubjectGroup]:
    """The groups with none around them: what people choose from to find agreements about people like them."""
    return [group for group in subject_groups().values() if not group.broader]


def groups_around(code: str) -> list[str]:
    """A group's own code and those of the groups around it, outwards. Raises KeyError for a code not in the list."""
    groups = subject_groups()
    found = [code]
    while broader := groups[found[-1]].broader:
        found.append(broader)
    return found


def groups_within(code: str) -> list[str]:
    """A group's own code and those of all groups inside it, in the list's order. Raises KeyError as above."""
    subject_groups()[code]
    return [inner for inner in subject_groups() if code in groups_around(inner)]
