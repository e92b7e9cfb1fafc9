//! What each refusal is on this wire: status, code and source, in one table without a wildcard, so that a new
//! reason asks to be decided here.
//!
//! The Java client gives up on 400, 401, 403, 404, 409 and 417 and on nothing else: every other status it repeats
//! for ever (partner-center-v1.md 1.8). So a refusal that lasts has one of these, even where HTTP knows a better
//! word: 412, 405 and 413 are 400 here. 429 and 5xx are kept for what passes.
//!
//! Codes are those of partner-center-v1.md 1.8.1. Where that table has none for a reason, the nearest general one
//! stands: 3000 (invalid property), 1000 (not found), 800042 (not supported), 800003 (our fault).

use serde::Serialize;
use serde_json::json;
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, CallMeta, StatusCode, header};

/// Of customers, users and profiles, as recorded; also of identity and of requests nobody can read.
const FRONT: &str = "PartnerFD";
/// Unsure: the reference knows only "service-like names" for the rest (6.7). No client reads them.
const CATALOG: &str = "CatalogService";
const ORDER: &str = "OrderService";
const SUBSCRIPTION: &str = "SubscriptionService";
const BILLING: &str = "BillingService";

/// Longest description clients are promised.
const DESCRIPTION_MAX: usize = 1024;

/// Seconds to wait when a refusal for too much at once does not say.
const RETRY_AFTER_SECONDS: u32 = 30;

type Row = (StatusCode, u32, &'static str);

#[derive(Serialize)]
struct Fault<'a> {
    code: u32,
    description: &'a str,
    data: Vec<&'a str>,
    source: &'static str,
}

/// A refusal as this API's clients read it: `{"code":2002,"description":"..","data":["quantity"],"source":".."}`.
/// `data` names the field at fault.
pub(crate) fn render(problem: &Problem, meta: &CallMeta) -> Answer {
    render_in(meta.operation, problem)
}

/// The code of a refusal of an operation, for answers that hold refusals of parts of what was asked for.
pub(crate) fn code(problem: &Problem, operation: Option<&str>) -> u32 {
    special(problem, operation).unwrap_or_else(|| row(problem.reason())).1
}

fn render_in(operation: Option<&str>, problem: &Problem) -> Answer {
    if problem.reason() == Reason::Throttled {
        return throttled(problem);
    }
    let (status, code, source) = special(problem, operation).unwrap_or_else(|| row(problem.reason()));
    let written = if code == ADDRESS { address_fault(problem) } else { problem.message().to_owned() };
    let description: String = written.chars().take(DESCRIPTION_MAX).collect();
    let fault = Fault { code, description: &description, data: problem.field().into_iter().collect(), source };
    if code == AGREED {
        return Answer::json(status, &extended(fault)).unwrap_or_else(|_| Answer::empty(status));
    }
    Answer::json(status, &fault).unwrap_or_else(|_| Answer::empty(status))
}

/// The code of a later service, whose refusals say the same once more in other members (partner-center-v1.md 1.8).
const AGREED: u32 = 600_061;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extended<'a> {
    #[serde(flatten)]
    fault: Fault<'a>,
    message: &'a str,
    error_name: &'static str,
    is_retryable: bool,
    parameters: serde_json::Map<String, serde_json::Value>,
    error_message_extended: String,
}

