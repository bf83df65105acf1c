"""What `audit` and `check` have in common: run the audit, deliver the report, give the exit code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from certaudit.assignment import Assignment
from certaudit.audit import audit
from certaudit.cli import terminal
from certaudit.cli.options import Destination
from certaudit.evidence import SiteEvidence
from certaudit.finding import Severity
from certaudit.report import Report
from certaudit.reports import Options, write
from certaudit.reports.document import summary_words
from certaudit.reports.json_report import document
from certaudit.requirements.catalogue import read_catalogue
from certaudit.site import Site, Source
from certaudit.waivers import Waiver, read_waivers

_FAILING = {
    "error": (Severity.ERROR,),
    "warning": (Severity.ERROR, Severity.WARNING),
    "never": (),
}


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
    verbose: bool
    no_color: bool

    def amended(self, site: Site) -> Site:
        """`site` with the release and the trust material of the command line, whose paths are made absolute."""

        def sources(paths: tuple[str, ...]) -> tuple[Source, ...]:
            return tuple(Source(str(Path(path).absolute()), name=path) for path in paths)

        return replace(
            site,
            release=self.release or site.release,
            root_cas=(*site.root_cas, *sources(self.roots)),
            intermediate_cas=(*site.intermediate_cas, *sources(self.intermediates)),
            crls=(*site.crls, *sources(self.crls)),
        )

    def run(
        self,
        site: Site,
        load: Callable[[Site], SiteEvidence],
        assign: Callable[[SiteEvidence], tuple[Assignment, ...]] | None = None,
    ) -> int:
        """Audits `site` with the evidence that `load` gives, delivers the report, and gives the exit code."""
        wanted = terminal.destinations(self.destinations, self.output, "table")
        site = self.amended(site)
        catalogue = read_catalogue(self.requirement_files, site.release)
        waivers = self._waivers(site)
        started = datetime.now(UTC)
        evidence = load(site)
        report = audit(
            site,
            evidence,
            catalogue,
            self.as_of or site.as_of or started,
            assignments=assign(evidence) if assign else None,
            waivers=waivers,
        )
        if not self.reproducible:
            report = replace(report, started=started, finished=datetime.now(UTC))
        written = document(report)
        for destination in wanted:
            terminal.deliver(write(written, destination.form, self._options(destination)), destination)
        terminal.warn(report.warnings)
        if not any(destination.form == "table" and destination.path is None for destination in wanted):
            terminal.warn([summary_words(written)])
        return self._exit_code(report)

    def _options(self, destination: Destination) -> Options:
        options = terminal.layout(self.verbose, self.no_color)
        return options if destination.path is None else replace(options, colour=False)

    def _waivers(self, site: Site) -> tuple[Waiver, ...]:
        path = self.waivers or (site.directory / site.waivers if site.waivers else None)
        return read_waivers(path) if path is not None else ()

    def _exit_code(self, report: Report) -> int:
        """The code of docs/exit-codes.md."""
        if not report.certificates:
            terminal.warn(["no certificate was found in what was named: there is nothing to audit"])
            return 3
        if any(report.failures(severity) for severity in _FAILING[self.fail_on]):
            return 1
        return 4 if report.is_incomplete and not self.allow_incomplete else 0
