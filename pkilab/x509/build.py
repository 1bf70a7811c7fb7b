"""Build the bytes of a certificate from profile, key and approved names (RFC 5280 §4).

A draft is a whole certificate signed by a throw-away key of the issuer's algorithm. Its TBS bytes
are linted and recorded before the CA's real key signs exactly those bytes (ADR 0003).
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from pkilab.core.identity import Mailbox
from pkilab.errors import ProfileViolation
from pkilab.keys.purpose import HASHES, PublicKey, SigningPrivate
from pkilab.policy.algorithms import SignatureScheme
from pkilab.x509.asn1 import encode_text
from pkilab.x509.certificate import SMTP_UTF8_MAILBOX
from pkilab.x509.profile import CertificateProfile, NameForm, key_usage_extension
from pkilab.x509.request import CertificateRequest

COMMON_NAME_LENGTH = 64

SigningParameters: TypeAlias = tuple[hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None, padding.PSS | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where an issuer's CRL and certificate are served; its certificates carry both.

    Attributes:
        crl_url: cRLDistributionPoints, `http://…` (RFC 5280 §4.2.1.13).
        ca_certificate_url: authorityInfoAccess caIssuers, `http://…`, DER (RFC 5280 §4.2.2.1).
    """

    crl_url: str
    ca_certificate_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuance:
    """What the issuer adds to a request.

    Attributes:
        issuer: the issuer's name.
        issuer_key_identifier: the issuer's subjectKeyIdentifier; None = self-signed.
        scheme: the signature algorithm of the issuer's key.
        serial_number: positive, at most 20 octets.
        not_before, not_after: aware, whole seconds.
        addresses: of the issuer; None = self-signed.
    """

    issuer: x509.Name
    issuer_key_identifier: bytes | None
    scheme: SignatureScheme
    serial_number: int
    not_before: datetime
    not_after: datetime
    addresses: Addresses | None


def draft_certificate(
    request: CertificateRequest, profile: CertificateProfile, key: PublicKey, issuance: Issuance
) -> x509.Certificate:
    """Build a certificate and sign it with a throw-away key.

    Args:
        key: the public key of `request`, already read and checked.

    Returns:
        A certificate whose `tbs_certificate_bytes` are the ones to record, and whose signature is worth nothing.

    Raises:
        ProfileViolation: the request lacks a name that the profile needs, or has one that it does not take.
    """
    builder = x509.CertificateBuilder(
        issuer_name=issuance.issuer,
        subject_name=subject_name(request, profile),
        public_key=key,
        serial_number=issuance.serial_number,
        not_valid_before=issuance.not_before,
        not_valid_after=issuance.not_after,
        extensions=_extensions(request, profile, key, issuance),
    )
    digest, pss = signing_parameters(issuance.scheme)
    return builder.sign(throw_away_key(issuance.scheme), digest, rsa_padding=pss)


def subject_name(request: CertificateRequest, profile: CertificateProfile) -> x509.Name:
    """Return the subject that `profile` makes of the names asked for.

    Raises:
        ProfileViolation: a name is missing, or is not one that the profile takes.
    """
    _check_names(request, profile)
    attributes: list[tuple[x509.ObjectIdentifier, str]] = []
    match profile.names:
        case NameForm.AUTHORITY:
            attributes = [
                (NameOID.COUNTRY_NAME, request.country or ""),
                (NameOID.ORGANIZATION_NAME, request.organization or ""),
                (NameOID.COMMON_NAME, request.common_name or ""),
            ]
        case NameForm.MAILBOX:
            attributes = [(NameOID.COMMON_NAME, str(request.mailbox))]
        case NameForm.HOST:
            attributes = [(NameOID.COMMON_NAME, (*request.dns_names, *request.ip_addresses)[0])]
    try:
        return x509.Name(
            [
                x509.NameAttribute(kind, text)
                for kind, text in attributes
                # A longer address stands in subjectAltName alone; X.520 allows 64 characters here.
                if profile.names is NameForm.AUTHORITY or len(text) <= COMMON_NAME_LENGTH
            ]
        )
    except ValueError:
        raise ProfileViolation("The name of an authority has a common name, organization and country.") from None


