"""The list of data-sharing arrangements that section 71 of Ireland's Data Sharing and Governance Act 2019 asks for.

A Minister may direct a public body to give a list of all its arrangements "under this or any other enactment" with
eleven things said of each: section 71(2)(a)(i) to (xi). Each has a column here, in that order
(https://www.irishstatutebook.ie/2019/en/act/pub/0005/sec0071.html).
"""

from collections.abc import Iterable, Iterator

from register.formats.exported import Exported
from register.formats.statutory_rows import (
    NOT_STATED,
    count_missing,
    csv_lines,
    joined,
    labelled,
    laws_of,
    name_of_data,
    purposes_of,
    retention_of,
    security_of,
)
from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.upgrades import upgrade

CLAUSES = {
    "participants": "(i)",
    "purpose": "(ii)",
    "function": "(iii)",
    "legalBasis": "(iv)",
    "information": "(v)",
    "processing": "(vi)",
    "restrictions": "(vii)",
    "dpiaSummary": "(viii)",
    "security": "(ix)",
    "retention": "(x)",
    "destruction": "(xi)",
}
"""The column of each subparagraph of section 71(2)(a)."""

COLUMNS = ("agreement", "title", "state", "address", *CLAUSES, NOT_STATED)

_NO_ARRANGEMENT = {"proposed", "rejected"}
"""Standings of what nobody has engaged in."""


def write_section71(exported: Iterable[Exported]) -> Iterator[str]:
    """The list as CSV, line by line; what was only proposed, or rejected, is no arrangement and is left out."""
    rows = (section71_row(one) for one in exported if one.standing not in _NO_ARRANGEMENT)
    return csv_lines(COLUMNS, rows)


def section71_row(exported: Exported) -> dict[str, str]:
    """One arrangement; a cell is empty where its source does not say, and `notStated` counts those of the eleven."""
    document = upgrade(exported.document)
    row = {
        "agreement": exported.id,
        "title": document["title"],
        "state": title_of("agreement-state", exported.state),
        "address": exported.address,
        "participants": joined(party["name"] for party in document["parties"]),
        "purpose": purposes_of(document),
        "function": joined(_functions(document)),
        "legalBasis": laws_of(document),
        "information": joined(_information(document)),
        "processing": document.get("postProcessing", ""),
        "restrictions": document.get("onwardRestrictions", ""),
        "dpiaSummary": _dpia(document.get("dpia", {})),
        "security": security_of(document),
        "retention": retention_of(document),
        "destruction": _destruction(document),
    }
    return {**row, NOT_STATED: count_missing(row, CLAUSES)}


def _functions(document: Json) -> Iterator[str]:
    for party in document["parties"]:
        served = party.get("functionServed", {})
        yield labelled(party["name"], joined([served.get("text"), served.get("statute")], ", "))


def _information(document: Json) -> Iterator[str]:
    for flow in document.get("flows", ()):
        direction = " to ".join(flow[end] for end in ("from", "to") if end in flow)
        for link in flow.get("datasets", ()):
            items = joined((item["name"] for item in link.get("dataItems", ())), ", ")
            yield labelled(direction, told) if direction and (told := _told(link, items)) else _told(link, items)


def _told(link: Json, items: str) -> str:
    return joined([name_of_data(link), f"[{items}]" if items else ""], " ")


def _dpia(dpia: Json) -> str:
    summary = dpia.get("summary", {})
    status = dpia.get("status")
    return joined(
        [
            title_of("dpia-status", status) if status else "",
            labelled("What is done", summary.get("description")),
            labelled("Need and proportion", summary.get("necessity")),
            labelled("Risks", summary.get("risks")),
            labelled("Measures", summary.get("measures")),
            summary.get("text"),
            labelled("Why none was made", dpia.get("reason")),
            dpia.get("url"),
        ]
    )


def _destruction(document: Json) -> str:
    disposal = document.get("disposal", {})
    method = disposal.get("method")
    return joined([title_of("disposal-method", method) if method else "", disposal.get("text")], ": ")
