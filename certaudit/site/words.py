"""What people write for a release, a role or a mode, and the word of the manifest that they mean.

Nothing is guessed: a word is understood where it can mean one thing alone, and then an error names that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from certaudit.site.releases import RELEASES
from certaudit.site.roles import CERTIFICATE_ROLES, SITE_SYSTEM_TABLE
from certaudit.site.versions import TABLE

_PRODUCTS = re.compile(
    r"\b(configuration manager|config ?mgr|configmgr|microsoft|system center|sccm|mecm|mcm|v?\.?r)\b"
)
_VERSION = re.compile(rf"\b({'|'.join(version.name for version in TABLE)}|2[7-9]0[39])\b")
"""Those that are known, and those that will follow in March and September."""
_ENHANCED = ("e-http", "enhanced", "configuration manager generated certificates")
_MODES = {
    "native": ("native mode",),
    "https": ("https only", "https mode", "pki"),
    "mixed": ("mixed mode", "http", "http only", "https or http", "http or https", "enhanced-http", *_ENHANCED),
}
"""By the word of the manifest what others call it; a site with Enhanced HTTP is one that is set to HTTPS or HTTP."""
_CONNECTIONS = {
    "https": ("https only", "pki", "ssl", "tls"),
    "enhanced-http": _ENHANCED,
    "http": ("http only", "plain http"),
    "smb": ("cifs",),
}
_CURRENT = {"cb", "current", "current branch", "currentbranch", "latest"}


def release_meant(text: str) -> str | None:
    """The release that `text` can only mean; None where it can mean several, or none."""
    word = " ".join(_PRODUCTS.sub(" ", text.casefold()).replace("-", " ").replace("_", " ").split())
    spaced = re.sub(r"(?<=\d)(?=sp|r)", " ", word.replace("service pack", "sp"))
    joined = re.sub(r"\b(sp|r) (?=\d)", r"\1", spaced).replace(" ", "-")
    if joined in RELEASES:
        return joined
    return "current-branch" if word in _CURRENT or version_meant(text) else None


def version_meant(text: str) -> str | None:
    """The version of current branch ("2403") that `text` names; None where it names none."""
    found = _VERSION.search(text)
    if found is None or re.search(r"\d", text[: found.start()] + text[found.end() :]):
        return None
    return found[0]


def release_hint(text: str) -> str | None:
    """The end of the sentence that refuses `text` as a release; None where it is not known what it means."""
    release, version = release_meant(text), version_meant(text)
    if version is not None:
        return f"; {version} is a version of it: write 'current-branch', and site_version = '{version}' in [deployment]"
    return f"; write '{release}'" if release else None


def mode_hint(text: str) -> str | None:
    """The end of the sentence that refuses `text` as a mode; None where it is not known what it means."""
    return _hint(_MODES, text)


def connections_hint(text: str) -> str | None:
    """The end of the sentence that refuses `text` as `connections`; None where it is not known what it means."""
    return _hint(_CONNECTIONS, text)


def _hint(words: Mapping[str, tuple[str, ...]], text: str) -> str | None:
    said = _letters(text)
    return next((f"; write '{word}'" for word, others in words.items() if said in map(_letters, (word, *others))), None)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def role_hint(text: str) -> str | None:
    """The end of the sentence that refuses `text` as a role; None where it is not known what it means."""
    role = role_meant(text)
    return f"; write '{role}'" if role else None


def role_meant(text: str) -> str | None:
    """The site system role, or else the certificate role, that `text` can only mean."""
    word = " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
    for role in SITE_SYSTEM_TABLE:
        if {_letters(word), _letters(word).removesuffix("s")} & set(map(_letters, (role.name, *role.short))):
            return role.name
    return next((role for role in CERTIFICATE_ROLES if role.replace("-", " ") == word), None)
