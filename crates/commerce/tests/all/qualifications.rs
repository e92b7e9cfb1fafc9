//! What a customer is besides a company: asked for, reviewed, and needed for some offers.

use crate::house::{AZURE, House, PREMIUM, in_a_house, new_order};
use tenantry_commerce::{
    AskQualification, ChangeSubscription, Customer, DenialReason, EducationSegment, Limits, ManagedService,
    NewValidationCode, Partner, Qualification, ReviewStatus, Status, Vetting, customer_review_get, customer_review_set,
    managed_service_list, offer_list_of_customer, order_place, qualification_ask, qualification_decide,
    qualification_list, qualification_review_list, qualification_set, subscription_change, validation_code_give,
    validation_code_list, validation_code_of_customer,
};
use tenantry_core::{OpContext, Problem, Reason, Role};
use uuid::Uuid;

const A3: &str = "2699E567-E3D8-5996-AEC8-1D011A98E071";
const G3: &str = "85213E8B-C9DA-549B-98F4-58FE2F0411A5";
const DAY: i64 = 24 * 60 * 60;

fn school(customer: &Customer) -> AskQualification {
    AskQualification {
        customer: customer.id,
        qualification: Qualification::Education,
        segment: Some(EducationSegment::School),
        website: Some("https://northwind.example".to_owned()),
        validation_code: None,
    }
}

fn authority(customer: &Customer, code: Option<Uuid>) -> AskQualification {
    AskQualification {
        qualification: Qualification::GovernmentCommunityCloud,
        segment: None,
        website: None,
        validation_code: code,
        ..school(customer)
    }
}

async fn order(house: &House, ctx: &OpContext, customer: &Customer, offer: &str) -> Result<(), Problem> {
    let ctx = house.by_again(ctx);
    order_place(&ctx, &house.db, &Limits::NONE, new_order(customer, &[(offer, 1)])).await.map(drop)
}

fn said<T>(outcome: Result<T, Problem>) -> (Reason, String) {
    let refused = outcome.err().unwrap();
    (refused.reason(), refused.field().unwrap_or_default().to_owned())
}

async fn desk(house: &House) -> (Partner, Customer, OpContext) {
    let partner = house.partner("contoso").await;
    let customer = house.customer(&partner, "Northwind").await;
    let ctx = house.by(&partner, &[Role::SalesAgent]);
    (partner, customer, ctx)
}

#[test]
fn a_school_buys_what_is_for_schools_once_the_provider_said_yes() {
    in_a_house(|house| async move {
        let (_, customer, ctx) = desk(&house).await;
        let db = &house.db;
        let not_sold = (Reason::OfferNotPurchasable, "lineItems[0].offerId".to_owned());
        let listed = async || {
            let offers = offer_list_of_customer(&ctx, db, customer.id).await.unwrap();
            offers.iter().filter(|offer| offer.qualification.is_some()).map(|offer| offer.id).collect::<Vec<_>>()
        };
        assert_eq!(said(order(&house, &ctx, &customer, A3).await), not_sold);
        let asked = qualification_ask(&ctx, db, school(&customer), false).await.unwrap();
        assert_eq!(asked.vetting, Vetting::InReview { approves_at: None });
        house.clock.advance_to(house.ctx.now().plus_seconds(400 * DAY));
        assert_eq!(
            said(order(&house, &ctx, &customer, A3).await),
            not_sold,
            "time alone decides nothing in a live world"
        );
        assert!(listed().await.is_empty());

        let provider = house.by_provider();
        assert_eq!(qualification_review_list(&provider, db).await.unwrap(), std::slice::from_ref(&asked));
        let decided = qualification_decide(&provider, db, asked.id, None).await.unwrap();
        assert_eq!(decided.vetting, Vetting::Approved { since: house.ctx.now() });
        assert_eq!(qualification_list(&ctx, db, customer.id).await.unwrap(), [decided]);
        assert!(qualification_review_list(&provider, db).await.unwrap().is_empty());
        assert_eq!(listed().await, [A3]);
        order(&house, &ctx, &customer, A3).await.unwrap();
        assert_eq!(said(order(&house, &ctx, &customer, G3).await), not_sold, "a school is no public authority");
        let again = qualification_decide(&provider, db, asked.id, Some(DenialReason::Restricted)).await;
        assert_eq!(said(again).0, Reason::StatusChangeRefused, "what is sold goes by it");
        let again = qualification_ask(&ctx, db, school(&customer), false).await;
        assert_eq!(said(again), (Reason::AlreadyExists, "qualification".to_owned()));
    });
}

