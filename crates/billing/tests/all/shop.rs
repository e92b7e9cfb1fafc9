//! More sellers: partners in other markets and currencies, each with a customer and a subscription of its own.

use crate::books::Books;
use tenantry_commerce::{
    Address, BillingDetails, ImportPriceSheet, Limits, NewCustomer, NewPartner, Partner, PlaceLine, PlaceOrder,
    Subscription, customer_create, order_place, partner_sign_up, price_sheet_import, subscription_list,
};
use tenantry_core::Identity;
use tenantry_core::{AppId, Caller, Currency, ObjectId, OfferId, OpContext, Role, TenantKind};
use tenantry_testkit::{Channel, SUFFIX, USAGE_OFFER, time};

/// A partner that sells usage to one customer.
#[derive(Debug)]
pub struct Shop {
    pub partner: Partner,
    pub ctx: OpContext,
    pub subscription: Subscription,
}

impl Shop {
    /// Signs up a partner and lets its customer order usage.
    pub async fn open(channel: &Channel, name: &str, country: &str, currency: &str) -> Self {
        let new = NewPartner {
            company_name: name.to_uppercase(),
            domain: format!("{name}.{SUFFIX}"),
            address: address(country),
            email: format!("ops@{name}.test"),
            culture: "en-us".into(),
            language: "en".into(),
            mpn_id: "7".into(),
            markets: vec![country.into()],
            currency: Currency::parse(currency).unwrap(),
        };
        let world = channel.world();
        let partner = partner_sign_up(&channel.provider_ctx(), world.db(), SUFFIX, new).await.unwrap();
        Self::of(channel, partner).await
    }

    /// The channel's other partner, with a customer.
    pub async fn of_stranger(channel: &Channel) -> Self {
        Self::of(channel, channel.stranger.clone()).await
    }

    async fn of(channel: &Channel, partner: Partner) -> Self {
        let (db, system) = (channel.world().db(), channel.world().system("test"));
        let name = partner.company_name.to_lowercase();
        let new = NewCustomer {
            partner: partner.tenant,
            company_name: None,
            domain: format!("customer-of-{name}.{SUFFIX}"),
            registration_number: None,
            billing: BillingDetails {
                email: format!("ops@{name}.test"),
                culture: "en-us".into(),
                language: "en".into(),
                company_name: format!("Customer of {name}"),
                default_address: address(&partner.address.country),
                ..BillingDetails::default()
            },
        };
        let customer = customer_create(&system, db, SUFFIX, &Limits::NONE, new).await.unwrap();
        let line = PlaceLine { number: 0, offer: OfferId::new(USAGE_OFFER), friendly_name: None, quantity: 1 };
        let order = PlaceOrder { customer: customer.id, billing_cycle: None, lines: vec![line] };
        order_place(&system, db, &Limits::NONE, order).await.unwrap();
        let subscription = subscription_list(&system, db, customer.id, None).await.unwrap().remove(0);
        let identity = Identity::application(
            AppId::new(partner.tenant.guid()),
            ObjectId::new(partner.tenant.guid()),
            (partner.tenant, TenantKind::Partner),
            [Role::AdminAgent],
        );
        let ctx = OpContext { caller: Caller::SignedIn(identity), ..system };
        Self { partner, ctx, subscription }
    }

    /// Its books, seen by itself.
    pub fn books<'a>(&'a self, channel: &'a Channel) -> Books<'a> {
        Books { channel, ctx: &self.ctx, buyer: self.partner.tenant }
    }

    /// Imports list prices for its market and currency.
    pub async fn import_card(&self, channel: &Channel, document: &str) {
        let import = ImportPriceSheet {
            market: self.partner.address.country.clone(),
            currency: Some(self.partner.currency),
            effective_from: time("1970-01-01"),
            document: document.as_bytes().to_vec(),
        };
        price_sheet_import(&channel.provider_ctx(), channel.world().db(), import).await.unwrap();
    }
}

fn address(country: &str) -> Address {
    let state = (country == "US").then(|| "WA".to_owned());
    Address {
        country: country.into(),
        city: Some("Harbour".into()),
        state,
        address_line1: Some("1 Harbour Rd".into()),
        postal_code: Some("98101".into()),
        ..Address::default()
    }
}
