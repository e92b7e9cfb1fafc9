//! What is told, to whom, how often, and that it can be believed.

use crate::receiver::{Heard, Receiver};
use crate::scene::{WORDING, change, open, register, tell};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use tenantry_commerce::{ChangeSubscription, Limits, Status, Subscription, subscription_change};
use tenantry_core::OpContext;
use tenantry_db::sql;
use tenantry_metering::{PutBudget, WantedScope};
use tenantry_notify::{DeliveryState, Post, Topic, trial_ask, trial_find};
use tenantry_testkit::{CARD, Channel, HOURS, ORIGIN, events, on_every_engine};
use tenantry_usage::{BudgetAction, BudgetId, BudgetKind};
use uuid::Uuid;

fn told(subscription: &Subscription, at: &str) -> String {
    format!(
        "{{\"Subscription\":\"{}\",\"of\":\"{}\",\"at\":\"{at}\",\"in\":\"{ORIGIN}\"}}",
        subscription.id, subscription.customer
    )
}

async fn suspend(channel: &Channel, subscription: &Subscription) {
    let change = ChangeSubscription {
        status: Some(Status::Suspended),
        ..ChangeSubscription::of(subscription.customer, subscription.id)
    };
    subscription_change(&channel.partner_ctx(), channel.world().db(), &Limits::NONE, change).await.unwrap();
}

/// Whether one of the world's keys signed what was heard.
fn is_signed(channel: &Channel, heard: &Heard) -> bool {
    let hex = heard.header("x-signature").unwrap();
    let signature: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    let key = channel.world().keys().jwks("issuer").into_iter().find(|key| heard.header("x-key") == Some(&key.kid));
    let key = key.unwrap();
    let read = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let public = RsaPublicKeyComponents { n: read(&key.n), e: read(&key.e) };
    public.verify(&RSA_PKCS1_2048_8192_SHA256, &heard.body, &signature).is_ok()
}

#[test]
fn a_change_is_told_once_to_the_partner_that_sells_it_and_to_no_other() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        let (ours, theirs) = (Receiver::new().await, Receiver::new().await);
        register(&channel, &channel.partner_ctx(), &ours.url, &Topic::ALL).await.unwrap();
        register(&channel, &channel.stranger_ctx(), &theirs.url, &Topic::ALL).await.unwrap();
        let subscription = channel.order_usage(&channel.customer("Northwind").await).await;
        assert_eq!(tell(&channel).await, 1);
        let heard = ours.heard();
        assert_eq!(heard.iter().map(Heard::text).collect::<Vec<_>>(), [told(&subscription, "2026-01-01T00:00:00Z")]);
        assert!(is_signed(&channel, &heard[0]));
        assert!(heard[0].head.starts_with("POST /in?key=1 HTTP/1.1\r\n"), "{}", heard[0].head);
        assert_eq!(heard[0].header("content-type"), Some("application/json; charset=utf-8"));
        let forged =
            Heard { body: heard[0].text().replace("Subscription", "Subscriptiom").into_bytes(), ..heard[0].clone() };
        assert!(!is_signed(&channel, &forged), "the signature is of these very bytes");

        assert_eq!(tell(&channel).await, 0, "once is enough");
        channel.advance_to("2026-01-02").await;
        suspend(&channel, &subscription).await;
        assert_eq!(tell(&channel).await, 1);
        assert_eq!(ours.texts(), [told(&subscription, "2026-01-02T00:00:00Z")]);
        assert!(theirs.texts().is_empty(), "another partner's customers are no news for it");

        // A new process reads on where the last one was.
        let channel = channel.reopen(&bench).await;
        assert_eq!(tell(&channel).await, 0);
        assert!(ours.texts().is_empty());
    });
}

#[test]
fn who_was_down_is_told_later_by_the_worlds_clock_and_in_order() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        let receiver = Receiver::new().await;
        register(&channel, &channel.partner_ctx(), &receiver.url, &[Topic::Subscription]).await.unwrap();
        let url = receiver.stop().await;
        let subscription = channel.order_usage(&channel.customer("Northwind").await).await;
        assert_eq!(tell(&channel).await, 1);
        assert_eq!(tell(&channel).await, 0, "tried again only after a minute");
        channel.advance_to("2026-01-01T00:00:59Z").await;
        assert_eq!(tell(&channel).await, 0);
        channel.advance_to("2026-01-01T00:01:00Z").await;
        assert_eq!(tell(&channel).await, 1, "still down");
        channel.advance_to("2026-01-05").await;
        suspend(&channel, &subscription).await;
        let receiver = Receiver::again(&url).await;
        assert_eq!(tell(&channel).await, 2);
        assert_eq!(
            receiver.texts(),
            [told(&subscription, "2026-01-01T00:00:00Z"), told(&subscription, "2026-01-05T00:00:00Z")]
        );
    });
}

