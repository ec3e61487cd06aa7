//! Sessions and ways to sign in that many change at one moment, on both databases: what ends a session ends also what
//! is just made of it, a password stands beside what it was taken for, and one that is taken away opens none, nor does one
//! beside which a second step came to stand.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use placewell_app::clock::Machine;
use placewell_app::office::person::people::ResetSignIn;
use placewell_app::office::person::session::Beginning;
use placewell_app::office::person::signing::Step;
use placewell_app::office::person::{hash_password, random_text};
use placewell_app::{Answer, App, Outcome};
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_store::Work;
use placewell_store::verify::DEPLOYMENT;
use placewell_testkit::databases::both;
use tokio::sync::{Barrier, Semaphore};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::signing::{EMAIL, PASSWORD, given, with_second_step};

const CLIENTS: usize = 16;
const ROUNDS: usize = 6;

/// What somebody asks for waits for a unit of work; its answer once that is committed.
pub async fn waits_for<T>(work: Work, asked: impl Future<Output = Answer<T>>) -> Answer<T> {
    tokio::pin!(asked);
    assert!(timeout(Duration::from_secs(1), &mut asked).await.is_err(), "it did not wait");
    // Both may share one commit, which then waits for both.
    let (done, answer) = tokio::join!(work.commit(Machine::now()), asked);
    done.unwrap();
    answer
}

/// What whoever has come by a session makes of it.
#[derive(Clone, Copy, Debug)]
enum Makes {
    Sessions,
    Tokens,
}

