//! Reading customers: one, or a partner's list in pages.

use crate::customer::{Customer, no_customer};
use crate::partner::missing;
use crate::reach::Reach;
use crate::{rows, text};
use tenantry_access::{CustomerRead, InvoiceRead, allow};
use tenantry_core::{Caller, OpContext, Page, Problem, TenantId};
use tenantry_db::{Connection, Db};
use tenantry_directory::contracts_with;

/// Most customers on a page. Source: partner-center-v1.md 1.6.
pub const CUSTOMER_PAGE_MAX: usize = 500;

/// Which customers of a list are wanted: those whose name begins like this, in any letter case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerFilter {
    /// The company's name.
    CompanyName(String),
    /// Its domain.
    Domain(String),
}

/// A page of a partner's customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerQuery {
    /// Whose customers.
    pub partner: TenantId,
    /// Only these.
    pub filter: Option<CustomerFilter>,
    /// The number ([`Customer::number`]) of the last customer seen; 0 for the first page. Pages stand still while
    /// customers are added, because a new one gets a higher number.
    pub after: i64,
    /// Customers at most: 1 to [`CUSTOMER_PAGE_MAX`].
    pub size: usize,
}

impl CustomerQuery {
    /// The first page, as large as can be.
    #[must_use]
    pub const fn all(partner: TenantId) -> Self {
        Self { partner, filter: None, after: 0, size: CUSTOMER_PAGE_MAX }
    }
}

/// A customer. To those who see all partners, a tenant that is the customer of several is what it is to the partner that
/// has it longest; [`customer_of_partner`] says which one is meant.
pub async fn customer_get(ctx: &OpContext, db: &Db, id: TenantId) -> Result<Customer, Problem> {
    let customer = visible(ctx, &mut db.reader().await?, id).await?;
    Ok(allow::<CustomerRead, _>(ctx, customer)?.into_target())
}

/// What a tenant is to one partner.
pub async fn customer_of_partner(
    ctx: &OpContext,
    db: &Db,
    partner: TenantId,
    id: TenantId,
) -> Result<Customer, Problem> {
    let customer = visible_of_partner(ctx, &mut db.reader().await?, partner, id).await?;
    Ok(allow::<CustomerRead, _>(ctx, customer)?.into_target())
}

/// A customer as those may know it who may read what it is charged: to name it beside a figure takes no right to read
/// customers.
pub async fn customer_billed(ctx: &OpContext, db: &Db, id: TenantId) -> Result<Customer, Problem> {
    let customer = visible(ctx, &mut db.reader().await?, id).await?;
    Ok(allow::<InvoiceRead, _>(ctx, customer)?.into_target())
}

/// Whether the partner's agent groups administer the customer's tenant (delegated administration).
pub async fn customer_is_administered(ctx: &OpContext, db: &Db, customer: &Customer) -> Result<bool, Problem> {
    allow::<CustomerRead, _>(ctx, customer.scope(false))?;
    // Every read of a customer asks, and every beginning and end of a contract changes access.
    db.remembered("administers", [customer.partner.guid(), customer.id.guid()], async {
        // Who may read the customer need not have the right to read contracts in the directory.
        let platform = OpContext { caller: Caller::System("customer_is_administered"), ..ctx.clone() };
        let contracts = contracts_with(&platform, db, customer.id).await?;
        Ok(contracts.iter().any(|contract| contract.partner == customer.partner && contract.delegated_admin))
    })
    .await
}

/// A page of a partner's customers, in the order of their creation.
pub async fn customer_list(ctx: &OpContext, db: &Db, query: CustomerQuery) -> Result<Page<Customer>, Problem> {
    let mut reader = db.reader().await?;
    let found = rows::partner::by_id(&mut reader, Reach::of(ctx)?, query.partner).await?;
    let partner = allow::<CustomerRead, _>(ctx, found.ok_or_else(|| missing(ctx, query.partner))?)?.into_target();
    if !(1..=CUSTOMER_PAGE_MAX).contains(&query.size) {
        let message = format!("{} customers do not fit a page; ask for 1 to {CUSTOMER_PAGE_MAX}", query.size);
        return Err(Problem::invalid("size", message));
    }
    let open = "%".to_owned();
    let patterns = match &query.filter {
        None => None,
        Some(CustomerFilter::CompanyName(start)) => Some((starts_with(start)?, open)),
        Some(CustomerFilter::Domain(start)) => Some((open, starts_with(start)?)),
    };
    let patterns = patterns.as_ref().map(|(company, domain)| (company.as_str(), domain.as_str()));
    let limit = i64::try_from(query.size + 1).map_err(Problem::internal)?;
    let items =
        rows::customer::page(&mut reader, Reach::of(ctx)?, partner.tenant, patterns, query.after, limit).await?;
    Ok(Page::from_one_more(items, query.size))
}

