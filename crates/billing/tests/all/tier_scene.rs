//! Several tiers: an indirect provider with two resellers beside the channel's direct partner, and customers that their
//! sellers bill. The factors are such that no price of one tier looks like a price of another.

use crate::books::Books;
use tenantry_commerce::{
    AddCustomerPriceRule, AddPriceRule, Address, BillingDetails, Customer, Limits, NewCustomer, NewPartner, Partner,
    PlaceLine, PlaceOrder, Standing, Subscription, customer_create, customer_price_rule_add, edge_add_price_rule,
    order_place, partner_sign_up_as, subscription_list,
};
use tenantry_core::context::{HeldBy, HeldRole, SignedInUser};
use tenantry_core::{
    AppId, Caller, Currency, DirectoryRole, Factor, Identity, ObjectId, OfferId, OpContext, Role, TenantId, TenantKind,
};
use tenantry_rating::AppliesTo;
use tenantry_testkit::{CARD, Channel, SUFFIX, USAGE_OFFER, time};

/// What the indirect provider pays of list in the first half of January 2026, and from the 16th on.
pub const ABOVE: [&str; 2] = ["0.831", "0.793"];
/// What corner pays of that, and from the 21st on.
pub const CORNER: [&str; 2] = ["1.073", "1.049"];
/// What market pays of it.
pub const MARKET: &str = "1.137";
/// What a customer pays of what corner pays, and from the 16th on.
pub const FROM_CORNER: [&str; 2] = ["1.19", "1.23"];
/// What a customer pays of what market pays.
pub const FROM_MARKET: &str = "1.17";
/// What a customer pays of what the indirect provider pays.
pub const FROM_ABOVE: &str = "1.31";

/// A partner, as which one of its applications asks.
#[derive(Debug)]
pub struct Seller {
    pub partner: Partner,
    pub ctx: OpContext,
}

/// A customer, as which its own Billing Administrator asks.
#[derive(Debug)]
pub struct Buyer {
    pub customer: Customer,
    pub ctx: OpContext,
}

/// The tiers.
#[derive(Debug)]
pub struct Tiers {
    pub channel: Channel,
    pub above: Seller,
    pub corner: Seller,
    pub market: Seller,
}

impl Tiers {
    /// Sets them up in a world that begins with January 2026, with list prices and each edge's rules.
    pub async fn open(bench: &tenantry_testkit::Bench) -> Self {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let above = sign_up(&channel, "distro", Standing::IndirectProvider).await;
        let below = |factor: &str| Standing::Reseller {
            indirect_provider: above.partner.tenant,
            factor: Factor::parse(factor).unwrap(),
        };
        let corner = sign_up(&channel, "corner", below(CORNER[0])).await;
        let market = sign_up(&channel, "market", below(MARKET)).await;
        let tiers = Self { channel, above, corner, market };
        let provider = tiers.channel.provider_ctx();
        tiers.price(&provider, &tiers.above, ABOVE[0], "2026-01-01").await;
        tiers.price(&provider, &tiers.above, ABOVE[1], "2026-01-16").await;
        tiers.price(&tiers.above.ctx, &tiers.corner, CORNER[1], "2026-01-21").await;
        tiers
    }

    async fn price(&self, ctx: &OpContext, buyer: &Seller, factor: &str, from: &str) {
        let rule = AddPriceRule {
            buyer: buyer.partner.tenant,
            factor: Factor::parse(factor).unwrap(),
            applies_to: AppliesTo::Everything,
            from: time(from),
        };
        edge_add_price_rule(ctx, self.channel.world().db(), rule).await.unwrap();
    }

    /// Lets a seller bill its customer, or change what it pays from an instant on.
    pub async fn bill(&self, seller: &Seller, customer: TenantId, factor: &str, from: Option<&str>) {
        let rule = AddCustomerPriceRule {
            seller: None,
            customer,
            factor: Factor::parse(factor).unwrap(),
            applies_to: AppliesTo::Everything,
            from: from.map(time),
            currency: None,
        };
        customer_price_rule_add(&seller.ctx, self.channel.world().db(), rule).await.unwrap();
    }

