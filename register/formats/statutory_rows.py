"""What the lists that a law asks for have in common: what a deal says, as text for a cell; and CSV made of it. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from schemas.canonical import Json
from schemas.codelists import title_of

NOT_STATED = "notStated"
"""The column that counts what a row should say and its source does not."""


def csv_lines(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """The lines of a CSV file with a heading; no cell can be taken for a formula by a spreadsheet."""
    yield _line(columns)
    for row in rows:
        yield _line([_safe(row.get(column, "")) for column in columns])


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text.lstrip()[:1] in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r", "\n"} else text


def count_missing(row: Mapping[str, str], asked: Iterable[str]) -> str:
    """How many of the columns that are asked for are empty."""
    return str(sum(not row.get(column) for column in asked))


def joined(parts: Iterable[str | None], mark: str = "; ") -> str:
    """The parts that say something, each once, in one cell."""
    return mark.join(dict.fromkeys(part.strip() for part in parts if part and part.strip()))


def labelled(label: str, text: str | None) -> str:
    """A text with what it is; nothing where there is none."""
    return f"{label}: {text}" if text else ""


def coded(group: Json, codes: str) -> str:
    """A code by its title, with the party it is for and the words beside it."""
    title = title_of(codes, group["code"]) if "code" in group else ""
    party = f" ({group['party']})" if "party" in group else ""
    return joined([f"{title}{party}".strip(), group.get("text")], ": ")


def laws_of(document: Json) -> str:
    """The legal powers, and the grounds in data protection law on which the data is processed."""
    powers = [
        joined([power.get("instrument"), power.get("provision"), power.get("title"), power.get("url")], ", ")
        for power in document.get("legalPowers", ())
    ]
    grounds = [coded(ground, "lawful-basis") for ground in document.get("lawfulBasis", ())]
    special = [coded(ground, "special-category-condition") for ground in document.get("specialCategoryCondition", ())]
    offences = document.get("criminalOffenceCondition")
    return joined([*powers, *grounds, *special, coded(offences, "criminal-offence-condition") if offences else ""])


def purposes_of(document: Json) -> str:
    """The purpose in words and by its kinds."""
    kinds = [title_of("purpose-category", code) for code in document.get("purposeCategories", ())]
    return joined([document.get("purpose"), *kinds])


def security_of(document: Json) -> str:
    """The measures of security, by their titles and in words."""
    security = document.get("security", {})
    return joined(
        [
            *(title_of("security-measure", code) for code in security.get("codes", ())),
            labelled("On its way", security.get("transmission")),
            labelled("Where it is kept", security.get("storage")),
            labelled("Access", security.get("access")),
            security.get("text"),
        ]
    )


def retention_of(document: Json) -> str:
    """How long the data, and what is made from it, is kept."""
    retention = document.get("retention", {})
    return joined(
        [
            labelled("Shared data", _kept(retention.get("sharedData", {}))),
            labelled("Derived data", _kept(retention.get("derivedData", {}))),
            retention.get("text"),
        ]
    )


def _kept(keeping: Json) -> str:
    trigger = keeping.get("trigger")
    return joined(
        [
            keeping.get("duration"),
            labelled("counted from", title_of("retention-trigger", trigger).lower() if trigger else None),
            keeping.get("text"),
            labelled("when the agreement ends", keeping.get("afterEnd")),
        ],
        ", ",
    )


def name_of_data(link: Json) -> str:
    """What a dataset that is shared is called, and what it holds."""
    name = link.get("title") or link.get("catalogueId")
    return joined([name, link.get("description")], ": ")
