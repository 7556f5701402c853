"""`gazette organisations add` and `alias`: single organisations, by hand."""

import time
from collections.abc import Sequence

import click

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.indexing import index_now
from catalogue.commands.progress import LET_IN_SECONDS
from catalogue.organisations.keeping import add_alias, add_organisation, remove_alias
from catalogue.organisations.record import OrganisationDetails, find_organisation
from catalogue.organisations.telling import documents_naming, names_changed, renew_documents
from schemas.codelists import codelist
from schemas.outcomes import Action

_AT_ONCE = 50
"""So many documents are told to the index in one transaction, so that nobody waits long for the write lock."""


@click.command("add")
@click.argument("name")
@click.option("--slug", default="", metavar="SLUG", help="Its short name in addresses; else made of its name.")
@click.option(
    "--alias", "aliases", multiple=True, metavar="NAME", help="Another name, with its language before it or not: cy:…"
)
@click.option("--identifier", "numbers", multiple=True, metavar="LIST:NUMBER", help="Its number in a list.")
@click.option("--kind", type=click.Choice(list(codelist("organisation-kind"))), help="What kind of body it is.")
@click.option("--jurisdiction", metavar="CODE", help="Its country (GB) or part of one (GB-WLS), as ISO 3166 has it.")
@click.option("--area", metavar="CODE", help="The code of the place it serves.")
@click.option("--parent", metavar="NAME", help="The body it is part of: its short name, LIST:NUMBER or name.")
@click.option("--website", metavar="URL", help="Its address.")
@click.option("--started-on", metavar="DATE", help="When it began: YYYY-MM-DD, YYYY-MM or YYYY.")
@click.option("--ended-on", metavar="DATE", help="When it ended.")
@with_context
def add_command(
    context: CommandContext,
    /,
    name: str,
    slug: str,
    aliases: tuple[str, ...],
    numbers: tuple[str, ...],
    **stated: str | None,
) -> None:
    """Add one organisation. Leave out what you do not know. For a registrar or an administrator.

    One that is here already, under this name or another, is refused and told; a CSV file that is imported changes it.

    Example: gazette organisations add "Ministry of Rivers" --alias MoR
    """
    details = OrganisationDetails(
        name=name,
        slug=slug,
        aliases=tuple(_alias(text) for text in aliases),
        identifiers=tuple((text.partition(":")[0], text.partition(":")[2]) for text in numbers),
        **stated,
    )
    with context.database.write() as session:
        body = add_organisation(session, context.actor, details, context.clock, context.ids)
        names_changed(session, context.clock)
        name, address = body.name, f"/organisations/{body.slug}"
    index_now(context)
    click.echo(f"Added “{name}”.", err=True)
    click.echo(address)


def _alias(text: str) -> tuple[str, str | None]:
    """The name and its language, written as in a CSV file that is imported."""
    language, colon, name = text.partition(":")
    return (name, language) if colon and len(language) == 2 and language.islower() else (text, None)


@click.command("alias")
@click.argument("organisation", metavar="ORGANISATION")
@click.argument("name")
@click.option("--language", metavar="CODE", help="The language of the name, as ISO 639 has it: cy.")
@click.option("--remove", is_flag=True, help="Take the name away. An import that states it brings it back.")
@with_context
def alias_command(context: CommandContext, organisation: str, name: str, language: str | None, *, remove: bool) -> None:
    """Give an organisation another name, or take one away; search and suggestions know it at once.

    ORGANISATION is its short name, id, a number (LIST:NUMBER) or a name that it has. A name of another body is refused.
    For a registrar or an administrator.

    Example: gazette organisations alias ministry-of-rivers "Drainage Board"
    """
    if remove and language:
        raise click.UsageError("--language says of a new name in what language it is: leave it out with --remove.")
    with context.database.write() as session:
        body = find_organisation(session, organisation)
        title, address = body.name, f"/organisations/{body.slug}"
        if remove:
            remove_alias(session, context.actor, body, name, context.clock)
            done = f"“{title}” is no longer called “{name}”."
        else:
            action = add_alias(session, context.actor, body, name, language, context.clock, context.ids)
            done = _DONE[action].format(title=title, name=name, language=language)
        # Also where nothing was changed: a run that was cut off below is mended by its repetition.
        documents = documents_naming(session, body)
        names_changed(session, context.clock)
    _renew(context, documents)
    index_now(context)
    click.echo(done, err=True)
    click.echo(address)


_DONE = {
    Action.ADDED: "“{title}” is now also called “{name}”.",
    Action.CHANGED: "“{name}” is now told as a name of “{title}” in the language “{language}”.",
    Action.UNCHANGED: "“{title}” is called “{name}” already: nothing was changed.",
}


def _renew(context: CommandContext, documents: Sequence[str]) -> None:
    """Tell the index of the records that name an organisation, with the names that it has now."""
    for start in range(0, len(documents), _AT_ONCE):
        with context.database.write() as session:
            renew_documents(session, documents[start : start + _AT_ONCE], context.sources, context.clock)
        time.sleep(LET_IN_SECONDS)
