"""Addresses as RFC 3986 has them. What people write (RFC 3987, or with blanks) is percent-encoded, as it prescribes."""

import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import quote

_PARTS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_AUTHORITY = re.compile(r"(?:([^@]*)@)?(\[[^\]]*\]|[^:\[\]]*)(?::([0-9]*))?", re.DOTALL)
_PLAIN = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/(?:[A-Za-z0-9._~/:@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:\?(?:[A-Za-z0-9._~/?:@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?"
)
"""Most addresses: nothing in them needs a second look."""

_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_OF_PATHS = "/:@!$&'()*+,;=~%"
_OF_QUERIES = _OF_PATHS + "?"


def as_uri(text: str) -> str | None:
    """An absolute address as a URI; None where it has no scheme, or a host or port that cannot be one."""
    if _PLAIN.fullmatch(text):
        return text
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return None
    scheme, authority, path, query, fragment = parts.groups()
    uri = f"{scheme}:"
    if authority is not None:
        written = _authority(authority)
        if written is None:
            return None
        uri += f"//{written}"
    elif not path:
        return None
    uri += _quoted(path, _OF_PATHS)
    if query is not None:
        uri += f"?{_quoted(query, _OF_QUERIES)}"
    if fragment is not None:
        uri += f"#{_quoted(fragment, _OF_QUERIES)}"
    return uri


def _authority(text: str) -> str | None:
    parts = _AUTHORITY.fullmatch(text)
    if parts is None:
        return None
    user, host, port = parts.groups()
    if host.startswith("["):
        try:
            IPv6Address(host[1:-1].partition("%")[0])
        except AddressValueError:
            return None
        if "%" in host:  # a zone says something on one machine only
            return None
    else:
        host = _quoted(host, "!$&'()*+,;=~%")
    before = f"{_quoted(user, ':!$&*+,;=~%')}@" if user is not None else ""
    return before + host + (f":{port}" if port is not None else "")


def _quoted(text: str, safe: str) -> str:
    return quote(_LONE_PERCENT.sub("%25", text), safe=safe)
