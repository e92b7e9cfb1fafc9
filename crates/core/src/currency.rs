//! ISO 4217 currencies and their minor units.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Currency([u8; 3]);

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

    /// A comparison of bytes and no search through a list: this is asked for each amount that is rounded or shown.
    const fn listed_exponent(self) -> Option<u32> {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => Some(0),
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => Some(3),
            // Units of account.
            b"CLF" | b"UYW" => Some(4),
            b"AED" | b"AFN" | b"ALL" | b"AMD" | b"AOA" | b"ARS" | b"AUD" | b"AWG" | b"AZN" | b"BAM" | b"BBD"
            | b"BDT" | b"BMD" | b"BND" | b"BOB" | b"BOV" | b"BRL" | b"BSD" | b"BTN" | b"BWP" | b"BYN" | b"BZD"
            | b"CAD" | b"CDF" | b"CHE" | b"CHF" | b"CHW" | b"CNY" | b"COP" | b"COU" | b"CRC" | b"CUP" | b"CVE"
            | b"CZK" | b"DKK" | b"DOP" | b"DZD" | b"EGP" | b"ERN" | b"ETB" | b"EUR" | b"FJD" | b"FKP" | b"GBP"
            | b"GEL" | b"GHS" | b"GIP" | b"GMD" | b"GTQ" | b"GYD" | b"HKD" | b"HNL" | b"HTG" | b"HUF" | b"IDR"
            | b"ILS" | b"INR" | b"IRR" | b"JMD" | b"KES" | b"KGS" | b"KHR" | b"KPW" | b"KYD" | b"KZT" | b"LAK"
            | b"LBP" | b"LKR" | b"LRD" | b"LSL" | b"MAD" | b"MDL" | b"MGA" | b"MKD" | b"MMK" | b"MNT" | b"MOP"
            | b"MRU" | b"MUR" | b"MVR" | b"MWK" | b"MXN" | b"MXV" | b"MYR" | b"MZN" | b"NAD" | b"NGN" | b"NIO"
            | b"NOK" | b"NPR" | b"NZD" | b"PAB" | b"PEN" | b"PGK" | b"PHP" | b"PKR" | b"PLN" | b"QAR" | b"RON"
            | b"RSD" | b"RUB" | b"SAR" | b"SBD" | b"SCR" | b"SDG" | b"SEK" | b"SGD" | b"SHP" | b"SLE" | b"SOS"
            | b"SRD" | b"SSP" | b"STN" | b"SVC" | b"SYP" | b"SZL" | b"THB" | b"TJS" | b"TMT" | b"TOP" | b"TRY"
            | b"TTD" | b"TWD" | b"TZS" | b"UAH" | b"USD" | b"USN" | b"UYU" | b"UZS" | b"VED" | b"VES" | b"WST"
            | b"XCD" | b"XCG" | b"YER" | b"ZAR" | b"ZMW" | b"ZWG" | b"BGN" => Some(2),
            _ => None,
        }
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
