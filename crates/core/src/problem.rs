//! The one vocabulary of refusals. It knows nothing of HTTP: each face has an exhaustive table from [`Reason`]
//! to its own status and code.
//!
//! A problem has two sides. [`Problem::message`] is for the caller: it names the field or rule, the value seen
//! and what to do. The cause is for the operator's log and has no way to the caller.

use std::error::Error;
use std::fmt;

/// Why something was refused or failed. Adding one makes every face decide what it means there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    // Input
    /// A body is not valid JSON, CSV or form data.
    MalformedBody,
    /// A field has a value of the wrong form or range.
    InvalidField,
    /// A required field is absent.
    MissingField,
    /// Valid, but not something this version does.
    Unsupported,
    /// The body, batch or file is larger than the stated limit.
    TooLarge,
    /// An address is incomplete or wrong for its country.
    AddressInvalid,
    /// A country the partner or the platform does not sell in.
    CountryUnsupported,
    /// A price sheet is truncated, has duplicate meters or bad tiers.
    PriceSheetInvalid,

    // Identity
    /// No token where one is needed.
    TokenMissing,
    /// A token that is forged, malformed or signed by an unknown key.
    TokenInvalid,
    /// A token past its time.
    TokenExpired,
    /// A token for another API.
    AudienceRefused,
    /// Visible, but the caller's roles do not allow the act.
    Forbidden,

    // Not there, or not for this caller
    /// No such route.
    RouteNotFound,
    /// The route exists, the method does not.
    MethodNotAllowed,
    /// No such tenant.
    TenantNotFound,
    /// No such customer of this partner.
    CustomerNotFound,
    /// No such application.
    ApplicationNotFound,
    /// No such offer in the country.
    OfferNotFound,
    /// No such order.
    OrderNotFound,
    /// No such subscription.
    SubscriptionNotFound,
    /// No such meter in any price sheet.
    MeterNotFound,
    /// No price sheet for the market and currency.
    PriceSheetNotFound,
    /// No such invoice.
    InvoiceNotFound,
    /// No such user in the tenant.
    UserNotFound,
    /// No such group in the tenant.
    GroupNotFound,
    /// No such directory object in the tenant: service principal, role, consent, contract, ..
    ObjectNotFound,
    /// No such domain in the tenant.
    DomainNotFound,
    /// The tenant owns no such licences.
    SkuNotFound,
    /// No such delegated admin relationship, request, assignment or operation.
    RelationshipNotFound,
    /// No such role definition at the scope.
    RoleDefinitionNotFound,
    /// No such role assignment or lock at the scope.
    AssignmentNotFound,

    // State
    /// The domain name is in use.
    DomainTaken,
    /// The domain is not verified, or its record is not there.
    DomainNotVerified,
    /// Users still have names in the domain, or it is the tenant's first.
    DomainInUse,
    /// The user principal name is in use.
    UserNameTaken,
    /// The password is wrong, too weak, or used before.
    PasswordRefused,
    /// No licence is left.
    LicencesExhausted,
    /// A user without a usage location gets no licence.
    UsageLocationMissing,
    /// The group would contain itself.
    GroupCircular,
    /// The tenant would be left without a global administrator.
    LastGlobalAdmin,
    /// The relationship is not in a state for this.
    RelationshipStateRefused,
    /// The same principal has the same role at the same scope already.
    AssignmentExists,
    /// Another role of the tenant has the name.
    RoleNameTaken,
    /// The role is assigned somewhere.
    RoleDefinitionInUse,
    /// A lock forbids it.
    ScopeLocked,
    /// The thing exists already.
    AlreadyExists,
    /// The same idempotency key came with another request.
    IdempotencyMismatch,
    /// The version the caller saw is no longer the current one.
    Stale,
    /// A seat quantity outside the offer's limits.
    QuantityOutOfRange,
    /// The quantity of this subscription cannot change.
    QuantityFixed,
    /// The billing cycle cannot change this way or is not offered.
    BillingCycleRefused,
    /// Order lines are not numbered 0 to n-1.
    LineNumbersInvalid,
    /// The offer cannot be bought (any more, or by this customer).
    OfferNotPurchasable,
    /// The subscription is deleted; nothing about it changes any more.
    SubscriptionDeleted,
    /// The subscription is suspended; reactivate it first.
    SubscriptionSuspended,
    /// This change of state does not exist.
    StatusChangeRefused,
    /// A limit of sandbox worlds.
    SandboxLimit,
    /// The clock of this world cannot be moved that way.
    ClockRefused,
    /// Two currencies in one sum.
    CurrencyMismatch,
    /// The period is not over, or is closed already.
    PeriodNotClosable,
    /// A month has no exchange rate between the currency of prices and that of a document.
    ExchangeRateMissing,

    // The platform
    /// Too much at once; try again later.
    Throttled,
    /// Another process owns this world or partition.
    WorldBusy,
    /// The disk is full.
    StorageFull,
    /// The database does not answer.
    Unavailable,
    /// Stored data that cannot be: our fault, and loud.
    Corrupt,
    /// Anything else that is our fault.
    Internal,
}

/// A refusal or failure with its two messages.
pub struct Problem {
    reason: Reason,
    message: String,
    field: Option<String>,
    retry_after_seconds: Option<u32>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    /// A refusal with the sentence the caller reads.
    #[must_use]
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), field: None, retry_after_seconds: None, cause: None }
    }

    /// A field of a wrong form or value.
    #[must_use]
    pub fn invalid(field: impl Into<String>, message: impl fmt::Display) -> Self {
        let field = field.into();
        Self::new(Reason::InvalidField, format!("{field}: {message}")).at(field)
    }

    /// A required field that is absent.
    #[must_use]
    pub fn missing(field: impl Into<String>) -> Self {
        let field = field.into();
        Self::new(Reason::MissingField, format!("{field} is required")).at(field)
    }

    /// Our own fault. The caller learns no more than that; `cause` goes to the log.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Reason::Internal, "something went wrong on our side; the request id names it in our log")
            .because(cause)
    }

    /// Stored data that contradicts itself.
    #[must_use]
    pub fn corrupt(what: impl Into<String>) -> Self {
        let what: String = what.into();
        Self::new(Reason::Corrupt, "stored data is damaged; run `tenantry check` and see the log").because(what)
    }

    /// Names the field.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Adds the cause, for the log only.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Says when to try again.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// Why.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// Whether the platform could not do it, rather than that it is refused: then asking again may help.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        matches!(
            self.reason,
            Reason::Unavailable
                | Reason::StorageFull
                | Reason::WorldBusy
                | Reason::Throttled
                | Reason::Corrupt
                | Reason::Internal
        )
    }

    /// What the caller reads.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The field at fault, in the words of the input.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// Seconds after which a new try makes sense.
    #[must_use]
    pub const fn retry_after_seconds(&self) -> Option<u32> {
        self.retry_after_seconds
    }

    /// The chain of causes, for the log.
    #[must_use]
    pub fn cause_chain(&self) -> String {
        let mut chain = Vec::new();
        let mut next: Option<&dyn Error> = self.cause.as_ref().map(|c| &**c as &dyn Error);
        while let Some(error) = next {
            chain.push(error.to_string());
            next = error.source();
        }
        chain.join(": ")
    }
}

/// For logs and tests, so with the cause. Deliberately no `Display`: nobody prints the inner half by accident.
impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.reason, self.message)?;
        if self.cause.is_some() {
            write!(f, " ({})", self.cause_chain())?;
        }
        Ok(())
    }
}
