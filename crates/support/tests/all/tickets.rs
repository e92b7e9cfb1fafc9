//! Tickets: raised, answered, closed, and seen by nobody else.

use tenantry_commerce::{Customer, Limits, relationship_request_accept, relationship_request_create};
use tenantry_core::{Caller, ObjectId, OpContext, Problem, Role, TenantId};
use tenantry_db::sql;
use tenantry_support::{
    Contact, NewTicket, Severity, Ticket, TicketAnswerGiven, TicketChange, TicketFilter, TicketWanted, TicketsOf,
    ticket_answer, ticket_change, ticket_close, ticket_create, ticket_get, ticket_list, ticket_list_of_provider,
    topic_list,
};
use tenantry_testkit::{Channel, on_every_engine};

fn new(partner: TenantId, customer: Option<TenantId>) -> NewTicket {
    NewTicket {
        partner,
        customer,
        title: " A line is missing ".to_owned(),
        description: "On the invoice of last month\r\nthere is no storage.".to_owned(),
        severity: Some(Severity::Moderate),
        topic: Some(1),
        contact: Contact::default(),
    }
}

fn note(words: &str) -> TicketChange {
    TicketChange { note: Some(words.to_owned()), ..TicketChange::default() }
}

fn outcome<T>(result: Result<T, Problem>) -> String {
    result.map_or_else(
        |problem| format!("{:?} {}", problem.reason(), problem.field().unwrap_or_default()).trim_end().to_owned(),
        |_| "ok".to_owned(),
    )
}

async fn raise(channel: &Channel, customer: Option<&Customer>) -> Ticket {
    let new = new(channel.partner.tenant, customer.map(|customer| customer.id));
    ticket_create(&channel.partner_ctx(), channel.world().db(), new).await.unwrap()
}

#[test]
fn a_ticket_goes_to_and_fro_and_ends() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-10T16:00:00Z").await).await;
        let (db, partner, provider) = (channel.world().db(), channel.partner_ctx(), channel.provider_ctx());
        let customer = channel.customer("Northwind").await;
        let ticket = raise(&channel, Some(&customer)).await;
        assert_eq!((ticket.number, ticket.version, ticket.status.name()), (1, 1, "open"));
        assert_eq!(ticket.title, "A line is missing");
        assert_eq!(ticket.description, "On the invoice of last month\nthere is no storage.");
        assert_eq!((ticket.organization_name.as_str(), ticket.customer), ("Northwind", Some(customer.id)));

        let answer = TicketAnswerGiven { number: 1, words: "Which subscription?".to_owned() };
        let answered = ticket_answer(&provider, db, answer).await.unwrap();
        assert_eq!(answered.status.name(), "attention-needed");
        // Who of the provider's answered is nobody else's business.
        assert_eq!(answered.notes[0].writer_name, channel.provider.company_name);
        assert_eq!(answered.changed_by.id, channel.provider.tenant.to_string());

        let went_on = ticket_change(&partner, db, None, 1, note("The first one.")).await.unwrap();
        assert_eq!((went_on.status.name(), went_on.version), ("open", 3));
        let said: Vec<_> = went_on.notes.iter().map(|note| (note.by_provider, note.words.as_str())).collect();
        assert_eq!(said, [(true, "Which subscription?"), (false, "The first one.")]);
        assert_eq!(ticket_get(&partner, db, None, 1).await.unwrap(), went_on);

        let close = TicketChange { wanted: Some(TicketWanted::Closed), ..note("Found it.") };
        let closed = ticket_change(&partner, db, Some(customer.id), 1, close).await.unwrap();
        assert_eq!(closed.status.closed_at(), Some(partner.now()));
        assert_eq!(closed.notes.len(), 3);
        for (what, result) in [
            ("note", ticket_change(&partner, db, None, 1, note("One more thing")).await.map(drop)),
            ("reopen", {
                let open = TicketChange { wanted: Some(TicketWanted::NotClosed), ..TicketChange::default() };
                ticket_change(&partner, db, None, 1, open).await.map(drop)
            }),
            ("answer", {
                let late = TicketAnswerGiven { number: 1, words: "Anything else?".to_owned() };
                ticket_answer(&provider, db, late).await.map(drop)
            }),
            ("close", ticket_close(&provider, db, 1).await.map(drop)),
        ] {
            assert_eq!(outcome(result), "StatusChangeRefused status", "{what}");
        }
        assert_eq!(ticket_get(&partner, db, None, 1).await.unwrap(), closed);
    });
}

