"""Agreements as packages of a type of their own: shown only to clients that ask for that type."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from register.agreements.models import Agreement, AgreementParty
from register.agreements.read import state_now
from schemas.canonical import Json
from schemas.codelists import title_of
from web.ckan.numbers import dashed, naive
from web.ckan.organisation_words import organisation_of
from web.context import site_address, today

AGREEMENT_TYPE = "data-sharing-agreement"


def agreement_package(agreement: Agreement) -> Json:
    """An agreement as CKAN would show it: its first party as the organisation, all else that it says as extras.

    The parties and their organisations are to be loaded.
    """
    document = agreement.document
    number = package_number(agreement.id)
    address = f"{site_address()}{agreement.address}"
    bodies = [party.organisation for party in agreement.parties if party.organisation]
    lead = bodies[0] if bodies else None
    purposes = [title_of("purpose-category", code) for code in document.get("purposeCategories", ())]
    return {
        "id": number,
        "name": agreement.id,
        "title": agreement.title,
        "notes": document.get("summary") or document.get("purpose") or "",
        "type": AGREEMENT_TYPE,
        "state": "active",
        "private": False,
        "url": address,
        "version": str(agreement.version),
        "author": None,
        "author_email": None,
        "maintainer": None,
        "maintainer_email": None,
        "creator_user_id": None,
        "license_id": "notspecified",
        "license_title": "License not specified",
        "license_url": None,
        "isopen": False,
        "metadata_created": naive(agreement.registered_on),
        "metadata_modified": naive(agreement.changed_at),
        "organization": organisation_of(lead) if lead else None,
        "owner_org": dashed(lead.id) if lead else None,
        "groups": [],
        "tags": [],
        "num_tags": 0,
        "resources": [
            _resource(number, position, title, f"{address}{ending}", form, agreement)
            for position, (title, ending, form) in enumerate(_FORMS)
        ],
        "num_resources": len(_FORMS),
        "extras": [{"key": key, "value": value} for key, value in sorted(_extras(agreement, purposes).items())],
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def package_number(agreement_id: str) -> str:
    """The number of the package of an agreement (version 5, RFC 9562)."""
    return str(uuid5(NAMESPACE_URL, f"urn:data-gazette:agreement:{agreement_id}"))


def _resource_number(number: str, position: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"{number}\n{position}"))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whose the numbers of packages and of their resources are: what each agreement is called here."""

    packages: Mapping[str, str]
    resources: Mapping[str, str]


def agreement_numbers(session: Session) -> Numbers:
    """The numbers of all agreements' packages; kept while there are as many agreements, for none ever goes."""
    count = session.scalar(select(func.count()).select_from(Agreement)) or 0
    kept: dict[int, Numbers] = current_app.extensions.setdefault(_NAME, {})
    if count not in kept:
        packages = {package_number(name): name for name in session.scalars(select(Agreement.id))}
        resources = {
            _resource_number(number, position): name
            for number, name in packages.items()
            for position in range(len(_FORMS))
        }
        kept.clear()
        kept[count] = Numbers(packages, resources)
    return kept[count]


_NAME = "ckan_agreement_numbers"
_FORMS = (("The agreement’s page", "", "HTML"), ("Its history", "/history", "HTML"))


def _extras(agreement: Agreement, purposes: list[str]) -> dict[str, str]:
    document = agreement.document
    state = title_of("agreement-state", state_now(agreement, today()))
    stated = {
        "agreement_state": state,
        "ends_on": agreement.ends_on,
        "identifier": agreement.id,
        "in_force_from": agreement.effective_from,
        "legal_powers": "; ".join(
            ", ".join(part for part in (power.get("instrument"), power.get("provision")) if part)
            for power in document.get("legalPowers", ())
        ),
        "parties": "; ".join(_party(party) for party in agreement.parties),
        "purposes": "; ".join(purposes),
    }
    return {name: value for name, value in stated.items() if value}


def _party(party: AgreementParty) -> str:
    doing = [word for word, done in (("sends", party.sends), ("receives", party.receives)) if done]
    return f"{party.name} ({' and '.join(doing)})" if doing else party.name


def _resource(number: str, position: int, title: str, address: str, form: str, agreement: Agreement) -> Json:
    return {
        "id": _resource_number(number, position),
        "package_id": number,
        "position": position,
        "name": title,
        "description": "",
        "url": address,
        "format": form,
        "mimetype": "text/html",
        "mimetype_inner": None,
        "size": None,
        "hash": "",
        "resource_type": None,
        "url_type": None,
        "state": "active",
        "cache_url": None,
        "cache_last_updated": None,
        "created": naive(agreement.registered_on),
        "last_modified": naive(agreement.changed_at),
        "metadata_modified": naive(agreement.changed_at),
        "datastore_active": False,
    }
