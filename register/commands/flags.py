"""`gazette register flags`: what the record says of itself."""

from datetime import date

import click
from sqlalchemy.orm import Session

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.output import format_option, write_listing
from register.agreements.events import body_document, events_of
from register.agreements.models import Agreement
from register.agreements.read import all_agreements
from register.agreements.record import find_agreement
from register.flags import Flag, Happening, flags_of

_COLUMNS = (
    ("agreement", "Agreement"),
    ("version", "Version"),
    ("flag", "Flag"),
    ("value", "Value"),
    ("sentence", "What it says"),
)


@click.command("flags")
@click.argument("agreement_id", metavar="[ID]", required=False)
@click.option(
    "--as-of",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="As the source’s register stood on this day (YYYY-MM-DD) instead of today.",
)
@format_option
@with_context
def flags_command(context: CommandContext, agreement_id: str | None, as_of: object, output_format: str) -> None:
    """List what the record says of itself: registered late, no recipient, extended after its end and so on.

    Flags are computed from the events when asked for; a row for each flag raised.

    Example: gazette register flags --format csv
    """
    day = date.fromisoformat(str(as_of)[:10]) if as_of else context.clock().date()
    with context.database.read() as session:
        chosen = [find_agreement(session, agreement_id)] if agreement_id else all_agreements(session)
        rows = [_row(agreement, flag) for agreement in chosen for flag in flags_of_agreement(session, agreement, day)]
    write_listing(output_format, _COLUMNS, rows)


def flags_of_agreement(session: Session, agreement: Agreement, day: date) -> list[Flag]:
    """The flags of one agreement as of a day."""
    history = [
        Happening(
            event.event,
            event.version,
            body_document(session, event.body_sha256) if event.version and event.body_sha256 else None,
            event.registered_on,
        )
        for event in events_of(session, agreement.id)
    ]
    return flags_of(history, agreement.standing, day)


def _row(agreement: Agreement, flag: Flag) -> dict[str, object]:
    return {
        "agreement": agreement.id,
        "version": flag.version,
        "flag": flag.code,
        "value": flag.value,
        "sentence": flag.sentence,
    }
