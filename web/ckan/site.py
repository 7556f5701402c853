"""What the site says of itself, its licences, and what clients ask to learn what there is."""

from sqlalchemy.orm import Session

from catalogue.formats.ckan_writing import OPEN_OTHERS, OTHER_LICENCES
from catalogue.licences import is_open_licence
from schemas.canonical import Json
from schemas.codelists import codelist
from web.ckan.parameters import Parameters
from web.context import site_address, web_context

CKAN_VERSION = "2.11.0"
"""The version whose contract is kept: clients choose by it what they send."""

EXTENSIONS = ("activity",)
"""The extensions of CKAN whose actions are answered: clients ask before they use them."""

_GENERIC = {"notspecified", *OTHER_LICENCES}


def status_show(_asked: Parameters, _session: Session) -> Json:
    """Return a dictionary with information about the site's configuration."""
    return {
        "site_title": web_context().settings.service_name,
        "site_description": "",
        "site_url": site_address(),
        "error_emails_to": "",
        "locale_default": "en",
        "extensions": list(EXTENSIONS),
        "ckan_version": CKAN_VERSION,
    }


def site_read(_asked: Parameters, _session: Session) -> bool:
    """Return true: everybody may read this site."""
    return True


def license_list(_asked: Parameters, _session: Session) -> list[Json]:
    """Return the list of licenses available for datasets on the site."""
    return [
        _licence("notspecified", "License not specified", ""),
        *(_licence(entry.code, entry.title, entry.same_as) for entry in codelist("licence").values()),
        *(_licence(short, title, "") for short, title in OTHER_LICENCES.items()),
    ]


def _licence(code: str, title: str, address: str) -> Json:
    return {
        "id": code,
        "title": title,
        "url": address,
        "status": "active",
        "maintainer": "",
        "family": "",
        "is_generic": "True" if code in _GENERIC else "False",
        "domain_content": "False",
        "domain_data": "False" if code in _GENERIC else "True",
        "domain_software": "False",
        "od_conformance": "approved" if code in OPEN_OTHERS or is_open_licence(code) else "not reviewed",
        "osd_conformance": "not reviewed",
    }
