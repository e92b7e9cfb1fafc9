//! What commerce promises, on both engines. Rules that need no table are tested beside the code.
#![cfg(test)]

mod billing_profiles;
mod customer_create;
mod customers;
mod edges;
mod house;
mod order_place;
mod orders;
mod partners;
mod price_sheets;
mod repeated;
mod subscription_change;
mod subscriptions;
mod usage_reports;
