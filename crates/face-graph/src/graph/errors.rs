//! What each refusal is in Microsoft Graph: status and code, in one table without a wildcard, so that a new reason asks to
//! be decided here. Codes are those of directory.md 3.1.

use serde::Serialize;
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, CallMeta, StatusCode, header};

/// Seconds to wait when a refusal for too much at once does not say.
const RETRY_AFTER_SECONDS: u32 = 30;

const BAD: Row = (StatusCode::BAD_REQUEST, "Request_BadRequest");
const TAKEN: Row = (StatusCode::BAD_REQUEST, "Request_MultipleObjectsWithSameKeyValue");
const UNSUPPORTED: Row = (StatusCode::BAD_REQUEST, "Request_UnsupportedQuery");
const TOKEN: Row = (StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken");
const NOT_FOUND: Row = (StatusCode::NOT_FOUND, "Request_ResourceNotFound");
const CONFLICT: Row = (StatusCode::CONFLICT, "Request_Conflict");
const LATER: Row = (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable");
const OURS: Row = (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError");

type Row = (StatusCode, &'static str);

#[derive(Serialize)]
struct Refusal<'a> {
    error: Error<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Error<'a> {
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    inner_error: Inner,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Inner {
    date: String,
    request_id: String,
    client_request_id: String,
}

/// A refusal as this API's clients read it: `{"error":{"code","message","innerError":{..}}}`.
pub(crate) fn render(problem: &Problem, meta: &CallMeta) -> Answer {
    let (status, code) = special(problem, meta.operation).unwrap_or_else(|| row(problem.reason()));
    let inner_error = Inner {
        date: meta.at.to_string().trim_end_matches('Z').to_owned(),
        request_id: meta.request_id.to_string(),
        client_request_id: meta.correlation_id.to_string(),
    };
    let error = Error { code, message: problem.message(), target: problem.field(), inner_error };
    let answer = Answer::json(status, &Refusal { error }).unwrap_or_else(|_| Answer::empty(status));
    let answer = super::wire::marked(answer, meta);
    let waits = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&status);
    match problem.retry_after_seconds().or(waits.then_some(RETRY_AFTER_SECONDS)) {
        Some(seconds) => answer.with(header::RETRY_AFTER, seconds.to_string()),
        None => answer,
    }
}

/// Where the same reason has another code: at a field, or in an operation.
fn special(problem: &Problem, operation: Option<&str>) -> Option<Row> {
    match (problem.reason(), problem.field().unwrap_or_default()) {
        (Reason::InvalidField, "$skiptoken") => Some((StatusCode::BAD_REQUEST, "Directory_ExpiredPageToken")),
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
        | Reason::AddressInvalid
        | Reason::CountryUnsupported
        | Reason::PriceSheetInvalid => BAD,
        Reason::TooLarge => (S::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge"),
        Reason::TokenMissing | Reason::TokenInvalid | Reason::TokenExpired | Reason::AudienceRefused => TOKEN,
        Reason::Forbidden => (S::FORBIDDEN, "Authorization_RequestDenied"),
        Reason::RouteNotFound => (S::NOT_FOUND, "ResourceNotFound"),
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
        | Reason::AssignmentExists
        | Reason::RoleDefinitionInUse
        | Reason::ScopeLocked => BAD,
        // Unsure: 400 or 409 (directory.md 3.4).
        Reason::RelationshipStateRefused | Reason::IdempotencyMismatch => CONFLICT,
        Reason::Stale => (S::PRECONDITION_FAILED, "PreconditionFailed"),
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
        Reason::Throttled => (S::TOO_MANY_REQUESTS, "TooManyRequests"),
        Reason::WorldBusy | Reason::StorageFull | Reason::Unavailable => LATER,
        Reason::Corrupt | Reason::Internal => OURS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use tenantry_core::{Chance, Timestamp};

    fn meta(operation: Option<&'static str>) -> CallMeta {
        let (mut meta, _) = CallMeta::read(&http::Request::new(()).into_parts().0, &Chance::from_seed(1));
        meta.at = Timestamp::parse("2026-01-10T16:00:00Z").unwrap();
        meta.operation = operation;
        meta
    }

    #[test]
    fn refusals_are_written_as_clients_read_them() {
        let meta = meta(None);
        let answer = render(&Problem::new(Reason::UserNotFound, "m"), &meta);
        assert_eq!(
            String::from_utf8_lossy(&answer.body),
            format!(
                "{{\"error\":{{\"code\":\"Request_ResourceNotFound\",\"message\":\"m\",\"innerError\":{{\
                 \"date\":\"2026-01-10T16:00:00\",\"request-id\":\"{}\",\"client-request-id\":\"{}\"}}}}}}",
                meta.request_id, meta.correlation_id
            )
        );
        assert_eq!(answer.headers["odata-version"], "4.0");
        assert!(!String::from_utf8_lossy(&render(&Problem::internal("hunter2"), &meta).body).contains("hunter2"));
    }

    #[test]
    fn the_place_of_a_refusal_chooses_its_code() {
        for (operation, problem, status, code) in [
            (None, Problem::invalid("$skiptoken", "m"), 400, "Directory_ExpiredPageToken"),
            (None, Problem::new(Reason::Unsupported, "m").at("$skip"), 400, "Request_UnsupportedQuery"),
            (None, Problem::new(Reason::AlreadyExists, "m"), 400, "Request_MultipleObjectsWithSameKeyValue"),
            (Some("groups.members.add"), Problem::new(Reason::AlreadyExists, "m"), 400, "Request_BadRequest"),
            (None, Problem::new(Reason::TokenExpired, "m"), 401, "InvalidAuthenticationToken"),
            (None, Problem::new(Reason::Stale, "m"), 412, "PreconditionFailed"),
            (None, Problem::new(Reason::Throttled, "m"), 429, "TooManyRequests"),
        ] {
            let answer = render(&problem, &meta(operation));
            let body: Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!((answer.status.as_u16(), body["error"]["code"].as_str()), (status, Some(code)), "{problem:?}");
        }
        let answer = render(&Problem::new(Reason::Throttled, "m"), &meta(None));
        assert_eq!(answer.headers[header::RETRY_AFTER], "30");
    }
}
