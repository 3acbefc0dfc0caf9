"""Who is who within one day: an address, an agent, and a number that nobody can turn back."""

from functools import lru_cache
from hashlib import blake2b
from ipaddress import ip_address

from django.conf import settings

AGENT_LENGTH = 512  # characters
LONGEST_ADDRESS = 64  # characters, a zone included: nothing longer is looked at or kept


def network_of(address):
    """The visitor's network as bytes: IPv4 whole, IPv6 its /64; ``None`` for what is no address."""
    return known_network_of(address) if len(address) <= LONGEST_ADDRESS else None


@lru_cache(maxsize=2048)
def known_network_of(address):
    try:
        parsed = unwrapped(ip_address(address))
    except ValueError:
        return None
    if "%" in address and not parsed.is_link_local:  # only there does a zone mean anything: this one is rubbish
        return None
    return parsed.packed if parsed.version == 4 else parsed.packed[:8]


@lru_cache(maxsize=1024)
def is_trusted(peer):
    """Whether ``X-Real-IP`` is believed from ``peer``: a unix socket, or one of the trusted proxies."""
    if not peer:
        return True
    try:
        address = unwrapped(ip_address(peer))
    except ValueError:
        return False
    return any(address in network for network in settings.VISITORS_TRUSTED_PROXIES)


def unwrapped(address):
    """An IPv4 address that came as IPv6 (``::ffff:192.0.2.1``) as what it is."""
    return (address.ipv4_mapped or address) if address.version == 6 else address


def client_network(meta):
    """The network of the client of a request with the environment ``meta``, or ``None``. X-Forwarded-For is never read."""
    peer = meta.get("REMOTE_ADDR", "")
    return network_of(meta.get("HTTP_X_REAL_IP", "") if is_trusted(peer) else peer)


def agent_of(meta):
    return meta.get("HTTP_USER_AGENT", "")[:AGENT_LENGTH]


def visitor_number(salt, network, agent, host):
    """The keyed 64-bit digest of a visitor, as a signed integer."""
    name = f"{host}\0{agent}".encode("utf-8", "surrogatepass")
    digest = blake2b(b"%c%b%b" % (len(network), network, name), digest_size=8, key=salt).digest()
    return int.from_bytes(digest, "big", signed=True)
