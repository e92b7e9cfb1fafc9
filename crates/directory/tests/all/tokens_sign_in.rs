//! The sign-in page: passwords, new passwords, second factors, sessions.

use crate::people_house::{GOOD, OTHER, by_user, new_user, secret};
use crate::tokens_house::{Desk, at_a_desk};
use ring::hmac;
use tenantry_core::Secret;
use tenantry_db::sql;
use tenantry_directory::{
    NewSession, NewUser, Session, SignInAttempt, SignInStep, User, second_factor_begin, second_factor_confirm,
    session_end, session_find, sign_in, sign_in_second, user_create, user_sign_ins_revoke,
};

impl Desk {
    async fn signs_in(&self, name: &str, password: &str, new: Option<&str>) -> Result<SignInStep, u32> {
        let (password, new) = (secret(password), new.map(secret));
        let attempt =
            SignInAttempt { tenant: None, name, password: &password, new_password: new.as_ref(), ticket: None };
        sign_in(&self.house.ctx, &self.house.db, &attempt).await.map_err(|refusal| refusal.code())
    }

    /// A session of a user who showed a second factor, a minute later: a code is good once.
    pub(crate) async fn strong_session(&self, user: &User) -> Session {
        let (ctx, db) = (&self.house.ctx, &self.house.db);
        let typed = with_second_factor(self, user).await;
        self.house.advance(&ctx.now().plus_seconds(60).to_string());
        let ticket = match self.signs_in(&user.name, GOOD, None).await.unwrap() {
            SignInStep::SecondFactor { ticket } => ticket,
            other => panic!("{other:?}"),
        };
        let shown = code(&typed, ctx.now().seconds());
        begun(sign_in_second(ctx, db, &ticket, &shown).await.unwrap()).session
    }

    async fn still(&self, cookie: &Secret) -> bool {
        session_find(&self.house.ctx, &self.house.db, cookie).await.unwrap().is_some()
    }
}

