//! People of a customer: users, directory roles, licences (partner-center-v1.md 2.2, 3.2, 4.8).
//!
//! They are in the customer's tenant; the partner reaches them by what the customer delegated to it, and the directory
//! asks for that. A tenant that is no customer of the partner is answered as one that is not there.

mod change;
mod create;
mod directory_roles;
mod licences;
mod list;
mod member_page;
mod wire;

pub(crate) use change::{change, delete, get, reset_password};
pub(crate) use create::create;
pub(crate) use directory_roles::{add_member, held_by_user, list as list_roles, members, remove_member};
pub(crate) use licences::{assign, of_user, subscribed};
pub(crate) use list::handle as list;
pub(crate) use member_page::MemberPage;
pub(crate) use wire::UserMember;

use crate::params;
use tenantry_commerce::customer_get;
use tenantry_core::{ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_directory::in_customer;
use tenantry_http::Call;

/// Where people are looked at: the customer's tenant, and the caller as it is there.
pub(crate) struct There {
    pub(crate) ctx: OpContext,
    pub(crate) tenant: TenantId,
}

/// The tenant of the path, if it is a customer of the partner, and what was delegated to the caller in it.
pub(crate) async fn there(call: &Call) -> Result<There, Problem> {
    let db = call.world.db();
    let tenant = customer_get(&call.ctx, db, params::customer(call)?).await?.id;
    Ok(There { ctx: in_customer(&call.ctx, db, tenant).await?, tenant })
}

/// The user of `{user}`. One client writes a blank behind it (partner-center-v1.md 2.2 row 44).
fn user(call: &Call) -> Result<ObjectId, Problem> {
    let named = call.param("user")?.trim();
    ObjectId::parse(named).map_err(|error| Problem::new(Reason::UserNotFound, error.to_string()))
}
