//! The form of an offer, read the same for a provider signed in, through a one-time link, and for an officer.

use jiff::civil::Date;
use placewell_domain::homes::home::NeedSet;
use placewell_domain::homes::price::{FunderShares, LineKind, PriceLine, SupportHours};
use placewell_domain::id::BedId;
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::AgeBand;
use placewell_domain::placing::offer::terms::Resident;
use placewell_domain::placing::offer::wording::Wording;
use placewell_domain::placing::offer::{
    LateReason, MOST_RESIDENTS, Met, MustHaveAnswer, OfferTerms, OfferWords, ResidentEffect,
};
use placewell_pages::form::Typed;
use placewell_pages::placing::offer::EXTRA_LINES;

use crate::fields::Fields;

/// The reason of a late offer, where one is given.
pub fn read_late_reason(fields: &Fields) -> Option<LateReason> {
    fields.filled("late_reason").and_then(LateReason::from_code)
}

/// What was typed into the form of an offer, with the saved sentence wherever none stands.
pub fn inserted(fields: &Fields, saved: &[Wording]) -> Typed {
    let mut pairs = fields.pairs().to_vec();
    for one in saved {
        let name = format!("how_{}", one.need.code());
        if fields.get(&name).trim().is_empty() {
            pairs.retain(|(known, _)| *known != name);
            pairs.push((name, one.words.clone()));
        }
    }
    Typed::new(pairs)
}

/// Terms and words of an offer; `None` where a needed field cannot be read, which `invalid` then says.
pub fn read_offer(fields: &Fields, must_haves: NeedSet, invalid: &mut Invalid) -> Option<(OfferTerms, OfferWords)> {
    let start = fields.date("start", "Enter the first night, like 27 9 2021", invalid);
    let core = fields.pence("core", "Enter the core price of a week, like 4,150", invalid);
    let valid = fields.date("valid", "Enter until when the offer is valid, like 24 9 2021", invalid);
    let time = match fields.filled("valid_time") {
        Some(_) => fields.time("valid_time", "Enter a time, like 5pm", invalid),
        None => jiff::civil::Time::new(17, 0, 0, 0).ok(),
    };
    let (start, core, valid_until) = (start?, core?, valid?.to_datetime(time?));
    let mut lines = vec![line(LineKind::Core, "Core price", core, start)];
    for number in 1..=EXTRA_LINES {
        lines.extend(extra(fields, number, start, invalid));
    }
    if let Some(education) = fields.optional_pence("education", "Enter the price of education, like 1,000", invalid) {
        let reason = fields.optional_text("education_reason", 500, invalid);
        lines.push(PriceLine { reason, ..line(LineKind::Education, "Registered education", education, start) });
    }
    let mut answers = Vec::new();
    let mut sentences = Vec::new();
    for need in must_haves.iter() {
        if let Some(met) = fields.filled(&format!("met_{}", need.code())).and_then(Met::from_code) {
            answers.push(MustHaveAnswer { need, met });
        }
        let how = fields.optional_text(&format!("how_{}", need.code()), 500, invalid);
        sentences.push((need, how));
    }
    let words = OfferWords {
        must_haves: sentences,
        impact: fields.optional_text("impact", 2_000, invalid),
        conditions: fields.optional_text("conditions", 1_000, invalid),
    };
    let terms = OfferTerms {
        bed: bed(fields, invalid),
        start,
        lines,
        must_haves: answers,
        solo: fields.get("solo") == "yes",
        keeps_school: match fields.get("keeps_school") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        residents: residents(fields, invalid),
        valid_until,
    };
    Some((terms, words))
}

/// The bed, where one is named; whether it is the home's and free, the offer itself asks.
fn bed(fields: &Fields, invalid: &mut Invalid) -> Option<BedId> {
    let bed = fields.filled("bed")?.parse().ok().map(BedId);
    if bed.is_none() {
        invalid.add("bed", "Choose one of the beds, or leave it undecided");
    }
    bed
}

fn line(kind: LineKind, label: &str, weekly: Pence, start: Date) -> PriceLine {
    PriceLine {
        kind,
        label: label.to_owned(),
        weekly,
        from: start,
        to: OPEN_END,
        origin: start,
        shares: FunderShares::AUTHORITY,
        support: None,
        reason: String::new(),
    }
}

/// One line of additional support; nothing where its label is empty.
fn extra(fields: &Fields, number: usize, start: Date, invalid: &mut Invalid) -> Option<PriceLine> {
    let name = |part: &str| format!("extra{number}_{part}");
    let label = fields.optional_text(&name("label"), 120, invalid);
    if label.is_empty() {
        return None;
    }
    let hours = quarter_hours(fields.get(&name("hours")));
    if hours.is_none() {
        invalid.add(&name("hours"), "Enter the hours a week in quarters, like 20 or 17.5");
    }
    let rate = fields.pence(&name("rate"), "Enter the rate of an hour, like 18.50", invalid);
    let staff = fields.number(&name("staff"), 1..=4, "Enter how many staff to the child, 1 to 4", invalid);
    let review = fields.date(&name("review"), "Enter the day of the step-down review, like 1 11 2021", invalid);
    let until = fields.date(&name("until"), "Enter the day on which the support ends, like 6 12 2021", invalid);
    let reason = fields.optional_text(&name("reason"), 500, invalid);
    let support =
        SupportHours { quarter_hours: hours?, rate: rate?, staff: u8::try_from(staff?).ok()?, review_on: review? };
    let weekly = support.weekly();
    let to = until?;
    Some(PriceLine { support: Some(support), to, reason, ..line(LineKind::AdditionalSupport, &label, weekly, start) })
}

/// "17.5" as 70 quarters of an hour.
fn quarter_hours(text: &str) -> Option<u16> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let quarters = match part {
        "" | "0" | "00" => 0,
        "25" => 1,
        "5" | "50" => 2,
        "75" => 3,
        _ => return None,
    };
    let whole: u16 = whole.parse().ok().filter(|hours| *hours <= 336)?;
    Some(whole * 4 + quarters).filter(|hours| *hours > 0)
}

fn residents(fields: &Fields, invalid: &mut Invalid) -> Vec<Resident> {
    let mut read = Vec::new();
    for number in 1..=MOST_RESIDENTS {
        let (band, effect) = (format!("resident{number}_band"), format!("resident{number}_effect"));
        if fields.filled(&band).is_none() && fields.filled(&effect).is_none() {
            continue;
        }
        let age_band = fields.choice(&band, AgeBand::from_code, "Choose the resident's age band", invalid);
        let effect =
            fields.choice(&effect, ResidentEffect::from_code, "Choose what it means for the resident", invalid);
        read.extend(age_band.zip(effect).map(|(age_band, effect)| Resident { age_band, effect }));
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_in_quarters() {
        for (typed, quarters) in [
            ("20", Some(80)),
            ("17.5", Some(70)),
            ("0.25", Some(1)),
            ("0", None),
            ("1.3", None),
            ("999", None),
            ("", None),
        ] {
            assert_eq!(quarter_hours(typed), quarters, "{typed}");
        }
    }
}
