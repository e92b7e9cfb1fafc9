"""partnercenterservices: customers, their people, what they buy and what it costs."""

import json
import uuid
from datetime import UTC, datetime
from decimal import Decimal

from msrestazure.azure_exceptions import CloudError

from demo import customer, partner
from partnercenter import ask, call, model, plain
from steps import expect, step

CUSTOMER, DOMAIN = customer["tenantId"], customer["domain"]
CLERK = f"clerk-{uuid.uuid4().hex[:8]}"
HELPDESK = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
USAGE = "MS-AZR-0145P"
SUITE = "91FD106F-4B2C-4938-95AC-F54F74E9A239"

with step("customers: all of them, and one (rows 1, 3)"):
    found = ask("GET", "/customers", size=500)
    assert CUSTOMER in [item.id for item in found.items], found.items
    one = ask("GET", "/customers/{customer_id}", customer_id=CUSTOMER)
    expect(one.company_profile.domain, DOMAIN)

with step("customers: by the beginning of their name (row 1)"):
    start = '{"Field":"CompanyName","Operator":"StartsWith","Value":"%s"}' % customer["name"][:4]
    expect([item.id for item in ask("GET", "/customers", filter=start).items], [CUSTOMER])

address = {"country": "US", "city": "Redmond", "state": "WA", "addressLine1": "1 Harbour Rd", "postalCode": "98052",
           "firstName": "Front", "lastName": "Desk", "phoneNumber": "4255550100"}
made = plain("/customers", {
    "companyProfile": {"domain": f"fabrikam-{uuid.uuid4().hex[:8]}.{DOMAIN.split('.', 1)[1]}"},
    "billingProfile": {"culture": "en-US", "language": "en", "email": "desk@fabrikam.test", "companyName": "Fabrikam",
                       "defaultAddress": address}})
clerk_id = plain(f"/customers/{CUSTOMER}/users", {
    "userPrincipalName": f"{CLERK}@{DOMAIN}", "displayName": "Clerk", "firstName": "Front", "lastName": "Desk",
    "usageLocation": "US", "passwordProfile": {"password": "Quite-1-long-word", "forceChangePassword": False}})

with step("profiles of a customer: company, billing, changed with its ETag (rows 6, 7, 8)"):
    at = {"customer_id": made}
    expect(ask("GET", "/customers/{customer_id}/profiles/company", **at).company_name, "Fabrikam")
    billing = ask("GET", "/customers/{customer_id}/profiles/billing", **at)
    billing.company_name = "Fabrikam Ltd"
    changed = ask("PUT", "/customers/{customer_id}/profiles/billing", customer_billing_profile=billing, **at)
    expect(changed.company_name, "Fabrikam Ltd")

with step("domains: taken or free (rows 21, 22)"):
    expect(call("HEAD", "/domains/{domain}", domain=DOMAIN).response.status_code, 200)
    expect(call("HEAD", "/domains/{domain}", domain="nobody." + DOMAIN).response.status_code, 404)
    expect(ask("GET", "/validations/checkdomainavailability/{domain_prefix}", domain_prefix="nobody-has-it"), True)

with step("users of a customer: read, change, list (rows 34, 36, 37)"):
    at = {"customer_id": CUSTOMER, "user_id": clerk_id}
    clerk = ask("GET", "/customers/{customer_id}/users/{user_id}", **at)
    expect(clerk.display_name, "Clerk")
    clerk.display_name = "First clerk"
    ask("PATCH", "/customers/{customer_id}/users/{user_id}", user=clerk, **at)
    expect(ask("GET", "/customers/{customer_id}/users/{user_id}", **at).display_name, "First clerk")
    names = [item.user_principal_name for item in ask("GET", "/customers/{customer_id}/users", customer_id=CUSTOMER).items]
    assert f"{CLERK}@{DOMAIN}" in names, names

