//! The form of an offer, for a provider signed in, through a one-time link, and for an officer who enters one.

use placewell_domain::homes::home::{Need, NeedSet};
use placewell_domain::homes::price::LineKind;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::AgeBand;
use placewell_domain::placing::offer::{
    AmendReason, LateReason, MOST_RESIDENTS, Met, OfferTerms, OfferWords, ResidentEffect, ScheduledRate,
};

use crate::components::{Button, Details, Inset, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::placing::invitation::Door;
use crate::placing::referral::record::entered_fields;
use crate::shell::Shell;
use crate::{samples as kit, words};
use bed::BedChoice;

pub mod bed;
pub mod wording;

/// How many lines of additional support the form has room for.
pub const EXTRA_LINES: usize = 3;
/// How many residents it has room for where the home shows no beds.
const LINES_WITHOUT_BEDS: usize = 6;

/// Who fills the form and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A provider writes or continues a draft; it can be saved.
    Write,
    /// A provider changes a sent offer, with a reason.
    Change,
    /// Through a one-time link: sent at once.
    Link,
    /// An officer enters what a home said by phone or e-mail.
    Enter,
}

/// What the home keeps to say again of the must-haves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// Nothing, or the form takes nothing from it.
    Nothing,
    /// It can be inserted.
    There,
    /// It was just inserted where no sentence stood.
    Inserted,
}

/// The form.
#[derive(Debug, Clone)]
pub struct OfferForm {
    /// The reference.
    pub reference: String,
    /// The home.
    pub home: String,
    /// Who fills it.
    pub mode: Mode,
    /// Where it goes.
    pub door: Door,
    /// The version of the draft or offer; 0 for a new one.
    pub version: i64,
    /// What each must-have is.
    pub must_haves: NeedSet,
    /// How many children the home's beds show on the first night; none where it shows no beds.
    pub there: Option<u32>,
    /// The beds that it can name, where they are shown.
    pub beds: Vec<BedChoice>,
    /// The tendered core price; none outside the arrangement.
    pub tendered: Option<Pence>,
    /// The scheduled rates.
    pub schedule: Vec<ScheduledRate>,
    /// Whether the deadline has passed.
    pub late: bool,
    /// Whether sealed prices are open, so that the price stays.
    pub prices_fixed: bool,
    /// When the page was opened.
    pub opened: String,
    /// What the home keeps to say again.
    pub saved: Saved,
    /// What stands in the form.
    pub typed: Typed,
}

/// The page (V-04).
pub fn offer_page(shell: Shell, view: &OfferForm, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let title = match view.mode {
        Mode::Write | Mode::Link => format!("Offer a place at {}", view.home),
        Mode::Change => format!("Change the offer of {}", view.home),
        Mode::Enter => format!("Enter an offer from {}", view.home),
    };
    let shell = shell
        .titled(title)
        .record(view.reference.as_str())
        .caption(view.reference.as_str())
        .back(view.door.back.as_str())
        .with_errors(errors);
    let mut page = Page::new(shell).narrow();
    if view.late {
        page = page.with(Warning::new("The deadline has passed. You can send this offer late, with a reason."));
    }
    if view.prices_fixed {
        page = page.with(Inset::new("All prices were opened together. The price can no longer be changed."));
    }
    if view.saved == Saved::Inserted {
        page = page.with(Inset::new(
            "Saved wording was inserted where a sentence was empty. Read each sentence: it must be true for this child.",
        ));
    }
    let last = if view.mode == Mode::Change { "change" } else { "offer" };
    let mut form = Form::post(format!("{}/{last}", view.door.base), csrf, key)
        .version(view.version)
        .field(Field::hidden("opened", view.opened.as_str()));
    for field in fields(view) {
        form = match field {
            Part::Field(field) => form.field(field.errors(errors)),
            Part::Heading(text) => form.part(Html::heading(text)),
            Part::Html(html) => form.part(html),
        };
    }
    if view.mode == Mode::Enter {
        form = entered_fields(form, &view.typed, errors);
    }
    let form = match view.mode {
        Mode::Write => form
            .button(Button::submit("Send the offer").sends("act", "send"))
            .button(Button::submit("Save as a draft").secondary().sends("act", "save")),
        Mode::Change => form.submit("Change the offer"),
        Mode::Link => form.submit("Send the offer"),
        Mode::Enter => form.submit("Record the offer"),
    };
    let insert = || Button::submit("Insert saved wording").secondary().sends("act", "insert");
    let form = if view.saved == Saved::Nothing { form } else { form.button(insert()) };
    page.with(form.cancel(view.door.back.as_str()))
}

