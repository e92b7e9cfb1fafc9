//! FOCUS "Cost and Usage": the cost data format that tools of any cloud read. Versions 1.2 and 1.4.
//!
//! A row is usage of one resource and meter on one day, as in our reconciliation file, or a purchase of seats; each line ends with an
//! adjustment that carries its rounding, and a document with tax ends with a row of tax. So the sum of `BilledCost` is
//! what the document asks for, to the last digit.
//!
//! FOCUS wants `unit price x quantity = cost` to hold in every row, and a row of ours may span two tiers, where no
//! such price with finitely many digits need exist. Both factors are therefore stated to 12 digits, the product is exact in
//! 24, and what that takes or adds goes into the line's adjustment with the rounding. Where each value comes from:
//! docs/focus.md.

mod columns;
mod row;
mod tables;

use crate::cells::{Cells, Column};
use crate::document::{Document, PlacedLine};
use crate::fixed::Fixed;
use crate::format::Format;
use crate::seats_line::{Covers, PlacedSeats, SeatFigures};
use columns::{COLUMNS_1_2, COLUMNS_1_4, F, V1_2, V1_4};
use row::{Costs, OfLine, Said, Subject};
use tables::{Region, Service, Tables};
use tenantry_billing::ROUNDING;
use tenantry_core::{Amount, Month, Problem, Quantity, Timestamp};
use tenantry_usage::LineRow;

/// A version of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FocusVersion {
    /// 1.2, what most tools read.
    V1_2,
    /// 1.4, the newest known.
    V1_4,
}

impl FocusVersion {
    /// As it is written: `1.2`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::V1_2 => "1.2",
            Self::V1_4 => "1.4",
        }
    }

    /// Reads `1.2` or `1.4`.
    ///
    /// # Errors
    /// `Unsupported`: another version.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        [Self::V1_2, Self::V1_4].into_iter().find(|version| version.text() == text).ok_or_else(|| {
            let told = format!("FOCUS `{text}` is not a version we write; give 1.2 or 1.4");
            Problem::new(tenantry_core::Reason::Unsupported, told).at("focus-version")
        })
    }
}

/// The format. It keeps what holds for all rows of a line.
#[derive(Debug)]
pub struct Focus {
    version: FocusVersion,
    tables: Tables,
    line: LineState,
    /// The last region seen: most rows have the one of the row before.
    region: (String, Option<Region>),
    scratch: String,
}

/// What holds for all rows of a line, and what they came to so far.
#[derive(Debug)]
pub(crate) struct LineState {
    pub(crate) service: Service,
    pub(crate) service_name: String,
    pub(crate) unit: String,
    pub(crate) described: String,
    pub(crate) sku: String,
    pub(crate) sku_price: String,
    sheet: Option<tenantry_core::PriceSheetId>,
    pub(crate) subscription: String,
    pub(crate) customer: String,
    pub(crate) month: Month,
    billed: Fixed,
    list: Fixed,
    contracted: Fixed,
}

impl Focus {
    /// A version of it.
    #[must_use]
    pub fn new(version: FocusVersion) -> Self {
        let tables = Tables::new();
        let line = LineState::none(&tables);
        Self { version, tables, line, region: Default::default(), scratch: String::with_capacity(80) }
    }

    fn say(&self, said: &Said<'_>, out: &mut dyn Cells) -> Result<(), Problem> {
        let order: &[F] = match self.version {
            FocusVersion::V1_2 => &V1_2,
            FocusVersion::V1_4 => &V1_4,
        };
        for column in order {
            said.cell(*column, out);
        }
        out.end_row()
    }

