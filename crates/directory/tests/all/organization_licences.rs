//! Licences: units come with subscriptions, nobody gets one that is not there, and what is short is seen.

use crate::house::{House, in_a_house};
use crate::organization_desk::{app_of, customer, person, product, put, seats, sku, subscription, user};
use std::collections::BTreeSet;
use tenantry_core::{DirectoryRole, ObjectId, Problem, Reason, TenantId};
use tenantry_directory::{
    LicencePath, NewGroup, Shortage, User, UserChange, group_create, group_licences_assign, group_licences_of,
    group_member_add, group_member_remove, licences_assign, licences_of, licences_of_users, subscribed_skus,
    user_change, user_delete, user_restore,
};
use uuid::Uuid;

const E3: &str = "ENTERPRISEPACK";
const PREMIUM: &str = "O365_BUSINESS_PREMIUM";

/// What a tenant has: part number, state, consumed of enabled, suspended, warning.
async fn owned(house: &House, tenant: TenantId) -> Vec<String> {
    let skus = subscribed_skus(&house.ctx, &house.db, tenant).await.unwrap();
    let shown = skus.iter().map(|sku| {
        let state = sku.capability.name();
        let numbers = format!("{}/{} s{} w{}", sku.consumed, sku.enabled, sku.suspended, sku.warning);
        format!("{} {state} {numbers}", sku.product.part_number)
    });
    shown.collect()
}

async fn give(house: &House, user: &User, part: &str) -> Result<User, Problem> {
    let add = vec![(sku(part), BTreeSet::new())];
    licences_assign(&house.ctx, &house.db, user.tenant, user.id, add, Vec::new()).await
}

async fn take(house: &House, user: &User, part: &str) -> Result<User, Problem> {
    licences_assign(&house.ctx, &house.db, user.tenant, user.id, Vec::new(), vec![sku(part)]).await
}

#[test]
fn units_follow_the_subscriptions() {
    in_a_house(|house| async move {
        let tenant = customer(&house, "northwind").await.id;
        for (number, units, expected) in [
            (1, seats(E3, 5, true), vec!["ENTERPRISEPACK Enabled 0/5 s0 w0"]),
            (2, seats(E3, 2, true), vec!["ENTERPRISEPACK Enabled 0/7 s0 w0"]),
            (1, seats(E3, 3, true), vec!["ENTERPRISEPACK Enabled 0/5 s0 w0"]),
            (1, seats(E3, 3, false), vec!["ENTERPRISEPACK Enabled 0/2 s3 w0"]),
            (2, seats(E3, 2, false), vec!["ENTERPRISEPACK Suspended 0/0 s5 w0"]),
            (
                1,
                seats(PREMIUM, 9, true),
                vec!["ENTERPRISEPACK Suspended 0/0 s2 w0", "O365_BUSINESS_PREMIUM Enabled 0/9 s0 w0"],
            ),
            (2, None, vec!["O365_BUSINESS_PREMIUM Enabled 0/9 s0 w0"]),
            (1, None, vec![]),
        ] {
            put(&house, tenant, number, units).await;
            assert_eq!(owned(&house, tenant).await, expected);
        }
        put(&house, tenant, 1, seats(E3, 1, true)).await;
        let skus = subscribed_skus(&house.ctx, &house.db, tenant).await.unwrap();
        assert_eq!(skus[0].subscriptions, [subscription(1)]);
        assert_eq!(skus[0].product.plans.len(), 16);
    });
}

