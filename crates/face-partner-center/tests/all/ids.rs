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
    pub(crate) trial: String,
    pub(crate) record: String,
    pub(crate) certificate: String,
    pub(crate) cart: String,
    pub(crate) request: String,
    /// A configuration policy, a batch of devices, one of them, and what became of them.
    pub(crate) devices: [String; 4],
}

impl Default for Ids {
    fn default() -> Self {
        let nobody = "00000000-0000-4000-8000-000000000000".to_owned();
        Self {
            customer: nobody.clone(),
            subscription: nobody.clone(),
            order: nobody.clone(),
            cart: nobody.clone(),
            request: "1".to_owned(),
            devices: [nobody.clone(), "Spring".to_owned(), nobody.clone(), nobody.clone()],
            trial: nobody.clone(),
            record: format!("a_b_{nobody}_c_d"),
            certificate: "nobody.cer".to_owned(),
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
        format!("{filled}?{range}&provider=azure&invoiceLineItemType=billinglineitems&country=US&targetView=Azure")
    }

    fn segment<'a>(&'a self, segment: &'a str) -> &'a str {
        match segment {
            "{customer}" => &self.customer,
            "{subscription}" | "{entitlement}" => &self.subscription,
            "{order}" => &self.order,
            "{invoice}" => &self.invoice,
            "{domain}" => &self.domain,
            "{prefix}" => "nobody",
            "{program}" => "csp",
            "{country}" => "US",
            "{application}" => &self.application,
            "{user}" => "00000000-0000-4000-8000-000000000000",
            "{role}" => "729827e3-9c14-49f7-bb1b-9608f156bbb8",
            "{offer}" => "MS-AZR-0145P",
            "{cart}" => &self.cart,
            "{request}" => &self.request,
            "{configurationPolicy}" => &self.devices[0],
            "{batch}" => &self.devices[1],
            "{device}" => &self.devices[2],
            "{tracking}" => &self.devices[3],
            "{product}" => "CFQ7TTC0LF8R",
            "{sku}" => "0001",
            "{availability}" => "CFQ7TTC0K5DR",
            "{correlationId}" => &self.trial,
            "{file}" => &self.certificate,
            "{id}" => &self.record,
            "{template}" => "998b88de-aa99-4388-a42c-1b3517d49490",
            "{provider}" => "Azure",
            "{line}" => "0",
            "{type}" => "BillingLineItems",
            "{period}" => "mostrecent",
            "{policy}" => "00000000-0000-4000-8000-000000000000_00000000-0000-4000-8000-000000000000",
            "{transfer}" | "{upgrade}" | "{migration}" | "{schedule}" => "00000000-0000-4000-8000-000000000000",
            segment if segment.contains('{') => panic!("{segment}: say here what stands for it"),
            segment => segment,
        }
    }
}
