"""Boot media: how their variables, and with them the private key, are protected."""

from __future__ import annotations

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.media import (
    listed,
    of_variables,
    others,
    reason,
)
from certaudit.audit.validators.subject import SuppliedMedia
from certaudit.evidence import MediaVariables
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.printable import printable

_OWN_PREFIXES = ("_sms", "_ts")
"""How the product's own variables begin; every other was named by an administrator."""


def password_protected(subject: SuppliedMedia, context: Context) -> Result:
    """A password protects the variables, and with them the private key (requirement
    `media.password-protected`)."""
    return _protected(subject, "Whoever holds the media holds its private key: it opens without a password.")


def policy_protected(subject: SuppliedMedia, context: Context) -> Result:
    """A password protects the policy on stand-alone media: it may hold accounts of the task sequence
    (requirement `media.policy-protected`)."""
    if not subject.media.has_policy:
        return not_applicable("There is no policy on the media: it is not stand-alone media.")
    return _protected(subject, "Whoever holds the media can read its policy: it opens without a password.")


def _protected(subject: SuppliedMedia, message: str) -> Result:
    expected = "a password"
    match subject.media.protected:
        case True:
            return passed("opened with the given password, and not without", expected)
        case False:
            return failed(message, "no password", expected)
    return not_checked(f"Whether a password protects it is not known: {reason(subject)}.", expected)


def key_has_other_protection(subject: SuppliedMedia, context: Context) -> Result:
    """Something besides the PFX's own password protects the key: that password is part of the media GUID, which is
    on the media too (requirement `media.key-behind-password`)."""
    expected = "a media password, for that of the PFX is on the media itself"
    if subject.media.protected is None:
        return not_checked(f"Whether a password protects the media is not known: {reason(subject)}.", expected)

    def judge(variables: MediaVariables) -> Result:
        if not variables.has_pfx:
            return not_applicable("There is no PFX on the media.")
        if subject.media.protected:
            return passed("the media password", expected)
        message = "The password of the PFX lies beside it, as part of the media GUID: nothing protects the key."
        return failed(message, "the PFX opens with what is on the media", expected)

    return of_variables(subject, judge)


def password_at_least(subject: SuppliedMedia, context: Context, *, length: int) -> Result:
    """The password is long enough to withstand a search at leisure: one unsalted SHA-1 is all a guess costs
    (requirement `media.password-long`)."""
    expected = f"{length} characters or more"
    count = subject.media.password_length
    if subject.media.protected is False:
        return not_applicable("There is no password, which is a finding of its own.")
    if count is None:
        return not_checked(f"The password is not known: {reason(subject)}.", expected)
    if count < length:
        message = f"The media password has fewer than {length} characters: it can be found by trying."
        return failed(message, f"fewer than {length} characters", expected)
    return passed(expected, expected)


def claims_protection_rightly(subject: SuppliedMedia, context: Context) -> Result:
    """TsmBootstrap.ini, which anybody can change, says of the password what the variables show
    (requirement `media.claims-hold`)."""
    claim = subject.media.bootstrap.password_required if subject.media.bootstrap else None
    if claim is None:
        return not_checked("TsmBootstrap.ini is not there or does not say; supply the whole media.")
    expected = f"PasswordRequired={str(subject.media.protected).lower()}"
    observed = f"PasswordRequired={str(claim).lower()}"
    if subject.media.protected is None:
        return not_checked(f"Whether a password protects it is not known: {reason(subject)}.")
    if claim is not subject.media.protected:
        fact = "need a password" if subject.media.protected else "open without one"
        return failed(f"TsmBootstrap.ini says {observed}, and the variables {fact}.", observed, expected)
    return passed(observed, expected)


