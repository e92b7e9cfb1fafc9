//! The sentences of refusals: what went wrong and what to do. The wording follows the field's where people search the
//! web for it. Values are clipped, and printed without line breaks.

use super::OauthRefusal;
use tenantry_core::{Problem, Reason};

const GENERAL: &str = "The request is refused.";

impl OauthRefusal {
    /// What went wrong and what to do, without the number.
    #[must_use]
    pub fn message(&self) -> String {
        self.of_application()
            .or_else(|| self.of_request())
            .or_else(|| self.of_user())
            .or_else(|| self.of_grant())
            .unwrap_or_else(|| match self {
                Self::Failed(problem) => transient(problem),
                // The families above cover the rest; a test goes through them.
                _ => GENERAL.to_owned(),
            })
    }

    fn of_application(&self) -> Option<String> {
        Some(match self {
            Self::SecretWrong { app } => format!(
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret \
                 value, not the client secret ID, for a secret added to app '{}'.",
                clip(app)
            ),
            Self::SecretExpired { app } => format!(
                "The provided client secret keys for app '{}' are expired. Add a new secret to the application and \
                 use that one; expiry follows the world's clock.",
                clip(app)
            ),
            Self::SecretMissing => {
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
                    .to_owned()
            }
            Self::AssertionWrong { app, what } => format!(
                "Client assertion failed signature validation for app '{}': {}. Sign it with the key of a certificate \
                 that is registered there.",
                clip(app),
                clip(what)
            ),
            Self::AssertionTime { app, what } => format!(
                "Client assertion of app '{}' is not within its valid time range: {}. Dates follow the world's clock.",
                clip(app),
                clip(what)
            ),
            Self::AssertionForeign { app, what } => format!(
                "Client assertion application identifier doesn't match 'client_id' parameter '{}': {}.",
                clip(app),
                clip(what)
            ),
            Self::AssertionAudience { app, audience, expected } => format!(
                "Client assertion audience claim does not match for app '{}': it is '{}', expected '{}'.",
                clip(app),
                clip(audience),
                clip(expected)
            ),
            Self::AssertionReplayed { app } => format!(
                "Client assertion of app '{}' was used for this already. Make a new one, with a new 'jti', for each \
                 request.",
                clip(app)
            ),
            Self::ApplicationUnknown { app, tenant } => format!(
                "Application with identifier '{}' was not found in the directory '{}'. This can happen if the \
                 application has not been installed by the administrator of the tenant or consented to by any user in \
                 the tenant. You may have sent your authentication request to the wrong tenant.",
                clip(app),
                clip(tenant)
            ),
            Self::ApplicationDisabled { app } => format!("Application '{}' is disabled.", clip(app)),
            _ => return None,
        })
    }

    fn of_request(&self) -> Option<String> {
        Some(match self {
            Self::TenantUnknown { tenant } => format!(
                "Tenant '{}' not found. Check to make sure you have the correct tenant ID and are signing into the \
                 correct cloud.",
                clip(tenant)
            ),
            Self::TenantMalformed { tenant } => format!(
                "Specified tenant identifier '{}' is neither a valid DNS name, nor a valid external domain.",
                clip(tenant)
            ),
            Self::FieldMissing { field } => {
                format!("The request body must contain the following parameter: '{field}'.")
            }
            Self::FieldInvalid { field, rule } => format!("The parameter '{field}' is not valid: it {rule}."),
            Self::GrantUnsupported { grant } => format!(
                "The app requested an unsupported grant type '{}'. The grant 'password' is served only in worlds \
                 whose operator switched it on.",
                clip(grant)
            ),
            Self::ResponseTypeUnsupported { response_type } => format!(
                "The response type '{}' is not served. Ask for 'code', 'id_token' or 'code id_token'.",
                clip(response_type)
            ),
            Self::ScopeInvalid { scope } => format!(
                "The provided value for the input parameter 'scope' is not valid. The scope '{}' must name permissions \
                 of one resource, such as https://graph.windows.net/.default.",
                clip(scope)
            ),
            Self::ScopeNotDefault { scope } => format!(
                "The provided value for scope '{}' is not valid. Client credential flows must have a scope value with \
                 /.default suffixed to the resource identifier (application ID URI).",
                clip(scope)
            ),
            Self::ResourceUnknown { resource, tenant } => format!(
                "The resource principal named '{}' was not found in the tenant named '{}'. Check the resource \
                 identifier.",
                clip(resource),
                clip(tenant)
            ),
            Self::InstanceUnknown { instance } => {
                format!("Unknown or invalid instance '{}'. This server answers for its own host only.", clip(instance))
            }
            Self::Malformed { what } => format!("Invalid request. Request is malformed or invalid: {}.", clip(what)),
            Self::RedirectUnknown { address, app } => format!(
                "The redirect URI '{}' specified in the request does not match the redirect URIs configured for the \
                 application '{}'. Add it there; it is compared letter by letter.",
                clip(address),
                clip(app)
            ),
            Self::ChallengeMissing => "Proof Key for Code Exchange is required for public clients: send \
                                       'code_challenge' and 'code_challenge_method'."
                .to_owned(),
            _ => return None,
        })
    }

