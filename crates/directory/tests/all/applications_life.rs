//! Applications from registration to the end: found by both ids, changed, deleted, restored, erased.

use crate::applications_house::{member, reason, registered, settings, told, user_of};
use crate::house::in_a_house;
use tenantry_core::{DirectoryRole, Reason, Role, TenantKind};
use tenantry_db::{job, sql};
use tenantry_directory::{
    APPLICATION_KEPT_SECONDS, Application, ApplicationChange, NewApplication, PARTNER_CENTER, ServicePrincipalChange,
    application_change, application_create, application_delete, application_erase, application_erase_due,
    application_find, application_page, application_restore, deleted_application_find, service_principal_change,
    service_principal_create, service_principal_delete, service_principal_find, service_principal_page,
};

#[test]
fn an_application_is_found_by_either_id_in_its_own_tenant_only() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let fabrikam = house.create(TenantKind::Partner, "fabrikam").await.unwrap();
        let made = registered(&house, &contoso, settings(" Panel ")).await;
        assert_eq!(made.name, "Panel");
        for (tenant, id, expected) in [
            (&contoso, made.id.to_string(), "ok"),
            (&contoso, made.app.to_string().to_uppercase(), "ok"),
            (&contoso, "panel".to_owned(), "ApplicationNotFound"),
            (&contoso, "00000000-0000-0000-0000-000000000009".to_owned(), "ApplicationNotFound"),
            (&fabrikam, made.id.to_string(), "ApplicationNotFound"),
        ] {
            let found = application_find(&house.ctx, &house.db, tenant.id, &id).await;
            assert_eq!(told(found), expected, "{id} in {}", tenant.name);
        }
        let found = application_find(&house.ctx, &house.db, contoso.id, &made.id.to_string()).await.unwrap();
        assert_eq!(found, made, "what is read is what was written");
    });
}

#[test]
fn registering_is_for_those_who_manage_applications() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let fabrikam = house.create(TenantKind::Partner, "fabrikam").await.unwrap();
        for (ctx, expected) in [
            (user_of(&house, &contoso, &[DirectoryRole::ApplicationAdmin]), "ok"),
            (user_of(&house, &contoso, &[DirectoryRole::GlobalAdmin]), "ok"),
            (user_of(&house, &contoso, &[DirectoryRole::HelpdeskAdmin]), "Forbidden"),
            (user_of(&house, &contoso, &[]), "Forbidden"),
            (user_of(&house, &fabrikam, &[DirectoryRole::GlobalAdmin]), "TenantNotFound"),
        ] {
            let new = NewApplication { settings: settings("Panel"), ..NewApplication::default() };
            let made = application_create(&ctx, &house.db, contoso.id, new).await;
            assert_eq!(told(made), expected, "{:?}", ctx.caller);
        }
    });
}

#[test]
fn what_an_application_says_of_itself_is_checked() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let panel = registered(&house, &contoso, settings("Panel")).await;
        let one = |text: &str| Some(vec![text.to_owned()]);
        let nothing = ApplicationChange::default;
        for (change, expected) in [
            (ApplicationChange { name: Some("  ".to_owned()), ..nothing() }, "MissingField"),
            (ApplicationChange { name: Some("a\nb".to_owned()), ..nothing() }, "InvalidField"),
            (ApplicationChange { reply_urls: one("http://panel.contoso.test/"), ..nothing() }, "InvalidField"),
            (ApplicationChange { public_reply_urls: one("javascript:alert(1)"), ..nothing() }, "InvalidField"),
            (ApplicationChange { identifier_uris: one("https://graph.windows.net/"), ..nothing() }, "InvalidField"),
            (ApplicationChange { homepage: Some(Some("not a page".to_owned())), ..nothing() }, "InvalidField"),
            (ApplicationChange { identifier_uris: one("api://contoso/panel"), ..nothing() }, "ok"),
            (ApplicationChange { homepage: Some(Some("https://contoso.test/".to_owned())), ..nothing() }, "ok"),
            (ApplicationChange { homepage: Some(None), ..nothing() }, "ok"),
        ] {
            let outcome =
                application_change(&house.ctx, &house.db, contoso.id, &panel.id.to_string(), change.clone()).await;
            assert_eq!(told(outcome), expected, "{change:?}");
        }
        // What was not named stays.
        let after = application_find(&house.ctx, &house.db, contoso.id, &panel.id.to_string()).await.unwrap();
        let expected = Application { identifier_uris: vec!["api://contoso/panel".to_owned()], ..panel };
        assert_eq!(after, expected);
    });
}

