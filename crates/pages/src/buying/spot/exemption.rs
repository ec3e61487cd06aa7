//! The exemptions of a referral from a home's grade of Inadequate: those recorded, what an officer asked of the director of
//! children's services, and the form of each.

mod asked;

pub use asked::{RequestRow, to_answer};

use jiff::civil::Date;
use placewell_domain::buying::spot::exemption::ExemptionReason;
use placewell_domain::outcome::Invalid;

use crate::components::{Cell, Colour, Inset, Row, Table, Tag};
use crate::form::{Choice, Field, Form, Typed};
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// One exemption.
#[derive(Debug, Clone)]
pub struct ExemptionRow {
    /// The home: Ofsted number and name.
    pub home: (String, String),
    /// The day of the judgement.
    pub judged_on: Date,
    /// Why, in words; none for who does not read it.
    pub reason: Option<String>,
    /// The director, and when.
    pub by: (String, Date),
    /// The last day on which the placement can begin; none where it holds as long as the judgement does.
    pub until: Option<Date>,
    /// Whether a placement that begins today can rest on it.
    pub holds: bool,
}

/// The page.
#[derive(Debug, Clone)]
pub struct ExemptionsView {
    /// The referral.
    pub reference: String,
    /// Where the reader comes from.
    pub back: String,
    /// Those recorded, the latest first.
    pub rows: Vec<ExemptionRow>,
    /// What was asked of the director, the latest first.
    pub requests: Vec<RequestRow>,
    /// The reader is the director who can record one.
    pub may_exempt: bool,
    /// The reader can ask the director for one.
    pub may_ask: bool,
    /// The child's record was erased, and what was said of the child with it.
    pub erased: bool,
    /// The form's key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page of a referral's exemptions.
pub fn exemptions_page(shell: Shell, view: &ExemptionsView) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("Exemptions from a grade of Inadequate")
        .caption(view.reference.as_str())
        .record(view.reference.as_str())
        .back(view.back.as_str())
        .with_errors(&view.errors);
    let rows = view.rows.iter().map(|one| {
        let tag = if one.holds { Tag::new("Holds", Colour::Green) } else { Tag::new("No longer holds", Colour::Grey) };
        Row::new(format!("{}, {}", one.home.1, one.home.0))
            .cell(words::date(one.judged_on))
            .cell(one.reason.as_deref().unwrap_or("Not shown"))
            .cell(format!("{}, {}", one.by.0, words::date(one.by.1)))
            .cell(one.until.map_or_else(|| "As long as the judgement stands".to_owned(), words::date))
            .cell(Cell::new(tag))
    });
    let table = Table::new("Recorded exemptions")
        .columns(["Home", "Judged Inadequate", "Why", "Recorded by", "The child comes by", "Today"])
        .rows(rows)
        .empty("No exemption is recorded for this referral.");
    let page = Page::new(shell)
        .maybe(view.erased.then(|| Inset::new(words::ERASED)))
        .text(
            "A home judged Inadequate takes no new child without an exemption. The director of children's services of \
             the responsible authority records it, for one child at one home.",
        )
        .with(table);
    let page = asked::shown(page, view, &csrf);
    let at = format!("/referrals/{}/exemptions", view.reference);
    if view.may_exempt {
        return page
            .heading("Record an exemption")
            .text(
                "It lifts the grade for this child alone. Standing, registration and Ofsted's notices still stop the \
                 home. What was asked for this home is granted by it.",
            )
            .with(form(view, (&at, &csrf), "Record the exemption"));
    }
    if view.may_ask {
        return page
            .heading("Ask for an exemption")
            .text("The director is told by mail, and records the exemption or declines it with a reason.")
            .with(form(view, (&format!("{at}/ask"), &csrf), "Ask the director"));
    }
    page
}

/// The same is asked of whoever asks for an exemption and of whoever records it.
fn form(view: &ExemptionsView, (action, csrf): (&str, &str), submit: &str) -> Form {
    let reasons = ExemptionReason::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    Form::post(action, csrf, view.key.as_str())
        .field(
            Field::text("urn", "The home's Ofsted number")
                .hint("For example, SC392491")
                .value(view.typed.get("urn"))
                .errors(&view.errors),
        )
        .field(
            Field::radios("reason", "Why is this child exempted?", reasons)
                .value(view.typed.get("reason"))
                .errors(&view.errors),
        )
        .field(
            Field::textarea("words", "What keeps the child safe there")
                .limit(4_000)
                .value(view.typed.get("words"))
                .errors(&view.errors),
        )
        .field(
            Field::date("until", "By which day does the child have to come?")
                .hint("Within 184 days. For example, 27 9 2021")
                .parts(view.typed.date("until"))
                .errors(&view.errors),
        )
        .submit(submit)
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let day = jiff::civil::date;
    let row = ExemptionRow {
        home: ("SC392491".to_owned(), "Ash Lodge".to_owned()),
        judged_on: day(2021, 7, 6),
        reason: Some(ExemptionReason::Sibling.label().to_owned()),
        by: ("David Oakden".to_owned(), day(2021, 9, 13)),
        until: Some(day(2021, 10, 11)),
        holds: true,
    };
    let with_spot = ExemptionRow { until: None, reason: None, holds: false, ..row.clone() };
    let view = ExemptionsView {
        reference: "HEF-R-0042".to_owned(),
        back: "/referrals/HEF-R-0042".to_owned(),
        rows: vec![row, with_spot],
        requests: asked::sample_rows(),
        may_exempt: false,
        may_ask: false,
        erased: false,
        key: "k".to_owned(),
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let officer = ExemptionsView { rows: Vec::new(), may_ask: true, ..view.clone() };
    let director = ExemptionsView { rows: Vec::new(), may_exempt: true, ..view.clone() };
    let erased = ExemptionsView { requests: asked::erased_rows(), erased: true, ..view.clone() };
    let mut declining = director.clone();
    declining.errors.add("declined_1", "Choose why you decline it");
    let mut wrong = director.clone();
    wrong.errors.add("urn", "Enter the Ofsted number of a home on the register, like SC392491");
    wrong.errors.add("until", "Enter a day from 13 September 2021 to 16 March 2022, by which the child has to come");
    let shown = |view: &ExemptionsView| exemptions_page(kit::signed_in_shell(), view).to_string();
    vec![
        ("exemptions from a grade of Inadequate", shown(&view)),
        ("exemptions of a child whose record was erased", shown(&erased)),
        ("the officer's form that asks for an exemption, and what waits", shown(&officer)),
        ("the director's form of an exemption", shown(&director)),
        ("the director declines an exemption, with errors", shown(&declining)),
        ("the director's form of an exemption, with errors", shown(&wrong)),
    ]
}