#[test]
fn who_was_denied_may_ask_again_and_buys_nothing_meanwhile() {
    in_a_house(|house| async move {
        let (_, customer, ctx) = desk(&house).await;
        let (db, provider) = (&house.db, house.by_provider());
        let first = qualification_ask(&ctx, db, school(&customer), true).await.unwrap();
        let reason = DenialReason::NotAcademicDomain;
        qualification_decide(&provider, db, first.id, Some(reason)).await.unwrap();
        house.clock.advance_to(house.ctx.now().plus_seconds(2 * DAY));
        let held = qualification_list(&ctx, db, customer.id).await.unwrap();
        assert!(matches!(held[0].vetting, Vetting::Denied { reason: said, .. } if said == reason), "{held:?}");
        assert!(order(&house, &ctx, &customer, A3).await.is_err());
        let second = qualification_ask(&ctx, db, school(&customer), true).await.unwrap();
        assert_ne!(second.id, first.id);
        assert_eq!(qualification_list(&ctx, db, customer.id).await.unwrap(), [second]);
        let gone = qualification_decide(&provider, db, first.id, None).await;
        assert_eq!(said(gone).0, Reason::ObjectNotFound);
    });
}

#[test]
fn a_sandbox_says_yes_by_itself_a_day_later_or_at_once_the_older_way() {
    in_a_house(|house| async move {
        let (partner, customer, ctx) = desk(&house).await;
        let db = &house.db;
        let asked = qualification_ask(&ctx, db, school(&customer), true).await.unwrap();
        let due = house.ctx.now().plus_seconds(DAY);
        assert_eq!(asked.vetting, Vetting::InReview { approves_at: Some(due) });
        house.clock.advance_to(due.plus_seconds(-1));
        assert!(order(&house, &ctx, &customer, A3).await.is_err());
        house.clock.advance_to(due);
        order(&house, &ctx, &customer, A3).await.unwrap();
        let late = qualification_decide(&house.by_provider(), db, asked.id, Some(DenialReason::Restricted)).await;
        assert_eq!(said(late).0, Reason::StatusChangeRefused);

        let other = house.customer(&partner, "Tailspin").await;
        let ask = AskQualification { segment: None, ..school(&other) };
        let set = qualification_set(&ctx, db, ask.clone(), true).await.unwrap();
        assert!(set.is_approved());
        assert_eq!(qualification_set(&ctx, db, ask.clone(), true).await.unwrap(), set, "it stays as it is");
        let live = house.customer(&partner, "Fabrikam").await;
        let set = qualification_set(&ctx, db, AskQualification { customer: live.id, ..ask }, false).await.unwrap();
        assert!(!set.is_approved(), "a live world waits for the provider");
    });
}

