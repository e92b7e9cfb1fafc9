//! Reading customers: one, or a partner's list in pages.

use crate::customer::{Customer, no_customer};
use crate::partner::no_partner;
use crate::reach::Reach;
use crate::{rows, text};
use tenantry_access::{CustomerRead, allow};
use tenantry_core::{OpContext, Page, Problem, TenantId};
use tenantry_db::{Connection, Db};

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

/// A customer.
pub async fn customer_get(ctx: &OpContext, db: &Db, id: TenantId) -> Result<Customer, Problem> {
    let customer = visible(ctx, &mut db.reader().await?, id).await?;
    Ok(allow::<CustomerRead, _>(ctx, customer)?.into_target())
}

/// A page of a partner's customers, in the order of their creation.
pub async fn customer_list(ctx: &OpContext, db: &Db, query: CustomerQuery) -> Result<Page<Customer>, Problem> {
    let mut reader = db.reader().await?;
    let found = rows::partner::by_id(&mut reader, Reach::of(ctx)?, query.partner).await?;
    let partner = allow::<CustomerRead, _>(ctx, found.ok_or_else(|| no_partner(query.partner))?)?.into_target();
    if !(1..=CUSTOMER_PAGE_MAX).contains(&query.size) {
        let message = format!("{} customers do not fit a page; ask for 1 to {CUSTOMER_PAGE_MAX}", query.size);
        return Err(Problem::invalid("size", message));
    }
    let open = "%".to_owned();
    let (company, domain) = match &query.filter {
        None => (open.clone(), open),
        Some(CustomerFilter::CompanyName(start)) => (starts_with(start)?, open),
        Some(CustomerFilter::Domain(start)) => (open, starts_with(start)?),
    };
    let limit = i64::try_from(query.size + 1).map_err(Problem::internal)?;
    let items = rows::customer::page(&mut reader, partner.tenant, (&company, &domain), query.after, limit).await?;
    Ok(Page::from_one_more(items, query.size))
}

/// A customer within the caller's reach. What the caller may do with it is asked by who called this.
pub(crate) async fn visible(ctx: &OpContext, on: &mut impl Connection, id: TenantId) -> Result<Customer, Problem> {
    rows::customer::by_id(on, Reach::of(ctx)?, id).await?.ok_or_else(|| no_customer(id))
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
    use crate::testing::House;
    use tenantry_core::{Reason, Role};

    #[tokio::test]
    async fn lists_begin_with_what_was_typed() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        for name in ["Northwind", "northern Lights", "100% Wolle", "100 Stores", "Ärzte GmbH", "a_b", "axb", "Wow!"] {
            house.customer(&partner, name).await;
        }
        let ctx = house.by(&partner, &[Role::HelpdeskAgent]);
        let check = async |filter: CustomerFilter, names: &[&str]| {
            let query = CustomerQuery { filter: Some(filter.clone()), ..CustomerQuery::all(partner.tenant) };
            let page = customer_list(&ctx, &house.db, query).await.unwrap();
            let seen: Vec<_> = page.items.iter().map(|customer| customer.company_name.as_str()).collect();
            assert_eq!(seen, names, "{filter:?}");
        };
        let name = |start: &str| CustomerFilter::CompanyName(start.to_owned());
        check(name("north"), &["Northwind", "northern Lights"]).await;
        check(name("NORTHW"), &["Northwind"]).await;
        check(name("wind"), &[]).await;
        check(name("100%"), &["100% Wolle"]).await;
        check(name("%"), &[]).await;
        check(name("a_"), &["a_b"]).await;
        check(name("ärz"), &["Ärzte GmbH"]).await;
        check(name("wow!"), &["Wow!"]).await;
        check(CustomerFilter::Domain("NORTHW".into()), &["Northwind"]).await;
        check(CustomerFilter::Domain("example".into()), &[]).await;
    }

    #[tokio::test]
    async fn pages_meet_and_stand_still_while_customers_are_added() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        for name in ["C", "B", "A"] {
            house.customer(&partner, name).await;
        }
        let page = async |after, size| {
            let query = CustomerQuery { after, size, ..CustomerQuery::all(partner.tenant) };
            let page = customer_list(&house.ctx, &house.db, query).await.map_err(|problem| problem.reason())?;
            let names: Vec<_> = page.items.iter().map(|customer| customer.company_name.clone()).collect();
            let last = page.items.last().map_or(0, |customer| customer.number);
            Ok::<_, Reason>((names.join(" "), page.more, last))
        };
        assert_eq!(page(0, 2).await, Ok(("C B".into(), true, 2)));
        house.customer(&partner, "0").await;
        assert_eq!(page(2, 2).await, Ok(("A 0".into(), false, 4)));
        assert_eq!(page(4, 2).await, Ok((String::new(), false, 0)));
        for size in [0, 501] {
            assert_eq!(page(0, size).await, Err(Reason::InvalidField));
        }
    }

    #[tokio::test]
    async fn a_stranger_finds_no_customer() {
        let house = House::open().await;
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let reason = async |ctx: &OpContext| customer_get(ctx, &house.db, customer.id).await.map_err(|p| p.reason());
        assert_eq!(reason(&house.by(&fabrikam, &Role::ALL)).await, Err(Reason::CustomerNotFound));
        assert_eq!(reason(&house.by(&contoso, &[Role::BillingAdmin])).await, Err(Reason::Forbidden));
        assert_eq!(reason(&house.ctx).await.map(|found| found.id), Ok(customer.id));
        let list = customer_list(&house.by(&fabrikam, &Role::ALL), &house.db, CustomerQuery::all(contoso.tenant)).await;
        assert_eq!(list.unwrap_err().reason(), Reason::TenantNotFound);
        let own = CustomerQuery::all(fabrikam.tenant);
        assert!(customer_list(&house.by(&fabrikam, &Role::ALL), &house.db, own).await.unwrap().items.is_empty());
    }
}
