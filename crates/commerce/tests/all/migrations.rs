//! A database of the first version keeps all it has when customers get several partners.

use tenantry_commerce::{Customer, SLICE, customer_get, order_list, subscription_list};
use tenantry_core::clock::ManualClock;
use tenantry_core::{Chance, OpContext, SubscriptionId, TenantId};
use tenantry_db::{Db, Slice, sql};
use tenantry_testkit::{on_every_engine, time};
use uuid::Uuid;

const PARTNER: &str = "00000000-0000-0000-0000-00000000000a";
const CUSTOMER: &str = "00000000-0000-0000-0000-00000000000c";
const ORDER: &str = "00000000-0000-0000-0000-00000000000d";

/// Rows as the first version wrote them.
const OLD: [&str; 5] = [
    "INSERT INTO partner VALUES ('00000000-0000-0000-0000-00000000000a', 'direct', 'Contoso', 'contoso.example.test', \
     '{\"country\":\"US\"}', 'ops@contoso.test', 'en-US', 'en', '4847383', 'US', 'USD', 1)",
    "INSERT INTO customer VALUES ('00000000-0000-0000-0000-00000000000c', '00000000-0000-0000-0000-00000000000a', 4, \
     'Northwind', 'northwind', 'northwind.example.test', NULL, '00000000-0000-0000-0000-00000000000b', \
     '{\"first_name\":null,\"last_name\":null,\"email\":\"ops@northwind.test\",\"culture\":\"en-US\",\"language\":\"en\",\
     \"company_name\":\"Northwind\",\"default_address\":{\"country\":\"US\"}}', 2, 1000000, 'asked for it')",
    "INSERT INTO sales_order VALUES ('00000000-0000-0000-0000-00000000000d', '00000000-0000-0000-0000-00000000000a', \
     '00000000-0000-0000-0000-00000000000c', 1, 'USD', 'monthly', 1, 2000000, NULL)",
    "INSERT INTO sales_order_line VALUES ('00000000-0000-0000-0000-00000000000d', 0, \
     '031C9E47-4802-4248-838E-778FB1D2CC05', '00000000-0000-0000-0000-00000000000e', 'Office', 3)",
    "INSERT INTO subscription VALUES ('00000000-0000-0000-0000-00000000000e', '00000000-0000-0000-0000-00000000000a', \
     '00000000-0000-0000-0000-00000000000c', 1, '00000000-0000-0000-0000-00000000000d', \
     '031C9E47-4802-4248-838E-778FB1D2CC05', 'Office', 3, 'monthly', 1, 'suspended', 3000000, 'CustomerCancellation', \
     2000000, 0, NULL, 7)",
];

#[test]
fn what_the_first_version_wrote_is_still_there() {
    on_every_engine(|bench| async move {
        let db = Db::open(bench.location().clone()).await.unwrap();
        let clock = std::sync::Arc::new(ManualClock::at(time("2026-01-10T16:00:00Z")));
        let ctx = OpContext::system("test", clock, std::sync::Arc::new(Chance::from_seed(7)));
        let first = Slice { name: SLICE.name, migrations: &SLICE.migrations[..1] };
        let others = [tenantry_db::SLICE, tenantry_directory::SLICE];
        db.migrate(&[others[0], others[1], first], ctx.now()).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        for row in OLD {
            sql(row).run(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();

        db.migrate(&[others[0], others[1], SLICE], ctx.now()).await.unwrap();
        let id = TenantId::parse(CUSTOMER).unwrap();
        let customer: Customer = customer_get(&ctx, &db, id).await.unwrap();
        assert_eq!((customer.partner.to_string().as_str(), customer.number), (PARTNER, 4));
        assert_eq!((customer.company_name.as_str(), customer.billing_profile.version), ("Northwind", 2));
        let orders = order_list(&ctx, &db, id).await.unwrap();
        assert_eq!((orders.len(), orders[0].id.to_string().as_str(), orders[0].number), (1, ORDER, 1));
        assert_eq!(orders[0].lines[0].friendly_name, "Office");
        let subscriptions = subscription_list(&ctx, &db, id, None).await.unwrap();
        assert_eq!(subscriptions[0].id, SubscriptionId::new(Uuid::from_u128(14)));
        assert_eq!((subscriptions[0].state.since().seconds(), subscriptions[0].version), (3, 7));

        // One table refers to the other, as before: no row of a customer that is not there.
        let mut tx = db.begin().await.unwrap();
        let stray = "UPDATE subscription SET customer = '00000000-0000-0000-0000-00000000000f'";
        assert!(sql(stray).run(&mut tx).await.is_err());
    });
}
