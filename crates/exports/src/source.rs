//! Exports of documents: who may have them, where their rows come from, and the way of both into a file.

use crate::daily_rated::DailyRated;
use crate::document::{Document, PlacedLine, write_lines};
use crate::file::{FileCells, Owes, Target, checked_path};
use crate::focus::{Focus, FocusVersion};
use crate::format::Format;
use crate::licence_based::LicenceBased;
use crate::manifest::Manifest;
use crate::one_time::OneTime;
use crate::seats_line::{Covers, PlacedSeats};
use crate::usage_based::UsageBased;
use std::borrow::Borrow;
use std::collections::BTreeMap;
use tenantry_billing::{
    Invoice, InvoiceParty, ROUNDING, document_mpn_id, invoice_get, line_taxes, seat_line_taxes, unbilled_lines,
    unbilled_seat_lines,
};
use tenantry_commerce::{Edge, partner_get, party_get, provider_get};
use tenantry_core::{Amount, Caller, MeterId, Money, Month, OpContext, Problem, SubscriptionId};
use tenantry_db::Db;
use tenantry_metering::Metering;
use tenantry_rating::SeatForm;
use tenantry_usage::{Fold, Line, LineRow};

/// Which format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// [`UsageBased`].
    Usage,
    /// [`DailyRated`].
    Daily,
    /// [`LicenceBased`].
    Licence,
    /// [`OneTime`].
    OneTime,
    /// [`Focus`] of a version.
    Focus(FocusVersion),
}

impl ExportFormat {
    /// A fresh one.
    #[must_use]
    pub fn format(self) -> Box<dyn Format + Send> {
        match self {
            Self::Usage => Box::new(UsageBased::default()),
            Self::Daily => Box::new(DailyRated::default()),
            Self::Licence => Box::new(LicenceBased),
            Self::OneTime => Box::new(OneTime),
            Self::Focus(version) => Box::new(Focus::new(version)),
        }
    }
}

/// What to write where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The format.
    pub format: ExportFormat,
    /// The file.
    pub target: Target,
}

/// Writes the rows behind an issued document. `progress` is told the rows so far, after each.
///
/// # Errors
/// `InvoiceNotFound`, `Forbidden`; the file cannot be written; `Corrupt` if the rows do not sum to the document, and then
/// there is no manifest.
pub async fn export_invoice(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    number: &str,
    request: &Request,
    progress: impl FnMut(u64),
) -> Result<Manifest, Problem> {
    let (invoice, hash) = invoice_get(ctx, db, number).await?;
    let mpn_id = document_mpn_id(ctx, db, invoice.scope()).await?;
    let document = Document::of(&invoice, &hash, &mpn_id)?;
    let placed = Placed::of(&invoice)?;
    let seats = placed_seats(&invoice)?;
    let nets = Nets {
        usage: invoice.usage_net()?,
        licences: invoice.seats_net(SeatForm::Licence)?,
        one_time: invoice.seats_net(SeatForm::OneTime)?,
    };
    let write = |fold: &Fold| {
        let mut missing = placed.0.len();
        let lines = fold.billed_lines(invoice.edge, invoice.close).map(|line| {
            missing = missing.saturating_sub(1);
            let place = placed.find(&invoice, &line)?;
            Ok((place, invoice.as_shown(place.line, line.rows)?))
        });
        // The document is in memory; the rows behind it are made one line at a time and are not.
        let written = written(&document, request, lines, &seats, progress)?;
        if missing > 0 {
            return Err(unknown_line(&invoice));
        }
        written.finish(&nets)
    };
    metering.read_all(write).await
}

/// The lines of a document by what tells them apart.
struct Placed<'a>(BTreeMap<(SubscriptionId, MeterId, Month), PlacedLine<'a>>);

impl<'a> Placed<'a> {
    fn of(invoice: &'a Invoice) -> Result<Self, Problem> {
        let lines = invoice.lines.iter().zip(1..).zip(line_taxes(invoice)?);
        let placed = lines.map(|((line, position), tax)| {
            let key = (line.subscription, line.meter, line.service_month()?);
            Ok((key, PlacedLine { position, line, tax }))
        });
        placed.collect::<Result<_, Problem>>().map(Self)
    }

    fn find(&self, invoice: &Invoice, line: &Line) -> Result<PlacedLine<'a>, Problem> {
        let found = self.0.get(&(line.subscription, line.meter, line.month));
        found.copied().ok_or_else(|| unknown_line(invoice))
    }
}

fn unknown_line(invoice: &Invoice) -> Problem {
    Problem::corrupt(format!("the lines of invoice {} and those of the usage log are not the same", invoice.number))
}

