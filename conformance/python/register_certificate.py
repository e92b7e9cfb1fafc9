"""Makes a certificate and registers it on the demo's web application, as an admin does: through Microsoft Graph.

Writes `key.pem`, `certificate.pem` and both in one, `bundle.pem`, into the directory it is given.
"""

import base64
import datetime
import pathlib
import sys

import msal
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from browser import Browser
from demo import MICROSOFT_GRAPH, ORIGIN, authority, command_line_app, partner, person, web_app
from steps import expect, step, token_of

ASKED = {"username": person(partner, "admin")[0], "password": person(partner, "admin")[1]}


def made():
    """A private key and its certificate, valid on any clock a demo may show."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Conformance")])
    from_day = datetime.datetime(2020, 1, 1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(from_day)
    return key, builder.not_valid_after(from_day + datetime.timedelta(days=20 * 365)).sign(key, hashes.SHA256())


with step("an admin registers a certificate on an application"):
    client = msal.PublicClientApplication(
        command_line_app["appId"], authority=authority(partner["tenantId"]), instance_discovery=False
    )
    flow = client.initiate_device_flow([f"{MICROSOFT_GRAPH}/.default"])
    Browser().walk(flow["verification_uri"], {**ASKED, "user_code": flow["user_code"]})
    headers = {"Authorization": f"Bearer {token_of(client.acquire_token_by_device_flow(flow))}"}
    where = f"{ORIGIN}/v1.0/applications"
    query = {"$filter": f"appId eq '{web_app['appId']}'"}
    [found] = requests.get(where, params=query, headers=headers).json()["value"]
    key, certificate = made()
    der = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
    credential = {"type": "AsymmetricX509Cert", "usage": "Verify", "displayName": "conformance", "key": der}
    answer = requests.patch(f"{where}/{found['id']}", headers=headers, json={"keyCredentials": [credential]})
    expect((answer.status_code, answer.text), (204, ""))

pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
public = certificate.public_bytes(serialization.Encoding.PEM)
place = pathlib.Path(sys.argv[1])
for name, content in [("key.pem", pem), ("certificate.pem", public), ("bundle.pem", pem + public)]:
    (place / name).write_bytes(content)
