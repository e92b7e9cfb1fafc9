//! An administrator's desk: a partner's tenant, an application and a user that hold its Global Administrator role, and
//! a protocol of what was said.

use crate::masked::Mask;
use serde_json::{Value, json};
use tenantry_commerce::Customer;
use tenantry_core::{DirectoryRole, Identity, ObjectId, OpContext, Role, Secret, TenantId, TenantKind};
use tenantry_directory::{
    Endpoint, GivenTo, NewGrant, NewUser, Profile, SignInRules, TokenRequest, User, UserKind, application_register,
    directory_role_member_add, permission_grant_create, service_principal_find, token_issue, user_create,
};
use tenantry_testkit::{App, Bench, Channel, Client, ORIGIN, Reply, SUFFIX, golden};

pub(crate) const PASSWORD: &str = "correct horse 7 battery";

/// The client ids of the two APIs.
pub(crate) const AAD: &str = "00000002-0000-0000-c000-000000000000";
pub(crate) const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

pub(crate) struct Desk {
    pub(crate) channel: Channel,
    pub(crate) client: Client,
    pub(crate) tenant: TenantId,
    /// An application with the Global Administrator role.
    pub(crate) app: App,
    /// The same with the provider's, for what needs no more.
    pub(crate) token: String,
    /// What every query of the API ends in.
    suffix: &'static str,
    /// What stands before every path.
    prefix: &'static str,
    protocol: String,
    mask: Mask,
}

impl Desk {
    /// A desk of Azure AD Graph in a fresh world at 2026-01-10T16:00:00Z.
    pub(crate) async fn aad(bench: &Bench) -> Self {
        Self::new(bench, tenantry_directory::DIRECTORY_GRAPH, "/myorganization", "api-version=1.6").await
    }

    /// A desk of Microsoft Graph.
    pub(crate) async fn graph(bench: &Bench) -> Self {
        Self::new(bench, tenantry_directory::MICROSOFT_GRAPH, "/v1.0", "").await
    }

    async fn new(bench: &Bench, resource: &str, prefix: &'static str, suffix: &'static str) -> Self {
        let channel = Channel::new(&bench.world("2026-01-10T16:00:00Z").await).await;
        let tenant = channel.partner.tenant;
        let app = application(&channel, (tenant, TenantKind::Partner), "Directory tool", &[Role::AdminAgent]).await;
        let ctx = channel.world().system("test");
        let (db, principal) = (channel.world().db(), app.identity.principal);
        directory_role_member_add(&ctx, db, tenant, DirectoryRole::GlobalAdmin, principal).await.unwrap();
        let client = Client::of(channel.world(), tenantry_face_graph::faces(ORIGIN));
        let token = channel.token(&app, resource).await;
        Self { channel, client, tenant, app, token, suffix, prefix, protocol: String::new(), mask: Mask::default() }
    }

    /// The whole path of a path below the tenant, with the version.
    pub(crate) fn path(&self, path: &str) -> String {
        let (prefix, path) = (self.prefix, path.replace(' ', "%20"));
        let joint = if path.contains('?') { "&" } else { "?" };
        if self.suffix.is_empty() { format!("{prefix}{path}") } else { format!("{prefix}{path}{joint}{}", self.suffix) }
    }

    /// Sends `GET /users` as the application, with a body, which may be empty.
    pub(crate) async fn send(&self, what: &str, body: &str) -> Reply {
        let (method, path) = what.split_once(' ').unwrap();
        self.send_as(&self.token, method, &self.path(path), body).await
    }

    /// Sends, and looks at nothing but the status.
    pub(crate) async fn gives(&self, status: u16, what: &str, body: &str) {
        let reply = self.send(what, body).await;
        assert_eq!(reply.status, status, "{what}: {reply}");
    }

    /// Sends with another token, to a whole path.
    pub(crate) async fn send_as(&self, token: &str, method: &str, path: &str, body: &str) -> Reply {
        self.client.request(method, path).token(token).body(body).send().await
    }

