//! Audit records: what the partner's people and programs did, and nobody else's.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tenantry_core::Role;
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{Reply, on_every_engine};

async fn list(desk: &Desk, query: &str) -> Vec<Value> {
    desk.send(&format!("GET /v1/auditrecords{query}"), &[], "").await.expect(200).json()["items"]
        .as_array()
        .unwrap()
        .clone()
}

/// Operation, status and customer of each record.
fn shown(records: &[Value]) -> Vec<String> {
    let text = |record: &Value, member: &str| record[member].as_str().unwrap_or("-").to_owned();
    let line = |record| [text(record, "operationType"), text(record, "operationStatus"), text(record, "customerName")];
    records.iter().map(|record| line(record).join(" ")).collect()
}

fn next_token(page: &Reply) -> Option<String> {
    page.json()["continuationToken"].as_str().map(str::to_owned)
}

/// The words of a filter, percent-encoded as far as a query needs.
fn filter(field: &str, operator: &str, value: &str) -> String {
    format!("?filter=%7B%22Field%22:%22{field}%22,%22Value%22:%22{value}%22,%22Operator%22:%22{operator}%22%7D")
}

#[test]
fn what_was_done_is_read_with_who_did_it_and_what_came_of_it() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let path = format!("/v1/customers/{}", customer.id);
        desk.channel.advance_to("2026-01-11T08:30:00Z").await;
        let desk = desk.with_person("dana", &[Role::AdminAgent]).await;
        let order = r#"{"billingCycle":"monthly","lineItems":[{"lineItemNumber":0,"offerId":"031C9E47-4802-4248-838E-778FB1D2CC05","friendlyName":"Suite","quantity":5}]}"#;
        let order = order.replacen('{', &format!(r#"{{"referenceCustomerId":"{}","#, customer.id), 1);
        let named = "MS-CorrelationId: 5ce66de5-eea9-486f-a11c-c852aa3d1502";
        let placed = desk.send(&format!("POST {path}/orders"), &[named], &order).await.expect(201).json();
        let none = order.replace("\"quantity\":5", "\"quantity\":0");
        let _ = desk.send(&format!("POST {path}/orders"), &[], &none).await.expect(400);

        let records = list(&desk, "").await;
        // Both are of one instant.
        let mut orders = shown(&records[..2]);
        orders.sort();
        assert_eq!(orders, ["create_order failed Northwind", "create_order succeeded Northwind"]);
        let record = records.iter().find(|record| record["operationStatus"] == "succeeded").unwrap();
        for (member, expected) in [
            ("partnerId", json!(desk.channel.partner.tenant.to_string())),
            ("participants", json!([desk.channel.partner.tenant.to_string()])),
            ("customerId", json!(customer.id.to_string())),
            ("userPrincipalName", json!("dana@contoso.example.test")),
            ("applicationId", json!(desk.channel.partner_app.identity.app.to_string())),
            ("resourceType", json!("order")),
            ("originalCorrelationId", json!("5ce66de5-eea9-486f-a11c-c852aa3d1502")),
            ("operationDate", json!("2026-01-11T08:30:00.0000000Z")),
            ("attributes", json!({"objectType": "AuditRecord"})),
        ] {
            assert_eq!(record[member], expected, "{member}");
        }
        let id = placed["id"].as_str().unwrap().to_lowercase();
        let subscription = placed["lineItems"][0]["subscriptionId"].as_str().unwrap().to_lowercase();
        let pairs: Vec<_> = record["customizedData"].as_array().unwrap().iter().collect();
        let pair = |key: &str| pairs.iter().find(|pair| pair["key"] == key).unwrap()["value"].clone();
        assert_eq!((pair("OrderId"), pair("Quantity-0")), (json!(id), json!("5")));
        assert_eq!((pair("SubscriptionId-0"), pair("SubscriptionName-0")), (json!(subscription), json!("Suite")));
        let made: Value = serde_json::from_str(record["resourceNewValue"].as_str().unwrap()).unwrap();
        assert_eq!((&made["Id"], &made["LineItems"][0]["FriendlyName"]), (&json!(id), &json!("Suite")));

        let ticks = record["id"].as_str().unwrap().rsplit('_').next().unwrap();
        assert_eq!(ticks, "639037170000000000", "ticks of 2026-01-11T08:30:00Z");
        let one = format!("GET /auditactivity/v1/auditrecords/{}", record["id"].as_str().unwrap());
        assert_eq!(&desk.send(&one, &[], "").await.expect(200).json(), record);
        let created = records.iter().find(|record| record["operationType"] == "add_customer").unwrap();
        assert_eq!(
            (&created["customerId"], &created["customerName"]),
            (&json!(customer.id.to_string()), &json!("Northwind"))
        );
        assert!(created.get("userPrincipalName").is_none(), "an application did it for itself");
    });
}

