//! What the forms of monitoring say, read for pages and API alike.

use placewell_app::homes::monitoring::{
    AskReturnAgain, CallOffVisit, CloseAlert, CloseConcern, CompleteAction, ConfirmWeek, CorrectWeek, FlagStrain, Met,
    OpenRound, PlanAction, PlanVisit, ProposeForConcern, RaiseConcern, RecordMeeting, RecordVisit, ReleaseSearch,
    SaveReturn, SendActionBack, SendReturn,
};
use placewell_app::naming::Confirmed;
use placewell_app::office::document::Brought;
use placewell_domain::homes::monitoring::concern::{ConcernOutcome, NewAction, Owner, Severity};
use placewell_domain::homes::monitoring::quality_return::{CorrectionReason, Filled};
use placewell_domain::homes::monitoring::stability::{ReleaseReason, StabilityOutcome, Strain, Support};
use placewell_domain::homes::monitoring::support::ShortfallReason;
use placewell_domain::homes::monitoring::template::Figure;
use placewell_domain::homes::monitoring::visit::{CalledOff, Finding, Level};
use placewell_domain::homes::monitoring::{LONGEST_WORDS, Theme};
use placewell_domain::homes::standing::Standing;
use placewell_domain::outcome::Invalid;

use crate::fields::Fields;

/// The most characters of what is said of a child.
const LONGEST: usize = 2_000;

/// Ask for a quarter's returns.
pub(crate) fn round(fields: &Fields) -> Result<OpenRound, Invalid> {
    let mut invalid = Invalid::default();
    let quarter = fields.date("quarter", "Enter the first day of a quarter, like 1 4 2021", &mut invalid);
    match quarter {
        Some(quarter) => invalid.or(OpenRound { quarter }),
        None => Err(invalid),
    }
}

/// The figures of a return; one that is left empty is left out.
fn filled(fields: &Fields, invalid: &mut Invalid) -> Filled {
    let mut filled = Filled { note: fields.optional_text("note", LONGEST_WORDS, invalid), ..Filled::default() };
    for figure in Figure::ALL {
        let below = format!("figures-{}", figure.code());
        let Some(text) = fields.filled(figure.code()).or_else(|| fields.filled(&below)) else { continue };
        match text.replace(',', "").parse() {
            Ok(value) => {
                filled.figures.insert(*figure, value);
            }
            Err(_) => invalid.add(figure.code(), "Enter a whole number; 0 where there was none"),
        }
    }
    filled
}

/// Save a return.
pub(crate) fn save((id, version): (i64, i64), fields: &Fields) -> Result<SaveReturn, Invalid> {
    let mut invalid = Invalid::default();
    let filled = filled(fields, &mut invalid);
    invalid.or(SaveReturn { id, version, filled })
}

/// Send a return.
pub(crate) fn send((id, version): (i64, i64), fields: &Fields) -> Result<Confirmed<SendReturn>, Invalid> {
    let mut invalid = Invalid::default();
    let filled = filled(fields, &mut invalid);
    let reason = match fields.filled("reason") {
        Some(_) => fields.choice("reason", CorrectionReason::from_code, "Select why it changed", &mut invalid),
        None => None,
    };
    invalid.or(fields.confirming(SendReturn { id, version, filled, reason }))
}

/// Ask again.
pub(crate) fn again((id, version): (i64, i64), fields: &Fields) -> Result<Confirmed<AskReturnAgain>, Invalid> {
    let mut invalid = Invalid::default();
    let figures = fields.all("figures").filter_map(Figure::from_code).collect();
    let words = fields.text("words", LONGEST_WORDS, "Enter what you ask", &mut invalid);
    invalid.or(fields.confirming(AskReturnAgain { id, version, figures, words }))
}

const URN: &str = "Enter the home's Ofsted number, like SC400001";

/// Plan a visit.
pub(crate) fn visit(fields: &Fields) -> Result<PlanVisit, Invalid> {
    let mut invalid = Invalid::default();
    let urn = fields.text("urn", 20, URN, &mut invalid);
    let on = fields.date("on", "Enter the day of the visit, like 20 9 2021", &mut invalid);
    let yes_no = |text: &str| match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let announced = fields.choice("announced", yes_no, "Select whether the home is told", &mut invalid);
    match (on, announced) {
        (Some(on), Some(announced)) => invalid.or(PlanVisit { urn, on, announced }),
        _ => Err(invalid),
    }
}