    /// The body of a GET that must be there.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.send(&format!("GET {path}"), "").await.expect(200).json()
    }

    /// Sends, and writes request and answer into the protocol.
    pub(crate) async fn say(&mut self, what: &str, body: &str) -> Reply {
        let reply = self.send(what, body).await;
        let mut said = format!("> {what}\n");
        if !body.is_empty() {
            said.push_str(&format!("> {body}\n"));
        }
        said.push_str(&format!("< {}\n", reply.status));
        for name in ["content-type", "location", "dataserviceversion", "odata-version"] {
            if !reply.header(name).is_empty() {
                said.push_str(&format!("< {name}: {}\n", reply.header(name)));
            }
        }
        if !reply.body.is_empty() {
            said.push_str(&format!("{:#}\n", reply.json()));
        }
        self.protocol.push_str(&self.mask.of(&said));
        self.protocol.push('\n');
        reply
    }

    /// Compares the protocol with a committed one.
    pub(crate) fn compare(&self, name: &str) {
        golden(env!("CARGO_MANIFEST_DIR"), &format!("tests/golden/{name}.txt"), &self.protocol);
    }

    /// A context of the platform itself, for what the test prepares.
    pub(crate) fn ctx(&self) -> OpContext {
        self.channel.world().system("test")
    }

    /// A user of the desk's tenant: `clerk` is clerk@contoso.example.test.
    pub(crate) async fn user(&self, name: &str) -> User {
        user(&self.channel, self.tenant, &format!("{name}@contoso.{SUFFIX}")).await
    }

    /// A user with a directory role.
    pub(crate) async fn admin(&self, name: &str, role: DirectoryRole) -> User {
        let user = self.user(name).await;
        let db = self.channel.world().db();
        directory_role_member_add(&self.ctx(), db, self.tenant, role, user.id).await.unwrap();
        user
    }

    /// A token of a user with the desk's application, which everybody has consented to.
    pub(crate) async fn user_token(&self, user: &User, api: &str, resource: &str) -> String {
        let (ctx, db) = (self.ctx(), self.channel.world().db());
        let resource_principal = service_principal_find(&ctx, db, self.tenant, api).await.unwrap();
        let scopes = ["Directory.AccessAsUser.All", "User.Read"];
        let new = NewGrant {
            client: self.app.identity.principal,
            given_to: GivenTo::Everybody,
            resource: resource_principal.id,
            scopes: scopes.map(str::to_owned).into(),
        };
        // A second user comes after the consent.
        let _ = permission_grant_create(&ctx, db, self.tenant, new).await;
        let tenant = self.tenant.to_string();
        let request = TokenRequest {
            grant_type: Some("password"),
            client_id: Some(&self.app.identity.app.to_string()),
            client_secret: Some(&self.app.secret),
            resource: Some(resource),
            username: Some(&user.name),
            password: Some(&Secret::new(PASSWORD)),
            ..TokenRequest::new(Endpoint::V1, &tenant)
        };
        let rules = SignInRules { password_grant: true, ..SignInRules::default() };
        let keys = self.channel.world().keys();
        let issued = token_issue(&ctx, db, keys, &rules, &request).await.unwrap();
        issued.access_token.reveal().to_owned()
    }

    /// A customer of the partner with some seats of a product.
    pub(crate) async fn customer_with_seats(&self, seats: i64) -> Customer {
        let customer = self.channel.customer("Northwind").await;
        self.channel.order_seats(&customer, seats).await;
        customer
    }

    /// A token of an application of a customer that holds its Global Administrator role.
    pub(crate) async fn customer_token(&self, customer: &Customer, resource: &str) -> String {
        let tenant = (customer.id, TenantKind::Customer);
        let app = application(&self.channel, tenant, "Their own tool", &[]).await;
        let (db, principal) = (self.channel.world().db(), app.identity.principal);
        directory_role_member_add(&self.ctx(), db, customer.id, DirectoryRole::GlobalAdmin, principal).await.unwrap();
        self.channel.token(&app, resource).await
    }
}

/// An application of a tenant.
pub(crate) async fn application(
    channel: &Channel,
    (tenant, kind): (TenantId, TenantKind),
    name: &str,
    roles: &[Role],
) -> App {
    let world = channel.world();
    let mut tx = world.db().begin().await.unwrap();
    let (made, secret) = application_register(&world.system("test"), &mut tx, tenant, name, roles).await.unwrap();
    tx.commit().await.unwrap();
    let identity = Identity::application(made.app, made.principal, (tenant, kind), roles.iter().copied());
    App { identity, secret }
}

/// A user of a tenant.
pub(crate) async fn user(channel: &Channel, tenant: TenantId, name: &str) -> User {
    let world = channel.world();
    let nickname = name.split('@').next().unwrap().to_owned();
    let new = NewUser {
        name: name.to_owned(),
        profile: Profile { usage_location: Some("US".to_owned()), ..Profile::named(&nickname, &nickname) },
        kind: UserKind::Member,
        enabled: true,
        password: Secret::new(PASSWORD),
        change_password: false,
    };
    user_create(&world.system("test"), world.db(), tenant, new).await.unwrap()
}

/// The ids of a page.
pub(crate) fn ids(page: &Value) -> Vec<String> {
    let of = |item: &Value| item.get("objectId").or_else(|| item.get("id")).unwrap().as_str().unwrap().to_owned();
    page["value"].as_array().unwrap().iter().map(of).collect()
}

/// The code of a refusal of Azure AD Graph.
pub(crate) fn code(reply: &Reply) -> String {
    let body = reply.json();
    let error = &body["odata.error"];
    assert!(error["message"]["value"].as_str().is_some_and(|said| !said.is_empty()), "{reply}");
    assert_eq!(error["message"]["lang"], "en", "{reply}");
    assert_eq!(error["requestId"], reply.header("request-id"), "{reply}");
    assert!(error["date"].is_string(), "{reply}");
    error["code"].as_str().unwrap().to_owned()
}

/// The code of a refusal of Microsoft Graph.
pub(crate) fn fault(reply: &Reply) -> String {
    let body = reply.json();
    let error = &body["error"];
    assert!(error["message"].as_str().is_some_and(|said| !said.is_empty()), "{reply}");
    assert_eq!(error["innerError"]["request-id"], reply.header("request-id"), "{reply}");
    assert!(error["innerError"]["date"].is_string(), "{reply}");
    error["code"].as_str().unwrap().to_owned()
}

/// The body that names an object by its address.
pub(crate) fn link(id: ObjectId) -> String {
    json!({"url": format!("https://graph.windows.net/contoso.test/directoryObjects/{id}")}).to_string()
}
