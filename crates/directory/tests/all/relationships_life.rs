//! The life of a granular relationship: who may do what in which state, and how it ends by the clock.

use crate::house::in_a_house;
use crate::relationships_desk::{outcome, wanted};
use tenantry_core::{Caller, DirectoryRole, Identity, OpContext, Role, TenantId, TenantKind};
use tenantry_db::job;
use tenantry_directory::{
    NewRelationship, RelationshipAction, RelationshipChange, access_assignment_change, access_assignment_create,
    access_assignment_delete, access_assignment_find, delegated_customer_find, delegated_customer_list,
    relationship_approve, relationship_change, relationship_create, relationship_delete, relationship_end,
    relationship_find, relationship_operation_list, relationship_page, relationship_request, relationship_request_list,
    relationships_with,
};
use uuid::Uuid;

const READER: DirectoryRole = DirectoryRole::GlobalReader;

#[test]
fn a_relationship_goes_from_the_partners_wish_to_its_end() {
    in_a_house(|house| async move {
        let (partner, customer) = (house.partner("contoso").await, house.customer("northwind").await);
        let agent = house.agent(&partner, &[Role::AdminAgent]).await;
        let admin = house.admin(&customer, house.principal(customer.id).await, Some(DirectoryRole::GlobalAdmin));
        let (db, by_partner) = (&house.db, &house.at_home(&agent));
        let status = async |expected: &str, id: &str| {
            let seen = relationship_find(by_partner, db, partner.id, id).await.unwrap();
            assert_eq!(seen.status.name(), expected);
            seen
        };

        let made = relationship_create(by_partner, db, partner.id, wanted("Care", &[READER])).await.unwrap();
        assert_eq!(made.id.len(), 73, "two GUIDs and a hyphen: {}", made.id);
        let change =
            RelationshipChange { display_name: Some("Better care".to_owned()), ..RelationshipChange::default() };
        let changed = relationship_change(by_partner, db, partner.id, &made.id, 1, change.clone()).await.unwrap();
        assert_eq!((changed.version, changed.display_name.as_str()), (2, "Better care"));
        assert_eq!(
            outcome(relationship_change(by_partner, db, partner.id, &made.id, 1, change.clone()).await),
            "Stale"
        );
        assert_eq!(outcome(relationship_find(&admin, db, customer.id, &made.id).await), "RelationshipNotFound");

        let lock = RelationshipAction::LockForApproval;
        relationship_request(by_partner, db, partner.id, &made.id, lock).await.unwrap();
        let pending = status("approvalPending", &made.id).await;
        // It names nobody: each customer who was given the id may look, and no other partner.
        let rival = house.partner("fabrikam").await;
        let by_rival = house.at_home(&house.agent(&rival, &[Role::AdminAgent]).await);
        assert_eq!(outcome(relationship_find(&admin, db, customer.id, &made.id).await), "ok");
        assert_eq!(outcome(relationship_find(&by_rival, db, rival.id, &made.id).await), "RelationshipNotFound");
        let refused = relationship_change(by_partner, db, partner.id, &made.id, pending.version, change).await;
        assert_eq!(outcome(refused), "RelationshipStateRefused");
        let refused = relationship_delete(by_partner, db, partner.id, &made.id, pending.version).await;
        assert_eq!(outcome(refused), "RelationshipStateRefused");
        assert!(relationships_with(&admin, db, customer.id).await.unwrap().is_empty(), "it names nobody yet");

        let active = relationship_approve(&admin, db, customer.id, &made.id).await.unwrap();
        assert_eq!(active.status.name(), "active");
        assert_eq!(active.ends_at.unwrap().to_string(), "2026-01-20T16:00:00Z");
        assert_eq!(active.customer.unwrap().tenant, customer.id);
        assert_eq!(relationships_with(&admin, db, customer.id).await.unwrap().len(), 1);
        assert_eq!(delegated_customer_list(by_partner, db, partner.id).await.unwrap().len(), 1);

        let end = RelationshipAction::Terminate;
        relationship_request(by_partner, db, partner.id, &made.id, end).await.unwrap();
        status("terminated", &made.id).await;
        let found = delegated_customer_find(by_partner, db, partner.id, customer.id).await;
        assert_eq!(outcome(found), "RelationshipNotFound");
        let requests = relationship_request_list(by_partner, db, partner.id, &made.id).await.unwrap();
        let asked: Vec<_> = requests.iter().map(|request| (request.action.name(), request.status.name())).collect();
        // Asked at the same instant, so their order is that of their ids.
        for action in ["lockForApproval", "approve", "terminate"] {
            assert!(asked.contains(&(action, "succeeded")), "{action}: {asked:?}");
        }
    });
}

