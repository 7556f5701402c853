"""`gazette register confirm`, `dispute`, `suspend`, `resume`, `end`, `reject` and `withdraw`: said in one line."""

import click

from catalogue.commands.context import CommandContext
from register.api import RegisterApi
from register.commands.connection import with_register
from register.commands.submitting import note_option, receipt_option
from register.commands.told import tell
from register.lifecycle.acting import Act
from schemas.canonical import Json

_version = click.option(
    "--version", type=click.IntRange(min=1), required=True, metavar="N", help="The version you have read."
)
_day = click.option("--on", "day", metavar="DATE", help="Since when (YYYY-MM-DD); today where it is left out.")


@click.command("confirm")
@click.argument("name", metavar="ID")
@_version
@note_option
@receipt_option
@with_register
def confirm_command(
    context: CommandContext, api: RegisterApi, name: str, version: int, note: str | None, output_format: str
) -> None:
    """Say for your organisation that one version of the record is right. Only the newest can be confirmed.

    Example: gazette register confirm dg-3 --version 2
    """
    tell(context, api, api.act(name, Act("confirmed", _said(version=version, note=note))), output_format)


@click.command("dispute")
@click.argument("name", metavar="ID")
@_version
@click.option("--reason", metavar="TEXT", required=True, help="What is not right.")
@click.option("--field", "fields", metavar="POINTER", multiple=True, help="A field that is not right, like /endsOn.")
@receipt_option
@with_register
def dispute_command(
    context: CommandContext,
    api: RegisterApi,
    name: str,
    version: int,
    reason: str,
    fields: tuple[str, ...],
    output_format: str,
) -> None:
    """Say for your organisation that one version of the record is not right, and why; its page shows it.

    Confirming a version lifts your dispute.

    Example: gazette register dispute dg-3 --version 2 --reason "Not so"
    """
    details = _said(version=version, reason=reason, fields=list(fields) or None)
    tell(context, api, api.act(name, Act("disputed", details)), output_format)


@click.command("suspend")
@click.argument("name", metavar="ID")
@click.option("--reason", metavar="TEXT", required=True, help="Why it is put on hold.")
@_day
@note_option
@receipt_option
@with_register
def suspend_command(
    context: CommandContext,
    api: RegisterApi,
    name: str,
    reason: str,
    day: str | None,
    note: str | None,
    output_format: str,
) -> None:
    """Put an agreement on hold: nothing may be shared under it. For the lead party or the registrar.

    Example: gazette register suspend dg-3 --reason "A breach"
    """
    details = _said(reason=reason, suspendedOn=day or _today(context), note=note)
    tell(context, api, api.act(name, Act("suspended", details)), output_format)


@click.command("resume")
@click.argument("name", metavar="ID")
@click.option("--reason", metavar="TEXT", help="Why it goes on.")
@_day
@note_option
@receipt_option
@with_register
def resume_command(
    context: CommandContext,
    api: RegisterApi,
    name: str,
    reason: str | None,
    day: str | None,
    note: str | None,
    output_format: str,
) -> None:
    """Take an agreement off hold. For the lead party or the registrar.

    Example: gazette register resume dg-3
    """
    details = _said(reason=reason, resumedOn=day or _today(context), note=note)
    tell(context, api, api.act(name, Act("resumed", details)), output_format)


@click.command("end")
@click.argument("name", metavar="ID")
@click.option("--reason", metavar="TEXT", required=True, help="Why it ends before its last day.")
@_day
@note_option
@receipt_option
@with_register
def end_command(
    context: CommandContext,
    api: RegisterApi,
    name: str,
    reason: str,
    day: str | None,
    note: str | None,
    output_format: str,
) -> None:
    """End an agreement before its last day. For an approver of any party.

    Example: gazette register end dg-3 --reason "Aim met" --on 2026-03-31
    """
    details = _said(endedOn=day or _today(context), reason=reason, note=note)
    tell(context, api, api.act(name, Act("terminated", details)), output_format)


@click.command("reject")
@click.argument("name", metavar="ID")
@click.option("--reason", metavar="TEXT", required=True, help="Why it was not agreed to.")
@click.option("--on", "day", metavar="DATE", help="The day of the decision (YYYY-MM-DD).")
@receipt_option
@with_register
def reject_command(
    context: CommandContext, api: RegisterApi, name: str, reason: str, day: str | None, output_format: str
) -> None:
    """Record that a proposal was not agreed to. For the registrar.

    Example: gazette register reject dg-3 --reason "Too wide a purpose"
    """
    tell(context, api, api.act(name, Act("rejected", _said(reason=reason, decidedOn=day))), output_format)


@click.command("withdraw")
@click.argument("name", metavar="ID")
@click.option("--reason", metavar="TEXT", required=True, help="Why it is taken out of the register.")
@click.option("--successor", metavar="ID", help="The agreement that stands in its place.")
@click.option("--on", "day", metavar="DATE", help="The day of the withdrawal (YYYY-MM-DD).")
@note_option
@receipt_option
@with_register
def withdraw_command(
    context: CommandContext,
    api: RegisterApi,
    name: str,
    reason: str,
    successor: str | None,
    day: str | None,
    note: str | None,
    output_format: str,
) -> None:
    """Take an agreement out of the register. Its page, its versions and its history stay where they are.

    For the lead party or the registrar.

    Example: gazette register withdraw dg-3 --reason "Twice" --successor dg-2
    """
    details = _said(reason=reason, withdrawnOn=day, note=note)
    if successor:
        details["successor"] = {"agreement": successor}
    tell(context, api, api.act(name, Act("withdrawn", details)), output_format)


def _today(context: CommandContext) -> str:
    return context.clock().date().isoformat()


def _said(**members: object) -> Json:
    return {name: value for name, value in members.items() if value is not None}
