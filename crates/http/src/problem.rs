//! What each reason is on the wire, unless a face says otherwise: one table, no wildcard, so that a new reason
//! asks to be decided here.

use crate::{Answer, CallMeta};
use http::StatusCode;
use serde::Serialize;
use tenantry_core::{Problem, Reason};

#[derive(Serialize)]
struct Body<'a> {
    error: Detail<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'a> {
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u32>,
    request_id: String,
}

/// The error body of our own API: `{"error":{"code":"subscription_not_found","message":"..","requestId":".."}}`.
#[must_use]
pub fn render(problem: &Problem, meta: &CallMeta) -> Answer {
    let body = Body {
        error: Detail {
            code: code(problem.reason()),
            message: problem.message(),
            field: problem.field(),
            retry_after_seconds: problem.retry_after_seconds(),
            request_id: meta.request_id.to_string(),
        },
    };
    let status = status(problem.reason());
    Answer::json(status, &body).unwrap_or_else(|_| Answer::empty(status))
}

/// The status of a reason.
#[must_use]
pub const fn status(reason: Reason) -> StatusCode {
    row(reason).0
}

/// The public code of a reason: its name in snake case. A promise: it is never renamed or reused.
#[must_use]
pub const fn code(reason: Reason) -> &'static str {
    row(reason).1
}

/// 409 is "the state is against it": the same request may succeed later. 400 is "change the request". Statuses
/// outside 400, 401, 403, 404 and 409 make some clients repeat for ever (partner-center-v1.md 1.8), so they are
/// used only where nothing else is true.
const fn row(reason: Reason) -> (StatusCode, &'static str) {
    use {Reason as R, StatusCode as S};
    match reason {
        Reason::MalformedBody => (S::BAD_REQUEST, "malformed_body"),
        Reason::InvalidField => (S::BAD_REQUEST, "invalid_field"),
        Reason::MissingField => (S::BAD_REQUEST, "missing_field"),
        Reason::Unsupported => (S::BAD_REQUEST, "unsupported"),
        Reason::TooLarge => (S::PAYLOAD_TOO_LARGE, "too_large"),
        Reason::AddressInvalid => (S::BAD_REQUEST, "address_invalid"),
        Reason::CountryUnsupported => (S::BAD_REQUEST, "country_unsupported"),
        Reason::PriceSheetInvalid => (S::BAD_REQUEST, "price_sheet_invalid"),
        Reason::TokenMissing => (S::UNAUTHORIZED, "token_missing"),
        Reason::TokenInvalid => (S::UNAUTHORIZED, "token_invalid"),
        Reason::TokenExpired => (S::UNAUTHORIZED, "token_expired"),
        Reason::AudienceRefused => (S::UNAUTHORIZED, "audience_refused"),
        Reason::Forbidden => (S::FORBIDDEN, "forbidden"),
        Reason::RouteNotFound => (S::NOT_FOUND, "route_not_found"),
        Reason::MethodNotAllowed => (S::METHOD_NOT_ALLOWED, "method_not_allowed"),
        Reason::TenantNotFound => (S::NOT_FOUND, "tenant_not_found"),
        Reason::CustomerNotFound => (S::NOT_FOUND, "customer_not_found"),
        Reason::ApplicationNotFound => (S::NOT_FOUND, "application_not_found"),
        Reason::OfferNotFound => (S::NOT_FOUND, "offer_not_found"),
        Reason::OrderNotFound => (S::NOT_FOUND, "order_not_found"),
        Reason::SubscriptionNotFound => (S::NOT_FOUND, "subscription_not_found"),
        Reason::MeterNotFound => (S::NOT_FOUND, "meter_not_found"),
        Reason::PriceSheetNotFound => (S::NOT_FOUND, "price_sheet_not_found"),
        Reason::InvoiceNotFound => (S::NOT_FOUND, "invoice_not_found"),
        Reason::UserNotFound => (S::NOT_FOUND, "user_not_found"),
        Reason::GroupNotFound => (S::NOT_FOUND, "group_not_found"),
        Reason::ObjectNotFound => (S::NOT_FOUND, "object_not_found"),
        Reason::DomainNotFound => (S::NOT_FOUND, "domain_not_found"),
        Reason::SkuNotFound => (S::NOT_FOUND, "sku_not_found"),
        Reason::RelationshipNotFound => (S::NOT_FOUND, "relationship_not_found"),
        Reason::RoleDefinitionNotFound => (S::NOT_FOUND, "role_definition_not_found"),
        Reason::AssignmentNotFound => (S::NOT_FOUND, "assignment_not_found"),
        Reason::DomainTaken => (S::CONFLICT, "domain_taken"),
        Reason::DomainNotVerified => (S::CONFLICT, "domain_not_verified"),
        Reason::DomainInUse => (S::CONFLICT, "domain_in_use"),
        Reason::UserNameTaken => (S::CONFLICT, "user_name_taken"),
        Reason::PasswordRefused => (S::BAD_REQUEST, "password_refused"),
        Reason::LicencesExhausted => (S::CONFLICT, "licences_exhausted"),
        Reason::UsageLocationMissing => (S::BAD_REQUEST, "usage_location_missing"),
        Reason::GroupCircular => (S::CONFLICT, "group_circular"),
        Reason::LastGlobalAdmin => (S::CONFLICT, "last_global_admin"),
        Reason::RelationshipStateRefused => (S::CONFLICT, "relationship_state_refused"),
        Reason::AssignmentExists => (S::CONFLICT, "assignment_exists"),
        Reason::RoleNameTaken => (S::CONFLICT, "role_name_taken"),
        Reason::RoleDefinitionInUse => (S::CONFLICT, "role_definition_in_use"),
        Reason::ScopeLocked => (S::CONFLICT, "scope_locked"),
        Reason::AlreadyExists => (S::CONFLICT, "already_exists"),
        Reason::IdempotencyMismatch => (S::CONFLICT, "idempotency_mismatch"),
        Reason::Stale => (S::PRECONDITION_FAILED, "stale"),
        Reason::QuantityOutOfRange => (S::BAD_REQUEST, "quantity_out_of_range"),
        Reason::QuantityFixed => (S::BAD_REQUEST, "quantity_fixed"),
        Reason::BillingCycleRefused => (S::BAD_REQUEST, "billing_cycle_refused"),
        Reason::LineNumbersInvalid => (S::BAD_REQUEST, "line_numbers_invalid"),
        Reason::OfferNotPurchasable => (S::BAD_REQUEST, "offer_not_purchasable"),
        Reason::SubscriptionDeleted => (S::CONFLICT, "subscription_deleted"),
        Reason::SubscriptionSuspended => (S::CONFLICT, "subscription_suspended"),
        Reason::StatusChangeRefused => (S::CONFLICT, "status_change_refused"),
        Reason::SandboxLimit => (S::CONFLICT, "sandbox_limit"),
        Reason::ClockRefused => (S::CONFLICT, "clock_refused"),
        Reason::CurrencyMismatch => (S::BAD_REQUEST, "currency_mismatch"),
        Reason::PeriodNotClosable => (S::CONFLICT, "period_not_closable"),
        Reason::ExchangeRateMissing => (S::CONFLICT, "exchange_rate_missing"),
        R::Throttled | R::WorldBusy | R::StorageFull | R::Unavailable | R::Corrupt | R::Internal => ours(reason),
    }
}

