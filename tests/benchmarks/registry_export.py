"""How long a registry export of 20,000 certificates takes, beside a bare hex-decode of the same file.

    python tests/benchmarks/registry_export.py [CERTIFICATES]

The bare decode is the least that any reader must do, in two ways of writing it: the plain one (text, one regular
expression that joins the lines, bytes.fromhex) and the fastest known (bytes.replace, bytes.translate, unhexlify).
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from binascii import unhexlify
from collections.abc import Callable
from hashlib import sha1
from pathlib import Path

from certaudit.loaders.source import of_file
from certaudit.loaders.stores import registry_export

RECORD = Path(__file__).parents[1] / "loaders/data/wine_stores/elements/LM_My_client1.bin"
STORE = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\My\Certificates"


def write_export(path: Path, count: int) -> None:
    """Writes an export with `count` different certificates: the sample with a serial number of its own."""
    sample = RECORD.read_bytes()
    der = sample[sample.index(b"\x30\x82") :]
    serial = sample.index(bytes.fromhex("02134f00000002"))
    with path.open("w", encoding="utf-16", newline="") as file:
        file.write(f"Windows Registry Editor Version 5.00\r\n\r\n[{STORE}]\r\n\r\n")
        for number in range(count):
            data = sample[: serial + 7] + number.to_bytes(4, "big") + sample[serial + 11 :]
            name = sha1(data[-len(der) :], usedforsecurity=False).hexdigest().upper()
            file.write(f"[{STORE}\\{name}]\r\n{_wrapped(data)}\r\n\r\n")


def _wrapped(data: bytes) -> str:
    """As reg.exe wraps: 80 columns, two blanks before each line but the first."""
    numbers = [f"{byte:02x}" for byte in data]
    lines = ['"Blob"=hex:' + ",".join(numbers[:22])]
    lines += ["  " + ",".join(numbers[start : start + 25]) for start in range(22, len(numbers), 25)]
    return ",\\\r\n".join(lines)


def plain_decode(path: Path) -> int:
    """Bytes in all Blob values."""
    text = re.sub(r"\\\r?\n\s*", "", path.read_text(encoding="utf-16"))
    return sum(
        len(bytes.fromhex(found[1].replace(",", " "))) for found in re.finditer(r'"Blob"=hex:([0-9a-f,]*)', text)
    )


def fast_decode(path: Path) -> int:
    """Bytes in all Blob values."""
    data = path.read_bytes()[2:].decode("utf-16-le").encode().replace(b"\\\r\n  ", b"")
    lines = (line for line in data.split(b"\r\n") if line.startswith(b'"Blob"=hex:'))
    return sum(len(unhexlify(line[11:].translate(None, b","))) for line in lines)


def load(path: Path) -> int:
    """Certificates that the loader finds."""
    result = registry_export.load(of_file(path, path.name, lambda name: None))
    assert not result.remarks, result.remarks
    return len(result.certificates)


def best(function: Callable[[Path], int], path: Path, rounds: int = 5) -> tuple[float, int]:
    """Seconds of the quickest of several rounds, and the result."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = function(path)
        times.append(time.perf_counter() - start)
    return min(times), result


def main() -> None:
    """Prints the times and the ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.reg"
        write_export(path, count)
        plain, size = best(plain_decode, path)
        fast, _ = best(fast_decode, path)
        loaded, found = best(load, path)
        print(f"{path.stat().st_size:,} bytes of text, {size:,} bytes in {found:,} certificates")
        print(f"bare decode, plain  {plain:6.2f} s\nbare decode, fast   {fast:6.2f} s")
        print(f"loader              {loaded:6.2f} s = {loaded / plain:.2f} x plain, {loaded / fast:.2f} x fast")


if __name__ == "__main__":
    main()
