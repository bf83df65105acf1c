"""One boot media as text and as JSON (`certaudit-media/1`): what it holds, and the report on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, TypedDict

from certaudit.document.certificates import readable
from certaudit.document.inert_json import made_inert
from certaudit.document.report_objects import Document
from certaudit.document.vocabulary import Digest, Instant, Limit
from certaudit.evidence import Bootstrap, Input, Media, MediaVariables, Software
from certaudit.instants import instant
from certaudit.printable import printable
from certaudit.reports import Options, table
from certaudit.reports.json_report import dump
from certaudit.reports.plain_text import labelled
from certaudit.x509.certificate import Certificate

SCHEMA = "certaudit-media/1"

KINDS = {
    "iso": "ISO image",
    "folder": "folder",
    "variables": "media variables alone",
    "boot-var": "media variables of a PXE server",
    "prestaged": "prestaged media",
    "boot-image": "boot image with media variables in it",
}
_PROTECTION = {True: "a password protects it", False: "no password: anybody can open it", None: "not opened"}
_ADDRESSES = ("SMSTSMP", "SMSTSLOCATIONMPS")
_WORDS = {True: "yes", False: "no", None: "not said"}
_LABEL = 18


class MediaCertificateObject(TypedDict):
    """A certificate on the media, in short."""

    sha256: Digest
    sha1: str
    subject: str | None
    not_after: str | None


class BootstrapObject(TypedDict):
    """What TsmBootstrap.ini claims; null where it does not say."""

    media_type: str | None
    password_required: bool | None
    unattended: bool | None


class SoftwareObject(TypedDict):
    """A part of the deployment toolchain on the media."""

    product: str
    version: str | None
    architecture: str | None
    entry: str | None


class VariablesObject(TypedDict):
    """What the variables tell: names, and no value that would open a door."""

    site_code: str | None
    management_points: list[str]
    media_type: str | None
    unknown_computers: bool
    names: list[str]
    certificate: MediaCertificateObject | None
    root_cas: list[MediaCertificateObject]
    site_server_signing: MediaCertificateObject | None


class MediaObject(TypedDict):
    """A media; `variables` is null where they did not open."""

    path: str
    sha256: Digest | None
    kind: Annotated[str, Limit(words=tuple(KINDS))]
    password_protected: bool | None
    encryption: str | None
    trailing_bytes: int
    created: Instant | None
    has_policy: bool
    boot_image_has_variables: bool | None
    bootstrap: BootstrapObject | None
    software: list[SoftwareObject]
    variables: VariablesObject | None
    error: str | None


class MediaDocument(TypedDict):
    """The media, and the report on them."""

    schema: Annotated[str, Limit(words=(SCHEMA,))]
    media: list[MediaObject]
    report: Document


def write(inputs: Iterable[Input], report: Document, form: str, options: Options) -> str:
    """The media among `inputs` and the report in the format `form` (table or json)."""
    media = [made_inert(media_object(item, item.media)) for item in inputs if item.media is not None]
    if form == "json":
        return dump(MediaDocument(schema=SCHEMA, media=media, report=report))
    described = "\n\n".join("\n".join(_lines(entry, options)) for entry in media)
    return f"{described}\n\n{table.write(report, options)}"


def media_object(item: Input, media: Media) -> MediaObject:
    """A media as JSON shows it."""
    return {
        "path": printable(item.path),
        "sha256": item.sha256,
        "kind": media.kind,
        "password_protected": media.protected,
        "encryption": media.algorithm,
        "trailing_bytes": media.trailing_bytes,
        "created": instant(media.created) if isinstance(media.created, datetime) else None,
        "has_policy": media.has_policy,
        "boot_image_has_variables": media.boot_image_has_variables,
        "bootstrap": _bootstrap(media.bootstrap) if media.bootstrap else None,
        "software": [_software(software) for software in item.software],
        "variables": _variables(media.variables) if media.variables else None,
        "error": item.error,
    }


def _bootstrap(claims: Bootstrap) -> BootstrapObject:
    return {
        "media_type": _shown(claims.media_type),
        "password_required": claims.password_required,
        "unattended": claims.unattended,
    }


def _software(software: Software) -> SoftwareObject:
    return {
        "product": software.product,
        "version": software.version,
        "architecture": software.architecture,
        "entry": _shown(software.entry),
    }


def _variables(variables: MediaVariables) -> VariablesObject:
    return {
        "site_code": _shown(variables.site_code),
        "management_points": [printable(point) for point in variables.management_points],
        "media_type": _shown(variables.media_type),
        "unknown_computers": variables.knows_unknown_computers,
        "names": [printable(name) for name in variables.names],
        "certificate": _certificate(variables.certificate),
        "root_cas": [entry for root in variables.root_cas if (entry := _certificate(root))],
        "site_server_signing": _certificate(variables.site_signing),
    }


def _certificate(certificate: Certificate | None) -> MediaCertificateObject | None:
    if certificate is None:
        return None
    return {
        "sha256": certificate.sha256,
        "sha1": certificate.sha1,
        "subject": readable(certificate, "subject"),
        "not_after": readable(certificate, "not_after"),
    }


def _shown(text: str | None) -> str | None:
    return None if text is None else printable(text)


def _lines(media: MediaObject, options: Options) -> Iterator[str]:
    yield f"{media['path']}  ({KINDS[media['kind']]})"
    facts = [*_of_media(media), *(_of_variables(media["variables"]) if media["variables"] else ())]
    for label, text in facts:
        yield from labelled(f"  {label:<{_LABEL}}", text, options.width)


def _of_media(media: MediaObject) -> Iterator[tuple[str, str]]:
    encryption = f", {media['encryption']}" if media["encryption"] else ""
    yield "protection", f"{_PROTECTION[media['password_protected']]}{encryption}"
    if media["bootstrap"] is not None:
        claims = media["bootstrap"]
        required, unattended = _WORDS[claims["password_required"]], _WORDS[claims["unattended"]]
        media_type = claims["media_type"] or "no media type"
        yield "it claims", f"{media_type}, password required: {required}, unattended: {unattended}"
    if media["created"] is not None:
        yield "image made", media["created"]
    for software in media["software"]:
        words = (software["version"] or "version not stated", software["architecture"] or "")
        yield software["product"], " ".join(filter(None, words))
    if media["has_policy"]:
        yield "policy", "stand-alone media: it carries policy"
    if media["boot_image_has_variables"]:
        yield "boot image", "media variables are built into it"


def _of_variables(variables: VariablesObject) -> Iterator[tuple[str, str]]:
    yield "site", variables["site_code"] or "not named"
    yield "management points", ", ".join(variables["management_points"]) or "none"
    yield "certificate", _in_short(variables["certificate"])
    for root in variables["root_cas"]:
        yield "root CA", _in_short(root)
    if not variables["root_cas"]:
        yield "root CA", "none"
    yield "site signing", _in_short(variables["site_server_signing"])
    added = [name for name in variables["names"] if not name.startswith("_") and name.upper() not in _ADDRESSES]
    yield "variables", f"{len(variables['names'])}; not the product's own: {', '.join(added) or 'none'}"


def _in_short(certificate: MediaCertificateObject | None) -> str:
    if certificate is None:
        return "none"
    subject = certificate["subject"] or "(no subject)"
    return f"{subject}, SHA-1 {certificate['sha1']}, until {certificate['not_after'] or 'unreadable'}"
