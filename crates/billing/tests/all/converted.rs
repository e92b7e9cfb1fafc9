//! Edges that are billed in another currency than they are priced in: one rate a month, on every line, in every file.

use crate::books::{Books, findings, kept, month};
use crate::exact::Exact;
use crate::reckoning::{exact, half_even, sum, written};
use crate::tier_scene::{CORNER, FROM_CORNER, Seller, Tiers, parts, sign_up_in};
use tenantry_billing::{ExplainQuery, Invoice, close_dry_run, close_month, unbilled};
use tenantry_commerce::{
    AddCustomerPriceRule, NewFxRate, Standing, Subscription, customer_price_rule_add, edge_of, fx_import,
};
use tenantry_core::{Currency, Day, Factor, Rate, Reason};
use tenantry_db::sql;
use tenantry_metering::{PutBudget, WantedScope};
use tenantry_rating::AppliesTo;
use tenantry_testkit::{HOURS, TIERED, events, on_every_engine};
use tenantry_usage::{BudgetAction, BudgetId, BudgetKind};

/// What a dollar costs in January, in euros and yen.
const EUROS: &str = "0.9137025";
const YEN: &str = "151.21";

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn rate(of: &str, to: &str, text: &str) -> NewFxRate {
    NewFxRate {
        month: month(of),
        from: Currency::USD,
        to: currency(to),
        rate: Rate::parse(text).unwrap(),
        source: "a bank of the test".to_owned(),
        dated: Day::parse("2026-01-30").unwrap(),
    }
}

/// A reseller below the indirect provider that is billed in euros, and its customer that is billed in yen.
struct Scene {
    tiers: Tiers,
    cafe: Seller,
    customer: tenantry_commerce::Customer,
    subscription: Subscription,
}

impl Scene {
    async fn open(bench: &tenantry_testkit::Bench) -> Self {
        let tiers = Tiers::open(bench).await;
        let standing = Standing::Reseller {
            indirect_provider: tiers.above.partner.tenant,
            factor: Factor::parse(CORNER[0]).unwrap(),
        };
        let cafe = sign_up_in(&tiers.channel, "cafe", standing, Currency::EUR).await;
        let customer = tiers.customer(&cafe, "Osaka").await;
        let rule = AddCustomerPriceRule {
            seller: None,
            customer: customer.id,
            factor: Factor::parse(FROM_CORNER[0]).unwrap(),
            applies_to: AppliesTo::Everything,
            from: None,
            currency: Some(currency("JPY")),
        };
        customer_price_rule_add(&cafe.ctx, tiers.channel.world().db(), rule).await.unwrap();
        let subscription = tiers.order(&cafe, customer.id).await;
        tiers.channel.advance_to("2026-01-31T23:00:00Z").await;
        let used = [("2026-01-02", "71.337"), ("2026-01-19", "60.25"), ("2026-01-30", "0.0071")];
        tiers.channel.accept(events(&subscription, TIERED, &used)).await;
        tiers.channel.accept(events(&subscription, HOURS, &[("2026-01-09", "33.123456789")])).await;
        tiers.channel.advance_to("2026-02-01T01:00:00Z").await;
        Self { tiers, cafe, customer, subscription }
    }

    async fn import(&self, rates: Vec<NewFxRate>) {
        let channel = &self.tiers.channel;
        fx_import(&channel.provider_ctx(), channel.world().db(), rates).await.unwrap();
        channel.world().metering().follow(&channel.provider_ctx()).await.unwrap();
    }

    fn books(&self) -> Books<'_> {
        self.tiers.books(&self.cafe)
    }

    async fn close(&self) -> Result<usize, tenantry_core::Problem> {
        let channel = &self.tiers.channel;
        let world = channel.world();
        let closed = close_month(&channel.provider_ctx(), world.db(), world.metering(), month("2026-01")).await;
        closed.map(|closed| closed.invoices.len())
    }
}

/// Each line is its charge in dollars times the rate, rounded once, by arithmetic of its own.
fn check_lines(invoice: &Invoice, rate: &str, digits: usize) {
    assert_eq!(invoice.fx.len(), 1);
    let fx = &invoice.fx[0];
    let said = (fx.from.as_str(), fx.rate.as_str(), fx.source.as_str(), fx.dated.as_str());
    assert_eq!(said, ("USD", rate, "a bank of the test", "2026-01-30"));
    assert!(!invoice.lines.is_empty() && invoice.own_list);
    for line in &invoice.lines {
        assert_eq!((line.pricing_currency.as_str(), &line.list), ("USD", &line.exact), "{line:#?}");
        let product = Exact::product(&[parts(&line.pricing_exact), parts(rate)]).to_string();
        assert_eq!(line.exact, product);
        assert_eq!(line.amount, written(half_even(&product, digits), digits), "{line:#?}");
    }
}

