//! A home stopped on the mini-block's own lot, or judged Inadequate: it is not asked to bid, its bid and its award are
//! refused, and no longer term is bought there, on both databases.

use std::time::Duration;

use jiff::civil::{Date, date};
use placewell_app::buying::block::{AgreeChange, DropChange, ProposeChange, go_on_today};
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::buying::block::BlockChange;
use placewell_domain::homes::home::{Grade, Inspection, InspectionKind};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use placewell_domain::id::HomeId;
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_store::homes::standing::LotFact;

use super::world::{HEF, REGION, SHR, World, actor, both_made, director, done, lead, proposal, refused, shares, spec};

/// Home 1 stands so on one lot from a day on.
async fn on_lot(world: &World, lot: &str, standing: Standing, from: Date) {
    let mut work = world.work(REGION).await;
    let (home, reason) = (HomeId(1), StandingReason::Safeguarding);
    let fact = LotFact { home, lot: lot.to_owned(), standing, reason, from, until: OPEN_END };
    work.record_lot_standing(&fact).await.unwrap();
    done(work).await;
}

/// Home 1 stands so as a whole from a day on.
async fn stands(world: &World, standing: Standing, from: Date) {
    let mut work = world.work(REGION).await;
    let reason = if standing == Standing::Good { StandingReason::Evaluated } else { StandingReason::Safeguarding };
    let (subject, source) = (StandingSubject::Home(HomeId(1)), StandingSource::Region);
    work.record_standing(&StandingFact { subject, source, standing, from, until: OPEN_END, reason }).await.unwrap();
    done(work).await;
}