#[test]
fn it_is_tried_ten_times_and_then_parked() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        let receiver = Receiver::new().await;
        receiver.answers("500 Internal Server Error");
        let (ctx, partner) = (channel.partner_ctx(), channel.partner.tenant);
        register(&channel, &ctx, &receiver.url, &[Topic::Trial]).await.unwrap();
        let trial = trial_ask(&ctx, channel.world().db(), partner).await.unwrap();
        let find = async || trial_find(&channel.partner_ctx(), channel.world().db(), partner, &trial.to_string()).await;
        assert_eq!(find().await.unwrap().state, DeliveryState::Waiting);
        let mut tried = tell(&channel).await;
        for day in 2..6 {
            for hour in (0..24).step_by(6) {
                channel.advance_to(&format!("2026-01-{day:02}T{hour:02}:00:00Z")).await;
                tried += tell(&channel).await;
            }
        }
        assert_eq!((tried, receiver.heard().len()), (10, 10));
        let found = find().await.unwrap();
        assert_eq!(found.state, DeliveryState::Parked);
        assert!(found.attempts.iter().all(|attempt| attempt.status == Some(500)) && found.attempts.len() == 10);
    });
}

#[test]
fn what_a_redirect_leads_to_is_not_called() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        let (receiver, elsewhere) = (Receiver::new().await, Receiver::new().await);
        receiver.answers(&format!("307 Temporary Redirect\r\nlocation: {}", elsewhere.url));
        let (ctx, partner) = (channel.partner_ctx(), channel.partner.tenant);
        register(&channel, &ctx, &receiver.url, &[Topic::Trial]).await.unwrap();
        let trial = trial_ask(&ctx, channel.world().db(), partner).await.unwrap();
        assert_eq!(tell(&channel).await, 1);
        assert_eq!((receiver.heard().len(), elsewhere.heard().len()), (1, 0));
        let found = trial_find(&ctx, channel.world().db(), partner, &trial.to_string()).await.unwrap();
        assert_eq!((found.state, found.attempts[0].status), (DeliveryState::Waiting, Some(307)));
    });
}

#[test]
fn only_what_was_asked_for_and_happened_since_is_told() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        let customer = channel.customer("Northwind").await;
        channel.order_usage(&customer).await;
        let receiver = Receiver::new().await;
        let ctx = channel.partner_ctx();
        register(&channel, &ctx, &receiver.url, &[Topic::Invoice]).await.unwrap();
        assert_eq!(tell(&channel).await, 0, "from before the registration, and not read yet");
        channel.order_usage(&customer).await;
        assert_eq!(tell(&channel).await, 0, "of another kind");
        change(&channel, &ctx, &receiver.url, &[Topic::Subscription]).await.unwrap();
        let subscription = channel.order_usage(&customer).await;
        assert_eq!(tell(&channel).await, 1);
        assert_eq!(receiver.texts(), [told(&subscription, "2026-01-01T00:00:00Z")]);
    });
}

#[test]
fn an_invoice_is_told_to_who_is_billed() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        channel.import_card(CARD).await;
        let (ours, theirs) = (Receiver::new().await, Receiver::new().await);
        register(&channel, &channel.partner_ctx(), &ours.url, &[Topic::Invoice]).await.unwrap();
        register(&channel, &channel.stranger_ctx(), &theirs.url, &[Topic::Invoice]).await.unwrap();
        let subscription = channel.order_usage(&channel.customer("Northwind").await).await;
        channel.advance_to("2026-01-05").await;
        channel.accept(events(&subscription, HOURS, &[("2026-01-02T10:00:00Z", "3")])).await;
        channel.advance_to("2026-02-10").await;
        assert_eq!(tell(&channel).await, 1);
        let numbers = sql("SELECT number FROM invoice").all(&mut channel.world().db().reader().await.unwrap()).await;
        let number = numbers.unwrap()[0].text("number").unwrap();
        let heard = ours.texts();
        assert!(heard[0].starts_with(&format!("{{\"Invoice\":\"{number}\",\"of\":\"\"")), "{heard:?}");
        assert!(theirs.texts().is_empty());
    });
}

