"""Which machines may be asked: a name is resolved once, every address it has is checked, and one of them is used.

A harvest follows addresses that others wrote. Without this check such an address could reach into the operator's
own network (server-side request forgery; OWASP, "Server Side Request Forgery Prevention").
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from schemas.errors import Refused, Unreachable

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052


def checked_addresses(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The addresses of a host, every one of them allowed.

    Public addresses only; with `allow_private` also loopback and private networks, never link-local (where clouds
    keep their credentials), multicast or reserved ones. Raises Unreachable for a name that has no address, Refused
    for one that leads where it must not.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise Unreachable(f"There is no machine “{host}”.", "Check the address, and the connection.") from None
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    for address in addresses:
        if not is_allowed(address, allow_private=allow_private):
            raise Refused(
                f"“{host}” leads to {address}, which is not a public address.",
                "If the site is in your own network, add its source with --allow-private.",
            )
    return addresses


def is_allowed(address: str, *, allow_private: bool) -> bool:
    """Whether an IP address may be asked."""
    number = ip_address(address)
    inner = _inside(number) if isinstance(number, IPv6Address) else None
    if inner is not None and not is_allowed(str(inner), allow_private=allow_private):
        return False
    if number.is_multicast or number.is_unspecified or number.is_link_local:
        return False
    if number.is_global or (inner is not None and not isinstance(number, IPv4Address)):
        return True
    return allow_private and number.is_private and not (number.is_reserved and not number.is_loopback)


def _inside(number: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address only wraps."""
    if number in _NAT64:
        return IPv4Address(int(number) & 0xFFFF_FFFF)
    return number.ipv4_mapped or number.sixtofour or (number.teredo[1] if number.teredo else None)
