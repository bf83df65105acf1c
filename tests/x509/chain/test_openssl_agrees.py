"""The same question put to `openssl verify`, a program apart from the library that the second judge is.

Each case says what both must answer; a case that they answer differently says why.
"""

from __future__ import annotations

import subprocess
from base64 import encodebytes
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList
from tests import builder
from tests.builder import extension, sequence, tlv
from tests.optional import need_program
from tests.pki import AS_OF, DAY, SECOND, Authority, authority, chains, crl, key, name_constraints, revoked_entry

need_program("openssl")

ROOT = authority("CN=Contoso Root CA", number=1)
ISSUING = authority("CN=Contoso Issuing CA 1", number=2, issuer=ROOT)
RENEWED = authority("CN=Contoso Root CA", number=1)
LOOK_ALIKE = authority("CN=Contoso Root CA", number=66)
PARTNER = authority("CN=Fabrikam Root CA", number=3)
CROSS = authority("CN=Contoso Issuing CA 1", number=2, issuer=PARTNER)
LIMITED = authority("CN=Limited", number=4, issuer=ROOT, path_length=0)
BELOW = authority("CN=Below", number=5, issuer=LIMITED)
NARROW = authority("CN=Narrow", number=6, issuer=ROOT, extensions=(name_constraints(permitted=["DNS:contoso.com"]),))
EXPIRED_ROOT = authority("CN=Expired Root", number=7, not_after=AS_OF - DAY)
LEAF = ISSUING.issue()
NO_CA = ISSUING.issue("CN=User", key=key(8))


@dataclass(frozen=True)
class Case:
    name: str
    leaf: Certificate
    anchors: tuple[Authority, ...]
    others: tuple[Authority | Certificate, ...]
    good: bool
    crls: tuple[RevocationList, ...] = ()
    openssl: bool | None = None
    why: str = ""


def san(*names: str) -> tuple[bytes, ...]:
    return (builder.alternative_names(*names),)


ROOT_CRL = ROOT.crl()
# OpenSSL looks for a delta CRL only where the certificate or the base CRL says that there is one.
POINT = sequence(tlv(0xA0, tlv(0xA0, tlv(0x86, b"http://pki.contoso.com/ca+.crl"))))
FRESHEST = (extension(oids.FRESHEST_CRL, sequence(POINT)),)
CASES = [
    Case("sound", LEAF, (ROOT,), (ISSUING,), True),
    Case("issuer missing", LEAF, (ROOT,), (), False),
    Case("root not trusted", LEAF, (PARTNER,), (ISSUING, ROOT), False),
    Case("look-alike root", LEAF, (LOOK_ALIKE,), (ISSUING,), False),
    Case("look-alike beside the root", LEAF, (LOOK_ALIKE, ROOT), (ISSUING,), True),
    Case("root renewed with the same key", LEAF, (RENEWED,), (ISSUING,), True),
    Case(
        "cross-certified",
        LEAF,
        (PARTNER,),
        (ISSUING, CROSS),
        True,
        openssl=False,
        why="the program takes the first issuer that fits and never turns back",
    ),
    Case("cross-certified, the other first", LEAF, (PARTNER,), (CROSS, ISSUING), True),
    Case("cross-certified, both roots", LEAF, (PARTNER, ROOT), (ISSUING, CROSS), True),
    Case("expired", ISSUING.issue(not_after=AS_OF - SECOND), (ROOT,), (ISSUING,), False),
    Case(
        "last second",
        ISSUING.issue(not_after=AS_OF),
        (ROOT,),
        (ISSUING,),
        True,
        openssl=False,
        why="RFC 5280 4.1.2.5 includes the last second; OpenSSL before 4.0 takes it for the first one after",
    ),
    Case("not yet valid", ISSUING.issue(not_before=AS_OF + SECOND), (ROOT,), (ISSUING,), False),
    Case("expired root", EXPIRED_ROOT.issue(), (EXPIRED_ROOT,), (), False),
    Case("path length kept", LIMITED.issue(), (ROOT,), (LIMITED,), True),
    Case("path length broken", BELOW.issue(), (ROOT,), (BELOW, LIMITED), False),
    Case("name permitted", NARROW.issue("CN=x", extensions=san("DNS:a.contoso.com")), (ROOT,), (NARROW,), True),
    Case("name not permitted", NARROW.issue("CN=x", extensions=san("DNS:fabrikam.com")), (ROOT,), (NARROW,), False),
    Case(
        "constraint on DNS names, name in the subject alone",
        NARROW.issue("CN=mp01.fabrikam.com"),
        (ROOT,),
        (NARROW,),
        True,
        openssl=False,
        why="OpenSSL takes a common name for a DNS name, RFC 5280 4.2.1.10 does not; the second judge refuses it too",
    ),
    Case(
        "issuer is no CA",
        builder.certificate(issuer="CN=User", signer=key(8), hash="sha256"),
        (ROOT,),
        (NO_CA, ISSUING),
        False,
    ),
    Case("forged", Certificate(LEAF.der.replace(b"mp01", b"mp02")), (ROOT,), (ISSUING,), False),
    Case(
        "unknown critical extension",
        ISSUING.issue(extensions=(extension("1.2.3", b"\x05\x00", critical=True),)),
        (ROOT,),
        (ISSUING,),
        False,
    ),
    Case("intermediate as anchor", LEAF, (ISSUING,), (), False),
    Case("CRLs good", LEAF, (ROOT,), (ISSUING,), True, (ISSUING.crl(), ROOT_CRL)),
    Case("revoked", LEAF, (ROOT,), (ISSUING,), False, (ISSUING.crl(revoked_entry(LEAF)), ROOT_CRL)),
    Case(
        "on hold",
        LEAF,
        (ROOT,),
        (ISSUING,),
        False,
        (ISSUING.crl(revoked_entry(LEAF, reason="certificateHold")), ROOT_CRL),
    ),
    Case(
        "revoked in the future",
        LEAF,
        (ROOT,),
        (ISSUING,),
        False,
        (ISSUING.crl(revoked_entry(LEAF, date=AS_OF + DAY)), ROOT_CRL),
    ),
    Case("CA revoked", LEAF, (ROOT,), (ISSUING,), False, (ISSUING.crl(), ROOT.crl(revoked_entry(ISSUING.certificate)))),
    Case("CRL of the root missing", LEAF, (ROOT,), (ISSUING,), False, (ISSUING.crl(),)),
    Case("CRL stale", LEAF, (ROOT,), (ISSUING,), False, (ISSUING.crl(next_update=AS_OF - SECOND), ROOT_CRL)),
    Case("CRL not yet valid", LEAF, (ROOT,), (ISSUING,), False, (ISSUING.crl(this_update=AS_OF + SECOND), ROOT_CRL)),
    Case(
        "CRL without next update",
        LEAF,
        (ROOT,),
        (ISSUING,),
        False,
        (ISSUING.crl(next_update=None), ROOT_CRL),
        openssl=True,
        why="OpenSSL takes it as in force for good; RFC 5280 5.1.2.5 wants the date, and nobody knows of a newer one",
    ),
    Case("CRL forged", LEAF, (ROOT,), (ISSUING,), False, (crl(ISSUING.subject, key(66)), ROOT_CRL)),
    Case(
        "delta revokes",
        LEAF,
        (ROOT,),
        (ISSUING,),
        False,
        (ISSUING.crl(extensions=FRESHEST), ISSUING.crl(revoked_entry(LEAF), number=11, base=10), ROOT_CRL),
    ),
    Case(
        "delta lifts a hold",
        LEAF,
        (ROOT,),
        (ISSUING,),
        True,
        (
            ISSUING.crl(revoked_entry(LEAF, reason="certificateHold"), extensions=FRESHEST),
            ISSUING.crl(revoked_entry(LEAF, reason="removeFromCRL"), number=11, base=10),
            ROOT_CRL,
        ),
    ),
    Case(
        "unknown critical CRL extension",
        LEAF,
        (ROOT,),
        (ISSUING,),
        False,
        (ISSUING.crl(extensions=(extension("1.2.3", b"\x05\x00", critical=True),)), ROOT_CRL),
    ),
]


