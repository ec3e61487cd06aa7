//! A home's standing changes while referrals go out to it and offers come in from it: whoever comes second sees what the
//! first did, on both databases, where a look before the write would have let many through.

use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_app::homes::standing::{About, ProposeMeasure};
use placewell_app::placing::invitation::Answering;
use placewell_app::placing::offer::WriteOffer;
use placewell_app::placing::referral::{AnswerTask, ForChild, SendReferral, StartReferral, UndoSending};
use placewell_app::{App, Outcome};
use placewell_domain::homes::home::{Need, Sex};
use placewell_domain::homes::standing::measure::Affected;
use placewell_domain::homes::standing::{Standing, StandingReason};
use placewell_domain::id::{HomeId, InvitationId, MeasureId};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::child::ChildIdentity;
use placewell_domain::placing::offer::{NotChosenReason, OfferState, OfferWords};
use placewell_domain::placing::referral::{Ask, DeadlineChoice, Plan, Task, Tier};
use placewell_testkit::databases::both;
use tokio::sync::{Barrier, Notify};
use tokio::task::JoinSet;

use super::{Given, given, home, narrative, profile, terms};

/// Clients beside the one that changes the standing, and rounds, each with a home of its own.
const CLIENTS: usize = 23;
const ROUNDS: i64 = 4;

/// A draft that asks one home alone.
async fn draft(given: &Given, home: HomeId, number: usize) -> String {
    let officer = &given.people[0];
    let identity = ChildIdentity {
        family_name: format!("Zelenka {home} {number}"),
        given_names: "Quillon".to_owned(),
        known_as: None,
        born: date(2008, 5, 1),
        sex: Sex::Female,
        case_number: format!("RACE-{home}-{number}"),
        home_postcode: Some("HR9 5AB".to_owned()),
        school: None,
        other_names: Vec::new(),
    };
    let start = StartReferral { child: ForChild::New(identity), sibling_of: None, emergency: None, beside_open: false };
    let receipt = given.app.perform(officer, &format!("start {home} {number}"), start).await.unwrap();
    let reference = receipt.location.split('/').nth(2).unwrap().to_owned();
    let homes = vec![Ask { home, tier: Tier::Fca }];
    let answers = AnswerTask {
        reference: reference.clone(),
        version: 1,
        task: Task::Recipients,
        profile: profile(),
        narrative: narrative(),
        plan: Plan { homes, deadline: Some(DeadlineChoice::ThreeWorkingDays), ..Plan::default() },
    };
    given.app.perform(officer, &format!("answers {home} {number}"), answers).await.unwrap();
    reference
}

fn sending(reference: &str) -> SendReferral {
    SendReferral { reference: reference.to_owned(), version: 2, confirmed: Vec::new(), accept_few: true }
}

fn suspension(home: HomeId) -> ProposeMeasure {
    let urn = format!("SC{:06}", 400_000 + home.0);
    ProposeMeasure {
        link: Some(format!("https://reports.ofsted.gov.uk/provider/4/{urn}")),
        about: About::Home(urn),
        lot: None,
        standing: Standing::Suspended,
        reason: StandingReason::Inadequate,
        elsewhere: None,
        dated: date(2021, 9, 13),
    }
}

