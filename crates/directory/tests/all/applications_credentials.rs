//! Secrets and certificates: given out once, shown by a hint, several at a time, and only to those who may be the
//! application.

use crate::applications_house::{
    CURVE, DIRECTORY_READ, GRAPH, LONGLIVED, PANEL, WEAK, member, registered, settings, told, user_of,
};
use crate::house::{House, in_a_house};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tenantry_core::{DirectoryRole, Role, Secret, TenantKind};
use tenantry_directory::{
    NewApplication, NewCertificate, NewSecret, PARTNER_CENTER, Tenant, app_role_assignment_create, application_create,
    certificate_add, credential_add_secret, credential_remove, credentials_of, credentials_set, service_principal_find,
};
use tenantry_testkit::time;
use uuid::Uuid;

fn pem(text: &str) -> NewCertificate {
    NewCertificate { certificate: text.as_bytes().to_vec(), ..NewCertificate::default() }
}

/// The same as the bytes that are in it.
fn der(text: &str) -> Vec<u8> {
    STANDARD.decode(text.lines().filter(|line| !line.starts_with("-----")).collect::<String>()).unwrap()
}

async fn contoso(house: &House) -> (Tenant, String) {
    let tenant = house.create(TenantKind::Partner, "contoso").await.unwrap();
    let made = registered(house, &tenant, settings("Panel")).await;
    (tenant, made.id.to_string())
}

#[test]
fn a_secret_is_seen_once_and_then_only_hinted_at() {
    in_a_house(|house| async move {
        let (tenant, id) = contoso(&house).await;
        let new = NewSecret { label: Some("ci".to_owned()), ..NewSecret::default() };
        let (entry, text) = credential_add_secret(&house.ctx, &house.db, tenant.id, &id, new).await.unwrap();
        let text = text.unwrap();
        let listed = credentials_of(&house.ctx, &house.db, tenant.id, &id).await.unwrap();
        assert_eq!(listed.secrets, std::slice::from_ref(&entry));
        assert_eq!(entry.hint.as_deref(), Some(&text.reveal()[..3]));
        assert_eq!((entry.label.as_deref(), entry.starts_at), (Some("ci"), house.ctx.now()));
        assert_eq!(entry.expires_at, time("2028-01-10T16:00:00Z"), "730 days");
        assert!(!format!("{listed:?}").contains(text.reveal()));
    });
}

#[test]
fn several_secrets_work_each_in_its_own_time() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let (tenant, id) = (app.tenant.id, app.made.app.to_string());
        let later = NewSecret {
            starts_at: Some(time("2026-02-01T00:00:00Z")),
            expires_at: Some(time("2026-03-01T00:00:00Z")),
            ..NewSecret::default()
        };
        let (entry, text) = credential_add_secret(&house.ctx, &house.db, tenant, &id, later).await.unwrap();
        let text = text.unwrap();
        for (at, works) in [
            ("2026-01-31T23:59:59Z", false),
            ("2026-02-01T00:00:00Z", true),
            ("2026-02-28T23:59:59Z", true),
            ("2026-03-01T00:00:00Z", false),
        ] {
            house.advance(at);
            assert_eq!(house.issue(&app, &text, PARTNER_CENTER).await.is_ok(), works, "{at}");
            assert!(house.issue(&app, &app.secret, PARTNER_CENTER).await.is_ok(), "the other works all the time");
        }
        for expected in ["ok", "ObjectNotFound"] {
            let removed = credential_remove(&house.ctx, &house.db, tenant, &id, entry.key).await;
            assert_eq!(told(removed), expected);
        }
    });
}

#[test]
fn chosen_secrets_are_as_good_as_random_or_refused() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let (tenant, id) = (app.tenant.id, app.made.app.to_string());
        for (value, expected) in [
            ("6f8b7a1e-53c2-4a55-9d0e-0b1f7f5a2c3d", "ok"),
            ("hunter2", "InvalidField"),
            ("", "InvalidField"),
            ("Password123!Password123!Password123!", "InvalidField"),
        ] {
            let new = NewSecret { value: Some(Secret::new(value)), ..NewSecret::default() };
            let added = credential_add_secret(&house.ctx, &house.db, tenant, &id, new).await;
            if let Ok((_, text)) = &added {
                assert!(text.is_none(), "who sent it knows it");
                assert!(house.issue(&app, &Secret::new(value), PARTNER_CENTER).await.is_ok());
            }
            assert_eq!(told(added), expected, "{value}");
        }
    });
}

