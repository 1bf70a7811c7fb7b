"""Time as an argument."""

from datetime import datetime, timedelta, timezone
from typing import Protocol

from pkilab.errors import PolicyRefused

UTC = timezone.utc


class Clock(Protocol):
    """Tell the time, always aware and in UTC."""

    def now(self) -> datetime: ...


class DialClock:
    """Stand still until somebody turns the dial; for lessons and tests.

    Args:
        start: an aware time; lessons begin at a fixed one, so that their outputs never change.
    """

    def __init__(self, start: datetime) -> None:
        self._now = whole_second(start)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Turn the dial forward by `by` and return the new time."""
        self._now = whole_second(self._now + by)
        return self._now

    def set(self, to: datetime) -> datetime:
        """Turn the dial to `to`, forwards or back."""
        self._now = whole_second(to)
        return self._now

    def __repr__(self) -> str:
        return f"DialClock({iso(self._now)})"


def whole_second(moment: datetime) -> datetime:
    """Drop fractions of a second and convert to UTC: certificates know no finer time (RFC 5280 §4.1.2.5).

    Raises:
        PolicyRefused: the time carries no zone.
    """
    if moment.tzinfo is None:
        raise PolicyRefused("A time without a zone was given.", hint="Give the time in UTC, as 2030-01-31T09:00:00Z.")
    return moment.astimezone(UTC).replace(microsecond=0)


def iso(moment: datetime) -> str:
    """Write a time as `2030-01-31T09:00:00Z`."""
    return whole_second(moment).strftime("%Y-%m-%dT%H:%M:%SZ")
