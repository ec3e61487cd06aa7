//! The annual value of a year (F-02): one bar, the words, the three figures, the months, the agreements behind them,
//! the other readings one link apart, the steps of the ceiling and what was excepted above it.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::annual_value::{Aspect, Figures, Reading, Words};

use crate::components::{BarRow, Bars, Column, Details, Inset, Link, Row, SubNav, SummaryList, Table, Warning};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

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
    /// The approved budget.
    pub budget: Option<Pence>,
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
    if !view.adopted && view.agreements.is_empty() {
        return page.with(Inset::new(
            "No decision gives this authority an annual value for this year, so nothing can be awarded in it.",
        ));
    }
    page.maybe(other_reading(view))
        .maybe(over(view))
        .with(Html::paragraph(view.words.sentence()))
        .with(bar(view))
        .with(figures(view))
        .with(months(view))
        .with(agreements(view))
        .with(readings(view))
        .with(steps(view))
        .with(exceptions(view))
}

fn other_reading(view: &AnnualValueView) -> Option<Inset> {
    let aspect = view.flipped?;
    Some(Inset::new(Html::join([
        Html::from(format!(
            "This is the other reading: {} counted {}. The authority's recorded reading counts {}. ",
            lower(aspect.label()),
            view.shown.answer(aspect),
            view.recorded.answer(aspect)
        )),
        Link::new("Show the recorded reading", format!("{PATH}?year={}", view.starts_in)).into(),
    ])))
}

fn over(view: &AnnualValueView) -> Option<Warning> {
    let over = Pence((view.words.planned - view.words.ceiling).0.max(0));
    (over > Pence::ZERO).then(|| {
        Warning::new(format!(
            "{} is committed above the ceiling. Each part of it is listed below with its reason and person; the \
             Director, finance and the monitoring officer were told.",
            words::money(over)
        ))
    })
}

fn bar(view: &AnnualValueView) -> Bars {
    let words = &view.words;
    let rest = Pence((words.planned - words.spent).0.max(0));
    let finding = if words.planned > words.ceiling {
        "More is planned than the ceiling".to_owned()
    } else {
        format!("{} can still be awarded", words::money(words.can_award()))
    };
    Bars::new(
        "annual-value",
        finding,
        format!("Spent and planned against the ceiling of {}, {}.", words::money(words.ceiling), view.year),
        "Route",
    )
    .series(["Spent", "Still planned"])
    .bar(BarRow::new("Through the arrangement", [words.spent.0, rest.0]))
    .bar(BarRow::new("Spot purchases, beside the ceiling", [0, view.spot.planned.0]))
    .limit("Ceiling", words.ceiling.0)
    .shown_as(|pence| words::money(Pence(pence)))
}

fn figures(view: &AnnualValueView) -> Table {
    let row =
        |name: &str, figures: &Figures| Row::new(name).cell(figures.bound).cell(figures.planned).cell(figures.run_rate);
    let table = Table::new("Bound, planned and run-rate")
        .column(Column::text("What"))
        .column(Column::number("Bound"))
        .column(Column::number("Planned"))
        .column(Column::number("Run-rate"))
        .row(row("Counted towards the ceiling", &view.figures))
        .row(row("Spot purchases, beside it", &view.spot));
    let blank = || words::money(Pence::ZERO);
    let table = table.row(Row::new("After the term").cell(blank()).cell(view.after_term).cell(blank()));
    match view.budget {
        Some(budget) => table.row(Row::new("Approved budget, beside the ceiling").cell("").cell(budget).cell("")),
        None => table,
    }
}

fn months(view: &AnnualValueView) -> Html {
    let mut sum = Pence::ZERO;
    let table = Table::new("Month by month")
        .caption_hidden()
        .column(Column::text("Month"))
        .column(Column::number("Planned"))
        .column(Column::number("Planned so far in the year"))
        .rows(view.months.iter().map(|(from, planned, past)| {
            sum += *planned;
            let name = format!("{} {}{}", words::month(*from), from.year(), if *past { " (passed)" } else { "" });
            Row::new(name).cell(*planned).cell(sum)
        }));
    Details::new("Month by month", table).into()
}

fn agreements(view: &AnnualValueView) -> Table {
    Table::new("Agreements")
        .column(Column::text("Agreement"))
        .column(Column::number("Spent"))
        .column(Column::number("Bound"))
        .column(Column::number("Planned"))
        .column(Column::number("Run-rate"))
        .column(Column::text("Planned end"))
        .rows(view.agreements.iter().map(|row| {
            Row::new(Link::new(row.reference.as_str(), format!("/agreements/{}", row.reference)))
                .cell(row.spent)
                .cell(row.figures.bound)
                .cell(row.figures.planned)
                .cell(row.figures.run_rate)
                .cell(if row.overdue { "Overdue: counted 28 days at a time" } else { "As reviewed" })
        }))
        .empty("No agreement counts in this year, or your role sees totals only.")
}

fn readings(view: &AnnualValueView) -> Html {
    let adviser = match (&view.recorded.adviser, view.recorded.recorded_on) {
        (Some(adviser), Some(on)) => format!("Recorded on {} on the advice of {adviser}.", words::date(on)),
        _ => "The authority has not recorded a reading; the defaults stand.".to_owned(),
    };
    let list = Aspect::ALL.iter().fold(SummaryList::new(), |list, aspect| {
        let link =
            Link::new("Show the other reading", format!("{PATH}?year={}&reading={}", view.starts_in, aspect.code()))
                .hidden(format!("of {}", lower(aspect.label())));
        list.row(aspect.label(), view.recorded.answer(*aspect)).action(link)
    });
    let record = if view.keeps {
        Html::paragraph(Link::new("Record the authority's reading", format!("{PATH}/reading")))
    } else {
        Html::default()
    };
    Html::join([Html::heading("What counts"), Html::paragraph(adviser), list.into(), record])
}