#[test]
fn a_public_authority_uses_up_a_code_of_its_partner() {
    in_a_house(|house| async move {
        let (partner, customer, ctx) = desk(&house).await;
        let (db, provider) = (&house.db, house.by_provider());
        let new = |creates_max| NewValidationCode {
            partner: partner.tenant,
            organization_name: "City of Northwind".to_owned(),
            creates_max,
        };
        for (wrong, reason, field) in [
            (new(0), Reason::InvalidField, "maxCreates"),
            (new(10_001), Reason::InvalidField, "maxCreates"),
            (
                NewValidationCode { organization_name: " ".to_owned(), ..new(1) },
                Reason::MissingField,
                "organizationName",
            ),
            (NewValidationCode { partner: customer.id, ..new(1) }, Reason::TenantNotFound, ""),
        ] {
            assert_eq!(said(validation_code_give(&provider, db, wrong).await), (reason, field.to_owned()));
        }
        assert_eq!(said(validation_code_give(&ctx, db, new(1)).await).0, Reason::Forbidden);
        let code = validation_code_give(&provider, db, new(1)).await.unwrap();
        assert_eq!(validation_code_of_customer(&ctx, db, customer.id).await.unwrap(), None);

        let stranger = house.partner("fabrikam").await;
        let theirs = house.customer(&stranger, "Tailspin").await;
        let there = house.by(&stranger, &[Role::SalesAgent]);
        let missing = (Reason::MissingField, "validationCode".to_owned());
        let wrong = (Reason::InvalidField, "validationCode".to_owned());
        assert_eq!(said(qualification_ask(&ctx, db, authority(&customer, None), true).await), missing);
        assert_eq!(said(qualification_ask(&ctx, db, authority(&customer, Some(Uuid::nil())), true).await), wrong);
        let lent = qualification_ask(&there, db, authority(&theirs, Some(code.id)), true).await;
        assert_eq!(said(lent), wrong, "another partner's code is no code");

        let made = qualification_ask(&ctx, db, authority(&customer, Some(code.id)), false).await.unwrap();
        assert!(made.is_approved(), "the provider looked at it before it gave the code");
        order(&house, &ctx, &customer, G3).await.unwrap();
        let left = validation_code_list(&ctx, db, partner.tenant).await.unwrap();
        assert_eq!((left[0].creates_left, left[0].version), (0, 2));
        assert_eq!(validation_code_of_customer(&ctx, db, customer.id).await.unwrap(), Some(left[0].clone()));
        assert!(validation_code_list(&there, db, stranger.tenant).await.unwrap().is_empty());
        assert_eq!(said(validation_code_list(&there, db, partner.tenant).await).0, Reason::TenantNotFound);

        let second = house.customer(&partner, "Woodgrove").await;
        assert_eq!(said(qualification_ask(&ctx, db, authority(&second, Some(code.id)), true).await), wrong, "used up");
        qualification_ask(&ctx, db, school(&second), true).await.unwrap();
        let code = validation_code_give(&provider, db, new(1)).await.unwrap();
        let both = qualification_ask(&ctx, db, authority(&second, Some(code.id)), true).await;
        assert_eq!(said(both), (Reason::InvalidField, "qualification".to_owned()));
        let left = validation_code_list(&ctx, db, partner.tenant).await.unwrap();
        let unused = left.iter().find(|given| given.id == code.id).unwrap();
        assert_eq!(unused.creates_left, 1, "a refusal uses nothing up");
    });
}

