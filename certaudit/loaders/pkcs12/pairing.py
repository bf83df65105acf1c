"""Which private key of a PFX belongs to which of its certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from certaudit.evidence import PrivateKey
from certaudit.loaders.pkcs12.bags import Bag
from certaudit.loaders.private_key import is_same_key
from certaudit.x509.certificate import Certificate
from certaudit.x509.public_key import PublicKey

ABSENT = PrivateKey(present=False)


@dataclass(frozen=True)
class Key:
    """A private key's bag and its public half, None where the key did not open or cannot be used."""

    bag: Bag
    public: PublicKey | None
    is_protected: bool

    def facts(self, matches: bool | None) -> PrivateKey:
        """The key as its certificate's evidence. Whoever opens a PFX can put the key anywhere: it is exportable."""
        machine = True if self.bag.local_machine else None
        return PrivateKey(present=True, matches=matches, exportable=True, provider=self.bag.provider, machine=machine)


@dataclass
class Pairing:
    """The keys of a file, and those that no certificate has claimed yet."""

    keys: Sequence[Key]
    certificates: Sequence[tuple[Bag, Certificate]]

    def __post_init__(self) -> None:
        self._claimed: set[int] = set()

    @property
    def unclaimed(self) -> list[Key]:
        """The keys that belong to no certificate asked about so far."""
        return [key for number, key in enumerate(self.keys) if number not in self._claimed]

    def key_of(self, bag: Bag, certificate: Certificate) -> PrivateKey:
        """What the file tells of the certificate's key.

        The public key decides. The local key id decides between equal keys, and where it alone leads to a key: one
        that did not open (no answer whether it matches), or one that is of no certificate here (it does not match).
        """
        same = [n for n, key in enumerate(self.keys) if key.public and is_same_key(key.public.spki, certificate.spki)]
        named = [n for n, key in enumerate(self.keys) if _shares_id(key.bag, bag)]
        if same:
            chosen = next((number for number in same if number in named), same[0])
            self._claimed.add(chosen)
            return self.keys[chosen].facts(True)
        for number in named:
            public = self.keys[number].public
            if public is None or not self._has_owner(public):
                self._claimed.add(number)
                return self.keys[number].facts(None if public is None else False)
        is_open = all(key.public or key.bag.local_key_id is not None for key in self.keys)
        return ABSENT if is_open else PrivateKey()

    def _has_owner(self, public: PublicKey) -> bool:
        return any(is_same_key(public.spki, certificate.spki) for _, certificate in self.certificates)


def _shares_id(one: Bag, other: Bag) -> bool:
    return one.local_key_id is not None and one.local_key_id == other.local_key_id
