//! Variations and what is recorded with an agreement: reading their forms, and the words of the record's parts.

use placewell_app::placing::agreement::{
    AddSupport, AgreementView, ChangePrice, CompleteParticulars, Decided, MeetCondition, PutRight, RecordGround,
    notice_terms,
};
use placewell_app::{Outcome, Receipt};
use placewell_domain::id::PersonId;
use placewell_domain::nights::Nights;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::{Agreement, Included, LegalGround, PriceCause, Side};
use placewell_domain::placing::occupancy::UseState;
use placewell_domain::power::delegation::{Power, Ratification, Said};
use placewell_pages::placing::agreement::{Acting, CareView, ChangeLine, ExceptionLine, MoreView, NOBODY};
use placewell_pages::words;

use super::asks;
use crate::fields::Fields;
use crate::request::Signed;

/// Who decided: the reader where they hold powers, and the provider for their own side; else whose word is recorded.
pub(super) fn decided(signed: &Signed, fields: &Fields, invalid: &mut Invalid) -> Option<Decided> {
    if !may(signed.actor.role, Action::RunAgreement) || fields.get("decided_by") == NOBODY {
        return Some(Decided::SignedIn);
    }
    let person = |text: &str| text.parse().ok().map(PersonId);
    let by = fields.choice("decided_by", person, "Choose who decided it", invalid);
    let at = fields.date_and_time("said_on", "Enter the day on which they said so, like 27 9 2021", invalid);
    Some(Decided::ByWord { by: by?, at: at? })
}

/// The decisions that wait for the reader to confirm: the version that each made, and what it was.
pub(super) fn to_confirm(found: &AgreementView, reader: PersonId) -> Vec<(String, String)> {
    let mine = found.agreement.to_confirm().filter(|said| said.by == reader);
    mine.map(|said| {
        let by = name_of(found, said.recorded_by);
        let what = format!("{}, said {}, recorded by {by}", said.act.label(), words::moment(said.at));
        (said.version.to_string(), what)
    })
    .collect()
}

/// Decisions by word of mouth, the latest first.
fn said(found: &AgreementView) -> Vec<(String, String, String, bool)> {
    let line = |said: &Said| {
        let who = format!("{}, {}", name_of(found, said.by), words::moment(said.at));
        let until = match said.confirmed_at {
            Some(at) => words::moment(at),
            None => format!("Not yet, by {}", words::moment(said.confirm_by)),
        };
        (said.act.label().to_owned(), who, until, said.waits())
    };
    found.agreement.added.said.iter().rev().map(line).collect()
}

/// Hours in quarters: "28", "10.5", "0.25".
pub(super) fn quarters(text: &str) -> Option<u16> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let quarter = match part {
        "0" | "00" | "" => 0,
        "25" => 1,
        "5" | "50" => 2,
        "75" => 3,
        _ => return None,
    };
    whole.parse::<u16>().ok()?.checked_mul(4)?.checked_add(quarter)
}

pub(super) async fn support(signed: &Signed, key: &str, reference: &str, fields: &Fields) -> Result<Receipt, Outcome> {
    let mut invalid = Invalid::default();
    let label = fields.text("label", 120, "Say what the support is", &mut invalid);
    let hours = fields.choice("hours", quarters, "Enter hours a week in quarters, like 28 or 10.5", &mut invalid);
    let rate = fields.pence("rate", "Enter the rate of an hour, like 18.50", &mut invalid);
    let staff = fields.number("staff", 1..=4, "Enter 1 to 4 staff", &mut invalid);
    let from = fields.date("from", "Enter the first night, like 27 9 2021", &mut invalid);
    let to = fields.date("to", "Enter the end, like 8 12 2021", &mut invalid);
    let review = fields.date("review_on", "Enter the day of the step-down review, like 10 11 2021", &mut invalid);
    let reason = fields.optional_text("why", 500, &mut invalid);
    let by = decided(signed, fields, &mut invalid);
    let (Some(quarter_hours), Some(rate), Some(staff), Some(from), Some(to), Some(review_on), Some(decided_by)) =
        (hours, rate, staff, from, to, review, by)
    else {
        return Err(invalid.into());
    };
    let command = invalid.or(AddSupport {
        reference: reference.to_owned(),
        version: fields.version(),
        label,
        quarter_hours,
        rate,
        staff: u8::try_from(staff).unwrap_or_default(),
        from,
        to,
        review_on,
        reason,
        decided_by,
    })?;
    signed.app().perform(&signed.actor, key, fields.confirming(command)).await
}

