//! Lists of what is not sold here: empty where what they hang on is there, and else not there.

use crate::desk::{Desk, fault};
use serde_json::json;
use tenantry_testkit::on_every_engine;

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

#[test]
fn lists_of_what_is_not_sold_are_empty_below_what_is_there() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let seats = desk.channel.order_seats(&customer, 5).await;
        let (at, order) = (format!("/customers/{}", customer.id), seats.order);
        let lists = [
            format!("{at}/orders/{order}/activationlinks"),
            format!("{at}/orders/{order}/lineitems/0/activationlinks"),
            format!("{at}/orders/{order}/attachments"),
            format!("{at}/subscriptions/{}/activationlinks", seats.id),
            format!("{at}/subscriptions/overage"),
            format!("{at}/entitlements"),
        ];
        for path in lists {
            let list = desk.send(&format!("GET /v1{path}?entitlementType=software"), &[], "").await.expect(200).json();
            assert_eq!((&list["totalCount"], &list["items"]), (&json!(0), &json!([])), "{path}");
            assert_eq!(list["links"]["self"]["uri"], json!(path));
        }
        for (path, expected) in [
            (format!("{at}/orders/{NOBODY}/activationlinks"), "20000"),
            (format!("{at}/orders/{order}/lineitems/1/activationlinks"), "20000 lineItemNumber"),
            (format!("{at}/orders/{order}/lineitems/first/activationlinks"), "20000 lineItemNumber"),
            (format!("{at}/subscriptions/{NOBODY}/activationlinks"), "20003"),
            (format!("/customers/{NOBODY}/entitlements"), "60003"),
        ] {
            let reply = desk.send(&format!("GET /v1{path}"), &[], "").await.expect(404);
            assert_eq!(fault(&reply), expected, "{path}");
        }
    });
}
