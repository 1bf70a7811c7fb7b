"""Private keys in and out: PKCS#8, plain or under a passphrase (RFC 5958, RFC 8018 PBES2).

Written with scrypt (RFC 7914) and AES-256-CBC, which OpenSSL reads. Read with scrypt or PBKDF2;
the work a foreign file asks for is bounded before any of it is done.
"""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key
from cryptography.x509 import ObjectIdentifier

from pkilab.core import limits
from pkilab.core.entropy import Entropy
from pkilab.core.secret import Secret
from pkilab.errors import AlgorithmRefused, MalformedInput, NotDecrypted
from pkilab.keys.asn1 import (
    AlgorithmIdentifier,
    EncryptedPrivateKeyInfo,
    Pbes2Parameters,
    Pbkdf2Parameters,
    ScryptParameters,
    any_of,
    decode,
    encode,
    parameters_of,
)
from pkilab.keys.purpose import DecryptionPrivate, SigningPrivate

PRIVATE_KEY_BYTES = 64 * 1024
SCRYPT_COST, SCRYPT_BLOCK_SIZE, SCRYPT_PARALLELIZATION = 2**14, 8, 5  # 16 MiB: OpenSSL refuses 32

PBES2 = ObjectIdentifier("1.2.840.113549.1.5.13")
PBKDF2 = ObjectIdentifier("1.2.840.113549.1.5.12")
SCRYPT = ObjectIdentifier("1.3.6.1.4.1.11591.4.11")
AES_256_CBC = ObjectIdentifier("2.16.840.1.101.3.4.1.42")
_AES_CBC_KEY_LENGTH = {
    ObjectIdentifier("2.16.840.1.101.3.4.1.2"): 16,
    ObjectIdentifier("2.16.840.1.101.3.4.1.22"): 24,
    AES_256_CBC: 32,
}
_PSEUDORANDOM: dict[str, hashes.HashAlgorithm] = {
    "1.2.840.113549.2.7": hashes.SHA1(),
    "1.2.840.113549.2.8": hashes.SHA224(),
    "1.2.840.113549.2.9": hashes.SHA256(),
    "1.2.840.113549.2.10": hashes.SHA384(),
    "1.2.840.113549.2.11": hashes.SHA512(),
}
_HMAC_SHA1 = ObjectIdentifier("1.2.840.113549.2.7")


