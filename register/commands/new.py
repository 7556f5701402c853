"""`gazette register new`: an agreement written by answering questions, or a form of it to fill in elsewhere."""

import contextlib
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import make_url

from catalogue.commands.context import CommandContext
from catalogue.commands.place import server_of, with_place
from register.checks.record import COMPLETE, check_submission
from register.checks.tables import tables_for
from register.commands.checking_text import counted, next_steps, problems_as_text
from register.commands.connection import open_register_api
from register.formats.workbook_template import write_template
from register.forms.draft_file import DraftFile, open_draft, write_whole
from register.forms.interview import Interview
from register.forms.lookup import ApiLookup, DatabaseLookup, Lookup, NoLookup
from register.forms.order import WRITTEN_BY_ITSELF
from register.forms.places import leaves_of, pattern_of
from register.forms.template import template
from register.forms.wording import wrapped
from schemas.bundle import AGREEMENT_VERSION
from schemas.errors import GazetteError, Refused
from schemas.problems import Problem
from schemas.profiles import profile_names
from schemas.record_file import FileRecord, read_record_file

with contextlib.suppress(ImportError):  # arrow keys and pasted lines, where the system has them
    import readline  # noqa: F401

_PROFILES = profile_names(AGREEMENT_VERSION)
_USUAL_NAME = "agreement.yaml"
_WIDEST = 80

_HOW = """\
Type an answer and press Enter. Every answer is saved at once. You may also type:

  Enter alone   to skip a question
  ?             to have it explained
  <             to go back to the question before
  q             to stop; what you answered is kept
"""


class CommandTerminal:
    """The terminal, or the pipe, that the command was started in."""

    def say(self, text: str = "") -> None:
        """Write a paragraph, broken to the width of the terminal."""
        click.echo(wrapped(text, min(shutil.get_terminal_size().columns, _WIDEST)))

    def ask(self, prompt: str) -> str:
        """One line. Raises EOFError at the end of the input, KeyboardInterrupt on Ctrl-C."""
        return input(prompt)


@click.command("new")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    metavar="PROFILE",
    type=click.Choice(_PROFILES),
    help="Ask for what a law or body wants too; may be repeated. With --template or --xlsx: only what it wants. "
    f"One of: {', '.join(_PROFILES)}.",
)
@click.option("--template", "as_template", is_flag=True, help="Write a form in YAML to fill in with an editor instead.")
@click.option("--xlsx", "as_workbook", is_flag=True, help="Write a spreadsheet to fill in instead.")
@with_place
def new_command(
    context: CommandContext, file: Path | None, profiles: tuple[str, ...], *, as_template: bool, as_workbook: bool
) -> None:
    """Write an agreement by answering questions, one by one.

    The answers are saved into FILE (YAML) as you go. Stop whenever you like: the same command with the same FILE goes
    on where you stopped. Organisations, datasets and powers are looked up by name on the server, or in the data
    folder where there is one.

    Example: gazette register new agreement.yaml
    """
    if as_template and as_workbook:
        raise click.UsageError("Give either --template or --xlsx.")
    if as_workbook:
        _write_workbook(context, file, profiles)
    elif as_template:
        _write_template(context, file, profiles)
    else:
        _hold_interview(context, file or _chosen_file(), [COMPLETE, *profiles])


def _write_workbook(context: CommandContext, file: Path | None, profiles: Sequence[str]) -> None:
    if file is None or file.suffix.casefold() != ".xlsx":
        raise click.UsageError("Name the FILE that the spreadsheet is written into; its name ends in .xlsx.")
    _write_new(file, write_template(profiles))
    click.echo(f"{file} is written. Fill it in with a spreadsheet program, save it, and then type:", err=True)
    _say_check(context, file, profiles)


def _write_template(context: CommandContext, file: Path | None, profiles: Sequence[str]) -> None:
    if file is None:
        click.echo(template(profiles), nl=False)
        return
    _refuse_other_kinds(file)
    _write_new(file, template(profiles).encode())
    click.echo(f"{file} is written. Fill it in with an editor, and then type:", err=True)
    _say_check(context, file, profiles)


def _say_check(context: CommandContext, file: Path, profiles: Sequence[str]) -> None:
    asked = "".join(f" --profile {profile}" for profile in dict.fromkeys([COMPLETE, *profiles]))
    click.echo(f"    {context.typed(f'gazette register check {shlex.quote(str(file))}{asked}')}", err=True)


def _write_new(file: Path, content: bytes) -> None:
    if file.exists():
        raise Refused(f"{file} is there already; nothing was changed.", "Give another name.")
    write_whole(file, content)


