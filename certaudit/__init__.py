"""Audits the PKI certificates of a Configuration Manager site before operating system deployment."""

__version__ = "0.1.0"