#[test]
fn a_ticket_sent_back_as_it_is_stays_as_it_is() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-10T16:00:00Z").await).await;
        let (db, partner) = (channel.world().db(), channel.partner_ctx());
        let ticket = raise(&channel, None).await;
        assert_eq!(ticket.organization_name, channel.partner.company_name);
        let back = TicketChange {
            title: Some(ticket.title.clone()),
            description: Some(ticket.description.clone()),
            severity: Some(ticket.severity),
            topic: Some(ticket.topic.id),
            wanted: Some(TicketWanted::NotClosed),
            note: Some("  ".to_owned()),
        };
        assert_eq!(ticket_change(&partner, db, None, ticket.number, back.clone()).await.unwrap(), ticket);
        // Also one that is closed: clients send the whole thing.
        let closed = ticket_close(&channel.provider_ctx(), db, ticket.number).await.unwrap();
        let back = TicketChange { wanted: Some(TicketWanted::Closed), ..back };
        assert_eq!(ticket_change(&partner, db, None, ticket.number, back).await.unwrap(), closed);
    });
}

#[test]
fn what_cannot_be_is_refused_by_name_and_nothing_is_kept() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-10T16:00:00Z").await).await;
        let (db, partner) = (channel.world().db(), channel.partner_ctx());
        let good = || new(channel.partner.tenant, None);
        let long = |length| "x".repeat(length);
        for (what, ticket, expected) in [
            ("no title", NewTicket { title: " ".into(), ..good() }, "MissingField title"),
            ("long title", NewTicket { title: long(201), ..good() }, "InvalidField title"),
            ("title of two lines", NewTicket { title: "a\nb".into(), ..good() }, "InvalidField title"),
            ("no description", NewTicket { description: String::new(), ..good() }, "MissingField description"),
            ("long description", NewTicket { description: long(8001), ..good() }, "InvalidField description"),
            ("no severity", NewTicket { severity: None, ..good() }, "MissingField severity"),
            ("no topic", NewTicket { topic: None, ..good() }, "MissingField supportTopicId"),
            ("unknown topic", NewTicket { topic: Some(99), ..good() }, "InvalidField supportTopicId"),
            (
                "long phone",
                NewTicket { contact: Contact { phone_number: Some(long(41)), ..Contact::default() }, ..good() },
                "InvalidField primaryContact.phoneNumber",
            ),
            ("no customer", new(channel.partner.tenant, Some(channel.stranger.tenant)), "CustomerNotFound"),
            ("another partner's", NewTicket { partner: channel.stranger.tenant, ..good() }, "TenantNotFound"),
        ] {
            assert_eq!(outcome(ticket_create(&partner, db, ticket).await), expected, "{what}");
        }
        let all = TicketsOf::Partner(channel.partner.tenant);
        assert!(ticket_list(&partner, db, all, TicketFilter::default()).await.unwrap().is_empty());
        assert_eq!(raise(&channel, None).await.number, 1, "refused ones take no number");
        let mut reader = db.reader().await.unwrap();
        let open = sql("SELECT id FROM audit_line WHERE act = 'ticket-create' AND completed_at IS NULL");
        assert!(open.all(&mut reader).await.unwrap().is_empty());
    });
}

