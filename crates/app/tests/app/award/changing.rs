//! Rules 3.4, 4.2 and 1.2 end to end: who pays a line, step-down reviews, what a provider asks for, and the list of what
//! agreements ask somebody to do.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::placing::agreement::{
    AddSupport, AskChange, ChangePrice, ConfirmDecision, Decided, DeclineAsked, EndAgreement, ReviewSupport, ShareLine,
    Todo, TodoLine,
};
use placewell_domain::homes::price::FunderShares;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::placing::agreement::{
    AskAnswer, Attention, DeclineReason, EndReason, PriceCause, SupportOutcome, Wanted,
};

use super::running::{AGREEMENT, started};
use super::world::{DIRECTOR, HEF, MANAGER, PROVIDER, START, World, actor, both_made, director, officer};
use super::{WHOLE, code, committed, last};

fn shares(authority: u16, education: u16, health: u16, agreed: bool) -> FunderShares {
    FunderShares { authority, education, health, agreed }
}

fn share(version: i64, shares: FunderShares) -> ShareLine {
    ShareLine { reference: AGREEMENT.into(), version, line: 0, shares }
}

fn support(version: i64) -> AddSupport {
    AddSupport {
        reference: AGREEMENT.into(),
        version,
        label: "Evenings, one to one".into(),
        quarter_hours: 4 * 28,
        rate: Pence(1_850),
        staff: 1,
        from: date(2021, 10, 4),
        to: date(2021, 11, 1),
        review_on: date(2021, 10, 18),
        reason: String::new(),
        decided_by: Decided::SignedIn,
    }
}

async fn todo(world: &World) -> Vec<TodoLine> {
    world.app.agreement_worklist(&officer()).await.unwrap()
}

