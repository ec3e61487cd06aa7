//! What an opening publishes before anybody applies: quality questions with weights that sum to 100, the price template of
//! each lot, what insurance is asked for, and the formula. All of it in whole numbers, so that a mark can be worked out by hand.

use serde::{Deserialize, Serialize};

use super::standstill;
use crate::money::{Pence, rounded_half_even as half_even};
use crate::outcome::{Invalid, Refusal};

/// Who keeps criteria.
pub(super) const WHO: &str = "Commissioning lead of the regional team";
/// The most quality questions that an opening asks.
pub const MOST_QUESTIONS: usize = 8;

coded! {
    /// A part of the weekly price.
    PricePart {
        Accommodation "accommodation" "Accommodation";
        Care "care" "Care";
        Education "education" "Education";
        Health "health" "Health";
    }
}

impl PricePart {
    /// What a core price is made of; education stands beside it.
    pub const CORE: [Self; 3] = [Self::Accommodation, Self::Care, Self::Health];
}

coded! {
    /// A kind of insurance that a provider holds.
    InsuranceKind {
        Public "public" "Public liability, abuse covered";
        Employers "employers" "Employer's liability";
        Professional "professional" "Professional indemnity";
    }
}

/// Between which weekly prices a part is tendered, both among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// The part.
    pub part: PricePart,
    /// The lowest: a price below it is not taken to be sustainable.
    pub floor: Pence,
    /// The highest.
    pub ceiling: Pence,
}

/// The price template of a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotTemplate {
    /// The lot's code.
    pub lot: String,
    /// The parts that are priced, in their order.
    pub bands: Vec<Band>,
    /// What the price includes.
    pub includes: String,
}

/// The weekly price of one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartPrice {
    /// The part.
    pub part: PricePart,
    /// The price of a week.
    pub weekly: Pence,
}

/// A quality question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its code: `q1` to `q8`.
    pub code: String,
    /// What is asked.
    pub text: String,
    /// What a good answer shows.
    pub criteria: String,
    /// Its weight, in percent of the quality mark.
    pub weight: u8,
}

/// Marks out of 100, in hundredths: whole-number arithmetic, half to even.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(pub i64);

impl core::fmt::Display for Points {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, (self.0 % 100).abs())
    }
}

/// Everything by which an application is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criteria {
    /// The quality questions.
    pub quality: Vec<Question>,
    /// Scores go from 0 to this.
    pub scale: u8,
    /// An answer scored below this fails the whole.
    pub least: u8,
    /// The share of quality in the total, in percent; the rest is price.
    pub quality_share: u8,
    /// The total that a lot needs, out of 100.
    pub pass_mark: u8,
    /// The price template of each lot that is open.
    pub templates: Vec<LotTemplate>,
    /// The least cover of each insurance.
    pub insurances: Vec<(InsuranceKind, Pence)>,
    /// Days between the letters and the admission.
    pub standstill_days: u8,
    /// For how many months an evaluation holds.
    pub validity_months: u8,
}

