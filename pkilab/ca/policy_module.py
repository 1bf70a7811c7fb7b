"""The lock that ties a CA to its organization: who may ask, for which profiles, for which names.

In 1998 this was the "Exchange policy module" that made a general CA accept requests of the KMS alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cryptography import x509

from pkilab.ca.issuance import CertificationOrder
from pkilab.errors import PolicyRefused, ProfileViolation
from pkilab.keys.check import check_public_key, read_public_key
from pkilab.x509.certificate import fingerprint
from pkilab.x509.profile import ProfileName
from pkilab.x509.request import CertificateRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyModule:
    """Answer whether an order is allowed here.

    Attributes:
        grants: fingerprint of a registered requester's certificate -> the profiles it may ask for.
        mail_domains: domains, lower-case, whose mailboxes may be named; subdomains must be listed themselves.
        hosts: DNS names and IP addresses that servers may be named.
        blocked_keys: SHA-256 of SubjectPublicKeyInfo, hex, of keys that are public knowledge.
    """

    grants: Mapping[str, frozenset[ProfileName]] = field(default_factory=dict)
    mail_domains: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    blocked_keys: frozenset[str] = frozenset()

    def granting(self, requester: x509.Certificate, *profiles: ProfileName) -> "PolicyModule":
        """Return the same policy with one more registered requester."""
        return replace(self, grants={**self.grants, fingerprint(requester): frozenset(profiles)})

    def check_requester(self, requester: x509.Certificate) -> frozenset[ProfileName]:
        """Return the profiles a requester may ask for.

        Raises:
            PolicyRefused: it is not registered here.
        """
        granted = self.grants.get(fingerprint(requester))
        if granted is None:
            raise PolicyRefused(
                "Only a registered registration authority may ask this CA.",
                hint="Send the request to the KMS; it asks the CA.",
            )
        return granted

    def check_order(self, order: CertificationOrder) -> None:
        """Refuse an order that is not allowed.

        Raises:
            PolicyRefused: requester, mail domain or host is not permitted.
            ProfileViolation: the profile is not granted to this requester.
            AlgorithmRefused: a weak key.
            MalformedInput: a public key that cannot be read.
        """
        granted = self.check_requester(order.requester)
        for request in order.requests:
            if request.profile not in granted:
                raise ProfileViolation(f"The profile {request.profile.value} is not granted to this requester.")
            self._check_names(request)
            check_public_key(read_public_key(request.public_key), blocked=self.blocked_keys)

    def _check_names(self, request: CertificateRequest) -> None:
        mailbox = request.mailbox
        if mailbox is not None and mailbox.domain not in self.mail_domains:
            raise PolicyRefused(f"Mailboxes at {mailbox.domain} are not certified here.")
        for host in (*request.dns_names, *request.ip_addresses):
            if host not in self.hosts:
                raise PolicyRefused(f"The host {host} is not certified here.")
