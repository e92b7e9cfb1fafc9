//! Law 7 on several tiers: everything a tier is ever told is gathered (answers, documents, the texts on their PDFs, files,
//! explanations, refusals, its audit lines) and searched for the figures of who stands above it and beside it.

use crate::books::{Books, month};
use crate::paper_text::texts;
use crate::reckoning::written;
use crate::tier_scene::{ABOVE, Buyer, CORNER, FROM_CORNER, FROM_MARKET, MARKET, Tiers};
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

/// The world, with something used on every tier: part of it billed, part of it open. Two customers are billed by their
/// resellers, the direct partner's is not.
struct Scene {
    tiers: Tiers,
    direct: Subscription,
    northwind: Subscription,
    wingtip: Subscription,
    northwinds: Buyer,
    wingtips: Buyer,
}

/// Somebody on the channel, as which it asks.
struct Tier<'a> {
    name: &'a str,
    tenant: TenantId,
    ctx: OpContext,
}

impl Scene {
    async fn open(bench: &tenantry_testkit::Bench) -> Self {
        let tiers = Tiers::open(bench).await;
        let northwinds = tiers.buyer(tiers.customer(&tiers.corner, "Northwind").await);
        tiers.bill(&tiers.corner, northwinds.customer.id, FROM_CORNER[0], None).await;
        tiers.bill(&tiers.corner, northwinds.customer.id, FROM_CORNER[1], Some("2026-01-16")).await;
        let northwind = tiers.order(&tiers.corner, northwinds.customer.id).await;
        let wingtips = tiers.buyer(tiers.customer(&tiers.market, "Wingtip").await);
        let wingtip = tiers.order(&tiers.market, wingtips.customer.id).await;
        tiers.bill(&tiers.market, wingtips.customer.id, FROM_MARKET, None).await;
        let direct = tiers.channel.order_usage(&tiers.channel.customer("Tailspin").await).await;
        let scene = Self { tiers, direct, northwind, wingtip, northwinds, wingtips };
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

    fn above(&self) -> Tier<'_> {
        let above = &self.tiers.above;
        Tier { name: "the indirect provider", tenant: above.partner.tenant, ctx: above.ctx.clone() }
    }

