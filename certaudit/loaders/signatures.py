"""How files begin that are known and hold no evidence that can be read: what each is, and what to run instead."""

from __future__ import annotations

import re
from typing import NamedTuple


class Signature(NamedTuple):
    """A kind of file: what it is, what to do instead, and what reports call its format.

    `harmless` says that it may lie in a folder of evidence; None: unless its name promises evidence. `is_listing` is
    True for text about certificates: whoever hands that in means them, and is told what to run even in a folder.
    """

    what: str
    remedy: str
    format: str
    harmless: bool | None = True
    is_listing: bool = False


_UNPACK = "unpack it and name the folder, or pack it anew as ZIP or tar.gz"
_USE_PFX = "export the certificate with its key as a PFX file"
_KEYTOOL = "convert it with keytool -importkeystore -deststoretype PKCS12"
_COLLECT = (
    "run collect.cmd on the computer (`certaudit collect-script`), or reg export "
    "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\My my.reg, or certutil -store My <serial number> <file.cer>"
)
_REGISTRY = "run collect.cmd on a computer to which the policy applies, and name what it wrote"
_CONVERT = "name the file that it was printed from, or run openssl x509 -in <file> -outform DER -out <file.cer>"
SUBMIT = "name the certificate that the CA issued for it (certreq -retrieve <request id> <file.cer>)"

MAGIC: tuple[tuple[bytes, Signature], ...] = (
    (b"\xfe\xed\xfe\xed", Signature("a Java keystore (JKS)", _KEYTOOL, "jks", False)),
    (b"\xce\xce\xce\xce", Signature("a Java keystore (JCEKS)", _KEYTOOL, "jceks", False)),
    (b"\x1e\xf1\xb5\xb0", Signature("a private key in a PVK file, which has no certificate", _USE_PFX, "pvk")),
    (b"PuTTY-User-Key-File", Signature("a PuTTY private key, which has no certificate", _USE_PFX, "putty-key")),
    (b"openssh-key-v1", Signature("an OpenSSH private key, which has no X.509 certificate", _USE_PFX, "openssh-key")),
    (b"ssh-", Signature("an SSH public key, which is no X.509 certificate", _USE_PFX, "openssh-key")),
    (b"ecdsa-sha2-", Signature("an SSH public key, which is no X.509 certificate", _USE_PFX, "openssh-key")),
    (b"---- BEGIN SSH2", Signature("an SSH key, which has no X.509 certificate", _USE_PFX, "openssh-key")),
    (b"-----BEGIN PGP", Signature("PGP material, which is no X.509 certificate", _USE_PFX, "pgp")),
    (
        b"\0\0\0\0CERT",
        Signature("a serialized certificate store (SST)", "export its certificates as P7B", "sst", False),
    ),
    (b"regf", Signature("a registry hive", "export its certificates as P7B", "registry-hive", False)),
    (b"Windows Registry Editor", Signature("a registry export", "export it again", "registry-export", False)),
    (b"REGEDIT4", Signature("a registry export", "export it again", "registry-export", False)),
    (b"PReg", Signature("a policy of the registry (Registry.pol)", _REGISTRY, "registry-policy", False)),
    (b"ElfFile\0", Signature("an event log (EVTX), which holds no certificate", _COLLECT, "event-log")),
    (b"\x30\0\0\0LfLe", Signature("an event log (EVT), which holds no certificate", _COLLECT, "event-log")),
    (b"SQLite format 3\0", Signature("an SQLite database", "export its certificates as PFX or P7B", "sqlite", None)),
    (b"MSWIM\0\0\0", Signature("a Windows image (WIM)", "name the certificate files themselves", "wim")),
    (b"MZ", Signature("a Windows program", "name the certificate files themselves", "program")),
    (b"%PDF-", Signature("a PDF document", "name the certificate files themselves", "pdf", None)),
    (b"MSCF\0\0\0\0", Signature("a cabinet (CAB)", f"expand <file.cab> -F:* <folder>, or {_UNPACK}", "cab", False)),
    (b"7z\xbc\xaf\x27\x1c", Signature("a 7-Zip archive", _UNPACK, "7z", False)),
    (b"Rar!\x1a\x07", Signature("a RAR archive", _UNPACK, "rar", False)),
    (b"\xfd7zXZ\0", Signature("an xz archive", _UNPACK, "xz", False)),
    (b"BZh91AY&SY", Signature("a bzip2 archive", _UNPACK, "bzip2", False)),
)
"""By the first bytes, in whichever encoding where it is text."""

