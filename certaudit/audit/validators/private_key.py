"""Private keys: that they are there, belong to their certificate, can be used by the product and are not lying about.

What an input tells differs: a CER file tells nothing, a PFX holds the key itself (so a copy exists, exportable by
its nature), a Windows store tells in which provider and key set the key is, and perhaps whether it can be exported.
"""

from __future__ import annotations

from collections.abc import Sequence

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.site_version import version_of
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.evidence import CertificateEntry, Evidence, KeyTest, PrivateKey
from certaudit.findings.result import (
    Result,
    Status,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.printable import printable
from certaudit.site.roles import Chosen, role_named
from certaudit.site.versions import version_named
from certaudit.x509.name import folded

_WANTED_EVIDENCE = (
    "The evidence says nothing about the private key (a CER file cannot); "
    "supply the PFX, or an export of the certificate store of the computer."
)
_GATEWAY_PATH = "/ccm_proxy_"
_KEY_STORAGE = "key storage provider"
_NAMED_OTHERWISE = ("microsoft platform crypto provider",)
"""Key storage providers (CNG) whose names do not say so."""


_DECLARED = "A Windows store declares the key; whether it is there and works was not tried."


def present(subject: AssignedCertificate, context: Context) -> Result:
    """The private key is there (requirement `private-key.present`): a file holds it, or its computer tried it.

    What a store declares is no proof; that it was tried is what requirement `private-key.tested` asks.
    """
    expected = "a private key"
    proof, failure = _proof(subject, context), _failed_test(subject, context)
    if failure is not None:
        return failed(f"The private key {failure}: its computer tried it.", failure, expected)
    if proof is not None:
        return passed(proof, expected)
    match subject.private_key.present:
        case True:
            if _is_carried(subject):
                return not_checked(f"{_DECLARED} The product takes it from a file: supply the PFX.", expected)
            return not_applicable(_DECLARED)
        case False:
            return failed("The private key is missing: the evidence holds the certificate alone.", "none", expected)
    return not_checked(_WANTED_EVIDENCE, expected)


def tested(subject: AssignedCertificate, context: Context) -> Result:
    """The private key that a Windows store declares was tried on its computer, or a file holds it (requirement
    `private-key.tested`)."""
    expected = "a key that was tried on its computer, or that a file holds"
    if _failed_test(subject, context) is not None or subject.private_key.present is not True:
        return not_applicable("No key is declared, or a test denies it, which is a finding of its own.")
    proof = _proof(subject, context)
    if proof is not None:
        return passed(proof, expected)
    reasons = (f" The key {test.why}." for test in _tests(subject, context) if test.why)
    wanted = "The collect script tries each key on its computer, and so does certutil -verifystore My there."
    return not_checked(f"{_DECLARED}{next(reasons, '')} {wanted}", expected)


def _tests(subject: AssignedCertificate, context: Context) -> list[KeyTest]:
    """What its computer answered when it tried the key of the certificate; nothing of one that travels in a file."""
    if _is_carried(subject):
        return []
    evidence = context.evidence.systems.get(subject.system.key, Evidence()) if subject.system else Evidence()
    return [test for test in evidence.key_tests if test.thumbprint == subject.certificate.sha1]


def _is_carried(subject: AssignedCertificate) -> bool:
    return role_named(subject.role).chosen is Chosen.BY_CARRIER


def _failed_test(subject: AssignedCertificate, context: Context) -> str | None:
    """Why the key does not work where its computer tried it; None where no test says so, or one says otherwise."""
    tests = _tests(subject, context)
    if any(test.works for test in tests):
        return None
    return next((test.why or "does not work" for test in tests if test.works is False), None)


def _proof(subject: AssignedCertificate, context: Context) -> str | None:
    """What shows that the key is there: a test that went well, or a place that holds the key or was seen using it."""
    if any(test.works for test in _tests(subject, context)):
        return "the key works on its computer"
    entries = subject.holding.entries
    proven = any(_is_in_file(entry) or entry.private_key.matches for entry in entries)
    return "private key present" if proven else None


def absent(subject: AssignedCertificate, context: Context) -> Result:
    """The private key of a CA does not accompany its certificate (requirement
    `private-key.not-with-ca-certificate`)."""
    expected = "the certificate without its private key"
    holders = [entry for entry in subject.holding.entries if entry.private_key.present]
    if holders:
        places = ", ".join(dict.fromkeys(printable(entry.provenance.input) for entry in holders))
        return failed("The private key of the CA is in the evidence.", f"a private key in {places}", expected)
    return passed("no private key beside the certificate", expected)


def matches(subject: AssignedCertificate, context: Context) -> Result:
    """The private key in a file belongs to the public key of the certificate (RFC 7292 pairs them by a label alone).

    A Windows store names the container of the key and does not hold it: nothing can be compared there.
    """
    expected = "the private key of this certificate"
    key = subject.private_key
    if any(entry.private_key.matches is False for entry in subject.holding.entries):
        return failed("The private key belongs to another certificate.", "another key", expected)
    if key.matches:
        return passed("the key matches", expected)
    if key.present is False:
        return not_applicable("There is no private key that could match.")
    if any(_is_in_file(entry) for entry in subject.holding.entries):
        return not_checked("The key in the file cannot be compared; try it with certutil -dump.", expected)
    if key.present:
        return not_applicable(
            "This is about keys in files; in a store certutil -verifystore My, run there, tries the key."
        )
    return not_checked(_WANTED_EVIDENCE, expected)


def exportable(subject: AssignedCertificate, context: Context) -> Result:
    """The key can be exported into the PFX that the product imports (requirement
    `private-key.exportable`)."""
    expected = "an exportable private key"
    key = subject.private_key
    if key.present is False:
        return not_applicable("There is no private key that could be exported.")
    if key.exportable is None:
        return not_checked("The evidence does not tell whether the key can be exported; supply the PFX.", expected)
    if key.exportable:
        return passed("exportable", expected)
    return failed("The private key cannot be exported, so that no PFX can be made of it.", "not exportable", expected)


def not_exportable(subject: AssignedCertificate, context: Context) -> Result:
    """The key in the computer's store cannot be exported: the role does not need it (requirement
    `private-key.not-exportable`).

    A PFX says nothing about that: whoever made it could export the key, the copy in the store may be locked.
    """
    expected = "a private key that cannot be exported"
    if subject.private_key.present is False:
        return not_applicable("There is no private key.")
    stored = [entry.private_key.exportable for entry in subject.holding.entries if not _is_in_file(entry)]
    stored += [test.exportable for test in _tests(subject, context)]
    if any(stored):
        return failed("The private key can be exported from the store of the computer.", "exportable", expected)
    if any(answer is False for answer in stored):
        return passed("not exportable", expected)
    return not_checked(
        "No export tells whether the key can be exported; on the computer certutil -store My does, and the collect "
        "script brings what it says.",
        expected,
    )


def not_kept_in_file(subject: AssignedCertificate, context: Context) -> Result:
    """No file holds the private key of a certificate that the product takes from the store of the computer."""
    expected = "a private key in the store of its computer only"
    files = [entry for entry in subject.holding.entries if _is_in_file(entry)]
    if files:
        places = ", ".join(dict.fromkeys(printable(entry.provenance.input) for entry in files))
        return failed("The private key also exists as a file, which can be copied.", places, expected)
    match subject.private_key.present:
        case True:
            return passed("no file among the evidence holds the key", expected)
        case False:
            return not_applicable("There is no private key.")
    return not_checked(_WANTED_EVIDENCE, expected)


def not_in_key_storage_provider(subject: AssignedCertificate, context: Context, *, until: str = "") -> Result:
    """The key is in a CryptoAPI provider, not in a CNG key storage provider (requirement
    `private-key.not-in-key-storage-provider`), unless the site is known to run version `until` or later.

    A PFX without the provider attribute passes: the Windows that imports it puts the key into its default CSP.
    """
    expected = "a CryptoAPI cryptographic service provider"
    keys = [entry.private_key for entry in subject.holding.entries]
    for key in keys:
        if _is_in_key_storage(key):
            shown = printable(key.provider or "") or "provider type 0"
            version, _ = version_of(context.site, context)
            if until and version is not None and version.build >= version_named(until).build:
                return passed(shown, f"{expected}, or version {until} or later ({version.name})")
            return failed(f"The key is in the CNG key storage provider {shown!r}.", shown, expected)
    if subject.private_key.present is False:
        return not_applicable("There is no private key.")
    named = next((key.provider for key in keys if key.provider), None)
    if named is not None or any(key.provider_type is not None for key in keys):
        return passed(printable(named or "a provider of CryptoAPI"), expected)
    if any(_is_in_file(entry) for entry in subject.holding.entries):
        return passed("no provider named", expected, "the file names no provider: an import uses the default CSP")
    return not_checked(_WANTED_EVIDENCE, expected)


def usable_over_gateway(subject: AssignedCertificate, context: Context, *, since: str) -> Result:
    """The key of media that start over a cloud management gateway is in a CryptoAPI provider, unless the site runs
    version `since` or later (requirement `private-key.usable-over-gateway`)."""
    expected = f"a CryptoAPI cryptographic service provider, or version {since} of the site or later"
    addresses = _management_points(subject, context)
    if not any(_is_gateway(address, context) for address in addresses):
        return not_applicable("The media names no cloud management gateway.")
    result = not_in_key_storage_provider(subject, context, until=since)
    version, why = version_of(context.site, context)
    if result.status is Status.FAIL and version is None:
        return not_checked(
            f"{result.message} Whether that works over a gateway depends on the version: {why}.", expected
        )
    return result


def _management_points(subject: AssignedCertificate, context: Context) -> list[str]:
    """The addresses that the media of the system hold."""
    evidence = context.evidence.systems.get(subject.system.key, Evidence()) if subject.system else Evidence()
    variables = (item.media.variables for item in evidence.inputs if item.media is not None)
    return [address for known in variables if known is not None for address in known.management_points]


def _is_gateway(address: str, context: Context) -> bool:
    """True for an address by which a gateway stands for a management point, or with the name of one of the site."""
    gateways = (system for system in context.site.systems if "cloud-management-gateway" in system.roles)
    names = {folded(name) for system in gateways for _, name in system.names}
    host = address.partition("://")[2].partition("/")[0].partition(":")[0] or address
    return _GATEWAY_PATH in folded(address) or folded(host) in names


def for_key_exchange(subject: AssignedCertificate, context: Context) -> Result:
    """The RSA key of a TLS server is one of AT_KEYEXCHANGE: Schannel takes no AT_SIGNATURE key for a server."""
    expected = "a key for key exchange (KeySpec 1, AT_KEYEXCHANGE)"
    if subject.private_key.present is False:
        return not_applicable("There is no private key.")
    in_key_storage = any(_is_in_key_storage(entry.private_key) for entry in subject.holding.entries)
    if in_key_storage or subject.certificate.public_key.type != "RSA":
        return not_applicable("This is about RSA keys of CryptoAPI; others are not divided like that.")
    told = _told_to_sign_only(subject.holding.entries)
    if not told:
        return not_checked(_WANTED_EVIDENCE, expected)
    if any(told):
        return failed("The private key is for signatures only: no TLS server can use it.", "AT_SIGNATURE", expected)
    return passed("not for signatures only", expected)


def _told_to_sign_only(entries: Sequence[CertificateEntry]) -> list[bool]:
    """What the places tell of the key's use; the store of the computer, where it tells, outweighs files.

    Windows imports the key of a PFX for signatures only where the PFX marks it so: one that opened always tells, and so
    does a server that completed a handshake with its key.
    """
    stored = [entry.private_key.signs_only for entry in entries if not _is_in_file(entry)]
    told = [signs_only for signs_only in stored if signs_only is not None]
    return told or [bool(entry.private_key.signs_only) for entry in entries if entry.private_key.matches]


def belongs_to_computer(subject: AssignedCertificate, context: Context) -> Result:
    """The key is in the key set of the computer, where services find it (requirement
    `private-key.of-the-computer`)."""
    expected = "the key set and the store of the computer"
    stored = [entry for entry in subject.holding.entries if not _is_in_file(entry)]
    for entry in stored:
        if entry.private_key.machine is False or entry.provenance.location == "CurrentUser":
            return failed("The private key belongs to a user, so that no service can use it.", "of a user", expected)
    if any(entry.private_key.machine for entry in stored):
        return passed("of the computer", expected)
    if subject.private_key.present is False or len(stored) < len(subject.holding.entries):
        return not_applicable(
            "This is about keys in a Windows store; whoever imports a file chooses where its key goes."
        )
    return not_checked(_WANTED_EVIDENCE, expected)


def _is_in_key_storage(key: PrivateKey) -> bool:
    """True where the place says that the key is in a CNG key storage provider."""
    name = (key.provider or "").casefold()
    return key.provider_type == 0 or _KEY_STORAGE in name or name in _NAMED_OTHERWISE


def _is_in_file(entry: CertificateEntry) -> bool:
    """True where the place holds the key itself; a Windows store names the provider that holds it instead."""
    key = entry.private_key
    return bool(key.present and key.exportable) and entry.provenance.store is None and key.provider_type is None


CHECKS: tuple[Check, ...] = (
    present,
    tested,
    absent,
    matches,
    exportable,
    not_exportable,
    not_kept_in_file,
    not_in_key_storage_provider,
    usable_over_gateway,
    for_key_exchange,
    belongs_to_computer,
)