/// Home 1 is judged at a full inspection of this day, whose report is out. No measure follows.
async fn judged(world: &World, grade: Grade, on: Date) {
    let work = world.work(REGION).await;
    let home = work.home(HomeId(1)).await.unwrap();
    let seen = Inspection {
        kind: InspectionKind::Full,
        inspected_on: on,
        published_on: Some(on),
        grade: Some(grade),
        serious_concerns: grade == Grade::Inadequate,
        event: String::new(),
        link: None,
    };
    work.add_inspection(&home, &seen).await.unwrap();
    done(work).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_stopped_on_the_lot_or_judged_inadequate_is_not_asked_to_bid() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        // Which of the two providers are asked: that of home 1, and that of home 2.
        let asked = async |key: &str| {
            let reference = world.compete(key, proposal(spec(2), shares(6_000)), &[]).await;
            let mut asked = Vec::new();
            for person in [51, 61] {
                match world.app.own_block(&actor(person), &reference).await {
                    Ok(_) => asked.push(person),
                    Err(Outcome::NotFound) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            asked
        };
        on_lot(&world, "crisis", Standing::Suspended, date(2021, 9, 1)).await;
        assert_eq!(asked("other lot").await, [51, 61]);
        on_lot(&world, "planned", Standing::Suspended, date(2021, 9, 1)).await;
        assert_eq!(asked("suspended").await, [61]);
        on_lot(&world, "planned", Standing::OnWatch, date(2021, 9, 13)).await;
        judged(&world, Grade::Inadequate, date(2021, 9, 8)).await;
        assert_eq!(asked("inadequate").await, [61]);
        judged(&world, Grade::RequiresImprovement, date(2021, 9, 12)).await;
        assert_eq!(asked("better").await, [51, 61]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_bid_nor_award_is_taken_at_a_home_stopped_since_on_the_lot_or_judged_inadequate() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.compete("a", proposal(spec(2), shares(6_000)), &[]).await;
        let today = date(2021, 9, 13);
        let bid = world.bid(51, &block, 1, 50_000).await;
        on_lot(&world, "planned", Standing::Suspended, today).await;
        let stopped = world.perform(&actor(51), "stopped", bid.clone()).await;
        let Err(Outcome::Refused(stopped)) = stopped else { panic!("{stopped:?}") };
        assert_eq!(stopped.code, "standing_lost");
        assert!(stopped.sentence.contains("on lot Planned: "), "as the arrangement calls it: {}", stopped.sentence);
        on_lot(&world, "planned", Standing::Good, today).await;
        judged(&world, Grade::Inadequate, date(2021, 9, 8)).await;
        assert_eq!(refused(world.perform(&actor(51), "judged", bid.clone()).await), "block_inadequate");
        judged(&world, Grade::Good, date(2021, 9, 12)).await;
        world.perform(&actor(51), "bid", bid).await.unwrap();
        world.evaluate("a", &block).await.unwrap();

        let (today, later) = (date(2021, 9, 14), date(2021, 9, 15));
        on_lot(&world, "planned", Standing::Suspended, today).await;
        assert_eq!(refused(world.approve(&director(HEF), "stopped", &block).await), "standing_lost");
        on_lot(&world, "planned", Standing::Good, today).await;
        judged(&world, Grade::Inadequate, today).await;
        assert_eq!(refused(world.approve(&director(HEF), "judged", &block).await), "block_inadequate");
        assert_eq!(world.committed(HEF).await, Pence::ZERO);
        world.at(later, 9);
        judged(&world, Grade::Good, later).await;
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("{org}"), &block).await.unwrap();
        }
        // Both have approved, and it is stopped before the contract is live.
        on_lot(&world, "planned", Standing::Suspended, later).await;
        world.jobs().await;
        assert_eq!(world.block(&block).await.state.name(), "recommended");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recommended_at_a_home_stopped_before_the_bids_were_scored_is_approved_by_nobody_until_it_stands() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.compete("a", proposal(spec(2), shares(6_000)), &[(51, 1, 50_000)]).await;
        stands(&world, Standing::Suspended, date(2021, 9, 13)).await;
        world.evaluate("a", &block).await.unwrap();
        for org in [HEF, SHR] {
            assert_eq!(
                refused(world.approve(&director(org), &format!("stopped {org}"), &block).await),
                "standing_lost"
            );
        }
        let page = world.app.block_page(&director(HEF), &block).await.unwrap();
        assert_eq!(page.deciding.unwrap().gates.unwrap_err().code, "standing_lost", "the page says so before");
        stands(&world, Standing::Good, date(2021, 9, 14)).await;
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("{org}"), &block).await.unwrap();
        }
        world.jobs().await;
        assert_eq!(world.block(&block).await.state.name(), "live");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_grade_or_a_lot_kept_back_goes_on_with_the_look_of_the_day() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.recommended("a", proposal(spec(2), shares(6_000)), 1).await;
        let kept_back = async || {
            world.jobs().await;
            go_on_today(&world.app).await.unwrap();
            world.app.block_page(&lead(), &block).await.unwrap().kept_back.map(|refusal| refusal.code)
        };
        world.approve(&director(HEF), "hef", &block).await.unwrap();
        judged(&world, Grade::Inadequate, date(2021, 9, 10)).await;
        assert_eq!(kept_back().await, None, "it waits for the other authority");
        judged(&world, Grade::Good, date(2021, 9, 12)).await;
        world.approve(&director(SHR), "shr", &block).await.unwrap();
        judged(&world, Grade::Inadequate, date(2021, 9, 14)).await;
        assert_eq!(kept_back().await.as_deref(), Some("block_inadequate"));
        world.at(date(2021, 9, 15), 9);
        judged(&world, Grade::Good, date(2021, 9, 15)).await;
        assert_eq!(kept_back().await, None);
        assert_eq!(world.block(&block).await.state.name(), "live");

        let today = date(2022, 2, 1);
        world.at(today, 9);
        let (reference, version) = (block.clone(), world.block(&block).await.version);
        let change = BlockChange::Extend { until: date(2022, 8, 1) };
        let extend = ProposeChange { reference, version, change, reason: "More is needed".into() };
        world.perform(&lead(), "extend", extend).await.unwrap();
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("extend {org}"), &block).await.unwrap();
        }
        on_lot(&world, "planned", Standing::Suspended, today).await;
        assert_eq!(kept_back().await.as_deref(), Some("standing_lost"));
        on_lot(&world, "planned", Standing::Good, today).await;
        assert_eq!(kept_back().await, None);
        assert_eq!(world.block(&block).await.nights().unwrap().to(), date(2022, 8, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nights_on_which_the_home_is_suspended_on_the_block_s_lot_are_the_provider_s() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        world.at(date(2022, 1, 28), 9);
        let night = async || {
            world.jobs().await;
            let page = world.app.block_nights(&lead(), &block, "2022-01").await.unwrap();
            let row = page.rows.into_iter().find(|row| row.night == date(2022, 1, 20)).unwrap();
            (row.what.code(), row.due)
        };
        on_lot(&world, "crisis", Standing::Suspended, date(2022, 1, 10)).await;
        assert_eq!(night().await, ("no_nomination", Pence::pounds(400)), "another lot");
        on_lot(&world, "planned", Standing::Suspended, date(2022, 1, 10)).await;
        assert_eq!(night().await, ("suspended", Pence::ZERO));
    })
    .await;
}

