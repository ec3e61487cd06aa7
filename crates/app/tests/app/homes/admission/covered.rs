//! Whoever works as the region's lead by a cover alone does the lead's tasks, and decides nothing by it, on both databases.

use std::sync::Arc;

use jiff::civil::date;
use placewell_app::App;
use placewell_app::homes::admission::outcome::{AnswerChallenge, ConfirmOutcome};
use placewell_app::homes::price::RecordPrice;
use placewell_app::homes::standing::{About, AdmitProvider, DropMeasure, Reinstate};
use placewell_app::office::access::cover::ArrangeCover;
use placewell_domain::homes::price::LineKind;
use placewell_domain::homes::standing::measure::{DropReason, Reinstatement};
use placewell_domain::id::PersonId;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::CoverReason;
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::{both, both_filled};

use super::evaluation::{Given as Filled, perform};
use super::removed::after_standstill;
use super::{BEGAN, TODAY, admit, before_record, code, given};
use crate::homes::standing::{confirm, suspension};

const REFUSED: &str = "cover_decides_nothing";

/// Somebody of the team who works as its lead for the day of a cover.
async fn lent(app: &Arc<App>, lead: &Actor) -> Actor {
    let work = app.store.begin(lead.organisation, app.calendar.now()).await.unwrap();
    let covering = PersonId(work.new_id());
    work.add_person(covering, "covering@region.example", "Someone", None).await.unwrap();
    work.add_membership(covering, Role::Analyst, "Post", date(2018, 1, 1), OPEN_END).await.unwrap();
    work.commit(placewell_app::clock::Machine::now()).await.unwrap();
    let (role, from, reason) = (Role::CommissioningLead, app.calendar.now().today(), CoverReason::Leave);
    let cover = ArrangeCover { absent: lead.person.0, covering: covering.0, role, from, last: from, reason };
    perform(app, lead, cover).await.unwrap();
    let roles = app.roles_of(covering).await.unwrap();
    roles.into_iter().find(|one| one.actor.role == role).unwrap().actor
}

#[tokio::test]
async fn rule_1_1_who_covers_the_lead_proposes_a_measure_and_neither_confirms_drops_nor_ends_one() {
    both(async |database| {
        let given = given(&database).await;
        let (app, lent) = (&given.app, lent(&given.app, &given.lead).await);
        let exception = Some(before_record());
        given.perform(AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception }).await.unwrap();
        let proposed = perform(app, &lent, suspension(About::Provider("elm-care".into()), None)).await.unwrap();
        let measure: i64 = proposed.location.rsplit('/').next().unwrap().parse().unwrap();
        app.do_due_jobs().await.unwrap();
        let page = app.region_measure(&lent, measure).await.unwrap();
        let version = page.measure.version;
        let confirmed = app.confirm_measure(&lent, "confirm", (measure, version, page.seen())).await;
        assert_eq!(code(confirmed), REFUSED);
        let drops = DropMeasure { measure, version, reason: DropReason::Mistaken };
        assert_eq!(code(perform(app, &lent, drops).await), REFUSED);
        assert_eq!(confirm(&given, &proposed.location).await, measure);
        let link = Some("https://reports.ofsted.gov.uk/again".to_owned());
        let ends = Reinstate { measure, version: 2, evidence: Reinstatement::EnquiryClosed, link };
        assert_eq!(code(perform(app, &lent, ends.clone()).await), REFUSED);
        given.perform(ends).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_who_covers_the_lead_makes_no_outcome_final() {
    both_filled(async |database| {
        let given = Filled::new(&database).await;
        let found = after_standstill(&given).await;
        let lent = lent(&given.app, &given.lead).await;
        assert!(given.app.role_is_lent(&lent).await.unwrap());
        assert!(!given.app.role_is_lent(&given.lead).await.unwrap(), "it is theirs, whoever covers it");
        let make_final = ConfirmOutcome { evaluation: found.id, version: found.version };
        assert_eq!(code(perform(&given.app, &lent, make_final.clone()).await), REFUSED);
        perform(&given.app, &given.lead, make_final).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_who_covers_the_lead_answers_no_challenge_of_an_outcome() {
    both_filled(async |database| {
        let given = Filled::new(&database).await;
        let found = given.evaluation("standstill").await;
        let lent = lent(&given.app, &given.lead).await;
        let words = "The panel read the right template.".to_owned();
        let answer = AnswerChallenge { evaluation: found.id, version: found.version, reopens: None, words };
        assert_eq!(code(perform(&given.app, &lent, answer.clone()).await), REFUSED);
        perform(&given.app, &given.lead, answer).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn rule_1_1_who_covers_the_lead_admits_no_provider_by_the_exceptional_road() {
    both(async |database| {
        let given = given(&database).await;
        let (app, lent) = (&given.app, lent(&given.app, &given.lead).await);
        let admission = AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) };
        assert_eq!(code(perform(app, &lent, admission.clone()).await), REFUSED);
        let evaluated = AdmitProvider { exception: None, ..admission.clone() };
        assert_eq!(code(perform(app, &lent, evaluated).await), "no_evaluation", "on a record they may");
        given.perform(admission).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn rule_1_2_who_covers_the_lead_writes_down_what_was_tendered_first_and_changes_no_price_that_stands() {
    both(async |database| {
        let given = given(&database).await;
        let (app, lent) = (&given.app, lent(&given.app, &given.lead).await);
        let exception = Some(before_record());
        given.perform(AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception }).await.unwrap();
        given.perform(admit("SC400001", "planned", BEGAN)).await.unwrap();
        let price = |from, until, pounds| super::core("SC400001", from, until, pounds);
        perform(app, &lent, price(BEGAN, Some(TODAY), Some(4_000))).await.expect("what was tendered first");
        let dearer = price(BEGAN, None, Some(4_100));
        let changes = [
            dearer.clone(),
            price(TODAY, None, Some(4_100)),
            price(BEGAN, None, Some(3_900)),
            price(BEGAN, None, None),
        ];
        for change in changes {
            assert_eq!(code(perform(app, &lent, change.clone()).await), REFUSED, "{change:?}");
        }
        let school = RecordPrice { line: LineKind::Education, ..price(BEGAN, None, Some(900)) };
        perform(app, &lent, school).await.expect("the first price of another line");
        given.perform(dearer).await.unwrap();
    })
    .await;
}
