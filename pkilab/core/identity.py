"""A mailbox: the one name a participant has.

RFC 5321 §4.1.2 Mailbox, compared as RFC 5280 §4.2.1.6 and RFC 8550 §3 say: local part exactly,
domain without regard to ASCII case. Non-ASCII local parts are RFC 9598's; the domain is A-labels.
"""

import re
from dataclasses import dataclass

from pkilab.errors import MalformedInput

_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9\-]{0,61}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True, order=True)
class Mailbox:
    """One mail address, with its domain in lower case so that `==` is the comparison RFC 8550 asks for."""

    local_part: str
    domain: str

    @classmethod
    def parse(cls, text: str) -> "Mailbox":
        """Read `local@domain`.

        Raises:
            MalformedInput: not one address of that form, or longer than RFC 5321 allows.
        """
        local, at, domain = text.rpartition("@")
        labels = domain.split(".")
        well_formed = (
            at
            and len(local.encode()) <= 64
            and len(domain) <= 253
            and _ATOM.fullmatch(local)
            and all(_LABEL.fullmatch(label) for label in labels)
        )
        if not well_formed:
            raise MalformedInput(
                f"{text[:80]!r} is not a mail address.", hint="Write it as name@organization.example."
            )
        return cls(local_part=local, domain=domain.lower())

    @property
    def is_ascii(self) -> bool:
        """True if the address fits an rfc822Name; otherwise it needs SmtpUTF8Mailbox (RFC 9598 §3)."""
        return self.local_part.isascii()

    def __str__(self) -> str:
        return f"{self.local_part}@{self.domain}"