    fn costs(&mut self, row: &LineRow) -> Result<Costs, Problem> {
        let billed = Fixed::of_amount(row.charge, &mut self.scratch)?;
        let list = Fixed::of_amount(row.list, &mut self.scratch)?;
        let consumed = Fixed::of_quantity(row.quantity)?;
        let quantity = consumed.half();
        // A correction changes what an earlier document said; it has no price of its own.
        let correction = row.billed_before != 0;
        if correction {
            return Ok(Costs { correction, consumed, quantity, billed, list, contracted: billed, prices: None });
        }
        let (list_price, price) = (list.per(quantity).unwrap_or_default(), billed.per(quantity).unwrap_or_default());
        Ok(Costs {
            correction,
            consumed,
            quantity,
            billed,
            list: list_price.times(quantity)?,
            contracted: price.times(quantity)?,
            prices: Some((list_price, price)),
        })
    }
}

/// Seats are of things people work with: mail, documents, meetings.
const SEATS: Service = Service { category: "Business Applications", subcategory: "Productivity and Collaboration" };
const SEATS_UNIT: &str = "Seats";

impl Focus {
    /// What holds for the rows of a line of seats; gives the days they are for, the last one excluded.
    fn begin_seats(&mut self, document: &Document, seats: &PlacedSeats<'_>) -> Result<(Timestamp, Timestamp), Problem> {
        let line = seats.line;
        let figures = SeatFigures::of(document, seats)?;
        let (offer, cycle, import) = (&line.offer, line.cycle.name(), line.price_import);
        self.line = LineState {
            service: SEATS,
            service_name: line.offer_name.to_string(),
            unit: SEATS_UNIT.to_owned(),
            described: format!("{}: {}", line.offer_name, line.charge_type),
            sku: offer.as_str().to_owned(),
            sku_price: format!("{offer}/{cycle}/{import}"),
            subscription: line.subscription.to_string(),
            customer: line.customer.to_string(),
            month: document.month,
            ..LineState::none(&self.tables)
        };
        let (first, last) = figures.charged;
        Ok((first.start(), last.next().start()))
    }

    /// What is given back has no price: it takes something back that an earlier row said.
    fn seat_costs(&mut self, seats: &PlacedSeats<'_>) -> Result<Costs, Problem> {
        let line = seats.line;
        let billed = Fixed::of_amount(line.exact()?, &mut self.scratch)?;
        let list = Fixed::of_amount(line.list()?, &mut self.scratch)?;
        let consumed = Fixed::ZERO;
        if billed < Fixed::ZERO {
            let quantity = Fixed::of_quantity(Quantity::whole(line.seats.saturating_neg()))?;
            return Ok(Costs { correction: true, consumed, quantity, billed, list, contracted: billed, prices: None });
        }
        let quantity = Fixed::of_quantity(Quantity::whole(line.seats))?;
        let (list_price, price) = (list.per(quantity).unwrap_or_default(), billed.per(quantity).unwrap_or_default());
        Ok(Costs {
            correction: false,
            consumed,
            quantity,
            billed,
            list: list_price.times(quantity)?,
            contracted: price.times(quantity)?,
            prices: Some((list_price, price)),
        })
    }
}

impl LineState {
    fn none(tables: &Tables) -> Self {
        Self {
            service: tables.service(""),
            service_name: String::new(),
            unit: String::new(),
            described: String::new(),
            sku: String::new(),
            sku_price: String::new(),
            sheet: None,
            subscription: String::new(),
            customer: String::new(),
            month: Month::of(tenantry_core::Day::from_number(0)),
            billed: Fixed::ZERO,
            list: Fixed::ZERO,
            contracted: Fixed::ZERO,
        }
    }
}

