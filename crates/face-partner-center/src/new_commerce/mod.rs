//! Migrations into the modern catalogue ("new commerce"), at once and on a day. Source: partner-center-v1.md 2.5 rows 90 to 99,
//! 3.5.
//!
//! A migration is done when it is answered, so its status is always `Completed`; those that failed were refused, or are
//! schedules that `Failed`. Unsure are the names of all statuses and events: no sample has one. Lists are bare, with the token of
//! the next page in a header.

mod asked;
mod list;
mod migrations;
mod schedules;

pub(crate) use migrations::{VALIDATE, eligibility, events, get, list as migration_list, migrate};
pub(crate) use schedules::{cancel, change, create, get as schedule_get, list as schedule_list};
