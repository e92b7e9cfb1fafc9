//! Roles are rows: a token does not carry them, they are looked up, and giving or taking one acts at once.

use crate::house::{App, House, in_a_house};
use tenantry_core::{DirectoryRole, ObjectId, Problem, Reason, Role, TenantId, TenantKind};
use tenantry_db::sql;
use tenantry_directory::{PARTNER_CENTER, application_register, role_assign};
use uuid::Uuid;

async fn assign(house: &House, tenant: TenantId, principal: ObjectId, role: Role) -> Result<(), Problem> {
    let mut tx = house.begin().await;
    role_assign(&house.ctx, &mut tx, tenant, principal, role).await?;
    tx.commit().await
}

async fn unassign(house: &House, app: &App, role: Role) {
    house.role_take(app.tenant.id, app.made.principal, role).await;
}

/// What verification looks up: roles of the channel, directory roles, and in how many groups.
async fn held(house: &House, bearer: &str) -> (Vec<Role>, Vec<DirectoryRole>, usize) {
    let identity = house.verify_whole(bearer, &[PARTNER_CENTER]).await.unwrap();
    let directory_roles = identity.directory_roles.iter().map(|held| held.role).collect();
    (identity.roles.into_iter().collect(), directory_roles, identity.groups.len())
}

#[test]
fn each_role_is_given_and_taken_while_a_token_is_out() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let colleague = house.app(&app.tenant, &Role::ALL).await;
        let bearer = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        for (role, directory_roles, groups) in [
            (Role::AdminAgent, vec![], 1),
            (Role::SalesAgent, vec![], 1),
            (Role::HelpdeskAgent, vec![], 1),
            (Role::GlobalAdmin, vec![DirectoryRole::GlobalAdmin], 0),
            (Role::UserAdmin, vec![DirectoryRole::UserAdmin], 0),
            (Role::BillingAdmin, vec![DirectoryRole::BillingAdmin], 0),
        ] {
            for _ in 0..2 {
                assign(&house, app.tenant.id, app.made.principal, role).await.unwrap();
                assert_eq!(held(&house, &bearer).await, (vec![role], directory_roles.clone(), groups), "twice is once");
            }
            unassign(&house, &app, role).await;
            assert_eq!(held(&house, &bearer).await, (vec![], vec![], 0), "{role}");
        }
        let bearer = house.issue(&colleague, &colleague.secret, PARTNER_CENTER).await.unwrap();
        let (roles, directory_roles, groups) = held(&house, &bearer).await;
        assert_eq!((roles, directory_roles.len(), groups), (Role::ALL.to_vec(), 3, 3));
    });
}

#[test]
fn only_partner_tenants_have_agent_groups_and_roles_of_the_channel() {
    in_a_house(|house| async move {
        const ADMIN: &str = "62e90394-69f5-4237-9190-012177145e10";
        for (kind, prefix, groups) in [
            (TenantKind::Partner, "contoso", "AdminAgents, HelpdeskAgents, SalesAgents"),
            (TenantKind::Provider, "root", ""),
            (TenantKind::Customer, "northwind", ""),
        ] {
            let tenant = house.create(kind, prefix).await.unwrap();
            for (table, expected) in [("directory_group", groups), ("directory_role", ADMIN)] {
                assert_eq!(names(&house, table, tenant.id).await, expected, "{table} of {kind:?}");
            }
            let app = house.app(&tenant, &[]).await;
            for role in Role::ALL {
                let seen = assign(&house, tenant.id, app.made.principal, role).await.map_err(|told| told.reason());
                let expected = if kind == TenantKind::Partner { Ok(()) } else { Err(Reason::InvalidField) };
                assert_eq!(seen, expected, "{role} in {kind:?}");
            }
        }
    });
}

#[test]
fn a_registration_needs_a_tenant_and_a_name() {
    in_a_house(|house| async move {
        let partner = house.create(TenantKind::Partner, "contoso").await.unwrap().id;
        let nobody = TenantId::new(Uuid::from_u128(9));
        for (tenant, name, expected) in [
            (partner, "Panel", None),
            (partner, "  ", Some(Reason::MissingField)),
            (nobody, "Panel", Some(Reason::TenantNotFound)),
        ] {
            let mut tx = house.begin().await;
            let made = application_register(&house.ctx, &mut tx, tenant, name, &[]).await;
            assert_eq!(made.err().map(|problem| problem.reason()), expected, "{name}");
        }
    });
}

/// An application that cannot have its role is not registered without it.
#[test]
fn a_registration_that_fails_half_way_leaves_nothing() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let mut tx = house.begin().await;
        let refused = application_register(&house.ctx, &mut tx, tenant.id, "Panel", &[Role::AdminAgent]).await;
        assert_eq!(refused.unwrap_err().reason(), Reason::InvalidField);
        drop(tx);
        for table in ["application", "service_principal"] {
            assert_eq!(names(&house, table, tenant.id).await, "", "{table}");
        }
    });
}

/// The names in a table of the directory, for one tenant.
async fn names(house: &House, table: &str, tenant: TenantId) -> String {
    let text = match table {
        "application" => "SELECT name FROM application WHERE tenant = $1",
        "directory_group" => "SELECT display_name AS name FROM directory_group WHERE tenant = $1",
        "directory_role" => "SELECT template AS name FROM directory_role WHERE tenant = $1",
        _ => "SELECT name FROM service_principal WHERE tenant = $1",
    };
    let rows = sql(text).bind(tenant).all(&mut house.db.reader().await.unwrap()).await.unwrap();
    // The engines sort blanks and capitals each their own way, so the test sorts.
    let mut names: Vec<String> = rows.iter().map(|row| row.text("name").unwrap()).collect();
    names.sort();
    names.join(", ")
}
