//! What a client asks of a list of lines, and the page of it. It goes whole into the continuation token, because
//! follow-ups send nothing else (partner-center-v1.md 1.6).
//!
//! The lines of an issued document never change, so a count of them is a place. Open lines are computed anew for every
//! page: usage that arrives in between puts lines before the place as well as after it. So their token names the last
//! line shown, and no line is shown twice or passed over.

use crate::invoices::bill::{Bill, Shown};
use crate::invoices::chosen::Chosen;
use crate::wire::paging::Cut;
use serde::{Deserialize, Serialize};
use tenantry_billing::{InvoiceLine, InvoiceSeatLine};
use tenantry_core::{Day, MeterId, Problem, ResourceUri, SubscriptionId};
use tenantry_http::Call;
use tenantry_usage::LineRow;

/// Items on a page, at most and by default (partner-center-v1.md 1.6).
pub(super) const SIZE_MAX: usize = 2000;

/// Which lines, and how far they were shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Turn {
    pub(super) chosen: Chosen,
    size: usize,
    from: From,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum From {
    /// After so many lines.
    Count(usize),
    /// After this line.
    Line(Place),
}

/// The place of a line in the order of open lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place {
    subscription: SubscriptionId,
    /// `2017-10`, or the days of seats: such texts come in the order of time.
    month: String,
    meter: MeterId,
    /// Of usage: which row behind the line.
    row: Option<(Day, ResourceUri, String)>,
    /// Of seats: which of the lines that begin on that day.
    #[serde(default)]
    nth: usize,
}

impl Turn {
    /// The first page, from the query.
    pub(super) fn first(call: &Call, chosen: Chosen) -> Result<Self, Problem> {
        let cut = Cut::of(call, SIZE_MAX, SIZE_MAX)?;
        Ok(Self { chosen, size: cut.size, from: From::Count(cut.offset) })
    }

    /// What a token says, within what a page may hold.
    pub(super) fn bounded(self) -> Self {
        Self { size: self.size.clamp(1, SIZE_MAX), ..self }
    }

    /// The lines of this page of a bill, and the turn of the next, if there is one.
    pub(super) fn page<'a>(&self, bill: &'a Bill) -> (Vec<Shown<'a>>, Option<Self>) {
        self.cut(self.chosen.lines(bill), bill.open)
    }

    fn cut<'a>(&self, mut lines: Vec<Shown<'a>>, open: bool) -> (Vec<Shown<'a>>, Option<Self>) {
        let start = match &self.from {
            From::Count(count) => (*count).min(lines.len()),
            From::Line(last) => lines.partition_point(|shown| Place::of(*shown) <= *last),
        };
        let mut rest = lines.split_off(start);
        let more = rest.len() > self.size;
        rest.truncate(self.size);
        let from = rest.last().filter(|_| more).map(|last| match open {
            true => From::Line(Place::of(*last)),
            false => From::Count(start + self.size),
        });
        (rest, from.map(|from| Self { from, ..self.clone() }))
    }
}

impl Place {
    fn of(shown: Shown<'_>) -> Self {
        match shown {
            Shown::Billing(_, line) => Self::of_line(line, None),
            Shown::Usage(line, row) => Self::of_line(line, Some(row)),
            Shown::Seats(_, nth, line) => Self::of_seats(nth, line),
        }
    }

    /// Of seats: the period, the first day that is charged, and which of the lines that begin there. Nothing of it counts
    /// lines of other days or subscriptions, which come and go while a list is read.
    fn of_seats(nth: usize, line: &InvoiceSeatLine) -> Self {
        let days = format!("{} {}", line.term_start, line.charge_start);
        Self { subscription: line.subscription, month: days, meter: MeterId::new(uuid::Uuid::nil()), row: None, nth }
    }

    fn of_line(line: &InvoiceLine, row: Option<&LineRow>) -> Self {
        // Regions compare without letter case, as in the order of rows.
        let row = row.map(|row| (row.day, row.series.resource.clone(), row.series.region.to_ascii_lowercase()));
        Self { subscription: line.subscription, month: line.service_month.to_string(), meter: line.meter, row, nth: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::{OrderId, TenantId};

    fn line(subscription: u32, month: &str, meter: u32) -> InvoiceLine {
        let guid = |number: u32| format!("22222222-0000-4000-8000-{number:012}");
        InvoiceLine {
            customer: TenantId::parse(&guid(0)).unwrap(),
            customer_name: "".into(),
            customer_domain: "".into(),
            subscription: SubscriptionId::parse(&guid(subscription)).unwrap(),
            subscription_name: format!("{subscription} {month} {meter}").into(),
            offer_name: "".into(),
            order: OrderId::parse(&guid(0)).unwrap(),
            meter: MeterId::parse(&guid(meter)).unwrap(),
            meter_name: "".into(),
            category: "".into(),
            subcategory: "".into(),
            region: "".into(),
            unit: "".into(),
            service_month: month.into(),
            quantity: "".into(),
            list: "".into(),
            exact: "".into(),
            amount: "".into(),
            pricing_currency: "".into(),
            pricing_exact: "".into(),
        }
    }

    /// The names on a page of lines, and the turn of the next.
    fn page(turn: &Turn, lines: &[InvoiceLine], open: bool) -> (String, Option<Turn>) {
        let shown = lines.iter().enumerate().map(|(place, line)| Shown::Billing(place, line)).collect();
        let (shown, next) = turn.cut(shown, open);
        let name = |shown: &Shown<'_>| match shown {
            Shown::Billing(_, line) | Shown::Usage(line, _) => line.subscription_name.clone(),
            Shown::Seats(.., line) => line.subscription_name.clone(),
        };
        (shown.iter().map(name).collect::<Vec<_>>().join(", "), next)
    }

    #[test]
    fn pages_of_open_lines_meet_while_lines_are_added_and_taken_away() {
        let turn = Turn { chosen: Chosen::everything(), size: 2, from: From::Count(0) };
        let mut lines =
            vec![line(1, "2020-05", 1), line(1, "2020-05", 2), line(1, "2020-06", 1), line(2, "2020-05", 1)];
        let (shown, next) = page(&turn, &lines, true);
        assert_eq!(shown, "1 2020-05 1, 1 2020-05 2");
        // Two before the place, one after it; the line that marks the place is gone.
        lines.insert(0, line(1, "2020-04", 8));
        lines.insert(1, line(1, "2020-04", 9));
        lines.insert(4, line(1, "2020-05", 3));
        lines.remove(3);
        let (shown, next) = page(&next.unwrap(), &lines, true);
        assert_eq!(shown, "1 2020-05 3, 1 2020-06 1");
        let (shown, next) = page(&next.unwrap(), &lines, true);
        assert_eq!((shown.as_str(), next), ("2 2020-05 1", None));
    }

    #[test]
    fn pages_of_a_document_are_counted_in_its_own_order() {
        let turn = Turn { chosen: Chosen::everything(), size: 2, from: From::Count(1) };
        let lines = [line(2, "2020-05", 1), line(1, "2020-05", 1), line(3, "2020-05", 1), line(1, "2020-04", 1)];
        let (shown, next) = page(&turn, &lines, false);
        assert_eq!(shown, "1 2020-05 1, 3 2020-05 1");
        let (shown, next) = page(&next.unwrap(), &lines, false);
        assert_eq!((shown.as_str(), next), ("1 2020-04 1", None));
        let beyond = Turn { from: From::Count(9), ..turn.clone() };
        assert_eq!(page(&beyond, &lines, false), (String::new(), None));
        assert_eq!(Turn { size: usize::MAX, ..turn }.bounded().size, SIZE_MAX);
    }
}
