//! An issued document, as it is stored: JSON that is written once, hashed, and read for years.
//!
//! Names and addresses are snapshots of the day of issue. Amounts are decimal text. Fields are only ever
//! added, with a default, so that old documents read back and their hashes hold.

use crate::fx::InvoiceFx;
use crate::seats::InvoiceSeatLine;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use tenantry_access::Scoped;
use tenantry_commerce::EdgeRef;
use tenantry_core::{
    Amount, Currency, Day, EdgeId, MeterId, Money, Month, OrderId, Problem, Reason, Rounding, SubscriptionId, TenantId,
    Timestamp,
};

/// An invoice or credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Its number, gapless per seller and year: `D` and the year's last two digits, then seven digits; of a partner's
    /// documents a dash and the partner's number behind them.
    pub number: String,
    /// Who asks for the money.
    pub seller: InvoiceParty,
    /// Who owes it.
    pub buyer: InvoiceParty,
    /// The edge it is for.
    pub edge: EdgeId,
    /// The close that made it.
    pub close: u32,
    /// The billed month, `2017-10`.
    pub month: String,
    /// When it was issued, ISO 8601.
    pub issued_at: String,
    /// When it is due, `2017-12-31`.
    pub due_on: String,
    /// ISO 4217.
    pub currency: String,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// Sum of the lines.
    pub net: String,
    /// Tax on it.
    pub tax: String,
    /// What is owed. Negative: the document is a credit note.
    pub total: String,
    /// How its lines were rounded; not written where it is our default, half even.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rounding: Rounding,
    /// The tax rate, `0.19` for 19 %; not written where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tax_rate: String,
    /// What a tax service calls that rate; not written where nothing was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tax_hook: String,
    /// The exchange rates its lines were converted with; not written where all prices are in its currency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fx: Vec<InvoiceFx>,
    /// Whether seats whose period an earlier close charged were converted with that one's rate. Not written by older versions,
    /// which took the rate of the document, and where no seats were converted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub period_rates: bool,
    /// Whether `list` is what the buyer pays: so it is where its seller buys himself. Not written where it is the public
    /// price.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_list: bool,
    /// Whether the buyer is the seller's customer, and not a partner; not written where it is a partner.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_customer: bool,
    /// What is charged for seats, behind the lines of usage; not written where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seat_lines: Vec<InvoiceSeatLine>,
}

fn is_default(rounding: &Rounding) -> bool {
    *rounding == Rounding::default()
}

/// A seller or buyer on the day of issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceParty {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its company name.
    pub name: String,
    /// Its address, line by line.
    pub address: Vec<String>,
    /// Where to write to.
    pub email: String,
}

/// One line.
///
/// Its texts are short, or the same on many lines: a document of a hundred thousand lines holds a name once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// The customer whose usage it is.
    pub customer: TenantId,
    /// The customer's name.
    pub customer_name: SmolStr,
    /// The customer's domain.
    pub customer_domain: SmolStr,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Its name.
    pub subscription_name: SmolStr,
    /// What was ordered.
    pub offer_name: SmolStr,
    /// The order.
    pub order: OrderId,
    /// The meter.
    pub meter: MeterId,
    /// Its name.
    pub meter_name: SmolStr,
    /// Its category.
    pub category: SmolStr,
    /// Its sub category.
    pub subcategory: SmolStr,
    /// Its region.
    pub region: SmolStr,
    /// Its unit.
    pub unit: SmolStr,
    /// The month of the usage, `2017-10`.
    pub service_month: SmolStr,
    /// How much.
    pub quantity: SmolStr,
    /// At list, exact: the public price on documents of the provider, the buyer's own further down (`own_list`).
    pub list: SmolStr,
    /// What is owed, exact.
    pub exact: SmolStr,
    /// What is owed, rounded.
    pub amount: SmolStr,
    /// The currency of the price sheet; not written where it is the document's. `list`, `exact` and `amount` are in the
    /// document's currency.
    #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
    pub pricing_currency: SmolStr,
    /// What is owed in that currency, before it was converted, exact; not written where nothing was converted.
    #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
    pub pricing_exact: SmolStr,
}

fn damaged(what: &str, seen: &str) -> Problem {
    Problem::corrupt(format!("an issued document has {what} `{seen}`"))
}

/// Reads a rounded amount back. Exact: it has no more digits than the currency.
pub(crate) fn money(text: &str, currency: Currency) -> Result<Money, Problem> {
    let exact = amount(text)?;
    let money = exact.round(currency, Rounding::HalfEven);
    if Amount::of(money) == exact { Ok(money) } else { Err(damaged("the amount", text)) }
}

/// Reads an exact amount back.
pub(crate) fn amount(text: &str) -> Result<Amount, Problem> {
    Amount::parse_exact(text).map_err(|error| damaged("the amount", &error.to_string()))
}

impl Invoice {
    /// Its currency.
    pub fn currency(&self) -> Result<Currency, Problem> {
        Currency::parse(&self.currency).map_err(|error| damaged("the currency", &error.to_string()))
    }

    /// What is owed.
    pub fn total(&self) -> Result<Money, Problem> {
        money(&self.total, self.currency()?)
    }

    /// The billed month.
    pub fn month(&self) -> Result<Month, Problem> {
        Month::parse(&self.month).map_err(|error| damaged("the month", &error.to_string()))
    }

    /// When it was issued.
    pub fn issued_at(&self) -> Result<Timestamp, Problem> {
        Timestamp::parse(&self.issued_at).map_err(|error| damaged("the date", &error.to_string()))
    }

    /// When it is due.
    pub fn due_on(&self) -> Result<Day, Problem> {
        Day::parse(&self.due_on).map_err(|error| damaged("the due date", &error.to_string()))
    }
}

impl InvoiceLine {
    /// What is owed, rounded.
    pub fn amount(&self, currency: Currency) -> Result<Money, Problem> {
        money(&self.amount, currency)
    }

    /// What is owed, exact.
    pub fn exact(&self) -> Result<Amount, Problem> {
        amount(&self.exact)
    }

    /// The month of the usage.
    pub fn service_month(&self) -> Result<Month, Problem> {
        Month::parse(&self.service_month).map_err(|error| damaged("the month", &error.to_string()))
    }
}

/// Nobody else's number is confirmed.
pub(crate) fn no_invoice(number: &str) -> Problem {
    let shown: String = number.chars().take(40).collect();
    Problem::new(
        Reason::InvoiceNotFound,
        format!("there is no invoice `{shown}`; check the number in the list of invoices"),
    )
}

impl Invoice {
    /// Whose it is.
    #[must_use]
    pub const fn scope(&self) -> EdgeRef {
        EdgeRef { seller: self.seller.tenant, buyer: self.buyer.tenant, to_customer: self.to_customer }
    }
}

/// That of the edge it is of.
impl Scoped for Invoice {
    fn partner(&self) -> Option<TenantId> {
        self.scope().partner()
    }

    fn upstream(&self) -> Option<TenantId> {
        self.scope().upstream()
    }

    fn customer(&self) -> Option<TenantId> {
        self.scope().customer()
    }

    fn billed_to(&self) -> Option<TenantId> {
        self.scope().billed_to()
    }

    fn is_private(&self) -> bool {
        self.scope().is_private()
    }

    fn hidden(&self) -> Problem {
        no_invoice(&self.number)
    }
}
