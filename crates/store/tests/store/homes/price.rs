//! Prices, standing and admissions in two times: what was believed stays readable, rows only close.

mod race;

use jiff::civil::{Date, date};
use placewell_app::clock::Machine;
use placewell_domain::homes::admission::ground::{AdmissionGround, GroundOn};
use placewell_domain::homes::admission::{Admission, AdmissionEnd};
use placewell_domain::homes::price::as_known;
use placewell_domain::homes::standing::{
    Standing, StandingFact, StandingReason, StandingSource, StandingSubject, standing_on,
};
use placewell_domain::id::{ArrangementId, EvaluationId, HomeId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END, plus_days};
use placewell_store::error::refusal_of;
use placewell_store::homes::price::{CORE, PriceBy};
use placewell_store::{Store, StoreError};
use placewell_testkit::databases::both;

use super::home::given::{HEREFORDSHIRE, PROVIDER, REGION, TODAY, moment, region};

async fn say(store: &Store, from: Date, to: Date, pounds: i64) -> i64 {
    let mut work = store.begin(REGION, moment()).await.unwrap();
    let seq = work.sequence().await.unwrap();
    let nights = Nights::new(from, to).unwrap();
    work.record_price(HomeId(1), "planned", CORE, nights, Some(Pence::pounds(pounds))).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    seq
}

#[tokio::test]
async fn rule_4_4_a_price_as_known_then_is_reproduced_after_every_correction() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let mut model = vec![None; 90];
        let mut said = Vec::new();
        for step in 0_i64..12 {
            let (from, length, pounds) = (step * 17 % 60, 5 + step * 7 % 25, 3_000 + step);
            let seq = say(&store, plus_days(TODAY, from), plus_days(TODAY, from + length), pounds).await;
            for night in from..from + length {
                model[usize::try_from(night).unwrap()] = Some(Pence::pounds(pounds));
            }
            said.push((seq, model.clone()));
        }
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        let rows: Vec<_> = session.price_history(HomeId(1)).await.unwrap().into_iter().map(|fact| fact.price).collect();
        for (seq, model) in said {
            for (night, expected) in model.into_iter().enumerate() {
                let day = plus_days(TODAY, i64::try_from(night).unwrap());
                let known = as_known(&rows, Nights::new(day, plus_days(day, 1)).unwrap(), seq);
                assert_eq!(known.first().map(|row| row.value), expected, "as known at {seq} on {day}");
            }
        }
        let now = session.price_on(HomeId(1), "planned", CORE, TODAY).await.unwrap();
        assert_eq!(
            now,
            as_known(&rows, Nights::new(TODAY, plus_days(TODAY, 1)).unwrap(), i64::MAX - 1)
                .first()
                .map(|row| row.value)
        );
    })
    .await;
}

#[tokio::test]
async fn rule_4_4_several_prices_recorded_at_once_are_each_believed_and_nothing_between_them_is() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let far = plus_days(TODAY, 400);
        say(&store, plus_days(TODAY, -400), far, 3_000).await;
        let mut work = store.begin(REGION, moment()).await.unwrap();
        let soon = plus_days(TODAY, 100);
        let prices = [
            (Nights::new(TODAY, soon).unwrap(), Some(Pence::pounds(3_100))),
            (Nights::open(soon), Some(Pence::pounds(3_200))),
        ];
        work.record_prices(HomeId(1), ("planned", CORE), &prices, &PriceBy::hand()).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        for (day, pounds) in [(-1, 3_000), (0, 3_100), (99, 3_100), (100, 3_200), (4_000, 3_200)] {
            let found = session.price_on(HomeId(1), "planned", CORE, plus_days(TODAY, day)).await.unwrap();
            assert_eq!(found, Some(Pence::pounds(pounds)), "day {day}");
        }
        assert_eq!(session.price_history(HomeId(1)).await.unwrap().len(), 4, "one row closed, three now");
    })
    .await;
}

