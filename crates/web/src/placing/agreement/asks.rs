//! Reading the forms of who pays a line, of step-down reviews and of what a provider asks for, and their words.

use placewell_app::placing::agreement::{
    AgreementView, AskChange, ConfirmDecision, DeclineAsked, ReviewSupport, ShareLine,
};
use placewell_app::{Outcome, Receipt};
use placewell_domain::homes::price::FunderShares;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::{
    AskAnswer, AskKind, Asked, DeclineReason, EndReason, StepDown, SupportOutcome, Wanted,
};
use placewell_pages::placing::agreement::Acting;
use placewell_pages::words;

use super::changes::{self, decided, quarters};
use crate::fields::Fields;
use crate::request::Signed;

/// What can be asked for, and how a review can end.
pub(super) fn kinds(acting: Acting) -> Vec<(String, String)> {
    let pair = |code: &str, label: &str| (code.to_owned(), label.to_owned());
    match acting {
        Acting::StepDown => StepDown::ALL.iter().map(|kind| pair(kind.code(), kind.label())).collect(),
        Acting::Ask => AskKind::ALL.iter().map(|kind| pair(kind.code(), kind.label())).collect(),
        _ => Vec::new(),
    }
}

/// The acts that change or complete what the agreement says, or answer somebody.
pub(super) async fn perform(
    signed: &Signed,
    key: &str,
    reference: &str,
    acting: Acting,
    fields: &Fields,
) -> Result<Receipt, Outcome> {
    match acting {
        Acting::Particulars => changes::particulars(signed, key, reference, fields).await,
        Acting::Support => changes::support(signed, key, reference, fields).await,
        Acting::Price => changes::price(signed, key, reference, fields).await,
        Acting::Ground => changes::ground(signed, key, reference, fields).await,
        Acting::PutRight => changes::put_right(signed, key, reference, fields).await,
        Acting::Condition => changes::condition(signed, key, reference, fields).await,
        Acting::Share => share(signed, key, reference, fields).await,
        Acting::StepDown => step_down(signed, key, reference, fields).await,
        Acting::Ask => ask(signed, key, reference, fields).await,
        Acting::Decline => decline(signed, key, reference, fields).await,
        Acting::Confirm => confirm(signed, key, reference, fields).await,
        _ => Err(Outcome::NotFound),
    }
}

async fn confirm(signed: &Signed, key: &str, reference: &str, fields: &Fields) -> Result<Receipt, Outcome> {
    let mut invalid = Invalid::default();
    let made = fields.choice("made", |text| text.parse().ok(), "Choose the decision", &mut invalid);
    let Some(made) = made else { return Err(invalid.into()) };
    let command = ConfirmDecision { reference: reference.to_owned(), version: fields.version(), made };
    signed.app().perform(&signed.actor, key, command).await
}

