"""`gazette register submit`, `drafts`, `discard` and `sign`: from a file to the register."""

from pathlib import Path

import click

from catalogue.commands.context import CommandContext
from catalogue.commands.output import format_option, write_listing
from register.api import RegisterApi
from register.commands.connection import with_register
from register.commands.files import document_of, file_argument, read_one, with_lines
from register.commands.told import tell
from register.lifecycle.acting import Act
from register.lifecycle.drafts import is_draft_id
from schemas.canonical import Json

_COLUMNS = (("id", "Draft"), ("revision", "Revision"), ("title", "Title"), ("savedBy", "Saved by"), ("savedAt", "When"))

receipt_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to tell what was done: for people, or JSON for programs.",
)
note_option = click.option("--note", metavar="TEXT", help="What else there is to say, for everybody to read.")


@click.command("submit")
@click.argument("file", metavar="FILE", type=file_argument)
@click.option("--draft", metavar="DRAFT", help="Save it as this draft anew, instead of as a new one.")
@click.option("--proposed", is_flag=True, help="Make it public at once as a proposal, for everybody to comment on.")
@note_option
@receipt_option
@with_register
def submit_command(
    context: CommandContext,
    api: RegisterApi,
    file: Path,
    draft: str | None,
    *,
    proposed: bool,
    note: str | None,
    output_format: str,
) -> None:
    """Save an agreement as a draft of your organisation, once it is complete.

    It is checked against the profile “complete” first. Nobody else sees a draft; signing it puts it into the register.
    With --proposed it becomes public at once (FILE may then be the id of a draft).

    Example: gazette register submit agreement.yaml
    """
    if is_draft_id(str(file)) and not file.exists():
        if not proposed:
            raise click.UsageError(f"{file} is a draft already. Sign it, or make it public with --proposed.")
        tell(context, api, api.publish(str(file), "proposed", _noted(note)), output_format)
        return
    record = read_one(file, "agreement")
    with with_lines(file, record):
        if proposed:
            receipt = api.propose(document_of(record), _noted(note))
        else:
            receipt = api.save_draft(document_of(record), draft)
    tell(context, api, receipt, output_format)


@click.command("drafts")
@format_option
@with_register
def drafts_command(_context: CommandContext, api: RegisterApi, output_format: str) -> None:
    """List the drafts of your organisation, those last saved first.

    Example: gazette register drafts
    """
    write_listing(output_format, _COLUMNS, api.drafts())


@click.command("discard")
@click.argument("draft", metavar="DRAFT")
@with_register
def discard_command(_context: CommandContext, api: RegisterApi, draft: str) -> None:
    """Delete a draft of your organisation. What is public is never deleted.

    Example: gazette register discard draft-0123456789
    """
    api.discard_draft(draft)
    click.echo(f"{draft} is deleted.")


@click.command("sign")
@click.argument("name", metavar="ID")
@click.argument("file", metavar="[FILE]", type=file_argument, required=False)
@note_option
@receipt_option
@with_register
def sign_command(
    context: CommandContext, api: RegisterApi, name: str, file: Path | None, note: str | None, output_format: str
) -> None:
    """Put a draft or a proposal into the register: for an approver of the lead party.

    A proposal may be signed in a changed text: give its FILE.

    Example: gazette register sign draft-0123456789
    """
    if is_draft_id(name):
        if file is not None:
            raise click.UsageError(f"Save the changed text first: gazette register submit {file} --draft {name}")
        receipt = api.publish(name, "signed", _noted(note))
    elif file is None:
        receipt = api.act(name, Act("signed", _noted(note)))
    else:
        record = read_one(file, "agreement")
        with with_lines(file, record):
            receipt = api.act(name, Act("signed", _noted(note), document_of(record)))
    tell(context, api, receipt, output_format)


def _noted(note: str | None) -> Json:
    return {"note": note} if note else {}