def pkcs8(key: SigningPrivate | DecryptionPrivate) -> bytes:
    """Return a private key as plain PrivateKeyInfo, DER. Its caller protects it (RFC 5958 §2)."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def load_pkcs8(der: bytes, *, trusted: bool) -> SigningPrivate | DecryptionPrivate:
    """Read a plain PrivateKeyInfo.

    Args:
        der: PrivateKeyInfo, DER.
        trusted: True only for bytes that our own AEAD has just authenticated; the primality of an RSA key is then
            not tested again, which takes 140 ms at 3,072 bits.

    Raises:
        LimitExceeded: more than 64 KiB.
        MalformedInput: not a private key.
        AlgorithmRefused: a kind of key we do not use.
    """
    limits.check("private key bytes", len(der), PRIVATE_KEY_BYTES)
    try:
        key = load_der_private_key(der, None, unsafe_skip_rsa_key_validation=trusted)
    except UnsupportedAlgorithm:
        raise AlgorithmRefused("This kind of private key is not supported.") from None
    except (ValueError, TypeError):
        raise MalformedInput("These bytes are not a private key.") from None
    known = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | x25519.X25519PrivateKey
    if not isinstance(key, known):
        raise AlgorithmRefused("This kind of private key is not supported.")
    return key


def protect(key: SigningPrivate | DecryptionPrivate, passphrase: Secret[str], entropy: Entropy) -> bytes:
    """Put a private key under a passphrase.

    Returns:
        EncryptedPrivateKeyInfo, DER: PBES2 with scrypt (N=2^14, r=8, p=5) and AES-256-CBC.
    """
    salt, initial = entropy.take(16), entropy.take(16)
    costs = ScryptParameters(
        salt=salt, cost=SCRYPT_COST, block_size=SCRYPT_BLOCK_SIZE, parallelization=SCRYPT_PARALLELIZATION
    )
    padder = padding.PKCS7(128).padder()
    padded = padder.update(pkcs8(key)) + padder.finalize()
    encryptor = Cipher(algorithms.AES256(_scrypt(costs, 32, passphrase)), modes.CBC(initial)).encryptor()
    how = Pbes2Parameters(
        derivation=AlgorithmIdentifier(algorithm=SCRYPT, parameters=any_of(costs)),
        encryption=AlgorithmIdentifier(algorithm=AES_256_CBC, parameters=any_of(initial)),
    )
    return encode(
        EncryptedPrivateKeyInfo(
            algorithm=AlgorithmIdentifier(algorithm=PBES2, parameters=any_of(how)),
            encrypted=encryptor.update(padded) + encryptor.finalize(),
        )
    )


def unprotect(der: bytes, passphrase: Secret[str]) -> SigningPrivate | DecryptionPrivate:
    """Open a private key that is under a passphrase.

    Args:
        der: EncryptedPrivateKeyInfo, DER.

    Raises:
        NotDecrypted: the passphrase does not fit or the bytes were altered.
        MalformedInput: not an EncryptedPrivateKeyInfo.
        LimitExceeded: it asks for more work than we agree to do.
        AlgorithmRefused: protected by something other than PBES2 with AES-CBC.
    """
    limits.check("private key bytes", len(der), PRIVATE_KEY_BYTES)
    info = decode(EncryptedPrivateKeyInfo, der)
    if info.algorithm.algorithm != PBES2:
        raise AlgorithmRefused("This key is not protected by PBES2.", hint="Convert it: openssl pkcs8 -topk8 -scrypt.")
    how = parameters_of(info.algorithm, Pbes2Parameters)
    length = _AES_CBC_KEY_LENGTH.get(how.encryption.algorithm)
    if length is None:
        raise AlgorithmRefused(
            "This key is not protected by AES-CBC.", hint="Convert it: openssl pkcs8 -topk8 -scrypt."
        )
    initial = parameters_of(how.encryption, bytes)
    if len(initial) != 16:
        raise MalformedInput("The initialization vector of AES-CBC has 16 bytes.")
    secret = _derive(how.derivation, length, passphrase)
    return _open(info.encrypted, secret, initial)


def check_derivation_work(algorithm: AlgorithmIdentifier) -> None:
    """Refuse a PBES2 algorithm that asks for more work than we agree to do; others are not judged.

    Raises:
        LimitExceeded: names the work asked for.
        MalformedInput: its parameters cannot be read.
    """
    if algorithm.algorithm != PBES2:
        return
    derivation = parameters_of(algorithm, Pbes2Parameters).derivation
    if derivation.algorithm == SCRYPT:
        _check_scrypt(parameters_of(derivation, ScryptParameters))
    elif derivation.algorithm == PBKDF2:
        _check_pbkdf2(parameters_of(derivation, Pbkdf2Parameters))


def _open(encrypted: bytes, secret: bytes, initial: bytes) -> SigningPrivate | DecryptionPrivate:
    decryptor = Cipher(algorithms.AES(secret), modes.CBC(initial)).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    try:
        padded = decryptor.update(encrypted) + decryptor.finalize()
        plain = unpadder.update(padded) + unpadder.finalize()
        return load_pkcs8(plain, trusted=False)
    except (ValueError, MalformedInput):
        raise NotDecrypted("The passphrase does not open this key.", hint="Check the passphrase.") from None


def _derive(derivation: AlgorithmIdentifier, length: int, passphrase: Secret[str]) -> bytes:
    if derivation.algorithm == SCRYPT:
        costs = parameters_of(derivation, ScryptParameters)
        _check_scrypt(costs)
        return _scrypt(costs, length, passphrase)
    if derivation.algorithm == PBKDF2:
        rounds = parameters_of(derivation, Pbkdf2Parameters)
        _check_pbkdf2(rounds)
        return _pbkdf2(rounds, length, passphrase)
    raise AlgorithmRefused("The key derivation of this key is neither scrypt nor PBKDF2.")


def _check_scrypt(costs: ScryptParameters) -> None:
    if min(costs.cost, costs.block_size, costs.parallelization) < 1 or costs.cost & (costs.cost - 1) or costs.cost < 2:
        raise MalformedInput("The scrypt parameters are out of range.")
    work = costs.cost * costs.block_size * costs.parallelization
    limits.check("scrypt work", work, limits.SCRYPT_WORK)


def _check_pbkdf2(rounds: Pbkdf2Parameters) -> None:
    if rounds.iterations < 1:
        raise MalformedInput("PBKDF2 needs at least one iteration.")
    limits.check("PBKDF2 iterations", rounds.iterations, limits.PBKDF2_ITERATIONS)


def _scrypt(costs: ScryptParameters, length: int, passphrase: Secret[str]) -> bytes:
    if costs.key_length not in (None, length):
        raise MalformedInput("The key length of the derivation does not fit the cipher.")
    scrypt = Scrypt(salt=costs.salt, length=length, n=costs.cost, r=costs.block_size, p=costs.parallelization)
    return scrypt.derive(passphrase.expose().encode())


def _pbkdf2(rounds: Pbkdf2Parameters, length: int, passphrase: Secret[str]) -> bytes:
    if rounds.key_length not in (None, length):
        raise MalformedInput("The key length of the derivation does not fit the cipher.")
    named = rounds.pseudorandom.algorithm if rounds.pseudorandom else _HMAC_SHA1
    digest = _PSEUDORANDOM.get(named.dotted_string)
    if digest is None:
        raise AlgorithmRefused("The pseudorandom function of this key is not supported.")
    kdf = PBKDF2HMAC(algorithm=digest, length=length, salt=rounds.salt, iterations=rounds.iterations)
    return kdf.derive(passphrase.expose().encode())
