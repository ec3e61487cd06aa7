//! The deadline of an opening and the end of a standstill under many clients, on both databases, while the clock passes
//! them: each act counts by its own second, and whoever comes second sees what the first did.

use std::sync::Arc;

use jiff::Span;
use jiff::civil::{Date, date};
use placewell_app::demonstration::calendar;
use placewell_app::homes::admission::applying::{BeginApplication, SaveApplication, SendApplication};
use placewell_app::homes::admission::carried::ConfirmCarried;
use placewell_app::homes::admission::evaluating::StartEvaluations;
use placewell_app::homes::admission::outcome::{ChallengeOutcome, ConfirmOutcome};
use placewell_app::{App, Outcome};
use placewell_domain::change::{Change, Event};
use placewell_domain::homes::admission::application::Part;
use placewell_domain::homes::admission::carried::{Carried, Section};
use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState};
use placewell_domain::homes::admission::opening::OpeningPhase;
use placewell_domain::homes::admission::outcome::{ChallengeState, Letter};
use placewell_domain::id::{ApplicationId, EvaluationId};
use placewell_domain::money::Pence;
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both_filled;
use tokio::sync::{Barrier, Notify};
use tokio::task::JoinSet;

use super::evaluation::{LEAD, code, perform};

const OPEN: &str = "AR-005";

/// An application of a provider that is ready to be sent: the version of its draft; none where its earlier answers do not
/// fit this opening.
async fn ready(app: &Arc<App>, actor: &Actor) -> Option<i64> {
    if app.own_application(actor, OPEN).await.ok()?.draft.is_none() {
        perform(app, actor, BeginApplication { reference: OPEN.into(), reuse: true }).await.ok()?;
    }
    let draft = app.own_application(actor, OPEN).await.ok()?.draft?;
    let mut selection = draft.answers.selection.clone();
    selection.accounts_to = Some(date(2021, 3, 31));
    selection.turnover = Some(Pence::pounds(2_400_000));
    selection.going_concern = Some(true);
    selection.safeguarding_on = Some(date(2021, 2, 1));
    selection.data_protection_until = Some(date(2022, 5, 31));
    for insurance in &mut selection.insurances {
        insurance.expires = date(2022, 8, 31);
    }
    let part = Part::Selection { answers: Box::new(selection) };
    perform(app, actor, SaveApplication { reference: OPEN.into(), version: draft.version, part }).await.ok()?;
    let draft = app.own_application(actor, OPEN).await.ok()?.draft?;
    let sections: Vec<String> = draft.carried.iter().flat_map(Carried::waiting).map(Section::code).collect();
    let confirm = ConfirmCarried { reference: OPEN.into(), version: draft.version, sections };
    perform(app, actor, confirm).await.ok()?;
    let own = app.own_application(actor, OPEN).await.ok()?;
    own.missing.errors.is_empty().then(|| own.draft.map(|draft| draft.version))?
}

fn sending(version: i64) -> SendApplication {
    let (name, role) = ("Rashid Harescombe".to_owned(), "Director".to_owned());
    SendApplication { reference: OPEN.into(), version, name, role, has_authority: true }
}