impl Format for Focus {
    fn columns(&self) -> &'static [Column] {
        match self.version {
            FocusVersion::V1_2 => &COLUMNS_1_2,
            FocusVersion::V1_4 => &COLUMNS_1_4,
        }
    }

    fn begin_line(&mut self, _: &Document, placed: &PlacedLine<'_>) -> Result<(), Problem> {
        let line = placed.line;
        let named = |text: &str| if text.is_empty() { "Other".to_owned() } else { text.to_owned() };
        let within = [line.category.as_str(), line.subcategory.as_str()];
        let within = within.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
        self.line = LineState {
            service: self.tables.service(&line.category),
            service_name: named(&line.category),
            unit: self.tables.unit(&line.unit),
            described: format!("{within}: {}", line.meter_name).trim_start_matches(": ").to_owned(),
            sku: line.meter.to_string(),
            sku_price: String::new(),
            sheet: None,
            subscription: line.subscription.to_string(),
            customer: line.customer.to_string(),
            month: line.service_month()?,
            billed: Fixed::ZERO,
            list: Fixed::ZERO,
            contracted: Fixed::ZERO,
        };
        Ok(())
    }

    fn row(
        &mut self,
        document: &Document,
        line: &PlacedLine<'_>,
        row: &LineRow,
        out: &mut dyn Cells,
    ) -> Result<(), Problem> {
        let costs = self.costs(row)?;
        let state = &mut self.line;
        state.billed = state.billed.plus(costs.billed)?;
        state.list = state.list.plus(costs.list)?;
        state.contracted = state.contracted.plus(costs.contracted)?;
        if state.sku_price.is_empty() || state.sheet != row.sheet {
            state.sheet = row.sheet;
            state.sku_price = match row.sheet {
                Some(sheet) => format!("{}/{sheet}", state.sku),
                None => state.sku.clone(),
            };
        }
        if self.region.0 != row.series.region {
            self.region = (row.series.region.clone(), self.tables.region(&row.series.region));
        }
        let subject = Subject::Usage { row, region: self.region.1.as_ref() };
        self.say(&Said { document, line: Some(OfLine::usage(line)), state: &self.line, subject, costs }, out)
    }

    fn end_line(&mut self, document: &Document, line: &PlacedLine<'_>, out: &mut dyn Cells) -> Result<(), Problem> {
        let due = Fixed::of_money(line.line.amount(document.currency)?)?;
        let listed = Amount::parse_exact(&line.line.list)
            .map_err(|error| Problem::corrupt(format!("a line of {} has the list {error}", document.number())))?;
        let listed = Fixed::of_money(listed.round(document.currency, ROUNDING))?;
        let open = Costs::without_price(
            due.minus(self.line.billed)?,
            listed.minus(self.line.list)?,
            due.minus(self.line.contracted)?,
        );
        if open.is_nothing() {
            return Ok(());
        }
        let line = Some(OfLine::usage(line));
        self.say(&Said { document, line, state: &self.line, subject: Subject::Rounding, costs: open }, out)
    }

    fn seats(&mut self, document: &Document, seats: &PlacedSeats<'_>, out: &mut dyn Cells) -> Result<(), Problem> {
        let line = Some(OfLine::seats(seats));
        let charged = self.begin_seats(document, seats)?;
        let costs = self.seat_costs(seats)?;
        self.say(&Said { document, line, state: &self.line, subject: Subject::Seats { charged }, costs }, out)?;
        let due = Fixed::of_money(seats.line.amount(document.currency)?)?;
        let listed = Fixed::of_money(seats.line.list()?.round(document.currency, ROUNDING))?;
        let open =
            Costs::without_price(due.minus(costs.billed)?, listed.minus(costs.list)?, due.minus(costs.contracted)?);
        if open.is_nothing() {
            return Ok(());
        }
        self.say(&Said { document, line, state: &self.line, subject: Subject::Rounding, costs: open }, out)
    }

    fn end(&mut self, document: &Document, out: &mut dyn Cells) -> Result<(), Problem> {
        let tax = Fixed::of_money(document.tax)?;
        if tax.is_zero() {
            return Ok(());
        }
        self.line = LineState { month: document.month, ..LineState::none(&self.tables) };
        let costs = Costs::without_price(tax, tax, tax);
        self.say(&Said { document, line: None, state: &self.line, subject: Subject::Tax, costs }, out)
    }

    fn covers(&self) -> Covers {
        Covers::Everything
    }

    fn owed(&self) -> (&'static str, bool) {
        ("BilledCost", true)
    }

    fn name(&self) -> &'static str {
        "focus"
    }

    fn version(&self) -> &'static str {
        self.version.text()
    }
}
