"""The Merkle tree of the audit log: RFC 9162 §2 on SHA-256, as pure functions over leaf bytes and hashes.

A leaf is hashed with a 0x00 before it and a node with 0x01, so that no node can be passed off as a
leaf. A proof is a list of hashes: about log2 of the number of leaves.
"""

import hashlib
import hmac
from collections.abc import Sequence

from pkilab.errors import NotVerified, PolicyRefused

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Hash one leaf (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_hash(hashes: Sequence[bytes]) -> bytes:
    """Return the root over `hashes`, the leaf hashes in order (RFC 9162 §2.1.1).

    A binary counter of finished subtrees: each leaf is hashed into its parents once.
    """
    if not hashes:
        return EMPTY_ROOT
    peaks: list[bytes] = []
    for count, current in enumerate(hashes, start=1):
        while count % 2 == 0:
            current, count = node_hash(peaks.pop(), current), count // 2
        peaks.append(current)
    root = peaks.pop()
    while peaks:
        root = node_hash(peaks.pop(), root)
    return root


def inclusion_proof(index: int, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the path from leaf `index` to the root (RFC 9162 §2.1.3.1).

    Raises:
        PolicyRefused: there is no such leaf.
    """
    if not 0 <= index < len(hashes):
        raise PolicyRefused(f"There is no leaf {index} in a log of {len(hashes)}.")
    path: list[bytes] = []
    part = hashes
    while len(part) > 1:
        split = _split(len(part))
        if index < split:
            part, sibling = part[:split], part[split:]
        else:
            part, sibling, index = part[split:], part[:split], index - split
        path.append(root_hash(sibling))
    return tuple(reversed(path))


def consistency_proof(first: int, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the proof that the first `first` leaves are the beginning of `hashes` (RFC 9162 §2.1.4.1).

    Raises:
        PolicyRefused: the log was never that long, or 0, which needs no proof.
    """
    if not 0 < first <= len(hashes):
        raise PolicyRefused(f"There is no consistency proof from {first} to {len(hashes)}.")
    path: list[bytes] = []
    part, rest, whole = hashes, first, True
    while rest != len(part):
        split = _split(len(part))
        if rest <= split:
            path.append(root_hash(part[split:]))
            part = part[:split]
        else:
            path.append(root_hash(part[:split]))
            part, rest, whole = part[split:], rest - split, False
    if not whole:
        path.append(root_hash(part))
    return tuple(reversed(path))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that `leaf` is number `index` of the `size` leaves under `root` (RFC 9162 §2.1.3.2).

    Raises:
        NotVerified: it is not, or the proof has another length than it must have.
    """
    if not 0 <= index < size:
        raise NotVerified("The inclusion proof is for a leaf outside the log.")
    position, last = index, size - 1
    computed = leaf_hash(leaf)
    for sibling in proof:
        if last == 0:
            raise NotVerified("The inclusion proof is too long.")
        if position % 2 or position == last:
            computed = node_hash(sibling, computed)
            while position % 2 == 0 and position:
                position, last = position // 2, last // 2
        else:
            computed = node_hash(computed, sibling)
        position, last = position // 2, last // 2
    if last or not hmac.compare_digest(computed, root):
        raise NotVerified("The inclusion proof does not lead to the root.")


def verify_consistency(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> None:
    """Check that a log of `first` leaves grew into one of `second` without a change (RFC 9162 §2.1.4.2).

    Raises:
        NotVerified: it did not, or the proof has another length than it must have.
    """
    if not 0 <= first <= second:
        raise NotVerified("The log has become shorter.")
    if first in (0, second):
        expected = EMPTY_ROOT if first == 0 else second_root
        if proof or not hmac.compare_digest(first_root, expected):
            raise NotVerified("The log has another history.")
        return
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        raise NotVerified("The consistency proof is too short.")
    old, new = _climb(first - 1, second - 1, path)
    if not (hmac.compare_digest(old, first_root) and hmac.compare_digest(new, second_root)):
        raise NotVerified("The log has another history.")


def _climb(position: int, last: int, path: list[bytes]) -> tuple[bytes, bytes]:
    """Rebuild the roots of the old and the new tree from one proof."""
    while position % 2:
        position, last = position // 2, last // 2
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise NotVerified("The consistency proof is too long.")
        if position % 2 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while position % 2 == 0 and position:
                position, last = position // 2, last // 2
        else:
            new = node_hash(new, sibling)
        position, last = position // 2, last // 2
    if last:
        raise NotVerified("The consistency proof is too short.")
    return old, new


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
