//! Making the demo world: through the very acts that faces call, on a clock that is moved day by day.
//!
//! Nothing is written behind the rooms' backs. So the demo is also the longest test there is: channels are set up, eleven
//! weeks pass, two months are closed and billed on the way.

use super::PRICE_SHEET;
use super::people;
use super::plan::{Company, Customer, PLAN};
use super::story::{Bought, Buyer, Seller, Story};
use super::tiers;
use super::usage::{Emitter, batches};
use crate::application::Party;
use crate::output::Output;
use crate::progress::Progress;
use std::collections::VecDeque;
use tenantry_commerce::{
    Address, BillingDetails, ChangeReseller, ImportPriceSheet, Limits, NewCustomer, NewPartner, NewProvider, Partner,
    PlaceLine, PlaceOrder, customer_create, order_place, partner_sign_up, price_sheet_import, provider_create,
    relationship_request_accept, relationship_request_create, seat_price_import, seat_prices_of_the_field,
    subscription_change_reseller,
};
use tenantry_core::{
    Caller, Chance, Currency, Identity, Month, OfferId, OpContext, Problem, Reason, Role, SubscriptionId, TenantId,
    TenantKind, Timestamp,
};
use tenantry_directory::service_principal_find;
use tenantry_metering::{PutBudget, Submitted, Verdict, WantedScope};
use tenantry_usage::{BudgetAction, BudgetId, BudgetKind};
use tenantry_worlds::World;

/// The first month of the demo.
const FIRST_MONTH: &str = "2026-01";
/// What the clock shows when it is done: a working day of the third month.
const PRESENT: &str = "2026-03-18T15:30:00Z";

/// The country all of it takes place in.
const COUNTRY: &str = "US";
/// What the partner's application may do: sell, and see the bill.
pub(super) const PARTNER_ROLES: [Role; 3] = [Role::AdminAgent, Role::SalesAgent, Role::BillingAdmin];
/// Pay as you go: what is used is billed.
const USAGE_OFFER: &str = "MS-AZR-0145P";
/// Office 365 Business Premium, by the seat.
const SEAT_OFFER: &str = "031C9E47-4802-4248-838E-778FB1D2CC05";
const SEATS: i64 = 10;
/// What the first customer has from the second partner.
const SECOND_SUBSCRIPTION: &str = "Archive";
/// The subscription that a budget is put on, by its key in the plan.
const WATCHED: &str = "simulation";
const BUDGET: &str = "Robot simulation, monthly";
const BUDGET_LIMIT: &str = "2500.00";

/// When the world of the demo begins.
pub(crate) fn begins() -> Result<Timestamp, Problem> {
    Month::parse(FIRST_MONTH).map(|month| month.period().from).map_err(Problem::internal)
}

/// Fills a sandbox world that has just begun.
pub(crate) async fn seed(world: &World, seed: u64, output: &mut Output<'_>) -> Result<Story, Problem> {
    let ctx = world.system("demo");
    let provider = provider(&ctx, world).await?;
    let (sells, partner) = partner(&ctx, world, PLAN.partner).await?;
    let mut customers = Vec::new();
    let mut emitters = Vec::new();
    for plan in PLAN.customers {
        customers.push(customer(&ctx, world, sells.tenant, (plan, begins()?), &mut emitters).await?);
    }
    let (_, second_partner) = self::partner(&ctx, world, PLAN.second_partner).await?;
    if let Some(first) = customers.first_mut() {
        share(&ctx, world, &second_partner.party, first).await?;
    }
    let below = tiers::begin(&ctx, world).await?;
    let watched = emitters.iter().find(|emitter| emitter.plan.key == WATCHED).map(|emitter| emitter.subscription);
    let turns = [
        Some((below.change.0, Turn::Reseller(below.change.1))),
        watched.map(|subscription| (begins_watch(), Turn::Watch(subscription))),
    ];
    emitters.extend(below.emitters);
    let turns = turns.into_iter().flatten().collect();
    live_through(&ctx, world, (seed, &partner.party), &emitters, turns, output).await?;
    Ok(Story { seed, provider, partner, second_partner, customers, tiers: Some(below.story) })
}

/// What somebody does on the way.
enum Turn {
    /// A subscription goes to another reseller.
    Reseller(ChangeReseller),
    /// The partner puts a budget on a subscription. From then on a sandbox looks for unusual spending.
    Watch(SubscriptionId),
}

