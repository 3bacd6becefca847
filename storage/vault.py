"""Sealing secrets and opening them again, and nobody else does. Where the keys lie stands in keyring.py.

A row has a data key of its own, wrapped by a key of the key ring; each secret of the row is sealed under
the data key. Both are AES-256-GCM. What a ciphertext belongs to is its associated data, so that one moved
to another row, column or owner does not open:

    wrapped data key   01 | length of key id | key id | data key id (8) | nonce (12) | ciphertext
                       bound to: table, owner, key id, data key id
    sealed secret      01 | data key id (8) | nonce (12) | ciphertext
                       bound to: table, column, row id, owner, data key id

So a new key in the ring means new wrappings (rotation.py), and no sealed secret changes. What the log is
signed with is derived from a key of the ring, and never leaves this module either.
"""

import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.keyring import KeyRing

FORMAT = b"\x01"
DATA_KEY_ID_BYTES = 8
#: What the log's keys are derived for: they are no key of the ring.
LOG = b"pinfeather log"
#: NIST SP 800-38D, 8.2: 96 bits is the nonce length GCM is made for.
NONCE_BYTES = 12


class Locked(Exception):  # noqa: N818 - what the caller does next: show it as locked
    """This secret will not open: its key is missing, or it was changed or moved."""


class Secret:
    """A secret text that shows nothing when printed, logged or formatted."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the text itself: only on its way to X, or to be sealed."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed secret stands and whose it is."""

    table: str
    column: str
    row_id: int | str
    owner_id: int


