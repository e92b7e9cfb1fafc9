//! Nothing half done: an act that changes several things changes all of them, or none when one is refused.

use crate::applications_house::{WEAK, settings};
use crate::house::in_a_house;
use crate::people_house::{GOOD, NOBODY, OTHER, admin, by_user, secret, told, user};
use tenantry_core::{DirectoryRole, Secret, TenantKind};
use tenantry_directory::{
    ApplicationChange, CredentialsChange, GroupChange, GroupPeople, NewApplication, NewCertificate, NewGroup,
    NewPassword, NewSecret, ProfileChange, SignInCheck, UserChange, application_change_with, application_create,
    application_find, credentials_of, group_change, group_create_with, group_find, group_members, group_page,
    sign_in_check, user_change, user_find,
};

fn in_berlin() -> ProfileChange {
    ProfileChange { city: Some(Some("Berlin".to_owned())), ..ProfileChange::default() }
}

fn with_password(text: &str, change: UserChange) -> UserChange {
    let password = NewPassword { password: secret(text), change_at_sign_in: true };
    UserChange { password: Some(password), ..change }
}

#[test]
fn a_user_is_changed_with_its_password_or_not_at_all() {
    in_a_house(|house| async move {
        let kind = TenantKind::Customer;
        let tenant = house.create(kind, "northwind").await.unwrap();
        let caller = user(&house, &tenant, "caller").await;
        user(&house, &tenant, "taken").await;
        let clerk = user(&house, &tenant, "clerk").await;
        let chief = admin(&house, &tenant, "chief", DirectoryRole::GlobalAdmin).await;
        let by = |role| by_user(&house, (tenant.id, kind), &caller, &[role]);
        let (helpdesk, users) = (by(DirectoryRole::HelpdeskAdmin), by(DirectoryRole::UserAdmin));
        let here = || UserChange { profile: in_berlin(), ..UserChange::default() };
        let named = |name: &str| UserChange { name: Some(format!("{name}@northwind.example.test")), ..here() };
        let nowhere = ProfileChange { usage_location: Some(Some("nowhere".to_owned())), ..in_berlin() };
        for (ctx, of, change, expected) in [
            (&house.ctx, &clerk, with_password("short", here()), "PasswordRefused"),
            (&house.ctx, &clerk, with_password(OTHER, named("taken")), "UserNameTaken"),
            (&house.ctx, &clerk, with_password(OTHER, UserChange { profile: nowhere, ..here() }), "InvalidField"),
            // The password may not hold the name the user is about to have.
            (&house.ctx, &clerk, with_password("Harbour-7", named("harbour")), "PasswordRefused"),
            (&helpdesk, &clerk, with_password(OTHER, here()), "Forbidden"),
            (&users, &chief, with_password(OTHER, here()), "Forbidden"),
            (&users, &chief, with_password(OTHER, UserChange::default()), "Forbidden"),
        ] {
            let shown = format!("{change:?}");
            assert_eq!(told(user_change(ctx, &house.db, tenant.id, of.id, change).await), expected, "{shown}");
            let seen = user_find(&house.ctx, &house.db, tenant.id, &of.id.to_string()).await.unwrap();
            assert_eq!(&seen, of, "{shown}");
            let check = sign_in_check(&house.ctx, &house.db, None, &of.name, &secret(GOOD)).await.unwrap();
            assert!(matches!(check, SignInCheck::Good(_)), "{shown}: the old password is the one still");
        }
        // A new password alone is what a helpdesk is for.
        let alone = with_password(OTHER, UserChange::default());
        let after = user_change(&helpdesk, &house.db, tenant.id, clerk.id, alone).await.unwrap();
        assert!(after.password_change_due && after.tokens_valid_from > clerk.tokens_valid_from);
        let both = with_password(GOOD, named("counter"));
        let after = user_change(&users, &house.db, tenant.id, clerk.id, both).await.unwrap();
        assert_eq!(user_find(&house.ctx, &house.db, tenant.id, &after.name).await.unwrap(), after);
        assert_eq!(after.profile.city.as_deref(), Some("Berlin"));
        let check = sign_in_check(&house.ctx, &house.db, None, &after.name, &secret(GOOD)).await.unwrap();
        assert!(matches!(check, SignInCheck::Good(_)), "{check:?}");
    });
}

