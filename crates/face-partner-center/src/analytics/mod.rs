//! Analytics as tables: `/partner/v1/analytics/..`, with `top`, `skip`, `filter`, `groupby` and `orderby`. Source:
//! partner-center-v1.md 2.16.
//!
//! ```text
//! report (subscriptions, indirect resellers, licences) --rows, one by one--> table: filter, group, order, cut --> answer
//! ```
//!
//! The rows are what the lists of this API show one by one, as they are now; nothing is computed ahead, so nothing is late.
//! Who may read those may read the table. A report goes through as many rows as there are, but keeps no more than an
//! answer needs.
//!
//! Left out are reports about what the world does not hold: who uses licences, referrals, searches. `aggregationLevel`
//! sums over days, weeks or months in which something is counted; these reports count what is, so it is refused.

mod filter;
pub(crate) mod licences;
mod query;
mod resellers;
mod subscriptions;
mod table;

pub(crate) use resellers::resellers;
pub(crate) use subscriptions::subscriptions;
