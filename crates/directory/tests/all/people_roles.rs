//! Directory roles: every tenant has them, and giving one is not everybody's business.

use crate::house::in_a_house;
use crate::people_house::{NOBODY, admin, by_user, reason, user};
use tenantry_core::{DirectoryRole, Reason, TenantKind};
use tenantry_directory::{
    NewGroup, directory_role_activate, directory_role_find, directory_role_list, directory_role_member_add,
    directory_role_member_remove, directory_role_members, group_create,
};
use uuid::Uuid;

#[test]
fn every_tenant_has_every_role_once_it_is_activated() {
    in_a_house(|house| async move {
        for (kind, prefix) in
            [(TenantKind::Provider, "root"), (TenantKind::Partner, "contoso"), (TenantKind::Customer, "northwind")]
        {
            let tenant = house.create(kind, prefix).await.unwrap().id;
            let (ctx, db) = (&house.ctx, &house.db);
            let listed = directory_role_list(ctx, db, tenant).await.unwrap();
            assert_eq!(listed.iter().map(|role| role.role).collect::<Vec<_>>(), [DirectoryRole::GlobalAdmin]);
            for role in DirectoryRole::ALL {
                let first = directory_role_activate(ctx, db, tenant, role.template()).await;
                let expected = (role == DirectoryRole::GlobalAdmin).then_some(Reason::AlreadyExists);
                assert_eq!(reason(first), expected, "{role}");
                let found = directory_role_find(ctx, db, tenant, &role.template().to_string()).await.unwrap();
                let by_id = directory_role_find(ctx, db, tenant, &found.id.to_string().to_uppercase()).await.unwrap();
                assert_eq!((found.role, found), (role, by_id));
            }
            assert_eq!(directory_role_list(ctx, db, tenant).await.unwrap().len(), DirectoryRole::ALL.len());
            let unknown = directory_role_activate(ctx, db, tenant, Uuid::from_u128(9)).await;
            assert_eq!(reason(unknown), Some(Reason::ObjectNotFound));
            for name in ["", "Global Administrator", &NOBODY.to_string()] {
                let missing = directory_role_find(ctx, db, tenant, name).await;
                assert_eq!(reason(missing), Some(Reason::ObjectNotFound), "{name}");
            }
        }
    });
}

#[test]
fn users_and_applications_hold_roles() {
    in_a_house(|house| async move {
        let partner = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let stranger = house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        let (ctx, db, tenant) = (&house.ctx, &house.db, partner.id);
        let (clerk, foreign) = (user(&house, &partner, "clerk").await, user(&house, &stranger, "clerk").await);
        let app = house.app(&partner, &[]).await.made.principal;
        let new = NewGroup {
            display_name: "Sales".into(),
            mail_nickname: "sales".into(),
            description: None,
            mail_enabled: false,
            security_enabled: true,
        };
        let sales = group_create(ctx, db, tenant, new).await.unwrap().id;
        let role = DirectoryRole::LicenceAdmin;
        for (principal, expected) in [
            (clerk.id, None),
            (clerk.id, Some(Reason::AlreadyExists)),
            (app, None),
            (sales, Some(Reason::InvalidField)),
            (foreign.id, Some(Reason::ObjectNotFound)),
            (NOBODY, Some(Reason::ObjectNotFound)),
        ] {
            let added = directory_role_member_add(ctx, db, tenant, role, principal).await;
            assert_eq!(reason(added), expected, "{principal}");
        }
        let mut expected = vec![clerk.id, app];
        expected.sort();
        let seen = directory_role_members(ctx, db, tenant, role).await.unwrap();
        assert_eq!(seen.iter().map(|object| object.id()).collect::<Vec<_>>(), expected);
        for expected in [None, Some(Reason::ObjectNotFound)] {
            assert_eq!(reason(directory_role_member_remove(ctx, db, tenant, role, app).await), expected);
        }
        assert_eq!(directory_role_members(ctx, db, stranger.id, role).await.unwrap(), []);
    });
}

#[test]
fn giving_roles_needs_the_right_to() {
    in_a_house(|house| async move {
        let kind = TenantKind::Customer;
        let tenant = house.create(kind, "northwind").await.unwrap();
        let clerk = user(&house, &tenant, "clerk").await;
        admin(&house, &tenant, "boss", DirectoryRole::GlobalAdmin).await;
        for (held, expected) in [
            (None, Some(Reason::Forbidden)),
            (Some(DirectoryRole::UserAdmin), Some(Reason::Forbidden)),
            (Some(DirectoryRole::GroupsAdmin), Some(Reason::Forbidden)),
            (Some(DirectoryRole::PrivilegedRoleAdmin), None),
            (Some(DirectoryRole::GlobalAdmin), None),
        ] {
            let ctx = by_user(&house, (tenant.id, kind), &clerk, &held.into_iter().collect::<Vec<_>>());
            let role = DirectoryRole::GlobalAdmin;
            let given = directory_role_member_add(&ctx, &house.db, tenant.id, role, clerk.id).await;
            assert_eq!(reason(given), expected, "{held:?} gives");
            let taken = directory_role_member_remove(&ctx, &house.db, tenant.id, role, clerk.id).await;
            assert_eq!(reason(taken), expected, "{held:?} takes");
        }
    });
}
