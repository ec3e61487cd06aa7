//! The points of an offer, by the scoring that was fixed when its referral was sent (rule 5.7). They rest on coded answers
//! and on the register only, so that the same offers get the same points from everybody; they decide nothing.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::terms::{Met, OfferTerms, ResidentEffect};
use crate::authority::DistanceClass;
use crate::homes::home::{Grade, NeedSet};
use crate::id::OfferId;
use crate::money::Pence;
use crate::nights::days_between;
use crate::placing::referral::{ScoreBy, Scoring};

/// Days after the day on which the child needs the home until an offer has no points for its start.
const DAYS_TO_WAIT: i64 = 7;

/// What is judged of an offer.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// What it says.
    pub terms: &'a OfferTerms,
    /// The must-haves of the referral.
    pub wanted: NeedSet,
    /// The day on which the child needs the home.
    pub start: Option<Date>,
    /// Ofsted's grade of the home.
    pub grade: Grade,
    /// Where the home is.
    pub distance: DistanceClass,
    /// Its price of a week and the lowest of all offers that can be chosen; none while prices are sealed.
    pub price: Option<(Pence, Pence)>,
}

/// What an offer has for one criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Points {
    /// The criterion.
    pub by: ScoreBy,
    /// Its weight in percent: the most points there are.
    pub weight: u8,
    /// Hundredths of a point; none for a price that is sealed.
    pub hundredths: Option<i64>,
}

/// The points of one offer among others, as they were when one of them was recommended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferPoints {
    /// The offer.
    pub offer: OfferId,
    /// Criterion by criterion, in the order of the scoring.
    pub points: Vec<Points>,
}

/// The points of an offer and the most that another has, in hundredths, where another has more; none where none has, and
/// none where nothing was scored.
#[must_use]
pub fn behind(all: &[OfferPoints], chosen: OfferId) -> Option<(i64, i64)> {
    let of = |one: &OfferPoints| total(&one.points);
    let own = all.iter().find(|one| one.offer == chosen).and_then(of)?;
    let most = all.iter().filter_map(of).max()?;
    (most > own).then_some((own, most))
}

