//! Passwords and second factors: what is good, what locks, what opens again.

use crate::house::{House, in_a_house};
use crate::people_house::{GOOD, NOBODY, OTHER, by_user, reason, secret, user};
use tenantry_core::{Caller, OpContext, Reason, TenantKind};
use tenantry_db::sql;
use tenantry_directory::{
    ProfileChange, SignInCheck, Tenant, User, UserChange, first_admin_create, first_password_set, own_password_change,
    second_factor_begin, second_factor_check, second_factor_confirm, second_factor_of, second_factor_remove,
    sign_in_check, user_change, user_delete, user_find, user_password_reset, user_sign_ins_revoke,
};

/// What a sign-in comes to, in a word.
async fn tried(house: &House, tenant: Option<&Tenant>, name: &str, password: &str) -> String {
    let tenant = tenant.map(|tenant| tenant.id);
    match sign_in_check(&house.ctx, &house.db, tenant, name, &secret(password)).await.unwrap() {
        SignInCheck::Good(user) => format!("good {}", user.password_change_due),
        SignInCheck::Wrong => "wrong".to_owned(),
        SignInCheck::Unknown => "unknown".to_owned(),
        SignInCheck::Disabled => "disabled".to_owned(),
        SignInCheck::Locked { until } => format!("locked until {until}"),
    }
}

#[test]
fn a_name_and_a_password_are_checked() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let other = house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        let clerk = user(&house, &tenant, "clerk").await;
        let off = user(&house, &tenant, "off").await;
        let gone = user(&house, &tenant, "gone").await;
        let switch = UserChange { enabled: Some(false), ..UserChange::default() };
        user_change(&house.ctx, &house.db, tenant.id, off.id, switch).await.unwrap();
        user_delete(&house.ctx, &house.db, tenant.id, gone.id).await.unwrap();
        let long = "x".repeat(1_000_000);
        for (within, name, password, expected) in [
            (None, clerk.name.as_str(), GOOD, "good false"),
            (Some(&tenant), " CLERK@Northwind.example.test ", GOOD, "good false"),
            (Some(&other), clerk.name.as_str(), GOOD, "unknown"),
            (None, clerk.name.as_str(), "blue-harbour-7", "wrong"),
            (None, clerk.name.as_str(), "", "wrong"),
            (None, clerk.name.as_str(), long.as_str(), "wrong"),
            (None, "operator@northwind.example.test", GOOD, "unknown"),
            (None, "", "", "unknown"),
            (None, off.name.as_str(), GOOD, "disabled"),
            (None, off.name.as_str(), OTHER, "wrong"),
            (None, gone.name.as_str(), GOOD, "unknown"),
        ] {
            assert_eq!(tried(&house, within, name, password).await, expected, "{name}");
        }
    });
}

#[test]
fn only_a_hash_is_kept() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        user(&house, &tenant, "clerk").await;
        user(&house, &tenant, "operator").await;
        let rows = sql("SELECT password FROM directory_user").all(&mut house.db.reader().await.unwrap()).await.unwrap();
        let kept: Vec<String> = rows.iter().map(|row| row.text("password").unwrap()).collect();
        assert!(kept.iter().all(|kept| kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")), "{kept:?}");
        assert_ne!(kept[0], kept[1], "the same password, another salt");
    });
}

#[test]
fn guessing_locks_and_waits_get_longer() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let clerk = user(&house, &tenant, "clerk").await;
        for _ in 0..9 {
            assert_eq!(tried(&house, None, &clerk.name, OTHER).await, "wrong");
        }
        // A good one forgets the nine.
        assert_eq!(tried(&house, None, &clerk.name, GOOD).await, "good false");
        for _ in 0..10 {
            assert_eq!(tried(&house, None, &clerk.name, OTHER).await, "wrong");
        }
        for (at, password, expected) in [
            ("2026-01-10T16:00:00Z", GOOD, "locked until 2026-01-10T16:01:00Z"),
            ("2026-01-10T16:00:59Z", OTHER, "locked until 2026-01-10T16:01:00Z"),
            ("2026-01-10T16:01:00Z", OTHER, "wrong"),
            ("2026-01-10T16:02:59Z", GOOD, "locked until 2026-01-10T16:03:00Z"),
            ("2026-01-10T16:03:00Z", GOOD, "good false"),
            ("2026-01-10T16:03:00Z", OTHER, "wrong"),
            ("2026-01-10T16:03:00Z", GOOD, "good false"),
        ] {
            house.advance(at);
            assert_eq!(tried(&house, None, &clerk.name, password).await, expected, "{at}");
        }
        for _ in 0..10 {
            tried(&house, None, &clerk.name, OTHER).await;
        }
        assert!(tried(&house, None, &clerk.name, GOOD).await.starts_with("locked"));
        user_password_reset(&house.ctx, &house.db, tenant.id, clerk.id, secret(OTHER), false).await.unwrap();
        assert_eq!(tried(&house, None, &clerk.name, OTHER).await, "good false");
    });
}

