//! What the tests about people share: users with a password that is good, and callers who are users.

use crate::house::House;
use std::collections::BTreeSet;
use tenantry_core::context::{HeldBy, HeldRole, SignedInUser};
use tenantry_core::{
    AppId, Caller, DirectoryRole, Identity, ObjectId, OpContext, Problem, Reason, Secret, TenantId, TenantKind,
};
use tenantry_directory::{NewUser, Profile, Tenant, User, UserKind, directory_role_member_add, user_create};
use uuid::Uuid;

/// A password with nothing wrong in it.
pub(crate) const GOOD: &str = "Blue-Harbour-7";
/// Another.
pub(crate) const OTHER: &str = "Green-Meadow-8";

pub(crate) fn secret(text: &str) -> Secret {
    Secret::new(text)
}

/// A user to be made, with nothing wrong in it.
pub(crate) fn new_user(name: &str) -> NewUser {
    NewUser {
        name: name.to_owned(),
        profile: Profile::named("Order Clerk", "clerk"),
        kind: UserKind::Member,
        enabled: true,
        password: secret(GOOD),
        change_password: false,
    }
}

/// Makes a user `prefix@domain of the tenant`.
pub(crate) async fn user(house: &House, tenant: &Tenant, prefix: &str) -> User {
    let new = new_user(&format!("{prefix}@{}", tenant.default_domain));
    user_create(&house.ctx, &house.db, tenant.id, new).await.unwrap()
}

/// Makes a user with a directory role.
pub(crate) async fn admin(house: &House, tenant: &Tenant, prefix: &str, role: DirectoryRole) -> User {
    let user = user(house, tenant, prefix).await;
    directory_role_member_add(&house.ctx, &house.db, tenant.id, role, user.id).await.unwrap();
    user
}

/// The context of a user who signed in with an application that may do whatever the user may.
pub(crate) fn by_user(
    house: &House,
    (tenant, kind): (TenantId, TenantKind),
    user: &User,
    roles: &[DirectoryRole],
) -> OpContext {
    let app = AppId::new(Uuid::from_u128(77));
    let mut identity = Identity::application(app, user.id, (tenant, kind), []);
    identity.directory_roles = roles.iter().map(|role| HeldRole { role: *role, by: HeldBy::Assignment }).collect();
    identity.rights = BTreeSet::from(["Directory.AccessAsUser.All".to_owned()]);
    identity.user = Some(SignedInUser { name: user.name.clone(), home: user.tenant, second_factor: false });
    OpContext { caller: Caller::SignedIn(identity), ..house.ctx.clone() }
}

/// What became of it: `"ok"` or the reason.
pub(crate) fn told<T>(outcome: Result<T, Problem>) -> String {
    outcome.map_or_else(|problem| format!("{:?}", problem.reason()), |_| "ok".to_owned())
}

/// The reason, if it was refused.
pub(crate) fn reason<T>(outcome: Result<T, Problem>) -> Option<Reason> {
    outcome.err().map(|problem| problem.reason())
}

/// An id nobody has.
pub(crate) const NOBODY: ObjectId = ObjectId::new(Uuid::from_u128(9));
