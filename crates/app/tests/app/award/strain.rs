//! A placement's hours of support and its strain before notice: weeks confirmed once, a shortfall credited, support agreed
//! before a search is written, and that search held in the database too.

use jiff::civil::{Date, date};
use placewell_app::homes::monitoring::{
    AgreeWeek, CloseAlert, ConfirmWeek, CorrectWeek, FlagStrain, Met, RecordMeeting, ReleaseSearch,
};
use placewell_app::placing::agreement::{AddSupport, Decided, ReviewSupport};
use placewell_app::placing::referral::{HoldSearch, SendReferral, WithdrawReferral};
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::homes::monitoring::stability::{ReleaseReason, StabilityOutcome, Strain, Support};
use placewell_domain::homes::monitoring::support::{ShortfallReason, SupportWeek};
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::{By, TokenScope};
use placewell_domain::placing::agreement::SupportOutcome;
use placewell_domain::placing::referral::WithdrawReason;

use super::WHOLE;
use super::running::{AGREEMENT, started};
use super::world::{BIR, DIRECTOR, HEF, MANAGER, OFFICER, PROVIDER, World, actor, both_made, director, officer};

fn manager() -> Actor {
    actor(MANAGER, PROVIDER, Role::ProviderManager)
}

fn code(answer: Answer<Receipt>) -> String {
    match answer {
        Err(Outcome::Refused(refusal)) => refusal.code,
        Err(Outcome::Invalid(invalid)) => invalid.errors[0].field.clone(),
        Err(Outcome::Conflict) => "conflict".to_owned(),
        Err(Outcome::NotFound) => "not found".to_owned(),
        other => panic!("neither refused nor invalid: {other:?}"),
    }
}

pub(super) const LABEL: &str = "Evenings, one to one";
const WHY: Option<ShortfallReason> = Some(ShortfallReason::Vacancy);

/// 28 hours a week at £18.50 from Monday 4 October.
pub(super) async fn with_hours(world: &World, version: i64) {
    let support = AddSupport {
        reference: AGREEMENT.into(),
        version,
        label: LABEL.into(),
        quarter_hours: 4 * 28,
        rate: Pence(1_850),
        staff: 1,
        from: date(2021, 10, 4),
        to: date(2021, 11, 1),
        review_on: date(2021, 10, 18),
        reason: String::new(),
        decided_by: Decided::ByWord { by: DIRECTOR, at: world.app.calendar.now().local },
    };
    world.app.perform(&officer(), "hours", support).await.unwrap();
}

pub(super) fn week(day: Date, quarters: u32, reason: Option<ShortfallReason>) -> ConfirmWeek {
    let line_from = date(2021, 10, 4);
    ConfirmWeek { reference: AGREEMENT.into(), label: LABEL.into(), line_from, week: day, quarters, reason }
}