    fn of_user(&self) -> Option<String> {
        Some(match self {
            Self::PasswordWrong => "Error validating credentials due to invalid username or password.".to_owned(),
            Self::UserUnknown { user, tenant } => format!(
                "The user account {} does not exist in the {} directory, and no delegated administration lets it act \
                 there. Sign in with another account, or ask the partner for a relationship with that tenant.",
                clip(user),
                clip(tenant)
            ),
            Self::UserLocked { until } => format!(
                "The account is locked, because somebody tried to sign in too many times with an incorrect password. \
                 Try again after {until}."
            ),
            Self::PasswordExpired => {
                "The password is expired: it must be changed at the sign-in page before the next sign-in.".to_owned()
            }
            Self::UserDisabled => {
                "The user account is disabled. Ask an administrator of the directory to enable it.".to_owned()
            }
            Self::NewPasswordRefused { why } => format!("The new password was not taken: {}.", clip(why)),
            Self::SecondFactorNeeded => {
                "You must use multi-factor authentication to sign in: use a flow with a sign-in page.".to_owned()
            }
            Self::SecondFactorWrong => {
                "Authentication failed during strong authentication request: the code is wrong or was used before."
                    .to_owned()
            }
            Self::SignInOver => "This sign-in took too long or was tried too often. Start again.".to_owned(),
            Self::SignInNeeded => {
                "Session information is not sufficient for single-sign-on: nobody is signed in.".to_owned()
            }
            Self::ConsentMissing { app, wanted } => format!(
                "The user or administrator has not consented to use the application with ID '{}' for '{}'. Send an \
                 interactive authorization request for this user and resource.",
                clip(app),
                clip(wanted)
            ),
            Self::ConsentNeedsAdmin { app } => format!(
                "'{}' needs permission to access resources in your organization that only an admin can grant. Please \
                 ask an admin to grant permission to this app before you can use it.",
                clip(app)
            ),
            Self::ConsentDenied => "User declined to consent to access the app.".to_owned(),
            _ => return None,
        })
    }

    fn of_grant(&self) -> Option<String> {
        Some(match self {
            Self::GrantUnknown { field } => format!(
                "The provided value for the input parameter '{field}' is not valid: nothing of this application has \
                 that value."
            ),
            Self::CodeExpired => {
                "The provided authorization code has expired. Send a new authorization request; a code is good for 10 \
                 minutes."
                    .to_owned()
            }
            Self::CodeUsed => {
                "The authorization code was already redeemed. Please retry with a new valid code, or use \
                               an existing refresh token."
                    .to_owned()
            }
            Self::RedirectDiffers => {
                "The reply address does not match the reply address provided when requesting the authorization code."
                    .to_owned()
            }
            Self::VerifierWrong => {
                "The code_verifier does not match the code_challenge supplied in the authorization request.".to_owned()
            }
            Self::RefreshIdle => {
                "The refresh token has expired due to inactivity: it was not used for 90 days. Sign in again."
                    .to_owned()
            }
            Self::GrantRevoked => "The provided grant was revoked: the password was changed, an administrator revoked \
                                   the sign-ins, or a refresh token was used twice. Sign in again."
                .to_owned(),
            Self::AssertionOfUserWrong { what } => {
                format!(
                    "The assertion is no good token of a user: {}. Send the token the user's client sent.",
                    clip(what)
                )
            }
            Self::AssertionOfUserAudience { audience } => format!(
                "Assertion audience does not match the client app presenting the assertion: it is for '{}'.",
                clip(audience)
            ),
            Self::DevicePending => {
                "OAuth 2.0 device flow error. Authorization is pending. Continue polling.".to_owned()
            }
            Self::DeviceTooFast => {
                "OAuth 2.0 device flow error. Authorization is pending. Poll more slowly.".to_owned()
            }
            Self::DeviceExpired { .. } => {
                "OAuth 2.0 device flow error: the code has expired. Start again to get a new one.".to_owned()
            }
            Self::DeviceDeclined => "The person at the sign-in page declined.".to_owned(),
            Self::DeviceUnknown => {
                "Bad verification code: there is none like this, or it is no longer good.".to_owned()
            }
            Self::DevicesTooMany { app } => format!(
                "There are too many incoming requests: too many devices wait to be let in to the application '{}'. \
                 Try again in some minutes.",
                clip(app)
            ),
            _ => return None,
        })
    }
}

