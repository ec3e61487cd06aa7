//! Rises in price end to end: asked by a provider, told by each authority of itself, decided, appealed, and confirmed agreement
//! by agreement; never silently, never above the ceiling without a reason, never twice, whoever ends the stay meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::{Date, date};
use placewell_app::homes::price::uplift::{
    AddUpliftEvidence, AppealUplift, AskUplift, DecideUplift, RevokeUplift, WithdrawUplift,
};
use placewell_app::office::access::cover::ArrangeCover;
use placewell_app::office::document::Brought;
use placewell_app::placing::agreement::{ConfirmRepricing, Decided, EndAgreement, GiveNotice, KeepPrice};
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::homes::admission::AdmissionEnd;
use placewell_domain::homes::price::LineKind;
use placewell_domain::homes::price::formula::Percent;
use placewell_domain::homes::price::uplift::{CostKind, CostLine, Ruling, UpliftBasis, UpliftOutcome};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use placewell_domain::id::{HomeId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::CoverReason;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{EndReason, KeepReason, RepriceAnswer};
use placewell_domain::power::arrangement::Arrangement;
use placewell_testkit::databases::TestDatabase;
use tokio::task::JoinSet;

use super::running::{AGREEMENT, started};
use super::world::{
    BIR, HEF, MANAGER, PROVIDER, REGION, START, World, actor, admitted, arrangement, both_made, director, done, officer,
};
use super::{WHOLE, code, committed};

const URN: &str = "SC392492";
const FROM: Date = date(2021, 10, 4);
/// The nights of the stay from the day of the rise: 56, eight weeks.
const WEEKS: i64 = 8;

/// Each decision is asked for under a key of its own.
static ASKED: AtomicUsize = AtomicUsize::new(0);

fn manager() -> Actor {
    actor(MANAGER, PROVIDER, Role::ProviderManager)
}

fn lead(person: i64) -> Actor {
    actor(PersonId(person), REGION, Role::CommissioningLead)
}

fn by_formula(percent: u32) -> AskUplift {
    AskUplift {
        urn: URN.into(),
        lot: "planned".into(),
        line: LineKind::Core,
        basis: UpliftBasis::Formula,
        percent: Some(Percent(percent)),
        weekly: None,
        from: FROM,
        words: String::new(),
        costs: Vec::new(),
    }
}

fn open_book(weekly: i64) -> AskUplift {
    AskUplift {
        basis: UpliftBasis::OpenBook,
        percent: None,
        weekly: Some(Pence::pounds(weekly)),
        words: "The pay award".into(),
        costs: vec![CostLine { kind: CostKind::Staff, was: Pence::pounds(2_000), now: Pence::pounds(3_000) }],
        ..by_formula(1)
    }
}

/// A started agreement at £4,150 of the home's £5,000, the home on its lot, and the formula's figures recorded.
async fn given(database: &TestDatabase) -> World {
    let (world, _) = started(database).await;
    let mut work = world.work(REGION).await;
    admitted(&mut work, HomeId(1)).await;
    work.set("price.consumer_prices", date(2021, 8, 18), "2.0; July 2021; ONS, 18 August 2021").await.unwrap();
    work.record(placewell_domain::change::Event::new("world.prices", "setting", REGION.0, 1));
    done(work).await;
    world
}

async fn ask(world: &World, key: &str, command: AskUplift) -> Answer<i64> {
    let receipt = world.app.perform(&manager(), key, command).await?;
    world.app.do_due_jobs().await.unwrap();
    Ok(receipt.location.rsplit('/').next().unwrap().parse().unwrap())
}

async fn decide(
    world: &World,
    who: &Actor,
    uplift: i64,
    (outcome, weekly): (UpliftOutcome, Option<i64>),
) -> Answer<Receipt> {
    let version = world.app.uplift_page(who, uplift).await?.uplift.version;
    let reasons = if outcome == UpliftOutcome::Granted { String::new() } else { "Energy fell".to_owned() };
    let ruling = Ruling { outcome, weekly: weekly.map(Pence::pounds), from: None, reasons };
    let key = format!("decide {}", ASKED.fetch_add(1, Ordering::Relaxed));
    let done = world.app.perform(who, &key, DecideUplift { uplift, version, ruling }).await;
    world.app.do_due_jobs().await.unwrap();
    done
}

async fn granted(world: &World) -> i64 {
    let uplift = ask(world, "ask", by_formula(150)).await.unwrap();
    decide(world, &lead(91), uplift, (UpliftOutcome::Granted, None)).await.unwrap();
    uplift
}

/// The lead takes back what was granted.
async fn revoked(world: &World, uplift: i64) {
    let version = world.app.uplift_page(&lead(91), uplift).await.unwrap().uplift.version;
    let command = RevokeUplift { uplift, version, reasons: "It was meant for another home".into() };
    world.app.perform(&lead(91), &format!("revoke {uplift}"), command).await.unwrap();
    world.app.do_due_jobs().await.unwrap();
}

/// A document with the costs of a request that waits.
async fn shown(world: &World, uplift: i64) {
    let brought = Brought::checked("costs.pdf", b"%PDF-1.4\n%%EOF\n".to_vec()).unwrap();
    let evidence = AddUpliftEvidence { uplift, brought };
    world.app.perform(&manager(), &format!("evidence {uplift}"), evidence).await.unwrap();
}

/// The region corrects the core price of a week from the day of the rise on.
async fn corrected(world: &World, pounds: i64) {
    let mut work = world.work(REGION).await;
    let price = Some(Pence::pounds(pounds));
    work.record_price(HomeId(1), "planned", "core", Nights::open(FROM), price).await.unwrap();
    done(work).await;
}

/// The region takes the core price away from this night on.
async fn taken_away(world: &World, from: Date) {
    let mut work = world.work(REGION).await;
    work.record_price(HomeId(1), "planned", "core", Nights::open(from), None).await.unwrap();
    done(work).await;
}

/// The core price of a week that is scheduled on the day of the rise.
async fn scheduled(world: &World) -> Pence {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    session.price_on(HomeId(1), "planned", "core", FROM).await.unwrap().unwrap()
}

fn confirm(uplift: i64, version: i64, above: &str) -> ConfirmRepricing {
    ConfirmRepricing {
        reference: AGREEMENT.into(),
        version,
        uplift,
        grant: 1,
        above: above.into(),
        decided_by: Decided::SignedIn,
    }
}

async fn version(world: &World) -> i64 {
    world.app.store.read(Some(HEF)).await.unwrap().agreement(HEF, AGREEMENT).await.unwrap().version
}

#[tokio::test(flavor = "multi_thread")]
async fn a_granted_rise_reprices_an_agreement_only_when_its_authority_confirms_it() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let uplift = ask(&world, "ask", by_formula(150)).await.unwrap();
        let a_year = Pence(6_225).per_year();
        let page = world.app.uplift_page(&lead(91), uplift).await.unwrap();
        let told: Vec<_> = page.effects.iter().map(|(name, one)| (name.as_str(), one.agreements, one.a_year)).collect();
        assert_eq!(told, [("Organisation HEF", 1, a_year)], "only who has a child there, and only figures");
        let own = world.app.own_uplifts(&director()).await.unwrap();
        assert_eq!((own.asked.len(), own.asked[0].1.a_year, own.waiting.len()), (1, a_year, 0));
        let other = actor(PersonId(21), BIR, Role::Approver);
        assert!(world.app.own_uplifts(&other).await.unwrap().asked.is_empty(), "it touches nobody else");
        assert!(world.app.uplift_page(&other, uplift).await.is_err(), "and costs are not theirs to read");

        let before = world.app.calendar.now().local;
        world.at(START, 12);
        decide(&world, &lead(91), uplift, (UpliftOutcome::Granted, None)).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let price = async |night| session.price_on(HomeId(1), "planned", "core", night).await.unwrap().unwrap();
        assert_eq!(price(date(2021, 10, 3)).await, Pence::pounds(5_000));
        assert_eq!(price(FROM).await, Pence::pounds(5_075), "new offers are held to it from its night on");
        drop(session);
        let known = async |at| world.app.price_known(&manager(), URN, (FROM, at)).await.unwrap()[0].2;
        assert_eq!(known(None).await, Pence::pounds(5_075));
        assert_eq!(known(Some(before)).await, Pence::pounds(5_000), "as it was known before the decision");
        assert_eq!(committed(&world).await, WHOLE, "nothing is repriced silently");
        let own = world.app.own_uplifts(&director()).await.unwrap();
        assert_eq!((own.waiting.len(), own.waiting[0].agreement.as_str()), (1, AGREEMENT));
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let mails = session.mails(HEF, 100).await.unwrap();
        assert!(mails.iter().any(|mail| mail.subject == format!("PU-{URN}-1: a rise in price is granted")));
        drop(session);

        let page = world.app.repricing_page(&director(), (AGREEMENT, uplift, 1)).await.unwrap();
        let more = Pence(6_225 * WEEKS);
        assert_eq!((page.years[0].delta, page.above_ceiling()), (more, false));
        let version = version(&world).await;
        let command = confirm(uplift, version, "");
        assert_eq!(code(world.app.perform(&officer(), "o", command.clone()).await), "decided_by_the_holder");
        world.app.perform(&director(), "c", command.clone()).await.unwrap();
        assert!(world.app.perform(&director(), "c", command).await.unwrap().repeated, "asked once, done once");
        assert_eq!(committed(&world).await, WHOLE + more);
        let again = world.app.perform(&director(), "again", confirm(uplift, version + 1, "")).await;
        assert_eq!(code(again), "repriced_already");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let agreement = session.agreement(HEF, AGREEMENT).await.unwrap();
        let varied = agreement.added.variations.last().unwrap();
        assert_eq!((varied.now, varied.decided.clone()), (Pence(421_225), format!("PU-{URN}-1")));
        let told = session.uplift_effects(placewell_domain::id::UpliftId(uplift)).await.unwrap();
        assert_eq!((told[0].waiting, told[0].a_year), (0, a_year));
        assert_eq!(session.ledger_faults(HEF).await.unwrap(), []);
        drop(session);
        for org in [HEF, REGION, PROVIDER] {
            assert!(world.app.store.row_faults(org).await.unwrap().is_empty());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_1_a_granted_rise_is_in_the_run_rate_before_it_is_confirmed_and_the_ceiling_holds_it_after() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let page = async || world.app.annual_value(&director(), None, None).await.unwrap();
        let before = page().await;
        let asked = ask(&world, "ask", by_formula(150)).await.unwrap();
        assert_eq!(page().await.figures, before.figures, "what is only asked for is nowhere");
        decide(&world, &lead(91), asked, (UpliftOutcome::Granted, None)).await.unwrap();
        let more = Pence(6_225 * WEEKS);
        let waits = page().await;
        assert_eq!((waits.rises, waits.words.planned), (more, WHOLE), "the ceiling does not hold it yet");
        assert_eq!((waits.figures.planned, waits.figures.bound), (before.figures.planned, before.figures.bound));
        assert!(waits.figures.run_rate >= before.figures.run_rate + more, "{:?}", waits.figures);
        assert_eq!(waits.agreements[0].figures, waits.figures, "it is its one agreement's");
        let version = version(&world).await;
        world.app.perform(&director(), "c", confirm(asked, version, "")).await.unwrap();
        let confirmed = page().await;
        assert_eq!((confirmed.rises, confirmed.words.planned), (Pence::ZERO, WHOLE + more));
        assert_eq!(confirmed.figures.run_rate, waits.figures.run_rate, "it was in the run-rate already");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_3_a_rise_that_the_schedule_no_longer_has_is_asked_of_nobody_and_confirmed_by_nobody() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let uplift = granted(&world).await;
        assert_eq!(world.app.own_uplifts(&director()).await.unwrap().waiting.len(), 1);
        corrected(&world, 4_200).await;
        let own = world.app.own_uplifts(&director()).await.unwrap();
        assert!(own.waiting.is_empty() && own.answered.is_empty(), "£4,212.25 would be above it: {own:?}");
        assert_eq!(world.app.annual_value(&director(), None, None).await.unwrap().rises, Pence::ZERO);
        let version = version(&world).await;
        let refused = world.app.perform(&director(), "c", confirm(uplift, version, "")).await;
        assert_eq!(code(refused), "above_tendered_price");
        assert_eq!(committed(&world).await, WHOLE);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_3_a_rise_is_asked_of_its_authority_also_where_a_later_night_of_the_stay_has_no_scheduled_price() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        taken_away(&world, date(2021, 11, 1)).await;
        let uplift = granted(&world).await;
        assert_eq!(world.app.own_uplifts(&director()).await.unwrap().waiting.len(), 1);
        let more = Pence(6_225 * WEEKS);
        assert_eq!(world.app.annual_value(&director(), None, None).await.unwrap().rises, more);
        let version = version(&world).await;
        world.app.perform(&director(), "c", confirm(uplift, version, "")).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE + more);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_3_a_rise_of_which_the_schedule_has_nothing_any_more_is_asked_of_nobody() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let uplift = granted(&world).await;
        taken_away(&world, FROM).await;
        assert!(world.app.own_uplifts(&director()).await.unwrap().waiting.is_empty());
        let version = version(&world).await;
        let refused = world.app.perform(&director(), "c", confirm(uplift, version, "")).await;
        assert_eq!(code(refused), "no_tendered_price");
        assert_eq!(committed(&world).await, WHOLE);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rise_that_was_granted_in_error_is_revoked_and_confirmed_by_nobody() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let uplift = granted(&world).await;
        assert_eq!(scheduled(&world).await, Pence::pounds(5_075));
        revoked(&world, uplift).await;
        assert_eq!(scheduled(&world).await, Pence::pounds(5_000), "new offers are held to the price from before");
        let own = world.app.own_uplifts(&director()).await.unwrap();
        assert!(own.waiting.is_empty() && own.answered.is_empty(), "{own:?}");
        assert_eq!(world.app.annual_value(&director(), None, None).await.unwrap().rises, Pence::ZERO);
        let version = version(&world).await;
        let refused = world.app.perform(&director(), "c", confirm(uplift, version, "")).await;
        assert_eq!(code(refused), "uplift_state");
        assert_eq!(committed(&world).await, WHOLE);
        let again = RevokeUplift { uplift, version: 3, reasons: "Again".into() };
        assert_eq!(code(world.app.perform(&lead(91), "again", again).await), "uplift_state");
        ask(&world, "anew", by_formula(150)).await.unwrap();
        for org in [HEF, REGION, PROVIDER] {
            assert!(world.app.store.row_faults(org).await.unwrap().is_empty());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_2_an_agreement_at_which_a_revoked_rise_was_confirmed_keeps_it_until_its_authority_changes_it() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let uplift = granted(&world).await;
        let version = version(&world).await;
        world.app.perform(&director(), "c", confirm(uplift, version, "")).await.unwrap();
        revoked(&world, uplift).await;
        assert_eq!(committed(&world).await, WHOLE + Pence(6_225 * WEEKS), "nothing is repriced silently");
        let own = world.app.own_uplifts(&director()).await.unwrap();
        assert_eq!((own.waiting.len(), own.answered.len()), (0, 1));
        assert!(world.app.repricing_page(&director(), (AGREEMENT, uplift, 1)).await.is_ok(), "it is read as it was");
        let told = world.app.uplift_page(&lead(91), uplift).await.unwrap().effects;
        let told: Vec<_> = told.iter().map(|(_, one)| (one.agreements, one.waiting, one.a_year)).collect();
        assert_eq!(told, [(1, 0, Pence(6_225).per_year())], "the region reads whom to ask");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let mails = session.mails(HEF, 100).await.unwrap();
        assert!(mails.iter().any(|mail| mail.subject == format!("PU-{URN}-1: a granted rise is revoked")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_2_a_decided_rise_goes_above_the_ceiling_only_as_an_exception_with_its_reason() {
    both_made(3, WHOLE, async |database| {
        let world = given(&database).await;
        let uplift = granted(&world).await;
        let version = version(&world).await;
        assert!(world.app.repricing_page(&director(), (AGREEMENT, uplift, 1)).await.unwrap().above_ceiling());
        let refused = world.app.perform(&director(), "no", confirm(uplift, version, "")).await;
        assert_eq!(code(refused), "ceiling_reached");
        assert_eq!(committed(&world).await, WHOLE, "nothing is left of it");
        world.app.perform(&director(), "yes", confirm(uplift, version, "Decided by the region")).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE + Pence(6_225 * WEEKS));
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.ledger_faults(HEF).await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_is_kept_commits_nothing_and_stays_kept() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let uplift = granted(&world).await;
        let version = version(&world).await;
        let keep = KeepPrice {
            reference: AGREEMENT.into(),
            version,
            uplift,
            grant: 1,
            reason: KeepReason::FixedPrice,
            decided_by: Decided::SignedIn,
        };
        let rises = async || world.app.annual_value(&director(), None, None).await.unwrap().rises;
        assert_eq!(rises().await, Pence(6_225 * WEEKS));
        world.app.perform(&director(), "k", keep).await.unwrap();
        assert_eq!(rises().await, Pence::ZERO, "nothing is expected of it either");
        assert_eq!(committed(&world).await, WHOLE);
        let own = world.app.own_uplifts(&director()).await.unwrap();
        let answer = own.answered[0].answered.clone().unwrap().answer;
        assert_eq!((own.waiting.len(), answer), (0, RepriceAnswer::Kept { reason: KeepReason::FixedPrice }));
        assert_eq!(
            code(world.app.perform(&director(), "c", confirm(uplift, version + 1, "")).await),
            "repriced_already"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_is_answered_by_another_person_and_adds_its_own_step() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let uplift = ask(&world, "ask", open_book(5_500)).await.unwrap();
        let none = decide(&world, &lead(91), uplift, (UpliftOutcome::InPart, Some(5_200))).await;
        assert_eq!(code(none), "open_book_without_evidence");
        shown(&world, uplift).await;
        let page = world.app.uplift_page(&lead(91), uplift).await.unwrap();
        let document = page.documents[0].0.id.0;
        assert!(world.app.uplift_document(&lead(91), uplift, document).await.is_ok(), "the region reads the evidence");
        let elsewhere = actor(PersonId(93), BIR, Role::CommissioningLead);
        let read = world.app.uplift_page(&elsewhere, uplift).await;
        assert!(matches!(read, Err(Outcome::NotFound)), "it is another team's to decide");
        let read = world.app.uplift_document(&elsewhere, uplift, document).await;
        assert!(matches!(read, Err(Outcome::NotFound)), "and its evidence is too");
        decide(&world, &lead(91), uplift, (UpliftOutcome::InPart, Some(5_200))).await.unwrap();
        let appeal = AppealUplift { uplift, version: 2, words: "Energy rose again".into() };
        world.at(date(2021, 10, 5), 9);
        assert_eq!(code(world.app.perform(&manager(), "late", appeal.clone()).await), "appeal_late");
        world.at(date(2021, 10, 4), 9);
        world.app.perform(&manager(), "appeal", appeal).await.unwrap();
        let same = decide(&world, &lead(91), uplift, (UpliftOutcome::Granted, None)).await;
        assert_eq!(code(same), "appeal_same_person");
        decide(&world, &lead(92), uplift, (UpliftOutcome::InPart, Some(5_300))).await.unwrap();
        let own = world.app.own_uplifts(&director()).await.unwrap();
        assert_eq!(own.waiting.iter().map(|one| one.grant.number).collect::<Vec<_>>(), [1, 2]);
        let version = version(&world).await;
        let second = ConfirmRepricing { grant: 2, ..confirm(uplift, version, "") };
        assert_eq!(code(world.app.perform(&director(), "2", second.clone()).await), "earlier_grant_first");
        assert_eq!(scheduled(&world).await, Pence::pounds(5_300));
        corrected(&world, 4_250).await;
        let own = world.app.own_uplifts(&director()).await.unwrap();
        let waiting: Vec<_> = own.waiting.iter().map(|one| one.grant.number).collect();
        assert_eq!(waiting, [2], "£4,316 by the first would pass the schedule, £4,229.81 by the second does not");
        world.app.perform(&director(), "2 alone", second).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_is_not_upheld_below_the_price_that_another_request_has_raised_since() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let first = ask(&world, "first", open_book(5_200)).await.unwrap();
        decide(&world, &lead(91), first, (UpliftOutcome::Refused, None)).await.unwrap();
        let second = ask(&world, "second", open_book(5_500)).await.unwrap();
        shown(&world, second).await;
        decide(&world, &lead(91), second, (UpliftOutcome::Granted, None)).await.unwrap();
        let appeal = AppealUplift { uplift: first, version: 2, words: "Energy rose again".into() };
        world.app.perform(&manager(), "appeal", appeal).await.unwrap();
        shown(&world, first).await;
        let upheld = decide(&world, &lead(92), first, (UpliftOutcome::Granted, None)).await;
        assert_eq!(code(upheld), "uplift_price_changed");
        assert_eq!(scheduled(&world).await, Pence::pounds(5_500), "an appeal lowers nothing");
        decide(&world, &lead(92), first, (UpliftOutcome::Refused, None)).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_about_education_does_not_stop_an_appeal_about_the_core_price_within_its_14_days() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let mut work = world.work(REGION).await;
        let (nights, price) = (Nights::open(date(2018, 12, 15)), Some(Pence::pounds(900)));
        work.record_price(HomeId(1), "planned", "education", nights, price).await.unwrap();
        done(work).await;
        let core = ask(&world, "core", by_formula(150)).await.unwrap();
        decide(&world, &lead(91), core, (UpliftOutcome::Refused, None)).await.unwrap();
        world.at(date(2021, 9, 14), 9);
        let school = AskUplift { line: LineKind::Education, ..by_formula(150) };
        ask(&world, "school", school.clone()).await.unwrap();
        world.at(date(2021, 9, 18), 9);
        let appeal = AppealUplift { uplift: core, version: 2, words: "Wages rose".into() };
        world.app.perform(&manager(), "appeal", appeal).await.unwrap();
        for (key, again) in [("again", by_formula(100)), ("school again", school)] {
            let twice = ask(&world, key, again).await.map(|_| Receipt::at(""));
            assert_eq!(code(twice), "one_open_uplift", "of one price");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_3_a_rise_is_granted_only_on_the_price_that_stands_and_of_a_home_that_is_on_the_lot() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let uplift = ask(&world, "ask", by_formula(150)).await.unwrap();
        let grant = async || decide(&world, &lead(91), uplift, (UpliftOutcome::Granted, None)).await;
        corrected(&world, 4_800).await;
        let Err(Outcome::Refused(refusal)) = grant().await else { panic!("granted on a price that is gone") };
        assert_eq!(refusal.code, "uplift_price_changed");
        let figures = "It raises £5,000 to £5,075, but £4,800 a week stands on 4 October 2021.";
        assert!(refusal.sentence.ends_with(figures), "{}", refusal.sentence);
        assert_eq!(scheduled(&world).await, Pence::pounds(4_800));
        corrected(&world, 5_000).await;
        let mut work = world.work(REGION).await;
        work.end_admission(HomeId(1), "planned", FROM, AdmissionEnd::Withdrawn).await.unwrap();
        done(work).await;
        assert_eq!(code(grant().await), "not_on_lot");
        assert_eq!(scheduled(&world).await, Pence::pounds(5_000));
        let mut work = world.work(REGION).await;
        work.apply(Arrangement::record(arrangement())).await.unwrap();
        done(work).await;
        let Err(Outcome::Refused(refusal)) = ask(&world, "off", by_formula(100)).await else {
            panic!("asked off the lot")
        };
        assert_eq!(
            (refusal.code.as_str(), refusal.value.as_str()),
            ("not_on_lot", "Planned"),
            "as the arrangement says"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_are_turned_away_with_what_to_do() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let field = async |key: &str, command: AskUplift| match ask(&world, key, command).await {
            Err(Outcome::Invalid(invalid)) => invalid.errors[0].field.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(field("1", AskUplift { from: START, ..by_formula(150) }).await, "from");
        assert_eq!(field("2", AskUplift { weekly: Some(Pence(-1)), ..open_book(1) }).await, "weekly");
        assert_eq!(field("3", AskUplift { percent: None, ..by_formula(1) }).await, "percent");
        let refused =
            async |key: &str, command: AskUplift| code(ask(&world, key, command).await.map(|_| Receipt::at("")));
        assert_eq!(refused("4", by_formula(151)).await, "above_formula");
        assert_eq!(refused("5", AskUplift { lot: "crisis".into(), ..by_formula(150) }).await, "not_on_lot");
        corrected(&world, 5_200).await;
        let early = AskUplift { from: date(2021, 10, 1), ..by_formula(150) };
        assert_eq!(refused("other price", early).await, "uplift_price_changes", "£5,200 from 4 October");
        let first = ask(&world, "6", by_formula(150)).await.unwrap();
        assert_eq!(refused("7", by_formula(100)).await, "one_open_uplift", "two open for one price");
        world.app.perform(&manager(), "w", WithdrawUplift { uplift: first, version: 1 }).await.unwrap();
        assert!(ask(&world, "8", by_formula(100)).await.is_ok(), "once it is taken back");
        let stranger = actor(MANAGER, BIR, Role::PlacementOfficer);
        assert!(world.app.perform(&stranger, "9", by_formula(100)).await.is_err());
        let mut work = world.work(REGION).await;
        let suspended = StandingFact {
            subject: StandingSubject::Home(HomeId(1)),
            source: StandingSource::Region,
            standing: Standing::Suspended,
            from: date(2021, 9, 1),
            until: OPEN_END,
            reason: StandingReason::Safeguarding,
        };
        work.record_standing(&suspended).await.unwrap();
        done(work).await;
        assert_eq!(refused("10", by_formula(150)).await, "uplift_without_standing");
    })
    .await;
}

#[tokio::test]
async fn a_price_that_rose_by_the_formula_rises_by_it_again_twelve_months_later() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        granted(&world).await;
        world.at(date(2021, 10, 11), 9);
        let again = |from| AskUplift { from, ..by_formula(150) };
        for from in [date(2021, 10, 12), date(2022, 10, 3)] {
            let asked = ask(&world, &format!("again {from}"), again(from)).await;
            let Err(Outcome::Refused(refusal)) = asked else { panic!("{asked:?}") };
            assert_eq!(refusal.code, "formula_once_a_year", "{from}");
            assert!(refusal.sentence.ends_with("can hold from 4 October 2022."), "{}", refusal.sentence);
        }
        let book = AskUplift { from: date(2021, 11, 1), ..open_book(5_500) };
        let uplift = ask(&world, "book", book).await.unwrap();
        world.app.perform(&manager(), "back", WithdrawUplift { uplift, version: 1 }).await.unwrap();
        ask(&world, "a year later", again(date(2022, 10, 4))).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rise_confirmed_while_the_stay_ends_or_gets_notice_leaves_one_history_and_a_true_ledger() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let uplift = granted(&world).await;
        world.at(date(2021, 10, 11), 9);
        let version = version(&world).await;
        let world = Arc::new(world);
        let mut clients = JoinSet::new();
        for client in 0..48 {
            let world = Arc::clone(&world);
            clients.spawn(async move {
                let (key, reference) = (format!("race {}", client / 2), AGREEMENT.to_owned());
                let decided_by = Decided::SignedIn;
                let answer = match client / 2 % 3 {
                    0 => world.app.perform(&director(), &key, confirm(uplift, version, "")).await,
                    1 => {
                        let notice = GiveNotice { reference, version, decided_by };
                        world.app.perform(&director(), &key, notice).await
                    }
                    _ => {
                        let (on, reason) = (date(2021, 10, 11), EndReason::HomeAsksBehaviour);
                        let end = EndAgreement { reference, version, on, planned: false, reason, decided_by };
                        world.app.perform(&director(), &key, end).await
                    }
                };
                match answer {
                    Ok(receipt) => usize::from(!receipt.repeated),
                    Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => 0,
                    Err(Outcome::Refused(refusal)) => panic!("{refusal}"),
                    Err(other) => panic!("{other:?}"),
                }
            });
        }
        let won: usize = clients.join_all().await.into_iter().sum();
        assert_eq!(won, 1, "one act made the next version");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let agreement = session.agreement(HEF, AGREEMENT).await.unwrap();
        assert_eq!(agreement.version, version + 1);
        assert!(agreement.added.variations.len() <= 1);
        assert_eq!(session.ledger_faults(HEF).await.unwrap(), []);
        assert!(session.verify_chain(HEF).await.unwrap().faults.is_empty());
        drop(session);
        assert!(world.app.store.row_faults(HEF).await.unwrap().is_empty());
        if matches!(agreement.state.name(), "started" | "notice_given") {
            let now = agreement.version;
            let after = world.app.perform(&director(), "after", confirm(uplift, now, "")).await;
            let repriced = agreement.repriced(placewell_domain::id::UpliftId(uplift), 1).is_some();
            assert_eq!(after.is_err(), repriced, "who comes after sees what was done");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_who_covers_the_lead_decides_and_revokes_no_rise() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = given(&database).await;
        let (own, lent) = (lead(91), lead(92));
        world.person(own.person, REGION, Role::CommissioningLead).await;
        world.person(lent.person, REGION, Role::Analyst).await;
        let (absent, covering, from) = (own.person.0, lent.person.0, world.app.calendar.now().today());
        let (role, reason) = (Role::CommissioningLead, CoverReason::Leave);
        let cover = ArrangeCover { absent, covering, role, from, last: from, reason };
        world.app.perform(&own, "cover", cover).await.unwrap();

        let uplift = ask(&world, "ask", by_formula(150)).await.unwrap();
        for ruling in [UpliftOutcome::Granted, UpliftOutcome::Refused] {
            assert_eq!(code(decide(&world, &lent, uplift, (ruling, None)).await), "cover_decides_nothing");
        }
        decide(&world, &own, uplift, (UpliftOutcome::Granted, None)).await.unwrap();
        let version = world.app.uplift_page(&lent, uplift).await.unwrap().uplift.version;
        let command = RevokeUplift { uplift, version, reasons: "It was meant for another home".into() };
        assert_eq!(code(world.app.perform(&lent, "revoke", command).await), "cover_decides_nothing");
        revoked(&world, uplift).await;
    })
    .await;
}
