//! Why the token service says no. Numbers, statuses and error words are those clients know; the sentences are in
//! `refusal_text.rs`.
//!
//! Source: directory.md 1.8; the numbers it does not list are the field's public ones.

use super::Endpoint;
use tenantry_core::{Problem, Timestamp};

/// A refusal of sign-in or of the token endpoint. It prints itself; none of them ever holds a secret.
#[derive(Debug)]
pub enum OauthRefusal {
    // The application
    /// The secret is not one of the application's.
    SecretWrong {
        /// The client id as sent.
        app: String,
    },
    /// It was one of the application's, until it expired.
    SecretExpired {
        /// The client id as sent.
        app: String,
    },
    /// Neither secret nor assertion, and the application is no public one.
    SecretMissing,
    /// The assertion cannot be read, or its key or signature is wrong.
    AssertionWrong {
        /// The client id as sent.
        app: String,
        /// What is wrong.
        what: String,
    },
    /// The assertion does not count at this time.
    AssertionTime {
        /// The client id as sent.
        app: String,
        /// What is wrong.
        what: String,
    },
    /// The assertion is about another application.
    AssertionForeign {
        /// The client id as sent.
        app: String,
        /// What is wrong.
        what: String,
    },
    /// The assertion is for another server.
    AssertionAudience {
        /// The client id as sent.
        app: String,
        /// The audience as sent.
        audience: String,
        /// An audience that would do.
        expected: String,
    },
    /// The assertion was used for the same thing before.
    AssertionReplayed {
        /// The client id as sent.
        app: String,
    },
    /// No such application in the tenant.
    ApplicationUnknown {
        /// The client id as sent.
        app: String,
        /// The tenant as sent.
        tenant: String,
    },
    /// The application was switched off.
    ApplicationDisabled {
        /// The client id as sent.
        app: String,
    },