#[test]
fn the_name_of_an_api_is_one_applications_in_the_whole_world() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let fabrikam = house.create(TenantKind::Partner, "fabrikam").await.unwrap();
        let named = |uri: &str| ApplicationChange { identifier_uris: Some(vec![uri.to_owned()]), ..settings("Panel") };
        let panel = registered(&house, &contoso, named("api://panel")).await;
        let taken = NewApplication { settings: named("API://Panel"), ..NewApplication::default() };
        let refused = application_create(&house.ctx, &house.db, fabrikam.id, taken).await;
        assert_eq!(reason(refused), Some(Reason::AlreadyExists));
        assert!(
            application_page(&house.ctx, &house.db, fabrikam.id, false, None, 10).await.unwrap().is_empty(),
            "nothing half done"
        );

        // Deleted, it lets go of the name; and has to take another if somebody was faster.
        let id = panel.id.to_string();
        application_delete(&house.ctx, &house.db, contoso.id, &id).await.unwrap();
        registered(&house, &fabrikam, named("api://panel")).await;
        let restored = application_restore(&house.ctx, &house.db, contoso.id, &id, None).await;
        assert_eq!(reason(restored), Some(Reason::AlreadyExists));
        let other = Some(vec!["api://panel-2".to_owned()]);
        let restored = application_restore(&house.ctx, &house.db, contoso.id, &id, other).await.unwrap();
        assert_eq!((restored.identifier_uris, restored.deleted_at), (vec!["api://panel-2".to_owned()], None));
    });
}

#[test]
fn a_deleted_application_is_gone_at_once_and_can_come_back_for_thirty_days() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[Role::AdminAgent]).await;
        let (tenant, id) = (app.tenant.id, app.made.app.to_string());
        let bearer = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        let identity = house.verify(&bearer, &[PARTNER_CENTER]).await.unwrap();

        application_delete(&house.ctx, &house.db, tenant, &id).await.unwrap();
        assert_eq!(house.verify(&bearer, &[PARTNER_CENTER]).await, Err(Reason::TokenInvalid));
        let refused = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap_err();
        assert_eq!(refused.code(), 700_016);
        for (outcome, expected) in [
            (told(application_find(&house.ctx, &house.db, tenant, &id).await), "ApplicationNotFound"),
            (told(deleted_application_find(&house.ctx, &house.db, tenant, &id).await), "ok"),
            (told(application_delete(&house.ctx, &house.db, tenant, &id).await), "ApplicationNotFound"),
            (told(service_principal_find(&house.ctx, &house.db, tenant, &id).await), "ObjectNotFound"),
        ] {
            assert_eq!(outcome, expected);
        }

        application_restore(&house.ctx, &house.db, tenant, &id, None).await.unwrap();
        assert_eq!(house.verify(&bearer, &[PARTNER_CENTER]).await, Ok(identity), "with its roles");
        assert!(house.issue(&app, &app.secret, PARTNER_CENTER).await.is_ok(), "with its secret");
        assert_eq!(
            told(application_restore(&house.ctx, &house.db, tenant, &id, None).await),
            "ApplicationNotFound",
            "it is not deleted any more"
        );
    });
}

#[test]
fn thirty_days_after_its_last_deletion_an_application_is_erased() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[Role::AdminAgent]).await;
        let (tenant, id) = (app.tenant.id, app.made.app.to_string());
        application_delete(&house.ctx, &house.db, tenant, &id).await.unwrap();
        application_restore(&house.ctx, &house.db, tenant, &id, None).await.unwrap();
        house.advance("2026-01-20T16:00:00Z");
        application_delete(&house.ctx, &house.db, tenant, &id).await.unwrap();

        let second = house.ctx.now().plus_seconds(APPLICATION_KEPT_SECONDS);
        for (at, deleted) in [("2026-02-09T16:00:00Z", 1), ("2026-02-19T16:00:00Z", 0)] {
            house.advance(at);
            while let Some(due) = job::next_due(&house.db, house.ctx.now()).await.unwrap() {
                assert!(due.due_at <= second);
                application_erase_due(&house.ctx, &house.db, &due).await.unwrap();
                let again = application_erase_due(&house.ctx, &house.db, &due).await;
                assert_eq!(again.map_err(|problem| problem.reason()), Err(Reason::WorldBusy), "done already");
            }
            let page = application_page(&house.ctx, &house.db, tenant, true, None, 10).await.unwrap();
            assert_eq!(page.len(), deleted, "{at}");
        }
        let mut reader = house.db.reader().await.unwrap();
        for text in [
            "SELECT 1 AS x FROM application",
            "SELECT 1 AS x FROM service_principal",
            "SELECT 1 AS x FROM application_secret",
            "SELECT 1 AS x FROM permission_grant",
            "SELECT 1 AS x FROM app_role_assignment",
            "SELECT 1 AS x FROM group_member",
        ] {
            assert!(sql(text).maybe(&mut reader).await.unwrap().is_none(), "{text}");
        }
    });
}