#[test]
fn each_side_asks_what_is_its_own_and_others_find_nothing() {
    in_a_house(|house| async move {
        let (partner, stranger) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let (customer, neighbour) = (house.customer("northwind").await, house.customer("adatum").await);
        let agent = async |roles: &[Role]| house.at_home(&house.agent(&partner, roles).await);
        let person = async |role| house.admin(&customer, house.principal(customer.id).await, role);
        let callers = [
            ("an admin agent", agent(&[Role::AdminAgent]).await, partner.id),
            ("a helpdesk agent", agent(&[Role::HelpdeskAgent]).await, partner.id),
            ("the customer's admin", person(Some(DirectoryRole::GlobalAdmin)).await, customer.id),
            ("the customer's reader", person(Some(READER)).await, customer.id),
            ("a member of the customer", person(None).await, customer.id),
            (
                "another customer's admin",
                house.admin(&neighbour, house.principal(neighbour.id).await, Some(DirectoryRole::GlobalAdmin)),
                neighbour.id,
            ),
            ("another partner's agent", house.at_home(&house.agent(&stranger, &[Role::AdminAgent]).await), stranger.id),
            (
                "another partner's agent, aiming at this one",
                house.at_home(&house.agent(&stranger, &[Role::AdminAgent]).await),
                partner.id,
            ),
            ("nobody", OpContext { caller: Caller::Nobody, ..house.ctx.clone() }, partner.id),
        ];
        let expected = [
            // read, lock, approve, reject, terminate an active one
            ["ok", "ok", "Forbidden", "Forbidden", "ok"],
            ["ok", "Forbidden", "Forbidden", "Forbidden", "Forbidden"],
            ["ok", "RelationshipNotFound", "ok", "ok", "ok"],
            ["ok", "RelationshipNotFound", "Forbidden", "Forbidden", "Forbidden"],
            ["Forbidden", "RelationshipNotFound", "Forbidden", "Forbidden", "Forbidden"],
            ["RelationshipNotFound"; 5],
            ["RelationshipNotFound"; 5],
            ["RelationshipNotFound"; 5],
            ["TokenMissing"; 5],
        ];
        let mut number = 0;
        for ((who, ctx, tenant), expected) in callers.iter().zip(expected) {
            let mut seen = Vec::new();
            for what in 0..5 {
                number += 1;
                let new =
                    NewRelationship { customer: Some(customer.id), ..wanted(&format!("Care {number}"), &[READER]) };
                let id = match what {
                    1 => relationship_create(&house.ctx, &house.db, partner.id, new).await.unwrap().id,
                    4 => house.active(&partner, &customer, new).await.id,
                    _ => house.pending(&partner, new).await.id,
                };
                let action = match what {
                    0 => {
                        seen.push(outcome(relationship_find(ctx, &house.db, *tenant, &id).await));
                        continue;
                    }
                    1 => RelationshipAction::LockForApproval,
                    2 => RelationshipAction::Approve,
                    3 => RelationshipAction::Reject,
                    _ => RelationshipAction::Terminate,
                };
                seen.push(outcome(relationship_request(ctx, &house.db, *tenant, &id, action).await));
            }
            assert_eq!(seen, expected, "{who}");
        }
    });
}

/// A partner that administers the customer's tenant would otherwise give itself what the customer has not.
#[test]
fn a_delegated_administrator_does_not_approve_for_the_customer() {
    in_a_house(|house| async move {
        use tenantry_core::context::{HeldBy, HeldRole, SignedInUser};
        let (partner, customer) = (house.partner("contoso").await, house.customer("northwind").await);
        let agent = house.agent(&partner, &[Role::AdminAgent]).await;
        let pending = house.pending(&partner, wanted("Care", &[READER])).await;
        let by = HeldBy::DelegatedAdmin { group: Role::AdminAgent };
        let Caller::SignedIn(identity) = house.at_home(&agent).caller else { panic!("nobody") };
        let ctx = house.by(Identity {
            tenant: customer.id,
            tenant_kind: TenantKind::Customer,
            directory_roles: vec![HeldRole { role: DirectoryRole::GlobalAdmin, by }],
            rights: ["user_impersonation".to_owned()].into(),
            user: Some(SignedInUser { name: "agent".to_owned(), home: partner.id, second_factor: true }),
            ..identity
        });
        assert_eq!(outcome(relationship_approve(&ctx, &house.db, customer.id, &pending.id).await), "Forbidden");
    });
}