impl Criteria {
    /// What is wrong with them, by the fields of the form.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        let sum: u32 = self.quality.iter().map(|question| u32::from(question.weight)).sum();
        if self.quality.is_empty() || self.quality.len() > MOST_QUESTIONS {
            invalid.add("q1_text", "Ask between 1 and 8 quality questions");
        } else if sum != 100 {
            invalid.add("q1_weight", format!("The weights sum to {sum}: change them so that they sum to 100"));
        }
        for question in &self.quality {
            if question.weight == 0 {
                invalid.add(&format!("{}_weight", question.code), "Enter a weight of 1 or more");
            }
        }
        if self.least > self.scale || self.scale < 1 || self.scale > 10 {
            invalid.add("least", "Enter the lowest score that passes, within the scale");
        }
        if self.quality_share > 100 {
            invalid.add("quality_share", "Enter the share of quality as 0 to 100 percent");
        }
        if self.pass_mark > 100 {
            invalid.add("pass_mark", "Enter the pass mark as 0 to 100");
        }
        if self.templates.is_empty() {
            invalid.add("lots", "Open at least one lot");
        }
        for (at, template) in self.templates.iter().enumerate() {
            if self.templates.iter().take(at).any(|other| other.lot == template.lot) {
                invalid.add("lots", format!("Give lot {} one price template: it is here more than once", template.lot));
            }
            template.check_bands(&mut invalid);
        }
        for (at, (kind, least)) in self.insurances.iter().enumerate() {
            let field = format!("insurance_{}", kind.code());
            if self.insurances.iter().take(at).any(|(other, _)| other == kind) {
                invalid.add(&field, "Enter one least cover for this insurance: it is here more than once");
            }
            if *least < Pence::ZERO {
                invalid.add(&field, "Enter a least cover of £0 or more");
            }
        }
        standstill::check(self.standstill_days, &mut invalid);
        if self.validity_months == 0 {
            invalid.add("validity_months", "Enter for how many months an evaluation holds");
        }
        invalid.or(())
    }

    /// Refused where the weights do not sum to 100 or a template has no room: nothing unsound is published.
    pub fn sound(&self) -> Result<(), Refusal> {
        self.check().map_err(|invalid| {
            let first = invalid.errors.first().map_or("", |error| error.message.as_str());
            let sum: u32 = self.quality.iter().map(|question| u32::from(question.weight)).sum();
            let code = if sum == 100 { "criteria_unsound" } else { "weights_sum" };
            Refusal::new(
                code,
                "Published criteria: weights sum to 100, each price has a floor below its ceiling",
                format!("The criteria cannot be published as they are. {first}."),
                WHO,
            )
            .found(format!("weights sum to {sum}"))
        })
    }

    /// The price template of a lot, where the lot is open.
    #[must_use]
    pub fn template(&self, lot: &str) -> Option<&LotTemplate> {
        self.templates.iter().find(|template| template.lot == lot)
    }

    /// The quality question of this code.
    #[must_use]
    pub fn question(&self, code: &str) -> Option<&Question> {
        self.quality.iter().find(|question| question.code == code)
    }

    /// A score is on the scale.
    pub fn on_scale(&self, question: &str, score: u8) -> Result<(), Refusal> {
        if self.question(question).is_some() && score <= self.scale {
            return Ok(());
        }
        Err(Refusal::new(
            "score_outside_scale",
            "Scores are on the published scale, for a question that was asked",
            format!("A score goes from 0 to {}.", self.scale),
            "You, by giving a score of the scale",
        )
        .found(format!("{question}: {score}")))
    }

    /// The quality mark: each score by its weight, as a part of the scale.
    #[must_use]
    pub fn quality_points(&self, scores: &[(String, u8)]) -> Points {
        let weighed: i128 = self
            .quality
            .iter()
            .map(|question| {
                let score = scores.iter().find(|(code, _)| *code == question.code).map_or(0, |(_, score)| *score);
                i128::from(question.weight) * i128::from(score)
            })
            .sum();
        Points(half_even(weighed * 100, i128::from(self.scale.max(1))))
    }

    /// The total of quality and price by their shares.
    #[must_use]
    pub fn total(&self, quality: Points, price: Points) -> Points {
        let share = i128::from(self.quality_share.min(100));
        Points(half_even(i128::from(quality.0) * share + i128::from(price.0) * (100 - share), 100))
    }

    /// The formula in words, as it is published.
    #[must_use]
    pub fn formula(&self) -> String {
        format!(
            "Quality counts {}%: each consensus score as a part of {}, by its weight. Price counts {}%: \
             100 × (ceiling − price) ÷ (ceiling − floor), of the whole weekly price of the lot. A lot passes at {} of 100; \
             an answer below {} fails all lots.",
            self.quality_share,
            self.scale,
            100 - self.quality_share.min(100),
            self.pass_mark,
            self.least
        )
    }
}

impl LotTemplate {
    /// What is wrong with the template itself: each part has one floor, which is no less than nothing, below its ceiling.
    fn check_bands(&self, invalid: &mut Invalid) {
        let field = |part: PricePart, end: &str| format!("{}_{}_{end}", self.lot, part.code());
        if self.bands.is_empty() {
            let ask = "Enter the floor and the ceiling of at least one part of the price";
            invalid.add(&field(PricePart::Care, "ceiling"), ask);
        }
        for (at, band) in self.bands.iter().enumerate() {
            if self.bands.iter().take(at).any(|other| other.part == band.part) {
                invalid.add(&field(band.part, "floor"), "Enter this part once: it is here more than once");
            }
            if band.floor < Pence::ZERO {
                invalid.add(&field(band.part, "floor"), "Enter a floor of £0 or more");
            }
            if band.floor >= band.ceiling {
                invalid.add(&field(band.part, "ceiling"), "Enter a ceiling above the floor");
            }
        }
    }

