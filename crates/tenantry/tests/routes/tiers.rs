//! The longer channel: an indirect provider, two resellers below it, and a customer of both, whom the first one bills. Its
//! things have the same words as the owner's, with `tier` before them; what stands between the reseller and its customer
//! alone has `billed`.

use crate::people::{Held, People, ctx};
use crate::things::Things;
use crate::trade::{Bought, SELLS, named, order_usage, paid, watched};
use tenantry_commerce::{
    AddCustomerPriceRule, Customer, Limits, NewCustomer, NewPartner, Partner, Standing, Subscription, customer_create,
    customer_price_rule_add, partner_sign_up_as, relationship_request_accept, relationship_request_create,
};
use tenantry_core::{DirectoryRole, Factor, Role, TenantId};
use tenantry_rating::AppliesTo;
use tenantry_testkit::{Channel, SUFFIX};

/// Hours the subscription was used: 0.10 each at list.
pub(crate) const USED: &str = "5413";
/// What is paid for them on each edge, as it begins: less 15 %, 7 % more, and 20 % more than that; and a unit of the two
/// lower ones. No other number here does.
pub(crate) const OF_ABOVE: [&str; 1] = ["460.1"];
pub(crate) const OF_RESELLER: [&str; 2] = ["492.3", "0.09095"];
pub(crate) const OF_CUSTOMER: [&str; 2] = ["590.7", "0.10914"];

/// Roles of the reseller's applications: the word of the application and what it holds.
pub(crate) const APPS: [(&str, &[Role]); 6] = [
    ("tier nothing", &[]),
    ("tier helpdesk", &[Role::HelpdeskAgent]),
    ("tier sales", &[Role::SalesAgent]),
    ("tier billing", &[Role::BillingAdmin]),
    ("tier agent", &[Role::AdminAgent]),
    (
        "tier everything",
        &[
            Role::AdminAgent,
            Role::SalesAgent,
            Role::HelpdeskAgent,
            Role::GlobalAdmin,
            Role::UserAdmin,
            Role::BillingAdmin,
        ],
    ),
];

/// Who is who.
pub(crate) struct Tiers {
    above: Partner,
    reseller: Partner,
    customer: Customer,
    pub(crate) sold: Subscription,
}

/// Signs everybody up and lets the customer order.
pub(crate) async fn begin(channel: &Channel, like: &Customer, people: &mut People, things: &mut Things) -> Tiers {
    let world = channel.world();
    let above = sign_up(channel, "lucerne", Standing::IndirectProvider).await;
    people.app(world, "above", above.tenant, "Lucerne", &SELLS).await;
    let below =
        |text: &str| Standing::Reseller { indirect_provider: above.tenant, factor: Factor::parse(text).unwrap() };
    let reseller = sign_up(channel, "margie", below("1.07")).await;
    for (word, roles) in APPS {
        people.app(world, word, reseller.tenant, "Margie", roles).await;
    }
    let agents = Held::Channel(&[Role::AdminAgent]);
    people.person(world, "tier person", (reseller.tenant, &reseller.domain), "tier everything", agents).await;
    let beside = sign_up(channel, "trey", below("1.11")).await;
    people.app(world, "beside", beside.tenant, "Trey", &SELLS).await;

    let customer = customer(channel, like, &reseller).await;
    people.app(world, "tier customer", customer.id, "Proseware", &[]).await;
    for (word, roles) in [
        ("tier member", &[] as &[DirectoryRole]),
        ("tier customer billing", &[DirectoryRole::BillingAdmin]),
        ("tier customer global", &[DirectoryRole::GlobalAdmin]),
        ("tier customer both", &[DirectoryRole::BillingAdmin, DirectoryRole::GlobalAdmin]),
    ] {
        let home = (customer.id, customer.domain.as_str());
        people.person(world, word, home, "tier customer", Held::Directory(roles)).await;
    }
    let request = relationship_request_create(&ctx(world), world.db(), beside.tenant).await.unwrap();
    let (platform, db) = (ctx(world), world.db());
    relationship_request_accept(&platform, db, &Limits::NONE, customer.id, request.id, false).await.unwrap();
    bill(channel, &reseller, customer.id).await;
    let sold = order_usage(channel, &people.apps["tier everything"], customer.id).await;
    let words = ["tier budget", "tier upload"];
    watched(channel, &sold, &people.apps["tier everything"], words, things).await;
    things.put("tier owner", reseller.tenant);
    things.put("tier sibling owner", beside.tenant);
    things.put("tier customer", customer.id);
    things.put("tier subscription", sold.id);
    things.put("tier order", sold.order);
    things.put("billed owner", customer.id);
    things.put("billed customer", customer.id);
    things.put("billed subscription", sold.id);
    Tiers { above, reseller, customer, sold }
}

impl Tiers {
    pub(crate) fn customer(&self) -> TenantId {
        self.customer.id
    }
}

/// January is billed: what of it was paid and credited.
pub(crate) async fn end(channel: &Channel, tiers: &Tiers, things: &mut Things) {
    let Tiers { above, reseller, customer, .. } = tiers;
    let seller = channel.provider_ctx();
    things.put("tier price list", named(channel, &seller, reseller.tenant).await);
    let to_reseller =
        Bought { seller: above.tenant, buyer: reseller.tenant, budget: Some("tier budget"), invoice: "tier invoice" };
    paid(channel, &to_reseller, ["tier alert", "tier credit note"], things).await;
    let to_customer = Bought { seller: reseller.tenant, buyer: customer.id, budget: None, invoice: "billed invoice" };
    paid(channel, &to_customer, ["", "billed credit note"], things).await;
    for word in ["subscription", "order", "invoice", "budget", "alert", "credit note"] {
        things.hide_tiers(things.get(&format!("tier {word}")).to_owned());
    }
    for word in ["invoice", "credit note"] {
        things.hide_tiers(things.get(&format!("billed {word}")).to_owned());
    }
}

async fn sign_up(channel: &Channel, name: &str, standing: Standing) -> Partner {
    let (world, like) = (channel.world(), &channel.partner);
    let new = NewPartner {
        company_name: name.to_uppercase(),
        domain: format!("{name}.{SUFFIX}"),
        address: like.address.clone(),
        email: format!("ops@{name}.test"),
        culture: like.culture.clone(),
        language: like.language.clone(),
        mpn_id: like.mpn_id.clone(),
        markets: like.markets.clone(),
        currency: like.currency,
    };
    partner_sign_up_as(&ctx(world), world.db(), SUFFIX, standing, new, None).await.unwrap().0
}

async fn customer(channel: &Channel, like: &Customer, reseller: &Partner) -> Customer {
    let world = channel.world();
    let mut billing = like.billing_profile.details.clone();
    billing.company_name = "Proseware".to_owned();
    billing.email = "ops@proseware.test".to_owned();
    let new = NewCustomer {
        partner: reseller.tenant,
        company_name: None,
        domain: format!("proseware.{SUFFIX}"),
        registration_number: None,
        billing,
    };
    customer_create(&ctx(world), world.db(), SUFFIX, &Limits::NONE, new).await.unwrap()
}

/// Lets a partner bill its customer, at 20 % more than it pays.
pub(crate) async fn bill(channel: &Channel, seller: &Partner, customer: TenantId) {
    let rule = AddCustomerPriceRule {
        seller: Some(seller.tenant),
        customer,
        factor: Factor::parse("1.2").unwrap(),
        applies_to: AppliesTo::Everything,
        from: None,
        currency: None,
    };
    customer_price_rule_add(&ctx(channel.world()), channel.world().db(), rule).await.unwrap();
}
