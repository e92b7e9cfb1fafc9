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
mod agreement;
mod agreement_confirm;
mod agreements;
mod answered_refusal;
mod asked;
mod audit_made;
mod azure_entitlements;
mod azure_plan;
mod azure_plan_upgrade;
mod cart;
mod cart_check;
mod cart_checkout;
mod cart_create;
mod carts;
mod catalogue;
mod channel;
pub mod country;
mod country_rules;
mod customer;
mod customer_change_billing_profile;
mod customer_create;
mod customer_delete;
mod customer_end;
mod customer_price_rule_add;
mod customer_prices;
mod customer_ref;
mod customer_reseller;
mod customer_review;
mod customers;
mod customers_catch_up;
mod document_names;
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
mod managed_services;
mod new_commerce;
mod new_commerce_due;
mod new_commerce_migrate;
mod new_commerce_migrations;
mod new_commerce_schedule;
mod offer;
mod offers;
mod order;
mod order_add_on;
mod order_cancel;
mod order_change;
mod order_check;
mod order_place;
mod orders;
mod partner;
mod partner_agreement;
mod partner_known;
mod partner_profile;
mod partner_profile_change;
mod partner_sign_up;
mod partners;
mod party;
mod price_sheet;
mod price_sheet_import;
mod price_sheets;
mod product;
mod products;
mod provider;
mod provider_create;
mod qualification;
mod qualification_ask;
mod qualification_decide;
mod qualifications;
pub mod rate_card;
mod rate_card_members;
mod reach;
mod relationship_request;
mod relationship_request_accept;
mod rows;
mod scope;
mod seat_price_import;
mod seat_price_table;
mod self_serve_policies;
mod self_serve_policy;
mod self_serve_policy_change;
mod self_serve_policy_create;
mod self_serve_policy_remove;
mod subscription;
mod subscription_add_ons;
mod subscription_bring;
mod subscription_cancel;
mod subscription_change;
mod subscription_change_reseller;
mod subscription_conversion;
mod subscription_keep;
mod subscription_licences;
mod subscription_new;
mod subscription_provisioning;
mod subscription_record;
mod subscription_registration;
mod subscription_replace;
mod subscription_sold_to;
mod subscription_term;
mod subscription_term_end;
mod subscription_upgrade;
mod subscriptions;
mod support_contact;
mod tenant_subscriptions;
mod text;
mod transfer;
mod transfer_accept;
mod transfer_create;
mod transfer_end;
mod transfers;
mod transition;
mod upgrade;
mod validation_code;

