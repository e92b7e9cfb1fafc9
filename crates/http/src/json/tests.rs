//! Bodies that fit are read as they were sent; of those that do not, the sender learns where and what to write instead.

use super::*;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Order {
    friendly_name: Option<String>,
    factor: Option<String>,
    #[serde(default)]
    lines: Vec<Line>,
    at: Option<Place>,
    urgent: Option<bool>,
    thresholds: Option<Vec<u16>>,
    days: Option<i64>,
    cycle: Option<Cycle>,
    labels: Option<BTreeMap<String, String>>,
    anything: Option<Value>,
    verbatim: Option<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    quantity: u8,
    #[serde(default)]
    offer_id: String,
}

#[derive(Debug, Deserialize)]
struct Place {
    country: String,
    city: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
enum Cycle {
    Monthly,
    Annual,
}

#[test]
fn what_fits_is_read_as_serde_json_reads_it() {
    let body = r#" {"friendlyName":"Suite é \"7\"","factor":null,"lines":[{"quantity":255,"offerId":"a","more":[{}]},
        {"quantity":0}],"at":{"country":"US"},"urgent":false,"thresholds":[50, 65535],"days":-9223372036854775808,
        "cycle":"annual","labels":{"a":"1","b\n":"2"},"anything":{"deep":[1,{"x":null}]},"verbatim":{"n": 1.070}}"#;
    for body in [body.to_owned(), format!("\u{feff}{body}\n")] {
        let order: Order = read_json(body.as_bytes()).unwrap();
        let whole: Value = read_json(body.as_bytes()).unwrap();
        assert_eq!(order.friendly_name.as_deref(), whole["friendlyName"].as_str());
        assert_eq!(order.factor, None);
        let lines: Vec<_> = order.lines.iter().map(|line| (line.quantity, line.offer_id.as_str())).collect();
        assert_eq!(lines, [(255, "a"), (0, "")]);
        let place = order.at.unwrap();
        assert_eq!((place.country.as_str(), place.city), ("US", None));
        assert_eq!((order.urgent, order.thresholds, order.days), (Some(false), Some(vec![50, 65_535]), Some(i64::MIN)));
        assert_eq!(order.cycle, Some(Cycle::Annual));
        assert_eq!(order.labels.unwrap(), BTreeMap::from([("a".into(), "1".into()), ("b\n".into(), "2".into())]));
        assert_eq!(order.anything.as_ref(), Some(&whole["anything"]));
        assert_eq!(order.verbatim.unwrap().get(), "{\"n\": 1.070}", "as it was sent");
    }
}

/// A body of an order is refused for a field, with these words.
#[track_caller]
fn check_refused(body: &str, field: &str, message: &str) {
    let refused = read_json::<Order>(body.as_bytes()).unwrap_err();
    assert_eq!((refused.field(), refused.message()), (Some(field), message), "{body}");
    let reason = if message.ends_with("is required") { Reason::MissingField } else { Reason::InvalidField };
    assert_eq!(refused.reason(), reason, "{body}");
}

