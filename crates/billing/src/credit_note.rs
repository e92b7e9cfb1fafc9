//! A credit note: lines of an issued invoice taken back, wholly or in part, with a reason.
//!
//! The invoice never changes (law 4); the note is a document of its own, in the same hash chain as the seller's
//! invoices, so that neither can vanish without the other showing it.
//!
//! **Its own number range.** Credit notes count `C`, year, seven digits, from 1 in each year, apart from the
//! invoices' `D`. One range for both would be gapless only to who reads both kinds together: a buyer's accountant
//! files invoices by number, and would meet a hole wherever somebody else's credit note stands. In ranges of their
//! own each kind has no gap, which is what an auditor asks for, and the chain still proves the order of all of them.
//! A close whose lines come to less than zero stays what it is: a document of the close with a negative total, in the
//! invoices' range, because one close makes one document of an edge whatever its sign.
//!
//! **Tax.** A note gives back the tax of its lines: what the rate makes of all that was credited so far, less what
//! earlier notes gave back. When the last line is credited the tax is gone to the cent as well.

use crate::invoice::{InvoiceParty, money};
use serde::{Deserialize, Serialize};
use tenantry_access::Scoped;
use tenantry_commerce::EdgeRef;
use tenantry_core::{Currency, EdgeId, MeterId, Money, Problem, SubscriptionId, TenantId, Timestamp};

/// A credit note, as it is stored. Amounts are above zero: they are what is given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditNote {
    /// Its number, gapless per seller and year: `C` and the year's last two digits, then seven digits; of a partner's
    /// documents a dash and the partner's number behind them.
    pub number: String,
    /// The invoice it is about.
    pub invoice: String,
    /// Who gives money back.
    pub seller: InvoiceParty,
    /// Who gets it.
    pub buyer: InvoiceParty,
    /// The edge of the invoice.
    pub edge: EdgeId,
    /// When it was issued, ISO 8601.
    pub issued_at: String,
    /// ISO 4217.
    pub currency: String,
    /// Names it among its seller's credit notes, for ever. Not written on notes from before there were references.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// Why.
    pub reason: String,
    /// The credited lines, by their place on the invoice.
    pub lines: Vec<CreditedLine>,
    /// Sum of the lines.
    pub net: String,
    /// Tax given back on it.
    pub tax: String,
    /// What is given back.
    pub total: String,
    /// As on the invoice: whether the buyer is the seller's customer. Not written where it is a partner.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_customer: bool,
}

/// What is given back of one line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditedLine {
    /// Its place on the invoice, from 1.
    pub line: u32,
    /// The customer whose usage it is.
    pub customer: TenantId,
    /// The customer's name on the invoice.
    pub customer_name: String,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Its name on the invoice.
    pub subscription_name: String,
    /// The meter.
    pub meter: MeterId,
    /// Its name on the invoice.
    pub meter_name: String,
    /// The month of the usage, `2017-10`.
    pub service_month: String,
    /// What the invoice asks for the line.
    pub invoiced: String,
    /// What earlier notes gave back of it.
    pub credited_before: String,
    /// What this one gives back of it.
    pub amount: String,
}

impl CreditNote {
    /// Its currency.
    pub fn currency(&self) -> Result<Currency, Problem> {
        Currency::parse(&self.currency)
            .map_err(|error| Problem::corrupt(format!("credit note {} has a currency {error}", self.number)))
    }

    /// When it was issued.
    pub fn issued_at(&self) -> Result<Timestamp, Problem> {
        Timestamp::parse(&self.issued_at)
            .map_err(|error| Problem::corrupt(format!("credit note {} has a date {error}", self.number)))
    }

    /// What is given back, tax included.
    pub fn total(&self) -> Result<Money, Problem> {
        money(&self.total, self.currency()?)
    }
}

impl CreditedLine {
    /// What is given back.
    pub fn amount(&self, currency: Currency) -> Result<Money, Problem> {
        money(&self.amount, currency)
    }
}

/// Nobody else's number is confirmed.
pub(crate) fn no_credit_note(number: &str) -> Problem {
    let shown: String = number.chars().take(40).collect();
    let message = format!("there is no credit note `{shown}`; check the number in the list of credit notes");
    Problem::new(tenantry_core::Reason::InvoiceNotFound, message)
}

impl CreditNote {
    /// Whose it is.
    #[must_use]
    pub const fn scope(&self) -> EdgeRef {
        EdgeRef { seller: self.seller.tenant, buyer: self.buyer.tenant, to_customer: self.to_customer }
    }
}

/// That of the edge it is of.
impl Scoped for CreditNote {
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
        no_credit_note(&self.number)
    }
}
