"""A certification authority: check, record, sign exactly what was recorded, record again.

The order of the steps is the promise (P02): a serial number is reserved and the bytes to be signed
are durable before the key is used, so that a crash leaves nothing signed that nobody knows of.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from weakref import WeakSet

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from pkilab.audit.event import AuditEvent
from pkilab.ca.issuance import CertificationOrder, IssuanceIntent, IssuanceRecord, PreparedIssuance
from pkilab.ca.policy_module import PolicyModule
from pkilab.ca.ports import CaStore
from pkilab.ca.revocation import RevocationOrder
from pkilab.ca.serial import new_serial
from pkilab.core.clock import Clock, iso, whole_second
from pkilab.core.entropy import Entropy
from pkilab.errors import AlreadyUsed, NotFound, PkilabError, PolicyRefused, ProfileViolation, SignatureInvalid
from pkilab.keys.check import read_public_key
from pkilab.keys.provider import Signer
from pkilab.policy.lifetimes import Lifetimes
from pkilab.x509.asn1 import assemble
from pkilab.x509.build import Addresses, Issuance, draft_certificate
from pkilab.x509.certificate import fingerprint, read_certificate, ski
from pkilab.x509.crl import CrlTerms, RevocationEntry, build_crl
from pkilab.x509.lint import lint
from pkilab.x509.profile import CertificateProfile, ProfileName
from pkilab.x509.profiles import PROFILES
from pkilab.x509.request import CertificateRequest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CertificationAuthority:
    """One CA: its name, its key, its store and the policy it is locked to.

    Attributes:
        name: as it appears in the audit log, e.g. `issuing`.
        certificate: its own.
        signer: its key; nothing else here can sign.
        chain: certificates above `certificate`, up to the root.
        addresses: where its CRL and certificate are served, which its certificates carry.
        profiles: kinds of certificates it knows.
    """

    name: str
    certificate: x509.Certificate
    signer: Signer
    store: CaStore
    clock: Clock
    entropy: Entropy
    policy_module: PolicyModule
    addresses: Addresses
    chain: tuple[x509.Certificate, ...] = ()
    lifetimes: Lifetimes = field(default_factory=Lifetimes)
    profiles: Mapping[ProfileName, CertificateProfile] = field(default_factory=lambda: PROFILES)
    _outstanding: WeakSet[PreparedIssuance] = field(default_factory=WeakSet, init=False, repr=False)
    _redeemed: WeakSet[PreparedIssuance] = field(default_factory=WeakSet, init=False, repr=False)

    def governed_by(self, policy_module: PolicyModule) -> "CertificationAuthority":
        """Return the same CA under another policy; permissions given before are not honoured by it."""
        return replace(self, policy_module=policy_module)

    def prepare(self, order: CertificationOrder) -> PreparedIssuance:
        """Check an order and build what would be signed. Nothing is reserved and nothing is signed.

        Returns:
            The permission to `issue`, good once and for this authority only.

        Raises:
            PolicyRefused: requester or names are not permitted; the refusal is in the audit log.
            ProfileViolation: profile not granted, or the lint found something.
            AlgorithmRefused: weak key.
            MalformedInput: a public key that cannot be read.
            StorageFailure: the refusal could not be written down.
        """
        try:
            self._check_requester(order.requester)
            self.policy_module.check_order(order)
            drafts = tuple(self._draft(request) for request in order.requests)
        except PkilabError as refusal:
            self.store.note(self._refused("certification.refused", order.order_id, order.requester, refusal))
            raise
        intents = tuple(
            IssuanceIntent(
                serial_number=draft.serial_number,
                profile=request.profile,
                subject=str(request.mailbox or draft.subject.rfc4514_string()),
                tbs=draft.tbs_certificate_bytes,
            )
            for request, draft in zip(order.requests, drafts, strict=True)
        )
        record = IssuanceRecord(order_id=order.order_id, digest=order.digest(), intents=intents)
        prepared = PreparedIssuance(record=record, requester=fingerprint(order.requester), drafts=drafts)
        self._outstanding.add(prepared)
        return prepared

    def issue(self, prepared: PreparedIssuance) -> tuple[x509.Certificate, ...]:
        """Reserve the serial numbers, record the bytes, sign exactly them, record the certificates.

        If the same order was issued before, the certificates of that time are returned and nothing is signed.

        Raises:
            AlreadyUsed: this permission was redeemed, or the order id belongs to another order.
            PolicyRefused: this permission was not given by this authority.
            SerialTaken: prepare again.
            StorageFailure: effect unknown; prepare and issue the same order again.
        """
        self._redeem(prepared)
        intended = (
            self._event("certificate.intended", f"{intent.serial_number:x}", self.name, _facts(prepared, intent))
            for intent in prepared.record.intents
        )
        return self._finish(self.store.reserve(prepared.record, *intended))

    def issued(self, order_id: str) -> tuple[x509.Certificate, ...] | None:
        """Return the certificates of an order, None if there is no such order or it was interrupted."""
        record = self.store.record(order_id)
        if record is None or record.certificates is None:
            return None
        return tuple(map(read_certificate, record.certificates))

    def finish_interrupted(self) -> tuple[str, ...]:
        """Sign what was recorded before a crash, the same bytes again; return the ids of those orders."""
        records = self.store.unfinished()
        for record in records:
            self._finish(record)
        return tuple(record.order_id for record in records)

    def revoke(self, revocation: RevocationOrder) -> RevocationEntry:
        """Revoke one certificate; it is on every CRL published from now on.

        Returns:
            The entry that holds. The first revocation wins; a second changes nothing.

        Raises:
            PolicyRefused: the requester is not registered; the refusal is in the audit log.
            NotFound: this CA has no such certificate.
            StorageFailure: effect unknown; revoke again.
        """
        serial = f"{revocation.serial_number:x}"
        try:
            self._check_requester(revocation.requester)
        except PkilabError as refusal:
            self.store.note(self._refused("revocation.refused", serial, revocation.requester, refusal))
            raise
        entry = RevocationEntry(serial_number=revocation.serial_number, at=self._now(), reason=revocation.reason)
        facts = {"reason": revocation.reason.value, "requester": fingerprint(revocation.requester)}
        return self.store.revoke(entry, self._event("certificate.revoked", serial, revocation.actor, facts))

    def publish_crl(self) -> x509.CertificateRevocationList:
        """Sign a complete CRL with the next number and keep it.

        Raises:
            StorageFailure: nothing was published; a number may be left out, which harms nobody.
        """
        now = self._now()
        opening = self.store.open_crl(now)
        terms = CrlTerms(
            issuer=self.certificate.subject,
            issuer_key_identifier=ski(self.certificate),
            number=opening.number,
            this_update=now,
            next_update=now + (self.lifetimes.root_crl if self._is_root else self.lifetimes.crl),
            scheme=self.signer.scheme,
        )
        tbs = build_crl(terms, opening.entries)
        crl = x509.load_der_x509_crl(assemble(tbs, self.signer.scheme, self.signer.sign(tbs)))
        if not crl.is_signature_valid(self.certificate.public_key()):  # type: ignore[arg-type]
            raise SignatureInvalid("The signing key of this CA made a CRL signature that does not verify.")
        facts = {"entries": str(len(opening.entries)), "next_update": iso(terms.next_update)}
        event = self._event("crl.published", str(opening.number), self.name, facts)
        self.store.store_crl(opening.number, crl.public_bytes(Encoding.DER), event)
        return crl

    def latest_crl(self) -> x509.CertificateRevocationList:
        """Return the newest CRL published.

        Raises:
            NotFound: none was published yet.
        """
        newest = self.store.latest_crl()
        if newest is None:
            raise NotFound(f"The CA {self.name} has published no CRL yet.", hint="Publish one first.")
        return x509.load_der_x509_crl(newest)

    @property
    def _is_root(self) -> bool:
        return self.certificate.subject == self.certificate.issuer

    def _now(self) -> datetime:
        return whole_second(self.clock.now())

    def _check_requester(self, requester: x509.Certificate) -> None:
        self.policy_module.check_requester(requester)
        if not requester.not_valid_before_utc <= self._now() <= requester.not_valid_after_utc:
            raise PolicyRefused("The certificate of the requester is not valid at this time.", hint="Renew it.")
        ours = requester.issuer == self.certificate.subject
        if ours and self.store.revocation(requester.serial_number) is not None:
            raise PolicyRefused("The certificate of the requester is revoked.", hint="Register another one.")

    def _draft(self, request: CertificateRequest) -> x509.Certificate:
        profile, now = self.profiles[request.profile], self._now()
        issuance = Issuance(
            issuer=self.certificate.subject,
            issuer_key_identifier=ski(self.certificate),
            scheme=self.signer.scheme,
            serial_number=new_serial(self.entropy),
            not_before=now,
            not_after=min(now + lifetime(profile, self.lifetimes), self.certificate.not_valid_after_utc),
            addresses=self.addresses,
        )
        if issuance.not_after <= now:
            raise PolicyRefused("The certificate of this CA has expired.", hint="Renew the CA first.")
        draft = draft_certificate(request, profile, read_public_key(request.public_key), issuance)
        require_clean(draft, request, profile, self.certificate)
        return draft

    def _redeem(self, prepared: PreparedIssuance) -> None:
        try:
            self._outstanding.remove(prepared)
        except KeyError:
            if prepared in self._redeemed:
                raise AlreadyUsed("This issuance was redeemed before.", hint="Prepare the order again.") from None
            raise PolicyRefused("This issuance was not prepared by this CA.", hint="Prepare the order here.") from None
        self._redeemed.add(prepared)

    def _finish(self, record: IssuanceRecord) -> tuple[x509.Certificate, ...]:
        if record.certificates is None:
            signed = [self._sign(intent) for intent in record.intents]
            events = (
                self._event(
                    "certificate.signed", f"{certificate.serial_number:x}", self.name, _signed_facts(certificate)
                )
                for certificate in signed
            )
            ders = [certificate.public_bytes(Encoding.DER) for certificate in signed]
            record = self.store.complete(record.order_id, ders, *events)
        return tuple(map(read_certificate, record.certificates or ()))

    def _sign(self, intent: IssuanceIntent) -> x509.Certificate:
        scheme = self.signer.scheme
        certificate = read_certificate(assemble(intent.tbs, scheme, self.signer.sign(intent.tbs)))
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (InvalidSignature, ValueError, TypeError):
            raise SignatureInvalid("The signing key of this CA made a signature that does not verify.") from None
        return certificate

    def _refused(self, action: str, subject: str, requester: x509.Certificate, refusal: PkilabError) -> AuditEvent:
        return self._event(action, subject, self.name, {"code": refusal.code, "requester": fingerprint(requester)})

    def _event(self, action: str, subject: str, actor: str, facts: Mapping[str, str]) -> AuditEvent:
        return AuditEvent(at=self._now(), actor=actor, action=action, subject=subject, facts={"ca": self.name, **facts})


def lifetime(profile: CertificateProfile, lifetimes: Lifetimes) -> timedelta:
    """Return how long a certificate of `profile` may be valid."""
    match profile.name:
        case ProfileName.ROOT_CA:
            return lifetimes.root
        case ProfileName.ISSUING_CA:
            return lifetimes.issuing
        case ProfileName.TLS_SERVER:
            return lifetimes.tls_server
        case _:
            return lifetimes.leaf


def require_clean(
    draft: x509.Certificate, request: CertificateRequest, profile: CertificateProfile, issuer: x509.Certificate | None
) -> None:
    """Refuse a draft in which the lint finds anything.

    Raises:
        ProfileViolation: names the findings.
    """
    findings = lint(draft, request, profile, issuer)
    if findings:
        codes = ", ".join(finding.code for finding in findings)
        raise ProfileViolation(f"The lint refuses this certificate: {codes}.", hint=findings[0].message)


def _facts(prepared: PreparedIssuance, intent: IssuanceIntent) -> dict[str, str]:
    return {
        "order": prepared.record.order_id,
        "profile": intent.profile.value,
        "requester": prepared.requester,
        "subject": intent.subject,
        "tbs_sha256": hashlib.sha256(intent.tbs).hexdigest(),
    }


def _signed_facts(certificate: x509.Certificate) -> dict[str, str]:
    return {
        "fingerprint": fingerprint(certificate),
        "tbs_sha256": hashlib.sha256(certificate.tbs_certificate_bytes).hexdigest(),
    }
