"""What `audit` and `check` have in common: run the audit, deliver the report, give the exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from certaudit.audit.assignment import Assignment
from certaudit.audit.audit import audit
from certaudit.cli import terminal
from certaudit.cli.options import Destination
from certaudit.document.assembly import document_of
from certaudit.document.judge import exit_code
from certaudit.document.report_objects import Document
from certaudit.document.wording import summary_words
from certaudit.evidence import SiteEvidence
from certaudit.findings.waivers import Waiver, read_waivers
from certaudit.reports import Options, write
from certaudit.requirements.catalogue import read_catalogue
from certaudit.site.site import EvidencePath, Site
from certaudit.x509.certificate import Certificate


@dataclass(frozen=True)
class Job:
    """The shared options, as click hands them over."""

    destinations: tuple[Destination, ...]
    output: Path | None
    release: str | None
    as_of: datetime | None
    fail_on: str
    allow_incomplete: bool
    requirement_files: tuple[Path, ...]
    waivers: Path | None
    roots: tuple[str, ...]
    intermediates: tuple[str, ...]
    crls: tuple[str, ...]
    jobs: int
    reproducible: bool
    baseline: Path | None
    group_by: str
    redact: bool
    redact_key: Path | None
    verbose: bool
    no_color: bool
    password_file: str | None = None
    password_env: str | None = None
    fetch: bool = False
    fetch_hosts: tuple[str, ...] = ()

    def amended(self, site: Site) -> Site:
        """`site` with the release, the trust material and the password of the command line, whose paths are made
        absolute."""

        def sources(paths: tuple[str, ...]) -> tuple[EvidencePath, ...]:
            return tuple(EvidencePath(str(Path(path).absolute()), name=path) for path in paths)

        amended = replace(
            site,
            release=self.release or site.release,
            root_cas=(*site.root_cas, *sources(self.roots)),
            intermediate_cas=(*site.intermediate_cas, *sources(self.intermediates)),
            crls=(*site.crls, *sources(self.crls)),
        )
        file = None if self.password_file is None else str(Path(self.password_file).absolute())
        return amended.with_password(self.password_env, file)

    def run(
        self,
        site: Site,
        load: Callable[[Site], SiteEvidence],
        assign: Callable[[SiteEvidence], tuple[Assignment, ...]] | None = None,
        manifest: Path | None = None,
    ) -> int:
        """Audits `site`, which `manifest` describes, with the evidence that `load` gives, delivers the report and gives
        the exit code."""
        site = self.amended(site)
        wanted = terminal.destinations(self.destinations, self.output, "table", self._read(site, manifest))
        catalogue = read_catalogue(self.requirement_files, site.release)
        waivers = self._waivers(site)
        finishing = self._finishing()
        started = datetime.now(UTC)
        as_of = self.as_of or site.as_of or started
        source = "command-line" if self.as_of else "manifest" if site.as_of else "clock"
        evidence = load(site)
        if self.fetch:
            from certaudit.cli.fetching import with_fetched

            evidence = with_fetched(evidence, _served(evidence), as_of, self.fetch_hosts)
        report = audit(
            site,
            evidence,
            catalogue,
            as_of,
            assignments=assign(evidence) if assign else None,
            waivers=waivers,
        )
        report = replace(report, as_of_source=source)
        if not self.reproducible:
            report = replace(report, started=started, finished=datetime.now(UTC))
        written = document_of(report)
        for step in finishing:
            written = step(written)
        for destination in wanted:
            self._deliver(written, destination)
        terminal.warn(written["warnings"])
        if not any(destination.form == "table" and destination.path is None for destination in wanted):
            terminal.warn([summary_words(written)])
        return self._exit_code(written)

    def _read(self, site: Site, manifest: Path | None) -> Iterator[Path]:
        """Every file and folder that the run reads, but for a baseline, which may be renewed."""
        yield from (path for path in (manifest, self.waivers, self.redact_key, *self.requirement_files) if path)
        if site.waivers:
            yield site.directory / site.waivers
        yield from site.paths()

    def _finishing(self) -> list[Callable[[Document], Document]]:
        """What is done to the document at last, worked out first: a file that cannot be read must not cost an audit.

        The modules are imported here, because an audit that needs none of this starts sooner without them.
        """
        steps: list[Callable[[Document], Document]] = []
        if self.redact or self.redact_key is not None:
            from certaudit.cli.redaction import redaction_key
            from certaudit.document.redaction import redacted

            key = redaction_key(self.redact_key)
            steps.append(lambda written: redacted(written, key))
        if self.baseline is not None:
            from certaudit.document.reader import read_document

            baseline = read_document(self.baseline)
            steps.append(lambda written: _compared(baseline, written))
        return steps

    def _deliver(self, written: Document, destination: Destination) -> None:
        if self._is_baseline(destination) and not written["complete"]:
            terminal.warn([f"{self.baseline} is left as it is: an incomplete run does not replace a baseline"])
            return
        terminal.deliver(write(written, destination.form, self._options(destination)), destination)

    def _is_baseline(self, destination: Destination) -> bool:
        path = destination.path
        return self.baseline is not None and path is not None and path.resolve() == self.baseline.resolve()

    def _options(self, destination: Destination) -> Options:
        options = replace(terminal.layout(self.verbose, self.no_color), group_by=self.group_by)
        return options if destination.path is None else replace(options, colour=False)

    def _waivers(self, site: Site) -> tuple[Waiver, ...]:
        path = self.waivers or (site.directory / site.waivers if site.waivers else None)
        return read_waivers(path) if path is not None else ()

    def _exit_code(self, written: Document) -> int:
        """The code of docs/exit-codes.md."""
        code = exit_code(written, self.fail_on, allow_incomplete=self.allow_incomplete)
        if code == 3:
            terminal.warn(["no certificate was found in what was named: there is nothing to audit"])
        return code


def _compared(baseline: Document, written: Document) -> Document:
    """`written` with how it compares with `baseline`; warns where the two compare badly."""
    from certaudit.document.diff import baseline_object, compare

    comparison = compare(baseline, written)
    terminal.warn(comparison.remarks)
    return {**written, "baseline": baseline_object(comparison)}


def _served(evidence: SiteEvidence) -> tuple[Certificate, ...]:
    """The certificates of the systems, whichever role they serve."""
    owners = evidence.systems.values()
    return tuple(dict.fromkeys(certificate for owner in owners for certificate in owner.every_certificate))