#[test]
fn a_licence_is_given_while_one_is_left() {
    in_a_house(|house| async move {
        let tenant = customer(&house, "northwind").await;
        let (clerk, operator) =
            (user(&house, &tenant, "clerk", Some("DE")).await, user(&house, &tenant, "operator", Some("DE")).await);
        put(&house, tenant.id, 1, seats(E3, 1, true)).await;
        assert_eq!(give(&house, &clerk, E3).await.unwrap(), clerk);
        let refused = give(&house, &operator, E3).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::LicencesExhausted);
        assert!(refused.message().contains("1 of 1 are in use"), "{refused:?}");

        // The same again takes no other unit, and changes the plans.
        let plan = product(E3).plans[3].id;
        let add = vec![(sku(E3), BTreeSet::from([plan]))];
        licences_assign(&house.ctx, &house.db, tenant.id, clerk.id, add, Vec::new()).await.unwrap();
        let held = licences_of(&house.ctx, &house.db, tenant.id, clerk.id).await.unwrap();
        assert_eq!((held.len(), held[0].paths.as_slice()), (1, [LicencePath::Direct].as_slice()));
        assert_eq!(held[0].plans().count(), 15);
        assert!(held[0].plans().all(|has| has.id != plan));

        take(&house, &clerk, E3).await.unwrap();
        assert!(give(&house, &operator, E3).await.is_ok(), "what was taken is free");
        assert!(licences_of(&house.ctx, &house.db, tenant.id, clerk.id).await.unwrap().is_empty());
        // One request frees what it takes before it gives.
        put(&house, tenant.id, 2, seats(PREMIUM, 1, true)).await;
        let add = vec![(sku(PREMIUM), BTreeSet::new())];
        licences_assign(&house.ctx, &house.db, tenant.id, operator.id, add, vec![sku(E3)]).await.unwrap();
        assert_eq!(
            owned(&house, tenant.id).await,
            ["ENTERPRISEPACK Enabled 0/1 s0 w0", "O365_BUSINESS_PREMIUM Enabled 1/1 s0 w0"]
        );
    });
}

#[test]
fn what_cannot_be_assigned_is_refused_and_nothing_is_half_done() {
    in_a_house(|house| async move {
        let tenant = customer(&house, "northwind").await;
        let (clerk, nowhere) =
            (user(&house, &tenant, "clerk", Some("DE")).await, user(&house, &tenant, "operator", None).await);
        put(&house, tenant.id, 1, seats(E3, 5, true)).await;
        put(&house, tenant.id, 2, seats(PREMIUM, 5, false)).await;
        let stranger = ObjectId::new(Uuid::from_u128(9));
        let whole = |part: &str| (sku(part), BTreeSet::new());
        let without = |part: &str, plan: Uuid| (sku(part), BTreeSet::from([plan]));
        let foreign_plan = product("SPE_E5").plans[0].id;
        for (user, add, remove, reason) in [
            (clerk.id, vec![whole("STANDARDPACK")], vec![], Reason::SkuNotFound),
            (clerk.id, vec![(Uuid::from_u128(1), BTreeSet::new())], vec![], Reason::SkuNotFound),
            (clerk.id, vec![whole(E3), whole(PREMIUM)], vec![], Reason::LicencesExhausted),
            (clerk.id, vec![without(E3, foreign_plan)], vec![], Reason::InvalidField),
            (clerk.id, vec![whole(E3), whole(E3)], vec![], Reason::InvalidField),
            (clerk.id, vec![whole(E3)], vec![sku(E3)], Reason::InvalidField),
            (clerk.id, vec![whole(E3)], vec![sku(PREMIUM)], Reason::InvalidField),
            (nowhere.id, vec![whole(E3)], vec![], Reason::UsageLocationMissing),
            (stranger, vec![whole(E3)], vec![], Reason::UserNotFound),
        ] {
            let shown = format!("{add:?} {remove:?}");
            let outcome = licences_assign(&house.ctx, &house.db, tenant.id, user, add, remove).await;
            assert_eq!(outcome.unwrap_err().reason(), reason, "{shown}");
        }
        assert!(licences_of_users(&house.ctx, &house.db, tenant.id).await.unwrap().is_empty());

        let other = customer(&house, "tailspin").await;
        for (ctx, reason) in [
            (person(&house, &tenant, &[DirectoryRole::HelpdeskAdmin]), Reason::Forbidden),
            (app_of(&house, &tenant), Reason::Forbidden),
            (person(&house, &other, &[DirectoryRole::GlobalAdmin]), Reason::TenantNotFound),
        ] {
            let outcome = licences_assign(&ctx, &house.db, tenant.id, clerk.id, vec![whole(E3)], vec![]).await;
            assert_eq!(outcome.unwrap_err().reason(), reason);
        }
        let licences = person(&house, &tenant, &[DirectoryRole::LicenceAdmin]);
        assert!(licences_assign(&licences, &house.db, tenant.id, clerk.id, vec![whole(E3)], vec![]).await.is_ok());
    });
}