#[tokio::test]
async fn a_shortfall_in_hours_is_credited_once_and_stands_when_the_authority_agrees() {
    both_made(3, WHOLE + Pence::pounds(5_000), async |database| {
        let (world, version) = started(&database).await;
        with_hours(&world, version).await;
        let first = date(2021, 10, 4);
        world.at(date(2021, 10, 8), 9);
        let by = async |key: &str, command| world.app.perform(&manager(), key, command).await;
        assert_eq!(code(by("early", week(first, 112, None)).await), "week", "the week goes on");
        world.at(date(2021, 10, 12), 9);
        let own = world.app.own_hours(&manager()).await.unwrap();
        assert_eq!(own.waiting.iter().map(|(one, _)| one.week).collect::<Vec<_>>(), [first]);
        assert_eq!(code(by("many", week(first, 673, None)).await), "hours");
        assert_eq!(code(by("why", week(first, 90, None)).await), "reason");
        let why = Some(ShortfallReason::Vacancy);
        by("once", week(first, 90, why)).await.unwrap();
        assert_eq!(code(by("twice", week(first, 112, None)).await), "week_confirmed", "not twice");
        assert!(by("once", week(first, 90, why)).await.unwrap().repeated, "the same form again does nothing");
        let page = world.app.agreement_hours(&officer(), AGREEMENT).await.unwrap();
        let kept = page.weeks[0].clone();
        let credit = kept.credit().unwrap();
        assert_eq!((credit.total, credit.authority), (Pence(10_175), Pence(10_175)), "5 hours and a half at £18.50");
        let correct = CorrectWeek { id: kept.id, version: 1, quarters: 100, reason: why };
        world.app.perform(&manager(), "correct", correct.clone()).await.unwrap();
        let agree = AgreeWeek { id: kept.id, version: 2 };
        let stranger = actor(OFFICER, BIR, Role::PlacementOfficer);
        assert_eq!(code(world.app.perform(&stranger, "stranger", agree.clone()).await), "not found");
        world.app.perform(&officer(), "agree", agree).await.unwrap();
        let late = CorrectWeek { version: 3, ..correct };
        assert_eq!(code(world.app.perform(&manager(), "late", late).await), "support_week_agreed");
        let page = world.app.agreement_hours(&manager(), AGREEMENT).await.unwrap();
        assert_eq!(page.weeks[0].credit().unwrap().total, Pence(5_550), "3 hours");
        world.at(date(2022, 3, 1), 9);
        for actor in [&officer(), &manager()] {
            let shown = world.app.agreement_view(actor, AGREEMENT).await.unwrap().hours;
            assert_eq!((shown.agreed, shown.open, shown.unconfirmed), (Pence(5_550), Pence::ZERO, 3));
            let page = world.app.agreement_hours(actor, AGREEMENT).await.unwrap();
            assert_eq!(page.waiting.len(), 3, "weeks that nobody confirmed are there months later");
            let sheet = world.app.hours_sheet(actor).await.unwrap();
            assert_eq!(sheet.rows.len(), 4, "each with its credit, or as not confirmed");
        }
        by("at last", week(date(2021, 10, 11), 0, why)).await.unwrap();
        let shown = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap().hours;
        assert_eq!((shown.open, shown.unconfirmed), (Pence(51_800), 2), "28 hours at £18.50 that the home owes");
    })
    .await;
}

#[tokio::test]
async fn a_week_cut_by_a_step_down_is_confirmed_in_its_two_parts_each_by_its_own_hours() {
    both_made(3, WHOLE + Pence::pounds(5_000), async |database| {
        let (world, version) = started(&database).await;
        with_hours(&world, version).await;
        let (monday, thursday) = (date(2021, 10, 4), date(2021, 10, 7));
        let review = ReviewSupport {
            reference: AGREEMENT.into(),
            version: version + 1,
            line: 1,
            outcome: SupportOutcome::Down { from: thursday, quarter_hours: 4 * 14, review_on: date(2021, 10, 18) },
            decided_by: Decided::SignedIn,
        };
        world.app.perform(&director(), "down", review).await.unwrap();
        world.at(date(2021, 10, 12), 9);
        let waiting = world.app.own_hours(&manager()).await.unwrap().waiting;
        let parts: Vec<_> = waiting.iter().map(|(one, _)| (one.week, one.line_from, one.quarters)).collect();
        assert_eq!(parts, [(monday, monday, 48), (monday, thursday, 32)], "three nights of 28 hours, four of 14");

        let by = async |key: &str, command| world.app.perform(&manager(), key, command).await;
        let none = ConfirmWeek { line_from: date(2021, 10, 5), ..week(monday, 20, WHY) };
        assert_eq!(code(by("no line", none).await), "week");
        let second = |quarters| ConfirmWeek { line_from: thursday, ..week(monday, quarters, WHY) };
        by("second", second(20)).await.unwrap();
        assert_eq!(code(by("again", second(32)).await), "week_confirmed");
        by("first", week(monday, 44, WHY)).await.unwrap();
        let page = world.app.agreement_hours(&officer(), AGREEMENT).await.unwrap();
        let credited = |one: &SupportWeek| (one.bought.line_from, one.credit().map(|credit| credit.total));
        let weeks: Vec<_> = page.weeks.iter().map(credited).collect();
        assert_eq!(weeks, [(monday, Some(Pence(1_850))), (thursday, Some(Pence(5_550)))], "one hour, and three");
        assert_eq!(page.waiting, [], "both parts are confirmed");
    })
    .await;
}