fn begun(step: SignInStep) -> NewSession {
    match step {
        SignInStep::Done(begun) => begun,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_session_lasts_until_something_ends_it() {
    at_a_desk(|desk| async move {
        let (ctx, db) = (&desk.house.ctx, &desk.house.db);
        for end in ["sign-out", "time", "revocation"] {
            let new = begun(desk.signs_in("CLERK@contoso.example.test", GOOD, None).await.unwrap());
            let found = session_find(ctx, db, &new.cookie).await.unwrap().unwrap();
            assert_eq!(found, new.session);
            assert_eq!((found.user, found.home, found.second_factor), (desk.clerk.id, desk.partner.id, false));
            assert!(found.is_form_of(new.session.form_token()) && !found.is_form_of("") && !found.is_form_of("x"));
            assert!(!format!("{new:?}").contains(new.session.form_token()), "what forms carry is not printed");
            let later = new.session.signed_in_at.plus_seconds(16 * 3_600 - 1).to_string();
            match end {
                "sign-out" => {
                    session_end(ctx, db, &new.cookie).await.unwrap();
                    session_end(ctx, db, &new.cookie).await.unwrap();
                }
                "time" => {
                    desk.house.advance(&later);
                    assert!(desk.still(&new.cookie).await);
                    desk.house.advance(&new.session.expires_at.to_string());
                }
                _ => {
                    desk.house.advance(&later);
                    user_sign_ins_revoke(ctx, db, desk.partner.id, desk.clerk.id).await.unwrap();
                }
            }
            assert!(!desk.still(&new.cookie).await, "{end}");
        }
        assert!(!desk.still(&Secret::new("guessed")).await);
        let rows = sql("SELECT digest FROM sign_in_session").all(&mut db.reader().await.unwrap()).await.unwrap();
        assert_eq!(rows.len(), 1, "the first was deleted, the second swept by the third");
    });
}

#[test]
fn a_stranger_does_not_learn_who_is_here() {
    at_a_desk(|desk| async move {
        for name in ["clerk@contoso.example.test", "nobody@contoso.example.test", "nobody@nowhere.test", "clerk", ""] {
            assert_eq!(desk.signs_in(name, "wrong", None).await.unwrap_err(), 50_126, "{name}");
        }
        for _ in 0..10 {
            let _ = desk.signs_in(&desk.clerk.name, "wrong", None).await;
        }
        assert_eq!(
            desk.signs_in(&desk.clerk.name, GOOD, None).await.unwrap_err(),
            50_053,
            "locked, even if it is right"
        );
        desk.house.advance("2026-01-10T18:00:00Z");
        assert!(desk.signs_in(&desk.clerk.name, GOOD, None).await.is_ok());
    });
}

#[test]
fn a_first_password_is_changed_before_anything_else() {
    at_a_desk(|desk| async move {
        let new = NewUser { change_password: true, ..new_user("operator@contoso.example.test") };
        let operator = user_create(&desk.house.ctx, &desk.house.db, desk.partner.id, new).await.unwrap();
        assert!(matches!(
            desk.signs_in(&operator.name, GOOD, None).await,
            Ok(SignInStep::NewPassword { ticket: None })
        ));
        let empty = desk.signs_in(&operator.name, GOOD, Some("")).await;
        assert!(matches!(empty, Ok(SignInStep::NewPassword { ticket: None })));
        assert_eq!(desk.signs_in(&operator.name, "wrong", Some(OTHER)).await.unwrap_err(), 50_126);
        for weak in ["short", GOOD] {
            assert_eq!(desk.signs_in(&operator.name, GOOD, Some(weak)).await.unwrap_err(), 50_056, "{weak}");
        }
        begun(desk.signs_in(&operator.name, GOOD, Some(OTHER)).await.unwrap());
        assert_eq!(desk.signs_in(&operator.name, GOOD, None).await.unwrap_err(), 50_126);
        begun(desk.signs_in(&operator.name, OTHER, None).await.unwrap());
    });
}

/// A code as an authenticator shows it.
fn code(typed: &str, at: i64) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for letter in typed.bytes() {
        let value = alphabet.iter().position(|known| *known == letter).unwrap();
        bits = bits << 5 | u32::try_from(value).unwrap();
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xFF).unwrap());
        }
    }
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let mac = hmac::sign(&key, &(at / 30).to_be_bytes());
    let mac = mac.as_ref();
    let at = usize::from(mac[19] & 15);
    let number = u32::from_be_bytes(mac[at..at + 4].try_into().unwrap()) & 0x7FFF_FFFF;
    format!("{:06}", number % 1_000_000)
}

async fn with_second_factor(desk: &Desk, user: &User) -> String {
    let (house, db) = (&desk.house, &desk.house.db);
    let by = by_user(house, (user.tenant, desk.partner.kind), user, &[]);
    let typed = second_factor_begin(&by, db, user).await.unwrap().secret.reveal().to_owned();
    second_factor_confirm(&by, db, user, &code(&typed, house.ctx.now().seconds())).await.unwrap();
    typed
}