impl Turn {
    async fn take(self, ctx: &OpContext, world: &World, partner: &Party) -> Result<(), Problem> {
        match self {
            Self::Reseller(change) => {
                subscription_change_reseller(ctx, world.db(), change).await?;
            }
            Self::Watch(subscription) => {
                let budget = PutBudget {
                    id: BudgetId::new(ctx.chance.guid()),
                    name: BUDGET.to_owned(),
                    scope: WantedScope::Subscription(subscription),
                    edge: None,
                    kind: BudgetKind::Monthly,
                    limit: BUDGET_LIMIT.to_owned(),
                    thresholds: vec![80],
                    action: BudgetAction::Notify,
                    on_anomaly: BudgetAction::Notify,
                };
                let owner = as_partner(ctx, world, partner).await?;
                world.metering().budget_put(&owner, budget).await?;
            }
        }
        Ok(())
    }
}

/// The first day of the open month.
fn begins_watch() -> Timestamp {
    Timestamp::parse(PRESENT).map_or(Timestamp::from_seconds(0), |present| Month::of(present.day()).period().from)
}

async fn provider(ctx: &OpContext, world: &World) -> Result<Party, Problem> {
    let company = PLAN.provider;
    let domain = domain(world, company);
    let new = NewProvider {
        name: company.name.to_owned(),
        domain: domain.clone(),
        address: address(company),
        email: format!("billing@{domain}"),
    };
    let made = provider_create(ctx, world.db(), &world.settings().domain_suffix, new).await?;
    let sheet = ImportPriceSheet {
        market: COUNTRY.to_owned(),
        currency: Some(Currency::USD),
        effective_from: begins()?,
        document: PRICE_SHEET.to_vec(),
    };
    price_sheet_import(ctx, world.db(), sheet).await?;
    seat_price_import(ctx, world.db(), seat_prices_of_the_field(begins()?.day())?).await?;
    Party::register(world, (made.tenant, company.name, &domain), "Metering", &[]).await
}

async fn partner(ctx: &OpContext, world: &World, company: Company) -> Result<(Partner, Seller), Problem> {
    let domain = domain(world, company);
    let new = new_partner(world, company);
    let made = partner_sign_up(ctx, world.db(), &world.settings().domain_suffix, new).await?;
    let party = Party::register(world, (made.tenant, company.name, &domain), "Control panel", &PARTNER_ROLES).await?;
    let people = people::of_partner(ctx, world, made.tenant, &domain).await?;
    let web_app = people::web_app(ctx, world, made.tenant, &party).await?;
    let command_line_app = people::command_line_app(ctx, world, made.tenant, &web_app).await?;
    Ok((made, Seller { party, people, web_app, command_line_app }))
}

pub(super) fn new_partner(world: &World, company: Company) -> NewPartner {
    let domain = domain(world, company);
    NewPartner {
        company_name: company.name.to_owned(),
        email: format!("billing@{domain}"),
        domain,
        address: address(company),
        culture: "en-US".to_owned(),
        language: "en".to_owned(),
        mpn_id: "1000001".to_owned(),
        markets: vec![COUNTRY.to_owned()],
        currency: Currency::USD,
    }
}

/// A partner as one of its applications acts.
async fn as_partner(ctx: &OpContext, world: &World, partner: &Party) -> Result<OpContext, Problem> {
    let tenant = tenant_of(&partner.tenant_id)?;
    let principal = service_principal_find(ctx, world.db(), tenant, &partner.app_id).await?;
    let identity = Identity::application(principal.app, principal.id, (tenant, TenantKind::Partner), PARTNER_ROLES);
    Ok(OpContext { caller: Caller::SignedIn(identity), ..ctx.clone() })
}

/// Makes a customer buy from a second partner as well, by the way this happens: the partner invites, the customer accepts.
async fn share(ctx: &OpContext, world: &World, partner: &Party, customer: &mut Buyer) -> Result<(), Problem> {
    let db = world.db();
    let seller = tenant_of(&partner.tenant_id)?;
    let request = relationship_request_create(ctx, db, seller).await?;
    let buyer = tenant_of(&customer.tenant_id)?;
    relationship_request_accept(ctx, db, &Limits::NONE, buyer, request.id, true).await?;
    // The platform would have to say for which of the two it orders; the partner's own application does not.
    let as_partner = as_partner(ctx, world, partner).await?;
    let line = PlaceLine {
        number: 0,
        offer: OfferId::new(USAGE_OFFER),
        friendly_name: Some(SECOND_SUBSCRIPTION.to_owned()),
        quantity: 1,
    };
    let order = PlaceOrder { customer: buyer, billing_cycle: None, lines: vec![line] };
    for line in order_place(&as_partner, db, &Limits::NONE, order).await?.lines {
        let (id, name) = (line.subscription.to_string(), line.friendly_name);
        customer.from_second_partner.push(Bought { id, name });
    }
    Ok(())
}

pub(super) fn tenant_of(text: &str) -> Result<TenantId, Problem> {
    TenantId::parse(text).map_err(|error| Problem::corrupt(error.to_string()))
}

