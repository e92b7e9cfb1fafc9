"""The certificate that `conformance/run` made and registered on the web application."""

import os
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes

KEY = pathlib.Path(os.environ["TENANTRY_KEY"]).read_text(encoding="ascii")
"""The private key, PEM."""
CERTIFICATE = pathlib.Path(os.environ["TENANTRY_CERTIFICATE"]).read_text(encoding="ascii")
"""The certificate, PEM."""
THUMBPRINT = x509.load_pem_x509_certificate(CERTIFICATE.encode()).fingerprint(hashes.SHA1()).hex()
"""Its SHA-1, in hex: what older libraries name it by."""
BUNDLE = os.environ["TENANTRY_KEY_AND_CERTIFICATE"]
"""A file with both."""
