"""Writes boot media for tests and fixtures: variables in their envelope, Windows images, folders and ISO images."""

from __future__ import annotations

import io
import struct
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock
from xml.sax.saxutils import escape, quoteattr

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

MADE = datetime(2009, 9, 1, 12, tzinfo=UTC)
"""When every ISO image was made."""

NO_PASSWORD = "{BAC6E688-DE21-4ABE-B7FB-C9F54E6DB664}"
AES_128, AES_192, AES_256, TRIPLE_DES = 0x660E, 0x660F, 0x6610, 0x6603
_KEY_SIZES = {AES_128: 16, AES_192: 24, AES_256: 32, TRIPLE_DES: 24}


def key(secret: str, size: int) -> bytes:
    """CryptDeriveKey with SHA-1, as Microsoft documents it for ciphers whose key is longer than the hash."""
    digest = _sha1(secret.encode("utf-16-le"))
    inner, outer = bytearray(b"\x36" * 64), bytearray(b"\x5c" * 64)
    for position, byte in enumerate(digest):
        inner[position] ^= byte
        outer[position] ^= byte
    return (_sha1(bytes(inner)) + _sha1(bytes(outer)))[:size]


def _sha1(data: bytes) -> bytes:
    state = hashes.Hash(hashes.SHA1())
    state.update(data)
    return state.finalize()


def sealed(text: str, password: str | None = None, algorithm: int = AES_256, *, trailing: bytes = b"") -> bytes:
    """`text` in the envelope of media variables."""
    return sealed_bytes(text.encode("utf-16-le"), password, algorithm) + trailing


def sealed_bytes(plain: bytes, password: str | None = None, algorithm: int = AES_256) -> bytes:
    secret = key(NO_PASSWORD if password is None else password, _KEY_SIZES[algorithm])
    cipher: BlockCipherAlgorithm = TripleDES(secret) if algorithm == TRIPLE_DES else algorithms.AES(secret)
    padder = PKCS7(cipher.block_size).padder()
    padded = padder.update(plain) + padder.finalize()
    encryptor = Cipher(cipher, modes.CBC(bytes(cipher.block_size // 8))).encryptor()
    body = encryptor.update(padded) + encryptor.finalize()
    return b"\x00\x00\xed\xec" + struct.pack("<5I", 20, len(plain), len(body), algorithm, 0) + body


def variables_xml(values: Mapping[str, str]) -> str:
    """The list of variables as XML; a CDATA section for each value."""
    rows = "".join(f"<var name={quoteattr(name)}><![CDATA[{value}]]></var>" for name, value in values.items())
    return f'<?xml version="1.0"?><MediaVarList Version="4.00.5345.0000">{rows}</MediaVarList>'


def media_pfx(pfx: bytes, password: str, guid: str) -> str:
    """The PFX anew, as the media carry it: hexadecimal, with the first 31 characters of the GUID as its password."""
    bundle = pkcs12.load_pkcs12(pfx, password.encode())
    assert bundle.cert is not None
    protection = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2000)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())
        .build(guid[:31].encode())
    )
    others = [other.certificate for other in bundle.additional_certs]
    made = pkcs12.serialize_key_and_certificates(
        bundle.cert.friendly_name,
        bundle.key,  # type: ignore[arg-type]
        bundle.cert.certificate,
        others,
        protection,
    )
    return made.hex().upper()


def windows_image(version: str = "6.1.7600.16385", architecture: int = 9, *, edition: str = "WindowsPE") -> bytes:
    """A WIM of nothing but its header and its description."""
    major, minor, build, revision = version.split(".")
    described = (
        f"<WINDOWS><ARCH>{architecture}</ARCH><INSTALLATIONTYPE>{edition}</INSTALLATIONTYPE><VERSION>"
        f"<MAJOR>{major}</MAJOR><MINOR>{minor}</MINOR><BUILD>{build}</BUILD><SPBUILD>{revision}</SPBUILD>"
        "</VERSION></WINDOWS>"
    )
    name = escape("Microsoft Windows PE (x64)")
    text = f'<WIM><IMAGE INDEX="1">{described}<NAME>{name}</NAME></IMAGE></WIM>'
    description = b"\xff\xfe" + text.encode("utf-16-le")
    header = bytearray(208)
    header[:8] = b"MSWIM\0\0\0"
    struct.pack_into("<4I", header, 0x08, 208, 0x10D00, 0, 0)
    struct.pack_into("<HHI", header, 0x28, 1, 1, 1)
    struct.pack_into("<3Q", header, 0x48, len(description), 208, len(description))
    struct.pack_into("<I", header, 0x78, 1)
    return bytes(header) + description


def bootstrap(media_type: str = "BootMedia", *, password_required: bool = True, unattended: bool = False) -> bytes:
    lines = ("[MediaInfo]", f"MediaType={media_type}", f"PasswordRequired={str(password_required).lower()}")
    return "\r\n".join((*lines, f"Unattended={str(unattended).lower()}", "")).encode()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def iso_image(files: Mapping[str, bytes], *, udf: bool) -> bytes:
    """An ISO image: with UDF, its ISO 9660 part holding but a note, or of plain ISO 9660."""
    import pycdlib

    with (
        mock.patch("time.time", return_value=MADE.timestamp()),
        mock.patch("time.localtime", time.gmtime),
        mock.patch("random.getrandbits", return_value=1),
    ):
        return _iso_image(pycdlib.PyCdlib(), files, udf=udf)


def _iso_image(image: Any, files: Mapping[str, bytes], *, udf: bool) -> bytes:
    image.new(interchange_level=3, vol_ident="CONFIGMGR", udf="2.60" if udf else None)
    made: set[str] = set()
    if udf:
        _add(image, b"This disc contains a UDF file system.\r\n", iso_path="/README.TXT;1")
    for path, data in files.items():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/" + "/".join(parts[:depth])
            if folder not in made:
                made.add(folder)
                image.add_directory(**({"udf_path": folder} if udf else {"iso_path": folder.upper()}))
        _add(image, data, **({"udf_path": f"/{path}"} if udf else {"iso_path": f"/{path.upper()};1"}))
    out = io.BytesIO()
    image.write_fp(out)
    image.close()
    return out.getvalue()


def _add(image: Any, data: bytes, **where: str) -> None:
    image.add_fp(io.BytesIO(data), len(data), **where)
