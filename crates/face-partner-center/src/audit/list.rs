//! `GET auditrecords`, also as `/auditactivity/v1/auditrecords`, by pages; and one record by its id (rows 189 and 190).

use crate::audit::operations::{self, RESOURCES};
use crate::audit::record::{self, Record};
use crate::audit::window::window;
use crate::params;
use crate::wire::client::Client;
use crate::wire::filter::{self, Filter, Operator};
use crate::wire::{paging, seek};
use serde::{Deserialize, Serialize};
use tenantry_core::{Problem, TenantId, Timestamp};
use tenantry_directory::{AuditLine, AuditPlace, AuditQuery, audit_find, audit_list};
use tenantry_http::{Answer, Call};

const PATH: &str = "/auditrecords";
/// The most on a page, and as many if nobody says how many: some clients never ask for a second page.
const SIZE_MAX: usize = 500;

/// Where the list goes on. It holds the whole query, because a follow-up sends nothing else.
#[derive(Debug, Serialize, Deserialize)]
struct Position {
    size: usize,
    from: i64,
    until: i64,
    only: Option<Only>,
    behind: Option<(i64, uuid::Uuid)>,
}

/// Which records.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Only {
    /// Of customers with this in their name, in lower case.
    Company(String),
    /// Of this customer.
    Customer(TenantId),
    /// Of this kind of resource.
    Resource(String),
}

impl Only {
    fn holds(&self, line: &AuditLine, resource: &str, customer_name: Option<&str>) -> bool {
        match self {
            Self::Company(part) => customer_name.is_some_and(|name| name.to_lowercase().contains(part)),
            Self::Customer(customer) => line.customer == Some(*customer),
            Self::Resource(wanted) => resource == wanted,
        }
    }
}

/// The records of the calling partner, newest first.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let position = match seek::state(&call, PATH)? {
        Some(position) => position,
        None => first(&call)?,
    };
    let (only, client) = (position.only.as_ref(), Client::of(&call));
    let wanted = |line: &AuditLine, customer_name: Option<&str>| {
        let named = operations::of(line, client);
        named.is_some_and(|named| only.is_none_or(|only| only.holds(line, named.resource, customer_name)))
    };
    let query = AuditQuery {
        partner: params::partner(&call)?,
        from: Timestamp::from_micros(position.from),
        until: Timestamp::from_micros(position.until),
        behind: position.behind.map(|(at, id)| AuditPlace { at: Timestamp::from_micros(at), id }),
        size: position.size,
        wanted: &wanted,
    };
    let page = audit_list(&call.ctx, call.world.db(), query).await?;
    let next = page.next.map(|place| Position { behind: Some((place.at.micros(), place.id)), ..position });
    let items = page.items.iter().filter_map(|record| Record::of(record, client)).collect();
    Answer::ok(&seek::page(&call, seek::CAMEL, (PATH, PATH), items, next.as_ref())?)
}

/// One record, by the id that the list or an event gave.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let id = call.param("id")?;
    let line = record::line_of(id).ok_or_else(|| record::unknown(id))?;
    let found = audit_find(&call.ctx, call.world.db(), params::partner(&call)?, line).await?;
    // An act that has no name in the list has none here either.
    Answer::ok(&Record::of(&found, Client::Other).ok_or_else(|| record::unknown(id))?)
}

fn first(call: &Call) -> Result<Position, Problem> {
    let (from, until) = window(call)?;
    let size = paging::size(call, SIZE_MAX, SIZE_MAX)?;
    Ok(Position { size, from: from.micros(), until: until.micros(), only: condition(call)?, behind: None })
}

fn condition(call: &Call) -> Result<Option<Only>, Problem> {
    const CAN: &str = "CompanyName can be compared with substring, CustomerId and ResourceType with equals";
    let Some(filter) = Filter::of(call)? else { return Ok(None) };
    let Filter::Field { field, operator, value } = filter else { return Err(filter::unsupported(CAN)) };
    Ok(Some(match (field.as_str(), operator) {
        ("companyname", Operator::Substring) => Only::Company(value.to_lowercase()),
        ("customerid", Operator::Equals) => {
            let customer = TenantId::parse(value.trim());
            Only::Customer(customer.map_err(|error| Problem::invalid("filter.Value", error))?)
        }
        ("resourcetype", Operator::Equals) => Only::Resource(RESOURCES.read("filter.Value", &value)?.to_owned()),
        _ => return Err(filter::unsupported(CAN)),
    }))
}