async fn subjects(world: &World) -> Vec<String> {
    world.app.do_due_jobs().await.unwrap();
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    session.mails(HEF, 100).await.unwrap().into_iter().map(|mail| mail.subject).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_4_a_joint_funded_placement_counts_gross_or_by_the_authoritys_agreed_share() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        let wrong = world.app.perform(&officer(), "w", share(version, shares(50, 30, 30, true))).await;
        assert!(matches!(wrong, Err(Outcome::Invalid(_))), "the three make 100: {wrong:?}");
        world.app.perform(&officer(), "s", share(version, shares(60, 25, 15, true))).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE, "the reading is gross unless recorded otherwise");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let agreement = session.agreement(HEF, AGREEMENT).await.unwrap();
        assert_eq!(agreement.terms.lines[0].shares, shares(60, 25, 15, true));
        drop(session);
        let commitment = |agreement: &placewell_domain::placing::agreement::Agreement, net: bool| {
            let reading = placewell_domain::power::annual_value::Reading { net, ..Default::default() };
            let held = agreement.commitment(START).held(&reading, date(2021, 12, 14), START);
            held.iter().map(|(_, pence)| *pence).sum::<Pence>()
        };
        assert_eq!(commitment(&agreement, false), WHOLE);
        assert_eq!(commitment(&agreement, true), Pence::pounds(24_900), "60 hundredths of £41,500");
        world.app.perform(&officer(), "d", share(version + 1, shares(60, 25, 15, false))).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let agreement = session.agreement(HEF, AGREEMENT).await.unwrap();
        assert_eq!(commitment(&agreement, true), WHOLE, "a split in dispute is the authority's own until it is agreed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_2_a_step_down_review_is_listed_mailed_and_recorded_and_else_the_support_stops() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        world.app.perform(&director(), "s", support(version)).await.unwrap();
        let due = |lines: &[TodoLine]| {
            lines.iter().filter(|line| matches!(line.todo, Todo::Agreement(Attention::StepDown(_)))).count()
        };
        assert_eq!(due(&todo(&world).await), 0, "the review lies ahead");
        world.at(date(2021, 10, 18), 9);
        let lines = todo(&world).await;
        assert_eq!((due(&lines), lines.iter().any(|line| line.path.ends_with("/step-down"))), (1, true));
        let asked =
            |subjects: &[String]| subjects.iter().filter(|one| one.ends_with("a step-down review is due")).count();
        assert_eq!(asked(&subjects(&world).await), 1, "on the day of the review");
        assert_eq!(asked(&subjects(&world).await), 1, "once");
        world.at(date(2021, 10, 25), 9);
        assert_eq!(asked(&subjects(&world).await), 2, "and a week before it stops");
        assert!(todo(&world).await.iter().any(|line| line.red));
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let version = session.agreement(HEF, AGREEMENT).await.unwrap().version;
        drop(session);
        let review = |outcome| ReviewSupport {
            reference: AGREEMENT.into(),
            version,
            line: 1,
            outcome,
            decided_by: Decided::SignedIn,
        };
        let more =
            SupportOutcome::Down { from: date(2021, 10, 26), quarter_hours: 4 * 40, review_on: date(2021, 10, 28) };
        assert_eq!(code(world.app.perform(&director(), "more", review(more)).await), "not_a_step_down");
        let again = SupportOutcome::Again { to: date(2021, 11, 15), review_on: date(2021, 11, 8) };
        let officers = world.app.perform(&officer(), "own", review(again)).await;
        assert_eq!(code(officers), "decided_by_the_holder");
        world.app.perform(&director(), "again", review(again)).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE + Pence::pounds(6 * 518), "four weeks, and two more");
        assert_eq!(due(&todo(&world).await), 0, "the next review lies ahead");
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        let line = view.agreement.terms.lines.last().unwrap();
        assert_eq!((line.from, line.to), (date(2021, 11, 1), date(2021, 11, 15)));
        assert_eq!(view.agreement.added.support_reviews[0].power.person, DIRECTOR);
        world.at(date(2021, 11, 9), 9);
        let reference = AGREEMENT.to_owned();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let version = session.agreement(HEF, AGREEMENT).await.unwrap().version;
        drop(session);
        let outcome = SupportOutcome::Stop { from: date(2021, 11, 10) };
        let stop = ReviewSupport { reference, version, line: 2, outcome, decided_by: Decided::SignedIn };
        world.app.perform(&director(), "stop", stop).await.unwrap();
        assert_eq!(
            committed(&world).await,
            WHOLE + Pence::pounds(4 * 518) + Pence(66_600),
            "nine nights of £518 a week"
        );
        assert!(world.app.store.row_faults(HEF).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_unsigned_at_its_start_stands_in_red_and_is_mailed_on_the_day() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        assert_eq!(todo(&world).await, [], "its start lies ahead");
        world.at(START, 9);
        let lines = todo(&world).await;
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        assert!(line.red && line.todo == Todo::Agreement(Attention::Unsigned { since: START }));
        let subjects = subjects(&world).await;
        let wanted = "HEF-A-0001: the start has come and both sides have not signed";
        assert_eq!(subjects.iter().filter(|subject| *subject == wanted).count(), 1, "{subjects:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_provider_reports_or_asks_for_changes_nothing_until_an_officer_accepts_or_declines_it() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        world.at(date(2021, 10, 4), 9);
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let ask = |version, wanted| AskChange { reference: AGREEMENT.into(), version, wanted };
        let price = Wanted::Price { line: 0, from: date(2021, 10, 11), weekly: Pence::pounds(4_300) };
        let own = world.app.perform(&officer(), "o", ask(version, price)).await;
        assert!(matches!(own, Err(Outcome::Forbidden(_))), "{own:?}");
        world.app.perform(&manager, "p", ask(version, price)).await.unwrap();
        assert_eq!(code(world.app.perform(&manager, "p2", ask(version + 1, price)).await), "asked_before");
        let future = Wanted::End { on: date(2021, 10, 5), planned: false, reason: EndReason::HomeAsksOther };
        assert_eq!(code(world.app.perform(&manager, "f", ask(version + 1, future)).await), "cannot_be_asked");
        let left = Wanted::End { on: date(2021, 10, 4), planned: false, reason: EndReason::HomeAsksOther };
        world.app.perform(&manager, "e", ask(version + 1, left)).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE, "the provider's word changes nothing");
        let open = |lines: &[TodoLine]| {
            lines.iter().filter(|line| matches!(line.todo, Todo::Agreement(Attention::Asked(_)))).count()
        };
        assert_eq!(open(&todo(&world).await), 2);
        let (reference, number, reason) = (AGREEMENT.to_owned(), 1, DeclineReason::NotAgreed);
        let decline = DeclineAsked { reference, version: version + 2, number, reason };
        world.app.perform(&officer(), "d", decline).await.unwrap();
        let end = EndAgreement {
            reference: AGREEMENT.into(),
            version: version + 3,
            on: date(2021, 10, 4),
            planned: false,
            reason: EndReason::HomeAsksOther,
            decided_by: Decided::ByWord { by: DIRECTOR, at: date(2021, 10, 4).at(8, 0, 0, 0) },
        };
        world.app.perform(&officer(), "end", end).await.unwrap();
        assert_eq!(committed(&world).await, Pence::pounds(8_300), "two weeks");
        let lines = todo(&world).await;
        assert_eq!(open(&lines), 0);
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        assert!(matches!(line.todo, Todo::Agreement(Attention::Said(_))), "the Director's word waits: {line:?}");
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        let [price, left] = view.agreement.added.asked.as_slice() else { panic!("two were asked") };
        assert!(matches!(price.answer, Some(AskAnswer::Declined { .. })));
        assert!(matches!(left.answer, Some(AskAnswer::Accepted { .. })));
        let (reference, version) = (AGREEMENT.to_owned(), view.agreement.version);
        let confirm = ConfirmDecision { reference, version, made: version };
        world.app.perform(&director(), "c", confirm).await.unwrap();
        assert_eq!(todo(&world).await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_3_a_line_beside_the_core_is_at_a_scheduled_rate_or_says_why_not() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        let mut work = world.work(HEF).await;
        let was = work.agreement(HEF, AGREEMENT).await.unwrap();
        let mut lines = was.terms.lines.clone();
        let school = placewell_domain::homes::price::PriceLine {
            kind: placewell_domain::homes::price::LineKind::Education,
            label: "School".into(),
            weekly: Pence::pounds(900),
            ..lines[0].clone()
        };
        lines.push(school);
        let event = placewell_domain::change::Event::new("world.school", "agreement", was.id.0, was.version + 1);
        let terms = placewell_domain::placing::agreement::AgreementTerms { lines, ..was.terms.clone() };
        let next = placewell_domain::placing::agreement::Agreement { version: was.version + 1, terms, ..was };
        work.apply(placewell_domain::change::Change::to(next, event)).await.unwrap();
        super::world::done(work).await;
        let dearer = |pounds, reason: &str| ChangePrice {
            reference: AGREEMENT.into(),
            version: version + 1,
            line: 1,
            from: date(2021, 10, 4),
            weekly: Pence::pounds(pounds),
            cause: PriceCause::Agreed,
            decided: String::new(),
            reason: reason.into(),
            decided_by: Decided::SignedIn,
        };
        let bare = world.app.perform(&director(), "bare", dearer(1_400, "")).await;
        assert!(matches!(bare, Err(Outcome::Invalid(_))), "above the scheduled £1,300 without a reason: {bare:?}");
        world.app.perform(&director(), "why", dearer(1_400, "A teacher of the deaf")).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let agreement = session.agreement(HEF, AGREEMENT).await.unwrap();
        let changed: Vec<(Date, &str)> =
            agreement.terms.lines.iter().skip(2).map(|line| (line.from, line.reason.as_str())).collect();
        assert_eq!(changed, [(date(2021, 10, 4), "A teacher of the deaf")]);
    })
    .await;
}
