//! The forms of an admission read into commands: an opening's plan, a declaration, quality answers, a lot, scores.

use jiff::civil::DateTime;
use placewell_app::homes::admission::evaluating::{ConsensusSaid, GateVerdict};
use placewell_domain::homes::admission::application::{LONGEST_ANSWER, LotApplied, Part};
use placewell_domain::homes::admission::criteria::{
    Band, Criteria, InsuranceKind, LotTemplate, PartPrice, PricePart, Question,
};
use placewell_domain::homes::admission::evaluation::{Condition, ConditionSaid, LONGEST_CONDITION};
use placewell_domain::homes::admission::opening::{OpeningKind, OpeningPlan};
use placewell_domain::homes::admission::score::{LONGEST_COMMENT, Mark};
use placewell_domain::homes::admission::selection::{Insurance, Selection};
use placewell_domain::homes::admission::standstill;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;
use placewell_pages::homes::admission::opening::QUESTIONS;

use crate::fields::Fields;

/// The highest score of a question.
const SCALE: u8 = 5;

fn small(fields: &Fields, name: &str, most: i64, ask: &str, invalid: &mut Invalid) -> u8 {
    fields.number(name, 0..=most, ask, invalid).and_then(|number| u8::try_from(number).ok()).unwrap_or_default()
}

fn questions(fields: &Fields, invalid: &mut Invalid) -> Vec<Question> {
    let mut asked = Vec::new();
    for at in 1..=QUESTIONS {
        let name = |part: &str| format!("q{at}_{part}");
        if fields.filled(&name("text")).is_none() && fields.filled(&name("weight")).is_none() {
            continue;
        }
        asked.push(Question {
            code: format!("q{at}"),
            text: fields.text(&name("text"), 300, "Enter the question", invalid),
            criteria: fields.text(&name("criteria"), 1_000, "Enter what a good answer shows", invalid),
            weight: small(fields, &name("weight"), 100, "Enter the weight in percent", invalid),
        });
    }
    asked
}

fn template(fields: &Fields, lot: &str, invalid: &mut Invalid) -> LotTemplate {
    let mut bands = Vec::new();
    for part in PricePart::ALL {
        let name = |end: &str| format!("{lot}_{}_{end}", part.code());
        let ask = "Enter the price of a week in pounds, like 4150";
        let floor = fields.optional_pence(&name("floor"), ask, invalid);
        let ceiling = fields.optional_pence(&name("ceiling"), ask, invalid);
        match (floor, ceiling) {
            (None, None) => {}
            (Some(floor), Some(ceiling)) => bands.push(Band { part: *part, floor, ceiling }),
            (None, Some(_)) => invalid.add(&name("floor"), "Enter the floor of this part too"),
            (Some(_), None) => invalid.add(&name("ceiling"), "Enter the ceiling of this part too"),
        }
    }
    let includes = fields.optional_text(&format!("{lot}_includes"), 1_000, invalid);
    LotTemplate { lot: lot.to_owned(), bands, includes }
}

/// The plan of an opening.
pub(crate) fn plan(fields: &Fields) -> Result<OpeningPlan, Invalid> {
    let mut invalid = Invalid::default();
    let title = fields.text("title", 200, "Enter what the opening is called", &mut invalid);
    let kind = match fields.get("kind") {
        "yearly" => Some(OpeningKind::Yearly),
        "by_lead" => Some(OpeningKind::ByLead { reason: fields.optional_text("reason", 500, &mut invalid) }),
        _ => None,
    };
    if kind.is_none() {
        invalid.add("kind", "Select why the arrangement opens");
    }
    let mut moment = |name: &str, ask: &str| -> Option<DateTime> { fields.date_and_time(name, ask, &mut invalid) };
    let opens = moment("opens", "Enter the day on which it opens");
    let questions_until = moment("questions_until", "Enter until when questions are taken");
    let closes = moment("closes", "Enter the day of the deadline");
    let quality = questions(fields, &mut invalid);
    let lots: Vec<String> = fields.all("lots").map(str::to_owned).collect();
    let templates = lots.iter().map(|lot| template(fields, lot, &mut invalid)).collect();
    let mut insurances = Vec::new();
    for kind in InsuranceKind::ALL {
        let name = format!("insurance_{}", kind.code());
        if let Some(least) = fields.optional_pence(&name, "Enter the least cover in pounds", &mut invalid) {
            insurances.push((*kind, least));
        }
    }
    let criteria = Criteria {
        quality,
        scale: SCALE,
        least: small(fields, "least", 5, "Enter the lowest score that passes, 0 to 5", &mut invalid),
        quality_share: small(fields, "quality_share", 100, "Enter the share of quality, 0 to 100", &mut invalid),
        pass_mark: small(fields, "pass_mark", 100, "Enter the total that a lot needs, 0 to 100", &mut invalid),
        templates,
        insurances,
        standstill_days: small(
            fields,
            "standstill_days",
            i64::from(standstill::MOST_DAYS),
            standstill::ASK,
            &mut invalid,
        ),
        validity_months: small(fields, "validity_months", 120, "Enter the months, 1 to 120", &mut invalid),
    };
    // What else is wrong with the criteria shows beside what could not be read, so that all is said at once.
    if let Err(more) = criteria.check() {
        let known: Vec<String> = invalid.errors.iter().map(|error| error.field.clone()).collect();
        invalid.errors.extend(more.errors.into_iter().filter(|error| !known.contains(&error.field)));
    }
    match (kind, opens, closes, questions_until) {
        (Some(kind), Some(opens), Some(closes), Some(questions_until)) => {
            invalid.or(OpeningPlan { title, kind, opens, closes, questions_until, criteria })
        }
        _ => Err(invalid),
    }
}

