//! Transfers as clients write them, and what each partner is billed for after one.

use crate::desk::{Desk, fault};
use crate::usage::written;
use serde_json::{Value, json};
use tenantry_commerce::{Customer, Limits, Subscription, relationship_request_accept, relationship_request_create};
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{Bench, CARD, HOURS, Reply, event, on_every_engine};

/// A customer of both partners, and what the first sells to it.
struct Two {
    desk: Desk,
    customer: Customer,
    shop: Subscription,
}

impl Two {
    async fn new(bench: &Bench) -> Self {
        let desk = Desk::new(bench).await;
        let channel = &desk.channel;
        channel.import_card(CARD).await;
        let customer = channel.customer("Northwind").await;
        let shop = channel.order_usage(&customer).await;
        let (world, ctx) = (channel.world(), channel.world().system("test"));
        let request = relationship_request_create(&ctx, world.db(), channel.stranger.tenant).await.unwrap();
        let accepted =
            relationship_request_accept(&ctx, world.db(), &Limits::NONE, customer.id, request.id, true).await;
        assert_eq!(accepted.unwrap().partner, channel.stranger.tenant);
        Self { desk, customer, shop }
    }

    /// Sends as the first partner, or as the other.
    async fn send(&self, other: bool, method: &str, tail: &str, body: &str) -> Reply {
        let channel = &self.desk.channel;
        let app = if other { &channel.stranger_app } else { &channel.partner_app };
        let token = channel.token(app, PARTNER_CENTER).await;
        let path = format!("/v1/customers/{}/{tail}", self.customer.id);
        self.desk.client.request(method, &path).token(&token).body(body).send().await
    }

    fn offer(&self) -> Value {
        json!({
            "SourcePartnerTenantId": self.desk.channel.partner.tenant.to_string(),
            "TargetPartnerTenantId": self.desk.channel.stranger.tenant.to_string(),
            "TransferType": 3,
            "LineItems": [{"Id": 0, "SubscriptionId": self.shop.id.to_string().to_uppercase(), "Quantity": 1}],
        })
    }

    async fn offered(&self) -> String {
        let made = self.send(false, "POST", "transfers", &self.offer().to_string()).await.expect(201).json();
        made["id"].as_str().unwrap().to_owned()
    }

    async fn total(&self, other: bool) -> String {
        let channel = &self.desk.channel;
        let app = if other { &channel.stranger_app } else { &channel.partner_app };
        let token = channel.token(app, PARTNER_CENTER).await;
        let reply = self.desk.send_as(Some(&token), "GET", "/v1/usagesummary").await.expect(200);
        written(&reply, "totalCost")
    }
}

#[test]
fn usage_is_split_at_the_instant_of_acceptance() {
    on_every_engine(|bench| async move {
        let two = Two::new(&bench).await;
        let channel = &two.desk.channel;
        channel.advance_to("2026-01-20").await;
        channel.accept(vec![event(&two.shop, HOURS, "2026-01-19T08:00:00Z", "10")]).await;
        let id = two.offered().await;
        assert_eq!((two.total(false).await, two.total(true).await), ("0.85".to_owned(), "0.00".to_owned()));
        let done = two.send(true, "POST", &format!("transfers/{id}/accept"), "").await.expect(200);
        assert_eq!(
            done.json(),
            json!({"orders": [], "transferErrors": [], "attributes": {"objectType": "TransferSubmitResult"}})
        );
        // Late usage of before is the first partner's, that of from now on the other's.
        channel.advance_to("2026-01-25").await;
        let late = event(&two.shop, HOURS, "2026-01-19T09:00:00Z", "20");
        let now = event(&two.shop, HOURS, "2026-01-22T09:00:00Z", "100");
        channel.accept(vec![late, now]).await;
        let (ours, theirs) = (two.total(false).await, two.total(true).await);
        assert_eq!(ours, "2.55");
        assert_eq!(theirs, "8.50", "it buys at the same prices");
        let transfer = two.send(false, "GET", &format!("transfers/{id}"), "").await.expect(200).json();
        assert_eq!(transfer["status"], "Completed");
        let shop = format!("subscriptions/{}", two.shop.id);
        assert_eq!(fault(&two.send(false, "GET", &shop, "").await.expect(404)), "20003");
        assert_eq!(two.send(true, "GET", &shop, "").await.expect(200).json()["status"], "active");
        // And so it stands on the documents.
        channel.advance_to("2026-02-10").await;
        for (other, total) in [(false, "2.55"), (true, "8.50")] {
            let app = if other { &channel.stranger_app } else { &channel.partner_app };
            let token = channel.token(app, PARTNER_CENTER).await;
            let balance = two.desk.send_as(Some(&token), "GET", "/v1/invoices/summary").await.expect(200);
            assert_eq!(written(&balance, "balanceAmount"), total, "{other}");
        }
    });
}

