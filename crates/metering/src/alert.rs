//! An alert: something about spending that somebody should know, with its reason in a sentence.

use serde::Serialize;
use tenantry_access::Scoped;
use tenantry_core::{Amount, Currency, Money, Problem, Reason, SubscriptionId, TenantId, Timestamp};
use tenantry_usage::{BudgetAction, BudgetId, BudgetTerms, Crossing};
use uuid::Uuid;

/// Topic of [`BudgetCrossed`] in the outbox; the subject is the budget's id.
pub const BUDGET_CROSSED: &str = "budget-crossed";
/// Topic of [`AnomalyFound`] in the outbox; the subject is the subscription's id.
pub const ANOMALY_FOUND: &str = "anomaly-found";

/// What kind of thing was found. The names are a promise to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertKind {
    /// A threshold of a budget was crossed.
    Budget,
    /// A day cost far more than the subscription's days do.
    UnusualSpend,
    /// Several regions that were not used before, on one day.
    ManyRegions,
    /// A costly meter that was not used before.
    NewCostlyMeter,
    /// Many resources that were not there before, on one day.
    ResourceBurst,
}

impl AlertKind {
    const ALL: [Self; 5] =
        [Self::Budget, Self::UnusualSpend, Self::ManyRegions, Self::NewCostlyMeter, Self::ResourceBurst];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::UnusualSpend => "unusualSpend",
            Self::ManyRegions => "manyRegions",
            Self::NewCostlyMeter => "newCostlyMeter",
            Self::ResourceBurst => "resourceBurst",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// An alert as it was raised, and whether somebody dealt with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Names it.
    pub id: Uuid,
    /// Whose it is: its figures are in this tenant's prices.
    pub owner: TenantId,
    /// Says what was found: finding it again makes no second alert.
    pub found: String,
    /// What kind of thing.
    pub kind: AlertKind,
    /// When it was raised, in world time.
    pub at: Timestamp,
    /// The number of the crossing, of a budget.
    pub crossing: Option<u64>,
    /// The budget that was crossed.
    pub budget: Option<BudgetId>,
    /// The subscription with unusual spending.
    pub subscription: Option<SubscriptionId>,
    /// The month (of a budget) or day (of unusual spending) it is about; none for a credit limit.
    pub period: Option<String>,
    /// Percent of the limit.
    pub threshold: Option<u16>,
    /// What was done.
    pub action: BudgetAction,
    /// The currency of the figures.
    pub currency: Currency,
    /// What was spent: of the budget when it was crossed, or on the day.
    pub spent: Amount,
    /// The limit of the budget.
    pub limit: Option<Money>,
    /// How far the batch that crossed went beyond the limit.
    pub overshoot: Amount,
    /// Why, in a sentence with figures.
    pub message: String,
    /// When somebody dealt with it, and who.
    pub resolved: Option<(Timestamp, String)>,
}

impl Alert {
    /// The alert of a crossing.
    pub(crate) fn of_crossing(id: Uuid, at: Timestamp, terms: &BudgetTerms, crossing: &Crossing) -> Self {
        Self {
            id,
            owner: terms.owner,
            found: format!("crossing/{}", crossing.number),
            kind: AlertKind::Budget,
            at,
            crossing: Some(crossing.number),
            budget: Some(terms.id),
            subscription: None,
            period: crossing.month.map(|month| month.to_string()),
            threshold: Some(crossing.threshold),
            action: crossing.action,
            currency: crossing.limit.currency(),
            spent: crossing.spent,
            limit: Some(crossing.limit),
            overshoot: crossing.overshoot(),
            message: sentence(terms, crossing),
            resolved: None,
        }
    }
}

impl Alert {
    /// The alert of a cap that was reached by a subscription which cannot be suspended. Why stands in the operator's log:
    /// it may be about somebody else.
    pub(crate) fn of_unstopped(
        id: Uuid,
        at: Timestamp,
        terms: &BudgetTerms,
        subscription: SubscriptionId,
        spent: Amount,
    ) -> Self {
        let over = spent - Amount::of(terms.limit);
        let day = at.day();
        Self {
            id,
            owner: terms.owner,
            found: format!("unstopped/{}/{subscription}/{day}", terms.id),
            kind: AlertKind::Budget,
            at,
            crossing: None,
            budget: Some(terms.id),
            subscription: Some(subscription),
            period: None,
            threshold: None,
            action: BudgetAction::Cap,
            currency: terms.limit.currency(),
            spent,
            limit: Some(terms.limit),
            overshoot: if over > Amount::ZERO { over } else { Amount::ZERO },
            message: format!(
                "budget \"{}\": its limit is reached, but subscription {subscription} could not be suspended. It is still \
                 in use, and its usage is counted. Suspend it yourself, or ask your provider, whose server's log says why",
                terms.name
            ),
            resolved: None,
        }
    }
}

fn sentence(terms: &BudgetTerms, crossing: &Crossing) -> String {
    let currency = crossing.limit.currency();
    let of = crossing.month.map_or_else(|| "what is owed".to_owned(), |month| format!("spending of {month}"));
    let mut text = format!(
        "budget \"{}\": {of} has reached {} % of {} {currency}; it was {} and is {}",
        terms.name, crossing.threshold, crossing.limit, crossing.before, crossing.spent
    );
    let over = crossing.overshoot();
    if !over.is_zero() {
        text += &format!(", {over} beyond the limit");
    }
    text += match crossing.action {
        BudgetAction::Notify => "",
        BudgetAction::Throttle => "; nothing new or larger is to be made",
        BudgetAction::Cap => "; what it covers is suspended until the budget is raised or removed, or its time is over",
    };
    text
}

/// The outbox entry of a crossing, for webhooks and mail. Fields are added with a default, never renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BudgetCrossed {
    /// The alert.
    pub alert: String,
    /// The budget.
    pub budget: String,
    /// Whose it is. Nobody else is told: the figures are in its prices.
    pub owner: TenantId,
    /// The month; none for a credit limit.
    pub month: Option<String>,
    /// Percent of the limit.
    pub threshold: u16,
    /// What was done.
    pub action: String,
    /// The limit.
    pub limit: String,
    /// Its currency.
    pub currency: String,
    /// What was spent, exact.
    pub spent: String,
    /// How far beyond the limit, exact.
    pub overshoot: String,
    /// Why, in a sentence.
    pub message: String,
}

/// The outbox entry of unusual spending. Fields are added with a default, never renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnomalyFound {
    /// The alert.
    pub alert: String,
    /// Whose it is.
    pub owner: TenantId,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// What kind.
    pub kind: String,
    /// The day.
    pub day: String,
    /// What was done.
    pub action: String,
    /// Why, in a sentence.
    pub message: String,
}

/// Whose an alert is, for the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertScope {
    pub(crate) id: Uuid,
    pub(crate) owner: TenantId,
    pub(crate) sandbox: bool,
}

impl Scoped for AlertScope {
    fn partner(&self) -> Option<TenantId> {
        Some(self.owner)
    }

    fn customer(&self) -> Option<TenantId> {
        None
    }

    fn hidden(&self) -> Problem {
        no_alert(self.id)
    }

    fn sandbox(&self) -> bool {
        self.sandbox
    }
}

/// There is none, for this caller.
pub(crate) fn no_alert(id: Uuid) -> Problem {
    Problem::new(Reason::ObjectNotFound, format!("there is no alert {id}; check the id in the list of alerts"))
}