def _refuse_other_kinds(file: Path) -> None:
    if file.suffix.casefold() in {".json", ".jsonl", ".xlsx", ".csv"}:
        raise click.UsageError(f"“{file.name}” is no name for a YAML file: let it end in .yaml.")


def _chosen_file() -> Path:
    click.echo("The answers are saved into a file.")
    try:
        typed = input(f"Name of the file, or Enter for {_USUAL_NAME}: ").strip()
    except (EOFError, KeyboardInterrupt):
        click.echo()
        raise click.UsageError("Name the FILE to save the answers into.") from None
    return Path(typed or _USUAL_NAME)


def _hold_interview(context: CommandContext, file: Path, profiles: Sequence[str]) -> None:
    _refuse_other_kinds(file)
    draft = open_draft(file)
    terminal = CommandTerminal()
    terminal.say(f"Writing an agreement into {file}.")
    terminal.say(_going_on(draft))
    terminal.say(_HOW)
    lookup = lookup_of(context, terminal)
    ended = Interview(draft, profiles, terminal, lookup, context.clock().date()).run()
    terminal.say()
    asked = "".join(f" --profile {name}" for name in dict.fromkeys(profiles) if name != COMPLETE)
    again = context.typed(f"gazette register new {shlex.quote(str(file))}{asked}")
    if not ended:
        kept = f"Stopped. Your answers are kept in {file}." if file.exists() else "Stopped. Nothing was answered yet."
        click.echo(kept)
        click.echo(f"To go on, type: {again}")
        return
    _say_what_is_wanted(context, draft, lookup, profiles, again)


def _going_on(draft: DraftFile) -> str:
    answered = sum(pattern_of(path) not in WRITTEN_BY_ITSELF for path in leaves_of(draft.document))
    return f"It holds {counted(answered, 'answer')} already. What is lacking is asked now." if answered else ""


def lookup_of(context: CommandContext, terminal: CommandTerminal) -> Lookup:
    """Where names are looked up: the server, or the database of the data folder; nowhere, which is said, without."""
    if server_of(context.place):
        return ApiLookup(open_register_api(context, context.place))
    reason = "there is no data folder here."
    address = context.settings.database_url
    try:
        if not address.startswith("sqlite") or Path(make_url(address).database or "").is_file():
            return DatabaseLookup(context.database)
    except GazetteError as error:
        reason = f"{error.message[0].lower()}{error.message[1:]}"
    terminal.say(f"Names of organisations, datasets and powers cannot be looked up: {reason} Type them in full.")
    return NoLookup()


def _say_what_is_wanted(
    context: CommandContext, draft: DraftFile, lookup: Lookup, profiles: Sequence[str], again: str
) -> None:
    file = str(draft.place)
    problems = _problems(context, draft, lookup, profiles)
    record = _record(draft)
    rows: list[dict[str, Any]] = [
        {
            "file": file,
            "place": "",
            "line": record.line_of(problem.pointer) if record else None,
            "cell": None,
            **{name: getattr(problem, name) for name in _PROBLEM},
        }
        for problem in problems
    ]
    errors = [row for row in rows if row["severity"] == "error"]
    click.echo(problems_as_text(sorted(rows, key=lambda row: row["severity"] != "error")), nl=False)
    click.echo("That was everything." if errors else f"That was everything. {file} is complete.")
    if errors:
        click.echo(f"{counted(len(errors), 'thing')} {'is' if len(errors) == 1 else 'are'} still wanted.")
        click.echo(f"To answer what was left out, type: {again}")
    for step in next_steps({file: [draft.document]}, {file} if errors else set(), profiles):
        click.echo(step.replace("gazette register", context.typed("gazette register")))


def _problems(context: CommandContext, draft: DraftFile, lookup: Lookup, profiles: Sequence[str]) -> list[Problem]:
    """Every problem of the record, as the register finds them in which names were looked up."""
    tables = None
    if isinstance(lookup, ApiLookup):
        (told,) = lookup.register.check([draft.document], list(dict.fromkeys(profiles)))
        return [Problem(**{"pointer": "", **problem}) for problem in told]
    if isinstance(lookup, DatabaseLookup):
        with lookup.database.read() as session:
            tables = tables_for(session, [draft.document])
    return check_submission(draft.document, tables, profiles=profiles, today=context.clock().date())


_PROBLEM = ("severity", "title", "pointer", "message", "advice", "clause")


def _record(draft: DraftFile) -> FileRecord | None:
    return read_record_file(draft.place.read_bytes(), draft.place.name)[0] if draft.place.exists() else None
