"""--fetch from the command line, from a server on the loopback address that plays the CA's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builder
from tests.cli.conftest import Certaudit
from tests.loaders.network.servers import (
    LOOPBACK,
    Server,
    http,
    listening,
    ok,
)
from tests.loaders.network.test_published import issuers
from tests.pki import authority

NAMES = builder.alternative_names("DNS:mp01.contoso.com")


@pytest.fixture
def pki(tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    """A server with the certificates and CRLs of a CA, and a folder with its root and a certificate."""
    pages: dict[str, bytes] = {}
    with listening(http(pages)) as server:
        web = f"http://{server.authority}/"
        root = authority("CN=Contoso Root CA", number=1)
        points = builder.distribution_points(web + "root.crl")
        issuing = authority("CN=Contoso Issuing CA 1", number=2, issuer=root, extensions=(points,))
        named = (NAMES, builder.distribution_points(web + "issuing.crl"), issuers(web + "issuing.cer"))
        leaf = issuing.issue(extensions=named)
        pages["/issuing.cer"] = ok(issuing.certificate.der)
        pages["/issuing.crl"] = ok(issuing.crl().der)
        pages["/root.crl"] = ok(root.crl().der)
        (tmp_path / "root.cer").write_bytes(root.certificate.der)
        (tmp_path / "mp01.cer").write_bytes(leaf.der)
        yield server, tmp_path


def test_nothing_is_fetched_unless_asked_for(certaudit: Certaudit, pki: tuple[Server, Path]) -> None:
    server, folder = pki
    outcome = certaudit("chain", folder / "mp01.cer", "--root", folder / "root.cer", "--as-of", "2010-03-02")
    assert outcome.code == 1
    assert "issuer-missing" in outcome.out
    assert server.seen == []


def test_a_chain_is_completed(certaudit: Certaudit, pki: tuple[Server, Path]) -> None:
    server, folder = pki
    arguments = ("chain", folder / "mp01.cer", "--root", folder / "root.cer", "--as-of", "2010-03-02", "--fetch")
    outcome = certaudit(*arguments, "--fetch-host", LOOPBACK, "--format", "json")
    assert outcome.code == 0
    document = json.loads(outcome.out)
    assert document["revocation"] == "required"
    fetched = [item for item in document["inputs"] if item["path"].startswith("http:")]
    assert [item["path"].rpartition("/")[2] for item in fetched] == ["issuing.cer", "issuing.crl", "root.crl"]
    assert all(len(item["sha256"]) == 64 and item["error"] is None for item in fetched)
    assert outcome.err.count("certaudit: fetching http://") == 3
    assert len(server.seen) == 3


def test_this_computer_is_refused(certaudit: Certaudit, pki: tuple[Server, Path]) -> None:
    server, folder = pki
    arguments = ("chain", folder / "mp01.cer", "--root", folder / "root.cer", "--as-of", "2010-03-02", "--fetch")
    outcome = certaudit(*arguments)
    assert outcome.code == 1
    assert "this computer itself; --fetch-host 127.0.0.1 allows it" in outcome.err
    assert server.seen == []


def test_a_check_reports_what_was_fetched(certaudit: Certaudit, pki: tuple[Server, Path]) -> None:
    server, folder = pki
    arguments = ("check", folder / "mp01.cer", "--role", "web-server", "--root", folder / "root.cer")
    fetching = ("--fetch", "--fetch-host", LOOPBACK, "--as-of", "2010-03-02", "--format", "json")
    report = json.loads(certaudit(*arguments, *fetching).out)
    results = {finding["requirement"]: finding["status"] for finding in report["findings"] if finding["role"]}
    assert results["chain.trusted-root"] == "pass"
    assert results["revocation.not-revoked"] == "pass"
    assert f"http://{server.authority}/issuing.crl" in [item["path"] for item in report["inputs"]]


def test_what_cannot_be_fetched_leaves_the_audit_incomplete(certaudit: Certaudit, pki: tuple[Server, Path]) -> None:
    _, folder = pki
    outcome = certaudit(
        "check",
        folder / "mp01.cer",
        "--role",
        "web-server",
        "--root",
        folder / "root.cer",
        "--fetch",
        "--format",
        "json",
    )
    report = json.loads(outcome.out)
    assert report["summary"]["unreadable"] == 2
    assert not report["complete"]


def test_a_host_without_fetch_means_nothing(certaudit: Certaudit) -> None:
    outcome = certaudit("chain", "x.cer", "--fetch-host", "pki.contoso.com")
    assert outcome.code == 2
    assert "without --fetch nothing is contacted" in outcome.err
