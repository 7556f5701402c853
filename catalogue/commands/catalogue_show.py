"""`gazette catalogue show`."""

import click

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.dataset_text import dataset_text
from catalogue.commands.output import record_format_option, write_record
from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.read import find_dataset
from schemas.canonical import Json


@click.command("show")
@click.argument("dataset_id", metavar="ID")
@record_format_option
@with_context
def show_command(context: CommandContext, dataset_id: str, output_format: str) -> None:
    """Show one dataset, by its short name, id, identifier or address. What its source does not say is left out.

    Example: gazette catalogue show consumer-complaint-database
    """
    with context.database.read() as session:
        shown = _shown(find_dataset(session, dataset_id))
    write_record(output_format, shown, dataset_text(shown))


def _shown(resource: CataloguedResource) -> Json:
    return {
        "id": resource.id,
        "name": resource.slug,
        "address": resource.address,
        "state": resource.state,
        "withdrawnReason": resource.withdrawn_reason,
        "source": resource.source,
        "identifier": resource.identifier,
        "revision": resource.revision,
        "firstSeenAt": resource.first_seen_at.isoformat(),
        "metadataModifiedAt": resource.metadata_modified_at.isoformat(),
        "document": resource.document,
        "references": [
            {
                "relation": reference.relation,
                "address": reference.address,
                "title": reference.title,
                "state": reference.state,
            }
            for reference in resource.references
        ],
    }
