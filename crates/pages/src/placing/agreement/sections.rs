//! Parts of an agreement's record: what it says about the child's care, its reviews and variations with the power of each,
//! exceptions above the ceiling in red, how a start without recorded power was put right, and procurement law.

use crate::components::{Colour, Column, Inset, Row, SummaryList, Table, Tag, Warning};
use crate::html::Html;
use crate::page::Page;
use crate::placing::child::said;
use crate::words;

/// What it says about the child's care.
#[derive(Debug, Clone, Default)]
pub struct CareView {
    /// Outcomes.
    pub outcomes: Vec<String>,
    /// Staffing.
    pub staffing: Vec<String>,
    /// What the price includes.
    pub included: Vec<String>,
    /// What it leaves out.
    pub excluded: Vec<String>,
    /// Education.
    pub education: Vec<String>,
    /// Health.
    pub health: Vec<String>,
    /// Days of review.
    pub reviews: Vec<String>,
    /// An officer has completed it.
    pub complete: bool,
    /// What it said went with the child's record, which was erased.
    pub erased: bool,
}

/// A review of the planned end, or a variation.
#[derive(Debug, Clone, Default)]
pub struct ChangeLine {
    /// On which day.
    pub on: String,
    /// What changed, from what to what.
    pub what: String,
    /// Limb and post; "rolled by itself" where nobody decided.
    pub power: String,
    /// By whom.
    pub by: String,
}

/// An exception above the ceiling.
#[derive(Debug, Clone, Default)]
pub struct ExceptionLine {
    /// The coded reason's words.
    pub reason: String,
    /// In words.
    pub words: String,
    /// How much.
    pub amount: String,
    /// By whom and when.
    pub by: String,
}

/// The parts of the record below its prices.
#[derive(Debug, Clone, Default)]
pub struct MoreView {
    /// The child's care.
    pub care: CareView,
    /// The conditions of its approvals, each with when it was met; none while it is open.
    pub conditions: Vec<(String, Option<String>)>,
    /// When notice is how long.
    pub notice: Vec<(String, String)>,
    /// Nights, bed by bed: the bed, what for, which nights; the authority's page only.
    pub nights: Vec<(String, String, String)>,
    /// Reviews and variations, newest first.
    pub changes: Vec<ChangeLine>,
    /// Exceptions; the authority's page only.
    pub exceptions: Vec<ExceptionLine>,
    /// Decisions by word of mouth: what, who said it and when, and until when it is confirmed or when it was; whether it
    /// still waits. The authority's page only.
    pub said: Vec<(String, String, String, bool)>,
    /// What the provider asked for: what, when, how it was answered, and whether it still waits.
    pub asked: Vec<(String, String, String, bool)>,
    /// A start made without recorded power: what is open, or how it was put right.
    pub without_power: Option<(String, bool)>,
    /// The watch over procurement law; the authority's page only.
    pub watch: Vec<(String, String)>,
    /// What the watch asks for.
    pub watch_asks: Vec<String>,
}

/// A start made without recorded power, first on the page: a warning until it is put right.
pub(super) fn without_power(page: Page, view: &MoreView) -> Page {
    match &view.without_power {
        Some((words, true)) => {
            let tag = Html::from(Tag::new("Made without recorded power", Colour::Red));
            page.with(Warning::new(Html::lines([tag, words.as_str().into()])))
        }
        Some((words, false)) => page.with(Inset::new(words.as_str())),
        None => page,
    }
}

/// Exceptions in red, reviews and variations, care, notice, procurement.
pub(super) fn sections(mut page: Page, view: &MoreView) -> Page {
    if !view.exceptions.is_empty() {
        let rows = view.exceptions.iter().map(|line| {
            Row::new(Html::from(Tag::new(line.reason.as_str(), Colour::Red)))
                .cell(line.words.as_str())
                .cell(line.by.as_str())
                .cell(line.amount.as_str())
        });
        let table = Table::new("Exceptions above the ceiling")
            .columns(["Reason", "In words", "By whom"])
            .column(Column::number("Committed"))
            .rows(rows);
        page = page.with(table);
    }
    page = care(page, &view.care);
    if !view.conditions.is_empty() {
        let rows = view.conditions.iter().map(|(words, met)| {
            let met: Html = match met {
                Some(on) => on.as_str().into(),
                None => Tag::new("Not met yet", Colour::Yellow).into(),
            };
            Row::new(said(words)).cell(met)
        });
        page = page.with(Table::new("Conditions of the approvals").columns(["Condition", "Met"]).rows(rows));
    }
    page = page.heading("Notice").with(pairs(&view.notice));
    if !view.nights.is_empty() {
        let rows = view
            .nights
            .iter()
            .map(|(bed, state, nights)| Row::new(bed.as_str()).cell(state.as_str()).cell(nights.as_str()));
        page = page.with(Table::new("Nights").columns(["Bed", "The bed is", "Nights"]).rows(rows));
    }
    let rows = view.changes.iter().map(|line| {
        Row::new(line.on.as_str()).cell(line.what.as_str()).cell(line.power.as_str()).cell(line.by.as_str())
    });
    let table = Table::new("Reviews and variations")
        .columns(["Day", "What changed", "By what power", "Decided by"])
        .rows(rows)
        .empty("Nothing has been reviewed or varied yet.");
    page = page.with(table);
    if !view.said.is_empty() {
        let rows = view.said.iter().map(|(what, who, until, waits)| {
            let state = if *waits { Html::from(Tag::new(until.as_str(), Colour::Red)) } else { until.as_str().into() };
            Row::new(what.as_str()).cell(who.as_str()).cell(state)
        });
        let table = Table::new("Decisions by word of mouth").columns(["What", "Said by", "Confirmed"]).rows(rows);
        page = page.with(table);
    }
    if !view.asked.is_empty() {
        let rows = view.asked.iter().map(|(what, when, answer, waits)| {
            let answer =
                if *waits { Html::from(Tag::new(answer.as_str(), Colour::Yellow)) } else { answer.as_str().into() };
            Row::new(what.as_str()).cell(when.as_str()).cell(answer)
        });
        page = page.with(Table::new("What the provider asks for").columns(["What", "When", "Answer"]).rows(rows));
    }
    if view.watch.is_empty() {
        return page;
    }
    page = page.heading("Procurement threshold");
    for ask in &view.watch_asks {
        page = page.with(Warning::new(ask.as_str()));
    }
    page.with(pairs(&view.watch))
}

