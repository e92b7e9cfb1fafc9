//! A valid body for every write that reads one: an answer that refuses a caller must not be about the body.

use crate::operations::{ADMIN_PASSWORD, Operation, PASSWORD};
use crate::things::Words;
use crate::{pc_account, pc_azure, pc_carts, pc_new_commerce, pc_selling, pc_support};
use serde_json::{Value, json};
use tenantry_core::DirectoryRole;
use tenantry_testkit::{CARD, HOURS};

/// The built-in role Reader, as Azure has it.
const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

/// A body and its type.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) content_type: &'static str,
    pub(crate) text: String,
}

/// Writes that read a body and have none here. This list may only become shorter, and each says why.
pub(crate) const WITHOUT_BODY: [&str; 0] = [];

/// The body of a write in the directory of the `customer` or of the `owner`.
pub(crate) fn body(directory: &str, operation: &Operation, things: &Words<'_>) -> Option<Body> {
    let name = operation.name.as_str();
    let json = match operation.face.as_str() {
        "partner-center-v1" if name == "tokens.generate" => {
            let text = "grant_type=client_credentials".to_owned();
            return Some(Body { content_type: "application/x-www-form-urlencoded", text });
        }
        "login" => {
            let text = "grant_type=client_credentials&client_id=nobody&user_code=NOBODY".to_owned();
            return Some(Body { content_type: "application/x-www-form-urlencoded", text });
        }
        "directory-graph" if name == "batch.post" => return Some(batch()),
        "tenantry-v1" if name == "usage-uploads.append" => {
            return Some(Body { content_type: "application/offset+octet-stream", text: "{}".to_owned() });
        }
        "partner-center-v1" => partner_center(name, things),
        "tenantry-v1" => tenantry(name, things),
        "directory-graph" => directory_graph(name, things),
        "graph-v1.0" => graph(directory, name, things),
        _ => None,
    }?;
    Some(Body { content_type: "application/json", text: json.to_string() })
}

fn address() -> Value {
    json!({"country": "US", "city": "Seattle", "state": "WA", "addressLine1": "1 Harbour Rd", "postalCode": "98101"})
}

fn partner_center(name: &str, things: &Words<'_>) -> Option<Value> {
    let profile = json!({
        "id": things.get("customer"), "email": "ops@tailspin.test", "culture": "en-US", "language": "en",
        "companyName": "Tailspin", "defaultAddress": address(),
    });
    Some(match name {
        "customers.create" => {
            json!({"companyProfile": {"domain": "tailspin.example.test"}, "billingProfile": profile})
        }
        "customers.billing-profile.change" => profile,
        "orders.create" => json!({"lineItems": [{"lineItemNumber": 0, "offerId": "MS-AZR-0145P", "quantity": 1}]}),
        "subscriptions.change" => json!({"friendlyName": "Another name"}),
        "orders.change" => json!({"status": "completed"}),
        "subscriptions.upgrades.apply" => json!({"targetOffer": {"id": tenantry_testkit::SEAT_OFFER}}),
        "subscriptions.transitions.make" => json!({"toCatalogItemId": tenantry_testkit::SEAT_OFFER}),
        "subscriptions.conversions.apply" => json!({"targetOfferId": tenantry_testkit::SEAT_OFFER}),
        "subscriptions.register" => json!("success"),
        "subscriptions.support-contact.change" => json!({"supportTenantId": things.get("owner")}),
        "validations.address" => address(),
        "customers.consents.give" => json!({
            "displayName": "Panel", "applicationId": things.get("panel"),
            "applicationGrants": [{"enterpriseApplicationId": "00000003-0000-0000-c000-000000000000", "scope": "User.Read"}],
        }),
        "users.create" => json!({
            "userPrincipalName": "new-clerk@northwind.example.test", "displayName": "A new clerk", "usageLocation": "US",
            "passwordProfile": {"password": "correct horse 9 battery", "forceChangePassword": false},
        }),
        "webhooks.registration.create" | "webhooks.registration.change" => json!({
            "WebhookUrl": "https://hooks.tailspin.example/in", "WebhookEvents": ["test-created", "invoice-ready"],
        }),
        "webhooks.validation-events.create" => json!({}),
        "users.change" => json!({"displayName": "Another name"}),
        "users.password.reset" => {
            json!({"passwordProfile": {"password": "correct horse 9 battery", "forceChangePassword": false}})
        }
        "products.check-inventory" => json!({"targetItems": [{"productId": "CFQ7TTC0LF8R"}]}),
        "customers.promotion-eligibilities" => {
            json!({"items": [{"id": 0, "catalogItemId": "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR", "quantity": 1}]})
        }
        "directory-roles.members.add" => json!({"id": things.get("person")}),
        "users.licenses.update" => json!({"licensesToRemove": [things.get("sku")]}),
        name => {
            let of_group = pc_selling::body(name, things).or_else(|| pc_support::body(name, things));
            return of_group
                .or_else(|| pc_azure::body(name, things))
                .or_else(|| pc_new_commerce::body(name, things))
                .or_else(|| pc_carts::body(name))
                .or_else(|| pc_account::body(name, address()));
        }
    })
}

