"""Candidate paths as the objects of the JSON documents."""

from __future__ import annotations

from certaudit.audit.report import Report
from certaudit.document.certificates import readable
from certaudit.document.evidence_objects import PathObject, RoleObject
from certaudit.document.report_objects import ChainObject
from certaudit.printable import printable
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import CandidatePath


def path_object(path: CandidatePath) -> PathObject:
    """One candidate path with everything that is wrong with it."""
    return {
        "certificates": [certificate.sha256 for certificate in path.certificates],
        "subjects": [readable(certificate, "subject") for certificate in path.certificates],
        "anchored": path.anchored,
        "valid": path.valid,
        "problems": [
            {"code": problem.code, "certificate": problem.certificate, "message": problem.message}
            for problem in path.problems
        ],
        "revocation": [
            {"certificate": certificate.sha256, "status": answer.status.value, "message": answer.message}
            for certificate, answer in zip(path.certificates, path.revocation, strict=True)
        ],
        "refused_by_openssl": path.refused_by_openssl,
    }


def chain_objects(report: Report) -> list[ChainObject]:
    """The best candidate path of each certificate that serves a system, in the order of the assignments."""
    served: dict[Certificate, list[RoleObject]] = {}
    for assignment in report.coverage():
        if assignment.holding is not None and assignment.owner is not None:
            entry: RoleObject = {"role": assignment.role, "system": printable(assignment.owner)}
            entries = served.setdefault(assignment.holding.certificate, [])
            if entry not in entries:
                entries.append(entry)
    return [
        {"certificate": certificate.sha256, "systems": systems, **path_object(report.chains.best(certificate))}
        for certificate, systems in served.items()
    ]
