"""Identifiers in the forms LINE gives them."""

import hashlib
import itertools
import secrets
import time

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PREFIX = {"group": "C", "room": "R", "user": "U"}
_messages = itertools.count(int(time.time() * 1000) * 100_000)


def user(seed: str = "") -> str:
    """A user ID; the same for the same seed."""
    return "U" + (hashlib.md5(seed.encode(), usedforsecurity=False).hexdigest() if seed else _hex())


def chat(kind: str) -> str:
    """The ID of a group or room."""
    return _PREFIX[kind] + _hex()


def message() -> str:
    """A message ID: decimal, growing."""
    return str(next(_messages))


def token() -> str:
    """A reply, quote or read token."""
    return secrets.token_hex(16)


def event(at_ms: int) -> str:
    """A webhookEventId: a ULID of that moment."""
    number = (at_ms << 80) | secrets.randbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -5, -5))


def menu(seed: str = "") -> str:
    """A rich menu ID; the same for the same seed."""
    return "richmenu-" + user(seed)[1:]


def _hex() -> str:
    return secrets.token_hex(16)
