"""Signature algorithms: the weak ones, and those that the hosts of a site cannot verify.

A host verifies every signature from the certificate up to the root. The signature of a root on itself proves
nothing, so a weak hash there is no weakness; but a host that does not know its algorithm rejects the root as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from certaudit.audit.validators.binding import Check, Oid
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.issuers import issuers_of
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.x509.algorithms import SignatureAlgorithm
from certaudit.x509.certificate import Certificate

_WITHOUT_HASH = ("Ed25519", "Ed448")
"""Key types whose signatures fix their hash themselves."""


def hash_is_none_of(subject: AssignedCertificate, context: Context, *, hashes: tuple[str, ...]) -> Result:
    """The issuer did not sign with one of these hashes (requirements `signature.not-sha1` and `signature.not-md5`).

    Says nothing about a self-signed root.
    """
    certificate = subject.certificate
    algorithm = certificate.signature_algorithm
    expected = f"a signature without {_listed(hashes)}"
    if subject.role == "root-ca" and certificate.is_self_issued:
        return not_applicable("The signature of a root on itself proves nothing, whatever its hash.")
    if algorithm.hash in hashes:
        return failed(f"The certificate is signed with {_shown(algorithm)}.", _shown(algorithm), expected)
    if algorithm.hash is None and algorithm.key_type not in _WITHOUT_HASH:
        return not_checked(f"The hash of the signature algorithm {algorithm.oid} is not known; look it up.", expected)
    return passed(_shown(algorithm), expected)


def algorithm_is_one_of(
    subject: AssignedCertificate,
    context: Context,
    *,
    algorithms: tuple[Oid, ...],
    signatures: Literal["own", "issuers"] = "own",
) -> Result:
    """A host can verify the signature on the certificate, or those on the CA certificates above it.

    Server 2003 and XP need an update for SHA-2, and their CryptoAPI knows neither ECDSA nor RSASSA-PSS (requirement
    `signature.verifiable`).
    """
    issuers = issuers_of(subject.certificate, context)
    judged = (subject.certificate,) if signatures == "own" else issuers.certificates
    expected = "signatures that the hosts of the site can verify"
    for certificate in judged:
        if certificate.signature_algorithm.oid not in algorithms:
            name = _shown(certificate.signature_algorithm)
            return failed(f"{_whose(certificate, subject)} is signed with {name}.", name, expected)
    if signatures == "issuers" and not issuers.complete:
        return not_checked(issuers.gap, expected)
    return passed(_observed(judged), expected)


def _whose(certificate: Certificate, subject: AssignedCertificate) -> str:
    return (
        "The certificate"
        if certificate is subject.certificate
        else f"The CA certificate {certificate.subject} above it"
    )


def _observed(certificates: Iterable[Certificate]) -> str:
    names = dict.fromkeys(_shown(certificate.signature_algorithm) for certificate in certificates)
    return ", ".join(names) or "no CA certificate above it"


def _shown(algorithm: SignatureAlgorithm) -> str:
    return f"{algorithm.name} with {algorithm.hash}" if algorithm.is_pss and algorithm.hash else algorithm.name


def _listed(hashes: Iterable[str]) -> str:
    return " or ".join(name.upper().replace("SHA", "SHA-") for name in hashes)


CHECKS: tuple[Check, ...] = (hash_is_none_of, algorithm_is_one_of)
