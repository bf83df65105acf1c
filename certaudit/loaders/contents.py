"""What has been found in one file so far: formats put it in piece by piece, an unreadable piece hides no other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from certaudit.evidence import UNKNOWN_KEY, CertificateEntry, CrlEntry, Input, PrivateKey, Provenance
from certaudit.loaders import limits
from certaudit.loaders.source import Source, UnreadableError
from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList
from certaudit.x509.der import DerError


@dataclass
class Contents:
    """Certificates, CRLs and remarks of one source, in the order in which they were found.

    `others` is evidence of every other kind, by its field of Input.
    """

    source: Source
    certificates: list[CertificateEntry] = field(default_factory=list)
    crls: list[CrlEntry] = field(default_factory=list)
    ocsp_responses: list[bytes] = field(default_factory=list)
    others: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    error: str | None = None
    _unsaid: int = 0

    def __bool__(self) -> bool:
        return bool(self.certificates or self.crls or self.ocsp_responses)

    def remark(self, sentence: str) -> None:
        """Keeps a sentence about a part of the file; of very many only the first, and how many more there were."""
        if len(self.remarks) < limits.MAX_REMARKS:
            self.remarks.append(sentence)
        else:
            self._unsaid += 1

    def lose(self, sentence: str) -> None:
        """Keeps the remark that a part which may hold a certificate, a CRL or a key cannot be read."""
        self.remark(sentence)
        if len(self.losses) < limits.MAX_REMARKS:
            self.losses.append(sentence)

    def _provenance(self, entry: str | None) -> Provenance:
        places = [place for place in (self.source.entry, entry) if place]
        return Provenance(self.source.name, ", ".join(places) or None)

    def add_certificate(
        self, data: bytes, entry: str | None, key: PrivateKey = UNKNOWN_KEY, friendly_name: str | None = None
    ) -> None:
        """Keeps the certificate that `data` is, or the remark that it cannot be read."""
        try:
            certificate = Certificate(data)
        except DerError as error:
            self.lose(f"{_capital(entry or 'the certificate')} cannot be read ({error}).")
            return
        self.certificates.append(CertificateEntry(certificate, self._provenance(entry), key, friendly_name))

    def add_crl(self, data: bytes, entry: str | None) -> None:
        """Keeps the CRL that `data` is, or the remark that it cannot be read."""
        try:
            crl = RevocationList(data)
        except DerError as error:
            self.lose(f"{_capital(entry or 'the CRL')} cannot be read ({error}).")
            return
        self.crls.append(CrlEntry(crl, self._provenance(entry)))

    def absorb(self, other: Input) -> None:
        """Takes over all that a part of this file held; its error becomes a remark."""
        for kind, value in other.evidence.items():
            self._take(kind, value)
        self.error = self.error or (other.error if other.pfx else None)
        self.losses += other.losses
        for sentence in (*other.remarks, *([other.error] if other.error and not other.pfx else [])):
            self.remark(sentence)

    def _take(self, kind: str, value: Any) -> None:
        if kind in _LISTS:
            getattr(self, kind).extend(value)
        elif kind not in self.others:
            self.others[kind] = value
        elif type(value) is tuple:
            self.others[kind] += value
        else:
            self.lose(f"There is more than one {kind.replace('_', ' ')} in the file: only the first was looked at.")

    def to_input(self, format: str) -> Input:
        """The evidence. Raises UnreadableError where there is none, with the first remark as its reason."""
        if not self and not self.others and self.error is None:
            reason = f": {self.remarks[0].rstrip('.')}" if self.remarks else ""
            raise UnreadableError(
                f"{self.source.shown} holds no certificate and no CRL that can be read{reason}; export it again.",
                format,
            )
        more = [f"There are {self._unsaid:,} more remarks of this kind."] if self._unsaid else []
        return Input(
            self.source.name,
            format,
            certificates=tuple(self.certificates),
            crls=tuple(self.crls),
            ocsp_responses=tuple(self.ocsp_responses),
            error=self.error,
            remarks=(*self.remarks, *more),
            losses=tuple(self.losses),
            **self.others,
        )


_LISTS = frozenset({"certificates", "crls", "ocsp_responses"})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
