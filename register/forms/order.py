"""The order in which an official thinks of an agreement, and which fields are asked for though nothing demands them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from register.forms.fields import Form, agreement_form
from register.forms.places import Path, pattern_of


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the conversation: its heading, and the kinds of place in it, in their order.

    A place deeper in the record may stand here apart from what is around it: which role a party has in data protection
    law is asked with the law, when it is known whether the data is personal.
    """

    title: str
    places: tuple[str, ...]


SECTIONS = (
    Section("The agreement", ("title", "agreementType", "externalIds", "parentAgreement", "relatedAgreements")),
    Section("Who shares", ("parties",)),
    Section("What is shared", ("flows", "scale")),
    Section(
        "Why",
        (
            "summary",
            "purpose",
            "purposeCategories",
            "incompatibleUses",
            "impetus",
            "expectedBenefits",
            "effectOnIndividuals",
            "automatedDecision",
            "adverseActionSafeguards",
            "algorithmRecords",
        ),
    ),
    Section(
        "By what law",
        (
            "legalPowers",
            "jurisdictions",
            "areas",
            "overriddenDuties",
            "parties/*/functionServed",
            "parties/*/dataProtectionRole",
            "jointControllerEssence",
            "processorTerms",
            "lawfulBasis",
            "specialCategoryCondition",
            "criminalOffenceCondition",
            "internationalTransfers",
            "undertakings",
            "principles",
        ),
    ),
    Section(
        "How",
        (
            "frequency",
            "method",
            "linkage",
            "postProcessing",
            "parties/*/otherRecipients",
            "parties/*/sublicensing",
            "onwardRestrictions",
            "security",
        ),
    ),
    Section(
        "How long",
        (
            "signedOn",
            "effectiveFrom",
            "endsOn",
            "endCondition",
            "nextReviewOn",
            "period",
            "retention",
            "disposal",
            "withdrawalProcedure",
        ),
    ),
    Section(
        "Checks",
        (
            "legalReview",
            "dpReview",
            "securityReview",
            "dpia",
            "rightsHandling",
            "complaints",
            "equalityImpact",
            "ethics",
            "cost",
            "documents",
            "withheld",
            "sourceNotes",
            "provenance",
        ),
    ),
)

MEMBERS = {
    "parties/*": "name organisation identifiers flowRole agreementRole joinedOn leftOn contact dpoContact",
    "parties/*/otherRecipients/*": "name organisation identifiers why",
    "flows/*": "from to basis id datasets",
    "flows/*/datasets/*": "title catalogueId uncatalogued description identifiers identifiability sensitivity"
    " dataSubjects subjectsKind dataItems recordsApprox",
    "legalPowers/*": "instrument provision title power url",
    "parentAgreement": "name agreement externalId",
    "relatedAgreements/*": "name agreement externalId relation",
    "documents/*": "url type",
    "expectedBenefits/*": "text who code measure target",
    "areas/*": "name code",
    "security": "codes text",
}
"""The members of a group that come first, where the schema's order is not the one to ask in."""

WRITTEN_BY_ITSELF = frozenset({"id", "schemaVersion", "provenance/source"})
"""What nobody is asked: the register gives the number, and the rest follows from who is asked."""

BESIDES = (
    "parentAgreement/name",
    "relatedAgreements/*/name",
    "flows/*/datasets/*/sensitivity",
    "incompatibleUses/*/code",
    "incompatibleUses/*/text",
    "expectedBenefits/*/measure",
    "legalPowers/*/provision",
    "legalPowers/*/url",
    "lawfulBasis/*/party",
    "jointControllerEssence/contact",
    "internationalTransfers/*/recipient",
    "parties/*/sublicensing/terms",
    "endCondition/text",
    "legalReview/date",
    "legalReview/role",
    "dpReview/date",
    "dpReview/role",
    "securityReview/date",
    "securityReview/role",
    "documents/*/type",
    "rightsHandling/privacyNotices/*/party",
    "provenance/firstSharedOn",
)
"""Fields that are asked for in passing though no profile demands them: most agreements have an answer."""

ONE_IS_ENOUGH = frozenset({"identifiers", "externalIds", "derivedFrom", "algorithmRecords", "sourceNotes", "documents"})
"""Lists whose further items are not asked for."""

_PLACES = [place for section in SECTIONS for place in section.places]


@cache
def member_order(form: Form, pattern: str, path: Path) -> tuple[str, ...]:
    """The members of a group in the order to ask and to write them in."""
    names = form.members(path)
    if not pattern and form is agreement_form():
        top = list(dict.fromkeys(place.partition("/")[0] for place in _PLACES))
        return tuple(sorted(names, key=lambda name: top.index(name) if name in top else -1))
    first = [name for name in MEMBERS.get(pattern, "").split() if name in names]
    others = [name for name in names if name not in first]
    return (*first, *sorted(others, key=lambda name: name == "none"))


def members_in_order(form: Form, path: Path) -> Sequence[str]:
    """The same, for the group at a place."""
    return member_order(form, pattern_of(path), tuple(0 if isinstance(part, int) else part for part in path))


def head_of(form: Form, path: Path) -> str:
    """The member that is asked for first: answering it begins the group, skipping it leaves the group out."""
    return next(name for name in members_in_order(form, path) if name != "none")


def order_key(form: Form, path: Path) -> tuple[int, ...]:
    """Where a place comes in the conversation: keys sort as an official is asked."""
    depth = next(
        (depth for depth in range(len(path), 0, -1) if pattern_of(path[:depth]) in _PLACES),
        0,
    )
    key = [_PLACES.index(pattern_of(path[:depth])) if depth else len(_PLACES)]
    key += [part for part in path[:depth] if isinstance(part, int)]
    for position in range(depth, len(path)):
        part = path[position]
        if isinstance(part, int):
            key.append(part)
        else:
            names = members_in_order(form, path[:position])
            key.append(names.index(part) if part in names else len(names))
    return tuple(key)


def section_number(path: Path) -> int:
    """The section, counted from 0, that a place belongs to."""
    for depth in range(len(path), 0, -1):
        pattern = pattern_of(path[:depth])
        for number, section in enumerate(SECTIONS):
            if pattern in section.places:
                return number
    return len(SECTIONS) - 1