async fn share(signed: &Signed, key: &str, reference: &str, fields: &Fields) -> Result<Receipt, Outcome> {
    let mut invalid = Invalid::default();
    let line = fields.choice("line", |text| text.parse().ok(), "Choose the line", &mut invalid);
    let mut part = |name: &str| fields.number(name, 0..=100, "Enter hundredths from 0 to 100", &mut invalid);
    let parts = (part("authority_share"), part("education_share"), part("health_share"));
    let agreed = fields.choice("agreed", yes_or_no, "Say whether the split is agreed", &mut invalid);
    let (Some(line), (Some(authority), Some(education), Some(health)), Some(agreed)) = (line, parts, agreed) else {
        return Err(invalid.into());
    };
    let small = |part| u16::try_from(part).unwrap_or_default();
    let shares =
        FunderShares { authority: small(authority), education: small(education), health: small(health), agreed };
    let command = ShareLine { reference: reference.to_owned(), version: fields.version(), line, shares };
    signed.app().perform(&signed.actor, key, command).await
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

async fn step_down(signed: &Signed, key: &str, reference: &str, fields: &Fields) -> Result<Receipt, Outcome> {
    let mut invalid = Invalid::default();
    let line = fields.choice("line", |text| text.parse().ok(), "Choose the support", &mut invalid);
    let outcome = fields.choice("outcome", StepDown::from_code, "Choose how the review ends", &mut invalid);
    let outcome = outcome.and_then(|outcome| read_outcome(outcome, fields, &mut invalid));
    let by = decided(signed, fields, &mut invalid);
    let (Some(line), Some(outcome), Some(decided_by)) = (line, outcome, by) else { return Err(invalid.into()) };
    let command =
        ReviewSupport { reference: reference.to_owned(), version: fields.version(), line, outcome, decided_by };
    signed.app().perform(&signed.actor, key, command).await
}

fn read_outcome(outcome: StepDown, fields: &Fields, invalid: &mut Invalid) -> Option<SupportOutcome> {
    let from = |invalid: &mut Invalid| fields.date("from", "Enter the night, like 27 9 2021", invalid);
    let review = |invalid: &mut Invalid| fields.date("review_on", "Enter the next review, like 27 9 2021", invalid);
    match outcome {
        StepDown::Stop => Some(SupportOutcome::Stop { from: from(invalid)? }),
        StepDown::Down => {
            let (from, review_on) = (from(invalid), review(invalid));
            let hours = fields.choice("hours", quarters, "Enter hours a week in quarters, like 14", invalid);
            Some(SupportOutcome::Down { from: from?, quarter_hours: hours?, review_on: review_on? })
        }
        StepDown::Again => {
            let review_on = review(invalid);
            let to = fields.date("to", "Enter the new end, like 8 12 2021", invalid);
            Some(SupportOutcome::Again { to: to?, review_on: review_on? })
        }
    }
}

async fn ask(signed: &Signed, key: &str, reference: &str, fields: &Fields) -> Result<Receipt, Outcome> {
    let mut invalid = Invalid::default();
    let kind = fields.choice("asked", AskKind::from_code, "Choose what you report or ask for", &mut invalid);
    let on = fields.date("on", "Enter the day, like 27 9 2021", &mut invalid);
    let wanted = match (kind, on) {
        (Some(AskKind::End), on) => {
            let planned = fields.choice("planned", yes_or_no, "Say whether the end was planned", &mut invalid);
            let reason = fields.choice("reason", EndReason::from_code, "Choose why it ended", &mut invalid);
            on.zip(planned).zip(reason).map(|((on, planned), reason)| Wanted::End { on, planned, reason })
        }
        (Some(AskKind::Start), Some(on)) => Some(Wanted::Start { on }),
        (Some(AskKind::PlannedEnd), Some(to)) => Some(Wanted::PlannedEnd { to }),
        (Some(AskKind::Price), on) => {
            let line = fields.choice("line", |text| text.parse().ok(), "Choose the line", &mut invalid);
            let weekly = fields.pence("weekly", "Enter the price of a week, like 4150", &mut invalid);
            on.zip(line).zip(weekly).map(|((from, line), weekly)| Wanted::Price { line, from, weekly })
        }
        _ => None,
    };
    let Some(wanted) = wanted else { return Err(invalid.into()) };
    let command = AskChange { reference: reference.to_owned(), version: fields.version(), wanted };
    signed.app().perform(&signed.actor, key, command).await
}

async fn decline(signed: &Signed, key: &str, reference: &str, fields: &Fields) -> Result<Receipt, Outcome> {
    let mut invalid = Invalid::default();
    let number = fields.choice("number", |text| text.parse().ok(), "Choose what you decline", &mut invalid);
    let reason = fields.choice("reason", DeclineReason::from_code, "Choose why", &mut invalid);
    let (Some(number), Some(reason)) = (number, reason) else { return Err(invalid.into()) };
    let command = DeclineAsked { reference: reference.to_owned(), version: fields.version(), number, reason };
    signed.app().perform(&signed.actor, key, command).await
}

/// What was asked for, in words.
pub(super) fn wanted(asked: &Wanted) -> String {
    match asked {
        Wanted::Start { on } => {
            format!("Another start: {}. Up to 3 days later the approval holds; else ask for it again", words::date(*on))
        }
        Wanted::End { on, planned, reason } => {
            let planned = if *planned { "planned" } else { "unplanned" };
            format!("The child left on {}, {planned}: {}", words::date(*on), reason.label())
        }
        Wanted::PlannedEnd { to } => format!("Another planned end: {}", words::date(*to)),
        Wanted::Price { line, from, weekly } => {
            format!("Line {} at {} from {}", line + 1, words::a_week(*weekly), words::date(*from))
        }
    }
}

/// What the provider asked for, the latest first.
pub(super) fn asked(found: &AgreementView) -> Vec<(String, String, String, bool)> {
    let line = |asked: &Asked| {
        let answer = match &asked.answer {
            None => "Waits for the authority".to_owned(),
            Some(AskAnswer::Accepted { at }) => format!("Accepted, {}", words::moment(*at)),
            Some(AskAnswer::Declined { reason, at, .. }) => {
                format!("Declined, {}: {}", words::moment(*at), reason.label())
            }
        };
        (wanted(&asked.wanted), words::moment(asked.at), answer, asked.answer.is_none())
    };
    found.agreement.added.asked.iter().rev().map(line).collect()
}

/// What waits for an answer: its number and words.
pub(super) fn open(found: &AgreementView) -> Vec<(String, String)> {
    found.agreement.asked_open().map(|asked| (asked.number.to_string(), wanted(&asked.wanted))).collect()
}

/// Lines of support whose step-down review is not recorded.
pub(super) fn reviews(found: &AgreementView) -> Vec<(String, String)> {
    let lines = &found.agreement.terms.lines;
    let due = found.agreement.support_reviews();
    due.iter()
        .filter_map(|due| {
            let line = lines.get(due.line)?;
            let (review, ends) = (words::date(due.review_on), words::date(due.ends));
            Some((due.line.to_string(), format!("{}, review on {review}, stops on {ends}", line.label)))
        })
        .collect()
}
