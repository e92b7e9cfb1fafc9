//! The customer's directory and the partner's: people of every part, and one thing of each kind that a path can name.

use crate::people::{App, Held, People, ctx, user};
use crate::things::Things;
use std::collections::BTreeSet;
use tenantry_access::azure::{ArmScope, CONTRIBUTOR, LockLevel, PermissionSet};
use tenantry_commerce::{Customer, Partner};
use tenantry_core::{DirectoryRole, ObjectId, Role, TenantId};
use tenantry_directory::{
    AppRole, ApplicationChange, AssignmentNotes, GivenTo, Group, MemberType, NewApplication, NewAssignment,
    NewAzureRole, NewGrant, NewGroup, NewLock, NewRelationship, PRODUCTS, Relationship, RelationshipAction,
    ServicePrincipalChange, User, access_assignment_change, access_assignment_create, app_role_assignment_create,
    application_create, application_delete, application_find, contract_list, credentials_of, directory_role_find,
    domain_add, domain_verify, group_create, group_member_add, group_owner_add, licences_assign, lock_put,
    permission_grant_create, relationship_approve, relationship_create, relationship_operation_list,
    relationship_request, relationship_request_list, role_assignment_put, role_definition_put,
    service_principal_create, service_principal_find, user_delete, user_manager_set,
};
use tenantry_worlds::World;

/// Azure AD Graph, as an application of every tenant.
const DIRECTORY_GRAPH_APP: &str = "00000002-0000-0000-c000-000000000000";
/// The customer's own domain, and one that nobody has proved yet.
const SHOP: &str = "northwind-shop.test";
const UNPROVED: &str = "northwind-unproved.test";
/// What a seat licenses.
const SEAT: &str = "O365_BUSINESS_PREMIUM";

/// People, groups, applications and domains of the customer.
pub(crate) async fn of_customer(world: &World, customer: &Customer, people: &mut People, things: &mut Things) {
    let home = (customer.id, customer.domain.as_str());
    for (word, roles) in [
        ("customer admin", &[DirectoryRole::GlobalAdmin] as &[DirectoryRole]),
        ("customer user admin", &[DirectoryRole::UserAdmin]),
        ("customer everything", &[DirectoryRole::HelpdeskAdmin, DirectoryRole::UserAdmin, DirectoryRole::GlobalAdmin]),
        ("member", &[]),
    ] {
        people.person(world, word, home, "customer tool", Held::Directory(roles)).await;
    }
    let helpdesk = [DirectoryRole::HelpdeskAdmin];
    let helpdesk = people.person(world, "customer helpdesk", home, "customer tool", Held::Directory(&helpdesk)).await;
    things.put("role holder", helpdesk.id);
    let operator = people.person(world, "operator", home, "customer tool", Held::Directory(&[])).await;
    azure(world, customer.id, &operator, things).await;
    persons(world, home, things).await;
    applications(world, customer.id, people, things).await;
    organization(world, customer.id, things).await;
}

/// Contributor at a machine for one person; a role of the tenant's own; a lock on the subscription.
async fn azure(world: &World, tenant: TenantId, operator: &User, things: &mut Things) {
    let (ctx, db) = (ctx(world), world.db());
    let scope = format!("/subscriptions/{}", things.get("subscription"));
    let machine = format!("{scope}/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-1");
    let assignment = NewAssignment {
        id: world.chance().guid(),
        scope: ArmScope::parse(&machine).unwrap(),
        role: CONTRIBUTOR,
        principal: operator.id,
        kind: None,
        notes: AssignmentNotes::default(),
    };
    let assigned = role_assignment_put(&ctx, db, tenant, assignment).await.unwrap();
    let role = NewAzureRole {
        id: world.chance().guid(),
        name: "Northwind operator".to_owned(),
        description: String::new(),
        permissions: vec![PermissionSet {
            actions: vec!["Microsoft.Compute/*".to_owned()],
            ..PermissionSet::default()
        }],
        assignable_scopes: vec![ArmScope::parse(&scope).unwrap()],
    };
    let role = role_definition_put(&ctx, db, tenant, role).await.unwrap();
    // Beside the machine, where it is in nobody's way.
    let locked = format!("{scope}/resourceGroups/archive");
    let lock = NewLock {
        scope: ArmScope::parse(&locked).unwrap(),
        name: "kept".to_owned(),
        level: LockLevel::CanNotDelete,
        notes: String::new(),
        owners: Vec::new(),
    };
    lock_put(&ctx, db, tenant, lock).await.unwrap();
    things.put("azure assignment", assigned.assignment.assignment.id);
    things.put("custom role", role.definition.id);
    things.put("operator", &operator.name);
    things.put("scope", scope);
    things.put("locked scope", locked);
    things.put("machine", machine);
}

