//! Carts: put together, changed, ordered; and what is wrong with them.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use tenantry_core::Role;
use tenantry_testkit::{Reply, on_every_engine};

const AZURE: &str = "MS-AZR-0145P";
const E1: &str = "91FD106F-4B2C-4938-95AC-F54F74E9A239";
/// A customer may have one.
const TRIAL: &str = "32B23C88-949F-4E5B-B500-A87EEC676B80";
/// Up to 300 seats, and two of it.
const PREMIUM: &str = "031C9E47-4802-4248-838E-778FB1D2CC05";
const ARCHIVING: &str = "2828BE95-46BA-4F91-B2FD-0BEF192ECF60";
const MODERN: &str = "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR";

fn line(id: i64, item: &str, quantity: i64, cycle: &str) -> Value {
    json!({"id": id, "catalogItemId": item, "quantity": quantity, "billingCycle": cycle})
}

async fn put_together(desk: &Desk, carts: &str, lines: &Value) -> Reply {
    desk.send(&format!("POST {carts}"), &[], &json!({ "lineItems": lines }).to_string()).await
}

/// The cart's own address.
async fn cart_of(desk: &Desk, carts: &str, lines: &Value) -> String {
    let made = put_together(desk, carts, lines).await.expect(201).json();
    format!("{carts}/{}", made["id"].as_str().unwrap())
}

fn said(reply: &Reply) -> String {
    format!("{} {}", reply.status, fault(reply))
}

#[test]
fn a_cart_is_put_together_changed_and_ordered() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let carts = format!("/v1/customers/{}/carts", customer.id);
        let body = format!(
            r#"{{"Id":null,"LineItems":[{{"Id":0,"CatalogItemId":"{}","Quantity":3,"BillingCycle":"Monthly",
 "FriendlyName":"Suite","Participants":null,"ProvisioningContext":null,"Error":null,"AddonItems":[]}}],
 "ExpirationTimestamp":"0001-01-01T00:00:00"}}"#,
            E1.to_lowercase()
        );
        let made = desk.say(&format!("POST {carts}"), &[], &body).await.expect(201).json();
        let cart = format!("{carts}/{}", made["id"].as_str().unwrap());
        assert_eq!(
            desk.send(&format!("GET {}", cart.to_uppercase().replace("/V1", "/v1")), &[], "").await.json(),
            made
        );
        let lines = json!({"lineItems": [
            line(0, E1, 3, "monthly"),
            {"id": 1, "catalogItemId": MODERN, "quantity": 2, "billingCycle": "annual", "termDuration": "p1y",
             "renewsTo": {"termDuration": "P1Y"}, "provisioningContext": {"Scope": "shared", "nothing": null}},
            line(2, "NOTHING", 1, "monthly"),
            line(3, AZURE, 1, "unknown"),
        ]});
        assert_eq!(desk.say(&format!("PUT {cart}"), &[], &lines.to_string()).await.status, 200);
        let done = desk.say(&format!("POST {cart}/checkout"), &[], "\"success\"").await.expect(201).json();
        assert_eq!(desk.say(&format!("GET {cart}"), &[], "").await.status, 200);
        desk.compare("carts");

        // What came of it then is answered ever after, whatever is sent.
        for body in ["", "null", "\"success\"", "{}"] {
            let again = desk.send(&format!("POST {cart}/checkout"), &[], body).await.expect(201).json();
            assert_eq!(again, done, "{body}");
        }
        let orders = desk.send(&format!("GET /v1/customers/{}/orders", customer.id), &[], "").await.json();
        assert_eq!(orders["items"], done["orders"]);
        let reply = desk.send(&format!("PUT {cart}"), &[], &lines.to_string()).await;
        assert_eq!(said(&reply), "400 800065 cartId");
    });
}