#[test]
fn guesses_sent_at_once_are_counted_one_by_one() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let clerk = user(&house, &tenant, "clerk").await;
        let tries = (0..8).map(|_| tried(&house, None, &clerk.name, OTHER));
        let mut wrong = 0;
        let tasks: Vec<_> = tries.collect();
        for outcome in join_all(tasks).await {
            wrong += usize::from(outcome == "wrong");
        }
        assert_eq!(wrong, 8);
        let row = sql("SELECT failures FROM directory_user").one(&mut house.db.reader().await.unwrap()).await.unwrap();
        assert_eq!(row.integer("failures").unwrap(), 8);
    });
}

/// Runs them side by side.
async fn join_all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, outcome) in running.iter_mut().filter(|(_, outcome)| outcome.is_none()) {
            if let std::task::Poll::Ready(value) = future.as_mut().poll(context) {
                *outcome = Some(value);
            }
        }
        if running.iter().all(|(_, outcome)| outcome.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    running.into_iter().filter_map(|(_, outcome)| outcome).collect()
}

#[test]
fn the_first_password_is_replaced_at_the_first_sign_in() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let mut tx = house.begin().await;
        let name = "admin@northwind.example.test";
        let made = first_admin_create(&house.ctx, &mut tx, tenant.id, name, &secret(GOOD), true).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(tried(&house, None, name, GOOD).await, "good true");
        for (old, new, expected) in [
            (OTHER, "Another-Word-9", Some("shown as the current one is wrong")),
            (GOOD, GOOD, Some("is the one in use")),
            (GOOD, "weak", Some("has 4 characters")),
            (GOOD, "An-Admin-Word-9", Some("contains the user's name")),
            (GOOD, OTHER, None),
        ] {
            let set = first_password_set(&house.ctx, &house.db, &made, &secret(old), &secret(new)).await;
            match (set, expected) {
                (Ok(user), None) => assert!(!user.password_change_due),
                (Err(problem), Some(rule)) => {
                    assert_eq!(problem.reason(), Reason::PasswordRefused);
                    assert!(problem.message().contains(rule), "{problem:?}");
                }
                (set, _) => panic!("{new}: {set:?}"),
            }
        }
        assert_eq!(tried(&house, None, name, OTHER).await, "good false");
        assert_eq!(tried(&house, None, name, GOOD).await, "wrong");
    });
}

#[test]
fn a_user_changes_its_own_password_with_the_old_one() {
    in_a_house(|house| async move {
        let kind = TenantKind::Customer;
        let tenant = house.create(kind, "northwind").await.unwrap();
        let partner = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let (clerk, agent) = (user(&house, &tenant, "clerk").await, user(&house, &partner, "agent").await);
        let ctx = by_user(&house, (tenant.id, kind), &clerk, &[]);
        house.advance("2026-01-11T00:00:00Z");
        for (current, new, expected) in [
            (OTHER, "Another-Word-9", Some(Reason::PasswordRefused)),
            (GOOD, GOOD, Some(Reason::PasswordRefused)),
            (GOOD, OTHER, None),
            (GOOD, "Another-Word-9", Some(Reason::PasswordRefused)),
        ] {
            let changed = own_password_change(&ctx, &house.db, &secret(current), &secret(new)).await;
            assert_eq!(reason(changed), expected, "{new}");
        }
        assert_eq!(tried(&house, None, &clerk.name, OTHER).await, "good false");
        let seen = user_find(&house.ctx, &house.db, tenant.id, &clerk.name).await.unwrap();
        assert_eq!(seen.tokens_valid_from, house.ctx.now(), "refresh tokens from before are gone");

        // The platform has no password, and a guest of a tenant changes its password at home.
        let abroad = by_user(&house, (tenant.id, kind), &agent, &[]);
        for ctx in [&house.ctx, &abroad] {
            let changed = own_password_change(ctx, &house.db, &secret(GOOD), &secret(OTHER)).await;
            assert_eq!(reason(changed), Some(Reason::Forbidden));
        }
    });
}

