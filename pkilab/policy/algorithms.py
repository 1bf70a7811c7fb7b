"""Which algorithms may be used, and how each is judged when met in foreign mail.

Three judgements: `accepted`, `weak` (read and shown with a warning, never written), `refused`.
Sizes follow RFC 8551 §4 and the S/MIME Baseline Requirements §6.1.5.
"""

from dataclasses import dataclass
from enum import StrEnum


class KeyAlgorithm(StrEnum):
    """A kind of key pair."""

    RSA_2048 = "rsa-2048"
    RSA_3072 = "rsa-3072"
    RSA_4096 = "rsa-4096"
    P256 = "p-256"
    P384 = "p-384"
    ED25519 = "ed25519"
    X25519 = "x25519"


class SignatureScheme(StrEnum):
    """A signature algorithm with its digest, named as OpenSSL and the RFCs do."""

    RSA_PKCS1_SHA256 = "sha256WithRSAEncryption"
    RSA_PKCS1_SHA384 = "sha384WithRSAEncryption"
    RSA_PKCS1_SHA512 = "sha512WithRSAEncryption"
    RSA_PSS_SHA256 = "rsassa-pss-sha256"
    ECDSA_SHA256 = "ecdsa-with-SHA256"
    ECDSA_SHA384 = "ecdsa-with-SHA384"
    ECDSA_SHA512 = "ecdsa-with-SHA512"
    ED25519 = "ed25519"


class ContentCipher(StrEnum):
    """A content-encryption algorithm (RFC 8551 §2.7)."""

    AES_128_CBC = "aes128-cbc"
    AES_256_CBC = "aes256-cbc"
    AES_128_GCM = "aes128-gcm"
    AES_256_GCM = "aes256-gcm"

    @property
    def authenticated(self) -> bool:
        """True for AEAD ciphers, which travel as AuthEnvelopedData (RFC 5083)."""
        return self in (ContentCipher.AES_128_GCM, ContentCipher.AES_256_GCM)


class Judgement(StrEnum):
    """What policy says of an algorithm it meets."""

    ACCEPTED = "accepted"
    WEAK = "weak"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmProfile:
    """What our own agents write.

    Attributes:
        name: `interoperable` or `modern`.
        signing_key: the kind of pair made at the client.
        decryption_key: the kind of pair made and archived by the KMS.
        ca_key: the kind of pair of root and issuing CA.
        content_cipher: used when every recipient's capabilities name it.
        fallback_cipher: used otherwise, and then always under a signature.
    """

    name: str
    signing_key: KeyAlgorithm
    decryption_key: KeyAlgorithm
    ca_key: KeyAlgorithm
    content_cipher: ContentCipher = ContentCipher.AES_256_GCM
    fallback_cipher: ContentCipher = ContentCipher.AES_256_CBC


INTEROPERABLE = AlgorithmProfile(
    name="interoperable",
    signing_key=KeyAlgorithm.RSA_3072,
    decryption_key=KeyAlgorithm.RSA_3072,
    ca_key=KeyAlgorithm.RSA_3072,
)
MODERN = AlgorithmProfile(
    name="modern",
    signing_key=KeyAlgorithm.P256,
    decryption_key=KeyAlgorithm.P256,
    ca_key=KeyAlgorithm.P256,
)
PROFILES = {profile.name: profile for profile in (INTEROPERABLE, MODERN)}

_DIGESTS = {
    "sha256": Judgement.ACCEPTED,
    "sha384": Judgement.ACCEPTED,
    "sha512": Judgement.ACCEPTED,
    "shake256": Judgement.ACCEPTED,
    "sha224": Judgement.WEAK,
    "sha1": Judgement.WEAK,
    "md5": Judgement.REFUSED,
}


def judge_digest(name: str) -> Judgement:
    """Judge a digest algorithm by its plain lower-case name, as `sha256`; unknown ones are refused."""
    return _DIGESTS.get(name, Judgement.REFUSED)


def judge_rsa_bits(bits: int) -> Judgement:
    """Judge an RSA modulus length (RFC 8551 §4.2 to §4.5: below 2048 is not acceptable for new use)."""
    if bits >= 2048:
        return Judgement.ACCEPTED
    return Judgement.WEAK if bits >= 1024 else Judgement.REFUSED
