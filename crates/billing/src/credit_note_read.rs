//! Reading credit notes.

use crate::credit_note::{CreditNote, no_credit_note};
use crate::credit_note_rows;
use crate::payment::{readable_account, shows};
use tenantry_access::{InvoiceRead, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;

/// A buyer's credit notes, oldest first. The buyer may ask, its seller, and the provider.
pub async fn credit_note_list(ctx: &OpContext, db: &Db, buyer: TenantId) -> Result<Vec<CreditNote>, Problem> {
    let account = readable_account(ctx, db, buyer).await?;
    let stored = credit_note_rows::of_buyer(&mut db.reader().await?, buyer).await?;
    let notes = stored.into_iter().map(|stored| stored.note);
    Ok(notes.filter(|note| shows(ctx, account, note.seller.tenant)).collect())
}

/// One credit note by its number, in any letter case, and its hash.
pub async fn credit_note_get(ctx: &OpContext, db: &Db, number: &str) -> Result<(CreditNote, String), Problem> {
    let found = credit_note_rows::numbered(&mut db.reader().await?, ctx.confined_to(), number).await?;
    let stored = found.ok_or_else(|| no_credit_note(number))?;
    let allowed = allow::<InvoiceRead, _>(ctx, stored.note)?;
    Ok((allowed.into_target(), stored.hash))
}
