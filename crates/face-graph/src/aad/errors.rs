//! What each refusal is in Azure AD Graph: status and code, in one table without a wildcard, so that a new reason asks to
//! be decided here. Codes are those of directory.md 2.1.
//!
//! One client library takes only the documented statuses and raises on all others, and it does so with code and
//! message; so most of what HTTP would call a conflict is 400 here, as in the original.

use serde_json::{Value, json};
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, CallMeta, StatusCode, header};

/// Seconds to wait when a refusal for too much at once does not say.
const RETRY_AFTER_SECONDS: u32 = 30;

const BAD: Row = (StatusCode::BAD_REQUEST, "Request_BadRequest");
const TAKEN: Row = (StatusCode::BAD_REQUEST, "Request_MultipleObjectsWithSameKeyValue");
const UNSUPPORTED: Row = (StatusCode::BAD_REQUEST, "Request_UnsupportedQuery");
const MALFORMED: Row = (StatusCode::UNAUTHORIZED, "Authentication_MissingOrMalformed");
const NOT_FOUND: Row = (StatusCode::NOT_FOUND, "Request_ResourceNotFound");
const STALE: Row = (StatusCode::PRECONDITION_FAILED, "Directory_ConcurrencyViolation");
const LATER: Row = (StatusCode::SERVICE_UNAVAILABLE, "Request_ThrottledTemporarily");
const OURS: Row = (StatusCode::INTERNAL_SERVER_ERROR, "Service_InternalServerError");

type Row = (StatusCode, &'static str);

/// A refusal as this API's clients read it: `{"odata.error":{"code","message":{"lang","value"},..}}`.
pub(crate) fn render(problem: &Problem, meta: &CallMeta) -> Answer {
    let (status, code) = special(problem, meta.operation).unwrap_or_else(|| row(problem.reason()));
    let values = problem.field().map_or(Value::Null, |field| json!([{"item": "PropertyName", "value": field}]));
    let error = super::wire::Error {
        code,
        message: super::wire::Message { lang: "en", value: problem.message() },
        request_id: meta.request_id.to_string(),
        date: meta.at.to_string(),
        values,
    };
    let body = super::wire::Refusal { error };
    let answer = Answer::json(status, &body).unwrap_or_else(|_| Answer::empty(status));
    let waits = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&status);
    let answer = super::wire::marked(answer, meta);
    match problem.retry_after_seconds().or(waits.then_some(RETRY_AFTER_SECONDS)) {
        Some(seconds) => answer.with(header::RETRY_AFTER, seconds.to_string()),
        None => answer,
    }
}

/// Where the same reason has another code: at a field, or in an operation.
fn special(problem: &Problem, operation: Option<&str>) -> Option<Row> {
    let bad = StatusCode::BAD_REQUEST;
    match (problem.reason(), problem.field().unwrap_or_default()) {
        (Reason::MissingField, "api-version") => Some((bad, "Request_DataContractVersionMissing")),
        (Reason::InvalidField, "api-version") => Some((bad, "Request_InvalidDataContractVersion")),
        (Reason::InvalidField, "$skiptoken") => Some((bad, "Directory_ExpiredPageToken")),
        (Reason::Unsupported, field) if field.starts_with('$') => Some(UNSUPPORTED),
        // A member of a group twice: the original calls that a bad request, not a name that is taken.
        (Reason::AlreadyExists, _) if operation.is_some_and(|name| name.ends_with(".add")) => Some(BAD),
        _ => None,
    }
}

