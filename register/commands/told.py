"""What an act brought about, printed: one sentence, and the next commands word for word."""

import json

import click

from catalogue.commands.context import CommandContext
from register.api import RegisterApi
from schemas.canonical import Json


def tell(context: CommandContext, api: RegisterApi, receipt: Json, output_format: str = "table") -> None:
    """Print a receipt of the register: as JSON for programs, else the sentence and what comes next for whom."""
    if output_format == "json":
        click.echo(json.dumps(receipt, ensure_ascii=False, indent=2))
        return
    click.echo(receipt["sentence"])
    for warning in receipt.get("warnings", ()):
        where = f"{warning['title']}: " if warning.get("title") else ""
        click.echo(f"  Note: {where}{warning['message']} {warning.get('advice', '')}".rstrip())
    own = api.whoami()["organisation"] if receipt["next"] else None
    for step in receipt["next"]:
        mine = own is not None and own["slug"] in step["organisations"]
        click.echo(f"Next, for {' or '.join(step['who'])}: {step['sentence']}")
        click.echo(f"  {context.typed(step['command'], as_oneself=mine)}")