fn extended(fault: Fault<'_>) -> Extended<'_> {
    Extended {
        message: fault.description,
        error_name: "AgreementAlreadyExists",
        is_retryable: false,
        parameters: serde_json::Map::new(),
        error_message_extended: format!("InternalErrorCode={}", fault.code),
        fault,
    }
}

/// Too much at once. The body is not that of other refusals: one client reads `Retry-After` only then (rule 18 of
/// partner-center-v1.md 6.1).
fn throttled(problem: &Problem) -> Answer {
    let seconds = problem.retry_after_seconds().unwrap_or(RETRY_AFTER_SECONDS);
    let message = format!("Rate limit is exceeded. Try again in {seconds} seconds.");
    let body = json!({"statusCode": 429, "message": message}).to_string();
    Answer::json_bytes(StatusCode::TOO_MANY_REQUESTS, body).with(header::RETRY_AFTER, seconds.to_string())
}

/// The code whose description is JSON again (partner-center-v1.md 1.5, 9.4).
const ADDRESS: u32 = 2007;

fn address_fault(problem: &Problem) -> String {
    // Half of what fits: quotes and backslashes in it are written as two characters.
    let reason: String = problem.message().chars().take(DESCRIPTION_MAX / 2 - 64).collect();
    json!({"code": "60071", "reason": reason, "object_type": "AddressValidation", "resource_status": "Active"})
        .to_string()
}

/// Where the same reason has another code in one place: at a field, or in an operation.
fn special(problem: &Problem, operation: Option<&str>) -> Option<Row> {
    let field = problem.field().unwrap_or_default();
    let last = field.rsplit('.').next().unwrap_or_default();
    let bad = StatusCode::BAD_REQUEST;
    match (problem.reason(), last, operation) {
        (Reason::InvalidField, "organizationRegistrationNumber", _) => Some((bad, 600_002, FRONT)),
        (Reason::MissingField, "organizationRegistrationNumber", _) => Some((bad, 600_049, FRONT)),
        (Reason::MissingField, "phoneNumber", _) => Some((bad, 600_051, FRONT)),
        (Reason::OfferNotPurchasable, "customerAgreement", _) => Some((StatusCode::FORBIDDEN, 13_605, ORDER)),
        (Reason::AlreadyExists, _, Some("customers.agreements.confirm")) => Some((bad, AGREED, FRONT)),
        (Reason::Unsupported, _, Some("customers.delete")) => Some((bad, 900_127, FRONT)),
        // Unsure: the reference has no code of its own for it. A precondition it is.
        (Reason::StatusChangeRefused, "relationshipToPartner", _) => {
            Some((StatusCode::EXPECTATION_FAILED, 800_036, FRONT))
        }
        (Reason::Unsupported | Reason::InvalidField, "associatedPartnerId", _) => Some((bad, 800_016, FRONT)),
        (reason, field, Some("compliance.agreement-status")) => of_agreement_status(reason, field),
        (Reason::OfferNotPurchasable, "validationStatus", _) => Some((StatusCode::FORBIDDEN, 800_073, ORDER)),
        (Reason::Forbidden, "validationStatus", _) => Some((StatusCode::FORBIDDEN, 800_075, ORDER)),
        (Reason::TenantNotFound, "mpnId", _) => Some((StatusCode::NOT_FOUND, 3000, FRONT)),
        (Reason::Unsupported | Reason::InvalidField, "partnerIdOnRecord", _) => Some((bad, 800_016, ORDER)),
        (Reason::Unsupported, "partnerId", Some("subscriptions.change")) => Some((bad, 800_098, SUBSCRIPTION)),
        (Reason::OfferNotFound, "offerId" | "catalogItemId", _) => Some((bad, 800_004, ORDER)),
        (Reason::OfferNotFound, "productId", _) => Some((StatusCode::NOT_FOUND, 400_013, CATALOG)),
        (Reason::OfferNotFound, "skuId", _) => Some((StatusCode::NOT_FOUND, 400_018, CATALOG)),
        (Reason::OfferNotFound, "availabilityId", _) => Some((StatusCode::NOT_FOUND, 400_019, CATALOG)),
        (Reason::Unsupported, "targetSegment", _) => Some((StatusCode::FORBIDDEN, 400_030, CATALOG)),
        (Reason::Unsupported, "targetView", _) => Some((StatusCode::FORBIDDEN, 400_036, CATALOG)),
        (Reason::OrderNotFound, "cartId", _) => Some((StatusCode::NOT_FOUND, 800_008, ORDER)),
        (Reason::OfferNotPurchasable, "lineItems", Some("carts.checkout")) => Some((bad, 800_009, ORDER)),
        (Reason::Stale, "cartId", _) => Some((StatusCode::CONFLICT, 800_064, ORDER)),
        (Reason::StatusChangeRefused, "cartId", _) => Some((bad, 800_065, ORDER)),
        (Reason::InvalidField, "partnerId", Some("subscriptions.change")) => Some((bad, 800_016, SUBSCRIPTION)),
        (Reason::OfferNotPurchasable, "parentSubscriptionId", _) => Some((bad, 800_029, ORDER)),
        (Reason::SubscriptionSuspended | Reason::StatusChangeRefused, "parentSubscriptionId", _) => {
            Some((StatusCode::CONFLICT, 27_009, SUBSCRIPTION))
        }
        (Reason::StatusChangeRefused, "cancellationAllowedUntilDate", _) => Some((bad, 900_117, SUBSCRIPTION)),
        (Reason::StatusChangeRefused, "azureEntitlements", _) => Some((StatusCode::FORBIDDEN, 900_115, SUBSCRIPTION)),
        (Reason::StatusChangeRefused, _, Some("orders.change")) => Some((bad, 800_063, ORDER)),
        (Reason::Unsupported, _, Some("subscriptions.register" | "subscriptions.registration-status")) => {
            Some((bad, 800_011, SUBSCRIPTION))
        }
        (Reason::SubscriptionSuspended | Reason::SubscriptionDeleted, _, Some("subscriptions.register")) => {
            Some((bad, 800_012, SUBSCRIPTION))
        }
        (Reason::Unsupported, _, Some(operation)) if operation.starts_with("azure-entitlements.") => {
            Some((bad, 800_011, SUBSCRIPTION))
        }
        (Reason::BillingCycleRefused, _, Some("subscriptions.change")) => Some((bad, 2054, SUBSCRIPTION)),
        // The row of this reason speaks of subscriptions.
        (Reason::StatusChangeRefused, _, Some("service-requests.change" | "customers.service-requests.change")) => {
            Some((bad, 3000, FRONT))
        }
        (Reason::StatusChangeRefused, _, Some("policies.delete")) => Some((bad, 3000, FRONT)),
        (Reason::SandboxLimit, _, Some("subscriptions.change")) => Some((StatusCode::FORBIDDEN, 800_067, SUBSCRIPTION)),
        (reason, field, Some(operation)) if operation.starts_with("self-serve-policies.") => of_policies(reason, field),
        (reason, _, Some(operation)) if operation.starts_with("transfers.") => of_transfers(reason),
        (reason, field, Some(operation)) if operation.starts_with("product-upgrades.") => {
            of_product_upgrades(reason, field)
        }
        (reason, field, Some(operation)) if operation.starts_with("new-commerce-") => of_new_commerce(reason, field),
        _ => None,
    }
}

/// Self-serve policies have numbers of their own (partner-center-v1.md 2.13).
fn of_policies(reason: Reason, field: &str) -> Option<Row> {
    match (reason, field) {
        (Reason::ObjectNotFound, "id") => Some((StatusCode::NOT_FOUND, 600_040, FRONT)),
        (Reason::ObjectNotFound, _) => Some((StatusCode::NOT_FOUND, 600_039, FRONT)),
        (Reason::AlreadyExists, _) => Some((StatusCode::CONFLICT, 600_041, FRONT)),
        _ => None,
    }
}

/// So has the question who signed the agreement to sell, all with 400 (partner-center-v1.md 2.1 row 25).
fn of_agreement_status(reason: Reason, field: &str) -> Option<Row> {
    let code = match (reason, field) {
        (Reason::MissingField, _) => 2000,
        (Reason::InvalidField, _) => 2001,
        (Reason::TenantNotFound, "mpnId") => 2200,
        (Reason::Unsupported, "tenantId") => 2204,
        (Reason::TenantNotFound, "tenantId") => 2205,
        _ => return None,
    };
    Some((StatusCode::BAD_REQUEST, code, FRONT))
}

/// And transfers: not there, offered already, over, answered by another request, a second Azure plan of the new seller.
const fn of_transfers(reason: Reason) -> Option<Row> {
    match reason {
        Reason::ObjectNotFound => Some((StatusCode::NOT_FOUND, 900_100, SUBSCRIPTION)),
        Reason::AlreadyExists => Some((StatusCode::CONFLICT, 900_101, SUBSCRIPTION)),
        Reason::StatusChangeRefused => Some((StatusCode::BAD_REQUEST, 900_102, SUBSCRIPTION)),
        Reason::Stale => Some((StatusCode::CONFLICT, 900_104, SUBSCRIPTION)),
        Reason::OfferNotPurchasable => Some((StatusCode::BAD_REQUEST, 900_134, SUBSCRIPTION)),
        _ => None,
    }
}

/// And product upgrades: not there, another customer's, suspended Azure subscriptions, nothing to upgrade.
fn of_product_upgrades(reason: Reason, field: &str) -> Option<Row> {
    match (reason, field) {
        (Reason::ObjectNotFound, _) => Some((StatusCode::NOT_FOUND, 900_106, SUBSCRIPTION)),
        (Reason::InvalidField, "upgradeId") => Some((StatusCode::BAD_REQUEST, 900_111, SUBSCRIPTION)),
        (Reason::SubscriptionSuspended, _) => Some((StatusCode::FORBIDDEN, 900_105, SUBSCRIPTION)),
        (Reason::OfferNotPurchasable, "productFamily") => Some((StatusCode::FORBIDDEN, 900_108, SUBSCRIPTION)),
        (Reason::Stale, "transfers") => Some((StatusCode::CONFLICT, 900_104, SUBSCRIPTION)),
        _ => None,
    }
}

/// And migrations: not active, a day before its end, with add-ons, not in the modern catalogue, scheduled already.
fn of_new_commerce(reason: Reason, field: &str) -> Option<Row> {
    match (reason, field) {
        (Reason::SubscriptionSuspended, _) => Some((StatusCode::BAD_REQUEST, 900_215, SUBSCRIPTION)),
        (Reason::StatusChangeRefused, "subscriptionEndDate") => Some((StatusCode::BAD_REQUEST, 900_217, SUBSCRIPTION)),
        (Reason::Unsupported, "addOnMigrations") => Some((StatusCode::BAD_REQUEST, 900_219, SUBSCRIPTION)),
        // Unsure: the reference has no code of its own for it. A migration of licences that failed it is.
        (Reason::OfferNotPurchasable, "currentSubscriptionId") => Some((StatusCode::BAD_REQUEST, 60_000, SUBSCRIPTION)),
        (Reason::Stale, "schedule") => Some((StatusCode::CONFLICT, 900_278, SUBSCRIPTION)),
        _ => None,
    }
}

/// Stale is 400 with 2055, not 412: the reference has both (section 11), and 412 would make a client repeat for ever.
const fn row(reason: Reason) -> Row {
    use StatusCode as S;
    match reason {
        Reason::MalformedBody => (S::BAD_REQUEST, 800_002, FRONT),
        Reason::InvalidField => (S::BAD_REQUEST, 3000, FRONT),
        Reason::MissingField => (S::BAD_REQUEST, 3000, FRONT),
        Reason::Unsupported => (S::BAD_REQUEST, 800_042, FRONT),
        Reason::TooLarge => (S::BAD_REQUEST, 800_002, FRONT),
        Reason::AddressInvalid => (S::BAD_REQUEST, ADDRESS, FRONT),
        Reason::CountryUnsupported => (S::FORBIDDEN, 2030, FRONT),
        Reason::PriceSheetInvalid => (S::BAD_REQUEST, 3000, CATALOG),
        Reason::TokenMissing => (S::UNAUTHORIZED, 800_001, FRONT),
        Reason::TokenInvalid => (S::UNAUTHORIZED, 400, FRONT),
        Reason::TokenExpired => (S::UNAUTHORIZED, 400, FRONT),
        Reason::AudienceRefused => (S::UNAUTHORIZED, 900_420, FRONT),
        Reason::Forbidden => (S::FORBIDDEN, 900_150, FRONT),
        Reason::RouteNotFound => (S::NOT_FOUND, 1000, FRONT),
        Reason::MethodNotAllowed => (S::BAD_REQUEST, 800_042, FRONT),
        Reason::TenantNotFound => (S::NOT_FOUND, 60_003, FRONT),
        Reason::CustomerNotFound => (S::NOT_FOUND, 60_003, FRONT),
        Reason::ApplicationNotFound => (S::NOT_FOUND, 1000, FRONT),
        Reason::OfferNotFound => (S::NOT_FOUND, 1000, CATALOG),
        Reason::OrderNotFound => (S::NOT_FOUND, 20_000, ORDER),
        Reason::SubscriptionNotFound => (S::NOT_FOUND, 20_003, SUBSCRIPTION),
        Reason::MeterNotFound => (S::NOT_FOUND, 1000, CATALOG),
        Reason::PriceSheetNotFound => (S::NOT_FOUND, 1000, CATALOG),
        Reason::InvoiceNotFound => (S::NOT_FOUND, 1000, BILLING),
        Reason::UserNotFound => (S::NOT_FOUND, 60_002, FRONT),
        Reason::GroupNotFound
        | Reason::ObjectNotFound
        | Reason::DomainNotFound
        | Reason::SkuNotFound
        | Reason::RelationshipNotFound
        | Reason::RoleDefinitionNotFound
        | Reason::AssignmentNotFound => (S::NOT_FOUND, 1000, FRONT),
        Reason::LicencesExhausted => (S::BAD_REQUEST, 60_012, FRONT),
        Reason::DomainNotVerified
        | Reason::DomainInUse
        | Reason::UserNameTaken
        | Reason::PasswordRefused
        | Reason::UsageLocationMissing
        | Reason::GroupCircular
        | Reason::LastGlobalAdmin
        | Reason::RelationshipStateRefused
        | Reason::AssignmentExists
        | Reason::RoleNameTaken
        | Reason::RoleDefinitionInUse
        | Reason::ScopeLocked
        | Reason::DomainTaken => (S::BAD_REQUEST, 3000, FRONT),
        Reason::AlreadyExists | Reason::IdempotencyMismatch => (S::CONFLICT, 3000, FRONT),
        Reason::Stale => (S::BAD_REQUEST, 2055, SUBSCRIPTION),
        Reason::QuantityOutOfRange => (S::BAD_REQUEST, 2002, ORDER),
        Reason::QuantityFixed => (S::BAD_REQUEST, 800_095, SUBSCRIPTION),
        Reason::BillingCycleRefused => (S::BAD_REQUEST, 6001, ORDER),
        Reason::LineNumbersInvalid => (S::BAD_REQUEST, 800_071, ORDER),
        Reason::OfferNotPurchasable => (S::FORBIDDEN, 2085, ORDER),
        Reason::SubscriptionDeleted => (S::BAD_REQUEST, 2011, SUBSCRIPTION),
        Reason::SubscriptionSuspended => (S::BAD_REQUEST, 800_091, SUBSCRIPTION),
        Reason::StatusChangeRefused => (S::BAD_REQUEST, 800_096, SUBSCRIPTION),
        Reason::SandboxLimit => (S::BAD_REQUEST, 800_018, ORDER),
        Reason::ClockRefused => (S::CONFLICT, 800_042, FRONT),
        Reason::CurrencyMismatch => (S::BAD_REQUEST, 3000, BILLING),
        Reason::PeriodNotClosable | Reason::ExchangeRateMissing => (S::CONFLICT, 800_042, BILLING),
        Reason::Throttled => (S::TOO_MANY_REQUESTS, 0, FRONT),
        Reason::WorldBusy | Reason::StorageFull | Reason::Unavailable => (S::SERVICE_UNAVAILABLE, 800_003, FRONT),
        Reason::Corrupt | Reason::Internal => (S::INTERNAL_SERVER_ERROR, 800_003, FRONT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const CHANGE: Option<&str> = Some("subscriptions.change");
    const CREATE: Option<&str> = Some("orders.create");

    #[test]
    fn refusals_are_written_as_clients_read_them() {
        let long = "x".repeat(2000);
        for (problem, status, body) in [
            (
                Problem::new(Reason::QuantityOutOfRange, "quantity: 0 cannot be ordered").at("quantity"),
                400,
                r#"{"code":2002,"description":"quantity: 0 cannot be ordered","data":["quantity"],"source":"OrderService"}"#
                    .to_owned(),
            ),
            (
                Problem::internal("password=hunter2"),
                500,
                r#"{"code":800003,"description":"something went wrong on our side; the request id names it in our log","data":[],"source":"PartnerFD"}"#
                    .to_owned(),
            ),
            (
                Problem::new(Reason::Throttled, "slow down").retry_after(7),
                429,
                r#"{"message":"Rate limit is exceeded. Try again in 7 seconds.","statusCode":429}"#.to_owned(),
            ),
            (
                Problem::new(Reason::Unavailable, long.clone()),
                503,
                format!(r#"{{"code":800003,"description":"{}","data":[],"source":"PartnerFD"}}"#, &long[..1024]),
            ),
        ] {
            let answer = render_in(None, &problem);
            assert_eq!((answer.status.as_u16(), &*String::from_utf8_lossy(&answer.body)), (status, &*body));
        }
        let answer = render_in(None, &Problem::new(Reason::Throttled, "slow down"));
        assert_eq!(answer.headers[header::RETRY_AFTER], "30");
    }

    #[test]
    fn an_address_fault_stays_json_when_it_is_long() {
        let answer = render_in(None, &Problem::new(Reason::AddressInvalid, "ß\"".repeat(2000)));
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        let inner: Result<Value, _> = serde_json::from_str(body["description"].as_str().unwrap());
        assert_eq!(inner.unwrap()["code"], "60071");
    }

    #[test]
    fn the_place_of_a_refusal_chooses_its_code() {
        let number = "companyProfile.organizationRegistrationNumber";
        for (operation, problem, code) in [
            (CHANGE, Problem::new(Reason::BillingCycleRefused, "m"), 2054),
            (CREATE, Problem::new(Reason::BillingCycleRefused, "m"), 6001),
            (CHANGE, Problem::new(Reason::SandboxLimit, "m"), 800_067),
            (CREATE, Problem::new(Reason::SandboxLimit, "m"), 800_018),
            (CREATE, Problem::new(Reason::OfferNotFound, "m").at("lineItems[0].offerId"), 800_004),
            (CHANGE, Problem::new(Reason::Unsupported, "m").at("partnerId"), 800_098),
            (CREATE, Problem::new(Reason::Unsupported, "m").at("lineItems[0].partnerIdOnRecord"), 800_016),
            (None, Problem::new(Reason::OfferNotFound, "m"), 1000),
            (None, Problem::missing(number), 600_049),
            (None, Problem::invalid(number, "m"), 600_002),
            (None, Problem::missing("billingProfile.defaultAddress.phoneNumber"), 600_051),
            (None, Problem::missing("billingProfile.defaultAddress.city"), 3000),
        ] {
            let body: Value = serde_json::from_slice(&render_in(operation, &problem).body).unwrap();
            assert_eq!(body["code"], code, "{operation:?} {problem:?}");
        }
    }

    /// One client repeats every other status for ever.
    #[test]
    fn what_lasts_has_a_status_that_every_client_takes_for_an_answer() {
        use Reason as R;
        for reason in [
            R::MalformedBody,
            R::InvalidField,
            R::MissingField,
            R::Unsupported,
            R::TooLarge,
            R::AddressInvalid,
            R::CountryUnsupported,
            R::PriceSheetInvalid,
            R::TokenMissing,
            R::TokenInvalid,
            R::TokenExpired,
            R::AudienceRefused,
            R::Forbidden,
            R::RouteNotFound,
            R::MethodNotAllowed,
            R::TenantNotFound,
            R::CustomerNotFound,
            R::ApplicationNotFound,
            R::OfferNotFound,
            R::OrderNotFound,
            R::SubscriptionNotFound,
            R::MeterNotFound,
            R::PriceSheetNotFound,
            R::InvoiceNotFound,
            R::DomainTaken,
            R::AlreadyExists,
            R::IdempotencyMismatch,
            R::Stale,
            R::QuantityOutOfRange,
            R::QuantityFixed,
            R::BillingCycleRefused,
            R::LineNumbersInvalid,
            R::OfferNotPurchasable,
            R::SubscriptionDeleted,
            R::SubscriptionSuspended,
            R::StatusChangeRefused,
            R::SandboxLimit,
            R::ClockRefused,
            R::CurrencyMismatch,
            R::PeriodNotClosable,
            R::ExchangeRateMissing,
        ] {
            let status = row(reason).0.as_u16();
            assert!([400, 401, 403, 404, 409, 417].contains(&status), "{reason:?} is {status}");
        }
    }
}
