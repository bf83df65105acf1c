"""Every check by the name that rows call it by, `module.function`."""

from __future__ import annotations

from importlib import import_module

from certaudit.audit.validators.binding import Check

MODULES = (
    "bound",
    "chain",
    "connections",
    "coverage",
    "crl",
    "deployment",
    "drivers",
    "extended_key_usage",
    "gateway",
    "identity",
    "inputs",
    "key_usage",
    "media",
    "media_protection",
    "media_roots",
    "name",
    "origin",
    "pfx",
    "private_key",
    "public_key",
    "public_trust",
    "pxe",
    "registered_certificates",
    "registry_facts",
    "revocation",
    "signature",
    "site_version",
    "store",
    "store_issuers",
    "template",
    "toolchain",
    "validity",
)

CHECKS: dict[str, Check] = {
    f"{name}.{check.__name__}": check
    for name in MODULES
    for check in import_module(f"certaudit.audit.validators.{name}").CHECKS
}