/// Hundredths of a point in figures, such as "80.75".
#[must_use]
pub fn in_figures(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The points of an offer, criterion by criterion, in the order of the scoring.
#[must_use]
pub fn points(scoring: &Scoring, judged: &Judged<'_>) -> Vec<Points> {
    let of = |by: ScoreBy, weight: u8| {
        let (part, whole) = fraction(by, judged)?;
        Some(i64::from(weight).saturating_mul(100).saturating_mul(part) / whole.max(1))
    };
    let weights = scoring.weights().iter();
    weights.map(|one| Points { by: one.by, weight: one.percent, hundredths: of(one.by, one.percent) }).collect()
}

/// All points of an offer, in hundredths; none while one of them is not known.
#[must_use]
pub fn total(points: &[Points]) -> Option<i64> {
    points.iter().map(|one| one.hundredths).sum()
}

/// Which part of a criterion's points an offer has, never below none nor above all; none where that is sealed.
fn fraction(by: ScoreBy, judged: &Judged<'_>) -> Option<(i64, i64)> {
    Some(match by {
        ScoreBy::Needs => needs(judged),
        ScoreBy::Residents => match judged.terms.residents.iter().map(|one| one.effect).max() {
            None | Some(ResidentEffect::Good | ResidentEffect::Neutral) => (2, 2),
            Some(ResidentEffect::Manageable) => (1, 2),
            Some(ResidentEffect::Serious) => (0, 2),
        },
        ScoreBy::Quality => match judged.grade {
            Grade::Outstanding => (4, 4),
            Grade::Good => (3, 4),
            Grade::NotYetInspected | Grade::Adequate => (2, 4),
            Grade::RequiresImprovement => (1, 4),
            Grade::Inadequate => (0, 4),
        },
        ScoreBy::Distance => match judged.distance {
            DistanceClass::InArea => (2, 2),
            DistanceClass::Adjoining => (1, 2),
            DistanceClass::AtADistance => (0, 2),
        },
        ScoreBy::School => (i64::from(judged.terms.keeps_school == Some(true)), 1),
        ScoreBy::Start => {
            let late = judged.start.map_or(0, |wanted| days_between(wanted, judged.terms.start).max(0));
            ((DAYS_TO_WAIT - late).max(0), DAYS_TO_WAIT)
        }
        ScoreBy::Price => {
            let (own, lowest) = judged.price?;
            if own <= Pence::ZERO { (1, 1) } else { (lowest.0.clamp(0, own.0), own.0) }
        }
    })
}

/// A must-have that is met counts whole, one that is met partly half; where none was named, all is met.
fn needs(judged: &Judged<'_>) -> (i64, i64) {
    let whole = i64::from(judged.wanted.count()) * 2;
    if whole == 0 {
        return (1, 1);
    }
    let part = |need| match judged.terms.must_haves.iter().find(|answer| answer.need == need).map(|answer| answer.met) {
        Some(Met::Yes) => 2,
        Some(Met::Partly) => 1,
        Some(Met::No) | None => 0,
    };
    (judged.wanted.iter().map(part).sum(), whole)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::homes::home::Need;
    use crate::placing::child::AgeBand;
    use crate::placing::offer::terms::{MustHaveAnswer, Resident};
    use jiff::civil::date;
    use proptest::prelude::*;

    const START: Date = date(2021, 9, 20);

    fn terms() -> OfferTerms {
        let met = |need, met| MustHaveAnswer { need, met };
        OfferTerms {
            bed: None,
            start: START,
            lines: Vec::new(),
            must_haves: vec![met(Need::GoingMissing, Met::Yes), met(Need::HealthCare, Met::Partly)],
            solo: false,
            keeps_school: Some(true),
            residents: Vec::new(),
            valid_until: START.at(17, 0, 0, 0),
        }
    }

    fn judged(terms: &OfferTerms) -> Judged<'_> {
        Judged {
            terms,
            wanted: NeedSet::NONE.with(Need::GoingMissing).with(Need::HealthCare),
            start: Some(START),
            grade: Grade::Good,
            distance: DistanceClass::Adjoining,
            price: Some((Pence::pounds(5_000), Pence::pounds(4_000))),
        }
    }

    fn of(scoring: &Scoring, judged: &Judged<'_>, by: ScoreBy) -> Option<i64> {
        points(scoring, judged).into_iter().find(|one| one.by == by).unwrap().hundredths
    }

    #[test]
    fn rule_5_7_an_offer_has_the_points_of_the_scoring_that_was_fixed_and_of_nothing_else() {
        let (scoring, terms) = (Scoring::starting(), terms());
        let has: Vec<_> = points(&scoring, &judged(&terms)).iter().map(|one| one.hundredths.unwrap()).collect();
        // 3 of 4 of 30, nobody lives there, 3 of 4 of 15, 1 of 2 of 10, the school, the day, 4,000 of 5,000 of 15.
        assert_eq!(has, [2_250, 2_000, 1_125, 500, 500, 500, 1_200]);
        assert_eq!(total(&points(&scoring, &judged(&terms))), Some(8_075));
        let own = Scoring::new(&[(ScoreBy::Needs, 80), (ScoreBy::Price, 20)]).unwrap();
        assert_eq!(total(&points(&own, &judged(&terms))), Some(6_000 + 1_600));
    }

    #[test]
    fn rule_5_7_an_offer_is_behind_only_where_another_has_more_points() {
        let (scoring, terms) = (Scoring::starting(), terms());
        let of = |offer, pounds| {
            let price = Some((Pence::pounds(pounds), Pence::pounds(4_000)));
            OfferPoints { offer: OfferId(offer), points: points(&scoring, &Judged { price, ..judged(&terms) }) }
        };
        let all = [of(1, 5_000), of(2, 4_000), of(3, 4_000)];
        assert_eq!(behind(&all, OfferId(1)), Some((8_075, 8_375)));
        assert_eq!(behind(&all, OfferId(2)), None, "as many as another is not fewer");
        assert_eq!(behind(&all[..1], OfferId(1)), None, "no other offer");
        let unscored = all.map(|one| OfferPoints { points: Vec::new(), ..one });
        assert_eq!(behind(&unscored, OfferId(1)), None, "no scoring was kept");
        assert_eq!((in_figures(8_075), in_figures(500)), ("80.75".to_owned(), "5.00".to_owned()));
    }

    #[test]
    fn rule_5_7_a_risk_to_a_resident_and_a_later_start_cost_points() {
        let scoring = Scoring::starting();
        let mut terms = terms();
        let resident = |effect| Resident { age_band: AgeBand::ALL[0], effect };
        terms.residents = vec![resident(ResidentEffect::Good), resident(ResidentEffect::Manageable)];
        assert_eq!(of(&scoring, &judged(&terms), ScoreBy::Residents), Some(1_000), "the worst counts");
        terms.residents.push(resident(ResidentEffect::Serious));
        assert_eq!(of(&scoring, &judged(&terms), ScoreBy::Residents), Some(0));
        terms.start = date(2021, 9, 27);
        assert_eq!(of(&scoring, &judged(&terms), ScoreBy::Start), Some(0), "a week late");
        terms.start = date(2021, 9, 13);
        assert_eq!(of(&scoring, &judged(&terms), ScoreBy::Start), Some(500), "an earlier day is no better");
        let nothing = Judged { wanted: NeedSet::NONE, ..judged(&terms) };
        assert_eq!(of(&scoring, &nothing, ScoreBy::Needs), Some(3_000), "where no must-have was named");
    }

    #[test]
    fn rule_5_3_while_prices_are_sealed_no_points_give_one_away() {
        let (scoring, terms) = (Scoring::starting(), terms());
        let sealed = Judged { price: None, ..judged(&terms) };
        assert_eq!(of(&scoring, &sealed, ScoreBy::Price), None);
        assert_eq!(total(&points(&scoring, &sealed)), None);
        assert_eq!(of(&scoring, &sealed, ScoreBy::Needs), Some(2_250));
    }

    proptest! {
        #[test]
        fn rule_5_7_no_criterion_has_less_than_nothing_or_more_than_its_weight(
            own in -1_000i64..2_000_000, lowest in 0i64..2_000_000, late in -30i64..30, grade in 0usize..6,
        ) {
            let mut terms = terms();
            terms.start = crate::nights::plus_days(START, late);
            let price = Some((Pence(own), Pence(lowest)));
            let one = Judged { price, grade: Grade::ALL[grade], ..judged(&terms) };
            for points in points(&Scoring::starting(), &one) {
                prop_assert!((0..=i64::from(points.weight) * 100).contains(&points.hundredths.unwrap()));
            }
        }
    }
}
