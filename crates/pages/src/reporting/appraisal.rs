//! The alternatives tested again (N-08): what each comes to, drawn and in tables; what is assumed, as fields in the page's
//! own address; what was saved, and one that was. Figures only: no view has a field for a child or a home.

mod form;
mod samples;
mod tables;

pub use samples::samples;

use jiff::civil::{Date, DateTime};
use placewell_domain::outcome::Invalid;
use placewell_domain::reporting::appraisal::{Assumptions, Figures, Paid};

use crate::components::{Column, Inset, Link, Row, SummaryList, Table, Warning};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// Where the alternatives stand.
pub const PATH: &str = "/reports/alternatives";

/// What an appraisal says.
#[derive(Debug, Clone)]
pub struct AppraisedView {
    /// The authority's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What the figures say.
    pub finding: String,
    /// The figures.
    pub figures: Figures,
    /// What buyers of each size pay for a lot, with what it is called.
    pub paid: Vec<(String, Paid)>,
    /// What is assumed.
    pub assumptions: Assumptions,
    /// On what it rests.
    pub grounds: Vec<String>,
    /// The day of the data.
    pub day: Date,
    /// The last event of the record that it holds.
    pub event: i64,
    /// How many futures.
    pub futures: u32,
}

/// A saved appraisal in the list.
#[derive(Debug, Clone)]
pub struct SavedLine {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The authority's name.
    pub authority: String,
    /// When it was saved.
    pub at: DateTime,
}

/// The page of the alternatives.
#[derive(Debug, Clone)]
pub struct AlternativesView {
    /// The authorities to choose from, code and name; where there is one, it is the reader's own.
    pub authorities: Vec<(String, String)>,
    /// The appraisal of the chosen one.
    pub appraised: Option<AppraisedView>,
    /// What was typed, as it was typed.
    pub typed: Vec<(String, String)>,
    /// What was saved.
    pub saved: Vec<SavedLine>,
    /// Whether the reader may save.
    pub keeps: bool,
}

/// A saved appraisal.
#[derive(Debug, Clone)]
pub struct SavedView {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// When it was saved.
    pub at: DateTime,
    /// By whom; empty where the reader may not know.
    pub by: String,
    /// Whether the figures come out the same when they are drawn again.
    pub same_again: bool,
    /// What it says.
    pub appraised: AppraisedView,
}

/// The page: the chosen authority's alternatives, or the list of authorities.
pub fn alternatives_page(shell: Shell, view: &AlternativesView, key: &str, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled("What the alternatives would cost").with_errors(errors);
    let Some(appraised) = &view.appraised else {
        return Page::new(shell)
            .text(
                "The decision considered four alternatives to the regional arrangement. Choose an authority to test them again \
                 on its own record.",
            )
            .with(choices(view))
            .with(saved(view));
    };
    let shell = shell.caption(appraised.name.as_str());
    let page = Page::new(shell).maybe(another(view));
    results(page, appraised)
        .with(tables::downloads(PATH, &form::query(appraised)))
        .heading("Change what is assumed")
        .text("Each starts from the record where that says enough. What you change stands in the address of the page.")
        .with(form::assumptions(appraised, &view.typed, errors))
        .maybe(view.keeps.then(|| form::save(appraised, &view.typed, &csrf, key, errors)))
        .with(saved(view))
}

/// A saved appraisal.
pub fn saved_page(shell: Shell, view: &SavedView) -> Page {
    let caption = format!("{}, {}", view.reference, view.appraised.name);
    let shell = shell.titled(view.title.as_str()).caption(caption).back(PATH);
    let facts = SummaryList::new()
        .row("Reference", view.reference.as_str())
        .row("Saved", words::moment(view.at))
        .optional("By", (!view.by.is_empty()).then_some(view.by.as_str()))
        .row("The record as of", words::date(view.appraised.day))
        .row(
            "Drawn again now",
            if view.same_again { "Every figure comes out the same" } else { "Some figures differ" },
        );
    let changed = (!view.same_again).then(|| {
        Warning::new(
            "The method has changed since this was saved. The figures below are those that were saved; drawn again today, some \
             would differ.",
        )
    });
    results(Page::new(shell).with(facts).maybe(changed), &view.appraised)
        .heading("What was assumed")
        .with(tables::assumed(&view.appraised))
        .with(tables::downloads(&format!("{PATH}/{}", view.reference), ""))
}

/// The figures, the same for a page that can be changed and for one that was saved.
fn results(page: Page, view: &AppraisedView) -> Page {
    page.with(Inset::new(view.finding.as_str()))
        .text(format!(
            "Each figure is the middle of {} simulated futures, with the range that holds 90 of 100. In each future the same \
             children come under every alternative.",
            words::number(u64::from(view.futures))
        ))
        .with(tables::drawing(view))
        .with(tables::cost(view))
        .with(tables::placements(view))
        .with(tables::places(view))
        .maybe(tables::years(view))
        .maybe(tables::paid(view))
        .heading("What it rests on")
        .with(Html::bullets(tables::grounds(view)))
}

fn choices(view: &AlternativesView) -> Html {
    if view.authorities.is_empty() {
        return Inset::new("No authority takes part yet.").into();
    }
    let link = |(code, name): &(String, String)| Link::new(name.as_str(), format!("{PATH}?authority={code}"));
    Html::bullets(view.authorities.iter().map(link))
}

/// A link back to the choice, for those who have one.
fn another(view: &AlternativesView) -> Option<Html> {
    (view.authorities.len() > 1).then(|| Html::paragraph(Link::new("Choose another authority", PATH)))
}

fn saved(view: &AlternativesView) -> Table {
    let rows = view.saved.iter().map(|one| {
        Row::new(Link::new(one.reference.as_str(), format!("{PATH}/{}", one.reference)))
            .cell(one.title.as_str())
            .cell(one.authority.as_str())
            .cell(words::moment(one.at))
    });
    Table::new("Saved appraisals")
        .column(Column::text("Reference"))
        .column(Column::text("For"))
        .column(Column::text("Authority"))
        .column(Column::text("Saved"))
        .rows(rows)
        .empty("No appraisal has been saved.")
}
