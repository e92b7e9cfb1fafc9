//! What somebody is told, without the words it is told in.

use crate::Topic;
use tenantry_core::{Problem, TenantId, Timestamp};
use uuid::Uuid;

/// Something that happened, for one that may know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Names this telling: the same at every try. A trial is asked about by it.
    pub id: Uuid,
    /// What kind of thing.
    pub topic: Topic,
    /// To what it happened: the id of a subscription or budget, the number of a document, the id of the trial itself.
    pub subject: String,
    /// Whose that is, if it is a customer's.
    pub customer: Option<TenantId>,
    /// When it happened, in world time.
    pub at: Timestamp,
}

/// What a message was signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'a> {
    /// Scheme, host and port by which the world is reached.
    pub origin: &'a str,
    /// Names the key, and its certificate.
    pub key: &'a str,
    /// RSASSA-PKCS1-v1_5 over the SHA-256 of the body's bytes.
    pub signature: &'a [u8],
    /// Whether the receiver wants the signature in a header of its own instead of `Authorization`.
    pub own_header: bool,
}

/// How a face words what is told. The same thing must give the same bytes each time: a receiver that is told twice knows
/// it by them.
#[derive(Debug, Clone, Copy)]
pub struct Wording {
    /// The body: a JSON object. The origin begins every address in it.
    pub body: fn(&Told, origin: &str) -> Result<Vec<u8>, Problem>,
    /// The headers that carry the signature, beside those of any JSON request.
    pub headers: fn(&Signed<'_>) -> Vec<(&'static str, String)>,
}
