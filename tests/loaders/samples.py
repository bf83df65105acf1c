"""The sample files in data/, which make.sh made with OpenSSL, NSS, GnuTLS and keytool."""

from __future__ import annotations

from pathlib import Path

from certaudit.evidence import Input
from certaudit.loaders import load_bytes

FOLDER = Path(__file__).parent / "data"
PASSWORD = "certaudit"


def read(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


LEAF = read("leaf.cer")
EC = read("ec.cer")
OTHER = read("other.cer")
ROOT = read("root.cer")
LEAF_KEY = read("leaf.p8")


def loaded(data: bytes, password: str | None = PASSWORD, name: str = "sample.pfx") -> Input:
    return load_bytes(data, name, lambda name: password)


def sample(name: str, password: str | None = PASSWORD) -> Input:
    return loaded(read(name), password, name)


def ders(item: Input) -> list[bytes]:
    return [entry.certificate.der for entry in item.certificates]


def sentence(item: Input) -> str:
    assert item.error is not None
    assert item.error.endswith(".")
    return item.error
