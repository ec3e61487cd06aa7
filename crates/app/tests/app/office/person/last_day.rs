//! Until when somebody works in a role, moved by whoever keeps the people of their organisation, on both databases.

use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use placewell_app::clock::Machine;
use placewell_app::office::access::cover::{ArrangeCover, EndCover};
use placewell_app::office::person::last_day::MoveLastDay;
use placewell_app::office::person::people::{EndRole, GivenBy};
use placewell_app::office::person::random_text;
use placewell_app::{Answer, App, Outcome, Receipt};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::cover::CoverReason;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::TokenScope;
use placewell_store::StoreError;
use placewell_testkit::databases::both;

use super::many::{given, refusal, who};

async fn moved(app: &Arc<App>, by: &Actor, of: &Actor, role: Role, until: Option<Date>) -> Answer<Receipt> {
    let command = MoveLastDay { person: of.person, role: role.code().to_owned(), until };
    app.perform(by, &random_text::<16>(), command).await
}

/// The first day on which somebody holds their first role no longer.
async fn ends(app: &Arc<App>, by: &Actor, of: &Actor) -> Date {
    app.colleague(by, of.person).await.unwrap().0[0].to
}

/// The officer's role is lent to a colleague for some days.
async fn lend(app: &Arc<App>, by: &Actor, (absent, covering): (&Actor, &Actor), (from, last): (Date, Date)) {
    let (absent, covering, reason) = (absent.person.0, covering.person.0, CoverReason::Leave);
    let cover = ArrangeCover { absent, covering, role: Role::PlacementOfficer, from, last, reason };
    app.perform(by, "cover", cover).await.unwrap();
}

/// Ends the only cover before its last day.
async fn end_cover(app: &Arc<App>, by: &Actor) {
    let cover = app.covers(by).await.unwrap().remove(0).cover;
    app.perform(by, "end cover", EndCover { cover: cover.id, version: cover.version }).await.unwrap();
}

