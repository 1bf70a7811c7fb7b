"""Secure mail as the NIH piloted it in 1998, on today's standards.

    from pkilab import Pilot

    pilot = Pilot.start()                       # a CA, a KMS, a directory and a mail server
    alice = pilot.enroll("alice@nih.example")   # token by mail, two key pairs, one escrowed
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pkilab.lab import Lab as Lab
    from pkilab.pilot import Pilot as Pilot

__version__ = "0.1.0"
__all__ = ["Lab", "Pilot", "__version__"]


def __getattr__(name: str) -> Any:  # imported on first use: `import pkilab` stays instant
    if name == "Pilot":
        from pkilab.pilot import Pilot

        return Pilot
    if name == "Lab":
        from pkilab.lab import Lab

        return Lab
    raise AttributeError(f"module 'pkilab' has no attribute {name!r}")
