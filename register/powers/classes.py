"""Classes of bodies, as laws and lists of them name them: which organisations one holds for certain, which it cannot.

A law seldom names a council; it says “a district council in England”. What class a council is of is read from the
area it serves, the register it stands in and its name, and where these leave several classes open, all of them must
be listed before it counts as listed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.organisations.record import fold_name
from schemas.canonical import Json

COUNTY_ENGLAND = "county-council-england"
DISTRICT_ENGLAND = "district-council-england"
LONDON_BOROUGH = "london-borough-council"
COUNTY_WALES = "county-council-wales"
COUNTY_BOROUGH_WALES = "county-borough-council-wales"
SCOTLAND = "council-scotland"

_WORDINGS: Mapping[str, str] = {
    "a county council in england": COUNTY_ENGLAND,
    "a district council in england": DISTRICT_ENGLAND,
    "a london borough council": LONDON_BOROUGH,
    "a county council in wales": COUNTY_WALES,
    "a county borough council in wales": COUNTY_BOROUGH_WALES,
}
_SCOTTISH = "a council constituted under section 2 of the local government etc scotland act 1994"

_AREAS: Mapping[str, frozenset[str]] = {
    "E06": frozenset({COUNTY_ENGLAND, DISTRICT_ENGLAND}),
    "E07": frozenset({DISTRICT_ENGLAND}),
    "E08": frozenset({DISTRICT_ENGLAND}),
    "E09": frozenset({LONDON_BOROUGH}),
    "E10": frozenset({COUNTY_ENGLAND}),
    "W06": frozenset({COUNTY_WALES, COUNTY_BOROUGH_WALES}),
    "S12": frozenset({SCOTLAND}),
}
"""The classes that a council may be of, by the first part of the code of its area. Unitary ones may be of two."""

_SPECIAL_AREAS = frozenset({"E09000001", "E06000053"})
"""The City of London and the Isles of Scilly, which laws name by themselves."""

_LISTS: Mapping[str, str] = {"local-authority-eng": "GB-ENG", "principal-local-authority": "GB-WLS"}
_ENGLAND = frozenset({COUNTY_ENGLAND, DISTRICT_ENGLAND, LONDON_BOROUGH})
_WALES = frozenset({COUNTY_WALES, COUNTY_BOROUGH_WALES})
_BEFORE_OFFICE = ("secretary of state for the ", "secretary of state for ", "minister for the ", "minister for ")
_BEFORE_DEPARTMENT = ("department for the ", "department for ", "department of ", "ministry of ")


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What is known here of an organisation that decides on classes; `parent` is the short name of a body above it."""

    slug: str
    name: str
    kind: str | None = None
    jurisdiction: str | None = None
    area: str | None = None
    parent: str | None = None


def plain_name(name: str) -> str:
    """What two ways of writing one body's name have in common: also “The” before and “Limited” behind do not count."""
    folded = fold_name(name).removeprefix("the ")
    return folded.removesuffix(" limited").removesuffix(" ltd").strip()


def department_of(office: str) -> str:
    """What a minister's office and its department share in their names; empty where it is no minister's office."""
    folded = fold_name(office)
    for before in _BEFORE_OFFICE:
        if folded.startswith(before):
            return folded.removeprefix(before)
    return ""


def subject_of(department: str) -> str:
    """What a department's name says it is for: “Department for Work and Pensions” is for work and pensions."""
    folded = plain_name(department)
    for before in _BEFORE_DEPARTMENT:
        if folded.startswith(before):
            return folded.removeprefix(before)
    return folded


def class_in_words(name: str) -> str:
    """The class that a wording of a law names; empty where it is none that is known here."""
    folded = fold_name(name)
    return SCOTLAND if folded.startswith(_SCOTTISH) else _WORDINGS.get(folded, "")


def council_classes(party: Json, body: OrganisationFacts | None) -> frozenset[str]:
    """The classes of councils that a party may be of; it is of one of them. Empty where it is not known to be one."""
    area = body.area if body else None
    if area:
        return frozenset() if area in _SPECIAL_AREAS else _AREAS.get(area[:3], frozenset())
    country = _council_of(party, body)
    name = fold_name(body.name if body else party.get("name", ""))
    if not _is_principal(name):
        return frozenset()
    if country == "GB-WLS":
        return _WALES
    if country == "GB-ENG":
        if name.endswith(" county council"):
            return frozenset({COUNTY_ENGLAND})
        return frozenset({LONDON_BOROUGH}) if name.startswith("london borough of ") else _ENGLAND
    return frozenset({SCOTLAND}) if country == "GB-SCT" else frozenset()


def _council_of(party: Json, body: OrganisationFacts | None) -> str:
    """The country of a council; empty for any other body."""
    if body and body.kind == "local-authority" and body.jurisdiction:
        return body.jurisdiction
    lists = [_LISTS[one["scheme"]] for one in party.get("identifiers", ()) if one.get("scheme") in _LISTS]
    return lists[0] if lists else ""


def _is_principal(name: str) -> bool:
    """Whether a name is that of a council of a county, district or borough, not of some other local body."""
    others = ("combined authority", "corporation", "fire", "scilly", "greater london authority", "national park")
    return not any(word in name for word in others)


def may_be_in_class(
    name: str, members: Mapping[str, str] | None, party: Json, body: OrganisationFacts | None
) -> bool | None:
    """Whether a class holds a party: yes, no, or None where nobody can tell from what is known here.

    `members` says it outright where a registrar wrote it down: the `kind` and the `jurisdiction` of every member.
    """
    if members:
        return _has(members, body)
    code = class_in_words(name)
    if not code or body is None or body.kind is None:
        return None
    if body.kind != "local-authority":
        return False
    classes = council_classes(party, body)
    if classes == {code}:
        return True
    return False if classes and code not in classes else None


def _has(members: Mapping[str, str], body: OrganisationFacts | None) -> bool | None:
    if body is None:
        return None
    answers: list[bool | None] = []
    if "kind" in members:
        answers.append(None if body.kind is None else body.kind == members["kind"])
    if "jurisdiction" in members:
        place = body.jurisdiction
        answers.append(None if place is None else f"{place}-".startswith(f"{members['jurisdiction']}-"))
    if False in answers:
        return False
    return True if answers and None not in answers else None
