//! What is bought, used and billed: by the owner for the customer, by the second partner for the same customer, and by
//! the stranger for its own, so that each has bills of its own to see.

use crate::people::{App, Held, People, ctx};
use crate::things::Things;
use crate::tiers;
use crate::{pc_account, pc_azure, pc_carts, pc_new_commerce, pc_selling, pc_support, told};
use tenantry_billing::{
    CreditLine, InvoiceFilter, NewCreditNote, NewPayment, credit_note_issue, invoice_list, payment_record,
};
use tenantry_commerce::edge_price_file::read_table;
use tenantry_commerce::{
    Customer, ImportEdgePriceSheet, Limits, NewCustomer, NewPartner, PlaceLine, PlaceOrder, Subscription,
    customer_create, edge_price_sheet_import, order_place, partner_sign_up, relationship_request_accept,
    relationship_request_create, subscription_list,
};
use tenantry_core::{
    AppId, Caller, DirectoryRole, Identity, Money, OfferId, OpContext, PriceSheetId, Role, TenantId, TenantKind,
};
use tenantry_metering::uploads::{NewUpload, UploadFormat};
use tenantry_metering::{AlertFilter, PutBudget, WantedScope};
use tenantry_testkit::{CARD, Channel, HOURS, SUFFIX, USAGE_OFFER, events};
use tenantry_usage::{BudgetAction, BudgetId, BudgetKind};
use tenantry_worlds::World;

pub(crate) const SELLS: [Role; 2] = [Role::AdminAgent, Role::GlobalAdmin];

/// Hours the owner's subscription was used, and how the charge begins: 0.10 each, less 15 %. No other number here does.
const USED: &str = "7319";
const CHARGED: &str = "622.1";
/// The same of the second partner's.
const SIBLING_USED: &str = "4217";
const SIBLING_CHARGED: &str = "358.4";

/// Prices that somebody names for a buyer, from a day that has not come.
pub(crate) async fn named(channel: &Channel, seller: &OpContext, buyer: TenantId) -> PriceSheetId {
    let meters = read_table(format!("MeterId,LowerBound,Price\n{HOURS},0,0.08\n").as_bytes()).unwrap();
    let (market, currency) = (None, None);
    let effective_from = tenantry_testkit::time("2026-03-05");
    let import = ImportEdgePriceSheet { seller: None, buyer, market, currency, effective_from, meters };
    edge_price_sheet_import(seller, channel.world().db(), import).await.unwrap().id
}

/// What comes before the words of what a partner has, its customer, and the application that sells to it.
pub(crate) type Seller<'a> = (&'static str, TenantId, &'a App);

/// A month with a bill for everybody, and one that is over and not billed yet.
pub(crate) async fn seed(channel: &Channel, customer: &Customer, people: &mut People, things: &mut Things) {
    channel.import_card(CARD).await;
    let shop = channel.order_usage(customer).await;
    let seats = channel.order_seats(customer, 5).await;
    let (siblings, strangers) =
        (siblings(channel, customer, people).await, strangers(channel, customer, people, things).await);
    things.put("sibling owner", people.apps["sibling"].tenant);
    watched(channel, &shop, &people.apps["owner everything"], ["budget", "upload"], things).await;
    watched(channel, &siblings, &people.apps["sibling"], ["sibling budget", "sibling upload"], things).await;
    tiers::bill(channel, &channel.partner, customer.id).await;
    let tiers = tiers::begin(channel, customer, people, things).await;
    let all = || [(&shop, USED), (&siblings, SIBLING_USED), (&strangers, "3"), (&tiers.sold, tiers::USED)];
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
    // Its seller's, the provider's: the owner itself is told its prices, and not that they were named.
    things.put("price list", named(channel, &channel.provider_ctx(), channel.partner.tenant).await);
    let root = channel.provider.tenant;
    let bought = Bought { seller: root, buyer: channel.partner.tenant, budget: Some("budget"), invoice: "invoice" };
    paid(channel, &bought, ["alert", "credit note"], things).await;
    for word in OF_EACH {
        things.hide(things.get(word).to_owned());
    }
    things.hide(seats.id);
    things.hide(seats.order);
    things.hide(CHARGED);
    things.put("sibling subscription", siblings.id);
    things.put("sibling order", siblings.order);
    let sibling = people.apps["sibling"].tenant;
    let bought = Bought { seller: root, buyer: sibling, budget: Some("sibling budget"), invoice: "sibling invoice" };
    paid(channel, &bought, ["sibling alert", "sibling credit note"], things).await;
    // No list shows uploads, so that of the second partner shows nowhere.
    for word in OF_EACH.into_iter().filter(|word| *word != "upload") {
        things.hide_siblings(things.of_sibling(word).to_owned());
    }
    things.hide_siblings(SIBLING_CHARGED);
    tiers::end(channel, &tiers, things).await;
    pc_support::trouble(channel).await;
    for (seller, done) in [
        (("", customer.id, &people.apps["owner everything"]), "customer-create"),
        (("sibling ", customer.id, &people.apps["sibling"]), "order-place"),
        (("tier ", tiers.customer(), &people.apps["tier everything"]), "order-place"),
    ] {
        told::seed(channel, seller, done, things).await;
        pc_selling::seed(channel, seller, things).await;
        pc_support::seed(channel, seller, things).await;
        pc_account::seed(channel, seller, things).await;
        pc_carts::seed(channel, seller, things).await;
        pc_azure::seed(channel, seller, things).await;
        pc_new_commerce::seed(channel, seller, things).await;
    }
}

