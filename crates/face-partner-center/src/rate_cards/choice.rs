//! Which price sheet a client means.
//!
//! Both parameters choose the sheet; with neither, the language header chooses the region (partner-center-v1.md 2.8).
//! The documents then fall back to US dollars in the United States. We fall back to the market and currency the
//! partner is billed in: here the other guess would often be a sheet that does not exist.

use tenantry_commerce::Edge;
use tenantry_core::{Currency, Day, Problem, Reason};
use tenantry_http::Call;
use tenantry_rating::{PriceBook, PriceSheet};

/// The language of names when a client names none.
const LOCALE_DEFAULT: &str = "en-US";

/// What a client asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    region: Option<String>,
    currency: Option<Currency>,
    locale: Option<String>,
}

impl Asked {
    /// Reads `region`, `currency` and the header `X-Locale`.
    pub(super) fn of(call: &Call) -> Result<Self, Problem> {
        Self::read(call.query("region"), call.query("currency"), call.header("X-Locale"))
    }

    fn read(region: Option<&str>, currency: Option<&str>, locale: Option<&str>) -> Result<Self, Problem> {
        let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let region = given(region).map(|text| country(&text)).transpose()?;
        let currency = given(currency)
            .map(|text| Currency::parse(&text).map_err(|error| Problem::invalid("currency", error)))
            .transpose()?;
        // A header for people's convenience: one that is no language is passed over.
        let locale = given(locale).filter(|text| is_locale(text));
        Ok(Self { region, currency, locale })
    }

    /// The language the client asked for, as sent. Names are in the language of the sheet whatever it is.
    pub(super) fn locale(&self) -> &str {
        self.locale.as_deref().unwrap_or(LOCALE_DEFAULT)
    }

    /// The sheet in force on a day.
    ///
    /// # Errors
    /// `PriceSheetNotFound` with the region and currency that were looked for.
    pub(super) fn choose<'a>(&self, book: &'a PriceBook, edge: &Edge, day: Day) -> Result<&'a PriceSheet, Problem> {
        let in_force = |region: &str, currency| book.in_force(region, currency, day);
        let of_region = |region: &str| in_force(region, edge.currency).or_else(|| any_currency(book, region, day));
        let (found, region, currency) = match (&self.region, self.currency) {
            (Some(region), Some(currency)) => (in_force(region, currency), region.as_str(), currency),
            (Some(region), None) => (of_region(region), region.as_str(), edge.currency),
            (None, Some(currency)) => (in_force(&edge.market, currency), edge.market.as_str(), currency),
            (None, None) => {
                let by_language = self.locale_region().and_then(|region| of_region(&region));
                let own = || in_force(&edge.market, edge.currency);
                (by_language.or_else(own), edge.market.as_str(), edge.currency)
            }
        };
        found.ok_or_else(|| {
            let message = format!(
                "there is no price sheet for {region} in {currency} in force on {day}; ask for another region or \
                 currency, or have the provider import one"
            );
            Problem::new(Reason::PriceSheetNotFound, message)
        })
    }

    /// The country of `en-US` or `sr-Latn-RS`.
    fn locale_region(&self) -> Option<String> {
        let last = self.locale.as_deref()?.rsplit_once('-')?.1;
        country(last).ok()
    }
}

/// Of several currencies of a region the one whose sheet is the newest.
fn any_currency<'a>(book: &'a PriceBook, region: &str, day: Day) -> Option<&'a PriceSheet> {
    book.sheets().iter().rev().find(|sheet| sheet.market == region && sheet.effective_from <= day.start())
}

fn country(text: &str) -> Result<String, Problem> {
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(text.to_ascii_uppercase());
    }
    let seen: String = text.chars().take(40).collect();
    Err(Problem::invalid("region", format!("`{seen}` is not a country of two letters, such as US")))
}

fn is_locale(text: &str) -> bool {
    text.len() <= 20 && text.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use tenantry_core::{EdgeId, PriceSheetId, TenantId, Timestamp};
    use tenantry_rating::PriceList;

    const GUID: &str = "11111111-0000-4000-8000-000000000001";

    fn book() -> PriceBook {
        let mut book = PriceBook::default();
        let sheets = [("US", "USD"), ("DE", "EUR"), ("CH", "EUR"), ("CH", "CHF"), ("GB", "GBP")];
        for (import_no, (market, currency)) in (1_u64..).zip(sheets) {
            book.add(tenantry_rating::PriceSheet {
                id: PriceSheetId::parse(&format!("11111111-0000-4000-8000-{import_no:012}")).unwrap(),
                market: market.to_owned(),
                currency: Currency::parse(currency).unwrap(),
                effective_from: Timestamp::parse("2020-01-01").unwrap(),
                import_no,
                meters: BTreeMap::new(),
            });
        }
        book
    }

    fn check(query: [Option<&str>; 3], chosen: Result<&str, &str>) {
        let edge = Edge {
            id: EdgeId::parse(GUID).unwrap(),
            seller: TenantId::parse(GUID).unwrap(),
            buyer: TenantId::parse(GUID).unwrap(),
            to_customer: false,
            market: "DE".to_owned(),
            currency: Currency::EUR,
            prices: PriceList::default(),
            created_at: Timestamp::from_micros(0),
        };
        let (book, day) = (book(), Day::parse("2020-06-01").unwrap());
        let [region, currency, locale] = query;
        let found = Asked::read(region, currency, locale).and_then(|asked| {
            asked.choose(&book, &edge, day).map(|sheet| format!("{} {}", sheet.market, sheet.currency))
        });
        match (found, chosen) {
            (Ok(sheet), Ok(chosen)) => assert_eq!(sheet, chosen, "{query:?}"),
            (Err(problem), Err(part)) => assert!(problem.message().contains(part), "{query:?}: {problem:?}"),
            (found, _) => panic!("{query:?}: {found:?}"),
        }
    }

    #[test]
    fn the_sheet_is_the_one_asked_for_or_the_partners_own() {
        check([Some("us"), Some("usd"), Some("de-DE")], Ok("US USD"));
        check([Some("US"), None, None], Ok("US USD"));
        check([Some("CH"), None, None], Ok("CH EUR"));
        check([None, Some("EUR"), Some("en-US")], Ok("DE EUR"));
        check([None, None, Some("en-US")], Ok("US USD"));
        check([None, None, Some("gsw-Latn-CH")], Ok("CH EUR"));
        check([None, None, Some("ja-JP")], Ok("DE EUR"));
        check([None, None, Some("en")], Ok("DE EUR"));
        check([Some(" "), Some(""), None], Ok("DE EUR"));
    }

    #[test]
    fn what_cannot_be_shown_is_named() {
        check([Some("GB"), Some("EUR"), None], Err("no price sheet for GB in EUR in force on 2020-06-01"));
        check([Some("FR"), None, None], Err("no price sheet for FR in EUR"));
        check([Some("Germany"), None, None], Err("region: `Germany` is not a country of two letters"));
        check([None, Some("bitcoin"), None], Err("currency: `bitcoin` is not an ISO 4217 currency code"));
    }
}
