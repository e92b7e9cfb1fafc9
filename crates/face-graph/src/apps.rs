//! Applications as both APIs write them: permissions and credentials in bodies.

use crate::input::Members;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tenantry_core::{AppId, Problem, Reason};
use tenantry_directory::{AccessKind, CredentialsChange, NewCertificate, NewSecret, RequiredAccess};

/// `requiredResourceAccess`: what an application would like.
pub(crate) fn required(body: &Members<'_>) -> Result<Option<Vec<RequiredAccess>>, Problem> {
    let Some(list) = body.objects("requiredResourceAccess")? else { return Ok(None) };
    let one = |entry: &Members<'_>| {
        let kind = match entry.text_required("type")?.as_str() {
            "Scope" => AccessKind::Scope,
            "Role" => AccessKind::Role,
            _ => return Err(Problem::invalid(entry.path("type"), "is `Scope` or `Role`")),
        };
        Ok((entry.guid_required("id")?, kind))
    };
    let api = |entry: &Members<'_>| {
        let access = entry.objects("resourceAccess")?.unwrap_or_default();
        let access = access.iter().map(one).collect::<Result<_, Problem>>()?;
        Ok(RequiredAccess { api: AppId::new(entry.guid_required("resourceAppId")?), access })
    };
    list.iter().map(api).collect::<Result<_, Problem>>().map(Some)
}

/// The names of a credential's members, which the two APIs spell differently.
#[derive(Clone, Copy)]
pub(crate) struct Names {
    /// The text of a secret.
    pub(crate) secret: &'static str,
    /// The bytes of a certificate.
    pub(crate) certificate: &'static str,
    /// Good from.
    pub(crate) start: &'static str,
    /// Good until.
    pub(crate) end: &'static str,
}

/// `passwordCredentials`.
pub(crate) fn secrets(body: &Members<'_>, list: &str, names: Names) -> Result<Option<Vec<NewSecret>>, Problem> {
    let Some(entries) = body.objects(list)? else { return Ok(None) };
    entries.iter().map(|entry| secret(entry, names)).collect::<Result<_, _>>().map(Some)
}

/// What a body says of credentials, its secrets and its certificates by these names.
pub(crate) fn credentials(
    body: &Members<'_>,
    (secret_list, certificate_list): (&str, &str),
    names: Names,
) -> Result<CredentialsChange, Problem> {
    let (secrets, certificates) = (secrets(body, secret_list, names)?, certificates(body, certificate_list, names)?);
    Ok(CredentialsChange { secrets, certificates })
}

/// One secret.
pub(crate) fn secret(entry: &Members<'_>, names: Names) -> Result<NewSecret, Problem> {
    Ok(NewSecret {
        key: entry.guid("keyId")?,
        label: label(entry)?,
        starts_at: entry.time(names.start)?,
        expires_at: entry.time(names.end)?,
        value: entry.secret(names.secret)?,
    })
}

/// `keyCredentials`: certificates. Keys of other kinds are refused: nobody could sign in with them.
pub(crate) fn certificates(
    body: &Members<'_>,
    list: &str,
    names: Names,
) -> Result<Option<Vec<NewCertificate>>, Problem> {
    let Some(entries) = body.objects(list)? else { return Ok(None) };
    let one = |entry: &Members<'_>| {
        for (member, served) in [("type", "AsymmetricX509Cert"), ("usage", "Verify")] {
            if entry.text(member)?.is_some_and(|sent| !sent.eq_ignore_ascii_case(served)) {
                let message = format!("{}: only `{served}` is served", entry.path(member));
                return Err(Problem::new(Reason::Unsupported, message).at(entry.path(member)));
            }
        }
        Ok(NewCertificate {
            key: entry.guid("keyId")?,
            label: label(entry)?,
            starts_at: entry.time(names.start)?,
            expires_at: entry.time(names.end)?,
            certificate: entry.text(names.certificate)?.unwrap_or_default().into_bytes(),
        })
    };
    entries.iter().map(one).collect::<Result<_, _>>().map(Some)
}

/// What the owner calls a credential: its name, or the text behind the base64 of `customKeyIdentifier`. Bytes that are
/// no text are kept as they were written.
fn label(entry: &Members<'_>) -> Result<Option<String>, Problem> {
    if let Some(name) = entry.text("displayName")? {
        return Ok(Some(name));
    }
    let Some(sent) = entry.text("customKeyIdentifier")? else { return Ok(None) };
    let plain = STANDARD.decode(&sent).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(Some(plain.filter(|text| !text.chars().any(char::is_control)).unwrap_or(sent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: Names = Names { secret: "value", certificate: "value", start: "startDate", end: "endDate" };

    fn body(text: &str) -> Members<'static> {
        Members::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn labels_are_read_out_of_their_wrapping() {
        for (sent, label) in [
            (r#"{"customKeyIdentifier":"cGFuZWw="}"#, Some("panel")),
            (r#"{"customKeyIdentifier":"//8="}"#, Some("//8=")),
            (r#"{"displayName":"panel","customKeyIdentifier":"eA=="}"#, Some("panel")),
            ("{}", None),
        ] {
            let read = secrets(&body(&format!(r#"{{"l":[{sent}]}}"#)), "l", NAMES).unwrap().unwrap();
            assert_eq!(read[0].label.as_deref(), label, "{sent}");
        }
    }

    #[test]
    fn refusals_name_the_entry() {
        let id = "1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10";
        for (text, field) in [
            (r#"{"l":[{},{"keyId":"x"}]}"#.to_owned(), "l[1].keyId"),
            (r#"{"l":[{"endDate":"soon"}]}"#.to_owned(), "l[0].endDate"),
            (r#"{"l":[{"usage":"Sign"}]}"#.to_owned(), "l[0].usage"),
            (r#"{"l":[{"type":"Symmetric"}]}"#.to_owned(), "l[0].type"),
        ] {
            assert_eq!(certificates(&body(&text), "l", NAMES).unwrap_err().field(), Some(field));
        }
        for (entry, field) in [
            ("{}".to_owned(), "requiredResourceAccess[0].resourceAppId"),
            (
                format!(r#"{{"resourceAppId":"{id}","resourceAccess":[{{"id":"{id}","type":"Both"}}]}}"#),
                "requiredResourceAccess[0].resourceAccess[0].type",
            ),
            (
                format!(r#"{{"resourceAppId":"{id}","resourceAccess":[{{"type":"Role"}}]}}"#),
                "requiredResourceAccess[0].resourceAccess[0].id",
            ),
        ] {
            let body = body(&format!(r#"{{"requiredResourceAccess":[{entry}]}}"#));
            assert_eq!(required(&body).unwrap_err().field(), Some(field));
        }
    }
}