def password_of_its_own(subject: SuppliedMedia, context: Context) -> Result:
    """No other media has the same password: equal passwords give equal first blocks
    (requirement `media.password-not-shared`)."""
    expected = "a password that no other media has"
    block = subject.media.first_block
    if subject.media.protected is False:
        return not_applicable("There is no password, which is a finding of its own.")
    if block is None:
        return not_checked(f"Its first block is not known: {reason(subject)}.", expected)
    same = [path for path, media in others(subject, context) if media.first_block == block]
    if same:
        return failed(f"{listed(same)} begins like this one: the password is the same.", "shared", expected)
    return passed("no media at hand begins alike", expected)


def unattended_only_with_password(subject: SuppliedMedia, context: Context) -> Result:
    """Media that start without anybody there have a password (requirement `media.attended`)."""
    unattended = subject.media.bootstrap.unattended if subject.media.bootstrap else None
    expected = "a password, or somebody to start it"
    if unattended is None:
        return not_checked("TsmBootstrap.ini is not there or does not say; supply the whole media.", expected)
    if not unattended:
        return passed("it does not start unattended", expected)
    variables = subject.media.variables
    if subject.media.protected is False:
        unknown = variables is not None and variables.knows_unknown_computers
        message = "The media deploys without anybody there and without a password"
        message += ", unknown computers too." if unknown else "."
        return failed(message, "unattended, no password", expected)
    return _protected(subject, "")


def names_hide_no_secret(subject: SuppliedMedia, context: Context, *, words: tuple[str, ...]) -> Result:
    """No variable that an administrator added is named as a secret is: media are copied. Names alone are looked at,
    values are never kept (requirement `media.no-secrets-in-names`)."""
    expected = "no variable named as a secret is"

    def judge(variables: MediaVariables) -> Result:
        added = [name for name in variables.names if not name.casefold().startswith(_OWN_PREFIXES)]
        found = [printable(name) for name in added if any(word in name.casefold() for word in words)]
        if found:
            return failed(f"Variables on the media look like secrets: {', '.join(found)}.", ", ".join(found), expected)
        return passed(f"{len(added)} variables besides the product's own", expected)

    return of_variables(subject, judge)


def algorithm_is_one_of(subject: SuppliedMedia, context: Context, *, algorithms: tuple[str, ...]) -> Result:
    """The variables are encrypted as a current site does it (requirement `media.current-encryption`)."""
    expected = " or ".join(algorithms)
    algorithm = subject.media.algorithm
    if algorithm is None:
        return not_checked(f"The encryption is not known: {reason(subject)}.", expected)
    if algorithm not in algorithms:
        return failed(f"The variables are encrypted with {algorithm}, as an older site did.", algorithm, expected)
    return passed(algorithm, expected)


def not_in_boot_image(subject: SuppliedMedia, context: Context) -> Result:
    """The variables are not built into a boot image, which lies on shares and PXE servers for all to read
    (requirement `media.not-in-boot-image`)."""
    expected = "variables on the media, not in a boot image"
    observed = "Variables.dat in a boot image"
    match subject.media.kind:
        case "boot-image":
            return failed("The media variables are built into a boot image.", observed, expected)
        case "boot-var":
            return not_checked(
                "See that nobody but the PXE server can read the share REMINST and its SMSTemp.", expected
            )
        case "variables":
            return not_checked("The file alone does not tell where it lies; supply the media itself.", expected)
    if subject.media.boot_image_has_variables is None:
        return not_checked(
            "The boot image of the media was not looked into; install wimlib or 7-Zip, or extract its sources/boot.wim "
            "and name it.",
            expected,
        )
    if subject.media.boot_image_has_variables:
        return failed("The boot image on the media has variables built into it.", observed, expected)
    return passed(subject.media.kind, expected)


CHECKS: tuple[Check, ...] = (
    password_protected,
    policy_protected,
    key_has_other_protection,
    password_at_least,
    claims_protection_rightly,
    password_of_its_own,
    unattended_only_with_password,
    names_hide_no_secret,
    algorithm_is_one_of,
    not_in_boot_image,
)
