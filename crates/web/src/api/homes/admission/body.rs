//! The bodies of an admission: an opening's plan, the parts of an application, scores; and what is shown of them.

use jiff::civil::{Date, DateTime};
use placewell_domain::homes::admission::application::{LotApplied, Part};
use placewell_domain::homes::admission::criteria::{Band, Criteria, LotTemplate, PartPrice, Question};
use placewell_domain::homes::admission::opening::{OpeningKind, OpeningPlan};
use placewell_domain::homes::admission::selection::{Insurance, Selection};
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::api::body::{count, percent};
use crate::api::code;

/// Reads a score. What is no whole number of any scale is told in the words of a scale, not in those of a program.
pub(super) fn given_score<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let sent = serde_json::Value::deserialize(deserializer)?;
    let read = sent.as_u64().and_then(|score| u8::try_from(score).ok());
    read.ok_or_else(|| D::Error::custom(format!("found {sent}, send a whole number of the scale, from 0 to 5")))
}

/// The same where it may be missing or null.
pub(super) fn score_so_far<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let sent = Option::<serde_json::Value>::deserialize(deserializer)?;
    sent.map(|sent| given_score(sent).map_err(D::Error::custom)).transpose()
}

/// A quality question.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QualityQuestion)]
pub(super) struct QuestionBody {
    /// What is asked.
    #[schema(max_length = 300)]
    text: String,
    /// What a good answer shows.
    #[schema(max_length = 1000)]
    criteria: String,
    /// Its weight in percent; all weights sum to 100.
    #[serde(deserialize_with = "percent")]
    #[schema(minimum = 1, maximum = 100)]
    weight: u8,
}

/// Floor and ceiling of a part of the weekly price.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PriceLimits)]
pub(super) struct BandBody {
    /// The part.
    part: code::PricePart,
    /// The lowest price of a week.
    floor_pence: i64,
    /// The highest.
    ceiling_pence: i64,
}

/// The price template of a lot.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LotTemplate)]
pub(super) struct TemplateBody {
    /// The lot's code.
    lot: String,
    /// The parts that are priced.
    bands: Vec<BandBody>,
    /// What the price includes.
    #[schema(max_length = 1000)]
    includes: String,
}

/// The least cover of an insurance.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InsuranceAsked)]
pub(super) struct InsuranceAskedBody {
    /// Which.
    kind: code::InsuranceKind,
    /// The least cover of each claim.
    least_pence: i64,
}

/// What is planned of an opening.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpeningPlan)]
pub(super) struct PlanBody {
    /// What it is called.
    title: String,
    /// Why the arrangement opens outside its yearly window; null in it.
    reason: Option<String>,
    /// From when applications are taken, by the clock in London.
    #[schema(value_type = String, example = "2021-09-24T12:00:00")]
    opens: DateTime,
    /// The deadline, to the second.
    #[schema(value_type = String, example = "2021-09-24T12:00:00")]
    closes: DateTime,
    /// Until when questions are taken.
    #[schema(value_type = String, example = "2021-09-24T12:00:00")]
    questions_until: DateTime,
    /// The quality questions, at most 8.
    quality: Vec<QuestionBody>,
    /// The lowest score, of 5, that passes.
    #[serde(deserialize_with = "given_score")]
    #[schema(maximum = 5)]
    least: u8,
    /// The share of quality in the total, in percent.
    #[serde(deserialize_with = "percent")]
    quality_share: u8,
    /// The total that a lot needs, of 100.
    #[serde(deserialize_with = "percent")]
    pass_mark: u8,
    /// The lots that open.
    templates: Vec<TemplateBody>,
    /// Insurances that are asked for.
    insurances: Vec<InsuranceAskedBody>,
    /// Days of standstill. It has at least eight working days, however few these are.
    #[schema(minimum = 10, maximum = 60)]
    #[serde(deserialize_with = "count")]
    standstill_days: u8,
    /// For how many months an evaluation holds.
    #[serde(deserialize_with = "count")]
    validity_months: u8,
}

