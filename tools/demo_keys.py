"""Make the demo keys in data/demo-keys, and the list of their fingerprints.

RSA keys take seconds to make, and lessons want the same bytes on every machine, so these are made once and kept in
the repository. Everybody in the world can read them: pkilab refuses them outside the lab by the fingerprints in
spki-sha256.txt (`pkilab/pilot/demo_keys.py`).

    python tools/demo_keys.py            make what is missing, write the list
"""

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

FOLDER = Path(__file__).resolve().parent.parent / "data" / "demo-keys"
WANTED = {3072: 12, 2048: 2}


def make_missing(folder: Path) -> None:
    """Write each key of WANTED that is not there yet; a key that exists is never replaced."""
    for bits, count in WANTED.items():
        for number in range(1, count + 1):
            path = folder / f"rsa-{bits}-{number:02}.pem"
            if not path.exists():
                key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
                path.write_bytes(
                    key.private_bytes(
                        serialization.Encoding.PEM,
                        serialization.PrivateFormat.PKCS8,
                        serialization.NoEncryption(),
                    )
                )


def fingerprints(folder: Path) -> str:
    """Return the list: a line a key, `SHA-256 of the SubjectPublicKeyInfo in hex`, two spaces, the file's name."""
    lines = []
    for path in sorted(folder.glob("*.pem")):
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        spki = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        lines.append(f"{hashlib.sha256(spki).hexdigest()}  {path.name}\n")
    return "".join(lines)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    make_missing(FOLDER)
    (FOLDER / "spki-sha256.txt").write_text(fingerprints(FOLDER))


if __name__ == "__main__":
    main()
