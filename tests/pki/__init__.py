"""The PKI of the tests: keys that are the same in every run, CAs that really sign, what an audit sees of them.

`tests/builder.py` puts single structures together in DER; here they get keys, issuers and dates. `ROOT` and `ISSUING`
are the CAs of a sound site as of `AS_OF`; `context()` is what a check may look at beside its subject.
"""

from __future__ import annotations

from tests.pki.authority import (
    AS_OF,
    DAY,
    SECOND,
    SIGNING,
    Authority,
    authority,
    authority_key,
    chains,
    codes,
    crl,
    key_identifier,
    name_constraints,
    policies,
    revoked_entry,
    subject_key,
)
from tests.pki.contoso import HTTP, ISSUING, LDAP, ROOT, certificate, freshest, intermediate, root
from tests.pki.keys import OTHER_KEY, is_prime, key, modulus, modulus_key, prime_of, rsa_key
from tests.pki.site import MEDIA, MP01, WS0001, assigned, context, crl_entry, entry, evidence, system

__all__ = [
    "AS_OF",
    "DAY",
    "HTTP",
    "ISSUING",
    "LDAP",
    "MEDIA",
    "MP01",
    "OTHER_KEY",
    "ROOT",
    "SECOND",
    "SIGNING",
    "WS0001",
    "Authority",
    "assigned",
    "authority",
    "authority_key",
    "certificate",
    "chains",
    "codes",
    "context",
    "crl",
    "crl_entry",
    "entry",
    "evidence",
    "freshest",
    "intermediate",
    "is_prime",
    "key",
    "key_identifier",
    "modulus",
    "modulus_key",
    "name_constraints",
    "policies",
    "prime_of",
    "revoked_entry",
    "root",
    "rsa_key",
    "subject_key",
    "system",
]