class Vault:
    """Seals and opens with the keys of one key ring.

    `newest` gives the ring as it is now, for a process that runs while keys are added: it is asked before
    anything is sealed under the primary key, and when something names a key that is not known yet.
    """

    def __init__(self, ring: KeyRing, newest: Callable[[], KeyRing] | None = None) -> None:
        self._ring = ring
        self._newest = newest or (lambda: ring)

    def new_data_key(self, table: str, owner_id: int) -> bytes:
        """Make a data key for a row of this table and owner; wrapped, ready to be stored."""
        return self._wrap(AESGCM.generate_key(256), [table, owner_id])

    def seal(self, data_key: bytes, place: Place, secret: Secret) -> bytes:
        """Seal under the row's wrapped data key. Raises Locked when that will not open."""
        key, key_id = self._unwrap(data_key, [place.table, place.owner_id])
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, secret.reveal().encode(), _bound(place, key_id))
        return FORMAT + key_id + nonce + sealed

    def open(self, data_key: bytes, place: Place, sealed: bytes) -> Secret:
        """Open for use. Raises Locked."""
        key, key_id = self._unwrap(data_key, [place.table, place.owner_id])
        version, sealed_under, nonce, rest = _cut(sealed, len(FORMAT), DATA_KEY_ID_BYTES, NONCE_BYTES)
        if version != FORMAT or sealed_under != key_id:
            raise Locked("it was sealed in another way, or for another row")
        return Secret(_decrypt(key, nonce, rest, _bound(place, key_id)).decode())

    def rewrap(self, data_key: bytes, table: str, owner_id: int) -> bytes | None:
        """Wrap a data key anew, under the primary key; what is sealed under it stays as it is.

        None: it is wrapped so already. Raises Locked.
        """
        self._ring = self._newest()
        key, key_id = self._unwrap(data_key, [table, owner_id])
        if key_named_in(data_key) == self._ring.active_id:
            return None
        return self._wrap(key, [table, owner_id], key_id)

    def reseal(
        self, data_key: bytes, sealed: Mapping[Place, bytes], owner_id: int
    ) -> tuple[bytes, dict[str, bytes]]:
        """Seal what one row holds for another owner: gives a new data key, and by column what is sealed.

        What was sealed for the owner before opens for nobody any more. Raises Locked.
        """
        new_key, anew = b"", {}
        for place, secret in sealed.items():
            new_key = new_key or self.new_data_key(place.table, owner_id)
            theirs = replace(place, owner_id=owner_id)
            anew[place.column] = self.seal(new_key, theirs, self.open(data_key, place, secret))
        return new_key, anew

    def sign(self, key_id: str, *parts: bytes) -> bytes:
        """Sign for the log with what is derived from a key of the ring (HKDF, HMAC-SHA256). Raises Locked."""
        if key_id not in self._ring.keys:
            self._ring = self._newest()
        if key_id not in self._ring.keys:
            raise Locked(f"the key {key_id!r} is not in the key ring")
        derived = HKDF(hashes.SHA256(), length=32, salt=None, info=LOG).derive(self._ring.keys[key_id])
        return hmac.digest(derived, b"".join(len(part).to_bytes(8) + part for part in parts), "sha256")

    def fingerprint(self, value: str) -> str:
        """Tell equal secrets apart from unequal ones, in hex, without the secret (HMAC-SHA256)."""
        return hmac.digest(self._ring.fingerprint_key, value.encode(), "sha256").hex()

    @property
    def key_id(self) -> str:
        """Name of the primary key, which wraps what is new."""
        self._ring = self._newest()
        return self._ring.active_id

    def check_value(self) -> bytes:
        """Make what tells this key ring from another; see key_check.py."""
        return self._wrap(self.fingerprint(CHECKED).encode(), [CHECKED])

    def passes(self, check_value: bytes) -> bool:
        """Tell whether the check value was made with a key of this ring."""
        try:
            return self._unwrap(check_value, [CHECKED])[0] == self.fingerprint(CHECKED).encode()
        except Locked:
            return False

    def _wrap(self, key: bytes, bound_to: list[str | int], data_key_id: bytes | None = None) -> bytes:
        """Wrap under the primary key; a new data key gets an id."""
        ring = self._ring = self._newest()
        data_key_id = data_key_id or secrets.token_bytes(DATA_KEY_ID_BYTES)
        nonce = secrets.token_bytes(NONCE_BYTES)
        bound = _packed(*bound_to, ring.active_id, data_key_id.hex())
        wrapped = AESGCM(ring.keys[ring.active_id]).encrypt(nonce, key, bound)
        name = ring.active_id.encode()
        return FORMAT + bytes([len(name)]) + name + data_key_id + nonce + wrapped

    def _unwrap(self, wrapped: bytes, bound_to: list[str | int]) -> tuple[bytes, bytes]:
        """Give the data key and its id."""
        ring_id, rest = _named(wrapped)
        data_key_id, nonce, rest = _cut(rest, DATA_KEY_ID_BYTES, NONCE_BYTES)
        if ring_id not in self._ring.keys:
            self._ring = self._newest()
        if ring_id not in self._ring.keys:
            raise Locked(f"the key {ring_id!r} is not in the key ring")
        bound = _packed(*bound_to, ring_id, data_key_id.hex())
        return _decrypt(self._ring.keys[ring_id], nonce, rest, bound), data_key_id


#: What the check value is bound to.
CHECKED = "key_check"


def key_named_in(wrapped: bytes) -> str:
    """Say which key of a ring wrapped a data key, without opening it. Raises Locked for what is none."""
    return _named(wrapped)[0]


def _named(wrapped: bytes) -> tuple[str, bytes]:
    """Give the key's name and what follows it."""
    version, length, rest = _cut(wrapped, len(FORMAT), 1)
    if version != FORMAT:
        raise Locked("it was wrapped in another way")
    name, rest = _cut(rest, length[0])
    return name.decode(errors="replace"), rest


def _bound(place: Place, data_key_id: bytes) -> bytes:
    return _packed(place.table, place.column, place.row_id, place.owner_id, data_key_id.hex())


def _packed(*parts: str | int) -> bytes:
    """Join unmistakably: no two lists of parts give the same bytes."""
    return json.dumps(parts, separators=(",", ":")).encode()


def _cut(stored: bytes, *lengths: int) -> list[bytes]:
    pieces = []
    for length in lengths:
        if len(stored) < length:
            raise Locked("it is cut short")
        pieces.append(stored[:length])
        stored = stored[length:]
    return [*pieces, stored]


def _decrypt(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(nonce, sealed, bound)
    except (InvalidTag, ValueError):
        # No cause: nothing about why may be learned from the outside.
        raise Locked("it was changed, moved, or sealed with another key") from None