/// Proposes a suspension; each authority counts at once what stands open there.
async fn proposed(app: &Arc<App>, lead: &Actor, home: HomeId) -> i64 {
    for attempt in 0..100 {
        match app.perform(lead, &format!("propose {home} {attempt}"), suspension(home)).await {
            Ok(receipt) => {
                app.do_due_jobs().await.unwrap();
                return receipt.location.rsplit('/').next().unwrap().parse().unwrap();
            }
            Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("nothing could be proposed");
}

async fn open_at(given: &Given, home: HomeId) -> Affected {
    let org = given.people[0].organisation;
    let session = given.app.store.read(Some(org)).await.unwrap();
    session.open_at(org, &[home], None).await.unwrap().affected(org)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_referral_sent_while_a_suspension_is_proposed_is_listed_by_it_or_held_by_it() {
    both(async |database| {
        let given = given(&database).await;
        let lead = given.app.actor_by_email("region@example.org").await.unwrap();
        let mut looked_and_held = 0;
        for round in 0..ROUNDS {
            let here = HomeId(10 + round);
            home(&given.app, lead.organisation, given.people[1].organisation, here.0, true).await;
            let mut drafts = Vec::new();
            for number in 0..CLIENTS {
                drafts.push(draft(&given, here, number).await);
            }
            let (start, mut clients) = (Arc::new(Barrier::new(CLIENTS + 1)), JoinSet::new());
            let after = Arc::new(Notify::new());
            for (number, reference) in drafts.into_iter().enumerate() {
                let (app, officer) = (Arc::clone(&given.app), given.people[0].clone());
                let (start, after) = (Arc::clone(&start), Arc::clone(&after));
                clients.spawn(async move {
                    let session = app.store.read(Some(officer.organisation)).await.unwrap();
                    let looked_good = session.proposed_measures().await.unwrap().is_empty();
                    drop(session);
                    both_ways(number, (&start, &after)).await;
                    match app.perform(&officer, &format!("send {here} {number}"), sending(&reference)).await {
                        Ok(_) | Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => 0,
                        Err(Outcome::Refused(_)) => usize::from(looked_good),
                        Err(other) => panic!("{other:?}"),
                    }
                });
            }
            let (app, other, start) = (Arc::clone(&given.app), lead.clone(), Arc::clone(&start));
            let mut proposing = JoinSet::new();
            proposing.spawn(async move {
                start.wait().await;
                let measure = proposed(&app, &other, here).await;
                after.notify_waiters();
                measure
            });
            looked_and_held += clients.join_all().await.into_iter().sum::<usize>();
            let measure = proposing.join_all().await[0];
            // As each authority counted when it was proposed, and not as its page counts anew.
            let session = given.app.store.read(Some(lead.organisation)).await.unwrap();
            let mut told: Vec<Affected> = session.told_open(MeasureId(measure)).await.unwrap();
            drop(session);
            told.retain(Affected::any);
            let page = given.app.region_measure(&lead, measure).await.unwrap();
            let open = open_at(&given, here).await;
            let open: Vec<Affected> = if open.any() { vec![open] } else { Vec::new() };
            assert_eq!(told, open, "round {round}: what was listed is all that ever went out");
            let dropped = placewell_app::homes::standing::DropMeasure {
                measure,
                version: page.measure.version,
                reason: placewell_domain::homes::standing::measure::DropReason::Mistaken,
            };
            given.app.perform(&lead, &format!("drop {here}"), dropped).await.unwrap();
        }
        assert!(looked_and_held > 0, "the naive twin: {looked_and_held} looked, saw nothing and would have sent");
        assert_eq!(given.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// Confirms a suspension as it is listed now, and does at once what follows.
async fn confirmed(app: &Arc<App>, lead: &Actor, id: i64) {
    for attempt in 0..200 {
        let page = app.region_measure(lead, id).await.unwrap();
        let with = (id, page.measure.version, page.seen());
        match app.confirm_measure(lead, &format!("confirm {id} {attempt}"), with).await {
            Ok(_) => {
                app.do_due_jobs().await.unwrap();
                return;
            }
            Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => {}
            Err(Outcome::Refused(refusal)) if refusal.code == "list_changed" => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("the list never stood still");
}

/// Every third client comes after the standing has changed; all others at the same time as the change.
async fn both_ways(number: usize, (start, after): (&Barrier, &Notify)) {
    let late = after.notified();
    tokio::pin!(late);
    late.as_mut().enable();
    start.wait().await;
    if number.is_multiple_of(3) {
        late.await;
    }
}

/// Looks whether the search is open to an offer, then sends one: 1 where it looked open and was refused all the same.
async fn offer(
    app: &Arc<App>,
    manager: &Actor,
    (number, invitation): (usize, InvitationId),
    way: (&Barrier, &Notify),
) -> usize {
    let session = app.store.read(Some(manager.organisation)).await.unwrap();
    let open = session.offers_on(manager.organisation, invitation).await.unwrap().is_empty();
    drop(session);
    both_ways(number, way).await;
    let words = OfferWords {
        must_haves: vec![(Need::GoingMissing, "How".to_owned())],
        impact: "A match".to_owned(),
        ..OfferWords::default()
    };
    let command = WriteOffer {
        to: Answering { invitation: invitation.0, link: None },
        version: 0,
        terms: terms(date(2021, 9, 27)),
        words,
        send: true,
        page_opened: None,
        late_reason: None,
    };
    match app.perform(manager, &format!("offer {invitation}"), command).await {
        Ok(_) | Err(Outcome::Busy | Outcome::Retry) => 0,
        Err(Outcome::Refused(_) | Outcome::Conflict | Outcome::NotFound) => usize::from(open),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_offer_sent_while_a_suspension_is_confirmed_ends_with_it_or_is_refused() {
    both(async |database| {
        let given = given(&database).await;
        let lead = given.app.actor_by_email("region@example.org").await.unwrap();
        let (authority, manager) = (given.people[0].organisation, given.people[1].clone());
        let mut looked_and_refused = 0;
        for round in 0..ROUNDS {
            let here = HomeId(10 + round);
            home(&given.app, lead.organisation, manager.organisation, here.0, true).await;
            let mut asked = Vec::new();
            for number in 0..CLIENTS {
                let reference = draft(&given, here, number).await;
                let key = format!("send {here} {number}");
                given.app.perform(&given.people[0], &key, sending(&reference)).await.unwrap();
                let session = given.app.store.read(Some(manager.organisation)).await.unwrap();
                let received = session.received_by_reference(manager.organisation, &reference).await.unwrap();
                asked.push(received[0].id);
            }
            let measure = proposed(&given.app, &lead, here).await;
            let (start, mut clients) = (Arc::new(Barrier::new(CLIENTS + 1)), JoinSet::new());
            let after = Arc::new(Notify::new());
            for (number, invitation) in asked.clone().into_iter().enumerate() {
                let (app, manager) = (Arc::clone(&given.app), manager.clone());
                let (start, after) = (Arc::clone(&start), Arc::clone(&after));
                clients.spawn(async move { offer(&app, &manager, (number, invitation), (&start, &after)).await });
            }
            let (app, other, start) = (Arc::clone(&given.app), lead.clone(), Arc::clone(&start));
            let mut confirming = JoinSet::new();
            confirming.spawn(async move {
                start.wait().await;
                confirmed(&app, &other, measure).await;
                after.notify_waiters();
            });
            looked_and_refused += clients.join_all().await.into_iter().sum::<usize>();
            confirming.join_all().await;
            // A job that met somebody's change tries again later.
            given.app.do_jobs_due_at(Machine::now() + SignedDuration::from_hours(6)).await.unwrap();
            let left = open_at(&given, here).await;
            assert_eq!((left.referrals, left.offers), (0, 0), "round {round}: nothing stays open");
            let session = given.app.store.read(Some(manager.organisation)).await.unwrap();
            for invitation in asked {
                for offer in session.offers_on(manager.organisation, invitation).await.unwrap() {
                    let reason = NotChosenReason::HomeSuspended;
                    assert!(
                        matches!(offer.state, OfferState::NotChosen { reason: why, .. } if why == reason),
                        "round {round}: {:?}",
                        offer.state
                    );
                }
            }
        }
        let session = given.app.store.read(Some(authority)).await.unwrap();
        assert!(session.verify_chain(authority).await.unwrap().faults.is_empty());
        drop(session);
        assert!(
            looked_and_refused > 0,
            "the naive twin: {looked_and_refused} looked, saw an open search and would offer"
        );
        assert_eq!(given.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// Takes a sending back, as the page of that moment shows it: whether it came to that.
async fn undone(app: &Arc<App>, officer: &Actor, reference: &str) -> bool {
    for attempt in 0..100 {
        let version = app.referral_record(officer, reference).await.unwrap().referral.version;
        let undo = UndoSending { reference: reference.to_owned(), version };
        match app.perform(officer, &format!("undo {reference} {attempt}"), undo).await {
            Ok(_) => return true,
            Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => {}
            Err(Outcome::Refused(_)) => return false,
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("{reference} never stood still");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_offer_sent_while_its_sending_is_undone_ends_with_it_or_is_refused() {
    both(async |database| {
        let given = given(&database).await;
        let (officer, manager) = (given.people[0].clone(), given.people[1].clone());
        let region = given.app.actor_by_email("region@example.org").await.unwrap().organisation;
        let mut looked_and_refused = 0;
        for round in 0..ROUNDS {
            let here = HomeId(10 + round);
            home(&given.app, region, manager.organisation, here.0, true).await;
            let (start, after) = (Arc::new(Barrier::new(2 * CLIENTS)), Arc::new(Notify::new()));
            let (mut offering, mut undoing) = (JoinSet::new(), JoinSet::new());
            let mut asked = Vec::new();
            for number in 0..CLIENTS {
                let reference = draft(&given, here, number).await;
                let key = format!("send {here} {number}");
                given.app.perform(&officer, &key, sending(&reference)).await.unwrap();
                let session = given.app.store.read(Some(manager.organisation)).await.unwrap();
                let received = session.received_by_reference(manager.organisation, &reference).await.unwrap();
                asked.push((reference, received[0].id));
            }
            for (number, (reference, invitation)) in asked.iter().cloned().enumerate() {
                let (app, manager) = (Arc::clone(&given.app), manager.clone());
                let (begin, late) = (Arc::clone(&start), Arc::clone(&after));
                offering.spawn(async move { offer(&app, &manager, (number, invitation), (&begin, &late)).await });
                let (app, officer, start) = (Arc::clone(&given.app), officer.clone(), Arc::clone(&start));
                undoing.spawn(async move {
                    start.wait().await;
                    undone(&app, &officer, &reference).await
                });
            }
            let undone = undoing.join_all().await;
            after.notify_waiters();
            looked_and_refused += offering.join_all().await.into_iter().sum::<usize>();
            assert!(undone.iter().all(|done| *done), "round {round}: each is undone within its ten minutes");
            let session = given.app.store.read(Some(manager.organisation)).await.unwrap();
            for (reference, invitation) in asked {
                for offer in session.offers_on(manager.organisation, invitation).await.unwrap() {
                    assert!(
                        matches!(offer.state, OfferState::NotChosen { reason: NotChosenReason::ReferralWithdrawn, .. }),
                        "round {round}, {reference}: {:?}",
                        offer.state
                    );
                }
            }
        }
        assert!(looked_and_refused > 0, "the naive twin: nobody looked, saw an open search and would have offered");
        assert_eq!(given.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}