fn tenantry(name: &str, things: &Words<'_>) -> Option<Value> {
    Some(match name {
        "clock.advance" => json!({"to": "2026-03-03T00:00:00Z"}),
        "partners.sign_up" => json!({
            "companyName": "Litware", "domain": "litware.example.test", "address": address(),
            "email": "ops@litware.test", "mpnId": "7", "markets": ["US"], "currency": "USD",
        }),
        "price-sheets.import" => serde_json::from_str(CARD).unwrap(),
        "price-lists.import" => json!({
            "effectiveFrom": "2026-03-09", "meters": [{"meter": HOURS, "rates": [{"from": "0", "price": "0.09"}]}],
        }),
        "fx.import" => json!({"rates": [{
            "month": "2026-02", "from": "USD", "to": "EUR", "rate": "0.9", "source": "a bank", "date": "2026-02-27",
        }]}),
        "price-rules.add" => json!({"factor": "0.9", "appliesTo": "everything"}),
        "seat-prices.import" => json!({
            "market": "US", "currency": "USD", "effectiveFrom": "2026-04-01",
            "prices": [{"offer": tenantry_testkit::SEAT_OFFER, "cycle": "monthly", "price": "12.50"}],
        }),
        "customer-price-rules.add" => json!({"factor": "1.25"}),
        "subscriptions.change-reseller" => json!({"partner": things.get("sibling owner")}),
        "budgets.put" => json!({
            "name": "The shop", "limit": "900.00", "action": "notify",
            "scope": {"kind": "subscription", "subscription": things.get("subscription")},
        }),
        "alerts.resolve" => json!({}),
        "payments.record" => json!({
            "partner": things.get("owner"), "amount": "10.00", "currency": "USD", "paidOn": "2026-03-01",
            "reference": "second",
        }),
        "payments.reverse" => json!({
            "partner": things.get("owner"), "payment": format!("first of {}", things.get("owner")),
            "reference": "first, returned",
            "returnedOn": "2026-03-01", "reason": "returned by the bank",
        }),
        "credit-notes.issue" => {
            json!({"reference": "goodwill-1", "reason": "goodwill", "lines": [{"line": 1, "amount": "1.00"}]})
        }
        "rounding.set" => json!({"partner": things.get("owner"), "rounding": "half-up"}),
        "tax-rates.set" => json!({"market": "US", "rate": "0.1"}),
        "external-subscriptions.register" => json!({
            "tenant": things.get("customer"), "friendlyName": "By agreement", "boughtBy": "Enterprise agreement",
        }),
        "relationship-requests.accept" => json!({"delegatedAdmin": false}),
        "second-factor.confirm" => json!({"code": "000000"}),
        "locks.put" => json!({"scope": things.get("scope"), "level": "CanNotDelete"}),
        "role-assignments.put" => json!({
            "scope": things.get("scope"), "roleDefinitionId": READER, "principalId": things.get("newcomer"),
        }),
        "role-definitions.put" => json!({
            "roleName": "Northwind watcher", "assignableScopes": [things.get("scope")],
            "permissions": [{"actions": ["Microsoft.Compute/virtualMachines/read"]}],
        }),
        "usage.report" => json!({
            "source": "routes", "id": "one", "time": "2026-03-01T10:00:00Z",
            "subscription": things.get("subscription"), "meter": HOURS, "quantity": "1",
            "resource": format!("/subscriptions/{}/resourceGroups/shop", things.get("subscription")),
            "region": "westeurope",
        }),
        name => return pc_support::own_body(name).or_else(|| pc_account::own_body(name, things)),
    })
}

