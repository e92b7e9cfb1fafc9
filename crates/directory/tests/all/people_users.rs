//! Users: how they are made, changed, deleted and restored, and who may do it.

use crate::house::{House, in_a_house};
use crate::people_house::{GOOD, NOBODY, OTHER, admin, by_user, new_user, reason, secret, told, user};
use tenantry_core::{Caller, DirectoryRole, OpContext, Reason, TenantKind, Timestamp};
use tenantry_db::job;
use tenantry_directory::{
    NewUser, Profile, ProfileChange, UserChange, UserKind, directory_role_member_remove, user_change, user_create,
    user_delete, user_direct_reports, user_erase, user_erase_due, user_find, user_manager, user_manager_set, user_page,
    user_password_reset, user_restore, user_sign_ins_revoke,
};

#[test]
fn a_user_has_a_free_name_in_a_verified_domain_and_a_good_password() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let other = house.create(TenantKind::Partner, "contoso").await.unwrap();
        user(&house, &tenant, "taken").await;
        let new = |name: &str| new_user(name);
        let with = |password: &str| NewUser { password: secret(password), ..new("clerk@northwind.example.test") };
        for (wanted, expected) in [
            (new("taken@northwind.example.test"), Some(Reason::UserNameTaken)),
            (new("TAKEN@Northwind.Example.Test"), Some(Reason::UserNameTaken)),
            (new("clerk@contoso.example.test"), Some(Reason::DomainNotVerified)),
            (new("clerk@nowhere.test"), Some(Reason::DomainNotVerified)),
            (new("clerk"), Some(Reason::InvalidField)),
            (new(" "), Some(Reason::MissingField)),
            (
                NewUser { profile: Profile::named("", "clerk"), ..new("clerk@northwind.example.test") },
                Some(Reason::MissingField),
            ),
            (with("short"), Some(Reason::PasswordRefused)),
            (with("northwind-lower"), Some(Reason::PasswordRefused)),
            (with("The-Clerk-Password-1"), Some(Reason::PasswordRefused)),
            (new("Clerk@Northwind.example.test"), None),
        ] {
            let name = wanted.name.clone();
            let made = user_create(&house.ctx, &house.db, tenant.id, wanted).await;
            assert_eq!(reason(made), expected, "{name}");
        }
        // The same name in another tenant's domain is another name.
        user(&house, &other, "taken").await;
        let refused = user_create(&house.ctx, &house.db, NOBODY_TENANT, new("x@northwind.example.test")).await;
        assert_eq!(reason(refused), Some(Reason::TenantNotFound));
    });
}

const NOBODY_TENANT: tenantry_core::TenantId = tenantry_core::TenantId::new(NOBODY.guid());

#[test]
fn a_user_is_found_as_it_was_made_by_id_and_name() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let stranger = house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        let made = user(&house, &tenant, "Clerk").await;
        assert_eq!(
            (made.name.as_str(), made.kind, made.enabled),
            ("Clerk@northwind.example.test", UserKind::Member, true)
        );
        assert_eq!((made.created_at, made.tokens_valid_from), (house.ctx.now(), house.ctx.now()));
        for (within, name, found) in [
            (&tenant, made.id.to_string(), true),
            (&tenant, made.id.to_string().to_uppercase(), true),
            (&tenant, " cLERK@northwind.example.TEST".to_owned(), true),
            (&tenant, "operator@northwind.example.test".to_owned(), false),
            (&stranger, made.id.to_string(), false),
            (&stranger, made.name.clone(), false),
        ] {
            let seen = user_find(&house.ctx, &house.db, within.id, &name).await;
            let expected = if found { Ok(&made) } else { Err(Reason::UserNotFound) };
            assert_eq!(seen.as_ref().map_err(|problem| problem.reason()), expected, "{name}");
        }
    });
}

#[test]
fn pages_go_by_id_and_leave_nobody_out() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let mut made = Vec::new();
        for prefix in ["clerk", "operator", "cashier", "driver", "guest"] {
            made.push(user(&house, &tenant, prefix).await);
        }
        user_delete(&house.ctx, &house.db, tenant.id, made.remove(2).id).await.unwrap();
        made.sort_by_key(|user| user.id);
        for size in [1, 2, 3, 4, 1000] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = user_page(&house.ctx, &house.db, tenant.id, false, after, size).await.unwrap();
                assert!(page.len() <= size);
                let Some(last) = page.last() else { break };
                after = Some(last.id);
                seen.extend(page);
            }
            assert_eq!(seen, made, "{size}");
        }
        assert_eq!(user_page(&house.ctx, &house.db, tenant.id, true, None, 10).await.unwrap().len(), 1);
    });
}

