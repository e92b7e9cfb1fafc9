//! People and applications of the world, and the tokens they call with: got as any client gets them, by client secret,
//! by name and password, and by refresh token.

use crate::cast::{Caller, SignIn};
use crate::seed::Seeded;
use std::collections::BTreeMap;
use tenantry_core::{DirectoryRole, ObjectId, OpContext, Role, Secret, TenantId};
use tenantry_directory::{
    Endpoint, IssuedToken, NewUser, Profile, SignInRules, TokenRequest, User, UserKind, application_register,
    directory_role_member_add, role_assign, token_issue, user_create,
};
use tenantry_worlds::World;

const PASSWORD: &str = "correct horse 7 battery";

/// An application, as who holds its secret knows it.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) principal: ObjectId,
    pub(crate) tenant: TenantId,
    secret: Secret,
}

/// Who can sign in, by their words in `cast.rs`.
#[derive(Debug, Default)]
pub(crate) struct People {
    pub(crate) apps: BTreeMap<&'static str, App>,
    /// A person, and the application it signs in with.
    people: BTreeMap<&'static str, (User, &'static str)>,
}

impl People {
    /// Registers an application. Its name tells whose it is, so that a leak shows.
    pub(crate) async fn app(
        &mut self,
        world: &World,
        word: &'static str,
        tenant: TenantId,
        company: &str,
        roles: &[Role],
    ) {
        let mut tx = world.db().begin().await.unwrap();
        let name = format!("{company} tool: {word}");
        let (made, secret) = application_register(&ctx(world), &mut tx, tenant, &name, roles).await.unwrap();
        tx.commit().await.unwrap();
        self.apps.insert(word, App { id: made.app.to_string(), principal: made.principal, tenant, secret });
    }

    /// Makes a person that signs in with one of the applications.
    pub(crate) async fn person(
        &mut self,
        world: &World,
        word: &'static str,
        (tenant, domain): (TenantId, &str),
        app: &'static str,
        roles: Held<'_>,
    ) -> User {
        let user = user(world, word, tenant, domain).await;
        match roles {
            Held::Channel(roles) => {
                let mut tx = world.db().begin().await.unwrap();
                for role in roles {
                    role_assign(&ctx(world), &mut tx, tenant, user.id, *role).await.unwrap();
                }
                tx.changes_access();
                tx.commit().await.unwrap();
            }
            Held::Directory(roles) => {
                for role in roles {
                    directory_role_member_add(&ctx(world), world.db(), tenant, *role, user.id).await.unwrap();
                }
            }
        }
        self.people.insert(word, (user.clone(), app));
        user
    }

    /// A token for an API; for a person in the customer's tenant if it acts there.
    pub(crate) async fn token(&self, world: &World, caller: &Caller, api: &str, seeded: &Seeded) -> Option<String> {
        match caller.sign_in {
            SignIn::No => None,
            SignIn::App(word) => {
                let app = &self.apps[word];
                let request = TokenRequest {
                    grant_type: Some("client_credentials"),
                    resource: Some(api),
                    ..TokenRequest::new(Endpoint::V1, "")
                };
                Some(token_of(issue(world, app, app.tenant, request).await.unwrap()))
            }
            SignIn::Person(word) => Some(token_of(self.sign_in(world, word, None, api).await.unwrap())),
            SignIn::Delegated(word) => {
                Some(token_of(self.sign_in(world, word, Some(seeded.customer), api).await.unwrap()))
            }
            SignIn::DelegatedBelow(word) => {
                let customer = TenantId::parse(seeded.things.get("tier customer")).unwrap();
                Some(token_of(self.sign_in(world, word, Some(customer), api).await.unwrap()))
            }
        }
    }

    /// Whether somebody is of the owner, the first partner, wherever it acts.
    pub(crate) fn is_of_owner(&self, sign_in: SignIn) -> bool {
        let app = match sign_in {
            SignIn::No => return false,
            SignIn::App(word) => word,
            SignIn::Person(word) | SignIn::Delegated(word) | SignIn::DelegatedBelow(word) => self.people[word].1,
        };
        app.starts_with("owner ")
    }

    /// Signs a person in, in the own tenant unless another is named.
    pub(crate) async fn sign_in(
        &self,
        world: &World,
        word: &str,
        tenant: Option<TenantId>,
        api: &str,
    ) -> Result<IssuedToken, String> {
        let (user, app) = &self.people[word];
        let request = TokenRequest {
            grant_type: Some("password"),
            resource: Some(api),
            username: Some(&user.name),
            password: Some(&Secret::new(PASSWORD)),
            ..TokenRequest::new(Endpoint::V1, "")
        };
        issue(world, &self.apps[app], tenant.unwrap_or(user.tenant), request).await
    }
}

/// The roles of a person: of the channel, or of the directory alone.
pub(crate) enum Held<'a> {
    Channel(&'a [Role]),
    Directory(&'a [DirectoryRole]),
}

/// Somebody who never signs in, or not by these tests.
pub(crate) async fn user(world: &World, word: &str, tenant: TenantId, domain: &str) -> User {
    let nickname = word.replace(' ', "-");
    let new = NewUser {
        name: format!("{nickname}@{domain}"),
        profile: Profile {
            usage_location: Some("US".to_owned()),
            ..Profile::named(format!("{word} of {domain}"), &nickname)
        },
        kind: UserKind::Member,
        enabled: true,
        password: Secret::new(PASSWORD),
        change_password: false,
    };
    user_create(&ctx(world), world.db(), tenant, new).await.unwrap()
}

pub(crate) fn ctx(world: &World) -> OpContext {
    world.system("test")
}

async fn issue(world: &World, app: &App, tenant: TenantId, request: TokenRequest<'_>) -> Result<IssuedToken, String> {
    let tenant = tenant.to_string();
    let request =
        TokenRequest { tenant: &tenant, client_id: Some(&app.id), client_secret: Some(&app.secret), ..request };
    let rules = SignInRules { password_grant: true, ..SignInRules::default() };
    let issued = token_issue(&ctx(world), world.db(), world.keys(), &rules, &request).await;
    issued.map_err(|refusal| format!("{refusal:?}"))
}

fn token_of(issued: IssuedToken) -> String {
    issued.access_token.reveal().to_owned()
}
