//! Invitations through time: lapsing at the deadline, expiring offers, and a sending undone within ten minutes.

use axum::http::StatusCode;
use jiff::SignedDuration;
use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::clock::Machine;
use placewell_app::placing::referral::{AnswerTask, SendReferral, UndoSending};
use placewell_domain::id::{HomeId, InvitationId};
use placewell_domain::placing::referral::plan::TierChoice;
use placewell_domain::placing::referral::standard::NeededBy;
use placewell_domain::placing::referral::{Ask, DeadlineChoice, EmergencyCause, Plan, Profile, SkipReason, Task, Tier};
use placewell_testkit::databases::both;

use super::referral::{Given, given, home, invitation_of, narrative, profile, send_offer};

mod narrowed;

async fn state_of(given: &Given, at: usize) -> &'static str {
    let org = given.people[at].organisation;
    let id = InvitationId(invitation_of(given, at).await);
    given.app.store.read(Some(org)).await.unwrap().invitation(org, id).await.unwrap().state.name()
}

async fn subjects(given: &Given) -> Vec<String> {
    let org = given.people[0].organisation;
    let session = given.app.store.read(Some(org)).await.unwrap();
    session.mails(org, 100).await.unwrap().into_iter().map(|mail| mail.subject).collect()
}

async fn events(given: &Given) -> i64 {
    let org = given.people[0].organisation;
    let session = given.app.store.read(Some(org)).await.unwrap();
    assert!(session.verify_chain(org).await.unwrap().faults.is_empty());
    assert!(given.app.store.row_faults(org).await.unwrap().is_empty());
    let id = InvitationId(invitation_of(given, 2).await);
    i64::try_from(session.timeline(org, "invitation", id.0).await.unwrap().len()).unwrap()
}

#[tokio::test]
async fn rule_5_2_a_home_that_has_not_answered_becomes_no_reply_after_the_deadline_and_its_grace() {
    both(async |database| {
        let given = given(&database).await;
        let elm = invitation_of(&given, 1).await;
        send_offer(&given.elm, elm, "4,321").await;
        given.app.do_due_jobs().await.unwrap();
        given.app.calendar.move_to(date(2021, 9, 16).at(17, 1, 0, 0));
        given.app.do_due_jobs().await.unwrap();
        assert_eq!(state_of(&given, 2).await, "asked", "the grace of a page that was open at the deadline");
        given.app.calendar.move_to(date(2021, 9, 16).at(17, 1, 1, 0));
        assert_eq!(given.app.leave_timers().await.unwrap(), 1);
        assert_eq!(given.app.leave_timers().await.unwrap(), 0, "one job waits at most");
        given.app.do_due_jobs().await.unwrap();
        assert_eq!((state_of(&given, 1).await, state_of(&given, 2).await), ("offered", "no_reply"));
        let told = |subjects: &[String]| subjects.iter().filter(|one| one.ends_with("the deadline has passed")).count();
        assert_eq!(told(&subjects(&given).await), 1);
        let before = events(&given).await;
        assert_eq!(given.app.leave_timers().await.unwrap(), 0, "nothing is due while the calendar stands still");
        given.app.do_due_jobs().await.unwrap();
        assert_eq!((events(&given).await, told(&subjects(&given).await)), (before, 1), "a second run changes nothing");
    })
    .await;
}

