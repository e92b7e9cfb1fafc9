//! The world the routes are called in. A partner, the owner, sells to a customer; so does a second partner; a stranger has
//! a customer of its own. January is billed, February is over and open. In the customer's directory and in the partner's there is
//! one thing of each kind that a path can name.
//!
//! Nobody has a name of a person: people are called by the part they play.

use crate::cast::OWNER_APPS;
use crate::people::{People, ctx};
use crate::things::Things;
use crate::{directory, secrets, trade};
use std::collections::BTreeSet;
use std::sync::Arc;
use tenantry_commerce::Customer;
use tenantry_core::{AppId, DirectoryRole, Role, TenantId};
use tenantry_directory::{customer_consent_give, directory_role_member_add};
use tenantry_testkit::Channel;
use tenantry_worlds::World;

/// Microsoft Graph, as an application.
const MICROSOFT_GRAPH_APP: &str = "00000003-0000-0000-c000-000000000000";

/// What the tests know about the world.
pub(crate) struct Seeded {
    pub(crate) things: Things,
    pub(crate) people: People,
    pub(crate) customer: TenantId,
}

/// Fills a world that has just begun, on 1 January 2026.
pub(crate) async fn seed(world: &Arc<World>) -> Seeded {
    let channel = Channel::new(world).await;
    let (mut things, mut people) = (Things::default(), People::default());
    let customer = channel.customer("Northwind").await;
    things.put("owner", channel.partner.tenant);
    things.put("customer", customer.id);
    things.put("stranger", channel.stranger.tenant);
    applications(&channel, &customer, &mut people).await;
    panel(&channel, &customer, &mut things).await;
    trade::seed(&channel, &customer, &mut people, &mut things).await;
    directory::of_customer(world, &customer, &mut people, &mut things).await;
    directory::of_partner(world, &channel.partner, &customer, &mut people, &mut things).await;
    secrets::collect(world, &channel.partner, &customer, &mut things).await;
    Seeded { things, people, customer: customer.id }
}

/// What everybody calls with.
async fn applications(channel: &Channel, customer: &Customer, people: &mut People) {
    let world = channel.world();
    for (word, roles) in OWNER_APPS {
        people.app(world, word, channel.partner.tenant, "Contoso", roles).await;
    }
    let admin = [Role::AdminAgent, Role::GlobalAdmin];
    people.app(world, "stranger", channel.stranger.tenant, "Fabrikam", &admin).await;
    people.app(world, "provider", channel.provider.tenant, "Root", &[]).await;
    people.app(world, "customer tool", customer.id, "Northwind", &[]).await;
    people.app(world, "customer global tool", customer.id, "Northwind", &[]).await;
    let principal = people.apps["customer global tool"].principal;
    let role = DirectoryRole::GlobalAdmin;
    directory_role_member_add(&ctx(world), world.db(), customer.id, role, principal).await.unwrap();
}

/// An application of the owner that it let into the customer's tenant.
async fn panel(channel: &Channel, customer: &Customer, things: &mut Things) {
    let (world, pair) = (channel.world(), (channel.partner.tenant, customer.id));
    let app = channel.partner_app.identity.app;
    let grants = [(AppId::parse(MICROSOFT_GRAPH_APP).unwrap(), BTreeSet::from(["User.Read".to_owned()]))];
    customer_consent_give(&ctx(world), world.db(), pair, app, &grants).await.unwrap();
    things.put("panel", app);
}