/// A code as an authenticator shows it, from the base32 secret: written anew here, to have two opinions.
fn code(typed: &str, at: i64) -> String {
    let mut bits = String::new();
    for letter in typed.bytes() {
        let value = if letter.is_ascii_uppercase() { letter - b'A' } else { letter - b'2' + 26 };
        bits.push_str(&format!("{value:05b}"));
    }
    let bytes: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let tag = ring::hmac::sign(&key, &(at / 30).to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let cut: [u8; 4] = tag.as_ref()[at..at + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(cut) & 0x7fff_ffff) % 1_000_000)
}

/// Sets a second factor up; gives its secret.
async fn set_up(house: &House, clerk: &User) -> String {
    let begun = second_factor_begin(&house.ctx, &house.db, clerk).await.unwrap();
    let typed = begun.secret.reveal().to_owned();
    assert!(begun.address.reveal().contains(&typed));
    let wrong = second_factor_confirm(&house.ctx, &house.db, clerk, "000000").await;
    assert_eq!(reason(wrong), Some(Reason::InvalidField));
    assert!(!second_factor_of(&house.db, clerk).await.unwrap(), "not before the first code");
    let first = code(&typed, house.ctx.now().seconds());
    second_factor_confirm(&house.ctx, &house.db, clerk, &first).await.unwrap();
    assert!(second_factor_of(&house.db, clerk).await.unwrap());
    typed
}

#[test]
fn a_code_is_good_once_and_near_its_time() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let clerk = user(&house, &tenant, "clerk").await;
        assert!(!second_factor_check(&house.ctx, &house.db, &clerk, "000000").await.unwrap(), "there is none");
        let typed = set_up(&house, &clerk).await;
        let begin = house.ctx.now().seconds();
        // The clock, and the moment whose code is shown, in seconds after the set-up.
        for (now, shown, expected) in [
            (0, 0, false),
            (30, 30, true),
            (30, 30, false),
            (60, 30, false),
            (60, 90, true),
            (90, 60, false),
            (300, 180, false),
            (300, 270, true),
            (300, 330, true),
            (300, 360, false),
        ] {
            house.advance(&tenantry_core::Timestamp::from_seconds(begin + now).to_string());
            let good = second_factor_check(&house.ctx, &house.db, &clerk, &code(&typed, begin + shown)).await.unwrap();
            assert_eq!(good, expected, "at {now} that of {shown}");
        }
    });
}

#[test]
fn guessing_codes_locks_too() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let clerk = user(&house, &tenant, "clerk").await;
        let typed = set_up(&house, &clerk).await;
        for _ in 0..10 {
            assert!(!second_factor_check(&house.ctx, &house.db, &clerk, "").await.unwrap());
        }
        for (at, expected) in [("2026-01-10T16:00:59Z", false), ("2026-01-10T16:01:01Z", true)] {
            house.advance(at);
            let shown = code(&typed, house.ctx.now().seconds());
            let good = second_factor_check(&house.ctx, &house.db, &clerk, &shown).await.unwrap();
            assert_eq!(good, expected, "{at}");
        }
    });
}