pub(super) async fn price(signed: &Signed, key: &str, reference: &str, fields: &Fields) -> Result<Receipt, Outcome> {
    let mut invalid = Invalid::default();
    let line = fields.choice("line", |text| text.parse().ok(), "Choose the line", &mut invalid);
    let weekly = fields.pence("weekly", "Enter the new price of a week, like 4150", &mut invalid);
    let from = fields.date("from", "Enter the night from which it changes, like 27 9 2021", &mut invalid);
    let cause = fields.choice("reason", PriceCause::from_code, "Choose why it changes", &mut invalid);
    let before = fields.optional_text("decided", 120, &mut invalid);
    let reason = fields.optional_text("why", 500, &mut invalid);
    let by = decided(signed, fields, &mut invalid);
    let (Some(line), Some(weekly), Some(from), Some(cause), Some(decided_by)) = (line, weekly, from, cause, by) else {
        return Err(invalid.into());
    };
    let (reference, version) = (reference.to_owned(), fields.version());
    let decided = before;
    let command =
        invalid.or(ChangePrice { reference, version, line, from, weekly, cause, decided, reason, decided_by })?;
    signed.app().perform(&signed.actor, key, fields.confirming(command)).await
}

pub(super) async fn particulars(
    signed: &Signed,
    key: &str,
    reference: &str,
    fields: &Fields,
) -> Result<Receipt, Outcome> {
    let mut invalid = Invalid::default();
    let mut text = |name: &str| fields.optional_text(name, 6_000, &mut invalid);
    let (outcomes, staffing) = (text("outcomes"), text("staffing"));
    let (education, health) = (text("education"), text("health"));
    let command = invalid.or(CompleteParticulars {
        reference: reference.to_owned(),
        version: fields.version(),
        outcomes,
        staffing,
        included: fields.all("included").filter_map(Included::from_code).collect(),
        education,
        health,
    })?;
    signed.app().perform(&signed.actor, key, fields.confirming(command)).await
}

pub(super) async fn ground(signed: &Signed, key: &str, reference: &str, fields: &Fields) -> Result<Receipt, Outcome> {
    let mut invalid = Invalid::default();
    let ground = fields.choice("reason", LegalGround::from_code, "Choose the ground", &mut invalid);
    let notice_on = fields.optional_date("notice_on", "Enter the day of the notice, like 27 9 2021", &mut invalid);
    let notice = fields.optional_text("notice", 60, &mut invalid);
    let Some(ground) = ground else { return Err(invalid.into()) };
    let (reference, version) = (reference.to_owned(), fields.version());
    let command = invalid.or(RecordGround { reference, version, ground, notice_on, notice })?;
    signed.app().perform(&signed.actor, key, command).await
}

pub(super) async fn condition(
    signed: &Signed,
    key: &str,
    reference: &str,
    fields: &Fields,
) -> Result<Receipt, Outcome> {
    let mut invalid = Invalid::default();
    let number = fields.choice("number", |text| text.parse().ok(), "Choose the condition", &mut invalid);
    let on = fields.date("on", "Enter the day on which it was met, like 27 9 2021", &mut invalid);
    let (Some(number), Some(on)) = (number, on) else { return Err(invalid.into()) };
    let command = MeetCondition { reference: reference.to_owned(), version: fields.version(), number, on };
    signed.app().perform(&signed.actor, key, command).await
}