#[test]
fn a_certificate_is_read_as_openssl_reads_it() {
    in_a_house(|house| async move {
        let (tenant, id) = contoso(&house).await;
        let add = |new| certificate_add(&house.ctx, &house.db, tenant.id, &id, new);
        let panel = add(pem(PANEL)).await.unwrap();
        assert_eq!(panel.sha1, "VFtTnLtB58LKncDF6WRzu6UK7Js");
        assert_eq!(panel.sha256, "s1y6aFcG80YH4Zip7qxTrKu2UcyF-e9HMOj7slnBl0Q");
        assert_eq!(panel.starts_at, time("2026-01-01T00:00:00Z"));
        assert_eq!(panel.expires_at, time("2027-01-01T00:00:00Z"), "the last second counts");
        let (modulus, exponent) = panel.public_key();
        assert_eq!((modulus.len(), &modulus[..4], exponent), (256, &[0xC3, 0xC1, 0x2B, 0x26][..], &[1, 0, 1][..]));

        house.advance("2026-01-11T00:00:00Z");
        let longlived = add(NewCertificate {
            certificate: der(LONGLIVED),
            label: Some("old form".to_owned()),
            expires_at: Some(time("2030-01-01T00:00:00Z")),
            ..NewCertificate::default()
        });
        let longlived = longlived.await.unwrap();
        assert_eq!(longlived.sha256, "XbfL1JNQQJvU-aLRTmoik4BEMmAu8ESgYkz6_QW5eOU");
        assert_eq!(longlived.expires_at, time("2030-01-01T00:00:00Z"), "the earlier of the two ends");
        assert_eq!(longlived.public_key(), panel.public_key());

        let listed = credentials_of(&house.ctx, &house.db, tenant.id, &id).await.unwrap();
        assert_eq!(listed.certificates, [panel, longlived]);
    });
}

#[test]
fn what_is_no_certificate_to_sign_in_with_is_refused() {
    in_a_house(|house| async move {
        let (tenant, id) = contoso(&house).await;
        let whole = der(PANEL);
        let cut = |length: usize| NewCertificate { certificate: whole[..length].to_vec(), ..NewCertificate::default() };
        let times = |from: &str, to: &str| NewCertificate {
            starts_at: Some(time(from)),
            expires_at: Some(time(to)),
            ..pem(PANEL)
        };
        certificate_add(&house.ctx, &house.db, tenant.id, &id, pem(PANEL)).await.unwrap();
        for (new, expected) in [
            (pem(PANEL), "AlreadyExists"),
            (pem(WEAK), "InvalidField"),
            (pem(CURVE), "InvalidField"),
            (pem(""), "InvalidField"),
            (pem("certificate"), "InvalidField"),
            (pem(&"A".repeat(100_000)), "InvalidField"),
            (times("2027-06-01T00:00:00Z", "2027-07-01T00:00:00Z"), "InvalidField"),
            (cut(1), "InvalidField"),
            (cut(300), "InvalidField"),
            (cut(whole.len() - 1), "InvalidField"),
        ] {
            let size = new.certificate.len();
            let added = certificate_add(&house.ctx, &house.db, tenant.id, &id, new).await;
            assert_eq!(told(added), expected, "{size} bytes");
        }
    });
}

/// A reader of what strangers send must not stumble over anything.
#[test]
fn damaged_certificates_are_refused_and_nothing_worse() {
    in_a_house(|house| async move {
        let (tenant, id) = contoso(&house).await;
        let whole = der(PANEL);
        for at in (0..whole.len()).step_by(97) {
            for bit in [0x01, 0x80] {
                let mut certificate = whole.clone();
                certificate[at] ^= bit;
                let new = NewCertificate { certificate, ..NewCertificate::default() };
                let told = told(certificate_add(&house.ctx, &house.db, tenant.id, &id, new).await);
                // Much of a certificate (names, signature) says nothing here; a bit there makes another certificate.
                assert!(["ok", "InvalidField"].contains(&told.as_str()), "byte {at}: {told}");
            }
        }
    });
}

