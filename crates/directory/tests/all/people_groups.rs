//! Groups: what can be in them, how deep, and which of them stay as they are.

use crate::house::{House, in_a_house};
use crate::people_house::{NOBODY, admin, by_user, reason, user};
use tenantry_core::{DirectoryRole, ObjectId, Reason, TenantId, TenantKind};
use tenantry_directory::{
    DirectoryObject, Group, GroupChange, NewGroup, contract_begin, directory_role_list, group_change, group_create,
    group_delete, group_find, group_member_add, group_member_remove, group_members, group_owner_add,
    group_owner_remove, group_owners, group_page, member_of, object_find, objects_by_ids, user_delete, user_restore,
};

fn new_group(name: &str) -> NewGroup {
    NewGroup {
        display_name: name.to_owned(),
        mail_nickname: "group".to_owned(),
        description: None,
        mail_enabled: false,
        security_enabled: true,
    }
}

async fn group(house: &House, tenant: TenantId, name: &str) -> Group {
    group_create(&house.ctx, &house.db, tenant, new_group(name)).await.unwrap()
}

/// The agent group of a partner with this name.
async fn agents(house: &House, tenant: TenantId, name: &str) -> Group {
    let groups = group_page(&house.ctx, &house.db, tenant, None, 100).await.unwrap();
    groups.into_iter().find(|group| group.agents.is_some_and(|role| role.name() == name)).unwrap()
}

#[test]
fn groups_may_share_a_name_but_not_that_of_an_agent_group() {
    in_a_house(|house| async move {
        let partner = house.create(TenantKind::Partner, "contoso").await.unwrap().id;
        let customer = house.create(TenantKind::Customer, "northwind").await.unwrap().id;
        for (tenant, wanted, expected) in [
            (partner, new_group("Sales"), None),
            (partner, new_group("Sales"), None),
            (partner, new_group("adminagents"), Some(Reason::AlreadyExists)),
            (customer, new_group("AdminAgents"), None),
            (customer, new_group(" "), Some(Reason::MissingField)),
            (customer, NewGroup { mail_nickname: "a b".into(), ..new_group("Sales") }, Some(Reason::InvalidField)),
            (customer, NewGroup { mail_enabled: true, ..new_group("Sales") }, Some(Reason::Unsupported)),
            (customer, NewGroup { security_enabled: false, ..new_group("Sales") }, Some(Reason::InvalidField)),
        ] {
            let shown = format!("{wanted:?}");
            assert_eq!(reason(group_create(&house.ctx, &house.db, tenant, wanted).await), expected, "{shown}");
        }
        assert_eq!(group_page(&house.ctx, &house.db, partner, None, 100).await.unwrap().len(), 5);
    });
}

#[test]
fn agent_groups_are_neither_renamed_nor_deleted() {
    in_a_house(|house| async move {
        let partner = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let (ctx, db, tenant) = (&house.ctx, &house.db, partner.id);
        let ordinary = group(&house, tenant, "Sales").await;
        let renamed = || GroupChange { display_name: Some("Other".to_owned()), ..GroupChange::default() };
        let taken = || GroupChange { display_name: Some("SalesAgents".to_owned()), ..GroupChange::default() };
        for name in ["AdminAgents", "SalesAgents", "HelpdeskAgents"] {
            let group = agents(&house, tenant, name).await;
            assert_eq!(group.display_name, name);
            assert_eq!(reason(group_change(ctx, db, tenant, group.id, renamed()).await), Some(Reason::Forbidden));
            assert_eq!(reason(group_delete(ctx, db, tenant, group.id).await), Some(Reason::Forbidden));
        }
        assert_eq!(reason(group_change(ctx, db, tenant, ordinary.id, taken()).await), Some(Reason::AlreadyExists));
        let after = group_change(ctx, db, tenant, ordinary.id, renamed()).await.unwrap();
        assert_eq!(after, Group { display_name: "Other".to_owned(), ..ordinary.clone() });
        assert_eq!(group_find(ctx, db, tenant, ordinary.id).await.unwrap(), after);
        group_delete(ctx, db, tenant, ordinary.id).await.unwrap();
        for outcome in [
            reason(group_find(ctx, db, tenant, ordinary.id).await),
            reason(group_change(ctx, db, tenant, ordinary.id, renamed()).await),
            reason(group_delete(ctx, db, tenant, ordinary.id).await),
            reason(group_members(ctx, db, tenant, ordinary.id).await),
        ] {
            assert_eq!(outcome, Some(Reason::GroupNotFound));
        }
    });
}

