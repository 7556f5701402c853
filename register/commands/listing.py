"""`gazette register list` and `gazette register show`."""

from datetime import date

import click
from sqlalchemy.orm import Session

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.output import format_option, record_format_option, write_listing, write_record
from register.agreements.models import Agreement
from register.agreements.read import all_agreements, state_now, version_numbered, versions_of
from register.agreements.record import find_agreement
from register.commands.agreement_text import agreement_text
from schemas.canonical import Json
from schemas.codelists import codelist, title_of

_COLUMNS = (
    ("id", "Number"),
    ("state", "State"),
    ("title", "Title"),
    ("parties", "Parties"),
    ("effectiveFrom", "From"),
    ("endsOn", "Until"),
)


@click.command("list")
@click.option(
    "--state", type=click.Choice(list(codelist("agreement-state"))), help="Only agreements in this state today."
)
@click.option("--organisation", metavar="NAME", help="Only agreements with a party of this short name.")
@format_option
@with_context
def list_command(context: CommandContext, state: str | None, organisation: str | None, output_format: str) -> None:
    """List the agreements of the register.

    Example: gazette register list --state ended --format csv
    """
    today = context.clock().date()
    with context.database.read() as session:
        rows = [_row(agreement, today) for agreement in all_agreements(session)]
    rows = [row for row in rows if state in {None, row["stateCode"]}]
    rows = [row for row in rows if organisation is None or organisation in row["organisations"]]
    write_listing(output_format, _COLUMNS, rows)


def _row(agreement: Agreement, today: date) -> Json:
    document = agreement.document
    state = state_now(agreement, today)
    return {
        "id": agreement.id,
        "state": title_of("agreement-state", state),
        "stateCode": state,
        "title": agreement.title,
        "parties": [party["name"] for party in document["parties"]],
        "organisations": [party.organisation.slug for party in agreement.parties if party.organisation],
        "effectiveFrom": document.get("effectiveFrom"),
        "endsOn": document.get("endsOn"),
        "version": agreement.version,
        "address": agreement.address,
    }


@click.command("show")
@click.argument("agreement_id", metavar="ID")
@click.option("--version", "number", type=click.IntRange(min=1), help="This version instead of the newest.")
@record_format_option
@with_context
def show_command(context: CommandContext, agreement_id: str, number: int | None, output_format: str) -> None:
    """Show one agreement, by its number or by SCHEME:NUMBER of another list.

    Example: gazette register show dg-3 --version 1
    """
    with context.database.read() as session:
        agreement = find_agreement(session, agreement_id)
        shown = _shown(session, agreement, number, context.clock().date())
    write_record(output_format, shown, agreement_text(shown))


def _shown(session: Session, agreement: Agreement, number: int | None, today: date) -> Json:
    versions = versions_of(session, agreement)
    chosen = version_numbered(session, agreement, number or agreement.version)
    return {
        "id": agreement.id,
        "version": chosen.number,
        "newestVersion": agreement.version,
        "state": state_now(agreement, today),
        "address": agreement.address,
        "document": chosen.document,
        "history": [
            {
                "version": version.number,
                "event": version.event,
                "registeredOn": version.registered_on.isoformat(),
                "recordedAt": version.recorded_at.isoformat(),
                "bodySha256": version.body_sha256,
            }
            for version in versions
        ],
    }
