//! Bodies that are the same in both APIs.

use crate::input::Members;
use std::collections::BTreeSet;
use tenantry_core::{ObjectId, Problem, Reason};
use uuid::Uuid;

/// The most ids one look-up may ask for.
const IDS: usize = 1_000;

/// The most groups that are checked at once.
const GROUPS: usize = 20;

/// What `assignLicense` does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Licensing {
    /// Products, each with the plans it goes without.
    pub(crate) add: Vec<(Uuid, BTreeSet<Uuid>)>,
    /// Products.
    pub(crate) remove: Vec<Uuid>,
}

/// What `assignLicense` adds and removes: both lists must be there, though they may be empty.
pub(crate) fn licensing(body: &Members<'_>) -> Result<Licensing, Problem> {
    let added = body.objects("addLicenses")?.ok_or_else(|| Problem::missing("addLicenses"))?;
    let remove = body.guids("removeLicenses")?.ok_or_else(|| Problem::missing("removeLicenses"))?;
    let one = |licence: &Members<'_>| {
        let disabled = licence.guids("disabledPlans")?.unwrap_or_default();
        Ok((licence.guid_required("skuId")?, disabled.into_iter().collect()))
    };
    Ok(Licensing { add: added.iter().map(one).collect::<Result<_, Problem>>()?, remove })
}

/// The groups that `checkMemberGroups` asks about.
pub(crate) fn group_ids(body: &Members<'_>) -> Result<BTreeSet<ObjectId>, Problem> {
    let asked = body.guids("groupIds")?.ok_or_else(|| Problem::missing("groupIds"))?;
    if asked.len() > GROUPS {
        let message = format!("has {} groups; at most {GROUPS} are checked at once", asked.len());
        return Err(Problem::invalid("groupIds", message));
    }
    Ok(asked.into_iter().map(ObjectId::new).collect())
}

/// Ids of objects to be looked up, if they are not too many.
pub(crate) fn object_ids(body: &Members<'_>, name: &str) -> Result<Vec<ObjectId>, Problem> {
    let ids = body.guids(name)?.ok_or_else(|| Problem::missing(name))?;
    if ids.len() > IDS {
        let message = format!("{name} has {} ids; at most {IDS} are looked up at once", ids.len());
        return Err(Problem::new(Reason::TooLarge, message).at(name));
    }
    Ok(ids.into_iter().map(ObjectId::new).collect())
}

/// Federated domains send sign-in to somebody else's service, which this directory does not do.
pub(crate) fn managed(body: &Members<'_>) -> Result<(), Problem> {
    match body.text("authenticationType")?.as_deref() {
        None | Some("Managed") => Ok(()),
        Some(_) => {
            let message = "authenticationType: only `Managed` is served: people sign in here, not elsewhere";
            Err(Problem::new(Reason::Unsupported, message).at("authenticationType"))
        }
    }
}

/// The object an address refers to: its last segment that is an id, whatever its host (directory.md 2.2). The name of a
/// type may stand behind it, and clients write the key in parentheses too.
pub(crate) fn target(url: &str, field: &str) -> Result<ObjectId, Problem> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let typed = |segment: &&str| segment.starts_with("Microsoft.") || segment.starts_with("microsoft.");
    let mut segments = path.trim_end_matches('/').rsplit('/').skip_while(typed);
    let last = segments.next().unwrap_or_default();
    let inside = last.split_once('(').map_or(last, |(_, key)| key.trim_end_matches(')'));
    ObjectId::parse(inside.trim_matches('\'')).map_err(|error| Problem::invalid(field, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Members<'static> {
        Members::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn both_lists_of_licences_must_be_there() {
        let id = Uuid::nil();
        for (text, field) in [
            ("{}".to_owned(), "addLicenses"),
            (r#"{"addLicenses":[]}"#.to_owned(), "removeLicenses"),
            (r#"{"addLicenses":null,"removeLicenses":[]}"#.to_owned(), "addLicenses"),
            (r#"{"addLicenses":[{}],"removeLicenses":[]}"#.to_owned(), "addLicenses[0].skuId"),
            (r#"{"addLicenses":[7],"removeLicenses":[]}"#.to_owned(), "addLicenses"),
            (r#"{"addLicenses":[],"removeLicenses":["x"]}"#.to_owned(), "removeLicenses"),
            (
                format!(r#"{{"addLicenses":[{{"skuId":"{id}","disabledPlans":["x"]}}],"removeLicenses":[]}}"#),
                "addLicenses[0].disabledPlans",
            ),
        ] {
            assert_eq!(licensing(&body(&text)).unwrap_err().field(), Some(field));
        }
        let read = licensing(&body(&format!(r#"{{"addLicenses":[{{"skuId":"{id}"}}],"removeLicenses":["{id}"]}}"#)));
        assert_eq!(read.unwrap(), Licensing { add: vec![(id, BTreeSet::new())], remove: vec![id] });
    }

    #[test]
    fn lists_of_ids_have_an_end() {
        let list = |count: usize| format!(r#"{{"groupIds":{}}}"#, serde_json::json!(vec![Uuid::nil(); count]));
        assert!(group_ids(&body(&list(20))).is_ok());
        assert_eq!(group_ids(&body(&list(21))).unwrap_err().reason(), Reason::InvalidField);
        assert_eq!(group_ids(&body("{}")).unwrap_err().reason(), Reason::MissingField);
        assert!(object_ids(&body(&list(1_000)), "groupIds").is_ok());
        assert_eq!(object_ids(&body(&list(1_001)), "groupIds").unwrap_err().reason(), Reason::TooLarge);
        assert_eq!(object_ids(&body("{}"), "ids").unwrap_err().field(), Some("ids"));
    }

    #[test]
    fn only_managed_domains_are_served() {
        for (text, good) in [
            ("{}", true),
            (r#"{"authenticationType":"Managed"}"#, true),
            (r#"{"authenticationType":"Federated"}"#, false),
        ] {
            assert_eq!(managed(&body(text)).is_ok(), good, "{text}");
        }
    }

    #[test]
    fn the_last_segment_names_the_object_whatever_the_host() {
        let id = "1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10";
        for url in [
            format!("https://graph.windows.net/contoso.test/directoryObjects/{id}"),
            format!("https://localhost:8443/myorganization/users/{}", id.to_uppercase()),
            format!("https://localhost/{id}/directoryObjects/{id}/Microsoft.DirectoryServices.User"),
            format!("https://localhost/v1.0/directoryObjects/{id}/microsoft.graph.user"),
            format!("https://localhost/x/directoryObjects('{id}')"),
            format!("https://localhost/x/directoryObjects/{id}/?api-version=1.6"),
            id.to_owned(),
        ] {
            assert_eq!(target(&url, "url").ok().map(|id| id.to_string()).as_deref(), Some(id), "{url}");
        }
        for url in ["", "https://localhost/x/directoryObjects/", "https://localhost/x/users/clerk@contoso.test"] {
            assert_eq!(target(url, "url").unwrap_err().field(), Some("url"), "{url}");
        }
    }
}
