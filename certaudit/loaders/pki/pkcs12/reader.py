"""One PFX read from the outside in: MAC, safes, bags, keys, and which key is whose."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from certaudit.evidence import CertificateEntry, Pfx, Protection
from certaudit.loaders.contents import Contents
from certaudit.loaders.pki import private_key
from certaudit.loaders.pki.pkcs12 import bags as bag_types
from certaudit.loaders.pki.pkcs12 import encryption
from certaudit.loaders.pki.pkcs12.bags import Bag, bags
from certaudit.loaders.pki.pkcs12.encryption import Scheme
from certaudit.loaders.pki.pkcs12.kdf import Budget, CostError, UnsupportedError
from certaudit.loaders.pki.pkcs12.mac import Mac
from certaudit.loaders.pki.pkcs12.opener import ClosedPfxError, Opener, PasswordNeededError
from certaudit.loaders.pki.pkcs12.pairing import Key, Pairing
from certaudit.loaders.pki.pkcs12.passwords import Spelling
from certaudit.loaders.pki.pkcs12.safes import (
    Outer,
    Safe,
    outer,
    safes,
)
from certaudit.loaders.source import Source
from certaudit.loaders.structure import Kind, kind_of
from certaudit.printable import printable
from certaudit.x509 import der
from certaudit.x509.public_key import PublicKey


class _Sealed(NamedTuple):
    """An encrypted part: what it takes to open it, and the check that it opened to sense."""

    scheme: Scheme
    data: bytes
    is_key: bool = False

    def open(self, password: Spelling) -> bytes:
        plain = self.scheme.decrypt(self.data, password)
        if self.is_key and kind_of(plain) is not Kind.PRIVATE_KEY:
            raise ValueError("it decrypts to no private key")
        if not self.is_key:
            der.read_all(plain).expect(der.SEQUENCE)
        return plain


class Reader:
    """Reads one PFX into `contents`: a part that cannot be read is said and hides no other."""

    def __init__(self, source: Source) -> None:
        self.contents = Contents(source)
        self._source = source
        self._budget = Budget()
        self._opener = Opener(source, self._budget)
        self._protections: dict[Protection, None] = {}
        self._certificates: list[Bag] = []
        self._keys: list[Key] = []
        self._is_closed = False
        self._is_sealed_throughout = True
        self._has_sealed = False

    def read(self) -> None:
        """Reads everything. Raises DerError where the outer layers are no PFX."""
        layers = outer(self._source.data)
        if layers.trailing:
            self.contents.remark(f"{layers.trailing:,} bytes follow the PKCS #12 data.")
        parts = safes(layers.content)
        try:
            self._charge_what_shows(layers.mac, parts)
            self._check_mac(layers, parts)
        except CostError as error:
            self._refuse_cost(error)
        for number, safe in enumerate(parts, 1):
            self._read_safe(safe, number)
        self._pair()

    # Costs are charged before any time is spent, for all that shows without a password.

    def _charge_what_shows(self, mac: Mac | None, parts: list[Safe]) -> None:
        if mac:
            self._protections[mac.protection] = None
            self._budget.charge(mac.iterations)
        for safe in parts:
            if safe.scheme:
                self._protections[safe.scheme.protection("certificates")] = None
                safe.scheme.charge(self._budget)
            elif not safe.problem:
                self._charge_keys(safe.data)

    def _charge_keys(self, safe: bytes) -> None:
        """Charges for the shrouded keys of a safe in the clear, whose oddities are reported when it is read."""
        for sealed in self._sealed_keys(safe):
            self._protections[sealed.scheme.protection("key")] = None
            sealed.scheme.charge(self._budget)

    def _sealed_keys(self, safe: bytes) -> list[_Sealed]:
        try:
            shrouded = [bag for bag in bags(der.read(safe), _unsaid, _unsaid) if bag.type == bag_types.SHROUDED_KEY]
        except der.DerError:
            return []
        found = []
        for bag in shrouded:
            with suppress(ValueError, IndexError):
                found.append(_sealed_key(bag))
        return found

    def _refuse_cost(self, error: CostError) -> None:
        self._is_closed = True
        self._fail(
            f"{self._source.shown} asks for {error}, and was not opened: "
            "export it again with fewer iterations, or see who made it."
        )

    # Errors concern the file, of which the first counts; the rest are remarks.

    def _fail(self, sentence: str) -> None:
        if self.contents.error is None:
            self.contents.error = sentence
        elif sentence != self.contents.error:
            self.contents.remark(sentence)

    def _fail_unsupported(self, what: str, error: UnsupportedError) -> None:
        self._fail(
            f"{what} of {self._source.shown} cannot be read, because it uses {error}, "
            "which certaudit does not support: export it again with another algorithm."
        )

    def _fail_closed(self) -> None:
        self._is_closed = True
        self._fail(
            f"{self._source.shown} does not open: the password is wrong, or the file is damaged; "
            "try it with the program that wrote the file."
        )

    # The MAC tells whether the password is right, before anything is decrypted.

    def _check_mac(self, layers: Outer, parts: list[Safe]) -> None:
        if layers.is_signed:
            self.contents.remark("A signature, which was not checked, stands in the place of the MAC.")
        if layers.mac is None:
            return
        try:
            self._opener.open(lambda password: _expect_mac(layers.mac, password, layers.content))
        except UnsupportedError as error:
            self.contents.remark(f"The MAC was not checked, because it uses {error}, which certaudit does not support.")
        except PasswordNeededError as error:
            self._is_closed = True
            self._fail(str(error))
        except ClosedPfxError:
            self._judge_failed_mac(parts)

    def _judge_failed_mac(self, parts: list[Safe]) -> None:
        """Where a part decrypts all the same, the password is right and the file was altered."""
        sealed = [_Sealed(safe.scheme, safe.data) for safe in parts if safe.scheme]
        sealed += [key for safe in parts if not safe.scheme for key in self._sealed_keys(safe.data)]
        try:
            if not sealed:
                raise ClosedPfxError
            self._opener.open(sealed[0].open)
        except UnsupportedError as error:
            self._is_closed = True
            self._fail_unsupported("The encryption", error)
        except ClosedPfxError:
            self._fail_closed()
        else:
            self._fail(
                f"{self._source.shown} opens, but its MAC does not fit: "
                "the file was altered or damaged after it was made; export it again."
            )

    # Safes and their bags.

    def _read_safe(self, safe: Safe, number: int) -> None:
        if safe.problem:
            self._fail(f"Safe {number} of {self._source.shown} {safe.problem}, and was not read: export it again.")
            return
        data, is_protected = safe.data, False
        if safe.scheme:
            self._has_sealed = True
            opened = self._open(_Sealed(safe.scheme, safe.data), f"Safe {number}")
            if opened is None:
                return
            data, is_protected = opened[0], bool(opened[1].plain)
        self._is_sealed_throughout &= is_protected
        try:
            if safe.scheme:
                self._charge_keys(data)
            for bag in bags(der.read(data), self.contents.remark, self.contents.lose):
                self._take(bag, is_protected)
        except CostError as error:
            self._refuse_cost(error)
        except der.DerError as error:
            self._fail(f"Safe {number} of {self._source.shown} is damaged ({error}): export it again.")

    def _open(self, sealed: _Sealed, what: str) -> tuple[bytes, Spelling] | None:
        if self._is_closed:
            return None
        has_opened = self._opener.has_opened
        try:
            return self._opener.open(sealed.open)
        except UnsupportedError as error:
            self._fail_unsupported(what, error)
        except PasswordNeededError as error:
            self._is_closed = True
            self._fail(str(error))
        except ClosedPfxError:
            if not has_opened:
                self._fail_closed()
            else:
                self._fail(
                    f"{what} of {self._source.shown} does not open with the password of the rest: "
                    "it is damaged or has a password of its own; export it again."
                )
        return None

    def _take(self, bag: Bag, is_protected: bool) -> None:
        match bag.type:
            case bag_types.CERTIFICATE:
                self._certificates.append(bag)
            case bag_types.CRL:
                self._take_crl(bag)
            case bag_types.KEY:
                self._keys.append(self._opened_key(bag, bag.value.raw, is_protected))
            case bag_types.SHROUDED_KEY:
                self._take_shrouded(bag, is_protected)
            case bag_types.SECRET:
                self.contents.remark("A secret bag, which holds no certificate, was not read.")
            case _:
                self.contents.remark(f"A bag of type {bag.type} was not read.")

    def _take_crl(self, bag: Bag) -> None:
        try:
            self.contents.add_crl(bag.x509(), f"CRL {len(self.contents.crls) + 1}")
        except (der.DerError, ValueError) as error:
            self.contents.lose(f"A CRL bag cannot be read ({der.reason(error)}).")

    # Keys: opened for their public half, and dropped.

    def _take_shrouded(self, bag: Bag, is_protected: bool) -> None:
        try:
            sealed = _sealed_key(bag)
        except (der.DerError, ValueError, IndexError) as error:
            self.contents.lose(f"{_named(bag)} cannot be read ({der.reason(error)}).")
            self._keys.append(Key(bag, None, True))
            return
        opened = self._open_key(bag, sealed)
        if opened is None:
            self._keys.append(Key(bag, None, True))
        else:
            self._keys.append(self._opened_key(bag, opened[0], is_protected or bool(opened[1].plain)))

    def _open_key(self, bag: Bag, sealed: _Sealed) -> tuple[bytes, Spelling] | None:
        if self._is_closed:
            return None
        if not self._opener.has_opened:
            return self._open(sealed, _named(bag))
        try:
            return self._opener.open(sealed.open)
        except UnsupportedError as error:
            self.contents.remark(
                f"{_named(bag)} did not open, because it uses {error}, which certaudit does not support."
            )
        except PasswordNeededError as error:
            self._is_closed = True
            self._fail(str(error))
        except ClosedPfxError:
            self.contents.remark(f"{_named(bag)} did not open: it has another password than the file, or is damaged.")
        return None

    def _opened_key(self, bag: Bag, data: bytes, is_protected: bool) -> Key:
        return Key(bag, self._public_half(bag, data), is_protected, private_key.signs_only(data))

    def _public_half(self, bag: Bag, data: bytes) -> PublicKey | None:
        try:
            return private_key.public_half(data)
        except private_key.UnusablePrivateKeyError as error:
            self.contents.remark(f"{_named(bag)} cannot be used: {error}.")
            return None

    # What the certificates and keys are to each other.

    def _pair(self) -> None:
        entries: list[tuple[Bag, CertificateEntry]] = []
        for number, bag in enumerate(self._certificates, 1):
            try:
                data = bag.x509()
            except (der.DerError, ValueError) as error:
                self.contents.lose(f"Certificate {number} cannot be read ({der.reason(error)}).")
                continue
            before = len(self.contents.certificates)
            self.contents.add_certificate(data, f"certificate {number}", friendly_name=bag.friendly_name)
            entries += [(bag, entry) for entry in self.contents.certificates[before:]]
        pairing = Pairing(self._keys, [entry.certificate for _, entry in entries])
        self.contents.certificates = [
            replace(entry, private_key=pairing.key_of(bag, entry.certificate)) for bag, entry in entries
        ]
        for bag, entry in entries:
            if pairing.contradicts(bag, entry.certificate):
                self.contents.lose(
                    f"The local key id of {entry.provenance.entry} leads to another key than the one that it belongs "
                    "to: Windows may import it without its key."
                )
        # A certificate that did not open may be that of any key: then nothing is said of keys without one.
        unclaimed = [] if self.contents.error else pairing.unclaimed
        for key in unclaimed:
            of_type = f" ({key.public})" if key.public else ""
            self.contents.remark(f"{_named(key.bag)}{of_type} belongs to no certificate in the file.")
        self.contents.others["pfx"] = Pfx(
            len(self._keys), len(unclaimed), tuple(self._protections), self._is_password_protected()
        )

    def _is_password_protected(self) -> bool:
        """True where no private key can be had without a password; of a file without keys, no certificate."""
        if self._keys:
            return all(key.is_protected for key in self._keys)
        return self._has_sealed and (self._is_closed or self._is_sealed_throughout)


def _unsaid(sentence: str) -> None:
    """For a first look at bags, whose oddities are said when they are read."""


def _sealed_key(bag: Bag) -> _Sealed:
    """EncryptedPrivateKeyInfo (RFC 5958 3). Raises DerError."""
    algorithm, data = bag.value.children(der.SEQUENCE)
    return _Sealed(encryption.scheme(algorithm), data.octets(), is_key=True)


def _expect_mac(mac: Mac | None, password: Spelling, content: bytes) -> None:
    if mac is not None and not mac.is_made_with(password, content):
        raise ValueError("the MAC does not fit")


def _named(bag: Bag) -> str:
    return f"The private key «{printable(bag.friendly_name)}»" if bag.friendly_name else "A private key"