#[tokio::test]
async fn an_offer_past_its_validity_expires_once_and_both_sides_hear_of_it() {
    both(async |database| {
        let given = given(&database).await;
        let elm = invitation_of(&given, 1).await;
        send_offer(&given.elm, elm, "4,321").await;
        let path = format!("/provider/referrals/{}", given.reference);
        assert!(given.elm.get(&path).await.body.contains("sent"));
        given.app.calendar.move_to(date(2021, 9, 25).at(9, 0, 0, 0));
        given.app.do_due_jobs().await.unwrap();
        given.app.do_due_jobs().await.unwrap();
        assert!(given.elm.get(&path).await.body.contains("expired"));
        let subjects = subjects(&given).await;
        for told in ["your offer is no longer valid", "An offer is no longer valid"] {
            assert_eq!(subjects.iter().filter(|one| one.ends_with(told)).count(), 1, "{told}: {subjects:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_sending_is_undone_within_ten_minutes_and_no_waiting_mail_goes_out() {
    both(async |database| {
        let given = given(&database).await;
        let record = format!("/referrals/{}", given.reference);
        let undo = format!("{record}/undo-sending");
        let later = || Machine::now() + SignedDuration::from_mins(11);
        given.app.do_due_jobs().await.unwrap();
        assert!(subjects(&given).await.iter().all(|one| !one.contains("asked, answer by")), "the mails wait");
        let opened = given.elm.get(&format!("/provider/referrals/{}", given.reference)).await;
        assert!(opened.body.contains("Football helps."));
        let shown = given.officer.get(&record).await;
        let hidden = shown.form(&undo);
        let fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert!(given.elm.post(&undo, &fields).await.status.is_client_error(), "a provider undoes nothing");
        let undone = given.officer.post(&undo, &fields).await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.h1());
        assert_eq!(given.officer.post(&undo, &fields).await.status, StatusCode::SEE_OTHER, "a double press");
        assert!(given.officer.get(&record).await.body.contains("Draft"));
        assert_eq!((state_of(&given, 1).await, state_of(&given, 2).await), ("withdrawn", "withdrawn"));
        given.app.do_jobs_due_at(later()).await.unwrap();
        let told = subjects(&given).await;
        assert!(told.iter().all(|one| !one.contains("asked, answer by")), "{told:?}");
        assert_eq!(
            told.iter().filter(|one| one.ends_with(": withdrawn")).count(),
            1,
            "only who had opened it: {told:?}"
        );
        let version = given.app.referral_record(&given.people[0], &given.reference).await.unwrap().referral.version;
        let again =
            SendReferral { reference: given.reference.clone(), version, confirmed: Vec::new(), accept_few: true };
        given.app.perform(&given.people[0], "again", again).await.unwrap();
        assert_eq!((state_of(&given, 1).await, state_of(&given, 2).await), ("asked", "asked"), "the same homes again");
        given.app.do_jobs_due_at(later()).await.unwrap();
        let told = subjects(&given).await;
        assert_eq!(told.iter().filter(|one| one.contains("asked, answer by")).count(), 2, "{told:?}");
        assert!(given.ash.get(&format!("/provider/referrals/{}", given.reference)).await.body.contains("Football"));
    })
    .await;
}

#[tokio::test]
async fn a_sending_is_not_undone_after_ten_minutes_nor_by_another_authority() {
    both(async |database| {
        let given = given(&database).await;
        let record = format!("/referrals/{}", given.reference);
        let undo = format!("{record}/undo-sending");
        let shown = given.officer.get(&record).await;
        let hidden = shown.form(&undo);
        let fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        given.app.calendar.move_to(date(2021, 9, 13).at(10, 31, 0, 0));
        let late = given.officer.post(&undo, &fields).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.h1());
        assert!(!given.officer.get(&record).await.body.contains("Undo sending"));
        given.app.calendar.move_to(date(2021, 9, 13).at(10, 25, 0, 0));
        let command = placewell_app::placing::referral::UndoSending { reference: given.reference.clone(), version: 1 };
        let stale = given.app.perform(&given.people[0], "stale", command).await;
        assert!(matches!(stale, Err(placewell_app::Outcome::Conflict)), "{stale:?}");
    })
    .await;
}

/// The given referral as a draft again, answered with this profile and plan, and sent.
pub(super) async fn sent_anew(given: &Given, profile: Profile, plan: Plan) -> Result<placewell_app::Receipt, Outcome> {
    let (app, officer, reference) = (&given.app, &given.people[0], &given.reference);
    let version = async || app.referral_record(officer, reference).await.unwrap().referral.version;
    if app.referral_record(officer, reference).await.unwrap().referral.state.out().is_some() {
        let undo = UndoSending { reference: reference.clone(), version: version().await };
        app.perform(officer, "undo", undo).await.unwrap();
    }
    let answer = AnswerTask {
        reference: reference.clone(),
        version: version().await,
        task: Task::Recipients,
        profile,
        narrative: narrative(),
        plan,
    };
    app.perform(officer, &format!("answer {}", version().await), answer).await.unwrap();
    let send = SendReferral {
        reference: reference.clone(),
        version: version().await,
        confirmed: Vec::new(),
        accept_few: true,
    };
    app.perform(officer, &format!("send {}", version().await), send).await
}

pub(super) fn plan() -> Plan {
    let homes = [1, 2].map(|id| Ask { home: HomeId(id), tier: Tier::Fca }).to_vec();
    Plan { homes, deadline: Some(DeadlineChoice::ThreeWorkingDays), ..Plan::default() }
}

#[tokio::test]
async fn rule_1_2_leaving_a_tier_out_is_refused_without_a_power_and_sends_nothing() {
    both(async |database| {
        let given = given(&database).await;
        let region = given.app.actor_by_email("region@example.org").await.unwrap();
        home(&given.app, region.organisation, given.people[1].organisation, 3, false).await;
        let spot = vec![Ask { home: HomeId(3), tier: Tier::Spot }];
        let skipping = |decided_by| {
            let skipped = Some(SkipReason::NotMostAppropriate);
            let tier = TierChoice { tier: Tier::Fca, could_meet: 0, asked: 0, skipped, decided_by };
            Plan { homes: spot.clone(), tiers: vec![tier], ..plan() }
        };
        let code = |answer: Result<placewell_app::Receipt, Outcome>| match answer {
            Err(Outcome::Refused(refusal)) => (refusal.code, refusal.who_can_change),
            other => panic!("{other:?}"),
        };
        let unsaid = Plan { homes: spot.clone(), ..plan() };
        assert_eq!(code(sent_anew(&given, profile(), unsaid).await).0, "tier_without_reason", "counted anew");
        let nobody = code(sent_anew(&given, profile(), skipping(None)).await);
        assert_eq!(nobody.0, "tier_without_power");
        let officer = code(sent_anew(&given, profile(), skipping(Some(given.people[0].person))).await);
        assert_eq!(officer.0, "requester_cannot_approve");
        let another = code(sent_anew(&given, profile(), skipping(Some(given.people[1].person))).await);
        assert_eq!((another.0.as_str(), another.1.as_str()), ("no_decision", "The decision maker"));
        assert_eq!((state_of(&given, 1).await, state_of(&given, 2).await), ("withdrawn", "withdrawn"));
        assert!(sent_anew(&given, profile(), plan()).await.is_ok(), "no tier left out, no power needed");
    })
    .await;
}

#[tokio::test]
async fn rule_5_1_an_emergencys_search_approval_is_a_task_of_the_day_until_it_is_recorded() {
    both(async |database| {
        let given = given(&database).await;
        let mut urgent = profile();
        urgent.emergency = Some(EmergencyCause::PlacementEnded);
        urgent.search_approval = None;
        urgent.standard.needed_by = Some(NeededBy::Today);
        urgent.start = Some(date(2021, 9, 13));
        let deadline = Some(DeadlineChoice::TwoHours);
        sent_anew(&given, urgent, Plan { deadline, ..plan() }).await.unwrap();
        let owed = "The search approval is not recorded, or not confirmed";
        assert!(given.officer.get("/home").await.body.contains(owed));
        let path = format!("/referrals/{}/search-approval", given.reference);
        let day = [("approved_on_day", "13"), ("approved_on_month", "9"), ("approved_on_year", "2021")];
        let short: Vec<(&str, &str)> = day.into_iter().chain([("approved_by", "on_call")]).collect();
        let again = given.officer.submit(&path, &path, &short).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("Enter the name of the person who approved"));
        let full = [("approved_who", "Ann Hill"), ("approved_band", "up_to_6000")];
        let on_call: Vec<(&str, &str)> = short.into_iter().chain(full).collect();
        let done = given.officer.submit(&path, &path, &on_call).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        assert!(given.officer.get("/home").await.body.contains(owed), "the panel has not confirmed it");
        let panel: Vec<(&str, &str)> = day.into_iter().chain([("approved_by", "panel")]).chain(full).collect();
        let done = given.officer.submit(&path, &path, &panel).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        assert!(!given.officer.get("/home").await.body.contains(owed));
        let record = given.officer.get(&format!("/referrals/{}", given.reference)).await;
        assert!(record.body.contains("Ann Hill") && record.body.contains("up to £6,000 a week"));
        let provider = given.elm.get(&format!("/provider/referrals/{}", given.reference)).await;
        assert!(!provider.body.contains("Ann Hill"));
    })
    .await;
}

/// The officer records the duty team's telephones from a day on.
async fn record_telephones(given: &Given, value: &str, (day, month): (&str, &str)) {
    let form = "/settings/duty.telephones";
    let from = [("from_day", day), ("from_month", month), ("from_year", "2021")];
    let done = given.officer.submit(form, form, &[&from[..], &[("value", value), ("confirmed", "yes")]].concat()).await;
    assert_eq!(done.location.as_deref(), Some("/settings"), "{}", done.body);
}

#[tokio::test]
async fn v_01_a_home_reads_both_telephones_of_the_duty_team_at_any_hour_and_another_from_midnight_of_its_day() {
    both(async |database| {
        let given = given(&database).await;
        let path = format!("/provider/referrals/{}", given.reference);
        let says = |day: &str| format!("By day {day}; at night, at weekends and on bank holidays 01632 960101");
        assert!(given.elm.get(&path).await.body.contains("Not recorded"), "none was recorded yet");
        record_telephones(&given, "01632 960100; 01632 960101", ("13", "9")).await;
        record_telephones(&given, "01632 960102; 01632 960101", ("28", "12")).await;
        let (first, second) = (says("01632 960100"), says("01632 960102"));
        for (at, now, when) in [
            (date(2021, 9, 13).at(10, 20, 0, 0), &first, "by day"),
            (date(2021, 9, 13).at(16, 59, 59, 0), &first, "a second before the offices close"),
            (date(2021, 9, 13).at(17, 0, 0, 0), &first, "as they close"),
            (date(2021, 9, 14).at(2, 30, 0, 0), &first, "at night"),
            (date(2021, 9, 14).at(8, 59, 59, 0), &first, "a second before they open"),
            (date(2021, 9, 14).at(9, 0, 0, 0), &first, "as they open"),
            (date(2021, 9, 18).at(11, 0, 0, 0), &first, "at the weekend"),
            (date(2021, 12, 27).at(11, 0, 0, 0), &first, "on a bank holiday"),
            (date(2021, 12, 27).at(23, 59, 59, 0), &first, "a second before another telephone holds"),
            (date(2021, 12, 28).at(0, 0, 0, 0), &second, "at midnight of its day, a bank holiday too"),
        ] {
            given.app.calendar.move_to(at);
            let page = given.elm.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{when}: {}", page.h1());
            assert!(page.body.contains(now.as_str()), "{when}: {}", page.body);
        }
    })
    .await;
}
