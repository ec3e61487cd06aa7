//! The ledger: every refusal of the database reached on both, and totals that are the sums of their entries.

mod race;
mod years;

use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_domain::id::{AgreementId, DecisionId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::power::annual_value::{Commitment, ExceptionReason, Reading};
use placewell_store::error::refusal_of;
use placewell_store::power::annual_value::Excepted;
use placewell_store::{Store, StoreError};
use placewell_testkit::databases::both;

use super::{HEF, SHR, TERM_END, YEAR, adopted, authorities, placement, work};

async fn commit(store: &Store, commitment: &Commitment, grant: Option<ExceptionReason>) -> Result<(), StoreError> {
    let mut work = work(store, HEF).await;
    let grant = match grant {
        Some(reason) => Some(
            work.grant_over(Excepted::Entries(commitment.agreement), reason, "Constitution 3.7", PersonId(9)).await?,
        ),
        None => None,
    };
    match work.commit_value(commitment, &Reading::default(), TERM_END, grant).await {
        Ok(_) => work.commit(Machine::now()).await,
        Err(error) => {
            work.roll_back().await.unwrap();
            Err(error)
        }
    }
}

fn code(error: StoreError) -> String {
    match error {
        StoreError::Constraint(name) => refusal_of(&name).map_or(name, |refusal| refusal.code),
        other => other.to_string(),
    }
}

async fn committed(store: &Store) -> Pence {
    let session = store.read(Some(HEF)).await.unwrap();
    assert_eq!(session.ledger_faults(HEF).await.unwrap(), []);
    session.ledger_year(HEF, YEAR).await.unwrap().unwrap().totals.committed
}

#[tokio::test]
async fn rule_3_2_a_new_award_above_the_ceiling_is_refused_by_the_database() {
    both(async |database| {
        let store = database.store().await;
        authorities(&store).await;
        adopted(&store, HEF, Pence(100_000)).await;
        commit(&store, &placement(1, Pence(10_000), 10), None).await.unwrap();
        let refused = commit(&store, &placement(2, Pence(100), 1), None).await.unwrap_err();
        assert_eq!(code(refused), "ceiling_reached");
        assert_eq!(committed(&store).await, Pence(100_000));
    })
    .await;
}

#[tokio::test]
async fn rule_3_2_an_exception_goes_above_and_what_ends_pays_the_excess_back_first() {
    both(async |database| {
        let store = database.store().await;
        authorities(&store).await;
        adopted(&store, HEF, Pence(100_000)).await;
        commit(&store, &placement(1, Pence(10_000), 10), None).await.unwrap();
        commit(&store, &placement(2, Pence(10_000), 5), Some(ExceptionReason::Urgency)).await.unwrap();
        commit(&store, &placement(1, Pence(10_000), 8), None).await.unwrap();
        let refused = commit(&store, &placement(3, Pence(10_000), 1), None).await.unwrap_err();
        assert_eq!(code(refused), "ceiling_reached", "an ordinary award never uses room that an emergency made");
        let session = store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.ledger_year(HEF, YEAR).await.unwrap().unwrap().totals.over, Pence(30_000));
        let grants = session.over_grants(HEF).await.unwrap();
        assert_eq!((grants.len(), grants[0].pence(), grants[0].agreement), (1, Pence(50_000), Some(AgreementId(2))));
        drop(session);
        commit(&store, &placement(2, Pence(10_000), 2), None).await.unwrap();
        assert_eq!(committed(&store).await, Pence(100_000));
    })
    .await;
}

#[tokio::test]
async fn rule_3_1_an_earlier_planned_end_releases_its_money_that_day_and_it_can_be_awarded_again() {
    both(async |database| {
        let store = database.store().await;
        authorities(&store).await;
        adopted(&store, HEF, Pence(100_000)).await;
        commit(&store, &placement(1, Pence(10_000), 10), None).await.unwrap();
        commit(&store, &placement(1, Pence(10_000), 6), None).await.unwrap();
        commit(&store, &placement(2, Pence(10_000), 4), None).await.unwrap();
        assert_eq!(committed(&store).await, Pence(100_000));
        let session = store.read(Some(HEF)).await.unwrap();
        let known = session.commitments(HEF).await.unwrap();
        assert_eq!(known, [placement(1, Pence(10_000), 6), placement(2, Pence(10_000), 4)]);
    })
    .await;
}

