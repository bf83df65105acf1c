"""Names in a certificate: those that clients compare with what they call, and those that the product asks for.

A client that calls a name over HTTPS looks at the DNS entries of the subject alternative name, and at the common name
only where there are none (RFC 2818 3.1). That is how a name is looked up here, although Microsoft's tables say
"subject or SAN": a name that only some clients find is not good enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.printable import attribute_value, printable
from certaudit.x509.certificate import Certificate
from certaudit.x509.name import COMMON_NAME, DIRECTORY_NAME, IP_ADDRESS, OTHER_NAME, REGISTERED_ID, Name, folded

Kind = Literal["intranet", "internet", "NLB", "given"]


def bears(
    subject: AssignedCertificate,
    context: Context,
    *,
    kind: Kind,
    wildcard: bool = False,
    fully_qualified: bool = False,
    needed: bool = False,
) -> Result:
    """The certificate bears every name of that kind under which clients reach the system (requirement `name.given`
    and its like).

    `wildcard` lets an entry such as *.contoso.com stand for one label (RFC 6125 6.4.3); `fully_qualified` wants the
    name itself to be one that DNS can resolve, not a short name or an address. Where the certificate is of no
    use without such a name (`needed`), one that nobody told is an answer left open.
    """
    wanted = _wanted(subject, kind)
    if not wanted:
        return _unknown(subject, kind) if needed else not_applicable(f"The system has no {kind} name.")
    presented, expected = _presented(subject.certificate), f"{kind} name {', '.join(map(printable, wanted))}"
    observed = _shown(subject.certificate)
    if fully_qualified and (short := [name for name in wanted if not _is_fully_qualified(name)]):
        message = f"The {kind} name {printable(short[0])} in the manifest is not a fully qualified domain name."
        return failed(message, observed, expected)
    missing = [name for name in wanted if not any(_matches(entry, name, wildcard=wildcard) for entry in presented)]
    if missing:
        return failed(f"The certificate does not bear {_reason(subject.certificate, missing)}.", observed, expected)
    return passed(observed, expected)


def subject_bears(subject: AssignedCertificate, context: Context, *, kind: Kind, wildcard: bool = False) -> Result:
    """A common name of the subject is the system's name of that kind: for programs that read no alternative name."""
    wanted = _wanted(subject, kind)
    if not wanted:
        return not_applicable(f"The system has no {kind} name.")
    common_names = subject.certificate.subject.values(COMMON_NAME)
    expected = f"CN={' or CN='.join(map(attribute_value, wanted))} in the subject"
    observed = str(subject.certificate.subject) or "empty subject"
    if any(_matches(entry, name, wildcard=wildcard) for entry in common_names for name in wanted):
        return passed(observed, expected)
    return failed(f"The subject does not hold {printable(wanted[0])} as its common name.", observed, expected)


def no_wildcard(subject: AssignedCertificate, context: Context) -> Result:
    """No DNS entry and no common name holds a wildcard: whoever has the key could pose as any host of the domain."""
    entries = (*subject.certificate.dns_names, *subject.certificate.subject.values(COMMON_NAME))
    wildcards = [entry for entry in dict.fromkeys(entries) if "*" in entry]
    observed = _shown(subject.certificate)
    if wildcards:
        return failed(f"{printable(wildcards[0])} stands for many hosts.", observed, "each name written out")
    return passed(observed, "each name written out")


def no_joined_names(subject: AssignedCertificate, context: Context) -> Result:
    """No entry holds two names with "&" between: that is how they are requested, not what a certificate should hold
    (requirement `name.no-joined-names`)."""
    common_names = (name for name in subject.certificate.subject.values(COMMON_NAME) if _joins_hosts(name))
    joined = [*(name for name in subject.certificate.dns_names if "&" in name), *common_names]
    observed, expected = _shown(subject.certificate), "a DNS entry of its own for each name"
    if joined:
        return failed(f"{printable(joined[0])} is one entry, and no host has that name.", observed, expected)
    return passed(observed, expected)


