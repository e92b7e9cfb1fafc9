//! What is under an Azure plan, and what was found to be unusual in it.

use crate::{azure_entitlements, fraud_events, product_upgrades};
use tenantry_http::{Route, StatusCode};

pub(super) fn routes() -> Vec<Route> {
    const ENTITLEMENTS: &str = "/v1/customers/{customer}/subscriptions/{subscription}/azureEntitlements";
    vec![
        Route::get(
            ENTITLEMENTS,
            "azure-entitlements.list",
            "The Azure subscriptions of an Azure plan",
            azure_entitlements::list,
        ),
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/azureEntitlements/{entitlement}",
            "azure-entitlements.get",
            "An Azure subscription of an Azure plan",
            azure_entitlements::get,
        ),
        Route::post(
            "/v1/customers/{customer}/subscriptions/{subscription}/azureEntitlements/{entitlement}/cancel",
            "azure-entitlements.cancel",
            "Stop an Azure subscription that is compromised",
            azure_entitlements::cancel,
        ),
        Route::post(
            "/v1/productUpgrades/eligibility",
            "product-upgrades.eligibility",
            "Whether a customer's Azure subscriptions can move under an Azure plan",
            product_upgrades::eligibility,
        ),
        Route::post(
            "/v1/productUpgrades",
            "product-upgrades.create",
            "Move a customer's Azure subscriptions under an Azure plan",
            product_upgrades::upgrade,
        )
        .answers(StatusCode::ACCEPTED),
        Route::post(
            "/v1/productUpgrades/{upgrade}/status",
            "product-upgrades.status",
            "What became of Azure subscriptions that moved",
            product_upgrades::status,
        ),
        Route::get(
            "/v1/fraudEvents",
            "fraud-events.list",
            "Unusual spending that was found in what the partner sold",
            fraud_events::list,
        ),
    ]
}
