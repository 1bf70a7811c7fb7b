"""The seven profiles of a pilot, as values.

Mail certificates follow the S/MIME Baseline Requirements §7.1.2.3 (mailbox-validated): strict for
people, multipurpose where an extra purpose is needed. Authorities follow RFC 5280 and BR §7.1.2.1-2.
"""

from pkilab.x509.profile import (
    ANY_POLICY,
    CLIENT_AUTH,
    CM_KGA,
    CMC_RA,
    EMAIL_PROTECTION,
    MAILBOX_MULTIPURPOSE,
    MAILBOX_STRICT,
    SERVER_AUTH,
    CertificateProfile,
    KeyUse,
    NameForm,
    ProfileName,
)

_SIGN = frozenset({KeyUse.DIGITAL_SIGNATURE})
_SIGN_MAIL = frozenset({KeyUse.DIGITAL_SIGNATURE, KeyUse.NON_REPUDIATION})
_SIGN_CERTIFICATES = frozenset({KeyUse.KEY_CERT_SIGN, KeyUse.CRL_SIGN})
# An issuing CA also signs its CMP answers, which needs digitalSignature (RFC 9483 §3.2).
_SIGN_AND_ANSWER = _SIGN_CERTIFICATES | _SIGN
_ENCIPHER = frozenset({KeyUse.KEY_ENCIPHERMENT})
_AGREE = frozenset({KeyUse.KEY_AGREEMENT})

ROOT_CA = CertificateProfile(
    name=ProfileName.ROOT_CA,
    names=NameForm.AUTHORITY,
    rsa=_SIGN_CERTIFICATES,
    ec=_SIGN_CERTIFICATES,
    ed25519=_SIGN_CERTIFICATES,
    authority=True,
)
ISSUING_CA = CertificateProfile(
    name=ProfileName.ISSUING_CA,
    names=NameForm.AUTHORITY,
    rsa=_SIGN_AND_ANSWER,
    ec=_SIGN_AND_ANSWER,
    ed25519=_SIGN_AND_ANSWER,
    policies=(ANY_POLICY,),
    authority=True,
    path_length=0,
)
SMIME_SIGNING = CertificateProfile(
    name=ProfileName.SMIME_SIGNING,
    names=NameForm.MAILBOX,
    rsa=_SIGN_MAIL,
    ec=_SIGN_MAIL,
    ed25519=_SIGN_MAIL,
    extended_key_usage=(EMAIL_PROTECTION,),
    policies=(MAILBOX_STRICT,),
)
SMIME_ENCRYPTION = CertificateProfile(
    name=ProfileName.SMIME_ENCRYPTION,
    names=NameForm.MAILBOX,
    rsa=_ENCIPHER,
    ec=_AGREE,
    x25519=_AGREE,
    extended_key_usage=(EMAIL_PROTECTION,),
    policies=(MAILBOX_STRICT,),
)
REGISTRATION_AUTHORITY = CertificateProfile(
    name=ProfileName.REGISTRATION_AUTHORITY,
    names=NameForm.MAILBOX,
    rsa=_SIGN,
    ec=_SIGN,
    ed25519=_SIGN,
    extended_key_usage=(EMAIL_PROTECTION, CMC_RA, CM_KGA),
    policies=(MAILBOX_MULTIPURPOSE,),
)
ADMINISTRATOR = CertificateProfile(
    name=ProfileName.ADMINISTRATOR,
    names=NameForm.MAILBOX,
    rsa=_SIGN,
    ec=_SIGN,
    ed25519=_SIGN,
    extended_key_usage=(EMAIL_PROTECTION, CLIENT_AUTH),
    policies=(MAILBOX_MULTIPURPOSE,),
)
TLS_SERVER = CertificateProfile(
    name=ProfileName.TLS_SERVER,
    names=NameForm.HOST,
    rsa=_SIGN | _ENCIPHER,
    ec=_SIGN,
    ed25519=_SIGN,
    extended_key_usage=(SERVER_AUTH,),
)

PROFILES = {
    profile.name: profile
    for profile in (
        ROOT_CA,
        ISSUING_CA,
        SMIME_SIGNING,
        SMIME_ENCRYPTION,
        REGISTRATION_AUTHORITY,
        ADMINISTRATOR,
        TLS_SERVER,
    )
}
