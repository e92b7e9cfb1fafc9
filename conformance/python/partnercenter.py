"""The client partnercenterservices, which was generated from the API's own description, and how it is called here."""

import inspect

import adal
import requests
from microsoft.store.partnercenterservices import MicrosoftPartnerStoreApis
from microsoft.store.partnercenterservices import models
from msrestazure.azure_active_directory import AdalAuthentication

from demo import ORIGIN, PARTNER_CENTER, authority, command_line_app, partner, person
from steps import expect, token_of

CONTRACTS = "MicrosoftPartnerSdkContractsV1"


SIGN_IN = adal.AuthenticationContext(authority(partner["tenantId"]), validate_authority=False)
ADMIN = (PARTNER_CENTER, *person(partner, "admin"), command_line_app["appId"])


def token():
    return token_of(SIGN_IN.acquire_token_with_username_password(*ADMIN))


client = MicrosoftPartnerStoreApis(
    AdalAuthentication(SIGN_IN.acquire_token_with_username_password, *ADMIN), base_url=ORIGIN)


def model(kind, /, **members):
    return getattr(models, CONTRACTS + kind)(**members)


def operations():
    """The client's methods by verb and path: their names are what a generator made of both."""
    groups = [value for value in vars(client).values() if type(value).__module__.startswith("microsoft.store")]
    for owner in [client, *groups]:
        verb_of_group = type(owner).__name__.split("vversion")[0].upper()
        for name, method in inspect.getmembers(owner, inspect.ismethod):
            if hasattr(method, "metadata"):
                verb = name.split("vversion")[0].upper() if owner is client else verb_of_group
                yield (verb, method.metadata["url"].removeprefix("/v{version}")), method


METHODS = dict(operations())


def call(verb, path, **parameters):
    return METHODS[verb, path](version="1", raw=True, **parameters)


def ask(verb, path, status=200, **parameters):
    """What a method gives, of an answer with the status expected: the client takes many for good."""
    answer = call(verb, path, **parameters)
    expect(answer.response.status_code, status)
    return answer.output


def plain(path, body):
    """A POST without the client: it takes passwords for objects, which they never were."""
    headers = {"Authorization": f"Bearer {token()}"}
    answer = requests.post(f"{ORIGIN}/v1{path}", json=body, headers=headers, timeout=60)
    expect(answer.status_code, 201)
    return answer.json().get("id")
