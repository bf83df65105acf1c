"""PKCS #12 files: whether the Windows that imports them can read them, and how well they protect the key."""

from __future__ import annotations

from collections.abc import Callable

from certaudit.audit.validators.binding import Check, Oid
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import PfxFile
from certaudit.evidence import Pfx, Protection
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)

_MAC = "mac"


def _of_pfx(subject: PfxFile, judge: Callable[[Pfx], Result]) -> Result:
    """The answer of `judge`, or that the file could not be opened."""
    if subject.input.pfx is None:
        return not_checked(subject.input.error or "The PFX could not be opened; supply it with its password.")
    return judge(subject.input.pfx)


def protection_is_one_of(
    subject: PfxFile, context: Context, *, encryption: tuple[Oid, ...], mac: tuple[Oid, ...]
) -> Result:
    """Encryption and MAC are such as the importing Windows knows (requirement `pfx.readable-by-windows`, failure
    F14)."""
    expected = "encryption and MAC that the importing Windows knows"

    def judge(pfx: Pfx) -> Result:
        for protection in pfx.protections:
            if protection.oid not in (mac if protection.target == _MAC else encryption):
                shown = _shown(protection)
                return failed(f"Older versions of Windows cannot read the file: {shown}.", shown, expected)
        return passed(_all(pfx), expected)

    return _of_pfx(subject, judge)


def mac_is_none_of(subject: PfxFile, context: Context, *, mac: tuple[Oid, ...]) -> Result:
    """The MAC is not one that Windows cannot read at all (PBMAC1, RFC 9579)."""
    expected = "a MAC that Windows knows"

    def judge(pfx: Pfx) -> Result:
        for protection in pfx.protections:
            if protection.target == _MAC and protection.oid in mac:
                return failed(f"Windows cannot read it: {_shown(protection)}.", _shown(protection), expected)
        return passed(_all(pfx), expected)

    return _of_pfx(subject, judge)


def key_encryption_at_least(subject: PfxFile, context: Context, *, bits: int) -> Result:
    """What encrypts the private key is not breakable in itself: trying all keys of its cipher is out of reach.

    Windows up to Server 2016 encrypts the certificates, which are public, with 40-bit RC2: that is no weakness.
    """
    expected = f"a private key that is encrypted under at least {bits} bits"

    def judge(pfx: Pfx) -> Result:
        if not pfx.keys:
            return not_applicable("There is no private key to protect.")
        of_keys = [protection for protection in pfx.protections if protection.target == "key"]
        # A key may also lie in the clear inside an encrypted part, which then counts as certificates.
        judged = of_keys or [protection for protection in pfx.protections if protection.target != _MAC]
        if not judged:
            return failed("The private key is not encrypted at all.", "not encrypted", expected)
        weakest = min(judged, key=lambda protection: protection.bits or 0)
        if weakest.bits is None:
            return not_checked(f"The cipher is not known, look it up: {_shown(weakest)}.", expected)
        if weakest.bits < bits:
            return failed(f"The private key is poorly encrypted: {_shown(weakest)}.", _shown(weakest), expected)
        return passed(_all(pfx), expected)

    return _of_pfx(subject, judge)


def iterations_at_least(subject: PfxFile, context: Context, *, minimum: int) -> Result:
    """Guessing the password costs some work for each guess (RFC 7292 B; RFC 8018 4.2: at least 1,000 rounds)."""
    expected = f"at least {minimum} iterations"

    def judge(pfx: Pfx) -> Result:
        counts = [protection for protection in pfx.protections if protection.iterations is not None]
        fewest = min(counts, key=lambda protection: protection.iterations or 0, default=None)
        if fewest is None:
            return not_checked("The PFX names no iteration count; examine it with certutil -dump.", expected)
        if (fewest.iterations or 0) < minimum:
            return failed(f"The password is quick to guess: {_shown(fewest)}.", _shown(fewest), expected)
        return passed(f"at least {fewest.iterations} iterations", expected)

    return _of_pfx(subject, judge)


def has_password(subject: PfxFile, context: Context) -> Result:
    """A password protects the private key (requirement `pfx.password-protected`)."""
    expected = "a password"

    def judge(pfx: Pfx) -> Result:
        if not pfx.keys:
            return not_applicable("There is no private key to protect.")
        if pfx.password_protected:
            return passed("protected by a password", expected)
        return failed("Whoever has the file has the private key: it opens without a password.", "none", expected)

    return _of_pfx(subject, judge)


def has_mac(subject: PfxFile, context: Context) -> Result:
    """A MAC tells whether the file was changed (RFC 7292 4: macData is there in password integrity mode)."""
    expected = "a message authentication code"

    def judge(pfx: Pfx) -> Result:
        macs = [protection for protection in pfx.protections if protection.target == _MAC]
        if macs:
            return passed(_shown(macs[0]), expected)
        return failed(
            "The PFX has no MAC: nobody can tell whether it was changed or the password is right.", "none", expected
        )

    return _of_pfx(subject, judge)


def holds_one_key_at_most(subject: PfxFile, context: Context) -> Result:
    """The file holds no second private key: what an import takes of several is not documented."""
    expected = "one private key at most"

    def judge(pfx: Pfx) -> Result:
        observed = f"{pfx.keys} private keys"
        if pfx.keys > 1:
            return failed(f"The PFX holds {pfx.keys} private keys.", observed, expected)
        return passed(observed.removesuffix("s") if pfx.keys else "no private key", expected)

    return _of_pfx(subject, judge)


def keys_are_paired(subject: PfxFile, context: Context) -> Result:
    """Every private key in the file belongs to a certificate in it."""
    expected = "no private key without its certificate"

    def judge(pfx: Pfx) -> Result:
        if pfx.unpaired_keys:
            observed = f"{pfx.unpaired_keys} of {pfx.keys}"
            return failed(f"Private keys that match no certificate in the file: {observed}.", observed, expected)
        return passed("none without its certificate", expected)

    return _of_pfx(subject, judge)


def _shown(protection: Protection) -> str:
    rounds = f", {protection.iterations} iterations" if protection.iterations is not None else ""
    return f"{protection.target}: {protection.algorithm}{rounds}"


def _all(pfx: Pfx) -> str:
    return "; ".join(map(_shown, pfx.protections)) or "not encrypted"


CHECKS: tuple[Check, ...] = (
    protection_is_one_of,
    mac_is_none_of,
    key_encryption_at_least,
    iterations_at_least,
    has_password,
    has_mac,
    holds_one_key_at_most,
    keys_are_paired,
)
