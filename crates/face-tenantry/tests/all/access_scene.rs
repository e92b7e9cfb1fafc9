//! What the tests of access share: two partners of one customer, people on each side, and tokens as people get them.

use crate::house::{House, in_a_house};
use serde_json::Value;
use std::fmt::Write;
use std::future::Future;
use tenantry_access::azure::{ArmScope, CONTRIBUTOR};
use tenantry_commerce::{
    Limits, PlaceLine, PlaceOrder, order_place, relationship_request_accept, relationship_request_create,
};
use tenantry_core::{Caller, DirectoryRole, OfferId, OpContext, Role, Secret, TenantId};
use tenantry_directory::{
    ApplicationChange, AssignmentNotes, Endpoint, NewAssignment, NewUser, Profile, SignInRules, TokenRequest, User,
    UserKind, application_change, consent_give_configured, directory_role_member_add, role_assign, role_assignment_put,
    token_issue, user_create,
};
use tenantry_testkit::{App, ORIGIN, Reply, USAGE_OFFER};

const PASSWORD: &str = "Correct-horse-7";

/// Somebody who signed in.
pub(crate) struct Person {
    pub(crate) user: User,
    pub(crate) token: String,
}

/// The house, in which the customer buys from both partners.
pub(crate) struct Scene {
    pub(crate) house: House,
    /// What the first partner sold.
    pub(crate) shop: String,
    /// What the second one sold.
    pub(crate) archive: String,
    /// The first partner's: in AdminAgents, and in HelpdeskAgents.
    pub(crate) agent: Person,
    pub(crate) helper: Person,
    /// In the second partner's AdminAgents.
    pub(crate) rival: Person,
    /// The customer's: a Global Administrator, and a Contributor at one machine of the shop.
    pub(crate) admin: Person,
    pub(crate) worker: Person,
}

/// Runs a test on each engine.
pub(crate) fn in_a_scene<F, Fut>(body: F)
where
    F: Fn(Scene) -> Fut,
    Fut: Future<Output = ()>,
{
    in_a_house(|house| {
        let body = &body;
        async move { body(Scene::open(house).await).await }
    });
}

impl Scene {
    async fn open(house: House) -> Self {
        let (customer, channel) = (house.customer.id, &house.channel);
        let shop = format!("/subscriptions/{}", house.subscription.id);
        let archive = sell(&house, channel.stranger.tenant, customer).await;
        for app in [&channel.partner_app, &channel.stranger_app] {
            open_to_people(&house, app).await;
        }
        let agent = agent(&house, "agent@contoso.example.test", Role::AdminAgent).await;
        let helper = self::agent(&house, "helper@contoso.example.test", Role::HelpdeskAgent).await;
        let rival = self::agent(&house, "rival@fabrikam.example.test", Role::AdminAgent).await;
        let (ctx, db) = (channel.world().system("test"), channel.world().db());
        let admin = global_admin(&house, customer, "admin@northwind.example.test").await;
        let worker = user(&house, customer, "worker@northwind.example.test").await;
        let assignment = NewAssignment {
            id: ctx.chance.guid(),
            scope: ArmScope::parse(&machine(&shop, "one")).unwrap(),
            role: CONTRIBUTOR,
            principal: worker.id,
            kind: None,
            notes: AssignmentNotes::default(),
        };
        role_assignment_put(&ctx, db, customer, assignment).await.unwrap();
        let worker = sign_in(&house, worker).await;
        Self { house, shop, archive, agent, helper, rival, admin, worker }
    }

    /// A machine of the shop.
    pub(crate) fn machine(&self, name: &str) -> String {
        machine(&self.shop, name)
    }

    pub(crate) async fn get(&self, who: &Person, path: &str, query: &[(&str, &str)]) -> Reply {
        self.house.get(&who.token, &with_query(path, query)).await
    }

    pub(crate) async fn put(&self, who: &Person, path: &str, query: &[(&str, &str)], body: &Value) -> Reply {
        self.house.client.put(&with_query(path, query)).token(&who.token).json(body).send().await
    }

    pub(crate) async fn post(&self, who: &Person, path: &str, body: &Value) -> Reply {
        self.house.client.post(path).token(&who.token).json(body).send().await
    }

    pub(crate) async fn delete(&self, who: &Person, path: &str, query: &[(&str, &str)]) -> Reply {
        self.house.client.delete(&with_query(path, query)).token(&who.token).send().await
    }
}

