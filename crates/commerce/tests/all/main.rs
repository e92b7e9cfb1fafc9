//! What commerce promises, on both engines. Rules that need no table are tested beside the code.
#![cfg(test)]

mod after_the_sale;
mod agreements;
mod billing_profiles;
mod bought_elsewhere;
mod carts;
mod change_reseller;
mod customer_create;
mod customer_edges;
mod customer_end;
mod customers;
mod document_names;
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
mod partner_profiles;
mod partners;
mod people;
mod price_sheets;
mod repeated;
mod resellers;
mod seat_prices;
mod self_serve;
mod several_partners;
mod subscription_change;
mod subscriptions;
mod transfers;
mod usage_reports;
