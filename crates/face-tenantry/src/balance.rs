//! `GET /api/v1/balance`: what a partner owes, from the ledger.
//!
//! Only the receivable is shown. How the seller splits its income into revenue and tax is the seller's book, not
//! the buyer's.

use crate::{asked, wire};
use serde::Serialize;
use tenantry_billing::{Account, balances};
use tenantry_core::{Money, Problem, TenantId};
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
struct BalanceView {
    #[serde(serialize_with = "wire::text")]
    partner: TenantId,
    balances: Vec<OwedView>,
}

/// Owed to one seller in one currency. Negative: the seller owes it.
#[derive(Serialize)]
struct OwedView {
    #[serde(serialize_with = "wire::text")]
    seller: TenantId,
    currency: String,
    #[serde(serialize_with = "wire::text")]
    owed: Money,
}

/// What is owed now.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let partner = asked::partner(&call).await?;
    let balances = balances(&call.ctx, call.world.db(), partner)
        .await?
        .into_iter()
        .filter(|balance| balance.account == Account::Receivable)
        .map(|balance| OwedView {
            seller: balance.owner,
            currency: balance.amount.currency().to_string(),
            owed: balance.amount,
        })
        .collect();
    Answer::ok(&BalanceView { partner, balances })
}
