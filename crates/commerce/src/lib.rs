//! Commerce: who sells to whom, what can be ordered, what was ordered, and at which prices.
//!
//! ```text
//! provider --edge--> partner --sells to--> customer --places--> order --creates--> subscription
//!    |       |                                                                        |
//!    |       price list (rules)  x  price sheet (imported)        metering learns of all three by events
//!    |
//!    +--edge--> indirect provider --edge--> reseller --sells to--> customer ..
//!                                              |
//!                                              +--edge--> customer, if this seller bills it here
//! ```
//!
//! One file is one act (`customer_create.rs`: input, check, effect, test) or the queries of one noun; `rows/` is
//! the SQL and private. An act writes its audit line first, and its events in the transaction that makes them
//! true. No wire format is known here, with one exception: the rate card document, which is a data import.
//!
//! Permission comes before anything is said: a row out of the caller's reach is never read (`reach.rs` is bound
//! in every statement), and what is read is handed out only through `tenantry_access::allow`.

mod access_explain;
mod address;
mod asked;
mod catalogue;
mod channel;
pub mod country;
mod country_rules;
mod customer;
mod customer_change_billing_profile;
mod customer_create;
mod customer_price_rule_add;
mod customer_prices;
mod customers;
mod customers_catch_up;
mod edge;
mod edge_add_price_rule;
pub mod edge_price_file;
mod edge_price_sheet;
mod edge_price_sheet_import;
mod edge_price_sheets;
pub mod events;
mod first_admin;
pub mod fx_file;
mod fx_import;
mod indirect_provider;
mod into_tenant;
mod limits;
mod offer;
mod offers;
mod order;
mod order_check;
mod order_place;
mod orders;
mod partner;
mod partner_sign_up;
mod partners;
mod party;
mod price_sheet;
mod price_sheet_import;
mod price_sheets;
mod provider;
mod provider_create;
pub mod rate_card;
mod reach;
mod relationship_request;
mod relationship_request_accept;
mod rows;
mod scope;
mod seat_price_import;
mod seat_price_table;
mod subscription;
mod subscription_bring;
mod subscription_change;
mod subscription_change_reseller;
mod subscriptions;
mod tenant_subscriptions;
mod text;

pub use access_explain::access_explain;
pub use address::Address;
pub use country_rules::{CountryRules, country_rules};
pub use customer::{BillingDetails, BillingProfile, Customer};
pub use customer_change_billing_profile::{ChangeBillingProfile, customer_change_billing_profile};
pub use customer_create::{NewCustomer, customer_create, customer_create_with_admin};
pub use customer_price_rule_add::{AddCustomerPriceRule, customer_price_rule_add};
pub use customer_prices::{customer_price_rules, customer_prices};
pub use customers::{
    CUSTOMER_PAGE_MAX, CustomerFilter, CustomerQuery, customer_billed, customer_get, customer_is_administered,
    customer_list, customer_of_partner,
};
pub use customers_catch_up::customers_catch_up;
pub use edge::{Edge, SoldEdge};
pub use edge_add_price_rule::{AddPriceRule, edge_add_price_rule};
pub use edge_price_sheet::EdgePriceSheetSummary;
pub use edge_price_sheet_import::{ImportEdgePriceSheet, edge_price_sheet_import};
pub use edge_price_sheets::{edge_price_sheet_followed, edge_price_sheet_get, edge_price_sheet_list, edge_pricing};
pub use first_admin::FirstAdmin;
pub use fx_import::{FxImported, NewFxRate, fx_import, fx_list};
pub use indirect_provider::{IndirectProvider, indirect_provider_of};
pub use limits::Limits;
pub use offer::{Billing, BillingCycle, Countries, Offer, OfferCategory, OfferProduct, PurchaseLimit, Term};
pub use offers::{offer_add_on_list, offer_category_list, offer_get, offer_list};
pub use order::{Order, OrderLine};
pub use order_place::{PlaceLine, PlaceOrder, order_place, order_place_of_partner};
pub use orders::{order_get, order_list};
pub use partner::{Partner, PartnerKind};
pub use partner_sign_up::{
    NewApplication, NewPartner, Standing, partner_sign_up, partner_sign_up_as, partner_sign_up_with_application,
};
pub use partners::{edge_from, edge_of, edge_sold_to, partner_get, reseller_list};
pub use party::{Party, party_get};
pub use price_sheet::PriceSheetSummary;
pub use price_sheet_import::{ImportPriceSheet, price_sheet_import};
pub use price_sheets::{price_sheet_current, price_sheet_get, price_sheet_list};
pub use provider::{Provider, provider_get};
pub use provider_create::{NewProvider, provider_create};
pub use relationship_request::{ResellerRequest, relationship_request_create, relationship_request_find};
pub use relationship_request_accept::relationship_request_accept;
pub use scope::{CustomerRef, EdgeRef, SubscriptionRef, edge_between, edge_currencies, edge_ref};
pub use seat_price_import::{
    ImportSeatPrices, NewSeatPrice, SeatPricesImport, seat_price_import, seat_price_lists, seat_prices_followed,
};
pub use seat_price_table::seat_prices_of_the_field;
pub use subscription::{State, Status, Subscription, SuspensionReason};
pub use subscription_bring::{BringSubscription, BroughtSubscription, subscription_bring};
pub use subscription_change::{ChangeSubscription, subscription_change};
pub use subscription_change_reseller::{ChangeReseller, subscription_change_reseller};
pub use subscriptions::{
    Sold, subscription_get, subscription_list, subscription_list_of_partner, subscription_sellers,
};
pub use tenant_subscriptions::{Bought, TenantSubscription, tenant_subscriptions};

/// The tables of this slice.
pub const SLICE: tenantry_db::Slice = tenantry_db::Slice {
    name: "commerce",
    migrations: &[
        tenantry_db::Migration { number: 1, name: "commerce", sql: include_str!("migrations/0001_commerce.sql") },
        tenantry_db::Migration {
            number: 2,
            name: "several_partners",
            sql: include_str!("migrations/0002_several_partners.sql"),
        },
        tenantry_db::Migration {
            number: 3,
            name: "into_tenants",
            sql: include_str!("migrations/0003_into_tenants.sql"),
        },
        tenantry_db::Migration { number: 4, name: "resellers", sql: include_str!("migrations/0004_resellers.sql") },
        tenantry_db::Migration {
            number: 7,
            name: "customer_edges",
            sql: include_str!("migrations/0007_customer_edges.sql"),
        },
        tenantry_db::Migration {
            number: 9,
            name: "prices_per_edge",
            sql: include_str!("migrations/0009_prices_per_edge.sql"),
        },
        tenantry_db::Migration {
            number: 10,
            name: "seat_prices",
            sql: include_str!("migrations/0010_seat_prices.sql"),
        },
    ],
};