#[test]
fn of_many_who_ask_at_once_as_many_get_one_as_there_are() {
    in_a_house(|house| async move {
        let tenant = customer(&house, "northwind").await;
        put(&house, tenant.id, 1, seats(E3, 2, true)).await;
        let mut users = Vec::new();
        for name in ["clerk", "operator", "guest", "driver", "cashier"] {
            users.push(user(&house, &tenant, name, Some("DE")).await);
        }
        let [a, b, c, d, e] = &users[..] else { unreachable!() };
        let (a, b, c, d, e) = tokio::join!(
            give(&house, a, E3),
            give(&house, b, E3),
            give(&house, c, E3),
            give(&house, d, E3),
            give(&house, e, E3)
        );
        let outcomes = [a, b, c, d, e].map(|outcome| outcome.map(drop).map_err(|problem| problem.reason()));
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 2, "{outcomes:?}");
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(()) | Err(Reason::LicencesExhausted))));
        assert_eq!(owned(&house, tenant.id).await, ["ENTERPRISEPACK Enabled 2/2 s0 w0"]);
    });
}

#[test]
fn seats_taken_away_take_nobodys_licence_and_give_no_other() {
    in_a_house(|house| async move {
        let tenant = customer(&house, "northwind").await;
        put(&house, tenant.id, 1, seats(E3, 3, true)).await;
        let mut users = Vec::new();
        for name in ["clerk", "operator", "guest"] {
            users.push(user(&house, &tenant, name, Some("DE")).await);
            give(&house, &users[users.len() - 1], E3).await.unwrap();
        }
        put(&house, tenant.id, 1, seats(E3, 1, true)).await;
        assert_eq!(owned(&house, tenant.id).await, ["ENTERPRISEPACK Warning 3/1 s0 w2"]);
        take(&house, &users[0], E3).await.unwrap();
        assert_eq!(give(&house, &users[0], E3).await.unwrap_err().reason(), Reason::LicencesExhausted);
        put(&house, tenant.id, 1, seats(E3, 1, false)).await;
        assert_eq!(owned(&house, tenant.id).await, ["ENTERPRISEPACK Suspended 2/0 s1 w0"]);
        put(&house, tenant.id, 1, None).await;
        assert!(licences_of(&house.ctx, &house.db, tenant.id, users[1].id).await.unwrap().is_empty(), "gone with it");
    });
}

#[test]
fn deleting_a_user_frees_its_licences() {
    in_a_house(|house| async move {
        let tenant = customer(&house, "northwind").await;
        put(&house, tenant.id, 1, seats(E3, 1, true)).await;
        let (clerk, operator) =
            (user(&house, &tenant, "clerk", Some("DE")).await, user(&house, &tenant, "operator", Some("DE")).await);
        give(&house, &clerk, E3).await.unwrap();
        user_delete(&house.ctx, &house.db, tenant.id, clerk.id).await.unwrap();
        assert_eq!(owned(&house, tenant.id).await, ["ENTERPRISEPACK Enabled 0/1 s0 w0"]);
        assert_eq!(give(&house, &clerk, E3).await.unwrap_err().reason(), Reason::UserNotFound);
        give(&house, &operator, E3).await.unwrap();
        user_restore(&house.ctx, &house.db, tenant.id, clerk.id).await.unwrap();
        assert!(licences_of(&house.ctx, &house.db, tenant.id, clerk.id).await.unwrap().is_empty(), "back without");
    });
}

