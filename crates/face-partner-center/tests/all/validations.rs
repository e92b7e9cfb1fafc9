//! Addresses and the rules of countries, as each client family reads them.

use crate::desk::{Desk, fault};
use serde_json::{Value, json};
use tenantry_testkit::on_every_engine;

const GOOD: &str = r#"{"Country":"US","City":"Redmond","State":"wa","AddressLine1":"1 Harbour Rd","PostalCode":"98052",
    "FirstName":null,"PhoneNumber":"4255550100"}"#;

#[test]
fn an_address_is_checked_and_each_client_reads_the_answer() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let check = async |headers: &[&str], body: &str| desk.send("POST /v1/validations/address", headers, body).await;
        let object = check(&[], GOOD).await.expect(200).json();
        assert_eq!(object["status"], "VerifiedShippable", "{object}");
        assert_eq!(object["originalAddress"]["state"], "WA", "{object}");
        for client in ["Partner Center Java SDK", "Partner Center PowerShell"] {
            let reply = check(&[&format!("MS-PartnerCenter-Client: {client}")], GOOD).await.expect(200);
            assert_eq!(reply.json(), Value::Bool(true), "{client}");
        }
        for (change, expected) in [
            (("98052", "9805"), "400 2007 postalCode"),
            (("wa", "ZZ"), "400 2007 state"),
            (("\"US\"", "\"USA\""), "400 3000 country"),
            (("\"US\"", "\"IR\""), "403 2030 country"),
            (("\"AddressLine1\":\"1 Harbour Rd\",", ""), "400 3000 addressLine1"),
        ] {
            let reply = check(&[], &GOOD.replace(change.0, change.1)).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{change:?}");
        }
    });
}

#[test]
fn the_rules_of_a_country_are_those_it_checks_by() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let rules =
            async |country: &str| desk.send(&format!("GET /v1/countryvalidationrules/{country}"), &[], "").await;
        let recorded = json!({
            "iso2Code": "US", "defaultCulture": "en-US", "isStateRequired": true, "isPostalCodeRequired": true,
            "supportedLanguagesList": ["en", "es"], "supportedCulturesList": ["en-US", "es-US"],
            "postalCodeRegex": r"^\d{5}(-\d{4})?$", "isCityRequired": true, "isVatIdSupported": false,
            "phoneNumberRegex":
                r"^(1[ \-\/\.]?)?(\((\d{3})\)|(\d{3}))[ \-\/\.]?(\d{3})[ \-\/\.]?(\d{4})$",
            "isTaxIdOptional": true, "countryCallingCodesList": ["1"],
            "attributes": {"objectType": "CountryValidationRules"},
        });
        let us = rules("us").await.expect(200).json();
        for (name, value) in recorded.as_object().unwrap() {
            assert_eq!(&us[name], value, "{name}");
        }
        assert_eq!(us["supportedStatesList"].as_array().unwrap().len(), 51);
        let de = rules("DE").await.expect(200).json();
        assert_eq!((&de["isStateRequired"], &de["supportedStatesList"]), (&json!(false), &json!([])));
        for (country, expected) in [("XX", "404 1000"), ("Germany", "404 1000"), ("IR", "403 2030 country")] {
            let reply = rules(country).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{country}");
        }
    });
}