def subject_present(subject: AssignedCertificate, context: Context) -> Result:
    """The subject is not empty: some proxies and devices read no alternative name (requirement
    `name.subject-present`)."""
    if not subject.certificate.subject:
        message = "The subject is empty; programs that read no alternative name find no name at all."
        return failed(message, "empty subject", "a subject")
    return passed(str(subject.certificate.subject), "a subject")


def present(subject: AssignedCertificate, context: Context) -> Result:
    """Subject or subject alternative name holds something to tell the client by (requirement `name.present`)."""
    expected = "a subject, or a subject alternative name"
    if not subject.certificate.subject and not subject.certificate.subject_alternative_names:
        return failed("The certificate has neither a subject nor an alternative name.", "no name at all", expected)
    return passed(_shown(subject.certificate), expected)


def single_byte(subject: AssignedCertificate, context: Context) -> Result:
    """Subject and alternative names hold single-byte characters only (requirement `name.single-byte`): Latin-1 here,
    because the code page of each machine is unknown; an alternative name that must be ASCII is held to that."""
    expected = "single-byte characters only"
    for text, highest in _texts(subject.certificate):
        odd = next((character for character in text if ord(character) > highest), None)
        if odd is not None:
            message = f"The character U+{ord(odd):04X} in {attribute_value(text)} is not a single-byte character."
            return failed(message, attribute_value(text), expected)
    return passed(_shown(subject.certificate), expected)


def signing_subject(subject: AssignedCertificate, context: Context, *, sentence: str) -> Result:
    """A common name of the subject is exactly `sentence`: same case, no trailing period (requirement
    `name.site-signing-subject`).

    `???` in the sentence stands for the site code of the manifest.
    """
    common_names = subject.certificate.subject.values(COMMON_NAME)
    observed = str(subject.certificate.subject) or "empty subject"
    expected = f"CN={sentence.replace('???', context.site.code or '???')}"
    if expected.removeprefix("CN=") in common_names and (context.site.code or "???" not in sentence):
        return passed(observed, expected)
    pattern = re.escape(sentence).replace(re.escape("???"), "[A-Za-z0-9]{3}")
    fitting = [name for name in common_names if re.fullmatch(pattern, name)]
    if fitting and context.site.code is None:
        message = "Whether the subject names the right site is unknown; give the site code in the manifest."
        return not_checked(message, expected)
    if fitting:
        message = f"The subject names the site code {fitting[0][sentence.index('???') :][:3]}, not {context.site.code}."
    else:
        message = f"The common name is not, letter for letter, {expected.removeprefix('CN=')}."
    return failed(message, observed, expected)


def service_name_prefix(subject: AssignedCertificate, context: Context, *, shortest: int, longest: int) -> Result:
    """The first label of the common name is letters and digits, of a length that Azure takes (requirement
    `name.service-name-prefix`)."""
    expected = f"a common name whose first label has {shortest} to {longest} letters and digits, or is a wildcard"
    observed = str(subject.certificate.subject) or "empty subject"
    for common_name in subject.certificate.subject.values(COMMON_NAME):
        if re.fullmatch(rf"(\*|[A-Za-z0-9]{{{shortest},{longest}}})\..+", common_name):
            return passed(observed, expected)
    return failed("The common name cannot be the name of a cloud service.", observed, expected)


def friendly_name_without_nul(subject: AssignedCertificate, context: Context) -> Result:
    """No friendly name holds U+0000, at which later Windows refuses to import the store (requirement
    `name.friendly-name-without-nul`)."""
    found, expected = subject.holding.friendly_names, "no NUL in the friendly name"
    if bad := [name for name in found if "\0" in name]:
        return failed("The friendly name holds a NUL character.", printable(bad[0]), expected)
    if not found and all(entry.private_key.present is None for entry in subject.holding.entries):
        message = "A certificate file holds no friendly name; supply the PFX or the certificate store."
        return not_checked(message, expected)
    return passed(", ".join(map(printable, found)) or "no friendly name", expected)


