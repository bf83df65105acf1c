"""What every format says in the same words: the verdict and its counts, the site, and whom a finding is about."""

from __future__ import annotations

from certaudit.document.report_objects import BaselineObject, Document, FindingObject, SiteObject

_FIXED_BY = {"clock": "", "manifest": ", fixed by the manifest", "command-line": ", as asked for"}

STATE_WORDS = {
    "assigned": "found",
    "missing": "missing",
    "ambiguous": "ambiguous",
    "not-supplied": "no evidence",
    "not-needed": "not needed",
}


def verdict_words(document: Document) -> str:
    """The verdict as a person reads it."""
    match document["verdict"]:
        case "non-compliant":
            return "NOT READY"
        case "incomplete":
            return "CANNOT SAY"
    return "READY WITH WARNINGS" if document["summary"]["failed"]["warning"] else "READY"


def summary_words(document: Document) -> str:
    """The verdict and the counts behind it, on one line."""
    summary = document["summary"]
    counts = [counted(summary["failed"][severity], severity) for severity in ("error", "warning")]
    if summary["not_checked_required"]:
        counts.append(f"{summary['not_checked_required']} not checked")
    if summary["unreadable"]:
        counts.append(counted(summary["unreadable"], "unreadable input"))
    optional = summary["not_checked"] - summary["not_checked_required"]
    more = [f"{counted(optional, 'optional check')} not made"] if optional else []
    more += [f"{summary['waived']} waived"] if summary["waived"] else []
    return f"{verdict_words(document)}: {'; '.join(filter(None, (', '.join(counts), ', '.join(more))))}"


def weight_word(finding: FindingObject) -> str:
    """How a finding weighs: its severity, or that it is not known."""
    return "unknown" if finding["status"] == "not-checked" else finding["severity"]


def as_of_words(document: Document) -> str:
    """The instant of the audit, to the minute, and what fixed it where that was not the clock."""
    return f"{document['as_of'][:16].replace('T', ' ')} UTC{_FIXED_BY[document['as_of_source']]}"


def change_words(since: BaselineObject) -> str:
    """How many findings are new, fixed, changed and unchanged since an older report."""
    return ", ".join(f"{len(since[name])} {name}" for name in ("new", "fixed", "changed", "unchanged"))


def site_label(site: SiteObject) -> str:
    """The name of a site and its code, as far as they are known."""
    name, code = site["name"], site["code"]
    return f"{name} ({code})" if name and code else name or (f"Site {code}" if code else "")


def site_words(document: Document) -> str:
    """The site, its release and mode in words."""
    label = site_label(document["site"]) if document["site"] else ""
    return ", ".join(filter(None, (label, f"Configuration Manager {document['release']}", f"{document['mode']} mode")))


def counted(number: int, singular: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {singular}" if number == 1 else f"{number} {singular}s"
