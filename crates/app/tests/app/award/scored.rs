//! Rule 5.7 on the record: the scoring that stood when a referral was sent is the one that its comparison uses, and the
//! database changes it for nobody.

use placewell_app::Outcome;
use placewell_app::placing::approval::Recommend;
use placewell_app::setting::ChangeSetting;
use placewell_domain::change::{Change, Event};
use placewell_domain::money::Pence;
use placewell_domain::placing::offer::points::{behind, in_figures, total};
use placewell_domain::placing::referral::{Out, Referral, ReferralState, ScoreBy, Scoring};
use placewell_store::error::{StoreError, refusal_of};

use super::outliving::{AMPLE, lead, with_arrangement};
use super::world::{HEF, World, both_made, director, officer, recommendation};
use super::{HEREFORDSHIRE, last};

async fn read(world: &World, reference: &str) -> Referral {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    session.referral_by_reference(HEF, reference).await.unwrap()
}

/// What the database says to a referral's next version with this scoring.
async fn with_scoring(world: &World, referral: &Referral, scoring: Option<Scoring>) -> String {
    let mut work = world.work(HEF).await;
    let out = Out { scoring, ..referral.state.sent().unwrap().clone() };
    let event = Event::new("world.scored", "referral", referral.id.0, referral.version + 1);
    let next = Referral { version: referral.version + 1, state: ReferralState::Out(out), ..referral.clone() };
    let said = match work.apply(Change::to(next, event)).await {
        Err(StoreError::Constraint(name)) => refusal_of(&name).map_or(name, |refusal| refusal.code),
        other => panic!("{other:?}"),
    };
    work.roll_back().await.unwrap();
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_7_the_comparison_uses_the_scoring_that_stood_at_sending_and_the_price_of_every_offer() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        world.home(2, HEREFORDSHIRE, 3).await;
        let reference = world.referral(1, &[4_150, 5_000], false, HEF).await;
        let of = async |numbers: &[u32]| {
            let view = world.app.compare(&officer(), &reference, numbers).await.unwrap();
            let points = |at: usize| view.columns[at].points.clone();
            (view.scoring.clone(), (0..view.columns.len()).map(points).collect::<Vec<_>>())
        };
        let (scoring, points) = of(&[]).await;
        assert_eq!(scoring, Some(Scoring::starting()));
        let price = |at: usize, points: &[Vec<_>]| {
            let all: &Vec<placewell_domain::placing::offer::points::Points> = &points[at];
            all.iter().find(|one| one.by == ScoreBy::Price).unwrap().hundredths
        };
        assert_eq!((price(0, &points), price(1, &points)), (Some(1_500), Some(1_245)), "15 × 4,150 ÷ 5,000");
        assert!(total(&points[0]) > total(&points[1]));
        let (_, alone) = of(&[2]).await;
        assert_eq!(price(0, &alone), Some(1_245), "held against the lowest of all, whatever is looked at");
        let (name, value) = ("offer.scoring".to_owned(), "needs 40, price 60".to_owned());
        let set = ChangeSetting { name, value, from: world.app.calendar.now().today(), recorded: 0 };
        world.app.perform(&lead(), "set", set).await.unwrap();
        assert_eq!(of(&[]).await, (scoring, points), "a later setting changes nothing that was sent");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_7_the_database_refuses_another_scoring_after_sending_and_a_sending_without_one() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        let sent = read(&world, &reference).await;
        let other = Scoring::new(&[(ScoreBy::Needs, 40), (ScoreBy::Price, 60)]).unwrap();
        assert_eq!(with_scoring(&world, &sent, Some(other)).await, "scoring_fixed");
        assert_eq!(with_scoring(&world, &sent, None).await, "scoring_fixed");
        let mut work = world.work(HEF).await;
        let event = Event::new("world.undone", "referral", sent.id.0, sent.version + 1);
        let draft = Referral { version: sent.version + 1, state: ReferralState::Draft, ..sent.clone() };
        let draft = work.apply(Change::to(draft, event)).await.unwrap();
        super::world::done(work).await;
        let again = Referral { version: draft.version, ..sent };
        assert_eq!(with_scoring(&world, &again, None).await, "scoring_missing");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// Recommends the first offer and says nothing of the circumstances.
async fn silent(world: &World, reference: &str) -> Result<String, Outcome> {
    let version = read(world, reference).await.version;
    let command = Recommend { circumstances: " ".to_owned(), ..recommendation(reference, version) };
    let answer = world.app.perform(&officer(), &format!("silent {reference}"), command).await;
    answer.map(|receipt| receipt.location)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_7_an_offer_that_another_beats_on_points_is_recommended_with_a_reason_and_the_points_are_kept() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        world.home(2, HEREFORDSHIRE, 3).await;
        let most = world.referral(41, &[3_900, 4_150], false, HEF).await;
        silent(&world, &most).await.unwrap();
        let fewer = world.referral(42, &[4_150, 3_900], false, HEF).await;
        let Err(Outcome::Invalid(invalid)) = silent(&world, &fewer).await else {
            panic!("recommended without a reason");
        };
        let fields: Vec<&str> = invalid.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["circumstances"]);
        let asked = last(&world.recommend(&fewer, "with a reason").await.unwrap().location);
        let referral = read(&world, &fewer).await;
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let kept = session.recommendations_of(HEF, referral.id).await.unwrap().remove(0);
        let (own, best) = behind(&kept.points, kept.offer).unwrap();
        assert_eq!((kept.points.len(), best - own), (2, 91), "15 less 15 × 3,900 ÷ 4,150");
        drop(session);
        let before = world.app.approval_view(&director(), &asked).await.unwrap();
        world.approve(&director(), &asked, "approved", false).await.unwrap();
        let after = world.app.approval_view(&director(), &asked).await.unwrap();
        assert!(after.agreement.is_some(), "the other offer can be chosen no more");
        let shown = after.scored();
        assert_eq!(shown, before.scored(), "the record says what stood when it was recommended");
        let (criterion, has) = shown.rows.last().unwrap();
        assert_eq!((criterion.as_str(), has.len()), ("All points, of 100", 2));
        assert_eq!(has[1], in_figures(best), "the recommended one first, then the other");
        let (_, price) = shown.rows.iter().find(|(name, _)| name.starts_with("Price of a week")).unwrap();
        assert_eq!(price, &["14.09", "15.00"]);
        let (statement, _) = world.app.search_statement(&officer(), &fewer).await.unwrap();
        assert_eq!(statement.scoring, Scoring::starting().lines(), "for a court, too");
        let points: Vec<_> = statement.homes.iter().map(|home| home.points.clone().unwrap()).collect();
        assert_eq!(points, [in_figures(own), in_figures(best)]);
    })
    .await;
}