#[test]
fn what_is_written_wrong_is_named() {
    in_a_house(|house| async move {
        let (partner, customer) = (house.partner("contoso").await, house.customer("northwind").await);
        let (ctx, db) = (&house.ctx, &house.db);
        relationship_create(ctx, db, partner.id, wanted("Care", &[READER])).await.unwrap();
        let good = || wanted("Other", &[READER]);
        let nobody = TenantId::new(Uuid::from_u128(9));
        for (new, expected, field) in [
            (NewRelationship { display_name: " ".to_owned(), ..good() }, "MissingField", "displayName"),
            (NewRelationship { display_name: "x".repeat(51), ..good() }, "InvalidField", "displayName"),
            (NewRelationship { display_name: "CARE".to_owned(), ..good() }, "AlreadyExists", "displayName"),
            (NewRelationship { duration: "P3Y".to_owned(), ..good() }, "InvalidField", "duration"),
            (NewRelationship { duration: String::new(), ..good() }, "MissingField", "duration"),
            (NewRelationship { auto_extend: Some("P1Y".to_owned()), ..good() }, "InvalidField", "autoExtendDuration"),
            (NewRelationship { customer: Some(nobody), ..good() }, "InvalidField", "customer.tenantId"),
            (NewRelationship { customer: Some(partner.id), ..good() }, "InvalidField", "customer.tenantId"),
            (NewRelationship { roles: vec![], ..good() }, "MissingField", "accessDetails.unifiedRoles"),
            (NewRelationship { roles: vec![Uuid::nil()], ..good() }, "InvalidField", "accessDetails.unifiedRoles"),
        ] {
            let problem = relationship_create(ctx, db, partner.id, new.clone()).await.unwrap_err();
            assert_eq!(
                (format!("{:?}", problem.reason()).as_str(), problem.field()),
                (expected, Some(field)),
                "{new:?}"
            );
        }
        assert_eq!(outcome(relationship_create(ctx, db, customer.id, good()).await), "Forbidden");
        assert_eq!(outcome(relationship_create(ctx, db, nobody, good()).await), "TenantNotFound");
        // The name of a deleted one is free again; a page holds what is left.
        let all = relationship_page(ctx, db, partner.id, None, 10).await.unwrap();
        relationship_delete(ctx, db, partner.id, &all[0].id, 1).await.unwrap();
        assert_eq!(outcome(relationship_create(ctx, db, partner.id, wanted("care", &[READER])).await), "ok");
        let next = relationship_create(ctx, db, partner.id, good()).await.unwrap();
        let all = relationship_page(ctx, db, partner.id, None, 10).await.unwrap();
        let rest = relationship_page(ctx, db, partner.id, Some(&all[0].id), 10).await.unwrap();
        assert_eq!((all.len(), rest.len()), (2, 1));
        assert!(all.iter().any(|known| known.id == next.id));
    });
}