#[tokio::test]
async fn standing_changes_from_a_day_on_and_the_regulator_s_notice_stands_apart() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let fact = |source, standing, from| StandingFact {
            subject: StandingSubject::Home(HomeId(1)),
            source,
            standing,
            from,
            until: OPEN_END,
            reason: StandingReason::SeriousConcerns,
        };
        let steps = [
            fact(StandingSource::Region, Standing::Good, date(2019, 4, 1)),
            fact(StandingSource::Region, Standing::Suspended, date(2021, 9, 8)),
            fact(StandingSource::Regulator, Standing::Suspended, date(2021, 9, 10)),
            fact(StandingSource::Region, Standing::OnWatch, date(2021, 9, 20)),
        ];
        for step in &steps {
            let mut work = store.begin(REGION, moment()).await.unwrap();
            work.record_standing(step).await.unwrap();
            work.commit(Machine::now()).await.unwrap();
        }
        let facts = store.read(Some(HEREFORDSHIRE)).await.unwrap().standing_facts().await.unwrap();
        let on = |day| standing_on(&facts, HomeId(1), PROVIDER, day);
        assert_eq!(on(date(2021, 9, 7)).standing, Standing::Good);
        assert_eq!(on(TODAY).standing, Standing::Suspended);
        assert!(on(TODAY).restriction.is_some());
        assert_eq!(on(date(2021, 9, 20)).standing, Standing::OnWatch);
    })
    .await;
}

#[tokio::test]
async fn a_home_is_on_a_lot_once_at_a_time_and_an_end_keeps_the_past() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let admission = |from| Admission {
            home: HomeId(1),
            arrangement: ArrangementId(1),
            lot: "planned".to_owned(),
            from,
            until: OPEN_END,
            ended: None,
        };
        let mut work = store.begin(REGION, moment()).await.unwrap();
        let unfounded = work.record_admission(&admission(date(2018, 12, 15))).await.unwrap_err();
        let StoreError::Constraint(name) = unfounded else { panic!("{unfounded:?}") };
        assert_eq!(refusal_of(&name).unwrap().code, "admission_without_ground");
        work.roll_back().await.unwrap();
        let mut work = store.begin(REGION, moment()).await.unwrap();
        let provider = work.home(HomeId(1)).await.unwrap().provider;
        let on = GroundOn::Evaluation(EvaluationId(404));
        let never = AdmissionGround { provider, from: date(2018, 12, 15), on };
        let StoreError::Constraint(name) = work.keep_admission_ground(&never).await.unwrap_err() else { panic!() };
        assert_eq!(name, "ground_not_evaluated", "an evaluation that did not admit it carries nothing");
        work.roll_back().await.unwrap();
        let mut work = store.begin(REGION, moment()).await.unwrap();
        let ground = AdmissionGround::before_record(provider, date(2018, 12, 15), "file 1");
        work.keep_admission_ground(&ground).await.unwrap();
        assert_eq!(work.admission_grounds(Some(provider)).await.unwrap(), [ground]);
        work.record_admission(&admission(date(2018, 12, 15))).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let mut work = store.begin(REGION, moment()).await.unwrap();
        let twice = work.record_admission(&admission(date(2020, 1, 1))).await.unwrap_err();
        let StoreError::Constraint(name) = twice else { panic!("{twice:?}") };
        assert_eq!(refusal_of(&name).unwrap().code, "one_admission");
        work.roll_back().await.unwrap();
        let mut work = store.begin(REGION, moment()).await.unwrap();
        work.end_admission(HomeId(1), "planned", date(2021, 4, 1), AdmissionEnd::Withdrawn).await.unwrap();
        work.record_admission(&admission(date(2021, 9, 1))).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let held = store.read(Some(HEREFORDSHIRE)).await.unwrap().admissions_of(HomeId(1)).await.unwrap();
        assert_eq!(
            held.iter().map(|one| (one.from, one.until)).collect::<Vec<_>>(),
            [(date(2018, 12, 15), date(2021, 4, 1)), (date(2021, 9, 1), OPEN_END)]
        );
    })
    .await;
}

