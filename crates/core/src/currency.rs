//! ISO 4217 currencies and their minor units.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Currency([u8; 3]);

/// Active codes with two minor digits.
const TWO: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF \
    CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL \
    HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR \
    MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP \
    SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR \
    ZMW ZWG BGN";
/// Codes without a minor unit.
const NONE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
/// Codes with three minor digits.
const THREE: &str = "BHD IQD JOD KWD LYD OMR TND";
/// Codes with four minor digits (units of account).
const FOUR: &str = "CLF UYW";

/// A text that is no ISO 4217 code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCurrency(pub String);

impl fmt::Display for UnknownCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an ISO 4217 currency code, such as USD or EUR", self.0)
    }
}

impl std::error::Error for UnknownCurrency {}

impl Currency {
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");

    /// Reads a three-letter code of any case.
    pub fn parse(text: &str) -> Result<Self, UnknownCurrency> {
        let unknown = || UnknownCurrency(text.chars().take(20).collect());
        let code: [u8; 3] = text.to_ascii_uppercase().as_bytes().try_into().map_err(|_| unknown())?;
        let currency = Self(code);
        if currency.listed_exponent().is_none() {
            return Err(unknown());
        }
        Ok(currency)
    }

    /// The three letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Digits of the minor unit: 2 for USD, 0 for JPY, 3 for KWD.
    #[must_use]
    pub fn exponent(self) -> u32 {
        self.listed_exponent().unwrap_or(2)
    }

    /// The sign people write before an amount; the code where there is no common one.
    #[must_use]
    pub fn symbol(&self) -> &str {
        match &self.0 {
            b"USD" | b"AUD" | b"CAD" | b"NZD" | b"SGD" | b"HKD" | b"MXN" => "$",
            b"EUR" => "€",
            b"GBP" => "£",
            b"JPY" | b"CNY" => "¥",
            b"INR" => "₹",
            b"KRW" => "₩",
            _ => self.code(),
        }
    }

    fn listed_exponent(self) -> Option<u32> {
        let code = std::str::from_utf8(&self.0).ok()?;
        let within = |list: &str| list.split_ascii_whitespace().any(|listed| listed == code);
        [(NONE, 0), (THREE, 3), (FOUR, 4), (TWO, 2)]
            .into_iter()
            .find_map(|(list, exponent)| within(list).then_some(exponent))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_know_their_minor_unit() {
        for (code, exponent) in [("usd", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)] {
            assert_eq!(Currency::parse(code).map(Currency::exponent), Ok(exponent), "{code}");
        }
        for text in ["", "US", "USDD", "ZZZ", "$$$", "ÄÖ"] {
            assert!(Currency::parse(text).is_err(), "{text}");
        }
    }
}