#[test]
fn a_change_touches_what_it_names() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let made = user(&house, &tenant, "clerk").await;
        user(&house, &tenant, "operator").await;
        let change = |change: UserChange| user_change(&house.ctx, &house.db, tenant.id, made.id, change);
        let named = |name: &str| UserChange { name: Some(name.to_owned()), ..UserChange::default() };
        let located = |location: Option<&str>| UserChange {
            profile: ProfileChange { usage_location: Some(location.map(str::to_owned)), ..ProfileChange::default() },
            ..UserChange::default()
        };
        for (wanted, expected) in [
            (named("operator@northwind.example.test"), Some(Reason::UserNameTaken)),
            (named("clerk@fabrikam.example.test"), Some(Reason::DomainNotVerified)),
            (located(Some("Germany")), Some(Reason::InvalidField)),
            (named("Clerk.L@northwind.example.test"), None),
            (located(Some("de")), None),
            (UserChange { enabled: Some(false), kind: Some(UserKind::Guest), ..UserChange::default() }, None),
        ] {
            let shown = format!("{wanted:?}");
            assert_eq!(reason(change(wanted).await), expected, "{shown}");
        }
        let seen = user_find(&house.ctx, &house.db, tenant.id, "clerk.l@northwind.example.test").await.unwrap();
        let mut expected = made.clone();
        expected.name = "Clerk.L@northwind.example.test".to_owned();
        expected.profile.usage_location = Some("DE".to_owned());
        (expected.enabled, expected.kind) = (false, UserKind::Guest);
        // Switching off ended what was signed in, by the smallest step, as the clock stands still.
        expected.tokens_valid_from = Timestamp::from_micros(made.tokens_valid_from.micros() + 1);
        assert_eq!(seen, expected);
        assert_eq!(change(located(None)).await.unwrap().profile.usage_location, None);
        let missing = user_change(&house.ctx, &house.db, tenant.id, NOBODY, UserChange::default()).await;
        assert_eq!(reason(missing), Some(Reason::UserNotFound));
    });
}

#[test]
fn switching_off_and_revoking_end_what_was_signed_in() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let made = user(&house, &tenant, "clerk").await;
        let valid_from = || async {
            user_find(&house.ctx, &house.db, tenant.id, &made.name).await.unwrap().tokens_valid_from.to_string()
        };
        house.advance("2026-01-11T00:00:00Z");
        let off = UserChange { enabled: Some(false), ..UserChange::default() };
        let epoch = house.db.access_epoch();
        user_change(&house.ctx, &house.db, tenant.id, made.id, off).await.unwrap();
        assert_eq!(valid_from().await, "2026-01-11T00:00:00Z");
        assert!(house.db.access_epoch() > epoch, "what is remembered of the user is forgotten");
        house.advance("2026-01-12T00:00:00Z");
        user_sign_ins_revoke(&house.ctx, &house.db, tenant.id, made.id).await.unwrap();
        assert_eq!(valid_from().await, "2026-01-12T00:00:00Z");
        // Also while the clock stands still, each of them ends what is there.
        user_sign_ins_revoke(&house.ctx, &house.db, tenant.id, made.id).await.unwrap();
        assert_eq!(valid_from().await, "2026-01-12T00:00:00.000001Z");
        user_password_reset(&house.ctx, &house.db, tenant.id, made.id, secret(OTHER), true).await.unwrap();
        assert_eq!(valid_from().await, "2026-01-12T00:00:00.000002Z");
        house.advance("2026-01-13T00:00:00Z");
        user_password_reset(&house.ctx, &house.db, tenant.id, made.id, secret(OTHER), true).await.unwrap();
        assert_eq!(valid_from().await, "2026-01-13T00:00:00Z");
        let seen = user_find(&house.ctx, &house.db, tenant.id, &made.name).await.unwrap();
        assert!(seen.password_change_due);
    });
}