/// What the request can do nothing about: too much to do, or a failure of our own.
const fn ours(reason: Reason) -> (StatusCode, &'static str) {
    use StatusCode as S;
    match reason {
        Reason::Throttled => (S::TOO_MANY_REQUESTS, "throttled"),
        Reason::WorldBusy => (S::SERVICE_UNAVAILABLE, "world_busy"),
        Reason::StorageFull => (S::INSUFFICIENT_STORAGE, "storage_full"),
        Reason::Unavailable => (S::SERVICE_UNAVAILABLE, "unavailable"),
        Reason::Corrupt => (S::INTERNAL_SERVER_ERROR, "corrupt"),
        _ => (S::INTERNAL_SERVER_ERROR, "internal"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::Chance;

    #[test]
    fn a_refusal_reads_well_and_keeps_the_cause_to_itself() {
        let parts = http::Request::new(()).into_parts().0;
        let (meta, _) = CallMeta::read(&parts, &Chance::from_seed(1));
        let id = meta.request_id;
        for (problem, status, body) in [
            (
                Problem::invalid("size", "`x` is not a number"),
                400,
                format!(
                    "{{\"error\":{{\"code\":\"invalid_field\",\"message\":\"size: `x` is not a number\",\
                     \"field\":\"size\",\"requestId\":\"{id}\"}}}}"
                ),
            ),
            (
                Problem::new(Reason::Unavailable, "try again").retry_after(5).because("password=hunter2"),
                503,
                format!(
                    "{{\"error\":{{\"code\":\"unavailable\",\"message\":\"try again\",\"retryAfterSeconds\":5,\
                     \"requestId\":\"{id}\"}}}}"
                ),
            ),
        ] {
            let answer = render(&problem, &meta);
            assert_eq!(answer.status.as_u16(), status);
            assert_eq!(std::str::from_utf8(&answer.body).unwrap(), body);
        }
    }

    #[test]
    fn codes_are_the_names_of_the_reasons() {
        let reasons = [Reason::MalformedBody, Reason::PriceSheetNotFound, Reason::Stale, Reason::StatusChangeRefused];
        for reason in reasons {
            let words: String = code(reason).split('_').map(|w| w[..1].to_uppercase() + &w[1..]).collect();
            assert_eq!(words, format!("{reason:?}"));
        }
    }
}
