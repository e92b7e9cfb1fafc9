//! Every route as nobody, and every route with an id in it as another partner: 401, and nothing there.

use crate::desk::{Desk, fault};
use tenantry_directory::PARTNER_CENTER;
use tenantry_face_partner_center::face;
use tenantry_testkit::{ORIGIN, on_every_engine};

#[test]
fn nobody_and_strangers_learn_nothing() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let stranger = desk.channel.token(&desk.channel.stranger_app, PARTNER_CENTER).await;
        let customer = desk.channel.customer("Northwind").await;
        let subscription = desk.channel.order_usage(&customer).await;
        let mut tried = 0;
        for route in face(ORIGIN).routes {
            let path = route
                .pattern
                .replace("{customer}", &customer.id.to_string())
                .replace("{subscription}", &subscription.id.to_string())
                .replace("{order}", &subscription.order.to_string())
                .replace(['{', '}'], "");
            let method = route.method.as_str();
            if route.authenticated {
                let reply = desk.send_as(None, method, &path).await.expect(401);
                assert_eq!(fault(&reply), "800001 Authorization", "{route:?}");
            }
            if route.pattern.contains("{customer}") {
                let reply = desk.send_as(Some(&stranger), method, &path).await.expect(404);
                assert_eq!(fault(&reply), "60003", "{route:?}");
                tried += 1;
            }
        }
        assert!(tried > 12, "{tried}");
    });
}
