"""The same yes or no from `openssl verify` as from certaudit, on every certificate of the bundled sites.

Asked as `certaudit chain` asks: the site's roots alone are trusted, its intermediates and CRLs are at hand.
"""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from certaudit.audit.assignment import holdings
from certaudit.audit.load import load_site
from certaudit.evidence import Evidence
from certaudit.site.manifest import read_manifest
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Chains, PathSettings, Trust
from tests.optional import need_program
from tests.x509.chain.test_openssl_agrees import pem

need_program("openssl")

FIXTURES = Path(__file__).parents[3] / "fixtures"
DIFFERENCES = tomllib.loads((Path(__file__).parent / "openssl_differences.toml").read_text("utf-8"))["difference"]
FEWEST = {"contoso": 14, "contoso-broken": 150}


@dataclass(frozen=True)
class World:
    """A site: its trust, its instant, and every certificate with the first input that holds it."""

    trust: Trust
    as_of: int
    chains: Chains
    certificates: dict[Certificate, str]


def world(name: str, *, revocation: bool) -> World:
    site = read_manifest(FIXTURES / name / "site.toml")
    assert site.as_of is not None
    evidence = load_site(site)
    crls = tuple(dict.fromkeys(entry.crl for entry in evidence.crls.crls))
    trust = Trust(_certificates(evidence.root_cas), _certificates(evidence.intermediate_cas), crls)
    found: dict[Certificate, str] = {}
    for item in evidence.inputs:
        for entry in item.certificates:
            found.setdefault(entry.certificate, item.path)
    settings = PathSettings(revocation="required" if revocation else "off")
    return World(trust, int(site.as_of.timestamp()), Chains(trust, site.as_of, settings), found)


def _certificates(evidence: Evidence) -> tuple[Certificate, ...]:
    return tuple(holding.certificate for holding in holdings(evidence.certificates))


class Openssl:
    """`openssl verify` under the trust of a world."""

    def __init__(self, known: World, folder: Path, *, revocation: bool) -> None:
        self._leaf = folder / "leaf"
        self._arguments = ["openssl", "verify", "-no-CApath", "-no-CAstore", "-attime", str(known.as_of)]
        self._arguments += ["-CAfile", self._file(folder / "roots", known.trust.anchors)]
        self._arguments += ["-untrusted", self._file(folder / "others", known.trust.intermediates)]
        if revocation:
            crls = folder / "crls"
            crls.write_bytes(b"".join(pem(crl.der, b"X509 CRL") for crl in known.trust.crls))
            self._arguments += ["-crl_check_all", "-extended_crl", "-use_deltas", "-CRLfile", str(crls)]

    @staticmethod
    def _file(path: Path, certificates: Iterable[Certificate]) -> str:
        path.write_bytes(b"".join(pem(certificate.der, b"CERTIFICATE") for certificate in certificates))
        return str(path)

    def accepts(self, certificate: Certificate) -> bool:
        """The yes or no of the program."""
        self._file(self._leaf, [certificate])
        return subprocess.run([*self._arguments, self._leaf], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("revocation", [True, False], ids=["with CRLs", "without CRLs"])
@pytest.mark.parametrize("site", ["contoso", "contoso-broken"])
def test_same_answer_on_every_certificate(site: str, revocation: bool, tmp_path: Path) -> None:
    known = world(site, revocation=revocation)
    openssl = Openssl(known, tmp_path, revocation=revocation)
    assert len(known.certificates) >= FEWEST[site]
    answers = {
        (path, certificate.sha1): (
            any(candidate.valid for candidate in known.chains.paths(certificate)),
            openssl.accepts(certificate),
        )
        for certificate, path in known.certificates.items()
    }
    assert {own for own, _ in answers.values()} >= {True}, "something must be accepted"
    explained = {
        entry["input"]: (entry["certaudit"], entry["openssl"])
        for entry in DIFFERENCES
        if entry["site"] == site and entry["revocation"] == revocation
    }
    assert {path: both for (path, _), both in answers.items() if both[0] != both[1]} == explained


def test_every_difference_has_its_reason() -> None:
    for entry in DIFFERENCES:
        assert entry["certaudit"] != entry["openssl"]
        assert len(entry["reason"].split()) >= 20
        assert (FIXTURES / entry["site"] / entry["input"]).exists()