/// What is our own fault is not told in detail; a full disk or a busy world is.
fn transient(problem: &Problem) -> String {
    if problem.reason() == Reason::Internal {
        return "A transient error has occurred. Please try again.".to_owned();
    }
    format!("A transient error has occurred: {}.", problem.message())
}

fn clip(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::Endpoint;
    use std::collections::BTreeSet;
    use tenantry_core::Timestamp;

    /// One of each.
    fn all() -> Vec<OauthRefusal> {
        use OauthRefusal as R;
        let x = || "x".to_owned();
        vec![
            R::SecretWrong { app: x() },
            R::SecretExpired { app: x() },
            R::SecretMissing,
            R::AssertionWrong { app: x(), what: x() },
            R::AssertionTime { app: x(), what: x() },
            R::AssertionForeign { app: x(), what: x() },
            R::AssertionAudience { app: x(), audience: x(), expected: x() },
            R::AssertionReplayed { app: x() },
            R::ApplicationUnknown { app: x(), tenant: x() },
            R::ApplicationDisabled { app: x() },
            R::TenantUnknown { tenant: x() },
            R::TenantMalformed { tenant: x() },
            R::FieldMissing { field: "f" },
            R::FieldInvalid { field: "f", rule: "must be" },
            R::GrantUnsupported { grant: x() },
            R::ResponseTypeUnsupported { response_type: x() },
            R::ScopeInvalid { scope: x() },
            R::ScopeNotDefault { scope: x() },
            R::ResourceUnknown { resource: x(), tenant: x() },
            R::InstanceUnknown { instance: x() },
            R::Malformed { what: x() },
            R::RedirectUnknown { address: x(), app: x() },
            R::ChallengeMissing,
            R::PasswordWrong,
            R::UserUnknown { user: x(), tenant: x() },
            R::UserLocked { until: Timestamp::default() },
            R::PasswordExpired,
            R::UserDisabled,
            R::NewPasswordRefused { why: x() },
            R::SecondFactorNeeded,
            R::SecondFactorWrong,
            R::SignInOver,
            R::SignInNeeded,
            R::ConsentMissing { app: x(), wanted: x() },
            R::ConsentNeedsAdmin { app: x() },
            R::ConsentDenied,
            R::GrantUnknown { field: "f" },
            R::CodeExpired,
            R::CodeUsed,
            R::RedirectDiffers,
            R::VerifierWrong,
            R::RefreshIdle,
            R::GrantRevoked,
            R::AssertionOfUserWrong { what: x() },
            R::AssertionOfUserAudience { audience: x() },
            R::DevicePending,
            R::DeviceTooFast,
            R::DeviceExpired { endpoint: Endpoint::V1 },
            R::DeviceExpired { endpoint: Endpoint::V2 },
            R::DeviceDeclined,
            R::DeviceUnknown,
            R::DevicesTooMany { app: x() },
            R::Failed(Problem::internal("secret cause")),
        ]
    }

    #[test]
    fn every_refusal_has_words_of_its_own() {
        let mut seen = BTreeSet::new();
        for refusal in all() {
            let message = refusal.message();
            assert_ne!(message, GENERAL, "{refusal:?}");
            assert!(message.ends_with('.') && !message.contains("secret cause"), "{message}");
            assert_eq!(refusal.status() == 401, refusal.error() == "invalid_client", "{message}");
            seen.insert((refusal.code(), refusal.error(), message));
        }
        assert_eq!(seen.len(), all().len());
    }

    #[test]
    fn values_cannot_break_out_of_a_sentence() {
        let told = OauthRefusal::TenantUnknown { tenant: format!("a\r\nb{}", "x".repeat(500)) }.message();
        assert!(told.starts_with("Tenant 'abxx") && told.len() < 300, "{told}");
    }
}
