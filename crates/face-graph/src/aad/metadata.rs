//! `$metadata`: the entity types as EDMX. Only OData client libraries ask, and they look for names: the container and
//! its sets. Types are open, so properties need not be listed to be read.

use super::views::NAMESPACE;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call, StatusCode};

/// Sets and the types in them. All of these types but the last three are directory objects.
const SETS: [(&str, &str); 13] = [
    ("users", "User"),
    ("groups", "Group"),
    ("directoryRoles", "DirectoryRole"),
    ("directoryRoleTemplates", "DirectoryRoleTemplate"),
    ("applications", "Application"),
    ("servicePrincipals", "ServicePrincipal"),
    ("contracts", "Contract"),
    ("tenantDetails", "TenantDetail"),
    ("deletedUsers", "User"),
    ("deletedApplications", "Application"),
    ("subscribedSkus", "SubscribedSku"),
    ("oauth2PermissionGrants", "OAuth2PermissionGrant"),
    ("domains", "Domain"),
];

pub(super) async fn get(_: Call) -> Result<Answer, Problem> {
    Ok(Answer::bytes(StatusCode::OK, "application/xml;charset=utf-8", text()))
}

fn text() -> String {
    let key = |name: &str| {
        format!(
            "<Key><PropertyRef Name=\"{name}\"/></Key><Property Name=\"{name}\" Type=\"Edm.String\" Nullable=\"false\"/>"
        )
    };
    let mut types = format!(
        "<EntityType Name=\"DirectoryObject\" OpenType=\"true\">{}<Property Name=\"objectType\" Type=\"Edm.String\"/>\
         <Property Name=\"deletionTimestamp\" Type=\"Edm.DateTime\"/></EntityType>",
        key("objectId")
    );
    let mut seen = Vec::new();
    for (_, name) in SETS {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        types.push_str(&match name {
            "SubscribedSku" | "OAuth2PermissionGrant" => {
                format!("<EntityType Name=\"{name}\" OpenType=\"true\">{}</EntityType>", key("objectId"))
            }
            "Domain" => format!("<EntityType Name=\"{name}\" OpenType=\"true\">{}</EntityType>", key("name")),
            _ => format!("<EntityType Name=\"{name}\" BaseType=\"{NAMESPACE}.DirectoryObject\" OpenType=\"true\"/>"),
        });
    }
    let sets = SETS.iter().map(|(set, name)| format!("<EntitySet Name=\"{set}\" EntityType=\"{NAMESPACE}.{name}\"/>"));
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <edmx:Edmx Version=\"1.0\" xmlns:edmx=\"http://schemas.microsoft.com/ado/2007/06/edmx\">\
         <edmx:DataServices m:DataServiceVersion=\"3.0\" m:MaxDataServiceVersion=\"3.0\" \
         xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\">\
         <Schema Namespace=\"{NAMESPACE}\" xmlns=\"http://schemas.microsoft.com/ado/2009/11/edm\">{types}\
         <EntityContainer Name=\"DirectoryDataService\" m:IsDefaultEntityContainer=\"true\">\
         <EntitySet Name=\"directoryObjects\" EntityType=\"{NAMESPACE}.DirectoryObject\"/>{}\
         </EntityContainer></Schema></edmx:DataServices></edmx:Edmx>",
        sets.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_has_a_type_and_every_element_an_end() {
        let text = text();
        for (set, name) in SETS {
            assert!(text.contains(&format!("EntitySet Name=\"{set}\"")));
            assert_eq!(text.matches(&format!("EntityType Name=\"{name}\"")).count(), 1, "{name}");
        }
        let opened = text.matches('<').count() - text.matches("</").count() * 2 - text.matches("/>").count() - 1;
        assert_eq!(opened, 0, "{text}");
    }
}
