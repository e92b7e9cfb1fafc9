//! Which client calls. The SDKs of the field say their names, and two of them stop at a word they do not know: a page with one
//! newer word is lost to them as a whole (partner-center-v1.md 6.1 rule 3). So where an answer could hold one, they are
//! answered in the words of their time.

use tenantry_http::Call;

/// Header with the client's name.
const NAME: &str = "MS-PartnerCenter-Client";

/// A client, as far as answers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Client {
    /// The Java SDK: compares words exactly.
    Java,
    /// PowerShell, and the Java-like library under it: words in any letter case.
    PowerShell,
    /// Reads what it is sent.
    Other,
}

impl Client {
    pub(crate) fn of(call: &Call) -> Self {
        let name = call.header(NAME).unwrap_or_default().to_ascii_lowercase();
        if name.contains("java") && !name.contains("javascript") {
            Self::Java
        } else if name.contains("powershell") {
            Self::PowerShell
        } else {
            Self::Other
        }
    }

    /// Whether it knows the words of 2020 and no later ones.
    pub(crate) const fn is_of_2020(self) -> bool {
        matches!(self, Self::Java | Self::PowerShell)
    }
}
