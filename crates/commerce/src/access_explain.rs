//! Explaining access: may this principal do that, there? By which paths, or why not, and what would do.
//!
//! The answer is made from the very decision that an act would meet: the policy's for our own actions, the roles' and
//! locks' for Azure's. A person is taken to use an application that may do for it whatever it may do itself.
//!
//! Who may ask: the provider about everything; everybody about themselves; a partner's AdminAgents and global
//! administrators about its people, and about the people of customers whose tenants it administers; who may read access
//! in a tenant about that tenant's people, and about what its partners' people may do in it. About anybody else the
//! answer is that there is no such principal.

mod asker;
mod names;
mod outside;
mod place;

use crate::reach::Reach;
use asker::Asker;
use names::Known;
use place::{Place, Target};
use tenantry_access::azure::ArmScope;
use tenantry_access::{ActionName, Decision, Explanation, Plane, decide};
use tenantry_core::{Caller, OpContext, Problem, Reason};
use tenantry_db::Db;
use tenantry_directory::{NamedPrincipal, azure_decide_for, principal_named};

/// Explains whether `principal` (user name, object id, client id or group id) may do `action` (ours, such as
/// `OrderPlace`, or Azure's, such as `Microsoft.Compute/virtualMachines/start/action`) at `scope` (an ARM scope,
/// `customer/{id or domain}`, `partner/{..}`, `tenant/{..}` or `world`). `sandbox` says whether the world is one.
///
/// # Errors
/// `InvalidField` on `action` or `scope` for what is neither; the scope's own "not found" and `ObjectNotFound` for what
/// is not there, or not for the one who asks; `TokenMissing`.
pub async fn access_explain(
    ctx: &OpContext,
    db: &Db,
    principal: &str,
    action: &str,
    scope: &str,
    sandbox: bool,
) -> Result<Explanation, Problem> {
    // Nobody learns what is there, not even by a refusal.
    Reach::of(ctx)?;
    let action = Asked::parse(action)?;
    let place = Place::find(ctx, db, scope).await?;
    let asker = Asker::of(ctx, db, place.tenant()).await?;
    if !asker.may_name(ctx, db, &place).await? {
        return Err(place.hidden(scope));
    }
    // An application sells at home, whichever tenants know it; elsewhere the one known there is meant.
    let near = match &action {
        Asked::Ours(action) if action.plane() == Plane::Channel => None,
        Asked::Ours(_) | Asked::Azures(_) => place.tenant(),
    };
    let found = principal_named(db, principal, near).await?;
    let named = found.filter(|found| asker.may_ask_about(found)).ok_or_else(|| no_principal(principal))?;
    if !named.enabled {
        let reasons = vec![format!("{} is disabled and cannot sign in", named.name)];
        return Ok(Explanation { reasons, would: vec!["enable it".to_owned()], ..Explanation::default() });
    }
    let explained = match action {
        Asked::Ours(action) => ours(ctx, db, &named, action, (&place, sandbox)).await?,
        Asked::Azures(action) => azures(ctx, db, &named, &action, &place).await?,
    };
    Ok(about(&named, explained))
}

/// An action of either vocabulary.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Ours(ActionName),
    Azures(String),
}

impl Asked {
    fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if let Some(action) = ActionName::ALL.into_iter().find(|action| action.name().eq_ignore_ascii_case(text)) {
            return Ok(Self::Ours(action));
        }
        if text.contains('/') && !text.contains(char::is_whitespace) {
            return Ok(Self::Azures(text.to_owned()));
        }
        let seen: String = text.chars().take(80).collect();
        let message = format!(
            "`{seen}` is no action; name one of ours, such as OrderPlace, or one of Azure's, such as \
             Microsoft.Compute/virtualMachines/start/action"
        );
        Err(Problem::invalid("action", message))
    }
}

/// What the policy says.
async fn ours(
    ctx: &OpContext,
    db: &Db,
    named: &NamedPrincipal,
    action: ActionName,
    (place, sandbox): (&Place, bool),
) -> Result<Explanation, Problem> {
    let target = match action.plane() {
        Plane::Channel => place.in_channel(db, named.home, sandbox).await?,
        Plane::Directory => Target::tenant(place.tenant().ok_or_else(|| {
            let message = format!("{action} is done in a directory; name one, such as tenant/contoso.example");
            Problem::invalid("scope", message)
        })?),
    };
    // Selling is done at home; a directory is acted in where it stands.
    let acted_in = match action.plane() {
        Plane::Channel => named.home,
        Plane::Directory => target.acted_in(named.home),
    };
    let identity = named.identity_in(db, acted_in, ctx.now()).await?;
    let decision = decide(&Caller::SignedIn(identity), action, &target);
    if matches!(decision, Decision::Hidden)
        && action.plane() == Plane::Directory
        && let Some(tenant) = place.directory()
        && let Some(explained) = outside::of_a_partner(&platform(ctx), db, named, tenant).await?
    {
        return Ok(explained);
    }
    Ok(Explanation::from(&decision))
}

/// What roles and locks say.
async fn azures(
    ctx: &OpContext,
    db: &Db,
    named: &NamedPrincipal,
    action: &str,
    place: &Place,
) -> Result<Explanation, Problem> {
    let Some(tenant) = place.tenant() else {
        let message = format!("{action} is done on resources; name a scope such as /subscriptions/{{id}}");
        return Err(Problem::invalid("scope", message));
    };
    let root = ArmScope::root();
    let scope = place.arm().unwrap_or(&root);
    // Whether the caller may ask was decided above, by a rule wider than that of the rows.
    let platform = platform(ctx);
    let decision = azure_decide_for(&platform, db, tenant, named.id, action, scope).await?;
    let names = Known::of(&platform, db, tenant, &decision).await?;
    Ok(Explanation::of_azure(&decision, &names))
}

/// The platform, which looks up what the one who asks was found to may know.
fn platform(ctx: &OpContext) -> OpContext {
    OpContext { caller: Caller::System("access_explain"), ..ctx.clone() }
}

/// The decisions speak of "the caller"; here somebody else may have asked.
fn about(named: &NamedPrincipal, mut explained: Explanation) -> Explanation {
    let sentences = [&mut explained.paths, &mut explained.reasons, &mut explained.would];
    for sentence in sentences.into_iter().flatten() {
        *sentence = sentence.replace("the caller", &named.name);
    }
    explained
}

fn no_principal(text: &str) -> Problem {
    let seen: String = text.trim().chars().take(113).collect();
    let message =
        format!("there is no principal `{seen}`; name a user, a group's or application's id, or check the id");
    Problem::new(Reason::ObjectNotFound, message).at("principal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_ours_or_azures() {
        for (text, expected) in [
            ("OrderPlace", Some(Asked::Ours(ActionName::OrderPlace))),
            (" orderplace ", Some(Asked::Ours(ActionName::OrderPlace))),
            ("Microsoft.Compute/*/read", Some(Asked::Azures("Microsoft.Compute/*/read".to_owned()))),
            ("Order Place", None),
            ("Microsoft.Compute /read", None),
            ("", None),
        ] {
            assert_eq!(Asked::parse(text).ok(), expected, "{text}");
        }
    }
}
