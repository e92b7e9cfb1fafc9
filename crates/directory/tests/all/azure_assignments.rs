//! Role assignments as the field writes and reads them: what is the same, what is taken, whose they are, and what a
//! list at a scope shows.

use crate::house::in_a_house;
use crate::relationships_desk::outcome;
use tenantry_access::azure::{ArmScope, CONTRIBUTOR, OWNER, PrincipalKind, READER};
use tenantry_core::{ObjectId, SubscriptionId};
use tenantry_directory::{
    AssignedTo, AssignmentFilter, AssignmentNotes, NewAssignment, role_assignment_delete, role_assignment_find,
    role_assignment_list, role_assignment_put, subscription_register,
};
use uuid::Uuid;

#[test]
fn an_assignment_is_made_once() {
    in_a_house(|house| async move {
        let customer = house.customer("northwind").await;
        let (ctx, db, tenant) = (&house.ctx, &house.db, customer.id);
        let scope = ArmScope::subscription(house.subscription(&customer, None).await);
        let shouted =
            ArmScope::parse(&scope.as_str().to_uppercase().replace("/SUBSCRIPTIONS", "/Subscriptions")).unwrap();
        let group = ArmScope::parse(&format!("{}/resourceGroups/web", scope.as_str())).unwrap();
        let (clerk, operator) = (house.principal(tenant).await, house.principal(tenant).await);
        let team = house.group(tenant, "team", clerk).await;
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let nobody = ObjectId::new(Uuid::from_u128(9));
        let kinds = |name: &str| PrincipalKind::from_name(name);
        for (id, scope, role, principal, kind, expected) in [
            (one, &scope, READER, clerk, None, "ok new ServicePrincipal"),
            (one, &shouted, READER, clerk, None, "ok same ServicePrincipal"),
            (one, &scope, CONTRIBUTOR, clerk, None, "AssignmentExists"),
            (one, &group, READER, clerk, None, "AssignmentExists"),
            (two, &shouted, READER, clerk, None, "AssignmentExists"),
            (two, &scope, READER, operator, kinds("serviceprincipal"), "ok new ServicePrincipal"),
            (Uuid::from_u128(3), &group, READER, team, None, "ok new Group"),
            (Uuid::from_u128(4), &scope, OWNER, operator, kinds("User"), "InvalidField"),
            (Uuid::from_u128(4), &scope, OWNER, nobody, None, "ObjectNotFound"),
            (Uuid::from_u128(4), &scope, Uuid::nil(), operator, None, "RoleDefinitionNotFound"),
            // Who says what it is need not have it in the directory yet.
            (Uuid::from_u128(4), &scope, READER, nobody, kinds("User"), "ok new User"),
        ] {
            let new =
                NewAssignment { id, scope: scope.clone(), role, principal, kind, notes: AssignmentNotes::default() };
            let seen = match role_assignment_put(ctx, db, tenant, new).await {
                Ok(made) => {
                    let created = if made.created { "new" } else { "same" };
                    format!("ok {created} {}", made.assignment.assignment.kind.name())
                }
                refused => outcome(refused),
            };
            assert_eq!(seen, expected, "{id} {role} {principal} {kind:?}");
        }
        let notes = AssignmentNotes { description: Some("why".to_owned()), ..AssignmentNotes::default() };
        let new = NewAssignment { id: one, scope: scope.clone(), role: READER, principal: clerk, kind: None, notes };
        assert_eq!(outcome(role_assignment_put(ctx, db, tenant, new).await), "AssignmentExists");

        let elsewhere = role_assignment_delete(ctx, db, tenant, &group, one).await.unwrap();
        assert_eq!(elsewhere, None, "it is not at this scope");
        assert_eq!(outcome(role_assignment_find(ctx, db, tenant, &group, one).await), "AssignmentNotFound");
        let found = role_assignment_find(ctx, db, tenant, &shouted, one).await.unwrap();
        let gone = role_assignment_delete(ctx, db, tenant, &scope, one).await.unwrap();
        assert_eq!(gone, Some(found));
        assert_eq!(role_assignment_delete(ctx, db, tenant, &scope, one).await.unwrap(), None);
        let epoch = db.access_epoch();
        house.assign(ctx, tenant, (scope.as_str(), READER), (clerk, None)).await.unwrap();
        assert!(db.access_epoch() > epoch, "what is remembered is forgotten");
    });
}