#[tokio::test]
async fn many_clients_confirm_one_week_once() {
    both_made(3, WHOLE + Pence::pounds(5_000), async |database| {
        let (world, version) = started(&database).await;
        with_hours(&world, version).await;
        world.at(date(2021, 10, 12), 9);
        let mut clients = tokio::task::JoinSet::new();
        for client in 0..16 {
            let app = world.app.clone();
            clients.spawn(async move {
                let command = week(date(2021, 10, 4), 112, None);
                app.perform(&manager(), &format!("race {client}"), command).await.is_ok()
            });
        }
        let done = clients.join_all().await.into_iter().filter(|done| *done).count();
        let weeks = world.app.agreement_hours(&officer(), AGREEMENT).await.unwrap().weeks;
        assert_eq!((done, weeks.len()), (1, 1));
    })
    .await;
}

fn flag() -> FlagStrain {
    let words = "CANARYSTRAIN since school began".into();
    FlagStrain { reference: AGREEMENT.into(), signs: vec![Strain::School], words }
}

#[tokio::test]
async fn strain_is_met_about_before_a_search_is_written_and_the_search_is_held_until_released() {
    both_made(3, WHOLE, async |database| {
        let (world, _) = started(&database).await;
        let nothing = FlagStrain { signs: vec![], ..flag() };
        assert_eq!(code(world.app.perform(&manager(), "no signs", nothing).await), "signs");
        let receipt = world.app.perform(&manager(), "flag", flag()).await.unwrap();
        let id: i64 = receipt.location.rsplit('/').next().unwrap().parse().unwrap();
        assert_eq!(code(world.app.perform(&officer(), "again", flag()).await), "alert_open", "one at a time");
        let page = world.app.stability_alert(&officer(), id).await.unwrap();
        assert_eq!(page.of.meet_by, date(2021, 9, 22), "two working days from Monday 20 September");
        assert!(page.words.contains("CANARYSTRAIN"), "both sides read it");
        let stranger = actor(OFFICER, BIR, Role::PlacementOfficer);
        assert!(matches!(world.app.stability_alert(&stranger, id).await, Err(Outcome::NotFound)));
        let kept = database.everything().await;
        let plain = kept.iter().any(|(_, bytes)| bytes.windows(12).any(|part| part == b"CANARYSTRAIN"));
        assert!(!plain, "what is said of the child is kept sealed");

        let hold = |version| HoldSearch { alert: id, version };
        assert_eq!(code(world.app.perform(&officer(), "early", hold(1)).await), "search_before_support");
        let (on, review_on) = (date(2021, 9, 20), date(2021, 10, 4));
        let met = Met { on, support: vec![Support::Visits], review_on, words: "The worker comes weekly.".into() };
        world.app.perform(&officer(), "meet", RecordMeeting { id, version: 1, met }).await.unwrap();
        world.app.perform(&officer(), "hold", hold(2)).await.unwrap();
        let alert = world.app.stability_alert(&officer(), id).await.unwrap().of;
        let draft = alert.search.unwrap();
        let reference = draft.reference.to_string();
        let send =
            |version| SendReferral { reference: reference.clone(), version, confirmed: vec![], accept_few: true };
        assert_eq!(code(world.app.perform(&officer(), "send", send(1)).await), "search_held");

        world
            .app
            .perform(&officer(), "release", ReleaseSearch { id, version: 3, reason: ReleaseReason::NotSettled })
            .await
            .unwrap();
        let after = code(world.app.perform(&officer(), "send later", send(1)).await);
        assert_ne!(after, "search_held", "now only what the draft itself lacks stands against it");
        let close = CloseAlert { id, version: 4, outcome: StabilityOutcome::Settled };
        world.app.perform(&officer(), "close", close).await.unwrap();
        let themes = world.app.monitoring_themes(&officer()).await.unwrap();
        assert_eq!(themes.alerts, (1, 1, 0), "a breakdown that was avoided is counted");
    })
    .await;
}

