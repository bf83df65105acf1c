"""Everything else: files that are known not to be ours are called by their names, the rest by how they begin."""

from __future__ import annotations

from certaudit.evidence import Input
from certaudit.loaders.pki import armour
from certaudit.loaders.source import Source

_UNPACK = "unpack it and name the folder, or pack it anew as ZIP or tar.gz"
_USE_PFX = "export the certificate with its key as a PFX file"
# (first bytes, what it is, what to do, name of the format, harmless in a folder)
_MAGIC = (
    (b"\xfe\xed\xfe\xed", "a Java keystore (JKS)", "convert it with keytool -importkeystore to PKCS12", "jks", False),
    (
        b"\xce\xce\xce\xce",
        "a Java keystore (JCEKS)",
        "convert it with keytool -importkeystore to PKCS12",
        "jceks",
        False,
    ),
    (b"\0\0\0\0CERT", "a serialized certificate store (SST)", "export its certificates as P7B", "sst", False),
    (b"regf", "a registry hive", "export its certificates as P7B", "registry-hive", False),
    (b"PuTTY-User-Key-File", "a PuTTY private key, which has no certificate", _USE_PFX, "putty-key", True),
    (b"openssh-key-v1", "an OpenSSH private key, which has no X.509 certificate", _USE_PFX, "openssh-key", True),
    (b"ssh-", "an SSH public key, which is no X.509 certificate", _USE_PFX, "openssh-key", True),
    (b"ecdsa-sha2-", "an SSH public key, which is no X.509 certificate", _USE_PFX, "openssh-key", True),
    (b"---- BEGIN SSH2", "an SSH key, which has no X.509 certificate", _USE_PFX, "openssh-key", True),
    (b"-----BEGIN PGP", "PGP material, which is no X.509 certificate", _USE_PFX, "pgp", True),
    (b"Windows Registry Editor", "a registry export", "export its certificates as P7B", "registry-export", False),
    (b"REGEDIT4", "a registry export", "export its certificates as P7B", "registry-export", False),
    (b"MSWIM\0\0\0", "a Windows image (WIM)", "name the certificate files themselves", "wim", True),
    (b"MZ", "a Windows program", "name the certificate files themselves", "program", True),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK, "7z", False),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK, "rar", False),
    (b"\xfd7zXZ\0", "an xz archive", _UNPACK, "xz", False),
    (b"BZh91AY&SY", "a bzip2 archive", _UNPACK, "bzip2", False),
)


def sniff(source: Source) -> bool:
    """True for anything: this is the last format that is tried."""
    return True


def load(source: Source) -> Input:
    """Never anything: raises UnreadableError that says what the file is."""
    text = armour.plain_text(source.head)
    for magic, what, remedy, format, harmless in _MAGIC:
        if source.head.startswith(magic) or text.startswith(magic):
            raise source.refusal(what, remedy, format, harmless=harmless)
    data = source.data  # which says so where the file is too big for any format
    promised = "not a PKCS #12 file but " if source.ending in (".pfx", ".p12") else ""
    if _is_text(text):
        raise source.refusal(f"{promised}text without a certificate in it", "export the certificate again")
    begins = data[:4].hex(" ").upper()
    raise source.refusal(f"{promised}data of no known certificate format (it begins with {begins})", "export it again")


def _is_text(data: bytes) -> bool:
    return not any(byte < 0x20 and byte not in b"\t\r\n\f\x1b\x1a" for byte in data[:4096])