    // The request
    /// No such tenant.
    TenantUnknown {
        /// The tenant as sent.
        tenant: String,
    },
    /// Neither a GUID nor a domain name.
    TenantMalformed {
        /// The tenant as sent.
        tenant: String,
    },
    /// A required field is absent.
    FieldMissing {
        /// Its name.
        field: &'static str,
    },
    /// A field has a value that cannot be.
    FieldInvalid {
        /// Its name.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// A grant that nobody serves, or that is switched off in this world.
    GrantUnsupported {
        /// The grant as sent.
        grant: String,
    },
    /// A response type that is not served.
    ResponseTypeUnsupported {
        /// The response type as sent.
        response_type: String,
    },
    /// A scope of the wrong form, or one its API does not have.
    ScopeInvalid {
        /// The scope as sent.
        scope: String,
    },
    /// An application asked for something else than `/.default`.
    ScopeNotDefault {
        /// The scope as sent.
        scope: String,
    },
    /// Nobody serves that resource.
    ResourceUnknown {
        /// The resource as sent.
        resource: String,
        /// The tenant as sent.
        tenant: String,
    },
    /// Instance discovery for a host that is not ours.
    InstanceUnknown {
        /// The host as sent.
        instance: String,
    },
    /// The body is no form.
    Malformed {
        /// What is wrong with it.
        what: String,
    },
    /// A redirect address that is not registered for the application. Shown as a page, never redirected to.
    RedirectUnknown {
        /// The address as sent.
        address: String,
        /// The client id as sent.
        app: String,
    },
    /// A public client asked for a code without a challenge.
    ChallengeMissing,

    // The user
    /// The name or the password is wrong; it is not told which.
    PasswordWrong,
    /// The user has no place in the tenant.
    UserUnknown {
        /// The user principal name.
        user: String,
        /// The tenant as sent.
        tenant: String,
    },
    /// Too many wrong passwords.
    UserLocked {
        /// When the next try counts.
        until: Timestamp,
    },
    /// The password must be changed first.
    PasswordExpired,
    /// The user was switched off.
    UserDisabled,
    /// The new password does not do.
    NewPasswordRefused {
        /// Why.
        why: String,
    },
    /// A second factor is needed, which only the sign-in page can ask for.
    SecondFactorNeeded,
    /// The code of the second factor is wrong.
    SecondFactorWrong,
    /// The sign-in took too long, or was tried too often.
    SignInOver,
    /// Nobody is signed in, and the client wants nobody asked.
    SignInNeeded,
    /// Consent is missing.
    ConsentMissing {
        /// The client id.
        app: String,
        /// The resource or scopes.
        wanted: String,
    },
    /// Only an administrator can consent to this.
    ConsentNeedsAdmin {
        /// The application.
        app: String,
    },
    /// The person did not consent.
    ConsentDenied,

    // What was given out before
    /// No such code or token, or one of another application.
    GrantUnknown {
        /// The field.
        field: &'static str,
    },
    /// The code is too old.
    CodeExpired,
    /// The code was redeemed before.
    CodeUsed,
    /// The redirect address is not the one the code was sent to.
    RedirectDiffers,
    /// The verifier does not fit the challenge.
    VerifierWrong,
    /// The refresh token rested too long.
    RefreshIdle,
    /// The password was changed, the sign-ins revoked, or a refresh token came twice.
    GrantRevoked,
    /// The assertion of an on-behalf-of request is no good user token.
    AssertionOfUserWrong {
        /// What is wrong.
        what: String,
    },
    /// The assertion of an on-behalf-of request is for another application.
    AssertionOfUserAudience {
        /// Its audience.
        audience: String,
    },

    // Devices
    /// Nobody has decided yet.
    DevicePending,
    /// Nobody has decided yet, and the client asks too often.
    DeviceTooFast,
    /// The device code is too old.
    DeviceExpired {
        /// The endpoint: the versions have different words.
        endpoint: Endpoint,
    },
    /// The person said no.
    DeviceDeclined,
    /// No such device or user code.
    DeviceUnknown,
    /// Too many device codes of the application wait for a decision.
    DevicesTooMany {
        /// The application.
        app: String,
    },

    /// Our own failure.
    Failed(Problem),
}

impl From<Problem> for OauthRefusal {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

impl OauthRefusal {
    /// A field with a value that cannot be.
    pub(crate) const fn field(field: &'static str, rule: &'static str) -> Self {
        Self::FieldInvalid { field, rule }
    }

    /// The number after `AADSTS`.
    #[must_use]
    pub const fn code(&self) -> u32 {
        self.facts().0
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.facts().1
    }

    /// The OAuth error word.
    #[must_use]
    pub const fn error(&self) -> &'static str {
        self.facts().2
    }

    /// What the client's library should do about it, if the field has a word for that.
    #[must_use]
    pub const fn suberror(&self) -> Option<&'static str> {
        match self {
            Self::ConsentMissing { .. } => Some("consent_required"),
            Self::SecondFactorNeeded => Some("basic_action"),
            Self::PasswordExpired => Some("user_password_expired"),
            Self::GrantRevoked => Some("bad_token"),
            _ => None,
        }
    }

