//! Putting a budget: new, or changed. It is a record of the usage log, so that the fold decides with it.

use crate::budget::{BudgetScopeRef, BudgetStatus, PutBudget, WantedScope};
use crate::engine::Metering;
use crate::watch;
use std::sync::Arc;
use tenantry_access::{BudgetManage, allow};
use tenantry_commerce::{customer_get, edge_between, edge_of, edge_pricing, partner_get};
use tenantry_core::{
    Amount, Currency, EdgeId, Money, Month, OpContext, Problem, Reason, Rounding, SubscriptionId, TenantId,
};
use tenantry_db::audit;
use tenantry_db::log::Span;
use tenantry_usage::{ACTION_PERCENT, BudgetKind, BudgetScope, BudgetTerms, EdgeTerms, Fold, Record};

const NAME_MAX: usize = 100;
const THRESHOLDS_MAX: usize = 10;
const PERCENT_MAX: u16 = 1_000;
/// The largest limit, in minor units: what percents of it come to must stay exact.
const LIMIT_MINOR_MAX: i128 = 1_000_000_000_000_000_000;

impl Metering {
    /// Puts a budget and says whether it is new. What was spent already counts at once; what a raised limit no longer
    /// stops goes on.
    ///
    /// # Errors
    /// "There is none" for one of somebody else, and for an edge, partner, customer or subscription out of the
    /// caller's reach; `InvalidField` with the field for values.
    pub async fn budget_put(&self, ctx: &OpContext, put: PutBudget) -> Result<(BudgetStatus, bool), Problem> {
        let line = audit::open(ctx, &self.db, "budget-put", &put.id.to_string()).await?;
        let outcome = self.put_budget(ctx, put).await;
        line.close(ctx, &self.db, outcome).await
    }

    pub(crate) async fn put_budget(&self, ctx: &OpContext, put: PutBudget) -> Result<(BudgetStatus, bool), Problem> {
        self.follow(ctx).await?;
        let id = put.id;
        let known = self.read_all(|fold| fold.budgets().get(id).cloned()).await;
        let owner = known.as_ref().map(|known| known.owner).or(ctx.tenant());
        if let Some(owner) = owner {
            allow::<BudgetManage, _>(ctx, BudgetScopeRef { id, owner, sandbox: self.sandbox })?;
        }
        let edge = self.watched_edge(ctx, &put, owner, known.as_ref()).await?;
        // The provider reads all budgets, and what a partner bills its customer is not for it to know.
        let platform = OpContext::system("budget-put", Arc::clone(&ctx.clock), Arc::clone(&ctx.chance));
        if edge_between(&platform, &self.db, edge.seller, edge.buyer).await?.to_customer {
            let message = "budgets watch what partners pay, and this edge is to a customer; name the one you buy on";
            return Err(Problem::invalid("edge", message));
        }
        let owner = owner.unwrap_or(edge.seller);
        allow::<BudgetManage, _>(ctx, BudgetScopeRef { id, owner, sandbox: self.sandbox })?;
        let scope = self.scope(ctx, &put, &edge).await?;
        let currency = self.currency(ctx, put.kind, &scope, &edge).await?;
        let terms = BudgetTerms {
            id,
            owner,
            name: name(&put.name)?,
            scope,
            edge: edge.id,
            kind: put.kind,
            limit: limit(&put.limit, currency)?,
            thresholds: thresholds(put.thresholds)?,
            action: put.action,
            on_anomaly: put.on_anomaly,
        };
        if known.as_ref() != Some(&terms) {
            let mut turn = self.turn().await?;
            // Two callers may have chosen the same name at the same time.
            let others = |fold: &Fold| fold.budgets().get(id).is_some_and(|now| now.owner != owner);
            if self.read_all(others).await {
                return Err(crate::budget::no_budget(id));
            }
            turn.append(ctx.now(), Span::NONE, Record::Budget(terms)).await?;
            watch::schedule(turn.tx().await?, ctx.now().day()).await?;
            turn.commit().await?;
            self.settle(ctx).await?;
            self.lift(ctx).await?;
        }
        let month = Month::of(ctx.now().day());
        let status = self
            .read_all(|fold| {
                let book = fold.budgets();
                book.get(id).map(|terms| BudgetStatus::of(book, terms, month))
            })
            .await;
        Ok((status.ok_or_else(|| crate::budget::no_budget(id))?, known.is_none()))
    }

