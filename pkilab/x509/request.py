"""What is asked of a CA: a profile, a key and names. There is no field for anything else (promise P04)."""

from dataclasses import dataclass

from pkilab.core.identity import Mailbox
from pkilab.x509.profile import ProfileName


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequest:
    """Ask for one certificate.

    Attributes:
        profile: which kind.
        public_key: SubjectPublicKeyInfo, DER; proof of possession was checked by whoever sends this.
        mailbox: the one address of a mail, RA or administrator certificate.
        common_name, organization, country: the name of an authority; country is two letters.
        dns_names, ip_addresses: of a server.
    """

    profile: ProfileName
    public_key: bytes
    mailbox: Mailbox | None = None
    common_name: str | None = None
    organization: str | None = None
    country: str | None = None
    dns_names: tuple[str, ...] = ()
    ip_addresses: tuple[str, ...] = ()
