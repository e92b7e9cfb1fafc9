"""adal: the version 1 endpoints, which it builds by hand. No longer maintained, and still in use."""

import adal

from browser import Browser, query_of
from certificate import KEY, THUMBPRINT
from demo import DIRECTORY_GRAPH, MANAGEMENT, PARTNER_CENTER, authority, command_line_app, customer, partner, person, web_app
from steps import claims_of, expect, step, token_of

TENANT = partner["tenantId"]
ADMIN = person(partner, "admin")
ANSWERS = {"username": ADMIN[0], "password": ADMIN[1]}


def context(tenant=TENANT):
    return adal.AuthenticationContext(authority(tenant), validate_authority=False)


with step("application by secret; every number comes as text"):
    answer = context().acquire_token_with_client_credentials(DIRECTORY_GRAPH, web_app["appId"], web_app["appSecret"])
    expect((answer["tokenType"], answer["resource"]), ("Bearer", DIRECTORY_GRAPH))
    expect(claims_of(token_of(answer))["ver"], "1.0")

with step("application by certificate"):
    answer = context().acquire_token_with_client_certificate(MANAGEMENT, web_app["appId"], KEY, THUMBPRINT)
    expect(claims_of(token_of(answer))["appidacr"], "2")

with step("wrong secret: invalid_client"):
    try:
        context().acquire_token_with_client_credentials(DIRECTORY_GRAPH, web_app["appId"], "wrong")
        raise AssertionError("a wrong secret was taken")
    except adal.AdalError as refusal:
        expect(refusal.error_response["error"], "invalid_client")

with step("user name and password, which this world allows"):
    answer = context().acquire_token_with_username_password(PARTNER_CENTER, *ADMIN, command_line_app["appId"])
    expect((answer["userId"], claims_of(token_of(answer))["upn"]), (ADMIN[0], ADMIN[0]))

with step("refresh token, for another resource"):
    answer = context().acquire_token_with_refresh_token(
        answer["refreshToken"], command_line_app["appId"], DIRECTORY_GRAPH
    )
    expect(claims_of(token_of(answer))["aud"], DIRECTORY_GRAPH)

with step("device code"):
    code = context().acquire_user_code(PARTNER_CENTER, command_line_app["appId"])
    Browser().walk(code["verification_url"], {**ANSWERS, "user_code": code["user_code"]})
    answer = context().acquire_token_with_device_code(PARTNER_CENTER, code, command_line_app["appId"])
    expect(claims_of(token_of(answer))["upn"], ADMIN[0])

with step("authorization code, as in the secure application model: code and id_token by form_post"):
    asked = (
        f"{authority('common')}/oauth2/authorize?client_id={web_app['appId']}&response_mode=form_post"
        f"&response_type=code+id_token&scope=openid+profile&nonce=n-1&redirect_uri={web_app['redirectUri']}"
    )
    _, posted = Browser().walk(asked, ANSWERS, until=web_app["redirectUri"])
    expect(claims_of(posted["id_token"])["nonce"], "n-1")
    answer = context().acquire_token_with_authorization_code(
        posted["code"], web_app["redirectUri"], PARTNER_CENTER, web_app["appId"], web_app["appSecret"]
    )
    expect(claims_of(token_of(answer))["upn"], ADMIN[0])

with step("a partner's user in a customer's tenant, by refresh token"):
    inside = context(customer["tenantId"]).acquire_token_with_refresh_token(
        answer["refreshToken"], web_app["appId"], DIRECTORY_GRAPH, web_app["appSecret"]
    )
    expect(claims_of(token_of(inside))["tid"], customer["tenantId"])
