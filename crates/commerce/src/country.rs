//! Countries as data: where the platform sells, which states an address may name, who must give a company
//! registration number.
//!
//! Source: partner-center-v1.md sections 4.1 and 8; the state lists are those of the recorded country
//! validation rules (US) and of ISO 3166-2 (CA).

use crate::text::shown;
use tenantry_core::{Problem, Reason};

/// ISO 3166 codes the commerce API accepts, from partner-center-v1.md section 8 without its private codes.
const SOLD_IN: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK \
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IS IT JE \
    JM JO JP KE KG KH KI KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ \
    MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE \
    RO RS RU RW SA SB SC SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW \
    TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";
/// The rest of ISO 3166: real countries nobody can be sold to.
const NOT_SOLD_IN: &str = "CU EH IR KP SD SY";

const STATES_US: &str = "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH \
    NJ NM NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY";
const STATES_CA: &str = "AB BC MB NB NL NS NT NU ON PE QC SK YT";

/// Countries whose companies must give their registration number, and a phone number (section 4.1, list of 2021).
const REGISTRATION_NUMBER: &str = "AM AZ BY HU KZ KG MD RU TJ UZ UA";

fn listed(list: &str, code: &str) -> bool {
    list.split_ascii_whitespace().any(|entry| entry == code)
}

/// The country code in upper case.
///
/// Refused: a text that is no ISO 3166 two-letter code ([`Reason::InvalidField`]), and a country the platform
/// does not sell in ([`Reason::CountryUnsupported`]).
pub fn check(field: &str, code: &str) -> Result<String, Problem> {
    let code = code.trim().to_ascii_uppercase();
    if code.is_empty() {
        return Err(Problem::missing(field));
    }
    if listed(SOLD_IN, &code) {
        return Ok(code);
    }
    if listed(NOT_SOLD_IN, &code) {
        let message = format!("{field}: nothing is sold in `{code}`; use a country the platform sells in");
        return Err(Problem::new(Reason::CountryUnsupported, message).at(field));
    }
    Err(Problem::invalid(
        field,
        format!("`{}` is not an ISO 3166 country of two letters, such as US or DE", shown(&code)),
    ))
}

/// The states an address in this country must choose from; empty where any text will do.
#[must_use]
pub fn states(country: &str) -> Vec<&'static str> {
    match country {
        "US" => STATES_US.split_ascii_whitespace().collect(),
        "CA" => STATES_CA.split_ascii_whitespace().collect(),
        _ => Vec::new(),
    }
}

/// Whether a company there must give its registration number and a phone number. Elsewhere the number is refused.
#[must_use]
pub fn registration_number_required(country: &str) -> bool {
    listed(REGISTRATION_NUMBER, country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_known_refused_or_no_codes_at_all() {
        assert_eq!(check("country", " de ").ok().as_deref(), Some("DE"));
        for (code, reason) in [
            ("", Reason::MissingField),
            ("IR", Reason::CountryUnsupported),
            ("USA", Reason::InvalidField),
            ("XX", Reason::InvalidField),
            ("U ", Reason::InvalidField),
            ("ÄÖ", Reason::InvalidField),
        ] {
            assert_eq!(check("country", code).map_err(|p| p.reason()), Err(reason), "{code}");
        }
    }

    #[test]
    fn lists_hold_two_letter_codes_once() {
        for list in [SOLD_IN, NOT_SOLD_IN, STATES_US, STATES_CA, REGISTRATION_NUMBER] {
            let mut codes: Vec<_> = list.split_ascii_whitespace().collect();
            assert!(codes.iter().all(|code| code.len() == 2));
            let count = codes.len();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), count);
        }
        assert!(REGISTRATION_NUMBER.split_ascii_whitespace().all(|code| listed(SOLD_IN, code)));
    }
}