/// The conditions that are still open, by number.
pub(super) fn open_conditions(found: &AgreementView) -> Vec<(String, String)> {
    let conditions = (1..).zip(&found.care.conditions);
    let open = conditions.filter(|(_, (_, met))| met.is_none());
    // Of an erased child's no words are left: its number says which.
    let said = |number: i32, text: &str| if text.is_empty() { format!("Condition {number}") } else { text.to_owned() };
    open.map(|(number, (text, _))| (number.to_string(), said(number, text))).collect()
}

pub(super) async fn put_right(
    signed: &Signed,
    key: &str,
    reference: &str,
    fields: &Fields,
) -> Result<Receipt, Outcome> {
    let mut invalid = Invalid::default();
    let how = fields.choice("reason", Ratification::from_code, "Choose how it was put right", &mut invalid);
    let decision = fields.optional_text("decision", 60, &mut invalid);
    let Some(how) = how else { return Err(invalid.into()) };
    let command = PutRight { reference: reference.to_owned(), version: fields.version(), how, decision };
    signed.app().perform(&signed.actor, key, invalid.or(command)?).await
}

/// The coded answers that an act's form offers.
pub(super) fn reasons(acting: Acting) -> Vec<(String, String)> {
    let pair = |code: &str, label: &str| (code.to_owned(), label.to_owned());
    match acting {
        Acting::Particulars => Included::ALL.iter().map(|thing| pair(thing.code(), thing.label())).collect(),
        Acting::Price => PriceCause::ALL.iter().map(|cause| pair(cause.code(), cause.label())).collect(),
        Acting::Ground => LegalGround::ALL.iter().map(|ground| pair(ground.code(), ground.label())).collect(),
        Acting::PutRight => Ratification::ALL.iter().map(|how| pair(how.code(), how.label())).collect(),
        _ => Vec::new(),
    }
}

/// The price lines to choose from.
pub(super) fn lines(agreement: &Agreement) -> Vec<(String, String)> {
    let lines = agreement.terms.lines.iter().enumerate();
    lines
        .map(|(at, line)| {
            let what = format!("{}, {}, from {}", line.label, words::a_week(line.weekly), words::date(line.from));
            (at.to_string(), what)
        })
        .collect()
}

/// The parts of the record below its prices.
pub(super) fn more(found: &AgreementView) -> MoreView {
    let care = &found.care;
    let own = found.side == Side::Authority;
    MoreView {
        care: CareView {
            outcomes: care.words.outcomes.clone(),
            staffing: care.words.staffing.clone(),
            included: care.included(),
            excluded: care.excluded(),
            education: care.words.education.clone(),
            health: care.words.health.clone(),
            reviews: care.reviews.iter().map(|day| words::date(*day)).collect(),
            complete: care.complete,
            erased: care.erased,
        },
        conditions: care
            .conditions
            .iter()
            .map(|(text, met)| (text.clone(), met.map(|on| format!("Met on {}", words::date(on)))))
            .collect(),
        notice: notice_terms(&found.agreement.terms.notice),
        nights: found.nights.iter().map(nights).collect(),
        changes: changes(found),
        exceptions: found
            .exceptions
            .iter()
            .map(|(grant, name)| ExceptionLine {
                reason: grant.reason.label().to_owned(),
                words: grant.words.clone(),
                amount: words::money(grant.pence()),
                by: name.clone(),
            })
            .collect(),
        said: if own { said(found) } else { Vec::new() },
        asked: asks::asked(found),
        without_power: own.then(|| without_power(found)).flatten(),
        watch: watch(found),
        watch_asks: watch_asks(found),
    }
}

fn nights((bed, state, nights): &(String, UseState, Nights)) -> (String, String, String) {
    let state = match state {
        UseState::Held => "Held",
        UseState::Stay => "Taken",
        UseState::OutOfService(_) => "Out of service",
        UseState::Cancelled => "Cancelled",
    };
    let count = words::count(u64::try_from(nights.count()).unwrap_or_default(), "night", "nights");
    let range = format!("{} ({count})", words::date_range(nights.from(), nights.to()));
    (bed.clone(), state.to_owned(), range)
}

