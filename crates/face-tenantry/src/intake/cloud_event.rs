//! The CloudEvents 1.0 envelope, structured mode: the attributes outside, what was used in `data`.
//!
//! `specversion`, `id`, `source` and `type` are required by the specification, `time` by us: usage without a time
//! cannot be billed. `type` is the sender's to choose; that this is usage is said by the path it is sent to.
//! Attributes we do not know are extensions, which the specification tells receivers to pass over; members of
//! `data` we do not know are refused as everywhere.

use super::event::{Envelope, Form, Reading, Texts, clip, shape_fault, unquoted};
use super::fault::Fault;
use super::members::{Members, Shape};
use super::scan;

/// The version of the specification that is read.
const SPEC_VERSION: &str = "1.0";

/// A CloudEvent that holds a usage event.
pub(super) struct CloudEvent;

impl Shape for CloudEvent {
    const NAMES: &'static [&'static str] =
        &["specversion", "id", "source", "type", "time", "datacontenttype", "data", "data_base64"];
}

/// What was used: the members of `data`.
struct Data;

impl Shape for Data {
    const NAMES: &'static [&'static str] =
        &["subscription", "meter", "resource", "region", "quantity", "corrects", "tags", "additionalInfo"];
}

impl Envelope for CloudEvent {
    const FORM: Form = Form::Cloud;

    fn open<'a>(members: &Members<'a, Self>) -> Reading<'a> {
        let data = members.get("data").map(|raw| match scan::members::<Data>(raw, 0) {
            Some((data, _)) => Ok(data),
            None => serde_json::from_str::<Members<'a, Data>>(raw),
        });
        let (data, data_fault) = match data {
            Some(Ok(data)) => {
                let fault = shape_fault(&data, Form::Cloud);
                (Some(data), fault)
            }
            Some(Err(_)) => (None, Some(Fault::invalid("data", "is no JSON object"))),
            None if members.get("data_base64").is_some() => {
                let said = "usage is sent as JSON in `data`, not as bytes; send `data`";
                (None, Some(Fault::invalid("data_base64", said)))
            }
            None => (None, Some(Fault::missing("data"))),
        };
        let of_data = |name| data.as_ref().and_then(|data| data.get(name));
        let texts = Texts {
            form: Form::Cloud,
            source: members.get("source"),
            id: members.get("id"),
            time: members.get("time"),
            subscription: of_data("subscription"),
            meter: of_data("meter"),
            resource: of_data("resource"),
            region: of_data("region"),
            quantity: of_data("quantity"),
            corrects: of_data("corrects"),
            tags: of_data("tags"),
            additional_info: of_data("additionalInfo"),
        };
        texts.read(attribute_fault(members).or(data_fault))
    }
}

/// What is wrong with the attributes that are not ours.
fn attribute_fault(members: &Members<'_, CloudEvent>) -> Option<Fault> {
    if let Some(name) = members.repeated {
        return Some(Fault::repeated(name));
    }
    for (name, fits) in [("specversion", is_spec_version as fn(&str) -> bool), ("type", |text| !text.is_empty())] {
        let Some(raw) = members.get(name) else { return Some(Fault::missing(name)) };
        if unquoted(raw).is_none_or(|text| !fits(&text)) {
            return Some(unfit(name, raw));
        }
    }
    let content = members.get("datacontenttype")?;
    if unquoted(content).is_some_and(|text| is_json(&text)) { None } else { Some(unfit("datacontenttype", content)) }
}

fn unfit(name: &'static str, raw: &str) -> Fault {
    let wanted = match name {
        "specversion" => "send \"1.0\"",
        "type" => "send a text such as \"tenantry.usage\"",
        _ => "send \"application/json\", or leave it away",
    };
    Fault::invalid(name, format_args!("`{}` is not understood; {wanted}", clip(raw)))
}

fn is_spec_version(text: &str) -> bool {
    text == SPEC_VERSION
}

/// `application/json`, `application/usage+json`, with or without parameters.
fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}
