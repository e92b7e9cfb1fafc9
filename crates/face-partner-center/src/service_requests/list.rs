//! `GET /v1/servicerequests` and `GET /v1/customers/{customer}/servicerequests`: the newest first, by `size` and `offset`.

use super::wire::{STATUSES, ServiceRequest};
use crate::params;
use crate::wire::filter::{self, Filter, Operator};
use crate::wire::paging::Cut;
use tenantry_core::{Caller, ObjectId, Problem};
use tenantry_http::{Answer, Call};
use tenantry_support::{TicketFilter, TicketsOf, ticket_list};

/// Requests on a page, at most and by default (partner-center-v1.md 1.6).
const SIZE_MAX: usize = 1_000;

/// The partner's own, and those about its customers.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    page(&call, TicketsOf::Partner(params::partner(&call)?), "/servicerequests").await
}

/// Those about one customer.
pub(crate) async fn of_customer(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    page(&call, TicketsOf::Customer(customer), &format!("/customers/{customer}/servicerequests")).await
}

async fn page(call: &Call, of: TicketsOf, path: &str) -> Result<Answer, Problem> {
    let cut = Cut::of(call, SIZE_MAX, SIZE_MAX)?;
    let filter = TicketFilter { status: status(call)?, raised_by: own(call)? };
    let tickets = ticket_list(&call.ctx, call.world.db(), of, filter).await?;
    Answer::ok(&cut.page(call, path, tickets, |ticket| ServiceRequest::of(ticket, path)))
}

/// The status asked for: by the parameter of that name, or by the filter. `none` is any.
fn status(call: &Call) -> Result<Option<&'static str>, Problem> {
    const CAN: &str = "Status can be compared by equals with open, closed or attention_needed";
    match Filter::of(call)? {
        None => {}
        Some(Filter::Field { field, operator: Operator::Equals, value }) if field == "status" => {
            return STATUSES.read("filter.Value", &value);
        }
        Some(_) => return Err(filter::unsupported(CAN)),
    }
    let word = call.query("status").map(str::trim).filter(|word| !word.is_empty());
    word.map_or(Ok(None), |word| STATUSES.read("status", word))
}

/// `IncludeOrganizationRequests: false` leaves only what the caller itself raised. The reference names the header and says
/// no more (1.3); clients that do not know it expect everything, so that is the default.
fn own(call: &Call) -> Result<Option<ObjectId>, Problem> {
    const NAME: &str = "IncludeOrganizationRequests";
    let all = match call.header(NAME).map(str::trim) {
        None | Some("") => true,
        Some(word) if word.eq_ignore_ascii_case("true") => true,
        Some(word) if word.eq_ignore_ascii_case("false") => false,
        Some(_) => return Err(Problem::invalid(NAME, "is true or false")),
    };
    Ok(match &call.ctx.caller {
        Caller::SignedIn(identity) if !all => Some(identity.principal),
        _ => None,
    })
}
