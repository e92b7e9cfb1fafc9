//! What is bought, used and billed: by the owner for the customer, by the second partner for the same customer, and by
//! the stranger for its own, so that each has bills of its own to see.

use crate::people::{App, Held, People, ctx};
use crate::things::Things;
use tenantry_billing::{InvoiceFilter, invoice_list};
use tenantry_commerce::{
    Customer, Limits, NewCustomer, NewPartner, PlaceLine, PlaceOrder, Subscription, customer_create, order_place,
    partner_sign_up, relationship_request_accept, relationship_request_create, subscription_list,
};
use tenantry_core::{AppId, Caller, DirectoryRole, Identity, OfferId, OpContext, Role, TenantId, TenantKind};
use tenantry_testkit::{CARD, Channel, HOURS, SUFFIX, USAGE_OFFER, events};
use tenantry_worlds::World;

const SELLS: [Role; 2] = [Role::AdminAgent, Role::GlobalAdmin];

/// Hours the owner's subscription was used, and how the charge begins: 0.10 each, less 15 %. No other number here does.
const USED: &str = "7319";
const CHARGED: &str = "622.1";
/// The same of the second partner's.
const SIBLING_USED: &str = "4217";
const SIBLING_CHARGED: &str = "358.4";

/// A month with a bill for everybody, and one that is over and not billed yet.
pub(crate) async fn seed(channel: &Channel, customer: &Customer, people: &mut People, things: &mut Things) {
    let world = channel.world();
    channel.import_card(CARD).await;
    let shop = channel.order_usage(customer).await;
    let seats = channel.order_seats(customer, 5).await;
    let (siblings, strangers) =
        (siblings(channel, customer, people).await, strangers(channel, customer, people, things).await);
    let all = || [(&shop, USED), (&siblings, SIBLING_USED), (&strangers, "3")];
    channel.advance_to("2026-01-20").await;
    for (subscription, used) in all() {
        channel.accept(events(subscription, HOURS, &[("2026-01-15", used)])).await;
    }
    channel.advance_to("2026-02-20").await;
    for (subscription, used) in all() {
        channel.accept(events(subscription, HOURS, &[("2026-02-05", used)])).await;
    }
    channel.advance_to("2026-03-02").await;
    things.put("subscription", shop.id);
    things.put("order", shop.order);
    things.put("invoice", bill(world, channel.partner.tenant).await);
    for word in ["subscription", "order", "invoice"] {
        things.hide(things.get(word).to_owned());
    }
    things.hide(seats.id);
    things.hide(seats.order);
    things.hide(CHARGED);
    things.put("sibling subscription", siblings.id);
    things.put("sibling order", siblings.order);
    things.put("sibling invoice", bill(world, people.apps["sibling"].tenant).await);
    for word in ["subscription", "order", "invoice"] {
        things.hide_siblings(things.of_sibling(word).to_owned());
    }
    things.hide_siblings(SIBLING_CHARGED);
}

/// The number of a partner's bill for January.
async fn bill(world: &World, partner: TenantId) -> String {
    let bills = invoice_list(&ctx(world), world.db(), partner, InvoiceFilter::default()).await.unwrap();
    assert_eq!(bills.len(), 1);
    bills[0].number.clone()
}

/// A second partner signs up, the customer accepts its invitation, and it sells something too. It does not administer the
/// customer's directory.
async fn siblings(channel: &Channel, customer: &Customer, people: &mut People) -> Subscription {
    let (world, ctx) = (channel.world(), ctx(channel.world()));
    let like = &channel.partner;
    let new = NewPartner {
        company_name: "WINGTIP".to_owned(),
        domain: format!("wingtip.{SUFFIX}"),
        address: like.address.clone(),
        email: "ops@wingtip.test".to_owned(),
        culture: like.culture.clone(),
        language: like.language.clone(),
        mpn_id: like.mpn_id.clone(),
        markets: like.markets.clone(),
        currency: like.currency,
    };
    let sibling = partner_sign_up(&ctx, world.db(), SUFFIX, new).await.unwrap();
    people.app(world, "sibling", sibling.tenant, "Wingtip", &SELLS).await;
    let home = (sibling.tenant, sibling.domain.as_str());
    people.person(world, "siblings agent", home, "sibling", Held::Channel(&SELLS)).await;
    let request = relationship_request_create(&ctx, world.db(), sibling.tenant).await.unwrap();
    let accepted = relationship_request_accept(&ctx, world.db(), &Limits::NONE, customer.id, request.id, false).await;
    accepted.unwrap();
    order_usage(channel, &people.apps["sibling"], customer.id).await
}

/// The stranger sells to somebody else, and would like to sell to this customer too.
async fn strangers(channel: &Channel, customer: &Customer, people: &mut People, things: &mut Things) -> Subscription {
    let world = channel.world();
    let invitation = relationship_request_create(&ctx(world), world.db(), channel.stranger.tenant).await.unwrap();
    things.put("invitation of the stranger", invitation.id);
    let mut billing = customer.billing_profile.details.clone();
    billing.company_name = "Fourth Coffee".to_owned();
    billing.email = "ops@fourthcoffee.test".to_owned();
    let new = NewCustomer {
        partner: channel.stranger.tenant,
        company_name: None,
        domain: format!("fourthcoffee.{SUFFIX}"),
        registration_number: None,
        billing,
    };
    let theirs = customer_create(&channel.stranger_ctx(), world.db(), SUFFIX, &Limits::NONE, new).await.unwrap();
    people.app(world, "strangers customer", theirs.id, "Fourth Coffee", &[]).await;
    let (home, roles) = ((theirs.id, theirs.domain.as_str()), Held::Directory(&[DirectoryRole::GlobalAdmin]));
    people.person(world, "strangers customer admin", home, "strangers customer", roles).await;
    order_usage(channel, &people.apps["stranger"], theirs.id).await
}

async fn order_usage(channel: &Channel, app: &App, customer: TenantId) -> Subscription {
    let db = channel.world().db();
    let id = AppId::parse(&app.id).unwrap();
    let identity = Identity::application(id, app.principal, (app.tenant, TenantKind::Partner), SELLS);
    let ctx = OpContext { caller: Caller::SignedIn(identity), ..ctx(channel.world()) };
    let line = PlaceLine { number: 0, offer: OfferId::new(USAGE_OFFER), friendly_name: None, quantity: 1 };
    let order = PlaceOrder { customer, billing_cycle: None, lines: vec![line] };
    let order = order_place(&ctx, db, &Limits::NONE, order).await.unwrap();
    subscription_list(&ctx, db, customer, Some(order.id)).await.unwrap().remove(0)
}
