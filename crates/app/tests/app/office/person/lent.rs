//! What a role that is lent for a cover gives nobody: a right to lend it on, or a way back in once their own role has ended;
//! on both databases.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::clock::Machine;
use placewell_app::office::access::cover::{ArrangeCover, EndCover};
use placewell_app::office::person::last_day::MoveLastDay;
use placewell_app::office::person::people::EndRole;
use placewell_app::office::person::random_text;
use placewell_app::{Answer, App, Outcome, Receipt};
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::{CoverReason, CoverState};
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both;

use super::many::{given, refusal, who};

const TODAY: Date = date(2021, 9, 13);

/// Somebody covers in a role for another, from a day until another one, for leave.
fn cover(role: Role, (absent, covering): (&Actor, &Actor), (from, last): (Date, Date)) -> ArrangeCover {
    let (absent, covering) = (absent.person.0, covering.person.0);
    ArrangeCover { absent, covering, role, from, last, reason: CoverReason::Leave }
}

async fn arrange(app: &Arc<App>, by: &Actor, cover: ArrangeCover) -> Answer<Receipt> {
    app.perform(by, &random_text::<16>(), cover).await
}

/// What the form says of the last day of a cover that would outlive a role.
fn earlier(answer: Answer<Receipt>) -> String {
    match answer {
        Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "last" => invalid.errors[0].message.clone(),
        other => panic!("{other:?}"),
    }
}

async fn move_last_day(app: &Arc<App>, by: &Actor, of: &Actor, until: Option<Date>) -> Answer<Receipt> {
    let command = MoveLastDay { person: of.person, role: of.role.code().to_owned(), until };
    app.perform(by, &random_text::<16>(), command).await
}

async fn end_role(app: &Arc<App>, by: &Actor, of: &Actor, role: Role) -> Answer<Receipt> {
    let command = EndRole { person: of.person, role: role.code().to_owned() };
    app.perform(by, &random_text::<16>(), command).await
}

/// How many covers of the organisation are arranged and not ended, and how many were ended.
async fn covers(app: &Arc<App>, by: &Actor) -> (usize, usize) {
    let all = app.covers(by).await.unwrap();
    let arranged = all.iter().filter(|one| one.cover.state == CoverState::Arranged).count();
    (arranged, all.len() - arranged)
}

/// A person as they act in a role that they hold today.
async fn acting(app: &Arc<App>, of: &Actor, role: Role) -> Option<Actor> {
    let roles = app.roles_of(of.person).await.unwrap();
    roles.into_iter().map(|one| one.actor).find(|one| one.role == role)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_a_role_that_is_lent_is_not_lent_on() {
    both(async |database| {
        let app = given(&database).await;
        let (officer, finance, director) =
            (who(&app, "officer").await, who(&app, "finance").await, who(&app, "director").await);
        let days = (TODAY, date(2021, 12, 10));
        arrange(&app, &officer, cover(Role::PlacementOfficer, (&officer, &finance), (TODAY, TODAY))).await.unwrap();
        let lent = acting(&app, &finance, Role::PlacementOfficer).await.unwrap();
        for by in [&lent, &finance] {
            let on = arrange(&app, by, cover(Role::PlacementOfficer, (&finance, &director), days)).await;
            assert_eq!(refusal(on), "cover_between_colleagues", "{:?}", by.role);
        }
        let may_be_away = app.colleagues(&lent).await.unwrap();
        let of_finance = may_be_away.iter().filter(|one| one.person == finance.person).map(|one| one.role);
        assert_eq!(of_finance.collect::<Vec<_>>(), [Role::FinanceOfficer], "the page offers their own role alone");
        arrange(&app, &finance, cover(Role::FinanceOfficer, (&finance, &director), days)).await.unwrap();
        assert!(acting(&app, &director, Role::PlacementOfficer).await.is_none());
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_who_is_lent_an_administrator_s_role_lends_it_to_no_third_for_another_administrator() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, second, finance, director, officer) = (
            who(&app, "keeper").await,
            who(&app, "second").await,
            who(&app, "finance").await,
            who(&app, "director").await,
            who(&app, "officer").await,
        );
        let days = (TODAY, date(2021, 12, 10));
        arrange(&app, &keeper, cover(Role::Administrator, (&keeper, &finance), (TODAY, TODAY))).await.unwrap();
        let lent = acting(&app, &finance, Role::Administrator).await.unwrap();
        let on = arrange(&app, &lent, cover(Role::Administrator, (&second, &director), days)).await;
        assert_eq!(refusal(on), "cover_between_colleagues");
        arrange(&app, &lent, cover(Role::PlacementOfficer, (&officer, &director), days)).await.unwrap();
        arrange(&app, &keeper, cover(Role::Administrator, (&second, &director), days)).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_cover_outlives_no_role_but_that_of_a_colleague_who_has_left() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer, finance, director) = (
            who(&app, "keeper").await,
            who(&app, "officer").await,
            who(&app, "finance").await,
            who(&app, "director").await,
        );
        move_last_day(&app, &keeper, &officer, Some(date(2021, 9, 30))).await.unwrap();
        let beyond = cover(Role::PlacementOfficer, (&officer, &director), (TODAY, date(2021, 10, 1)));
        for by in [&officer, &keeper] {
            let until = earlier(arrange(&app, by, beyond.clone()).await);
            assert!(until.starts_with("Enter 30 September 2021 or an earlier day: "), "{until}");
            assert!(until.ends_with(" works in the role until then"), "{until}");
        }
        let vacant = ArrangeCover { reason: CoverReason::Vacancy, ..beyond.clone() };
        earlier(arrange(&app, &officer, vacant.clone()).await);
        arrange(&app, &keeper, vacant).await.unwrap();
        let until_then = ArrangeCover { last: date(2021, 9, 30), ..beyond };
        arrange(&app, &officer, until_then).await.unwrap();

        move_last_day(&app, &keeper, &finance, Some(date(2021, 9, 17))).await.unwrap();
        let of_finance = |last: Date| cover(Role::PlacementOfficer, (&officer, &finance), (TODAY, last));
        let beyond = arrange(&app, &officer, of_finance(date(2021, 9, 18))).await;
        let until = earlier(beyond);
        assert!(until.starts_with("Enter 17 September 2021 or an earlier day: "), "{until}");
        assert!(until.ends_with(" works here until then"), "{until}");
        arrange(&app, &officer, of_finance(date(2021, 9, 17))).await.unwrap();
    })
    .await;
}

