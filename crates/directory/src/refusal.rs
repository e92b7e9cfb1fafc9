//! Why the token service says no. Numbers, statuses and error words are those clients know.
//!
//! Source: directory.md 1.8.

use tenantry_core::{Problem, Reason};

/// A refusal of the token endpoint. It prints itself; none of them ever holds a secret.
#[derive(Debug)]
pub enum OauthRefusal {
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
    /// Neither secret nor assertion.
    SecretMissing,
    /// A certificate assertion: no application has a certificate registered.
    AssertionUnknown {
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
    /// A grant this version does not serve, or nobody does.
    GrantUnsupported {
        /// The grant as sent.
        grant: String,
    },
    /// A scope of the wrong form.
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
    /// Our own failure.
    Failed(Problem),
}

impl From<Problem> for OauthRefusal {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

impl OauthRefusal {
    /// The number after `AADSTS`.
    #[must_use]
    pub const fn code(&self) -> u32 {
        match self {
            Self::SecretWrong { .. } => 7_000_215,
            Self::SecretExpired { .. } => 7_000_222,
            Self::SecretMissing => 7_000_218,
            Self::AssertionUnknown { .. } => 700_027,
            Self::ApplicationUnknown { .. } => 700_016,
            Self::ApplicationDisabled { .. } => 7_000_112,
            Self::TenantUnknown { .. } => 90_002,
            Self::TenantMalformed { .. } => 900_023,
            Self::FieldMissing { .. } => 900_144,
            Self::GrantUnsupported { .. } => 70_003,
            Self::ScopeInvalid { .. } => 70_011,
            Self::ScopeNotDefault { .. } => 1_002_012,
            Self::ResourceUnknown { .. } => 500_011,
            Self::InstanceUnknown { .. } => 50_049,
            Self::Malformed { .. } => 9_002_313,
            Self::Failed(_) => 90_033,
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::SecretWrong { .. }
            | Self::SecretExpired { .. }
            | Self::SecretMissing
            | Self::AssertionUnknown { .. } => 401,
            Self::ApplicationUnknown { .. }
            | Self::ApplicationDisabled { .. }
            | Self::TenantUnknown { .. }
            | Self::TenantMalformed { .. }
            | Self::FieldMissing { .. }
            | Self::GrantUnsupported { .. }
            | Self::ScopeInvalid { .. }
            | Self::ScopeNotDefault { .. }
            | Self::ResourceUnknown { .. }
            | Self::InstanceUnknown { .. }
            | Self::Malformed { .. } => 400,
            Self::Failed(_) => 503,
        }
    }

    /// The OAuth error word.
    #[must_use]
    pub const fn error(&self) -> &'static str {
        match self {
            Self::SecretWrong { .. }
            | Self::SecretExpired { .. }
            | Self::SecretMissing
            | Self::AssertionUnknown { .. } => "invalid_client",
            Self::ApplicationUnknown { .. } | Self::ApplicationDisabled { .. } => "unauthorized_client",
            Self::TenantUnknown { .. } | Self::TenantMalformed { .. } | Self::FieldMissing { .. } => "invalid_request",
            Self::GrantUnsupported { .. } => "unsupported_grant_type",
            Self::ScopeInvalid { .. } | Self::ScopeNotDefault { .. } => "invalid_scope",
            Self::ResourceUnknown { .. } => "invalid_resource",
            Self::InstanceUnknown { .. } => "invalid_instance",
            Self::Malformed { .. } => "invalid_grant",
            Self::Failed(_) => "temporarily_unavailable",
        }
    }

    /// What went wrong and what to do, without the number. Values are clipped, and printed without line breaks.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
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
            Self::AssertionUnknown { app } => format!(
                "Client assertion failed signature validation: no certificate is registered on app '{}'. Use \
                 'client_secret' instead.",
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
            Self::GrantUnsupported { grant } => format!(
                "The app requested an unsupported grant type '{}'. This server grants 'client_credentials'.",
                clip(grant)
            ),
            Self::ScopeInvalid { scope } => format!(
                "The provided value for the input parameter 'scope' is not valid. The scope '{}' must name one \
                 resource, such as https://graph.windows.net/.default.",
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
            Self::Failed(problem) => transient(problem),
        }
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
