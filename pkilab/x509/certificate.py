"""Read certificates and say what they contain. Whether to believe them is asked in `trust`."""

from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pkilab.core import limits
from pkilab.core.identity import Mailbox
from pkilab.errors import MalformedInput
from pkilab.x509.asn1 import decode_text

CERTIFICATE_BYTES = 64 * 1024
SMTP_UTF8_MAILBOX = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.9")


def read_certificate(data: bytes) -> x509.Certificate:
    """Read one certificate and make sure that all of its fields can be read.

    Args:
        data: DER, or PEM with exactly one certificate wanted: the first is taken.

    Raises:
        LimitExceeded: more than 64 KiB.
        MalformedInput: not a certificate, or one with fields that cannot be read.
    """
    limits.check("certificate bytes", len(data), CERTIFICATE_BYTES)
    try:
        pem = data.lstrip()[:10] == b"-----BEGIN"
        certificate = x509.load_pem_x509_certificate(data) if pem else x509.load_der_x509_certificate(data)
        # The library reads lazily; everything is touched here so that nothing fails later, elsewhere.
        _ = certificate.extensions, certificate.subject, certificate.issuer, certificate.version
        _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        raise MalformedInput("These bytes are not a certificate.") from None
    return certificate


def read_certificates(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Read every certificate of a PEM file, or the one of a DER file.

    Raises:
        LimitExceeded: more than 64 certificates, or one of more than 64 KiB.
        MalformedInput: something in it is not a certificate.
    """
    begin = b"-----BEGIN CERTIFICATE-----"
    blocks = pem.split(begin)
    if len(blocks) == 1:
        return (read_certificate(pem),)
    limits.check("certificates", len(blocks) - 1, limits.CERTIFICATES)
    return tuple(read_certificate(begin + block) for block in blocks[1:])


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of the certificate, lower-case hex: its name in logs and between people."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def ski(certificate: x509.Certificate) -> bytes:
    """Return the subject key identifier: the extension's, else the SHA-1 of the key (RFC 5280 §4.2.1.2 (1))."""
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest


def mailboxes(certificate: x509.Certificate) -> tuple[Mailbox, ...]:
    """Return every mail address the certificate speaks for, each once.

    rfc822Name and SmtpUTF8Mailbox of subjectAltName first (RFC 9598), then emailAddress of the subject, which agents
    must still recognise (RFC 8550 §3). A value that is no address is passed over.
    """
    found = (_mailbox(text) for text in (*_alternative_names(certificate), *_subject_addresses(certificate)))
    return tuple(dict.fromkeys(mailbox for mailbox in found if mailbox is not None))


def may_sign_mail(certificate: x509.Certificate) -> bool:
    """True if key usage and extended key usage allow signing mail (RFC 8550 §4.4.2, §4.4.4)."""
    usage = _key_usage(certificate)
    signs = usage is None or usage.digital_signature or usage.content_commitment
    return signs and _for_mail(certificate)


def may_encrypt_mail(certificate: x509.Certificate) -> bool:
    """True if key usage and extended key usage allow encrypting mail to this key (RFC 8550 §4.4.2, §4.4.4)."""
    usage = _key_usage(certificate)
    encrypts = usage is None or usage.key_encipherment or usage.key_agreement
    return encrypts and _for_mail(certificate)


def _key_usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _for_mail(certificate: x509.Certificate) -> bool:
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    wanted = (ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    return any(usage in wanted for usage in usages)


def _alternative_names(certificate: x509.Certificate) -> Iterable[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return
    for name in names:
        match name:
            case x509.RFC822Name(value=text):
                yield text
            case x509.OtherName(type_id=kind, value=der) if kind == SMTP_UTF8_MAILBOX:
                yield from _text(der)


def _subject_addresses(certificate: x509.Certificate) -> Iterable[str]:
    for attribute in certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS):
        if isinstance(attribute.value, str):
            yield attribute.value


def _text(der: bytes) -> Iterable[str]:
    try:
        yield decode_text(der)
    except MalformedInput:
        return


def _mailbox(text: str) -> Mailbox | None:
    try:
        return Mailbox.parse(text)
    except MalformedInput:
        return None
