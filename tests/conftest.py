"""What tests of several folders share."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_der_x509_certificate
from OpenSSL import SSL

from certaudit.audit.audit import audit
from certaudit.audit.load import load_site
from certaudit.audit.report import Report
from certaudit.document.assembly import document_of
from certaudit.document.report_objects import Document
from certaudit.requirements.catalogue import read_catalogue
from certaudit.site.manifest import read_manifest

FIXTURES = Path(__file__).parents[1] / "fixtures"
CONTOSO = FIXTURES / "contoso"
AS_OF = datetime(2010, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_terminal_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown has the width of a file, whoever runs the tests."""
    monkeypatch.delenv("COLUMNS", raising=False)


@functools.cache
def report_on(name: str) -> Report:
    """The report on the bundled site `name`."""
    site = read_manifest(FIXTURES / name / "site.toml")
    return audit(site, load_site(site), read_catalogue(), AS_OF)


@pytest.fixture(scope="session")
def sound() -> Document:
    """The sound site."""
    return document_of(report_on("contoso"))


@pytest.fixture(scope="session")
def broken() -> Document:
    """The site in which each fault is made once."""
    return document_of(report_on("contoso-broken"))


@pytest.fixture
def contoso_tls() -> SSL.Context:
    """The web server of the management point: its certificate, then that of its issuer, and everything that is old."""
    password = (CONTOSO / "mp01.password").read_text().strip().encode()
    held = pkcs12.load_pkcs12((CONTOSO / "mp01" / "web-server.pfx").read_bytes(), password)
    assert held.cert is not None
    assert held.key is not None
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_cipher_list(b"ALL:@SECLEVEL=0")
    context.set_min_proto_version(SSL.TLS1_VERSION)
    context.use_certificate(held.cert.certificate)
    context.use_privatekey(held.key)  # type: ignore[arg-type]
    context.add_extra_chain_cert(load_der_x509_certificate((CONTOSO / "ca" / "contoso-issuing-ca-1.cer").read_bytes()))
    return context
