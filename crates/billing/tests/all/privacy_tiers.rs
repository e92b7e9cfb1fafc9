//! Law 7 on several tiers: everything a tier is ever told is gathered (answers, documents, the texts on their PDFs, files,
//! explanations, refusals, its audit lines) and searched for the figures of who stands above it and beside it.

use crate::books::{Books, month};
use crate::paper_text::texts;
use crate::tier_scene::{ABOVE, CORNER, MARKET, Seller, Tiers};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use tenantry_billing::{
    ExplainQuery, Invoice, InvoiceFilter, balances, explain, invoice_get, invoice_list, invoice_list_sold, invoice_pdf,
    invoice_rows, metered_customers, unbilled, unbilled_lines,
};
use tenantry_commerce::{
    AddPriceRule, Subscription, edge_add_price_rule, edge_of, edge_sold_to, partner_get, reseller_list,
    subscription_get,
};
use tenantry_core::{Factor, MeterId, OpContext, Problem, TenantId};
use tenantry_db::sql;
use tenantry_rating::AppliesTo;
use tenantry_testkit::{HOURS, TIERED, events, meter, on_every_engine, time};

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
        self.add(place, format!("{answer:?}"));
        if let Err(refused) = &answer {
            self.add(place, refused.message());
        }
        answer.ok()
    }
}

/// The world, with something used on every tier: part of it billed, part of it open.
struct Scene {
    tiers: Tiers,
    direct: Subscription,
    northwind: Subscription,
    wingtip: Subscription,
}

impl Scene {
    async fn open(bench: &tenantry_testkit::Bench) -> Self {
        let tiers = Tiers::open(bench).await;
        let northwind = tiers.customer(&tiers.corner, "Northwind").await;
        let northwind = tiers.order(&tiers.corner, northwind.id).await;
        let wingtip = tiers.customer(&tiers.market, "Wingtip").await;
        let wingtip = tiers.order(&tiers.market, wingtip.id).await;
        let direct = tiers.channel.order_usage(&tiers.channel.customer("Tailspin").await).await;
        let scene = Self { tiers, direct, northwind, wingtip };
        scene.tiers.channel.advance_to("2026-01-31").await;
        scene.used("2026-01", ["7919.17", "6841.31", "5413.57"]).await;
        scene.tiers.channel.advance_to("2026-02-20").await;
        scene.used("2026-02", ["4409.89", "3571.93", "2903.71"]).await;
        scene
    }

    async fn used(&self, in_month: &str, quantities: [&str; 3]) {
        let days = [5, 18].map(|day| format!("{in_month}-{day:02}"));
        for (subscription, quantity) in [&self.northwind, &self.wingtip, &self.direct].into_iter().zip(quantities) {
            let rows = [(days[0].as_str(), quantity), (days[1].as_str(), quantity)];
            self.tiers.channel.accept(events(subscription, HOURS, &rows)).await;
            self.tiers.channel.accept(events(subscription, TIERED, &rows)).await;
        }
    }

    fn direct(&self) -> Seller {
        Seller { partner: self.tiers.channel.partner.clone(), ctx: self.tiers.channel.partner_ctx() }
    }

    fn meters() -> [MeterId; 2] {
        [meter(HOURS), meter(TIERED)]
    }

    /// Everything a tier can ask, about itself and about everybody.
    async fn told(&self, tier: &Seller) -> Told {
        let mut told = Told::default();
        let (ctx, direct) = (&tier.ctx, self.direct());
        let all = [&self.tiers.above, &self.tiers.corner, &self.tiers.market, &direct];
        for partner in all.map(|seller| seller.partner.tenant).into_iter().chain([self.tiers.channel.provider.tenant]) {
            self.ask_of_partner(ctx, partner, &mut told).await;
        }
        for subscription in [&self.northwind, &self.wingtip, &self.direct] {
            self.ask_of_subscription(ctx, subscription, &mut told).await;
        }
        for invoice in self.everything().await {
            self.ask_of_invoice(ctx, &invoice, &mut told).await;
        }
        let mut reader = self.tiers.channel.world().db().reader().await.unwrap();
        let lines = sql("SELECT act, target, outcome FROM audit_line WHERE tenant = $1").bind(tier.partner.tenant);
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
        told.answer("balances", balances(ctx, db, partner).await);
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
            None => edge_of(&self.tiers.channel.provider_ctx(), db, partner).await.ok(),
        };
        if let Some(edge) = edge {
            told.answer("unbilled", unbilled(ctx, db, metering, &edge, month("2026-02")).await);
            told.answer("unbilled lines", unbilled_lines(ctx, db, metering, &edge, month("2026-02")).await);
        }
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

    /// All documents there are.
    async fn everything(&self) -> Vec<Invoice> {
        let provider = self.tiers.channel.provider_ctx();
        let mut all = Vec::new();
        for seller in [self.tiers.channel.provider.tenant, self.tiers.above.partner.tenant] {
            let sold =
                invoice_list_sold(&provider, self.tiers.channel.world().db(), seller, InvoiceFilter::default()).await;
            all.extend(sold.unwrap());
        }
        all
    }

