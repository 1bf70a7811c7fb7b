"""An offline root and an online issuing CA, made from a declared PKI in one ceremony.

Everything that is signed goes the same way as any other certificate: drafted, linted, recorded,
signed, recorded. Running the ceremony again with the same keys gives the same certificates.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding

from pkilab.audit.event import AuditEvent
from pkilab.ca.authority import CertificationAuthority, lifetime, require_clean
from pkilab.ca.issuance import CertificationOrder, IssuanceIntent, IssuanceRecord
from pkilab.ca.policy_module import PolicyModule
from pkilab.ca.ports import CaStore
from pkilab.ca.serial import new_serial
from pkilab.core.clock import Clock, whole_second
from pkilab.core.entropy import Entropy
from pkilab.errors import PolicyRefused
from pkilab.keys.check import check_public_key
from pkilab.keys.provider import Signer
from pkilab.keys.purpose import spki
from pkilab.policy.lifetimes import Lifetimes
from pkilab.x509.asn1 import assemble
from pkilab.x509.build import Addresses, Issuance, draft_certificate, subject_name
from pkilab.x509.certificate import fingerprint, read_certificate
from pkilab.x509.profile import ProfileName
from pkilab.x509.profiles import ROOT_CA
from pkilab.x509.request import CertificateRequest

ROOT_ORDER, ISSUING_ORDER = "ceremony:root", "ceremony:issuing"
CEREMONY_PROFILES = (
    ProfileName.REGISTRATION_AUTHORITY,
    ProfileName.ADMINISTRATOR,
    ProfileName.SMIME_ENCRYPTION,
    ProfileName.TLS_SERVER,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredAuthority:
    """The name and age of one CA, as the declared PKI writes it.

    Attributes:
        country: two letters (ISO 3166).
        years: of 365 days.

    Raises:
        PolicyRefused: fewer than one or more than 40 years.
    """

    common_name: str
    organization: str
    country: str
    years: int

    def __post_init__(self) -> None:
        if not 1 <= self.years <= 40:
            raise PolicyRefused(f"A CA of {self.years} years is not allowed.", hint="Declare 1 to 40 years.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredCrl:
    """How long CRLs are good, in days."""

    days: int = 7
    root_days: int = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredPki:
    """A whole PKI on one page, as `data/pki.yaml` holds it."""

    root: DeclaredAuthority
    issuing: DeclaredAuthority
    crl: DeclaredCrl = field(default_factory=DeclaredCrl)

    @property
    def lifetimes(self) -> Lifetimes:
        """The lifetimes that follow from the declaration."""
        return Lifetimes(
            root=timedelta(days=365 * self.root.years),
            issuing=timedelta(days=365 * self.issuing.years),
            crl=timedelta(days=self.crl.days),
            root_crl=timedelta(days=self.crl.root_days),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """Everything a ceremony needs; the two keys exist before it begins, wherever they live.

    Attributes:
        root_key, issuing_key: signers.
        root_store, issuing_store: the store of each CA.
        root_addresses, issuing_addresses: where each CA's CRL and certificate are served.
        policy_module: of the issuing CA: mail domains and hosts. The ceremony adds the CA itself as requester, so that
            RA, administrators and servers can get their first certificates.
    """

    root_key: Signer
    issuing_key: Signer
    root_store: CaStore
    issuing_store: CaStore
    root_addresses: Addresses
    issuing_addresses: Addresses
    clock: Clock
    entropy: Entropy
    policy_module: PolicyModule


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """The two CAs. The root is needed again for its CRL and for another issuing CA only."""

    root: CertificationAuthority
    issuing: CertificationAuthority


def establish(declared: DeclaredPki, ceremony: Ceremony) -> Hierarchy:
    """Make root and issuing CA, and the first CRL of each.

    Returns:
        The two CAs; the issuing one accepts orders of its own certificate for the profiles of the ceremony. Lock it
        to the RA afterwards: `issuing.governed_by(policy.granting(ra_certificate, ...))`.

    Raises:
        AlgorithmRefused, PolicyRefused: keys or names that the profiles do not accept.
        StorageFailure: effect unknown; run the ceremony again with the same keys.
    """
    root = _root(declared, ceremony)
    request = CertificateRequest(
        profile=ProfileName.ISSUING_CA,
        public_key=spki(ceremony.issuing_key.public),
        common_name=declared.issuing.common_name,
        organization=declared.issuing.organization,
        country=declared.issuing.country,
    )
    order = CertificationOrder(order_id=ISSUING_ORDER, requester=root.certificate, requests=(request,))
    (certificate,) = root.issue(root.prepare(order))
    issuing = CertificationAuthority(
        name="issuing",
        certificate=certificate,
        signer=ceremony.issuing_key,
        store=ceremony.issuing_store,
        clock=ceremony.clock,
        entropy=ceremony.entropy,
        policy_module=ceremony.policy_module.granting(certificate, *CEREMONY_PROFILES),
        addresses=ceremony.issuing_addresses,
        chain=(root.certificate,),
        lifetimes=declared.lifetimes,
    )
    for authority in (root, issuing):
        authority.publish_crl()
    return Hierarchy(root=root, issuing=issuing)


def _root(declared: DeclaredPki, ceremony: Ceremony) -> CertificationAuthority:
    record = ceremony.root_store.record(ROOT_ORDER) or _record_root(declared, ceremony)
    tbs = record.intents[0].tbs
    scheme = ceremony.root_key.scheme
    certificate = read_certificate(record.intents[0].certificate or assemble(tbs, scheme, ceremony.root_key.sign(tbs)))
    if record.certificates is None:
        signed = _event(ceremony, "certificate.signed", certificate.serial_number, fingerprint=fingerprint(certificate))
        ceremony.root_store.complete(ROOT_ORDER, [certificate.public_bytes(Encoding.DER)], signed)
    return CertificationAuthority(
        name="root",
        certificate=certificate,
        signer=ceremony.root_key,
        store=ceremony.root_store,
        clock=ceremony.clock,
        entropy=ceremony.entropy,
        policy_module=PolicyModule().granting(certificate, ProfileName.ISSUING_CA),
        addresses=ceremony.root_addresses,
        lifetimes=declared.lifetimes,
    )


def _record_root(declared: DeclaredPki, ceremony: Ceremony) -> IssuanceRecord:
    key, now = ceremony.root_key.public, whole_second(ceremony.clock.now())
    request = CertificateRequest(
        profile=ProfileName.ROOT_CA,
        public_key=spki(key),
        common_name=declared.root.common_name,
        organization=declared.root.organization,
        country=declared.root.country,
    )
    check_public_key(key, blocked=ceremony.policy_module.blocked_keys)
    issuance = Issuance(
        issuer=subject_name(request, ROOT_CA),
        issuer_key_identifier=None,
        scheme=ceremony.root_key.scheme,
        serial_number=new_serial(ceremony.entropy),
        not_before=now,
        not_after=now + lifetime(ROOT_CA, declared.lifetimes),
        addresses=None,
    )
    draft = draft_certificate(request, ROOT_CA, key, issuance)
    require_clean(draft, request, ROOT_CA, None)
    intent = IssuanceIntent(
        serial_number=draft.serial_number,
        profile=ProfileName.ROOT_CA,
        subject=draft.subject.rfc4514_string(),
        tbs=draft.tbs_certificate_bytes,
    )
    order = CertificationOrder(order_id=ROOT_ORDER, requester=draft, requests=(request,))
    record = IssuanceRecord(order_id=ROOT_ORDER, digest=order.digest(), intents=(intent,))
    intended = _event(ceremony, "certificate.intended", draft.serial_number, subject=intent.subject)
    return ceremony.root_store.reserve(record, intended)


def _event(ceremony: Ceremony, action: str, serial_number: int, **facts: str) -> AuditEvent:
    return AuditEvent(
        at=whole_second(ceremony.clock.now()),
        actor="root",
        action=action,
        subject=f"{serial_number:x}",
        facts={"ca": "root", **facts},
    )
