//! Making the demo world: through the very acts that faces call, on a clock that is moved day by day.
//!
//! Nothing is written behind the rooms' backs. So the demo is also the longest test there is: a channel is set up,
//! eleven weeks pass, two months are closed and billed on the way.

use super::PRICE_SHEET;
use super::plan::{Company, Customer, PLAN};
use super::story::{Bought, Buyer, Story};
use super::usage::{Emitter, batches};
use crate::application::Party;
use crate::output::Output;
use crate::progress::Progress;
use tenantry_commerce::{
    Address, BillingDetails, ImportPriceSheet, Limits, NewCustomer, NewPartner, NewProvider, Partner, PlaceLine,
    PlaceOrder, customer_create, order_place, partner_sign_up, price_sheet_import, provider_create,
};
use tenantry_core::{Chance, Currency, Month, OfferId, OpContext, Problem, Reason, Role, TenantId, Timestamp};
use tenantry_metering::{Submitted, Verdict};
use tenantry_worlds::World;

/// The first month of the demo.
const FIRST_MONTH: &str = "2026-01";
/// What the clock shows when it is done: a working day of the third month.
const PRESENT: &str = "2026-03-18T15:30:00Z";

/// The country all of it takes place in.
const COUNTRY: &str = "US";
/// What the partner's application may do: sell, and see the bill.
const PARTNER_ROLES: [Role; 3] = [Role::AdminAgent, Role::SalesAgent, Role::BillingAdmin];
/// Pay as you go: what is used is billed.
const USAGE_OFFER: &str = "MS-AZR-0145P";

/// When the world of the demo begins.
pub(crate) fn begins() -> Result<Timestamp, Problem> {
    Month::parse(FIRST_MONTH).map(|month| month.period().from).map_err(Problem::internal)
}

/// Fills a sandbox world that has just begun.
pub(crate) async fn seed(world: &World, seed: u64, output: &mut Output<'_>) -> Result<Story, Problem> {
    let ctx = world.system("demo");
    let provider = provider(&ctx, world).await?;
    let (partner, partner_party) = partner(&ctx, world).await?;
    let mut customers = Vec::new();
    let mut emitters = Vec::new();
    for plan in PLAN.customers {
        customers.push(customer(&ctx, world, partner.tenant, plan, &mut emitters).await?);
    }
    live_through(&ctx, world, seed, &emitters, output).await?;
    Ok(Story { seed, provider, partner: partner_party, customers })
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
    Party::register(world, (made.tenant, company.name, &domain), "Metering", &[]).await
}

async fn partner(ctx: &OpContext, world: &World) -> Result<(Partner, Party), Problem> {
    let company = PLAN.partner;
    let domain = domain(world, company);
    let new = NewPartner {
        company_name: company.name.to_owned(),
        domain: domain.clone(),
        address: address(company),
        email: format!("billing@{domain}"),
        culture: "en-US".to_owned(),
        language: "en".to_owned(),
        mpn_id: "1000001".to_owned(),
        markets: vec![COUNTRY.to_owned()],
        currency: Currency::USD,
    };
    let made = partner_sign_up(ctx, world.db(), &world.settings().domain_suffix, new).await?;
    let party = Party::register(world, (made.tenant, company.name, &domain), "Control panel", &PARTNER_ROLES).await?;
    Ok((made, party))
}

async fn customer(
    ctx: &OpContext,
    world: &World,
    partner: TenantId,
    plan: &Customer,
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
        emitters.push(Emitter { subscription: line.subscription, plan });
        subscriptions.push(Bought { id: line.subscription.to_string(), name: line.friendly_name });
    }
    Ok(Buyer { name: company.name.to_owned(), tenant_id: made.id.to_string(), domain, subscriptions })
}

/// Each day passes, then what was used in it is reported. Months that end on the way are closed by the world.
async fn live_through(
    ctx: &OpContext,
    world: &World,
    seed: u64,
    emitters: &[Emitter],
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let present = Timestamp::parse(PRESENT).map_err(Problem::internal)?;
    let first = Month::of(begins()?.day());
    // A generator of its own: what else the world draws must not change the usage.
    let chance = Chance::from_seed(seed);
    let mut progress = Progress::new("made", "usage event");
    for batch in batches(&chance, emitters, first, present).map_err(Problem::internal)? {
        let Some(last) = batch.last() else { continue };
        world.advance(ctx, last.at.day().next().start().min(present)).await?;
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