/// Record a visit, as the page's form says it: a level and words for each theme.
pub(crate) fn visited((id, version): (i64, i64), fields: &Fields) -> Result<Confirmed<RecordVisit>, Invalid> {
    let mut invalid = Invalid::default();
    let on = fields.date("on", "Enter the day of the visit, like 14 9 2021", &mut invalid);
    let mut findings = Vec::new();
    for theme in Theme::ALL {
        let (level, words) = (format!("level_{}", theme.code()), format!("words_{}", theme.code()));
        if fields.filled(&level).is_none() && fields.filled(&words).is_none() {
            continue;
        }
        let found = fields.choice(&level, Level::from_code, "Select how you found it", &mut invalid);
        let words = fields.optional_text(&words, LONGEST_WORDS, &mut invalid);
        if let Some(level) = found {
            findings.push(Finding { theme: *theme, level, words });
        }
    }
    match on {
        Some(on) => invalid.or(fields.confirming(RecordVisit { id, version, on, findings })),
        None => Err(invalid),
    }
}

/// Call a visit off.
pub(crate) fn called_off((id, version): (i64, i64), fields: &Fields) -> Result<CallOffVisit, Invalid> {
    let mut invalid = Invalid::default();
    match fields.choice("reason", CalledOff::from_code, "Select why it does not take place", &mut invalid) {
        Some(reason) => invalid.or(CallOffVisit { id, version, reason }),
        None => Err(invalid),
    }
}

/// Raise a concern.
pub(crate) fn concern(fields: &Fields) -> Result<Confirmed<RaiseConcern>, Invalid> {
    let mut invalid = Invalid::default();
    let urn = fields.text("urn", 20, URN, &mut invalid);
    let theme = fields.choice("theme", Theme::from_code, "Select what it is about", &mut invalid);
    let severity = fields.choice("severity", Severity::from_code, "Select how grave it is", &mut invalid);
    let words = fields.text("words", LONGEST_WORDS, "Enter what you are concerned about", &mut invalid);
    match (theme, severity) {
        (Some(theme), Some(severity)) => invalid.or(fields.confirming(RaiseConcern { urn, theme, severity, words })),
        _ => Err(invalid),
    }
}

/// Add an action to a plan.
pub(crate) fn action((id, version): (i64, i64), fields: &Fields) -> Result<Confirmed<PlanAction>, Invalid> {
    let mut invalid = Invalid::default();
    let what = fields.text("what", LONGEST_WORDS, "Enter what is done", &mut invalid);
    let owner = fields.choice("owner", Owner::from_code, "Select who does it", &mut invalid);
    let due = fields.date("due", "Enter by when, like 27 9 2021", &mut invalid);
    match (owner, due) {
        (Some(owner), Some(due)) => {
            invalid.or(fields.confirming(PlanAction { id, version, action: NewAction { what, owner, due } }))
        }
        _ => Err(invalid),
    }
}

fn number(fields: &Fields, invalid: &mut Invalid) -> Option<u32> {
    fields.choice("number", |text| text.parse().ok(), "Select an action of the plan", invalid)
}

/// Say that an action is done.
pub(crate) fn done(
    (id, version): (i64, i64),
    fields: &Fields,
    brought: Option<Brought>,
) -> Result<Confirmed<CompleteAction>, Invalid> {
    let mut invalid = Invalid::default();
    let number = number(fields, &mut invalid);
    let on = fields.date("on", "Enter the day on which it was done, like 20 9 2021", &mut invalid);
    let words = fields.text("words", LONGEST_WORDS, "Enter what was done", &mut invalid);
    match (number, on) {
        (Some(number), Some(on)) => {
            invalid.or(fields.confirming(CompleteAction { id, version, number, on, words, brought }))
        }
        _ => Err(invalid),
    }
}

/// Send an action back.
pub(crate) fn send_back((id, version): (i64, i64), fields: &Fields) -> Result<Confirmed<SendActionBack>, Invalid> {
    let mut invalid = Invalid::default();
    let number = number(fields, &mut invalid);
    let why = fields.text("why", LONGEST_WORDS, "Enter what is not enough", &mut invalid);
    match number {
        Some(number) => invalid.or(fields.confirming(SendActionBack { id, version, number, why })),
        None => Err(invalid),
    }
}

/// Close a concern.
pub(crate) fn close_concern((id, version): (i64, i64), fields: &Fields) -> Result<CloseConcern, Invalid> {
    let mut invalid = Invalid::default();
    match fields.choice("outcome", ConcernOutcome::from_code, "Select how it ends", &mut invalid) {
        Some(outcome) => invalid.or(CloseConcern { id, version, outcome }),
        None => Err(invalid),
    }
}

/// Propose a measure because of a concern.
pub(crate) fn measure(id: i64, fields: &Fields) -> Result<ProposeForConcern, Invalid> {
    let mut invalid = Invalid::default();
    match fields.choice("standing", Standing::from_code, "Select how the home would stand", &mut invalid) {
        Some(standing) => invalid.or(ProposeForConcern { id, standing }),
        None => Err(invalid),
    }
}

