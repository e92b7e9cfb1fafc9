//! The APIs tokens are made for. A token for any of them can be had; which a face accepts is the face's business.
//!
//! Source: directory.md 1.7 (resources and their app ids), partner-center-v1.md 1.2 (audiences).

use crate::applications::{api_of_uri, application_home};
use tenantry_core::{AppId, Problem};
use tenantry_db::Connection;

/// The Partner Center API.
pub const PARTNER_CENTER: &str = "https://api.partnercenter.microsoft.com";
/// The Partner Center API under the name that clients of 2015 and 2016 use.
pub const PARTNER_CENTER_OLD: &str = "https://partnerapi.store.microsoft.com";
/// Azure AD Graph. Older Partner Center clients ask for it too.
pub const DIRECTORY_GRAPH: &str = "https://graph.windows.net";
/// Microsoft Graph.
pub const MICROSOFT_GRAPH: &str = "https://graph.microsoft.com";
/// Azure Resource Manager.
pub const MANAGEMENT: &str = "https://management.azure.com";
/// Azure Resource Manager under its older name.
pub const MANAGEMENT_CLASSIC: &str = "https://management.core.windows.net";

/// An API, whatever name it was asked for by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    PartnerCenter,
    DirectoryGraph,
    MicrosoftGraph,
    Management,
    /// Our own.
    Tenantry,
}

impl Api {
    const ALL: [Self; 5] =
        [Self::PartnerCenter, Self::DirectoryGraph, Self::MicrosoftGraph, Self::Management, Self::Tenantry];

    /// Its application id: what a version 2 token has as `aud`.
    pub(crate) const fn app_id(self) -> &'static str {
        match self {
            Self::PartnerCenter => "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
            Self::DirectoryGraph => "00000002-0000-0000-c000-000000000000",
            Self::MicrosoftGraph => "00000003-0000-0000-c000-000000000000",
            Self::Management => "797f4846-ba00-4fd7-ba43-dac1f8f63013",
            Self::Tenantry => "7e4a4719-0000-0000-c000-000000000000",
        }
    }

    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::PartnerCenter => &[PARTNER_CENTER, PARTNER_CENTER_OLD],
            Self::DirectoryGraph => &[DIRECTORY_GRAPH],
            Self::MicrosoftGraph => &[MICROSOFT_GRAPH],
            Self::Management => &[MANAGEMENT, MANAGEMENT_CLASSIC],
            Self::Tenantry => &[],
        }
    }

    /// Whether tokens of the version 2 endpoint have version 2 form. The field's own APIs ask for version 1
    /// everywhere (directory.md 1.7); ours takes what the endpoint makes.
    pub(crate) const fn takes_version_2(self) -> bool {
        matches!(self, Self::Tenantry)
    }

    /// The API of a name or app id, with or without a slash at the end. `origin` is where we are reached; its host
    /// name without the port will do too, because Graph's client libraries ask that way (directory.md 1.2).
    pub(crate) fn find(text: &str, origin: &str) -> Option<Self> {
        let name = text.strip_suffix('/').unwrap_or(text);
        if name.eq_ignore_ascii_case(origin) || name.eq_ignore_ascii_case(without_port(origin)) {
            return Some(Self::Tenantry);
        }
        let known = |api: &Self| {
            api.app_id().eq_ignore_ascii_case(name) || api.names().iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        Self::ALL.into_iter().find(known)
    }
}

/// An API as a token is made for it: one of the field's, our own, or one that an application offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The client id of the API.
    pub(crate) api: AppId,
    /// As requested, which is what a version 1 token has as `aud`.
    pub(crate) resource: String,
    /// Whether tokens of the version 2 endpoint have version 2 form.
    pub(crate) takes_version_2: bool,
}

impl Target {
    /// The API of a name, wherever it is registered.
    pub(crate) async fn find(on: &mut impl Connection, resource: &str, origin: &str) -> Result<Option<Self>, Problem> {
        if let Some(target) = Self::known(resource, origin)? {
            return Ok(Some(target));
        }
        let named = match AppId::parse(resource) {
            Ok(app) => application_home(on, app).await?.map(|_| app),
            Err(_) => match api_of_uri(on, resource).await? {
                Some(app) => Some(app),
                None => api_of_uri(on, resource.trim_end_matches('/')).await?,
            },
        };
        Ok(named.map(|api| Self { api, resource: resource.to_owned(), takes_version_2: false }))
    }

    /// The API of a name, if it is one of those every world has: this takes no query.
    pub(crate) fn known(resource: &str, origin: &str) -> Result<Option<Self>, Problem> {
        let Some(api) = Api::find(resource, origin) else { return Ok(None) };
        let app = AppId::parse(api.app_id()).map_err(Problem::internal)?;
        Ok(Some(Self { api: app, resource: resource.to_owned(), takes_version_2: api.takes_version_2() }))
    }
}

fn without_port(origin: &str) -> &str {
    match origin.rsplit_once(':') {
        Some((before, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => before,
        _ => origin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apis_are_known_by_all_their_names() {
        for (text, expected) in [
            ("https://graph.windows.net", Some(Api::DirectoryGraph)),
            ("https://graph.windows.net/", Some(Api::DirectoryGraph)),
            ("https://Graph.Windows.net", Some(Api::DirectoryGraph)),
            ("00000002-0000-0000-c000-000000000000", Some(Api::DirectoryGraph)),
            ("https://api.partnercenter.microsoft.com", Some(Api::PartnerCenter)),
            ("https://partnerapi.store.microsoft.com/", Some(Api::PartnerCenter)),
            ("https://graph.microsoft.com", Some(Api::MicrosoftGraph)),
            ("https://management.core.windows.net/", Some(Api::Management)),
            ("https://management.azure.com", Some(Api::Management)),
            ("https://localhost:8443", Some(Api::Tenantry)),
            ("https://localhost:8443/", Some(Api::Tenantry)),
            ("https://localhost", Some(Api::Tenantry)),
            ("https://graph.windows.net//", None),
            ("https://example.test", None),
            ("", None),
        ] {
            assert_eq!(Api::find(text, "https://localhost:8443"), expected, "{text}");
        }
        assert_eq!(Api::find("https", "https://cloud.example"), None);
    }
}
