//! What to call first: lines for a shell that work as they stand, in their order. A test runs them.

use super::show::Shown;
use super::story::{Person, Story};
use crate::place::quoted;
use tenantry_core::Month;

/// A meter of the demo's price sheet: D2 v3 virtual machines, by the hour.
const METER: &str = "ae331802-83a5-4b9e-b287-85675f794e3d";

/// Starting a machine, as Azure calls it.
const START: &str = "Microsoft.Compute/virtualMachines/start/action";

/// Whom and what to ask about access.
struct Access<'a> {
    helper: &'a str,
    customer: &'a str,
    operator: &'a str,
    machine: String,
}

impl<'a> Access<'a> {
    fn of(story: &'a Story, subscription: &str) -> Self {
        let name = |people: &'a [Person], part: &str| {
            people.iter().find(|person| person.part == part).map(|person| person.name.as_str()).unwrap_or_default()
        };
        let customer = story.customers.first();
        Self {
            helper: name(&story.partner.people, "helpdesk"),
            customer: customer.map(|customer| customer.domain.as_str()).unwrap_or_default(),
            operator: customer.map(|customer| name(&customer.people, "operator")).unwrap_or_default(),
            machine: format!(
                "/subscriptions/{subscription}/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/shop-web-1"
            ),
        }
    }
}

/// The tour.
pub(super) fn text(shown: &Shown<'_>) -> String {
    let Shown { origin, ca_file, story, figures, flags, .. } = shown;
    let ca = quoted(ca_file);
    let partner = &story.partner.party;
    let (tenant, app, secret) = (&partner.tenant_id, &partner.app_id, &partner.app_secret);
    let bought = story.customers.iter().flat_map(|customer| &customer.subscriptions).next();
    let subscription = bought.map(|bought| bought.id.as_str()).unwrap_or_default();
    let now = figures.clock;
    let month = Month::of(now.day());
    let over = month.period().to;
    let hour = now.hour().start();
    let event = serde_json::json!({
        "source": "tour", "id": format!("web-3/{hour}"), "time": hour.to_string(), "subscription": subscription,
        "meter": METER, "quantity": "100",
        "resource": format!(
            "/subscriptions/{subscription}/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/shop-web-3"
        ),
    });
    let Access { helper, customer, operator, machine } = Access::of(story, subscription);
    let on_invoice = figures.invoices.last().map(|billed| format!(" --invoice {}", billed.id)).unwrap_or_default();
    format!(
        r#"What to call next. Paste into a shell; it needs only curl:

  ca={ca} origin={origin}
  # Tokens live an hour on the world's clock, so each call gets a new one.
  token() {{
    curl -sS --cacert "$ca" "$origin/{tenant}/oauth2/token" -d grant_type=client_credentials \
      -d client_id={app} --data-urlencode client_secret={secret} \
      --data-urlencode "resource=$origin" | sed 's/.*"access_token":"\([^"]*\)".*/\1/'
  }}
  api() {{ curl -sS --cacert "$ca" -H "Authorization: Bearer $(token)" "$@"; echo; }}

  # The customers, as clients of Partner Center see them
  api "$origin/v1/customers"
  # What the open month comes to so far: {total} {currency}
  api "$origin/api/v1/unbilled" | grep -o '"total":.*'
  # May the helpdesk order for a customer? No; and it says who may
  api -G "$origin/api/v1/access/explain" -d principal={helper} -d action=OrderPlace -d scope=customer/{customer}
  # A hundred hours of one more machine in the web shop; the total rises at once
  api "$origin/api/v1/usage/events" -H 'Content-Type: application/json' -d '{event}'
  api "$origin/api/v1/unbilled" | grep -o '"total":.*'
  # Robot simulation ran away; this is what was noticed, and why
  api "$origin/api/v1/alerts?state=all"
  # The month passes; close it and read the invoice
  api "$origin/api/v1/clock/advance" -H 'Content-Type: application/json' -d '{{"to":"{over}"}}'
  api -X POST "$origin/api/v1/months/{month}/close"
  api "$origin/api/v1/invoices"

From another terminal, beside the server:

  tenantry explain {flags}{on_invoice} --subscription {subscription} --meter {METER}
  tenantry access explain {flags} {operator} {START} {machine}
  tenantry check {flags}

To open in a browser that trusts the certificate (no portal yet; these two pages need no token):

  {origin}/common/.well-known/openid-configuration
  {origin}/readyz
"#,
        total = figures.unbilled.total,
        currency = figures.unbilled.currency,
    )
}
