//! What an application is to customers stays guarded while it is switched off: who may not make administrators does not
//! become one by switching it off, changing it, and switching it on.

use crate::applications_house::{settings, told, user_of};
use crate::house::in_a_house;
use tenantry_core::{DirectoryRole, Role, TenantKind};
use tenantry_directory::{
    ApplicationChange, NewSecret, ServicePrincipalChange, application_change, application_disable,
    credential_add_secret, service_principal_change, service_principal_delete,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Off {
    Not,
    /// Its service principal at home.
    Principal,
    /// The service principal at home is gone; the application has the older flag.
    PrincipalGone,
    /// The application.
    Application,
    /// Not for other tenants at present.
    SingleTenant,
}

#[test]
fn a_partner_managed_application_is_guarded_however_it_is_switched_off() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let helper = user_of(&house, &contoso, &[DirectoryRole::ApplicationAdmin]);
        for off in [Off::Not, Off::Principal, Off::PrincipalGone, Off::Application, Off::SingleTenant] {
            let app = house.app(&contoso, &[Role::AdminAgent]).await.made;
            let (id, principal) = (app.app.to_string(), app.principal.to_string());
            let (ctx, db, tenant) = (&house.ctx, &house.db, contoso.id);
            let change = |change| application_change(ctx, db, tenant, &id, change);
            match off {
                Off::Not => {}
                Off::Principal => {
                    let change = ServicePrincipalChange { enabled: Some(false), ..ServicePrincipalChange::default() };
                    service_principal_change(&helper, db, tenant, &principal, change).await.unwrap();
                }
                Off::PrincipalGone => {
                    let silent = Some(true);
                    let flag = ApplicationChange {
                        silent_consent_for_partner_managed_app: silent,
                        ..ApplicationChange::default()
                    };
                    change(flag).await.unwrap();
                    service_principal_delete(&helper, db, tenant, &principal).await.unwrap();
                }
                Off::Application => {
                    let mut tx = house.begin().await;
                    application_disable(ctx, &mut tx, tenant, app.app).await.unwrap();
                    tx.commit().await.unwrap();
                }
                Off::SingleTenant => {
                    let single = ApplicationChange { multi_tenant: Some(false), ..ApplicationChange::default() };
                    change(single).await.unwrap();
                }
            }
            let wants = || ApplicationChange { required_access: settings("x").required_access, ..Default::default() };
            let asked = application_change(&helper, db, tenant, &id, wants()).await;
            assert_eq!(told(asked), "Forbidden", "{off:?}: what it gets at customers");
            let secret = credential_add_secret(&helper, db, tenant, &id, NewSecret::default()).await;
            assert_eq!(told(secret), "Forbidden", "{off:?}: being it");
            let plain = ApplicationChange { name: Some("Desk".to_owned()), ..ApplicationChange::default() };
            assert_eq!(told(application_change(&helper, db, tenant, &id, plain).await), "ok", "{off:?}: its name");
            assert_eq!(told(change(wants()).await), "ok", "{off:?}: by somebody who may");
        }
    });
}
