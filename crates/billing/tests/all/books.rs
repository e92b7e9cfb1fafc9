//! What a partner sees of its charges, asked for through the public doors, and the proof that all of it agrees.

use crate::reckoning::sum;
use tenantry_billing::{
    Account, Draft, ExplainQuery, Explanation, Invoice, InvoiceFilter, balances, check, explain, invoice_get,
    invoice_list, invoice_rows, line_taxes, reconciliation_csv, reconciliation_rows, unbilled,
};
use tenantry_commerce::edge_of;
use tenantry_core::{Month, OpContext, TenantId};
use tenantry_db::sql;
use tenantry_testkit::Channel;

/// Who looks at whose books.
#[derive(Debug, Clone, Copy)]
pub struct Books<'a> {
    pub channel: &'a Channel,
    pub ctx: &'a OpContext,
    pub buyer: TenantId,
}

/// A document as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub number: String,
    pub document: String,
    pub hash: String,
}

pub fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// All documents of the world as stored, in the order they were issued.
pub async fn kept(channel: &Channel) -> Vec<Kept> {
    let mut reader = channel.world().db().reader().await.unwrap();
    let rows = sql("SELECT number, document, hash FROM invoice ORDER BY chain_no").all(&mut reader).await.unwrap();
    let kept = rows.iter().map(|row| Kept {
        number: row.text("number").unwrap(),
        document: row.text("document").unwrap(),
        hash: row.text("hash").unwrap(),
    });
    kept.collect()
}

/// What `check` has to say, with every document computed again from the log.
pub async fn findings(channel: &Channel) -> Vec<String> {
    check::check(channel.world().db(), channel.world().metering(), true).await.unwrap().wrong
}

/// A document's lines as rows: service month, meter, quantity, list, exact charge, amount.
pub fn lines(invoice: &Invoice) -> Vec<String> {
    let shown = |line: &tenantry_billing::InvoiceLine| {
        let tenantry_billing::InvoiceLine { service_month, meter_name, quantity, list, exact, amount, .. } = line;
        format!("{service_month} {meter_name}: {quantity}, {list}, {exact}, {amount}")
    };
    invoice.lines.iter().map(shown).collect()
}

impl<'a> Books<'a> {
    /// The books of the channel's partner, seen by itself.
    pub fn of(channel: &'a Channel, ctx: &'a OpContext) -> Self {
        Self { channel, ctx, buyer: channel.partner.tenant }
    }

    pub async fn unbilled(&self, through: &str) -> Draft {
        let edge = edge_of(self.ctx, self.channel.world().db(), self.buyer).await.unwrap();
        unbilled(self.ctx, self.channel.world().db(), self.channel.world().metering(), &edge, month(through))
            .await
            .unwrap()
    }

    pub async fn invoices(&self) -> Vec<Invoice> {
        invoice_list(self.ctx, self.channel.world().db(), self.buyer, InvoiceFilter::default()).await.unwrap()
    }

    /// The only document of a month.
    pub async fn invoice(&self, of: &str) -> Invoice {
        let filter = InvoiceFilter { month: Some(month(of)) };
        let mut found = invoice_list(self.ctx, self.channel.world().db(), self.buyer, filter).await.unwrap();
        assert_eq!(found.len(), 1, "{of}: {found:#?}");
        found.remove(0)
    }

    /// The reconciliation file behind a document.
    pub async fn file(&self, invoice: &Invoice) -> String {
        let rows = invoice_rows(self.ctx, self.channel.world().metering(), invoice).await.unwrap();
        let rows = reconciliation_rows(invoice, &rows).unwrap();
        let mut file = Vec::new();
        let total = reconciliation_csv(invoice, "4847383", &rows, &mut file).unwrap();
        assert_eq!(total, invoice.usage_net().unwrap());
        String::from_utf8(file).unwrap()
    }

