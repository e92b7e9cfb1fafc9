"""msgraph-sdk: Microsoft Graph v1.0, with the requests and types of the generated SDK."""

import asyncio

import requests
from azure.identity import DeviceCodeCredential
from kiota_abstractions.api_error import APIError
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.assigned_license import AssignedLicense
from msgraph.generated.models.delegated_admin_access_assignment import DelegatedAdminAccessAssignment
from msgraph.generated.models.delegated_admin_access_container import DelegatedAdminAccessContainer
from msgraph.generated.models.delegated_admin_access_container_type import DelegatedAdminAccessContainerType
from msgraph.generated.models.delegated_admin_access_details import DelegatedAdminAccessDetails
from msgraph.generated.models.delegated_admin_relationship import DelegatedAdminRelationship
from msgraph.generated.models.delegated_admin_relationship_customer_participant import (
    DelegatedAdminRelationshipCustomerParticipant,
)
from msgraph.generated.models.delegated_admin_relationship_request import DelegatedAdminRelationshipRequest
from msgraph.generated.models.delegated_admin_relationship_request_action import DelegatedAdminRelationshipRequestAction
from msgraph.generated.models.group import Group
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.unified_role import UnifiedRole
from msgraph.generated.models.user import User
from msgraph.generated.users.item.assign_license.assign_license_post_request_body import AssignLicensePostRequestBody
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph_core.requests.batch_request_content import BatchRequestContent

from browser import Browser
from demo import HOST, MICROSOFT_GRAPH, ORIGIN, command_line_app, customer, partner, person
from steps import claims_of, expect, step

LICENCE_ADMIN = "4d6ac14f-3453-41d0-bef9-a3e0c569773a"


def client_of(party):
    name, password = person(party, "admin")

    def prompt(address, user_code, expires_on):
        Browser().walk(address, {"username": name, "password": password, "user_code": user_code})

    credential = DeviceCodeCredential(
        command_line_app["appId"],
        tenant_id=party["tenantId"],
        authority=ORIGIN,
        disable_instance_discovery=True,
        prompt_callback=prompt,
    )
    # The host name without its port: with the port in the list the SDK sends no token.
    allowed = [HOST.split(":")[0]]
    provider = AzureIdentityAuthenticationProvider(
        credential, scopes=[f"{MICROSOFT_GRAPH}/.default"], allowed_hosts=allowed
    )
    adapter = GraphRequestAdapter(provider)
    adapter.base_url = f"{ORIGIN}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


def token_for(party, part, scope, tenant=None):
    """A token that somebody of a party signs in for, in their own tenant or another one."""
    name, password = person(party, part)

    def prompt(address, user_code, expires_on):
        Browser().walk(address, {"username": name, "password": password, "user_code": user_code})

    credential = DeviceCodeCredential(
        command_line_app["appId"],
        tenant_id=tenant or party["tenantId"],
        authority=ORIGIN,
        disable_instance_discovery=True,
        prompt_callback=prompt,
    )
    return credential.get_token(scope).token


