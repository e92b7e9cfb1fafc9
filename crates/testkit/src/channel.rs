//! A small channel: a provider, a direct partner that gets 15 % off, a second partner that must see nothing of
//! the first, and an application for each.

use crate::{Bench, SUFFIX, time};
use std::sync::Arc;
use tenantry_commerce::{
    Address, BillingDetails, Customer, ImportPriceSheet, ImportSeatPrices, Limits, NewCustomer, NewPartner,
    NewProvider, NewSeatPrice, Partner, PlaceLine, PlaceOrder, PriceSheetSummary, Provider, Subscription,
    customer_create, order_place, partner_sign_up, price_sheet_import, provider_create, seat_price_import,
    subscription_list,
};
use tenantry_core::{Caller, Currency, Identity, OfferId, OpContext, Rate, Role, Secret, TenantId, TenantKind};
use tenantry_directory::{Endpoint, SignInRules, TokenRequest, application_register, token_issue};
use tenantry_metering::{Submitted, Verdict};
use tenantry_rating::SeatCycle;
use tenantry_usage::Event;
use tenantry_worlds::{ClockMove, World};

/// The usage-based offer.
pub const USAGE_OFFER: &str = "MS-AZR-0145P";
/// An offer sold by the seat: Office 365 Business Premium.
pub const SEAT_OFFER: &str = "031C9E47-4802-4248-838E-778FB1D2CC05";

/// The channel. It holds its world.
#[derive(Debug)]
pub struct Channel {
    world: Arc<World>,
    /// The root.
    pub provider: Provider,
    /// The partner that tests are about.
    pub partner: Partner,
    /// Another one.
    pub stranger: Partner,
    /// An application of the provider.
    pub provider_app: App,
    /// An application of the partner with the role AdminAgents.
    pub partner_app: App,
    /// An application of the stranger with the role AdminAgents.
    pub stranger_app: App,
}

/// An application that can sign in.
#[derive(Debug)]
pub struct App {
    /// Who it is to the program.
    pub identity: Identity,
    /// Its secret.
    pub secret: Secret,
}

impl Channel {
    /// Sets it up in a fresh world.
    pub async fn new(world: &Arc<World>) -> Self {
        let ctx = world.system("test");
        let root = NewProvider {
            name: "Root".into(),
            domain: format!("root.{SUFFIX}"),
            address: address(),
            email: "billing@root.test".into(),
        };
        let provider = provider_create(&ctx, world.db(), SUFFIX, root).await.unwrap();
        let partner = sign_up(world, "contoso").await;
        let stranger = sign_up(world, "fabrikam").await;
        Self {
            provider_app: app(world, provider.tenant, TenantKind::Provider, &[]).await,
            partner_app: app(world, partner.tenant, TenantKind::Partner, &[Role::AdminAgent]).await,
            stranger_app: app(world, stranger.tenant, TenantKind::Partner, &[Role::AdminAgent]).await,
            world: Arc::clone(world),
            provider,
            partner,
            stranger,
        }
    }

    /// The world.
    #[must_use]
    pub const fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// The same channel after its world was dropped and opened again; see [`Bench::reopen`].
    pub async fn reopen(self, bench: &Bench) -> Self {
        Self { world: bench.reopen(self.world).await, ..self }
    }

    /// As the provider's application.
    #[must_use]
    pub fn provider_ctx(&self) -> OpContext {
        self.ctx_of(self.provider_app.identity.clone())
    }

    /// As the partner's application.
    #[must_use]
    pub fn partner_ctx(&self) -> OpContext {
        self.ctx_of(self.partner_app.identity.clone())
    }

    /// As an application of the partner with other roles.
    #[must_use]
    pub fn partner_ctx_with(&self, roles: &[Role]) -> OpContext {
        self.ctx_of(Identity { roles: roles.iter().copied().collect(), ..self.partner_app.identity.clone() })
    }

    /// As an application of another partner.
    #[must_use]
    pub fn stranger_ctx(&self) -> OpContext {
        self.ctx_of(self.stranger_app.identity.clone())
    }

    fn ctx_of(&self, identity: Identity) -> OpContext {
        OpContext { caller: Caller::SignedIn(identity), ..self.world.system("test") }
    }

    /// A bearer token for an application, as the token endpoint gives it. The resource is one of
    /// `tenantry_directory`, or [`ORIGIN`](crate::ORIGIN).
    pub async fn token(&self, app: &App, resource: &str) -> String {
        let tenant = app.identity.tenant.to_string();
        let request = TokenRequest {
            grant_type: Some("client_credentials"),
            client_id: Some(&app.identity.app.to_string()),
            client_secret: Some(&app.secret),
            resource: Some(resource),
            ..TokenRequest::new(Endpoint::V1, &tenant)
        };
        let ctx = self.world.system("test");
        let issued =
            token_issue(&ctx, self.world.db(), self.world.keys(), &SignInRules::default(), &request).await.unwrap();
        issued.access_token.reveal().to_owned()
    }