fn yes_no(fields: &Fields, name: &str) -> Option<bool> {
    match fields.get(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// The declaration: what is left empty may be filled in later.
pub(crate) fn selection(fields: &Fields) -> Result<Part, Invalid> {
    let mut invalid = Invalid::default();
    let mut insurances = Vec::new();
    for kind in InsuranceKind::ALL {
        let name = format!("insurance_{}", kind.code());
        let cover = fields.optional_pence(&name, "Enter the cover in pounds, like 5000000", &mut invalid);
        let ask = "Enter the last day of cover, like 31 3 2022";
        let expires = fields.optional_date(&format!("{name}_expires"), ask, &mut invalid);
        let number = fields.optional_text(&format!("{name}_number"), 60, &mut invalid);
        match (cover, expires) {
            (Some(cover), Some(expires)) => insurances.push(Insurance { kind: *kind, cover, expires, number }),
            (Some(_), None) => invalid.add(&format!("{name}_expires"), ask),
            (None, Some(_)) => invalid.add(&name, "Enter the cover in pounds, like 5000000"),
            (None, None) => {}
        }
    }
    let answers = Selection {
        legal_name: fields.optional_text("legal_name", 200, &mut invalid),
        company_number: fields.optional_text("company_number", 20, &mut invalid).to_uppercase(),
        insurances,
        accounts_to: fields.optional_date("accounts_to", "Enter the day, like 31 3 2021", &mut invalid),
        turnover: fields.optional_pence("turnover", "Enter the turnover in pounds, like 2400000", &mut invalid),
        going_concern: yes_no(fields, "going_concern"),
        excluded: yes_no(fields, "excluded"),
        debarred: yes_no(fields, "debarred"),
        recruitment: yes_no(fields, "recruitment"),
        safeguarding_on: fields.optional_date("safeguarding_on", "Enter the day, like 4 1 2021", &mut invalid),
        data_protection: fields.optional_text("data_protection", 30, &mut invalid),
        data_protection_until: fields.optional_date(
            "data_protection_until",
            "Enter the day, like 1 5 2022",
            &mut invalid,
        ),
    };
    invalid.or(Part::Selection { answers: Box::new(answers) })
}

/// The quality answers.
pub(crate) fn quality(fields: &Fields, criteria: &Criteria) -> Result<Part, Invalid> {
    let mut invalid = Invalid::default();
    let answers = criteria
        .quality
        .iter()
        .map(|question| (question.code.clone(), fields.optional_text(&question.code, LONGEST_ANSWER, &mut invalid)))
        .collect();
    invalid.or(Part::Quality { answers })
}

/// A lot.
pub(crate) fn lot(fields: &Fields, lot: &str) -> Result<Part, Invalid> {
    let mut invalid = Invalid::default();
    let name = format!("{lot}_homes");
    let mut homes = Vec::new();
    for urn in fields.all(&name) {
        match urn.parse() {
            Ok(urn) => homes.push(urn),
            Err(_) => invalid.add(&name, "Select homes of the list"),
        }
    }
    let mut prices = Vec::new();
    for part in PricePart::ALL {
        let name = format!("{lot}_{}", part.code());
        let weekly: Option<Pence> =
            fields.optional_pence(&name, "Enter the price of a week in pounds, like 4150", &mut invalid);
        prices.extend(weekly.map(|weekly| PartPrice { part: *part, weekly }));
    }
    invalid.or(Part::Lot { applied: LotApplied { lot: lot.to_owned(), homes, prices } })
}

/// Scores with comments.
pub(crate) fn marks(fields: &Fields, criteria: &Criteria) -> Result<Vec<Mark>, Invalid> {
    let mut invalid = Invalid::default();
    let mut marks = Vec::new();
    for question in &criteria.quality {
        let (score, comment) = (format!("{}_score", question.code), format!("{}_comment", question.code));
        let typed = fields.filled(&score);
        let given = typed.and_then(|text| text.parse::<u8>().ok()).filter(|given| *given <= criteria.scale);
        if typed.is_some() && given.is_none() {
            invalid.add(&score, format!("Give a score from 0 to {}", criteria.scale));
        }
        marks.push(Mark {
            question: question.code.clone(),
            score: given,
            comment: fields.optional_text(&comment, LONGEST_COMMENT, &mut invalid),
        });
    }
    invalid.or(marks)
}

/// What an admission is recommended under, where something was typed.
fn condition(fields: &Fields, invalid: &mut Invalid) -> Option<Condition> {
    let words = fields.optional_text("condition", LONGEST_CONDITION, invalid);
    if words.is_empty() {
        if fields.date_parts("condition_by").iter().any(|part| !part.is_empty()) {
            invalid.add("condition", "Say what is to be done by that day");
        }
        return None;
    }
    let by = fields.date("condition_by", "Enter by when the condition is met, like 1 12 2021", invalid)?;
    Some(Condition::asked(words, by))
}

/// What came of the condition of an admission.
pub(crate) fn condition_said(fields: &Fields) -> Result<ConditionSaid, Invalid> {
    let mut invalid = Invalid::default();
    let said = |text: &str| match text {
        "met" => Some(true),
        "not_met" => Some(false),
        _ => None,
    };
    let met = fields.choice("came_of", said, "Select what came of the condition", &mut invalid);
    // In the order of the fields; the day is asked only of what was met.
    let on = match met {
        Some(false) => None,
        Some(true) | None => fields.date("on", "Enter the day on which it was met, like 20 10 2021", &mut invalid),
    };
    let words = fields.text("words", 2_000, "Say what shows it, or why it was not met", &mut invalid);
    match (met, on) {
        (Some(false), _) => invalid.or(ConditionSaid::NotMet { reason: words }),
        (_, Some(on)) => invalid.or(ConditionSaid::Met { on, evidence: words }),
        (_, None) => Err(invalid),
    }
}

/// The consensus on what is asked, the recommendation in words, and its condition.
pub(crate) fn consensus(
    fields: &Fields,
    asked: &[Question],
    scale: u8,
) -> Result<(Vec<ConsensusSaid>, String, Option<Condition>), Invalid> {
    let mut invalid = Invalid::default();
    let mut said = Vec::new();
    for question in asked {
        let (score, reason) = (format!("{}_score", question.code), format!("{}_reason", question.code));
        let ask = format!("Give a score from 0 to {scale}");
        let found = fields.number(&score, 0..=i64::from(scale), &ask, &mut invalid);
        let reason = fields.optional_text(&reason, LONGEST_COMMENT, &mut invalid);
        if let Some(score) = found.and_then(|score| u8::try_from(score).ok()) {
            said.push(ConsensusSaid { question: question.code.clone(), score, reason });
        }
    }
    let words = fields.text("words", 2_000, "Say what is recommended and why", &mut invalid);
    let condition = condition(fields, &mut invalid);
    invalid.or((said, words, condition))
}

/// What is judged of each gate and home: every field that has one for its words. None is judged by saying nothing.
pub(crate) fn verdicts(fields: &Fields) -> Result<Vec<GateVerdict>, Invalid> {
    let (mut invalid, mut verdicts) = (Invalid::default(), Vec::new());
    for code in fields.pairs().iter().filter_map(|(name, _)| name.strip_suffix("_words")) {
        let passed = match fields.get(code) {
            "yes" => true,
            "no" => false,
            _ => {
                invalid.add(code, "Select whether it passes or fails");
                continue;
            }
        };
        let words = fields.get(&format!("{code}_words")).to_owned();
        verdicts.push(GateVerdict { code: code.to_owned(), passed, words });
    }
    invalid.or(verdicts)
}
