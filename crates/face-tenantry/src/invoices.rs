//! `/api/v1/invoices`: issued documents, as they are stored, as a file that reconciles, and as paper.

use crate::{asked, schema};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_billing::{
    Invoice, InvoiceFilter, document_mpn_id, invoice_get, invoice_list, invoice_list_sold, invoice_pdf, invoice_rows,
    reconciliation_csv, reconciliation_rows,
};
use tenantry_core::{Month, Problem};
use tenantry_http::header::ETAG;
use tenantry_http::{Answer, Call, StatusCode};

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView<'a> {
    items: Vec<InvoiceSummary<'a>>,
}

/// A document without its lines.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvoiceSummary<'a> {
    number: &'a str,
    /// `invoice`, or `creditNote` if money goes back.
    kind: &'static str,
    seller: String,
    seller_name: &'a str,
    buyer: String,
    buyer_name: &'a str,
    month: &'a str,
    issued_at: &'a str,
    due_on: &'a str,
    currency: &'a str,
    lines: usize,
    net: &'a str,
    tax: &'a str,
    total: &'a str,
}

/// The document word for word, and its place in the chain.
#[derive(JsonSchema, Serialize)]
pub(crate) struct InvoiceView<'a> {
    /// SHA-256 over the hash of the seller's document before and this one's stored text.
    hash: &'a str,
    #[schemars(with = "schema::InvoiceDocument")]
    invoice: &'a Invoice,
}

/// The documents a partner bought or sold by, oldest first.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let filter = InvoiceFilter { month: asked::parsed(&call, "month", Month::parse)? };
    let role = asked::parsed(&call, "role", role)?.unwrap_or(Side::Bought);
    let partner = asked::buyer(&call).await?;
    let (ctx, db) = (&call.ctx, call.world.db());
    let invoices = match role {
        Side::Bought => invoice_list(ctx, db, partner, filter).await?,
        Side::Sold => invoice_list_sold(ctx, db, partner, filter).await?,
    };
    let items = invoices.iter().map(summary).collect::<Result<_, _>>()?;
    Answer::ok(&ListView { items })
}

/// On which side of its documents a partner stands.
enum Side {
    Bought,
    Sold,
}

fn role(named: &str) -> Result<Side, String> {
    match named {
        "bought" => Ok(Side::Bought),
        "sold" => Ok(Side::Sold),
        other => Err(format!("`{}` is not one of bought, sold", other.chars().take(40).collect::<String>())),
    }
}

/// One document.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let (invoice, hash) = invoice_get(&call.ctx, call.world.db(), call.param("number")?).await?;
    Ok(Answer::ok(&InvoiceView { hash: &hash, invoice: &invoice })?.with(ETAG, format!("\"{hash}\"")))
}

/// The rows behind it: CSV in the field's columns, with a rounding row per line, so that it sums to the invoice.
pub(crate) async fn reconciliation(call: Call) -> Result<Answer, Problem> {
    let (invoice, _) = invoice_get(&call.ctx, call.world.db(), call.param("number")?).await?;
    let mpn_id = document_mpn_id(&call.ctx, call.world.db(), invoice.scope()).await?;
    let behind = invoice_rows(&call.ctx, call.world.metering(), &invoice).await?;
    let rows = reconciliation_rows(&invoice, &behind)?;
    let mut csv = Vec::new();
    reconciliation_csv(&invoice, &mpn_id, &rows, &mut csv)?;
    let answer = Answer::bytes(StatusCode::OK, "text/csv; charset=utf-8", csv);
    Ok(answer.saved_as(&format!("reconciliation-{}.csv", invoice.number)))
}

/// On paper.
pub(crate) async fn pdf(call: Call) -> Result<Answer, Problem> {
    let (invoice, hash) = invoice_get(&call.ctx, call.world.db(), call.param("number")?).await?;
    Ok(Answer::pdf(invoice_pdf(&invoice, &hash)?).saved_as(&format!("{}.pdf", invoice.number)))
}

/// A document without its lines.
pub(crate) fn summary(invoice: &Invoice) -> Result<InvoiceSummary<'_>, Problem> {
    let credit = invoice.total()?.minor() < 0;
    Ok(InvoiceSummary {
        number: &invoice.number,
        kind: if credit { "creditNote" } else { "invoice" },
        seller: invoice.seller.tenant.to_string(),
        seller_name: &invoice.seller.name,
        buyer: invoice.buyer.tenant.to_string(),
        buyer_name: &invoice.buyer.name,
        month: &invoice.month,
        issued_at: &invoice.issued_at,
        due_on: &invoice.due_on,
        currency: &invoice.currency,
        lines: invoice.lines.len() + invoice.seat_lines.len(),
        net: &invoice.net,
        tax: &invoice.tax,
        total: &invoice.total,
    })
}