#[test]
fn a_missing_rate_holds_up_that_edge_and_says_what_to_import() {
    on_every_engine(|bench| async move {
        let scene = Scene::open(&bench).await;
        let channel = &scene.tiers.channel;
        let (world, provider) = (channel.world(), channel.provider_ctx());
        let edge = edge_of(&scene.cafe.ctx, world.db(), scene.cafe.partner.tenant).await.unwrap();
        assert_eq!(edge.currency, Currency::EUR);
        let open = unbilled(&scene.cafe.ctx, world.db(), world.metering(), &edge, month("2026-01")).await;
        assert_eq!(open.unwrap_err().reason(), Reason::ExchangeRateMissing);
        let wanted = format!("edge {}: there is no exchange rate from USD to EUR for 2026-01", edge.id);
        let dry = close_dry_run(&provider, world.db(), world.metering(), month("2026-01")).await.unwrap();
        assert_eq!(dry.stopped.len(), 2, "the reseller, and its customer: {:?}", dry.stopped);
        assert!(dry.stopped.iter().any(|stopped| stopped.contains(&wanted)), "{:?}", dry.stopped);
        assert_eq!(dry.invoices.len(), 1, "that of the indirect provider");

        scene.import(vec![rate("2026-01", "JPY", YEN)]).await;
        let problem = scene.close().await.unwrap_err();
        assert_eq!(problem.reason(), Reason::ExchangeRateMissing);
        assert!(problem.message().contains(&wanted), "{problem:?}");
        assert_eq!(kept(channel).await.len(), 2, "the others went on");
        assert!(scene.books().invoices().await.is_empty());

        scene.import(vec![rate("2026-01", "EUR", EUROS)]).await;
        assert_eq!(scene.close().await.unwrap(), 2, "of what the provider may see");
        assert_eq!(kept(channel).await.len(), 3);
        check_lines(&scene.books().invoice("2026-01").await, EUROS, 2);
        assert_eq!(findings(channel).await, Vec::<String>::new());
    });
}

#[test]
fn months_go_on_while_a_rate_is_missing() {
    on_every_engine(|bench| async move {
        let scene = Scene::open(&bench).await;
        let channel = &scene.tiers.channel;
        channel.advance_to("2026-03-05").await;
        let closed: Vec<_> = channel.world().metering().read_all(|fold| fold.closes().to_vec()).await;
        let months: Vec<_> = closed.iter().map(|close| close.month.to_string()).collect();
        assert_eq!(months, ["2026-01", "2026-02"]);
        assert!(scene.books().invoices().await.is_empty());
        scene.import(vec![rate("2026-01", "JPY", YEN), rate("2026-01", "EUR", EUROS)]).await;
        // The next try is within a day.
        channel.advance_to("2026-03-07").await;
        let invoice = scene.books().invoice("2026-01").await;
        check_lines(&invoice, EUROS, 2);
        // It is of the day it was issued, and not of the close it waited since: its buyer has the whole time to pay.
        let issued = invoice.issued_at().unwrap().day();
        assert!(issued >= Day::parse("2026-03-05").unwrap(), "{issued}");
        assert_eq!(invoice.due_on, Day::from_number(issued.number() + 60).to_string());
        let entries = "SELECT at FROM ledger_entry WHERE document = $1";
        let mut reader = channel.world().db().reader().await.unwrap();
        for entry in sql(entries).bind(&invoice.number).all(&mut reader).await.unwrap() {
            assert_eq!(entry.time("at").unwrap(), invoice.issued_at().unwrap());
        }
        drop(reader);
        assert_eq!(findings(channel).await, Vec::<String>::new());
    });
}

/// The number of a document is of the year on it.
#[test]
fn what_waited_into_the_next_year_has_a_number_of_that_year() {
    on_every_engine(|bench| async move {
        let scene = Scene::open(&bench).await;
        let channel = &scene.tiers.channel;
        channel.advance_to("2027-01-05").await;
        scene.import(vec![rate("2026-01", "JPY", YEN), rate("2026-01", "EUR", EUROS)]).await;
        let (world, provider) = (channel.world(), channel.provider_ctx());
        let closed = close_month(&provider, world.db(), world.metering(), month("2026-01")).await.unwrap();
        let invoices = closed.invoices;
        let waited = invoices.iter().find(|invoice| invoice.currency == "EUR").unwrap();
        assert!(waited.number.starts_with("D270000001-"), "{}", waited.number);
        assert!(waited.issued_at.starts_with("2027-01-05"), "{}", waited.issued_at);
        assert_eq!(findings(channel).await, Vec::<String>::new());
    });
}