#[test]
fn a_group_is_never_in_itself() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap().id;
        let mut groups = Vec::new();
        for name in ["a", "b", "c", "d"] {
            groups.push(group(&house, tenant, name).await.id);
        }
        let [a, b, c, d] = groups[..] else { panic!() };
        for (outer, inner, expected) in [
            (a, a, Some(Reason::GroupCircular)),
            (a, b, None),
            (b, a, Some(Reason::GroupCircular)),
            (b, c, None),
            (c, a, Some(Reason::GroupCircular)),
            (c, b, Some(Reason::GroupCircular)),
            // Two ways to the same group are no circle.
            (a, c, None),
            (a, c, Some(Reason::AlreadyExists)),
            (d, a, None),
            (c, d, Some(Reason::GroupCircular)),
        ] {
            let added = group_member_add(&house.ctx, &house.db, tenant, outer, inner).await;
            assert_eq!(reason(added), expected, "{inner} into {outer}");
        }
        group_member_remove(&house.ctx, &house.db, tenant, d, a).await.unwrap();
        group_member_add(&house.ctx, &house.db, tenant, c, d).await.unwrap();
    });
}

#[test]
fn of_two_groups_put_into_each_other_at_once_one_is() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap().id;
        let (a, b) = (group(&house, tenant, "a").await.id, group(&house, tenant, "b").await.id);
        let (one, other) = tokio::join!(
            group_member_add(&house.ctx, &house.db, tenant, a, b),
            group_member_add(&house.ctx, &house.db, tenant, b, a),
        );
        assert_ne!(one.is_ok(), other.is_ok());
        assert_eq!(reason(one).or(reason(other)), Some(Reason::GroupCircular));
    });
}

#[test]
fn members_are_principals_of_the_tenant() {
    in_a_house(|house| async move {
        let partner = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let stranger = house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        let (ctx, db, tenant) = (&house.ctx, &house.db, partner.id);
        let (clerk, foreign) = (user(&house, &partner, "clerk").await, user(&house, &stranger, "clerk").await);
        let gone = user(&house, &partner, "gone").await;
        user_delete(ctx, db, tenant, gone.id).await.unwrap();
        let app = house.app(&partner, &[]).await.made.principal;
        let (sales, team) = (group(&house, tenant, "Sales").await.id, group(&house, tenant, "Team").await.id);
        let agents = agents(&house, tenant, "AdminAgents").await.id;
        let role = directory_role_list(ctx, db, tenant).await.unwrap()[0].id;
        let (missing, unfit) = (Some(Reason::ObjectNotFound), Some(Reason::InvalidField));
        for (group, principal, member, owner) in [
            (sales, clerk.id, None, None),
            (sales, app, None, None),
            (sales, team, None, unfit),
            (sales, role, unfit, unfit),
            (sales, foreign.id, missing, missing),
            (sales, gone.id, missing, missing),
            (sales, NOBODY, missing, missing),
            (agents, clerk.id, None, None),
            (agents, app, None, None),
            (agents, team, unfit, unfit),
            (NOBODY, clerk.id, Some(Reason::GroupNotFound), Some(Reason::GroupNotFound)),
        ] {
            let added = group_member_add(ctx, db, tenant, group, principal).await;
            assert_eq!(reason(added), member, "member {principal} of {group}");
            let added = group_owner_add(ctx, db, tenant, group, principal).await;
            assert_eq!(reason(added), owner, "owner {principal} of {group}");
        }
        let ids = |mut ids: Vec<ObjectId>| {
            ids.sort();
            ids
        };
        let of = |objects: Vec<DirectoryObject>| objects.iter().map(|o| o.id()).collect::<Vec<_>>();
        assert_eq!(of(group_members(ctx, db, tenant, sales).await.unwrap()), ids(vec![clerk.id, app, team]));
        assert_eq!(of(group_owners(ctx, db, tenant, sales).await.unwrap()), ids(vec![clerk.id, app]));
        // A deleted user is not shown, and is back when it is back.
        user_delete(ctx, db, tenant, clerk.id).await.unwrap();
        assert_eq!(of(group_members(ctx, db, tenant, sales).await.unwrap()), ids(vec![app, team]));
        user_restore(ctx, db, tenant, clerk.id).await.unwrap();
        assert_eq!(of(group_members(ctx, db, tenant, sales).await.unwrap()), ids(vec![clerk.id, app, team]));

        for (principal, expected) in [(clerk.id, None), (clerk.id, missing), (NOBODY, missing)] {
            assert_eq!(reason(group_member_remove(ctx, db, tenant, sales, principal).await), expected);
            assert_eq!(reason(group_owner_remove(ctx, db, tenant, sales, principal).await), expected);
        }
        let asked = [clerk.id, NOBODY, app, role, team, foreign.id];
        assert_eq!(of(objects_by_ids(ctx, db, tenant, &asked).await.unwrap()), [clerk.id, app, role, team]);
        assert_eq!(reason(object_find(ctx, db, tenant, foreign.id).await), missing);
    });
}

