//! `GET /v1/agreementtemplates/{template}/document`: where the text of an agreement is, and the text itself.
//!
//! In the field the links work for five minutes and lead elsewhere. Ours lead to the text, which is no secret and stays.
//! There is one language; whoever asks for another gets this one, and the answer says which it is.

use super::wire::link;
use crate::wire::Attributes;
use serde::Serialize;
use tenantry_commerce::AgreementTemplate;
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Call, StatusCode};
use uuid::Uuid;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    display_uri: String,
    download_uri: String,
    language: &'static str,
    country: String,
    attributes: Attributes,
}

pub(crate) async fn document(call: Call) -> Result<Answer, Problem> {
    let template = template(&call)?;
    let country = call.query("country").map(str::trim).filter(|text| !text.is_empty()).unwrap_or("US");
    // Documented as case-sensitive.
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let seen: String = country.chars().take(40).collect();
        return Err(Problem::invalid("country", format!("`{seen}` is not a country code such as US")));
    }
    let uri = link(&call, template.id);
    Answer::ok(&Document {
        display_uri: uri.clone(),
        download_uri: uri,
        language: "en-US",
        country: country.to_owned(),
        attributes: Attributes::of("AgreementDocument"),
    })
}

/// What the links lead to, for anybody.
pub(crate) async fn text(call: Call) -> Result<Answer, Problem> {
    Ok(Answer::text(StatusCode::OK, template(&call)?.text))
}

fn template(call: &Call) -> Result<AgreementTemplate, Problem> {
    let named = call.param("template")?;
    Uuid::try_parse(named).ok().and_then(AgreementTemplate::find).ok_or_else(|| {
        let seen: String = named.chars().take(40).collect();
        Problem::new(Reason::ObjectNotFound, format!("there is no agreement template `{seen}`; list the agreements"))
    })
}