with step("directory roles: list, give, who holds one, what one holds, take away (rows 40, 41, 42, 43, 44)"):
    roles = {role.id: role.name for role in ask("GET", "/customers/{customer_id}/directoryroles", customer_id=CUSTOMER).items}
    assert HELPDESK in roles, roles
    role = {"customer_id": CUSTOMER, "role_id": HELPDESK}
    members = "/customers/{customer_id}/directoryroles/{role_id}/usermembers"
    member = model("ContractsRoleManagementUserMember", id=clerk.id, display_name="First clerk",
                   user_principal_name=f"{CLERK}@{DOMAIN}")
    ask("POST", members, 201, user_member=member, **role)
    assert clerk.id in [item.id for item in ask("GET", members, **role).items]
    # The client knows nothing of what is in this list but how long it is.
    expect(len(ask("GET", "/customers/{customer_id}/users/{user_id}/directoryroles", **at).items), 1)
    call("DELETE", members + "/{member_id}", member_id=clerk.id, **role)
    assert clerk.id not in [item.id for item in ask("GET", members, **role).items]

with step("licences: what is owned, one given, counted, taken away (rows 45, 46, 47)"):
    owned = ask("GET", "/customers/{customer_id}/subscribedskus", customer_id=CUSTOMER).items
    sku = next(item for item in owned if item.available_units > 0)
    assignment = model("UserLicenseManagementLicenseAssignment", sku_id=sku.product_sku.id)
    licences = "/customers/{customer_id}/users/{user_id}/licenseupdates"
    ask("POST", licences, 201, licenses_to_assign=[assignment], **at)
    # The client takes the list for one licence; what came is right.
    held = call("GET", "/customers/{customer_id}/users/{user_id}/licenses", **at).response.json()["items"]
    expect([licence["productSku"]["id"] for licence in held], [sku.product_sku.id])
    again = ask("GET", "/customers/{customer_id}/subscribedskus", customer_id=CUSTOMER).items
    expect(next(item for item in again if item.product_sku.id == sku.product_sku.id).available_units, sku.available_units - 1)
    ask("POST", licences, 201, licenses_to_remove=[sku.product_sku.id], **at)

with step("users: deleted, and found among the deleted (row 39)"):
    call("DELETE", "/customers/{customer_id}/users/{user_id}", **at)
    inactive = '{"Field":"UserState","Value":"Inactive","Operator":"equals"}'
    deleted = ask("GET", "/customers/{customer_id}/users", customer_id=CUSTOMER, filter=inactive).items
    assert clerk.id in [item.id for item in deleted], deleted

with step("offers: categories, list, one, add-ons, of a customer (rows 100, 101, 102, 103, 104, 105)"):
    assert ask("GET", "/offercategories", country="US").items
    assert len(ask("GET", "/offers", country="US").items) > 5
    expect(ask("GET", "/offers/{offer_id}", offer_id=USAGE, country="US").id.upper(), USAGE)
    ask("GET", "/offers/{offer_id}/addons", offer_id=SUITE, country="US")
    assert ask("GET", "/customers/{customer_id}/offers", customer_id=CUSTOMER).items
    assert ask("GET", "/customers/{customer_id}/offercategories", customer_id=CUSTOMER).items

# The client is older than agreements; without one nothing is sold.
plain(f"/customers/{made}/agreements", {
    "templateId": "117a77b0-9360-443b-8795-c6dedc750cf9", "type": "MicrosoftCustomerAgreement",
    "dateAgreed": "2020-01-01T00:00:00Z",
    "primaryContact": {"firstName": "Front", "lastName": "Desk", "email": "desk@fabrikam.test", "phoneNumber": "4255550100"}})

with step("orders: placed, read, listed (rows 48, 49, 50)"):
    line = model("OrderLineItem", line_item_number=0, offer_id=SUITE, friendly_name="Suite", quantity=3)
    order = model("Order", reference_customer_id=made, billing_cycle="monthly", line_items=[line])
    placed = ask("POST", "/customers/{customer_id}/orders", 201, customer_id=made, order=order)
    assert placed.line_items[0].subscription_id, placed
    one = ask("GET", "/customers/{customer_id}/orders/{order_id}", customer_id=made, order_id=placed.id)
    expect(one.line_items[0].quantity, 3)
    expect([item.id for item in ask("GET", "/customers/{customer_id}/orders", customer_id=made).items], [placed.id])