#[test]
fn a_second_factor_is_asked_for_and_a_ticket_stands_for_the_password() {
    at_a_desk(|desk| async move {
        let (ctx, db) = (&desk.house.ctx, &desk.house.db);
        let typed = with_second_factor(&desk, &desk.clerk).await;
        desk.house.advance("2026-01-10T16:01:00Z");
        let now = ctx.now().seconds();
        let ticket = || async {
            match desk.signs_in(&desk.clerk.name, GOOD, None).await.unwrap() {
                SignInStep::SecondFactor { ticket } => ticket,
                other => panic!("{other:?}"),
            }
        };
        let second = |ticket: Secret, code: String| async move {
            sign_in_second(ctx, db, &ticket, &code).await.map_err(|refusal| refusal.code())
        };
        let first = ticket().await;
        assert!(!desk.still(&first).await, "a ticket is no session");
        assert_eq!(second(first.clone(), "000000".into()).await.unwrap_err(), 500_121);
        let new = begun(second(first.clone(), code(&typed, now)).await.unwrap());
        assert!(new.session.second_factor && desk.still(&new.cookie).await);
        assert_eq!(second(first, code(&typed, now)).await.unwrap_err(), 50_089, "a ticket is good once");
        assert_eq!(second(ticket().await, code(&typed, now)).await.unwrap_err(), 500_121, "and so is a code");

        // Five tries, ten minutes.
        let tried = ticket().await;
        for _ in 0..5 {
            assert_eq!(second(tried.clone(), "000000".into()).await.unwrap_err(), 500_121);
        }
        assert_eq!(second(tried, code(&typed, now + 30)).await.unwrap_err(), 50_089);
        let late = ticket().await;
        desk.house.advance("2026-01-10T16:11:00Z");
        assert_eq!(second(late, code(&typed, ctx.now().seconds())).await.unwrap_err(), 50_089);
        assert_eq!(second(Secret::new("guessed"), "000000".into()).await.unwrap_err(), 50_089);
    });
}

#[test]
fn a_first_password_is_set_after_the_second_factor_only() {
    at_a_desk(|desk| async move {
        let (ctx, db, name) = (&desk.house.ctx, &desk.house.db, "operator@contoso.example.test");
        let new = NewUser { change_password: true, ..new_user(name) };
        let operator = user_create(ctx, db, desk.partner.id, new).await.unwrap();
        let typed = with_second_factor(&desk, &operator).await;
        desk.house.advance("2026-01-10T16:01:00Z");
        let (old, new) = (secret(GOOD), secret(OTHER));
        let signs_in = |password: Secret, ticket: Option<Secret>| {
            let new = &new;
            async move {
                let attempt = SignInAttempt {
                    tenant: None,
                    name,
                    password: &password,
                    new_password: Some(new),
                    ticket: ticket.as_ref(),
                };
                sign_in(ctx, db, &attempt).await.map_err(|refusal| refusal.code())
            }
        };
        let asked = |step: Result<SignInStep, u32>| match step {
            Ok(SignInStep::SecondFactor { ticket }) => ticket,
            other => panic!("{other:?}"),
        };
        // The thief of the password sends the new one along at once, and the ticket of a half-done sign-in.
        let half = asked(signs_in(old.clone(), None).await);
        let half = asked(signs_in(old.clone(), Some(half)).await);
        let shown = code(&typed, ctx.now().seconds());
        let proven = match sign_in_second(ctx, db, &half, &shown).await.unwrap() {
            SignInStep::NewPassword { ticket: Some(ticket) } => ticket,
            other => panic!("{other:?}"),
        };
        assert!(!desk.still(&proven).await, "no session yet");
        assert_eq!(
            sign_in_second(ctx, db, &half, &shown).await.unwrap_err().code(),
            50_089,
            "the first ticket is gone"
        );
        // The ticket is this user's and needs the password beside it.
        assert_eq!(signs_in(secret("wrong"), Some(proven.clone())).await.unwrap_err(), 50_126);
        with_second_factor(&desk, &desk.clerk).await;
        let attempt = SignInAttempt {
            tenant: None,
            name: &desk.clerk.name,
            password: &old,
            new_password: None,
            ticket: Some(&proven),
        };
        asked(sign_in(ctx, db, &attempt).await.map_err(|refusal| refusal.code()));
        let begun = begun(signs_in(old.clone(), Some(proven.clone())).await.unwrap());
        assert!(begun.session.second_factor && desk.still(&begun.cookie).await);
        assert_eq!(signs_in(old, Some(proven.clone())).await.unwrap_err(), 50_126, "the old password is over");
        asked(signs_in(new.clone(), Some(proven)).await);
    });
}
