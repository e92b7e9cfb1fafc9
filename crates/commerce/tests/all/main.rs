//! What commerce promises, on both engines. Rules that need no table are tested beside the code.
#![cfg(test)]

mod billing_profiles;
mod bought_elsewhere;
mod change_reseller;
mod customer_create;
mod customer_edges;
mod customers;
mod edge_prices;
mod edges;
mod exchange_rates;
mod explained;
mod explained_ends;
mod house;
mod into_tenant;
mod migrations;
mod order_place;
mod orders;
mod partners;
mod people;
mod price_sheets;
mod repeated;
mod resellers;
mod several_partners;
mod subscription_change;
mod subscriptions;
mod usage_reports;
