"""Trust chains as pictures: boxes from the certificate to its root, with a broken line where the trust breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from certaudit.document.evidence_objects import CertificateObject
from certaudit.document.report_objects import ChainObject, Document, by_thumbprint
from certaudit.document.short_names import certificate_name, short_name
from certaudit.reports.html.names import clipped, counted

BOX, GAP, HEIGHT = 240, 56, 96
"""Measures of the picture in its own units: width of a box, space between two, height of all."""

_TROUBLE = {"revoked": "error", "good": "", "not-applicable": ""}


@dataclass(frozen=True)
class Box:
    """One element of a path: its lines of text, and what is wrong with it (empty where nothing is)."""

    x: int
    lines: Sequence[str]
    trouble: str
    tone: str


@dataclass(frozen=True)
class Picture:
    """The chains of all certificates that have the same issuers and the same fate."""

    chain: ChainObject
    verdict: str
    tone: str
    boxes: Sequence[Box]
    width: int
    users: Sequence[str]
    remarks: Sequence[str]

    height, box = HEIGHT, BOX

    @property
    def links(self) -> list[tuple[int, bool]]:
        """Where the lines between the boxes start, and whether each is whole."""
        return [
            (left.x + BOX, right.tone != "missing") for left, right in zip(self.boxes, self.boxes[1:], strict=False)
        ]


def pictures_of(document: Document) -> list[Picture]:
    """The pictures, broken chains first."""
    certificates = by_thumbprint(document)
    alike: dict[tuple[object, ...], list[ChainObject]] = {}
    for chain in document["chains"]:
        alike.setdefault(_fate(chain), []).append(chain)
    pictures = [_picture(chains, certificates) for chains in alike.values()]
    return sorted(pictures, key=lambda picture: (picture.tone == "pass", picture.chain["valid"]))


def _fate(chain: ChainObject) -> tuple[object, ...]:
    """What chains in one picture have in common."""
    position = {thumbprint: place for place, thumbprint in enumerate(chain["certificates"])}
    problems = tuple((position.get(problem["certificate"]), problem["code"]) for problem in chain["problems"])
    revocation = tuple(answer["status"] for answer in chain["revocation"])
    return (*chain["certificates"][1:], chain["anchored"], chain["valid"], problems, revocation)


def _picture(chains: Sequence[ChainObject], certificates: dict[str, CertificateObject]) -> Picture:
    chain = chains[0]
    boxes = [_box(chain, place, certificates) for place in range(len(chain["certificates"]))]
    if len(chains) > 1:
        first = boxes[0]
        boxes[0] = Box(first.x, [counted(len(chains), "certificate"), *first.lines[1:]], first.trouble, first.tone)
    if not chain["anchored"]:
        boxes.append(Box(len(boxes) * (BOX + GAP) + 1, ["(no trust anchor)", "", ""], "", "missing"))
    verdict, tone = _verdict(chain, boxes)
    users = [f"{e['system']}, {e['role']}" for member in chains for e in member["systems"]]
    width = len(boxes) * (BOX + GAP) - GAP + 2
    return Picture(chain, verdict, tone, boxes, width, users, _remarks(chain))


def _box(chain: ChainObject, place: int, certificates: dict[str, CertificateObject]) -> Box:
    thumbprint = chain["certificates"][place]
    certificate = certificates.get(thumbprint)
    name = certificate_name(certificate) if certificate else short_name(chain["subjects"][place])
    lines = [clipped(name, 27), *_facts(certificate)]
    if place == len(chain["certificates"]) - 1 and chain["anchored"]:
        lines[2] = f"trust anchor, {lines[2]}"
    codes = [problem["code"] for problem in chain["problems"] if problem["certificate"] == thumbprint]
    status = next((a["status"] for a in chain["revocation"] if a["certificate"] == thumbprint), "good")
    if codes:
        return Box(place * (BOX + GAP) + 1, lines, clipped(", ".join(dict.fromkeys(codes)), 34), "error")
    tone = _TROUBLE.get(status, "unknown")
    return Box(place * (BOX + GAP) + 1, lines, f"revocation: {status}" if tone else "", tone)


def _facts(certificate: CertificateObject | None) -> list[str]:
    if certificate is None:
        return ["", ""]
    key = certificate["public_key"]
    bits = f"{key['type'] or 'unreadable key'} {key['bits'] or ''}".strip()
    return [f"until {(certificate['not_after'] or 'unreadable')[:10]}", clipped(bits, 16)]


def _verdict(chain: ChainObject, boxes: Sequence[Box]) -> tuple[str, str]:
    if not chain["valid"]:
        return ("Refused by OpenSSL", "unknown") if chain["refused_by_openssl"] else ("Broken", "error")
    if any(box.tone == "error" for box in boxes):
        return "Revoked", "error"
    return ("Revocation not known", "unknown") if any(box.tone == "unknown" for box in boxes) else ("Sound", "pass")


def _remarks(chain: ChainObject) -> list[str]:
    """Everything that is wrong, in whole sentences."""
    subjects = dict(zip(chain["certificates"], chain["subjects"], strict=False))

    def about(thumbprint: str, text: str) -> str:
        return f"{short_name(subjects.get(thumbprint))}: {text}"

    remarks = [about(problem["certificate"], problem["message"]) for problem in chain["problems"]]
    doubtful = (answer for answer in chain["revocation"] if _TROUBLE.get(answer["status"], "unknown"))
    remarks.extend(about(answer["certificate"], answer["message"]) for answer in doubtful)
    if chain["refused_by_openssl"]:
        remarks.append(f"OpenSSL refuses the path: {chain['refused_by_openssl']}")
    return list(dict.fromkeys(remarks))