fn care(page: Page, view: &CareView) -> Page {
    let list = |items: &[String], none: &str| {
        if items.is_empty() { Html::from(none) } else { Html::bullets(items.iter().map(String::as_str)) }
    };
    if view.erased {
        let reviews = SummaryList::new().row("Reviews", list(&view.reviews, "None set"));
        return page.heading("Care").with(Inset::new(words::ERASED)).with(reviews);
    }
    let facts = SummaryList::new()
        .row("Outcomes", list(&view.outcomes, "No outcome is recorded yet"))
        .row("Staffing", list(&view.staffing, "As in the home's statement of purpose"))
        .row("The price includes", list(&view.included, "Nothing is listed yet"))
        .row("The price leaves out", list(&view.excluded, "Nothing is listed"))
        .row("Education", list(&view.education, "No arrangement is recorded yet"))
        .row("Health", list(&view.health, "No arrangement is recorded yet"))
        .row("Reviews", list(&view.reviews, "None set"));
    let page = page.heading("Care");
    let page = if view.complete {
        page
    } else {
        page.text("This is what the referral and the offer say. The authority completes it before the sides sign.")
    };
    page.with(facts)
}

fn pairs(rows: &[(String, String)]) -> SummaryList {
    rows.iter().fold(SummaryList::new(), |list, (name, value)| list.row(name.as_str(), value.as_str()))
}

pub(super) fn sample() -> MoreView {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let texts = |items: &[&str]| items.iter().map(|&item| item.to_owned()).collect::<Vec<String>>();
    MoreView {
        care: CareView {
            outcomes: texts(&["Attends school four days a week"]),
            staffing: texts(&["One adult to two children"]),
            included: texts(&["Pocket money", "Clothing allowance"]),
            excluded: texts(&["Tutoring"]),
            education: texts(&["Stay at the present school"]),
            health: texts(&["Community mental health services"]),
            reviews: texts(&["25 October 2021", "25 January 2022"]),
            complete: true,
            erased: false,
        },
        conditions: vec![
            ("A waking night for the first two weeks".to_owned(), Some("Met on 1 November 2021".to_owned())),
            ("The link worker visits each week".to_owned(), None),
        ],
        notice: vec![pair("From the first day", "1 day, either side")],
        nights: vec![("Room 1".to_owned(), "Held".to_owned(), "27 September 2021 to 26 September 2022".to_owned())],
        changes: vec![ChangeLine {
            on: "1 November 2021".to_owned(),
            what: "Planned end: 26 September 2022 to 1 March 2022".to_owned(),
            power: "Limb (b) of decision HEF-2019-0114, used by the Director.".to_owned(),
            by: "Morwenna Achterberg".to_owned(),
        }],
        exceptions: vec![ExceptionLine {
            reason: "Stay past the planned end".to_owned(),
            words: "Planned end rolled by 28 days".to_owned(),
            amount: "£16,600".to_owned(),
            by: "The system, 27 September 2022".to_owned(),
        }],
        said: vec![(
            "Vary an agreement".to_owned(),
            "Morwenna Achterberg, 9am on Monday 13 September 2021".to_owned(),
            "Not yet, by noon on Tuesday 14 September 2021".to_owned(),
            true,
        )],
        asked: vec![(
            "Another planned end: 1 March 2022".to_owned(),
            "9am on Monday 13 September 2021".to_owned(),
            "Waits for the authority".to_owned(),
            true,
        )],
        without_power: Some(("Decision HEF-2021-U001 is open: ratify, raise the ceiling, or end.".to_owned(), true)),
        watch: vec![pair("Whole-life value", "£700,000"), pair("Threshold", "£663,540")],
        watch_asks: vec!["The threshold is reached. Record the legal ground.".to_owned()],
    }
}