#[test]
fn who_is_in_a_group_in_a_group_is_in_both() {
    in_a_house(|house| async move {
        let customer = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let (ctx, db, tenant) = (&house.ctx, &house.db, customer.id);
        let clerk = admin(&house, &customer, "clerk", DirectoryRole::UserAdmin).await;
        let (inner, outer) = (group(&house, tenant, "inner").await.id, group(&house, tenant, "outer").await.id);
        group_member_add(ctx, db, tenant, inner, clerk.id).await.unwrap();
        group_member_add(ctx, db, tenant, outer, inner).await.unwrap();
        let names = |transitive| async move {
            let objects = member_of(ctx, db, tenant, clerk.id, transitive).await.unwrap();
            let name = |object: &DirectoryObject| match object {
                DirectoryObject::Group(group) => group.display_name.clone(),
                DirectoryObject::Role(role) => role.role.to_string(),
                other => panic!("{other:?}"),
            };
            let mut names: Vec<String> = objects.iter().map(name).collect();
            names.sort();
            names.join(", ")
        };
        assert_eq!(names(false).await, "User Administrator, inner");
        assert_eq!(names(true).await, "User Administrator, inner, outer");
        group_delete(ctx, db, tenant, inner).await.unwrap();
        assert_eq!(names(true).await, "User Administrator");
        assert_eq!(reason(member_of(ctx, db, tenant, NOBODY, true).await), Some(Reason::ObjectNotFound));
    });
}

#[test]
fn whoever_manages_groups_does_not_thereby_make_agents() {
    in_a_house(|house| async move {
        let partner = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let (db, tenant) = (&house.db, partner.id);
        let clerk = user(&house, &partner, "clerk").await;
        let sales = group(&house, tenant, "Sales").await.id;
        let agents = agents(&house, tenant, "AdminAgents").await.id;
        let here = (tenant, TenantKind::Partner);
        let (ok, no) = (None, Some(Reason::Forbidden));
        for (role, ordinary, agent) in [
            (None, no, no),
            (Some(DirectoryRole::HelpdeskAdmin), no, no),
            (Some(DirectoryRole::GroupsAdmin), ok, no),
            (Some(DirectoryRole::GlobalAdmin), ok, ok),
        ] {
            let ctx = by_user(&house, here, &clerk, &role.into_iter().collect::<Vec<_>>());
            for (group, expected) in [(sales, ordinary), (agents, agent)] {
                let added = group_member_add(&ctx, db, tenant, group, clerk.id).await;
                assert_eq!(reason(added), expected, "{role:?}");
                if expected.is_none() {
                    group_member_remove(&ctx, db, tenant, group, clerk.id).await.unwrap();
                }
            }
        }
    });
}

#[test]
fn a_partners_group_is_known_where_the_partner_has_a_relationship() {
    in_a_house(|house| async move {
        let partner = house.create(TenantKind::Partner, "contoso").await.unwrap().id;
        let customer = house.create(TenantKind::Customer, "northwind").await.unwrap().id;
        let stranger = house.create(TenantKind::Customer, "fabrikam").await.unwrap().id;
        let mut tx = house.begin().await;
        contract_begin(&house.ctx, &mut tx, partner, customer).await.unwrap();
        tx.commit().await.unwrap();
        let (agents, own) = (agents(&house, partner, "AdminAgents").await.id, group(&house, partner, "Own").await.id);
        let foreign = group(&house, stranger, "Foreign").await.id;
        for (tenant, expected) in [
            (customer, "Foreign Principal for 'contoso' in role 'AdminAgents', Foreign Principal for 'contoso'"),
            (stranger, "Foreign"),
            (partner, "AdminAgents, Own"),
        ] {
            let found = objects_by_ids(&house.ctx, &house.db, tenant, &[agents, own, foreign]).await.unwrap();
            let name = |object: &DirectoryObject| match object {
                DirectoryObject::Group(group) => group.display_name.clone(),
                DirectoryObject::PartnerReference { display_name, .. } => display_name.clone(),
                other => panic!("{other:?}"),
            };
            assert_eq!(found.iter().map(name).collect::<Vec<_>>().join(", "), expected);
        }
        // A reference is no member: rights of a partner come by the relationship.
        let team = group(&house, customer, "Team").await.id;
        let added = group_member_add(&house.ctx, &house.db, customer, team, agents).await;
        assert_eq!(reason(added), Some(Reason::ObjectNotFound));
    });
}
