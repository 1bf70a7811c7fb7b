"""The ASN.1 of protected keys: PKCS#8 (RFC 5958), PBES2 (RFC 8018), scrypt (RFC 7914 §7), PKCS#12 (RFC 7292).

The only module of this package that touches `cryptography.hazmat.asn1`.
"""

from typing import Annotated, TypeVar

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

from pkilab.errors import MalformedInput

T = TypeVar("T")

TLV = asn1.TLV


@asn1.sequence
class AlgorithmIdentifier:
    algorithm: ObjectIdentifier
    parameters: asn1.TLV | asn1.Null | None = None


@asn1.sequence
class EncryptedPrivateKeyInfo:
    algorithm: AlgorithmIdentifier
    encrypted: bytes


@asn1.sequence
class Pbes2Parameters:
    derivation: AlgorithmIdentifier
    encryption: AlgorithmIdentifier


@asn1.sequence
class ScryptParameters:
    salt: bytes
    cost: int
    block_size: int
    parallelization: int
    key_length: int | None = None


@asn1.sequence
class Pbkdf2Parameters:
    salt: bytes
    iterations: int
    key_length: int | None = None
    pseudorandom: AlgorithmIdentifier | None = None


@asn1.sequence
class Pkcs12PbeParameters:
    salt: bytes
    iterations: int


@asn1.sequence
class ContentInfo:
    content_type: ObjectIdentifier
    content: Annotated[asn1.TLV, asn1.Explicit(0)]


@asn1.sequence
class EncryptedContentInfo:
    content_type: ObjectIdentifier
    algorithm: AlgorithmIdentifier
    encrypted: Annotated[bytes, asn1.Implicit(0)]


@asn1.sequence
class EncryptedData:
    version: int
    content: EncryptedContentInfo


@asn1.sequence
class SafeBag:
    bag_type: ObjectIdentifier
    value: Annotated[asn1.TLV, asn1.Explicit(0)]
    attributes: asn1.SetOf[asn1.TLV] | None = None


@asn1.sequence
class MacData:
    digest: asn1.TLV
    salt: bytes
    iterations: int | None = None  # DEFAULT 1, which some writers spell out against DER


@asn1.sequence
class Pfx:
    version: int
    safe: ContentInfo
    mac: MacData | None = None


@asn1.sequence
class _ContentInfos:
    items: list[ContentInfo]


@asn1.sequence
class _SafeBags:
    items: list[SafeBag]


def decode(kind: type[T], der: bytes) -> T:
    """Read `der` as `kind`.

    Raises:
        MalformedInput: it is something else.
    """
    try:
        return asn1.decode_der(kind, der)
    except (ValueError, TypeError, OverflowError):
        raise MalformedInput(f"These bytes are not a {kind.__name__}.") from None


def encode(value: object) -> bytes:
    """Write a declared structure as DER."""
    return asn1.encode_der(value)


def any_of(value: object) -> asn1.TLV:
    """Return a declared structure as the "ANY" field of another one."""
    return asn1.decode_der(asn1.TLV, asn1.encode_der(value))


def parameters_of(algorithm: AlgorithmIdentifier, kind: type[T]) -> T:
    """Read the parameters of an algorithm as `kind`.

    Raises:
        MalformedInput: they are absent or something else.
    """
    if not isinstance(algorithm.parameters, asn1.TLV):
        raise MalformedInput(f"The parameters of {algorithm.algorithm.dotted_string} are missing.")
    return decode(kind, asn1.encode_der(algorithm.parameters))


def content_infos(der: bytes) -> list[ContentInfo]:
    """Read an AuthenticatedSafe, a SEQUENCE OF ContentInfo (RFC 7292 §4.1)."""
    return decode(_ContentInfos, _inside_sequence(der)).items


def safe_bags(der: bytes) -> list[SafeBag]:
    """Read SafeContents, a SEQUENCE OF SafeBag (RFC 7292 §4.2)."""
    return decode(_SafeBags, _inside_sequence(der)).items


def _inside_sequence(der: bytes) -> bytes:
    # A bare SEQUENCE OF cannot be declared at the top, so it is read as the one field of a SEQUENCE.
    count = len(der)
    if count < 0x80:
        return bytes((0x30, count)) + der
    length = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes((0x30, 0x80 | len(length))) + length + der
