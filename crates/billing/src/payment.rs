//! A payment: money a buyer sent to its seller, written down once.
//!
//! It is named by the seller and a reference of the seller's choosing (the line of a bank statement, say), so that
//! an import that runs twice books once. A payment that bounced is not removed: a reversal takes it back.

use crate::read::naming;
use tenantry_access::{ChannelManage, InvoiceRead, ResellerManage, Scoped, WorldScope, allow};
use tenantry_commerce::{EdgeRef, edge_ref, provider_get};
use tenantry_core::{Day, Money, OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::Db;

/// A payment, or the reversal of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Who was paid.
    pub seller: TenantId,
    /// Who paid.
    pub buyer: TenantId,
    /// Names it for ever among the seller's payments.
    pub reference: String,
    /// How much; always above zero, also of a reversal.
    pub amount: Money,
    /// The day of the money: of the payment, or of its return.
    pub paid_on: Day,
    /// When it was written down, in world time.
    pub recorded_at: Timestamp,
    /// The documents it is for, first come first covered; none: the oldest open ones. What is left covers the
    /// oldest, and then stands on the account for what comes.
    pub documents: Vec<String>,
    /// The payment this takes back; `None` for a payment.
    pub reverses: Option<String>,
    /// Why it was taken back; empty for a payment.
    pub reason: String,
    /// Its place among the seller's documents and payments.
    pub(crate) order: (i64, i64),
}

impl Payment {
    /// Money that came in, less the money that went back.
    #[must_use]
    pub fn signed(&self) -> Money {
        if self.reverses.is_some() { self.amount.negated() } else { self.amount }
    }
}

/// The seller's own side of an account that the caller may know of: the books are the seller's to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SellerScope(pub(crate) TenantId);

impl Scoped for SellerScope {
    fn partner(&self) -> Option<TenantId> {
        Some(self.0)
    }

    fn customer(&self) -> Option<TenantId> {
        None
    }

    /// Asked for only where the account itself was found, so there is nothing to hide: it is the other side that asks.
    fn hidden(&self) -> Problem {
        Problem::new(
            Reason::Forbidden,
            "payments, credit notes, rounding and tax are written by who sells; ask your seller for it",
        )
    }
}

/// The account of a buyer, for those who may read it: the buyer, its seller, the provider.
pub(crate) async fn readable_account(ctx: &OpContext, db: &Db, buyer: TenantId) -> Result<EdgeRef, Problem> {
    Ok(allow::<InvoiceRead, _>(ctx, edge_ref(ctx, db, buyer).await?)?.into_target())
}

/// Whether a reader of a buyer's account may see what a seller wrote there. A seller sees its own books, not those of
/// one the buyer bought from before.
pub(crate) fn shows(ctx: &OpContext, account: EdgeRef, seller: TenantId) -> bool {
    ctx.confined_to().is_none_or(|own| own == account.buyer || own == seller)
}

/// Asks whether the caller may write in the seller's books about a buyer that it may know of. The provider writes in
/// those of its own edges, an indirect provider in those of its resellers'.
pub(crate) async fn may_write(ctx: &OpContext, db: &Db, account: EdgeRef) -> Result<(), Problem> {
    let account = allow::<InvoiceRead, _>(ctx, account)?.into_target();
    may_write_as(ctx, db, account.seller).await
}

/// The same for what a seller says of all its buyers.
pub(crate) async fn may_write_as(ctx: &OpContext, db: &Db, seller: TenantId) -> Result<(), Problem> {
    let provider = provider_get(&naming(ctx), db).await?;
    if seller == provider.tenant {
        allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    } else {
        allow::<ResellerManage, _>(ctx, SellerScope(seller))?;
    }
    Ok(())
}
