"""Certificates, CRLs, OCSP responses and private keys in files: DER, PEM, PKCS #7, PKCS #12."""