#[test]
fn writing_the_whole_list_keeps_adds_and_removes() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let (tenant, id) = (app.tenant.id, app.made.app.to_string());
        let first = credentials_of(&house.ctx, &house.db, tenant, &id).await.unwrap().secrets[0].key;
        let set = |secrets, certificates| credentials_set(&house.ctx, &house.db, tenant, &id, secrets, certificates);
        let chosen = "6f8b7a1e-53c2-4a55-9d0e-0b1f7f5a2c3d";
        let named = |key| NewSecret { key: Some(key), ..NewSecret::default() };
        let new = || NewSecret { value: Some(Secret::new(chosen)), ..NewSecret::default() };

        house.advance("2026-01-11T00:00:00Z");
        let after = set(Some(vec![named(first), new()]), Some(vec![pem(PANEL)])).await.unwrap();
        assert_eq!((after.secrets.len(), after.certificates.len(), after.secrets[0].key), (2, 1, first));
        // Nothing half done: a name that is none leaves all as it was.
        let refused = set(Some(vec![named(Uuid::from_u128(9))]), Some(Vec::new())).await;
        assert_eq!(told(refused), "InvalidField");
        assert_eq!(credentials_of(&house.ctx, &house.db, tenant, &id).await.unwrap(), after);

        let certificate = NewCertificate { key: Some(after.certificates[0].key), ..NewCertificate::default() };
        let kept = set(None, Some(vec![certificate])).await.unwrap();
        assert_eq!(kept, after, "what is not spoken of stays");
        let last = set(Some(vec![named(after.secrets[1].key)]), Some(Vec::new())).await.unwrap();
        assert_eq!((last.secrets.len(), last.certificates.len()), (1, 0));
        assert!(house.issue(&app, &app.secret, PARTNER_CENTER).await.is_err(), "its first secret is gone");
        assert!(house.issue(&app, &Secret::new(chosen), PARTNER_CENTER).await.is_ok());
    });
}

#[test]
fn an_application_comes_with_its_credentials_or_not_at_all() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let with = |certificate: &str| NewApplication {
            settings: settings("Panel"),
            secrets: vec![NewSecret::default()],
            certificates: vec![pem(certificate)],
        };
        let refused = application_create(&house.ctx, &house.db, tenant.id, with(WEAK)).await;
        assert_eq!(told(refused), "InvalidField");
        let (made, written) = application_create(&house.ctx, &house.db, tenant.id, with(PANEL)).await.unwrap();
        assert!(written.secrets[0].1.is_some());
        let listed = credentials_of(&house.ctx, &house.db, tenant.id, &made.id.to_string()).await.unwrap();
        assert_eq!((listed.secrets.len(), listed.certificates), (1, written.certificates));
    });
}

/// Who gives an application a secret can be the application.
#[test]
fn nobody_becomes_more_than_they_may_give_by_way_of_a_secret() {
    in_a_house(|house| async move {
        let plain = house.partner_app("contoso", &[]).await.tenant;
        let ordinary = registered(&house, &plain, settings("Ordinary")).await;
        let empowered = registered(&house, &plain, settings("Empowered")).await;
        let principal = member(&house, &plain, empowered.app).await;
        let graph = service_principal_find(&house.ctx, &house.db, plain.id, &GRAPH.to_string()).await.unwrap().id;
        app_role_assignment_create(&house.ctx, &house.db, plain.id, principal, graph, DIRECTORY_READ).await.unwrap();
        let agent = house.app(&plain, &[Role::AdminAgent]).await.made.app;

        let application_admin = user_of(&house, &plain, &[DirectoryRole::ApplicationAdmin]);
        let global_admin = user_of(&house, &plain, &[DirectoryRole::GlobalAdmin]);
        for (app, by_application_admin) in [(ordinary.app, "ok"), (empowered.app, "Forbidden"), (agent, "Forbidden")] {
            for (ctx, expected) in [(&application_admin, by_application_admin), (&global_admin, "ok")] {
                let id = app.to_string();
                let added = credential_add_secret(ctx, &house.db, plain.id, &id, NewSecret::default()).await;
                assert_eq!(told(added), expected, "{:?}", ctx.caller);
                let new =
                    NewSecret { value: Some(Secret::new(house.ctx.chance.guid().to_string())), ..NewSecret::default() };
                let set = credentials_set(ctx, &house.db, plain.id, &id, Some(vec![new]), None).await;
                assert_eq!(told(set), expected, "{:?}", ctx.caller);
            }
        }
    });
}
