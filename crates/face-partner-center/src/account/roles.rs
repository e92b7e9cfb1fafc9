//! `GET /v1/roles` and `GET /v1/roles/{role}/usermembers`: the roles of the partner's own tenant and who holds them.
//!
//! They are of two kinds: the groups of agents, by which somebody acts in the channel, and the directory roles. The first
//! are named by the group, the second by their template, which is the same everywhere. Unsure: the category is known from
//! one client only, which prints it.

use crate::params;
use crate::users::{MemberPage, UserMember};
use crate::wire::{Attributes, Collection};
use serde::Serialize;
use tenantry_core::{DirectoryRole, ObjectId, Problem, Reason, TenantId};
use tenantry_directory::{Group, directory_role_list, directory_role_members, group_members, group_page};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

/// Groups read at a time.
const GROUPS: usize = 500;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Role {
    id: String,
    name: &'static str,
    category: &'static str,
    attributes: Attributes,
}

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let (db, own) = (call.world.db(), params::partner(&call)?);
    // Asked for its permission: which directory roles there are is the same everywhere.
    directory_role_list(&call.ctx, db, own).await?;
    let role = |id: String, name, category| Role { id, name, category, attributes: Attributes::of("Role") };
    let agents = agent_groups(&call, own)
        .await?
        .into_iter()
        .filter_map(|group| group.agents.map(|agents| role(group.id.to_string(), agents.name(), "agents")));
    let directory = DirectoryRole::ALL.map(|held| role(held.template().to_string(), held.name(), "directory"));
    Answer::ok(&Collection::whole(agents.chain(directory).collect(), "/roles"))
}

pub(crate) async fn members(call: Call) -> Result<Answer, Problem> {
    let (db, own) = (call.world.db(), params::partner(&call)?);
    let named = call.param("role")?.trim();
    let id = Uuid::try_parse(named).map_err(|_| no_role(named))?;
    let path = format!("/roles/{id}/usermembers");
    let page = MemberPage::of(&call, &path)?;
    let holders = match DirectoryRole::from_template(id) {
        Some(role) => directory_role_members(&call.ctx, db, own, role).await?,
        None => {
            let group = agent_groups(&call, own).await?.into_iter().find(|group| group.id == ObjectId::new(id));
            group_members(&call.ctx, db, own, group.ok_or_else(|| no_role(named))?.id).await?
        }
    };
    page.answer(&call, holders, |user| UserMember::of(user, id))
}

/// The three groups of agents that a partner's tenant is made with.
async fn agent_groups(call: &Call, own: TenantId) -> Result<Vec<Group>, Problem> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let groups = group_page(&call.ctx, call.world.db(), own, after, GROUPS).await?;
        let whole = groups.len() == GROUPS;
        after = groups.last().map(|group| group.id);
        found.extend(groups.into_iter().filter(|group| group.agents.is_some()));
        if !whole {
            break;
        }
    }
    found.sort_by_key(|group| group.agents);
    Ok(found)
}

fn no_role(named: &str) -> Problem {
    let seen: String = named.chars().take(40).collect();
    Problem::new(Reason::ObjectNotFound, format!("there is no role `{seen}`; list the roles"))
}
