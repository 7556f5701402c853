"""`gazette register amend`, `correct`, `accede` and `leave`: new versions of an agreement."""

from pathlib import Path

import click

from catalogue.commands.context import CommandContext
from register.api import RegisterApi
from register.commands.connection import with_register
from register.commands.files import document_of, file_argument, read_one, with_lines
from register.commands.submitting import note_option, receipt_option
from register.commands.told import tell
from register.lifecycle.acting import Act
from schemas.canonical import Json

version_read = click.option(
    "--from-version",
    type=click.IntRange(min=1),
    metavar="N",
    help="The version that the file was made from: refused where the record has gone on since.",
)


@click.command("amend")
@click.argument("name", metavar="ID")
@click.argument("file", metavar="[FILE]", type=file_argument, required=False)
@click.option("--reason", metavar="TEXT", help="Why the deal changes.")
@click.option("--effective", metavar="DATE", help="The first day on which the change applies (YYYY-MM-DD).")
@click.option("--propose", is_flag=True, help="Only propose it: for an approver of any party.")
@click.option("--agree", is_flag=True, help="Agree to the amendment that is proposed; no FILE is needed.")
@version_read
@note_option
@receipt_option
@with_register
def amend_command(
    context: CommandContext,
    api: RegisterApi,
    name: str,
    file: Path | None,
    reason: str | None,
    effective: str | None,
    *,
    propose: bool,
    agree: bool,
    from_version: int | None,
    note: str | None,
    output_format: str,
) -> None:
    """Change the deal: FILE holds the whole agreement as it is to be. For an approver of the lead party.

    Where the deal stays and only the record was wrong, correct it instead.

    Example: gazette register amend dg-3 new.yaml --reason "A second year"
    """
    if agree == (file is not None) or (agree and propose):
        raise click.UsageError("Give the changed agreement as FILE, or --agree to take the one that is proposed.")
    event = "amendment-proposed" if propose else "amended"
    details = _said(reason=reason, note=note, effectiveFrom=None if propose else effective)
    if file is None:
        tell(context, api, api.act(name, Act(event, details)), output_format)
    else:
        _act_with_file(context, api, name, Act(event, details, on_version=from_version), file, output_format)


@click.command("correct")
@click.argument("name", metavar="ID")
@click.argument("file", metavar="FILE", type=file_argument)
@click.option("--reason", metavar="TEXT", required=True, help="What was wrong in the record.")
@version_read
@note_option
@receipt_option
@with_register
def correct_command(
    context: CommandContext,
    api: RegisterApi,
    name: str,
    file: Path,
    reason: str,
    from_version: int | None,
    note: str | None,
    output_format: str,
) -> None:
    """Correct the record where it was wrong and the deal did not change. For an approver of any party.

    Example: gazette register correct dg-3 new.yaml --reason "Wrong end date"
    """
    act = Act("corrected", _said(reason=reason, note=note), on_version=from_version)
    _act_with_file(context, api, name, act, file, output_format)


@click.command("accede")
@click.argument("name", metavar="ID")
@click.argument("organisation", metavar="ORGANISATION")
@click.argument("file", metavar="[FILE]", type=file_argument, required=False)
@click.option("--on", "day", metavar="DATE", help="The day it joins (YYYY-MM-DD); today where it is left out.")
@note_option
@receipt_option
@with_register
def accede_command(
    context: CommandContext,
    api: RegisterApi,
    name: str,
    organisation: str,
    file: Path | None,
    day: str | None,
    note: str | None,
    output_format: str,
) -> None:
    """Let a further organisation join as a party. For an approver of the lead party.

    ORGANISATION is its short name (see “gazette organisations list”). FILE holds the party as it stands under
    “parties” of an agreement: its roles, contact and so on.

    Example: gazette register accede dg-3 leeds-city-council party.yaml --on 2026-04-01
    """
    party: Json = read_one(file, "party").value if file else {}
    title = party.get("name") or _name_of(api, organisation)
    details = _said(organisation=organisation, name=title, joinedOn=day or _today(context), note=note)
    document = {"parties": [{**party, "name": title}]} if party else None
    tell(context, api, api.act(name, Act("party-acceded", details, document)), output_format)


@click.command("leave")
@click.argument("name", metavar="ID")
@click.argument("organisation", metavar="ORGANISATION")
@click.option("--on", "day", metavar="DATE", help="The day it leaves (YYYY-MM-DD); today where it is left out.")
@click.option("--reason", metavar="TEXT", help="Why it leaves.")
@receipt_option
@with_register
def leave_command(
    context: CommandContext,
    api: RegisterApi,
    name: str,
    organisation: str,
    day: str | None,
    reason: str | None,
    output_format: str,
) -> None:
    """Record that a party has left. For an approver of the lead party.

    It stays named in the record, with the day: what it received may still be with it.

    Example: gazette register leave dg-3 leeds-city-council --on 2026-04-01
    """
    parties = api.agreement(name)["document"]["parties"]
    known = {party.get("organisation"): party["name"] for party in parties}
    details = _said(
        organisation=organisation,
        name=known.get(organisation, organisation),
        leftOn=day or _today(context),
        reason=reason,
    )
    if organisation not in known:
        details.pop("organisation")
    tell(context, api, api.act(name, Act("party-left", details)), output_format)


def _name_of(api: RegisterApi, organisation: str) -> str:
    found = [one for one in api.lookup("organisation", organisation) if one["code"] == organisation]
    return str(found[0]["title"]) if found else organisation


def _act_with_file(
    context: CommandContext, api: RegisterApi, name: str, act: Act, file: Path, output_format: str
) -> None:
    record = read_one(file, "agreement")
    with with_lines(file, record):
        receipt = api.act(name, Act(act.event, act.details, document_of(record), act.on_version))
    tell(context, api, receipt, output_format)


def _today(context: CommandContext) -> str:
    return context.clock().date().isoformat()


def _said(**members: str | None) -> Json:
    return {name: text for name, text in members.items() if text}
