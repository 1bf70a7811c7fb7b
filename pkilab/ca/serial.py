"""Serial numbers nobody can predict (promise P01, Baseline Requirements §7.1: at least 64 random bits)."""

from typing import Final

from pkilab.core.entropy import Entropy

RANDOM_OCTETS: Final = 17
FIRST_OCTET: Final = 0x4E  # positive and not zero: the encoding always has 18 octets


def new_serial(entropy: Entropy) -> int:
    """Draw a serial number: 136 random bits behind a fixed first octet. The store refuses one that is taken."""
    return int.from_bytes(bytes((FIRST_OCTET,)) + entropy.take(RANDOM_OCTETS), "big")
