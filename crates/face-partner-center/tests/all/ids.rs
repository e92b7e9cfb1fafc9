//! What stands in the paths of routes.

use tenantry_commerce::Subscription;
use tenantry_http::Route;

/// A value for each parameter of a path. The default names nothing.
pub(crate) struct Ids {
    pub(crate) customer: String,
    pub(crate) subscription: String,
    pub(crate) order: String,
    pub(crate) invoice: String,
    pub(crate) domain: String,
    pub(crate) application: String,
}

impl Default for Ids {
    fn default() -> Self {
        let nobody = "00000000-0000-4000-8000-000000000000".to_owned();
        Self {
            customer: nobody.clone(),
            subscription: nobody.clone(),
            order: nobody.clone(),
            application: nobody,
            invoice: "D269999999".to_owned(),
            domain: "nobody.example.test".to_owned(),
        }
    }
}

impl Ids {
    pub(crate) fn of(subscription: &Subscription, invoice: &str) -> Self {
        Self {
            customer: subscription.customer.to_string(),
            subscription: subscription.id.to_string(),
            order: subscription.order.to_string(),
            invoice: invoice.to_owned(),
            ..Self::default()
        }
    }

    /// The path of a route, with all that any route must be asked with.
    pub(crate) fn path(&self, route: &Route) -> String {
        let filled = route.pattern.split('/').map(|segment| self.segment(segment)).collect::<Vec<_>>().join("/");
        let range = "start_time=2026-01-01&end_time=2026-02-01";
        format!("{filled}?{range}&provider=azure&invoiceLineItemType=billinglineitems")
    }

    fn segment<'a>(&'a self, segment: &'a str) -> &'a str {
        match segment {
            "{customer}" => &self.customer,
            "{subscription}" => &self.subscription,
            "{order}" => &self.order,
            "{invoice}" => &self.invoice,
            "{domain}" => &self.domain,
            "{prefix}" => "nobody",
            "{country}" => "US",
            "{application}" => &self.application,
            "{user}" => "00000000-0000-4000-8000-000000000000",
            "{role}" => "729827e3-9c14-49f7-bb1b-9608f156bbb8",
            "{offer}" => "MS-AZR-0145P",
            "{provider}" => "Azure",
            "{type}" => "BillingLineItems",
            segment if segment.contains('{') => panic!("{segment}: say here what stands for it"),
            segment => segment,
        }
    }
}
