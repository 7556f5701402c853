"""Addresses in a record that cannot be changed: each must be a role's mailbox, none a person's."""

from collections.abc import Iterable, Iterator

from catalogue.contacts import is_role_address
from schemas.canonical import Json
from schemas.checking import is_email
from schemas.problems import Problem


def personal_addresses(document: Json) -> list[Problem]:
    """A problem for each address that is not plainly a role's mailbox."""
    return _personal(_contacts(document))


def personal_addresses_of_event(details: Json) -> list[Problem]:
    """The same of what an event says: it cannot be changed either."""
    address = details.get("contact")
    return _personal([("/contact", address)] if isinstance(address, str) else [])


def _personal(stated: Iterable[tuple[str, str]]) -> list[Problem]:
    return [
        Problem(
            pointer,
            f"“{address}” may be a person’s address; a record that cannot be changed holds a role’s mailbox.",
            "Write for example data.protection@department.gov.uk, or leave it out.",
            title="Contact",
        )
        for pointer, address in stated
        if is_email(address) and not is_role_address(address)
    ]


def _contacts(document: Json) -> Iterator[tuple[str, str]]:
    """Every mailbox that a record gives, whatever shape the record has, with its place."""
    parties, rights = document.get("parties"), document.get("rightsHandling")
    addresses = rights.get("contact") if isinstance(rights, dict) else None
    groups = [(f"/parties/{position}", party) for position, party in enumerate(_listed(parties))]
    groups += [(f"/{name}", document.get(name)) for name in ("jointControllerEssence", "complaints")]
    stated = [
        (f"{place}/{name}", group[name])
        for place, group in groups
        for name in ("contact", "dpoContact")
        if isinstance(group, dict) and name in group
    ]
    stated += [(f"/rightsHandling/contact/{position}", text) for position, text in enumerate(_listed(addresses))]
    yield from ((place, address) for place, address in stated if isinstance(address, str))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