fn steps(view: &AnnualValueView) -> Table {
    Table::new("The ceiling and its decisions")
        .column(Column::text("Decision"))
        .column(Column::text("Set on"))
        .column(Column::number("Ceiling"))
        .column(Column::text("Excess accepted"))
        .rows(view.steps.iter().map(|step| {
            Row::new(Link::new(step.reference.as_str(), format!("/decisions/{}", step.reference)))
                .cell(words::date(step.on))
                .cell(step.ceiling)
                .cell(if step.accepts_over { "Yes" } else { "No" })
        }))
        .empty("No decision has set a ceiling for this year.")
}

fn exceptions(view: &AnnualValueView) -> Table {
    Table::new("Excepted above the ceiling")
        .columns(["Agreement", "Reason", "In words", "Who", "When"])
        .column(Column::number("Amount"))
        .rows(view.exceptions.iter().map(|row| {
            Row::new(Link::new(row.reference.as_str(), format!("/agreements/{}", row.reference)))
                .cell(row.reason.as_str())
                .cell(row.words.as_str())
                .cell(row.person.as_str())
                .cell(words::date(row.on))
                .cell(row.pence)
        }))
        .empty("Nothing was excepted.")
}

fn lower(text: &str) -> String {
    if text.starts_with("VAT") { text.to_owned() } else { text.to_lowercase() }
}

/// The form by which the authority's reading is recorded.
pub fn reading_page(shell: Shell, key: &str, reading: &Reading, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled("Record what counts").back(PATH).with_errors(errors);
    let form = Aspect::ALL.iter().fold(Form::post(format!("{PATH}/reading"), csrf, key), |form, aspect| {
        let choices = match aspect {
            Aspect::Net => [Choice::new("gross", "Gross"), Choice::new("net", "Net")],
            Aspect::Year => [
                Choice::new("contract year", "Contract year, 15 December to 14 December"),
                Choice::new("financial year", "Financial year, 1 April to 31 March"),
            ],
            Aspect::Spot | Aspect::Education | Aspect::Vat | Aspect::BlockVoids | Aspect::Successor => {
                [Choice::new("in", "Counted"), Choice::new("out", "Not counted")]
            }
        };
        form.field(Field::radios(aspect.code(), aspect.label(), choices).value(reading.answer(*aspect)).errors(errors))
    });
    let form = form
        .field(
            Field::text("adviser", "Who advised on this reading?")
                .hint("By post, such as the section 151 officer")
                .value(reading.adviser.clone().unwrap_or_default())
                .errors(errors),
        )
        .submit("Record this reading")
        .cancel(PATH);
    Page::new(shell)
        .narrow()
        .text("The decision seldom says what its annual value holds. The authority records its own reading, with who advised on it. Every live agreement is counted anew.")
        .with(form)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let figures = Figures {
        bound: Pence::pounds(4_100_000),
        planned: Pence::pounds(5_087_400),
        run_rate: Pence::pounds(5_300_000),
    };
    let day = Date::constant(2021, 9, 1);
    let words = Words {
        ceiling: Pence::pounds(5_500_000),
        spent: Pence::pounds(3_611_200),
        planned: figures.planned,
        excepted: Pence::ZERO,
        forecast: None,
    };
    let view = AnnualValueView {
        years: vec![(2020, "contract year 15 December 2020 to 14 December 2021".into(), true)],
        year: "contract year 15 December 2020 to 14 December 2021".into(),
        starts_in: 2020,
        adopted: true,
        words,
        figures,
        spot: Figures::default(),
        after_term: Pence::pounds(120_000),
        budget: Some(Pence::pounds(5_200_000)),
        recorded: Reading::default(),
        shown: Reading::default(),
        flipped: None,
        months: vec![(day, Pence::pounds(400_000), false)],
        agreements: vec![AgreementView {
            reference: "HEF-A-0137".into(),
            figures,
            spent: Pence::pounds(9),
            overdue: true,
        }],
        steps: vec![StepView {
            ceiling: Pence::pounds(5_500_000),
            reference: "HEF-2019-0114".into(),
            on: day,
            accepts_over: false,
        }],
        exceptions: vec![ExceptionView {
            reference: "HEF-A-0137".into(),
            reason: "Stay past the planned end".into(),
            words: "Review on 20 September".into(),
            person: "Priya Shah".into(),
            on: day,
            pence: Pence::pounds(4_150),
        }],
        keeps: true,
    };
    let above = AnnualValueView {
        words: Words { ceiling: Pence::pounds(5_000_000), ..words },
        flipped: Some(Aspect::Education),
        shown: Reading::default().flipped(Aspect::Education),
        ..view.clone()
    };
    let none = AnnualValueView { adopted: false, agreements: vec![], ..view.clone() };
    let shell = kit::signed_in_shell;
    vec![
        ("annual value", annual_value_page(shell(), &view).to_string()),
        ("annual value above the ceiling", annual_value_page(shell(), &above).to_string()),
        ("annual value of a year not adopted", annual_value_page(shell(), &none).to_string()),
        ("record a reading", reading_page(shell(), "k", &Reading::default(), &Invalid::default()).to_string()),
    ]
}
