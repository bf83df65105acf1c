"""`certaudit probe` against a server on the loopback address."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from OpenSSL import SSL

from tests.cli.conftest import Certaudit
from tests.loaders.network import servers
from tests.loaders.network.servers import listening, tls

CONTOSO = Path(__file__).parents[2] / "fixtures" / "contoso"
TRUST = ("--root", CONTOSO / "roots", "--crl", CONTOSO / "crl", "--as-of", "2010-03-01")


def test_a_served_chain_is_audited_like_any_other_evidence(certaudit: Certaudit, contoso_tls: SSL.Context) -> None:
    contoso_tls.set_max_proto_version(SSL.TLS1_VERSION)
    with listening(tls(contoso_tls)) as server:
        outcome = certaudit("probe", server.authority, "--name", "mp01.contoso.com", *TRUST, "--format", "json")
    report = json.loads(outcome.out)
    assert report["summary"]["failed"]["error"] == 0
    assert report["inputs"][-1]["path"] == f"tls://{server.authority}"
    assert report["inputs"][-1]["format"] == "tls"
    results = {finding["requirement"]: finding["status"] for finding in report["findings"] if finding["role"]}
    assert results["private-key.present"] == "pass"
    assert results["chain.trusted-root"] == "pass"
    assert f"connecting to {server.authority} at 127.0.0.1\n" in outcome.err
    assert "speaks TLS 1.0 with " in outcome.err


def test_another_name_fails(certaudit: Certaudit, contoso_tls: SSL.Context) -> None:
    with listening(tls(contoso_tls)) as server:
        outcome = certaudit("probe", server.authority, "--name", "smp01.contoso.com", *TRUST)
    assert outcome.code == 1
    assert "smp01.contoso.com" in outcome.out


def test_nobody_answers(certaudit: Certaudit) -> None:
    with listening(servers.mute) as server:
        pass
    outcome = certaudit("probe", server.authority, *TRUST)
    assert outcome.code in (3, 4)
    assert "cannot be reached (Connection refused)" in outcome.err


@pytest.mark.parametrize("server", ["", "x y", "https://mp01/", "mp01:0", "mp01:99999", "fd12::1", "[mp01]:443"])
def test_what_is_no_server(certaudit: Certaudit, server: str) -> None:
    outcome = certaudit("probe", server)
    assert outcome.code == 2
    assert "is no HOST[:PORT]" in outcome.err
