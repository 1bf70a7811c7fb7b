"""Randomness as an argument."""

import hashlib
from typing import Protocol


class Entropy(Protocol):
    """Give unpredictable bytes."""

    def take(self, length: int) -> bytes: ...


class SeededEntropy:
    """Give the same bytes for the same seed; for lessons and tests only, never in a pilot.

    Each call hashes (seed, call number), so two runs that ask in the same order get the same bytes.
    """

    insecure = True

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._calls = 0

    def take(self, length: int) -> bytes:
        self._calls += 1
        block = self._seed + b"|" + str(self._calls).encode()
        return hashlib.shake_256(b"pkilab-seeded-entropy|" + block).digest(length)
