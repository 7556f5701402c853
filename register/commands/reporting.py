"""`gazette register review`, `renew`, `incident`, `dispose` and `recommend`: reports, each a small file of its own."""

from pathlib import Path

import click

from catalogue.commands.context import CommandContext
from register.api import RegisterApi
from register.commands.connection import with_register
from register.commands.files import file_argument, read_one, with_lines
from register.commands.submitting import receipt_option
from register.commands.told import tell
from register.forms.event_template import event_template
from register.lifecycle.acting import Act


def _report_command(name: str, event: str, text: str, example: str) -> click.Command:
    """A command that takes what an event says from a file, or writes a template of that file."""

    @click.command(name, help=f"{text}\n\nWithout FILE use --template to see what it holds.\n\nExample: {example}")
    @click.argument("agreement", metavar="ID")
    @click.argument("file", metavar="[FILE]", type=file_argument, required=False)
    @click.option("--template", is_flag=True, help="Print a FILE to fill in, with every field explained.")
    @receipt_option
    @with_register
    def command(
        context: CommandContext,
        api: RegisterApi,
        agreement: str,
        file: Path | None,
        *,
        template: bool,
        output_format: str,
    ) -> None:
        if template:
            click.echo(event_template(event), nl=False)
            return
        if file is None:
            raise click.UsageError(
                f"Give a FILE. “gazette register {name} {agreement} --template > {name}.yaml” writes one to fill in."
            )
        record = read_one(file, "report")
        with with_lines(file, record):
            receipt = api.act(agreement, Act(event, record.value))
        tell(context, api, receipt, output_format)

    return command


review_command = _report_command(
    "review",
    "reviewed",
    "Record a review: when, what came of it, which benefits were seen, when the next is due. "
    "For an approver of any party.",
    "gazette register review dg-3 review.yaml",
)
renew_command = _report_command(
    "renew",
    "renewed",
    "Record that an agreement carries on for a further time, on the same terms. For an approver of any party.",
    "gazette register renew dg-3 renewal.yaml",
)
incident_command = _report_command(
    "incident",
    "incident-recorded",
    "Record that something went wrong with the data. For an approver of any party.",
    "gazette register incident dg-3 incident.yaml",
)
dispose_command = _report_command(
    "dispose",
    "disposal-confirmed",
    "Record that your organisation has destroyed the data it received. For an approver of a recipient.",
    "gazette register dispose dg-3 disposal.yaml",
)
recommend_command = _report_command(
    "recommend",
    "recommended",
    "Record what a board or adviser recommends. For the registrar.",
    "gazette register recommend dg-3 recommendation.yaml",
)
