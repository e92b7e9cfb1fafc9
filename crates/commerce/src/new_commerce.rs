//! Migrating seats of the old catalogue into the modern one ("new commerce"): what is asked for, and what stands in the way.
//!
//! The same product in the other catalogue takes the place of the subscription: bought today, with an order and bills of its
//! own, for the rest of the term or for a whole one. People keep their licences, because those are of the product. The old
//! subscription is suspended, and seat billing gives back what is not used of it. It is done when it is answered
//! (`new_commerce_migrate.rs`), or on a day (`new_commerce_schedule.rs`).
//!
//! Source: partner-center-v1.md 2.5 rows 90 to 99, 3.5.

use crate::customer::Customer;
use crate::offer::{BillingCycle, Offer};
use crate::order_place::held_of_seller;
use crate::subscription::{Status, Subscription};
use crate::subscription_replace::{GoesOn, Replacement};
use crate::{Limits, agreement, catalogue, customers, rows, subscription_add_ons, subscriptions, text};
use serde::Serialize;
use tenantry_access::{SubscriptionRead, allow};
use tenantry_core::{Day, OfferId, OpContext, Problem, Reason, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Db};
use tenantry_rating::term_end;

/// The field of a refusal because the term is nearly over.
pub(crate) const TERM_END: &str = "subscriptionEndDate";

const REFERENCE_MAX: usize = 200;
/// Whose term ends sooner is renewed or over before anything else (partner-center-v1.md 1.8.1, 900217).
const SECONDS_BEFORE_END: i64 = 86_400;

/// How seats go on in the modern catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NewCommerceTerms {
    /// How many; `None`: as many as there are.
    pub quantity: Option<i64>,
    /// How often they are billed; `None`: as often as now.
    pub billing_cycle: Option<BillingCycle>,
    /// For how long one commits, `P1Y`; `None`: as long as the modern product is sold for.
    pub term: Option<String>,
    /// Whether a whole term begins; else the one that runs ends when it would have.
    pub full_term: bool,
    /// A name of the partner's own, to find it by.
    pub external_reference: Option<String>,
}

/// Whether a subscription could be migrated now.
#[derive(Debug)]
pub struct NewCommerceEligibility {
    /// Which.
    pub subscription: SubscriptionId,
    /// What it would become a subscription of, if there is such a thing.
    pub target: Option<&'static Offer>,
    /// How often that would be billed.
    pub billing_cycle: BillingCycle,
    /// When its term would end.
    pub ends_on: Option<Day>,
    /// What stands in the way; nothing if it can be done now.
    pub obstacles: Vec<Problem>,
}

impl NewCommerceTerms {
    /// With the name as it is kept.
    pub(crate) fn checked(self) -> Result<Self, Problem> {
        let external_reference =
            text::optional("externalReferenceId", self.external_reference.as_deref(), REFERENCE_MAX)?;
        Ok(Self { external_reference, ..self })
    }

    /// How often what takes the place of a subscription is billed.
    fn cycle(&self, seen: &Subscription) -> BillingCycle {
        self.billing_cycle.unwrap_or(seen.billing_cycle)
    }

    /// Until when its commitment goes on; `None` for a whole term.
    fn until(&self, seen: &Subscription) -> Option<Day> {
        seen.commitment_ends_on.filter(|_| !self.full_term)
    }
}

