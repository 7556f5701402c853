"""How many datasets an export holds, and what could not be told in its format: for the export's head."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalogue.formats.converted import Written


@dataclass(frozen=True, slots=True)
class Counted:
    """Datasets in an export, datasets and parts of them left out of it, and descriptions that were stood in for."""

    datasets: int = 0
    left_out: int = 0
    stand_ins: int = 0
    nodes_left_out: int = 0

    def sentence(self, format_name: str) -> str:
        """The counts in words."""
        said = [f"Datasets in {format_name}: {self.datasets:,}."]
        if self.left_out:
            said.append(f"Left out because they cannot be valid in it: {self.left_out:,}.")
        if self.nodes_left_out:
            said.append(f"Parts left out because they lack what it requires: {self.nodes_left_out:,}.")
        if self.stand_ins:
            said.append(f"Descriptions that the publisher did not give: {self.stand_ins:,}.")
        return " ".join(said)

    def as_json(self) -> dict[str, int]:
        """The counts as numbers."""
        return {
            "datasets": self.datasets,
            "datasetsLeftOut": self.left_out,
            "partsLeftOut": self.nodes_left_out,
            "standIns": self.stand_ins,
        }


def counted(results: Iterable[Written[Any]]) -> Counted:
    """Count the results of a writer. What a dataset that is left out lacks in its parts is not counted again."""
    datasets = left_out = stand_ins = nodes_left_out = 0
    for result in results:
        if result.node is None:
            left_out += 1
            continue
        datasets += 1
        stand_ins += result.stand_ins
        nodes_left_out += result.nodes_left_out
    return Counted(datasets, left_out, stand_ins, nodes_left_out)
