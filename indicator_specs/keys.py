"""Stable integer keys: facts carry them, dimensions decode them."""

import hashlib


def stable_key(text: str) -> int:
    """A positive 31-bit integer that depends on ``text`` alone, on any machine, for ever.

    Collisions within one kind of thing are refused when the registry is loaded.
    """
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) & 0x7FFF_FFFF