#[test]
fn tiers_in_three_currencies_are_billed_the_same_usage_to_the_last_digit() {
    on_every_engine(|bench| async move {
        let scene = Scene::open(&bench).await;
        scene.import(vec![rate("2026-01", "EUR", EUROS), rate("2026-01", "JPY", YEN)]).await;
        let draft = scene.books().unbilled("2026-01").await;
        scene.close().await.unwrap();
        let buyer = scene.tiers.buyer(scene.customer.clone());
        let above = scene.tiers.books(&scene.tiers.above).prove().await.remove(0);
        let cafe = scene.books().prove().await.remove(0);
        let osaka = scene.tiers.books_of(&buyer).prove().await.remove(0);
        assert_eq!([&above, &cafe, &osaka].map(|invoice| invoice.currency.as_str()), ["USD", "EUR", "JPY"]);
        assert_eq!(
            sum([draft.total().unwrap().to_string().as_str()]),
            sum([cafe.total.as_str()]),
            "the draft became it"
        );
        check_lines(&cafe, EUROS, 2);
        check_lines(&osaka, YEN, 0);
        // In the currency of the prices each tier is the one above it times its factor, whatever it is billed in.
        for (line, (own, theirs)) in above.lines.iter().zip(cafe.lines.iter().zip(&osaka.lines)) {
            assert_eq!((own.meter, theirs.meter, &own.quantity), (line.meter, line.meter, &line.quantity));
            let product = |text: &str, factor: &str| Exact::product(&[parts(text), parts(factor)]);
            assert_eq!(exact(&own.pricing_exact), product(&line.exact, CORNER[0]));
            assert_eq!(exact(&theirs.pricing_exact), product(&own.pricing_exact, FROM_CORNER[0]));
        }
        let query = ExplainQuery {
            invoice: Some(cafe.number.clone()),
            subscription: scene.subscription.id,
            meter: cafe.lines[0].meter,
            month: None,
            day: None,
        };
        let explained = scene.books().explain(&query).await;
        let priced = explained.priced.unwrap();
        assert_eq!((priced.fx.rate.to_string().as_str(), priced.fx.to), (EUROS, Currency::EUR));
        assert_eq!(priced.exact.to_string(), cafe.lines[0].pricing_exact);
        // The rates that are shown are the buyer's own.
        assert!(explained.rows.iter().all(|row| row.rule == "price of this buyer"), "{:?}", explained.rows);
    });
}

#[test]
fn a_later_rate_changes_no_document_and_an_open_month_shows_the_last_one() {
    on_every_engine(|bench| async move {
        let scene = Scene::open(&bench).await;
        scene.import(vec![rate("2026-01", "EUR", EUROS), rate("2026-01", "JPY", YEN)]).await;
        scene.close().await.unwrap();
        let before = kept(&scene.tiers.channel).await;
        scene.import(vec![rate("2026-01", "EUR", "0.5"), rate("2026-01", "JPY", YEN)]).await;
        // Usage of January that came late is billed in February, at February's rate.
        let late = events(&scene.subscription, HOURS, &[("2026-01-10", "10")]);
        scene.tiers.channel.accept(late).await;
        let open = scene.books().unbilled("2026-02").await;
        let line = &open.lines[0];
        let shown = line.priced.as_ref().unwrap();
        assert_eq!((shown.fx.rate.to_string().as_str(), shown.fx.month), ("0.5", month("2026-01")), "an estimate");
        assert_eq!(line.exact, shown.exact.converted(Rate::parse("0.5").unwrap()));
        assert_eq!(findings(&scene.tiers.channel).await, Vec::<String>::new());
        scene.import(vec![rate("2026-02", "EUR", "0.7"), rate("2026-02", "JPY", YEN)]).await;
        scene.tiers.channel.advance_to("2026-03-10").await;
        let invoices = scene.books().prove().await;
        assert_eq!(invoices.iter().map(|invoice| invoice.fx[0].rate.as_str()).collect::<Vec<_>>(), [EUROS, "0.7"]);
        let after = kept(&scene.tiers.channel).await;
        assert!(before.iter().all(|document| after.contains(document)), "what was issued stays");
        let tiers = Tiers { channel: scene.tiers.channel.reopen(&bench).await, ..scene.tiers };
        assert_eq!(findings(&tiers.channel).await, Vec::<String>::new(), "after a start too");
    });
}

/// A credit limit adds documents to what is not billed yet; these are in two currencies here.
#[test]
fn budgets_are_in_the_currency_of_prices_and_a_credit_limit_needs_one_currency() {
    on_every_engine(|bench| async move {
        let scene = Scene::open(&bench).await;
        let world = scene.tiers.channel.world();
        let put = |kind, id: &str| PutBudget {
            id: BudgetId::parse(id).unwrap(),
            name: "All of it".to_owned(),
            scope: WantedScope::Channel,
            kind,
            limit: "900.00".to_owned(),
            thresholds: Vec::new(),
            action: BudgetAction::Notify,
            edge: None,
            on_anomaly: BudgetAction::Notify,
        };
        let monthly = put(BudgetKind::Monthly, "00000000-0000-4000-8000-0000000000b1");
        let (status, _) = world.metering().budget_put(&scene.cafe.ctx, monthly).await.unwrap();
        assert_eq!(status.terms.limit.currency(), Currency::USD);
        let credit = put(BudgetKind::Credit, "00000000-0000-4000-8000-0000000000b2");
        let edge = edge_of(&scene.cafe.ctx, world.db(), scene.cafe.partner.tenant).await.unwrap();
        let credit = PutBudget { edge: Some(edge.id), ..credit };
        let refused = world.metering().budget_put(&scene.tiers.above.ctx, credit).await.unwrap_err();
        assert_eq!((refused.reason(), refused.field()), (Reason::Unsupported, Some("kind")), "{refused:?}");
    });
}