pub use access_explain::access_explain;
pub use address::Address;
pub use agreement::{AGREEMENT_TEMPLATES, Agreement, AgreementContact, AgreementKind, AgreementTemplate};
pub use agreement_confirm::{ConfirmAgreement, agreement_confirm};
pub use agreements::{agreement_list, agreement_signed};
pub use azure_entitlements::{azure_entitlement_cancel, azure_entitlement_get, azure_entitlement_list};
pub use azure_plan_upgrade::{
    AzurePlanUpgrade, MovedUnderPlan, azure_plan_upgrade, azure_plan_upgrade_get, azure_plan_upgrade_obstacle,
};
pub use cart::{Cart, CartLine, CartState, CartView, LineFault, LineProblem, LineState, OrderGroup, WantedCycle};
pub use cart_checkout::{Checkout, cart_checkout};
pub use cart_create::{cart_create, cart_replace};
pub use carts::cart_get;
pub use country_rules::{CountryRules, country_rules};
pub use customer::{BillingDetails, BillingProfile, Customer};
pub use customer_change_billing_profile::{ChangeBillingProfile, customer_change_billing_profile};
pub use customer_create::{NewCustomer, customer_create, customer_create_with_admin};
pub use customer_delete::customer_delete;
pub use customer_end::customer_end;
pub use customer_price_rule_add::{AddCustomerPriceRule, customer_price_rule_add};
pub use customer_prices::{customer_price_rules, customer_prices};
pub use customer_ref::customer_ref;
pub use customer_reseller::customer_reseller;
pub use customer_review::{CustomerReview, ReviewStatus, customer_review_get, customer_review_set};
pub use customers::{
    CUSTOMER_PAGE_MAX, CustomerFilter, CustomerQuery, customer_billed, customer_get, customer_is_administered,
    customer_list, customer_number_before, customer_of_partner,
};
pub use customers_catch_up::customers_catch_up;
pub use document_names::{CustomerName, DocumentParties, SubscriptionNames, document_parties, subscription_names};
pub use edge::{Edge, SoldEdge};
pub use edge_add_price_rule::{AddPriceRule, edge_add_price_rule};
pub use edge_price_sheet::EdgePriceSheetSummary;
pub use edge_price_sheet_import::{ImportEdgePriceSheet, edge_price_sheet_import};
pub use edge_price_sheets::{
    edge_is_resold, edge_price_sheet_followed, edge_price_sheet_get, edge_price_sheet_list, edge_pricing,
};
pub use first_admin::FirstAdmin;
pub use fx_import::{FxImported, NewFxRate, fx_import, fx_list};
pub use indirect_provider::{IndirectProvider, indirect_provider_of};
pub use limits::Limits;
pub use managed_services::{ManagedService, managed_service_list};
pub use new_commerce::{NewCommerceEligibility, NewCommerceTerms, new_commerce_eligibility};
pub use new_commerce_due::{NEW_COMMERCE_DUE, new_commerce_due};
pub use new_commerce_migrate::{MigrateToNewCommerce, new_commerce_migrate};
pub use new_commerce_migrations::{
    NewCommerceMigration, NewCommerceQuery, new_commerce_migration_get, new_commerce_migration_list,
};
pub use new_commerce_schedule::{
    NewCommerceSchedule, ScheduleNewCommerce, ScheduleState, ScheduleWhen, new_commerce_schedule,
    new_commerce_schedule_cancel, new_commerce_schedule_change, new_commerce_schedule_get, new_commerce_schedule_list,
};
pub use offer::{Billing, BillingCycle, Countries, Offer, OfferCategory, OfferProduct, PurchaseLimit, Term};
pub use offers::{offer_add_on_list, offer_category_list, offer_get, offer_list, offer_list_of_customer};
pub use order::{Order, OrderLine};
pub use order_change::{AddOnLine, ChangeOrder, OrderChange, RepeatedLine, order_change};
pub use order_place::{LineWords, PlaceLine, PlaceOrder, order_place, order_place_of_partner, order_place_with};
pub use orders::{order_get, order_list};
pub use partner::{Partner, PartnerKind};
pub use partner_agreement::partner_agreement_signed_at;
pub use partner_known::{NamedBy, partner_known};
pub use partner_profile::{
    LegalBusinessProfile, OrganizationProfile, PartnerBillingProfile, PartnerProfile, ProfileContact, SupportProfile,
    Versioned, partner_profile,
};
pub use partner_profile_change::partner_profile_change;
pub use partner_sign_up::{
    NewApplication, NewPartner, Standing, partner_sign_up, partner_sign_up_as, partner_sign_up_with_application,
};
pub use partners::{edge_from, edge_of, edge_sold_to, partner_get, reseller_list};
pub use party::{Party, party_get};
pub use price_sheet::PriceSheetSummary;
pub use price_sheet_import::{ImportPriceSheet, price_sheet_import};
pub use price_sheets::{price_sheet_current, price_sheet_get, price_sheet_list};
pub use product::{CatalogueItem, ProductKind, ProductView, Segment};
pub use products::{availability_get, availability_list, product_get, product_list, product_sku_get, product_sku_list};
pub use provider::{Provider, provider_get};
pub use provider_create::{NewProvider, provider_create};
pub use qualification::{CustomerQualification, DenialReason, EducationSegment, Qualification, Vetting};
pub use qualification_ask::{AskQualification, qualification_ask, qualification_set};
pub use qualification_decide::{Verdict, qualification_decide};
pub use qualifications::{qualification_list, qualification_review_get, qualification_review_list};
pub use relationship_request::{ResellerRequest, relationship_request_create, relationship_request_find};
pub use relationship_request_accept::relationship_request_accept;
pub use scope::{CustomerRef, EdgeRef, SubscriptionRef, edge_between, edge_currencies, edge_ref};
pub use seat_price_import::{
    ImportSeatPrices, NewSeatPrice, SeatPricesImport, seat_price_import, seat_price_lists, seat_prices_followed,
};
pub use seat_price_table::seat_prices_of_the_field;
pub use self_serve_policies::{self_serve_policy_get, self_serve_policy_list};
pub use self_serve_policy::{SelfServePermission, SelfServePolicy, SelfServePolicyId};
pub use self_serve_policy_change::{ChangeSelfServePolicy, self_serve_policy_change};
pub use self_serve_policy_create::self_serve_policy_create;
pub use self_serve_policy_remove::self_serve_policy_remove;
pub use subscription::{OnRecord, State, Status, Subscription, SuspensionReason};
pub use subscription_add_ons::subscription_add_on_list;
pub use subscription_bring::{BringSubscription, BroughtSubscription, subscription_bring};
pub use subscription_change::{ChangeSubscription, subscription_change};
pub use subscription_change_reseller::{ChangeReseller, subscription_change_reseller};
pub use subscription_conversion::{Conversion, ConvertSubscription, Converted, conversion_list, subscription_convert};
pub use subscription_licences::LicenceError;
pub use subscription_provisioning::{Provisioning, subscription_provisioning};
pub use subscription_registration::{subscription_register_for_reservations, subscription_registered_at};
pub use subscription_sold_to::{SoldTo, subscription_sold_to};
pub use subscription_term_end::{TERMS_END, terms_end};
pub use subscription_upgrade::{UpgradeSubscription, Upgraded, subscription_upgrade};
pub use subscriptions::{
    Sold, subscription_get, subscription_list, subscription_list_of_partner, subscription_sellers,
};
pub use support_contact::{ChangeSupportContact, SupportContact, support_contact_change, support_contact_get};
pub use tenant_subscriptions::{Bought, TenantSubscription, tenant_subscriptions};
pub use transfer::{Transfer, TransferEligibility, TransferLine, TransferState};
pub use transfer_accept::transfer_accept;
pub use transfer_create::{NewTransfer, transfer_create};
pub use transfer_end::{transfer_reject, transfer_withdraw};
pub use transfers::{transfer_eligibility, transfer_get, transfer_list};
pub use transition::{LicenceMove, Transition, transition_list};
pub use upgrade::{Upgrade, UpgradeObstacle, UpgradeObstacleKind, upgrade_list};
pub use validation_code::{
    NewValidationCode, ValidationCode, validation_code_give, validation_code_list, validation_code_of_customer,
};

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
        tenantry_db::Migration { number: 11, name: "carts", sql: include_str!("migrations/0011_carts.sql") },
        tenantry_db::Migration {
            number: 12,
            name: "after_the_sale",
            sql: include_str!("migrations/0012_after_the_sale.sql"),
        },
        tenantry_db::Migration {
            number: 13,
            name: "agreements_and_profiles",
            sql: include_str!("migrations/0013_agreements_and_profiles.sql"),
        },
        tenantry_db::Migration {
            number: 14,
            name: "self_serve_and_transfers",
            sql: include_str!("migrations/0014_self_serve_and_transfers.sql"),
        },
        tenantry_db::Migration {
            number: 15,
            name: "qualifications",
            sql: include_str!("migrations/0015_qualifications.sql"),
        },
        tenantry_db::Migration { number: 16, name: "terms", sql: include_str!("migrations/0016_terms.sql") },
        tenantry_db::Migration { number: 17, name: "next_term", sql: include_str!("migrations/0017_next_term.sql") },
        tenantry_db::Migration {
            number: 18,
            name: "transitions",
            sql: include_str!("migrations/0018_transitions.sql"),
        },
        tenantry_db::Migration {
            number: 19,
            name: "product_upgrades",
            sql: include_str!("migrations/0019_product_upgrades.sql"),
        },
        tenantry_db::Migration {
            number: 20,
            name: "new_commerce",
            sql: include_str!("migrations/0020_new_commerce.sql"),
        },
    ],
};
