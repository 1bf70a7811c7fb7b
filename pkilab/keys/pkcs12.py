"""Carry a key with its certificate to another program: PKCS#12 (RFC 7292), with today's algorithms (RFC 9579 §1)."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

from pkilab.core import limits
from pkilab.core.secret import Secret
from pkilab.errors import AlgorithmRefused, MalformedInput, NotDecrypted
from pkilab.keys.asn1 import (
    AlgorithmIdentifier,
    EncryptedData,
    EncryptedPrivateKeyInfo,
    Pfx,
    Pkcs12PbeParameters,
    content_infos,
    decode,
    encode,
    parameters_of,
    safe_bags,
)
from pkilab.keys.purpose import DecryptionPrivate, SigningPrivate
from pkilab.keys.wrap import check_derivation_work

PKCS12_BYTES = limits.MIB
PKCS12_ITERATIONS = 600_000

_SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2"
_PKCS12_PBE = "1.2.840.113549.1.12.1."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pkcs12Content:
    """What a PKCS#12 file held: one key, its certificate, and the certificates above it."""

    key: SigningPrivate | DecryptionPrivate
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()


def write_pkcs12(
    name: str,
    key: SigningPrivate | DecryptionPrivate,
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    password: Secret[str],
) -> bytes:
    """Write a key and its certificates under a password: PBES2 with 600,000 rounds and AES-256-CBC.

    Args:
        name: friendly name shown by the program that imports the file.
        chain: certificates of the issuing authorities.

    Returns:
        PFX, DER.

    Raises:
        AlgorithmRefused: a kind of key that PKCS#12 writers do not carry (X25519).
    """
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise AlgorithmRefused("PKCS#12 files carry no X25519 key.", hint="Export it as PKCS#8 instead.")
    protection = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(PKCS12_ITERATIONS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(password.expose().encode())
    )
    return pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, chain, protection)


def read_pkcs12(der: bytes, password: Secret[str]) -> Pkcs12Content:
    """Open a PKCS#12 file.

    Raises:
        LimitExceeded: larger than 1 MiB, or it asks for more work than we agree to do.
        MalformedInput: not a PKCS#12 file, or without a key and its certificate.
        NotDecrypted: the password does not fit.
        AlgorithmRefused: a kind of key we do not use.
    """
    limits.check("PKCS#12 bytes", len(der), PKCS12_BYTES)
    _check_work(der)
    try:
        held = pkcs12.load_pkcs12(der, password.expose().encode())
    except UnsupportedAlgorithm:
        raise AlgorithmRefused("This PKCS#12 file uses algorithms that are not supported.") from None
    except (ValueError, TypeError):
        raise NotDecrypted("The password does not open this PKCS#12 file.", hint="Check the password.") from None
    if held.key is None or held.cert is None:
        raise MalformedInput("This PKCS#12 file holds no key with its certificate.")
    if not isinstance(held.key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise AlgorithmRefused("This kind of private key is not supported.")
    chain = tuple(extra.certificate for extra in held.additional_certs)
    return Pkcs12Content(key=held.key, certificate=held.cert.certificate, chain=chain)


def _check_work(der: bytes) -> None:
    """Refuse a file whose iteration counts exceed what we agree to compute, before computing any."""
    pfx = decode(Pfx, der)
    if pfx.mac is not None:
        limits.check("PKCS#12 MAC iterations", pfx.mac.iterations or 1, limits.PBKDF2_ITERATIONS)
    for item in content_infos(decode(bytes, encode(pfx.safe.content))):
        match item.content_type.dotted_string:
            case "1.2.840.113549.1.7.6":  # id-encryptedData
                _check_algorithm(decode(EncryptedData, encode(item.content)).content.algorithm)
            case "1.2.840.113549.1.7.1":  # id-data
                for bag in safe_bags(decode(bytes, encode(item.content))):
                    if bag.bag_type.dotted_string == _SHROUDED_KEY_BAG:
                        _check_algorithm(decode(EncryptedPrivateKeyInfo, encode(bag.value)).algorithm)


def _check_algorithm(algorithm: AlgorithmIdentifier) -> None:
    if algorithm.algorithm.dotted_string.startswith(_PKCS12_PBE):
        iterations = parameters_of(algorithm, Pkcs12PbeParameters).iterations
        limits.check("PKCS#12 iterations", iterations, limits.PBKDF2_ITERATIONS)
    else:
        check_derivation_work(algorithm)