#[test]
fn an_admin_erases_what_is_deleted_and_nothing_else() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let id = registered(&house, &contoso, settings("Panel")).await.id.to_string();
        let erase = || application_erase(&house.ctx, &house.db, contoso.id, &id);
        assert_eq!(told(erase().await), "ApplicationNotFound", "not deleted");
        application_delete(&house.ctx, &house.db, contoso.id, &id).await.unwrap();
        assert_eq!(told(erase().await), "ok");
        assert_eq!(told(erase().await), "ApplicationNotFound", "gone");
    });
}

#[test]
fn pages_follow_each_other_without_gaps() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Partner, "contoso").await.unwrap();
        for number in 0..7 {
            let made = registered(&house, &contoso, settings(&format!("Panel {number}"))).await;
            member(&house, &contoso, made.app).await;
        }
        let (mut applications, mut principals) = (Vec::new(), Vec::new());
        loop {
            let after = applications.last().map(|found: &Application| found.id);
            let page = application_page(&house.ctx, &house.db, contoso.id, false, after, 3).await.unwrap();
            if page.is_empty() {
                break;
            }
            applications.extend(page);
        }
        loop {
            let after = principals.last().copied();
            let page = service_principal_page(&house.ctx, &house.db, contoso.id, after, 3).await.unwrap();
            if page.is_empty() {
                break;
            }
            assert!(page.len() <= 3);
            principals.extend(page.iter().map(|found| found.id));
        }
        assert_eq!(applications.len(), 7);
        // The field's own APIs are members of each tenant.
        assert_eq!(principals.len(), 7 + 5);
        assert!(principals.is_sorted(), "{principals:?}");
    });
}

#[test]
fn a_service_principal_is_made_once_and_for_applications_the_tenant_can_have() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let fabrikam = house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        let own = registered(&house, &contoso, settings("Own")).await.app;
        let shared = ApplicationChange { multi_tenant: Some(true), ..settings("Shared") };
        let shared = registered(&house, &contoso, shared).await.app;
        let graph = crate::applications_house::GRAPH;
        for (tenant, app, expected) in [
            (&contoso, own, "ok"),
            (&contoso, own, "AlreadyExists"),
            (&fabrikam, own, "ApplicationNotFound"),
            (&fabrikam, shared, "ok"),
            (&fabrikam, graph, "AlreadyExists"),
        ] {
            let settings = ServicePrincipalChange::default();
            let made = service_principal_create(&house.ctx, &house.db, tenant.id, app, settings).await;
            assert_eq!(told(made), expected, "{app} in {}", tenant.name);
        }
        let found = service_principal_find(&house.ctx, &house.db, fabrikam.id, &shared.to_string()).await.unwrap();
        assert_eq!((found.home, found.name.as_str(), found.enabled), (contoso.id, "Shared", true));

        let graph = graph.to_string();
        let off = ServicePrincipalChange { enabled: Some(false), ..ServicePrincipalChange::default() };
        let refused = service_principal_change(&house.ctx, &house.db, fabrikam.id, &graph, off).await;
        assert_eq!(told(refused), "Unsupported");
        let refused = service_principal_delete(&house.ctx, &house.db, fabrikam.id, &graph).await;
        assert_eq!(told(refused), "Unsupported");
    });
}

#[test]
fn a_tenant_switches_an_application_off_for_itself() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let (tenant, id) = (app.tenant.id, app.made.principal.to_string());
        let bearer = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        for (enabled, expected) in [(false, Some(Reason::TokenInvalid)), (true, None)] {
            let change = ServicePrincipalChange { enabled: Some(enabled), ..ServicePrincipalChange::default() };
            service_principal_change(&house.ctx, &house.db, tenant, &id, change).await.unwrap();
            assert_eq!(house.verify(&bearer, &[PARTNER_CENTER]).await.err(), expected, "{enabled}");
        }
        service_principal_delete(&house.ctx, &house.db, tenant, &id).await.unwrap();
        assert_eq!(house.verify(&bearer, &[PARTNER_CENTER]).await, Err(Reason::TokenInvalid));
    });
}
