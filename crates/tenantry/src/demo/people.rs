//! Who signs in to the demo: people by the part they play, and the applications they sign in with.
//!
//! They are named after their parts: nobody is invented. The parts are those that show what access means here: an
//! agent with everything, one that helps, one that sells; a customer's own administrator; somebody who may run one
//! machine and nothing else; and a second partner on the same tenant, which sees nothing of the first one's.

use super::story::{Person, Tool};
use crate::application::Party;
use tenantry_access::azure::{ArmScope, CONTRIBUTOR};
use tenantry_core::{Chance, DirectoryRole, OpContext, Problem, Role, Secret, TenantId};
use tenantry_directory::{
    AccessKind, ApplicationChange, AssignmentNotes, ConsentKind, NewApplication, NewAssignment, NewUser, Profile,
    RequiredAccess, Scope, User, UserKind, application_change, application_create, application_find,
    consent_give_configured, directory_role_member_add, role_assign, role_assignment_put, user_create,
};
use tenantry_worlds::World;

/// Where web applications get their answers in the demo: an address on the reader's own machine.
const WEB_ADDRESS: &str = "http://localhost:5000/signed-in";
/// What the web application offers to other programs.
const SCOPE: &str = "access_as_user";
const SCOPE_SAYS: &str = "Use the control panel as you";
/// What programs on the reader's own machine listen on; any port counts (RFC 8252 7.3).
const COMMAND_LINE_ADDRESS: &str = "http://localhost";
/// Where all people of the demo live: without it nobody gets a licence.
const USAGE_LOCATION: &str = "US";

/// The partner's people.
pub(super) async fn of_partner(
    ctx: &OpContext,
    world: &World,
    tenant: TenantId,
    domain: &str,
) -> Result<Vec<Person>, Problem> {
    let parts: [(&str, &str, &[Role]); 3] = [
        ("admin", "Partner administrator", &[Role::AdminAgent, Role::GlobalAdmin]),
        ("helpdesk", "Helpdesk agent", &[Role::HelpdeskAgent]),
        ("sales", "Sales agent", &[Role::SalesAgent]),
    ];
    let mut people = Vec::new();
    for (part, title, roles) in parts {
        let (user, password) = user(ctx, world, tenant, (part, title, domain)).await?;
        let mut tx = world.db().begin().await?;
        for role in roles {
            role_assign(ctx, &mut tx, tenant, user.id, *role).await?;
        }
        tx.changes_access();
        tx.commit().await?;
        people.push(Person::new(part, &user, &password, roles.iter().map(ToString::to_string)));
    }
    Ok(people)
}

/// A customer's administrator.
pub(super) async fn customer_admin(
    ctx: &OpContext,
    world: &World,
    tenant: TenantId,
    domain: &str,
) -> Result<Person, Problem> {
    let (user, password) = user(ctx, world, tenant, ("admin", "Administrator", domain)).await?;
    let role = DirectoryRole::GlobalAdmin;
    directory_role_member_add(ctx, world.db(), tenant, role, user.id).await?;
    Ok(Person::new("admin", &user, &password, [role.to_string()]))
}

/// Somebody of a customer who may do everything with one machine, but give nobody access to it.
pub(super) async fn operator_of(
    ctx: &OpContext,
    world: &World,
    tenant: TenantId,
    domain: &str,
    machine: &str,
) -> Result<Person, Problem> {
    let (user, password) = user(ctx, world, tenant, ("operator", "Machine operator", domain)).await?;
    let assignment = NewAssignment {
        id: ctx.chance.guid(),
        scope: ArmScope::parse(machine)?,
        role: CONTRIBUTOR,
        principal: user.id,
        kind: None,
        notes: AssignmentNotes::default(),
    };
    role_assignment_put(ctx, world.db(), tenant, assignment).await?;
    Ok(Person::new("operator", &user, &password, [format!("Contributor at {machine}")]))
}