#[test]
fn members_of_a_group_have_its_licences_as_far_as_they_go() {
    in_a_house(|house| async move {
        let (ctx, db) = (&house.ctx, &house.db);
        let tenant = customer(&house, "northwind").await.id;
        let home = tenantry_directory::tenant_find(db, "northwind.example.test").await.unwrap().unwrap();
        let new = NewGroup {
            display_name: "Staff".into(),
            mail_nickname: "staff".into(),
            description: None,
            mail_enabled: false,
            security_enabled: true,
        };
        let group = group_create(ctx, db, tenant, new).await.unwrap().id;
        let (clerk, operator) =
            (user(&house, &home, "clerk", Some("DE")).await, user(&house, &home, "operator", Some("DE")).await);
        let nowhere = user(&house, &home, "guest", None).await;
        put(&house, tenant, 1, seats(E3, 1, true)).await;
        // Clerk is in before, the others come after; clerk has one already, and needs no second unit.
        give(&house, &clerk, E3).await.unwrap();
        group_member_add(ctx, db, tenant, group, clerk.id).await.unwrap();
        group_licences_assign(ctx, db, tenant, group, vec![(sku(E3), BTreeSet::new())], vec![]).await.unwrap();
        for user in [&operator, &nowhere] {
            group_member_add(ctx, db, tenant, group, user.id).await.unwrap();
        }
        let read = async || group_licences_of(ctx, db, tenant, group).await.unwrap().remove(0);
        let mut short = vec![(operator.id, Shortage::NoUnits), (nowhere.id, Shortage::NoUsageLocation)];
        short.sort_by_key(|(id, _)| *id);
        assert_eq!((read().await.holders, read().await.short), (vec![clerk.id], short));
        assert_eq!(owned(&house, tenant).await, ["ENTERPRISEPACK Enabled 1/1 s0 w0"]);
        // What comes by a group is not taken from the user.
        take(&house, &clerk, E3).await.unwrap();
        assert_eq!(take(&house, &clerk, E3).await.unwrap_err().reason(), Reason::InvalidField);
        assert_eq!(owned(&house, tenant).await, ["ENTERPRISEPACK Enabled 1/1 s0 w0"]);
        // More seats, and operator has one too.
        put(&house, tenant, 1, seats(E3, 2, true)).await;
        assert_eq!(read().await.short, [(nowhere.id, Shortage::NoUsageLocation)]);
        // Who leaves, loses.
        group_member_remove(ctx, db, tenant, group, clerk.id).await.unwrap();
        assert_eq!(read().await.holders, [operator.id]);
        assert!(licences_of(ctx, db, tenant, clerk.id).await.unwrap().is_empty());
        let left = group_licences_assign(ctx, db, tenant, group, vec![], vec![sku(E3)]).await.unwrap();
        assert!(left.is_empty());
        assert_eq!(owned(&house, tenant).await, ["ENTERPRISEPACK Enabled 0/2 s0 w0"]);
    });
}

/// A group of a tenant that gives a product.
async fn giving(house: &House, tenant: TenantId, name: &str, part: &str) -> ObjectId {
    let new = NewGroup {
        display_name: name.into(),
        mail_nickname: name.into(),
        description: None,
        mail_enabled: false,
        security_enabled: true,
    };
    let group = group_create(&house.ctx, &house.db, tenant, new).await.unwrap().id;
    let add = vec![(sku(part), BTreeSet::new())];
    group_licences_assign(&house.ctx, &house.db, tenant, group, add, vec![]).await.unwrap();
    group
}

#[test]
fn a_unit_that_comes_free_goes_to_a_member_who_waits_for_one() {
    in_a_house(|house| async move {
        let (ctx, db, tenant) = (&house.ctx, &house.db, customer(&house, "northwind").await);
        put(&house, tenant.id, 1, seats(E3, 1, true)).await;
        let (staff, other) =
            (giving(&house, tenant.id, "staff", E3).await, giving(&house, tenant.id, "others", E3).await);
        let waiting = user(&house, &tenant, "operator", Some("DE")).await;
        let clerk = user(&house, &tenant, "clerk", Some("DE")).await;
        let member = async |group, who: &User, is: bool| match is {
            true => group_member_add(ctx, db, tenant.id, group, who.id).await.unwrap(),
            false => group_member_remove(ctx, db, tenant.id, group, who.id).await.unwrap(),
        };
        let has = async |who: &User, expected: &[LicencePath], when: &str| {
            let held = licences_of(ctx, db, tenant.id, who.id).await.unwrap();
            let paths: BTreeSet<_> = held.into_iter().flat_map(|held| held.paths).collect();
            assert_eq!(paths, expected.iter().copied().collect(), "{when}");
        };
        give(&house, &clerk, E3).await.unwrap();
        member(staff, &waiting, true).await;
        has(&waiting, &[], "all are in use").await;
        take(&house, &clerk, E3).await.unwrap();
        has(&waiting, &[LicencePath::Group(staff)], "taken from a person").await;

        member(staff, &clerk, true).await;
        has(&clerk, &[], "all are in use again").await;
        member(staff, &waiting, false).await;
        has(&clerk, &[LicencePath::Group(staff)], "somebody left the group").await;
        give(&house, &clerk, E3).await.unwrap();
        member(other, &clerk, true).await;
        let all = [LicencePath::Direct, LicencePath::Group(staff), LicencePath::Group(other)];
        has(&clerk, &all, "one unit by three paths").await;
        member(other, &waiting, true).await;
        user_delete(ctx, db, tenant.id, clerk.id).await.unwrap();
        has(&waiting, &[LicencePath::Group(other)], "somebody was deleted").await;
        user_restore(ctx, db, tenant.id, clerk.id).await.unwrap();
        has(&clerk, &[], "back, and none is left").await;
        tenantry_directory::group_delete(ctx, db, tenant.id, other).await.unwrap();
        has(&clerk, &[LicencePath::Group(staff)], "a group is gone").await;
        has(&waiting, &[], "with what it gave").await;
    });
}

