//! What the tests about applications share: callers, applications with nothing wrong in them, and files of
//! certificates that `openssl` made.

use crate::house::House;
use std::collections::BTreeSet;
use tenantry_core::context::{HeldBy, HeldRole, SignedInUser};
use tenantry_core::{AppId, Caller, DirectoryRole, Identity, ObjectId, OpContext, Problem, Reason};
use tenantry_directory::{
    AccessKind, Application, ApplicationChange, NewApplication, RequiredAccess, ServicePrincipalChange, Tenant,
    application_create, service_principal_create,
};
use uuid::{Uuid, uuid};

pub(crate) const GRAPH: AppId = AppId::new(uuid!("00000003-0000-0000-c000-000000000000"));
pub(crate) const OLD_GRAPH: AppId = AppId::new(uuid!("00000002-0000-0000-c000-000000000000"));
pub(crate) const AZURE: AppId = AppId::new(uuid!("797f4846-ba00-4fd7-ba43-dac1f8f63013"));
/// Scopes and roles of Microsoft Graph by their published ids.
pub(crate) const USER_READ: Uuid = uuid!("e1fe6dd8-ba31-4d61-89e7-88639da4683d");
pub(crate) const AS_USER: Uuid = uuid!("0e263e50-5827-48a4-b97c-d940288653c7");
pub(crate) const DIRECTORY_READ: Uuid = uuid!("7ab1d382-f21e-4acd-a863-ba3e13f7da61");
/// A user nobody made.
pub(crate) const CLERK: ObjectId = ObjectId::new(Uuid::from_u128(0xADA));

/// A user of the tenant who signed in, in it, with an application that may do whatever the user may.
pub(crate) fn user_of(house: &House, tenant: &Tenant, roles: &[DirectoryRole]) -> OpContext {
    let mut identity = Identity::application(AppId::new(Uuid::from_u128(77)), CLERK, (tenant.id, tenant.kind), []);
    identity.directory_roles = roles.iter().map(|role| HeldRole { role: *role, by: HeldBy::Assignment }).collect();
    identity.rights = BTreeSet::from(["Directory.AccessAsUser.All".to_owned()]);
    identity.user = Some(SignedInUser { name: "clerk".to_owned(), home: tenant.id, second_factor: false });
    OpContext { caller: Caller::SignedIn(identity), ..house.ctx.clone() }
}

/// Settings of an application that wants to read its user's profile, act as its user, and read the directory itself.
pub(crate) fn settings(name: &str) -> ApplicationChange {
    ApplicationChange {
        name: Some(name.to_owned()),
        reply_urls: Some(vec!["https://panel.contoso.test/back".to_owned()]),
        required_access: Some(vec![RequiredAccess {
            api: GRAPH,
            access: vec![
                (USER_READ, AccessKind::Scope),
                (AS_USER, AccessKind::Scope),
                (DIRECTORY_READ, AccessKind::Role),
            ],
        }]),
        ..ApplicationChange::default()
    }
}

/// Registers an application without a service principal.
pub(crate) async fn registered(house: &House, tenant: &Tenant, settings: ApplicationChange) -> Application {
    let new = NewApplication { settings, ..NewApplication::default() };
    application_create(&house.ctx, &house.db, tenant.id, new).await.unwrap().0
}

/// Makes the application a member of the tenant.
pub(crate) async fn member(house: &House, tenant: &Tenant, app: AppId) -> ObjectId {
    let settings = ServicePrincipalChange::default();
    service_principal_create(&house.ctx, &house.db, tenant.id, app, settings).await.unwrap().id
}

/// What became of it: `"ok"` or the reason.
pub(crate) fn told<T>(outcome: Result<T, Problem>) -> String {
    outcome.map_or_else(|problem| format!("{:?}", problem.reason()), |_| "ok".to_owned())
}

/// The reason, if it was refused.
pub(crate) fn reason<T>(outcome: Result<T, Problem>) -> Option<Reason> {
    outcome.err().map(|problem| problem.reason())
}

/// Names in a set.
pub(crate) fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Valid in 2026, RSA of 2048 bits.
pub(crate) const PANEL: &str = include_str!("../data/panel.pem");
/// Of version 1, valid from 2026 to 2055, with the same key.
pub(crate) const LONGLIVED: &str = include_str!("../data/longlived.pem");
/// RSA of 1024 bits.
pub(crate) const WEAK: &str = include_str!("../data/weak.pem");
/// An elliptic curve's key.
pub(crate) const CURVE: &str = include_str!("../data/curve.pem");
