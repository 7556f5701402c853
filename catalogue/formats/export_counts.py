"""What became of every dataset of the catalogue in an export: exported whole, exported with losses, left out."""

from dataclasses import dataclass
from typing import Any

from catalogue.formats.converted import Written
from catalogue.formats.counting import Counted


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """So many datasets were exported whole, with losses, and not at all; together they are all that there were.

    `stand_ins` is how often the published stand-in text stands for what a record does not state, `nodes_left_out` how
    many parts of datasets (a distribution, a contact) lack what the format requires of them, and are not in it.
    """

    whole: int = 0
    with_losses: int = 0
    left_out: int = 0
    stand_ins: int = 0
    nodes_left_out: int = 0

    @property
    def datasets(self) -> int:
        """All datasets that there were to export."""
        return self.whole + self.with_losses + self.left_out

    @property
    def written(self) -> int:
        """The datasets that are in the export."""
        return self.whole + self.with_losses

    @property
    def in_head(self) -> Counted:
        """The counts as the head of an export tells them."""
        return Counted(self.written, self.left_out, self.stand_ins, self.nodes_left_out)

    def and_one(self, written: Written[Any]) -> "ExportCounts":
        """The same with one dataset more."""
        left_out = written.node is None
        lost = bool(written.problems) and not left_out
        return ExportCounts(
            self.whole + (not left_out and not lost),
            self.with_losses + lost,
            self.left_out + left_out,
            self.stand_ins + (0 if left_out else written.stand_ins),
            self.nodes_left_out + (0 if left_out else written.nodes_left_out),
        )

    def summary(self) -> str:
        """The counts in a line, for who asked for the export."""
        noun = "dataset" if self.written == 1 else "datasets"
        return f"{self.written:,} {noun} exported, {self.with_losses:,} with losses, {self.left_out:,} left out"
