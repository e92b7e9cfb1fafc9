//! People who sign in: where an API wants a person and not just an application.

use crate::{App, Channel};
use tenantry_core::{Role, Secret};
use tenantry_directory::{
    Endpoint, NewUser, Profile, SignInRules, TokenRequest, UserKind, role_assign, token_issue, user_create,
};

const PASSWORD: &str = "correct horse 7 battery";

impl Channel {
    /// A bearer token for a new person of the application's tenant with these roles, signed in with that application by
    /// name and password. `name` is what stands before the `@`.
    pub async fn person_token(&self, app: &App, name: &str, roles: &[Role], resource: &str) -> String {
        let (world, tenant) = (self.world(), app.identity.tenant);
        let domain = if tenant == self.stranger.tenant { &self.stranger.domain } else { &self.partner.domain };
        let new = NewUser {
            name: format!("{name}@{domain}"),
            profile: Profile::named(format!("{name} of {domain}"), name),
            kind: UserKind::Member,
            enabled: true,
            password: Secret::new(PASSWORD),
            change_password: false,
        };
        let ctx = world.system("test");
        let user = user_create(&ctx, world.db(), tenant, new).await.unwrap();
        let mut tx = world.db().begin().await.unwrap();
        for role in roles {
            role_assign(&ctx, &mut tx, tenant, user.id, *role).await.unwrap();
        }
        tx.changes_access();
        tx.commit().await.unwrap();
        let (tenant, rules) = (tenant.to_string(), SignInRules { password_grant: true, ..SignInRules::default() });
        let request = TokenRequest {
            grant_type: Some("password"),
            client_id: Some(&app.identity.app.to_string()),
            client_secret: Some(&app.secret),
            resource: Some(resource),
            username: Some(&user.name),
            password: Some(&Secret::new(PASSWORD)),
            ..TokenRequest::new(Endpoint::V1, &tenant)
        };
        let issued = token_issue(&ctx, world.db(), world.keys(), &rules, &request).await;
        issued.unwrap_or_else(|refusal| panic!("{refusal:?}")).access_token.reveal().to_owned()
    }
}