fn machine(subscription: &str, name: &str) -> String {
    format!("{subscription}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/{name}")
}

/// A path with a query, whose values may have any characters.
pub(crate) fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    let mut whole = path.to_owned();
    for (index, (name, value)) in query.iter().enumerate() {
        write!(whole, "{}{name}=", if index == 0 { '?' } else { '&' }).unwrap();
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                whole.push(char::from(byte));
            } else {
                write!(whole, "%{byte:02X}").unwrap();
            }
        }
    }
    whole
}

/// Makes the customer one of another partner too, which sells it a subscription.
async fn sell(house: &House, partner: TenantId, customer: TenantId) -> String {
    let (world, ctx) = (house.channel.world(), house.channel.world().system("test"));
    let request = relationship_request_create(&ctx, world.db(), partner).await.unwrap();
    relationship_request_accept(&ctx, world.db(), &Limits::NONE, customer, request.id, true).await.unwrap();
    let line = PlaceLine { number: 0, offer: OfferId::new(USAGE_OFFER), friendly_name: None, quantity: 1 };
    let order = PlaceOrder { customer, billing_cycle: None, lines: vec![line] };
    let order = order_place(&house.channel.stranger_ctx(), world.db(), &Limits::NONE, order).await.unwrap();
    format!("/subscriptions/{}", order.lines[0].subscription)
}

/// Makes an application one that people sign in with, in its own tenant and in those of customers.
async fn open_to_people(house: &House, app: &App) {
    let (world, identity) = (house.channel.world(), &app.identity);
    let ctx = world.system("test");
    let change = ApplicationChange { multi_tenant: Some(true), ..ApplicationChange::default() };
    let id = identity.app.to_string();
    application_change(&ctx, world.db(), identity.tenant, &id, change).await.unwrap();
    consent_give_configured(&ctx, world.db(), identity.tenant, identity.app).await.unwrap();
}

async fn user(house: &House, tenant: TenantId, name: &str) -> User {
    let local = name.split('@').next().unwrap();
    let new = NewUser {
        name: name.to_owned(),
        profile: Profile { usage_location: Some("US".to_owned()), ..Profile::named(local, local) },
        kind: UserKind::Member,
        enabled: true,
        password: Secret::new(PASSWORD),
        change_password: false,
    };
    let world = house.channel.world();
    user_create(&world.system("test"), world.db(), tenant, new).await.unwrap()
}

/// A Global Administrator of a tenant who signed in.
pub(crate) async fn global_admin(house: &House, tenant: TenantId, name: &str) -> Person {
    let user = user(house, tenant, name).await;
    let world = house.channel.world();
    let role = DirectoryRole::GlobalAdmin;
    directory_role_member_add(&world.system("test"), world.db(), tenant, role, user.id).await.unwrap();
    sign_in(house, user).await
}

async fn agent(house: &House, name: &str, role: Role) -> Person {
    let tenant = app_of(house, name).identity.tenant;
    let user = user(house, tenant, name).await;
    let world = house.channel.world();
    let mut tx = world.db().begin().await.unwrap();
    role_assign(&world.system("test"), &mut tx, tenant, user.id, role).await.unwrap();
    tx.changes_access();
    tx.commit().await.unwrap();
    sign_in(house, user).await
}

/// The application people sign in with: the first partner's, but the second one's people in their own.
fn app_of<'a>(house: &'a House, name: &str) -> &'a App {
    let channel = &house.channel;
    if name.contains("@fabrikam") { &channel.stranger_app } else { &channel.partner_app }
}

async fn sign_in(house: &House, user: User) -> Person {
    let (world, app) = (house.channel.world(), app_of(house, &user.name));
    let (id, password) = (app.identity.app.to_string(), Secret::new(PASSWORD));
    let request = TokenRequest {
        grant_type: Some("password"),
        client_id: Some(&id),
        client_secret: Some(&app.secret),
        username: Some(&user.name),
        password: Some(&password),
        resource: Some(ORIGIN),
        ..TokenRequest::new(Endpoint::V1, "common")
    };
    let rules = SignInRules { password_grant: true, ..SignInRules::default() };
    let ctx = OpContext { caller: Caller::Nobody, ..world.system("test") };
    let issued = token_issue(&ctx, world.db(), world.keys(), &rules, &request).await.unwrap();
    Person { token: issued.access_token.reveal().to_owned(), user }
}
