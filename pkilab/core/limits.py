"""Every ceiling in one place. Limits are decided before anything is parsed.

`check("DER depth", seen, DER_DEPTH)` raises `LimitExceeded`, which names limit, seen and allowed.
"""

from typing import Final

from pkilab.errors import LimitExceeded

MIB: Final = 1024 * 1024

MESSAGE_BYTES: Final = 25 * MIB
HEADER_BLOCK_BYTES: Final = 64 * 1024
HEADER_FIELD_BYTES: Final = 8 * 1024
HEADER_COMMENT_DEPTH: Final = 8
ADDRESSES: Final = 500
MIME_DEPTH: Final = 16
MIME_PARTS: Final = 500

DER_DEPTH: Final = 32
DER_ELEMENTS: Final = 200_000
CERTIFICATES: Final = 64
CRLS: Final = 8
RECIPIENT_INFOS: Final = 1_000
SIGNER_INFOS: Final = 8
CMS_LAYERS: Final = 4

RSA_BITS_MIN: Final = 2_048
RSA_BITS_MAX: Final = 8_192
RSA_EXPONENT_MAX: Final = 2**32
PBKDF2_ITERATIONS: Final = 10**7
SCRYPT_WORK: Final = 2**20 * 8

CRL_BYTES: Final = 8 * MIB
PATH_LENGTH: Final = 8
PATH_SIGNATURE_CHECKS: Final = 100

CMP_MESSAGE_BYTES: Final = 256 * 1024
SMTP_LINE_BYTES: Final = 1_000
SMTP_COMMANDS: Final = 500
HTTP_BODY_BYTES: Final = 8 * MIB

TOKEN_TRIES: Final = 5
TOKEN_DAYS: Final = 7


def check(limit: str, seen: int, allowed: int) -> None:
    """Refuse `seen` above `allowed`.

    Raises:
        LimitExceeded: names limit, seen and allowed.
    """
    if seen > allowed:
        raise LimitExceeded(limit, seen=seen, allowed=allowed)
