//! Law 7 on several tiers: everything a tier is ever told is gathered (answers, documents, the texts on their PDFs, files,
//! explanations, refusals, its audit lines) and searched for the figures of who stands above it and beside it.

use crate::books::{Books, month};
use crate::paper_text::texts;
use crate::reckoning::written;
use crate::tier_story::{Scene, Secret, Tier, says, secrets};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use tenantry_billing::{
    ExplainQuery, Invoice, InvoiceFilter, account_standings, balances, credit_note_list, explain, invoice_get,
    invoice_list, invoice_list_sold, invoice_pdf, invoice_rows, metered_customers, payment_list, statements, unbilled,
    unbilled_lines,
};
use tenantry_commerce::{
    AddCustomerPriceRule, AddPriceRule, Subscription, customer_get, customer_price_rule_add, customer_price_rules,
    customer_prices, edge_add_price_rule, edge_of, edge_sold_to, partner_get, reseller_list, subscription_get,
};
use tenantry_core::{Factor, MeterId, OpContext, Problem, TenantId};
use tenantry_db::sql;
use tenantry_rating::AppliesTo;
use tenantry_testkit::{HOURS, TIERED, meter, on_every_engine, time};

/// What a tier was told, by where.
#[derive(Default)]
struct Told(BTreeMap<&'static str, String>);

impl Told {
    fn add(&mut self, place: &'static str, said: impl AsRef<str>) {
        let text = self.0.entry(place).or_default();
        text.push_str(said.as_ref());
        text.push('\n');
    }

    fn answer<T: Debug>(&mut self, place: &'static str, answer: Result<T, Problem>) -> Option<T> {
        let text = format!("{answer:?}");
        // Money is kept in its smallest unit and told with a point.
        let minors = text.split("minor: ").skip(1).filter_map(|rest| rest.split([',', ' ']).next()?.parse().ok());
        let told: Vec<_> = minors.map(|minor: i128| written(minor, 2)).collect();
        self.add(place, told.join(" "));
        self.add(place, text);
        if let Err(refused) = &answer {
            self.add(place, refused.message());
        }
        answer.ok()
    }
}

impl Scene {
    fn meters() -> [MeterId; 2] {
        [meter(HOURS), meter(TIERED)]
    }

    /// Everything a tier can ask, about itself and about everybody.
    async fn told(&self, tier: &Tier<'_>) -> Told {
        let mut told = Told::default();
        let ctx = &tier.ctx;
        for tenant in self.buyers().map(|buyer| buyer.tenant).into_iter().chain([self.tiers.channel.provider.tenant]) {
            self.ask_of_partner(ctx, tenant, &mut told).await;
            self.ask_of_account(ctx, tenant, &mut told).await;
        }
        for buyer in [&self.northwinds, &self.wingtips] {
            self.ask_of_customer(ctx, buyer.customer.id, &mut told).await;
        }
        for subscription in [&self.northwind, &self.wingtip, &self.direct] {
            self.ask_of_subscription(ctx, subscription, &mut told).await;
        }
        for invoice in self.everything().await {
            self.ask_of_invoice(ctx, &invoice, &mut told).await;
        }
        let mut reader = self.tiers.channel.world().db().reader().await.unwrap();
        let lines = sql("SELECT act, target, outcome FROM audit_line WHERE tenant = $1").bind(tier.tenant);
        for row in lines.all(&mut reader).await.unwrap() {
            let said = ["act", "target", "outcome"].map(|column| row.maybe_text(column).unwrap().unwrap_or_default());
            told.add("audit", said.join(" "));
        }
        told
    }

    async fn ask_of_partner(&self, ctx: &OpContext, partner: TenantId, told: &mut Told) {
        let (db, metering) = (self.tiers.channel.world().db(), self.tiers.channel.world().metering());
        told.answer("partner", partner_get(ctx, db, partner).await);
        told.answer("resellers", reseller_list(ctx, db, partner).await);
        told.answer("customers", metered_customers(ctx, db, partner).await);
        told.answer("invoices", invoice_list(ctx, db, partner, InvoiceFilter::default()).await);
        told.answer("invoices sold", invoice_list_sold(ctx, db, partner, InvoiceFilter::default()).await);
        let edge = told.answer("prices", edge_of(ctx, db, partner).await);
        told.answer("price rules", edge_sold_to(ctx, db, partner).await);
        // A change that cannot be made must not tell why it cannot by somebody's factor.
        for factor in ["1.00000001", "4.99"] {
            let from = time("2026-02-01");
            let factor = Factor::parse(factor).unwrap();
            let new = AddPriceRule { buyer: partner, factor, applies_to: AppliesTo::Everything, from };
            told.answer("price rules", edge_add_price_rule(ctx, db, new).await);
        }
        // The edge's id may be known from elsewhere: then it is asked for all the same.
        let edge = match edge {
            Some(edge) => Some(edge),
            None => edge_of(&self.tiers.channel.world().system("test"), db, partner).await.ok(),
        };
        if let Some(edge) = edge {
            told.answer("unbilled", unbilled(ctx, db, metering, &edge, month("2026-02")).await);
            told.answer("unbilled lines", unbilled_lines(ctx, db, metering, &edge, month("2026-02")).await);
        }
    }

    async fn ask_of_account(&self, ctx: &OpContext, buyer: TenantId, told: &mut Told) {
        let db = self.tiers.channel.world().db();
        told.answer("balances", balances(ctx, db, buyer).await);
        told.answer("ageing", account_standings(ctx, db, buyer).await);
        let (from, through) = (time("2026-01-01").day(), ctx.now().day());
        told.answer("statement", statements(ctx, db, buyer, from, through).await);
        told.answer("payments", payment_list(ctx, db, buyer).await);
        told.answer("credit notes", credit_note_list(ctx, db, buyer).await);
    }

    async fn ask_of_customer(&self, ctx: &OpContext, customer: TenantId, told: &mut Told) {
        let db = self.tiers.channel.world().db();
        told.answer("customer", customer_get(ctx, db, customer).await);
        told.answer("customer prices", customer_prices(ctx, db, None, customer).await);
        told.answer("customer price rules", customer_price_rules(ctx, db, customer).await);
        let new = AddCustomerPriceRule {
            seller: None,
            customer,
            factor: Factor::parse("1.00000001").unwrap(),
            applies_to: AppliesTo::Everything,
            from: None,
            currency: None,
        };
        told.answer("customer price rules", customer_price_rule_add(ctx, db, new).await);
    }

    async fn ask_of_subscription(&self, ctx: &OpContext, subscription: &Subscription, told: &mut Told) {
        let (db, metering) = (self.tiers.channel.world().db(), self.tiers.channel.world().metering());
        told.answer("subscription", subscription_get(ctx, db, subscription.customer, subscription.id).await);
        for meter in Self::meters() {
            let query = ExplainQuery { invoice: None, subscription: subscription.id, meter, month: None, day: None };
            told.answer("explanation", explain(ctx, db, metering, &query).await);
        }
    }

    async fn ask_of_invoice(&self, ctx: &OpContext, invoice: &Invoice, told: &mut Told) {
        let (db, metering) = (self.tiers.channel.world().db(), self.tiers.channel.world().metering());
        told.answer("rows", invoice_rows(ctx, metering, invoice).await);
        for line in &invoice.lines {
            let query = ExplainQuery {
                invoice: Some(invoice.number.clone()),
                subscription: line.subscription,
                meter: line.meter,
                month: None,
                day: None,
            };
            told.answer("explanation", explain(ctx, db, metering, &query).await);
        }
        let Some((invoice, hash)) = told.answer("invoice", invoice_get(ctx, db, &invoice.number).await) else { return };
        told.add("invoice", serde_json::to_string(&invoice).unwrap());
        told.add("paper", texts(&invoice_pdf(&invoice, &hash).unwrap()));
        let books = Books { channel: &self.tiers.channel, ctx, buyer: invoice.buyer.tenant };
        told.add("file", books.file(&invoice).await);
    }
}

#[test]
fn no_tier_is_told_a_figure_of_the_tier_above_or_beside_it() {
    on_every_engine(|bench| async move {
        let scene = Scene::open(&bench).await;
        for Secret { from, of, factors } in secrets(&scene) {
            let name = from.name;
            let told = scene.told(&from).await;
            let mut forbidden: BTreeSet<String> = factors.into_iter().collect();
            for other in &of {
                forbidden.extend(scene.figures(other).await);
            }
            for (place, text) in &told.0 {
                for figure in &forbidden {
                    assert!(!says(text, figure), "{name} is told {figure} in: {place}\n{text}");
                }
            }
            assert!(told.0.contains_key("audit"), "{name} left no audit line");
            if from.tenant != scene.tiers.channel.provider.tenant {
                check_own(&told, &scene.figures(&from).await, name);
            }
        }
    });
}

/// A tier is told its own, so the search would find what is there.
fn check_own(told: &Told, own: &BTreeSet<String>, name: &str) {
    for place in [
        "invoices",
        "invoice",
        "paper",
        "file",
        "explanation",
        "unbilled",
        "unbilled lines",
        "rows",
        "balances",
        "ageing",
        "statement",
    ] {
        let text = told.0.get(place).unwrap_or_else(|| panic!("{name} is told nothing in: {place}"));
        assert!(own.iter().any(|figure| says(text, figure)), "{name} finds none of its figures in: {place}\n{text}");
    }
}

#[test]
fn the_paper_can_be_read() {
    on_every_engine(|bench| async move {
        let scene = Scene::open(&bench).await;
        let books = scene.tiers.books(&scene.tiers.corner);
        let invoice = books.invoice("2026-01").await;
        let (_, hash) = invoice_get(books.ctx, scene.tiers.channel.world().db(), &invoice.number).await.unwrap();
        let seen = texts(&invoice_pdf(&invoice, &hash).unwrap());
        for wanted in [invoice.number.as_str(), &invoice.total, &invoice.lines[0].amount, "DISTRO Ltd", "CORNER Ltd"] {
            assert!(seen.contains(wanted), "{wanted}\n{seen}");
        }
    });
}
