"""LINE Login, played: ID tokens for the form page, and the check of them."""

import base64
import hashlib
import hmac
import json

from bot.simulator.schema import Json
from bot.simulator.world import Person, World

ISSUER = "https://access.line.me"
LIFETIME_S = 3600
CLIENT_ID = "1234567890"
"""The played LINE Login channel."""


def id_token(world: World, person: Person, nonce: str = "") -> str:
    """A signed ID token that says who opened the page."""
    now = int(world.clock())
    claims = {
        "iss": ISSUER,
        "sub": person.id,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + LIFETIME_S,
        "name": person.name,
        **({"nonce": nonce} if nonce else {}),
    }
    body = f"{_encode({'alg': 'HS256', 'typ': 'JWT'})}.{_encode(claims)}"
    return f"{body}.{_signature(world, body)}"


def verified(world: World, form: dict[str, str]) -> tuple[Json | None, str]:
    """The claims of `form`'s id_token, or None and LINE's words for what is wrong with it."""
    body, _, signature = form.get("id_token", "").rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(world, body).encode()):
        return None, "Invalid IdToken."
    claims: Json = json.loads(_decode(body.partition(".")[2]))
    checks = (
        (claims["aud"] == form.get("client_id"), "Invalid IdToken Audience."),
        (claims["exp"] > world.clock(), "IdToken expired."),
        (form.get("nonce") in (None, claims.get("nonce")), "Invalid IdToken Nonce."),
        (form.get("user_id") in (None, claims["sub"]), "Invalid IdToken Subject Identifier."),
    )
    wrong = next((words for good, words in checks if not good), "")
    return (None, wrong) if wrong else (claims, "")


def _signature(world: World, body: str) -> str:
    return _base64(hmac.new(world.secret.encode(), body.encode(), hashlib.sha256).digest())


def _encode(value: Json) -> str:
    return _base64(json.dumps(value).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