#[test]
fn access_assignments_give_some_of_the_roles_to_one_group_each() {
    in_a_house(|house| async move {
        let (partner, customer) = (house.partner("contoso").await, house.customer("northwind").await);
        let agent = house.agent(&partner, &[Role::AdminAgent]).await;
        let (ctx, db) = (&house.at_home(&agent), &house.db);
        let (reader, helper, admin) = (READER.template(), DirectoryRole::HelpdeskAdmin.template(), Uuid::nil());
        let group = house.group(partner.id, "care", agent.id).await;
        let foreign = house.group(customer.id, "theirs", house.principal(customer.id).await).await;
        let roles = [READER, DirectoryRole::HelpdeskAdmin];
        let pending = house.pending(&partner, wanted("Later", &roles)).await.id;
        let id = house.active(&partner, &customer, wanted("Care", &roles)).await.id;
        for (relationship, group, roles, expected) in [
            (&pending, group, vec![reader], "RelationshipStateRefused"),
            (&id, foreign, vec![reader], "InvalidField"),
            (&id, group, vec![], "MissingField"),
            (&id, group, vec![admin], "InvalidField"),
            (&id, group, vec![DirectoryRole::GlobalAdmin.template()], "InvalidField"),
            (&id, group, vec![reader, reader], "ok"),
            (&id, group, vec![helper], "AlreadyExists"),
        ] {
            let seen = access_assignment_create(ctx, db, partner.id, relationship, group, &roles).await;
            assert_eq!(outcome(seen), expected, "{roles:?}");
        }
        let all = tenantry_directory::access_assignment_list(ctx, db, partner.id, &id).await.unwrap();
        let (one, status) = (all[0].id, all[0].status.name());
        assert_eq!((all.len(), status, all[0].roles.as_slice()), (1, "active", [READER].as_slice()));

        let same = access_assignment_change(ctx, db, partner.id, &id, one, 1, &[reader]).await.unwrap();
        assert_eq!((same.operation, same.assignment.version), (None, 1), "nothing to wait for");
        let changed = access_assignment_change(ctx, db, partner.id, &id, one, 1, &[helper]).await.unwrap();
        let operation = changed.operation.unwrap();
        assert_eq!((operation.status.name(), changed.assignment.version), ("succeeded", 2));
        assert_eq!(relationship_operation_list(ctx, db, partner.id, &id).await.unwrap(), [operation]);
        let stale = access_assignment_change(ctx, db, partner.id, &id, one, 1, &[reader]).await;
        assert_eq!(outcome(stale), "Stale");
        assert_eq!(outcome(access_assignment_delete(ctx, db, partner.id, &id, one, 1).await), "Stale");
        access_assignment_delete(ctx, db, partner.id, &id, one, 2).await.unwrap();
        let gone = access_assignment_find(ctx, db, partner.id, &id, one).await.unwrap();
        assert_eq!(gone.status.name(), "deleted");
        let refused = access_assignment_delete(ctx, db, partner.id, &id, one, 3).await;
        assert_eq!(outcome(refused), "RelationshipStateRefused");
        let unknown = access_assignment_find(ctx, db, partner.id, &id, Uuid::nil()).await;
        assert_eq!(outcome(unknown), "RelationshipNotFound");
        let again = access_assignment_create(ctx, db, partner.id, &id, group, &[reader]).await;
        assert_eq!(outcome(again), "ok", "a deleted one is in nobody's way");
    });
}

#[test]
fn the_clock_ends_a_relationship_or_extends_it() {
    in_a_house(|house| async move {
        let (partner, customer) = (house.partner("contoso").await, house.customer("northwind").await);
        let (ctx, db) = (&house.ctx, &house.db);
        let extended = NewRelationship { auto_extend: Some("P180D".to_owned()), ..wanted("Long", &[READER]) };
        let long = house.active(&partner, &customer, extended).await;
        let short = house.active(&partner, &customer, wanted("Short", &[READER])).await;
        let run_due = async || {
            let mut ran = 0;
            while let Some(job) = job::next_due(db, ctx.now()).await.unwrap() {
                relationship_end(ctx, db, &job).await.unwrap();
                ran += 1;
            }
            ran
        };
        for (now, ran, short_status, long_end) in [
            ("2026-01-20T15:59:59Z", 0, "active", "2026-01-20T16:00:00Z"),
            ("2026-01-20T16:00:00Z", 2, "expired", "2026-07-19T16:00:00Z"),
            ("2026-07-19T15:59:59Z", 0, "expired", "2026-07-19T16:00:00Z"),
            ("2026-07-19T16:00:00Z", 1, "expired", "2027-01-15T16:00:00Z"),
            ("2028-01-01T00:00:00Z", 1, "expired", "2028-01-10T16:00:00Z"),
        ] {
            house.advance(now);
            let epoch = db.access_epoch();
            let look = async || {
                let short = relationship_find(ctx, db, partner.id, &short.id).await.unwrap();
                let long = relationship_find(ctx, db, partner.id, &long.id).await.unwrap();
                (short.status.name(), long.status.name(), long.ends_at.unwrap().to_string())
            };
            let expected = (short_status, "active", long_end.to_owned());
            assert_eq!(look().await, expected, "{now}, before the job");
            assert_eq!(run_due().await, ran, "{now}");
            assert_eq!(look().await, expected, "{now}, after the job");
            assert_eq!(db.access_epoch() > epoch, ran > 0, "{now}: what is remembered is forgotten");
        }
        let end = relationship_request(ctx, db, partner.id, &short.id, RelationshipAction::Terminate).await;
        assert_eq!(outcome(end), "RelationshipStateRefused");
        // Ended by hand, it is left alone when its day comes.
        relationship_request(ctx, db, partner.id, &long.id, RelationshipAction::Terminate).await.unwrap();
        house.advance("2028-02-01T00:00:00Z");
        assert_eq!(run_due().await, 1);
        assert_eq!(relationship_find(ctx, db, partner.id, &long.id).await.unwrap().status.name(), "terminated");
    });
}