/// A customer that uses what it buys from an instant on.
pub(super) async fn customer(
    ctx: &OpContext,
    world: &World,
    partner: TenantId,
    (plan, since): (&Customer, Timestamp),
    emitters: &mut Vec<Emitter>,
) -> Result<Buyer, Problem> {
    let company = plan.company;
    let domain = domain(world, company);
    let billing = BillingDetails {
        first_name: None,
        last_name: None,
        email: format!("billing@{domain}"),
        culture: "en-US".to_owned(),
        language: "en".to_owned(),
        company_name: company.name.to_owned(),
        default_address: address(company),
    };
    let new = NewCustomer { partner, company_name: None, domain: domain.clone(), registration_number: None, billing };
    let made = customer_create(ctx, world.db(), &world.settings().domain_suffix, &Limits::NONE, new).await?;
    let lines = plan.subscriptions.iter().zip(0..).map(|(subscription, number)| PlaceLine {
        number,
        offer: OfferId::new(USAGE_OFFER),
        friendly_name: Some(subscription.name.to_owned()),
        quantity: 1,
    });
    let order = PlaceOrder { customer: made.id, billing_cycle: None, lines: lines.collect() };
    let order = order_place(ctx, world.db(), &Limits::NONE, order).await?;
    let mut subscriptions = Vec::new();
    for (plan, line) in plan.subscriptions.iter().zip(order.lines) {
        emitters.push(Emitter { subscription: line.subscription, plan, since });
        subscriptions.push(Bought { id: line.subscription.to_string(), name: line.friendly_name });
    }
    seats(ctx, world, made.id).await?;
    let mut people = vec![people::customer_admin(ctx, world, made.id, &domain).await?];
    let machine = plan.subscriptions.iter().flat_map(|plan| plan.series).map(|series| series.resource).next();
    if let (Some(machine), Some(first)) = (machine, subscriptions.first()) {
        let machine = format!("/subscriptions/{}/resourceGroups/{machine}", first.id);
        people.push(people::operator_of(ctx, world, made.id, &domain, &machine).await?);
    }
    let from_second_partner = Vec::new();
    Ok(Buyer {
        name: company.name.to_owned(),
        tenant_id: made.id.to_string(),
        domain,
        subscriptions,
        from_second_partner,
        people,
    })
}

/// Licences for the customer's people.
async fn seats(ctx: &OpContext, world: &World, customer: TenantId) -> Result<(), Problem> {
    let line = PlaceLine { number: 0, offer: OfferId::new(SEAT_OFFER), friendly_name: None, quantity: SEATS };
    let order = PlaceOrder { customer, billing_cycle: None, lines: vec![line] };
    order_place(ctx, world.db(), &Limits::NONE, order).await.map(|_| ())
}

/// Each day passes with what happens in it, then what was used is reported. Months that end on the way are closed by the
/// world.
async fn live_through(
    ctx: &OpContext,
    world: &World,
    (seed, partner): (u64, &Party),
    emitters: &[Emitter],
    mut turns: VecDeque<(Timestamp, Turn)>,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let present = Timestamp::parse(PRESENT).map_err(Problem::internal)?;
    let first = Month::of(begins()?.day());
    // A generator of its own: what else the world draws must not change the usage.
    let chance = Chance::from_seed(seed);
    let mut progress = Progress::new("made", "usage event");
    for batch in batches(&chance, emitters, first, present).map_err(Problem::internal)? {
        let Some(last) = batch.last() else { continue };
        let end = last.at.day().next().start().min(present);
        while turns.front().is_some_and(|(at, _)| *at <= end) {
            let Some((at, turn)) = turns.pop_front() else { break };
            world.advance(ctx, at).await?;
            turn.take(ctx, world, partner).await?;
        }
        world.advance(ctx, end).await?;
        let verdicts = world.metering().intake(ctx, batch.into_iter().map(Submitted::Event).collect()).await?;
        for verdict in verdicts {
            match verdict {
                Verdict::Accepted { unrated: false } => progress.step(output),
                other => {
                    return Err(Problem::new(Reason::Internal, format!("a demo event was not counted: {other:?}")));
                }
            }
        }
    }
    world.advance(ctx, present).await?;
    progress.end(output);
    Ok(())
}

fn domain(world: &World, company: Company) -> String {
    format!("{}.{}", company.domain, world.settings().domain_suffix)
}

fn address(company: Company) -> Address {
    Address {
        country: COUNTRY.to_owned(),
        city: Some(company.city.to_owned()),
        state: Some(company.state.to_owned()),
        address_line1: Some(company.street.to_owned()),
        postal_code: Some(company.postal_code.to_owned()),
        ..Address::default()
    }
}
