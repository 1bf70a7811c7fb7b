"""How many distinct administrators an operation needs: m of n."""

from dataclasses import dataclass

from pkilab.errors import PolicyRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """`needed` of `administrators`; the archive of a record is split this way.

    Raises:
        PolicyRefused: fewer than two are needed, or more than there are.
    """

    needed: int = 2
    administrators: int = 3

    def __post_init__(self) -> None:
        if not 2 <= self.needed <= self.administrators <= 16:
            raise PolicyRefused(
                f"A quorum of {self.needed} of {self.administrators} is not allowed.",
                hint="Need at least 2, at most as many as there are administrators, and at most 16 of them.",
            )

    def __str__(self) -> str:
        return f"{self.needed} of {self.administrators}"
