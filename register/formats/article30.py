"""Rows for the records of processing that Article 30 of the GDPR asks controllers and processors to keep.

One row for each party of an agreement that is a controller or joint controller (Article 30(1)) or a processor or
sub-processor (Article 30(2)). What a paragraph does not ask for stays empty and is not counted as lacking.
"""

from collections.abc import Iterable, Iterator

from register.formats.exported import Exported
from register.formats.statutory_rows import (
    NOT_STATED,
    count_missing,
    csv_lines,
    joined,
    name_of_data,
    purposes_of,
    retention_of,
    security_of,
)
from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.upgrades import upgrade

_CONTROLLERS = {"controller", "joint-controller"}
_PROCESSORS = {"processor", "sub-processor"}

_ASKED_OF_CONTROLLERS = {
    "contact": "30(1)(a)",
    "dataProtectionOfficer": "30(1)(a)",
    "purposes": "30(1)(b)",
    "peopleItIsAbout": "30(1)(c)",
    "dataCategories": "30(1)(c)",
    "recipients": "30(1)(d)",
    "transfers": "30(1)(e)",
    "timeLimits": "30(1)(f)",
    "security": "30(1)(g)",
}
_ASKED_OF_PROCESSORS = {
    "contact": "30(2)(a)",
    "dataProtectionOfficer": "30(2)(a)",
    "actsFor": "30(2)(a)",
    "processing": "30(2)(b)",
    "transfers": "30(2)(c)",
    "security": "30(2)(d)",
}
CLAUSES = {"30(1)": _ASKED_OF_CONTROLLERS, "30(2)": _ASKED_OF_PROCESSORS}
"""The columns that each paragraph asks for, with the point that does. Joint controllers are asked for besides."""

COLUMNS = (
    *("agreement", "title", "state", "address", "party", "organisation", "role", "article"),
    *("contact", "dataProtectionOfficer", "jointControllers", "actsFor", "purposes", "peopleItIsAbout"),
    *("dataCategories", "processing", "recipients", "transfers", "timeLimits", "security", NOT_STATED),
)

_NO_PROCESSING = {"proposed", "rejected"}


def write_article30(exported: Iterable[Exported], organisation: str | None = None) -> Iterator[str]:
    """The rows as CSV, line by line: of all parties, or of those that are one organisation (its short name)."""
    rows = (
        row
        for one in exported
        if one.standing not in _NO_PROCESSING
        for row in article30_rows(one)
        if organisation in {None, row["organisation"]}
    )
    return csv_lines(COLUMNS, rows)


def article30_rows(exported: Exported) -> Iterator[dict[str, str]]:
    """The rows of one agreement, in the order of its parties."""
    document = upgrade(exported.document)
    for party, slug in zip(document["parties"], exported.organisations, strict=True):
        role = party.get("dataProtectionRole")
        if role not in _CONTROLLERS | _PROCESSORS:
            continue
        article = "30(1)" if role in _CONTROLLERS else "30(2)"
        told = _controller(document, party) if role in _CONTROLLERS else _processor(document, party)
        asked = [*CLAUSES[article], *(["jointControllers"] if role == "joint-controller" else [])]
        yield {
            "agreement": exported.id,
            "title": document["title"],
            "state": title_of("agreement-state", exported.state),
            "address": exported.address,
            "party": party["name"],
            "organisation": slug or party.get("organisation", ""),
            "role": title_of("data-protection-role", role),
            "article": article,
            **told,
            NOT_STATED: count_missing(told, asked),
        }


def _both(document: Json, party: Json) -> dict[str, str]:
    return {
        "contact": party.get("contact", ""),
        "dataProtectionOfficer": party.get("dpoContact", ""),
        "transfers": joined(map(_transfer, document.get("internationalTransfers", ()))),
        "security": security_of(document),
    }


def _controller(document: Json, party: Json) -> dict[str, str]:
    others = [other for other in document["parties"] if other is not party]
    joint = party["dataProtectionRole"] == "joint-controller"
    links = _links(document, party["name"])
    return {
        **_both(document, party),
        "jointControllers": joined(_named(others, {"joint-controller"})) if joint else "",
        "purposes": purposes_of(document),
        "peopleItIsAbout": joined(_people(link) for link in links),
        "dataCategories": joined(_categories(link) for link in links),
        "recipients": joined(_recipients(document, party, others)),
        "timeLimits": retention_of(document),
    }


def _processor(document: Json, party: Json) -> dict[str, str]:
    others = [other for other in document["parties"] if other is not party]
    terms = document.get("processorTerms", {})
    served = party.get("functionServed", {})
    return {
        **_both(document, party),
        "actsFor": joined(_named(others, _CONTROLLERS)),
        "processing": joined([served.get("text"), terms.get("subjectMatter"), document.get("postProcessing")]),
    }


def _named(parties: Iterable[Json], roles: set[str]) -> Iterator[str]:
    """The parties with these roles, each with the mailbox it gives."""
    for party in parties:
        if party.get("dataProtectionRole") in roles:
            yield joined([party["name"], f"<{party['contact']}>" if "contact" in party else ""], " ")


def _links(document: Json, name: str) -> list[Json]:
    """The datasets that a party sends or gets; those of flows that do not say who, too. Without any, all."""
    flows = document.get("flows", [])
    its = [flow for flow in flows if name in {flow.get("from"), flow.get("to")} or not {"from", "to"} <= flow.keys()]
    return [link for flow in its or flows for link in flow.get("datasets", ())]


def _people(link: Json) -> str:
    return joined(
        joined(
            [title_of("data-subject-groups", people["group"]) if "group" in people else "", people.get("description")],
            ": ",
        )
        for people in link.get("dataSubjects", ())
    )


def _categories(link: Json) -> str:
    """The kinds of the data; items without a kind by their names, and a dataset without items by its own."""
    items = [
        title_of("personal-data-category", item["category"]) if "category" in item else item["name"]
        for item in link.get("dataItems", ())
    ]
    return joined(items) or name_of_data(link)


def _recipients(document: Json, party: Json, others: Iterable[Json]) -> Iterator[str]:
    """Who gets the data from a party: by its flows, as a processor, or as a further recipient."""
    for flow in document.get("flows", ()):
        if flow.get("from") == party["name"] and "to" in flow:
            yield flow["to"]
    yield from (other["name"] for other in others if other.get("dataProtectionRole") in _PROCESSORS)
    for recipient in party.get("otherRecipients", ()):
        yield "No others" if recipient.get("none") else recipient["name"]


def _transfer(transfer: Json) -> str:
    if transfer.get("none"):
        return "None"
    country, safeguard = transfer.get("country"), transfer.get("safeguard")
    return joined(
        [
            title_of("country", country) if country else "",
            transfer.get("recipient"),
            title_of("transfer-safeguard", safeguard) if safeguard else "",
            transfer.get("text"),
        ],
        ", ",
    )