#[test]
fn an_application_is_changed_with_its_credentials_or_not_at_all() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let new = NewApplication { settings: settings("Panel"), ..NewApplication::default() };
        let (before, _) = application_create(&house.ctx, &house.db, tenant.id, new).await.unwrap();
        let id = before.id.to_string();
        let weak = NewCertificate { certificate: WEAK.into(), ..NewCertificate::default() };
        let guessed = NewSecret { value: Some(Secret::new("password")), ..NewSecret::default() };
        let renamed = || ApplicationChange { name: Some("Desk".to_owned()), ..ApplicationChange::default() };
        let nameless = ApplicationChange { name: Some(" ".to_owned()), ..ApplicationChange::default() };
        let good = || CredentialsChange { secrets: Some(vec![made()]), certificates: None };
        for (change, credentials, expected) in [
            (renamed(), CredentialsChange { certificates: Some(vec![weak]), ..good() }, "InvalidField"),
            (renamed(), CredentialsChange { secrets: Some(vec![made(), guessed]), certificates: None }, "InvalidField"),
            (nameless, good(), "MissingField"),
        ] {
            let outcome = application_change_with(&house.ctx, &house.db, tenant.id, &id, change, credentials).await;
            assert_eq!(told(outcome), expected);
            assert_eq!(application_find(&house.ctx, &house.db, tenant.id, &id).await.unwrap(), before);
            let credentials = credentials_of(&house.ctx, &house.db, tenant.id, &id).await.unwrap();
            assert_eq!(credentials, tenantry_directory::Credentials::default());
        }
        application_change_with(&house.ctx, &house.db, tenant.id, &id, renamed(), good()).await.unwrap();
        let after = application_find(&house.ctx, &house.db, tenant.id, &id).await.unwrap();
        let credentials = credentials_of(&house.ctx, &house.db, tenant.id, &id).await.unwrap();
        assert_eq!((after.name.as_str(), credentials.secrets.len()), ("Desk", 1));
    });
}

/// A secret as a client makes one up.
fn made() -> NewSecret {
    NewSecret { value: Some(Secret::new("6f8b7a1e-53c2-4a55-9d0e-0b1f7f5a2c3d")), ..NewSecret::default() }
}

#[test]
fn a_group_is_made_and_changed_with_all_its_people_or_not_at_all() {
    in_a_house(|house| async move {
        let tenant = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let (ctx, db, tenant_id) = (&house.ctx, &house.db, tenant.id);
        let (clerk, operator) = (user(&house, &tenant, "clerk").await.id, user(&house, &tenant, "operator").await.id);
        let new = || NewGroup {
            display_name: "Team".to_owned(),
            mail_nickname: "team".to_owned(),
            description: None,
            mail_enabled: false,
            security_enabled: true,
        };
        for people in [
            GroupPeople { owners: vec![clerk], members: vec![operator, NOBODY] },
            GroupPeople { owners: vec![clerk, NOBODY], members: vec![operator] },
        ] {
            assert_eq!(told(group_create_with(ctx, db, tenant_id, new(), people).await), "ObjectNotFound");
            assert_eq!(group_page(ctx, db, tenant_id, None, 10).await.unwrap(), []);
        }
        let people = GroupPeople { owners: vec![operator], members: vec![clerk] };
        let group = group_create_with(ctx, db, tenant_id, new(), people).await.unwrap();
        for (new_members, expected) in [
            (vec![operator, NOBODY], "ObjectNotFound"),
            (vec![operator, clerk], "AlreadyExists"),
            (vec![operator, group.id], "GroupCircular"),
        ] {
            let change = GroupChange { display_name: Some("Other".to_owned()), new_members, ..GroupChange::default() };
            assert_eq!(told(group_change(ctx, db, tenant_id, group.id, change).await), expected);
            assert_eq!(group_find(ctx, db, tenant_id, group.id).await.unwrap(), group);
            assert_eq!(group_members(ctx, db, tenant_id, group.id).await.unwrap().len(), 1, "{expected}");
        }
        let epoch = db.access_epoch();
        let change = GroupChange { new_members: vec![operator], ..GroupChange::default() };
        assert_eq!(group_change(ctx, db, tenant_id, group.id, change).await.unwrap(), group);
        assert_eq!(group_members(ctx, db, tenant_id, group.id).await.unwrap().len(), 2);
        assert!(db.access_epoch() > epoch, "what is remembered is forgotten");
    });
}