/// Somebody with a manager, a licence and a group; somebody deleted; somebody who is in nothing.
async fn persons(world: &World, home: (TenantId, &str), things: &mut Things) {
    let (ctx, db, tenant) = (ctx(world), world.db(), home.0);
    let person = async |word| user(world, word, home.0, home.1).await;
    let (clerk, manager, leaver, newcomer) =
        (person("clerk").await, person("manager").await, person("leaver").await, person("newcomer").await);
    user_manager_set(&ctx, db, tenant, clerk.id, Some(manager.id)).await.unwrap();
    user_delete(&ctx, db, tenant, leaver.id).await.unwrap();
    let product = PRODUCTS.iter().find(|product| product.part_number == SEAT).unwrap();
    let seat = vec![(product.id, BTreeSet::new())];
    licences_assign(&ctx, db, tenant, clerk.id, seat, Vec::new()).await.unwrap();
    let group = group(world, tenant, "Northwind accounts").await;
    group_member_add(&ctx, db, tenant, group.id, clerk.id).await.unwrap();
    group_owner_add(&ctx, db, tenant, group.id, manager.id).await.unwrap();
    let role = DirectoryRole::HelpdeskAdmin.template().to_string();
    let role = directory_role_find(&ctx, db, tenant, &role).await.unwrap();
    things.put("person", clerk.id);
    things.put("manager", manager.id);
    things.put("deleted person", leaver.id);
    things.put("newcomer", newcomer.id);
    things.put("domain of people", home.1);
    things.put("sku", product.id);
    things.put("subscribed sku", format!("{tenant}_{}", product.id));
    things.put("group", group.id);
    things.put("role", role.id);
    things.put("role template", role.role.template());
}

async fn group(world: &World, tenant: TenantId, name: &str) -> Group {
    let new = NewGroup {
        display_name: name.to_owned(),
        mail_nickname: name.to_lowercase().replace(' ', "-"),
        description: None,
        mail_enabled: false,
        security_enabled: true,
    };
    group_create(&ctx(world), world.db(), tenant, new).await.unwrap()
}

async fn applications(world: &World, tenant: TenantId, people: &People, things: &mut Things) {
    let (ctx, db) = (ctx(world), world.db());
    let tool = &people.apps["customer tool"];
    let application = application_find(&ctx, db, tenant, &tool.id).await.unwrap();
    let named = |name: &str| NewApplication {
        settings: ApplicationChange { name: Some(name.to_owned()), ..ApplicationChange::default() },
        secrets: Vec::new(),
        certificates: Vec::new(),
    };
    let (old, _) = application_create(&ctx, db, tenant, named("Northwind old tool")).await.unwrap();
    application_delete(&ctx, db, tenant, &old.id.to_string()).await.unwrap();
    // It has no service principal yet.
    let (new, _) = application_create(&ctx, db, tenant, named("Northwind new tool")).await.unwrap();
    let api = service_principal_find(&ctx, db, tenant, DIRECTORY_GRAPH_APP).await.unwrap();
    let person = ObjectId::parse(things.get("person")).unwrap();
    let scopes = BTreeSet::from(["User.Read".to_owned()]);
    let grant = NewGrant { client: tool.principal, given_to: GivenTo::User(person), resource: api.id, scopes };
    let grant = permission_grant_create(&ctx, db, tenant, grant).await.unwrap();
    api_with_roles(world, tenant, tool, things).await;
    let credentials = credentials_of(&ctx, db, tenant, &tool.id).await.unwrap();
    things.put("secret of the tool", credentials.secrets[0].key);
    things.put("application", application.id);
    things.put("deleted application", old.id);
    things.put("new app", new.app);
    things.put("app", &tool.id);
    things.put("principal", tool.principal);
    things.put("api", api.id);
    things.put("grant", grant.id);
}

/// An application of the customer that gives two roles: one that is held, and one that nobody holds.
async fn api_with_roles(world: &World, tenant: TenantId, tool: &App, things: &mut Things) {
    let (ctx, db) = (ctx(world), world.db());
    let role = |value: &str| AppRole {
        id: world.chance().guid(),
        allowed_member_types: BTreeSet::from([MemberType::Application, MemberType::User]),
        display_name: value.to_owned(),
        description: value.to_owned(),
        is_enabled: true,
        value: Some(value.to_owned()),
    };
    let (held, free) = (role("Held"), role("Free"));
    let settings = ApplicationChange {
        name: Some("Northwind API".to_owned()),
        app_roles: Some(vec![held.clone(), free.clone()]),
        ..ApplicationChange::default()
    };
    let new = NewApplication { settings, secrets: Vec::new(), certificates: Vec::new() };
    let (api, _) = application_create(&ctx, db, tenant, new).await.unwrap();
    let principal =
        service_principal_create(&ctx, db, tenant, api.app, ServicePrincipalChange::default()).await.unwrap().id;
    let person = ObjectId::parse(things.get("person")).unwrap();
    for (word, holder) in [("role of the person", person), ("role of the tool", tool.principal)] {
        let given = app_role_assignment_create(&ctx, db, tenant, holder, principal, held.id).await.unwrap();
        things.put(word, given.id);
    }
    things.put("api of the customer", principal);
    things.put("app role", free.id);
}

