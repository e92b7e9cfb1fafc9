//! What was paid, as far as invoices tell it: of each document, and of all the last time.

use std::collections::BTreeMap;
use tenantry_billing::account_standings;
use tenantry_core::{Money, Problem, TenantId};
use tenantry_http::Call;

/// What payments cover of a buyer's documents, by number. Credit is not in it: it is documents of its own.
#[derive(Debug, Default)]
pub(super) struct Paid(BTreeMap<String, Money>);

impl Paid {
    /// From the account as it stands, which the ledger agrees with.
    pub(super) async fn by(call: &Call, buyer: TenantId) -> Result<Self, Problem> {
        let accounts = account_standings(&call.ctx, call.world.db(), buyer).await?;
        let documents = accounts.into_iter().flat_map(|account| account.documents);
        Ok(Self(documents.map(|one| (one.document.number, one.document.paid)).collect()))
    }

    /// Of one document; none for what no payment covers.
    pub(super) fn of(&self, number: &str) -> Option<Money> {
        self.0.get(number).copied().filter(|paid| !paid.is_zero())
    }
}