const fn row(reason: Reason) -> Row {
    use StatusCode as S;
    match reason {
        Reason::MalformedBody
        | Reason::InvalidField
        | Reason::MissingField
        | Reason::Unsupported
        | Reason::TooLarge
        | Reason::AddressInvalid
        | Reason::CountryUnsupported
        | Reason::PriceSheetInvalid => BAD,
        Reason::TokenMissing | Reason::TokenInvalid | Reason::AudienceRefused => MALFORMED,
        Reason::TokenExpired => (S::UNAUTHORIZED, "Authentication_ExpiredToken"),
        Reason::Forbidden => (S::FORBIDDEN, "Authorization_RequestDenied"),
        Reason::RouteNotFound => NOT_FOUND,
        Reason::MethodNotAllowed => (S::METHOD_NOT_ALLOWED, "Request_BadRequest"),
        Reason::TenantNotFound => (S::NOT_FOUND, "Directory_ObjectNotFound"),
        Reason::CustomerNotFound
        | Reason::ApplicationNotFound
        | Reason::OfferNotFound
        | Reason::OrderNotFound
        | Reason::SubscriptionNotFound
        | Reason::MeterNotFound
        | Reason::PriceSheetNotFound
        | Reason::InvoiceNotFound
        | Reason::UserNotFound
        | Reason::GroupNotFound
        | Reason::ObjectNotFound
        | Reason::DomainNotFound
        | Reason::RelationshipNotFound
        | Reason::RoleDefinitionNotFound
        | Reason::AssignmentNotFound => NOT_FOUND,
        // Named in bodies only: the request is wrong, nothing is missing at the address.
        Reason::SkuNotFound => BAD,
        Reason::DomainTaken | Reason::UserNameTaken | Reason::RoleNameTaken | Reason::AlreadyExists => TAKEN,
        Reason::DomainNotVerified
        | Reason::DomainInUse
        | Reason::PasswordRefused
        | Reason::LicencesExhausted
        | Reason::UsageLocationMissing
        | Reason::GroupCircular
        | Reason::LastGlobalAdmin
        | Reason::RelationshipStateRefused
        | Reason::AssignmentExists
        | Reason::RoleDefinitionInUse
        | Reason::ScopeLocked => BAD,
        Reason::IdempotencyMismatch => (S::CONFLICT, "Directory_ConcurrencyViolation"),
        Reason::Stale => STALE,
        Reason::QuantityOutOfRange
        | Reason::QuantityFixed
        | Reason::BillingCycleRefused
        | Reason::LineNumbersInvalid
        | Reason::OfferNotPurchasable
        | Reason::SubscriptionDeleted
        | Reason::SubscriptionSuspended
        | Reason::StatusChangeRefused
        | Reason::ClockRefused
        | Reason::CurrencyMismatch
        | Reason::PeriodNotClosable
        | Reason::ExchangeRateMissing => BAD,
        Reason::SandboxLimit => (S::FORBIDDEN, "Directory_QuotaExceeded"),
        Reason::Throttled => (S::TOO_MANY_REQUESTS, "Request_ThrottledTemporarily"),
        Reason::WorldBusy | Reason::StorageFull | Reason::Unavailable => LATER,
        Reason::Corrupt | Reason::Internal => OURS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::Chance;

    fn meta() -> CallMeta {
        let parts = tenantry_testkit_parts();
        let (mut meta, _) = CallMeta::read(&parts, &Chance::from_seed(1));
        meta.at = tenantry_core::Timestamp::parse("2026-01-10T16:00:00Z").unwrap();
        meta
    }

    fn tenantry_testkit_parts() -> http::request::Parts {
        http::Request::new(()).into_parts().0
    }

    #[test]
    fn refusals_are_written_as_clients_read_them() {
        let answer = render(&Problem::new(Reason::UserNameTaken, "m").at("userPrincipalName"), &meta());
        assert_eq!(answer.status.as_u16(), 400);
        let id = meta().request_id;
        assert_eq!(
            String::from_utf8_lossy(&answer.body),
            format!(
                "{{\"odata.error\":{{\"code\":\"Request_MultipleObjectsWithSameKeyValue\",\"message\":{{\"lang\":\"en\",\
                 \"value\":\"m\"}},\"requestId\":\"{id}\",\"date\":\"2026-01-10T16:00:00Z\",\
                 \"values\":[{{\"item\":\"PropertyName\",\"value\":\"userPrincipalName\"}}]}}}}"
            )
        );
        assert_eq!(answer.headers["request-id"], id.to_string());
        let answer = render(&Problem::internal("password=hunter2"), &meta());
        assert!(!String::from_utf8_lossy(&answer.body).contains("hunter2"));
    }

    #[test]
    fn the_place_of_a_refusal_chooses_its_code() {
        for (problem, status, code) in [
            (Problem::missing("api-version"), 400, "Request_DataContractVersionMissing"),
            (Problem::invalid("api-version", "m"), 400, "Request_InvalidDataContractVersion"),
            (Problem::invalid("$skiptoken", "m"), 400, "Directory_ExpiredPageToken"),
            (Problem::invalid("$filter", "m"), 400, "Request_BadRequest"),
            (Problem::new(Reason::Unsupported, "m").at("$skip"), 400, "Request_UnsupportedQuery"),
            (Problem::new(Reason::Unsupported, "m").at("mailEnabled"), 400, "Request_BadRequest"),
            (Problem::new(Reason::AlreadyExists, "m"), 400, "Request_MultipleObjectsWithSameKeyValue"),
            (Problem::new(Reason::TenantNotFound, "m"), 404, "Directory_ObjectNotFound"),
            (Problem::new(Reason::TokenExpired, "m"), 401, "Authentication_ExpiredToken"),
        ] {
            let answer = render(&problem, &meta());
            let body: Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!((answer.status.as_u16(), &body["odata.error"]["code"]), (status, &json!(code)), "{problem:?}");
        }
    }

    #[test]
    fn who_has_to_wait_is_told_how_long() {
        for (problem, seconds) in [
            (Problem::new(Reason::Throttled, "m").retry_after(7), Some("7")),
            (Problem::new(Reason::Throttled, "m"), Some("30")),
            (Problem::new(Reason::WorldBusy, "m"), Some("30")),
            (Problem::new(Reason::Forbidden, "m"), None),
        ] {
            let answer = render(&problem, &meta());
            let seen = answer.headers.get(header::RETRY_AFTER).map(|value| value.to_str().unwrap());
            assert_eq!(seen, seconds, "{problem:?}");
        }
    }
}
