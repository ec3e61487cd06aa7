//! What the forms of prices say.

use jiff::civil::{Date, DateTime};
use placewell_app::homes::price::uplift::{AskUplift, DecideUplift, RevokeUplift};
use placewell_domain::homes::price::LineKind;
use placewell_domain::homes::price::formula::Percent;
use placewell_domain::homes::price::uplift::{CostKind, CostLine, Ruling, UpliftBasis, UpliftOutcome};
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;

use crate::fields::Fields;

/// The longest words of a request or a decision.
const LONGEST: usize = 2_000;

/// A night, and at the end of which day its price was known: none where nothing is asked.
pub(crate) fn night(fields: &Fields) -> Result<Option<(Date, Option<DateTime>)>, Invalid> {
    let mut invalid = Invalid::default();
    let night = fields.optional_date("on", "Enter the night that you ask about, like 20 8 2021", &mut invalid);
    let known = fields.optional_date("known", "Enter the day on which it was known, like 20 8 2021", &mut invalid);
    invalid.or(night.map(|night| (night, known.map(|day| day.at(23, 59, 59, 0)))))
}

/// A line of costs; none where neither amount was typed.
fn cost(kind: CostKind, fields: &Fields, invalid: &mut Invalid) -> Option<CostLine> {
    let (was, now) = (format!("{}_was", kind.code()), format!("{}_now", kind.code()));
    if fields.filled(&was).is_none() && fields.filled(&now).is_none() {
        return None;
    }
    let was = fields.pence(&was, "Enter what a week cost, like 2400", invalid);
    let now = fields.pence(&now, "Enter what a week costs from then on, like 2560", invalid);
    Some(CostLine { kind, was: was?, now: now? })
}

/// Ask for a rise.
pub(crate) fn ask(fields: &Fields) -> Result<AskUplift, Invalid> {
    let mut invalid = Invalid::default();
    let price = |text: &str| {
        let mut parts = text.split(' ');
        let (urn, lot, line) = (parts.next()?, parts.next()?, LineKind::from_code(parts.next()?)?);
        Some((urn.to_owned(), lot.to_owned(), line))
    };
    let price = fields.choice("price", price, "Select which price", &mut invalid);
    let basis = fields.choice("basis", UpliftBasis::from_code, "Select on what it rests", &mut invalid);
    let from = fields.date("from", "Enter the first night, like 1 11 2021", &mut invalid);
    let (mut percent, mut weekly, mut costs) = (None::<Percent>, None::<Pence>, Vec::new());
    match basis {
        Some(UpliftBasis::Formula) => {
            let ask = "Enter a percentage from 0.01 to 100, like 1.5";
            percent = fields.choice("percent", Percent::read, ask, &mut invalid);
        }
        Some(UpliftBasis::OpenBook) => {
            let ask = "Enter the price of a week that you ask for, like 4250";
            weekly = fields.pence("weekly", ask, &mut invalid);
            costs = CostKind::ALL.iter().filter_map(|kind| cost(*kind, fields, &mut invalid)).collect();
        }
        None => {}
    }
    let words = fields.optional_text("words", LONGEST, &mut invalid);
    match (price, basis, from) {
        (Some((urn, lot, line)), Some(basis), Some(from)) => {
            invalid.or(AskUplift { urn, lot, line, basis, percent, weekly, from, words, costs })
        }
        _ => Err(invalid),
    }
}

/// Decide a request, or answer an appeal.
pub(crate) fn decide((uplift, version): (i64, i64), fields: &Fields) -> Result<DecideUplift, Invalid> {
    let mut invalid = Invalid::default();
    let outcome = fields.choice("outcome", UpliftOutcome::from_code, "Select what is decided", &mut invalid);
    let weekly = fields.optional_pence("weekly", "Enter the price of a week, like 4230", &mut invalid);
    let from = fields.optional_date("from", "Enter the first night, like 1 11 2021", &mut invalid);
    let reasons = fields.optional_text("reasons", LONGEST, &mut invalid);
    match outcome {
        Some(outcome) => {
            invalid.or(DecideUplift { uplift, version, ruling: Ruling { outcome, weekly, from, reasons } })
        }
        None => Err(invalid),
    }
}

/// Take back what was granted.
pub(crate) fn revoke((uplift, version): (i64, i64), fields: &Fields) -> Result<RevokeUplift, Invalid> {
    let mut invalid = Invalid::default();
    let reasons = fields.text("reasons", LONGEST, "Say why it is taken back: the provider reads it", &mut invalid);
    invalid.or(RevokeUplift { uplift, version, reasons })
}
