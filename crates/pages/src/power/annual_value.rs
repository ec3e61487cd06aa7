//! The annual value of a year (F-02): one bar, the words, the three figures, the months, the agreements behind them,
//! the other readings one link apart, the steps of the ceiling and what was excepted above it; with its forms.

mod forms;
mod region;
mod samples;
mod tables;

pub use forms::{budget_page, reading_page};
pub use region::{RegionRow, RegionView, region_values_page};
pub use samples::samples;

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::power::annual_value::{Aspect, Figures, Reading, Words};
use placewell_domain::power::arrangement::Participation;

use crate::components::{Inset, SubNav};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;

const PATH: &str = "/finance/annual-value";

/// An agreement's row.
#[derive(Debug, Clone)]
pub struct AgreementView {
    /// Its reference.
    pub reference: String,
    /// Its three figures.
    pub figures: Figures,
    /// Spent so far.
    pub spent: Pence,
    /// Its planned end is overdue.
    pub overdue: bool,
}

/// A step of the ceiling.
#[derive(Debug, Clone)]
pub struct StepView {
    /// The ceiling from then on.
    pub ceiling: Pence,
    /// The decision.
    pub reference: String,
    /// When it was set.
    pub on: Date,
    /// The decision accepted an excess.
    pub accepts_over: bool,
}

/// An exception above the ceiling.
#[derive(Debug, Clone)]
pub struct ExceptionView {
    /// The agreement.
    pub reference: String,
    /// The reason's words.
    pub reason: String,
    /// What was written.
    pub words: String,
    /// Who.
    pub person: String,
    /// When.
    pub on: Date,
    /// How much.
    pub pence: Pence,
}

/// On what a forecast rests, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestsOn {
    /// Awards of so many past weeks.
    Awards {
        /// How many.
        awards: usize,
        /// In how many weeks.
        weeks: usize,
    },
    /// Too few awards to say.
    TooFew {
        /// How many.
        awards: usize,
        /// In how many weeks.
        weeks: usize,
    },
    /// No award can begin in the rest of the year.
    Closed,
}

/// All that the page shows.
#[derive(Debug, Clone)]
pub struct AnnualValueView {
    /// The years: the calendar year that each starts in, its words, whether it is shown.
    pub years: Vec<(i16, String, bool)>,
    /// The year in words.
    pub year: String,
    /// The calendar year that it starts in.
    pub starts_in: i16,
    /// Whether a decision adopted it.
    pub adopted: bool,
    /// The words and their figures.
    pub words: Words,
    /// The three figures of what counts.
    pub figures: Figures,
    /// The three figures of spot purchases.
    pub spot: Figures,
    /// What is planned after the term.
    pub after_term: Pence,
    /// The approved budget, with where it was approved.
    pub budget: Option<(Pence, Option<String>)>,
    /// What rises that are granted and not confirmed yet add to the planned nights.
    pub rises: Pence,
    /// On what the forecast rests, or why there is none.
    pub rests_on: RestsOn,
    /// What is planned by the recorded reading.
    pub recorded_planned: Pence,
    /// Whether the authority can award today; none before the region has recorded an arrangement.
    pub participation: Option<Participation>,
    /// The reading recorded.
    pub recorded: Reading,
    /// The reading shown.
    pub shown: Reading,
    /// Which aspect is answered the other way.
    pub flipped: Option<Aspect>,
    /// The months: first day, planned, passed.
    pub months: Vec<(Date, Pence, bool)>,
    /// The agreements.
    pub agreements: Vec<AgreementView>,
    /// The steps of the ceiling.
    pub steps: Vec<StepView>,
    /// The exceptions.
    pub exceptions: Vec<ExceptionView>,
    /// What has to be asked about ceilings, as sentences.
    pub asked: Vec<String>,
    /// Whether the reader may record the reading.
    pub keeps: bool,
}

/// The page.
pub fn annual_value_page(shell: Shell, view: &AnnualValueView) -> Page {
    let shell = shell.titled("Annual value").caption(view.year.as_str());
    let years = view.years.iter().fold(SubNav::new("Years"), |nav, (starts_in, words, shown)| {
        nav.tab(words.as_str(), format!("{PATH}?year={starts_in}"), *shown)
    });
    let page = Page::new(shell).with(years);
    let page = page.maybe(tables::cannot_award(view));
    let page = view.asked.iter().fold(page, |page, asked| page.with(Inset::new(asked.as_str())));
    if !view.adopted && view.agreements.is_empty() && view.exceptions.is_empty() {
        return page.with(Inset::new(
            "No decision gives this authority an annual value for this year, so nothing can be awarded in it.",
        ));
    }
    page.maybe(tables::other_reading(view))
        .maybe(tables::over(view))
        .with(Html::paragraph(view.words.sentence()))
        .maybe(tables::rises(view))
        .with(Html::paragraph(tables::rests_on(view.rests_on)))
        .with(tables::bar(view))
        .with(tables::figures(view))
        .with(tables::budget(view))
        .with(tables::months(view))
        .with(tables::agreements(view))
        .with(tables::downloads(view))
        .with(tables::readings(view))
        .with(tables::steps(view))
        .with(tables::exceptions(view))
}