#[test]
fn a_budget_that_is_used_up_is_told_to_who_watches_it() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        channel.import_card(CARD).await;
        let receiver = Receiver::new().await;
        register(&channel, &channel.partner_ctx(), &receiver.url, &[Topic::SpendingLimit]).await.unwrap();
        let customer = channel.customer("Northwind").await;
        let subscription = channel.order_usage(&customer).await;
        let budget = PutBudget {
            id: BudgetId::new(Uuid::from_u128(7)),
            name: "Northwind".to_owned(),
            scope: WantedScope::Customer(customer.id),
            edge: None,
            kind: BudgetKind::Monthly,
            limit: "1".to_owned(),
            thresholds: vec![50],
            action: BudgetAction::Notify,
            on_anomaly: BudgetAction::Notify,
        };
        channel.world().metering().budget_put(&channel.partner_ctx(), budget).await.unwrap();
        channel.advance_to("2026-01-05").await;
        channel.accept(events(&subscription, HOURS, &[("2026-01-02T10:00:00Z", "1000")])).await;
        // Half of it was crossed as well, and is nobody's alarm.
        assert_eq!(tell(&channel).await, 1);
        assert!(receiver.texts()[0].starts_with(&format!("{{\"SpendingLimit\":\"{}\"", Uuid::from_u128(7))));
    });
}

#[test]
fn in_a_live_world_no_receiver_on_the_machine_is_called_however_it_was_registered() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        let receiver = Receiver::new().await;
        let (ctx, partner) = (channel.partner_ctx(), channel.partner.tenant);
        register(&channel, &ctx, &receiver.url, &[Topic::Trial]).await.unwrap();
        let (world, system): (_, OpContext) = (channel.world(), channel.world().system("test"));
        let trial = trial_ask(&ctx, world.db(), partner).await.unwrap();
        let teller = tenantry_notify::Teller {
            db: world.db(),
            keys: world.keys(),
            sandbox: false,
            shared: false,
            post: &Post::default(),
            wording: WORDING,
        };
        assert_eq!(teller.tell(&system, partner).await.unwrap(), 1);
        assert!(receiver.heard().is_empty());
        let found = trial_find(&ctx, world.db(), partner, &trial.to_string()).await.unwrap();
        assert_eq!(found.attempts[0].said, "the registered address may not be called in this world");
    });
}

/// Where others can reach the server, a sandbox's receiver beside it is no way into the machine.
#[test]
fn a_server_that_others_reach_calls_public_addresses_only_for_sandboxes_too() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        let receiver = Receiver::new().await;
        let (ctx, partner) = (channel.partner_ctx(), channel.partner.tenant);
        register(&channel, &ctx, &receiver.url, &[Topic::Trial]).await.unwrap();
        let world = channel.world();
        let mut said = Vec::new();
        for public_only in [true, false] {
            let trial = trial_ask(&ctx, world.db(), partner).await.unwrap();
            world.tell_due(&Post::default().public_only(public_only), WORDING).await.unwrap();
            let found = trial_find(&ctx, world.db(), partner, &trial.to_string()).await.unwrap();
            said.push((receiver.heard().len(), found.attempts[0].said.clone()));
        }
        assert_eq!(said[0], (0, "the receiver's name stands for no address that may be called".to_owned()));
        assert_eq!(said[1].0, 1, "{said:?}");
    });
}

/// Two processes of a world look at the same time; the mark of the one keeps the other away.
#[test]
fn what_one_process_is_telling_another_leaves_alone() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        let receiver = Receiver::new().await;
        let (ctx, partner) = (channel.partner_ctx(), channel.partner.tenant);
        register(&channel, &ctx, &receiver.url, &[Topic::Trial]).await.unwrap();
        trial_ask(&ctx, channel.world().db(), partner).await.unwrap();
        let (world, system) = (channel.world(), channel.world().system("test"));
        let mut tx = world.db().begin().await.unwrap();
        sql("UPDATE webhook_delivery SET taken_until = $1")
            .bind(system.now().plus_seconds(60))
            .run(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let post = Post::default();
        let teller = tenantry_notify::Teller {
            db: world.db(),
            keys: world.keys(),
            sandbox: true,
            shared: true,
            post: &post,
            wording: WORDING,
        };
        assert_eq!(teller.tell(&system, partner).await.unwrap(), 0);
        // Whoever took it died: after its time another tells.
        channel.advance_to("2026-01-01T00:01:00Z").await;
        assert_eq!(teller.tell(&channel.world().system("test"), partner).await.unwrap(), 1);
        assert_eq!(receiver.heard().len(), 1);
    });
}
