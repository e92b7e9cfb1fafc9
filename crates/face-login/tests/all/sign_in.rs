//! Who is let in, and what the others are told.

use crate::house::{PASSWORD, in_a_house};
use ring::hmac;
use tenantry_core::Secret;
use tenantry_directory::{UserChange, second_factor_begin, second_factor_confirm, user_change, user_password_reset};

#[test]
fn a_wrong_name_and_a_wrong_password_get_the_same_words() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let mut person = house.person();
        let page = person.open(&house.link(&app, "")).await;
        let mut seen = Vec::new();
        for (name, password) in [
            ("clerk@contoso.example.test", "guess"),
            ("nobody@contoso.example.test", PASSWORD),
            ("clerk@adatum.example.test", PASSWORD),
            ("clerk", PASSWORD),
            ("\"><script>alert(1)</script>", "guess"),
        ] {
            let shown = person.press(&page, "sign-in", &[("username", name), ("password", password)]).await;
            let shown = shown.is(400, "Sign in").says("This user name and password do not belong together.");
            assert!(!shown.html.contains("<script>") && !shown.html.contains("guess"), "{}", shown.html);
            assert_eq!(person.cookie("__Host-session"), None);
            let typed =
                shown.html.replace(&name.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;"), "NAME");
            seen.push(typed);
        }
        seen.dedup();
        assert_eq!(seen.len(), 1, "the pages differ by more than the name");
        for (name, password, says) in [
            ("", PASSWORD, "Enter your user name"),
            ("  ", "", "Enter your user name"),
            ("clerk@contoso.example.test", "", "Enter your password."),
        ] {
            let shown = person.press(&page, "sign-in", &[("username", name), ("password", password)]).await;
            let _ = shown.is(400, "Sign in").says(says);
        }
        // Letter case of the name is no matter.
        let typed = [("username", " CLERK@Contoso.example.test "), ("password", PASSWORD)];
        let _ = person.press(&page, "sign-in", &typed).await.is(200, "Allow Panel?");
    });
}

#[test]
fn guessing_locks_the_account_for_a_while() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let mut person = house.person();
        let page = person.open(&house.link(&app, "")).await;
        let typed = |password| [("username", "clerk@contoso.example.test"), ("password", password)];
        let mut tries = 0;
        let locked = loop {
            let shown = person.press(&page, "sign-in", &typed("guess")).await;
            tries += 1;
            assert!(tries < 30, "never locked");
            if shown.html.contains("is locked after too many wrong passwords") {
                break shown;
            }
        };
        let _ = locked.is(400, "Sign in").says("UTC (2026-01-10)");
        // The right password does not help now; it does later.
        let _ = person.press(&page, "sign-in", &typed(PASSWORD)).await.is(400, "Sign in").says("is locked");
        house.channel.advance_to("2026-01-11T16:00:00Z").await;
        let _ = person.press(&page, "sign-in", &typed(PASSWORD)).await.is(200, "Allow Panel?");
    });
}

#[test]
fn an_account_that_is_switched_off_is_told_to_its_owner_only() {
    in_a_house(|house| async move {
        let (app, clerk) = (house.web_app().await, house.user("clerk", false).await);
        let change = UserChange { enabled: Some(false), ..UserChange::default() };
        user_change(&house.ctx(), house.channel.world().db(), house.home(), clerk.id, change).await.unwrap();
        let shown = house.sign_in(&mut house.person(), &house.link(&app, ""), "clerk").await;
        let _ = shown.is(400, "Sign in").says("This account is switched off.");
        let mut guesser = house.person();
        let page = guesser.open(&house.link(&app, "")).await;
        let typed = [("username", "clerk@contoso.example.test"), ("password", "guess")];
        let _ = guesser.press(&page, "sign-in", &typed).await.says("do not belong together");
    });
}

#[test]
fn a_password_of_somebody_else_is_replaced_first() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", true).await);
        let mut clerk = house.person();
        let shown = house.sign_in(&mut clerk, &house.link(&app, ""), "clerk").await;
        let page = shown.is(200, "Choose a new password");
        assert_eq!(clerk.cookie("__Host-session"), None, "not signed in yet");
        let (good, long) = ("Battery-Staple-9", "Battery-Staple-10");
        for (typed, says) in [
            ([PASSWORD, "", ""], "Enter a new password."),
            (["", good, good], "Enter your current password."),
            ([PASSWORD, good, long], "The two new passwords are not the same."),
            (["guess", good, good], "The current password is not right."),
            ([PASSWORD, "Short1!", "Short1!"], "8"),
        ] {
            let fields: Vec<_> = ["password", "new-password", "new-password-again"].into_iter().zip(typed).collect();
            let shown = clerk.press(&page, "new-password", &fields).await;
            let shown = shown.is(400, "Choose a new password").says(says);
            assert!(typed.iter().all(|typed| typed.len() < 6 || !shown.html.contains(typed)), "{}", shown.html);
        }
        let fields = [("password", PASSWORD), ("new-password", good), ("new-password-again", good)];
        let _ = clerk.press(&page, "new-password", &fields).await.is(200, "Allow Panel?");
        // From now on only the new one.
        let _ = house.sign_in(&mut house.person(), &house.link(&app, ""), "clerk").await.is(400, "Sign in");
    });
}

