"""Every error pkilab raises, as one tree.

PkilabError
├ MalformedInput               bytes or text from outside that are not what they claim to be
│  └ LimitExceeded             well-formed perhaps, but larger or deeper than we agree to read
├ PolicyRefused                well-formed, and not allowed here
│  ├ ProfileViolation          a certificate request outside its profile
│  ├ AlgorithmRefused          an algorithm or key that policy does not accept
│  └ QuorumNotMet              fewer distinct administrators than the operation needs
├ NotAuthenticated             token, bind or share refused: one text, whatever the reason
├ NotVerified                  a signature, certification path or status that does not hold
│  ├ SignatureInvalid
│  ├ SignerMismatch            valid, but by somebody other than the message claims
│  ├ PathInvalid               with the index of the certificate that broke the path
│  ├ Revoked                   with reason and time
│  ├ NotYetValid
│  ├ Expired
│  ├ RevocationUnknown         no usable answer: never the same as "good"
│  └ StaleRevocation           an answer past its nextUpdate
├ NotDecrypted                 no cause is told to the caller
├ Conflict                     the change contradicts one that came first
│  ├ AlreadyUsed
│  ├ SerialTaken
│  ├ Rollback                  an older state offered in place of a newer one
│  └ ConcurrentChange
├ NotFound
├ Unavailable                  a server, port or program that is needed does not answer
└ StorageFailure               effect unknown or refused; the operation fails closed

Faces (command line, HTTP, SMTP, widgets) translate these; the core knows no face.
"""

from datetime import datetime
from typing import ClassVar


class PkilabError(Exception):
    """Say what was wrong and what to do next; never carry a secret.

    Args:
        message: what was wrong, one sentence.
        hint: the one next step; the class supplies a general one if omitted.
    """

    code: ClassVar[str] = "error"
    default_hint: ClassVar[str] = "Read the message, correct the input and try again."

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint if hint is not None else self.default_hint


class MalformedInput(PkilabError):
    """Bytes or text from outside could not be read as what they claim to be.

    Args:
        offset: byte offset of the fault, when it is known.
    """

    code = "malformed-input"
    default_hint = "Ask the sender for the original file; it may have been changed on the way."

    def __init__(self, message: str, *, hint: str | None = None, offset: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.offset = offset


class LimitExceeded(MalformedInput):
    """The input is larger, deeper or more numerous than `pkilab.core.limits` allows."""

    code = "limit-exceeded"
    default_hint = "Split the input, or raise the ceiling in core/limits.py deliberately."

    def __init__(self, limit: str, *, seen: int, allowed: int, hint: str | None = None) -> None:
        super().__init__(f"{limit}: {seen} seen, {allowed} allowed", hint=hint)
        self.limit, self.seen, self.allowed = limit, seen, allowed


class PolicyRefused(PkilabError):
    """The request is well-formed, but the policy in force does not allow it."""

    code = "policy-refused"
    default_hint = "Ask for something the policy allows, or have the policy changed by its owners."


class ProfileViolation(PolicyRefused):
    """A certificate request asks for something its profile does not grant."""

    code = "profile-violation"


class AlgorithmRefused(PolicyRefused):
    """An algorithm, key size or curve is not acceptable."""

    code = "algorithm-refused"
    default_hint = "Use an algorithm of the profile in force (`pkilab policy show`)."


class QuorumNotMet(PolicyRefused):
    """Fewer distinct administrators approved than the operation needs."""

    code = "quorum-not-met"
    default_hint = "Ask further administrators to approve; each counts once."


class NotAuthenticated(PkilabError):
    """A token, bind or share was refused. One class and one text, whatever the reason."""

    code = "not-authenticated"
    default_hint = "Check what you typed; after several tries ask an administrator for a new token."

    def __init__(self, message: str = "The credentials were not accepted.", *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)


class NotVerified(PkilabError):
    """A signature, a certification path or a revocation status does not hold."""

    code = "not-verified"
    default_hint = "Do not rely on this message or certificate; ask its owner over another channel."


class SignatureInvalid(NotVerified):
    """The signature does not fit the bytes it should cover."""

    code = "signature-invalid"


class SignerMismatch(NotVerified):
    """The signature is valid, but the signer is not who the message claims."""

    code = "signer-mismatch"


class PathInvalid(NotVerified):
    """A certification path fails RFC 5280 §6.

    Args:
        index: position of the failing certificate, 0 = the one issued by the anchor; None = no path at all.
    """

    code = "path-invalid"

    def __init__(self, message: str, *, index: int | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.index = index


class Revoked(NotVerified):
    """A certificate was revoked by its issuer."""

    code = "revoked"

    def __init__(self, message: str, *, reason: str, at: datetime, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reason, self.at = reason, at


class NotYetValid(NotVerified):
    """The time of the check lies before notBefore."""

    code = "not-yet-valid"


class Expired(NotVerified):
    """The time of the check lies after notAfter."""

    code = "expired"


class RevocationUnknown(NotVerified):
    """No acceptable revocation answer is at hand, which is never the same as "good"."""

    code = "revocation-unknown"
    default_hint = "Fetch the issuer's current CRL and check again."


class StaleRevocation(NotVerified):
    """The newest revocation answer is past its nextUpdate."""

    code = "revocation-stale"
    default_hint = "Fetch the issuer's current CRL and check again."


class NotDecrypted(PkilabError):
    """The content could not be decrypted. The cause is deliberately not told."""

    code = "not-decrypted"
    default_hint = "Check that the message was encrypted to you; an older key may need to be recovered."

    def __init__(self, message: str = "The message could not be decrypted.", *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)


class Conflict(PkilabError):
    """The change contradicts one that came first."""

    code = "conflict"
    default_hint = "Look at the present state and decide again."


class AlreadyUsed(Conflict):
    """Something that may happen once has happened before."""

    code = "already-used"


class SerialTaken(Conflict):
    """A serial number drawn at random exists already at this issuer."""

    code = "serial-taken"
    default_hint = "Prepare the issuance again; check the entropy source if it happens twice."


class Rollback(Conflict):
    """An older state was offered where a newer one is known.

    Args:
        kept: the number we hold.
        offered: the lower number that was offered.
    """

    code = "rollback"

    def __init__(self, message: str, *, kept: int, offered: int, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.kept, self.offered = kept, offered


class ConcurrentChange(Conflict):
    """Somebody else changed the same thing at the same time."""

    code = "concurrent-change"
    default_hint = "Try again."


class NotFound(PkilabError):
    """What was asked for does not exist here."""

    code = "not-found"
    default_hint = "Check the name; list what exists first."


class Unavailable(PkilabError):
    """A server, port or program that is needed does not answer or cannot start."""

    code = "unavailable"
    default_hint = "Start it, or choose another address; `pkilab doctor` tells what is missing."


class StorageFailure(PkilabError):
    """The store refused or lost contact: the effect is unknown, so the operation fails closed."""

    code = "storage-failure"
    default_hint = "Check free space and permissions of the pilot's folder, then try again."
