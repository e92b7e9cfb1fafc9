//! Names of metered things.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::hash::{Hash, Hasher};

/// The id of a metered resource, usually an ARM id. Compared case-insensitively, printed as first sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ResourceUri(String);

impl ResourceUri {
    /// Keeps the text as sent.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text in the one letter case that comparisons use.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The segment after `resourceGroups`, if the id has one.
    #[must_use]
    pub fn resource_group(&self) -> Option<&str> {
        self.segment_after("resourceGroups")
    }

    /// The last segment: the resource's own name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The provider namespace and type, such as `Microsoft.Compute/disks`.
    #[must_use]
    pub fn resource_type(&self) -> Option<String> {
        let namespace = self.segment_after("providers")?;
        let kind = self.segment_after(namespace)?;
        Some(format!("{namespace}/{kind}"))
    }

    fn segment_after(&self, name: &str) -> Option<&str> {
        let mut segments = self.0.split('/');
        segments.find(|segment| segment.eq_ignore_ascii_case(name))?;
        segments.next().filter(|segment| !segment.is_empty())
    }
}

impl PartialEq for ResourceUri {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for ResourceUri {}

impl Hash for ResourceUri {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        state.write_u8(0xff);
    }
}

impl PartialOrd for ResourceUri {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ResourceUri {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let folded = |uri: &Self| uri.0.bytes().map(|b| b.to_ascii_lowercase()).collect::<Vec<_>>();
        folded(self).cmp(&folded(other))
    }
}

impl fmt::Display for ResourceUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_compare_without_case_and_print_as_sent() {
        let sent = ResourceUri::new("/subscriptions/0/resourceGroups/RITEST/providers/Microsoft.Compute/disks/Os_1");
        let other = ResourceUri::new("/SUBSCRIPTIONS/0/resourcegroups/ritest/providers/microsoft.compute/disks/os_1");
        assert_eq!(sent, other);
        assert_eq!(sent.cmp(&other), std::cmp::Ordering::Equal);
        assert_eq!(sent.resource_group(), Some("RITEST"));
        assert_eq!(sent.resource_type().as_deref(), Some("Microsoft.Compute/disks"));
        assert_eq!(sent.name(), "Os_1");
        assert!(sent.to_string().contains("RITEST"));
    }
}