    fn corner(&self) -> Tier<'_> {
        let corner = &self.tiers.corner;
        Tier { name: "corner", tenant: corner.partner.tenant, ctx: corner.ctx.clone() }
    }

    fn market(&self) -> Tier<'_> {
        let market = &self.tiers.market;
        Tier { name: "market", tenant: market.partner.tenant, ctx: market.ctx.clone() }
    }

    fn direct(&self) -> Tier<'_> {
        let channel = &self.tiers.channel;
        Tier { name: "the direct partner", tenant: channel.partner.tenant, ctx: channel.partner_ctx() }
    }

    fn provider(&self) -> Tier<'_> {
        let channel = &self.tiers.channel;
        Tier { name: "the provider", tenant: channel.provider.tenant, ctx: channel.provider_ctx() }
    }

    fn customer_of_corner(&self) -> Tier<'_> {
        let Buyer { customer, ctx } = &self.northwinds;
        Tier { name: "corner's customer", tenant: customer.id, ctx: ctx.clone() }
    }

    fn customer_of_market(&self) -> Tier<'_> {
        let Buyer { customer, ctx } = &self.wingtips;
        Tier { name: "market's customer", tenant: customer.id, ctx: ctx.clone() }
    }

    /// Everybody who buys.
    fn buyers(&self) -> [Tier<'_>; 6] {
        let customers = [self.customer_of_corner(), self.customer_of_market()];
        let [northwind, wingtip] = customers;
        [self.above(), self.corner(), self.market(), self.direct(), northwind, wingtip]
    }

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

    /// All documents there are.
    async fn everything(&self) -> Vec<Invoice> {
        let platform = self.tiers.channel.world().system("test");
        let mut all = Vec::new();
        for seller in [self.provider(), self.above(), self.corner(), self.market()] {
            let db = self.tiers.channel.world().db();
            let sold = invoice_list_sold(&platform, db, seller.tenant, InvoiceFilter::default()).await;
            all.extend(sold.unwrap());
        }
        assert_eq!(all.len(), 6, "January of everybody who buys");
        all
    }

    /// What a partner is billed: charges, totals and unit prices, of documents and of what is not on one yet, with
    /// enough digits that none comes up by chance.
    async fn figures(&self, buyer: &Tier<'_>) -> BTreeSet<String> {
        let books = Books { channel: &self.tiers.channel, ctx: &buyer.ctx, buyer: buyer.tenant };
        let mut figures = BTreeSet::new();
        for invoice in books.invoices().await {
            figures.extend([invoice.net.clone(), invoice.total.clone()]);
            let rows = invoice_rows(&buyer.ctx, self.tiers.channel.world().metering(), &invoice).await.unwrap();
            for row in rows.iter().flatten() {
                figures.extend([row.charge.to_string()].into_iter().chain(row.charge.per_unit(row.quantity)));
            }
            for line in &invoice.lines {
                let unit = line.exact().unwrap().per_unit(tenantry_core::Quantity::parse(&line.quantity).unwrap());
                figures.extend([line.exact.to_string(), line.amount.to_string()].into_iter().chain(unit));
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

/// Who must not learn whose figures, nor these factors.
struct Secret<'a> {
    from: Tier<'a>,
    of: Vec<Tier<'a>>,
    factors: Vec<String>,
}

fn secrets(scene: &Scene) -> [Secret<'_>; 7] {
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let market = vec![product(ABOVE[0], MARKET), product(ABOVE[1], MARKET), MARKET.to_owned()];
    let corner = vec![product(ABOVE[1], CORNER[0]), product(ABOVE[1], CORNER[1])];
    let (resale, above) = ([texts(&CORNER), texts(&[MARKET])].concat(), texts(&ABOVE));
    let retail = [texts(&FROM_CORNER), texts(&[FROM_MARKET])].concat();
    let all = [&above, &resale, &retail, &market, &corner].map(Clone::clone).concat();
    let customers = || [scene.customer_of_corner(), scene.customer_of_market()];
    let [north, wing] = customers();
    let sellers = || vec![scene.above(), scene.corner(), scene.market()];
    let with = |mut tiers: Vec<_>, others: Vec<_>| {
        tiers.extend(others);
        tiers
    };
    [
        // A customer must not learn what its seller pays, nor by which rule it is priced, nor anybody else's prices.
        (north, with(sellers(), vec![scene.direct(), scene.customer_of_market()]), all.clone()),
        (wing, with(sellers(), vec![scene.direct(), scene.customer_of_corner()]), all.clone()),
        // A reseller must not learn what its seller pays, nor by which rule it is priced, nor what its sibling pays. What
        // its own customer pays it knows.
        (
            scene.corner(),
            vec![scene.above(), scene.market(), scene.direct(), scene.customer_of_market()],
            [above.clone(), resale.clone(), market, texts(&[FROM_MARKET])].concat(),
        ),
        (
            scene.market(),
            vec![scene.above(), scene.corner(), scene.direct(), scene.customer_of_corner()],
            [above, resale, corner, texts(&FROM_CORNER)].concat(),
        ),
        // Nobody above a seller is told what it asks of its customer.
        (scene.above(), with(vec![scene.direct()], customers().into()), retail.clone()),
        (scene.provider(), customers().into(), retail),
        (scene.direct(), with(sellers(), customers().into()), all),
    ]
    .map(|(from, of, factors)| Secret { from, of, factors })
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
        for wanted in [invoice.number.as_str(), &invoice.total, &invoice.lines[0].amount, "DISTRO Ltd", "CORNER Ltd"] {
            assert!(seen.contains(wanted), "{wanted}\n{seen}");
        }
    });
}
