//! Service requests and support topics (partner-center-v1.md 2.18, 3.20): what Tenantry calls tickets.
//!
//! The same operations stand below a customer and without one: below a customer only what is about that one is there. The
//! reference wants a signed-in person (U!); an application of the partner may do the same here, as the roles allow.

mod change;
mod create;
mod list;
mod topics;
mod wire;

pub(crate) use change::{change, change_of_customer, get, get_of_customer};
pub(crate) use create::create;
pub(crate) use list::{list, of_customer};
pub(crate) use topics::topics;

use tenantry_core::{Problem, Reason};
use tenantry_http::Call;

/// The number of `{request}`.
fn number(call: &Call) -> Result<i64, Problem> {
    let named = call.param("request")?.trim();
    let plain = named.bytes().all(|b| b.is_ascii_digit());
    named.parse().ok().filter(|_| plain).ok_or_else(|| {
        let shown: String = named.chars().filter(|c| !c.is_control()).take(40).collect();
        Problem::new(Reason::ObjectNotFound, format!("there is no service request `{shown}`; ids are numbers"))
    })
}