#[test]
fn nobody_reads_what_another_partner_did() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        desk.channel.customer("Northwind").await;
        let record = list(&desk, "").await.remove(0);
        let theirs = desk.channel.token(&desk.channel.stranger_app, PARTNER_CENTER).await;
        let seen = desk.send_as(Some(&theirs), "GET", "/v1/auditrecords").await.expect(200).json();
        assert_eq!(seen["items"], json!([]));
        let one = format!("/auditactivity/v1/auditrecords/{}", record["id"].as_str().unwrap());
        assert_eq!(fault(&desk.send_as(Some(&theirs), "GET", &one).await.expect(404)), "1000");
        for id in ["x", "a_b_c_d_e", "a_b_00000000-0000-4000-8000-000000000000_d_e"] {
            let reply = desk.send(&format!("GET /auditactivity/v1/auditrecords/{id}"), &[], "").await.expect(404);
            assert_eq!(fault(&reply), "1000", "{id}");
        }
        let _ = desk.send_as(None, "GET", "/v1/auditrecords").await.expect(401);
    });
}

/// The Java SDK and PowerShell lose a whole page to one word that is newer than they are.
#[test]
fn older_clients_are_told_what_they_can_read() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let budget = format!("PATCH /v1/customers/{}/usagebudget", customer.id);
        let _ = desk.send(&budget, &[], r#"{"amount":100.5}"#).await.expect(200);
        let policy = json!({
            "selfServeEntity": {"selfServeEntityType": "customer", "tenantID": customer.id.to_string()},
            "grantor": {"grantorType": "billToPartner", "tenantID": desk.channel.partner.tenant.to_string()},
            "permissions": [{"resource": "AzureReservedInstances", "action": "Purchase"}],
        });
        let _ = desk.send("POST /v1/SelfServePolicy", &[], &policy.to_string()).await.expect(201);
        let operations = async |client: &str| {
            let client = format!("MS-PartnerCenter-Client: {client}");
            let page = desk.send("GET /v1/auditrecords", &[client.as_str()], "").await.expect(200).json();
            let items = page["items"].as_array().unwrap().clone();
            items.iter().map(|item| item["operationType"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
        };
        let (newer, old) = ("create_self_serve_policy".to_owned(), "add_customer".to_owned());
        let (budget, misspelt) =
            ("update_customer_spending_budget".to_owned(), "update_Customer_spending_budget".to_owned());
        let told = operations("Partner Center .NET SDK").await;
        assert_eq!(told, BTreeSet::from([newer, budget.clone(), old.clone()]));
        assert_eq!(operations("Partner Center PowerShell").await, BTreeSet::from([budget, old.clone()]));
        assert_eq!(operations("Partner Center Java SDK").await, BTreeSet::from([misspelt, old]));
    });
}

/// Lines are opened before anything is looked up: a refused act must not tell whose tenant the id in its path is.
#[test]
fn a_refused_act_names_nobody_that_the_partner_does_not_know() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let own = desk.channel.customer("Northwind").await;
        let others = customer_of_stranger(&desk.channel).await;
        let provider = desk.channel.provider.tenant;
        for tenant in [own.id, others.id, provider] {
            let path = format!("/v1/customers/{tenant}");
            let _ = desk.send(&format!("PATCH {path}/usagebudget"), &[], "{}").await;
            let _ = desk.send(&format!("POST {path}/orders"), &[], r#"{"lineItems":[{"offerId":"x"}]}"#).await;
            let _ = desk.send(&format!("DELETE {path}"), &[], "").await;
        }
        let records = list(&desk, "").await;
        let of = |tenant: tenantry_core::TenantId| {
            let id = tenant.to_string();
            let named = records.iter().filter(move |record| record["customerId"] == id.as_str());
            named.map(|record| record["customerName"].clone()).collect::<Vec<_>>()
        };
        assert!(of(own.id).iter().any(|name| name == "Northwind"), "{records:?}");
        assert!(!of(others.id).is_empty(), "its own acts it sees");
        for tenant in [others.id, provider] {
            assert!(of(tenant).iter().all(Value::is_null), "{records:?}");
        }
    });
}

#[test]
fn a_person_at_work_in_a_customers_directory_is_in_the_partners_list() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_person("dana", &[Role::AdminAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        let user = r#"{"usageLocation":"US","userPrincipalName":"sam@northwind.example.test","displayName":"Sam","firstName":"Sam","lastName":"S","passwordProfile":{"password":"correct horse 7 battery","forceChangePassword":false}}"#;
        let made = desk.send(&format!("POST /v1/customers/{}/users", customer.id), &[], user).await.expect(201).json();
        let path = format!("/v1/customers/{}/users/{}", customer.id, made["id"].as_str().unwrap());
        desk.send(&format!("DELETE {path}"), &[], "").await;
        let records = list(&desk, "").await;
        let expected = ["delete_customer_user succeeded Northwind", "create_customer_user succeeded Northwind"];
        assert_eq!(shown(&records)[..2].iter().collect::<std::collections::BTreeSet<_>>().len(), 2);
        for line in expected {
            assert!(shown(&records).iter().any(|seen| seen == line), "{line}: {:?}", shown(&records));
        }
        assert!(!shown(&records).iter().any(|seen| seen.contains("sign")), "what has no word there is not shown");
    });
}

