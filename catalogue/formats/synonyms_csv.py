"""Synonyms in a CSV file (RFC 4180), a pair in each row."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from catalogue.formats.json_file import decoded
from catalogue.search.synonyms_record import SynonymDetails, SynonymRead
from schemas.errors import InvalidInput
from schemas.problems import Problem

COLUMNS: Mapping[str, str] = {
    "typed": "the word or words that readers type",
    "also": "what is searched for beside them",
    "both_ways": "yes (also where it is left out) or no: whether it holds the other way round too",
}
"""The columns that are read, and what stands in them."""

_YES = {"", "yes", "true", "1"}
_NO = {"no", "false", "0"}


def read_synonyms_csv(data: bytes, name: str) -> Sequence[SynonymRead]:
    """Every pair of a CSV file. Columns may stand in any order; others, as a listing has them, are passed over.

    Raises InvalidInput where the file is no CSV or lacks a column.
    """
    rows = csv.DictReader(io.StringIO(decoded(data, name), newline=""), restkey="", strict=True)
    try:
        rows.fieldnames = [heading.strip() for heading in rows.fieldnames or []]
        missing = [column for column in ("typed", "also") if column not in rows.fieldnames]
        if missing:
            raise InvalidInput(f"{name} has no column “{missing[0]}”.", f"The columns are: {', '.join(COLUMNS)}.")
        return list(_reads(rows))
    except csv.Error as error:
        message = f"{name} is not CSV: line {rows.line_num}: {error}."
        raise InvalidInput(message, "Write each value with commas or line ends in quotation marks.") from None


def _reads(rows: "csv.DictReader[str]") -> Iterator[SynonymRead]:
    for row in rows:
        place = f"line {rows.line_num}"
        both = (row.get("both_ways") or "").strip().casefold()
        if "" in row:
            problem = Problem("", "The row has more values than the file has columns.", "Quote values with commas.")
            yield SynonymRead(place, None, (problem,))
        elif both not in _YES | _NO:
            problem = Problem("/both_ways", f"“{both[:60]}” is neither yes nor no.", "Write yes or no.")
            yield SynonymRead(place, None, (problem,))
        else:
            yield SynonymRead(place, SynonymDetails(row["typed"] or "", row["also"] or "", both in _YES))
