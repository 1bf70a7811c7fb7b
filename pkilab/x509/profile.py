"""What a kind of certificate contains. The profile decides, never the request (promise P04)."""

from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519

from pkilab.errors import ProfileViolation
from pkilab.keys.purpose import PublicKey

EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0"
CMC_RA = "1.3.6.1.5.5.7.3.28"
CM_KGA = "1.3.6.1.5.5.7.3.32"

ANY_POLICY = "2.5.29.32.0"
MAILBOX_MULTIPURPOSE = "2.23.140.1.5.1.2"
MAILBOX_STRICT = "2.23.140.1.5.1.3"


class ProfileName(StrEnum):
    """The kinds of certificates a pilot has."""

    ROOT_CA = "root_ca"
    ISSUING_CA = "issuing_ca"
    SMIME_SIGNING = "smime_signing"
    SMIME_ENCRYPTION = "smime_encryption"
    REGISTRATION_AUTHORITY = "registration_authority"
    ADMINISTRATOR = "administrator"
    TLS_SERVER = "tls_server"


class NameForm(StrEnum):
    """Where the subject's name comes from."""

    AUTHORITY = "authority"
    MAILBOX = "mailbox"
    HOST = "host"


class KeyUse(StrEnum):
    """The bits of keyUsage we grant, by the names of RFC 5280 §4.2.1.3."""

    DIGITAL_SIGNATURE = "digitalSignature"
    NON_REPUDIATION = "nonRepudiation"
    KEY_ENCIPHERMENT = "keyEncipherment"
    KEY_AGREEMENT = "keyAgreement"
    KEY_CERT_SIGN = "keyCertSign"
    CRL_SIGN = "cRLSign"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateProfile:
    """One kind of certificate, whole.

    Attributes:
        names: what the subject is.
        rsa, ec, ed25519, x25519: the key usage for each kind of key; empty = this profile takes no such key.
        extended_key_usage: OIDs, dotted; empty = no such extension.
        policies: certificate policies, dotted OIDs.
        authority: True = basicConstraints cA.
        path_length: pathLenConstraint of an authority; None = none.
    """

    name: ProfileName
    names: NameForm
    rsa: frozenset[KeyUse]
    ec: frozenset[KeyUse]
    ed25519: frozenset[KeyUse] = frozenset()
    x25519: frozenset[KeyUse] = frozenset()
    extended_key_usage: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    authority: bool = False
    path_length: int | None = None

    def key_usage(self, key: PublicKey) -> frozenset[KeyUse]:
        """Return the uses granted to `key`.

        Raises:
            ProfileViolation: this profile takes no key of that kind.
        """
        match key:
            case rsa.RSAPublicKey():
                granted = self.rsa
            case ec.EllipticCurvePublicKey():
                granted = self.ec
            case ed25519.Ed25519PublicKey():
                granted = self.ed25519
            case x25519.X25519PublicKey():
                granted = self.x25519
        if not granted:
            raise ProfileViolation(
                f"The profile {self.name.value} takes no key of this kind.",
                hint="Use an RSA or P-256 key.",
            )
        return granted


def key_usage_extension(uses: frozenset[KeyUse]) -> x509.KeyUsage:
    """Return the keyUsage extension that grants `uses` and nothing else."""
    return x509.KeyUsage(
        digital_signature=KeyUse.DIGITAL_SIGNATURE in uses,
        content_commitment=KeyUse.NON_REPUDIATION in uses,
        key_encipherment=KeyUse.KEY_ENCIPHERMENT in uses,
        data_encipherment=False,
        key_agreement=KeyUse.KEY_AGREEMENT in uses,
        key_cert_sign=KeyUse.KEY_CERT_SIGN in uses,
        crl_sign=KeyUse.CRL_SIGN in uses,
        encipher_only=False,
        decipher_only=False,
    )