#[test]
fn a_second_factor_is_asked_for_where_there_is_one() {
    in_a_house(|house| async move {
        let (app, clerk) = (house.web_app().await, house.user("clerk", false).await);
        let (ctx, db) = (house.ctx(), house.channel.world().db());
        let start = second_factor_begin(&ctx, db, &clerk).await.unwrap();
        second_factor_confirm(&ctx, db, &clerk, &code(&start.secret, ctx.now().seconds())).await.unwrap();
        house.channel.advance_to("2026-01-10T16:05:00Z").await;

        let mut person = house.person();
        let page = house.sign_in(&mut person, &house.link(&app, ""), "clerk").await.is(200, "Enter your code");
        assert_eq!(person.cookie("__Host-session"), None, "half signed in is not signed in");
        for (typed, says) in [("", "Enter the six digits."), ("123", "not right"), ("abcdef", "not right")] {
            let _ = person.press(&page, "second-factor", &[("otc", typed)]).await.is(400, "Enter your code").says(says);
        }
        let now = code(&start.secret, house.ctx().now().seconds());
        let spaced = format!("{} {}", &now[..3], &now[3..]);
        let _ = person.press(&page, "second-factor", &[("otc", &spaced)]).await.is(200, "Allow Panel?");
        assert!(person.cookie("__Host-session").is_some());
        // The code is used up, for others who saw it.
        let mut thief = house.person();
        let page = house.sign_in(&mut thief, &house.link(&app, ""), "clerk").await.is(200, "Enter your code");
        let _ = thief.press(&page, "second-factor", &[("otc", &now)]).await.is(400, "Enter your code");
    });
}

/// A stolen password must not be good for setting another one.
#[test]
fn a_due_password_is_replaced_after_the_second_factor() {
    in_a_house(|house| async move {
        let (app, clerk) = (house.web_app().await, house.user("clerk", true).await);
        let (ctx, db) = (house.ctx(), house.channel.world().db());
        let start = second_factor_begin(&ctx, db, &clerk).await.unwrap();
        second_factor_confirm(&ctx, db, &clerk, &code(&start.secret, ctx.now().seconds())).await.unwrap();
        house.channel.advance_to("2026-01-10T16:05:00Z").await;

        let mut person = house.person();
        let page = house.sign_in(&mut person, &house.link(&app, ""), "clerk").await.is(200, "Enter your code");
        let now = code(&start.secret, house.ctx().now().seconds());
        let page = person.press(&page, "second-factor", &[("otc", &now)]).await.is(200, "Choose a new password");
        assert_eq!(person.cookie("__Host-session"), None, "not signed in yet");
        let good = "Battery-Staple-9";
        let fields = |old, new| [("password", old), ("new-password", new), ("new-password-again", new)];
        // Without the ticket the code is asked for again, and nothing is set.
        let mut thief = fields(PASSWORD, good).to_vec();
        thief.push(("ticket", "guessed"));
        let _ = person.press(&page, "new-password", &thief).await.is(200, "Enter your code");
        // A mistake does not lose it.
        let page = person.press(&page, "new-password", &fields("guess", good)).await.is(400, "Choose a new password");
        let page =
            person.press(&page, "new-password", &fields(PASSWORD, "weak")).await.is(400, "Choose a new password");
        let _ = person.press(&page, "new-password", &fields(PASSWORD, good)).await.is(200, "Allow Panel?");
        assert!(person.cookie("__Host-session").is_some());
    });
}

#[test]
fn a_session_ends_with_the_password_it_was_begun_with() {
    in_a_house(|house| async move {
        let (app, clerk) = (house.web_app().await, house.user("clerk", false).await);
        let mut person = house.person();
        let page = house.sign_in(&mut person, &house.link(&app, ""), "clerk").await;
        let _ = person.press(&page, "accept", &[]).await;
        house.channel.advance_to("2026-01-10T16:00:10Z").await;
        let (ctx, db) = (house.ctx(), house.channel.world().db());
        let new = Secret::new("Battery-Staple-9");
        user_password_reset(&ctx, db, house.home(), clerk.id, new, false).await.unwrap();
        let _ = person.open(&house.link(&app, "")).await.is(200, "Sign in");
        // A page that was open: asked again, not failed.
        let _ = person.press(&page, "accept", &[]).await.is(200, "Sign in");
    });
}

/// RFC 6238 with its usual settings: what an authenticator shows.
fn code(secret: &Secret, seconds: i64) -> String {
    let mut bits = secret.reveal().bytes().filter(u8::is_ascii_alphanumeric).flat_map(|letter| {
        let value = if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter.to_ascii_uppercase() - b'A' };
        (0..5).rev().map(move |bit| value >> bit & 1)
    });
    let mut key = Vec::new();
    while let (Some(first), rest) = (bits.next(), bits.by_ref().take(7).collect::<Vec<_>>()) {
        if rest.len() == 7 {
            key.push(rest.into_iter().fold(first, |byte, bit| byte << 1 | bit));
        }
    }
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let tag = hmac::sign(&key, &u64::try_from(seconds / 30).unwrap().to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let four: [u8; 4] = tag.as_ref()[at..at + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}
