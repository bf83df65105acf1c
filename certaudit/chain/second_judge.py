"""OpenSSL, through pyOpenSSL, as the second judge of a path that certaudit would accept.

It is asked about signatures, names, validity, constraints and key usage. Not about CRLs and policies: pyOpenSSL
cannot give it indirect CRLs or the initial policy set, so there its no would mean nothing. Purposes are not asked
either: they are requirements of their own.
"""

from __future__ import annotations

import warnings
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from certaudit.x509.certificate import Certificate


def refusal(certificates: tuple[Certificate, ...], as_of: datetime) -> str | None:
    """Why OpenSSL refuses the path (leaf first, trust anchor last) as of that instant; None where it accepts it."""
    from OpenSSL.crypto import Error, X509StoreContext, X509StoreContextError

    with warnings.catch_warnings():
        # A negative serial number makes the library warn; that oddity is reported from the certificate itself.
        warnings.simplefilter("ignore")
        try:
            store, chain = _store(certificates[1:] or certificates, as_of)
            X509StoreContext(store, _loaded(certificates[0].der), chain).verify_certificate()
        except X509StoreContextError as error:
            return f"OpenSSL refuses it: {error}."
        except (Error, ValueError, OverflowError) as error:
            return f"OpenSSL cannot read a certificate of it: {_plain(error)}."
    return None


@lru_cache(maxsize=64)
def _store(issuers: tuple[Certificate, ...], as_of: datetime) -> tuple[Any, list[Any]]:
    """A store that trusts the last certificate alone, and the others loaded: made once for all they issued."""
    from OpenSSL.crypto import X509Store

    store = X509Store()
    store.add_cert(_loaded(issuers[-1].der))
    store.set_time(as_of)
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