#[test]
fn nobody_but_partner_and_provider_sees_a_ticket() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-10T16:00:00Z").await).await;
        let db = channel.world().db();
        let customer = channel.customer("Northwind").await;
        let ticket = raise(&channel, Some(&customer)).await;
        // The other partner has the same customer.
        let (system, stranger) = (channel.world().system("test"), channel.stranger_ctx());
        let request = relationship_request_create(&system, db, channel.stranger.tenant).await.unwrap().id;
        relationship_request_accept(&system, db, &Limits::NONE, customer.id, request, true).await.unwrap();
        let nobody = OpContext { caller: Caller::Nobody, ..system.clone() };
        let billing = channel.partner_ctx_with(&[Role::BillingAdmin]);
        let helpdesk = channel.partner_ctx_with(&[Role::HelpdeskAgent]);
        let answer = || TicketAnswerGiven { number: ticket.number, words: "Yes".to_owned() };
        for (who, ctx, read, answered) in [
            ("the other partner", &stranger, "ObjectNotFound", "ObjectNotFound"),
            ("nobody", &nobody, "TokenMissing", "TokenMissing"),
            ("a billing admin", &billing, "Forbidden", "Forbidden"),
            ("a helpdesk agent", &helpdesk, "ok", "Forbidden"),
        ] {
            for below in [None, Some(customer.id)] {
                assert_eq!(outcome(ticket_get(ctx, db, below, ticket.number).await), read, "{who}");
            }
            assert_eq!(outcome(ticket_change(ctx, db, None, ticket.number, note("I")).await), read, "{who}");
            assert_eq!(outcome(ticket_answer(ctx, db, answer()).await), answered, "{who}");
            assert_eq!(outcome(ticket_close(ctx, db, ticket.number).await), answered, "{who}");
            let everybodys = ticket_list_of_provider(ctx, db, None, TicketFilter::default()).await;
            assert!(everybodys.is_err(), "{who}");
        }
        let theirs = TicketsOf::Customer(customer.id);
        assert!(ticket_list(&stranger, db, theirs, TicketFilter::default()).await.unwrap().is_empty());
        let not_theirs = TicketsOf::Partner(channel.partner.tenant);
        let listed = ticket_list(&stranger, db, not_theirs, TicketFilter::default()).await;
        assert_eq!(outcome(listed), "TenantNotFound");
        assert_eq!(outcome(topic_list(&billing).map(drop)), "Forbidden");
        assert_eq!(outcome(ticket_get(&helpdesk, db, Some(channel.stranger.tenant), 1).await), "CustomerNotFound");
    });
}

#[test]
fn lists_show_what_was_asked_for_the_newest_first() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-10T16:00:00Z").await).await;
        let (db, partner, provider) = (channel.world().db(), channel.partner_ctx(), channel.provider_ctx());
        let (northwind, tailspin) = (channel.customer("Northwind").await, channel.customer("Tailspin").await);
        for customer in [None, Some(&northwind), Some(&tailspin), Some(&northwind)] {
            raise(&channel, customer).await;
        }
        let of_stranger = new(channel.stranger.tenant, None);
        ticket_create(&channel.stranger_ctx(), db, of_stranger).await.unwrap();
        ticket_close(&provider, db, 2).await.unwrap();
        ticket_answer(&provider, db, TicketAnswerGiven { number: 4, words: "Why?".to_owned() }).await.unwrap();

        let numbers = |tickets: Vec<Ticket>| tickets.iter().map(|ticket| ticket.number).collect::<Vec<_>>();
        let whole = TicketsOf::Partner(channel.partner.tenant);
        let status = |name| TicketFilter { status: Some(name), raised_by: None };
        let (me, another) = (channel.partner_app.identity.principal, ObjectId::new(channel.partner.tenant.guid()));
        let by = |who| TicketFilter { status: None, raised_by: Some(who) };
        for (of, filter, expected) in [
            (whole, TicketFilter::default(), &[4, 3, 2, 1][..]),
            (whole, status("open"), &[3, 1]),
            (whole, status("closed"), &[2]),
            (whole, status("attention-needed"), &[4]),
            (whole, by(me), &[4, 3, 2, 1]),
            (whole, by(another), &[]),
            (TicketsOf::Customer(northwind.id), TicketFilter::default(), &[4, 2]),
            (TicketsOf::Customer(northwind.id), status("closed"), &[2]),
        ] {
            assert_eq!(numbers(ticket_list(&partner, db, of, filter).await.unwrap()), expected, "{of:?} {filter:?}");
        }
        let everybodys = ticket_list_of_provider(&provider, db, None, TicketFilter::default()).await.unwrap();
        assert_eq!(numbers(everybodys), [5, 4, 3, 2, 1]);
        let one = ticket_list_of_provider(&provider, db, Some(channel.stranger.tenant), TicketFilter::default());
        assert_eq!(numbers(one.await.unwrap()), [5]);
        // A list shows notes as one ticket does.
        let listed = ticket_list(&partner, db, whole, status("attention-needed")).await.unwrap();
        assert_eq!(listed, [ticket_get(&partner, db, None, 4).await.unwrap()]);
    });
}
