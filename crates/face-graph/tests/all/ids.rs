//! What stands in the paths of routes.

use tenantry_http::Route;

/// A value for each parameter of a path. The default names nothing.
#[derive(Clone)]
pub(crate) struct Ids {
    pub(crate) tenant: String,
    pub(crate) user: String,
    pub(crate) deleted_user: String,
    pub(crate) group: String,
    pub(crate) role: String,
    pub(crate) sku: String,
    pub(crate) application: String,
    pub(crate) deleted_application: String,
    pub(crate) principal: String,
    pub(crate) app: String,
    pub(crate) grant: String,
    pub(crate) contract: String,
    pub(crate) domain: String,
    pub(crate) tenant_id: String,
    pub(crate) relationship: String,
    pub(crate) request: String,
    pub(crate) assignment: String,
    pub(crate) customer: String,
}

impl Default for Ids {
    fn default() -> Self {
        let nobody = "00000000-0000-4000-8000-000000000000".to_owned();
        Self {
            tenant: "myorganization".to_owned(),
            user: nobody.clone(),
            deleted_user: nobody.clone(),
            group: nobody.clone(),
            role: nobody.clone(),
            sku: nobody.clone(),
            application: nobody.clone(),
            deleted_application: nobody.clone(),
            principal: nobody.clone(),
            app: nobody.clone(),
            grant: nobody.clone(),
            contract: nobody.clone(),
            domain: "nobody.test".to_owned(),
            tenant_id: nobody.clone(),
            relationship: format!("{nobody}-{nobody}"),
            request: nobody.clone(),
            assignment: nobody.clone(),
            customer: nobody,
        }
    }
}

impl Ids {
    /// The path of a route of Azure AD Graph.
    pub(crate) fn aad(&self, route: &Route) -> String {
        let filled = route.pattern.split('/').map(|segment| self.segment(route, segment)).collect::<Vec<_>>().join("/");
        format!("{filled}?api-version=1.6")
    }

    /// The path of a route of Microsoft Graph.
    pub(crate) fn graph(&self, route: &Route) -> String {
        route.pattern.split('/').map(|segment| self.segment(route, segment)).collect::<Vec<_>>().join("/")
    }

    fn segment<'a>(&'a self, route: &'a Route, segment: &'a str) -> &'a str {
        let deleted = route.operation.starts_with("deleted-");
        match segment {
            "{tenant}" => &self.tenant,
            "{user}" if deleted => &self.deleted_user,
            "{user}" | "{member}" | "{owner}" => &self.user,
            "{group}" => &self.group,
            "{object}" if deleted => &self.deleted_user,
            "{object}" if route.operation.starts_with("groups.") => &self.group,
            "{object}" if route.operation.starts_with("service-principals.") => &self.principal,
            "{object}" => &self.user,
            "{role}" => &self.role,
            "{sku}" => &self.sku,
            "{application}" if deleted => &self.deleted_application,
            "{application}" => &self.application,
            "{principal}" => &self.principal,
            "{app}" => &self.app,
            "{grant}" => &self.grant,
            "{contract}" => &self.contract,
            "{domain}" => &self.domain,
            "{id}" => &self.tenant_id,
            "{relationship}" => &self.relationship,
            "{request}" => &self.request,
            "{assignment}" => &self.assignment,
            "{operation}" => &self.request,
            "{customer}" => &self.customer,
            "{template}" => "62e90394-69f5-4237-9190-012177145e10",
            "{key}" => "tenantId=00000000-0000-4000-8000-000000000000",
            "microsoft.graph.{type}" => "microsoft.graph.user",
            "{type}" => "Microsoft.DirectoryServices.User",
            segment if segment.contains('{') => panic!("{segment} of {route:?}: say here what stands for it"),
            segment => segment,
        }
    }
}