#[test]
fn what_is_wrong_with_a_line_stands_in_the_line() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let carts = format!("/v1/customers/{}/carts", customer.id);
        let with = |item: &str, more: Value| {
            let mut line = line(0, item, 1, "monthly");
            line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            line
        };
        for (wrong, code, group) in [
            (line(0, E1, 1, "monthly"), json!(null), "OMS-0"),
            (with(MODERN, json!({"termDuration": "", "renewsTo": {}, "promotionId": " "})), json!(null), "0"),
            (line(0, "NOTHING", 1, "monthly"), json!(10001), "OMS-0"),
            (line(0, "CFQ7TTC0LF8R:0001:NOTHING", 1, "monthly"), json!(10001), "0"),
            (line(0, E1, 0, "monthly"), json!(10010), "OMS-0"),
            (line(0, E1, -7, "monthly"), json!(10010), "OMS-0"),
            (line(0, PREMIUM, 301, "monthly"), json!(10015), "OMS-0"),
            (line(0, E1, 1, "none"), json!(10013), "OMS-0"),
            (line(0, MODERN, 1, "one_time"), json!(10013), "0"),
            (line(0, MODERN, 1, "Triennial"), json!(10013), "0"),
            (with(MODERN, json!({"termDuration": "P3Y"})), json!(10010), "0"),
            (with(MODERN, json!({"renewsTo": {"termDuration": "P1M"}})), json!(10010), "0"),
            (with(AZURE, json!({"termDuration": "P1Y"})), json!(10010), "OMS-0"),
            (with(MODERN, json!({"promotionId": "39NFJQT1Q5KK"})), json!(10014), "0"),
            (with(MODERN, json!({"customTermEndDate": "2026-06-30T00:00:00Z"})), json!(10016), "0"),
            (
                with(E1, json!({"participants": [{"key": "transaction_reseller", "value": "4847383"}]})),
                json!(10004),
                "OMS-0",
            ),
            (with(E1, json!({"friendlyName": "x".repeat(300)})), json!(10010), "OMS-0"),
            (line(0, ARCHIVING, 1, "monthly"), json!(500_600), "OMS-0"),
        ] {
            let made = put_together(&desk, &carts, &json!([wrong])).await.expect(201).json();
            let seen = &made["lineItems"][0];
            assert_eq!((&seen["error"]["errorCode"], &seen["orderGroup"]), (&code, &json!(group)), "{wrong}");
            let said = seen["error"]["errorDescription"].as_str().unwrap_or_default();
            assert_eq!(said.is_empty(), code.is_null(), "{seen}");
        }
        let base = with(E1, json!({"ADDONITEMS": [line(1, ARCHIVING, 1, "monthly")]}));
        let made = put_together(&desk, &carts, &json!([base])).await.expect(201).json();
        let add_on = &made["lineItems"][0]["addonItems"][0];
        assert_eq!((&add_on["id"], &add_on["error"]["errorCode"]), (&json!(1), &json!(10006)), "{made}");
        assert_eq!(made["lineItems"][0].get("error"), None);
        let trials = json!([line(0, TRIAL, 25, "none"), line(1, TRIAL, 25, "none")]);
        let made = put_together(&desk, &carts, &trials).await.expect(201).json();
        for line in made["lineItems"].as_array().unwrap() {
            assert_eq!(line["error"]["errorCode"], 10002, "{line}");
        }
    });
}

