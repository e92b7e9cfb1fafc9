"""azure-identity: its credentials, as an SDK of the field gets them handed."""

import asyncio

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    AuthorizationCodeCredential,
    CertificateCredential,
    ClientSecretCredential,
    DeviceCodeCredential,
    OnBehalfOfCredential,
)
from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential

from browser import Browser, query_of
from certificate import BUNDLE
from demo import MICROSOFT_GRAPH, ORIGIN, PARTNER_CENTER, authority, command_line_app, partner, person, web_app
from steps import claims_of, expect, step

TENANT = partner["tenantId"]
SETTINGS = {"authority": ORIGIN, "disable_instance_discovery": True}
ADMIN = person(partner, "admin")
ANSWERS = {"username": ADMIN[0], "password": ADMIN[1]}
PC_SCOPE = f"{PARTNER_CENTER}/.default"

with step("ClientSecretCredential"):
    credential = ClientSecretCredential(TENANT, web_app["appId"], web_app["appSecret"], **SETTINGS)
    expect(claims_of(credential.get_token(PC_SCOPE).token)["appid"], web_app["appId"])

with step("ClientSecretCredential of azure.identity.aio"):

    async def asynchronous():
        async with AsyncClientSecretCredential(TENANT, web_app["appId"], web_app["appSecret"], **SETTINGS) as known:
            return (await known.get_token(PC_SCOPE)).token

    expect(claims_of(asyncio.run(asynchronous()))["appid"], web_app["appId"])

with step("ClientSecretCredential with a wrong secret raises ClientAuthenticationError with AADSTS7000215"):
    try:
        ClientSecretCredential(TENANT, web_app["appId"], "wrong", **SETTINGS).get_token(PC_SCOPE)
        raise AssertionError("a wrong secret was taken")
    except ClientAuthenticationError as refusal:
        assert "AADSTS7000215" in str(refusal), refusal

with step("CertificateCredential"):
    for chain in (False, True):
        credential = CertificateCredential(TENANT, web_app["appId"], BUNDLE, send_certificate_chain=chain, **SETTINGS)
        expect(claims_of(credential.get_token(PC_SCOPE).token)["appidacr"], "2")

with step("DeviceCodeCredential"):

    def prompt(address, user_code, expires_on):
        Browser().walk(address, {**ANSWERS, "user_code": user_code})

    credential = DeviceCodeCredential(command_line_app["appId"], tenant_id=TENANT, prompt_callback=prompt, **SETTINGS)
    expect(claims_of(credential.get_token(f"{PARTNER_CENTER}/user_impersonation").token)["upn"], ADMIN[0])

with step("AuthorizationCodeCredential, which asks for no discovery document"):
    asked = (
        f"{authority(TENANT)}/oauth2/v2.0/authorize?client_id={web_app['appId']}&response_type=code"
        f"&redirect_uri={web_app['redirectUri']}&scope={PARTNER_CENTER}/user_impersonation+offline_access&state=7"
    )
    url, _ = Browser().walk(asked, ANSWERS, until=web_app["redirectUri"])
    expect(query_of(url)["state"], "7")
    credential = AuthorizationCodeCredential(
        TENANT,
        web_app["appId"],
        query_of(url)["code"],
        web_app["redirectUri"],
        client_secret=web_app["appSecret"],
        **SETTINGS,
    )
    expect(claims_of(credential.get_token(f"{PARTNER_CENTER}/user_impersonation").token)["upn"], ADMIN[0])

with step("OnBehalfOfCredential"):
    credential = DeviceCodeCredential(command_line_app["appId"], tenant_id=TENANT, prompt_callback=prompt, **SETTINGS)
    assertion = credential.get_token(f"{web_app['appId']}/.default").token
    credential = OnBehalfOfCredential(
        TENANT, web_app["appId"], client_secret=web_app["appSecret"], user_assertion=assertion, **SETTINGS
    )
    expect(claims_of(credential.get_token(f"{MICROSOFT_GRAPH}/User.Read").token)["upn"], ADMIN[0])