#[test]
fn a_list_shows_what_reaches_the_scope_and_what_lies_in_it() {
    in_a_house(|house| async move {
        let customer = house.customer("northwind").await;
        let (ctx, db, tenant) = (&house.ctx, &house.db, customer.id);
        let subscription = house.subscription(&customer, None).await;
        let other = house.subscription(&customer, None).await;
        let (clerk, operator) = (house.principal(tenant).await, house.principal(tenant).await);
        let team = house.group(tenant, "team", clerk).await;
        let all_teams = house.group(tenant, "all-teams", operator).await;
        tenantry_directory::group_member_add(ctx, db, tenant, all_teams, team).await.unwrap();
        let sub = format!("/subscriptions/{subscription}");
        let web = format!("{sub}/resourceGroups/web");
        let vm = format!("{web}/providers/Microsoft.Compute/virtualMachines/vm1");
        for (scope, role, principal) in [
            ("/", READER, operator),
            (&sub, OWNER, clerk),
            (&web, CONTRIBUTOR, team),
            (&vm, READER, all_teams),
            (&format!("{sub}/resourceGroups/web2"), READER, clerk),
            (&format!("/subscriptions/{other}"), READER, clerk),
        ] {
            house.assign(ctx, tenant, (scope, role), (principal, None)).await.unwrap();
        }
        let everybody = AssignmentFilter::default();
        let of = |of| AssignmentFilter { of, ..everybody };
        let at_scope = |of| AssignmentFilter { at_scope: true, of };
        for (scope, filter, expected) in [
            ("/", everybody, "/ other other-group sub vm web"),
            ("/", at_scope(AssignedTo::Anybody), "/"),
            (sub.as_str(), everybody, "/ other-group sub vm web"),
            (&sub, at_scope(AssignedTo::Anybody), "/ sub"),
            (&web, everybody, "/ sub vm web"),
            (&vm, at_scope(AssignedTo::Anybody), "/ sub vm web"),
            (&web, of(AssignedTo::Principal(clerk)), "sub"),
            (&web, of(AssignedTo::Reaching(clerk)), "sub vm web"),
            (&web, at_scope(AssignedTo::Reaching(clerk)), "sub web"),
            (&sub, of(AssignedTo::Principal(team)), "web"),
        ] {
            let at = ArmScope::parse(scope).unwrap();
            let listed = role_assignment_list(ctx, db, tenant, &at, filter).await.unwrap();
            let name = |text: &str| match text {
                "/" => "/",
                text if text == sub => "sub",
                text if text == web => "web",
                text if text == vm => "vm",
                text if text.starts_with(&sub) => "other-group",
                _ => "other",
            };
            let mut names: Vec<_> = listed.iter().map(|kept| name(kept.assignment.scope.as_str())).collect();
            names.sort_unstable();
            assert_eq!(names.join(" "), expected, "{scope} {filter:?}");
        }
        // Who may not read assignments may still ask for its own.
        let caller = house.admin(&customer, clerk, None);
        let at = ArmScope::subscription(other);
        let own = role_assignment_list(&caller, db, tenant, &at, of(AssignedTo::Caller)).await.unwrap();
        assert_eq!(own.len(), 1);
    });
}

#[test]
fn a_subscription_is_registered_for_one_tenant_and_one_partner() {
    in_a_house(|house| async move {
        let (partner, other) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let (customer, neighbour) = (house.customer("northwind").await, house.customer("adatum").await);
        let id = house.subscription(&customer, Some(&partner)).await;
        for (tenant, partner, expected) in [
            (customer.id, Some(partner.id), "ok"),
            (customer.id, Some(other.id), "AlreadyExists"),
            (customer.id, None, "AlreadyExists"),
            (neighbour.id, Some(partner.id), "AlreadyExists"),
        ] {
            let mut tx = house.begin().await;
            let seen = subscription_register(&house.ctx, &mut tx, tenant, id, partner, "Renamed").await;
            assert_eq!(outcome(seen), expected, "{tenant} {partner:?}");
            if expected == "ok" {
                tx.commit().await.unwrap();
            }
        }
        let seen = tenantry_directory::visible_subscriptions(&house.ctx, &house.db, customer.id).await.unwrap();
        assert_eq!((seen.len(), seen[0].subscription.name.as_str()), (1, "Renamed"));
        let mut tx = house.begin().await;
        let fresh = SubscriptionId::new(Uuid::from_u128(9));
        let refused = subscription_register(&house.ctx, &mut tx, customer.id, fresh, Some(neighbour.id), "Azure").await;
        assert_eq!(outcome(refused), "GroupNotFound", "only a partner has agents");
    });
}