async fn user(
    ctx: &OpContext,
    world: &World,
    tenant: TenantId,
    (part, title, domain): (&str, &str, &str),
) -> Result<(User, Secret), Problem> {
    let password = password(&ctx.chance);
    let profile = Profile { usage_location: Some(USAGE_LOCATION.to_owned()), ..Profile::named(title, part) };
    let new = NewUser {
        name: format!("{part}@{domain}"),
        profile,
        kind: UserKind::Member,
        enabled: true,
        password: password.clone(),
        change_password: false,
    };
    Ok((user_create(ctx, world.db(), tenant, new).await?, password))
}

/// Easy to type, hard to guess: three groups of letters and a group of digits. A demo's guard nothing, but they must
/// keep the rules for passwords.
fn password(chance: &Chance) -> Secret {
    let letters = |first: u8, count: usize| -> String {
        (0..count).map(|_| char::from(first + u8::try_from(chance.below(26)).unwrap_or(0))).collect()
    };
    let digits: String = (0..4).map(|_| char::from(b'0' + u8::try_from(chance.below(10)).unwrap_or(0))).collect();
    Secret::new(format!("{}{}-{}-{digits}", letters(b'A', 1), letters(b'a', 4), letters(b'a', 5)))
}

/// Makes the partner's application one that people can sign in with, in the partner's tenant and in its customers'.
pub(super) async fn web_app(ctx: &OpContext, world: &World, tenant: TenantId, party: &Party) -> Result<Tool, Problem> {
    let db = world.db();
    let scope = Scope {
        id: ctx.chance.guid(),
        value: SCOPE.to_owned(),
        kind: ConsentKind::User,
        is_enabled: true,
        admin_consent_display_name: Some(SCOPE_SAYS.to_owned()),
        admin_consent_description: None,
        user_consent_display_name: Some(SCOPE_SAYS.to_owned()),
        user_consent_description: None,
    };
    let change = ApplicationChange {
        identifier_uris: Some(vec![format!("api://{}", party.app_id)]),
        scopes: Some(vec![scope]),
        reply_urls: Some(vec![WEB_ADDRESS.to_owned()]),
        multi_tenant: Some(true),
        ..ApplicationChange::default()
    };
    let app = application_change(ctx, db, tenant, &party.app_id, change).await?;
    consent_give_configured(ctx, db, tenant, app.app).await?;
    let secret = Some(party.app_secret.clone());
    Ok(Tool { app_id: party.app_id.clone(), app_secret: secret, redirect_uri: WEB_ADDRESS.to_owned() })
}

/// Registers an application without a secret, for programs on people's own machines. Customers of the partner are not
/// asked about it: the partner manages it (directory.md part 4).
pub(super) async fn command_line_app(
    ctx: &OpContext,
    world: &World,
    tenant: TenantId,
    web_app: &Tool,
) -> Result<Tool, Problem> {
    let db = world.db();
    let web_app = application_find(ctx, db, tenant, &web_app.app_id).await?;
    let mut configured = web_app.required_access;
    // It may call the web application for whoever signed in, which passes the call on in that person's name.
    let access = web_app.scopes.iter().map(|scope| (scope.id, AccessKind::Scope)).collect();
    configured.push(RequiredAccess { api: web_app.app, access });
    let settings = ApplicationChange {
        name: Some("Command line".to_owned()),
        public_reply_urls: Some(vec![COMMAND_LINE_ADDRESS.to_owned()]),
        multi_tenant: Some(true),
        public_client: Some(true),
        silent_consent_for_partner_managed_app: Some(true),
        required_access: Some(configured),
        ..ApplicationChange::default()
    };
    let new = NewApplication { settings, secrets: Vec::new(), certificates: Vec::new() };
    let (app, _) = application_create(ctx, db, tenant, new).await?;
    consent_give_configured(ctx, db, tenant, app.app).await?;
    Ok(Tool { app_id: app.app.to_string(), app_secret: None, redirect_uri: COMMAND_LINE_ADDRESS.to_owned() })
}
