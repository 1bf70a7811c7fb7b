"""The second look before a CA signs: read the finished bytes and compare them with profile and request.

The builder is not asked what it did. A finding is a bug or an attack, never a matter of taste, and
the CA refuses to sign (promise P03). pkilint says the same from outside, in the tests.
"""

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pkilab.errors import PolicyRefused
from pkilab.keys.check import check_public_key, read_public_key
from pkilab.keys.purpose import spki
from pkilab.policy.lifetimes import LEAF_MAX
from pkilab.x509.build import COMMON_NAME_LENGTH
from pkilab.x509.certificate import mailboxes, ski
from pkilab.x509.profile import CertificateProfile, NameForm, key_usage_extension
from pkilab.x509.request import CertificateRequest

E = TypeVar("E", bound=x509.ExtensionType)

SERIAL_OCTETS_MAX = 20
SERIAL_BITS_MIN = 64

_CRITICAL = (x509.BasicConstraints, x509.KeyUsage)
_FORBIDDEN_IN_MAIL = (
    ExtendedKeyUsageOID.SERVER_AUTH,
    ExtendedKeyUsageOID.CODE_SIGNING,
    ExtendedKeyUsageOID.TIME_STAMPING,
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something in a certificate that its profile does not allow.

    Attributes:
        code: stable, as `serial.range`.
        message: one sentence.
    """

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is linted, and against what.

    Attributes:
        issuer: the issuer's certificate; None = self-signed.
    """

    certificate: x509.Certificate
    request: CertificateRequest
    profile: CertificateProfile
    issuer: x509.Certificate | None


def lint(
    certificate: x509.Certificate,
    request: CertificateRequest,
    profile: CertificateProfile,
    issuer: x509.Certificate | None,
) -> tuple[Finding, ...]:
    """Return everything in `certificate` that deviates from what was asked and what the profile grants.

    Args:
        issuer: the issuer's certificate; None = self-signed.

    Returns:
        No finding = fit to be signed.
    """
    subject = Subject(certificate=certificate, request=request, profile=profile, issuer=issuer)
    found = (Finding(code=code, message=message) for check in _CHECKS for code, message in check(subject))
    return tuple(found)


_Findings: TypeAlias = Iterator[tuple[str, str]]


def _serial(of: Subject) -> _Findings:
    """RFC 5280 §4.1.2.2, Baseline Requirements §7.1: positive, at most 20 octets, at least 64 random bits."""
    serial = of.certificate.serial_number
    if serial <= 0 or serial.bit_length() >= SERIAL_OCTETS_MAX * 8:
        yield "serial.range", "The serial number must be positive and encode in at most 20 octets."
    elif serial.bit_length() <= SERIAL_BITS_MIN:
        yield "serial.length", "The serial number is too short to hold 64 random bits."


def _version(of: Subject) -> _Findings:
    if of.certificate.version is not x509.Version.v3:
        yield "version", "The certificate must be of version 3."


def _validity(of: Subject) -> _Findings:
    """RFC 5280 §4.1.2.5; a certificate never outlives its issuer (promise P04)."""
    begins, ends = of.certificate.not_valid_before_utc, of.certificate.not_valid_after_utc
    if begins >= ends:
        yield "validity.empty", "The validity period is empty."
    if of.profile.names is NameForm.MAILBOX and ends - begins >= LEAF_MAX:
        yield "validity.length", "A mail certificate is valid for less than 825 days."
    if of.issuer is None:
        return
    if begins < of.issuer.not_valid_before_utc or ends > of.issuer.not_valid_after_utc:
        yield "validity.issuer", "The certificate would be valid when its issuer is not."


def _issuer(of: Subject) -> _Findings:
    """RFC 5280 §4.1.2.4, §4.2.1.1."""
    authority_key = _value(of.certificate, x509.AuthorityKeyIdentifier)
    if of.issuer is None:
        if of.certificate.issuer != of.certificate.subject:
            yield "issuer.name", "A self-signed certificate names itself as issuer."
        return
    if of.certificate.issuer != of.issuer.subject:
        yield "issuer.name", "The issuer name is not the subject name of the issuer."
    if authority_key != x509.AuthorityKeyIdentifier(ski(of.issuer), None, None):
        yield "issuer.key", "The authority key identifier is not the issuer's subject key identifier."


def _key(of: Subject) -> _Findings:
    key = read_public_key(of.request.public_key)
    held = of.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if spki(key) != held:
        yield "key.other", "The certificate holds another key than was asked for."
    if ski(of.certificate) != x509.SubjectKeyIdentifier.from_public_key(key).digest:
        yield "key.identifier", "The subject key identifier is not that of the key."
    try:
        check_public_key(key)
    except PolicyRefused as error:
        yield "key.weak", str(error)


def _usage(of: Subject) -> _Findings:
    """RFC 5280 §4.2.1.3, §4.2.1.12, §4.2.1.4, §4.2.1.9: exactly what the profile grants."""
    profile = of.profile
    key = read_public_key(of.request.public_key)
    if _value(of.certificate, x509.KeyUsage) != key_usage_extension(profile.key_usage(key)):
        yield "usage.key", "The key usage is not the profile's."
    purposes = tuple(usage.dotted_string for usage in _value(of.certificate, x509.ExtendedKeyUsage) or ())
    if purposes != profile.extended_key_usage:
        yield "usage.extended", "The extended key usage is not the profile's."
    if profile.names is NameForm.MAILBOX and any(bad.dotted_string in purposes for bad in _FORBIDDEN_IN_MAIL):
        yield "usage.mail", "A mail certificate must not be good for servers, code or everything."
    policies = tuple(
        item.policy_identifier.dotted_string for item in _value(of.certificate, x509.CertificatePolicies) or ()
    )
    if policies != profile.policies:
        yield "policies", "The certificate policies are not the profile's."
    basic = _value(of.certificate, x509.BasicConstraints)
    wanted = x509.BasicConstraints(ca=True, path_length=profile.path_length) if profile.authority else None
    if basic != wanted:
        yield "basic-constraints", "The basic constraints are not the profile's."


def _extensions(of: Subject) -> _Findings:
    """No extension beyond the profile's, each with the right criticality (RFC 5280 §4.2)."""
    present = {extension.oid: extension.critical for extension in of.certificate.extensions}
    wanted: dict[x509.ObjectIdentifier, bool] = {kind.oid: kind in _CRITICAL for kind in _wanted(of)}
    if x509.SubjectAlternativeName.oid in wanted:
        wanted[x509.SubjectAlternativeName.oid] = not list(of.certificate.subject)
    if present != wanted:
        odd = sorted(oid.dotted_string for oid in present.keys() ^ wanted.keys())
        yield "extensions", f"Extensions or their criticality are not the profile's: {', '.join(odd) or 'criticality'}."


def _wanted(of: Subject) -> Iterator[type[x509.ExtensionType]]:
    yield from (x509.KeyUsage, x509.SubjectKeyIdentifier)
    if of.profile.authority:
        yield x509.BasicConstraints
    if of.profile.extended_key_usage:
        yield x509.ExtendedKeyUsage
    if of.profile.policies:
        yield x509.CertificatePolicies
    if of.profile.names is not NameForm.AUTHORITY:
        yield x509.SubjectAlternativeName
    if of.issuer is not None:
        yield from (x509.AuthorityKeyIdentifier, x509.CRLDistributionPoints, x509.AuthorityInformationAccess)


def _names(of: Subject) -> _Findings:
    """The names are those of the request; the subject repeats one of them (Baseline Requirements §7.1.4.2)."""
    certificate, request = of.certificate, of.request
    common = tuple(str(item.value) for item in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME))
    alternative = _value(certificate, x509.SubjectAlternativeName)
    match of.profile.names:
        case NameForm.MAILBOX:
            allowed = str(request.mailbox)
            subject_is_right = (
                common == (allowed,) if len(allowed) <= COMMON_NAME_LENGTH else not list(certificate.subject)
            )
            right = mailboxes(certificate) == (request.mailbox,) and alternative is not None and len(alternative) == 1
        case NameForm.HOST:
            names = () if alternative is None else tuple(str(name.value) for name in alternative)
            addresses = (str(ipaddress.ip_address(address)) for address in request.ip_addresses)
            right = names == (*request.dns_names, *addresses)
            subject_is_right = set(common) <= set(names)
        case NameForm.AUTHORITY:
            right, subject_is_right = alternative is None, common == (request.common_name,)
    if not right:
        yield "names.alternative", "The subject alternative name is not what was asked for."
    if not subject_is_right:
        yield "names.subject", "The subject is not what was asked for."


def _addresses(of: Subject) -> _Findings:
    """Baseline Requirements §7.1.2.3 b, c: CRL and issuer certificate are served over plain HTTP."""
    points = _value(of.certificate, x509.CRLDistributionPoints) or ()
    served = [name.value for point in points for name in point.full_name or ()]
    access = _value(of.certificate, x509.AuthorityInformationAccess) or ()
    served.extend(item.access_location.value for item in access)
    if not all(str(url).startswith("http://") for url in served):
        yield "addresses", "CRLs and issuer certificates are fetched from http:// addresses."


def _value(certificate: x509.Certificate, kind: type[E]) -> E | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


_CHECKS: tuple[Callable[[Subject], _Findings], ...] = (
    _version,
    _serial,
    _validity,
    _issuer,
    _key,
    _usage,
    _extensions,
    _names,
    _addresses,
)
