"""msal: every way to a token that it has and that needs no port 443."""

import msal
import requests

from browser import Browser
from certificate import CERTIFICATE, KEY, THUMBPRINT
from demo import MANAGEMENT, MICROSOFT_GRAPH, PARTNER_CENTER, authority, command_line_app, customer, partner, person, web_app
from steps import claims_of, expect, step, token_of

TENANT = partner["tenantId"]
PC_SCOPE = [f"{PARTNER_CENTER}/user_impersonation"]
ADMIN = person(partner, "admin")
ANSWERS = {"username": ADMIN[0], "password": ADMIN[1]}


def confidential(tenant=TENANT, credential=None):
    return msal.ConfidentialClientApplication(
        web_app["appId"],
        client_credential=credential or web_app["appSecret"],
        authority=authority(tenant),
        instance_discovery=False,
    )


def public(tenant=TENANT):
    return msal.PublicClientApplication(command_line_app["appId"], authority=authority(tenant), instance_discovery=False)


with step("application by secret"):
    app = confidential()
    claims = claims_of(token_of(app.acquire_token_for_client([f"{PARTNER_CENTER}/.default"])))
    expect((claims["tid"], claims["appid"], claims["idtyp"]), (TENANT, web_app["appId"], "app"))
    assert "scp" not in claims and "upn" not in claims

with step("application by secret, domain name in place of the tenant id, resource with a double slash"):
    app = confidential(partner["domain"])
    expect(claims_of(token_of(app.acquire_token_for_client([f"{MANAGEMENT}//.default"])))["aud"], f"{MANAGEMENT}/")

with step("wrong secret: invalid_client, AADSTS7000215"):
    refusal = confidential(credential="wrong").acquire_token_for_client([f"{PARTNER_CENTER}/.default"])
    expect((refusal["error"], refusal["error_codes"]), ("invalid_client", [7000215]))

with step("application by certificate, named by SHA-1 thumbprint"):
    app = confidential(credential={"private_key": KEY, "thumbprint": THUMBPRINT})
    claims = claims_of(token_of(app.acquire_token_for_client([f"{PARTNER_CENTER}/.default"])))
    expect(claims["appidacr"], "2")

with step("application by certificate, with the certificate in the assertion and named by SHA-256"):
    app = confidential(credential={"private_key": KEY, "public_certificate": CERTIFICATE})
    token_of(app.acquire_token_for_client([f"{PARTNER_CENTER}/.default"]))

with step("authorization code with PKCE through the sign-in page; the nonce comes back"):
    app = confidential()
    flow = app.initiate_auth_code_flow(PC_SCOPE, redirect_uri=web_app["redirectUri"], login_hint=ADMIN[0])
    url, _ = Browser().walk(flow["auth_uri"], ANSWERS, until=web_app["redirectUri"])
    answered = dict(p.split("=", 1) for p in url.split("?", 1)[1].split("&"))
    signed_in = app.acquire_token_by_auth_code_flow(flow, answered)
    claims = claims_of(token_of(signed_in))
    expect((claims["upn"], claims["scp"]), (ADMIN[0], "user_impersonation"))
    expect(signed_in["id_token_claims"]["preferred_username"], ADMIN[0])

with step("the same code again is refused, AADSTS54005"):
    refusal = app.acquire_token_by_auth_code_flow(dict(flow), answered)
    expect(refusal.get("error_codes"), [54005])

with step("authorization code of the form_post kind"):
    flow = app.initiate_auth_code_flow(PC_SCOPE, redirect_uri=web_app["redirectUri"], response_mode="form_post")
    _, posted = Browser().walk(flow["auth_uri"], ANSWERS, until=web_app["redirectUri"])
    app = confidential()
    token_of(app.acquire_token_by_auth_code_flow(flow, posted))

with step("silently, from the refresh token, and for another API"):
    account = app.get_accounts()[0]
    token_of(app.acquire_token_silent(PC_SCOPE, account, force_refresh=True))
    claims = claims_of(token_of(app.acquire_token_silent([f"{MICROSOFT_GRAPH}/User.Read"], account)))
    expect(claims["aud"], MICROSOFT_GRAPH)

with step("a partner's user in a customer's tenant, by refresh token"):
    refresh = app.acquire_token_silent(PC_SCOPE, account, force_refresh=True)
    refresh_token = refresh.get("refresh_token") or app.token_cache.find(msal.TokenCache.CredentialType.REFRESH_TOKEN)[0]["secret"]
    inside = confidential(customer["tenantId"])
    answer = inside.acquire_token_by_refresh_token(refresh_token, [f"{MICROSOFT_GRAPH}/.default"])
    claims = claims_of(token_of(answer))
    expect(claims["tid"], customer["tenantId"])
    assert "62e90394-69f5-4237-9190-012177145e10" in claims["wids"], claims

with step("on behalf of: a web service passes the user on"):
    service = confidential()
    flow = public().initiate_device_flow([f"{web_app['appId']}/.default"])
    Browser().walk(flow["verification_uri"], {**ANSWERS, "user_code": flow["user_code"]})
    for_service = token_of(public().acquire_token_by_device_flow(flow))
    claims = claims_of(token_of(service.acquire_token_on_behalf_of(for_service, [f"{MICROSOFT_GRAPH}/User.Read"])))
    expect((claims["upn"], claims["appid"]), (ADMIN[0], web_app["appId"]))

with step("device code through its page"):
    client = public()
    flow = client.initiate_device_flow(PC_SCOPE)
    assert flow["user_code"] in flow["message"]
    Browser().walk(flow["verification_uri"], {**ANSWERS, "user_code": flow["user_code"]})
    expect(claims_of(token_of(client.acquire_token_by_device_flow(flow)))["upn"], ADMIN[0])

with step("a public client without PKCE is refused, AADSTS9002325"):
    url = f"{authority(TENANT)}/oauth2/v2.0/authorize"
    asked = {
        "client_id": command_line_app["appId"],
        "response_type": "code",
        "redirect_uri": command_line_app["redirectUri"],
        "scope": PC_SCOPE[0],
        "state": "s",
    }
    answer = requests.get(url, params=asked, allow_redirects=False)
    assert "9002325" in answer.headers.get("location", "") + answer.text, answer.text