#[test]
fn a_second_factor_is_set_up_by_its_owner() {
    in_a_house(|house| async move {
        let kind = TenantKind::Customer;
        let tenant = house.create(kind, "northwind").await.unwrap();
        let (clerk, operator) = (user(&house, &tenant, "clerk").await, user(&house, &tenant, "operator").await);
        let own = by_user(&house, (tenant.id, kind), &clerk, &[]);
        let foreign = by_user(&house, (tenant.id, kind), &operator, &[]);
        assert_eq!(reason(second_factor_begin(&foreign, &house.db, &clerk).await), Some(Reason::Forbidden));
        assert!(second_factor_begin(&own, &house.db, &clerk).await.is_ok());
        set_up(&house, &clerk).await;
        // A new one that is never confirmed leaves the old one in force.
        second_factor_begin(&house.ctx, &house.db, &clerk).await.unwrap();
        assert!(second_factor_of(&house.db, &clerk).await.unwrap());
        let refused = second_factor_remove(&foreign, &house.db, tenant.id, clerk.id).await;
        assert_eq!(reason(refused), Some(Reason::Forbidden));
        // Her password alone is not enough to take off what is there against stolen passwords.
        assert_eq!(reason(second_factor_begin(&own, &house.db, &clerk).await), Some(Reason::Forbidden));
        assert_eq!(reason(second_factor_confirm(&own, &house.db, &clerk, "000000").await), Some(Reason::Forbidden));
        let refused = second_factor_remove(&own, &house.db, tenant.id, clerk.id).await;
        assert_eq!(reason(refused), Some(Reason::Forbidden));
        assert!(second_factor_of(&house.db, &clerk).await.unwrap());
        let own = with_second_factor(own);
        second_factor_begin(&own, &house.db, &clerk).await.unwrap();
        second_factor_remove(&own, &house.db, tenant.id, clerk.id).await.unwrap();
        assert!(!second_factor_of(&house.db, &clerk).await.unwrap());
        let missing = second_factor_remove(&house.ctx, &house.db, tenant.id, NOBODY).await;
        assert_eq!(reason(missing), Some(Reason::UserNotFound));
    });
}

/// The same caller, who showed the second factor at sign-in.
fn with_second_factor(mut ctx: OpContext) -> OpContext {
    if let Caller::SignedIn(identity) = &mut ctx.caller
        && let Some(user) = &mut identity.user
    {
        user.second_factor = true;
    }
    ctx
}

#[test]
fn what_was_signed_in_without_the_second_factor_ends_with_it() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let clerk = user(&house, &tenant, "clerk").await;
        second_factor_begin(&house.ctx, &house.db, &clerk).await.unwrap();
        let seen =
            || async { user_find(&house.ctx, &house.db, tenant.id, &clerk.name).await.unwrap().tokens_valid_from };
        assert_eq!(seen().await, clerk.tokens_valid_from, "nothing ends before the first code");
        set_up(&house, &clerk).await;
        assert!(seen().await > clerk.tokens_valid_from);
    });
}

/// Whoever knew a password that is no more must not set another one, however long hashing took.
#[test]
fn of_two_who_change_a_password_at_once_one_wins() {
    in_a_house(|house| async move {
        let kind = TenantKind::Customer;
        let tenant = house.create(kind, "northwind").await.unwrap();
        let clerk = user(&house, &tenant, "clerk").await;
        let ctx = by_user(&house, (tenant.id, kind), &clerk, &[]);
        let (current, one, other) = (secret(GOOD), secret(OTHER), secret("Another-Word-9"));
        let (first, second) = tokio::join!(
            own_password_change(&ctx, &house.db, &current, &one),
            own_password_change(&ctx, &house.db, &current, &other)
        );
        let told = [reason(first), reason(second)];
        assert!(told.contains(&None) && told.contains(&Some(Reason::PasswordRefused)), "{told:?}");
        let winner = if told[0].is_none() { OTHER } else { "Another-Word-9" };
        assert_eq!(tried(&house, None, &clerk.name, winner).await, "good false");
    });
}

/// What an act read before must not come back over what another wrote meanwhile.
#[test]
fn a_change_of_the_profile_undoes_no_revocation_and_no_new_password() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let clerk = user(&house, &tenant, "clerk").await;
        let (ctx, db, id) = (&house.ctx, &house.db, clerk.id);
        for round in 0..4 {
            let before = user_find(ctx, db, tenant.id, &clerk.name).await.unwrap().tokens_valid_from;
            let renamed = UserChange {
                profile: ProfileChange { display_name: Some(format!("Clerk {round}")), ..ProfileChange::default() },
                ..UserChange::default()
            };
            let (changed, revoked, reset) = tokio::join!(
                user_change(ctx, db, tenant.id, id, renamed),
                user_sign_ins_revoke(ctx, db, tenant.id, id),
                user_password_reset(ctx, db, tenant.id, id, secret(OTHER), true)
            );
            changed.unwrap();
            revoked.unwrap();
            reset.unwrap();
            let after = user_find(ctx, db, tenant.id, &clerk.name).await.unwrap();
            assert_eq!(
                after.tokens_valid_from.micros(),
                before.micros() + 2,
                "the clock stands still, so each adds one"
            );
            assert!(after.password_change_due);
        }
    });
}
