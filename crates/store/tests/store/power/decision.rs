//! Decisions and facts about powers: what a visitor sees, versions, references, and what was known when.

use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_domain::id::{DecisionId, OrganisationId, PersonId, PostId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::power::delegation::{Holding, HoldingKind, Post, PostGrade, Remit};
use placewell_store::StoreError;
use placewell_store::error::refusal_of;
use placewell_store::power::delegation::PowerFact;
use placewell_testkit::databases::both;

use super::{HEF, SHR, authorities, moment, moves, work};

#[tokio::test]
async fn a_visitor_sees_published_decisions_and_no_drafts() {
    both(async |database| {
        let store = database.store().await;
        authorities(&store).await;
        let mut work = store.begin(HEF, moment()).await.unwrap();
        let mut published = moves(1, HEF, "HEF-2019-0114");
        for change in published.drain(..) {
            let decision = work.apply(change).await.unwrap();
            if decision.state.publication().is_some() {
                work.keep_decision_text(&decision).await.unwrap();
            }
        }
        work.apply(moves(2, HEF, "HEF-2021-0900").remove(0)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let visitor = store.read(None).await.unwrap();
        let found = visitor.published_decisions().await.unwrap();
        assert_eq!(found.iter().map(|found| found.decision.id.0).collect::<Vec<_>>(), [1]);
        assert_eq!(visitor.published_decision("HEF-2019-0114").await.unwrap().code, "HEF");
        assert!(matches!(visitor.published_decision("HEF-2021-0900").await, Err(StoreError::NotFound)));
        assert_eq!(visitor.decision_texts(HEF, DecisionId(1)).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_stale_decision_conflicts_and_a_reference_is_given_once() {
    both(async |database| {
        let store = database.store().await;
        authorities(&store).await;
        let mut first = store.begin(HEF, moment()).await.unwrap();
        for change in moves(1, HEF, "HEF-2019-0114") {
            first.apply(change).await.unwrap();
        }
        first.commit(Machine::now()).await.unwrap();
        let mut stale = store.begin(HEF, moment()).await.unwrap();
        let again = moves(1, HEF, "HEF-2019-0114").remove(2);
        assert!(matches!(stale.apply(again).await, Err(StoreError::Conflict)));
        let taken = stale.apply(moves(2, HEF, "HEF-2019-0114").remove(0)).await.unwrap_err();
        let StoreError::Constraint(name) = taken else { panic!("{taken}") };
        assert_eq!(refusal_of(&name).unwrap().code, "decision_reference_taken");
        stale.roll_back().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn another_authoritys_decision_is_not_written() {
    both(async |database| {
        let store = database.store().await;
        authorities(&store).await;
        let mut work = store.begin(SHR, moment()).await.unwrap();
        assert!(work.apply(moves(1, HEF, "HEF-2019-0114").remove(0)).await.is_err());
        work.roll_back().await.unwrap();
    })
    .await;
}

fn acting(to: jiff::civil::Date) -> PowerFact {
    let kind = HoldingKind::Acting { instrument: "Letter of 1 September 2021".into() };
    PowerFact::Holding(Holding { post: PostId(1), person: PersonId(4), kind, from: date(2021, 9, 1), to })
}

#[tokio::test]
async fn rule_4_4_powers_are_facts_in_two_times_what_was_known_then_stays_one_query_away() {
    both(async |database| {
        let store = database.store().await;
        authorities(&store).await;
        let post = Post {
            id: PostId(1),
            organisation: OrganisationId(1),
            title: "Assistant Director".into(),
            grade: PostGrade::AssistantDirector,
            remit: Remit::Whole,
            from: date(2018, 1, 1),
            to: OPEN_END,
        };
        let mut first = work(&store, HEF).await;
        first.record_power(1, &PowerFact::Post(post)).await.unwrap();
        first.record_power(7, &acting(OPEN_END)).await.unwrap();
        let then = first.sequence().await.unwrap();
        first.commit(Machine::now()).await.unwrap();
        let mut second = work(&store, HEF).await;
        second.record_power(7, &acting(date(2021, 9, 10))).await.unwrap();
        second.commit(Machine::now()).await.unwrap();
        let session = store.read(Some(HEF)).await.unwrap();
        let ends = |scheme: placewell_domain::power::delegation::Scheme| scheme.holdings[0].to;
        assert_eq!(ends(session.scheme(HEF).await.unwrap()), date(2021, 9, 10));
        assert_eq!(ends(session.scheme_as_known(HEF, then).await.unwrap()), OPEN_END);
        assert_eq!(session.scheme(HEF).await.unwrap().posts.len(), 1);
    })
    .await;
}
