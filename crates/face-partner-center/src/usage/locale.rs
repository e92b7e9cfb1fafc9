//! From a currency to a culture. Usage records name their currency by a culture (`currencyLocale`), and clients
//! show the sign of that culture's country: with `en-US` every amount is one of dollars, whatever it was billed in.

use tenantry_core::Currency;

/// Cultures by the currency of their country, the one for any other country first. One for each country: the first
/// that partner-center-v1.md section 8 lists for it.
///
/// Countries to which section 8 gives another country's culture (`fr-FR` for Senegal's neighbours, `en-GB` for
/// Bermuda) are not here, because that is the other country's currency. Nor are those whose currency changed of
/// late (Bulgaria, Croatia, Venezuela, Zimbabwe): what a client shows for them depends on how old it is.
const CULTURES: &str = "AED ar-AE; AFN ps-AF; ALL sq-AL; AMD hy-AM; ARS es-AR; AUD en-AU; AZN az-Latn-AZ; \
    BAM bs-Latn-BA; BDT bn-BD; BHD ar-BH; BND ms-BN; BOB es-BO; BRL pt-BR; BYN be-BY; BZD en-BZ; CAD fr-CA; \
    CHF de-CH de-LI; CLP es-CL; CNY zh-CN; COP es-CO; CRC es-CR; CVE pt-CV; CZK cs-CZ; DKK da-DK fo-FO; DOP es-DO; \
    DZD ar-DZ; EGP ar-EG; ETB am-ET; EUR en-IE ca-AD de-AT fr-BE et-EE fi-FI fr-FR de-DE el-GR it-IT lv-LV lt-LT \
    de-LU mt-MT fr-MC sr-Latn-ME nl-NL pt-PT sk-SK sl-SI es-ES; GBP en-GB; GEL ka-GE; GTQ es-GT; HKD zh-HK; \
    HNL es-HN; HUF hu-HU; IDR id-ID; ILS he-IL; INR en-IN; IQD ar-IQ; ISK is-IS; JMD en-JM; JOD ar-JO; JPY ja-JP; \
    KES sw-KE; KGS ky-KG; KHR km-KH; KRW ko-KR; KWD ar-KW; KZT kk-KZ; LAK lo-LA; LBP ar-LB; LKR si-LK; LYD ar-LY; \
    MAD ar-MA; MKD mk-MK; MNT mn-MN; MOP zh-MO; MVR dv-MV; MXN es-MX; MYR en-MY; NGN ha-Latn-NG; NIO es-NI; \
    NOK nb-NO; NPR ne-NP; NZD en-NZ; OMR ar-OM; PEN es-PE; PHP en-PH; PKR ur-PK; PLN pl-PL; PYG es-PY; QAR ar-QA; \
    RON ro-RO; RSD sr-Latn-RS; RUB ru-RU; RWF rw-RW; SAR ar-SA; SEK sv-SE; SGD en-SG; THB th-TH; TJS tg-Cyrl-TJ; \
    TMT tk-TM; TND ar-TN; TRY tr-TR; TTD en-TT; TWD zh-TW; UAH uk-UA; USD en-US es-EC es-SV es-PR; UYU es-UY; \
    UZS uz-Latn-UZ; VND vi-VN; XOF wo-SN; YER ar-YE; ZAR en-ZA";

/// The culture that stands for a currency: the partner's own if its country has that currency, else the one of the
/// partner's country, else that of any country with it. `None` for a currency no culture stands for.
pub(super) fn culture(currency: Currency, own: &str, country: &str) -> Option<String> {
    let mut entries = CULTURES.split(';').filter_map(|entry| entry.trim().split_once(' '));
    let (_, cultures) = entries.find(|(code, _)| *code == currency.code())?;
    let of_country = |wanted: &str| cultures.split(' ').find(|culture| region(culture) == wanted);
    if of_country(region(own)).is_some() {
        return Some(own.to_owned());
    }
    of_country(country).or_else(|| cultures.split(' ').next()).map(str::to_owned)
}

/// The country of a culture, `RS` of `sr-Latn-RS`. Of a bare language it is the language, which is no country.
fn region(culture: &str) -> &str {
    culture.rsplit('-').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_culture_never_names_another_currency() {
        for (currency, own, country, expected) in [
            ("USD", "en-US", "US", Some("en-US")),
            ("EUR", "en-US", "DE", Some("de-DE")),
            ("EUR", "en-DE", "DE", Some("en-DE")),
            ("EUR", "de", "AT", Some("de-AT")),
            ("EUR", "en-US", "US", Some("en-IE")),
            ("EUR", "hu-HU", "HU", Some("en-IE")),
            ("HUF", "en-US", "HU", Some("hu-HU")),
            ("USD", "de-DE", "DE", Some("en-US")),
            ("USD", "es-EC", "EC", Some("es-EC")),
            ("CAD", "en-CA", "CA", Some("en-CA")),
            ("CAD", "en-US", "CA", Some("fr-CA")),
            ("GBP", "en-GB", "BM", Some("en-GB")),
            // Section 8 has only Britain's culture for Bermuda, and a unit of account has none at all.
            ("BMD", "en-GB", "BM", None),
            ("CHE", "de-CH", "CH", None),
        ] {
            let culture = culture(Currency::parse(currency).unwrap(), own, country);
            assert_eq!(culture.as_deref(), expected, "{currency} {own} {country}");
        }
    }

    #[test]
    fn a_country_stands_under_one_currency() {
        let mut countries = BTreeSet::new();
        for entry in CULTURES.split(';') {
            let (code, cultures) = entry.trim().split_once(' ').unwrap();
            assert_eq!(Currency::parse(code).unwrap().code(), code);
            for culture in cultures.split(' ') {
                let region = region(culture);
                assert!(region.len() == 2 && region.bytes().all(|b| b.is_ascii_uppercase()), "{culture}");
                assert!(countries.insert(region.to_owned()), "{culture}");
            }
        }
    }
}
