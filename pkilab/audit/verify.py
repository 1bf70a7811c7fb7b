"""Check a log from outside. Whoever keeps the newest checkpoint is a witness (promise P40)."""

import hmac
from collections.abc import Sequence

from pkilab.audit.checkpoint import Checkpoint
from pkilab.audit.merkle import leaf_hash, root_hash, verify_consistency
from pkilab.errors import NotVerified, Rollback


def verify_log(leaves: Sequence[bytes], checkpoint: Checkpoint) -> None:
    """Check that `leaves` are exactly those the checkpoint commits to.

    Args:
        leaves: all of them, in order.
        checkpoint: opened with the key of the log, so that its signature is known to hold.

    Raises:
        NotVerified: an event was changed, added, removed or moved.
    """
    if len(leaves) != checkpoint.size:
        raise NotVerified(f"The log has {len(leaves)} events, its checkpoint says {checkpoint.size}.")
    root = root_hash([leaf_hash(leaf) for leaf in leaves])
    if not hmac.compare_digest(root, checkpoint.root):
        raise NotVerified("The events of the log are not those its checkpoint commits to.")


def witness(kept: Checkpoint | None, offered: Checkpoint, proof: Sequence[bytes]) -> Checkpoint:
    """Compare a newly offered checkpoint with the one kept so far, and return the one to keep.

    Args:
        kept: the newest one seen before; None = the first meeting, which is taken on trust.
        offered: opened with the key of the log.
        proof: consistency proof from `kept.size` to `offered.size`.

    Raises:
        Rollback: the log has become shorter: its tail was cut, or an old copy was put back.
        NotVerified: the log has another history than the one seen before.
    """
    if kept is None:
        return offered
    if kept.origin != offered.origin:
        raise NotVerified("This checkpoint is of another log.")
    if offered.size < kept.size:
        raise Rollback("The audit log has become shorter.", kept=kept.size, offered=offered.size)
    verify_consistency(kept.size, offered.size, proof, kept.root, offered.root)
    return offered