#[test]
fn a_deleted_user_can_be_restored_for_thirty_days() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let (clerk, operator) = (user(&house, &tenant, "clerk").await, user(&house, &tenant, "operator").await);
        let (ctx, db) = (&house.ctx, &house.db);
        user_delete(ctx, db, tenant.id, clerk.id).await.unwrap();
        assert_eq!(reason(user_delete(ctx, db, tenant.id, clerk.id).await), Some(Reason::UserNotFound));
        assert_eq!(reason(user_find(ctx, db, tenant.id, &clerk.name).await), Some(Reason::UserNotFound));
        let kept = user_find(ctx, db, tenant.id, &clerk.id.to_string()).await.unwrap();
        assert_eq!(kept.deleted_at, Some(ctx.now()));
        assert_eq!(reason(user_restore(ctx, db, tenant.id, operator.id).await), Some(Reason::UserNotFound));
        assert_eq!(reason(user_erase(ctx, db, tenant.id, operator.id).await), Some(Reason::UserNotFound));

        // The name is free meanwhile; then there is no way back to it.
        let successor = user(&house, &tenant, "clerk").await;
        assert_eq!(reason(user_restore(ctx, db, tenant.id, clerk.id).await), Some(Reason::UserNameTaken));
        user_delete(ctx, db, tenant.id, successor.id).await.unwrap();
        user_erase(ctx, db, tenant.id, successor.id).await.unwrap();
        let restored = user_restore(ctx, db, tenant.id, clerk.id).await.unwrap();
        assert_eq!((restored.deleted_at, restored.name), (None, clerk.name.clone()));

        // The job of the first deletion finds nothing to do; that of the second does.
        house.advance("2026-01-20T00:00:00Z");
        user_delete(ctx, db, tenant.id, clerk.id).await.unwrap();
        for (at, found) in [
            ("2026-02-09T15:59:59Z", true),
            ("2026-02-09T16:00:00Z", true),
            ("2026-02-18T23:59:59Z", true),
            ("2026-02-19T00:00:00Z", false),
        ] {
            house.advance(at);
            while let Some(job) = job::next_due(db, ctx.now()).await.unwrap() {
                user_erase_due(ctx, db, &job).await.unwrap();
                let again = user_erase_due(ctx, db, &job).await;
                assert_eq!(again.map_err(|problem| problem.reason()), Err(Reason::WorldBusy), "done already");
            }
            let seen = user_find(ctx, db, tenant.id, &clerk.id.to_string()).await;
            assert_eq!(seen.is_ok(), found, "{at}");
        }
        assert!(user_find(ctx, db, tenant.id, &operator.name).await.is_ok());
    });
}

#[test]
fn a_tenant_keeps_somebody_who_can_administer_it() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let (ctx, db) = (&house.ctx, &house.db);
        let clerk = admin(&house, &tenant, "clerk", DirectoryRole::GlobalAdmin).await;
        let operator = admin(&house, &tenant, "operator", DirectoryRole::GlobalAdmin).await;
        let off = || UserChange { enabled: Some(false), ..UserChange::default() };
        let on = || UserChange { enabled: Some(true), ..UserChange::default() };

        user_change(ctx, db, tenant.id, operator.id, off()).await.unwrap();
        let check = |expected: Option<Reason>| {
            let (house, tenant, clerk) = (&house, &tenant, &clerk);
            async move {
                let (ctx, db) = (&house.ctx, &house.db);
                let outcomes = [
                    reason(user_delete(ctx, db, tenant.id, clerk.id).await),
                    reason(user_change(ctx, db, tenant.id, clerk.id, off()).await),
                    reason(
                        directory_role_member_remove(ctx, db, tenant.id, DirectoryRole::GlobalAdmin, clerk.id).await,
                    ),
                ];
                assert_eq!(outcomes, [expected; 3]);
            }
        };
        check(Some(Reason::LastGlobalAdmin)).await;
        // One who is deleted does not count either, and one who is back does.
        user_change(ctx, db, tenant.id, operator.id, on()).await.unwrap();
        user_delete(ctx, db, tenant.id, operator.id).await.unwrap();
        check(Some(Reason::LastGlobalAdmin)).await;
        user_restore(ctx, db, tenant.id, operator.id).await.unwrap();
        user_delete(ctx, db, tenant.id, clerk.id).await.unwrap();
        user_restore(ctx, db, tenant.id, clerk.id).await.unwrap();
        directory_role_member_remove(ctx, db, tenant.id, DirectoryRole::GlobalAdmin, operator.id).await.unwrap();
        check(Some(Reason::LastGlobalAdmin)).await;
    });
}

#[test]
fn of_two_administrators_who_remove_each_other_one_stays() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let clerk = admin(&house, &tenant, "clerk", DirectoryRole::GlobalAdmin).await;
        let operator = admin(&house, &tenant, "operator", DirectoryRole::GlobalAdmin).await;
        let (one, other) = tokio::join!(
            user_delete(&house.ctx, &house.db, tenant.id, clerk.id),
            directory_role_member_remove(&house.ctx, &house.db, tenant.id, DirectoryRole::GlobalAdmin, operator.id),
        );
        assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
        assert_eq!(reason(one).or(reason(other)), Some(Reason::LastGlobalAdmin));
    });
}