/// Strain that both met about, with a search held beside it: the alert, and the draft's reference.
async fn held(world: &World, round: u32) -> (i64, String) {
    let receipt = world.app.perform(&manager(), &format!("flag {round}"), flag()).await.unwrap();
    let id: i64 = receipt.location.rsplit('/').next().unwrap().parse().unwrap();
    let (on, review_on) = (date(2021, 9, 20), date(2021, 10, 4));
    let met = Met { on, support: vec![Support::Therapy], review_on, words: "A therapist comes weekly.".into() };
    world.app.perform(&officer(), &format!("meet {round}"), RecordMeeting { id, version: 1, met }).await.unwrap();
    world.app.perform(&officer(), &format!("hold {round}"), HoldSearch { alert: id, version: 2 }).await.unwrap();
    let search = world.app.stability_alert(&officer(), id).await.unwrap().of.search.unwrap();
    (id, search.reference.to_string())
}

#[tokio::test]
async fn a_held_search_goes_out_with_an_alert_that_is_closed_unless_the_child_stays() {
    both_made(3, WHOLE, async |database| {
        let (world, _) = started(&database).await;
        let ends = [StabilityOutcome::Settled, StabilityOutcome::BrokeDown];
        for (round, outcome) in (1..).zip(ends) {
            let (id, reference) = held(&world, round).await;
            let close = CloseAlert { id, version: 3, outcome };
            world.app.perform(&officer(), &format!("close {round}"), close).await.unwrap();
            let send = SendReferral { reference: reference.clone(), version: 1, confirmed: vec![], accept_few: true };
            let sent = code(world.app.perform(&officer(), &format!("send {round}"), send).await);
            assert_eq!(sent == "search_held", outcome == StabilityOutcome::Settled, "{outcome:?}: {sent}");
            let session = world.app.store.read(Some(HEF)).await.unwrap();
            let draft = session.referral_by_reference(HEF, &reference).await.unwrap();
            let holds = session.holds_search(HEF, draft.id).await.unwrap();
            assert_eq!(holds, (outcome == StabilityOutcome::Settled).then_some(id));
            drop(session);
            let withdraw = WithdrawReferral { reference, version: 1, reason: WithdrawReason::PlanChanged };
            world.app.perform(&officer(), &format!("withdraw {round}"), withdraw).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn unconfirmed_hours_are_told_to_the_home_and_later_to_the_authority_each_once_and_stand_on_their_days() {
    both_made(3, WHOLE + Pence::pounds(5_000), async |database| {
        let (world, version) = started(&database).await;
        with_hours(&world, version).await;
        let subject = format!("{AGREEMENT}: hours of support are not confirmed");
        let told = async || {
            world.app.leave_timers().await.unwrap();
            world.app.do_due_jobs().await.unwrap();
            let mails = world.app.store.read(Some(HEF)).await.unwrap().mails(HEF, 200).await.unwrap();
            mails.iter().filter(|mail| mail.subject == subject).count()
        };
        let lines = async |actor: &Actor| {
            let all = world.app.owed(actor).await.unwrap();
            all.into_iter().filter(|one| one.what.contains("extra hours")).map(|one| one.what).collect::<Vec<_>>()
        };
        world.at(date(2021, 10, 16), 9);
        assert_eq!(told().await, 0, "the home has five days");
        assert_eq!(lines(&manager()).await, ["A week of extra hours to confirm"]);
        assert!(lines(&officer()).await.is_empty());
        for day in [17, 18] {
            world.at(date(2021, 10, day), 9);
            assert_eq!(told().await, 1, "the home, once");
        }
        assert_eq!(lines(&officer()).await, ["A week of extra hours not confirmed by the home"]);
        world.at(date(2021, 10, 22), 9);
        assert_eq!(told().await, 2, "the authority after ten days");
        let by = async |key: &str, day| world.app.perform(&manager(), key, week(day, 100, WHY)).await.unwrap();
        by("first", date(2021, 10, 4)).await;
        by("second", date(2021, 10, 11)).await;
        assert!(lines(&officer()).await.is_empty());
        let credits = world.app.owed(&officer()).await.unwrap();
        let credits = credits.iter().filter(|one| one.what.contains("credit")).count();
        assert_eq!(credits, 2, "each short week waits for the authority");
    })
    .await;
}

#[tokio::test]
async fn support_that_was_agreed_is_looked_at_again_on_its_day_by_both_sides_each_told_once() {
    both_made(3, WHOLE, async |database| {
        let (world, _) = started(&database).await;
        let receipt = world.app.perform(&manager(), "flag", flag()).await.unwrap();
        let id: i64 = receipt.location.rsplit('/').next().unwrap().parse().unwrap();
        let strain = async |actor: &Actor| {
            let all = world.app.owed(actor).await.unwrap();
            all.into_iter().filter(|one| one.path.starts_with("/stability/")).map(|one| one.what).collect::<Vec<_>>()
        };
        for actor in [&officer(), &manager()] {
            assert_eq!(strain(actor).await, ["The placement is under strain: meet"]);
        }
        let (on, review_on) = (date(2021, 9, 20), date(2021, 10, 4));
        let met = Met { on, support: vec![Support::Visits], review_on, words: "The worker comes weekly.".into() };
        world.app.perform(&officer(), "meet", RecordMeeting { id, version: 1, met }).await.unwrap();
        assert!(strain(&officer()).await.is_empty(), "agreed, and not yet to be looked at");
        let subject = format!("{AGREEMENT}: the agreed support is to be looked at again");
        for (day, told) in [(4, 0), (5, 2), (6, 2)] {
            world.at(date(2021, 10, day), 9);
            world.app.leave_timers().await.unwrap();
            world.app.do_due_jobs().await.unwrap();
            let mails = world.app.store.read(Some(HEF)).await.unwrap().mails(HEF, 200).await.unwrap();
            assert_eq!(mails.iter().filter(|mail| mail.subject == subject).count(), told, "{day} October");
        }
        assert_eq!(strain(&manager()).await, ["The agreed support is to be looked at again"]);
        let close = CloseAlert { id, version: 2, outcome: StabilityOutcome::Settled };
        world.app.perform(&officer(), "close", close).await.unwrap();
        assert!(strain(&manager()).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_program_is_told_of_no_more_of_what_waits_than_its_scope_reaches() {
    both_made(3, WHOLE + Pence::pounds(5_000), async |database| {
        let (world, version) = started(&database).await;
        with_hours(&world, version).await;
        world.app.perform(&manager(), "flag", flag()).await.unwrap();
        world.at(date(2021, 10, 18), 9);
        let strain = "The placement is under strain: meet";
        let hours = "A week of extra hours not confirmed by the home";
        let lines = async |who: Actor, scope: &[Action]| {
            let by = By::Token(TokenScope::Actions(scope.to_vec()));
            let all = world.app.owed(&Actor { by, ..who }).await;
            all.map(|all| all.into_iter().map(|one| one.what).collect::<Vec<_>>())
        };
        let monitoring = [Action::SeeMonitoring, Action::SeeStability, Action::SeeReferrals, Action::SeeAgreements];
        assert!(lines(officer(), &monitoring[..1]).await.unwrap().is_empty());
        assert_eq!(lines(officer(), &monitoring[..2]).await.unwrap(), [strain]);
        assert_eq!(lines(officer(), &monitoring[..3]).await.unwrap(), [strain]);
        let all = lines(officer(), &monitoring).await.unwrap();
        assert!(all.len() == 2 && all.iter().any(|one| one == hours), "{all:?}");
        let stability = lines(officer(), &monitoring[1..]).await;
        assert!(matches!(stability, Err(Outcome::OutOfScope(Action::SeeMonitoring))), "{stability:?}");
        let answering = lines(manager(), &[Action::AnswerMonitoring]).await.unwrap();
        assert!(!answering.iter().any(|one| one == strain), "{answering:?}");
        let more = lines(manager(), &[Action::AnswerMonitoring, Action::SeeStability]).await.unwrap();
        assert!(more.iter().any(|one| one == strain), "{more:?}");
    })
    .await;
}
