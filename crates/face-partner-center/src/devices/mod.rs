//! Device deployment: devices of a customer before their first start, and how they are set up (partner-center-v1.md 2.20,
//! 3.22).
//!
//! What brings devices in or gives policies to many is "fire and read Location": 202, an empty body, and the path of what
//! became of it (rule 1 of 6.1). The work is done by then, so the first look finds it finished.

mod batches;
mod change;
mod policies;
mod upload;
mod wire;

pub(crate) use batches::{devices, list as batches, tracking};
pub(crate) use change::{change, delete};
pub(crate) use policies::{
    change as change_policy, create as create_policy, delete as delete_policy, get as policy, list as policies,
};
pub(crate) use upload::{add, assign, create};
