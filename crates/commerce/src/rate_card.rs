//! Reading a published rate card: the JSON document of the field's RateCard API, plain or gzip.
//!
//! Numbers are read from their text and never pass through a float: a real card holds
//! `5.4529999999999999999999999998`. A card is taken whole or not at all, because a meter left out would be
//! usage without a price; so each refusal says where, in line and byte, and names the meter.
//!
//! Format: the data sets `ratecard-azure-2016-05` and `-2020-12` (`Meters[]` with `MeterId`, `MeterRates` from
//! lower bound to price, `IncludedQuantity`, `MeterTags`, ..., `Currency`, `Locale`, `IsTaxIncluded`).

use crate::rate_card_members::{wrong_card, wrong_meter};
use flate2::read::MultiGzDecoder;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use tenantry_core::{Currency, MeterId, Problem, Quantity, Rate, Reason, Timestamp};
use tenantry_rating::{MeterPrice, TierError, Tiers};

/// A rate card as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateCard {
    /// The currency of all prices.
    pub currency: Currency,
    /// The language of the names.
    pub locale: String,
    /// Whether prices include tax.
    pub tax_included: bool,
    /// The prices.
    pub meters: BTreeMap<MeterId, MeterPrice>,
}

/// The tag of meters that somebody else than the provider owns. Source: both real cards.
const THIRD_PARTY: &str = "Third Party";
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Sixteen times the largest card known, so that a small file cannot unpack into all memory.
const UNPACKED_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// Reads a card. A byte order mark is forgiven.
///
/// Errors: [`Reason::PriceSheetInvalid`] with line, byte and meter; [`Reason::TooLarge`] if it unpacks to more
/// than 512 MiB.
pub fn read(bytes: &[u8]) -> Result<RateCard, Problem> {
    read_text(&unpack(bytes)?)
}

/// The text of a card: unpacked, without byte order mark.
pub(crate) fn unpack(bytes: &[u8]) -> Result<String, Problem> {
    let plain = if bytes.starts_with(&GZIP_MAGIC) {
        let mut unpacked = Vec::new();
        let mut reader = MultiGzDecoder::new(bytes).take(UNPACKED_BYTES_MAX + 1);
        reader.read_to_end(&mut unpacked).map_err(|error| {
            let seen = unpacked.len();
            invalid(format!("the gzip file is damaged or cut off after {seen} unpacked bytes; fetch it again"))
                .because(error)
        })?;
        unpacked
    } else {
        bytes.to_vec()
    };
    if u64::try_from(plain.len()).is_ok_and(|length| length > UNPACKED_BYTES_MAX) {
        return Err(Problem::new(Reason::TooLarge, "the price sheet is larger than 512 MiB unpacked; no card is"));
    }
    let text = String::from_utf8(plain).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        invalid(format!("byte {at} is not UTF-8; save the document as UTF-8")).because(error)
    })?;
    match text.strip_prefix('\u{feff}') {
        Some(rest) => Ok(rest.to_owned()),
        None => Ok(text),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    #[serde(borrow)]
    meters: Vec<&'a RawValue>,
    currency: String,
    #[serde(default)]
    locale: Option<String>,
    #[serde(default)]
    is_tax_included: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Meter<'a> {
    meter_id: String,
    meter_name: String,
    meter_category: Option<String>,
    meter_sub_category: Option<String>,
    meter_region: Option<String>,
    meter_tags: Option<Vec<String>>,
    unit: String,
    #[serde(borrow)]
    meter_rates: Rates<'a>,
    #[serde(borrow)]
    included_quantity: Option<&'a RawValue>,
    effective_date: String,
}

/// Bounds and prices as written. A map would keep one of two equal bounds and say nothing.
struct Rates<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Rates<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object from lower bound to price")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }
        deserializer.deserialize_map(Pairs).map(Rates)
    }
}