#[tokio::test]
async fn rule_3_3_a_year_that_no_decision_adopted_has_no_annual_value_and_nights_after_the_term_move_nothing() {
    both(async |database| {
        let store = database.store().await;
        authorities(&store).await;
        let refused = commit(&store, &placement(1, Pence(10_000), 1), None).await.unwrap_err();
        assert_eq!(code(refused), "no_annual_value");
        adopted(&store, HEF, Pence(200_000)).await;
        commit(&store, &placement(1, Pence(7_000), 20), None).await.unwrap();
        assert_eq!(committed(&store).await, Pence(86 * 1_000), "86 nights until 14 December");
    })
    .await;
}

#[tokio::test]
async fn rule_3_2_a_ceiling_below_what_is_committed_is_refused_unless_the_decision_accepts_it() {
    both(async |database| {
        let store = database.store().await;
        authorities(&store).await;
        adopted(&store, HEF, Pence(100_000)).await;
        commit(&store, &placement(1, Pence(10_000), 10), None).await.unwrap();
        let mut lower = work(&store, HEF).await;
        let refused = lower.set_ceiling(YEAR, Pence(80_000), DecisionId(1), false).await.unwrap_err();
        assert_eq!(code(refused), "ceiling_below_committed");
        lower.roll_back().await.unwrap();
        for (ceiling, over) in [(80_000, 20_000), (90_000, 10_000), (300_000, 0)] {
            let mut change = work(&store, HEF).await;
            change.set_ceiling(YEAR, Pence(ceiling), DecisionId(1), ceiling == 80_000).await.unwrap();
            change.commit(Machine::now()).await.unwrap();
            let session = store.read(Some(HEF)).await.unwrap();
            assert_eq!(session.ledger_year(HEF, YEAR).await.unwrap().unwrap().totals.over, Pence(over));
            assert_eq!(session.ledger_faults(HEF).await.unwrap(), []);
        }
    })
    .await;
}

#[tokio::test]
async fn the_ledger_of_one_authority_is_not_seen_by_another() {
    both(async |database| {
        let store = database.store().await;
        authorities(&store).await;
        adopted(&store, HEF, Pence(100_000)).await;
        commit(&store, &placement(1, Pence(10_000), 1), None).await.unwrap();
        let other = store.read(Some(SHR)).await.unwrap();
        assert_eq!(other.ledger_years(HEF).await.unwrap(), []);
        assert_eq!(other.commitments(HEF).await.unwrap(), []);
        assert_eq!(other.over_grants(HEF).await.unwrap(), []);
        assert_eq!(other.ceiling_steps(HEF).await.unwrap(), []);
        let visitor = store.read(None).await.unwrap();
        assert_eq!(visitor.ledger_years(HEF).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn rule_4_1_a_line_across_two_years_moves_both_by_its_exact_nights() {
    both(async |database| {
        let store = database.store().await;
        authorities(&store).await;
        adopted(&store, HEF, Pence(1_000_000)).await;
        let next = date(2021, 12, 15);
        let mut change = work(&store, HEF).await;
        change.set_ceiling(next, Pence(1_000_000), DecisionId(1), false).await.unwrap();
        let extended = date(2024, 12, 14);
        change.commit_value(&placement(1, Pence(10_000), 20), &Reading::default(), extended, None).await.unwrap();
        change.commit(Machine::now()).await.unwrap();
        let session = store.read(Some(HEF)).await.unwrap();
        let years = session.committed_years(HEF, AgreementId(1)).await.unwrap();
        assert_eq!(years, [(YEAR, Pence(122_857)), (next, Pence(77_143))]);
    })
    .await;
}
