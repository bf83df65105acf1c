"""What the certificates, CAs and CRLs of the golden inputs have in common: as the CAs of fixtures/contoso issue them.

The keys of these CAs are the public ones of fixtures/make/keys; all others are RSA keys of the name of who has them, so
that each run makes the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from tests import builder
from tests.pki import SIGNING, Authority, rsa_key

FIXTURES = Path(__file__).parents[2] / "fixtures"
DOMAIN = "DC=contoso,DC=com"
PURPOSES = (oids.SERVER_AUTHENTICATION, oids.CLIENT_AUTHENTICATION, oids.DOCUMENT_SIGNING, oids.AMT_PROVISIONING)
"""What makes a certificate fit for each role, so that only its one fault tells."""
CRL_URL = "http://pki.contoso.com/crl/Contoso%20Issuing%20CA%201.crl"
LEAF_USAGE = ("digitalSignature", "keyEncipherment")


def _of_fixture(certificate: str, name: str) -> Authority:
    secret = (FIXTURES / "make" / "keys" / "contoso" / f"{name}.pem").read_bytes()
    known = Certificate((FIXTURES / "contoso" / certificate).read_bytes())
    return Authority.of(known, serialization.load_pem_private_key(secret, None))


ROOT = _of_fixture("roots/contoso-root-ca.cer", "root")
ISSUING = _of_fixture("ca/contoso-issuing-ca-1.cer", "issuing")


def leaf(common_name: str, *, issuer: Authority = ISSUING, without: tuple[str, ...] = (), **fields: Any) -> bytes:
    """A certificate that serves every role. `without` names extensions to leave out, `more` those to add; a keyword
    with the name of an extension replaces it."""
    extensions = {
        "usage": builder.key_usage(*LEAF_USAGE, critical=True),
        "purposes": builder.extended_key_usage(*PURPOSES),
        "names": builder.alternative_names(f"DNS:{common_name}"),
        "points": builder.distribution_points(CRL_URL),
    }
    extensions |= {name: fields.pop(name) for name in tuple(extensions) if name in fields}
    chosen = [value for name, value in extensions.items() if name not in without]
    values: dict[str, Any] = {"subject": f"CN={common_name},{DOMAIN}", "serial": serial_of(common_name)}
    values |= {"issuer": issuer.name, "signer": issuer.key, "extensions": [*chosen, *fields.pop("more", ())]}
    if "key" not in fields:
        values["key"] = rsa_key(common_name)
    return builder.certificate_der(**values | fields)


def authority(common_name: str, *, issuer: Authority | None = ROOT, **fields: Any) -> Authority:
    """A CA below `issuer`, or a root where that is None. `usage` None leaves the key usage out."""
    own = fields.pop("key", None) or rsa_key(common_name, 2048)
    usage = fields.pop("usage", SIGNING)
    extensions = [builder.basic_constraints(ca=True)]
    extensions += [usage] if usage else []
    extensions += [builder.distribution_points(CRL_URL)] if issuer else []
    values: dict[str, Any] = {"subject": f"CN={common_name},{DOMAIN}", "serial": serial_of(common_name), "key": own}
    values |= {"not_before": datetime(2008, 6, 1), "not_after": datetime(2015, 6, 1)}
    values |= {"extensions": [*extensions, *fields.pop("more", ())], "signer": issuer.key if issuer else own}
    values["issuer"] = issuer.name if issuer else values["subject"]
    return Authority.of(builder.certificate(**values | fields), own)


def name_alone(name: bytes, owner: str) -> Authority:
    """A CA of which nothing is at hand but its name, in what it issued; its key is that of `owner`."""
    return replace(ISSUING, name=name, key=rsa_key(owner))


def crl(issuer: Authority, this_update: datetime, next_update: datetime, *extensions: bytes) -> bytes:
    """A CRL that revokes nothing, signed with SHA-1."""
    dates = {"this_update": this_update, "next_update": next_update}
    return issuer.crl(number=None, hash="sha1", extensions=extensions, **dates).der


def serial_of(owner: str) -> int:
    """The serial number of the certificate of `owner`."""
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:8], "big") >> 1 | 1 << 61