/// Reads the text of a card.
pub(crate) fn read_text(text: &str) -> Result<RateCard, Problem> {
    let document: Document<'_> = serde_json::from_str(text).map_err(|error| not_a_card(text, error))?;
    let currency = Currency::parse(&document.currency).map_err(|error| invalid(format!("Currency: {error}")))?;
    if document.meters.is_empty() {
        return Err(invalid("it holds no meters; nothing could be priced with it"));
    }
    let mut meters: BTreeMap<MeterId, (usize, MeterPrice)> = BTreeMap::new();
    for raw in document.meters {
        let offset = offset_in(text, raw.get());
        let price = read_meter(raw.get()).map_err(|said| invalid(format!("{}: {said}", place(text, offset))))?;
        let id = price.id;
        if let Some((first_offset, first)) = meters.get(&id) {
            return Err(invalid(format!(
                "meter {id} stands twice: as `{}` ({}) and as `{}` ({}); keep one",
                first.name,
                place(text, *first_offset),
                price.name,
                place(text, offset),
            )));
        }
        meters.insert(id, (offset, price));
    }
    Ok(RateCard {
        currency,
        locale: document.locale.unwrap_or_default(),
        tax_included: document.is_tax_included,
        meters: meters.into_iter().map(|(id, (_, price))| (id, price)).collect(),
    })
}

fn read_meter(raw: &str) -> Result<MeterPrice, String> {
    let meter: Meter<'_> = serde_json::from_str(raw).map_err(|_| match last_meter(raw) {
        Some(id) => format!("meter {id}: {}", wrong_meter(raw)),
        None => format!("a meter cannot be read: {}", wrong_meter(raw)),
    })?;
    let id = MeterId::parse(&meter.meter_id).map_err(|error| format!("MeterId: {error}"))?;
    let named = |said: String| format!("meter {id} (`{}`): {said}", meter.meter_name);
    let tiers = read_tiers(&meter.meter_rates).map_err(named)?;
    let included = match meter.included_quantity.map(RawValue::get) {
        None | Some("null") => Quantity::ZERO,
        Some(number) => Quantity::parse_lenient(number).map_err(|error| named(format!("IncludedQuantity: {error}")))?,
    };
    if included.is_negative() {
        return Err(named(format!("IncludedQuantity: `{included}` is negative")));
    }
    let effective_date =
        Timestamp::parse(&meter.effective_date).map_err(|error| named(format!("EffectiveDate: {error}")))?;
    let tags = meter.meter_tags.unwrap_or_default();
    let first_party = !tags.iter().any(|tag| tag.trim().eq_ignore_ascii_case(THIRD_PARTY));
    Ok(MeterPrice {
        id,
        name: meter.meter_name,
        category: meter.meter_category.unwrap_or_default(),
        subcategory: meter.meter_sub_category.unwrap_or_default(),
        region: meter.meter_region.unwrap_or_default(),
        unit: meter.unit,
        tags,
        tiers,
        included,
        effective_date,
        first_party,
    })
}

fn read_tiers(rates: &Rates<'_>) -> Result<Tiers, String> {
    let mut bounds = Vec::with_capacity(rates.0.len());
    for (bound, price) in &rates.0 {
        let lower = Quantity::parse_lenient(bound).map_err(|error| format!("MeterRates, bound: {error}"))?;
        if lower.is_negative() {
            return Err(format!("MeterRates, bound `{bound}`: a bound is 0 or more"));
        }
        let rate = Rate::parse_lenient(price.get())
            .map_err(|error| format!("MeterRates, price of bound `{bound}`: {error}"))?;
        bounds.push((lower, rate));
    }
    Tiers::new(bounds).map_err(|error| match error {
        TierError::DuplicateBound(bound) => {
            let same = |text: &str| Quantity::parse_lenient(text) == Ok(bound);
            let spelled: Vec<_> = rates.0.iter().filter(|(text, _)| same(text)).collect();
            let shown: Vec<_> = spelled.iter().map(|(text, price)| format!("`{text}`: {}", price.get())).collect();
            format!("MeterRates has one bound more than once: {}; keep one", shown.join(" and "))
        }
        other => format!("MeterRates {other}"),
    })
}

/// A document that is no card: cut off, not JSON, or of another shape.
fn not_a_card(text: &str, error: serde_json::Error) -> Problem {
    let offset = offset_of_line(text, error.line()).saturating_add(error.column()).min(text.len());
    let near = (0..=offset).rev().find(|at| text.is_char_boundary(*at)).and_then(|at| last_meter(&text[..at]));
    let near = near.map(|id| format!(", after the beginning of meter {id}")).unwrap_or_default();
    let place = format!("line {}, byte {}{near}", error.line(), error.column());
    let said = match error.classify() {
        Category::Eof => format!("{place}: the document ends in the middle; it was cut off. Fetch it again"),
        // What is wrong with a member is known when the whole object was read: the place would be its end.
        Category::Data => wrong_card(text),
        Category::Syntax | Category::Io => {
            format!("{place}: this is no JSON; a rate card is a JSON document, plain or gzip")
        }
    };
    invalid(said).because(error)
}