#[test]
fn a_text_or_number_that_does_not_fit_is_told_with_its_path_and_the_way_to_write_it() {
    for (body, field, message) in [
        (
            r#"{"factor":1.07}"#,
            "factor",
            "factor: `1.07` is a number, not a text; write it as text: \"1.07\", so that no digit is lost",
        ),
        (r#"{"factor":5}"#, "factor", "factor: `5` is a number, not a text; write it as text: \"5\""),
        (r#"{"factor":["1"]}"#, "factor", "factor: `[\"1\"]` is a list, not a text"),
        (r#"{"factor":true}"#, "factor", "factor: `true` is not a text"),
        (
            r#"{"lines":[{"quantity":1},{"quantity":256}]}"#,
            "lines[1].quantity",
            "lines[1].quantity: `256` is not a whole number from 0 to 255",
        ),
        (
            r#"{"lines":[{"quantity":"7"}]}"#,
            "lines[0].quantity",
            "lines[0].quantity: `\"7\"` is a text, not a whole number from 0 to 255; write it without quotes: 7",
        ),
        (
            r#"{"lines":[{"quantity":1.5}]}"#,
            "lines[0].quantity",
            "lines[0].quantity: `1.5` is not a whole number from 0 to 255",
        ),
        (r#"{"lines":[{}]}"#, "lines[0].quantity", "lines[0].quantity is required"),
        (
            r#"{"lines":[{"quantity":null}]}"#,
            "lines[0].quantity",
            "lines[0].quantity: `null` is not a whole number from 0 to 255",
        ),
        (
            r#"{"lines":[{"quantity":1,"offerId":null}]}"#,
            "lines[0].offerId",
            "lines[0].offerId: `null` is not a text; leave the member away to say nothing",
        ),
        (r#"{"days":1e9}"#, "days", "days: `1e9` is not a whole number of at most 18 digits"),
        (r#"{"labels":{"a":1}}"#, "labels.a", "labels.a: `1` is a number, not a text; write it as text: \"1\""),
        (r#"{"friendlyName":"\ud800"}"#, "friendlyName", "friendlyName: unexpected end of hex escape"),
    ] {
        check_refused(body, field, message);
    }
}

#[test]
fn a_list_an_object_or_a_choice_that_does_not_fit_is_told_with_what_would() {
    for (body, field, message) in [
        (r#"{"lines":{}}"#, "lines", "lines: `{}` is an object, not a list"),
        (r#"{"thresholds":80}"#, "thresholds", "thresholds: `80` is a number, not a list; write [80]"),
        (
            r#"{"thresholds":[50,70000]}"#,
            "thresholds[1]",
            "thresholds[1]: `70000` is not a whole number from 0 to 65535",
        ),
        (r#"{"at":"US"}"#, "at", "at: `\"US\"` is a text, not an object with country, city"),
        (r#"{"at":{"city":"Oslo"}}"#, "at.country", "at.country is required"),
        (r#"{"urgent":"true"}"#, "urgent", "urgent: `\"true\"` is a text, not true or false; write it without quotes"),
        (r#"{"urgent":1}"#, "urgent", "urgent: `1` is a number, not true or false"),
        (r#"{"cycle":"yearly"}"#, "cycle", "cycle: `yearly` is not one of monthly, annual"),
        (r#"{"cycle":"anual"}"#, "cycle", "cycle: `anual` is not one of monthly, annual; did you mean annual?"),
        (r#"{"cycle":7}"#, "cycle", "cycle: `7` is a number, not one of monthly, annual"),
    ] {
        check_refused(body, field, message);
    }
}

#[test]
fn a_member_that_is_not_known_or_there_twice_is_told_with_those_that_are_known() {
    let fields = "friendlyName, factor, lines, at, urgent, thresholds, days, cycle, labels, anything, verbatim";
    for (body, field, message) in [
        (
            r#"{"friendlyname":"x"}"#,
            "friendlyname",
            format!("friendlyname: is not known here; did you mean friendlyName? This object has {fields}"),
        ),
        (r#"{"colour":"x"}"#, "colour", format!("colour: is not known here; this object has {fields}")),
        (r#"{"days":1,"days":2}"#, "days", "days: is there more than once; send it once".to_owned()),
        ("[]", "body", format!("body: `[]` is a list, not an object with {fields}")),
        ("7", "body", format!("body: `7` is a number, not an object with {fields}")),
    ] {
        check_refused(body, field, &message);
    }
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    for (body, field, reason, message) in [
        (&b" \n"[..], "body", Reason::MissingField, "this operation needs a JSON body; the body is empty"),
        (
            b"{\n  \"days\": 3,\n}",
            "body",
            Reason::MalformedBody,
            "the body is not valid JSON at byte 15 (line 3, column 1): the name of a member is expected, in double \
             quotes; remove a comma that stands before the end",
        ),
        (
            b"{\"lines\": [{\"quantity\": 1}, {\"quantity\": ",
            "lines[1].quantity",
            Reason::MalformedBody,
            "the body is not valid JSON at byte 40 (line 1, column 41), at lines[1].quantity: it ends too early; was it \
             cut off?",
        ),
        (
            b"{\"at\": {\"country\": 'US'}}",
            "at.country",
            Reason::MalformedBody,
            "the body is not valid JSON at byte 19 (line 1, column 20), at at.country: a value is expected: a text in \
             double quotes, a number, true, false, null, a list or an object",
        ),
        (
            b"{} {}",
            "body",
            Reason::MalformedBody,
            "the body is not valid JSON at byte 3 (line 1, column 4): there is more after the end of the JSON; send one \
             value",
        ),
        (
            b"{\"at\": \"\xFF\"}",
            "body",
            Reason::MalformedBody,
            "the body is not UTF-8 text: byte 8 begins no character; send UTF-8",
        ),
        (br#"{"at": {"city": "a\u0000b"}}"#, "at.city", Reason::InvalidField, NUL),
    ] {
        let refused = read_json::<Order>(body).unwrap_err();
        let body = String::from_utf8_lossy(body);
        assert_eq!((refused.message(), refused.field()), (message, Some(field)), "{body}");
        assert_eq!(refused.reason(), reason, "{body}");
    }
}

#[test]
fn nothing_of_the_program_shows_whatever_is_sent() {
    // Every value in the place of every member, and every body cut off after every byte.
    let whole = r#"{"friendlyName":"x","factor":"1","lines":[{"quantity":1,"offerId":"a"}],"at":{"country":"US"},
        "urgent":true,"thresholds":[1],"days":1,"cycle":"annual","labels":{"a":"b"},"anything":1,"verbatim":[1]}"#;
    let members = ["friendlyName", "factor", "lines", "at", "urgent", "thresholds", "days", "cycle", "labels"];
    let values =
        ["1.07", "-1", "\"x\"", "true", "null", "[]", "[[]]", "{}", "{\"a\":{}}", "[{\"quantity\":[]}]", "1e999"];
    let wrong = members.iter().flat_map(|name| values.map(|value| format!("{{\"{name}\":{value}}}")));
    let cut = (1..whole.len()).map(|end| whole[..end].to_owned());
    let deep = "[".repeat(100_000);
    for body in wrong.chain(cut).chain([deep.clone(), format!("{{\"anything\":{deep}}}")]) {
        let Err(refused) = read_json::<Order>(body.as_bytes()) else { continue };
        assert!(refused.field().is_some(), "{}", refused.message());
        for word in ["struct", "u8", "u16", "i64", "element", "sequence", "map", "enum", "EOF", "Option"] {
            assert!(!refused.message().contains(word), "{word}: {}", refused.message());
        }
    }
}

#[test]
fn a_text_with_nul_is_refused_before_it_reaches_a_database() {
    for (body, fine) in [
        (r#"["a b", "c"]"#, true),
        (r#"["a\\u0000b"]"#, true),
        (r#"["a\u0001 \" \u0020"]"#, true),
        (r#"["\\\\u0000", "\u00001"]"#, false),
        (r#"["a\u0000b"]"#, false),
        (r#"["a\\\u0000b"]"#, false),
        (r#"{"a\u0000": 1}"#, false),
        ("[\"a\0b\"]", false),
        ("[\"\\", false),
    ] {
        let read = read_json::<Value>(body.as_bytes());
        assert_eq!(read.is_ok(), fine, "{body}");
    }
}

#[test]
fn a_part_is_told_with_the_path_it_has_in_its_body() {
    let part = |json: &str| read_part::<Line>("lines[3]", json).unwrap_err();
    assert_eq!(part("{\"quantity\":-1}").field(), Some("lines[3].quantity"));
    assert_eq!(part("{}").message(), "lines[3].quantity is required");
    assert_eq!(part("7").message(), "lines[3]: `7` is a number, not an object with quantity, offerId");
}