#[test]
fn a_body_that_is_no_cart_is_refused() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let carts = format!("/v1/customers/{}/carts", customer.id);
        let cart = cart_of(&desk, &carts, &json!([line(0, E1, 1, "monthly")])).await;
        let many: Vec<_> = (0..101).map(|id| line(id, E1, 1, "monthly")).collect();
        let nested = json!({"id": 1, "catalogItemId": ARCHIVING, "quantity": 1, "addonItems": [line(2, E1, 1, "")]});
        for (lines, expected) in [
            (json!([]), "400 3000 lineItems"),
            (json!(null), "400 3000 lineItems"),
            (json!("all"), "400 3000 lineItems"),
            (json!([7]), "400 3000 lineItems[0]"),
            (json!(many), "400 800002 lineItems"),
            (json!([{"quantity": 1}]), "400 3000 lineItems[0].catalogItemId"),
            (json!([{"catalogItemId": " ", "quantity": 1}]), "400 3000 lineItems[0].catalogItemId"),
            (json!([{"catalogItemId": E1}]), "400 3000 lineItems[0].quantity"),
            (json!([{"catalogItemId": E1, "quantity": "many"}]), "400 3000 lineItems[0].quantity"),
            (json!([{"catalogItemId": E1, "quantity": 1, "id": "first"}]), "400 3000 lineItems[0].id"),
            (json!([line(0, E1, 1, "weekly")]), "400 3000 lineItems[0].billingCycle"),
            (
                json!([{"catalogItemId": E1, "quantity": 1, "provisioningContext": "shared"}]),
                "400 3000 lineItems[0].provisioningContext",
            ),
            (
                json!([{"catalogItemId": E1, "quantity": 1, "addonItems": [nested]}]),
                "400 3000 lineItems[0].addonItems[0].addonItems",
            ),
        ] {
            let body = json!({ "lineItems": lines }).to_string();
            for what in [format!("POST {carts}"), format!("PUT {cart}")] {
                assert_eq!(said(&desk.send(&what, &[], &body).await), expected, "{what} {lines}");
            }
        }
        assert_eq!(said(&desk.send(&format!("POST {carts}"), &[], "{").await), "400 800002 body");
    });
}

#[test]
fn lines_that_nobody_numbered_are_counted() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let carts = format!("/v1/customers/{}/carts", customer.id);
        let ids = |made: &Value| {
            made["lineItems"].as_array().unwrap().iter().map(|line| line["id"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        let (first, second) = (line(0, E1, 1, "monthly"), line(0, MODERN, 1, "monthly"));
        let made = put_together(&desk, &carts, &json!([first, second])).await.expect(201).json();
        assert_eq!(ids(&made), [0, 1]);
        let own = json!([line(7, E1, 1, "monthly"), line(3, MODERN, 1, "monthly")]);
        assert_eq!(ids(&put_together(&desk, &carts, &own).await.expect(201).json()), [7, 3]);
    });
}

#[test]
fn groups_that_can_be_ordered_are_and_the_others_say_why() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let carts = format!("/v1/customers/{}/carts", customer.id);
        let lines = json!([
            line(0, E1, 5, "monthly"),
            line(1, E1, 5, "annual"),
            line(2, MODERN, 0, "monthly"),
            line(3, MODERN, 1, "annual"),
            line(4, "NOTHING", 1, "monthly"),
            line(5, MODERN, 1, "triennial"),
        ]);
        let cart = cart_of(&desk, &carts, &lines).await;
        let done = desk.send(&format!("POST {cart}/checkout"), &[], "").await.expect(201).json();
        let cycles: Vec<_> = done["orders"].as_array().unwrap().iter().map(|order| &order["billingCycle"]).collect();
        assert_eq!(cycles, ["monthly", "annual", "annual"]);
        let errors: Vec<_> = done["orderErrors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| {
                assert!(error["description"].as_str().is_some_and(|said| !said.is_empty()));
                format!("{} {}", error["orderGroupId"].as_str().unwrap(), error["code"])
            })
            .collect();
        assert_eq!(errors, ["0 2002", "OMS-2 800004", "2 6001"]);
        assert_eq!(done["attributes"]["objectType"], "CartCheckoutResult");
        let again = desk.send(&format!("POST {cart}/checkout"), &[], "").await.expect(201).json();
        assert_eq!(again, done);
    });
}

