//! `GET` and `PATCH /v1/customers/{c}/usagebudget`: what a partner plans for a customer's usage in a month. Source:
//! partner-center-v1.md 3.10, 4.6, 9.10.
//!
//! The amount counts against what the partner is charged for the running calendar month, in the currency of the prices it
//! buys at. An amount that is `null` or absent is none (3.10), so a body without one takes the budget away.

use crate::params;
use crate::wire::input::Body;
use crate::wire::{Attributes, Decimal};
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};
use tenantry_metering::UsageBudget;

/// The budget as it stands alone and in usage records.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SpendingBudget {
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Decimal>,
    /// The same once more, for clients of the older contract; only where the budget stands alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_spending_budget: Option<Decimal>,
    attributes: Attributes,
}

impl SpendingBudget {
    /// As part of a record.
    pub(super) fn of(budget: &UsageBudget) -> Self {
        let attributes = Attributes::of("SpendingBudget");
        Self { amount: Some(budget.amount.into()), usage_spending_budget: None, attributes }
    }

    /// Alone; without an amount if there is none.
    fn alone(budget: Option<&UsageBudget>) -> Self {
        let amount: Option<Decimal> = budget.map(|budget| budget.amount.into());
        Self { usage_spending_budget: amount.clone(), amount, attributes: Attributes::of("SpendingBudget") }
    }
}

/// The budget of a customer.
pub(crate) async fn budget(call: Call) -> Result<Answer, Problem> {
    let budget = call.world.metering().usage_budget(&call.ctx, params::customer(&call)?).await?;
    Answer::ok(&SpendingBudget::alone(budget.as_ref()))
}

/// Sets it, or takes it away.
pub(crate) async fn change_budget(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let amount = Body::of(&call)?.fields()?.text("amount")?;
    let budget = call.world.metering().usage_budget_set(&call.ctx, customer, amount).await?;
    Answer::ok(&SpendingBudget::alone(budget.as_ref()))
}