/// Makes one more, and says by which session to go on.
async fn once(app: &App, (actor, session): (&Actor, &str), makes: Makes) -> Answer<String> {
    match makes {
        Makes::Sessions => app.switch(actor, session, "HEF", actor.role.code()).await,
        Makes::Tokens => {
            let key = random_text::<16>();
            app.create_own_token(actor, (session, &key), ("export", "1", "reading")).await?;
            Ok(session.to_owned())
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_change_the_role_of_one_session_at_once_one_has_the_session_in_its_place() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        for round in 0..ROUNDS {
            let session = app.start_session(&actor).await.unwrap();
            let (mut clients, start) = (JoinSet::new(), Arc::new(Barrier::new(CLIENTS)));
            for _ in 0..CLIENTS {
                let (app, actor, session, start) = (app.clone(), actor.clone(), session.clone(), Arc::clone(&start));
                clients.spawn(async move {
                    start.wait().await;
                    once(&app, (&actor, &session), Makes::Sessions).await
                });
            }
            let ends = clients.join_all().await;
            let won: Vec<&String> = ends.iter().filter_map(|end| end.as_ref().ok()).collect();
            assert_eq!(won.len(), 1, "round {round}: {ends:?}");
            let others = ends.iter().filter_map(|end| end.as_ref().err());
            let turned_away = others.filter(|end| matches!(end, Outcome::NotFound | Outcome::Busy | Outcome::Retry));
            assert_eq!(turned_away.count(), CLIENTS - 1, "round {round}: {ends:?}");
            assert_eq!(app.own_sign_ins(&actor, "").await.unwrap().len(), 1, "round {round}");
            assert!(app.signed_in(won[0]).await.unwrap().is_some() && app.signed_in(&session).await.unwrap().is_none());
            app.sign_out_everywhere(&actor).await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_signs_out_everywhere_ends_also_the_sessions_and_tokens_that_are_made_at_that_moment() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        for (round, makes) in (0..ROUNDS).flat_map(|round| [(round, Makes::Sessions), (round, Makes::Tokens)]) {
            let (mut clients, made) = (JoinSet::new(), Arc::new(Semaphore::new(0)));
            for _ in 0..CLIENTS {
                let mut session = app.start_session(&actor).await.unwrap();
                let (app, actor, made) = (app.clone(), actor.clone(), Arc::clone(&made));
                clients.spawn(async move {
                    for _ in 0..200 {
                        match once(&app, (&actor, &session), makes).await {
                            Ok(next) => session = next,
                            Err(Outcome::Busy | Outcome::Retry) => {}
                            Err(Outcome::NotFound) => return,
                            Err(other) => panic!("{other:?}"),
                        }
                        made.add_permits(1);
                    }
                    panic!("nobody ended it");
                });
            }
            // In the midst of it: some were made, and others are being made.
            drop(made.acquire_many(u32::try_from(CLIENTS).unwrap()).await.unwrap());
            while let Err(outcome) = app.sign_out_everywhere(&actor).await {
                assert!(matches!(outcome, Outcome::Busy | Outcome::Retry), "{outcome:?}");
            }
            clients.join_all().await;
            let left = app.own_sign_ins(&actor, "").await.unwrap();
            assert_eq!(left, [], "round {round}: {makes:?} outrun it");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_short_password_that_is_chosen_while_the_second_step_ends_does_not_stand_alone() {
    const SHORT: [&str; 3] = ["kX7-vq2w", "mQ4-zt8r", "wP9-hd3k"];
    both(async |database| {
        let (app, actor) = given(&database).await;
        let (_secret, _codes) = with_second_step(&app, &actor).await;
        let (mut clients, start) = (JoinSet::new(), Arc::new(Barrier::new(SHORT.len() + 1)));
        let (ends, who, begins) = (app.clone(), actor.clone(), Arc::clone(&start));
        // It hashes one password, whoever chooses one hashes two: each reads the second step before it ends.
        clients.spawn(async move {
            begins.wait().await;
            ends.end_second_step(&who, PASSWORD).await
        });
        for short in SHORT {
            let session = app.start_session(&actor).await.unwrap();
            let (app, actor, start) = (app.clone(), actor.clone(), Arc::clone(&start));
            clients.spawn(async move {
                start.wait().await;
                app.change_password(&actor, &session, (PASSWORD, short)).await
            });
        }
        let ends = clients.join_all().await;
        let late = |end: &Outcome| matches!(end, Outcome::Conflict | Outcome::Busy | Outcome::Invalid(_));
        assert!(ends.iter().filter_map(|end| end.as_ref().err()).all(late), "{ends:?}");
        assert!(ends.iter().any(Result::is_ok), "nobody came through: {ends:?}");
        let second = app.has_second_step(actor.person).await.unwrap();
        for short in SHORT {
            let opens = app.check_password(EMAIL, short).await.is_ok();
            assert!(second || !opens, "{short} stands alone: {ends:?}");
        }
    })
    .await;
}

/// Begins sessions by what was proven once, until it opens none any longer.
async fn begins(app: Arc<App>, (actor, beginning): (Actor, Beginning), begun: Arc<Semaphore>) {
    for _ in 0..5_000 {
        match app.start_session_by(&actor, &beginning).await {
            Ok(_) => begun.add_permits(1),
            Err(Outcome::Busy | Outcome::Retry) => {}
            Err(Outcome::Invalid(_)) => return,
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("it opens sessions still");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_session_is_left_that_begins_at_the_moment_at_which_its_password_is_changed_or_taken_away() {
    const OTHER: &str = "quartz lantern bishop meadow";
    both(async |database| {
        let (app, actor) = given(&database).await;
        let director = app.actor_by_email("director@authority.example").await.unwrap();
        let keeper = Actor { role: Role::Administrator, ..director };
        for round in 0..ROUNDS {
            let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
            work.give_password(actor.person, Some(&hash_password(PASSWORD).unwrap())).await.unwrap();
            work.commit(Machine::now()).await.unwrap();
            let own = app.start_session(&actor).await.unwrap();
            let Step::In(who, beginning) = app.sign_in_by_password(EMAIL, PASSWORD).await.unwrap() else {
                panic!("there is no second step")
            };
            let (mut clients, begun) = (JoinSet::new(), Arc::new(Semaphore::new(0)));
            for _ in 0..CLIENTS {
                clients.spawn(begins(app.clone(), ((*who).clone(), beginning.clone()), Arc::clone(&begun)));
            }
            // In the midst of it: some have begun, and others are beginning.
            drop(begun.acquire_many(u32::try_from(CLIENTS).unwrap()).await.unwrap());
            loop {
                let done = if round.is_multiple_of(2) {
                    app.change_password(&actor, &own, (PASSWORD, OTHER)).await
                } else {
                    let reset = ResetSignIn { person: actor.person };
                    app.perform(&keeper, &random_text::<16>(), reset).await.map(|_| ())
                };
                match done {
                    Ok(()) => break,
                    Err(Outcome::Busy | Outcome::Retry) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            clients.join_all().await;
            let left = app.own_sign_ins(&actor, &own).await.unwrap();
            assert_eq!(left.iter().filter(|one| !one.own).count(), 0, "round {round}: the old password outran it");
            app.sign_out_everywhere(&actor).await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_session_that_begins_while_a_second_step_is_set_up_waits_for_it_and_begins_by_no_password_alone() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let Step::In(who, beginning) = app.sign_in_by_password(EMAIL, PASSWORD).await.unwrap() else {
            panic!("there is no second step")
        };
        let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
        work.begin_second_step(actor.person, b"a secret of the device", Machine::now()).await.unwrap();
        work.confirm_second_step(actor.person, Machine::now()).await.unwrap();
        let late = waits_for(work, app.start_session_by(&who, &beginning)).await;
        assert!(matches!(&late, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "email"), "{late:?}");
        assert_eq!(app.own_sign_ins(&actor, "").await.unwrap(), []);
        assert!(matches!(app.sign_in_by_password(EMAIL, PASSWORD).await.unwrap(), Step::Second(_)));
    })
    .await;
}