/// Does something while the suspension of home 1 on the lot is being confirmed: it waits, and is refused by it.
async fn while_it_is_suspended(world: &World, acting: impl Future<Output = Answer<Receipt>>) {
    let mut work = world.work(REGION).await;
    work.lock_standing(&[HomeId(1)], true).await.unwrap();
    let (home, lot, from, until) = (HomeId(1), "planned".to_owned(), date(2021, 9, 13), OPEN_END);
    let (standing, reason) = (Standing::Suspended, StandingReason::Safeguarding);
    work.record_lot_standing(&LotFact { home, lot, standing, reason, from, until }).await.unwrap();
    tokio::pin!(acting);
    let waited = tokio::time::timeout(Duration::from_millis(300), &mut acting).await;
    assert!(waited.is_err(), "it did not wait: {waited:?}");
    done(work).await;
    assert_eq!(refused(acting.await), "standing_lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_waits_for_a_suspension_that_is_being_confirmed_and_is_refused_by_it() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.recommended("a", proposal(spec(2), shares(6_000)), 1).await;
        let who = director(HEF);
        while_it_is_suspended(&world, world.approve(&who, "while", &block)).await;
        assert_eq!(world.committed(HEF).await, Pence::ZERO);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bid_waits_for_a_suspension_that_is_being_confirmed_and_is_refused_by_it() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.compete("a", proposal(spec(2), shares(6_000)), &[]).await;
        let (who, bid) = (actor(51), world.bid(51, &block, 1, 50_000).await);
        while_it_is_suspended(&world, world.perform(&who, "while", bid)).await;
        assert_eq!(world.app.own_block(&who, &block).await.unwrap().bid.state.name(), "asked");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_longer_term_is_bought_at_a_home_suspended_since_and_fewer_beds_can_be_agreed_all_the_same() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        let today = date(2022, 2, 1);
        world.at(today, 9);
        let propose = async |key: &str, change: BlockChange| {
            let version = world.block(&block).await.version;
            let command = ProposeChange { reference: block.clone(), version, change, reason: "More is needed".into() };
            world.perform(&lead(), key, command).await.unwrap();
        };
        propose("extend", BlockChange::Extend { until: date(2022, 8, 1) }).await;
        on_lot(&world, "planned", Standing::Suspended, today).await;
        assert_eq!(refused(world.approve(&director(HEF), "on the lot", &block).await), "standing_lost");
        on_lot(&world, "planned", Standing::Good, today).await;
        stands(&world, Standing::Suspended, today).await;
        assert_eq!(refused(world.approve(&director(HEF), "as a whole", &block).await), "standing_lost");
        stands(&world, Standing::Good, today).await;
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("extend {org}"), &block).await.unwrap();
        }
        on_lot(&world, "planned", Standing::Suspended, today).await;
        world.jobs().await;
        let held = world.block(&block).await;
        assert!(held.pending.is_some(), "it was stopped before the longer term held");
        assert_eq!(held.nights().unwrap().to(), date(2022, 7, 1));

        let drop_it = DropChange { reference: block.clone(), version: held.version };
        world.perform(&lead(), "drop", drop_it).await.unwrap();
        world.jobs().await;
        propose("reduce", BlockChange::Reduce { from: date(2022, 3, 1), guaranteed_beds: 1 }).await;
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("reduce {org}"), &block).await.unwrap();
        }
        let version = world.block(&block).await.version;
        world.perform(&actor(51), "agree", AgreeChange { reference: block.clone(), version }).await.unwrap();
        world.jobs().await;
        assert!(world.block(&block).await.pending.is_none(), "what buys less is no purchase there");
    })
    .await;
}