    /// The edge whose charges count: one the budget's owner stands on, whoever changes the budget. Any other would show
    /// the owner somebody else's prices.
    async fn watched_edge(
        &self,
        ctx: &OpContext,
        put: &PutBudget,
        owner: Option<TenantId>,
        known: Option<&BudgetTerms>,
    ) -> Result<EdgeTerms, Problem> {
        let own = ctx.confined_to();
        let named = put.edge.or(known.map(|known| known.edge));
        let stands_on = |edge: &EdgeTerms| owner.is_none_or(|owner| owner == edge.buyer || owner == edge.seller);
        let bought_by = |fold: &Fold, buyer: TenantId| fold.edges().find(|edge| edge.buyer == buyer).cloned();
        let first_of = |fold: &Fold, scope: BudgetScope| {
            let subscription = fold.within(&scope).next()?;
            fold.subscription(subscription)?.channel.first().and_then(|id| fold.edge(*id)).cloned()
        };
        let found = self
            .read_all(|fold| match (named, own, &put.scope) {
                (Some(named), ..) => fold.edge(named).cloned(),
                (None, Some(own), _) => bought_by(fold, own),
                (None, None, WantedScope::Partner(partner)) => bought_by(fold, *partner),
                (None, None, WantedScope::Customer(id)) => first_of(fold, BudgetScope::Customer(*id)),
                (None, None, WantedScope::Subscription(id) | WantedScope::ResourceGroup(id, _)) => {
                    first_of(fold, BudgetScope::Subscription(*id))
                }
                (None, None, WantedScope::Channel) => None,
            })
            .await;
        found.filter(stands_on).ok_or_else(|| match put.edge {
            Some(named) => no_edge(named),
            None => {
                let message =
                    "edge is required: it says whose prices count; name the id of a channel edge you buy or sell on";
                Problem::new(Reason::MissingField, message).at("edge")
            }
        })
    }

    /// The scope, if it lies within the caller's reach and on the edge.
    async fn scope(&self, ctx: &OpContext, put: &PutBudget, edge: &EdgeTerms) -> Result<BudgetScope, Problem> {
        if put.kind == BudgetKind::Credit && put.scope != WantedScope::Channel {
            let message = "a credit limit is for everything a buyer owes; use the scope `channel`, or a monthly budget";
            return Err(Problem::invalid("scope", message));
        }
        match &put.scope {
            WantedScope::Channel => Ok(BudgetScope::Channel(edge.id)),
            WantedScope::Partner(partner) => {
                // Its own, and those it sells to.
                let own = ctx.confined_to();
                let sells_to = |fold: &Fold| fold.edges().any(|e| Some(e.seller) == own && e.buyer == *partner);
                if own.is_some_and(|own| own != *partner) && !self.read_all(sells_to).await {
                    let message = format!("there is no partner {partner}; check the tenant id");
                    return Err(Problem::new(Reason::TenantNotFound, message).at("scope.partner"));
                }
                if own.is_none() {
                    partner_get(ctx, &self.db, *partner).await?;
                }
                Ok(BudgetScope::Partner(*partner))
            }
            WantedScope::Customer(customer) => {
                let scope = BudgetScope::Customer(*customer);
                if !self.read_all(|fold| has_on(fold, &scope, edge.id)).await {
                    // One that has ordered nothing yet.
                    customer_get(ctx, &self.db, *customer).await?;
                }
                Ok(scope)
            }
            WantedScope::Subscription(id) => self.subscription_on(*id, edge, BudgetScope::Subscription(*id)).await,
            WantedScope::ResourceGroup(id, group) => {
                let group = group.trim();
                if group.is_empty() || group.len() > NAME_MAX || group.contains('/') {
                    let message = "name one resource group, without slashes";
                    return Err(Problem::invalid("scope.resourceGroup", message));
                }
                self.subscription_on(*id, edge, BudgetScope::resource_group(*id, group)).await
            }
        }
    }

    async fn subscription_on(
        &self,
        id: SubscriptionId,
        edge: &EdgeTerms,
        scope: BudgetScope,
    ) -> Result<BudgetScope, Problem> {
        if self.read_all(|fold| has_on(fold, &scope, edge.id)).await {
            return Ok(scope);
        }
        let message = format!("there is no subscription {id} on this edge of the channel; check the id and the edge");
        Err(Problem::new(Reason::SubscriptionNotFound, message).at("scope.subscription"))
    }