with step("subscriptions: listed, read, more seats, another name, suspended and active again (rows 63, 64, 66, 67)"):
    listed = ask("GET", "/customers/{customer_id}/subscriptions", customer_id=made).items
    subscription = listed[0]
    at = {"customer_id": made, "subscription_id": subscription.id}
    path = "/customers/{customer_id}/subscriptions/{subscription_id}"
    for member, value in [("quantity", 5), ("friendly_name", "Renamed"), ("status", "suspended"), ("status", "active")]:
        setattr(subscription, member, value)
        expect(getattr(ask("PATCH", path, subscription=subscription, **at), member), value)
    expect(ask("GET", path, **at).quantity, 5)
    of_order = ask("GET", "/customers/{customer_id}/subscriptions", customer_id=made, order_id=placed.id)
    expect([item.id for item in of_order.items], [subscription.id])

with step("usage: records of customers and subscriptions sum to the summaries above them (rows 128, 129, 130, 131)"):
    # From the text of the answers: the client reads numbers as floats.
    def figures(path, **parameters):
        return json.loads(call("GET", path, **parameters).response.text, parse_float=Decimal)

    of_partner = figures("/usagesummary")
    customers = figures("/customers/usagerecords")["items"]
    expect(sum(record["totalCost"] for record in customers), of_partner["totalCost"])
    of_customer = figures("/customers/{customer_id}/usagesummary", customer_id=CUSTOMER)
    expect([record["totalCost"] for record in customers if record["id"] == CUSTOMER], [of_customer["totalCost"]])
    records = figures("/customers/{customer_id}/subscriptions/usagerecords", customer_id=CUSTOMER)["items"]
    expect(sum(record["totalCost"] for record in records), of_customer["totalCost"])
    assert of_customer["totalCost"] > 0, of_customer

with step("usage of a subscription: metered, by kind of resource, and its sum (rows 126, 132, 133)"):
    at = {"customer_id": CUSTOMER, "subscription_id": next(
        item.id for item in ask("GET", "/customers/{customer_id}/subscriptions", customer_id=CUSTOMER).items
        if item.offer_id == USAGE)}
    of_subscription = "/customers/{customer_id}/subscriptions/{subscription_id}"
    sums = figures(of_subscription + "/usagerecords/resources", **at)["items"]
    summary = figures(of_subscription + "/usagesummary", **at)
    expect(sum(record["totalCost"] for record in sums), summary["totalCost"])
    metered = figures(of_subscription + "/utilizations/azure",
                      start_time=datetime(2000, 1, 1, tzinfo=UTC), end_time=datetime(2100, 1, 1, tzinfo=UTC), **at)
    assert metered["items"], metered

with step("countries and addresses: the rules of one, an address that keeps them (rows 23, 24)"):
    assert ask("GET", "/countryvalidationrules/{country}", country="US").iso2_code == "US"
    home = model("Address", country="US", city="Redmond", state="WA", address_line1="1 Harbour Rd", postal_code="98052")
    expect(call("POST", "/validations/address", address=home).response.status_code, 200)

with step("relationships: an invitation, resellers, the reseller of a customer (rows 16, 17, 18)"):
    assert ask("GET", "/customers/relationshiprequests").url
    ask("GET", "/relationships", relationship_type="IsIndirectCloudSolutionProviderOf")
    ask("GET", "/customers/{customer_id}/relationships", customer_id=CUSTOMER)

with step("rate card (row 124)"):
    assert ask("GET", "/ratecards/azure", currency="USD", region="US").meters

with step("profiles of the partner: organisation, billing (rows 151, 155)"):
    expect(ask("GET", "/profiles/organization").company_name, partner["name"])
    ask("GET", "/profiles/billing")

with step("refusals are faults with a code: an unknown customer, offer, user"):
    nobody = "00000000-0000-4000-8000-000000000000"
    for verb, path, code, parameters in [
        ("GET", "/customers/{customer_id}", 60003, {"customer_id": nobody}),
        ("GET", "/customers/{customer_id}/users/{user_id}", 60002, {"customer_id": CUSTOMER, "user_id": nobody}),
        ("GET", "/offers/{offer_id}", 1000, {"offer_id": nobody, "country": "US"}),
    ]:
        try:
            answer = call(verb, path, **parameters).response
        except CloudError as error:
            answer = error.response
        expect((answer.status_code, answer.json()["code"]), (404, code))
