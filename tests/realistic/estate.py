"""Writes a site as somebody would who collects it: folders of computers, files beside them, and the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

from fixtures.make.collected import write_collected
from tests.loaders import media_writer
from tests.loaders.facts_writer import Computer
from tests.loaders.registry_writer import Record

PASSWORD = "a password of twenty letters"


def exported(certificate: bytes, key: RSAPrivateKey, password: str, *chain: bytes) -> bytes:
    """A PFX with its chain inside, protected as every Windows can read it: 3DES and SHA-1."""
    protection = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2000)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())
        .build(password.encode())
    )
    own, *others = map(x509.load_der_x509_certificate, (certificate, *chain))
    return pkcs12.serialize_key_and_certificates(b"exported", key, own, others, protection)


class Estate:
    """A site below `folder`; `manifest` begins with its head."""

    def __init__(self, folder: Path, head: str) -> None:
        self.folder = folder
        self.manifest = [head]

    def write(self, path: str, data: bytes | str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data if isinstance(data, bytes) else data.encode())

    def collect(self, computer: Computer, records: Iterable[Record], more: Mapping[str, bytes] | None = None) -> str:
        """The folder of a computer, as evidence in the words of the manifest."""
        folder = f"certaudit-{computer.name}"
        write_collected(self.folder / folder, computer, records, more)
        return f'"{folder}/"'

    def pfx(self, path: str, certificate: bytes, key: RSAPrivateKey, *chain: bytes) -> str:
        """A PFX that was imported, as evidence."""
        self.write(path, exported(certificate, key, PASSWORD, *chain))
        return self._with_password(path)

    def media(self, folder: str, values: Mapping[str, str], windows_pe: str, algorithm: int) -> str:
        """Boot media in a folder, as evidence."""
        usual = {"_SMSTSMediaType": "BootMedia", "_SMSTSUseSSL": "true", "_SMSTSUseCRL": "true"}
        values = {**usual, **values}
        sealed = media_writer.sealed(media_writer.variables_xml(values), PASSWORD, algorithm)
        self.write(f"{folder}/SMS/data/Variables.dat", sealed)
        self.write(f"{folder}/SMS/data/TsmBootstrap.ini", media_writer.bootstrap())
        self.write(f"{folder}/sources/boot.wim", media_writer.windows_image(windows_pe))
        return self._with_password(f"{folder}/")

    def _with_password(self, path: str) -> str:
        self.write("password", f"{PASSWORD}\n")
        return f'{{ path = "{path}", password_file = "password" }}'

    def describe(self, table: str, name: str, lines: str, *evidence: str) -> None:
        """A system, a client or media in the manifest."""
        self.manifest.append(f'[[{table}]]\nname = "{name}"\n{lines}\nevidence = [{", ".join(evidence)}]\n')

    def finished(self) -> Path:
        """Writes the manifest."""
        self.write("site.toml", "\n".join(self.manifest))
        return self.folder / "site.toml"