/// The number after which a partner's list goes on when `offset` customers were passed over. Numbers have gaps where a
/// customer went; these are few, and looking at them costs less than counting the list.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn customer_number_before(
    ctx: &OpContext,
    db: &Db,
    partner: TenantId,
    offset: usize,
) -> Result<i64, Problem> {
    let mut reader = db.reader().await?;
    let found = rows::partner::by_id(&mut reader, Reach::of(ctx)?, partner).await?;
    let partner = allow::<CustomerRead, _>(ctx, found.ok_or_else(|| missing(ctx, partner))?)?.into_target();
    let passed = i64::try_from(offset).unwrap_or(i64::MAX);
    if Reach::of(ctx)?.partner.is_none() {
        return Ok(passed);
    }
    Ok(number_after(passed, &rows::customer::ended_numbers(&mut reader, partner.tenant).await?))
}

/// The number of the `passed`-th of those that are left, where the numbers in `gone`, ascending, are not.
fn number_after(passed: i64, gone: &[i64]) -> i64 {
    gone.iter().fold(passed, |last, number| if *number <= last { last.saturating_add(1) } else { last })
}

/// A customer within the caller's reach. What the caller may do with it is asked by who called this.
pub(crate) async fn visible(ctx: &OpContext, on: &mut impl Connection, id: TenantId) -> Result<Customer, Problem> {
    rows::customer::first_by_id(on, Reach::of(ctx)?, id).await?.ok_or_else(|| no_customer(id))
}

/// What a tenant is to one partner, within the caller's reach.
pub(crate) async fn visible_of_partner(
    ctx: &OpContext,
    on: &mut impl Connection,
    partner: TenantId,
    id: TenantId,
) -> Result<Customer, Problem> {
    let found = rows::customer::by_id(on, Reach::of(ctx)?, id).await?;
    found.into_iter().find(|customer| customer.partner == partner).ok_or_else(|| no_customer(id))
}

/// A customer within the caller's reach, to be changed or sold to. Of which partner must be beyond doubt: what is done
/// here is billed to it.
pub(crate) async fn visible_as_one(
    ctx: &OpContext,
    on: &mut impl Connection,
    id: TenantId,
) -> Result<Customer, Problem> {
    let mut found = rows::customer::by_id(on, Reach::of(ctx)?, id).await?;
    found.retain(|customer| customer.ended_at.is_none());
    match found.len() {
        0 => Err(no_customer(id)),
        1 => Ok(found.remove(0)),
        // Who may do nothing with any of them is refused by the act, and does not learn how many there are.
        _ if ctx.tenant() == Some(id) => Ok(found.remove(0)),
        // An indirect provider that names no reseller means its own customer (`associatedPartnerId` absent).
        _ if ctx.confined_to() == Some(found[0].partner) => Ok(found.remove(0)),
        several => {
            let message = format!(
                "{id} is the customer of {several} partners; name the one meant, or sign in as its application"
            );
            Err(Problem::invalid("customer", message))
        }
    }
}

/// A LIKE pattern for texts that begin so. `%` and `_` of the caller stand for themselves.
fn starts_with(start: &str) -> Result<String, Problem> {
    let start = text::optional("filter.Value", Some(start), 200)?.unwrap_or_default().to_lowercase();
    let mut pattern = String::with_capacity(start.len() + 1);
    for c in start.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    Ok(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_passes_over_those_that_are_left() {
        for (passed, gone, last) in [
            (0, &[][..], 0),
            (3, &[], 3),
            (0, &[1], 0),
            (1, &[1], 2),
            (1, &[2], 1),
            (2, &[1, 2, 4], 5),
            (3, &[2, 3, 9], 5),
            (i64::MAX, &[1], i64::MAX),
        ] {
            assert_eq!(number_after(passed, gone), last, "{passed} without {gone:?}");
        }
    }
}