TEXT: tuple[tuple[re.Pattern[str], Signature], ...] = (
    (
        re.compile(
            r"""(?i)\b(?:href|action|src)=["']?[^"'>\s]{0,200}\bcert(?:srv/|new\.|fnsh\.asp|rqxt\.asp|ckpn\.asp)"""
        ),
        Signature(
            "a saved page of the CA's web site (certsrv), not the certificate",
            "open the page again and save what its link Download certificate gives",
            "certsrv-page",
            None,
            is_listing=True,
        ),
    ),
    (
        re.compile(r"\A\s*(?:<!doctype html|<html)\b", re.I),
        Signature("a web page (HTML)", "save the certificate itself, not the page about it", "html", None),
    ),
    (
        re.compile(r"\A\s*(?:<\?xml[^>]{0,200}>\s*)?<MMC_ConsoleFile\b"),
        Signature(
            "a console of the MMC (MSC), which holds no certificate",
            "open it and export the certificates from it (All Tasks, Export), or " + _COLLECT,
            "mmc-console",
            None,
        ),
    ),
    (
        re.compile(r'\A\s*(?:<\?xml[^>]{0,200}>\s*)?<Objs Version="[^"]*"\s+xmlns="http://schemas\.microsoft\.com/pow'),
        Signature(
            "objects that PowerShell saved (Export-Clixml)",
            "run Get-ChildItem Cert:\\LocalMachine\\My | Export-Certificate -Type SST -FilePath my.sst, or " + _COLLECT,
            "clixml",
            None,
            is_listing=True,
        ),
    ),
    (
        re.compile(
            r"(?m)^[ \t]*(?:Certificate:|Certificate Request:)\r?\n[ \t]+Data:|^Certificate Revocation List \(CRL\):"
        ),
        Signature(
            "text that openssl printed, which holds no certificate", _CONVERT, "openssl-text", None, is_listing=True
        ),
    ),
    (
        re.compile(r"(?m)^[ \t]*(?:PSParentPath: .*\\Certificate::|Thumbprint[ \t]+Subject)"),
        Signature(
            "a list that PowerShell printed, which holds no certificate",
            "run Get-ChildItem Cert:\\LocalMachine\\My | Export-Certificate -Type SST -FilePath my.sst, or " + _COLLECT,
            "powershell-text",
            None,
            is_listing=True,
        ),
    ),
    (
        re.compile(r"\A\s*(?:[0-9a-f]{4,8}[ \t]+)?30 (?:8[0-4] )?(?:[0-9a-f]{2}[ \t]+){6}", re.I),
        Signature(
            "a hexadecimal dump, not a certificate",
            "turn it back with certutil -decodehex <file.txt> <file.cer>",
            "hexadecimal",
            None,
            is_listing=True,
        ),
    ),
    (
        re.compile(
            r"(?mi)^certutil: -|^={8,40} .{0,80}?\d{1,9} ={8,40}[ \t]*$"
            r"|^.{1,60}\b1\.2\.840\.113549\.1\.1\.\d{1,2} \S*RSA|^[ \t]+0000[ \t]+30 8[0-4] (?:[0-9a-f]{2} )"
        ),
        Signature(
            "text that certutil printed, which holds no certificate", _COLLECT, "certutil-text", None, is_listing=True
        ),
    ),
    (
        re.compile(r"(?mi)^\[NewRequest\]"),
        Signature("the description of a request (INF for certreq), not a certificate", SUBMIT, "request-inf", None),
    ),
)
"""By what stands in the first 64 KiB of a text. certutil's marks are the same in every language of Windows: its name,
the rules between the entries, object identifiers, hexadecimal."""
