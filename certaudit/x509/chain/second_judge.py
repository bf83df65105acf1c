"""OpenSSL, through pyOpenSSL, as the second judge of a path that certaudit would accept.

It is asked about signatures, names, validity, constraints and key usage. Not about CRLs and policies: pyOpenSSL
cannot give it indirect CRLs or the initial policy set, so there its no would mean nothing. Purposes are not asked
either: they are requirements of their own.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable
from certaudit.x509.profile import anomalies


def refusal(certificates: tuple[Certificate, ...], as_of: datetime) -> str | None:
    """Why OpenSSL refuses the path (leaf first, trust anchor last) as of that instant, with what can be seen of the
    cause; None where it accepts it."""
    refused = _refused(certificates, as_of)
    if refused is None:
        return None
    causes = [cause for pair in pairwise(certificates) for cause in _misleading(*pair)]
    causes += [cause for certificate in certificates for cause in _not_known(certificate)]
    causes = causes or [cause for certificate in certificates for cause in _odd(certificate)]
    return " ".join((refused, *dict.fromkeys(causes)))


def _misleading(below: Certificate, above: Certificate) -> Iterator[str]:
    """Each way in which the authority key identifier of `below` leads elsewhere than to `above` (RFC 5280 4.2.1.1)."""
    named = if_readable(lambda: below.authority_key_identifier, otherwise=None)
    if named is None:
        return
    whose = f"The authority key identifier of {below.subject or below.sha1}"
    key = if_readable(lambda: above.subject_key_identifier, otherwise=None)
    if named.key_identifier is not None and key is not None and named.key_identifier != key:
        yield f"{whose} names another key than that of {above.subject} above it. {_WINDOWS_AND_KEY}"
    issuers = [name.directory for name in named.issuer if name.directory is not None]
    if issuers and all(name != above.issuer for name in issuers):
        meant = "the subject of the CA itself" if above.subject in issuers else "another one"
        yield (
            f"{whose} names an issuer of its CA that is not {above.issuer} but {meant} ({issuers[0]}). "
            f"{_WINDOWS_AND_ISSUER}"
        )
    if named.serial is not None and named.serial != above.serial:
        yield f"{whose} names another serial number than that of {above.subject} above it. {_WINDOWS_AND_ISSUER}"


def _not_known(certificate: Certificate) -> Iterator[str]:
    """Each critical extension that OpenSSL does not know (its X509_supported_extension)."""
    for oid, extension in certificate.extensions.items():
        if extension.critical and oid not in _KNOWN_TO_OPENSSL:
            whose = certificate.subject or certificate.sha1
            yield f"The {oids.extension(oid)} extension of {whose} is critical, and OpenSSL does not know it."


_KNOWN_TO_OPENSSL = {
    oids.KEY_USAGE,
    oids.SUBJECT_ALTERNATIVE_NAME,
    oids.BASIC_CONSTRAINTS,
    oids.CERTIFICATE_POLICIES,
    oids.CRL_DISTRIBUTION_POINTS,
    oids.EXTENDED_KEY_USAGE,
    oids.POLICY_CONSTRAINTS,
    oids.NAME_CONSTRAINTS,
    oids.POLICY_MAPPINGS,
    oids.INHIBIT_ANY_POLICY,
}


def _odd(certificate: Certificate) -> Iterator[str]:
    """Each breach of the profile, over which OpenSSL may stumble."""
    for sentence in anomalies(certificate):
        yield f"Of {certificate.subject or certificate.sha1}: {sentence}."


_WINDOWS_AND_KEY = "Windows goes by the name and by the key that signed."
_WINDOWS_AND_ISSUER = (
    "Windows was reported to go by the key identifier and accept it; have the CA issue certificates whose authority "
    "key identifier is the key identifier alone, or names the issuer and serial number in the CA's own certificate."
)


def _refused(certificates: tuple[Certificate, ...], as_of: datetime) -> str | None:
    """What OpenSSL says against the path.

    What a CA issued shares the path above it, which is judged once. Below it OpenSSL is asked about the last step
    alone, unless a CA further up has a say in it: name constraints reach the leaf, path lengths a leaf that is a CA.
    """
    leaf, issuers = certificates[0], certificates[1:]
    if len(issuers) < 2 or if_readable(lambda: leaf.is_ca, otherwise=True) or _constrain_names(issuers):
        return _verified(leaf, issuers or certificates, as_of, partial=False)
    above = _refusal_above(issuers, as_of)
    return above if above is not None else _verified(leaf, issuers[:1], as_of, partial=True)


@lru_cache(maxsize=256)
def _refusal_above(issuers: tuple[Certificate, ...], as_of: datetime) -> str | None:
    return _verified(issuers[0], issuers[1:], as_of, partial=False)


@lru_cache(maxsize=256)
def _constrain_names(issuers: tuple[Certificate, ...]) -> bool:
    return any(issuer.name_constraints is not None for issuer in issuers)


def _verified(leaf: Certificate, issuers: tuple[Certificate, ...], as_of: datetime, *, partial: bool) -> str | None:
    from OpenSSL.crypto import Error, X509StoreContext, X509StoreContextError

    with warnings.catch_warnings():
        # A negative serial number makes the library warn; that oddity is reported from the certificate itself.
        warnings.simplefilter("ignore")
        try:
            store, chain = _store(issuers, as_of, partial=partial)
            X509StoreContext(store, _loaded(leaf.der), chain).verify_certificate()
        except X509StoreContextError as error:
            return f"OpenSSL refuses it: {error}."
        except (Error, ValueError, OverflowError) as error:
            return f"OpenSSL cannot read a certificate of it: {_plain(error)}."
    return None


@lru_cache(maxsize=256)
def _store(issuers: tuple[Certificate, ...], as_of: datetime, *, partial: bool) -> tuple[Any, list[Any]]:
    """A store that trusts the last certificate alone, and the others loaded: made once for all they issued.

    With `partial` the trusted certificate need be no root.
    """
    from OpenSSL.crypto import X509Store, X509StoreFlags

    store = X509Store()
    store.add_cert(_loaded(issuers[-1].der))
    store.set_time(as_of)
    if partial:
        store.set_flags(X509StoreFlags.PARTIAL_CHAIN)
    return store, [_loaded(issuer.der) for issuer in issuers[:-1]]


def _loaded(data: bytes) -> Any:
    from OpenSSL.crypto import FILETYPE_ASN1, load_certificate

    return load_certificate(FILETYPE_ASN1, data)


def _plain(error: Exception) -> str:
    """The reasons alone out of OpenSSL's error queue, or the message."""
    queue = error.args[0] if error.args else ""
    if isinstance(queue, list):
        return "; ".join(str(entry[-1]) for entry in queue) or "no reason given"
    return str(queue) or type(error).__name__
