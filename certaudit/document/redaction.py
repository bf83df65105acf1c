"""A report without the names of the site: each is replaced by a pseudonym, the same one everywhere.

Nobody who has the report alone can work a name back: pseudonyms are numbers in order of appearance, or, where a key is
given, keyed hashes, which are then the same in every report with that key. Thumbprints go too, because a certificate of
a public CA can be looked up by them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from certaudit.document.report_objects import Document
from certaudit.printable import printable
from certaudit.site.roles import CERTIFICATE_ROLES, SITE_SYSTEM_ROLES

_NAMES = {
    "system": "system",
    "systems": "system",
    "host": "host",
    "subject": "subject",
    "subjects": "subject",
    "issuer": "subject",
    "serial": "serial",
    "names": "name",
    "path": "input",
    "input": "input",
    "entry": "entry",
    "store": "store",
    "location": "location",
    "friendly_name": "label",
    "container": "container",
    "template": "template",
    "crl_distribution_points": "address",
    "authority_information_access": "address",
    "owner": "person",
    "code": "site",
    "name": "site",
}
"""The fields that are a name as a whole, and what their pseudonyms are called. `code` and `name` are the site's."""
_TEXTS = {
    "title",
    "message",
    "observed",
    "expected",
    "consequence",
    "shows",
    "remediation",
    "what",
    "waiver",
    "reason",
    "error",
    "remarks",
    "anomalies",
    "warnings",
    "refused_by_openssl",
}
"""The fields that are sentences in which names occur."""
_DIGESTS = {
    "sha256",
    "sha1",
    "certificate",
    "certificates",
    "candidates",
    "thumbprint",
    "was",
    "now",
    "key_identifier",
    "authority_key_identifier",
}
_KEPT = re.compile(r"|-|My|Root|CA|LocalMachine|CurrentUser|(?:certificate|key|CRL) \d+")
"""Values of those fields that name nobody."""
_ROLES = {*CERTIFICATE_ROLES, *SITE_SYSTEM_ROLES}
_BUILT_IN = {"schema", "tool", "as_of", "started", "finished", "release", "mode", "verdict", "controls"}
_COMPARED = ("new", "fixed", "changed", "unchanged", "unknown")
_FILE_ENDINGS = "log|exe|dll|ini|xml|toml|cer|crt|crl|pfx|p12|p7b|iso|wim|msi|txt|dat|inf|ps1|cmd|bat|json"
_UNNAMED = re.compile(
    r"(?P<path>(?<![\w/\\])(?:[A-Za-z]:)?(?:[\\/]+[\w.@~-]+){2,})"
    r"|(?P<address>\b(?:https?|ldaps?|file|ftp)://[^\s,;)>\"']+)"
    r"|(?P<person>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?P<name>\b(?:[A-Za-z0-9_*-]+\.)+(?!(?:{_FILE_ENDINGS})\b)[A-Za-z][A-Za-z0-9-]+\b)"
    r"|(?P<host>(?<![\d.])(?!2\.5\.)\d{1,3}(?:\.\d{1,3}){3}(?![\d.]))"
    r"|(?P<digest>\b(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40})\b)"
)
"""What is a name by its look, for those that stand in a sentence and nowhere else."""
_WORD = re.compile(r"\w+")
_LDAP_VALUE = re.compile(r"(?:^|[/,])[A-Za-z]+=([^,/?]+)")
_OF_THE_DIRECTORY = {"cdp", "aia", "public key services", "services", "configuration"}
"""The containers of Active Directory in which every forest keeps its CRLs."""
_HELD_AGAINST = re.compile(r"(?:intranet|internet|NLB|given) name (.+)")
"""What the checks of names expect: the names that no field of the report holds."""
_DN_VALUE = re.compile(r"(?:^|[,+])[A-Za-z0-9.]+=((?:\\.|[^,+\\])*)")