    /// The price of each part lies within floor and ceiling, each part that the template has, once, and no other.
    pub fn check(&self, prices: &[PartPrice]) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        for band in &self.bands {
            let field = format!("{}_{}", self.lot, band.part.code());
            let floor = band.floor.max(Pence::ZERO);
            let given: Vec<Pence> =
                prices.iter().filter(|price| price.part == band.part).map(|price| price.weekly).collect();
            match given.as_slice() {
                [] => invalid.add(&field, format!("Enter the weekly price of {}", band.part.label().to_lowercase())),
                [weekly] if *weekly < floor || *weekly > band.ceiling => invalid.add(
                    &field,
                    format!("Enter a price from {floor} to {}: the template's floor and ceiling", band.ceiling),
                ),
                [_] => {}
                // All of them would count: in the price mark, in the letter and in the schedule.
                [_, _, ..] => invalid.add(&field, "Enter one price for this part: it is here more than once"),
            }
        }
        for price in prices {
            if !self.bands.iter().any(|band| band.part == price.part) {
                let field = format!("{}_{}", self.lot, price.part.code());
                invalid.add(&field, "This part is not priced on this lot: leave it empty");
            }
        }
        invalid.or(())
    }

    /// The price mark: 100 at the floor, 0 at the ceiling, a straight line between.
    #[must_use]
    pub fn price_points(&self, prices: &[PartPrice]) -> Points {
        let sum = |of: fn(&Band) -> Pence| self.bands.iter().map(of).sum::<Pence>().0;
        let (floor, ceiling) = (sum(|band| band.floor), sum(|band| band.ceiling));
        let price: Pence = prices.iter().map(|price| price.weekly).sum();
        let room = i128::from(ceiling - floor);
        if room <= 0 {
            return Points(0);
        }
        Points(half_even(i128::from(ceiling - price.0) * 10_000, room).clamp(0, 10_000))
    }
}