fn directory_graph(name: &str, things: &Words<'_>) -> Option<Value> {
    let link =
        |word: &str| json!({"url": format!("https://graph.windows.net/x/directoryObjects/{}", things.get(word))});
    Some(match name {
        "users.create" => json!({
            "accountEnabled": true, "displayName": "Starter", "mailNickname": "starter",
            "userPrincipalName": format!("starter@{}", things.get("domain of people")),
            "passwordProfile": {"password": "Violet-2026!", "forceChangePasswordNextLogin": false},
        }),
        "users.change" => json!({"jobTitle": "Clerk"}),
        PASSWORD | ADMIN_PASSWORD => json!({"passwordProfile": {"password": "Violet-2026!"}}),
        "users.manager.change" => link("newcomer"),
        "users.assign-license" => {
            json!({"addLicenses": [], "removeLicenses": [things.get("sku")]})
        }
        "users.change-password" => {
            json!({"currentPassword": "correct horse 7 battery", "newPassword": "Violet-2026!"})
        }
        "users.check-groups" => json!({"groupIds": [things.get("group")]}),
        "users.member-groups"
        | "users.member-objects"
        | "groups.member-groups"
        | "service-principals.member-groups" => {
            json!({"securityEnabledOnly": false})
        }
        "groups.create" => {
            json!({"displayName": "Starters", "mailEnabled": false, "mailNickname": "starters", "securityEnabled": true})
        }
        "groups.change" => json!({"displayName": "Accounting"}),
        "groups.is-member" => json!({"groupId": things.get("group"), "memberId": things.get("person")}),
        "groups.members.add" | "groups.owners.add" | "directory-roles.members.add" => link("newcomer"),
        "directory-roles.create" => {
            json!({"roleTemplateId": DirectoryRole::ReportsReader.template().to_string()})
        }
        "directory-objects.by-ids" => json!({"objectIds": [things.get("person"), things.get("group")], "types": []}),
        "applications.create" => json!({"displayName": "Starter tool"}),
        "applications.change" => json!({"displayName": "Another tool"}),
        "applications.keys.change" | "applications.secrets.change" => json!({"value": []}),
        "deleted-applications.restore" => json!({"identifierUris": []}),
        "service-principals.create" => json!({"appId": things.get("new app"), "accountEnabled": true}),
        "service-principals.change" => json!({"tags": ["panel"]}),
        "permission-grants.create" => json!({
            "clientId": things.get("principal"), "consentType": "Principal", "principalId": things.get("newcomer"),
            "resourceId": things.get("api"), "scope": "User.Read",
        }),
        "permission-grants.change" => json!({"scope": "User.Read Directory.Read.All"}),
        "domains.create" => json!({"name": "northwind-third.test"}),
        "domains.change" => json!({"isDefault": true}),
        "tenant-details.change" => json!({"technicalNotificationMails": ["ops@northwind-shop.test"]}),
        _ => return None,
    })
}

/// Microsoft Graph. What it shares with the other directory API is written once.
fn graph(directory: &str, name: &str, things: &Words<'_>) -> Option<Value> {
    let link = |word: &str| json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{}", things.get(word))});
    let roles = json!({"unifiedRoles": [{"roleDefinitionId": DirectoryRole::DirectoryReaders.template().to_string()}]});
    let app_role = |holder: &str| {
        json!({
            "principalId": things.get(holder), "resourceId": things.get("api of the customer"),
            "appRoleId": things.get("app role"),
        })
    };
    Some(match name {
        "batch.post" => json!({"requests": [
            {"id": "1", "method": "GET", "url": "/users"},
            {"id": "2", "method": "GET", "url": format!("/users/{}", things.get("person"))},
        ]}),
        "users.create" => json!({
            "accountEnabled": true, "displayName": "Starter", "mailNickname": "starter",
            "userPrincipalName": format!("starter@{}", things.get("domain of people")),
            "passwordProfile": {"password": "Violet-2026!", "forceChangePasswordNextSignIn": false},
        }),
        "users.app-roles.create" | "service-principals.app-roles-given.create" => app_role("person"),
        "service-principals.app-roles.create" => app_role("principal"),
        "users.manager.change" | "groups.members.add" | "groups.owners.add" | "directory-roles.members.add" => {
            link("newcomer")
        }
        "groups.assign-license" => json!({"addLicenses": [{"skuId": things.get("sku")}], "removeLicenses": []}),
        "directory-objects.by-ids" => json!({"ids": [things.get("person"), things.get("group")], "types": []}),
        "applications.add-password" => json!({"passwordCredential": {"displayName": "second"}}),
        "applications.remove-password" => json!({"keyId": things.get("secret of the tool")}),
        "service-principals.create" => json!({"appId": things.get("new app")}),
        "domains.create" => json!({"id": "northwind-third.test"}),
        "organization.change" => json!({"technicalNotificationMails": ["ops@northwind-shop.test"]}),
        "relationships.create" => json!({
            "displayName": "Another", "duration": "P30D", "customer": {"tenantId": things.get("customer")},
            "accessDetails": roles,
        }),
        "relationships.change" => json!({"duration": "P30D"}),
        // A customer answers what it was asked; either side ends what is in effect.
        "relationships.requests.create" if directory == "customer" => json!({"action": "approve"}),
        "relationships.requests.create" => json!({"action": "terminate"}),
        "relationships.access.create" => json!({
            "accessContainer": {"accessContainerId": things.get("partners group"), "accessContainerType": "securityGroup"},
            "accessDetails": roles,
        }),
        "relationships.access.change" => json!({"accessDetails": {"unifiedRoles": [
            {"roleDefinitionId": DirectoryRole::ReportsReader.template().to_string()},
        ]}}),
        _ => return directory_graph(name, things),
    })
}

/// One read in a batch: what it is answered stands inside, and the same laws hold for it.
fn batch() -> Body {
    let part = "GET /myorganization/users?api-version=1.6 HTTP/1.1\r\n\r\n";
    let text = format!("--one\r\nContent-Type: application/http\r\n\r\n{part}\r\n--one--");
    Body { content_type: "multipart/mixed; boundary=one", text }
}
