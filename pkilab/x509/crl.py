"""Certificate revocation lists: build, read, look up (RFC 5280 §5).

The number of a CRL only grows: `next_number` is the rule (promise P31). A revoked certificate stays
on the list for good: mail signed before its expiry is still read years later (promise P32).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from pkilab.core import limits
from pkilab.errors import MalformedInput
from pkilab.policy.algorithms import SignatureScheme
from pkilab.x509.build import signing_parameters, throw_away_key


class RevocationReason(StrEnum):
    """Why a certificate was revoked, by the names of RFC 5280 §5.3.1."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    CA_COMPROMISE = "cACompromise"
    AFFILIATION_CHANGED = "affiliationChanged"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessationOfOperation"
    CERTIFICATE_HOLD = "certificateHold"
    REMOVE_FROM_CRL = "removeFromCRL"
    PRIVILEGE_WITHDRAWN = "privilegeWithdrawn"
    AA_COMPROMISE = "aACompromise"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationEntry:
    """One revoked certificate.

    Attributes:
        at: when its issuer revoked it.
    """

    serial_number: int
    at: datetime
    reason: RevocationReason


@dataclass(frozen=True, slots=True, kw_only=True)
class CrlTerms:
    """What stands in a CRL beside its entries.

    Attributes:
        issuer_key_identifier: the issuer's subjectKeyIdentifier.
        number: cRLNumber.
        scheme: the signature algorithm of the issuer's key.
    """

    issuer: x509.Name
    issuer_key_identifier: bytes
    number: int
    this_update: datetime
    next_update: datetime
    scheme: SignatureScheme


def next_number(previous: int, now: datetime) -> int:
    """Return the number after `previous`: the Unix time in seconds, or one more if that would not grow.

    A clock that was set back neither blocks the issuer nor repeats a number.
    """
    return max(previous + 1, int(now.timestamp()))


def build_crl(terms: CrlTerms, entries: Iterable[RevocationEntry]) -> bytes:
    """Build the TBSCertList of a complete CRL, version 2.

    Returns:
        TBSCertList, DER; the issuer signs exactly these bytes.
    """
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=terms.issuer,
        last_update=terms.this_update,
        next_update=terms.next_update,
        extensions=[
            _extension(x509.AuthorityKeyIdentifier(terms.issuer_key_identifier, None, None)),
            _extension(x509.CRLNumber(terms.number)),
        ],
        # Given whole, because adding one by one copies the list each time: quadratic.
        revoked_certificates=[_revoked(entry) for entry in entries],
    )
    digest, pss = signing_parameters(terms.scheme)
    draft = builder.sign(throw_away_key(terms.scheme), digest, rsa_padding=pss)
    return draft.tbs_certlist_bytes


def read_crl(data: bytes) -> x509.CertificateRevocationList:
    """Read a CRL and make sure that its head and extensions can be read.

    Args:
        data: DER or PEM.

    Raises:
        LimitExceeded: more than 8 MiB.
        MalformedInput: not a CRL.
    """
    limits.check("CRL bytes", len(data), limits.CRL_BYTES)
    try:
        crl = x509.load_pem_x509_crl(data) if data.lstrip()[:10] == b"-----BEGIN" else x509.load_der_x509_crl(data)
        _ = crl.extensions, crl.issuer, crl.last_update_utc, crl.next_update_utc
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        raise MalformedInput("These bytes are not a CRL.") from None
    return crl


def crl_number(crl: x509.CertificateRevocationList) -> int | None:
    """Return the cRLNumber, None if the CRL has none (RFC 5280 §5.2.3)."""
    try:
        return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        return None


class CrlIndex:
    """Look up serial numbers in a CRL at once; the list itself would be searched from end to end.

    Entries of an indirect CRL belong to the issuer that their certificateIssuer names (RFC 5280 §5.3.3).

    Raises:
        MalformedInput: an entry cannot be read.
    """

    def __init__(self, crl: x509.CertificateRevocationList) -> None:
        self._issuer = crl.issuer
        self._entries: dict[tuple[x509.Name, int], x509.RevokedCertificate] = {}
        issuer, indirect = crl.issuer, _is_indirect(crl)
        try:
            for entry in crl:
                if indirect:
                    issuer = _certificate_issuer(entry) or issuer
                self._entries[issuer, entry.serial_number] = entry
        except (ValueError, x509.DuplicateExtension):
            raise MalformedInput("An entry of this CRL cannot be read.") from None

    def find(self, serial_number: int, issuer: x509.Name | None = None) -> RevocationEntry | None:
        """Return the entry of a certificate, None if it is not on the list.

        Args:
            issuer: of the certificate, if it is another than the CRL's (indirect CRLs).

        Raises:
            MalformedInput: the entry cannot be read.
        """
        entry = self._entries.get((issuer or self._issuer, serial_number))
        if entry is None:
            return None
        return RevocationEntry(serial_number=serial_number, at=entry.revocation_date_utc, reason=_reason(entry))

    def __len__(self) -> int:
        return len(self._entries)

    def __bool__(self) -> bool:  # an empty list is a list too
        return True


def _extension(value: x509.ExtensionType) -> x509.Extension[x509.ExtensionType]:
    return x509.Extension(value.oid, False, value)


def _revoked(entry: RevocationEntry) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder(entry.serial_number, entry.at)
    if entry.reason is not RevocationReason.UNSPECIFIED:  # RFC 5280 §5.3.1: absent rather than unspecified
        builder = builder.add_extension(x509.CRLReason(x509.ReasonFlags(entry.reason.value)), critical=False)
    return builder.build()


def _is_indirect(crl: x509.CertificateRevocationList) -> bool:
    try:
        return crl.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value.indirect_crl
    except x509.ExtensionNotFound:
        return False


def _certificate_issuer(entry: x509.RevokedCertificate) -> x509.Name | None:
    try:
        names = entry.extensions.get_extension_for_class(x509.CertificateIssuer).value
    except x509.ExtensionNotFound:
        return None
    return next(iter(names.get_values_for_type(x509.DirectoryName)), None)


def _reason(entry: x509.RevokedCertificate) -> RevocationReason:
    try:
        return RevocationReason(entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value)
    except x509.ExtensionNotFound:
        return RevocationReason.UNSPECIFIED
    except (ValueError, x509.DuplicateExtension):
        raise MalformedInput("An entry of this CRL cannot be read.") from None
