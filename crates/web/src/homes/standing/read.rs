//! What the forms of standing say, read for pages and API alike.

use jiff::civil::DateTime;
use placewell_app::homes::standing::{About, DropMeasure, ProposeMeasure, RecordReview, Reinstate};
use placewell_domain::homes::standing::measure::{DropReason, Reinstatement};
use placewell_domain::homes::standing::review::{ReviewOutcome, Reviewed, SeenBy};
use placewell_domain::homes::standing::{Standing, StandingReason};
use placewell_domain::outcome::Invalid;

use crate::fields::Fields;
use crate::homes::admission::read::read_at;

/// Propose a measure.
pub(crate) fn propose(fields: &Fields) -> Result<ProposeMeasure, Invalid> {
    let mut invalid = Invalid::default();
    let code = fields.text("code", 100, "Enter the home's Ofsted number or the provider's code", &mut invalid);
    let about = |text: &str| match text {
        "home" => Some(About::Home(code.clone())),
        "provider" => Some(About::Provider(code.clone())),
        _ => None,
    };
    let about = fields.choice("about", about, "Select whom it is about", &mut invalid);
    let standing = fields.choice("standing", Standing::from_code, "Select how it would stand", &mut invalid);
    let reason = fields.choice("reason", StandingReason::from_code, "Select why", &mut invalid);
    let dated = fields.date("dated", "Enter the day of the judgement or notice, like 13 9 2021", &mut invalid);
    let lot = Some(fields.optional_text("lot", 100, &mut invalid)).filter(|lot| !lot.is_empty());
    let (link, elsewhere) = read_at(fields, &mut invalid);
    match (about, standing, reason, dated) {
        (Some(about), Some(standing), Some(reason), Some(dated)) => {
            invalid.or(ProposeMeasure { about, lot, standing, reason, link, elsewhere, dated })
        }
        _ => Err(invalid),
    }
}

/// Drop a measure.
pub(crate) fn dropped((measure, version): (i64, i64), fields: &Fields) -> Result<DropMeasure, Invalid> {
    let mut invalid = Invalid::default();
    match fields.choice("reason", DropReason::from_code, "Select why it is dropped", &mut invalid) {
        Some(reason) => invalid.or(DropMeasure { measure, version, reason }),
        None => Err(invalid),
    }
}

/// End a measure.
pub(crate) fn reinstate((measure, version): (i64, i64), fields: &Fields) -> Result<Reinstate, Invalid> {
    let mut invalid = Invalid::default();
    let evidence = fields.choice("evidence", Reinstatement::from_code, "Select what shows it", &mut invalid);
    let (link, _) = read_at(fields, &mut invalid);
    match evidence {
        Some(evidence) => invalid.or(Reinstate { measure, version, evidence, link }),
        None => Err(invalid),
    }
}

/// Record a review.
pub(crate) fn review((review, version): (i64, i64), fields: &Fields) -> Result<RecordReview, Invalid> {
    let mut invalid = Invalid::default();
    let on = fields.date("on", "Enter the day of the review, like 14 9 2021", &mut invalid);
    let seen = fields.choice("seen", SeenBy::from_code, "Select how the child was seen", &mut invalid);
    let outcome = fields.choice("outcome", ReviewOutcome::from_code, "Select what was found", &mut invalid);
    let again = fields.optional_date("again", "Enter when it is looked at again, like 28 9 2021", &mut invalid);
    match (on, seen, outcome) {
        (Some(on), Some(seen), Some(outcome)) => {
            invalid.or(RecordReview { review, version, found: Reviewed { on, outcome, seen, again } })
        }
        _ => Err(invalid),
    }
}

/// A past day, and as it was known at which time: none where nothing is asked.
pub(crate) fn past(fields: &Fields) -> Result<Option<(jiff::civil::Date, Option<DateTime>)>, Invalid> {
    let mut invalid = Invalid::default();
    let day = fields.optional_date("on", "Enter the day that you ask about, like 20 8 2021", &mut invalid);
    let known = fields.optional_date("known", "Enter the day on which it was known, like 20 8 2021", &mut invalid);
    let time = match fields.filled("known_time") {
        Some(_) => fields.time("known_time", "Enter a time, like 10:20", &mut invalid),
        None => Some(jiff::civil::time(23, 59, 59, 0)),
    };
    let known = known.and_then(|known| Some(known.to_datetime(time?)));
    invalid.or(day.map(|day| (day, known)))
}
