"""Files that commands are given: one record in JSON or YAML, and its problems told with their lines."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from ruamel.yaml import YAML

from schemas.canonical import Json
from schemas.errors import InvalidInput, InvalidRecord
from schemas.record_file import FileRecord, read_record_file

STDIN = "-"

file_argument = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
"""A file, or - for what is piped in."""


def read_one(file: Path, what: str = "record") -> FileRecord:
    """The one record of a file. Raises UsageError where it is not there, InvalidInput where it is not one record."""
    if str(file) != STDIN and not file.exists():
        raise click.UsageError(f"The file “{file}” is not there.")
    content = sys.stdin.buffer.read() if str(file) == STDIN else file.read_bytes()
    records = read_record_file(content, str(file))
    if len(records) != 1:
        raise InvalidInput(f"{file} holds {len(records)} records; this takes one {what}.", "Give one file for each.")
    if not isinstance(records[0].value, dict):
        raise InvalidInput(f"{file} holds no {what}.", "Write fields, each with a name and a value.")
    return records[0]


def document_of(record: FileRecord) -> Json:
    """The record's value. What “gazette register show --format json” writes around a deal is taken off."""
    value: Json = record.value
    if isinstance(value.get("document"), dict) and "newestVersion" in value:
        inner: Json = value["document"]
        return inner
    return value


@contextmanager
def with_lines(file: Path, record: FileRecord) -> Iterator[None]:
    """Tell the problems of a record with the lines of its file. Raises InvalidInput in place of InvalidRecord."""
    try:
        yield
    except InvalidRecord as error:
        for problem in error.problems:
            line = record.line_of(problem.pointer)
            click.echo(f"{file}{f', line {line}' if line else ''}: {problem}", err=True)
        raise InvalidInput(error.message, error.advice or "Mend these and try again; nothing was kept.") from None


def yaml_text(document: Json, heading: str) -> str:
    """A record as YAML to be changed by hand, under a comment that says what it is."""
    yaml = YAML()
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    yaml.dump(document, text)
    return f"# {heading}\n{text.getvalue()}"