#[cfg(test)]
pub(crate) fn sample() -> Criteria {
    let question = |number: u8, weight: u8| Question {
        code: format!("q{number}"),
        text: format!("Question {number}"),
        criteria: "What a good answer shows".to_owned(),
        weight,
    };
    let band =
        |part, floor: i64, ceiling: i64| Band { part, floor: Pence::pounds(floor), ceiling: Pence::pounds(ceiling) };
    Criteria {
        quality: vec![question(1, 40), question(2, 35), question(3, 25)],
        scale: 5,
        least: 2,
        quality_share: 70,
        pass_mark: 60,
        templates: vec![LotTemplate {
            lot: "planned".to_owned(),
            bands: vec![band(PricePart::Accommodation, 500, 1_500), band(PricePart::Care, 2_000, 4_500)],
            includes: "Clothing, activities and pocket money".to_owned(),
        }],
        insurances: vec![(InsuranceKind::Public, Pence::pounds(5_000_000))],
        standstill_days: 10,
        validity_months: 48,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn weights_that_do_not_sum_to_100_are_refused() {
        let mut criteria = sample();
        assert!(criteria.sound().is_ok());
        criteria.quality[0].weight = 39;
        assert_eq!(criteria.check().unwrap_err().errors[0].field, "q1_weight");
        let refusal = criteria.sound().unwrap_err();
        assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("weights_sum", "weights sum to 99"));
    }

    #[test]
    fn a_price_outside_floor_and_ceiling_names_both() {
        let criteria = sample();
        let template = criteria.template("planned").unwrap();
        let price = |accommodation: i64, care: i64| {
            [
                PartPrice { part: PricePart::Accommodation, weekly: Pence::pounds(accommodation) },
                PartPrice { part: PricePart::Care, weekly: Pence::pounds(care) },
            ]
        };
        assert!(template.check(&price(500, 4_500)).is_ok(), "floor and ceiling are among them");
        let over = template.check(&price(500, 4_501)).unwrap_err();
        assert_eq!(over.errors[0].field, "planned_care");
        assert!(over.errors[0].message.contains("£2,000 to £4,500"));
        assert_eq!(template.check(&price(499, 4_500)).unwrap_err().errors[0].field, "planned_accommodation");
        assert_eq!(template.check(&price(500, 4_500)[..1]).unwrap_err().errors[0].field, "planned_care");
    }

    #[test]
    fn a_part_that_is_priced_twice_is_refused_whatever_its_prices_come_to() {
        let criteria = sample();
        let template = criteria.template("planned").unwrap();
        let price = |part, pounds| PartPrice { part, weekly: Pence::pounds(pounds) };
        let with_care = |prices: &[i64]| {
            let mut all = vec![price(PricePart::Accommodation, 1_000)];
            all.extend(prices.iter().map(|pounds| price(PricePart::Care, *pounds)));
            let errors = template.check(&all).err().unwrap_or_default().errors;
            errors.into_iter().map(|error| (error.field, error.message)).collect::<Vec<_>>()
        };
        assert!(with_care(&[3_200]).is_empty());
        let twice: [&[i64]; 5] = [&[3_200, 99_000], &[4_000, -3_900], &[3_200, 3_200], &[2_000, 0, 0], &[-1, -1]];
        for prices in twice {
            let found = with_care(prices);
            assert_eq!(found.len(), 1, "{prices:?}: {found:?}");
            assert_eq!(found[0].0, "planned_care", "{prices:?}");
            assert!(found[0].1.contains("more than once"), "{prices:?}: {found:?}");
        }
        let below = LotTemplate {
            bands: vec![Band { part: PricePart::Care, floor: Pence(-100_000), ceiling: Pence(100_000) }],
            ..template.clone()
        };
        let refused = below.check(&[PartPrice { part: PricePart::Care, weekly: Pence(-1) }]).unwrap_err();
        assert_eq!(refused.errors[0].field, "planned_care", "no price is less than nothing, whatever the floor");
        assert!(below.check(&[PartPrice { part: PricePart::Care, weekly: Pence(0) }]).is_ok());
    }

    #[test]
    fn a_template_has_each_part_once_no_amount_below_nothing_and_each_lot_one_template() {
        let fields = |change: &dyn Fn(&mut Criteria)| {
            let mut criteria = sample();
            change(&mut criteria);
            let refused = criteria.sound().err().map(|refusal| refusal.code);
            let fields: Vec<_> =
                criteria.check().err().unwrap_or_default().errors.into_iter().map(|error| error.field).collect();
            assert_eq!(refused.as_deref(), (!fields.is_empty()).then_some("criteria_unsound"));
            fields
        };
        assert_eq!(fields(&|_| {}), [""; 0]);
        let twice = |criteria: &mut Criteria| {
            let bands = &mut criteria.templates[0].bands;
            bands.push(Band { ceiling: Pence::pounds(9_000), ..bands[1] });
        };
        assert_eq!(fields(&twice), ["planned_care_floor"]);
        let below = |criteria: &mut Criteria| criteria.templates[0].bands[0].floor = Pence(-1);
        assert_eq!(fields(&below), ["planned_accommodation_floor"]);
        let lot_twice = |criteria: &mut Criteria| criteria.templates.push(criteria.templates[0].clone());
        assert_eq!(fields(&lot_twice), ["lots"]);
        let insured = |criteria: &mut Criteria| criteria.insurances.push((InsuranceKind::Public, Pence(-1)));
        assert_eq!(fields(&insured), ["insurance_public", "insurance_public"]);
        let none = |criteria: &mut Criteria| criteria.templates[0].bands.clear();
        assert_eq!(fields(&none), ["planned_care_ceiling"]);
    }

    #[test]
    fn the_published_formula_in_whole_numbers() {
        let criteria = sample();
        let scores = [("q1".to_owned(), 4), ("q2".to_owned(), 3), ("q3".to_owned(), 5)];
        // 40×4 + 35×3 + 25×5 = 390 of 500: 78.00.
        let quality = criteria.quality_points(&scores);
        assert_eq!(quality.to_string(), "78.00");
        let prices = [
            PartPrice { part: PricePart::Accommodation, weekly: Pence::pounds(1_000) },
            PartPrice { part: PricePart::Care, weekly: Pence::pounds(3_500) },
        ];
        // (6,000 − 4,500) ÷ (6,000 − 2,500) = 42.857…
        let price = criteria.template("planned").unwrap().price_points(&prices);
        assert_eq!(price.to_string(), "42.86");
        assert_eq!(criteria.total(quality, price).to_string(), "67.46");
    }

    #[test]
    fn a_score_outside_the_scale_is_refused() {
        let criteria = sample();
        assert!(criteria.on_scale("q1", 5).is_ok());
        assert_eq!(criteria.on_scale("q1", 6).unwrap_err().code, "score_outside_scale");
        assert_eq!(criteria.on_scale("q9", 1).unwrap_err().code, "score_outside_scale");
    }
}