#[tokio::test]
async fn a_provider_cannot_record_its_own_price_admission_or_standing() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let mut work = store.begin(PROVIDER, moment()).await.unwrap();
        let nights = Nights::open(TODAY);
        let own = work.record_price(HomeId(1), "planned", CORE, nights, Some(Pence::pounds(9_999))).await;
        assert!(own.is_err(), "a provider recorded a price");
        work.roll_back().await.unwrap();
        let mut work = store.begin(PROVIDER, moment()).await.unwrap();
        let admission = Admission {
            home: HomeId(1),
            arrangement: ArrangementId(1),
            lot: "planned".to_owned(),
            from: TODAY,
            until: OPEN_END,
            ended: None,
        };
        assert!(work.record_admission(&admission).await.is_err(), "a provider admitted its own home");
        work.roll_back().await.unwrap();
        let mut work = store.begin(PROVIDER, moment()).await.unwrap();
        let good = StandingFact {
            subject: StandingSubject::Home(HomeId(1)),
            source: StandingSource::Region,
            standing: Standing::Removed,
            from: TODAY,
            until: OPEN_END,
            reason: StandingReason::Evaluated,
        };
        work.record_standing(&good).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        assert!(session.standing_facts().await.unwrap().is_empty(), "a provider's word on standing counts for nothing");
    })
    .await;
}

#[tokio::test]
async fn one_request_for_a_rise_is_open_and_none_goes_back_in_time() {
    use placewell_domain::change::{Change, Event};
    use placewell_domain::homes::price::LineKind;
    use placewell_domain::homes::price::uplift::{Uplift, UpliftBasis, UpliftState};
    use placewell_domain::id::{PersonId, UpliftId};
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let request = |id: i64, from: Date| Uplift {
            id: UpliftId(id),
            version: 1,
            region: REGION,
            provider: PROVIDER,
            reference: format!("PU-{id}"),
            home: HomeId(1),
            urn: "SC400001".to_owned(),
            name: "Elm House".to_owned(),
            lot: "planned".to_owned(),
            line: LineKind::Core,
            basis: UpliftBasis::Formula,
            formula: None,
            was: Pence::pounds(4_000),
            asked: Pence::pounds(4_060),
            from,
            by: PersonId(1),
            at: TODAY.at(10, 20, 0, 0),
            state: UpliftState::Asked,
        };
        let ask = async |uplift: Uplift| {
            let mut work = store.begin(PROVIDER, moment()).await.unwrap();
            let event = Event::new("uplift.asked", "price_uplift", uplift.id.0, 1);
            let applied = work.apply(Change::to(uplift, event)).await;
            let Err(StoreError::Constraint(name)) = applied else {
                work.commit(Machine::now()).await.unwrap();
                return Ok(());
            };
            work.roll_back().await.unwrap();
            Err(refusal_of(&name).unwrap().code)
        };
        assert_eq!(ask(request(1, TODAY)).await, Err("uplift_back_dated".to_owned()));
        assert_eq!(ask(request(2, plus_days(TODAY, 1))).await, Ok(()));
        assert_eq!(ask(request(3, plus_days(TODAY, 1))).await, Err("one_open_uplift".to_owned()));
        let school = Uplift { line: LineKind::Education, ..request(4, plus_days(TODAY, 1)) };
        assert_eq!(ask(school.clone()).await, Ok(()), "another line has its own");
        assert_eq!(ask(Uplift { id: UpliftId(5), ..school }).await, Err("one_open_uplift".to_owned()));
        let seen = store.read(Some(HEREFORDSHIRE)).await.unwrap().uplifts().await.unwrap();
        assert_eq!(seen.len(), 2, "who buys reads it");
        let visitor = store.read(None).await.unwrap();
        assert!(visitor.uplifts().await.unwrap().is_empty(), "nobody else does");
    })
    .await;
}
