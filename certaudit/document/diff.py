"""Two reports held against each other: what is new, fixed, changed and unchanged, by fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from certaudit.document.attention import is_open
from certaudit.document.report_objects import BaselineObject, Document, FindingObject, RenewalObject
from certaudit.document.vocabulary import SEVERITIES
from certaudit.errors import UsageError

_VERDICTS = ("compliant", "incomplete", "non-compliant")


@dataclass(frozen=True, slots=True)
class Change:
    """A failure or a gap as it was and as it is; None where it was not, or is no more."""

    was: FindingObject | None
    now: FindingObject | None

    @property
    def is_worse(self) -> bool:
        """True where it is new, or weighs more than it did."""
        if self.was is None or self.now is None:
            return self.was is None
        return _weight(self.now) > _weight(self.was)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an old and a new report say of failures and gaps that no waiver accepts.

    `unknown` were there, and the new run cannot tell whether they still are: it is incomplete, their system is no
    longer part of it, or their requirement was not asked. `renewed` are certificates that took the place of another in
    the same role; their findings are held against those of the other.
    """

    old: Document
    latest: Document
    new: tuple[Change, ...]
    fixed: tuple[Change, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[Change, ...]
    unknown: tuple[Change, ...]
    renewed: tuple[RenewalObject, ...]

    @property
    def catalogue_differs(self) -> bool:
        """True where other requirements were asked: what is new may have been there all along."""
        return self.old["tool"]["catalogue"] != self.latest["tool"]["catalogue"]

    @property
    def is_worse(self) -> bool:
        """True where anything got worse: a finding, the verdict, or that the run is incomplete now."""
        verdicts = [_VERDICTS.index(document["verdict"]) for document in (self.old, self.latest)]
        return (
            verdicts[1] > verdicts[0]
            or (self.old["complete"] and not self.latest["complete"])
            or any(change.is_worse for change in (*self.new, *self.changed))
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences on why the two compare badly, where they do."""
        return tuple(_remarks(self))


def compare(old: Document, new: Document) -> Comparison:
    """What changed from `old` to `new`. Raises UsageError where one is redacted and the other is not."""
    if old.get("redacted", False) != new.get("redacted", False):
        raise UsageError("one of the reports is redacted and the other is not: their names cannot be compared")
    renewed = tuple(_renewed(old, new))
    successor = {(entry["role"], entry["system"], entry["was"]): entry["now"] for entry in renewed}
    before = {_key(finding, successor): finding for finding in old["findings"]}
    after = {_key(finding, {}): finding for finding in new["findings"]}
    dropped = _dropped(old, new)
    found: dict[str, list[Change]] = {name: [] for name in ("new", "fixed", "changed", "unchanged", "unknown")}
    for key, was in before.items():
        now = after.get(key)
        if is_open(was) and (now is None or not is_open(now)):
            told = (now is not None or _is_told(was, new)) and (was["requirement"], was["role"]) not in dropped
            found["fixed" if told else "unknown"].append(Change(was, now))
    for key, now in after.items():
        was_before = before.get(key)
        if not is_open(now):
            continue
        if was_before is None or not is_open(was_before):
            found["new"].append(Change(None, now))
        else:
            same = _weight(was_before) == _weight(now) and was_before["observed"] == now["observed"]
            found["unchanged" if same else "changed"].append(Change(was_before, now))
    return Comparison(old, new, renewed=renewed, **{name: tuple(changes) for name, changes in found.items()})


def _key(finding: FindingObject, successor: dict[tuple[str, str, str], str]) -> tuple[str | None, ...]:
    """What a fingerprint is made of, with the certificate's successor in its place where it was renewed."""
    certificate, role, system = finding["certificate"], finding["role"], finding["system"]
    if certificate and role and system:
        certificate = successor.get((role, system, certificate), certificate)
    return finding["requirement"], role, system, certificate, None if certificate else finding["subject"]


def _weight(finding: FindingObject) -> tuple[int, bool]:
    """How heavy a finding weighs: by severity, and a failure more than what could not be checked."""
    return -SEVERITIES.index(finding["severity"]), finding["status"] == "fail"


def _is_told(was: FindingObject, new: Document) -> bool:
    """True where the new run would have found it again: it speaks of that system, and is complete, or it holds a
    certificate for that role."""
    if was["system"] is not None and was["system"] not in _systems(new):
        return False
    if new["complete"]:
        return True
    return any(
        entry["system"] == was["system"] and entry["role"] == was["role"] and entry["state"] == "assigned"
        for entry in new["coverage"]
    )


def _dropped(old: Document, new: Document) -> set[tuple[str, str | None]]:
    """The requirements, each with a role, that were asked of something in the old report and of nothing in the new one,
    where that has another release, mode or catalogue: what failed them is not fixed by that."""
    same_kind = all(old.get(word) == new.get(word) for word in ("release", "mode"))
    if same_kind and old["tool"]["catalogue"] == new["tool"]["catalogue"]:
        return set()
    asked, still_asked = (
        {(entry["requirement"], entry["role"]) for entry in document["findings"] if entry["status"] != "not-applicable"}
        for document in (old, new)
    )
    return asked - still_asked


def _systems(document: Document) -> set[str | None]:
    return {entry["system"] for entry in (*document["coverage"], *document["findings"])}


def _renewed(old: Document, new: Document) -> Iterator[RenewalObject]:
    """Where a role of a system had one certificate that it has no more, and has one that it had not."""
    before, after = _holders(old), _holders(new)
    for (role, system), held in after.items():
        gone = before.get((role, system), set()) - held
        come = held - before.get((role, system), set())
        if len(gone) == len(come) == 1:
            yield {"role": role, "system": system, "was": gone.pop(), "now": come.pop()}


def _holders(document: Document) -> dict[tuple[str, str], set[str]]:
    holders: dict[tuple[str, str], set[str]] = {}
    for entry in document["coverage"]:
        if entry["certificate"] is not None and entry["system"] is not None:
            holders.setdefault((entry["role"], entry["system"]), set()).add(entry["certificate"])
    return holders


def _remarks(comparison: Comparison) -> Iterator[str]:
    old, latest = comparison.old, comparison.latest
    if latest.get("redacted", False):
        yield "both reports are redacted, and their pseudonyms are the same with the same --redact-key alone"
    elif _site(old) != _site(latest):
        yield "the reports are on different sites"
    for word in ("release", "mode"):
        if old.get(word) != latest.get(word):
            yield f"the {word} was {old.get(word)} and is {latest.get(word)}: other requirements apply"
    if comparison.catalogue_differs:
        yield "the requirements differ between the reports: what is new may only never have been asked"
    if old["as_of"] > latest["as_of"]:
        yield f"the old report is of {old['as_of'][:10]}, later than the new one"
    for name, document in (("old", old), ("new", latest)):
        if not document["complete"]:
            yield f"the {name} report is incomplete: something that is required could not be checked or read"


def _site(document: Document) -> str | None:
    return document["site"] and document["site"]["code"]


def baseline_object(comparison: Comparison) -> BaselineObject:
    """The comparison as the new report holds it."""
    return {
        "as_of": comparison.old["as_of"],
        "verdict": comparison.old["verdict"],
        "complete": comparison.old["complete"],
        "catalogue_differs": comparison.catalogue_differs,
        "new": _fingerprints(change.now for change in comparison.new),
        "fixed": _fingerprints(change.was for change in comparison.fixed),
        "changed": _fingerprints(change.now for change in comparison.changed),
        "unchanged": _fingerprints(change.now for change in comparison.unchanged),
        "unknown": _fingerprints(change.was for change in comparison.unknown),
        "renewed": list(comparison.renewed),
    }


def _fingerprints(findings: Iterable[FindingObject | None]) -> list[str]:
    return [finding["fingerprint"] for finding in findings if finding is not None]