#[test]
fn filters_find_by_customer_name_and_kind_in_any_letter_case() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let northwind = desk.channel.customer("Northwind").await;
        let tailspin = desk.channel.customer("Tailspin Toys").await;
        desk.channel.order_usage(&tailspin).await;
        for (query, expected) in [
            (filter("CompanyName", "substring", "SPIN"), 2),
            (filter("company_name", "Substring", "nobody"), 0),
            (filter("CustomerId", "equals", &northwind.id.to_string().to_uppercase()), 1),
            (filter("CustomerId", "equals", &tailspin.id.to_string()), 2),
            (filter("ResourceType", "equals", "Order"), 1),
            (filter("ResourceType", "equals", "3"), 1),
            (filter("ResourceType", "equals", "customer"), 2),
            (filter("ResourceType", "equals", "device"), 0),
        ] {
            assert_eq!(list(&desk, &query).await.len(), expected, "{query}");
        }
        for (query, expected) in [
            (filter("CompanyName", "equals", "x"), "800042 filter"),
            (filter("Nothing", "equals", "x"), "800042 filter"),
            (filter("CustomerId", "equals", "x"), "3000 filter.Value"),
            (filter("ResourceType", "equals", "weather"), "3000 filter.Value"),
            ("?filter=x".to_owned(), "3000 filter"),
            ("?size=501".to_owned(), "3000 size"),
        ] {
            let reply = desk.send(&format!("GET /v1/auditrecords{query}"), &[], "").await.expect(400);
            assert_eq!(fault(&reply), expected, "{query}");
        }
    });
}

#[test]
fn days_are_in_the_window_whole_and_90_of_them_are_shown() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        desk.channel.customer("Northwind").await;
        desk.channel.advance_to("2026-03-01T10:00:00Z").await;
        desk.channel.customer("Tailspin").await;
        let desk = desk.with_roles(&[Role::HelpdeskAgent]).await;
        let names = |records: &[Value]| {
            let names = records.iter().filter(|record| record["operationType"] == "add_customer");
            names.map(|record| record["customerName"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        for (query, expected) in [
            ("", "Tailspin"),
            ("?startDate=2026-01-10", "Tailspin Northwind"),
            ("?startDate=2026-01-11", "Tailspin"),
            ("?startDate=2026-01-10&endDate=2026-01-10", "Northwind"),
            ("?StartDate=01/10/2026%2000:00:00&ENDDATE=01/10/2026+00:00:00", "Northwind"),
            ("?startDate=1/10/2026%2012:00:00%20AM&endDate=3/1/2026", "Tailspin Northwind"),
            ("?startDate=2026-01-010&endDate=2026-02-032", "Northwind"),
            ("?endDate=2026-01-10T16:00:00Z", "Northwind"),
            ("?endDate=2026-01-10T15:59:59Z", ""),
            ("?startDate=2025-12-01", "Tailspin Northwind"),
        ] {
            assert_eq!(names(&list(&desk, query).await), expected, "{query}");
        }
        for (query, expected) in [
            ("?startDate=2025-11-30", "3000 startDate"),
            ("?startDate=yesterday", "3000 startDate"),
            ("?endDate=13/13/2026", "3000 endDate"),
            ("?startDate=2026-02-02&endDate=2026-02-01", "3000 endDate"),
        ] {
            let reply = desk.send(&format!("GET /v1/auditrecords{query}"), &[], "").await.expect(400);
            assert_eq!(fault(&reply), expected, "{query}");
        }
    });
}

#[test]
fn pages_hold_every_record_once_whatever_carries_the_token() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        for name in ["Northwind", "Tailspin", "Fourth Coffee", "Litware", "Wingtip"] {
            desk.channel.customer(name).await;
        }
        let whole = list(&desk, &filter("ResourceType", "equals", "customer")).await;
        assert_eq!(whole.len(), 5, "all of one instant");
        let query = filter("ResourceType", "equals", "customer") + "&size=2";
        let mut page = desk.send(&format!("GET /auditactivity/v1/auditrecords{query}"), &[], "").await.expect(200);
        let mut seen = page.json()["items"].as_array().unwrap().clone();
        let mut in_query = false;
        while let Some(token) = next_token(&page) {
            page = match in_query {
                true => {
                    let path = format!("GET /v1/auditrecords?seekOperation=Next&MS-ContinuationToken={token}");
                    desk.send(&path, &[], "").await
                }
                false => {
                    let header = format!("MS-ContinuationToken: {token}");
                    desk.send("GET /v1/auditrecords?seekOperation=Next", &[&header], "").await
                }
            };
            page = page.expect(200);
            assert!(page.json()["items"].as_array().unwrap().len() <= 2);
            seen.extend(page.json()["items"].as_array().unwrap().clone());
            in_query = !in_query;
        }
        assert_eq!(seen, whole);
        assert!(page.json()["links"].get("next").is_none());
    });
}
