"""How long things are valid.

Leaves stay below the 825 days of the S/MIME Baseline Requirements §6.3.2, TLS servers below the 200
days of the TLS ones; a CRL lives long enough for a weekend without its CA.
"""

from dataclasses import dataclass
from datetime import timedelta

from pkilab.errors import PolicyRefused

LEAF_MAX = timedelta(days=825)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """Validity of what a CA signs; a certificate never outlives its issuer, whatever stands here.

    Attributes:
        root: of the root CA's own certificate.
        issuing: of an issuing CA's certificate.
        leaf: of certificates for mail, for the RA and for administrators.
        tls_server: of certificates for servers.
        crl: from thisUpdate to nextUpdate of the issuing CA's CRL.
        root_crl: the same for the CRL of the root, which is offline most of the year.

    Raises:
        PolicyRefused: a lifetime that is not positive, or a leaf beyond 825 days.
    """

    root: timedelta = timedelta(days=20 * 365)
    issuing: timedelta = timedelta(days=10 * 365)
    leaf: timedelta = timedelta(days=730)
    tls_server: timedelta = timedelta(days=199)
    crl: timedelta = timedelta(days=7)
    root_crl: timedelta = timedelta(days=180)

    def __post_init__(self) -> None:
        shortest = min(self.root, self.issuing, self.leaf, self.tls_server, self.crl, self.root_crl)
        if shortest <= timedelta(0) or self.leaf > LEAF_MAX:
            raise PolicyRefused("Lifetimes must be positive, and a leaf's at most 825 days.")
