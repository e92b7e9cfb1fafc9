//! What an address and a profile of a country must be like: the rules a client asks for before it sends one.
//!
//! Only what is certain is a rule here, as in [`crate::Address`]: a client that keeps these is not refused there. Source:
//! partner-center-v1.md 3.1 (CountryValidationRules, the recorded answer for US) and section 8 (cultures).

use crate::country;
use tenantry_core::Problem;

/// The rules of a country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountryRules {
    /// ISO 3166, two letters.
    pub country: String,
    /// The states to choose from; empty where any text will do.
    pub states: Vec<&'static str>,
    /// The cultures of a profile; the first goes everywhere.
    pub cultures: Vec<&'static str>,
    /// Whether city, state and postal code must be there.
    pub whole_address: bool,
    /// What a postal code looks like; empty where any text will do.
    pub postal_code_regex: &'static str,
    /// What a telephone number looks like; empty where any text will do.
    pub phone_number_regex: &'static str,
    /// Calling codes, as far as they are known here.
    pub calling_codes: &'static [&'static str],
    /// Whether a company must give its registration number and a telephone number.
    pub registration_number_required: bool,
}

impl CountryRules {
    /// The languages of the cultures, each once.
    #[must_use]
    pub fn languages(&self) -> Vec<&'static str> {
        let mut languages = Vec::new();
        for culture in &self.cultures {
            let language = culture.split('-').next().unwrap_or(culture);
            if !languages.contains(&language) {
                languages.push(language);
            }
        }
        languages
    }
}

/// English of the United States goes for every country.
const EVERYWHERE: &str = "en-US";

/// Of US and CA, which are one numbering plan. The rule is the recorded one.
const PHONE_NORTH_AMERICA: &str = r"^(1[ \-\/\.]?)?(\((\d{3})\)|(\d{3}))[ \-\/\.]?(\d{3})[ \-\/\.]?(\d{4})$";

/// The rules of a country.
///
/// # Errors
/// Those of [`country::check`], at `field`.
pub fn country_rules(field: &str, code: &str) -> Result<CountryRules, Problem> {
    let country = country::check(field, code)?;
    let states = country::states(&country);
    let own = CULTURES.iter().find(|(of, _)| *of == country).map_or("", |(_, cultures)| *cultures);
    let (postal_code_regex, phone_number_regex, calling_codes): (_, _, &[&str]) = match country.as_str() {
        "US" => (r"^\d{5}(-\d{4})?$", PHONE_NORTH_AMERICA, &["1"]),
        "CA" => (r"^[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d$", PHONE_NORTH_AMERICA, &["1"]),
        _ => ("", "", &[]),
    };
    Ok(CountryRules {
        cultures: std::iter::once(EVERYWHERE).chain(own.split_ascii_whitespace()).collect(),
        whole_address: !states.is_empty(),
        registration_number_required: country::registration_number_required(&country),
        states,
        postal_code_regex,
        phone_number_regex,
        calling_codes,
        country,
    })
}

