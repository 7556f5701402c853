"""What the strict schema of udata, the software of the French portal, wants of a CKAN package."""

import re
from typing import Any

_KEYS = """
id name title notes license_id license_title tags metadata_created metadata_modified organization resources private type
author author_email maintainer maintainer_email state
""".split()
_RESOURCE_KEYS = """
id position name description format mimetype size hash created last_modified url resource_type
""".split()
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?")
_ADDRESS = re.compile(r"(https?|ftps?)://[^\s/]+\S*")


def refused_by_udata(package: dict[str, Any]) -> set[str]:
    """What udata's schema of a package refuses, by the member."""
    body = package["organization"] or {"type": "organization", "approval_status": "approved"}
    wrong = {
        *(name for name in _KEYS if name not in package),
        *(name for name in ("id", "name", "title", "state") if not isinstance(package[name], str)),
        *(name for name in ("metadata_created", "metadata_modified") if not _MOMENT.fullmatch(package[name])),
        *({"type"} if package["type"] != "dataset" else ()),
        *({"private"} if package["private"] is not False else ()),
        *({"tags"} if any(not tag["id"] or not tag["name"] for tag in package["tags"]) else ()),
        *({"organization"} if (body["type"], body["approval_status"]) != ("organization", "approved") else ()),
    }
    for position, resource in enumerate(package["resources"]):
        wrong |= {name for name in _RESOURCE_KEYS if name not in resource}
        wrong |= {"position"} if resource["position"] != position else set()
        wrong |= {"format"} if not isinstance(resource["format"], str) else set()
        wrong |= {"size"} if not isinstance(resource["size"], int | None) else set()
        wrong |= {"url"} if not _ADDRESS.fullmatch(resource["url"]) else set()
        wrong |= {"created"} if not _MOMENT.match(resource["created"]) else set()
    return wrong