#[test]
fn a_manager_is_a_user_of_the_tenant() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let stranger = house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        let (clerk, operator) = (user(&house, &tenant, "clerk").await, user(&house, &tenant, "operator").await);
        let foreign = user(&house, &stranger, "clerk").await;
        let (ctx, db) = (&house.ctx, &house.db);
        for (id, manager, expected) in [
            (clerk.id, Some(clerk.id), Some(Reason::InvalidField)),
            (clerk.id, Some(foreign.id), Some(Reason::UserNotFound)),
            (foreign.id, Some(clerk.id), Some(Reason::UserNotFound)),
            (clerk.id, None, None),
            (clerk.id, Some(operator.id), None),
        ] {
            assert_eq!(reason(user_manager_set(ctx, db, tenant.id, id, manager).await), expected, "{id} {manager:?}");
        }
        assert_eq!(user_manager(ctx, db, tenant.id, clerk.id).await.unwrap(), Some(operator.clone()));
        assert_eq!(user_direct_reports(ctx, db, tenant.id, operator.id).await.unwrap(), std::slice::from_ref(&clerk));
        user_delete(ctx, db, tenant.id, operator.id).await.unwrap();
        assert_eq!(user_manager(ctx, db, tenant.id, clerk.id).await.unwrap(), None);
    });
}

/// Every act on users by somebody, in the order of the columns below.
async fn acts(house: &House, ctx: &OpContext, target: &tenantry_directory::User, name: &str) -> Vec<String> {
    let (db, tenant) = (&house.db, target.tenant);
    let off_and_on = async {
        let switch = |enabled| UserChange { enabled: Some(enabled), ..UserChange::default() };
        user_change(ctx, db, tenant, target.id, switch(false)).await?;
        user_change(ctx, db, tenant, target.id, switch(true)).await
    };
    let described = UserChange {
        profile: ProfileChange { city: Some(Some("Berlin".to_owned())), ..ProfileChange::default() },
        ..UserChange::default()
    };
    vec![
        told(user_find(ctx, db, tenant, &target.name).await),
        told(user_create(ctx, db, tenant, new_user(name)).await),
        told(user_change(ctx, db, tenant, target.id, described).await),
        told(off_and_on.await),
        told(user_password_reset(ctx, db, tenant, target.id, secret(GOOD), false).await),
        told(user_delete(ctx, db, tenant, target.id).await),
        told(user_restore(ctx, db, tenant, target.id).await),
    ]
}

#[test]
fn who_may_do_what_with_users() {
    in_a_house(|house| async move {
        let kind = TenantKind::Customer;
        let tenant = house.create(kind, "northwind").await.unwrap();
        let stranger = house.create(kind, "fabrikam").await.unwrap();
        let caller = user(&house, &tenant, "caller").await;
        let foreign = user(&house, &stranger, "caller").await;
        let plain = user(&house, &tenant, "plain").await;
        let holder = admin(&house, &tenant, "holder", DirectoryRole::ReportsReader).await;
        let (here, there) = ((tenant.id, kind), (stranger.id, kind));
        let by = |roles: &[DirectoryRole]| by_user(&house, here, &caller, roles);
        let nobody = OpContext { caller: Caller::Nobody, ..house.ctx.clone() };
        let (ok, no, gone) = ("ok", "Forbidden", "UserNotFound");
        #[rustfmt::skip]
        let rows: Vec<(&str, OpContext, &tenantry_directory::User, [&str; 7])> = vec![
            //                                                                    find create change off reset delete restore
            ("nobody", nobody, &plain, ["TokenMissing"; 7]),
            ("a stranger's admin", by_user(&house, there, &foreign, &[DirectoryRole::GlobalAdmin]), &plain, ["TenantNotFound"; 7]),
            ("a member", by(&[]), &plain,                                         [ok, no, no, no, no, no, no]),
            ("a helpdesk admin", by(&[DirectoryRole::HelpdeskAdmin]), &plain,     [ok, no, no, no, ok, no, no]),
            ("a helpdesk admin", by(&[DirectoryRole::HelpdeskAdmin]), &holder,    [ok, no, no, no, no, no, no]),
            ("a user admin", by(&[DirectoryRole::UserAdmin]), &plain,             [ok, ok, ok, ok, ok, ok, ok]),
            ("a user admin", by(&[DirectoryRole::UserAdmin]), &holder,            [ok, ok, ok, no, no, no, gone]),
            ("a global admin", by(&[DirectoryRole::GlobalAdmin]), &holder,        [ok, ok, ok, ok, ok, ok, ok]),
            ("a global admin", by(&[DirectoryRole::GlobalAdmin]), &caller,        [ok, ok, ok, no, ok, no, gone]),
        ];
        for (index, (who, ctx, target, expected)) in rows.into_iter().enumerate() {
            let name = format!("new{index}@northwind.example.test");
            assert_eq!(acts(&house, &ctx, target, &name).await, expected, "{who} on {}", target.name);
        }
    });
}
