"""An organisation as packages and lists name it."""

from catalogue.organisations.models import Organisation
from schemas.canonical import Json
from web.ckan.numbers import dashed, naive


def organisation_of(body: Organisation) -> Json:
    """An organisation as a package names the one whose it is."""
    return {
        "id": dashed(body.id),
        "name": body.slug,
        "title": body.name,
        "type": "organization",
        "description": "",
        "image_url": "",
        "created": naive(body.added_at),
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }


def listed(body: Organisation, packages: int) -> Json:
    """An organisation as a list with all fields has it."""
    return {
        **organisation_of(body),
        "display_name": body.name,
        "image_display_url": "",
        "num_followers": 0,
        "package_count": packages,
    }
