//! Arranging cover while a role that it rests on ends or becomes shorter: one waits for the other, and holds by what it left;
//! on both databases.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_app::office::access::cover::ArrangeCover;
use placewell_app::office::person::last_day::MoveLastDay;
use placewell_app::office::person::people::EndRole;
use placewell_app::office::person::random_text;
use placewell_app::{Answer, App, Command, Receipt};
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::{CoverReason, CoverState};
use placewell_domain::office::person::Actor;
use placewell_store::{Backend, Work};
use placewell_testkit::databases::both;

use super::many::{given, refusal, who};

/// The officer's role is to be lent to a colleague for a week.
fn cover(absent: &Actor, covering: &Actor) -> ArrangeCover {
    ArrangeCover {
        absent: absent.person.0,
        covering: covering.person.0,
        role: Role::PlacementOfficer,
        from: date(2021, 9, 20),
        last: date(2021, 9, 24),
        reason: CoverReason::Leave,
    }
}

fn end(of: &Actor) -> EndRole {
    EndRole { person: of.person, role: of.role.code().to_owned() }
}

/// Something done and not yet kept.
async fn begun(app: &Arc<App>, by: &Actor, command: impl Command) -> Work {
    let mut work = app.store.begin(by.organisation, app.calendar.now()).await.unwrap();
    work.by(by.person);
    command.run(by, &mut work).await.unwrap();
    work
}

/// Does another thing meanwhile, which waits until the first is kept.
async fn meanwhile(app: &Arc<App>, first: Work, by: &Actor, command: impl Command) -> Answer<Receipt> {
    let key = random_text::<16>();
    let acting = app.perform(by, &key, command);
    tokio::pin!(acting);
    let waited = tokio::time::timeout(Duration::from_millis(300), &mut acting).await;
    assert!(waited.is_err(), "it did not wait: {waited:?}");
    first.commit(Machine::now()).await.unwrap();
    acting.await
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_a_cover_that_is_arranged_while_a_role_of_either_ends_waits_for_it_and_is_refused() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer, finance, director) = (
            who(&app, "keeper").await,
            who(&app, "officer").await,
            who(&app, "finance").await,
            who(&app, "director").await,
        );
        let ending = begun(&app, &keeper, end(&finance)).await;
        let arranged = meanwhile(&app, ending, &keeper, cover(&officer, &finance)).await;
        assert_eq!(refusal(arranged), "cover_between_colleagues");
        let ending = begun(&app, &keeper, end(&officer)).await;
        let arranged = meanwhile(&app, ending, &keeper, cover(&officer, &director)).await;
        assert_eq!(refusal(arranged), "cover_between_colleagues");
        assert!(app.covers(&keeper).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_who_ends_a_role_or_moves_its_last_day_waits_for_a_cover_that_is_being_arranged() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, officer, finance) =
            (who(&app, "keeper").await, who(&app, "officer").await, who(&app, "finance").await);
        let (role, until) = (officer.role.code().to_owned(), Some(date(2021, 9, 23)));
        let earlier = MoveLastDay { person: officer.person, role, until };
        let arranging = begun(&app, &officer, cover(&officer, &finance)).await;
        let moved = meanwhile(&app, arranging, &keeper, earlier).await;
        assert_eq!(refusal(moved), "covered_longer");
        let arranging = begun(&app, &officer, cover(&officer, &finance)).await;
        meanwhile(&app, arranging, &keeper, end(&officer)).await.unwrap();
        let covers = app.covers(&keeper).await.unwrap();
        assert_eq!(covers.len(), 2);
        assert!(covers.iter().all(|one| matches!(one.cover.state, CoverState::Ended { .. })), "{covers:?}");
        app.calendar.move_to(date(2021, 9, 20).at(9, 0, 0, 0));
        let lent = app.roles_of(finance.person).await.unwrap();
        assert_eq!(lent.iter().map(|one| one.actor.role).collect::<Vec<_>>(), [Role::FinanceOfficer]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_who_ends_a_role_holds_whoever_covers_in_the_order_in_which_cover_is_arranged() {
    both(async |database| {
        // The one writer of SQLite waits for nobody.
        if database.backend == Backend::Sqlite {
            return;
        }
        let app = given(&database).await;
        let (keeper, officer, finance) =
            (who(&app, "keeper").await, who(&app, "officer").await, who(&app, "finance").await);
        assert!(officer.person < finance.person, "whoever covers comes first");
        let lent = ArrangeCover { role: Role::FinanceOfficer, ..cover(&finance, &officer) };
        app.perform(&finance, &random_text::<16>(), lent).await.unwrap();
        let taken = app.store.begin(keeper.organisation, app.calendar.now()).await.unwrap();
        taken.hold_roles(&[officer.person]).await.unwrap();
        let key = random_text::<16>();
        let ending = app.perform(&keeper, &key, end(&finance));
        tokio::pin!(ending);
        let waited = tokio::time::timeout(Duration::from_millis(300), &mut ending).await;
        assert!(waited.is_err(), "it did not wait: {waited:?}");
        let next = tokio::time::timeout(Duration::from_millis(300), taken.hold_roles(&[finance.person])).await;
        next.expect("who waits for the first has taken the second").unwrap();
        taken.roll_back().await.unwrap();
        ending.await.unwrap();
        let covers = app.covers(&keeper).await.unwrap();
        assert!(matches!(covers[0].cover.state, CoverState::Ended { .. }), "{covers:?}");
    })
    .await;
}
