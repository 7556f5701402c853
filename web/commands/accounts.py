"""`gazette accounts`: who may act, handing out sign-in addresses and tokens, and taking them back."""

from datetime import datetime

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.commands.context import CommandContext, with_context
from catalogue.commands.output import format_option, write_listing
from schemas.actor import Role
from schemas.canonical import Json
from schemas.errors import NotFound
from web.accounts.links import make_link
from web.accounts.models import AccessToken, Account
from web.accounts.read import all_accounts, find_account, tokens_of
from web.accounts.record import add_account, change_account, disable_account, require_administrator
from web.accounts.tokens import DEVICE_DAYS, MACHINE_DAYS, SCOPES, make_machine_token, revoke_token
from web.presentation.dates import show_date, show_moment

_COLUMNS = (
    ("account", "Account"),
    ("label", "Label"),
    ("organisation", "Organisation"),
    ("roles", "Roles"),
    ("state", "State"),
    ("tokens", "Tokens"),
    ("lastUsed", "Last used"),
)
_TOKEN_COLUMNS = (
    ("id", "Token"),
    ("account", "Account"),
    ("kind", "Kind"),
    ("name", "Name"),
    ("scopes", "May"),
    ("state", "State"),
    ("expires", "Ends"),
    ("lastUsed", "Last used"),
)


@click.group("accounts")
def accounts_commands() -> None:
    """Accounts: who may act for an organisation or for the register. There are no passwords.

    Example: gazette accounts list
    """


@accounts_commands.command("add")
@click.argument("name")
@click.option("--organisation", metavar="NAME", help="The organisation it acts for: its short name, number or name.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="What it may do; may be given several times. Editor and approver act for an organisation.",
)
@click.option("--label", metavar="TEXT", help="What to show beside its name, for example a team or an office.")
@click.option("--change", is_flag=True, help="Change the account that is there, and enable it again.")
@with_context
def add_command(
    context: CommandContext,
    name: str,
    organisation: str | None,
    roles: tuple[str, ...],
    label: str | None,
    change: bool,
) -> None:
    """Add an account, or with --change give one another organisation, roles and label: all of them are said anew.

    An account that changes its organisation loses its tokens and sessions.

    Example: gazette accounts add rivers-approver --organisation ministry-of-rivers --role editor --role approver
    """
    record = change_account if change else add_account
    with context.database.write() as session:
        account = record(
            session,
            context.actor,
            name,
            [Role(role) for role in roles],
            organisation=organisation,
            label=label,
            clock=context.clock,
        )
        acts_for = account.organisation.name if account.organisation else "the register itself"
        click.echo(f"The account {account.id} acts for {acts_for} as {', '.join(account.roles)}.")
    click.echo(f"Next: gazette accounts link {name} prints an address that signs in once.", err=True)


@accounts_commands.command("list")
@click.argument("account", required=False)
@click.option("--tokens", is_flag=True, help="List the tokens instead of the accounts.")
@format_option
@with_context
def list_command(context: CommandContext, account: str | None, tokens: bool, output_format: str) -> None:
    """List the accounts, or the tokens of all or of one. Tokens themselves are never shown.

    Example: gazette accounts list --tokens
    """
    require_administrator(context.actor)
    with context.database.read() as session:
        if account:
            find_account(session, account)
        if tokens:
            rows = [_token_row(row, context) for row in tokens_of(session, account)]
        else:
            rows = _account_rows(session, account)
    write_listing(output_format, _TOKEN_COLUMNS if tokens else _COLUMNS, rows)


def _account_rows(session: Session, only: str | None) -> list[Json]:
    query = select(AccessToken.account_id, func.count(), func.max(AccessToken.last_used_at))
    held = {
        account: (number, used)
        for account, number, used in session.execute(
            query.where(AccessToken.revoked_at.is_(None)).group_by(AccessToken.account_id)
        )
    }
    rows = []
    for account in all_accounts(session):
        number, used = held.get(account.id, (0, None))
        if only in {None, account.id}:
            rows.append(_account_row(account) | {"tokens": number, "lastUsed": _moment(used)})
    return rows


def _account_row(account: Account) -> Json:
    return {
        "account": account.id,
        "label": account.label,
        "organisation": account.organisation.slug if account.organisation else None,
        "roles": account.roles,
        "state": "disabled" if account.disabled_at else "enabled",
        "created": _moment(account.created_at),
    }


def _token_row(row: AccessToken, context: CommandContext) -> Json:
    return {
        "id": row.id,
        "account": row.account_id,
        "kind": row.kind,
        "name": row.name,
        "scopes": row.scopes,
        "state": "revoked" if row.revoked_at else "expired" if row.expires_at <= context.clock() else "in force",
        "created": _moment(row.created_at),
        "expires": _moment(row.expires_at),
        "lastUsed": _moment(row.last_used_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None


@accounts_commands.command("link")
@click.argument("account")
@with_context
def link_command(context: CommandContext, account: str) -> None:
    """Print an address that signs in once, within 15 minutes. Hand it over by a way that only its reader can read.

    The address begins with the setting GAZETTE_PUBLIC_URL.

    Example: gazette accounts link rivers-approver
    """
    with context.database.write() as session:
        link = make_link(session, context.actor, account, clock=context.clock, randomness=context.randomness)
    click.echo(context.settings.site_address + link.path)
    click.echo(f"It signs in as {link.account}, once, until {show_moment(link.expires_at)}.", err=True)


@accounts_commands.command("token")
@click.argument("account")
@click.option("--name", metavar="TEXT", default="", help="What the program is called, to know its token by.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What it may do at most; may be given several times. Without: everything the account may do now.",
)
@click.option(
    "--days",
    default=DEVICE_DAYS,
    show_default=True,
    type=click.IntRange(1, MACHINE_DAYS),
    help="How long it lasts.",
)
@with_context
def token_command(context: CommandContext, account: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token for a program and print it, this once. The program takes it from GAZETTE_TOKEN or --token-file.

    Example: gazette accounts token rivers-editor --name nightly --scope editor --days 30
    """
    with context.database.write() as session:
        new = make_machine_token(
            session,
            context.actor,
            account,
            name=name,
            scopes=scopes,
            days=days,
            clock=context.clock,
            ids=context.ids,
            randomness=context.randomness,
        )
    click.echo(new.secret)
    row = new.row
    click.echo(f"It may {', '.join(row.scopes)} as {account} until {show_date(row.expires_at)}.", err=True)
    click.echo(f"It is not shown again. To end it: gazette accounts revoke {row.id}", err=True)


@accounts_commands.command("revoke")
@click.argument("what", metavar="TOKEN_ID|ACCOUNT")
@with_context
def revoke_command(context: CommandContext, what: str) -> None:
    """End one token, or disable an account: its tokens, sessions and sign-in addresses then end at once.

    Example: gazette accounts revoke rivers-approver
    """
    require_administrator(context.actor)
    with context.database.write() as session:
        if session.get(AccessToken, what) is not None:
            row = revoke_token(session, context.actor, what, context.clock)
            click.echo(f"The token “{row.name}” of {row.account_id} is revoked.")
            return
        try:
            account = disable_account(session, context.actor, what, context.clock)
        except NotFound as error:
            raise NotFound(f"There is no token or account “{what}”.", error.advice) from None
        click.echo(f"The account {account.id} is disabled; its tokens, sessions and sign-in addresses have ended.")
    click.echo(f"To enable it again: gazette accounts add {what} --change, with its organisation and roles.", err=True)