def openssl(case: Case, folder: Path, as_of: datetime = AS_OF) -> bool:
    files = {
        "leaf": [case.leaf],
        "anchors": [anchor.certificate for anchor in case.anchors],
        "others": [other if isinstance(other, Certificate) else other.certificate for other in case.others],
    }
    for name, certificates in files.items():
        (folder / name).write_bytes(b"".join(pem(each.der, b"CERTIFICATE") for each in certificates))
    (folder / "crls").write_bytes(b"".join(pem(each.der, b"X509 CRL") for each in case.crls))
    arguments = [
        "-no-CApath",
        "-no-CAstore",
        "-CAfile",
        str(folder / "anchors"),
        "-attime",
        str(int(as_of.timestamp())),
    ]
    if case.others:
        arguments += ["-untrusted", str(folder / "others")]
    if case.crls:
        # Several CRLs of one issuer in one file: OpenSSL picks by score, as this program does by freshness.
        arguments += ["-crl_check_all", "-extended_crl", "-use_deltas", "-CRLfile", str(folder / "crls")]
    done = subprocess.run(["openssl", "verify", *arguments, str(folder / "leaf")], capture_output=True, check=False)
    return done.returncode == 0


def pem(data: bytes, label: bytes) -> bytes:
    return b"-----BEGIN " + label + b"-----\n" + encodebytes(data) + b"-----END " + label + b"-----\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_same_answer(case: Case, tmp_path: Path) -> None:
    known = chains(
        *case.anchors, intermediates=case.others, crls=case.crls, revocation="required" if case.crls else "off"
    )
    path = known.best(case.leaf)
    own = path.anchored and not path.problems
    assert own == case.good, path.problems
    expected = case.good if case.openssl is None else case.openssl
    if case.name == "last second":
        assert openssl(case, tmp_path) in (True, False)
    else:
        assert openssl(case, tmp_path) == expected
    assert (case.openssl is not None) == bool(case.why)
    assert path.valid == (own and "second judge" not in case.why)
