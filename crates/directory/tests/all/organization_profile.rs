//! What an organisation says of itself, and who may say it.

use crate::house::in_a_house;
use crate::organization_desk::{app_of, customer, person};
use tenantry_core::{DirectoryRole, OpContext, Reason};
use tenantry_directory::{
    OrganizationChange, OrganizationProfile, organization_change, organization_find, tenant_find,
};

#[test]
fn a_profile_is_empty_until_somebody_fills_it() {
    in_a_house(|house| async move {
        let (tenant, db) = (customer(&house, "northwind").await, &house.db);
        let admin = person(&house, &tenant, &[DirectoryRole::BillingAdmin]);
        let seen = organization_find(&admin, db, tenant.id).await.unwrap();
        assert_eq!((seen.tenant, seen.profile), (tenant.clone(), OrganizationProfile::default()));
        let change = OrganizationChange {
            display_name: Some(" Northwind Traders ".into()),
            city: Some("Bonn".into()),
            technical_mails: Some(vec!["ops@northwind.test".into()]),
            ..OrganizationChange::default()
        };
        let changed = organization_change(&admin, db, tenant.id, change).await.unwrap();
        assert_eq!(changed.tenant.name, "Northwind Traders");
        assert_eq!((changed.profile.city.as_deref(), changed.profile.technical_mails.len()), (Some("Bonn"), 1));
        assert_eq!(organization_find(&admin, db, tenant.id).await.unwrap(), changed);
        assert_eq!(tenant_find(db, "northwind.example.test").await.unwrap().unwrap().name, "Northwind Traders");
        let street = OrganizationChange { street: Some("1 Quay".into()), ..OrganizationChange::default() };
        let more = organization_change(&admin, db, tenant.id, street).await.unwrap();
        assert_eq!((more.profile.city.as_deref(), more.profile.street.as_deref()), (Some("Bonn"), Some("1 Quay")));
        let nameless = OrganizationChange { display_name: Some(" ".into()), ..OrganizationChange::default() };
        let refused = organization_change(&admin, db, tenant.id, nameless).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::MissingField);
    });
}

#[test]
fn it_is_the_administrators_to_change_and_the_members_to_see() {
    in_a_house(|house| async move {
        let (tenant, other) = (customer(&house, "northwind").await, customer(&house, "tailspin").await);
        let check = async |ctx: OpContext, reads: Option<Reason>, writes: Option<Reason>| {
            let read = organization_find(&ctx, &house.db, tenant.id).await.err().map(|problem| problem.reason());
            let change = OrganizationChange { city: Some("Bonn".into()), ..OrganizationChange::default() };
            let written = organization_change(&ctx, &house.db, tenant.id, change).await;
            assert_eq!((read, written.err().map(|problem| problem.reason())), (reads, writes), "{:?}", ctx.caller);
        };
        let hidden = Some(Reason::TenantNotFound);
        check(person(&house, &tenant, &[DirectoryRole::GlobalAdmin]), None, None).await;
        check(person(&house, &tenant, &[]), None, Some(Reason::Forbidden)).await;
        check(app_of(&house, &tenant), Some(Reason::Forbidden), Some(Reason::Forbidden)).await;
        check(person(&house, &other, &[DirectoryRole::GlobalAdmin]), hidden, hidden).await;
    });
}