/// Hours as a person types them, in quarters of an hour: 17, 17.5, 17.25.
fn quarters(text: &str) -> Option<u32> {
    let (whole, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let part = match rest {
        "" | "0" | "00" => 0,
        "25" => 1,
        "5" | "50" => 2,
        "75" => 3,
        _ => return None,
    };
    whole.parse::<u32>().ok()?.checked_mul(4)?.checked_add(part)
}

fn delivered(fields: &Fields, invalid: &mut Invalid) -> (Option<u32>, Option<ShortfallReason>) {
    let ask = "Enter the hours in quarters of an hour, like 17.5";
    let hours = fields.choice("hours", quarters, ask, invalid);
    let reason = match fields.filled("reason") {
        Some(_) => fields.choice("reason", ShortfallReason::from_code, "Select why less was delivered", invalid),
        None => None,
    };
    (hours, reason)
}

/// Confirm a week.
pub(crate) fn week(fields: &Fields) -> Result<ConfirmWeek, Invalid> {
    let mut invalid = Invalid::default();
    let reference = fields.text("reference", 20, "Enter the agreement, like HEF-A-0007", &mut invalid);
    let label = fields.text("label", 200, "Enter what the line of the agreement is called", &mut invalid);
    let line_from = fields.date("line_from", "Enter the line's first night, like 6 9 2021", &mut invalid);
    let week = fields.date("week", "Enter the week's Monday, like 6 9 2021", &mut invalid);
    let (hours, reason) = delivered(fields, &mut invalid);
    match (line_from, week, hours) {
        (Some(line_from), Some(week), Some(quarters)) => {
            invalid.or(ConfirmWeek { reference, label, line_from, week, quarters, reason })
        }
        _ => Err(invalid),
    }
}

/// Correct a week.
pub(crate) fn correct((id, version): (i64, i64), fields: &Fields) -> Result<CorrectWeek, Invalid> {
    let mut invalid = Invalid::default();
    match delivered(fields, &mut invalid) {
        (Some(quarters), reason) => invalid.or(CorrectWeek { id, version, quarters, reason }),
        (None, _) => Err(invalid),
    }
}

/// Flag strain.
pub(crate) fn strain(reference: &str, fields: &Fields) -> Result<FlagStrain, Invalid> {
    let mut invalid = Invalid::default();
    let signs = fields.all("signs").filter_map(Strain::from_code).collect();
    let words = fields.text("words", LONGEST, "Enter what is happening, in your own words", &mut invalid);
    invalid.or(FlagStrain { reference: reference.to_owned(), signs, words })
}

/// Record a meeting.
pub(crate) fn met((id, version): (i64, i64), fields: &Fields) -> Result<Confirmed<RecordMeeting>, Invalid> {
    let mut invalid = Invalid::default();
    let on = fields.date("on", "Enter the day on which you met, like 14 9 2021", &mut invalid);
    let support = fields.all("support").filter_map(Support::from_code).collect();
    let words = fields.text("words", LONGEST, "Enter what was agreed", &mut invalid);
    let review_on = fields.date("review_on", "Enter when you look at it again, like 28 9 2021", &mut invalid);
    match (on, review_on) {
        (Some(on), Some(review_on)) => {
            invalid.or(fields.confirming(RecordMeeting { id, version, met: Met { on, support, review_on, words } }))
        }
        _ => Err(invalid),
    }
}

/// Release a search.
pub(crate) fn release((id, version): (i64, i64), fields: &Fields) -> Result<ReleaseSearch, Invalid> {
    let mut invalid = Invalid::default();
    match fields.choice("reason", ReleaseReason::from_code, "Select why the search goes out", &mut invalid) {
        Some(reason) => invalid.or(ReleaseSearch { id, version, reason }),
        None => Err(invalid),
    }
}

/// Close an alert.
pub(crate) fn close_alert((id, version): (i64, i64), fields: &Fields) -> Result<CloseAlert, Invalid> {
    let mut invalid = Invalid::default();
    match fields.choice("outcome", StabilityOutcome::from_code, "Select how it ended", &mut invalid) {
        Some(outcome) => invalid.or(CloseAlert { id, version, outcome }),
        None => Err(invalid),
    }
}

#[cfg(test)]
mod tests {
    use super::quarters;

    #[test]
    fn hours_are_read_in_quarters_of_an_hour() {
        assert_eq!(
            [quarters("17"), quarters("17.5"), quarters("0.25"), quarters("1.75")],
            [Some(68), Some(70), Some(1), Some(7)]
        );
        assert_eq!([quarters("17.3"), quarters("-1"), quarters(""), quarters("99999999999")], [None; 4]);
    }
}
