//! What the tests of domains, profile and licences share: callers, people and seats.

use crate::house::House;
use std::collections::BTreeSet;
use tenantry_core::context::{HeldBy, HeldRole, SignedInUser};
use tenantry_core::{
    AppId, Caller, DirectoryRole, Identity, ObjectId, OpContext, Secret, SubscriptionId, TenantId, TenantKind,
};
use tenantry_directory::{
    LicenceUnits, NewUser, ProductSku, Profile, Tenant, User, UserKind, licence_units_set, user_create,
};
use uuid::Uuid;

/// A person of the tenant with directory roles, in an application that may act for people.
pub(crate) fn person(house: &House, tenant: &Tenant, roles: &[DirectoryRole]) -> OpContext {
    let user = SignedInUser { name: format!("clerk@{}", tenant.default_domain), home: tenant.id, second_factor: false };
    let held = roles.iter().map(|role| HeldRole { role: *role, by: HeldBy::Assignment });
    let identity = Identity {
        directory_roles: held.collect(),
        rights: BTreeSet::from(["user_impersonation".to_owned()]),
        user: Some(user),
        ..application(house, tenant)
    };
    OpContext { caller: Caller::SignedIn(identity), ..house.ctx.clone() }
}

/// An application of the tenant that acts for itself.
pub(crate) fn app_of(house: &House, tenant: &Tenant) -> OpContext {
    OpContext { caller: Caller::SignedIn(application(house, tenant)), ..house.ctx.clone() }
}

fn application(house: &House, tenant: &Tenant) -> Identity {
    let id = house.ctx.chance.guid();
    Identity::application(AppId::new(id), ObjectId::new(id), (tenant.id, tenant.kind), [])
}

/// A customer's tenant.
pub(crate) async fn customer(house: &House, prefix: &str) -> Tenant {
    house.create(TenantKind::Customer, prefix).await.unwrap()
}

/// A user of the tenant; with a country, licences can be used there.
pub(crate) async fn user(house: &House, tenant: &Tenant, name: &str, country: Option<&str>) -> User {
    let new = NewUser {
        name: format!("{name}@{}", tenant.default_domain),
        profile: Profile { usage_location: country.map(str::to_owned), ..Profile::named(name, name) },
        kind: UserKind::Member,
        enabled: true,
        password: Secret::new("Correct-horse-7"),
        change_password: false,
    };
    user_create(&house.ctx, &house.db, tenant.id, new).await.unwrap()
}

/// Seats of a product, by its part number.
pub(crate) fn seats(part_number: &str, units: i64, active: bool) -> Option<LicenceUnits> {
    Some(LicenceUnits { sku: sku(part_number), units, active })
}

/// The id of a product.
pub(crate) fn sku(part_number: &str) -> Uuid {
    product(part_number).id
}

/// A product by its part number.
pub(crate) fn product(part_number: &str) -> &'static ProductSku {
    tenantry_directory::PRODUCTS.iter().find(|product| product.part_number == part_number).unwrap()
}

/// A subscription, by a number.
pub(crate) fn subscription(number: u128) -> SubscriptionId {
    SubscriptionId::new(Uuid::from_u128(number))
}

/// Says what a subscription puts into the tenant.
pub(crate) async fn put(house: &House, tenant: TenantId, number: u128, units: Option<LicenceUnits>) {
    let mut tx = house.begin().await;
    licence_units_set(&house.ctx, &mut tx, tenant, subscription(number), units).await.unwrap();
    tx.commit().await.unwrap();
}