/// Writes what closing a month now would put on the next document of an edge: an estimate, and marked as one.
///
/// # Errors
/// `Forbidden`, `TenantNotFound`; the file cannot be written.
pub async fn export_estimate(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edge: &Edge,
    through: Month,
    request: &Request,
    progress: impl FnMut(u64),
) -> Result<Manifest, Problem> {
    let open = unbilled_lines(ctx, db, metering, edge, through).await?;
    let mut document = draft_document(ctx, db, edge, through).await?;
    for fx in open.iter().filter_map(|open| open.fx.as_ref()) {
        document.knows(fx);
    }
    let open_seats = unbilled_seat_lines(ctx, db, metering, edge, (None, through)).await?;
    open_seats.1.iter().for_each(|fx| document.knows(fx));
    let seats_of =
        |form| sum_of(open_seats.0.iter().filter(move |line| line.form == form).map(|line| line.amount.as_str()), edge);
    let nets = Nets {
        usage: sum_of(open.iter().map(|open| open.line.amount.as_str()), edge)?,
        licences: seats_of(SeatForm::Licence)?,
        one_time: seats_of(SeatForm::OneTime)?,
    };
    // The rate that will hold at the close is not known yet: an estimate is before tax.
    let tax = Money::zero(edge.currency);
    let lines =
        open.iter().zip(1..).map(|(open, position)| Ok((PlacedLine { position, line: &open.line, tax }, &open.rows)));
    let positions = (1..).skip(open.len());
    let seats: Vec<_> =
        open_seats.0.iter().zip(positions).map(|(line, position)| PlacedSeats { position, line, tax }).collect();
    written(&document, request, lines, &seats, progress)?.finish(&nets)
}

fn sum_of<'a>(amounts: impl Iterator<Item = &'a str>, edge: &Edge) -> Result<Money, Problem> {
    let damaged = |error: &dyn std::fmt::Display| Problem::corrupt(format!("a draft has an amount {error}"));
    let read = amounts.map(|text| Amount::parse_exact(text).map_err(|error| damaged(&error)));
    let sum: Amount = read.collect::<Result<Vec<_>, _>>()?.into_iter().sum();
    Ok(sum.round(edge.currency, ROUNDING))
}

/// The lines of seats of a document, behind those of usage.
fn placed_seats(invoice: &Invoice) -> Result<Vec<PlacedSeats<'_>>, Problem> {
    let positions = (1..).skip(invoice.lines.len());
    let lines = invoice.seat_lines.iter().zip(positions).zip(seat_line_taxes(invoice)?);
    Ok(lines.map(|((line, position), tax)| PlacedSeats { position, line, tax }).collect())
}

/// What the parts of a document come to.
struct Nets {
    usage: Money,
    licences: Money,
    one_time: Money,
}

impl Nets {
    fn of(&self, covers: Covers) -> Amount {
        let Self { usage, licences, one_time } = self;
        match covers {
            Covers::Usage => Amount::of(*usage),
            Covers::Seats(SeatForm::Licence) => Amount::of(*licences),
            Covers::Seats(SeatForm::OneTime) => Amount::of(*one_time),
            Covers::Everything => Amount::of(*usage) + Amount::of(*licences) + Amount::of(*one_time),
        }
    }
}

async fn draft_document(ctx: &OpContext, db: &Db, edge: &Edge, month: Month) -> Result<Document, Problem> {
    let names = naming(ctx);
    let buyer = party_get(&names, db, edge.seller, edge.buyer).await?;
    let provider = provider_get(&names, db).await?;
    let seller = if provider.tenant == edge.seller {
        provider.company_name
    } else {
        partner_get(&names, db, edge.seller).await?.company_name
    };
    let party = |tenant, name| InvoiceParty { tenant, name, address: Vec::new(), email: String::new() };
    Ok(Document {
        number: None,
        hash: String::new(),
        seller: party(edge.seller, seller),
        buyer: party(edge.buyer, buyer.company_name),
        buyer_id: edge.buyer.to_string(),
        mpn_id: buyer.mpn_id,
        month,
        currency: edge.currency,
        tax: Money::zero(edge.currency),
        fx: Vec::new(),
    })
}

/// Rows that were written, and wait for the check of their sum.
struct Written<'a, P: FnMut(u64)> {
    document: &'a Document,
    file: FileCells<'a, P>,
    column: &'static str,
    with_tax: bool,
    covers: Covers,
}

impl<P: FnMut(u64)> Written<'_, P> {
    fn finish(self, nets: &Nets) -> Result<Manifest, Problem> {
        let net = nets.of(self.covers);
        let amount = if self.with_tax { net + Amount::of(self.document.tax) } else { net };
        self.file.finish(self.document, Some(Owes { column: self.column, amount }))
    }
}

fn written<'a, R, P: FnMut(u64)>(
    document: &'a Document,
    request: &'a Request,
    lines: impl Iterator<Item = Result<(PlacedLine<'a>, R), Problem>>,
    seats: &[PlacedSeats<'a>],
    progress: P,
) -> Result<Written<'a, P>, Problem>
where
    R: IntoIterator<Item: Borrow<LineRow>>,
{
    checked_path(&request.target.path)?;
    let mut format = request.format.format();
    let mut file = FileCells::begin(document, format.as_ref(), &request.target, progress)?;
    write_lines(document, format.as_mut(), lines, seats, &mut file)?;
    let (column, with_tax) = format.owed();
    Ok(Written { document, file, column, with_tax, covers: format.covers() })
}

/// The platform, which looks up the names that stand on documents: who may read the document may read those.
fn naming(ctx: &OpContext) -> OpContext {
    OpContext { caller: Caller::System("name_parties"), ..ctx.clone() }
}
