"""Nothing escapes from the loaders, whatever the bytes: mutated samples, the same on every run."""

from __future__ import annotations

import random

import pytest

from certaudit.loaders.pki.pkcs12.encryption import Scheme
from certaudit.loaders.pki.pkcs12.mac import Mac
from certaudit.loaders.pki.pkcs12.passwords import Spelling
from tests.loaders.samples import FOLDER, loaded, read

SLOW = {"nss.p12", "nss-3des.p12", "gnutls.p12", "gnutls.p12.pem", "make.sh"}
FILES = sorted(path.name for path in FOLDER.iterdir() if path.is_file() and path.name not in SLOW)
ROUNDS = 12
INSERTED = (b"\x30\x80", b"\0\0", b"\x30\x84\xff\xff\xff\xff", b"\x30\0")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """`data` with a few bits flipped, bytes cut, copied or put in, or a length changed."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        position = chance.randrange(len(changed) or 1)
        match chance.randrange(6):
            case 0 if changed:
                changed[position] ^= 1 << chance.randrange(8)
            case 1 if changed:
                changed[position] = chance.choice((0x00, 0x04, 0x1F, 0x30, 0x7F, 0x80, 0x84, 0xA0, 0xFF))
            case 2:
                del changed[position:]
            case 3:
                del changed[position : position + chance.randrange(1, 20)]
            case 4:
                changed[position:position] = chance.choice(INSERTED)
            case _:
                source = chance.randrange(len(changed) or 1)
                changed[position : position + 9] = changed[source : source + chance.randrange(30)]
    return bytes(changed)


@pytest.mark.parametrize("name", FILES)
def test_no_mutation_escapes(name: str) -> None:
    chance = random.Random(name)
    data = read(name)
    for _ in range(ROUNDS):
        item = loaded(mutated(data, chance))
        assert item.error or item.format


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".pfx", ".p12"))])
def test_no_mutation_behind_the_encryption_escapes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(name)
    decrypt = Scheme.decrypt

    def decrypt_and_mutate(scheme: Scheme, data: bytes, password: Spelling) -> bytes:
        return mutated(decrypt(scheme, data, password), chance)

    monkeypatch.setattr(Scheme, "decrypt", decrypt_and_mutate)
    monkeypatch.setattr(Mac, "is_made_with", lambda *arguments: True)
    for _ in range(ROUNDS // 2):
        item = loaded(read(name))
        assert item.format == "pkcs12"
