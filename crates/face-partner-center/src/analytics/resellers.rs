//! `GET /partner/v1/analytics/indirectresellers`: a row for each reseller of an indirect provider, with what it sold. Other
//! partners have none: their table is empty.

use crate::analytics::query::Query;
use crate::analytics::subscriptions::{deprovisioned, page, sold};
use crate::analytics::table::{Column, Counted, Kind, Row, Table, Value};
use crate::params;
use tenantry_commerce::{CustomerQuery, Partner, State, Subscription, reseller_list};
use tenantry_core::{Problem, Timestamp};
use tenantry_http::{Answer, Call};

const COLUMNS: &[Column] = &[
    ("partnerTenantId", Kind::Id),
    ("id", Kind::Text),
    ("name", Kind::Text),
    ("market", Kind::Text),
    ("firstSubscriptionCreationDate", Kind::Date),
    ("latestSubscriptionCreationDate", Kind::Date),
    ("firstSubscriptionEndDate", Kind::Date),
    ("latestSubscriptionEndDate", Kind::Date),
    ("firstSubscriptionSuspendedDate", Kind::Date),
    ("latestSubscriptionSuspendedDate", Kind::Date),
    ("firstSubscriptionDeprovisionedDate", Kind::Date),
    ("latestSubscriptionDeprovisionedDate", Kind::Date),
    ("subscriptionCount", Kind::Number),
    ("licenseCount", Kind::Number),
];

const COUNTED: Counted = Counted { rows: "indirectResellerCount", sum: None };

/// The first and the last of some instants.
#[derive(Debug, Clone, Copy, Default)]
struct Ends(Option<(Timestamp, Timestamp)>);

impl Ends {
    fn take(&mut self, at: Option<Timestamp>) {
        let Some(at) = at else { return };
        self.0 = Some(self.0.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
    }

    fn values(self) -> [Value; 2] {
        [self.0.map(|(first, _)| first).into(), self.0.map(|(_, last)| last).into()]
    }
}

/// What a reseller sold.
#[derive(Debug, Default)]
struct Trade {
    created: Ends,
    ends: Ends,
    suspended: Ends,
    deprovisioned: Ends,
    subscriptions: i64,
    licences: i64,
}

impl Trade {
    fn take(&mut self, subscription: &Subscription) {
        self.created.take(Some(subscription.created_at));
        self.ends.take(subscription.commitment_ends_on.map(|day| day.start()));
        self.suspended.take(match subscription.state {
            State::Suspended { since, .. } => Some(since),
            State::Active { .. } | State::Deleted { .. } => None,
        });
        self.deprovisioned.take(deprovisioned(subscription));
        self.subscriptions = self.subscriptions.saturating_add(1);
        self.licences = self.licences.saturating_add(subscription.quantity);
    }

    fn row(self, reseller: Partner) -> Row {
        let mut row = vec![
            reseller.tenant.to_string().into(),
            reseller.mpn_id.into(),
            reseller.company_name.into(),
            reseller.address.country.into(),
        ];
        let ends = [self.created, self.ends, self.suspended, self.deprovisioned];
        row.extend(ends.into_iter().flat_map(Ends::values));
        row.extend([Value::Number(self.subscriptions), Value::Number(self.licences)]);
        row
    }
}

/// The table.
pub(crate) async fn resellers(call: Call) -> Result<Answer, Problem> {
    let query = Query::of(&call, "/partner/v1/analytics/indirectresellers", COLUMNS)?;
    let mut table = Table::new(&query, COUNTED);
    for reseller in reseller_list(&call.ctx, call.world.db(), params::partner(&call)?).await? {
        let mut trade = Trade::default();
        let mut customers = CustomerQuery::all(reseller.tenant);
        while let Some(page) = page(&call, &mut customers).await? {
            for customer in page {
                sold(&call, &reseller, &customer).await?.iter().for_each(|subscription| trade.take(subscription));
            }
        }
        table.take(trade.row(reseller))?;
    }
    let page = table.finish();
    Answer::ok(&query.answer(page))
}
