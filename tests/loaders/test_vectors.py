"""Whatever cryptography loads of its own test vectors, odd ones included, is loaded here too."""

from __future__ import annotations

import warnings
from pathlib import Path

import cryptography_vectors
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7, pkcs12

from tests.loaders.samples import ders, loaded

FOLDER = Path(cryptography_vectors.__file__).parent
PASSWORDS = (None, "cryptography", "password", "changeit", "")


def _quietly(load: object, *arguments: object) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return load(*arguments)  # type: ignore[operator]
        except Exception:  # what cryptography cannot load is no yardstick, for whatever reason
            return None


@pytest.mark.parametrize("folder", ["x509", "x509/custom", "x509/PKITS_data/certs", "x509/PKITS_data/crls", "pkcs7"])
def test_certificates_and_crls(folder: str) -> None:
    for path in sorted((FOLDER / folder).iterdir()):
        if path.is_dir():
            continue
        data = path.read_bytes()
        item = loaded(data, name=path.name)
        for load in (x509.load_der_x509_certificate, x509.load_pem_x509_certificate):
            if (certificate := _quietly(load, data)) is not None:
                assert certificate.public_bytes(Encoding.DER) in ders(item), path.name  # type: ignore[attr-defined]
        if _quietly(x509.load_der_x509_crl, data) or _quietly(x509.load_pem_x509_crl, data):
            assert item.crls, path.name
        for load_all in (pkcs7.load_der_pkcs7_certificates, pkcs7.load_pem_pkcs7_certificates):
            for certificate in _quietly(load_all, data) or ():  # type: ignore[attr-defined]
                assert certificate.public_bytes(Encoding.DER) in ders(item), path.name


@pytest.mark.parametrize("path", sorted((FOLDER / "pkcs12").glob("*.p12")), ids=lambda path: path.name)
def test_pkcs12(path: Path) -> None:
    data = path.read_bytes()
    for password in PASSWORDS:
        theirs = _quietly(pkcs12.load_pkcs12, data, None if password is None else password.encode())
        if isinstance(theirs, pkcs12.PKCS12KeyAndCertificates):
            break
    else:
        pytest.fail("no password opens it")
    item = loaded(data, password)
    certificates = [*([theirs.cert] if theirs.cert else []), *theirs.additional_certs]
    assert sorted(ders(item)) == sorted(cert.certificate.public_bytes(Encoding.DER) for cert in certificates)
    names = sorted((cert.friendly_name or b"").decode() for cert in certificates)
    assert names == sorted(entry.friendly_name or "" for entry in item.certificates)
    assert item.pfx is not None
    assert bool(item.pfx.keys) == (theirs.key is not None)
