"""RC2 against the test vectors of RFC 2268 section 5."""

from __future__ import annotations

import pytest

from certaudit.loaders.pki.pkcs12 import rc2


@pytest.mark.parametrize(
    ("key", "bits", "plain", "cipher"),
    [
        ("0000000000000000", 63, "0000000000000000", "ebb773f993278eff"),
        ("ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"),
        ("3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"),
        ("88", 64, "0000000000000000", "61a8a244adacccf0"),
        ("88bca90e90875a", 64, "0000000000000000", "6ccf4308974c267f"),
        ("88bca90e90875a7f0f79c384627bafb2", 64, "0000000000000000", "1a807d272bbe5db1"),
        ("88bca90e90875a7f0f79c384627bafb2", 128, "0000000000000000", "2269552ab0f85ca6"),
        (
            "88bca90e90875a7f0f79c384627bafb216f80a6f85920584c42fceb0be255daf1e",
            129,
            "0000000000000000",
            "5b78d3a43dfff1f1",
        ),
    ],
)
def test_vectors_of_rfc_2268(key: str, bits: int, plain: str, cipher: str) -> None:
    assert rc2.decrypt_cbc(bytes.fromhex(key), bits, bytes(8), bytes.fromhex(cipher)).hex() == plain


def test_blocks_are_chained() -> None:
    key, first, second = bytes(8), bytes.fromhex("ebb773f993278eff"), bytes.fromhex("ebb773f993278eff")
    plain = rc2.decrypt_cbc(key, 63, b"\x01" * 8, first + second)
    assert plain == b"\x01" * 8 + first