    /// What a partner is billed: charges, totals and unit prices, of documents and of what is not on one yet, with
    /// enough digits that none comes up by chance.
    async fn figures(&self, buyer: &Seller) -> BTreeSet<String> {
        let books = self.tiers.books(buyer);
        let mut figures = BTreeSet::new();
        for invoice in books.invoices().await {
            figures.extend([invoice.net.clone(), invoice.total.clone()]);
            let rows = invoice_rows(&buyer.ctx, self.tiers.channel.world().metering(), &invoice).await.unwrap();
            for row in rows.iter().flatten() {
                figures.extend([row.charge.to_string()].into_iter().chain(row.charge.per_unit(row.quantity)));
            }
            for line in &invoice.lines {
                let unit = line.exact().unwrap().per_unit(tenantry_core::Quantity::parse(&line.quantity).unwrap());
                figures.extend([line.exact.clone(), line.amount.clone()].into_iter().chain(unit));
            }
        }
        let draft = books.unbilled("2026-02").await;
        figures.insert(draft.total().unwrap().to_string());
        for line in &draft.lines {
            figures.extend([line.exact.to_string(), line.amount.to_string()]);
            figures.extend(line.rows.iter().map(|row| row.charge.to_string()));
            figures.extend(line.exact.per_unit(line.quantity));
        }
        figures.retain(|figure| figure.chars().filter(char::is_ascii_digit).count() >= 5);
        assert!(figures.len() > 10, "{figures:?}");
        figures
    }
}

/// The product of two factors of four digits each, as an edge shows it.
fn product(above: &str, own: &str) -> String {
    Factor::parse(above).unwrap().then(Factor::parse(own).unwrap()).unwrap().to_string()
}

#[test]
fn no_tier_is_told_a_figure_of_the_tier_above_or_beside_it() {
    on_every_engine(|bench| async move {
        let scene = Scene::open(&bench).await;
        let direct = scene.direct();
        let (above, corner, market) = (&scene.tiers.above, &scene.tiers.corner, &scene.tiers.market);
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let market_prices = vec![product(ABOVE[0], MARKET), product(ABOVE[1], MARKET), MARKET.to_owned()];
        let corner_prices = vec![product(ABOVE[1], CORNER[0]), product(ABOVE[1], CORNER[1])];
        for (tier, others, factors) in [
            // A reseller must not learn what its seller pays, nor by which rule it is priced, nor what its sibling pays.
            (corner, vec![above, market, &direct], [texts(&ABOVE), texts(&CORNER), market_prices.clone()].concat()),
            (
                market,
                vec![above, corner, &direct],
                [texts(&ABOVE), texts(&CORNER), corner_prices.clone(), texts(&[MARKET])].concat(),
            ),
            (above, vec![&direct], Vec::new()),
            (
                &direct,
                vec![above, corner, market],
                [texts(&ABOVE), texts(&CORNER), market_prices, corner_prices].concat(),
            ),
        ] {
            let name = &tier.partner.company_name;
            let told = scene.told(tier).await;
            let mut forbidden: BTreeSet<String> = factors.into_iter().collect();
            for other in others {
                forbidden.extend(scene.figures(other).await);
            }
            for (place, text) in &told.0 {
                for figure in &forbidden {
                    assert!(!says(text, figure), "{name} is told {figure} in: {place}\n{text}");
                }
            }
            // It is told its own, so the search would find what is there.
            let own = scene.figures(tier).await;
            for place in ["invoices", "invoice", "paper", "file", "explanation", "unbilled", "unbilled lines", "rows"] {
                let text = told.0.get(place).unwrap_or_else(|| panic!("{name} is told nothing in: {place}"));
                assert!(
                    own.iter().any(|figure| says(text, figure)),
                    "{name} finds none of its figures in: {place}\n{text}"
                );
            }
            assert!(told.0.contains_key("audit"), "{name} left no audit line");
        }
    });
}

/// Whether a figure stands in a text by itself, not as a part of a longer number.
fn says(text: &str, figure: &str) -> bool {
    text.match_indices(figure).any(|(at, _)| {
        let part = |c: char| c.is_ascii_digit() || c == '.';
        let before = text[..at].chars().next_back();
        let after = text[at + figure.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(|c| c.is_ascii_digit())
    })
}

#[test]
fn the_paper_can_be_read() {
    on_every_engine(|bench| async move {
        let scene = Scene::open(&bench).await;
        let books = scene.tiers.books(&scene.tiers.corner);
        let invoice = books.invoice("2026-01").await;
        let (_, hash) = invoice_get(books.ctx, scene.tiers.channel.world().db(), &invoice.number).await.unwrap();
        let seen = texts(&invoice_pdf(&invoice, &hash).unwrap());
        for wanted in [&invoice.number, &invoice.total, &invoice.lines[0].amount, "DISTRO Ltd", "CORNER Ltd"] {
            assert!(seen.contains(wanted), "{wanted}\n{seen}");
        }
    });
}
