//! The certificate that a receiver downloads to check a signature: DER, as the field has it (partner-center-v1.md 9.13).
//! It is public. Receivers must trust it as it is: it is this world's own, and no authority's.

use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Call, StatusCode};

/// The media type of one certificate (RFC 2585).
const CERTIFICATE: &str = "application/pkix-cert";

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let file = call.param("file")?;
    let key = file.strip_suffix(".cer").unwrap_or(file);
    if call.world.keys().certificate(key).is_none() {
        // Another process of the world may have made the key a moment ago.
        call.world.keys().reload(call.world.db()).await?;
    }
    let certificate = call.world.keys().certificate(key).ok_or_else(|| {
        let told = "there is no such certificate; take its address from the header of the event that is to be checked";
        Problem::new(Reason::ObjectNotFound, told)
    })?;
    Ok(Answer::bytes(StatusCode::OK, CERTIFICATE, certificate))
}
