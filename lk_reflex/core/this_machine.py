"""The one judge of whether an address is this machine's own: no proxy leads there, and nobody else listens there."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit


def this_machine(host: str | None) -> bool:
    """Whether a host is this machine: localhost, all of 127.0.0.0/8, ::1, in brackets or not, mapped or not."""
    name = (host or "").lower()
    if name == "localhost":
        return True
    try:
        address = ip_address(name[1:-1] if name.startswith("[") and name.endswith("]") else name)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:  # a peer of a socket that is open to both
        address = address.ipv4_mapped
    return address.is_loopback


def leads_here(url: str) -> bool:
    """Whether a whole address is of this machine, whatever its scheme and port; one that can't be read is not."""
    try:
        return this_machine(urlsplit(url).hostname)
    except ValueError:
        return False