    /// What the charges of the edge are in: the currency of its prices, which that of its documents need not be.
    async fn currency(
        &self,
        ctx: &OpContext,
        kind: BudgetKind,
        scope: &BudgetScope,
        edge: &EdgeTerms,
    ) -> Result<Currency, Problem> {
        let used = self
            .read_all(|fold| {
                let of = |id| fold.subscription(id).filter(|terms| terms.channel.contains(&edge.id));
                fold.within(scope).filter_map(of).map(|terms| terms.currency).next()
            })
            .await;
        if let Some(currency) = used
            && kind != BudgetKind::Credit
        {
            return Ok(currency);
        }
        // Whoever stands on an edge knows its currency; the platform looks it up.
        let platform = OpContext::system("budget-put", Arc::clone(&ctx.clock), Arc::clone(&ctx.chance));
        let edge = edge_of(&platform, &self.db, edge.buyer).await?;
        let (_, priced_in) = edge_pricing(&self.db, &edge).await?;
        if kind == BudgetKind::Credit && edge.currency != priced_in {
            let message = format!(
                "its documents are in {} and its usage is priced in {priced_in}, and a credit limit watches both; put a \
                 monthly budget, in {priced_in}",
                edge.currency
            );
            return Err(Problem::new(Reason::Unsupported, message).at("kind"));
        }
        Ok(used.unwrap_or(priced_in))
    }
}

fn has_on(fold: &Fold, scope: &BudgetScope, edge: EdgeId) -> bool {
    fold.within(scope).any(|id| fold.subscription(id).is_some_and(|terms| terms.channel.contains(&edge)))
}

fn no_edge(id: EdgeId) -> Problem {
    Problem::new(Reason::TenantNotFound, format!("there is no channel edge {id}; name one you buy or sell on"))
        .at("edge")
}

fn name(text: &str) -> Result<String, Problem> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Problem::invalid("name", format!("give it a name of 1 to {NAME_MAX} characters in one line")));
    }
    Ok(name.to_owned())
}

fn limit(text: &str, currency: Currency) -> Result<Money, Problem> {
    let exact = Amount::parse_exact(text.trim()).map_err(|error| Problem::invalid("limit", error))?;
    let money = exact.round(currency, Rounding::Floor);
    if Amount::of(money) != exact {
        let message = format!("{text} has more digits than {currency} has; {money} would do");
        return Err(Problem::invalid("limit", message));
    }
    if money.minor() <= 0 || money.minor() > LIMIT_MINOR_MAX {
        let most = Money::from_minor(LIMIT_MINOR_MAX, currency);
        return Err(Problem::invalid(
            "limit",
            format!("{text} is no limit; it is above 0 and at most {most} {currency}"),
        ));
    }
    Ok(money)
}

fn thresholds(mut percents: Vec<u16>) -> Result<Vec<u16>, Problem> {
    percents.push(ACTION_PERCENT);
    percents.sort_unstable();
    percents.dedup();
    if let Some(wrong) = percents.iter().find(|percent| !(1..=PERCENT_MAX).contains(*percent)) {
        return Err(Problem::invalid(
            "thresholds",
            format!("{wrong} is no threshold; percents are 1 to {PERCENT_MAX}"),
        ));
    }
    if percents.len() > THRESHOLDS_MAX {
        let message = format!("{} are too many; at most {THRESHOLDS_MAX}, with {ACTION_PERCENT}", percents.len());
        return Err(Problem::invalid("thresholds", message));
    }
    Ok(percents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_exact_sums_of_money_above_zero() {
        for (text, currency, expected) in [
            ("500", "USD", Ok("500.00")),
            ("0.01", "USD", Ok("0.01")),
            ("0.001", "USD", Err("more digits")),
            ("1000", "JPY", Ok("1000")),
            ("0.5", "JPY", Err("more digits")),
            ("0", "USD", Err("above 0")),
            ("-1", "USD", Err("above 0")),
            ("1e20", "USD", Err("")),
            ("much", "USD", Err("")),
        ] {
            let seen = limit(text, Currency::parse(currency).unwrap());
            match expected {
                Ok(money) => assert_eq!(seen.unwrap().to_string(), money),
                Err(part) => assert!(seen.as_ref().is_err_and(|problem| problem.message().contains(part)), "{seen:?}"),
            }
        }
    }

    #[test]
    fn thresholds_rise_and_hold_the_limit_itself() {
        assert_eq!(thresholds(vec![80, 50, 80]).unwrap(), [50, 80, 100]);
        assert_eq!(thresholds(Vec::new()).unwrap(), [100]);
        assert!(thresholds(vec![0]).is_err() && thresholds(vec![1_001]).is_err());
        assert!(thresholds((1..=10).collect()).is_err());
    }
}