/// Somebody is an officer themselves from a day until before another.
async fn join(app: &Arc<App>, of: &Actor, days: (Date, Date)) {
    let work = app.store.begin(of.organisation, app.calendar.now()).await.unwrap();
    work.give_membership(of.person, Role::PlacementOfficer, "Officer", days).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

/// The days on which somebody is an officer from today on, and by whom they were given the role.
async fn as_officer(app: &Arc<App>, by: &Actor, of: &Actor) -> Vec<(Date, Date, GivenBy)> {
    let roles = app.colleague(by, of.person).await.unwrap().0;
    let own = roles.into_iter().filter(|one| one.role == Role::PlacementOfficer);
    own.map(|one| (one.from, one.to, one.by)).collect()
}

/// How often the approvers were told of somebody who was given a role that sees children.
async fn told(app: &Arc<App>, of: &Actor) -> usize {
    app.do_due_jobs().await.unwrap();
    let session = app.store.read(Some(of.organisation)).await.unwrap();
    let mails = session.mails(of.organisation, 50).await.unwrap();
    mails.iter().filter(|mail| mail.subject == "Somebody was given a role that sees children").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_the_last_day_in_a_role_is_moved_and_the_approvers_are_told_where_it_becomes_later() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer) = (who(&app, "keeper").await, who(&app, "officer").await);
        moved(&app, &keeper, &officer, Role::PlacementOfficer, Some(date(2021, 12, 31))).await.unwrap();
        assert_eq!(ends(&app, &keeper, &officer).await, date(2022, 1, 1));
        assert_eq!(told(&app, &keeper).await, 0, "an earlier end brings nobody near a child");
        moved(&app, &keeper, &officer, Role::PlacementOfficer, Some(date(2021, 12, 31))).await.unwrap();
        moved(&app, &keeper, &officer, Role::PlacementOfficer, None).await.unwrap();
        assert_eq!(ends(&app, &keeper, &officer).await, OPEN_END);
        assert_eq!(told(&app, &keeper).await, 1);
        moved(&app, &keeper, &officer, Role::PlacementOfficer, Some(date(2021, 9, 13))).await.unwrap();
        assert_eq!(app.roles_of(officer.person).await.unwrap().len(), 1, "today is the last day");
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_the_last_day_is_not_moved_of_ones_own_role_of_one_that_is_lent_or_provided_or_by_another() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer, finance) =
            (who(&app, "keeper").await, who(&app, "officer").await, who(&app, "finance").await);
        let until = Some(date(2021, 12, 31));
        let past = moved(&app, &keeper, &officer, Role::PlacementOfficer, Some(date(2021, 9, 12))).await;
        match past {
            Err(Outcome::Invalid(invalid)) => assert_eq!(invalid.errors[0].field, "until"),
            other => panic!("{other:?}"),
        }
        assert_eq!(refusal(moved(&app, &keeper, &keeper, Role::Administrator, until).await), "own_last_day");
        let other_role = moved(&app, &keeper, &officer, Role::Analyst, until).await;
        assert!(matches!(other_role, Err(Outcome::NotFound)), "{other_role:?}");
        let elsewhere = moved(&app, &who(&app, "elsewhere").await, &officer, Role::PlacementOfficer, until).await;
        assert!(matches!(elsewhere, Err(Outcome::NotFound)), "{elsewhere:?}");
        let by_finance = moved(&app, &finance, &officer, Role::PlacementOfficer, until).await;
        assert!(matches!(by_finance, Err(Outcome::Forbidden(Action::KeepPeople))), "{by_finance:?}");

        lend(&app, &keeper, (&officer, &finance), (date(2021, 9, 13), date(2021, 9, 16))).await;
        assert_eq!(refusal(moved(&app, &keeper, &finance, Role::PlacementOfficer, until).await), "lent_role");
        let work = app.store.begin(keeper.organisation, app.calendar.now()).await.unwrap();
        work.mark_membership(officer.person, Role::PlacementOfficer, date(2021, 9, 13)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        assert_eq!(refusal(moved(&app, &keeper, &officer, Role::PlacementOfficer, until).await), "provided_role");
        assert_eq!(ends(&app, &keeper, &officer).await, OPEN_END, "nothing was moved");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_a_role_that_was_ended_meanwhile_does_not_come_to_life_again_when_its_last_day_is_moved() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer) = (who(&app, "keeper").await, who(&app, "officer").await);
        let held = app.colleague(&keeper, officer.person).await.unwrap().0.remove(0);
        let end = EndRole { person: officer.person, role: Role::PlacementOfficer.code().to_owned() };
        app.perform(&keeper, "end", end).await.unwrap();
        let work = app.store.begin(keeper.organisation, app.calendar.now()).await.unwrap();
        let read_before = (held.to, date(2022, 1, 1));
        let moved = work.move_membership_end(officer.person, (held.role, held.from), read_before).await;
        assert!(matches!(moved, Err(StoreError::Conflict)), "{moved:?}");
        work.roll_back().await.unwrap();
        assert!(app.roles_of(officer.person).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_moving_a_last_day_never_leaves_the_same_role_held_twice_on_one_day() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer, finance) =
            (who(&app, "keeper").await, who(&app, "officer").await, who(&app, "finance").await);
        let (today, begins) = (date(2021, 9, 13), date(2021, 9, 20));
        lend(&app, &keeper, (&officer, &finance), (begins, date(2021, 9, 24))).await;
        join(&app, &finance, (today, date(2021, 9, 17))).await;
        let lent = (begins, date(2021, 9, 25), GivenBy::Cover);
        for until in [Some(begins), Some(date(2021, 12, 31)), None] {
            let into = moved(&app, &keeper, &finance, Role::PlacementOfficer, until).await;
            assert_eq!(refusal(into), "role_held_twice", "{until:?}");
        }
        moved(&app, &keeper, &finance, Role::PlacementOfficer, Some(date(2021, 9, 19))).await.unwrap();
        assert_eq!(as_officer(&app, &keeper, &finance).await, [(today, begins, GivenBy::Keeper), lent], "up to it");

        // A cover that was arranged after the roles were read: the database itself moves nothing into it.
        let work = app.store.begin(keeper.organisation, app.calendar.now()).await.unwrap();
        let days = (begins, date(2021, 10, 1));
        let moved_into = work.move_membership_end(finance.person, (Role::PlacementOfficer, today), days).await;
        assert!(matches!(moved_into, Err(StoreError::Conflict)), "{moved_into:?}");
        work.roll_back().await.unwrap();

        end_cover(&app, &keeper).await;
        moved(&app, &keeper, &finance, Role::PlacementOfficer, None).await.unwrap();
        let own = [(today, OPEN_END, GivenBy::Keeper)];
        assert_eq!(as_officer(&app, &keeper, &finance).await, own, "what ended before it began is held on no day");
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_who_is_lent_a_role_and_then_joins_in_it_has_their_own_end_earlier_and_later_once_the_cover_has_ended() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer, finance) =
            (who(&app, "keeper").await, who(&app, "officer").await, who(&app, "finance").await);
        lend(&app, &keeper, (&officer, &finance), (date(2021, 9, 13), date(2021, 9, 24))).await;
        let joined = date(2021, 9, 14);
        app.calendar.move_to(joined.at(9, 0, 0, 0));
        join(&app, &finance, (joined, OPEN_END)).await;
        let until = Some(date(2021, 12, 31));
        for earlier in [date(2021, 9, 30), date(2021, 9, 16)] {
            moved(&app, &keeper, &finance, Role::PlacementOfficer, Some(earlier)).await.unwrap();
        }
        let lent = (date(2021, 9, 13), date(2021, 9, 25), GivenBy::Cover);
        let own = (joined, date(2021, 9, 17), GivenBy::Keeper);
        let mut roles = as_officer(&app, &keeper, &finance).await;
        roles.sort_unstable_by_key(|one| one.0);
        assert_eq!(roles, [lent, own], "an earlier last day makes nothing held twice");
        let beside = moved(&app, &keeper, &finance, Role::PlacementOfficer, until).await;
        assert_eq!(refusal(beside), "role_held_twice", "not that it is lent: their own is the one that is moved");
        end_cover(&app, &keeper).await;
        moved(&app, &keeper, &finance, Role::PlacementOfficer, until).await.unwrap();
        let own = [(joined, date(2022, 1, 1), GivenBy::Keeper)];
        assert_eq!(as_officer(&app, &keeper, &finance).await, own);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_no_session_and_no_token_outlives_the_role_whose_last_day_becomes_earlier() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer) = (who(&app, "keeper").await, who(&app, "officer").await);
        let program = app.create_token(&officer, "export", 30, &TokenScope::Reading).await.unwrap();
        let ends = async || app.own_sign_ins(&officer, "").await.unwrap()[0].expires_at;
        let days = |days: i64| Machine::now() + SignedDuration::from_hours(24 * days);
        assert!(ends().await > days(29));
        moved(&app, &keeper, &officer, Role::PlacementOfficer, Some(date(2021, 9, 17))).await.unwrap();
        let until = ends().await;
        assert!(days(4) < until && until < days(5), "{until}");
        assert!(app.token_holder(&program).await.unwrap().is_some(), "until then it is good as before");
        moved(&app, &keeper, &officer, Role::PlacementOfficer, None).await.unwrap();
        assert_eq!(ends().await, until, "a later last day gives it no longer time");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_a_session_and_a_token_go_on_while_a_cover_lends_the_role_whose_own_last_day_becomes_earlier() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer, finance) =
            (who(&app, "keeper").await, who(&app, "officer").await, who(&app, "finance").await);
        lend(&app, &keeper, (&officer, &finance), (date(2021, 9, 13), date(2021, 9, 24))).await;
        let joined = date(2021, 9, 14);
        app.calendar.move_to(joined.at(9, 0, 0, 0));
        join(&app, &finance, (joined, OPEN_END)).await;
        let roles = app.roles_of(finance.person).await.unwrap();
        let as_officer = roles.into_iter().map(|one| one.actor).find(|one| one.role == Role::PlacementOfficer).unwrap();
        app.create_token(&as_officer, "export", 30, &TokenScope::Reading).await.unwrap();
        moved(&app, &keeper, &finance, Role::PlacementOfficer, Some(date(2021, 9, 16))).await.unwrap();
        let until = app.own_sign_ins(&as_officer, "").await.unwrap()[0].expires_at;
        let days = |days: i64| Machine::now() + SignedDuration::from_hours(24 * days);
        assert!(days(10) < until && until < days(11), "it ends with the cover, whose last day is the 24th: {until}");
    })
    .await;
}