#[test]
fn asking_is_for_those_who_may_order_and_the_answer_for_one_partner() {
    in_a_house(|house| async move {
        let (partner, customer, ctx) = desk(&house).await;
        let db = &house.db;
        let other = house.partner("fabrikam").await;
        house.share(&customer, &other).await;
        let helpdesk = house.by(&partner, &[Role::HelpdeskAgent]);
        assert_eq!(said(qualification_ask(&helpdesk, db, school(&customer), true).await).0, Reason::Forbidden);
        let bare = AskQualification { segment: None, ..school(&customer) };
        assert_eq!(said(qualification_ask(&helpdesk, db, bare.clone(), true).await).0, Reason::Forbidden);
        let missing = (Reason::MissingField, "educationSegment".to_owned());
        assert_eq!(said(qualification_ask(&ctx, db, bare, true).await), missing);
        let long = AskQualification { website: Some("x".repeat(201)), ..school(&customer) };
        assert_eq!(said(qualification_ask(&ctx, db, long, true).await), (Reason::InvalidField, "website".to_owned()));
        assert!(qualification_list(&ctx, db, customer.id).await.unwrap().is_empty(), "refused is not asked");

        qualification_ask(&ctx, db, school(&customer), true).await.unwrap();
        let second = house.by(&other, &[Role::AdminAgent]);
        assert!(qualification_list(&second, db, customer.id).await.unwrap().is_empty(), "another partner's word");
        let stranger = house.partner("litware").await;
        let stranger = house.by(&stranger, &[Role::AdminAgent]);
        assert_eq!(said(qualification_list(&stranger, db, customer.id).await).0, Reason::CustomerNotFound);
        assert_eq!(said(qualification_ask(&stranger, db, school(&customer), true).await).0, Reason::CustomerNotFound);
        let asked = qualification_list(&ctx, db, customer.id).await.unwrap().remove(0).id;
        for (by, reason) in [(&ctx, Reason::Forbidden), (&second, Reason::ObjectNotFound)] {
            assert_eq!(said(qualification_review_list(by, db).await).0, Reason::Forbidden);
            assert_eq!(said(qualification_decide(by, db, asked, None).await).0, reason);
            assert_eq!(said(qualification_decide(by, db, Uuid::nil(), None).await).0, Reason::ObjectNotFound);
        }
        let unknown = qualification_decide(&house.by_provider(), db, Uuid::nil(), None).await;
        assert_eq!(said(unknown).0, Reason::ObjectNotFound);
    });
}

#[test]
fn nothing_new_is_sold_to_an_account_under_review() {
    in_a_house(|house| async move {
        let (partner, customer, ctx) = desk(&house).await;
        let (db, provider) = (&house.db, house.by_provider());
        let first = customer_review_get(&ctx, db, customer.id).await.unwrap();
        assert_eq!((first.status, first.changed_at), (ReviewStatus::Approved, customer.created_at));
        let pair = (partner.tenant, customer.id);
        house.tick();
        for (status, reason) in
            [(ReviewStatus::InReview, Reason::OfferNotPurchasable), (ReviewStatus::Denied, Reason::Forbidden)]
        {
            let set = customer_review_set(&provider, db, pair, status).await.unwrap();
            assert_eq!(customer_review_get(&ctx, db, customer.id).await.unwrap(), set);
            let refused = order(&house, &ctx, &customer, AZURE).await;
            assert_eq!(said(refused), (reason, "validationStatus".to_owned()));
        }
        assert_eq!(said(customer_review_set(&ctx, db, pair, ReviewStatus::Approved).await).0, Reason::Forbidden);
        let nobody = (provider.tenant().unwrap(), customer.id);
        let unknown = customer_review_set(&provider, db, nobody, ReviewStatus::Approved).await;
        assert_eq!(said(unknown).0, Reason::CustomerNotFound);
        customer_review_set(&provider, db, pair, ReviewStatus::Approved).await.unwrap();
        order(&house, &ctx, &customer, AZURE).await.unwrap();
    });
}

#[test]
fn what_is_looked_after_follows_what_is_active() {
    in_a_house(|house| async move {
        let (partner, customer, ctx) = desk(&house).await;
        let db = &house.db;
        let seen = async || managed_service_list(&ctx, db, customer.id).await.unwrap().into_iter().collect::<Vec<_>>();
        assert!(seen().await.is_empty());
        house.subscription_of(&partner, &customer, AZURE).await;
        assert_eq!(seen().await, [ManagedService::Azure]);
        let seats = house.subscription_of(&partner, &customer, PREMIUM).await;
        assert_eq!(
            seen().await,
            [
                ManagedService::Exchange,
                ManagedService::Skype,
                ManagedService::SharePoint,
                ManagedService::Yammer,
                ManagedService::Azure
            ]
        );
        let suspend =
            ChangeSubscription { status: Some(Status::Suspended), ..ChangeSubscription::of(customer.id, seats.id) };
        subscription_change(&ctx, db, &Limits::NONE, suspend).await.unwrap();
        assert_eq!(seen().await, [ManagedService::Azure]);
    });
}