fn name_of(found: &AgreementView, person: PersonId) -> String {
    found.names.iter().find(|(known, _)| *known == person).map_or_else(String::new, |(_, name)| name.clone())
}

fn change(found: &AgreementView, on: jiff::civil::Date, what: String, power: Option<&Power>) -> ChangeLine {
    ChangeLine {
        on: words::date(on),
        what,
        power: power.map_or_else(|| "Rolled by itself: nobody has reviewed it".to_owned(), Power::sentence),
        by: power.map_or_else(String::new, |power| name_of(found, power.person)),
    }
}

/// Reviews and variations, newest first.
fn changes(found: &AgreementView) -> Vec<ChangeLine> {
    let agreement = &found.agreement;
    let reviews = agreement.reviews.iter().map(|review| {
        let what = format!("Planned end: {} to {}", words::date(review.was), words::date(review.now));
        let line = change(found, review.on, what, review.power.as_ref());
        let line = match &review.without {
            Some(without) => ChangeLine { power: without.sentence(), by: name_of(found, without.by), ..line },
            None => line,
        };
        (review.on, line)
    });
    let varied = agreement.added.variations.iter().map(|one| {
        let cause = one.cause.map_or("Extra support", PriceCause::label);
        let (was, now) = (words::money(one.was), words::a_week(one.now));
        let what = format!("{}: {was} to {now} from {}. {cause}", one.what, words::date(one.from));
        (one.on, change(found, one.on, what, Some(&one.power)))
    });
    let mut all: Vec<(jiff::civil::Date, ChangeLine)> = reviews.chain(varied).collect();
    all.sort_by_key(|(on, _)| core::cmp::Reverse(*on));
    all.into_iter().map(|(_, line)| line).collect()
}

fn without_power(found: &AgreementView) -> Option<(String, bool)> {
    let agreement = &found.agreement;
    if !agreement.without_recorded_power() {
        return None;
    }
    let opened = agreement.added.opened.clone().unwrap_or_else(|| "to be recorded".to_owned());
    Some(match &agreement.added.put_right {
        None => (format!("Decision {opened} is open: ratify, raise the ceiling, or end."), true),
        Some(done) => {
            let decision = done.decision.as_ref().map_or_else(String::new, |reference| format!(" by {reference}"));
            let by = name_of(found, done.by);
            let how = format!("{}{decision}", done.how.label());
            (
                format!("Made without recorded power. Put right on {}: {how}. Recorded by {by}.", words::date(done.on)),
                false,
            )
        }
    })
}

fn watch(found: &AgreementView) -> Vec<(String, String)> {
    let Some(watch) = &found.watch else { return Vec::new() };
    let mut rows = vec![
        ("Whole-life value".to_owned(), words::money(watch.whole_life)),
        ("With this provider's other placements".to_owned(), words::money(watch.cumulative)),
        ("Threshold in force".to_owned(), words::money(watch.threshold)),
    ];
    if let Some(known) = &found.agreement.added.procurement {
        let ground = format!("{}, recorded {}", known.ground.label(), words::date(known.on));
        rows.push(("Legal ground".to_owned(), ground));
        if let Some((on, number)) = &known.notice {
            rows.push(("Award notice".to_owned(), format!("{number}, sent {}", words::date(*on))));
        }
    }
    rows
}

fn watch_asks(found: &AgreementView) -> Vec<String> {
    let Some(watch) = &found.watch else { return Vec::new() };
    let mut asks = Vec::new();
    if found.agreement.ground_due(watch) {
        asks.push("The procurement threshold is reached. Record the legal ground.".to_owned());
    }
    if let Some(by) = found.agreement.award_notice_due(watch) {
        asks.push(format!(
            "The placement by itself reaches the threshold. Send its award notice by {}.",
            words::date(by)
        ));
    }
    asks
}