#[test]
fn an_offer_is_read_refused_and_taken_back() {
    on_every_engine(|bench| async move {
        let two = Two::new(&bench).await;
        let judged = two.send(false, "GET", "transferseligibility?transferType=DirectToIndirect", "").await.expect(200);
        let id = two.shop.id.to_string().to_uppercase();
        assert_eq!(
            judged.json(),
            json!([{"id": id, "isEligible": true, "attributes": {"objectType": "TransferEligibility"}}])
        );
        let made = two.send(false, "POST", "transfers", &two.offer().to_string()).await.expect(201).json();
        for (member, value) in [
            ("customerName", "Northwind".to_owned()),
            ("customerTenantId", two.customer.id.to_string()),
            ("partnertenantid", two.desk.channel.partner.tenant.to_string()),
            ("sourcePartnerName", two.desk.channel.partner.company_name.clone()),
            ("targetPartnerName", two.desk.channel.stranger.company_name.clone()),
            ("status", "Active".to_owned()),
            ("createdTime", "2026-01-10T16:00:00Z".to_owned()),
        ] {
            assert_eq!(made[member], value, "{member}");
        }
        let line = &made["lineItems"][0];
        assert_eq!((&line["id"], &line["subscriptionId"], &line["quantity"]), (&0.into(), &id.into(), &1.into()));
        assert_eq!(line["offerId"], "MS-AZR-0145P");
        let judged = two.send(false, "GET", "transferseligibility?transferType=directtodirect", "").await.expect(200);
        assert_eq!(judged.json()[0]["isEligible"], false);
        for other in [false, true] {
            assert_eq!(two.send(other, "GET", "transfers", "").await.expect(200).json(), json!([made]), "{other}");
        }
        let transfer = format!("transfers/{}", made["id"].as_str().unwrap());
        for (other, method, tail, body, expected) in [
            (false, "POST", "transfers".to_owned(), two.offer().to_string(), "409 900101 lineItems[0].subscriptionId"),
            (false, "POST", format!("{transfer}/accept"), String::new(), "403 900150"),
            (false, "PATCH", transfer.clone(), json!({"status": "reject"}).to_string(), "403 900150"),
            (true, "DELETE", transfer.clone(), String::new(), "403 900150"),
            (true, "PATCH", transfer.clone(), json!({"status": "Completed"}).to_string(), "400 3000 status"),
            (true, "PATCH", transfer.clone(), "{}".to_owned(), "400 3000 status"),
            (true, "PATCH", transfer.clone(), json!({"status": "reject", "id": "7"}).to_string(), "400 3000 id"),
            (true, "GET", "transfers/7".to_owned(), String::new(), "404 900100 transfer"),
            (false, "GET", "transferseligibility".to_owned(), String::new(), "400 3000 transferType"),
            (false, "GET", "transferseligibility?transferType=gift".to_owned(), String::new(), "400 3000 transferType"),
        ] {
            let reply = two.send(other, method, &tail, &body).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{method} {tail} {body}");
        }
        let reject = json!({"id": made["id"], "status": "Reject"}).to_string();
        let rejected = two.send(true, "PATCH", &transfer, &reject).await.expect(200).json();
        assert_eq!(rejected["status"], "Reject");
        let late = two.send(true, "POST", &format!("{transfer}/accept"), "").await.expect(400);
        assert_eq!(fault(&late), "900102 status");
        let second = format!("transfers/{}", two.offered().await);
        assert_eq!(two.send(false, "DELETE", &second, "").await.expect(204).body.len(), 0);
        assert_eq!(two.send(true, "GET", &second, "").await.expect(200).json()["status"], "Withdrawn");
    });
}

#[test]
fn what_cannot_be_offered_is_refused() {
    on_every_engine(|bench| async move {
        let two = Two::new(&bench).await;
        let seats = two.desk.channel.order_seats(&two.customer, 2).await;
        let nobody = "00000000-0000-4000-8000-000000000000";
        let with = |pointer: &str, value: Value| {
            let mut body = two.offer();
            *body.pointer_mut(pointer).unwrap() = value;
            body.to_string()
        };
        const LINE: &str = "lineItems[0].subscriptionId";
        for (body, expected) in [
            (with("/LineItems", Value::Null), "400 3000 lineItems".to_owned()),
            (with("/LineItems", json!({})), "400 3000 lineItems".to_owned()),
            (with("/LineItems/0/SubscriptionId", Value::Null), format!("400 3000 {LINE}")),
            (with("/LineItems/0/SubscriptionId", "x".into()), format!("400 3000 {LINE}")),
            (with("/LineItems/0/SubscriptionId", nobody.into()), format!("404 20003 {LINE}")),
            (with("/LineItems/0/SubscriptionId", seats.id.to_string().into()), format!("400 800042 {LINE}")),
            (with("/LineItems/0/Quantity", 2.into()), "400 3000 lineItems[0].quantity".to_owned()),
            (with("/TargetPartnerTenantId", Value::Null), "400 3000 targetPartnerTenantId".to_owned()),
            (with("/TargetPartnerTenantId", nobody.into()), "400 3000 targetPartnerTenantId".to_owned()),
            (with("/SourcePartnerTenantId", nobody.into()), "400 3000 sourcePartnerTenantId".to_owned()),
        ] {
            let reply = two.send(false, "POST", "transfers", &body).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{body}");
        }
    });
}
