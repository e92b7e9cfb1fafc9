//! The longer channel of the demo: an indirect provider, two resellers below it, and a customer that each of them bills in
//! its turn.
//!
//! The customer's subscription changes its reseller in the middle of an hour in February. So that month has documents of
//! every kind of edge, and shows what a split at the instant looks like on each of them.

use super::people;
use super::plan::{Company, PLAN};
use super::seed::{self, PARTNER_ROLES};
use super::story;
use super::usage::Emitter;
use crate::application::Party;
use tenantry_commerce::{
    AddCustomerPriceRule, ChangeReseller, Limits, Partner, Standing, customer_price_rule_add, partner_sign_up_as,
    relationship_request_accept, relationship_request_create,
};
use tenantry_core::{Factor, Month, OpContext, Problem, TenantId, Timestamp};
use tenantry_rating::AppliesTo;
use tenantry_worlds::World;

/// Usage begins with the second month: January is the direct partner's alone.
const FIRST_MONTH: &str = "2026-02";
/// When the subscription goes to the other reseller.
const CHANGES_AT: &str = "2026-02-16T12:30:00Z";
/// What each reseller pays of what the indirect provider pays, and what its customer pays of that.
const FACTORS: [(&str, &str); 2] = [("1.07", "1.2"), ("1.05", "1.18")];

/// The channel as it begins, and what is to happen to it.
pub(super) struct Begun {
    pub(super) story: story::Tiers,
    pub(super) emitters: Vec<Emitter>,
    /// The change of the reseller, and when.
    pub(super) change: (Timestamp, ChangeReseller),
}

/// Signs everybody up.
pub(super) async fn begin(ctx: &OpContext, world: &World) -> Result<Begun, Problem> {
    let plan = &PLAN.tiers;
    let (above, indirect_provider) = sign_up(ctx, world, plan.indirect_provider, Standing::IndirectProvider).await?;
    let mut sellers = Vec::new();
    for (company, (pays, _)) in plan.resellers.into_iter().zip(FACTORS) {
        let standing = Standing::Reseller { indirect_provider: above.tenant, factor: factor(pays)? };
        sellers.push(sign_up(ctx, world, company, standing).await?);
    }
    let [(first, _), (second, second_party)] = sellers.as_slice() else {
        return Err(Problem::internal("the plan has two resellers"));
    };
    let since = Month::parse(FIRST_MONTH).map_err(Problem::internal)?.period().from;
    let mut emitters = Vec::new();
    let customer = seed::customer(ctx, world, first.tenant, (&plan.customer, since), &mut emitters).await?;
    let tenant = seed::tenant_of(&customer.tenant_id)?;
    bill(ctx, world, first, tenant, FACTORS[0].1).await?;
    let request = relationship_request_create(ctx, world.db(), second.tenant).await?;
    relationship_request_accept(ctx, world.db(), &Limits::NONE, tenant, request.id, true).await?;
    bill(ctx, world, second, tenant, FACTORS[1].1).await?;
    let web_app = people::web_app(ctx, world, second.tenant, second_party).await?;
    let command_line_app = people::command_line_app(ctx, world, second.tenant, &web_app).await?;
    let emitter = emitters.first().ok_or_else(|| Problem::internal("the plan has a subscription"))?;
    let change = ChangeReseller { customer: tenant, subscription: emitter.subscription, partner: second.tenant };
    let at = Timestamp::parse(CHANGES_AT).map_err(Problem::internal)?;
    let resellers = sellers.into_iter().map(|(_, party)| party).collect();
    let story =
        story::Tiers { indirect_provider, resellers, customer, changed_at: CHANGES_AT.to_owned(), command_line_app };
    Ok(Begun { story, emitters, change: (at, change) })
}

async fn sign_up(
    ctx: &OpContext,
    world: &World,
    company: Company,
    standing: Standing,
) -> Result<(Partner, Party), Problem> {
    let (new, suffix) = (seed::new_partner(world, company), &world.settings().domain_suffix);
    let (made, _) = partner_sign_up_as(ctx, world.db(), suffix, standing, new, None).await?;
    let named = (made.tenant, company.name, made.domain.as_str());
    let party = Party::register(world, named, "Control panel", &PARTNER_ROLES).await?;
    Ok((made, party))
}

/// A reseller says what its customer pays, and bills it from now on.
async fn bill(ctx: &OpContext, world: &World, seller: &Partner, customer: TenantId, text: &str) -> Result<(), Problem> {
    let rule = AddCustomerPriceRule {
        seller: Some(seller.tenant),
        customer,
        factor: factor(text)?,
        applies_to: AppliesTo::Everything,
        from: None,
        currency: None,
    };
    customer_price_rule_add(ctx, world.db(), rule).await.map(drop)
}

fn factor(text: &str) -> Result<Factor, Problem> {
    Factor::parse(text).map_err(Problem::internal)
}
