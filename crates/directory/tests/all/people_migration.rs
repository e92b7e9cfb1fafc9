//! A database from before there were people keeps its groups, members and roles.

use crate::people_house::reason;
use std::sync::Arc;
use tenantry_core::clock::ManualClock;
use tenantry_core::{Chance, DirectoryRole, ObjectId, OpContext, Reason, Role, TenantId};
use tenantry_db::{Db, Slice, sql};
use tenantry_directory::{
    DirectoryObject, SLICE, directory_role_activate, directory_role_list, directory_role_members, group_members,
    group_page,
};
use tenantry_testkit::{on_every_engine, time};
use uuid::Uuid;

const PARTNER: TenantId = TenantId::new(Uuid::from_u128(1));
const CUSTOMER: TenantId = TenantId::new(Uuid::from_u128(2));
const APP: ObjectId = ObjectId::new(Uuid::from_u128(3));

/// Rows as the first version wrote them.
const BEFORE: &[&str] = &[
    "INSERT INTO tenant VALUES ('00000000-0000-0000-0000-000000000001', 'partner', 'Contoso', 'contoso.test', 'DE', 7)",
    "INSERT INTO tenant VALUES ('00000000-0000-0000-0000-000000000002', 'customer', 'Northwind', 'northwind.test', 'DE', 8)",
    "INSERT INTO application VALUES ('00000000-0000-0000-0000-000000000004', '00000000-0000-0000-0000-000000000001', \
     '00000000-0000-0000-0000-000000000005', 'Panel', 9, NULL)",
    "INSERT INTO service_principal VALUES ('00000000-0000-0000-0000-000000000003', \
     '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000004', 'Panel', 9)",
    "INSERT INTO directory_group VALUES ('00000000-0000-0000-0000-000000000006', \
     '00000000-0000-0000-0000-000000000001', 'AdminAgents', 7)",
    "INSERT INTO group_member VALUES ('00000000-0000-0000-0000-000000000006', \
     '00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000001', 9)",
    "INSERT INTO directory_role VALUES ('00000000-0000-0000-0000-000000000001', 'Global admin', \
     '62e90394-69f5-4237-9190-012177145e10')",
    "INSERT INTO directory_role VALUES ('00000000-0000-0000-0000-000000000001', 'Billing admin', \
     'b0f54661-2d74-4c50-afa3-1ec803f12efe')",
    "INSERT INTO role_assignment VALUES ('00000000-0000-0000-0000-000000000001', 'Billing admin', \
     '00000000-0000-0000-0000-000000000003', 9)",
];

#[test]
fn groups_members_and_roles_come_along() {
    on_every_engine(|bench| async move {
        let db = Db::open(bench.location().clone()).await.unwrap();
        let clock = Arc::new(ManualClock::at(time("2026-01-10T16:00:00Z")));
        let ctx = OpContext::system("test", clock, Arc::new(Chance::from_seed(1)));
        let first = Slice { name: SLICE.name, migrations: &SLICE.migrations[..1] };
        db.migrate(&[tenantry_db::SLICE, first], ctx.now()).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        for text in BEFORE {
            sql(text).run(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        db.migrate(&[tenantry_db::SLICE, SLICE], ctx.now()).await.unwrap();

        let groups = group_page(&ctx, &db, PARTNER, None, 10).await.unwrap();
        let [group] = &groups[..] else { panic!("{groups:?}") };
        assert_eq!((group.display_name.as_str(), group.agents), ("AdminAgents", Some(Role::AdminAgent)));
        let members = group_members(&ctx, &db, PARTNER, group.id).await.unwrap();
        assert_eq!(members.iter().map(DirectoryObject::id).collect::<Vec<_>>(), [APP]);
        let holders = directory_role_members(&ctx, &db, PARTNER, DirectoryRole::BillingAdmin).await.unwrap();
        assert_eq!(holders.iter().map(DirectoryObject::id).collect::<Vec<_>>(), [APP]);
        for (tenant, expected) in [
            (PARTNER, vec![DirectoryRole::GlobalAdmin, DirectoryRole::BillingAdmin]),
            (CUSTOMER, vec![DirectoryRole::GlobalAdmin]),
        ] {
            let roles = directory_role_list(&ctx, &db, tenant).await.unwrap();
            assert_eq!(roles.iter().map(|role| role.role).collect::<Vec<_>>(), expected);
        }
        // The new rules hold for the old rows: foreign keys were carried over.
        let again = directory_role_activate(&ctx, &db, CUSTOMER, DirectoryRole::GlobalAdmin.template()).await;
        assert_eq!(reason(again), Some(Reason::AlreadyExists));
        let mut tx = db.begin().await.unwrap();
        let orphan = "INSERT INTO group_member VALUES ('none', 'none', '00000000-0000-0000-0000-000000000001', 9)";
        assert!(sql(orphan).run(&mut tx).await.is_err());
    });
}
