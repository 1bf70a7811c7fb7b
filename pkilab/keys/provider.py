"""Where keys come from and where they stay: the port that Exchange called the CSP (mission S16)."""

from typing import Protocol

from pkilab.keys.purpose import DecryptionKey, SigningKey, SigningPublic
from pkilab.policy.algorithms import KeyAlgorithm, SignatureScheme


class Signer(Protocol):
    """Something that signs: a software key here, a token behind PKCS#11 elsewhere."""

    @property
    def public(self) -> SigningPublic: ...

    @property
    def scheme(self) -> SignatureScheme: ...

    def sign(self, data: bytes, scheme: SignatureScheme | None = None) -> bytes: ...


class KeySource(Protocol):
    """Make key pairs. `keys.generate.FreshKeys` makes real ones; the lab deals out demo keys."""

    def signing_key(self, algorithm: KeyAlgorithm) -> SigningKey: ...

    def decryption_key(self, algorithm: KeyAlgorithm) -> DecryptionKey: ...
