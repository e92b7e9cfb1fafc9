//! Which lines of a bill a client asks for, by path or by query.

use crate::invoices::bill::{Bill, Shown};
use crate::invoices::open_lines::{SPANS, Span};
use crate::invoices::provider::{LINE_TYPES, LineType, PROVIDERS, Provider};
use crate::wire::words::Words;
use serde::{Deserialize, Serialize};
use tenantry_core::{Currency, Problem};
use tenantry_http::Call;
use tenantry_rating::SeatForm;

/// Which lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chosen {
    pub(super) provider: Provider,
    pub(super) line_type: LineType,
    span: Span,
    currency: Option<Currency>,
}

impl Chosen {
    /// `line_type` comes with the name it has in the request.
    pub(super) fn read(call: &Call, provider: &str, line_type: (&str, &str)) -> Result<Self, Problem> {
        let currency = given(call, "currencyCode")
            .map(|text| Currency::parse(text).map_err(|error| Problem::invalid("currencyCode", error)))
            .transpose()?;
        Ok(Self {
            provider: PROVIDERS.read("provider", provider)?,
            line_type: LINE_TYPES.read(line_type.0, line_type.1)?,
            // Of an issued document it says nothing, and not all clients send it for open lines.
            span: read_or(call, "period", &SPANS, Span::Current)?,
            currency,
        })
    }

    /// The bill they are on.
    pub(super) async fn bill(&self, call: &Call) -> Result<Bill, Problem> {
        Bill::of(call, self.line_type, self.span).await
    }

    /// The lines that match. Metered usage is `azure`, licences are `office`, what was bought by the modern agreement is
    /// `one_time` and `all`. We have none of another provider's, nor in another currency than the document's.
    pub(super) fn lines<'a>(&self, bill: &'a Bill) -> Vec<Shown<'a>> {
        let other_currency = self.currency.is_some_and(|currency| currency != bill.currency);
        if other_currency {
            return Vec::new();
        }
        match (self.provider, self.line_type) {
            (Provider::Azure, line_type) => bill.shown(line_type),
            (Provider::Office, LineType::Billing) => bill.seats(SeatForm::Licence),
            (Provider::OneTime | Provider::All, LineType::Billing) => bill.seats(SeatForm::OneTime),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
impl Chosen {
    /// All lines of an open document.
    pub(super) const fn everything() -> Self {
        Self { provider: Provider::Azure, line_type: LineType::Billing, span: Span::Current, currency: None }
    }
}

fn given<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.query(name).map(str::trim).filter(|text| !text.is_empty())
}

fn read_or<T: Copy>(call: &Call, name: &str, words: &Words<T>, otherwise: T) -> Result<T, Problem> {
    given(call, name).map_or(Ok(otherwise), |text| words.read(name, text))
}
