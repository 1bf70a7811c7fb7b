"""SigningKey and DecryptionKey: two types, because they have two fates (mission S04, S15)."""

from dataclasses import dataclass
from typing import TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pkilab.errors import AlgorithmRefused, NotDecrypted
from pkilab.policy.algorithms import SignatureScheme

SigningPrivate: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
SigningPublic: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
DecryptionPrivate: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | x25519.X25519PrivateKey
DecryptionPublic: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | x25519.X25519PublicKey
PublicKey: TypeAlias = SigningPublic | DecryptionPublic

HASHES: dict[SignatureScheme, hashes.SHA256 | hashes.SHA384 | hashes.SHA512] = {
    SignatureScheme.RSA_PKCS1_SHA256: hashes.SHA256(),
    SignatureScheme.RSA_PKCS1_SHA384: hashes.SHA384(),
    SignatureScheme.RSA_PKCS1_SHA512: hashes.SHA512(),
    SignatureScheme.RSA_PSS_SHA256: hashes.SHA256(),
    SignatureScheme.ECDSA_SHA256: hashes.SHA256(),
    SignatureScheme.ECDSA_SHA384: hashes.SHA384(),
    SignatureScheme.ECDSA_SHA512: hashes.SHA512(),
}


def spki(key: PublicKey) -> bytes:
    """Return the SubjectPublicKeyInfo of a public key, DER (RFC 5280 §4.1.2.7)."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True, slots=True, eq=False)
class SigningKey:
    """A key that signs and nothing else. It cannot be deposited in the archive."""

    private: SigningPrivate

    @property
    def public(self) -> SigningPublic:
        return self.private.public_key()

    @property
    def scheme(self) -> SignatureScheme:
        """The signature scheme this key uses unless told otherwise."""
        match self.private:
            case rsa.RSAPrivateKey():
                return SignatureScheme.RSA_PKCS1_SHA256
            case ec.EllipticCurvePrivateKey():
                large = self.private.curve.key_size > 256
                return SignatureScheme.ECDSA_SHA384 if large else SignatureScheme.ECDSA_SHA256
            case _:
                return SignatureScheme.ED25519

    def sign(self, data: bytes, scheme: SignatureScheme | None = None) -> bytes:
        """Sign `data` (the bytes, not their digest).

        ECDSA is deterministic (RFC 6979), so that the same lesson signs the same bytes.

        Raises:
            AlgorithmRefused: the scheme does not fit this key.
        """
        chosen = scheme or self.scheme
        match self.private, chosen.value.split("-")[0]:
            case rsa.RSAPrivateKey() as key, "rsassa":
                digest = HASHES[chosen]
                pss = padding.PSS(mgf=padding.MGF1(digest), salt_length=digest.digest_size)
                return key.sign(data, pss, digest)
            case rsa.RSAPrivateKey() as key, name if name.endswith("WithRSAEncryption"):
                return key.sign(data, padding.PKCS1v15(), HASHES[chosen])
            case ec.EllipticCurvePrivateKey() as key, "ecdsa":
                return key.sign(data, ec.ECDSA(HASHES[chosen], deterministic_signing=True))
            case ed25519.Ed25519PrivateKey() as key, "ed25519":
                return key.sign(data)
        raise AlgorithmRefused(f"{chosen.value} does not fit a key of type {type(self.private).__name__}.")

    def __repr__(self) -> str:
        return f"SigningKey({self.scheme.value})"


@dataclass(frozen=True, slots=True, eq=False)
class DecryptionKey:
    """A key that opens what was encrypted to its owner. The only kind the archive takes."""

    private: DecryptionPrivate

    @property
    def public(self) -> DecryptionPublic:
        return self.private.public_key()

    def unwrap(self, encrypted_key: bytes, pad: padding.AsymmetricPadding) -> bytes:
        """Undo RSA key transport (RFC 5652 §6.2.1).

        PKCS#1 v1.5 uses implicit rejection: wrong padding yields random bytes and no error (RFC 3218).

        Raises:
            NotDecrypted: whatever the cause.
        """
        if not isinstance(self.private, rsa.RSAPrivateKey):
            raise NotDecrypted
        try:
            return self.private.decrypt(encrypted_key, pad)
        except (ValueError, UnsupportedAlgorithm):
            raise NotDecrypted from None

    def agree(self, peer: DecryptionPublic) -> bytes:
        """Compute the shared secret with an ephemeral public key (RFC 5753, RFC 8418).

        Raises:
            NotDecrypted: key types differ, or the result is all zero.
        """
        try:
            match self.private, peer:
                case ec.EllipticCurvePrivateKey() as mine, ec.EllipticCurvePublicKey() as theirs:
                    return mine.exchange(ec.ECDH(), theirs)
                case x25519.X25519PrivateKey() as mine, x25519.X25519PublicKey() as theirs:
                    return mine.exchange(theirs)
        except (ValueError, UnsupportedAlgorithm):
            raise NotDecrypted from None
        raise NotDecrypted

    def __repr__(self) -> str:
        return f"DecryptionKey({type(self.private).__name__})"