/// Judges a migration that nobody asks for yet.
///
/// # Errors
/// `SubscriptionNotFound`, `CustomerNotFound`, `Forbidden`. What stands in the way is an answer.
pub async fn new_commerce_eligibility(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    (customer, id): (TenantId, SubscriptionId),
    terms: &NewCommerceTerms,
) -> Result<NewCommerceEligibility, Problem> {
    terms.clone().checked()?;
    let mut reader = db.reader().await?;
    let seen = subscriptions::visible(ctx, &mut reader, customer, id).await?;
    let seen = allow::<SubscriptionRead, _>(ctx, seen)?.into_target();
    let customer = customers::visible_of_partner(ctx, &mut reader, seen.partner, seen.customer).await?;
    let judged = judge(ctx, &mut reader, limits, (&customer, &seen), (terms, ctx.now())).await?;
    let mut obstacles = judged.err().unwrap_or_default();
    match agreement::check_sold_to(&mut reader, &customer).await {
        Err(problem) if problem.is_ours() => return Err(problem),
        sold => obstacles.extend(sold.err()),
    }
    if let Some(scheduled) = rows::new_commerce_schedule::waiting(&mut reader, seen.id).await? {
        obstacles.push(scheduled.in_the_way());
    }
    let target = modern(seen.offer);
    let today = ctx.now().day();
    let whole = target.and_then(|target| term_end(today, target.term.months(), today));
    Ok(NewCommerceEligibility {
        subscription: seen.id,
        target,
        billing_cycle: terms.cycle(&seen),
        ends_on: terms.until(&seen).or(whole),
        obstacles,
    })
}

/// The same in the modern catalogue.
fn modern(offer: &Offer) -> Option<&'static Offer> {
    offer.new_commerce.and_then(|id| catalogue::find(&OfferId::new(id)))
}

/// What takes the place of a subscription, or everything that stands in the way at an instant.
pub(crate) async fn judge(
    ctx: &OpContext,
    on: &mut impl Connection,
    limits: &Limits,
    (customer, seen): (&Customer, &Subscription),
    (terms, at): (&NewCommerceTerms, Timestamp),
) -> Result<Result<Replacement, Vec<Problem>>, Problem> {
    const SUBSCRIPTION: &str = "currentSubscriptionId";
    let mut found = Vec::new();
    if seen.state.status() != Status::Active {
        let message = format!("the subscription is {}; only an active one is migrated", seen.state.status().name());
        found.push(Problem::new(Reason::SubscriptionSuspended, message).at(SUBSCRIPTION));
    }
    let ends_soon = |end: &Day| end.start() < at.plus_seconds(SECONDS_BEFORE_END);
    if let Some(end) = seen.commitment_ends_on.filter(ends_soon) {
        let message = format!("its term ends on {end}, in less than a day; migrate it when it was renewed");
        found.push(Problem::new(Reason::StatusChangeRefused, message).at(TERM_END));
    }
    if let Some(add_on) = subscription_add_ons::alive(on, seen).await?.first() {
        let message = format!(
            "{} goes with it and is not in the modern catalogue; suspend the add-on first",
            add_on.friendly_name
        );
        found.push(Problem::new(Reason::Unsupported, message).at("addOnMigrations"));
    }
    let Some(target) = modern(seen.offer).filter(|target| target.sold_in(customer.country())) else {
        let message = format!("{} is not in the modern catalogue here; it stays as it is", seen.offer.name);
        found.push(Problem::new(Reason::OfferNotPurchasable, message).at(SUBSCRIPTION));
        return Ok(Err(found));
    };
    let quantity = terms.quantity.unwrap_or(seen.quantity);
    found.extend(target.check_term("termDuration", terms.term.as_deref().unwrap_or_default()).err());
    found.extend(target.check_quantity("quantity", quantity).and_then(|()| limits.check_seats(quantity)).err());
    let held = held_of_seller(ctx, on, customer).await?;
    let alive = held.iter().filter(|held| held.state.status() != Status::Deleted).count();
    found.extend(limits.check_subscriptions(i64::try_from(alive + 1).unwrap_or(i64::MAX)).err());
    match target.check_billing_cycle(Some(terms.cycle(seen))) {
        Ok(billing_cycle) if found.is_empty() => {
            let migration = Some(GoesOn { until: terms.until(seen) });
            Ok(Ok(Replacement { target, quantity, billing_cycle, migration }))
        }
        refused => {
            found.extend(refused.err());
            Ok(Err(found))
        }
    }
}