#[test]
fn a_licence_given_to_a_person_counts_for_its_group_too() {
    in_a_house(|house| async move {
        let (ctx, db, tenant) = (&house.ctx, &house.db, customer(&house, "northwind").await);
        put(&house, tenant.id, 1, seats(E3, 0, true)).await;
        let staff = giving(&house, tenant.id, "staff", E3).await;
        let clerk = user(&house, &tenant, "clerk", Some("DE")).await;
        group_member_add(ctx, db, tenant.id, staff, clerk.id).await.unwrap();
        let read = async || group_licences_of(ctx, db, tenant.id, staff).await.unwrap().remove(0);
        assert_eq!(read().await.short, [(clerk.id, Shortage::NoUnits)]);
        put(&house, tenant.id, 2, seats(E3, 1, true)).await;
        assert_eq!(read().await.holders, [clerk.id]);
        let plan = product(E3).plans[3].id;
        let less = vec![(sku(E3), BTreeSet::from([plan]))];
        group_licences_assign(ctx, db, tenant.id, staff, less, vec![]).await.unwrap();
        let held = licences_of(ctx, db, tenant.id, clerk.id).await.unwrap();
        assert_eq!(held[0].disabled_plans, BTreeSet::from([plan]), "other plans reach who has it");
    });
}

#[test]
fn what_touches_one_person_looks_at_nobody_else() {
    in_a_house(|house| async move {
        let (ctx, db, tenant) = (&house.ctx, &house.db, customer(&house, "northwind").await);
        put(&house, tenant.id, 1, seats(E3, 9, true)).await;
        let staff = giving(&house, tenant.id, "staff", E3).await;
        let (clerk, stranger) =
            (user(&house, &tenant, "clerk", Some("DE")).await, user(&house, &tenant, "guest", Some("DE")).await);
        group_member_add(ctx, db, tenant.id, staff, clerk.id).await.unwrap();
        // Somebody whose membership no act has looked at: the trace an act would leave if it read the whole group.
        let mut tx = house.begin().await;
        tenantry_db::sql("INSERT INTO group_member (group_id, principal, tenant, created_at) VALUES ($1, $2, $3, $4)")
            .bind(staff)
            .bind(stranger.id)
            .bind(tenant.id)
            .bind(ctx.now())
            .run(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let change = |enabled| UserChange { enabled: Some(enabled), ..UserChange::default() };
        user_change(ctx, db, tenant.id, clerk.id, change(false)).await.unwrap();
        let third = user(&house, &tenant, "operator", Some("DE")).await;
        group_member_add(ctx, db, tenant.id, staff, third.id).await.unwrap();
        let held = licences_of(ctx, db, tenant.id, stranger.id).await.unwrap();
        assert!(held.is_empty(), "nobody looked");
        user_change(ctx, db, tenant.id, stranger.id, change(false)).await.unwrap();
        assert_eq!(licences_of(ctx, db, tenant.id, stranger.id).await.unwrap().len(), 1, "until it is touched itself");
    });
}
