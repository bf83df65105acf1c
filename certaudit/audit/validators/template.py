"""Certificate template extensions: what Active Directory Certificate Services says it issued the certificate from.

Neither extension proves much. The version 2 one holds the template's object identifier and revision, not its schema
version: a version 3 template cannot be told from it (source `win-pki`: 1.3.6.1.4.1.311.21.7).
"""

from __future__ import annotations

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    passed,
)
from certaudit.printable import printable
from certaudit.x509.certificate import Certificate

_VERSION_1 = "the name stands for a version 1 template, whose contents nobody can change (permissions apart)"
_VERSION_2 = (
    "identifier and revision of the template are no schema version: whether it is a version 3 template, with a key "
    "that Configuration Manager 2007 cannot use, shows in the provider of the key alone"
)


def shown(subject: AssignedCertificate, context: Context) -> Result:
    """Shows the template, and what that does and does not prove (requirement `template.shown`)."""
    observed = _observed(subject.certificate)
    if observed is None:
        return not_applicable("The certificate names no template, as one that does not come from an AD CS template.")
    remarks = [_VERSION_1] if subject.certificate.template_name is not None else []
    remarks += [_VERSION_2] if subject.certificate.template is not None else []
    return passed(observed, "any template", "; ".join(remarks))


def excludes(subject: AssignedCertificate, context: Context, *, names: tuple[str, ...]) -> Result:
    """The version 1 template is none of `names` (its unlocalised name, as the extension holds it)."""
    found = subject.certificate.template_name
    if found is None:
        return not_applicable("The certificate names no version 1 template.")
    observed, expected = f"version 1 template {printable(found)}", f"none of {', '.join(names)}"
    if found.casefold() in {name.casefold() for name in names}:
        message = f"The certificate comes from the template {printable(found)}, which is not for this role."
        return failed(message, observed, expected)
    return passed(observed, expected)


def _observed(certificate: Certificate) -> str | None:
    name, template = certificate.template_name, certificate.template
    parts = [f"version 1 template {printable(name)}"] if name is not None else []
    if template is not None:
        revision = ".".join(str(number) for number in (template.major, template.minor) if number is not None)
        parts.append(f"template {template.oid}" + (f", revision {revision}" if revision else ""))
    return "; ".join(parts) or None


CHECKS: tuple[Check, ...] = (shown, excludes)
