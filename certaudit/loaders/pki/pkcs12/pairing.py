"""Which private key of a PFX belongs to which of its certificates."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

from certaudit.evidence import PrivateKey
from certaudit.loaders.pki.pkcs12.bags import Bag
from certaudit.loaders.pki.private_key import identity
from certaudit.x509.certificate import Certificate
from certaudit.x509.public_key import PublicKey

ABSENT = PrivateKey(present=False)


class Key(NamedTuple):
    """A private key's bag and its public half, None where the key did not open or cannot be used."""

    bag: Bag
    public: PublicKey | None
    is_protected: bool
    signs_only: bool | None = None

    def facts(self, matches: bool | None) -> PrivateKey:
        """The key as its certificate's evidence. Whoever opens a PFX can put the key anywhere: it is exportable."""
        machine = True if self.bag.local_machine else None
        return PrivateKey(
            present=True,
            matches=matches,
            exportable=True,
            provider=self.bag.provider,
            machine=machine,
            signs_only=self.signs_only,
        )


class Pairing:
    """The keys of a file, and those that no certificate has claimed yet."""

    def __init__(self, keys: Sequence[Key], certificates: Iterable[Certificate]) -> None:
        self._keys = keys
        self._owned = {identity(certificate.spki) for certificate in certificates}
        self._claimed: set[int] = set()
        self._by_public: dict[Hashable, list[int]] = {}
        self._by_name: dict[bytes, list[int]] = {}
        for number, key in enumerate(keys):
            if key.public:
                self._by_public.setdefault(identity(key.public.spki), []).append(number)
            if key.bag.local_key_id is not None:
                self._by_name.setdefault(key.bag.local_key_id, []).append(number)
        # A key that neither opened nor bears a name may be that of any certificate.
        self._is_told = all(key.public or key.bag.local_key_id is not None for key in keys)

    @property
    def unclaimed(self) -> list[Key]:
        """The keys that belong to no certificate asked about so far."""
        return [key for number, key in enumerate(self._keys) if number not in self._claimed]

    def contradicts(self, bag: Bag, certificate: Certificate) -> bool:
        """True where the local key id of the certificate leads elsewhere than to the key that it belongs to: nobody
        knows which of the two an importing program goes by."""
        same = [self._keys[number].bag for number in self._by_public.get(identity(certificate.spki), [])]
        labels = {key.local_key_id for key in same if key.local_key_id is not None}
        return bag.local_key_id is not None and bool(labels) and bag.local_key_id not in labels

    def key_of(self, bag: Bag, certificate: Certificate) -> PrivateKey:
        """What the file tells of the certificate's key.

        The public key decides. The local key id decides between equal keys, and where it alone leads to a key: one
        that did not open (no answer whether it matches), or one that is of no certificate here (it does not match).
        """
        same = self._by_public.get(identity(certificate.spki), [])
        named = self._by_name.get(bag.local_key_id, []) if bag.local_key_id is not None else []
        if same:
            chosen = next((number for number in named if number in same), same[0])
            self._claimed.add(chosen)
            return self._keys[chosen].facts(True)
        for number in named:
            public = self._keys[number].public
            if public is None or identity(public.spki) not in self._owned:
                self._claimed.add(number)
                return self._keys[number].facts(None if public is None else False)
        return ABSENT if self._is_told else PrivateKey()
