//! The two things every request of this API says: which version of the contract it speaks (`api-version`), and in its
//! path which tenant it is about.

use crate::who;
use tenantry_core::{Problem, Reason, TenantId};
use tenantry_directory::tenant_find;
use tenantry_http::{Answer, Call, HeaderName, Route};

/// Versions that are served, all in the shape of 1.6: what is older has fewer properties, and no client minds more.
const VERSIONS: [&str; 5] = ["1.6", "1.5", "2013-11-08", "2013-04-05", "beta"];

const CONTRACT: HeaderName = HeaderName::from_static("x-ms-dirapi-data-contract-version");

/// The tenant of the token, whichever it is.
pub(super) const OWN: &str = "myorganization";

/// The same route, which looks at version and tenant before it does anything else.
pub(super) fn checked(mut route: Route) -> Route {
    let act = route.handler;
    route.handler = std::sync::Arc::new(move |call: Call| {
        let act = std::sync::Arc::clone(&act);
        Box::pin(async move {
            let version = version(call.query("api-version"))?;
            tenant(&call).await?;
            let meta = call.meta.clone();
            let answer: Answer = act(call).await?;
            Ok(super::wire::marked(answer, &meta).with(CONTRACT, version))
        })
    });
    route
}

fn version(sent: Option<&str>) -> Result<&'static str, Problem> {
    let Some(sent) = sent.map(str::trim).filter(|sent| !sent.is_empty()) else {
        let message = format!("the query has no api-version; send one of {}", VERSIONS.join(", "));
        return Err(Problem::new(Reason::MissingField, message).at("api-version"));
    };
    VERSIONS.into_iter().find(|known| known.eq_ignore_ascii_case(sent)).ok_or_else(|| {
        let shown: String = sent.chars().take(40).collect();
        Problem::invalid("api-version", format!("`{shown}` is not served; send one of {}", VERSIONS.join(", ")))
    })
}

/// The tenant in the path must be the token's. Whether another exists is nobody's business, so it never does.
async fn tenant(call: &Call) -> Result<(), Problem> {
    let (named, own) = (call.param("tenant")?, who::tenant(call)?);
    if named.eq_ignore_ascii_case(OWN) || TenantId::parse(named) == Ok(own) {
        return Ok(());
    }
    let found = tenant_find(call.world.db(), named).await?;
    if found.is_some_and(|tenant| tenant.id == own) {
        return Ok(());
    }
    let shown: String = named.chars().take(80).collect();
    let message =
        format!("there is no directory `{shown}` for this token; name the token's own by id, by domain, or as {OWN}");
    Err(Problem::new(Reason::TenantNotFound, message).at("tenant"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_asked_for() {
        for (sent, expected) in [
            (Some("1.6"), Ok("1.6")),
            (Some("1.5"), Ok("1.5")),
            (Some("Beta"), Ok("beta")),
            (Some("2013-11-08"), Ok("2013-11-08")),
            (Some("1.61-internal"), Err(Reason::InvalidField)),
            (Some("2.0"), Err(Reason::InvalidField)),
            (Some(" "), Err(Reason::MissingField)),
            (None, Err(Reason::MissingField)),
        ] {
            let seen = version(sent);
            assert_eq!(seen.as_ref().map(|v| *v).map_err(Problem::reason), expected, "{sent:?}");
        }
    }
}
