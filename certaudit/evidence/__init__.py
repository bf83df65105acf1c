"""What loaders hand on: certificates, CRLs and PFX facts, each with where it came from. Nothing here judges."""

from certaudit.evidence.computer import (
    IIS_APPLICATION,
    Binding,
    ClientFacts,
    Computer,
    ComputerFacts,
    KeyTest,
    SiteAddress,
    WebSite,
)
from certaudit.evidence.deployment import (
    Driver,
    DriverCatalog,
    PxeServicePoint,
    RegisteredCertificate,
    SiteControl,
    Software,
)
from certaudit.evidence.entries import (
    UNKNOWN_KEY,
    CertificateEntry,
    CrlEntry,
    PrivateKey,
    Provenance,
    StoreProperty,
    merged_key,
)
from certaudit.evidence.inputs import EMPTY_FOLDER, IGNORED, Evidence, Input, SiteEvidence
from certaudit.evidence.media import Bootstrap, Media, MediaVariables
from certaudit.evidence.pfx import Pfx, Protection

__all__ = [
    "EMPTY_FOLDER",
    "IGNORED",
    "IIS_APPLICATION",
    "UNKNOWN_KEY",
    "Binding",
    "Bootstrap",
    "CertificateEntry",
    "ClientFacts",
    "Computer",
    "ComputerFacts",
    "CrlEntry",
    "Driver",
    "DriverCatalog",
    "Evidence",
    "Input",
    "KeyTest",
    "Media",
    "MediaVariables",
    "Pfx",
    "PrivateKey",
    "Protection",
    "Provenance",
    "PxeServicePoint",
    "RegisteredCertificate",
    "SiteAddress",
    "SiteControl",
    "SiteEvidence",
    "Software",
    "StoreProperty",
    "WebSite",
    "merged_key",
]