#[test]
fn a_cart_of_which_nothing_can_be_ordered_stays() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let carts = format!("/v1/customers/{}/carts", customer.id);
        let cart = cart_of(&desk, &carts, &json!([line(0, E1, 0, "monthly")])).await;
        for _ in 0..2 {
            let reply = desk.send(&format!("POST {cart}/checkout"), &[], "").await;
            assert_eq!(said(&reply), "400 800009 lineItems");
        }
        let good = json!({"lineItems": [line(0, E1, 1, "monthly")]}).to_string();
        assert_eq!(desk.send(&format!("PUT {cart}"), &[], &good).await.status, 200);
        let done = desk.send(&format!("POST {cart}/checkout"), &[], "").await.expect(201).json();
        assert_eq!((done["orders"].as_array().unwrap().len(), done.get("orderErrors")), (1, None));
    });
}

#[test]
fn a_cart_is_found_by_its_partner_for_seven_days() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let sibling = desk.channel.customer("Tailspin").await;
        let other = customer_of_stranger(&desk.channel).await;
        let carts = format!("/v1/customers/{}/carts", customer.id);
        let lines = json!([line(0, E1, 1, "monthly")]);
        let body = json!({ "lineItems": lines }).to_string();
        let cart = cart_of(&desk, &carts, &lines).await;
        let id = cart.rsplit('/').next().unwrap();
        let paths = |at: &str| [format!("GET {at}"), format!("PUT {at}"), format!("POST {at}/checkout")];
        for (at, expected) in [
            (format!("/v1/customers/{}/carts/{id}", sibling.id), "404 800008 cartId"),
            (format!("/v1/customers/{}/carts/{id}", other.id), "404 60003"),
            (format!("{carts}/00000000-0000-4000-8000-000000000000"), "404 800008 cartId"),
            (format!("{carts}/mine"), "404 800008 cartId"),
        ] {
            for what in paths(&at) {
                assert_eq!(said(&desk.send(&what, &[], &body).await), expected, "{what}");
            }
        }
        assert_eq!(said(&put_together(&desk, &format!("/v1/customers/{}/carts", other.id), &lines).await), "404 60003");
        desk.channel.advance_to("2026-01-17T15:59:59Z").await;
        let desk = desk.with_roles(&Role::ALL).await;
        assert_eq!(desk.send(&format!("GET {cart}"), &[], "").await.status, 200);
        desk.channel.advance_to("2026-01-17T16:00:00Z").await;
        for what in paths(&cart) {
            assert_eq!(said(&desk.send(&what, &[], &body).await), "404 800008 cartId", "{what}");
        }
    });
}

#[test]
fn who_may_not_order_makes_no_cart() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let carts = format!("/v1/customers/{}/carts", customer.id);
        let lines = json!([line(0, E1, 1, "monthly")]);
        let cart = cart_of(&desk, &carts, &lines).await;
        let desk = desk.with_roles(&[Role::UserAdmin]).await;
        let body = json!({ "lineItems": lines }).to_string();
        for what in [format!("POST {carts}"), format!("PUT {cart}"), format!("POST {cart}/checkout")] {
            assert_eq!(said(&desk.send(&what, &[], &body).await), "403 900150", "{what}");
        }
    });
}

#[test]
fn an_order_names_the_term_it_is_for() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        for (item, term, expected) in [
            (MODERN, json!("P1Y"), "201"),
            (MODERN, json!("p1y"), "201"),
            (MODERN, json!(""), "201"),
            (MODERN, json!(null), "201"),
            (MODERN, json!("P1M"), "400 3000 lineItems[0].termDuration"),
            (MODERN, json!(["P1Y"]), "400 3000 lineItems[0].termDuration"),
            (AZURE, json!("P1Y"), "400 3000 lineItems[0].termDuration"),
        ] {
            let line = json!({"lineItemNumber": 0, "offerId": item, "quantity": 1, "termDuration": term});
            let body = json!({"lineItems": [line]}).to_string();
            let reply = desk.send(&format!("POST /v1/customers/{}/orders", customer.id), &[], &body).await;
            let seen = if reply.status == 201 { "201".to_owned() } else { said(&reply) };
            assert_eq!(seen, expected, "{item} {term}");
        }
    });
}
