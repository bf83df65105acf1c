"""What loaders hand on: certificates, CRLs and PFX facts, each with where it came from. Nothing here judges."""

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
from certaudit.evidence.inputs import Evidence, Input, SiteEvidence
from certaudit.evidence.media import Bootstrap, Media, MediaVariables
from certaudit.evidence.pfx import Pfx, Protection

__all__ = [
    "UNKNOWN_KEY",
    "Bootstrap",
    "CertificateEntry",
    "CrlEntry",
    "Driver",
    "DriverCatalog",
    "Evidence",
    "Input",
    "Media",
    "MediaVariables",
    "Pfx",
    "PrivateKey",
    "Protection",
    "Provenance",
    "PxeServicePoint",
    "RegisteredCertificate",
    "SiteControl",
    "SiteEvidence",
    "Software",
    "StoreProperty",
    "merged_key",
]