    /// Number, status and word.
    const fn facts(&self) -> (u32, u16, &'static str) {
        match self {
            Self::SecretWrong { .. } => (7_000_215, 401, "invalid_client"),
            Self::SecretExpired { .. } => (7_000_222, 401, "invalid_client"),
            Self::SecretMissing => (7_000_218, 401, "invalid_client"),
            Self::AssertionWrong { .. } => (700_027, 401, "invalid_client"),
            Self::AssertionTime { .. } => (700_024, 401, "invalid_client"),
            Self::AssertionForeign { .. } => (700_021, 401, "invalid_client"),
            Self::AssertionAudience { .. } => (700_023, 401, "invalid_client"),
            Self::AssertionReplayed { .. } => (700_028, 401, "invalid_client"),
            Self::ApplicationUnknown { .. } => (700_016, 400, "unauthorized_client"),
            Self::ApplicationDisabled { .. } => (7_000_112, 400, "unauthorized_client"),

            Self::TenantUnknown { .. } => (90_002, 400, "invalid_request"),
            Self::TenantMalformed { .. } => (900_023, 400, "invalid_request"),
            Self::FieldMissing { .. } => (900_144, 400, "invalid_request"),
            Self::FieldInvalid { .. } => (90_014, 400, "invalid_request"),
            Self::GrantUnsupported { .. } => (70_003, 400, "unsupported_grant_type"),
            Self::ResponseTypeUnsupported { .. } => (70_005, 400, "unsupported_response_type"),
            Self::ScopeInvalid { .. } => (70_011, 400, "invalid_scope"),
            Self::ScopeNotDefault { .. } => (1_002_012, 400, "invalid_scope"),
            Self::ResourceUnknown { .. } => (500_011, 400, "invalid_resource"),
            Self::InstanceUnknown { .. } => (50_049, 400, "invalid_instance"),
            Self::Malformed { .. } => (9_002_313, 400, "invalid_grant"),
            Self::RedirectUnknown { .. } => (50_011, 400, "invalid_request"),
            Self::ChallengeMissing => (9_002_325, 400, "invalid_request"),

            Self::PasswordWrong => (50_126, 400, "invalid_grant"),
            Self::UserUnknown { .. } => (50_034, 400, "invalid_grant"),
            Self::UserLocked { .. } => (50_053, 400, "invalid_grant"),
            Self::PasswordExpired => (50_055, 400, "invalid_grant"),
            Self::UserDisabled => (50_057, 400, "invalid_grant"),
            Self::NewPasswordRefused { .. } => (50_056, 400, "invalid_grant"),
            Self::SecondFactorNeeded => (50_076, 400, "interaction_required"),
            Self::SecondFactorWrong => (500_121, 400, "invalid_grant"),
            Self::SignInOver => (50_089, 400, "invalid_grant"),
            Self::SignInNeeded => (50_058, 400, "login_required"),
            Self::ConsentMissing { .. } => (65_001, 400, "invalid_grant"),
            Self::ConsentNeedsAdmin { .. } => (90_094, 400, "access_denied"),
            Self::ConsentDenied => (65_004, 400, "access_denied"),

            Self::GrantUnknown { .. } => (70_000, 400, "invalid_grant"),
            Self::CodeExpired => (70_008, 400, "invalid_grant"),
            Self::CodeUsed => (54_005, 400, "invalid_grant"),
            Self::RedirectDiffers => (500_112, 400, "invalid_grant"),
            Self::VerifierWrong => (501_481, 400, "invalid_grant"),
            Self::RefreshIdle => (700_082, 400, "invalid_grant"),
            Self::GrantRevoked => (50_173, 400, "invalid_grant"),
            Self::AssertionOfUserWrong { .. } => (50_013, 400, "invalid_grant"),
            Self::AssertionOfUserAudience { .. } => (500_131, 400, "invalid_grant"),

            Self::DevicePending => (70_016, 400, "authorization_pending"),
            Self::DeviceTooFast => (70_016, 400, "slow_down"),
            Self::DeviceExpired { endpoint: Endpoint::V1 } => (70_020, 400, "code_expired"),
            Self::DeviceExpired { endpoint: Endpoint::V2 } => (70_020, 400, "expired_token"),
            Self::DeviceDeclined => (70_018, 400, "authorization_declined"),
            Self::DeviceUnknown => (70_018, 400, "bad_verification_code"),
            // The field's number for throttling; the word is RFC 6749's for a server with too much to do.
            Self::DevicesTooMany { .. } => (90_055, 429, "temporarily_unavailable"),

            Self::Failed(_) => (90_033, 503, "temporarily_unavailable"),
        }
    }
}