impl PlanBody {
    pub(super) fn plan(self) -> OpeningPlan {
        let question = |(at, one): (usize, QuestionBody)| Question {
            code: format!("q{}", at + 1),
            text: one.text,
            criteria: one.criteria,
            weight: one.weight,
        };
        let band =
            |one: BandBody| Band { part: one.part.0, floor: Pence(one.floor_pence), ceiling: Pence(one.ceiling_pence) };
        let template = |one: TemplateBody| LotTemplate {
            lot: one.lot,
            bands: one.bands.into_iter().map(band).collect(),
            includes: one.includes,
        };
        OpeningPlan {
            title: self.title,
            kind: self.reason.map_or(OpeningKind::Yearly, |reason| OpeningKind::ByLead { reason }),
            opens: self.opens,
            closes: self.closes,
            questions_until: self.questions_until,
            criteria: Criteria {
                quality: self.quality.into_iter().enumerate().map(question).collect(),
                scale: 5,
                least: self.least,
                quality_share: self.quality_share,
                pass_mark: self.pass_mark,
                templates: self.templates.into_iter().map(template).collect(),
                insurances: self.insurances.into_iter().map(|one| (one.kind.0, Pence(one.least_pence))).collect(),
                standstill_days: self.standstill_days,
                validity_months: self.validity_months,
            },
        }
    }
}

/// An insurance that is held.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InsuranceHeld)]
pub(super) struct InsuranceBody {
    /// Which.
    kind: code::InsuranceKind,
    /// The cover of each claim.
    cover_pence: i64,
    /// The last day of cover.
    expires: Date,
    /// The policy's number.
    number: String,
}

/// The answers to the selection questions.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SelectionAnswers)]
pub(super) struct SelectionBody {
    /// The registered name of the legal entity.
    #[schema(max_length = 200)]
    legal_name: String,
    /// Its company or charity number.
    #[schema(max_length = 20)]
    company_number: String,
    /// The insurances.
    insurances: Vec<InsuranceBody>,
    /// To which day the latest accounts were made.
    accounts_to: Option<Date>,
    /// The turnover of that year.
    turnover_pence: Option<i64>,
    /// The accounts say that the business goes on.
    going_concern: Option<bool>,
    /// A ground for exclusion applies.
    excluded: Option<bool>,
    /// It stands on a debarment list.
    debarred: Option<bool>,
    /// Everybody is recruited by Schedule 2 of the Children's Homes Regulations.
    recruitment: Option<bool>,
    /// When the safeguarding policy was last reviewed.
    safeguarding_on: Option<Date>,
    /// The number of the registration with the Information Commissioner.
    #[schema(max_length = 30)]
    data_protection: String,
    /// Its last day.
    data_protection_until: Option<Date>,
}

impl SelectionBody {
    pub(super) fn part(self) -> Part {
        let insurance = |one: InsuranceBody| Insurance {
            kind: one.kind.0,
            cover: Pence(one.cover_pence),
            expires: one.expires,
            number: one.number,
        };
        let answers = Selection {
            legal_name: self.legal_name,
            company_number: self.company_number.to_uppercase(),
            insurances: self.insurances.into_iter().map(insurance).collect(),
            accounts_to: self.accounts_to,
            turnover: self.turnover_pence.map(Pence),
            going_concern: self.going_concern,
            excluded: self.excluded,
            debarred: self.debarred,
            recruitment: self.recruitment,
            safeguarding_on: self.safeguarding_on,
            data_protection: self.data_protection,
            data_protection_until: self.data_protection_until,
        };
        Part::Selection { answers: Box::new(answers) }
    }
}

/// An answer to a quality question.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QualityAnswer)]
pub(super) struct AnswerBody {
    /// The question's code, such as `q1`.
    question: String,
    /// The answer.
    #[schema(max_length = 6000)]
    answer: String,
}

/// The answers to the quality questions.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QualityAnswers)]
pub(super) struct QualityBody {
    /// The answers.
    answers: Vec<AnswerBody>,
}

impl QualityBody {
    pub(super) fn part(self) -> Part {
        let answers = self.answers.into_iter().map(|one| (one.question, one.answer)).collect();
        Part::Quality { answers }
    }
}

/// The weekly price of a part.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PartPrice)]
pub(super) struct PriceBody {
    /// The part.
    part: code::PricePart,
    /// The price of a week.
    weekly_pence: i64,
}

/// A lot that is applied for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LotApplied)]
pub(super) struct LotBody {
    /// The homes, by Ofsted's numbers; none takes the lot out.
    homes: Vec<String>,
    /// The price of a week, part by part.
    prices: Vec<PriceBody>,
}

impl LotBody {
    pub(super) fn part(self, lot: String) -> Result<Part, Invalid> {
        let mut homes = Vec::new();
        for urn in &self.homes {
            let read = urn.parse();
            homes.push(read.map_err(|_| Invalid::one("homes", format!("{urn} is not an Ofsted number")))?);
        }
        let price = |one: PriceBody| PartPrice { part: one.part.0, weekly: Pence(one.weekly_pence) };
        let prices = self.prices.into_iter().map(price).collect();
        Ok(Part::Lot { applied: LotApplied { lot, homes, prices } })
    }
}