/// How often somebody may choose the administrator's role on a day.
async fn administers(app: &Arc<App>, of: &Actor, on: Date) -> usize {
    app.calendar.move_to(on.at(9, 0, 0, 0));
    let roles = app.roles_of(of.person).await.unwrap();
    roles.iter().filter(|one| one.actor.role == Role::Administrator).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_a_cover_that_begins_during_another_in_the_same_role_lends_it_on_all_of_its_own_days() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, second, finance, director) = (
            who(&app, "keeper").await,
            who(&app, "second").await,
            who(&app, "finance").await,
            who(&app, "director").await,
        );
        let on = |day| date(2021, 9, day);
        let of = |pair, days| cover(Role::Administrator, pair, days);
        arrange(&app, &keeper, of((&keeper, &finance), (TODAY, on(15)))).await.unwrap();
        arrange(&app, &second, of((&second, &finance), (on(14), on(20)))).await.unwrap();
        arrange(&app, &keeper, of((&keeper, &director), (TODAY, on(20)))).await.unwrap();
        arrange(&app, &second, of((&second, &director), (on(14), on(17)))).await.unwrap();
        assert_eq!(administers(&app, &finance, on(14)).await, 1, "lent by two, and one to choose");
        assert_eq!(administers(&app, &finance, on(16)).await, 1, "the shorter one has ended, and the other goes on");
        let mut all = app.covers(&keeper).await.unwrap().into_iter().map(|one| one.cover);
        let longer = all.find(|one| (one.absent, one.covering) == (keeper.person, director.person)).unwrap();
        let end = EndCover { cover: longer.id, version: longer.version };
        app.perform(&keeper, &random_text::<16>(), end).await.unwrap();
        assert_eq!(administers(&app, &director, on(17)).await, 1, "the longer one was ended, and the other goes on");
        assert_eq!(administers(&app, &director, on(18)).await, 0, "until its own last day");
        assert_eq!(administers(&app, &finance, on(20)).await, 1);
        assert_eq!(administers(&app, &finance, on(21)).await, 0, "each ends by itself");
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_cover_goes_on_after_a_role_of_their_own_and_lends_nothing_beside_one_that_outlasts_it() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, second) = (who(&app, "keeper").await, who(&app, "second").await);
        let on = |day| date(2021, 9, day);
        let days = (on(14), on(17));
        arrange(&app, &keeper, cover(Role::Administrator, (&keeper, &second), days)).await.unwrap();
        let held = app.colleague(&keeper, second.person).await.unwrap().0;
        assert_eq!(held.iter().filter(|one| one.role == Role::Administrator).count(), 1, "it is theirs already");

        let finance = who(&app, "finance").await;
        let work = app.store.begin(finance.organisation, app.calendar.now()).await.unwrap();
        work.give_membership(finance.person, Role::Administrator, "Administrator", (TODAY, on(16))).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        arrange(&app, &keeper, cover(Role::Administrator, (&keeper, &finance), days)).await.unwrap();
        assert_eq!(administers(&app, &finance, on(15)).await, 1);
        assert_eq!(administers(&app, &finance, on(17)).await, 1, "their own has ended, and the cover goes on");
        assert_eq!(administers(&app, &finance, on(18)).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_who_works_here_no_longer_does_not_come_back_by_a_cover_now_or_later() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, second, officer, finance) = (
            who(&app, "keeper").await,
            who(&app, "second").await,
            who(&app, "officer").await,
            who(&app, "finance").await,
        );
        let (begins, last) = (date(2021, 9, 20), date(2021, 9, 24));
        arrange(&app, &officer, cover(Role::PlacementOfficer, (&officer, &finance), (begins, last))).await.unwrap();
        arrange(&app, &keeper, cover(Role::Administrator, (&keeper, &finance), (TODAY, last))).await.unwrap();
        arrange(&app, &officer, cover(Role::PlacementOfficer, (&officer, &second), (begins, last))).await.unwrap();
        end_role(&app, &keeper, &finance, Role::FinanceOfficer).await.unwrap();
        assert!(app.roles_of(finance.person).await.unwrap().is_empty(), "the cover of today goes on");
        assert_eq!(covers(&app, &keeper).await, (1, 2), "that of a colleague who stays goes on");
        app.calendar.move_to(begins.at(9, 0, 0, 0));
        assert!(app.roles_of(finance.person).await.unwrap().is_empty(), "a later cover lets them in again");
        assert!(acting(&app, &second, Role::PlacementOfficer).await.is_some());
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_a_role_that_is_ended_is_not_lent_to_the_same_person_by_a_cover_that_begins_later() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer, finance) =
            (who(&app, "keeper").await, who(&app, "officer").await, who(&app, "finance").await);
        let (begins, last) = (date(2021, 9, 20), date(2021, 9, 24));
        let nothing = end_role(&app, &keeper, &finance, Role::PlacementOfficer).await;
        assert!(matches!(nothing, Err(Outcome::NotFound)), "{nothing:?}");
        arrange(&app, &officer, cover(Role::PlacementOfficer, (&officer, &finance), (begins, last))).await.unwrap();
        end_role(&app, &keeper, &finance, Role::PlacementOfficer).await.unwrap();
        assert_eq!(covers(&app, &keeper).await, (0, 1));
        let again = end_role(&app, &keeper, &finance, Role::PlacementOfficer).await;
        assert!(matches!(again, Err(Outcome::NotFound)), "{again:?}");
        app.calendar.move_to(begins.at(9, 0, 0, 0));
        let roles = app.roles_of(finance.person).await.unwrap();
        assert_eq!(roles.iter().map(|one| one.actor.role).collect::<Vec<_>>(), [Role::FinanceOfficer]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_the_last_day_of_whoever_covers_is_not_moved_before_that_of_the_cover() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer, finance) =
            (who(&app, "keeper").await, who(&app, "officer").await, who(&app, "finance").await);
        let days = (date(2021, 9, 20), date(2021, 9, 24));
        arrange(&app, &officer, cover(Role::PlacementOfficer, (&officer, &finance), days)).await.unwrap();
        for early in [date(2021, 9, 17), date(2021, 9, 23)] {
            assert_eq!(refusal(move_last_day(&app, &keeper, &finance, Some(early)).await), "covers_longer");
        }
        move_last_day(&app, &keeper, &finance, Some(date(2021, 9, 24))).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_a_role_is_lent_no_longer_when_whoever_is_away_has_it_no_longer() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, second, officer, finance, director) = (
            who(&app, "keeper").await,
            who(&app, "second").await,
            who(&app, "officer").await,
            who(&app, "finance").await,
            who(&app, "director").await,
        );
        let (begins, last) = (date(2021, 9, 20), date(2021, 9, 24));
        let of = |covering, days| cover(Role::PlacementOfficer, (&officer, covering), days);
        arrange(&app, &officer, of(&finance, (TODAY, date(2021, 9, 16)))).await.unwrap();
        arrange(&app, &officer, of(&second, (begins, last))).await.unwrap();
        let vacant = ArrangeCover { reason: CoverReason::Vacancy, ..of(&director, (begins, date(2021, 12, 10))) };
        arrange(&app, &keeper, vacant).await.unwrap();
        for early in [date(2021, 9, 15), date(2021, 9, 17), date(2021, 9, 23)] {
            assert_eq!(refusal(move_last_day(&app, &keeper, &officer, Some(early)).await), "covered_longer");
        }
        move_last_day(&app, &keeper, &officer, Some(last)).await.unwrap();

        end_role(&app, &keeper, &officer, Role::PlacementOfficer).await.unwrap();
        assert!(acting(&app, &finance, Role::PlacementOfficer).await.is_none(), "the cover of today goes on");
        assert_eq!(covers(&app, &keeper).await, (1, 2), "that of a colleague who has left goes on");
        app.calendar.move_to(begins.at(9, 0, 0, 0));
        assert!(acting(&app, &second, Role::PlacementOfficer).await.is_none(), "it lends what nobody has");
        assert!(acting(&app, &director, Role::PlacementOfficer).await.is_some());
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}