async def everything():
    graph = client_of(customer)
    domain = customer["domain"]

    with step("me"):
        expect((await graph.me.get()).user_principal_name, person(customer, "admin")[0])

    with step("users: create, get, change, select and filter"):
        new = User(
            account_enabled=True,
            display_name="Fitter",
            mail_nickname="fitter",
            user_principal_name=f"fitter@{domain}",
            password_profile=PasswordProfile(password="Quite-1-long-word", force_change_password_next_sign_in=False),
            usage_location="US",
        )
        user = await graph.users.post(new)
        await graph.users.by_user_id(user.id).patch(User(job_title="Fitter of pipes"))
        query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
            select=["id", "jobTitle"], filter=f"userPrincipalName eq 'fitter@{domain}'"
        )
        found = await graph.users.get(request_configuration=RequestConfiguration(query_parameters=query))
        expect([(one.id, one.job_title, one.display_name) for one in found.value], [(user.id, "Fitter of pipes", None)])

    with step("lists go on from page to page"):
        query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(top=1)
        page = await graph.users.get(request_configuration=RequestConfiguration(query_parameters=query))
        seen = [one.id for one in page.value]
        while page.odata_next_link:
            page = await graph.users.with_url(page.odata_next_link).get()
            seen += [one.id for one in page.value]
        assert len(seen) == len(set(seen)) >= 2 and user.id in seen, seen

    with step("groups: create, add and list members"):
        group = await graph.groups.post(
            Group(display_name="Fitters", mail_enabled=False, mail_nickname="fitters", security_enabled=True)
        )
        reference = ReferenceCreate(odata_id=f"{ORIGIN}/v1.0/directoryObjects/{user.id}")
        await graph.groups.by_group_id(group.id).members.ref.post(reference)
        members = await graph.groups.by_group_id(group.id).members.get()
        expect([(type(one).__name__, one.id) for one in members.value], [("User", user.id)])

    with step("licences: what is owned, one assigned, units counted"):
        [sku] = (await graph.subscribed_skus.get()).value
        before = sku.consumed_units
        body = AssignLicensePostRequestBody(
            add_licenses=[AssignedLicense(sku_id=sku.sku_id, disabled_plans=[])], remove_licenses=[]
        )
        await graph.users.by_user_id(user.id).assign_license.post(body)
        [sku] = (await graph.subscribed_skus.get()).value
        expect(sku.consumed_units, before + 1)

    with step("organization, domains, directory roles"):
        [organization] = (await graph.organization.get()).value
        expect(organization.id, customer["tenantId"])
        names = [known.id for known in (await graph.domains.get()).value]
        assert domain in names, names
        roles = [role.display_name for role in (await graph.directory_roles.get()).value]
        assert "Global Administrator" in roles, roles

    with step("several requests in one"):
        content = BatchRequestContent()
        content.add_request_information(graph.me.to_get_request_information())
        content.add_request_information(graph.organization.to_get_request_information())
        answer = await graph.batch.post(content)
        expect(sorted(one.status for one in answer.responses.values()), [200, 200])

    with step("deleted users come back"):
        await graph.users.by_user_id(user.id).delete()
        try:
            await graph.users.by_user_id(user.id).get()
            raise AssertionError("a deleted user was found")
        except APIError as refusal:
            expect((refusal.response_status_code, refusal.error.code), (404, "Request_ResourceNotFound"))
        await graph.directory.deleted_items.by_directory_object_id(user.id).restore.post()
        expect((await graph.users.by_user_id(user.id).get()).display_name, "Fitter")
        await graph.users.by_user_id(user.id).delete()
        await graph.groups.by_group_id(group.id).delete()

    own = client_of(partner)

    with step("contracts of a partner"):
        contracts = (await own.contracts.get()).value
        assert customer["tenantId"] in [str(contract.customer_id) for contract in contracts]

    relationships = own.tenant_relationships.delegated_admin_relationships
    roles = DelegatedAdminAccessDetails(unified_roles=[UnifiedRole(role_definition_id=LICENCE_ADMIN)])

    with step("granular delegated administration: drafted and locked"):
        made = await relationships.post(
            DelegatedAdminRelationship(
                display_name="Licences only",
                duration="P90D",
                customer=DelegatedAdminRelationshipCustomerParticipant(tenant_id=customer["tenantId"]),
                access_details=roles,
            )
        )
        expect(made.status, "created")
        one = relationships.by_delegated_admin_relationship_id(made.id)
        lock = DelegatedAdminRelationshipRequest(action=DelegatedAdminRelationshipRequestAction.LockForApproval)
        await one.requests.post(lock)
        expect((await one.get()).status, "approvalPending")

    [helpdesk] = [group for group in (await own.groups.get()).value if group.display_name == "HelpdeskAgents"]
    assignment = DelegatedAdminAccessAssignment(
        access_container=DelegatedAdminAccessContainer(
            access_container_id=helpdesk.id, access_container_type=DelegatedAdminAccessContainerType.SecurityGroup
        ),
        access_details=roles,
    )

    with step("an access assignment needs an active relationship"):
        try:
            await one.access_assignments.post(assignment)
            raise AssertionError("assigned without the customer's approval")
        except APIError as refusal:
            assert refusal.response_status_code in (400, 409), refusal

    with step("the customer approves, a group of the partner gets the role, and its people have it in their tokens"):
        # The original has this in a portal; ours is a call of our own API.
        approve = f"{ORIGIN}/api/v1/granular-relationships/{made.id}/approve"
        headers = {"Authorization": f"Bearer {token_for(customer, 'admin', f'{ORIGIN}/user_impersonation')}"}
        answer = requests.post(approve, headers=headers)
        assert answer.status_code == 200, answer.text
        expect((await one.get()).status, "active")
        customers = (await own.tenant_relationships.delegated_admin_customers.get()).value
        expect([known.id for known in customers], [customer["tenantId"]])
        await one.access_assignments.post(assignment)
        claims = claims_of(token_for(partner, "helpdesk", f"{MICROSOFT_GRAPH}/.default", customer["tenantId"]))
        assert LICENCE_ADMIN in claims["wids"], claims

    with step("the partner ends it, and the role is gone"):
        end = DelegatedAdminRelationshipRequest(action=DelegatedAdminRelationshipRequestAction.Terminate)
        await one.requests.post(end)
        assert (await one.get()).status in ("terminating", "terminated")
        claims = claims_of(token_for(partner, "helpdesk", f"{MICROSOFT_GRAPH}/.default", customer["tenantId"]))
        assert LICENCE_ADMIN not in claims["wids"], claims


asyncio.run(everything())
