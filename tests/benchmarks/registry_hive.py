"""How long a SOFTWARE hive with 400 certificates takes, beside a bare walk of the same keys with regipy.

python -m tests.benchmarks.registry_hive [CERTIFICATES [MEGABYTES]]
"""

from __future__ import annotations

import importlib
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha1
from pathlib import Path

from certaudit.loaders.source import of_file
from certaudit.loaders.stores import registry_hive
from tests.loaders.hive_writer import HiveWriter

RECORD = Path(__file__).parents[1] / "loaders/data/wine_stores/elements/LM_My_client1.bin"
SIBLINGS = 1200  # keys beside SystemCertificates below SOFTWARE\Microsoft, as in a Windows 7


def write_hive(path: Path, count: int, megabytes: int) -> None:
    """Writes a hive with `count` different certificates in one store."""
    sample, writer = RECORD.read_bytes(), HiveWriter()
    der, serial = sample.index(b"\x30\x82"), sample.index(bytes.fromhex("02134f00000002"))
    records = []
    for number in range(count):
        data = sample[: serial + 7] + number.to_bytes(4, "big") + sample[serial + 11 :]
        name = sha1(data[der:], usedforsecurity=False).hexdigest().upper()
        records.append(writer.key(name, values=[writer.binary("Blob", data)]))
    stores = writer.key("SystemCertificates", [writer.key("MY", [writer.key("Certificates", records)])])
    siblings = [writer.key(f"Product {number}") for number in range(SIBLINGS)]
    root = writer.root([writer.key("Microsoft", [*siblings, stores])])
    writer.pad(megabytes << 20)
    path.write_bytes(writer.hive(root))


def walk(path: Path) -> int:
    """Certificate keys that regipy finds by path, their values read."""
    hive = importlib.import_module("regipy.registry").RegistryHive(str(path))
    key = hive.get_key("\\Microsoft\\SystemCertificates\\MY\\Certificates")
    return sum(1 for child in key.iter_subkeys() for _ in child.iter_values(trim_values=False))


def load(path: Path) -> int:
    """Certificates that the loader finds."""
    result = registry_hive.load(of_file(path, path.name, lambda name: None))
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
    """Prints the times and the ratio, and how much memory was used at most."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "SOFTWARE"
        write_hive(path, count, megabytes)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        loaded, found = best(load, path)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        walked, _ = best(walk, path)
        print(f"{path.stat().st_size:,} bytes, {found:,} certificates")
        print(f"bare walk {walked:6.3f} s\nloader    {loaded:6.3f} s = {loaded / walked:.2f} x")
        print(f"memory of the loader beyond that of writing the hive: {(after - before) / 1024:.0f} MB")


if __name__ == "__main__":
    main()
