//! `GET /v1/customers`: the partner's customers, by pages.
//!
//! Three ways to go through them, one per client family: by token, by `size` and `offset`, and with neither, which
//! gives as many as a page can hold, because one client never asks for a second (partner-center-v1.md 1.6, rule 21
//! of 6.1).

use crate::customers::wire::Customer;
use crate::params;
use crate::wire::filter::{self, Filter, Operator};
use crate::wire::{paging, seek};
use serde::{Deserialize, Serialize};
use tenantry_commerce::{CUSTOMER_PAGE_MAX, CustomerFilter, CustomerQuery, customer_list, customer_number_before};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

const PATH: &str = "/customers";

/// Where the list goes on. It holds the whole query, because a follow-up sends nothing else.
#[derive(Debug, Serialize, Deserialize)]
struct Position {
    size: usize,
    /// The number of the last customer seen.
    after: i64,
    company_name: Option<String>,
    domain: Option<String>,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let position = match seek::state(&call, PATH)? {
        Some(position) => position,
        None => first(&call).await?,
    };
    let company = position.company_name.clone().map(CustomerFilter::CompanyName);
    let query = CustomerQuery {
        partner: params::partner(&call)?,
        filter: company.or_else(|| position.domain.clone().map(CustomerFilter::Domain)),
        after: position.after,
        size: position.size,
    };
    let page = customer_list(&call.ctx, call.world.db(), query).await?;
    let last = page.items.last().map(|customer| customer.number).filter(|_| page.more);
    let next = last.map(|after| Position { after, ..position });
    let own = params::partner(&call)?;
    let items = page.items.into_iter().map(|customer| Customer::item(customer).seen_by(own)).collect();
    Answer::ok(&seek::page(&call, seek::CAMEL, (PATH, PATH), items, next.as_ref())?)
}

/// An offset into the whole list is the number of the last customer before it; the room knows which numbers went with
/// customers that are gone. Into a filtered list it is not.
async fn first(call: &Call) -> Result<Position, Problem> {
    let size = paging::size(call, CUSTOMER_PAGE_MAX, CUSTOMER_PAGE_MAX)?;
    let (company_name, domain) = condition(call)?;
    let offset = call.query.number("offset")?.unwrap_or(0);
    if offset > 0 && (company_name.is_some() || domain.is_some()) {
        return Err(Problem::invalid("offset", "cannot go with a filter; go on with the continuation token"));
    }
    let after = match offset {
        0 => 0,
        _ => customer_number_before(&call.ctx, call.world.db(), params::partner(call)?, offset).await?,
    };
    Ok(Position { size, after, company_name, domain })
}

fn condition(call: &Call) -> Result<(Option<String>, Option<String>), Problem> {
    const CAN: &str = "CompanyName or Domain can be compared with starts_with";
    match Filter::of(call)? {
        None => Ok((None, None)),
        Some(Filter::Field { field, operator: Operator::StartsWith, value }) => match field.as_str() {
            "companyname" => Ok((Some(value), None)),
            "domain" => Ok((None, Some(value))),
            _ => Err(filter::unsupported(CAN)),
        },
        Some(_) => Err(filter::unsupported(CAN)),
    }
}
