//! What ends with a role: the sessions and tokens that were opened in it, which come to life again with no role that is given
//! anew; on both databases.

use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use placewell_app::App;
use placewell_app::clock::Machine;
use placewell_app::office::access::cover::{ArrangeCover, EndCover};
use placewell_app::office::person::random_text;
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::CoverReason;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::TokenScope;
use placewell_testkit::databases::both;

use super::many::{given, who};

const TODAY: Date = date(2021, 9, 13);

/// The officer's role is lent to a colleague for some days, for leave; the colleague as they act in it.
async fn lend(app: &Arc<App>, (absent, covering): (&Actor, &Actor), (from, last): (Date, Date)) -> Actor {
    let (role, reason) = (Role::PlacementOfficer, CoverReason::Leave);
    let cover = ArrangeCover { absent: absent.person.0, covering: covering.person.0, role, from, last, reason };
    app.perform(absent, &random_text::<16>(), cover).await.unwrap();
    let roles = app.roles_of(covering.person).await.unwrap();
    roles.into_iter().map(|one| one.actor).find(|one| one.role == role).unwrap()
}

/// Ends the cover that goes on the longest.
async fn end_cover(app: &Arc<App>, by: &Actor) {
    let cover = app.covers(by).await.unwrap().remove(0).cover;
    let end = EndCover { cover: cover.id, version: cover.version };
    app.perform(by, &random_text::<16>(), end).await.unwrap();
}

/// What somebody opened in a role: a session and a program's token.
struct Opened(String, String);

async fn open(app: &Arc<App>, actor: &Actor) -> Opened {
    let session = app.start_session(actor).await.unwrap();
    Opened(session, app.create_token(actor, "export", 30, &TokenScope::Reading).await.unwrap())
}

/// How much of it is open still.
async fn still_open(app: &Arc<App>, opened: &Opened) -> usize {
    let session = app.signed_in(&opened.0).await.unwrap().is_some();
    usize::from(session) + usize::from(app.token_holder(&opened.1).await.unwrap().is_some())
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_what_was_opened_in_a_role_that_was_lent_does_not_come_to_life_again_with_a_second_cover() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer, finance) =
            (who(&app, "keeper").await, who(&app, "officer").await, who(&app, "finance").await);
        let own = open(&app, &finance).await;
        let days = (TODAY, date(2021, 9, 17));
        let first = open(&app, &lend(&app, (&officer, &finance), days).await).await;
        assert_eq!(still_open(&app, &first).await, 2);
        end_cover(&app, &keeper).await;
        let lent = lend(&app, (&officer, &finance), days).await;
        assert_eq!(still_open(&app, &first).await, 0, "a cover that was ended comes back with the next");

        // The same of one whose days passed by themselves.
        let second = open(&app, &lent).await;
        app.calendar.move_to(date(2021, 9, 20).at(9, 0, 0, 0));
        assert_eq!(still_open(&app, &second).await, 0);
        lend(&app, (&officer, &finance), (date(2021, 9, 20), date(2021, 9, 24))).await;
        assert_eq!(still_open(&app, &second).await, 0, "a cover that ran out comes back with the next");
        assert_eq!(still_open(&app, &own).await, 2, "what they opened in their own role goes on");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_no_token_is_made_for_longer_than_its_role() {
    both(async |database| {
        let app = given(&database).await;
        let (officer, finance) = (who(&app, "officer").await, who(&app, "finance").await);
        let own = open(&app, &finance).await;
        let lent = open(&app, &lend(&app, (&officer, &finance), (TODAY, date(2021, 9, 17))).await).await;
        let all = app.own_sign_ins(&finance, "").await.unwrap();
        let ends = |role: Role| all.iter().filter(|one| one.role == role).map(|one| one.expires_at).max().unwrap();
        let days = |days: i64| Machine::now() + SignedDuration::from_hours(24 * days);
        assert!(ends(Role::FinanceOfficer) > days(29), "a role that has no end yet");
        let until = ends(Role::PlacementOfficer);
        assert!(days(4) < until && until < days(5), "it outlives the cover: {until}");
        assert_eq!((still_open(&app, &own).await, still_open(&app, &lent).await), (2, 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_who_joins_in_the_role_that_they_cover_stays_signed_in_when_the_cover_ends() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer, finance) =
            (who(&app, "keeper").await, who(&app, "officer").await, who(&app, "finance").await);
        let opened = open(&app, &lend(&app, (&officer, &finance), (TODAY, date(2021, 9, 24))).await).await;
        let joined = date(2021, 9, 14);
        app.calendar.move_to(joined.at(9, 0, 0, 0));
        let work = app.store.begin(finance.organisation, app.calendar.now()).await.unwrap();
        let own = (joined, date(2022, 1, 1));
        work.give_membership(finance.person, Role::PlacementOfficer, "Officer", own).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        end_cover(&app, &keeper).await;
        assert_eq!(still_open(&app, &opened).await, 2);
    })
    .await;
}
