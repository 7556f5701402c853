"""What the commands below the web borrow from it: accounts of the data folder, and registers behind servers."""

import os
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.orm import Session

from schemas.actor import Actor
from schemas.clock import random_ids
from web.accounts.read import actor_of_account, approver_organisations
from web.api.repeats import AnsweredRequest
from web.client.catalogue import RemoteCatalogue
from web.client.credentials import read_token
from web.client.http import HttpClient
from web.client.register import RemoteRegister


class WebAbove:
    """See `catalogue.commands.context.Above`."""

    def actor_named(self, session: Session, account: str) -> Actor:
        """The account as one who acts. Raises NotFound, Refused."""
        return actor_of_account(session, account)

    def confirming(self, session: Session) -> frozenset[str]:
        """The organisations (slugs) that have an account which can confirm."""
        return approver_organisations(session)

    def forget_answers(self, session: Session) -> None:
        """Throw away the answers to requests that are kept for repeats."""
        session.execute(delete(AnsweredRequest))

    def remote(self, server: str, token_file: Path | None) -> object:
        """What answers for the register of a server. Raises Refused, InvalidInput."""
        return RemoteRegister(_client(server, token_file), random_ids)

    def remote_catalogue(self, server: str, token_file: Path | None) -> object:
        """What answers for the catalogue of a server. Raises Refused, InvalidInput."""
        return RemoteCatalogue(_client(server, token_file))


def _client(server: str, token_file: Path | None) -> HttpClient:
    return HttpClient(server, read_token(os.environ, token_file, server))
