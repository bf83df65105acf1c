"""JUnit XML for pipelines: a suite for each system, a case for each requirement about each role and certificate.

A failed error or warning is a failure; an error that could not be checked is an error; what is waived, does not apply,
or is of lesser severity and could not be checked is skipped. A notice fails nothing: it is in the output of its case.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from certaudit.document.attention import is_gap
from certaudit.document.report_objects import Document, FindingObject
from certaudit.reports import Options


def write(document: Document, options: Options) -> bytes:
    """The findings, after the schema that Jenkins' xUnit plugin publishes (junit-10.xsd)."""
    suites: dict[str, list[FindingObject]] = {}
    for finding in document["findings"]:
        name = finding["system"] or ("trust lists" if finding["role"] else "the site")
        suites.setdefault(name, []).append(finding)
    top = ElementTree.Element("testsuites", name="certaudit")
    for name, findings in suites.items():
        suite = ElementTree.SubElement(top, "testsuite", name=name, timestamp=document["as_of"][:19])
        for finding in findings:
            _case(suite, finding)
        _count(suite, suite)
    _count(top, top.iter("testsuite"))
    ElementTree.indent(top)
    data: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _count(element: ElementTree.Element, within: Iterable[ElementTree.Element]) -> None:
    """Sets the counts of a suite, or of all suites."""
    cases = [case for suite in within for case in suite.iter("testcase")]
    element.set("tests", str(len(cases)))
    for name, word in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        if name != "skipped" or element.tag == "testsuite":
            element.set(name, str(sum(case.find(word) is not None for case in cases)))


def _case(suite: ElementTree.Element, finding: FindingObject) -> None:
    about = (finding["certificate"] or "")[:16] or finding["subject"]
    case = ElementTree.SubElement(
        suite,
        "testcase",
        name=finding["requirement"] + (f" ({about})" if about else ""),
        classname=f"certaudit.{finding['role'] or 'site'}",
        time="0",
    )
    word = _outcome(finding)
    if word is not None:
        answer = ElementTree.SubElement(case, word, type=finding["severity"], message=finding["message"])
        answer.text = _detail(finding)
    elif finding["status"] == "fail":
        ElementTree.SubElement(case, "system-out").text = f"notice: {finding['message']}"


def _outcome(finding: FindingObject) -> str | None:
    """The element that says how it came out; None for a pass."""
    if finding["waiver"] is not None or finding["status"] == "not-applicable":
        return "skipped"
    if finding["status"] == "not-checked":
        return "error" if is_gap(finding) else "skipped"
    return "failure" if finding["status"] == "fail" and finding["severity"] != "notice" else None


def _detail(finding: FindingObject) -> str:
    parts = (
        ("waived", finding["waiver"]),
        ("observed", finding["observed"]),
        ("expected", finding["expected"]),
        ("sees", finding["consequence"] if finding["status"] == "fail" else None),
        ("fix", finding["remediation"] if finding["status"] == "fail" else None),
        ("source", "; ".join(finding["citations"])),
    )
    return "\n".join(f"{label}: {text}" for label, text in parts if text)
