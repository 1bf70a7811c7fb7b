"""A value that does not show itself."""

import hmac
from typing import Generic, NoReturn, TypeVar

from pkilab.errors import PolicyRefused

T = TypeVar("T")


class Secret(Generic[T]):
    """Hold a secret that is masked in repr, format, display, JSON and pickle.

    `expose()` is the only way out; every call of it is meant to be found by searching for the word.
    """

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def expose(self) -> T:
        """Return the value itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(•••)"

    def __format__(self, spec: str) -> str:
        return "•••"

    def __str__(self) -> str:
        return "•••"

    def __eq__(self, other: object) -> bool:
        """Compare in constant time for bytes and text; any other pairing is unequal."""
        if not isinstance(other, Secret):
            return False
        mine, theirs = _as_bytes(self._value), _as_bytes(other._value)
        return mine is not None and theirs is not None and hmac.compare_digest(mine, theirs)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> NoReturn:
        raise PolicyRefused("A secret cannot be pickled.", hint="Keep it in memory, or wrap it with keys/wrap.py.")


def _as_bytes(value: object) -> bytes | None:
    match value:
        case bytes():
            return value
        case str():
            return value.encode()
        case _:
            return None