/// The last meter id a text names, for messages about a text that cannot be read.
fn last_meter(text: &str) -> Option<&str> {
    const KEY: &str = "\"MeterId\"";
    let rest = &text[text.rfind(KEY)? + KEY.len()..];
    rest.split('"').nth(1).filter(|id| id.len() <= 60)
}

fn offset_of_line(text: &str, line: usize) -> usize {
    let before = line.saturating_sub(1);
    text.split_inclusive('\n').take(before).map(str::len).sum()
}

/// Where a part of a text begins in it.
fn offset_in(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// A place as editors show it: lines and bytes count from 1.
fn place(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let byte = offset - before.rfind('\n').map_or(0, |at| at + 1) + 1;
    format!("line {line}, byte {byte}")
}

fn invalid(said: impl fmt::Display) -> Problem {
    Problem::new(Reason::PriceSheetInvalid, format!("the price sheet is refused: {said}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;
    use std::path::Path;

    const STORAGE: &str = "11111111-0000-4000-8000-000000000001";
    const COMPUTE: &str = "11111111-0000-4000-8000-000000000002";

    fn meter(id: &str, rates: &str, rest: &str) -> String {
        format!(
            r#"{{"MeterId":"{id}","MeterName":"Name of {}","MeterCategory":"Storage","MeterSubCategory":"","Unit":"1 GB","MeterTags":[],"MeterRegion":"","MeterRates":{rates},"EffectiveDate":"2020-05-01T00:00:00Z","IncludedQuantity":0.0{rest}}}"#,
            &id[35..]
        )
    }

    fn card(meters: &[String]) -> String {
        format!(
            "{{\"OfferTerms\":[],\"Meters\":[\n{}],\"Currency\":\"USD\",\"Locale\":\"en-US\",\"IsTaxIncluded\":false}}",
            meters.join(",\n")
        )
    }

    fn refusal(text: &str) -> String {
        let problem = read(text.as_bytes()).unwrap_err();
        assert_eq!(problem.reason(), Reason::PriceSheetInvalid);
        problem.message().strip_prefix("the price sheet is refused: ").unwrap().to_owned()
    }

    #[test]
    fn prices_are_read_exactly_and_tiers_are_sorted() {
        let rates = r#"{"2487.5":5.4529999999999999999999999998,"0":6e-06,"87.5":0.56200000000000010}"#;
        let text =
            card(&[meter(STORAGE, rates, ""), meter(COMPUTE, r#"{"0":0}"#, "").replace("[]", r#"["Third Party"]"#)]);
        let read = read(text.as_bytes()).unwrap();
        let storage = &read.meters[&MeterId::parse(STORAGE).unwrap()];
        let tiers: Vec<_> = storage.tiers.bounds().iter().map(|(b, r)| format!("{b}: {r}")).collect();
        assert_eq!(tiers, ["0: 0.000006", "87.5: 0.5620000000000001", "2487.5: 5.4529999999999999999999999998"]);
        assert!(storage.first_party);
        assert!(!read.meters[&MeterId::parse(COMPUTE).unwrap()].first_party);
        assert_eq!((read.currency, read.locale.as_str(), read.tax_included), (Currency::USD, "en-US", false));
    }

    #[test]
    fn gzip_and_byte_order_marks_are_forgiven() {
        let text = format!("\u{feff}{}", card(&[meter(STORAGE, r#"{"0":1}"#, "")]));
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        assert_eq!(read(&packed).unwrap(), read(text.as_bytes()).unwrap());
        let cut = read(&packed[..packed.len() - 12]).unwrap_err();
        assert!(cut.message().contains("cut off after"), "{cut:?}");
    }

    #[test]
    fn refusals_name_the_meter_and_the_place() {
        let good = meter(STORAGE, r#"{"0":1}"#, "");
        let bad = |rates: &str| card(&[good.clone(), meter(COMPUTE, rates, "")]);
        let at = format!("line 3, byte 1: meter {COMPUTE} (`Name of 2`): ");
        for (rates, said) in [
            (
                r#"{"0":1,"51200":0.5,"51200.0000000000":0.4}"#,
                "MeterRates has one bound more than once: `51200`: 0.5 and `51200.0000000000`: 0.4; keep one",
            ),
            (r#"{"0":1,"0":2}"#, "MeterRates has one bound more than once: `0`: 1 and `0`: 2; keep one"),
            (r#"{"0":-1}"#, "MeterRates, price of bound `0`: `-1` is negative"),
            (r#"{"0":"1"}"#, "MeterRates, price of bound `0`: `\"1\"` is not a decimal number"),
            (r#"{"-5":1,"0":1}"#, "MeterRates, bound `-5`: a bound is 0 or more"),
            (r#"{"x":1}"#, "MeterRates, bound: `x` is not a decimal number"),
            (
                r#"{"87.5":1}"#,
                "MeterRates starts at 87.5; the units below would have no price. Give a rate for the bound 0",
            ),
            ("{}", "MeterRates has no rates; give at least one for the bound 0"),
        ] {
            assert_eq!(refusal(&bad(rates)), format!("{at}{said}"), "{rates}");
        }
        let message = refusal(&bad("[]"));
        let said = "`MeterRates` is no object from lower bound to price";
        assert_eq!(message, format!("line 3, byte 1: meter {COMPUTE}: {said}"));
        let tagged = meter(COMPUTE, r#"{"0":1}"#, "").replace("[]", r#"["a",7]"#);
        assert!(refusal(&card(&[tagged])).ends_with("`MeterTags` is no list of texts"));
    }

    #[test]
    fn a_meter_may_stand_once() {
        let text =
            card(&[meter(STORAGE, r#"{"0":1}"#, ""), meter(STORAGE, r#"{"0":2}"#, "").replace("Name of", "Also")]);
        assert_eq!(
            refusal(&text),
            format!(
                "meter {STORAGE} stands twice: as `Name of 1` (line 2, byte 1) and as `Also 1` (line 3, byte 1); keep one"
            )
        );
    }

    #[test]
    fn a_document_that_is_no_card_is_refused_with_its_place() {
        let text = card(&[meter(STORAGE, r#"{"0":1}"#, ""), meter(COMPUTE, r#"{"0":1}"#, "")]);
        let cut = text.find(COMPUTE).unwrap() + 60;
        let message = refusal(&text[..cut]);
        let expected =
            format!(", after the beginning of meter {COMPUTE}: the document ends in the middle; it was cut off");
        assert!(message.starts_with("line 3, byte ") && message.contains(&expected), "{message}");
        for (text, said) in [
            ("", "ends in the middle"),
            ("<html>", "line 1, byte 1: this is no JSON"),
            ("[]", "an object belongs here"),
            (r#"{"Meters":{},"Currency":"USD"}"#, "`Meters` is no list"),
            (r#"{"Meters":[{}],"Currency":7}"#, "`Currency` is no text"),
            (r#"{"Meters":[{}],"Currency":"USD","IsTaxIncluded":null}"#, "`IsTaxIncluded` is no `true` or `false`"),
            (r#"{"Meters":[{}],"Currency":"USD","Currency":"EUR"}"#, "a member stands there twice"),
            (r#"{"Meters":[7],"Currency":"USD"}"#, "an object belongs here"),
            (r#"{"Meters":[],"Currency":"USD"}"#, "no meters"),
            (r#"{"Meters":[{}]}"#, "`Currency` is missing"),
            (r#"{"Meters":[{}],"Currency":"XXX"}"#, "Currency: `XXX` is not"),
            (r#"{"Meters":[{}],"Currency":"EUR"}"#, "`MeterId` is missing"),
        ] {
            assert!(refusal(text).contains(said), "{text}: {}", refusal(text));
        }
        assert!(read(b"{\"Meters\xff").unwrap_err().message().contains("byte 8 is not UTF-8"));
    }

    /// The real cards, where the shared data stands beside the workspace; a copy of a few meters otherwise.
    #[test]
    fn real_cards_are_read_whole() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
        for (file, meters, third_party) in [
            ("ratecard-azure-2020-12/ratecard-MS-AZR-0062P-USD-en-2020-12-10.json.gz", 52_043, 88),
            ("ratecard-azure-2016-05/ratecard-MS-AZR-0062P-USD-en-US-2016-05-25.json.gz", 2_548, 76),
        ] {
            let Ok(bytes) = std::fs::read(data.join(file)) else { continue };
            let card = read(&bytes).unwrap();
            assert_eq!(card.meters.len(), meters, "{file}");
            assert_eq!(card.meters.values().filter(|meter| !meter.first_party).count(), third_party, "{file}");
        }
        let card = read(include_bytes!("../testdata/rate-card-excerpt.json")).unwrap();
        let tiers: Vec<_> = card.meters.values().map(|m| format!("{} {}", m.name, m.tiers.bounds().len())).collect();
        assert_eq!(tiers.len(), 6, "{tiers:?}");
    }
}