def friendly_name_excludes(subject: AssignedCertificate, context: Context, *, names: tuple[str, ...]) -> Result:
    """The friendly name is none of `names`, which the product gives to certificates of its own making."""
    found, expected = subject.holding.friendly_names, f"none of {', '.join(names)}"
    if not found:
        return not_applicable("No friendly name is known.")
    observed = ", ".join(map(printable, found))
    if not set(names).isdisjoint(found):
        message = f"The product gives the friendly name {observed} to certificates of its own making."
        return failed(message, observed, expected)
    return passed(observed, expected)


def _wanted(subject: AssignedCertificate, kind: Kind) -> list[str]:
    names = subject.system.names if subject.system is not None else ()
    return [name for name_kind, name in names if name_kind == kind]


def _unknown(subject: AssignedCertificate, kind: Kind) -> Result:
    if kind != "given":
        return not_checked(f"The {kind} name is unknown; give it in the manifest.", f"the {kind} name")
    if subject.system is not None and subject.system.names:
        return not_applicable("No name was given beside those of the manifest.")
    return not_checked("The name under which it is called is unknown; give it with --name.", "the name that is called")


def _presented(certificate: Certificate) -> tuple[str, ...]:
    """The names a client compares with: DNS entries, or else the most specific common name (RFC 2818 3.1)."""
    return certificate.dns_names or certificate.subject.values(COMMON_NAME)[-1:]


def answers_to(certificate: Certificate, host: str) -> bool:
    """True where a TLS client that calls `host` accepts the certificate's names, wildcards included. Raises
    UnreadableFieldError."""
    return any(_matches(entry, host, wildcard=True) for entry in _presented(certificate))


def _matches(entry: str, name: str, *, wildcard: bool) -> bool:
    entry, name = folded(entry), folded(name).removesuffix(".")
    if wildcard and entry.startswith("*."):
        return name.partition(".")[2] == entry[2:]
    return entry == name


def _is_fully_qualified(name: str) -> bool:
    return "." in name.strip(".") and not re.fullmatch(r"[\d.]+|.*:.*", name)


def _reason(certificate: Certificate, missing: list[str]) -> str:
    """The missing names, and what stands where they should."""
    text = ", ".join(map(printable, missing))
    presented = {folded(entry) for entry in _presented(certificate)}
    common_names = {folded(name) for name in certificate.subject.values(COMMON_NAME)}
    for name in map(folded, missing):
        if name.partition(".")[0] in presented and "." in name:
            return f"{text}; it holds the short name only"
        if name in common_names:
            return f"{text} where clients look: beside DNS entries the common name does not count"
        if any(_matches(entry, name, wildcard=True) for entry in presented):
            return f"{text}; it holds a wildcard only, which does not count here"
    return text


def _joins_hosts(text: str) -> bool:
    first, *others = text.split("&")
    return bool(others) and all("." in part for part in (first, *others))


def _shown(certificate: Certificate) -> str:
    """Subject and alternative names as a report shows them."""
    names = ", ".join(map(str, certificate.subject_alternative_names))
    return f"subject {certificate.subject or 'empty'}; alternative names {names or 'none'}"


def _texts(certificate: Certificate) -> Iterator[tuple[str, int]]:
    """Each piece of text in subject and alternative names, with the highest character it may hold."""
    yield from _values(certificate.subject)
    for general_name in certificate.subject_alternative_names:
        if general_name.kind == DIRECTORY_NAME and general_name.directory is not None:
            yield from _values(general_name.directory)
        elif general_name.kind not in (IP_ADDRESS, REGISTERED_ID):
            yield general_name.text, 0xFF if general_name.kind == OTHER_NAME else 0x7F


def _values(name: Name) -> Iterable[tuple[str, int]]:
    return ((attribute.text, 0xFF) for attribute in name)


CHECKS: tuple[Check, ...] = (
    bears,
    subject_bears,
    no_wildcard,
    no_joined_names,
    subject_present,
    present,
    single_byte,
    signing_subject,
    service_name_prefix,
    friendly_name_without_nul,
    friendly_name_excludes,
)
