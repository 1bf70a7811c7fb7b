"""Refuse public keys that anybody could break (promise P05).

The tests are those of Let's Encrypt's `goodkey`: sizes, exponent, small factors, primes too close
together (Fermat), the ROCA fingerprint (CVE-2017-15361), curves, points of small order, a block list.
"""

import hashlib
from collections.abc import Container
from math import gcd, isqrt, prod

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import load_der_public_key

from pkilab.core import limits
from pkilab.errors import AlgorithmRefused, MalformedInput
from pkilab.keys.purpose import PublicKey, spki

SPKI_BYTES = 2_048
RSA_EXPONENT_MIN = 65_537
FERMAT_ROUNDS = 100
CURVES = ("secp256r1", "secp384r1")


def _primes_below(limit: int) -> tuple[int, ...]:
    return tuple(n for n in range(2, limit) if all(n % d for d in range(2, isqrt(n) + 1)))


_SMALL_PRIME_PRODUCT = prod(_primes_below(752))

# A ROCA modulus is a power of 65537 modulo each of these primes; chance does that once in 2^27 keys.
_ROCA_PRIMES = tuple(prime for prime in _primes_below(168) if prime > 2)
_ROCA_RESIDUES = {prime: frozenset(pow(65_537, power, prime) for power in range(prime)) for prime in _ROCA_PRIMES}

# Points whose order divides 8: a shared secret or signature made with one of them protects nothing.
_P25519 = 2**255 - 19
_SMALL_ORDER_X25519 = frozenset(
    value.to_bytes(32, "little")
    for value in (
        0,
        1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
        _P25519 - 1,
        _P25519,
        _P25519 + 1,
    )
)
_ED25519_ORDER_8_Y = 2707385501144840649318225287225658788936804267575313519463743609750303021540
_SMALL_ORDER_ED25519_Y = frozenset((0, 1, _P25519 - 1, _ED25519_ORDER_8_Y, _P25519 - _ED25519_ORDER_8_Y))


def read_public_key(der: bytes) -> PublicKey:
    """Read a SubjectPublicKeyInfo of a kind this kit knows (RFC 5280 §4.1.2.7).

    Args:
        der: SubjectPublicKeyInfo, DER.

    Raises:
        LimitExceeded: more than 2,048 bytes.
        MalformedInput: not a SubjectPublicKeyInfo, or a point that is not on its curve.
        AlgorithmRefused: a kind of key we do not use.
    """
    limits.check("public key bytes", len(der), SPKI_BYTES)
    try:
        key = load_der_public_key(der)
    except UnsupportedAlgorithm:
        raise AlgorithmRefused("This kind of public key is not supported.") from None
    except (ValueError, TypeError):
        raise MalformedInput("These bytes are not a public key.") from None
    known = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | x25519.X25519PublicKey
    if not isinstance(key, known):
        raise AlgorithmRefused("This kind of public key is not supported.")
    return key


def check_public_key(key: PublicKey, *, blocked: Container[str] = frozenset()) -> None:
    """Refuse a key that is weak, odd or known to others.

    Args:
        key: the key somebody asks us to certify.
        blocked: SHA-256 of the SubjectPublicKeyInfo, lower-case hex, of keys whose private half is public knowledge.

    Raises:
        AlgorithmRefused: says which test the key failed.
    """
    if hashlib.sha256(spki(key)).hexdigest() in blocked:
        raise AlgorithmRefused("The private half of this key is public knowledge.", hint="Make a new key pair.")
    match key:
        case rsa.RSAPublicKey():
            _check_rsa(key.public_numbers())
        case ec.EllipticCurvePublicKey():
            if key.curve.name not in CURVES:
                raise AlgorithmRefused(f"The curve {key.curve.name} is not in use here; use P-256 or P-384.")
        case x25519.X25519PublicKey():
            if _clear_top_bit(key.public_bytes_raw()) in _SMALL_ORDER_X25519:
                raise AlgorithmRefused("This X25519 key is a point of small order.")
        case _:
            if int.from_bytes(_clear_top_bit(key.public_bytes_raw()), "little") % _P25519 in _SMALL_ORDER_ED25519_Y:
                raise AlgorithmRefused("This Ed25519 key is a point of small order.")


def _clear_top_bit(point: bytes) -> bytes:
    return point[:31] + bytes((point[31] & 0x7F,))


def _check_rsa(numbers: rsa.RSAPublicNumbers) -> None:
    modulus, exponent, bits = numbers.n, numbers.e, numbers.n.bit_length()
    if not limits.RSA_BITS_MIN <= bits <= limits.RSA_BITS_MAX or bits % 8:
        raise AlgorithmRefused(
            f"An RSA modulus of {bits} bits is not allowed.",
            hint=f"Use 3,072 bits; {limits.RSA_BITS_MIN} to {limits.RSA_BITS_MAX} in whole octets are accepted.",
        )
    if not RSA_EXPONENT_MIN <= exponent <= limits.RSA_EXPONENT_MAX or exponent % 2 == 0:
        raise AlgorithmRefused("The RSA exponent must be odd and between 65,537 and 2^32.", hint="Use 65,537.")
    if gcd(modulus, _SMALL_PRIME_PRODUCT) != 1:
        raise AlgorithmRefused("The RSA modulus has a small prime factor.", hint="Make a new key pair.")
    if all(modulus % prime in _ROCA_RESIDUES[prime] for prime in _ROCA_PRIMES):
        raise AlgorithmRefused("The RSA modulus has the ROCA fingerprint.", hint="Make the key pair elsewhere.")
    if _fermat_factors(modulus):
        raise AlgorithmRefused("The primes of the RSA modulus are too close together.", hint="Make a new key pair.")


def _fermat_factors(modulus: int) -> bool:
    """Return True if Fermat's method finds a factor of `modulus` within 100 rounds."""
    middle = isqrt(modulus)
    middle += middle * middle < modulus
    for candidate in range(middle, middle + FERMAT_ROUNDS):
        rest = candidate * candidate - modulus
        if isqrt(rest) ** 2 == rest:
            return True
    return False
