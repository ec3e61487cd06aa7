//! The director's exemption for a placement through the arrangement at a home judged Inadequate: who records it, for which
//! child, home and day, and that search, recommendation, approval and award ask for it alike, on both databases.

mod asked;

use jiff::civil::Date;
use placewell_app::buying::check::ExemptPlacement;
use placewell_app::placing::referral::homes::Filters;
use placewell_app::power::delegation::PowerFact;
use placewell_app::{Answer, Receipt};
use placewell_domain::buying::spot::exemption::ExemptionReason;
use placewell_domain::homes::home::Grade;
use placewell_domain::homes::home::inspection::{Inspection, InspectionKind};
use placewell_domain::id::{HomeId, PersonId};
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::office::person::Actor;
use placewell_insight::placing::referral::Reason;

use super::world::{FINANCE, REGION, TOMORROW};
use super::*;

const TODAY: Date = date(2021, 9, 13);
const HOME: &str = "SC392492";
const SAFE: &str = "Ofsted's monitoring visit of last week found that nights are staffed again.";

fn dcs() -> Actor {
    actor(STATUTORY, HEF, Role::Approver)
}

async fn judged(world: &World, on: Date) {
    graded(world, on, Grade::Inadequate).await;
}

async fn graded(world: &World, on: Date, grade: Grade) {
    let work = world.work(REGION).await;
    let home = work.home(HomeId(1)).await.unwrap();
    let seen = Inspection {
        kind: InspectionKind::Full,
        inspected_on: on,
        published_on: Some(on),
        grade: Some(grade),
        serious_concerns: grade == Grade::Inadequate,
        event: String::new(),
        link: None,
    };
    work.add_inspection(&home, &seen).await.unwrap();
    done(work).await;
}

fn exempts(reference: &str, until: Date) -> ExemptPlacement {
    ExemptPlacement::new((reference.to_owned(), HOME.to_owned()), ExemptionReason::Sibling, SAFE.to_owned(), until)
}

/// Whether the search for this child leaves the home out by its grade.
async fn left_out(world: &World, reference: &str) -> bool {
    world.app.homes.forget().await;
    let search = world.app.homes_for(&officer(), reference, &Filters::default()).await.unwrap();
    let row = search.index.row(HomeId(1)).unwrap();
    search.found.reasons[row].has(Reason::Inadequate)
}

