"""The HTML report without a browser: what is in it, what is not, and that hostile text stays text."""

from __future__ import annotations

import base64
import copy
import hashlib
import re
import sys
from collections import Counter
from html.parser import HTMLParser

import pytest

from certaudit.document.attention import is_failure
from certaudit.document.report_objects import Document, FindingObject, controls_of
from certaudit.document.short_names import short_name
from certaudit.errors import UsageError
from certaudit.reports import Options, write
from certaudit.reports.html import LONGEST_TEXT
from certaudit.reports.html.chain_picture import pictures_of
from certaudit.reports.html.groups import SHOWN_IN_FULL, groups_of
from certaudit.reports.html.matrix import matrix_of
from certaudit.reports.html.page import page_of
from certaudit.reports.html.timeline import MOST_BARS, timeline_of
from tests.reports.hostile import MARKUP, hostile


class _Elements(HTMLParser):
    """Every start tag with its attributes, and the text of the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def html(document: Document, *, verbose: bool = False) -> str:
    return write(document, "html", Options(verbose=verbose)).decode()


def failure(document: Document) -> FindingObject:
    return next(finding for finding in document["findings"] if is_failure(finding) and finding["system"])


def test_the_first_screen_of_the_broken_site(broken: Document) -> None:
    page = html(broken)
    assert "<title>NOT READY: Contoso primary site, broken (S01)</title>" in page
    summary = page_of(broken, Options()).summary
    assert summary.verdict == "NOT READY"
    assert summary.deadline is not None
    assert summary.deadline["when"].startswith("2010-03-08")
    assert summary.distance == "in 7 days"
    assert len(summary.steps) == 5
    assert {step.when for step in summary.steps} == {"now"}
    assert all(f'id="{step.target}"' in page for step in summary.steps)


def test_the_first_screen_of_the_sound_site_says_what_comes(sound: Document) -> None:
    summary = page_of(sound, Options()).summary
    assert summary.verdict == "READY"
    assert not summary.broken
    assert summary.steps[0].when == "by 2010-05-17, in 77 days"
    assert "CRL of Contoso Issuing CA 1" in summary.steps[0].why


def test_every_failure_is_there_with_its_fingerprint(broken: Document) -> None:
    page = html(broken)
    for group in page_of(broken, Options()).failures:
        assert all(finding["fingerprint"] in page for finding in group.shown)
        assert all(name in page for name in group.further)


def test_inputs_certificates_and_catalogue_are_there_with_their_hashes(broken: Document) -> None:
    page = html(broken)
    for item in broken["inputs"]:
        assert item["sha256"] is None or item["sha256"] in page
    for certificate in broken["certificates"]:
        assert certificate["sha256"] in page
    for digest in broken["tool"]["catalogue"].values():
        assert digest in page


def test_the_policy_comes_first_and_its_hashes_hold(sound: Document) -> None:
    page = html(sound)
    names = [tag for tag, _ in _Elements(page).tags]
    assert names[:4] == ["html", "head", "meta", "meta"]
    policy = _Elements(page).tags[3][1]["content"] or ""
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("name", ["sound", "broken"])
def test_nothing_is_fetched_run_or_styled_from_an_attribute(name: str, request: pytest.FixtureRequest) -> None:
    for tag, attributes in _Elements(html(request.getfixturevalue(name))).tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "audio", "video", "use", "image"}
        for attribute, value in attributes.items():
            assert not attribute.startswith("on")
            assert attribute not in {"style", "src", "srcset", "action", "formaction", "xlink:href", "ping"}
            assert attribute != "href" or (value or "").startswith("#")


@pytest.mark.parametrize("name", ["sound", "broken"])
def test_every_link_leads_somewhere(name: str, request: pytest.FixtureRequest) -> None:
    tags = _Elements(html(request.getfixturevalue(name))).tags
    ids = Counter(attributes["id"] for _, attributes in tags if "id" in attributes)
    assert max(ids.values()) == 1
    for _, attributes in tags:
        if "href" in attributes:
            assert (attributes["href"] or "")[1:] in ids
        for name in (attributes.get("aria-labelledby") or "").split():
            assert name in ids


def test_hostile_text_adds_no_element_and_no_attribute(broken: Document) -> None:
    plain, attacked = _Elements(html(broken)), _Elements(html(hostile(broken)))
    known = {(tag, attribute) for tag, attributes in plain.tags for attribute in attributes}
    assert {tag for tag, _ in attacked.tags} <= {tag for tag, _ in plain.tags}
    assert {(tag, attribute) for tag, attributes in attacked.tags for attribute in attributes} <= known
    assert sum(tag == "script" for tag, _ in attacked.tags) == 1
    text = "".join(attacked.text)
    assert all(markup in text for markup in MARKUP)


def test_without_jinja_it_is_one_sentence(sound: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(UsageError, match=r"needs Jinja; install it with: pip install 'certaudit\[html\]'"):
        html(sound)


def test_one_fault_of_many_clients_is_one_finding(broken: Document) -> None:
    first = failure(broken)
    many: list[FindingObject] = []
    for number in range(412):
        name = f"ws{number:04}.contoso.com"
        text = first["remediation"].replace(first["system"] or "", name)
        many.append(
            {**first, "system": name, "remediation": text, "fingerprint": f"{number:032x}", "certificate": None}
        )
    (group,) = groups_of(broken, many, "finding")
    assert group.where == f"ws0000.contoso.com, ws0001.contoso.com and 410 more, {first['role']}"
    assert len(group.shown) == SHOWN_IN_FULL
    assert len(group.further) == 412 - SHOWN_IN_FULL
    page = html({**broken, "findings": many})
    assert page.count("ws0411.contoso.com") >= 1
    assert page.count('class="finding"') == 1


def test_different_faults_stay_apart(broken: Document) -> None:
    failures = [finding for finding in broken["findings"] if is_failure(finding)]
    groups = groups_of(broken, failures, "finding")
    assert sum(len(group.members) for group in groups) == len(failures)
    for group in groups:
        assert len({(f["requirement"], f["severity"]) for f in group.members}) == 1
    assert [group.severity for group in groups] == sorted((g.severity for g in groups), key="error warning notice".find)


def test_gaps_with_one_reason_are_one_whichever_requirement_has_it(broken: Document) -> None:
    page = page_of(broken, Options())
    (group,) = [group for group in page.gaps if group.first["message"].lower().startswith("the path cannot be checked")]
    assert len(group.requirements) > 3


def test_roles_with_the_same_results_share_a_row(sound: Document) -> None:
    rows = [*matrix_of(sound, False).attention, *matrix_of(sound, False).sound]
    (row,) = [row for row in rows if row.role == "client"]
    assert set(row.systems) == {"ws0001.contoso.com", "lt0042.contoso.com"}
    asked = {finding["requirement"] for finding in sound["findings"] if finding["role"] == "client"}
    assert {f"{subject}.{result.name}" for subject, results in row.subjects for result in results} == asked


def test_what_was_seen_of_a_pass_is_told_on_request(sound: Document) -> None:
    assert all(not r.observed for row in matrix_of(sound, False).sound for _, results in row.subjects for r in results)
    assert len(html(sound, verbose=True)) > len(html(sound)) + 1000


def test_the_worst_mark_of_a_subject_is_shown(broken: Document) -> None:
    matrix = matrix_of(broken, False)
    (row,) = [row for row in matrix.attention if "dp-revoked.contoso.com" in row.systems]
    cell = row.cells[matrix.headings.index("Revo\u00adcation")]
    assert cell is not None
    assert (cell.symbol, cell.word) == ("✖", "error")


def test_later_ends_share_a_line_a_month(broken: Document) -> None:
    timeline = timeline_of(broken)
    assert timeline is not None
    assert MOST_BARS < len(timeline.bars) < 2 * MOST_BARS
    assert timeline.bars[0].state == "expired"
    assert [bar.span.end for bar in timeline.bars] == sorted(bar.span.end for bar in timeline.bars)
    assert any("CRLs, 2011-06" in bar.label for bar in timeline.bars)
    assert all(timeline.label < bar.end <= timeline.width for bar in timeline.bars)


def test_without_certificates_there_is_no_timeline(sound: Document) -> None:
    empty: Document = {**sound, "chains": [], "next_failures": [], "certificates": [], "findings": [], "coverage": []}
    assert timeline_of(empty) is None
    assert "There is nothing to do." in html(empty)


def test_chains_alike_are_one_picture(sound: Document) -> None:
    (picture,) = pictures_of(sound)
    assert (picture.verdict, len(picture.boxes), len(picture.users)) == ("Sound", 3, 12)
    assert picture.boxes[0].lines[0] == "12 certificates"
    assert picture.boxes[-1].lines[2].startswith("trust anchor")


def test_a_chain_that_breaks_says_where(broken: Document) -> None:
    pictures = pictures_of(broken)
    assert [picture.tone for picture in pictures][-1] == "pass"
    (revoked,) = [p for p in pictures if "dp-issuer-revoked.contoso.com, web-server" in p.users]
    assert [box.trouble for box in revoked.boxes] == ["", "revocation: revoked", ""]
    (unlisted,) = [p for p in pictures if "dp-root-not-listed.contoso.com, web-server" in p.users]
    assert unlisted.boxes[-1].lines[0] == "(no trust anchor)"
    assert unlisted.remarks


def test_every_clause_is_counted(broken: Document) -> None:
    page = page_of(broken, Options())
    clauses = {(f.title, c.control["id"]): c for f in page.frameworks for c in f.clauses}
    failures = filter(is_failure, broken["findings"])
    wanted = Counter((c["framework"], c["id"]) for f in failures for c in controls_of(broken, f))
    assert {key: clause.failed for key, clause in clauses.items() if clause.failed} == dict(wanted)
    assert all(clause.groups for clause in clauses.values() if clause.failed)


def test_waived_findings_stay_in_sight(broken: Document) -> None:
    document = copy.deepcopy(broken)
    finding = failure(document)
    finding["waiver"] = "the branch closes (accepted by J. Doe until 2010-06-30)"
    page = page_of(document, Options())
    (group,) = page.waived
    assert group.first["fingerprint"] == finding["fingerprint"]
    assert "accepted by J. Doe until 2010-06-30" in html(document)


def test_what_is_new_since_the_baseline_is_marked(broken: Document) -> None:
    new = failure(broken)["fingerprint"]
    document: Document = {**broken}
    document["baseline"] = {
        "as_of": "2009-12-01T00:00:00Z", "verdict": "non-compliant", "complete": True, "catalogue_differs": True,
        "new": [new], "fixed": [], "changed": [], "unchanged": [], "renewed": [], "unknown": [],
    }  # fmt: skip
    page = html(document)
    assert "Since the report of 2009-12-01: 1 new" in page
    assert len(re.findall(r'<span class="tag">(?:1 )?new</span>', page)) == 1


def test_a_text_that_never_ends_is_cut(sound: Document) -> None:
    document = copy.deepcopy(sound)
    failure(document)["message"] = "x" * (LONGEST_TEXT + 10_000)
    assert "(10,000 characters more)" in html(document)


def test_what_came_over_the_network_is_named(sound: Document) -> None:
    assert "No input came over it" in html(sound)
    document = copy.deepcopy(sound)
    document["inputs"][0]["path"] = "http://pki.contoso.com/root.crl"
    assert "Used for 1 input: <bdi>http://pki.contoso.com/root.crl</bdi>" in html(document)


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("CN=mp01.contoso.com,OU=IT,O=Contoso,C=US", "mp01.contoso.com"),
        ("OU=IT,CN=a\\,b,CN=Users", "a\\,b"),
        ("OU=IT,O=Contoso", "OU=IT,O=Contoso"),
        ("O=x\\,CN=fake,CN=real", "real"),
        ("", "(no name)"),
        (None, "(no name)"),
    ],
)
def test_short_names(subject: str | None, name: str) -> None:
    assert short_name(subject) == name
