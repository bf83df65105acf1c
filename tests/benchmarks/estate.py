"""How the time and the memory of an audit grow with the number of certificates (`python -m tests.benchmarks.estate`).

A folder of client certificates of one CA is checked at two sizes; what counts is the cost of a certificate at the
larger size over that at the smaller one, which is 1 where the time grows with the number.
"""

from __future__ import annotations

import resource
import secrets
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SIZES = (500, 5000)

_CA = rsa.generate_private_key(65537, 2048)
_ISSUER = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Estate CA")])
_DIGITAL_SIGNATURE = x509.KeyUsage(True, False, True, False, False, False, False, False, False)
_CERTIFICATE_SIGNING = x509.KeyUsage(False, False, False, False, False, True, True, False, False)


def _certificate(subject: x509.Name, key: rsa.RSAPublicKey, *extensions: x509.ExtensionType) -> bytes:
    unsigned = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(_ISSUER)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2010, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2012, 1, 1, tzinfo=UTC))
    )
    for extension in extensions:
        unsigned = unsigned.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    return unsigned.sign(_CA, hashes.SHA256()).public_bytes(Encoding.DER)


def _client(number: int) -> bytes:
    """The certificate of a client, whose key is a number that nobody has factors of."""
    name = f"ws{number:05}.contoso.com"
    key = rsa.RSAPublicNumbers(65537, secrets.randbits(2048) | 1 << 2047 | 1).public_key()
    return _certificate(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
        key,
        x509.SubjectAlternativeName([x509.DNSName(name)]),
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]),
        _DIGITAL_SIGNATURE,
    )


def measured(folder: Path, report: Path) -> tuple[float, int]:
    """(seconds of processor time, KiB at the most) of one check of `folder` into a JSON report."""
    command = [sys.executable, "-m", "certaudit", "check", str(folder), "--role", "client", "--root"]
    command += [str(folder.parent / "root.cer"), "--as-of", "2010-06-01", "--format", f"json={report}"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime, after.ru_maxrss


def main() -> None:
    """Prints a line for each size, and the ratio."""
    costs = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as work:
            folder = Path(work) / "clients"
            folder.mkdir()
            root = _certificate(_ISSUER, _CA.public_key(), x509.BasicConstraints(True, None), _CERTIFICATE_SIGNING)
            (Path(work) / "root.cer").write_bytes(root)
            for number in range(size):
                (folder / f"{number:05}.cer").write_bytes(_client(number))
            started = time.monotonic()
            seconds, memory = measured(folder, Path(work) / "report.json")
            written = (Path(work) / "report.json").stat().st_size
            print(
                f"{size:>6} certificates: {seconds:.1f} s of processor, {time.monotonic() - started:.1f} s in all, "
                f"{memory // 1024} MiB, report of {written >> 20} MiB"
            )
            costs.append(seconds / size)
    print(f"a certificate of {SIZES[1]} costs {costs[1] / costs[0]:.2f} times one of {SIZES[0]}")


if __name__ == "__main__":
    main()