    pub async fn explain(&self, query: &ExplainQuery) -> Explanation {
        explain(self.ctx, self.channel.world().db(), self.channel.world().metering(), query).await.unwrap()
    }

    /// What the buyer owes by the ledger, in its only currency.
    pub async fn receivable(&self) -> String {
        let balances = balances(self.ctx, self.channel.world().db(), self.buyer).await.unwrap();
        let owed: Vec<_> = balances.iter().filter(|balance| balance.account == Account::Receivable).collect();
        assert!(owed.len() <= 1, "{owed:?}");
        owed.first().map_or_else(|| "0".to_owned(), |balance| balance.amount.to_string())
    }

    /// Holds documents, files, explanations and ledger against each other, to the last digit. Gives the documents.
    pub async fn prove(&self) -> Vec<Invoice> {
        let invoices = self.prove_documents().await;
        let invoiced = sum(invoices.iter().map(|invoice| invoice.total.as_str()));
        assert_eq!(sum([self.receivable().await.as_str()]), invoiced, "the ledger says what was invoiced");
        assert_eq!(findings(self.channel).await, Vec::<String>::new());
        invoices
    }

    /// As [`Books::prove`], without the ledger: what the seller of the documents can do, too.
    pub async fn prove_documents(&self) -> Vec<Invoice> {
        let invoices = self.invoices().await;
        for invoice in &invoices {
            let seats = invoice.seat_lines.iter().map(|line| line.amount.as_str());
            let usage = invoice.lines.iter().map(|line| line.amount.as_str());
            assert_eq!(sum([invoice.net.as_str()]), sum(usage.chain(seats)));
            assert_eq!(sum([invoice.total.as_str()]), sum([invoice.net.as_str(), invoice.tax.as_str()]));
            self.prove_file(invoice).await;
            self.prove_explanations(invoice).await;
            let (found, hash) =
                invoice_get(self.ctx, self.channel.world().db(), &invoice.number.to_lowercase()).await.unwrap();
            assert_eq!((&found, hash.len()), (invoice, 64));
        }
        invoices
    }

    /// The file read back as others read it: found by column name, summed with our own arithmetic.
    async fn prove_file(&self, invoice: &Invoice) {
        let file = self.file(invoice).await;
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        let header = reader.headers().unwrap().clone();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        // Seats have files of their own.
        let net = invoice.usage_net().unwrap().to_string();
        let taxes: Vec<_> = line_taxes(invoice).unwrap().iter().map(ToString::to_string).collect();
        let tax = sum(taxes.iter().map(String::as_str));
        let total = sum([net.as_str(), tax.as_str()]);
        for (name, said) in [("PretaxCharges", &net), ("TaxAmount", &tax), ("PostTaxTotal", &total)] {
            let column = header.iter().position(|known| known == name).unwrap();
            assert_eq!(sum(rows.iter().map(|row| &row[column])), sum([said.as_str()]), "{name} of {}", invoice.number);
        }
    }

    async fn prove_explanations(&self, invoice: &Invoice) {
        for line in &invoice.lines {
            let query = ExplainQuery {
                invoice: Some(invoice.number.clone()),
                subscription: line.subscription,
                meter: line.meter,
                month: Some(line.service_month().unwrap()),
                day: None,
            };
            let explained = self.explain(&query).await;
            let rows: Vec<_> = explained.rows.iter().map(|row| row.row.charge.to_string()).collect();
            assert_eq!(sum(rows.iter().map(String::as_str)), line.exact, "rows of {line:#?}");
            let rounding = explained.rounding.to_string();
            assert_eq!(sum([line.exact.as_str(), &rounding]), sum([line.amount.as_str()]), "rounding of {line:#?}");
            let quantities: Vec<_> = explained.rows.iter().map(|row| row.row.quantity.to_string()).collect();
            assert_eq!(sum(quantities.iter().map(String::as_str)), line.quantity, "quantity of {line:#?}");
        }
    }
}
