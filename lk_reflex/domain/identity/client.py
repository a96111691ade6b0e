"""Where a request came from: what limits count by, and what a person reads in the list of devices."""

import ipaddress
from dataclasses import dataclass

#: A provider gives a household at least this much of IPv6: whoever counts single addresses counts nothing.
_HOUSEHOLD = 64


@dataclass(frozen=True, slots=True)
class Client:
    """Where a try came from: the network address and the browser's own words."""

    address: str
    browser: str = ""

    @property
    def network(self) -> str:
        """What limits count as one client: an IPv4 address, or the /64 of an IPv6 one."""
        try:
            address = ipaddress.ip_address(self.address.partition("%")[0])
        except ValueError:
            return self.address
        if address.version == 4:
            return str(address)
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, _HOUSEHOLD), strict=False))


def client_behind(peer: str, forwarded: str, browser: str, *, hops: int) -> Client:
    """The client as far as our own `hops` proxies wrote it into X-Forwarded-For; `peer` is who connected to us."""
    chain = [part.strip() for part in forwarded.split(",") if part.strip()]
    return Client(chain[-hops] if hops and len(chain) >= hops else peer, browser)
