"""Sealing personal data: AES-256-GCM cells bound to their place, blind indexes, keyed names for
logs.

Two layers. The keys in PII_ENCRYPTION_KEYS (key-encrypting keys, never in the database) wrap a few
random data keys that lie in the table `data_keys` (db.keyring). Changing the outer key rewraps
those few; changing a data key re-encrypts cells in batches. The blind-index key is a data key of
its own, so neither change moves the indexes: a new index key needs the plaintext and is made by
the same sweep.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = b"\x01"
HEADER_BYTES = 1 + 4 + NONCE_BYTES
log = logging.getLogger(__name__)


class BadKeys(ValueError):
    """PII_ENCRYPTION_KEYS can't be used. The text never holds a key."""


class Unreadable(Exception):
    """A cell can't be opened: changed, moved to another row, or its key is gone."""


@dataclass(frozen=True, slots=True, repr=False)
class OuterKey:
    """One key of PII_ENCRYPTION_KEYS, known by a hash of itself."""

    key: bytes

    @property
    def name(self) -> str:
        """Eight hex digits that tell which key wrapped a data key."""
        return hashlib.sha256(b"nong-sisip outer key" + self.key).hexdigest()[:8]

    def wrap(self, data_key: bytes, place: str) -> bytes:
        """The data key, sealed for the table data_keys."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, data_key, place.encode())

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """The data key again. Raises Unreadable."""
        try:
            return AESGCM(self.key).decrypt(
                wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], place.encode()
            )
        except InvalidTag:
            raise Unreadable("a data key does not open with this outer key") from None


def outer_keys(value: str) -> tuple[OuterKey, ...]:
    """Read PII_ENCRYPTION_KEYS: base64 of 32 bytes each, comma-separated, newest first. Raises
    BadKeys.
    """
    keys: list[OuterKey] = []
    for number, part in enumerate(value.split(","), start=1):
        try:
            key = base64.b64decode(part.strip().replace("-", "+").replace("_", "/"), validate=True)
        except (binascii.Error, ValueError):
            raise BadKeys(f"key {number} is not base64") from None
        if len(key) != KEY_BYTES:
            raise BadKeys(f"key {number} holds {len(key)} bytes, not {KEY_BYTES}")
        keys.append(OuterKey(key))
    return tuple(keys)


@dataclass(slots=True, repr=False)
class Keyring:
    """The opened data keys. `newest` seals; every one opens. `reload` fetches a key made meanwhile
    elsewhere.
    """

    cell_keys: dict[int, bytes]
    newest: int
    index_key: bytes
    reload: Callable[[], Mapping[int, bytes]] | None = None
    _ciphers: dict[int, AESGCM] = field(default_factory=dict)

    @classmethod
    def throwaway(cls) -> "Keyring":
        """A keyring with keys of its own and no database, for tests."""
        return cls({1: os.urandom(KEY_BYTES)}, 1, os.urandom(KEY_BYTES))

    def seal(self, text: str, *, table: str, column: str, row: object) -> bytes:
        """The text, readable only with our keys and only in this place."""
        return self.seal_bytes(text.encode("utf-8", "surrogatepass"), f"{table}|{column}|{row}")

    def open(self, sealed: bytes, *, table: str, column: str, row: object) -> str:
        """The text of a sealed cell. Raises Unreadable, never gives wrong text."""
        return self.open_bytes(sealed, f"{table}|{column}|{row}").decode("utf-8", "surrogatepass")

    def seal_bytes(self, plain: bytes, place: str) -> bytes:
        """As `seal`, for bytes: version, key number, nonce, ciphertext with its tag."""
        nonce = os.urandom(NONCE_BYTES)
        body = self._cipher(self.newest).encrypt(nonce, plain, place.encode())
        return VERSION + self.newest.to_bytes(4, "big") + nonce + body

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """As `open`, for bytes."""
        sealed = bytes(sealed)
        if len(sealed) < HEADER_BYTES or sealed[:1] != VERSION:
            raise Unreadable(f"not a sealed cell ({place.rpartition('|')[0]})")
        cipher = self._cipher(key_number(sealed))
        try:
            return cipher.decrypt(sealed[5:HEADER_BYTES], sealed[HEADER_BYTES:], place.encode())
        except InvalidTag:
            raise Unreadable(f"a cell does not open ({place.rpartition('|')[0]})") from None

    def open_or_empty(self, sealed: bytes | None, place: str) -> bytes:
        """As `open_bytes`, for cells whose loss must not stop a queue; says so in the log."""
        try:
            return self.open_bytes(sealed or b"", place)
        except Unreadable:
            log.error("a cell can't be opened", extra={"cell": place.rpartition("|")[0]})
            return b""

    def blind_index(self, purpose: str, normalised: str) -> bytes:
        """A keyed hash for finding equal values (an ID number, a phone) without keeping them
        readable.

        Say the purpose (`registrations.id_number`): equal values of two columns must not look
        equal.
        """
        return hmac.digest(self.index_key, f"{purpose}\0{normalised}".encode(), "sha256")

    def _cipher(self, number: int) -> AESGCM:
        if number not in self._ciphers:
            if number not in self.cell_keys and self.reload is not None:
                self.cell_keys.update(self.reload())
            if number not in self.cell_keys:
                raise Unreadable(f"data key {number} is not here")
            self._ciphers[number] = AESGCM(self.cell_keys[number])
        return self._ciphers[number]


def key_number(sealed: bytes) -> int:
    """Which data key sealed this cell."""
    return int.from_bytes(bytes(sealed)[1:5], "big")
