"""Make key pairs from the machine's own randomness (RFC 8551 §4.1, FIPS 186-5)."""

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519

from pkilab.errors import AlgorithmRefused
from pkilab.keys.purpose import DecryptionKey, SigningKey
from pkilab.policy.algorithms import KeyAlgorithm

PUBLIC_EXPONENT = 65_537

_RSA_BITS = {KeyAlgorithm.RSA_2048: 2_048, KeyAlgorithm.RSA_3072: 3_072, KeyAlgorithm.RSA_4096: 4_096}
_CURVES: dict[KeyAlgorithm, ec.EllipticCurve] = {
    KeyAlgorithm.P256: ec.SECP256R1(),
    KeyAlgorithm.P384: ec.SECP384R1(),
}


class FreshKeys:
    """Make real key pairs: the `KeySource` of a pilot."""

    def signing_key(self, algorithm: KeyAlgorithm) -> SigningKey:
        """Make a key that will only ever sign.

        Raises:
            AlgorithmRefused: keys of this kind cannot sign.
        """
        if algorithm is KeyAlgorithm.ED25519:
            return SigningKey(ed25519.Ed25519PrivateKey.generate())
        return SigningKey(_rsa_or_ec(algorithm, purpose="sign"))

    def decryption_key(self, algorithm: KeyAlgorithm) -> DecryptionKey:
        """Make a key that will only ever decrypt.

        Raises:
            AlgorithmRefused: keys of this kind cannot decrypt.
        """
        if algorithm is KeyAlgorithm.X25519:
            return DecryptionKey(x25519.X25519PrivateKey.generate())
        return DecryptionKey(_rsa_or_ec(algorithm, purpose="decrypt"))


def _rsa_or_ec(algorithm: KeyAlgorithm, *, purpose: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    if algorithm in _RSA_BITS:
        return rsa.generate_private_key(public_exponent=PUBLIC_EXPONENT, key_size=_RSA_BITS[algorithm])
    if algorithm in _CURVES:
        return ec.generate_private_key(_CURVES[algorithm])
    raise AlgorithmRefused(f"A key of kind {algorithm.value} cannot {purpose}.")