    /// A customer by its Billing Administrator.
    pub fn buyer(&self, customer: Customer) -> Buyer {
        let ids = (AppId::new(customer.id.guid()), ObjectId::new(customer.id.guid()));
        let mut identity = Identity::application(ids.0, ids.1, (customer.id, TenantKind::Customer), []);
        identity.directory_roles = vec![HeldRole { role: DirectoryRole::BillingAdmin, by: HeldBy::Assignment }];
        identity.rights.insert("user_impersonation".to_owned());
        identity.user = Some(SignedInUser { name: "billing".to_owned(), home: customer.id, second_factor: true });
        let ctx = OpContext { caller: Caller::SignedIn(identity), ..self.channel.world().system("test") };
        Buyer { customer, ctx }
    }

    /// What a customer is billed, seen by itself.
    pub fn books_of<'a>(&'a self, buyer: &'a Buyer) -> Books<'a> {
        Books { channel: &self.channel, ctx: &buyer.ctx, buyer: buyer.customer.id }
    }

    /// A customer of a seller.
    pub async fn customer(&self, seller: &Seller, name: &str) -> Customer {
        let new = NewCustomer {
            partner: seller.partner.tenant,
            company_name: None,
            domain: format!("{}.{SUFFIX}", name.to_lowercase()),
            registration_number: None,
            billing: BillingDetails {
                email: "ops@customer.test".into(),
                culture: "en-us".into(),
                language: "en".into(),
                company_name: name.into(),
                default_address: address(),
                ..BillingDetails::default()
            },
        };
        customer_create(&seller.ctx, self.channel.world().db(), SUFFIX, &Limits::NONE, new).await.unwrap()
    }

    /// What a customer orders of a seller, to use.
    pub async fn order(&self, seller: &Seller, customer: TenantId) -> Subscription {
        let db = self.channel.world().db();
        let ctx = OpContext { request_id: self.channel.world().chance().guid(), ..seller.ctx.clone() };
        let line = PlaceLine { number: 0, offer: OfferId::new(USAGE_OFFER), friendly_name: None, quantity: 1 };
        let order = PlaceOrder { customer, billing_cycle: None, lines: vec![line] };
        let order = order_place(&ctx, db, &Limits::NONE, order).await.unwrap();
        subscription_list(&ctx, db, customer, Some(order.id)).await.unwrap().remove(0)
    }

    /// What a seller is billed, seen by itself.
    pub fn books<'a>(&'a self, seller: &'a Seller) -> Books<'a> {
        Books { channel: &self.channel, ctx: &seller.ctx, buyer: seller.partner.tenant }
    }
}

async fn sign_up(channel: &Channel, name: &str, standing: Standing) -> Seller {
    sign_up_in(channel, name, standing, Currency::USD).await
}

/// A partner that is billed in a currency.
pub async fn sign_up_in(channel: &Channel, name: &str, standing: Standing, currency: Currency) -> Seller {
    let new = NewPartner {
        company_name: format!("{} Ltd", name.to_uppercase()),
        domain: format!("{name}.{SUFFIX}"),
        address: address(),
        email: format!("bills@{name}.test"),
        culture: "en-us".into(),
        language: "en".into(),
        mpn_id: "7".into(),
        markets: vec!["US".into()],
        currency,
    };
    let world = channel.world();
    let signed_up = partner_sign_up_as(&channel.provider_ctx(), world.db(), SUFFIX, standing, new, None).await;
    let (partner, _) = signed_up.unwrap();
    let identity = Identity::application(
        AppId::new(partner.tenant.guid()),
        ObjectId::new(partner.tenant.guid()),
        (partner.tenant, TenantKind::Partner),
        [Role::AdminAgent],
    );
    Seller { partner, ctx: OpContext { caller: Caller::SignedIn(identity), ..world.system("test") } }
}

fn address() -> Address {
    Address {
        country: "US".into(),
        city: Some("Harbour".into()),
        state: Some("WA".into()),
        address_line1: Some("1 Quay".into()),
        postal_code: Some("98101".into()),
        ..Address::default()
    }
}

/// Decimal text as a whole number and its fraction digits.
pub fn parts(text: &str) -> (i128, u32) {
    let digits = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    (text.replace('.', "").parse().unwrap(), u32::try_from(digits).unwrap())
}
