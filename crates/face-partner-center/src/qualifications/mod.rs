//! What customers are besides companies: schools, public authorities (partner-center-v1.md 2.1 rows 9 to 15).
//!
//! There are two ways to say it. The older one has one word for a customer, written and read as a bare text; the newer one a
//! list, each with how far its review came. What is asked for in one is there in the other.

mod ask;
mod codes;
mod older;
mod status;
mod wire;

pub(crate) use ask::{ask, list};
pub(crate) use codes::{codes, of_customer};
pub(crate) use older::{get, set};
pub(crate) use status::handle as status;
pub(crate) use wire::newer as word;
