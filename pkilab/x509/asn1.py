"""The few structures of X.509 that are put together here by hand (RFC 5280 §4.1, §5.1).

The only module of this package that touches `cryptography.hazmat.asn1`.
"""

from cryptography.hazmat import asn1

from pkilab.errors import MalformedInput
from pkilab.policy.algorithms import SignatureScheme

# The exact bytes that RFC 4055, RFC 5758 and RFC 8410 prescribe, and the Baseline Requirements §7.1.3.2 accept.
ALGORITHM_IDENTIFIERS = {
    SignatureScheme.RSA_PKCS1_SHA256: bytes.fromhex("300d06092a864886f70d01010b0500"),
    SignatureScheme.RSA_PKCS1_SHA384: bytes.fromhex("300d06092a864886f70d01010c0500"),
    SignatureScheme.RSA_PKCS1_SHA512: bytes.fromhex("300d06092a864886f70d01010d0500"),
    SignatureScheme.RSA_PSS_SHA256: bytes.fromhex(
        "304106092a864886f70d01010a3034a00f300d06096086480165030402010500"
        "a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120"
    ),
    SignatureScheme.ECDSA_SHA256: bytes.fromhex("300a06082a8648ce3d040302"),
    SignatureScheme.ECDSA_SHA384: bytes.fromhex("300a06082a8648ce3d040303"),
    SignatureScheme.ECDSA_SHA512: bytes.fromhex("300a06082a8648ce3d040304"),
    SignatureScheme.ED25519: bytes.fromhex("300506032b6570"),
}


@asn1.sequence
class _Signed:
    to_be_signed: asn1.TLV
    algorithm: asn1.TLV
    signature: asn1.BitString


def assemble(tbs: bytes, scheme: SignatureScheme, signature: bytes) -> bytes:
    """Join a to-be-signed part with its signature: a Certificate or CertificateList, DER.

    Args:
        tbs: TBSCertificate or TBSCertList, DER: exactly the bytes that were signed.
    """
    return asn1.encode_der(
        _Signed(
            to_be_signed=asn1.decode_der(asn1.TLV, tbs),
            algorithm=asn1.decode_der(asn1.TLV, ALGORITHM_IDENTIFIERS[scheme]),
            signature=asn1.BitString(signature, 0),
        )
    )


def encode_text(text: str) -> bytes:
    """Write a UTF8String."""
    return asn1.encode_der(text)


def decode_text(der: bytes) -> str:
    """Read a UTF8String.

    Raises:
        MalformedInput: it is something else.
    """
    try:
        return asn1.decode_der(str, der)
    except ValueError:
        raise MalformedInput("These bytes are not a UTF8String.") from None