    /// A customer of the partner. Its domain is the letters and digits of its name.
    pub async fn customer(&self, name: &str) -> Customer {
        let prefix: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let new = NewCustomer {
            partner: self.partner.tenant,
            company_name: None,
            domain: format!("{prefix}.{SUFFIX}"),
            registration_number: None,
            billing: BillingDetails {
                first_name: None,
                last_name: None,
                email: format!("ops@{prefix}.test"),
                culture: "en-us".into(),
                language: "en".into(),
                company_name: name.into(),
                default_address: address(),
            },
        };
        customer_create(&self.partner_ctx(), self.world.db(), SUFFIX, &Limits::NONE, new).await.unwrap()
    }

    /// Orders the usage-based offer.
    pub async fn order_usage(&self, customer: &Customer) -> Subscription {
        self.order(customer, USAGE_OFFER, 1).await
    }

    /// Orders seats.
    pub async fn order_seats(&self, customer: &Customer, seats: i64) -> Subscription {
        self.order(customer, SEAT_OFFER, seats).await
    }

    /// Orders one line of any offer and gives the subscription it made.
    pub async fn order(&self, customer: &Customer, offer: &str, quantity: i64) -> Subscription {
        let (ctx, db) = (self.partner_ctx(), self.world.db());
        let line = PlaceLine { number: 0, offer: OfferId::new(offer), friendly_name: None, quantity };
        let order = PlaceOrder { customer: customer.id, billing_cycle: None, lines: vec![line] };
        let order = order_place(&ctx, db, &Limits::NONE, order).await.unwrap();
        subscription_list(&ctx, db, customer.id, Some(order.id)).await.unwrap().remove(0)
    }

    /// Imports a rate card that holds from the beginning of time: [`CARD`](crate::CARD), or the text of another.
    pub async fn import_card(&self, document: impl AsRef<[u8]>) -> PriceSheetSummary {
        self.import_card_from("1970-01-01", document).await
    }

    /// Imports a rate card for market US and currency USD that holds from a time on.
    pub async fn import_card_from(&self, from: &str, document: impl AsRef<[u8]>) -> PriceSheetSummary {
        let import = ImportPriceSheet {
            market: self.partner.address.country.clone(),
            currency: Some(self.partner.currency),
            effective_from: time(from),
            document: document.as_ref().to_vec(),
        };
        price_sheet_import(&self.provider_ctx(), self.world.db(), import).await.unwrap()
    }

    /// Imports list prices of a seat from a day on: for market US, in USD, of products of the platform's own.
    pub async fn import_seat_prices(&self, from: &str, prices: &[(&str, SeatCycle, &str)]) {
        let price = |(offer, cycle, rate): &(&str, SeatCycle, &str)| NewSeatPrice {
            offer: OfferId::new(offer),
            cycle: *cycle,
            rate: Rate::parse(rate).unwrap(),
            first_party: true,
        };
        let list = ImportSeatPrices {
            market: "US".to_owned(),
            currency: Currency::USD,
            effective_from: time(from).day(),
            prices: prices.iter().map(price).collect(),
        };
        seat_price_import(&self.provider_ctx(), self.world.db(), list).await.unwrap();
    }

    /// Sends events in as the provider. The verdicts come in their order.
    pub async fn intake(&self, events: Vec<Event>) -> Vec<Verdict> {
        let batch = events.into_iter().map(Submitted::Event).collect();
        self.world.metering().intake(&self.provider_ctx(), batch).await.unwrap()
    }

    /// Sends events in; each must be accepted.
    pub async fn accept(&self, events: Vec<Event>) {
        for (event, verdict) in events.clone().iter().zip(self.intake(events).await) {
            assert!(matches!(verdict, Verdict::Accepted { .. }), "{event:?}: {verdict:?}");
        }
    }

    /// Moves the clock, and runs what falls due on the way.
    pub async fn advance_to(&self, to: &str) -> ClockMove {
        self.world.advance(&self.world.system("test"), time(to)).await.unwrap()
    }
}

async fn sign_up(world: &World, prefix: &str) -> Partner {
    let new = NewPartner {
        company_name: prefix.to_uppercase(),
        domain: format!("{prefix}.{SUFFIX}"),
        address: address(),
        email: format!("ops@{prefix}.test"),
        culture: "en-us".into(),
        language: "en".into(),
        mpn_id: "4847383".into(),
        markets: vec!["US".into(), "DE".into(), "HU".into()],
        currency: Currency::USD,
    };
    partner_sign_up(&world.system("test"), world.db(), SUFFIX, new).await.unwrap()
}

async fn app(world: &World, tenant: TenantId, tenant_kind: TenantKind, roles: &[Role]) -> App {
    let mut tx = world.db().begin().await.unwrap();
    let registered = application_register(&world.system("test"), &mut tx, tenant, "Control panel", roles).await;
    let (made, secret) = registered.unwrap();
    tx.commit().await.unwrap();
    let identity = Identity::application(made.app, made.principal, (tenant, tenant_kind), roles.iter().copied());
    App { identity, secret }
}

fn address() -> Address {
    Address {
        country: "US".into(),
        city: Some("Seattle".into()),
        state: Some("WA".into()),
        address_line1: Some("1 Harbour Rd".into()),
        postal_code: Some("98101".into()),
        ..Address::default()
    }
}
