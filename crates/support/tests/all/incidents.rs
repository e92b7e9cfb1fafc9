//! Incidents: opened, told about, over; read by those who look after customers.

use tenantry_core::{Problem, Role};
use tenantry_support::{
    Incident, IncidentLevel, IncidentNews, NewIncident, incident_get, incident_list, incident_open, incident_resolve,
    incident_update,
};
use tenantry_testkit::{Channel, on_every_engine, time};

fn new(workload: &str) -> NewIncident {
    NewIncident {
        workload: workload.to_owned(),
        affected: vec!["Invoices".to_owned(), workload.to_owned()],
        area: Some("West Europe".to_owned()),
        level: IncidentLevel::Warning,
        words: "Events are taken slowly.".to_owned(),
        started_at: None,
    }
}

fn news(id: &str, level: Option<IncidentLevel>) -> IncidentNews {
    IncidentNews { id: id.to_owned(), words: "We know why.".to_owned(), level }
}

fn outcome<T>(result: Result<T, Problem>) -> String {
    result.map_or_else(
        |problem| format!("{:?} {}", problem.reason(), problem.field().unwrap_or_default()).trim_end().to_owned(),
        |_| "ok".to_owned(),
    )
}

#[test]
fn an_incident_is_told_about_until_it_is_over() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-10T16:00:00Z").await).await;
        let (db, provider, partner) = (channel.world().db(), channel.provider_ctx(), channel.partner_ctx());
        let earlier = Some(time("2026-01-10T15:00:00Z"));
        let opened = incident_open(&provider, db, NewIncident { started_at: earlier, ..new("Intake") }).await.unwrap();
        assert_eq!((opened.id().as_str(), opened.started_at), ("TI000001", time("2026-01-10T15:00:00Z")));
        assert_eq!(opened.affected, ["Intake", "Invoices"], "each once, its own first");
        incident_open(&provider, db, new("Sign-in")).await.unwrap();

        let worse = incident_update(&provider, db, news("ti000001", Some(IncidentLevel::Critical))).await.unwrap();
        assert_eq!((worse.level, worse.messages.len()), (IncidentLevel::Critical, 2));
        let same = incident_update(&provider, db, news("TI000001", None)).await.unwrap();
        assert_eq!(same.level, IncidentLevel::Critical, "what is not said stays");
        let over = incident_resolve(&provider, db, "TI000001", "A disk was full.".to_owned()).await.unwrap();
        assert_eq!(over.resolved_at, Some(provider.now()));
        assert_eq!(incident_get(&partner, db, "TI000001").await.unwrap(), over);
        assert_eq!(over.messages.last().map(|said| said.words.as_str()), Some("A disk was full."));

        let again = incident_resolve(&provider, db, "TI000001", "Really.".to_owned()).await;
        assert_eq!(outcome(again), "StatusChangeRefused");
        assert_eq!(outcome(incident_update(&provider, db, news("TI000001", None)).await), "StatusChangeRefused");
        let numbers = |all: Vec<Incident>| all.iter().map(|incident| incident.number).collect::<Vec<_>>();
        for (resolved, expected) in [(None, &[2, 1][..]), (Some(true), &[1]), (Some(false), &[2])] {
            assert_eq!(numbers(incident_list(&partner, db, resolved).await.unwrap()), expected, "{resolved:?}");
        }
        assert!(incident_list(&partner, db, Some(true)).await.unwrap().contains(&over));
    });
}

#[test]
fn the_provider_alone_keeps_them_and_who_looks_after_customers_reads_them() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-10T16:00:00Z").await).await;
        let db = channel.world().db();
        incident_open(&channel.provider_ctx(), db, new("Intake")).await.unwrap();
        for (role, read) in [
            (Role::AdminAgent, "ok"),
            (Role::SalesAgent, "ok"),
            (Role::HelpdeskAgent, "ok"),
            (Role::GlobalAdmin, "ok"),
            (Role::UserAdmin, "Forbidden"),
            (Role::BillingAdmin, "Forbidden"),
        ] {
            let ctx = channel.partner_ctx_with(&[role]);
            assert_eq!(outcome(incident_list(&ctx, db, None).await), read, "{role}");
            assert_eq!(outcome(incident_get(&ctx, db, "TI000001").await), read, "{role}");
            assert_eq!(outcome(incident_open(&ctx, db, new("Sign-in")).await), "Forbidden", "{role}");
            assert_eq!(outcome(incident_update(&ctx, db, news("TI000001", None)).await), "Forbidden", "{role}");
            let over = incident_resolve(&ctx, db, "TI000001", "Over".to_owned()).await;
            assert_eq!(outcome(over), "Forbidden", "{role}");
        }
        assert_eq!(incident_list(&channel.provider_ctx(), db, Some(false)).await.unwrap().len(), 1);
    });
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-10T16:00:00Z").await).await;
        let (db, provider) = (channel.world().db(), channel.provider_ctx());
        let many = vec!["Invoices".to_owned(); 21];
        for (incident, expected) in [
            (new(" "), "MissingField workload"),
            (new("two\nlines"), "InvalidField workload"),
            (NewIncident { affected: many, ..new("Intake") }, "InvalidField affectedWorkloads"),
            (NewIncident { affected: vec![String::new()], ..new("Intake") }, "MissingField affectedWorkloads[0]"),
            (NewIncident { words: String::new(), ..new("Intake") }, "MissingField message"),
            (NewIncident { area: Some("x".repeat(101)), ..new("Intake") }, "InvalidField area"),
            (NewIncident { started_at: Some(time("2026-01-10T16:00:01Z")), ..new("Intake") }, "InvalidField startedAt"),
        ] {
            assert_eq!(outcome(incident_open(&provider, db, incident).await), expected);
        }
        for id in ["TI000001", "1", "TI-1", ""] {
            assert_eq!(outcome(incident_get(&provider, db, id).await), "ObjectNotFound", "{id}");
            assert_eq!(outcome(incident_update(&provider, db, news(id, None)).await), "ObjectNotFound", "{id}");
        }
        let opened = incident_open(&provider, db, new("Intake")).await.unwrap();
        let silent = IncidentNews { words: " ".to_owned(), ..news(&opened.id(), None) };
        assert_eq!(outcome(incident_update(&provider, db, silent).await), "MissingField message");
    });
}
