"""CKAN: whom to write to about a package, and who publishes it."""

import re
from collections.abc import Mapping

from catalogue.formats.ckan_extras import groups
from catalogue.formats.members import Members, each, with_stated
from schemas.canonical import Json
from schemas.checking import is_email

DKAN_TYPE = "Dataset"
"""The type of DKAN's packages: there groups publish, and “private” says that they are published (its issue 950)."""

_NUMBER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def contact_of(members: Members) -> Mapping[str, str]:
    """Whom to write to: the contact of ckanext-dcat, else the maintainer, else the author."""
    pairs = [
        *(("contact_name", "contact_email"), ("contact-name", "contact-email")),
        *(("maintainer", "maintainer_email"), ("author", "author_email")),
    ]
    found = [*_contacts(members), *(_one_contact(members, *pair) for pair in pairs)]
    stated = [details for details in found if details]
    others = [details for details in stated[1:] if details != stated[0]]
    if others:
        members.warn("author", "Several contacts are named; the first was kept.", "A record has one contact.")
    return stated[0] if stated else {}


def _contacts(members: Members) -> list[Mapping[str, str]]:
    """The contacts as ckanext-dcat has them since its version 2: a list of groups of fields."""
    stated = [*each(members.take("contact")), *each(members.take("contact_points"))]
    described = [Members(item, ("contact", number), members.problems, []) for number, item in groups(stated)]
    if len(described) < len(stated):
        members.warn("contact", "A contact is no group of fields; it was left out.", "Give its name and e-mail.")
    return [_one_contact(inside, "name", "email") for inside in described]


def _one_contact(members: Members, name_member: str, email_member: str) -> Mapping[str, str]:
    name, email = members.text(name_member), members.text(email_member)
    if email is not None and not is_email(email.removeprefix("mailto:")):
        members.warn(email_member, f"“{email}” is not an e-mail address; it was left out.")
        email = None
    email = email.removeprefix("mailto:") if email else None
    if name and is_email(name):
        email, name = email or name, None
    if name and _NUMBER.fullmatch(name):  # an account of the portal
        name = None
    telephone = members.text("contact-phone") if name_member == "contact-name" else None  # of data.gov.uk
    return with_stated(name=name, email=email, telephone=telephone)


def owner_of(package: Json) -> object:
    """The organisation whose package it is at its portal; at DKAN, which has none, the first group."""
    stated = each(package.get("groups")) if package.get("type") == DKAN_TYPE else []
    return package.get("organization") or next((group for group in stated if isinstance(group, dict)), None)


def shown(text: object) -> object:
    """A name as people see it; of one in several languages (`{"de": …}`) the English one, else the first by its tag."""
    if not isinstance(text, dict):
        return text
    stated = {tag: name for tag, name in text.items() if isinstance(name, str) and name.strip()}
    return stated[min(stated, key=lambda tag: (not tag.startswith("en"), tag))] if stated else None


def publisher_of(members: Members) -> Json | None:
    """Who publishes: what the record itself says of its publisher, else the organisation whose package it is."""
    stated, name = each(members.take("publisher")), members.text("publisher_name")
    body = members.take("organization")
    first, others = (stated[0], stated[1:]) if stated else (None, [])
    if isinstance(first, dict):
        said = first.get("name")
        name = said.strip() if isinstance(said, str) and said.strip() else name
        rest = {member: value for member, value in first.items() if member not in {"name", "@type"} and value}
        others = [*([rest] if rest else []), *others]
    elif isinstance(first, str):
        name = name or first.strip()
    if len(stated) > 1:
        members.warn("publisher", f"There are {len(stated)} publishers; the first was kept.")
    if others:
        members.rest["publisher"] = others if len(others) > 1 else others[0]
    if not name and isinstance(body, dict):
        called = shown(body.get("title")) or shown(body.get("display_name")) or body.get("name")
        name = called.strip() if isinstance(called, str) else None
    elif not name and isinstance(body, str):
        name = body.strip()
    return {"name": name} if name else None