enum Part {
    Field(Box<Field>),
    Heading(&'static str),
    Html(Html),
}

impl Part {
    fn field(field: Field) -> Self {
        Self::Field(Box::new(field))
    }
}

fn fields(view: &OfferForm) -> Vec<Part> {
    [prices(view), needs(view), residents(view), closing(view)].into_iter().flatten().collect()
}

fn filled(view: &OfferForm, field: Field, name: &str) -> Part {
    Part::field(field.value(view.typed.get(name)))
}

/// The first night, the core price, the lines of additional support and education.
fn prices(view: &OfferForm) -> Vec<Part> {
    let typed = &view.typed;
    let money = |name: &str, label: &str| Field::money(name, label).suffix("a week");
    let core_hint = match view.tendered {
        Some(pence) => format!("At most your tendered price, {}.", words::a_week(pence)),
        None => "This home is outside the arrangement: name your price.".to_owned(),
    };
    let mut parts = vec![Part::field(Field::date("start", "First night").parts(typed.date("start")))];
    parts.extend(bed::parts(view));
    parts.extend([
        Part::Heading("Price"),
        Part::field(money("core", "Core price").hint(core_hint).value(typed.get("core"))),
        Part::Html(Html::from(Details::new(
            "Scheduled rates",
            Html::bullets(view.schedule.iter().map(|rate| format!("{}: {}", rate.label, rate.rate))),
        ))),
    ]);
    for line in 1..=EXTRA_LINES {
        parts.extend(support_line(view, line));
    }
    parts.extend([
        Part::field(money("education", "Registered education, if any").value(typed.get("education"))),
        filled(
            view,
            Field::text("education_reason", "Reason, where it is above the scheduled rate"),
            "education_reason",
        ),
    ]);
    parts
}

/// One line of additional support, counted from 1.
fn support_line(view: &OfferForm, line: usize) -> [Part; 7] {
    let typed = &view.typed;

    let name = |part: &str| format!("extra{line}_{part}");
    [
        filled(
            view,
            Field::text(name("label"), format!("Additional support {line}"))
                .hint("For example, 1:1 support in the evenings"),
            &name("label"),
        ),
        filled(view, Field::text(name("hours"), "Hours a week").width(5).plain(), &name("hours")),
        filled(view, Field::money(name("rate"), "Rate of an hour"), &name("rate")),
        filled(view, Field::number(name("staff"), "Staff to the child").hint("1 for 1:1, 2 for 2:1"), &name("staff")),
        Part::field(Field::date(name("review"), "Step-down review").parts(typed.date(&name("review")))),
        Part::field(Field::date(name("until"), "Ends on").parts(typed.date(&name("until")))),
        filled(view, Field::text(name("reason"), "Reason, where the rate is not scheduled"), &name("reason")),
    ]
}

/// How the home meets each must-have, and what changes for the child.
fn needs(view: &OfferForm) -> Vec<Part> {
    let typed = &view.typed;
    let mut parts = vec![Part::Heading("How you meet the needs")];
    for need in view.must_haves.iter() {
        let (met, how) = (format!("met_{}", need.code()), format!("how_{}", need.code()));
        let choices = Met::ALL.iter().map(|met| Choice::new(met.code(), met.label()));
        parts.push(filled(
            view,
            Field::radios(met.as_str(), format!("Must-have: {}", need.label()), choices).inline(),
            &met,
        ));
        parts.push(filled(view, Field::text(how.as_str(), format!("How: {}", need.label())), &how));
    }
    parts.extend([
        Part::field(
            Field::yes_no("keeps_school", "Would the child keep the present school?").value(typed.get("keeps_school")),
        ),
        Part::field(Field::yes_no("solo", "Would the child live there alone?").value(typed.get("solo"))),
    ]);
    parts
}

/// How many children the assessment must consider.
fn there_in_words(there: Option<u32>) -> String {
    match there {
        Some(0) => "The home's beds show no child on the first night.".to_owned(),
        Some(count) => format!(
            "The home's beds show {} on the first night, held beds among them. Say for each what the child's coming means.",
            words::count(u64::from(count), "child", "children")
        ),
        None => "The home shows no beds. Give one line for each child who lives there.".to_owned(),
    }
}

/// A line for each child who lives there, and for each line that was typed.
fn resident_lines(view: &OfferForm) -> usize {
    let there = view.there.map_or(LINES_WITHOUT_BEDS, |there| usize::try_from(there).unwrap_or(MOST_RESIDENTS));
    let typed = |line: &usize| !view.typed.get(&format!("resident{line}_effect")).is_empty();
    let last = (1..=MOST_RESIDENTS).rev().find(typed).unwrap_or(0);
    there.max(last).min(MOST_RESIDENTS)
}

/// What the child's coming means for the children who live there.
fn residents(view: &OfferForm) -> Vec<Part> {
    let typed = &view.typed;
    let mut parts = vec![
        Part::Heading("The children who live there"),
        Part::Html(Inset::new(there_in_words(view.there)).into()),
        Part::field(
            Field::textarea("impact", "Impact statement")
                .limit(2_000)
                .hint("What the child's coming means for the children who live there, and for the child. Do not say who they are.")
                .value(typed.get("impact")),
        ),
    ];
    for resident in 1..=resident_lines(view) {
        let (band, effect) = (format!("resident{resident}_band"), format!("resident{resident}_effect"));
        let empty = || core::iter::once(Choice::new("", "None"));
        let bands = empty().chain(AgeBand::ALL.iter().map(|one| Choice::new(one.code(), one.label())));
        let effects = empty().chain(ResidentEffect::ALL.iter().map(|one| Choice::new(one.code(), one.label())));
        parts.push(filled(view, Field::select(band.as_str(), format!("Resident {resident}: age band"), bands), &band));
        parts.push(filled(
            view,
            Field::select(effect.as_str(), format!("Resident {resident}: effect"), effects),
            &effect,
        ));
    }
    parts
}

/// Conditions, how long the offer holds, and the reasons that only some offers need.
fn closing(view: &OfferForm) -> Vec<Part> {
    let typed = &view.typed;
    let mut parts = vec![
        Part::field(
            Field::textarea("conditions", "Conditions of the offer")
                .rows(3)
                .limit(1_000)
                .value(typed.get("conditions")),
        ),
        Part::field(Field::date("valid", "Offer valid until").parts(typed.date("valid"))),
        filled(view, Field::time("valid_time", "Time"), "valid_time"),
    ];

    if view.late {
        let reasons = LateReason::ALL.iter().map(|reason| Choice::new(reason.code(), reason.label()));
        parts.push(filled(view, Field::radios("late_reason", "Why is it late?", reasons), "late_reason"));
    }
    if view.mode == Mode::Change {
        let reasons = AmendReason::ALL.iter().map(|reason| Choice::new(reason.code(), reason.label()));
        parts.push(filled(
            view,
            Field::radios("amend_reason", "Why do you change the offer?", reasons),
            "amend_reason",
        ));
    }
    parts
}

/// A stored offer as the form shows it.
#[must_use]
pub fn stored(terms: &OfferTerms, offer_words: &OfferWords) -> Typed {
    let mut typed = Typed::default();
    let pounds = |pence: Pence| pence.to_string().replace('£', "");
    typed.day("start", Some(terms.start));
    if let Some(bed) = terms.bed {
        typed.set("bed", bed);
    }
    let mut extra = 0;
    for line in &terms.lines {
        match (line.kind, &line.support) {
            (LineKind::Core, _) => typed.set("core", pounds(line.weekly)),
            (LineKind::AdditionalSupport, Some(support)) => {
                extra += 1;
                let name = |part: &str| format!("extra{extra}_{part}");
                typed.set(&name("label"), &line.label);
                typed.set(&name("hours"), f64::from(support.quarter_hours) / 4.0);
                typed.set(&name("rate"), pounds(support.rate));
                typed.set(&name("staff"), support.staff);
                typed.day(&name("review"), Some(support.review_on));
                typed.day(&name("until"), Some(line.to));
                typed.set(&name("reason"), &line.reason);
            }
            (LineKind::Education, _) => {
                typed.set("education", pounds(line.weekly));
                typed.set("education_reason", &line.reason);
            }
            (LineKind::AdditionalSupport | LineKind::Other, _) => {}
        }
    }
    for answer in &terms.must_haves {
        typed.set(&format!("met_{}", answer.need.code()), answer.met.code());
    }
    for (need, how) in &offer_words.must_haves {
        typed.set(&format!("how_{}", Need::code(*need)), how);
    }
    typed.flag("keeps_school", terms.keeps_school);
    typed.flag("solo", Some(terms.solo));
    for (at, resident) in (1..).zip(&terms.residents) {
        typed.set(&format!("resident{at}_band"), resident.age_band.code());
        typed.set(&format!("resident{at}_effect"), resident.effect.code());
    }
    typed.set("impact", &offer_words.impact);
    typed.set("conditions", &offer_words.conditions);
    typed.day("valid", Some(terms.valid_until.date()));
    typed.set("valid_time", terms.valid_until.strftime("%H:%M"));
    typed
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let view = OfferForm {
        reference: "HEF-R-0042".into(),
        home: "Elm House".into(),
        mode: Mode::Write,
        door: Door { base: "/provider/invitations/7".into(), back: "/provider/referrals/HEF-R-0042".into() },
        version: 0,
        must_haves: NeedSet::NONE.with(Need::GoingMissing),
        there: Some(2),
        beds: vec![
            BedChoice { id: "11".into(), label: "Room 1".into(), elsewhere: vec!["WOR-R-0017".into()] },
            BedChoice { id: "12".into(), label: "Room 2".into(), elsewhere: Vec::new() },
        ],
        tendered: Some(Pence::pounds(4_150)),
        schedule: vec![ScheduledRate {
            kind: LineKind::AdditionalSupport,
            label: "Support worker, an hour".into(),
            rate: Pence(1_850),
        }],
        late: true,
        prices_fixed: false,
        opened: String::new(),
        saved: Saved::There,
        typed: Typed::default(),
    };
    let (saved, prices_fixed) = (Saved::Inserted, true);
    let mut typed = Typed::default();
    typed.set("bed", 11);
    let change = OfferForm { mode: Mode::Change, version: 3, prices_fixed, late: false, saved, typed, ..view.clone() };
    let saved = Saved::Nothing;
    let beds = view.beds.iter().map(|bed| BedChoice { elsewhere: Vec::new(), ..bed.clone() }).collect();
    let enter = OfferForm { mode: Mode::Enter, beds, saved, ..view.clone() };
    let without = OfferForm { tendered: None, there: None, beds: Vec::new(), ..enter.clone() };
    let errors = Invalid::one("core", "Enter the core price of a week, like 4,150");
    let (shell, none) = (kit::signed_in_shell, Invalid::default());
    let mut all = vec![
        ("offer", offer_page(shell(), &view, &errors, "key").to_string()),
        ("change an offer", offer_page(shell(), &change, &none, "key").to_string()),
        ("enter an offer", offer_page(shell(), &enter, &none, "key").to_string()),
        ("enter an offer of a home that shows no beds", offer_page(shell(), &without, &none, "key").to_string()),
    ];
    all.extend(wording::samples());
    all
}
