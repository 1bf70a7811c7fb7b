"""A signed sentence about the whole log: "so many events, under this root".

Text and signature lines follow the C2SP formats tlog-checkpoint and signed-note. Ed25519 is their
native algorithm (type 0x01); for other schemes the type is 0xff followed by the scheme's name.
"""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from pkilab.core import limits
from pkilab.errors import MalformedInput, SignatureInvalid
from pkilab.keys.provider import Signer
from pkilab.keys.purpose import HASHES, SigningPublic, spki
from pkilab.policy.algorithms import SignatureScheme

NOTE_BYTES = 16 * 1024
ROOT_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a log commits to.

    Attributes:
        origin: which log, e.g. `nih.example/pilot`; one line without spaces.
        size: number of leaves.
        root: root hash over them, 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """Sign a checkpoint with the key of the log.

    Returns:
        A signed note, UTF-8.
    """
    text = checkpoint.text().encode()
    identifier = _key_identifier(checkpoint.origin, signer.public, signer.scheme)
    blob = base64.b64encode(identifier + signer.sign(text)).decode()
    return text + f"\n— {checkpoint.origin} {blob}\n".encode()


def open_checkpoint(note: bytes, origin: str, key: SigningPublic, scheme: SignatureScheme) -> Checkpoint:
    """Read a signed checkpoint and verify the signature of the log.

    Args:
        note: signed note, UTF-8; signature lines of others (witnesses) are passed over.
        origin: the log that is expected.
        key, scheme: of that log, known beforehand.

    Raises:
        LimitExceeded: more than 16 KiB.
        MalformedInput: not a signed checkpoint.
        SignatureInvalid: another log, no signature by this key, or one that does not hold.
    """
    limits.check("checkpoint bytes", len(note), NOTE_BYTES)
    text, separator, signatures = note.partition(b"\n\n")
    if not separator:
        raise MalformedInput("These bytes are not a signed checkpoint.")
    text += b"\n"
    checkpoint = _parse(text)
    if checkpoint.origin != origin:
        raise SignatureInvalid("This checkpoint is of another log.")
    wanted = _key_identifier(origin, key, scheme)
    for line in signatures.splitlines():
        blob = _signature(line, origin)
        if blob is not None and blob[:4] == wanted:
            _verify(key, scheme, blob[4:], text)
            return checkpoint
    raise SignatureInvalid("This checkpoint is not signed by the log.")


def _parse(text: bytes) -> Checkpoint:
    try:
        origin, size, root, end = text.decode().split("\n")
        parsed = Checkpoint(origin=origin, size=int(size), root=base64.b64decode(root, validate=True))
    except ValueError:
        raise MalformedInput("These bytes are not a signed checkpoint.") from None
    if end or parsed.text().encode() != text or len(parsed.root) != ROOT_BYTES or parsed.size < 0:
        raise MalformedInput("These bytes are not a signed checkpoint.")
    return parsed


def _signature(line: bytes, origin: str) -> bytes | None:
    try:
        dash, name, blob = line.decode().split(" ")
        return base64.b64decode(blob, validate=True) if (dash, name) == ("—", origin) else None
    except ValueError:
        raise MalformedInput("A signature line of this checkpoint cannot be read.") from None


def _key_identifier(origin: str, key: SigningPublic, scheme: SignatureScheme) -> bytes:
    if isinstance(key, ed25519.Ed25519PublicKey):
        kind, public = b"\x01", key.public_bytes_raw()
    else:
        kind, public = b"\xff" + scheme.value.encode() + b"\n", spki(key)
    return hashlib.sha256(origin.encode() + b"\n" + kind + public).digest()[:4]


def _verify(key: SigningPublic, scheme: SignatureScheme, signature: bytes, data: bytes) -> None:
    try:
        match key:
            case ed25519.Ed25519PublicKey():
                key.verify(signature, data)
            case ec.EllipticCurvePublicKey():
                key.verify(signature, data, ec.ECDSA(HASHES[scheme]))
            case rsa.RSAPublicKey():
                digest = HASHES[scheme]
                pss = padding.PSS(mgf=padding.MGF1(digest), salt_length=digest.digest_size)
                chosen = pss if scheme is SignatureScheme.RSA_PSS_SHA256 else padding.PKCS1v15()
                key.verify(signature, data, chosen, digest)
    except (InvalidSignature, KeyError):
        raise SignatureInvalid("The signature of this checkpoint does not hold.") from None
