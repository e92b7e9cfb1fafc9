"""azure-graphrbac: the directory client of the field's older tools, over Azure AD Graph 1.6."""

import adal
from azure.graphrbac import GraphRbacManagementClient
from azure.graphrbac.models import (
    ApplicationCreateParameters,
    ApplicationUpdateParameters,
    GetObjectsParameters,
    GraphErrorException,
    GroupCreateParameters,
    PasswordCredential,
    PasswordProfile,
    ServicePrincipalCreateParameters,
    CheckGroupMembershipParameters,
    UserCreateParameters,
    UserUpdateParameters,
)
from msrestazure.azure_active_directory import AdalAuthentication

from demo import DIRECTORY_GRAPH, ORIGIN, authority, command_line_app, customer, partner, person, web_app
from steps import expect, step

TENANT, DOMAIN = customer["tenantId"], customer["domain"]


def client_of(tenant, credentials):
    return GraphRbacManagementClient(credentials, tenant, base_url=ORIGIN)


def by_password(party):
    context = adal.AuthenticationContext(authority(party["tenantId"]), validate_authority=False)
    ask = context.acquire_token_with_username_password
    return AdalAuthentication(ask, DIRECTORY_GRAPH, *person(party, "admin"), command_line_app["appId"])


def new_user(number):
    return UserCreateParameters(
        user_principal_name=f"clerk{number}@{DOMAIN}",
        account_enabled=True,
        display_name=f"Clerk {number}",
        mail_nickname=f"clerk{number}",
        password_profile=PasswordProfile(password="Quite-1-long-word", force_change_password_next_login=False),
        usage_location="US",
    )


graph = client_of(TENANT, by_password(customer))

with step("the signed-in user"):
    expect(graph.signed_in_user.get().user_principal_name, person(customer, "admin")[0])

with step("users: create, get by name and id, change, filter"):
    users = [graph.users.create(new_user(number)) for number in range(3)]
    expect(graph.users.get(f"clerk0@{DOMAIN}").object_id, users[0].object_id)
    graph.users.update(users[0].object_id, UserUpdateParameters(display_name="First clerk"))
    expect(graph.users.get(users[0].object_id).display_name, "First clerk")
    found = [user.user_principal_name for user in graph.users.list(filter="startswith(displayName,'Clerk')")]
    expect(sorted(found), [f"clerk1@{DOMAIN}", f"clerk2@{DOMAIN}"])

with step("users: lists go on from page to page"):
    more = [graph.users.create(new_user(number)) for number in range(3, 108)]
    names = [user.user_principal_name for user in graph.users.list()]
    assert len(names) == len(set(names)) >= 108, len(names)

with step("refusals keep their code: a name twice, an unknown user"):
    try:
        graph.users.create(new_user(1))
        raise AssertionError("the name was given twice")
    except GraphErrorException as refusal:
        expect(refusal.error.code, "Request_MultipleObjectsWithSameKeyValue")
    try:
        graph.users.get("nobody@" + DOMAIN)
        raise AssertionError("nobody was found")
    except GraphErrorException as refusal:
        expect(refusal.error.code, "Request_ResourceNotFound")

with step("groups: create, nest, members, who is in which"):
    outer = graph.groups.create(GroupCreateParameters(display_name="Everybody", mail_nickname="everybody"))
    inner = graph.groups.create(GroupCreateParameters(display_name="Clerks", mail_nickname="clerks"))
    link = f"{ORIGIN}/{TENANT}/directoryObjects/"
    graph.groups.add_member(outer.object_id, link + inner.object_id)
    graph.groups.add_member(inner.object_id, link + users[0].object_id)
    expect([m.object_id for m in graph.groups.get_group_members(outer.object_id)], [inner.object_id])
    expect(sorted(graph.users.get_member_groups(users[0].object_id, False)), sorted([inner.object_id, outer.object_id]))
    asked = CheckGroupMembershipParameters(group_id=outer.object_id, member_id=users[0].object_id)
    assert graph.groups.is_member_of(asked).value
    graph.groups.remove_member(inner.object_id, users[0].object_id)
    assert not graph.groups.is_member_of(asked).value

with step("groups: a circle is refused"):
    try:
        graph.groups.add_member(inner.object_id, link + outer.object_id)
        raise AssertionError("a group became a member of itself")
    except GraphErrorException as refusal:
        expect(refusal.error.code, "Request_BadRequest")

with step("objects by id, of mixed kinds"):
    asked = GetObjectsParameters(
        object_ids=[users[0].object_id, outer.object_id], include_directory_object_references=True
    )
    kinds = sorted(found.object_type for found in graph.objects.get_objects_by_object_ids(asked))
    expect(kinds, ["Group", "User"])

with step("domains"):
    [initial] = [domain for domain in graph.domains.list() if domain.additional_properties.get("isInitial")]
    expect((initial.name, graph.domains.get(DOMAIN).is_verified), (DOMAIN, True))

own = client_of(partner["tenantId"], by_password(partner))

with step("applications: create, find, change, passwords, delete and restore"):
    made = own.applications.create(
        ApplicationCreateParameters(
            display_name="Tool", available_to_other_tenants=False, identifier_uris=[f"https://{partner['domain']}/tool"]
        )
    )
    [found] = own.applications.list(filter=f"appId eq '{made.app_id}'")
    expect(found.object_id, made.object_id)
    own.applications.patch(made.object_id, ApplicationUpdateParameters(display_name="Renamed tool"))
    own.applications.update_password_credentials(
        made.object_id,
        [PasswordCredential(start_date="2026-01-01T00:00:00Z", end_date="2027-01-01T00:00:00Z", value="kJ3x_9fQ2mW7zR8tV5nB1cY6uP4sD0gH")],
    )
    [password] = own.applications.list_password_credentials(made.object_id)
    assert password.value is None, "the password came back"
    own.applications.delete(made.object_id)
    assert made.object_id in [gone.object_id for gone in own.deleted_applications.list()]
    own.deleted_applications.restore(made.object_id)
    expect(own.applications.get(made.object_id).display_name, "Renamed tool")

with step("service principals: create, find by application"):
    principal = own.service_principals.create(ServicePrincipalCreateParameters(app_id=made.app_id))
    found = own.applications.get_service_principals_id_by_app_id(made.app_id)
    expect(found.value, principal.object_id)
    own.applications.delete(made.object_id)

with step("a partner's application in a customer's tenant, consented to beforehand"):
    context = adal.AuthenticationContext(authority(TENANT), validate_authority=False)
    ask = context.acquire_token_with_client_credentials
    inside = client_of(TENANT, AdalAuthentication(ask, DIRECTORY_GRAPH, web_app["appId"], web_app["appSecret"]))
    expect(inside.users.get(f"clerk1@{DOMAIN}").display_name, "Clerk 1")

with step("deleted users are gone"):
    for user in users + more:
        graph.users.delete(user.object_id)
    left = [user.user_principal_name for user in graph.users.list(filter="startswith(userPrincipalName,'clerk')")]
    expect(left, [])
