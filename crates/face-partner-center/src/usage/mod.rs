//! What the usage of the open period comes to: of a partner, a customer, a subscription, a meter.
//!
//! Every figure is a sum of rounded usage lines of one draft, [`billing::unbilled`](tenantry_billing::unbilled): what
//! the partner owes for usage and no document shows yet. So the partner's total is the sum of its customers', a
//! customer's the sum of its subscriptions', a subscription's the sum of its meters', and all of them become the
//! invoice, to the last digit. The field computes these figures apart from its invoices and calls them estimates; ours
//! are not. Seats are no usage: what they come to is on the unbilled lines (`invoices/`), in none of these figures.
//!
//! The documents want tokens of a signed-in person here (partner-center-v1.md 2.9, "U!"). There are none in this
//! version: applications get the figures, and the policy decides which (`InvoiceRead`, because a total is what a
//! document will say). Without this no client could read them at all. Whoever reads a figure reads whose it is: names
//! come from `billing`, so billing admins, who may not read customers, get them too.
//!
//! Budgets are of the running calendar month; between a month's end and its close a total is of both months, and
//! `percentUsed` of the running one alone.

mod budget;
mod customer;
mod figures;
mod locale;
mod partner;
mod parts;
mod record;
mod shares;
mod subscription;

pub(crate) use budget::{budget, change_budget};
pub(crate) use customer::{customer_records, customer_summary};
pub(crate) use partner::partner_summary;
pub(crate) use parts::{daily_records, resource_usage_records};
pub(crate) use subscription::{meter_records, resource_records, subscription_records, subscription_summary};
