"""The loss report of an export: for every dataset whether it is in it, and what the format does not carry.

As JSON Lines: a line for each dataset, and the totals on the last one. As CSV: a row for each loss, one with an empty
`pointer` for a dataset without losses and for one that is left out, and the totals in the last rows.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from catalogue.formats.converted import Written
from catalogue.formats.export_counts import ExportCounts
from catalogue.formats.exported import DatasetRecord
from catalogue.formats.members import with_stated
from catalogue.formats.plain_table import MARK, table_cell, table_line
from schemas.canonical import Json
from schemas.problems import Problem

COLUMNS = ("id", "slug", "title", "address", "outcome", "pointer", "member", "sentence")


class Fate(StrEnum):
    """What became of a dataset in an export."""

    WHOLE = "exported"
    WITH_LOSSES = "exported with losses"
    LEFT_OUT = "left out"


def fate_of(written: Written[Any]) -> Fate:
    """What became of a dataset."""
    if written.node is None:
        return Fate.LEFT_OUT
    return Fate.WITH_LOSSES if written.problems else Fate.WHOLE


def report_line(record: DatasetRecord, written: Written[Any]) -> str:
    """A dataset in JSON Lines, the end of the line included."""
    return _json_line(
        {
            "id": record.number,
            "slug": record.slug,
            "title": record.document["title"],
            "address": record.address,
            "outcome": str(fate_of(written)),
            **with_stated(standIns=written.stand_ins or None, partsLeftOut=written.nodes_left_out or None),
            "losses": [_loss(problem) for problem in _in_order(written)],
        }
    )


def report_rows(record: DatasetRecord, written: Written[Any]) -> str:
    """A dataset in CSV: a row for each loss, or one where there is none."""
    first = (record.number, record.slug, record.document["title"], record.address, str(fate_of(written)))
    return _csv_rows(
        [(*first, problem.pointer, problem.title, _sentence(problem)) for problem in _in_order(written)]
        or [(*first, "", "", "")]
    )


def _totals_line(format_name: str, counts: ExportCounts) -> str:
    return _json_line({"totals": {"format": format_name, **totals(counts), "sentence": f"{counts.summary()}."}})


def _report_head() -> str:
    return MARK + _csv_rows([COLUMNS])


def _totals_rows(counts: ExportCounts) -> str:
    return _csv_rows([("", "", "", "", "total", "", name, str(number)) for name, number in totals(counts).items()])


def totals(counts: ExportCounts) -> Json:
    """The totals by their names."""
    return {
        "datasets": counts.datasets,
        "exported": counts.whole,
        "exportedWithLosses": counts.with_losses,
        "leftOut": counts.left_out,
        "standIns": counts.stand_ins,
        "partsLeftOut": counts.nodes_left_out,
    }


def _in_order(written: Written[Any]) -> list[Problem]:
    """Why the whole dataset is left out, then what is lost of it."""
    return sorted(written.problems, key=lambda problem: problem.severity != "error")


def _loss(problem: Problem) -> Json:
    return {"pointer": problem.pointer, "member": problem.title, "sentence": _sentence(problem)}


def _sentence(problem: Problem) -> str:
    return f"{problem.message} {problem.advice}".strip()


def _json_line(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _csv_rows(rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(table_line(map(table_cell, row)) for row in rows)


@dataclass(slots=True)
class Tally:
    """Counts an export as it is made, and writes its loss report where there is to be one.

    `write` takes the report's text piece by piece; `as_csv` says in which form. `begin` comes before the first dataset,
    `told` is called for each, `end` after the last.
    """

    format_name: str
    write: Callable[[str], object] | None = None
    as_csv: bool = False
    counts: ExportCounts = field(default_factory=ExportCounts)

    def begin(self) -> None:
        """The head of the report."""
        if self.write is not None and self.as_csv:
            self.write(_report_head())

    def told(self, record: DatasetRecord, written: Written[Any]) -> None:
        """A dataset, and what became of it."""
        self.counts = self.counts.and_one(written)
        if self.write is not None:
            self.write(report_rows(record, written) if self.as_csv else report_line(record, written))

    def end(self) -> None:
        """The totals of the report."""
        if self.write is not None:
            self.write(_totals_rows(self.counts) if self.as_csv else _totals_line(self.format_name, self.counts))
