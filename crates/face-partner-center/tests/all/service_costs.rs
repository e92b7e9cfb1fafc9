//! What a customer's seats cost: the lines of its documents, to the cent, and of the next one; and where open charges are.

use crate::desk::Desk;
use crate::desk::fault;
use crate::invoice_seats::{items, shown, sum, with_seats};
use tenantry_core::{Amount, Role};
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::on_every_engine;

async fn customer(desk: &Desk) -> String {
    let customers = desk.send("GET /v1/customers", &[], "").await.expect(200).json();
    items(&customers)[0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_costs_of_the_month_closed_last_are_the_seats_of_its_invoice() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        with_seats(&mut desk).await;
        let of = format!("GET /v1/customers/{}/servicecosts", customer(&desk).await);
        let costs = desk.send(&format!("{of}/MostRecent"), &[], "").await.expect(200).json();
        assert_eq!(
            shown(
                std::slice::from_ref(&costs),
                &["billingStartDate", "billingEndDate", "pretaxTotal", "tax", "afterTaxTotal", "currencyCode"]
            ),
            ["2026-01-01T00:00:00Z 2026-01-31T00:00:00Z 88.4 0.0 88.4 USD"]
        );
        let details = costs["details"].as_array().unwrap();
        assert_eq!(shown(details, &["invoiceType"]), ["Recurring", "OneTime"]);
        let parts: Vec<_> = details.iter().map(|detail| detail["summary"]["afterTaxTotal"].to_string()).collect();
        assert_eq!(parts, ["81.6", "6.8"]);
        let link = costs["links"]["serviceCostLineItems"]["uri"].as_str().unwrap();
        let lines = desk.send(&format!("GET /v1{link}"), &[], "").await.expect(200).json();
        assert_eq!(
            shown(
                items(&lines),
                &["invoiceType", "chargeType", "startDate", "quantity", "unitPrice", "afterTaxTotal", "customerName"]
            ),
            [
                "Recurring Prorate fees when purchase 2026-01-11T00:00:00Z 2 40.8 81.6 Northwind",
                "OneTime new 2026-01-11T00:00:00Z 2 3.4 6.8 Northwind",
            ]
        );
        assert_eq!(shown(items(&lines), &["productId", "skuId"]), ["null null", "CFQ7TTC0LF8R 0001"]);
        // The invoice's lines of seats, and its number.
        let invoice = desk.send("GET /v1/invoices", &[], "").await.expect(200).json()["items"][0].clone();
        let number = invoice["id"].as_str().unwrap();
        assert!(items(&lines).iter().all(|line| line["invoiceNumber"] == number));
        let mut seats = Amount::ZERO;
        for provider in ["Office", "OneTime"] {
            let path = format!("GET /v1/invoices/{number}/lineitems/{provider}/BillingLineItems");
            let lines = desk.send(&path, &[], "").await.expect(200).json();
            seats += sum(items(&lines), "totalForCustomer");
        }
        assert_eq!(sum(items(&lines), "afterTaxTotal"), seats);
        // What changed in February is on no document yet.
        let open = desk.send(&format!("{of}/current"), &[], "").await.expect(200).json();
        let open_lines = desk.send(&format!("{of}/CURRENT/lineitems"), &[], "").await.expect(200).json();
        let total = Amount::parse_exact(&open["afterTaxTotal"].to_string()).unwrap();
        assert_eq!(sum(items(&open_lines), "pretaxTotal"), total);
        assert_eq!(open["billingStartDate"], "2026-02-01T00:00:00Z");
        assert!(items(&open_lines).len() >= 4 && items(&open_lines).iter().all(|line| line["invoiceNumber"] == ""));
    });
}

#[test]
fn a_customer_without_seats_costs_nothing_and_a_strangers_is_not_there() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        // No month was closed yet.
        let northwind = desk.channel.customer("Northwind").await;
        let of = format!("/v1/customers/{}/servicecosts", northwind.id);
        for span in ["mostrecent", "current"] {
            let costs = desk.send(&format!("GET {of}/{span}"), &[], "").await.expect(200).json();
            assert_eq!(costs["afterTaxTotal"].to_string(), "0.0", "{span}");
            let lines = desk.send(&format!("GET {of}/{span}/lineitems"), &[], "").await.expect(200).json();
            assert_eq!(lines["totalCount"], 0, "{span}");
        }
        for span in ["previous", "2026-01", "-1"] {
            assert_eq!(
                fault(&desk.send(&format!("GET {of}/{span}"), &[], "").await.expect(400)),
                "3000 period",
                "{span}"
            );
        }
        let stranger = desk.channel.token(&desk.channel.stranger_app, PARTNER_CENTER).await;
        for tail in ["mostrecent", "current/lineitems"] {
            let reply = desk.send_as(Some(&stranger), "GET", &format!("{of}/{tail}")).await;
            assert_eq!(fault(&reply.expect(404)), "60003", "{tail}");
        }
        desk = desk.with_roles(&[Role::SalesAgent]).await;
        assert_eq!(fault(&desk.send(&format!("GET {of}/mostrecent"), &[], "").await.expect(403)), "900150");
    });
}

#[test]
fn estimates_link_to_the_lists_of_open_lines() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        with_seats(&mut desk).await;
        let links = desk.send("GET /v1/invoices/estimates/links", &[], "").await.expect(200).json();
        assert_eq!(
            shown(items(&links), &["type", "title", "period"]),
            [
                "daily_rated_usage Daily usage Current",
                "non_consumption Licences Current",
                "non_consumption Purchases Current"
            ]
        );
        let mut lines = Vec::new();
        for item in items(&links) {
            let uri = item["link"]["uri"].as_str().unwrap();
            lines.push(items(&desk.send(&format!("GET /v1{uri}"), &[], "").await.expect(200).json()).len());
        }
        assert_eq!((lines[0], lines[1] > 0, lines[2] > 0), (0, true, true), "{lines:?}");
        // Between a month's end and its close that month is linked as well.
        desk.channel.advance_to("2026-03-02").await;
        desk.token = desk.channel.token(&desk.channel.partner_app, PARTNER_CENTER).await;
        let both = desk.send("GET /v1/invoices/estimates/links?currencycode=usd", &[], "").await.expect(200).json();
        assert_eq!((&both["totalCount"], &both["items"][5]["period"]), (&6.into(), &"Previous".into()));
        let none = desk.send("GET /v1/invoices/estimates/links?currencyCode=EUR", &[], "").await.expect(200).json();
        assert_eq!(none["totalCount"], 0);
        let wrong = desk.send("GET /v1/invoices/estimates/links?currencyCode=dollars", &[], "").await.expect(400);
        assert_eq!(fault(&wrong), "3000 currencyCode");
    });
}