@lru_cache(maxsize=8)
def throw_away_key(scheme: SignatureScheme) -> SigningPrivate:
    """Return a key that signs drafts of this algorithm; it is made once a process and never stored."""
    if scheme is SignatureScheme.ED25519:
        return ed25519.Ed25519PrivateKey.generate()
    if scheme.value.startswith("ecdsa"):
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def signing_parameters(scheme: SignatureScheme) -> SigningParameters:
    """Return digest and PSS padding of a scheme, as the builders of the library take them."""
    digest = HASHES.get(scheme)
    if scheme is SignatureScheme.RSA_PSS_SHA256 and digest is not None:
        return digest, padding.PSS(mgf=padding.MGF1(digest), salt_length=digest.digest_size)
    return digest, None


def _check_names(request: CertificateRequest, profile: CertificateProfile) -> None:
    authority = bool(request.common_name or request.organization or request.country)
    host = bool(request.dns_names or request.ip_addresses)
    given = {NameForm.AUTHORITY: authority, NameForm.MAILBOX: request.mailbox is not None, NameForm.HOST: host}
    if [form for form, present in given.items() if present] != [profile.names]:
        raise ProfileViolation(
            f"A certificate of profile {profile.name.value} names one {profile.names.value} and nothing else."
        )


def _extensions(
    request: CertificateRequest, profile: CertificateProfile, key: PublicKey, issuance: Issuance
) -> list[x509.Extension[x509.ExtensionType]]:
    made: list[tuple[x509.ExtensionType, bool]] = []
    if profile.authority:
        made.append((x509.BasicConstraints(ca=True, path_length=profile.path_length), True))
    made.append((key_usage_extension(profile.key_usage(key)), True))
    if profile.extended_key_usage:
        made.append((x509.ExtendedKeyUsage(map(x509.ObjectIdentifier, profile.extended_key_usage)), False))
    if profile.policies:
        made.append((_policies(profile), False))
    made.append((x509.SubjectKeyIdentifier.from_public_key(key), False))
    if issuance.issuer_key_identifier is not None:
        made.append((x509.AuthorityKeyIdentifier(issuance.issuer_key_identifier, None, None), False))
    names = _alternative_names(request)
    if names:
        subject_is_empty = not list(subject_name(request, profile))
        made.append((x509.SubjectAlternativeName(names), subject_is_empty))
    if issuance.addresses is not None:
        made.extend((extension, False) for extension in _where_to_ask(issuance.addresses))
    return [x509.Extension(value.oid, critical, value) for value, critical in made]


def _policies(profile: CertificateProfile) -> x509.CertificatePolicies:
    return x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier(policy), None) for policy in profile.policies]
    )


def _where_to_ask(addresses: Addresses) -> list[x509.ExtensionType]:
    crl = x509.DistributionPoint(
        full_name=[x509.UniformResourceIdentifier(addresses.crl_url)], relative_name=None, reasons=None, crl_issuer=None
    )
    issuer = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(addresses.ca_certificate_url)
    )
    return [x509.CRLDistributionPoints([crl]), x509.AuthorityInformationAccess([issuer])]


def _alternative_names(request: CertificateRequest) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = []
    try:
        names.extend(x509.DNSName(name) for name in request.dns_names)
        names.extend(x509.IPAddress(ipaddress.ip_address(address)) for address in request.ip_addresses)
    except ValueError:
        raise ProfileViolation("A host name or IP address of the request is not one.") from None
    if request.mailbox is not None:
        names.append(_mail_name(request.mailbox))
    return names


def _mail_name(mailbox: Mailbox) -> x509.GeneralName:
    """An rfc822Name, or for addresses beyond ASCII an SmtpUTF8Mailbox (RFC 9598 §3)."""
    if mailbox.is_ascii:
        return x509.RFC822Name(str(mailbox))
    return x509.OtherName(SMTP_UTF8_MAILBOX, encode_text(str(mailbox)))
