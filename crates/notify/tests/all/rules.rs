//! Who may register what, and what trials are refused.

use crate::receiver::Receiver;
use crate::scene::{asking, change, open, register, tell};
use tenantry_core::{Problem, Role};
use tenantry_notify::{
    DeliveryState, Topic, registration_create, registration_find, topic_list, trial_ask, trial_find,
};
use tenantry_testkit::on_every_engine;

const URL: &str = "https://hooks.contoso.example/in";

/// What became of it: `ok`, or the reason and the field.
fn outcome<T>(result: &Result<T, Problem>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(problem) => format!("{:?} {}", problem.reason(), problem.field().unwrap_or_default()).trim_end().to_owned(),
    }
}

#[test]
fn a_partner_registers_once_and_changes_it_from_then_on() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        let (ctx, partner) = (channel.partner_ctx(), channel.partner.tenant);
        let find = async || registration_find(&ctx, channel.world().db(), partner).await;
        assert_eq!(outcome(&find().await), "ObjectNotFound");
        assert_eq!(outcome(&change(&channel, &ctx, URL, &[Topic::Trial]).await), "ObjectNotFound");
        let made = register(&channel, &ctx, &format!(" {URL} "), &[Topic::Trial]).await.unwrap();
        assert_eq!(made.url, URL);
        assert_eq!(find().await.unwrap(), made);
        assert_eq!(outcome(&register(&channel, &ctx, URL, &[Topic::Trial]).await), "AlreadyExists");
        channel.advance_to("2026-01-02").await;
        let changed = change(&channel, &ctx, "https://other.example/", &[Topic::Invoice]).await.unwrap();
        assert_eq!((changed.id, find().await.unwrap()), (made.id, changed.clone()));
        assert!(changed.changed_at > made.changed_at);
    });
}

#[test]
fn what_cannot_be_called_or_told_is_refused() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        let (ctx, partner) = (channel.partner_ctx(), channel.partner.tenant);
        for (sandbox, url, topics, expected) in [
            (true, "", &[Topic::Trial][..], "MissingField WebhookUrl"),
            (true, "not an address", &[Topic::Trial], "InvalidField WebhookUrl"),
            (true, "http://hooks.contoso.example/in", &[Topic::Trial], "InvalidField WebhookUrl"),
            (true, URL, &[], "MissingField WebhookEvents"),
            (false, "http://localhost:8080/in", &[Topic::Trial], "InvalidField WebhookUrl"),
            (false, "https://192.168.1.7/in", &[Topic::Trial], "InvalidField WebhookUrl"),
        ] {
            let result = registration_create(&ctx, channel.world().db(), sandbox, partner, asking(url, topics)).await;
            assert_eq!(outcome(&result), expected, "{url}");
        }
        assert_eq!(outcome(&registration_find(&ctx, channel.world().db(), partner).await), "ObjectNotFound");
    });
}

#[test]
fn only_who_may_say_where_facts_of_customers_go_registers() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        let (db, partner) = (channel.world().db(), channel.partner.tenant);
        for (role, expected) in [
            (Role::SalesAgent, "Forbidden"),
            (Role::HelpdeskAgent, "Forbidden"),
            (Role::BillingAdmin, "Forbidden"),
            (Role::UserAdmin, "Forbidden"),
            (Role::GlobalAdmin, "ok"),
        ] {
            let ctx = channel.partner_ctx_with(&[role]);
            let result = registration_create(&ctx, db, true, partner, asking(URL, &[Topic::Trial])).await;
            assert_eq!(outcome(&result), expected, "{role:?}");
            assert_eq!(outcome(&registration_find(&ctx, db, partner).await), expected, "{role:?}");
            assert_eq!(topic_list(&ctx, partner).unwrap(), Topic::ALL);
        }
        // To another partner it is not there.
        let stranger = channel.stranger_ctx();
        assert_eq!(outcome(&registration_find(&stranger, db, partner).await), "TenantNotFound");
        let result = registration_create(&stranger, db, true, partner, asking(URL, &[Topic::Trial])).await;
        assert_eq!(outcome(&result), "TenantNotFound");
    });
}

#[test]
fn trials_are_for_who_hears_them_and_two_a_minute() {
    on_every_engine(|bench| async move {
        let channel = open(&bench).await;
        let (ctx, db) = (channel.partner_ctx(), channel.world().db());
        let partner = channel.partner.tenant;
        let ask = async || trial_ask(&channel.partner_ctx(), db, partner).await;
        assert_eq!(outcome(&ask().await), "ObjectNotFound");
        let receiver = Receiver::new().await;
        register(&channel, &ctx, &receiver.url, &[Topic::Invoice]).await.unwrap();
        assert_eq!(outcome(&ask().await), "InvalidField WebhookEvents");
        change(&channel, &ctx, &receiver.url, &[Topic::Trial]).await.unwrap();
        let first = ask().await.unwrap();
        ask().await.unwrap();
        assert_eq!(outcome(&ask().await), "Throttled");
        channel.advance_to("2026-01-01T00:01:00Z").await;
        ask().await.unwrap();
        assert_eq!(tell(&channel).await, 3);
        assert_eq!(receiver.heard().len(), 3);

        let find = async |id: String| trial_find(&channel.partner_ctx(), db, partner, &id).await;
        let found = find(first.to_string()).await.unwrap();
        assert_eq!((found.state, found.attempts.len(), &found.url), (DeliveryState::Delivered, 1, &receiver.url));
        for id in ["", "not-a-guid", "00000000-0000-4000-8000-000000000000"] {
            assert_eq!(outcome(&find(id.to_owned()).await), "ObjectNotFound", "{id}");
        }
        // The stranger has one of its own, and not this.
        register(&channel, &channel.stranger_ctx(), URL, &[Topic::Trial]).await.unwrap();
        let theirs = trial_find(&channel.stranger_ctx(), db, channel.stranger.tenant, &first.to_string()).await;
        assert_eq!(outcome(&theirs), "ObjectNotFound");
        channel.advance_to("2026-01-08T00:00:00Z").await;
        assert_eq!(outcome(&find(first.to_string()).await), "ObjectNotFound", "kept for seven days");
    });
}
