"""Named object identifiers. Purposes, algorithms and extensions are compared by these, never by display names."""

from __future__ import annotations

# Certificate extensions (RFC 5280 4.2)
SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
KEY_USAGE = "2.5.29.15"
SUBJECT_ALTERNATIVE_NAME = "2.5.29.17"
ISSUER_ALTERNATIVE_NAME = "2.5.29.18"
BASIC_CONSTRAINTS = "2.5.29.19"
NAME_CONSTRAINTS = "2.5.29.30"
CRL_DISTRIBUTION_POINTS = "2.5.29.31"
CERTIFICATE_POLICIES = "2.5.29.32"
POLICY_MAPPINGS = "2.5.29.33"
AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
POLICY_CONSTRAINTS = "2.5.29.36"
EXTENDED_KEY_USAGE = "2.5.29.37"
FRESHEST_CRL = "2.5.29.46"
INHIBIT_ANY_POLICY = "2.5.29.54"
AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1"
CA_ISSUERS = "1.3.6.1.5.5.7.48.2"  # an access method of it
ANY_POLICY = "2.5.29.32.0"
CPS_QUALIFIER = "1.3.6.1.5.5.7.2.1"
USER_NOTICE_QUALIFIER = "1.3.6.1.5.5.7.2.2"

# CRL and CRL entry extensions (RFC 5280 5.2, 5.3)
CRL_NUMBER = "2.5.29.20"
REASON_CODE = "2.5.29.21"
INVALIDITY_DATE = "2.5.29.24"
DELTA_CRL_INDICATOR = "2.5.29.27"
ISSUING_DISTRIBUTION_POINT = "2.5.29.28"
CERTIFICATE_ISSUER = "2.5.29.29"

# Microsoft certificate extensions
MS_TEMPLATE_NAME = "1.3.6.1.4.1.311.20.2"  # of a version 1 template
MS_CA_VERSION = "1.3.6.1.4.1.311.21.1"
MS_TEMPLATE = "1.3.6.1.4.1.311.21.7"  # of a version 2 template or later: OID and revision
MS_APPLICATION_POLICIES = "1.3.6.1.4.1.311.21.10"
CABF_EXTENDED = "2.23.140.1.1"
CABF_DOMAIN = "2.23.140.1.2.1"
CABF_ORGANIZATION = "2.23.140.1.2.2"
CABF_INDIVIDUAL = "2.23.140.1.2.3"
MS_CRL_NEXT_PUBLISH = "1.3.6.1.4.1.311.21.4"
MS_NTDS_CA_SECURITY = "1.3.6.1.4.1.311.25.2"

# Purposes: extended key usages and application policies
ANY_PURPOSE = "2.5.29.37.0"
SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1"
CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2"
CODE_SIGNING = "1.3.6.1.5.5.7.3.3"
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
DOCUMENT_SIGNING = "1.3.6.1.4.1.311.10.3.12"
ENROLLMENT_AGENT = "1.3.6.1.4.1.311.20.2.1"
SMART_CARD_LOGON = "1.3.6.1.4.1.311.20.2.2"
SMS_MIXED_MODE_SIGNING = "1.3.6.1.4.1.311.101"
AMT_PROVISIONING = "2.16.840.1.113741.1.2.3"
MS_ALL_APPLICATION_POLICIES = "1.3.6.1.4.1.311.10.12.1"

# Public keys
RSA = "1.2.840.113549.1.1.1"
RSASSA_PSS = "1.2.840.113549.1.1.10"
DSA = "1.2.840.10040.4.1"
EC = "1.2.840.10045.2.1"
ED25519 = "1.3.101.112"
ED448 = "1.3.101.113"

PURPOSE_NAMES = {
    ANY_PURPOSE: "any purpose",
    SERVER_AUTHENTICATION: "Server Authentication",
    CLIENT_AUTHENTICATION: "Client Authentication",
    CODE_SIGNING: "Code Signing",
    "1.3.6.1.5.5.7.3.4": "Secure Email",
    "1.3.6.1.5.5.7.3.8": "Time Stamping",
    OCSP_SIGNING: "OCSP Signing",
    DOCUMENT_SIGNING: "Document Signing",
    ENROLLMENT_AGENT: "Certificate Request Agent",
    SMART_CARD_LOGON: "Smart Card Logon",
    SMS_MIXED_MODE_SIGNING: "ConfigMgr mixed-mode signing",
    AMT_PROVISIONING: "AMT Provisioning",
    MS_ALL_APPLICATION_POLICIES: "all application policies",
    "1.3.6.1.4.1.311.10.3.1": "Microsoft Trust List Signing",
    "1.3.6.1.4.1.311.10.3.4": "Encrypting File System",
    "1.3.6.1.4.1.311.10.3.4.1": "File Recovery",
    "1.3.6.1.4.1.311.21.5": "Private Key Archival",
    "1.3.6.1.4.1.311.21.6": "Key Recovery Agent",
    "1.3.6.1.5.2.3.5": "KDC Authentication",
    "1.3.6.1.5.5.8.2.2": "IP Security IKE Intermediate",
}

EXTENSION_NAMES = {
    SUBJECT_KEY_IDENTIFIER: "subject key identifier",
    KEY_USAGE: "key usage",
    SUBJECT_ALTERNATIVE_NAME: "subject alternative name",
    ISSUER_ALTERNATIVE_NAME: "issuer alternative name",
    BASIC_CONSTRAINTS: "basic constraints",
    NAME_CONSTRAINTS: "name constraints",
    CRL_DISTRIBUTION_POINTS: "CRL distribution points",
    CERTIFICATE_POLICIES: "certificate policies",
    POLICY_MAPPINGS: "policy mappings",
    AUTHORITY_KEY_IDENTIFIER: "authority key identifier",
    POLICY_CONSTRAINTS: "policy constraints",
    EXTENDED_KEY_USAGE: "extended key usage",
    FRESHEST_CRL: "freshest CRL",
    INHIBIT_ANY_POLICY: "inhibit any policy",
    AUTHORITY_INFORMATION_ACCESS: "authority information access",
    MS_TEMPLATE_NAME: "certificate template name",
    MS_CA_VERSION: "CA version",
    MS_TEMPLATE: "certificate template information",
    MS_APPLICATION_POLICIES: "application policies",
    MS_NTDS_CA_SECURITY: "NTDS CA security",
}


def purpose(oid: str) -> str:
    """A purpose as a report shows it: its usual English name and the OID, or the OID alone."""
    name = PURPOSE_NAMES.get(oid)
    return f"{name} ({oid})" if name else oid


def extension(oid: str) -> str:
    """An extension as a report shows it: its name and the OID, or the OID alone."""
    name = EXTENSION_NAMES.get(oid)
    return f"{name} ({oid})" if name else oid