/// Looks whether the opening takes applications, then sends: half of the clients at once, half when the deadline has passed.
/// Whether it looked open, and how the sending ended.
async fn send(
    app: &Arc<App>,
    (actor, version): (&Actor, i64),
    client: usize,
    (start, passed): (&Barrier, &Notify),
) -> (bool, &'static str) {
    let looked_open = app.public_opening(OPEN).await.unwrap().phase == OpeningPhase::Open;
    let late_for_sure = passed.notified();
    tokio::pin!(late_for_sure);
    late_for_sure.as_mut().enable();
    start.wait().await;
    if client % 2 == 1 {
        late_for_sure.await;
    }
    for attempt in 0..1_000 {
        let key = format!("send {} {client} {attempt}", actor.organisation);
        match app.perform(actor, &key, sending(version)).await {
            Ok(_) => return (looked_open, "sent"),
            // A colleague's first sending came a moment earlier: it is tried again over theirs.
            Err(Outcome::Refused(refusal)) if refusal.code == "application_once" => {}
            Err(Outcome::Refused(refusal)) => {
                assert_eq!(refusal.code, "deadline_passed");
                return (looked_open, "late");
            }
            Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("it was never sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_application_is_in_time_or_late_by_its_own_second_while_the_deadline_passes() {
    const EACH: usize = 6;
    both_filled(async |database| {
        let app = database.app(calendar()).await;
        let lead = app.actor_by_email(LEAD).await.unwrap();
        let mut providers = Vec::new();
        for one in app.region_providers(&lead).await.unwrap() {
            let Ok(actor) = app.actor_by_email(&format!("placements@{}.example", one.provider.code)).await else {
                continue;
            };
            if let Some(version) = ready(&app, &actor).await {
                providers.push((actor, version));
            }
            if providers.len() == 8 {
                break;
            }
        }
        assert!(providers.len() > 3, "{} providers could apply", providers.len());
        let closes = app.public_opening(OPEN).await.unwrap().opening.plan.closes;
        app.calendar.move_to(closes);
        let start = Arc::new(Barrier::new(providers.len() * EACH + 1));
        let (passed, mut clients) = (Arc::new(Notify::new()), JoinSet::new());
        for (actor, version) in providers.clone() {
            for client in 0..EACH {
                let (app, actor) = (Arc::clone(&app), actor.clone());
                let (start, passed) = (Arc::clone(&start), Arc::clone(&passed));
                clients.spawn(async move { send(&app, (&actor, version), client, (&start, &passed)).await });
            }
        }
        start.wait().await;
        app.calendar.move_to(closes.saturating_add(Span::new().seconds(1)));
        passed.notify_waiters();
        let ended = clients.join_all().await;
        let naive = ended.iter().filter(|(looked, end)| *looked && *end == "late").count();
        let mut counting = 0;
        for (actor, _) in &providers {
            let sent = app.own_application(actor, OPEN).await.unwrap().sent.unwrap();
            assert_eq!(sent.late, sent.sent > closes, "by its own second: {} at {}", sent.late, sent.sent);
            counting += usize::from(sent.counts());
        }
        let late = providers.len() - counting;
        assert!(naive > 0 || late > 0, "whoever looks before and sends after believes itself in time");
        let kept = app.kept_opening(&lead, OPEN).await.unwrap();
        assert_eq!(kept.counts, (counting, late));
        let evaluators = vec!["priya.shah@herefordshire.example".to_owned(), "director@shropshire.example".to_owned()];
        let started = perform(&app, &lead, StartEvaluations { reference: OPEN.into(), evaluators }).await;
        if counting == 0 {
            assert_eq!(code(started), "evaluators");
        } else {
            started.unwrap();
        }
        assert_eq!(
            app.kept_opening(&lead, OPEN).await.unwrap().evaluations.len(),
            counting,
            "late ones are kept apart"
        );
        assert!(app.store.row_faults(lead.organisation).await.unwrap().is_empty());
    })
    .await;
}

const ENDS: Date = date(2021, 9, 20);

/// An evaluation in its standstill that admits nobody, with its letter: one more of the story's provider.
async fn standstill(app: &Arc<App>, of: &Evaluation, round: i64) -> Evaluation {
    let mut work = app.store.begin(of.region, app.calendar.now()).await.unwrap();
    let id = EvaluationId(work.new_id());
    let mut gates = of.gates.clone();
    gates[0].passed = false;
    let new = Evaluation {
        id,
        version: 1,
        application: ApplicationId(work.new_id()),
        opening_reference: format!("AR-9{round:02}"),
        gates,
        state: EvaluationState::Standstill { issued: date(2021, 9, 10).at(9, 0, 0, 0), until: ENDS },
        ..of.clone()
    };
    let made = work.apply(Change::to(new, Event::new("evaluation.begun", "evaluation", id.0, 1))).await.unwrap();
    work.keep_letter(&Letter::of(work.new_id(), &made, "Not this time").unwrap()).await.unwrap();
    work.commit(placewell_app::clock::Machine::now()).await.unwrap();
    made
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_outcome_is_challenged_or_final_and_never_both_while_its_standstill_ends() {
    const ROUNDS: i64 = 8;
    const SIDE: usize = 12;
    both_filled(async |database| {
        let app = database.app(calendar()).await;
        let lead = app.actor_by_email(LEAD).await.unwrap();
        let of = app.evaluations(&lead).await.unwrap();
        let of = of.into_iter().find(|one| one.state.name() == "standstill").unwrap();
        let session = app.store.read(Some(of.provider)).await.unwrap();
        let manager = session.organisation_by_id(of.provider).await.unwrap().code;
        drop(session);
        let manager = app.actor_by_email(&format!("placements@{manager}.example")).await.unwrap();
        let (last, first) = (ENDS.at(23, 59, 59, 0), ENDS.tomorrow().unwrap().at(0, 0, 0, 0));
        let (mut challenged, mut finals) = (0, 0);
        for round in 0..ROUNDS {
            let evaluation = standstill(&app, &of, round).await;
            app.calendar.move_to(last);
            let (start, mut clients) = (Arc::new(Barrier::new(2 * SIDE + 1)), JoinSet::new());
            for client in 0..2 * SIDE {
                let (app, start) = (Arc::clone(&app), Arc::clone(&start));
                let (lead, manager, evaluation) = (lead.clone(), manager.clone(), evaluation.clone());
                clients.spawn(async move {
                    start.wait().await;
                    for attempt in 0..6 {
                        let key = format!("{round} {client} {attempt}");
                        let answer = if client % 2 == 0 {
                            let reference = evaluation.opening_reference.clone();
                            let words = "The panel read another letter.".to_owned();
                            app.perform(&manager, &key, ChallengeOutcome { reference, words }).await
                        } else {
                            app.perform(&lead, &key, ConfirmOutcome { evaluation: evaluation.id, version: 1 }).await
                        };
                        match answer {
                            Ok(_) => return client % 2,
                            Err(Outcome::Refused(_) | Outcome::Conflict | Outcome::Busy | Outcome::Retry) => {}
                            Err(other) => panic!("{other:?}"),
                        }
                    }
                    2
                });
            }
            let clock = Arc::clone(&app);
            let mut flips = JoinSet::new();
            flips.spawn(async move {
                start.wait().await;
                for _ in 0..200 {
                    clock.calendar.move_to(first);
                    tokio::task::yield_now().await;
                    clock.calendar.move_to(last);
                    tokio::task::yield_now().await;
                }
                clock.calendar.move_to(first);
            });
            clients.join_all().await;
            flips.join_all().await;
            let session = app.store.read(Some(lead.organisation)).await.unwrap();
            let after = session.evaluation(evaluation.id).await.unwrap();
            let open = session.challenges(evaluation.id).await.unwrap();
            let open = open.iter().filter(|one| one.state == ChallengeState::Open).count();
            let is_final = after.state.name() == "not_admitted";
            assert_eq!(session.is_final(evaluation.id).await.unwrap(), is_final);
            assert!(open <= 1 && !(is_final && open > 0), "round {round}: {open} open, {}", after.state.name());
            challenged += open;
            finals += usize::from(is_final);
        }
        assert!(challenged + finals > 0, "nothing was done in any round");
        assert!(app.store.row_faults(lead.organisation).await.unwrap().is_empty());
    })
    .await;
}

/// The hole that looking first leaves: a challenge that began in the standstill's last second and is written after the
/// outcome became final.
#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_that_was_under_way_when_the_outcome_became_final_is_refused() {
    both_filled(async |database| {
        let app = database.app(calendar()).await;
        let lead = app.actor_by_email(LEAD).await.unwrap();
        let of = app.evaluations(&lead).await.unwrap();
        let of = of.into_iter().find(|one| one.state.name() == "standstill").unwrap();
        let evaluation = standstill(&app, &of, 99).await;
        app.calendar.move_to(ENDS.tomorrow().unwrap().at(0, 0, 0, 0));
        perform(&app, &lead, ConfirmOutcome { evaluation: evaluation.id, version: 1 }).await.unwrap();
        // As a request sees the clock that came in a second before and waited for its turn.
        app.calendar.move_to(ENDS.at(23, 59, 59, 0));
        let code_of = app.store.read(None).await.unwrap().organisation_by_id(of.provider).await.unwrap().code;
        let manager = app.actor_by_email(&format!("placements@{code_of}.example")).await.unwrap();
        let words = "The panel read another letter.".to_owned();
        let late = ChallengeOutcome { reference: evaluation.opening_reference, words };
        assert_eq!(code(perform(&app, &manager, late).await), "standstill_over");
    })
    .await;
}
