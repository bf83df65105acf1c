"""OpenSSL, through pyOpenSSL, as the second judge of a path that certaudit would accept.

It is asked about signatures, names, validity, constraints and key usage. Not about CRLs and policies: pyOpenSSL
cannot give it indirect CRLs or the initial policy set, so there its no would mean nothing. Purposes are not asked
either: they are requirements of their own.
"""

from __future__ import annotations

import warnings
from datetime import datetime
from functools import lru_cache
from typing import Any

from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable


def refusal(certificates: tuple[Certificate, ...], as_of: datetime) -> str | None:
    """Why OpenSSL refuses the path (leaf first, trust anchor last) as of that instant; None where it accepts it.

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
