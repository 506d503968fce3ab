"""The proof that a webhook comes from LINE: HMAC-SHA256 over the bytes as they came.

Our own code, since the SDK's parser takes text, raises on hostile bodies and puts the signature
into exception texts. Source: LINE's "Verify webhook signature".
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

_LENGTH = 44
"""Base64 of 32 bytes."""


def sign(secret: str, body: bytes) -> str:
    """The value of x-line-signature for `body`."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def valid(secrets: Iterable[str], body: bytes, header: str | None) -> bool:
    """Whether one of `secrets` signed `body`; every secret is tried, in constant time.

    Two secrets are good at once while a channel secret is being reissued.
    """
    if header is None or len(header) != _LENGTH or not header.isascii():
        return False
    given = header.encode("ascii")
    results = [hmac.compare_digest(sign(s, body).encode("ascii"), given) for s in secrets]
    return any(results)
