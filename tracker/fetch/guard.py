"""Which addresses are not the public internet's: pure tables and look-ups.

Every address that a name leads to is judged after the resolver has answered, and the connection then goes to the very
address that was judged (`dialling`), so a name that leads elsewhere a moment later changes nothing. Judges numbers
only: it resolves no names and opens nothing.

Source of the tables: IANA's registries of special-purpose addresses (RFC 6890) and of IPv6 address space (RFC 4291).
"""

from __future__ import annotations

import socket
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

# What an address is called in a reason -> the networks; the first that holds an address names it.
NOT_PUBLIC: dict[str, tuple[str, ...]] = {
    "loopback": ("127.0.0.0/8", "::1/128"),
    "unspecified": ("0.0.0.0/8", "::/128"),
    "private": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
    "link-local": ("169.254.0.0/16", "fe80::/10"),  # where clouds keep their keys
    "shared carrier": ("100.64.0.0/10",),
    "cloud provider's": ("168.63.129.16/32",),  # Azure answers its own machines there
    "multicast": ("224.0.0.0/4", "ff00::/8"),
    "documentation": ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
    "reserved": ("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4", "2001::/23"),
}
PUBLIC_IPV6 = ip_network("2000::/3")  # the rest of IPv6 is not given out

# IPv6 networks that wrap an IPv4 address, which is what counts -> the bits to its right.
WRAPPING: dict[str, int] = {
    "::ffff:0:0/96": 0,  # IPv4-mapped
    "::ffff:0:0:0/96": 0,  # SIIT
    "64:ff9b::/96": 0,  # NAT64; 64:ff9b:1::/48 is for private use and lies outside 2000::/3
    "2002::/16": 80,  # 6to4
}
LOCAL_NAMES = ("localhost", "localhost.localdomain")

_NAMED = tuple((word, ip_network(network)) for word, networks in NOT_PUBLIC.items() for network in networks)
_WRAPPED = tuple((ip_network(network), shift) for network, shift in WRAPPING.items())


@lru_cache(maxsize=4_096)
def fault(address: str) -> str | None:
    """What an IP address is, where it is not the public internet's ("private"), else None; "unknown" for no address."""
    try:
        number = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    return _fault(number)


def _fault(number: IPv4Address | IPv6Address) -> str | None:
    for network, shift in _WRAPPED:
        if _holds(network, number):
            return _fault(IPv4Address(int(number) >> shift & 0xFFFF_FFFF))
    word = next((word for word, network in _NAMED if _holds(network, number)), None)
    return word or (None if number.version == 4 or number in PUBLIC_IPV6 else "reserved")


def _holds(network: IPv4Network | IPv6Network, number: IPv4Address | IPv6Address) -> bool:
    return network.version == number.version and number in network


def literal(host: str) -> str | None:
    """The IP address that a host is spelt as, in whatever spelling (`2130706433`, `0x7f.1`), or None for a name."""
    try:
        return str(ip_address(host.strip("[]").partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def is_local(host: str) -> bool:
    """Whether a host means this machine without anybody being asked: a loopback address or `localhost` (RFC 6761)."""
    name = host.rstrip(".")
    if name in LOCAL_NAMES or name.endswith(".localhost"):
        return True
    address = literal(host)
    return address is not None and fault(address) == "loopback"


def told(host: str, address: str, word: str) -> str:
    """What is wrong with a host: "10.0.0.5 is a private address"."""
    article = "an" if word[0] in "aeiou" else "a"
    where = f"{host} is" if host == address else f"{host} leads to {address},"
    return f"{where} {article} {word} address"