def redacted(document: Document, key: bytes | None = None) -> Document:
    """`document` without names, serial numbers and thumbprints; with `key`, every report has the same pseudonyms."""
    result: Document = _Redaction(key).of(document)
    return result


class _Redaction:
    """The pseudonyms of one report, by the name in lower case that each stands for."""

    def __init__(self, key: bytes | None) -> None:
        self._key = key
        self._pseudonyms: dict[str, str] = {}
        self._numbers = Counter[str]()
        self._fingerprints: dict[str, str] = {}
        self._requirements: set[str] = set()
        self._everyday: set[str] = set()
        self._by_first_word: dict[str, list[tuple[str, str]]] = {}
        self._texts: dict[str, str] = {}

    def of(self, document: Document) -> Any:
        """The redacted report. Names are gathered from the fields first, so that sentences can be searched for them."""
        self._requirements = {finding["requirement"] for finding in document["findings"]}
        titles = " ".join(finding["title"] for finding in document["findings"])
        self._everyday = {word.lower() for word in _WORD.findall(titles)}
        fields = list(_names_in(document))
        for kind, value in sorted(fields, key=lambda field: field[0] != "system"):
            self._learn(kind, value)
        for name in sorted(self._pseudonyms, key=lambda name: (-len(name), name)):
            if first := _WORD.search(name):
                self._by_first_word.setdefault(first[0], []).append((name[first.start() :], self._pseudonyms[name]))
        made: dict[str, Any] = {
            key: value if key in _BUILT_IN else self._walk(key, value) for key, value in document.items()
        }
        made |= {"redacted": True, "tool": {**document["tool"], "catalogue": self._catalogue(document)}}
        made["waivers"] = [self._referring(waiver, ("findings",)) for waiver in made["waivers"]]
        if "baseline" in made:
            made["baseline"] = self._referring(made["baseline"], _COMPARED)
        return made

    def _catalogue(self, document: Document) -> dict[str, str]:
        """Built-in files are in a folder; the name of any other is the organisation's own."""
        files = document["tool"]["catalogue"]
        return {name if "/" in name else self._pseudonym("requirements", name): files[name] for name in files}

    def _learn(self, kind: str, value: str) -> None:
        """Makes the pseudonym of a name, and of the parts of it by which sentences call it."""
        if kind == "name":
            value = value.partition(":")[2]
        self._pseudonym(kind, value)
        for part in _parts(kind, value):
            if part not in _ROLES and part.lower() not in self._everyday:
                self._pseudonym("name", part)

    def _pseudonym(self, kind: str, value: str) -> str:
        """`system-3`, or `system-` and a keyed hash."""
        name = value.lower()
        if name not in self._pseudonyms:
            self._numbers[kind] += 1
            number = str(self._numbers[kind]) if self._key is None else self._keyed(self._key, name)
            self._pseudonyms[name] = f"{kind}-{number}"
        return self._pseudonyms[name]

    @staticmethod
    def _keyed(key: bytes, name: str) -> str:
        return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:12]

    def _digest(self, value: str) -> str:
        """A digest of the same length and case, of nothing but its pseudonym."""
        made = hashlib.sha256(self._pseudonym("digest", value).encode()).hexdigest()[: len(value)]
        return made if value.islower() else made.upper()

    def _text(self, value: str) -> str:
        if value not in self._texts:
            self._texts[value] = _UNNAMED.sub(self._unnamed, self._without_names(value))
        return self._texts[value]

    def _without_names(self, text: str) -> str:
        """`text` with every known name in it replaced, the longest where several begin at one word."""
        parts, done = [], 0
        for word in _WORD.finditer(text):
            if word.start() < done:
                continue
            for name, pseudonym in self._by_first_word.get(word[0].lower(), ()):
                end = word.start() + len(name)
                if text[word.start() : end].lower() == name and not re.match(r"\w", text[end : end + 1]):
                    parts += [text[done : word.start()], pseudonym]
                    done = end
                    break
        return "".join((*parts, text[done:]))

    def _unnamed(self, match: re.Match[str]) -> str:
        kind, found = str(match.lastgroup), match[0]
        if found in self._requirements:
            return found
        return self._digest(found) if kind == "digest" else self._pseudonym(kind, found)

    def _walk(self, field: str, value: Any) -> Any:
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, list):
            return [self._walk(field, item) for item in value]
        return self._leaf(field, value) if isinstance(value, str) else value

    def _object(self, value: dict[str, Any]) -> dict[str, Any]:
        made = {key: self._walk(key, item) for key, item in value.items() if key not in ("code", "name")}
        for key in ("code", "name"):
            if key in value:
                is_site = "mode" in value and value[key] is not None
                made[key] = self._pseudonym("site", value[key]) if is_site else value[key]
        if "fingerprint" in value:
            subject = value["subject"]
            made["subject"] = subject and (self._pseudonyms.get(subject.lower()) or self._text(subject))
            made["fingerprint"] = self._fingerprint(value["fingerprint"], made)
        return {key: made[key] for key in value}

    def _leaf(self, field: str, value: str) -> str:
        if field in _DIGESTS:
            return self._digest(value)
        if field in _TEXTS:
            return self._text(value)
        kind = _NAMES.get(field)
        if kind is None or _KEPT.fullmatch(value):
            return value
        if kind == "name":
            label, _, name = value.partition(":")
            return f"{label}:{self._pseudonym(kind, name)}"
        return self._pseudonym(kind, value)

    def _fingerprint(self, old: str, finding: dict[str, Any]) -> str:
        """Made anew from the pseudonyms: from the old one a name could be guessed and tried."""
        about = finding["certificate"] or finding["subject"] or ""
        parts = (finding["requirement"], finding["role"] or "", finding["system"] or "", about)
        self._fingerprints[old] = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
        return self._fingerprints[old]

    def _referring(self, entry: dict[str, Any], lists: tuple[str, ...]) -> dict[str, Any]:
        """`entry` with the fingerprints in its lists made anew, those too that only an older report holds."""
        return entry | {
            name: [self._fingerprints.get(old) or self._digest(old) for old in entry[name]] for name in lists
        }


