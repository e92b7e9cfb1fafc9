"""Schemathesis: every operation of our OpenAPI documents, with values that nobody thought of.

It reads a document as any client would and checks each answer against it: no server error, no status, media type or
shape of a fault that the document does not name. Paths get the ids of real things half of the time, so that requests
reach what lies behind "not found". It deletes, suspends and renames what it finds, so it runs last.
"""

import json
import os
import subprocess
import sys
import tempfile

import requests

from demo import DIRECTORY_GRAPH, MICROSOFT_GRAPH, ORIGIN, PARTNER_CENTER, authority, command_line_app, customer
from demo import demo, partner, person
from steps import expect, step, token_of

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
DOCUMENTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "openapi")
EXPLORER = os.path.join(os.path.dirname(sys.executable), "st")
EXAMPLES = os.environ.get("TENANTRY_EXPLORE", "8")
"""Requests made up for each operation and kind of value."""


def token(resource, tenant, application, grant):
    form = {"resource": resource, "client_id": application["appId"], **grant}
    return token_of(requests.post(f"{authority(tenant)}/oauth2/token", data=form, timeout=30).json())


def of_person(party, part, resource):
    name, password = person(party, part)
    grant = {"grant_type": "password", "username": name, "password": password}
    return token(resource, party["tenantId"], command_line_app, grant)


def of_provider():
    provider = demo["provider"]
    grant = {"grant_type": "client_credentials", "client_secret": provider["appSecret"]}
    return token(PARTNER_CENTER, provider["tenantId"], provider, grant)


def explore(document, bearer, things, without=()):
    """Runs the explorer over a document, once with ids that it makes up and once with those of `things`."""
    with tempfile.TemporaryDirectory() as place:
        for number, known in enumerate([{}, things]):
            settings = os.path.join(place, f"{number}.toml")
            with open(settings, "w", encoding="utf-8") as file:
                file.write("[parameters]\n")
                file.writelines(f'"path.{name}" = {json.dumps(value)}\n' for name, value in known.items())
            arguments = [
                EXPLORER, "--config-file", settings, "run", os.path.join(DOCUMENTS, document), "--url", ORIGIN,
                "--header", f"Authorization: Bearer {bearer}", "--tls-verify", os.environ["REQUESTS_CA_BUNDLE"],
                "--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-examples", EXAMPLES, "--seed", "1",
                "--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off", "--no-color",
            ]
            for operation in without:
                arguments += ["--exclude-operation-id", operation]
            run = subprocess.run(arguments, cwd=place, capture_output=True, text=True)
            assert run.returncode == 0, run.stdout + run.stderr


def first(bearer, path):
    answer = requests.get(f"{ORIGIN}{path}", headers={"Authorization": f"Bearer {bearer}"}, timeout=30)
    expect(answer.status_code, 200)
    return (answer.json().get("items") or answer.json()["value"])[0]["id"]


with step("Partner Center v1: every operation answers as its document says, also to nonsense"):
    admin, at = of_person(partner, "admin", PARTNER_CENTER), f"/v1/customers/{customer['tenantId']}"
    explore("partner-center-v1.json", admin, {
        "customer": customer["tenantId"],
        "subscription": first(admin, f"{at}/subscriptions"),
        "order": first(admin, f"{at}/orders"),
        "user": first(admin, f"{at}/users"),
        "role": first(admin, f"{at}/directoryroles"),
        "invoice": first(admin, "/v1/invoices"),
        "offer": "MS-AZR-0145P",
        "provider": "azure",
        "type": "BillingLineItems",
        "country": "US",
    })

with step("our own API: the same"):
    explore("tenantry-v1.json", of_provider(), {"customer": customer["tenantId"]}, without=["clock.advance"])

with step("Microsoft Graph: the same"):
    admin = of_person(partner, "admin", MICROSOFT_GRAPH)
    explore("graph-v1.0.json", admin, {"user": first(admin, "/v1.0/users"), "group": first(admin, "/v1.0/groups")})

with step("Azure AD Graph: the same"):
    admin = of_person(partner, "admin", DIRECTORY_GRAPH)
    explore("directory-graph.json", admin, {"tenant": partner["tenantId"]})