/// What each of the two partners has one of.
const OF_EACH: [&str; 7] = ["subscription", "order", "invoice", "budget", "alert", "upload", "credit note"];

/// A partner limits what its subscription may cost, which tells it in January, and begins to send a file.
pub(crate) async fn watched(
    channel: &Channel,
    sold: &Subscription,
    app: &App,
    words: [&'static str; 2],
    things: &mut Things,
) {
    let (metering, ctx) = (channel.world().metering(), seller(channel, app));
    let put = PutBudget {
        id: BudgetId::new(ctx.chance.guid()),
        name: "January".to_owned(),
        scope: WantedScope::Subscription(sold.id),
        edge: None,
        kind: BudgetKind::Monthly,
        limit: "300.00".to_owned(),
        thresholds: Vec::new(),
        action: BudgetAction::Notify,
        on_anomaly: BudgetAction::Notify,
    };
    let [budget, upload] = words;
    things.put(budget, metering.budget_put(&ctx, put).await.unwrap().0.terms.id);
    let new = NewUpload { format: UploadFormat::Ndjson, source: None, subscription: None, length: Some(2) };
    things.put(upload, metering.upload_create(&ctx, new).await.unwrap().id);
}

/// What a buyer has, by the words for it.
pub(crate) struct Bought {
    pub(crate) seller: TenantId,
    pub(crate) buyer: TenantId,
    pub(crate) budget: Option<&'static str>,
    pub(crate) invoice: &'static str,
}

/// A buyer was billed for January, told of its budget if it has one, paid a little, and was credited a little.
pub(crate) async fn paid(channel: &Channel, bought: &Bought, words: [&'static str; 2], things: &mut Things) {
    let (world, ctx) = (channel.world(), ctx(channel.world()));
    let [alert, note] = words;
    things.put(bought.invoice, bill(world, bought.buyer).await);
    if let Some(budget) = bought.budget {
        let budget = BudgetId::parse(things.get(budget)).unwrap();
        let filter = AlertFilter { budget: Some(budget), ..AlertFilter::default() };
        things.put(alert, world.metering().alert_list(&ctx, filter).await.unwrap().first().unwrap().id);
    }
    let money = |minor| Money::from_minor(minor, channel.partner.currency);
    let payment = NewPayment {
        seller: bought.seller,
        buyer: bought.buyer,
        amount: money(500),
        paid_on: ctx.now().day(),
        reference: format!("first of {}", bought.buyer),
        documents: Vec::new(),
    };
    payment_record(&ctx, world.db(), world.metering(), payment).await.unwrap();
    let lines = vec![CreditLine { line: 1, amount: Some(money(700)) }];
    let invoice = things.get(bought.invoice).to_owned();
    let reference = format!("outage of {invoice}");
    let new = NewCreditNote { invoice, reference, reason: "an outage".to_owned(), lines };
    things.put(note, credit_note_issue(&ctx, world.db(), world.metering(), new).await.unwrap().entry.0.number);
}

/// The number of a buyer's bill for January.
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

/// Somebody who sells, by its application.
pub(crate) fn seller(channel: &Channel, app: &App) -> OpContext {
    let id = AppId::parse(&app.id).unwrap();
    let identity = Identity::application(id, app.principal, (app.tenant, TenantKind::Partner), SELLS);
    OpContext { caller: Caller::SignedIn(identity), ..ctx(channel.world()) }
}

pub(crate) async fn order_usage(channel: &Channel, app: &App, customer: TenantId) -> Subscription {
    order(channel, app, customer, USAGE_OFFER).await
}

/// Orders one of something.
pub(crate) async fn order(channel: &Channel, app: &App, customer: TenantId, offer: &str) -> Subscription {
    let (db, ctx) = (channel.world().db(), seller(channel, app));
    let line = PlaceLine { number: 0, offer: OfferId::new(offer), friendly_name: None, quantity: 1 };
    let order = PlaceOrder { customer, billing_cycle: None, lines: vec![line] };
    let order = order_place(&ctx, db, &Limits::NONE, order).await.unwrap();
    subscription_list(&ctx, db, customer, Some(order.id)).await.unwrap().remove(0)
}