fn wrong(answer: Answer<Receipt>) -> Vec<String> {
    match answer {
        Err(Outcome::Invalid(invalid)) => invalid.errors.into_iter().map(|one| one.field).collect(),
        other => panic!("not invalid: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_is_searched_for_recommended_and_placed_at_a_home_judged_inadequate_only_with_the_directors_exemption()
{
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        let other = world.referral(2, &[4_150], false, HEF).await;
        judged(&world, date(2021, 7, 6)).await;
        assert!(left_out(&world, &reference).await);
        assert_eq!(code(world.recommend(&reference, "without").await), "inadequate_needs_exemption");
        assert!(world.app.exemptions(&dcs(), &reference).await.unwrap().may_exempt);
        world.app.perform(&dcs(), "exempt", exempts(&reference, START)).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        let mails = world.app.store.read(Some(HEF)).await.unwrap().mails(HEF, 50).await.unwrap();
        assert!(mails.iter().any(|mail| mail.subject == format!("{reference}: an exemption is recorded")));
        assert!(!left_out(&world, &reference).await, "the search lists the home for this child");
        assert!(left_out(&world, &other).await, "and for no other");
        assert_eq!(code(world.recommend(&other, "other").await), "inadequate_needs_exemption");
        let asked = last(&world.recommend(&reference, "with").await.unwrap().location);
        let view = world.app.approval_view(&director(), &asked).await.unwrap();
        let shown = view.case.exempted.unwrap();
        assert_eq!((shown.judged_on, shown.until, view.stopped), (date(2021, 7, 6), Some(START), None));
        world.approve(&director(), &asked, "approve", false).await.unwrap();
        let own = world.app.agreement_view(&officer(), "HEF-A-0001").await.unwrap();
        let sentence = own.exempted.unwrap().sentence();
        assert!(sentence.starts_with("Judged Inadequate on 6 July 2021. Exempted on 13 September 2021"), "{sentence}");
        assert!(
            !sentence.contains(ExemptionReason::Sibling.label()),
            "what it says of the child is not the agreement's"
        );
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let theirs = world.app.agreement_view(&manager, "HEF-A-0001").await.unwrap();
        assert!(theirs.exempted.is_none(), "the authority's page only");
        world.at(START, 9);
        start(&world, "exempted").await.unwrap();
        let late = world.app.perform(&dcs(), "late", exempts(&reference, plus_days(START, 7))).await;
        assert_eq!(code(late), "referral_state", "the child is there");
        assert!(!world.app.exemptions(&dcs(), &reference).await.unwrap().may_exempt);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// The child of the first agreement comes on the day agreed, before both have signed.
async fn start(world: &World, key: &str) -> Answer<Receipt> {
    let (reference, unsigned) = ("HEF-A-0001".to_owned(), Some(UnsignedReason::Emergency));
    world.app.perform(&officer(), key, StartStay { reference, version: 1, on: START, unsigned }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_whose_award_was_made_starts_at_a_home_judged_inadequate_since_only_with_the_directors_exemption() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&reference, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let may_exempt = async || world.app.exemptions(&dcs(), &reference).await.unwrap().may_exempt;
        assert!(!may_exempt().await, "nothing stops the start");
        let early = world.app.perform(&dcs(), "early", exempts(&reference, START)).await;
        assert_eq!(code(early), "not_inadequate");
        world.at(TOMORROW, 9);
        judged(&world, TOMORROW).await;
        world.at(START, 9);
        assert_eq!(code(start(&world, "judged").await), "inadequate_needs_exemption", "the grade stops by itself");
        assert!(may_exempt().await, "the director can still let the child come");
        world.app.perform(&dcs(), "exempt", exempts(&reference, START)).await.unwrap();
        start(&world, "exempted").await.unwrap();
        assert!(!may_exempt().await);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exemption_is_the_directors_own_with_words_a_home_that_needs_it_and_a_day_and_what_is_refused_writes_nothing()
 {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        let good = world.app.perform(&dcs(), "good", exempts(&reference, START)).await;
        assert_eq!(code(good), "not_inadequate");
        judged(&world, date(2021, 7, 6)).await;
        world.person(PersonId(33), BIR, Role::Approver).await;
        let by_officer = world.app.perform(&officer(), "officer", exempts(&reference, START)).await;
        assert!(matches!(by_officer, Err(Outcome::Forbidden(_))), "{by_officer:?}");
        let by_director = world.app.perform(&director(), "director", exempts(&reference, START)).await;
        assert_eq!(code(by_director), "not_the_statutory_director");
        let stranger = actor(PersonId(33), BIR, Role::Approver);
        let by_stranger = world.app.perform(&stranger, "stranger", exempts(&reference, START)).await;
        assert!(matches!(by_stranger, Err(Outcome::NotFound)), "{by_stranger:?}");
        assert!(matches!(world.app.exemptions(&stranger, &reference).await, Err(Outcome::NotFound)));
        for (key, until) in [("past", date(2021, 9, 12)), ("far", OPEN_END)] {
            assert_eq!(wrong(world.app.perform(&dcs(), key, exempts(&reference, until)).await), ["until"], "{key}");
        }
        let of = |urn: &str, words: &str| {
            ExemptPlacement::new((reference.clone(), urn.to_owned()), ExemptionReason::Sibling, words.to_owned(), START)
        };
        assert_eq!(wrong(world.app.perform(&dcs(), "short", of(HOME, "Safe.")).await), ["words"]);
        for (key, urn) in [("unknown", "SC999999"), ("garbled", "Elm House")] {
            assert_eq!(wrong(world.app.perform(&dcs(), key, of(urn, SAFE)).await), ["urn"], "{key}");
        }
        let page = world.app.exemptions(&officer(), &reference).await.unwrap();
        assert!(page.lines.is_empty() && !page.may_exempt, "{:?}", page.lines);
        let finance = actor(FINANCE, HEF, Role::FinanceOfficer);
        world.app.perform(&dcs(), "exempt", exempts(&reference, START)).await.unwrap();
        let read = world.app.exemptions(&finance, &reference).await.unwrap().lines.remove(0);
        assert_eq!((read.reason, read.until, read.holds), (None, Some(START), true), "money reads no reason");
        let twice = world.app.perform(&dcs(), "twice", exempts(&reference, START)).await;
        assert_eq!(code(twice), "exempted_before");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exemption_holds_for_its_judgement_and_until_its_day_and_the_director_can_record_another() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        judged(&world, date(2021, 7, 6)).await;
        world.app.perform(&dcs(), "short", exempts(&reference, plus_days(START, -1))).await.unwrap();
        assert!(left_out(&world, &reference).await, "the child comes a day later");
        assert_eq!(code(world.recommend(&reference, "r-short").await), "inadequate_needs_exemption");
        world.app.perform(&dcs(), "longer", exempts(&reference, START)).await.unwrap();
        assert!(!left_out(&world, &reference).await);
        world.at(plus_days(START, 1), 9);
        assert!(left_out(&world, &reference).await, "the day by which the child had to come has passed");
        world.at(TODAY, 11);
        let asked = last(&world.recommend(&reference, "r-longer").await.unwrap().location);
        world.at(TOMORROW, 9);
        judged(&world, TODAY).await;
        let lines = world.app.exemptions(&dcs(), &reference).await.unwrap().lines;
        let stand: Vec<_> = lines.iter().map(|one| (one.until, one.holds)).collect();
        assert_eq!(stand, [(Some(START), false), (Some(plus_days(START, -1)), false)], "of the judgement before");
        assert!(left_out(&world, &reference).await);
        let late = world.approve(&director(), &asked, "late", false).await;
        assert_eq!(code(late), "inadequate_needs_exemption");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_rests_on_no_exemption_where_the_home_was_judged_better_before_the_award() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        judged(&world, date(2021, 7, 6)).await;
        world.app.perform(&dcs(), "exempt", exempts(&reference, START)).await.unwrap();
        graded(&world, TODAY, Grade::Good).await;
        let asked = last(&world.recommend(&reference, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        world.at(TOMORROW, 9);
        judged(&world, TOMORROW).await;
        let own = world.app.agreement_view(&officer(), "HEF-A-0001").await.unwrap();
        assert!(own.exempted.is_none(), "{:?}", own.exempted);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_4_the_director_of_the_responsible_authority_exempts_a_placement_whose_record_another_body_holds() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let person = PersonId(31);
        world.person(person, BIR, Role::Approver).await;
        let mut work = world.work(BIR).await;
        work.record_power(500, &PowerFact::Statutory(statutory(BIR, person))).await.unwrap();
        work.record(placewell_domain::change::Event::new("world.powers", "delegation", 500, 1));
        done(work).await;
        let reference = world.referral(42, &[], false, BIR).await;
        let theirs = actor(person, BIR, Role::Approver);
        let good = world.app.perform(&theirs, "good", exempts(&reference, START)).await;
        assert_eq!(code(good), "not_inadequate", "told at once, though a job records it elsewhere");
        judged(&world, date(2021, 7, 6)).await;
        let own = world.app.perform(&dcs(), "own", exempts(&reference, START)).await;
        assert_eq!(code(own), "not_the_statutory_director", "the placing body's own director is not the child's");
        assert!(world.app.exemptions(&theirs, &reference).await.unwrap().may_exempt);
        world.app.perform(&theirs, "exempt", exempts(&reference, START)).await.unwrap();
        assert!(left_out(&world, &reference).await, "the placing body's own transaction records it");
        world.app.do_due_jobs().await.unwrap();
        assert!(!left_out(&world, &reference).await);
        let page = world.app.exemptions(&theirs, &reference).await.unwrap();
        let read: Vec<_> = page.lines.iter().map(|one| (one.reason, one.by.as_str(), one.holds)).collect();
        assert_eq!(read, [(Some(ExemptionReason::Sibling), "Person 31", true)]);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}