/// Cultures beyond the one that goes everywhere.
const CULTURES: &[(&str, &str)] = &[
    ("AD", "ca-ES"),
    ("AE", "ar-AE"),
    ("AF", "ps-AF"),
    ("AL", "sq-AL"),
    ("AM", "hy-AM"),
    ("AO", "pt-PT"),
    ("AR", "es-AR"),
    ("AT", "de-AT"),
    ("AU", "en-AU"),
    ("AW", "nl-NL"),
    ("AX", "sv-SE"),
    ("AZ", "az-Latn-AZ"),
    ("BA", "bs-Latn-BA"),
    ("BB", "en-GB"),
    ("BD", "bn-BD"),
    ("BE", "fr-BE nl-BE"),
    ("BF", "fr-FR"),
    ("BG", "bg-BG"),
    ("BH", "ar-BH"),
    ("BI", "fr-FR"),
    ("BJ", "fr-FR"),
    ("BL", "fr-FR"),
    ("BM", "en-GB"),
    ("BN", "ms-BN"),
    ("BO", "es-BO"),
    ("BQ", "nl-NL"),
    ("BR", "pt-BR"),
    ("BS", "en-GB"),
    ("BV", "nb-NO"),
    ("BW", "en-GB"),
    ("BY", "be-BY"),
    ("BZ", "en-BZ"),
    ("CA", "fr-CA"),
    ("CD", "fr-FR"),
    ("CF", "fr-FR"),
    ("CG", "fr-FR"),
    ("CH", "de-CH fr-CH it-CH"),
    ("CI", "fr-FR"),
    ("CL", "es-CL"),
    ("CM", "fr-FR"),
    ("CN", "zh-CN"),
    ("CO", "es-CO"),
    ("CR", "es-CR"),
    ("CV", "pt-CV"),
    ("CW", "nl-NL"),
    ("CY", "el-GR"),
    ("CZ", "cs-CZ"),
    ("DE", "de-DE"),
    ("DJ", "fr-FR"),
    ("DK", "da-DK"),
    ("DO", "es-DO"),
    ("DZ", "ar-DZ"),
    ("EC", "es-EC"),
    ("EE", "et-EE"),
    ("EG", "ar-EG"),
    ("ER", "ar-SA"),
    ("ES", "es-ES ca-ES eu-ES gl-ES"),
    ("ET", "am-ET"),
    ("FI", "fi-FI sv-FI"),
    ("FJ", "en-GB"),
    ("FO", "fo-FO"),
    ("FR", "fr-FR"),
    ("GA", "fr-FR"),
    ("GB", "en-GB"),
    ("GE", "ka-GE"),
    ("GF", "fr-FR"),
    ("GH", "en-GB"),
    ("GL", "da-DK"),
    ("GN", "fr-FR"),
    ("GP", "fr-FR"),
    ("GQ", "es-ES"),
    ("GR", "el-GR"),
    ("GT", "es-GT"),
    ("GW", "pt-PT"),
    ("HK", "zh-HK"),
    ("HN", "es-HN"),
    ("HR", "hr-HR"),
    ("HT", "fr-FR"),
    ("HU", "hu-HU"),
    ("ID", "id-ID"),
    ("IE", "en-IE"),
    ("IL", "he-IL"),
    ("IN", "en-IN hi-IN"),
    ("IQ", "ar-IQ"),
    ("IS", "is-IS"),
    ("IT", "it-IT"),
    ("JM", "en-JM"),
    ("JO", "ar-JO"),
    ("JP", "ja-JP"),
    ("KE", "sw-KE"),
    ("KG", "ky-KG"),
    ("KH", "km-KH"),
    ("KM", "fr-FR"),
    ("KN", "en-GB"),
    ("KR", "ko-KR"),
    ("KW", "ar-KW"),
    ("KY", "en-GB"),
    ("KZ", "kk-KZ"),
    ("LA", "lo-LA"),
    ("LB", "ar-LB"),
    ("LI", "de-LI"),
    ("LK", "si-LK"),
    ("LT", "lt-LT"),
    ("LU", "de-LU fr-LU"),
    ("LV", "lv-LV"),
    ("LY", "ar-LY"),
    ("MA", "ar-MA"),
    ("MC", "fr-MC"),
    ("MD", "ro-RO"),
    ("ME", "sr-Latn-ME"),
    ("MF", "fr-FR"),
    ("MG", "fr-FR"),
    ("MK", "mk-MK"),
    ("ML", "fr-FR"),
    ("MN", "mn-MN"),
    ("MO", "zh-MO"),
    ("MQ", "fr-FR"),
    ("MR", "ar-SA"),
    ("MT", "mt-MT"),
    ("MU", "en-GB"),
    ("MV", "dv-MV"),
    ("MX", "es-MX"),
    ("MY", "en-MY"),
    ("MZ", "pt-PT"),
    ("NA", "en-GB"),
    ("NC", "fr-FR"),
    ("NE", "fr-FR"),
    ("NG", "ha-Latn-NG"),
    ("NI", "es-NI"),
    ("NL", "nl-NL"),
    ("NO", "nb-NO"),
    ("NP", "ne-NP"),
    ("NZ", "en-NZ"),
    ("OM", "ar-OM"),
    ("PA", "es-PA"),
    ("PE", "es-PE"),
    ("PF", "fr-FR"),
    ("PH", "en-PH"),
    ("PK", "ur-PK"),
    ("PL", "pl-PL"),
    ("PM", "fr-FR"),
    ("PR", "es-PR"),
    ("PS", "ar-SA"),
    ("PT", "pt-PT"),
    ("PY", "es-PY"),
    ("QA", "ar-QA"),
    ("RE", "fr-FR"),
    ("RO", "ro-RO"),
    ("RS", "sr-Latn-RS sr-Cyrl-RS"),
    ("RU", "ru-RU"),
    ("RW", "rw-RW"),
    ("SA", "ar-SA"),
    ("SE", "sv-SE"),
    ("SG", "en-SG zh-SG"),
    ("SI", "sl-SI"),
    ("SJ", "nb-NO"),
    ("SK", "sk-SK"),
    ("SM", "it-IT"),
    ("SN", "wo-SN"),
    ("SO", "ar-SA"),
    ("SR", "nl-NL"),
    ("ST", "pt-PT"),
    ("SV", "es-SV"),
    ("TD", "fr-FR"),
    ("TF", "fr-FR"),
    ("TG", "fr-FR"),
    ("TH", "th-TH"),
    ("TJ", "tg-Cyrl-TJ"),
    ("TL", "pt-PT"),
    ("TM", "tk-TM"),
    ("TN", "ar-TN"),
    ("TR", "tr-TR"),
    ("TT", "en-TT"),
    ("TW", "zh-TW"),
    ("TZ", "en-GB"),
    ("UA", "uk-UA"),
    ("UG", "en-GB"),
    ("US", "es-US"),
    ("UY", "es-UY"),
    ("UZ", "uz-Latn-UZ"),
    ("VA", "it-IT"),
    ("VE", "es-VE"),
    ("VN", "vi-VN"),
    ("WF", "fr-FR"),
    ("XE", "nl-NL"),
    ("XJ", "nb-NO"),
    ("XS", "nl-NL"),
    ("YE", "ar-YE"),
    ("YT", "fr-FR"),
    ("ZA", "en-ZA"),
    ("ZM", "en-GB"),
    ("ZW", "en-ZW"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_those_of_the_country() {
        for (code, cultures, languages, states, number) in [
            ("us", "en-US es-US", "en es", true, false),
            ("CH", "en-US de-CH fr-CH it-CH", "en de fr it", false, false),
            ("HU", "en-US hu-HU", "en hu", false, true),
            ("AG", "en-US", "en", false, false),
        ] {
            let rules = country_rules("country", code).unwrap();
            assert_eq!(
                (rules.cultures.join(" "), rules.languages().join(" ")),
                (cultures.into(), languages.into()),
                "{code}"
            );
            assert_eq!((rules.whole_address, rules.registration_number_required), (states, number), "{code}");
        }
        assert!(country_rules("country", "XX").is_err());
    }

    #[test]
    fn cultures_are_of_countries_and_well_formed() {
        for (country, cultures) in CULTURES {
            assert_eq!(country.len(), 2);
            for culture in cultures.split_ascii_whitespace() {
                let parts: Vec<_> = culture.split('-').collect();
                assert!((2..=3).contains(&parts.len()) && parts.iter().all(|part| !part.is_empty()), "{culture}");
            }
        }
    }
}