async fn organization(world: &World, tenant: TenantId, things: &mut Things) {
    let (ctx, db) = (ctx(world), world.db());
    for domain in [SHOP, UNPROVED] {
        domain_add(&ctx, db, tenant, domain).await.unwrap();
    }
    domain_verify(&ctx, db, tenant, SHOP, true).await.unwrap();
    things.put("domain", SHOP);
    things.put("unproved domain", UNPROVED);
}

/// People and groups of the partner, its contract with the customer, and granular relationships in three states.
pub(crate) async fn of_partner(
    world: &World,
    partner: &Partner,
    customer: &Customer,
    people: &mut People,
    things: &mut Things,
) {
    let home = (partner.tenant, partner.domain.as_str());
    for (word, roles) in [
        ("agent", &[Role::AdminAgent] as &[Role]),
        ("helpdesk agent", &[Role::HelpdeskAgent]),
        ("sales agent", &[Role::SalesAgent]),
        ("partner user admin", &[Role::UserAdmin]),
        ("partner admin", &[Role::GlobalAdmin]),
        ("partner everything", &[Role::AdminAgent, Role::GlobalAdmin]),
        ("partner member", &[]),
    ] {
        people.person(world, word, home, "owner agent", Held::Channel(roles)).await;
    }
    let delegate = people.person(world, "delegate", home, "owner agent", Held::Channel(&[])).await;
    let delegates = group(world, partner.tenant, "Contoso delegates").await;
    group_member_add(&ctx(world), world.db(), partner.tenant, delegates.id, delegate.id).await.unwrap();
    let contracts = contract_list(&ctx(world), world.db(), partner.tenant).await.unwrap();
    things.put("contract", contracts.iter().find(|contract| contract.customer == customer.id).unwrap().id);
    things.put("partners group", group(world, partner.tenant, "Contoso watchers").await.id);
    relationships(world, partner.tenant, customer.id, delegates.id, things).await;
}

/// One is being written, one waits for the customer, one is in effect.
async fn relationships(world: &World, partner: TenantId, customer: TenantId, group: ObjectId, things: &mut Things) {
    let (ctx, db) = (ctx(world), world.db());
    let roles = [DirectoryRole::DirectoryReaders, DirectoryRole::ReportsReader].map(DirectoryRole::template);
    let begun = async |name: &str| -> Relationship {
        let new = NewRelationship {
            display_name: format!("Contoso {name}"),
            customer: Some(customer),
            duration: "P90D".to_owned(),
            auto_extend: None,
            roles: roles.to_vec(),
        };
        relationship_create(&ctx, db, partner, new).await.unwrap()
    };
    let (written, asked, active) = (begun("written").await, begun("asked").await, begun("active").await);
    for relationship in [&asked, &active] {
        let lock = RelationshipAction::LockForApproval;
        relationship_request(&ctx, db, partner, &relationship.id, lock).await.unwrap();
    }
    relationship_approve(&ctx, db, customer, &active.id).await.unwrap();
    let assignment = access_assignment_create(&ctx, db, partner, &active.id, group, &roles).await.unwrap();
    // Each change leaves an operation behind.
    let seen = assignment.version;
    let changed = access_assignment_change(&ctx, db, partner, &active.id, assignment.id, seen, &roles[..1]).await;
    let assignment = changed.unwrap().assignment;
    things.put("version of written relationship", etag(&written.id, written.version));
    things.put("version of access assignment", etag(&assignment.id.to_string(), assignment.version));
    let requests = relationship_request_list(&ctx, db, partner, &active.id).await.unwrap();
    let operations = relationship_operation_list(&ctx, db, partner, &active.id).await.unwrap();
    things.put("relationship", &active.id);
    things.put("written relationship", &written.id);
    things.put("asked relationship", &asked.id);
    things.put("access assignment", assignment.id);
    things.put("relationship request", requests[0].id);
    things.put("relationship operation", operations[0].id);
}

/// The version of something as `If-Match` takes it back (`@odata.etag`).
fn etag(id: &str, version: i64) -> String {
    format!("W/\"{id}-{version}\"")
}
