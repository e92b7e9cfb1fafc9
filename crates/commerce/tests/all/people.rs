//! Callers who are people: in their own tenant, and a partner's in a customer's.

use crate::house::House;
use std::collections::BTreeSet;
use tenantry_core::context::{HeldBy, HeldRole, SignedInUser};
use tenantry_core::{AppId, Caller, DirectoryRole, Identity, ObjectId, OpContext, Role, Secret, TenantId, TenantKind};
use tenantry_directory::{
    NewUser, Profile, User, UserKind, directory_role_member_add, group_member_add, group_page, tenant_find, user_create,
};

/// A user of the tenant of a domain.
pub(crate) async fn user(house: &House, name: &str, roles: &[DirectoryRole]) -> User {
    let (local, domain) = name.split_once('@').unwrap();
    let tenant = tenant_find(&house.db, domain).await.unwrap().unwrap().id;
    let new = NewUser {
        name: name.into(),
        profile: Profile { usage_location: Some("US".into()), ..Profile::named(local, local) },
        kind: UserKind::Member,
        enabled: true,
        password: Secret::new("Correct-horse-7"),
        change_password: false,
    };
    let user = user_create(&house.ctx, &house.db, tenant, new).await.unwrap();
    for role in roles {
        directory_role_member_add(&house.ctx, &house.db, tenant, *role, user.id).await.unwrap();
    }
    user
}

/// Puts a partner's user into one of its agent groups.
pub(crate) async fn join(house: &House, user: &User, role: Role) {
    let groups = group_page(&house.ctx, &house.db, user.tenant, None, 100).await.unwrap();
    let group = groups.into_iter().find(|group| group.agents == Some(role)).unwrap();
    group_member_add(&house.ctx, &house.db, user.tenant, group.id, user.id).await.unwrap();
}

/// The user at home, as a token says: with these directory roles, in an application that may act for it.
pub(crate) fn at_home(house: &House, user: &User, kind: TenantKind, roles: &[DirectoryRole]) -> OpContext {
    let held = roles.iter().map(|role| HeldRole { role: *role, by: HeldBy::Assignment });
    acting(house, user, (user.tenant, kind), held)
}

/// A partner's administrator with a token for a customer's tenant.
pub(crate) fn delegated(house: &House, user: &User, customer: TenantId) -> OpContext {
    let by = HeldBy::DelegatedAdmin { group: Role::AdminAgent };
    let held = [HeldRole { role: DirectoryRole::GlobalAdmin, by }];
    acting(house, user, (customer, TenantKind::Customer), held)
}

fn acting(
    house: &House,
    user: &User,
    tenant: (TenantId, TenantKind),
    held: impl IntoIterator<Item = HeldRole>,
) -> OpContext {
    let identity = Identity {
        directory_roles: held.into_iter().collect(),
        rights: BTreeSet::from(["user_impersonation".to_owned()]),
        user: Some(SignedInUser { name: user.name.clone(), home: user.tenant, second_factor: true }),
        ..Identity::application(AppId::new(user.tenant.guid()), ObjectId::new(user.id.guid()), tenant, [])
    };
    let ctx = house.ctx.clone();
    OpContext { request_id: ctx.chance.guid(), caller: Caller::SignedIn(identity), ..ctx }
}