def _parts(kind: str, value: str) -> Iterator[str]:
    """What sentences call the thing by, beside the whole name; they have it without the escapes of RFC 4514."""
    plain = _unescaped(value)
    match kind:
        case "subject":
            values = _DN_VALUE.findall(value)
            yield from (part for part in (*values, *map(_unescaped, values)) if len(part) > 3)
        case "address":
            where = plain.partition(":")[2]
            yield from (value.partition(":")[2], where)
            host, *_ = re.split(r"[/:?]", unquote(where).partition("//")[2].lstrip("\\").replace("\\", "/"))
            named = _LDAP_VALUE.findall(unquote(where)) if where.lower().startswith("ldap") else []
            yield from (part for part in (host, *named) if len(part) > 2 and part.lower() not in _OF_THE_DIRECTORY)
        case "name":
            yield plain
        case "system" | "input":
            labels = re.split(r"[/\\.\s]+", value)
            yield from (part for part in labels if len(part) > 2 and re.search(r"[\d-]", part))
            yield from labels[:1] if kind == "system" and len(labels[0]) > 2 else ()


def _unescaped(value: str) -> str:
    return printable(re.sub(r"\\(.)", r"\1", value))


def _names_in(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """(kind, name) for every field of the document that is a name."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "subject" and "fingerprint" in value:
                continue
            if key not in ("code", "name") or "mode" in value:
                yield from _names_in(item, key)
            if key == "expected" and isinstance(item, str) and (held := _HELD_AGAINST.fullmatch(item)):
                yield from (("system", name) for name in held[1].split(", "))
    elif isinstance(value, list):
        for item in value:
            yield from _names_in(item, field)
    elif isinstance(value, str) and field in _NAMES and not _KEPT.fullmatch(value):
        yield _NAMES[field], value
