//! The parts of the annual value's page, each a table, a drawing or a sentence.

use placewell_domain::money::Pence;
use placewell_domain::power::annual_value::{Aspect, Figures};
use placewell_domain::power::arrangement::Participation;

use super::{AnnualValueView, PATH, RestsOn};
use crate::components::{BarRow, Bars, Colour, Column, Details, Inset, Link, Row, SummaryList, Table, Tag, Warning};
use crate::html::Html;
use crate::words;

/// Why nothing can be awarded today.
pub(super) fn cannot_award(view: &AnnualValueView) -> Option<Inset> {
    let stands = view.participation.as_ref()?;
    let able = matches!(stands, Participation::CanAward { .. });
    (!able).then(|| Inset::new(stands.reason()))
}

/// How what is expected was reckoned, or why it was not.
pub(super) fn rests_on(rests_on: RestsOn) -> String {
    let number = |count: usize| words::number(u64::try_from(count).unwrap_or(u64::MAX));
    match rests_on {
        RestsOn::Awards { awards, weeks } => format!(
            "Expected new and outturn rest on the {} awards of the last {} weeks, with their weeks, prices and lengths of \
             stay: 2,000 futures drawn from them, of which 8 in 10 lie in the range. Planned ends are taken as they stand, \
             and the draws do not stop at the ceiling.",
            number(awards),
            number(weeks)
        ),
        RestsOn::TooFew { awards, weeks } => format!(
            "Too few awards to say what is expected: {} in the last {} weeks, and 8 are needed.",
            number(awards),
            number(weeks)
        ),
        RestsOn::Closed => "No award can begin in the rest of this year, so nothing new is expected.".to_owned(),
    }
}

/// Rises that are granted and wait for this authority: in the run-rate and the outturn before the ceiling holds them.
pub(super) fn rises(view: &AnnualValueView) -> Option<Html> {
    (view.rises != Pence::ZERO).then(|| {
        let said = format!(
            "Rises in price that are granted and not confirmed yet add {} to the planned nights of this year. The \
             run-rate and the outturn have them; the ceiling holds them once they are confirmed. ",
            words::money(view.rises)
        );
        Html::paragraph(Html::join([Html::from(said), Link::new("Confirm rises", "/finance/uplifts").into()]))
    })
}

/// The approved budget in words, and how far what is planned is from it.
pub(super) fn budget(view: &AnnualValueView) -> Html {
    let said = match &view.budget {
        Some((budget, source)) => {
            let source = source.as_ref().map_or_else(String::new, |source| format!(" ({source})"));
            let rest = *budget - view.words.planned;
            let (rest, side) = if rest < Pence::ZERO { (-rest, "above") } else { (rest, "below") };
            format!(
                "The ceiling is not the budget. The approved budget is {}{source}; what is planned is {} {side} it.",
                words::money(*budget),
                words::money(rest)
            )
        }
        None => "The ceiling is not the budget. No approved budget is recorded.".to_owned(),
    };
    let record = if view.keeps {
        Html::paragraph(Link::new("Record the approved budget", format!("{PATH}/budget")))
    } else {
        Html::default()
    };
    Html::join([Html::paragraph(said), record])
}

/// The page and the year's movements as files.
pub(super) fn downloads(view: &AnnualValueView) -> Html {
    let year = view.starts_in;
    let reading = view.flipped.map_or_else(String::new, |aspect| format!("&reading={}", aspect.code()));
    let count = u64::try_from(view.agreements.len()).unwrap_or(u64::MAX);
    let agreements = format!("Download {}", words::count(count, "agreement", "agreements"));
    let agreements = if view.agreements.is_empty() {
        vec![]
    } else {
        vec![Link::download(format!("{agreements} (CSV)"), format!("{PATH}.csv?year={year}{reading}"))]
    };
    let rest = [
        Link::new("Rises in price: what they cost, and agreements to confirm", "/finance/uplifts"),
        Link::download("Download this page's tables (XLSX)", format!("{PATH}.xlsx?year={year}{reading}")),
        Link::download("Download the year's movements (CSV)", format!("{PATH}/movements.csv?year={year}")),
        Link::download("Download the year's movements (XLSX)", format!("{PATH}/movements.xlsx?year={year}")),
    ];
    Html::bullets(agreements.into_iter().chain(rest))
}

pub(super) fn other_reading(view: &AnnualValueView) -> Option<Inset> {
    let aspect = view.flipped?;
    Some(Inset::new(Html::join([
        Html::from(format!(
            "This is the other reading: {} counted {}, {} planned. The authority's recorded reading counts {}: {} planned. ",
            lower(aspect.label()),
            view.shown.answer(aspect),
            words::money(view.words.planned),
            view.recorded.answer(aspect),
            words::money(view.recorded_planned)
        )),
        Link::new("Show the recorded reading", format!("{PATH}?year={}", view.starts_in)).into(),
    ])))
}

pub(super) fn over(view: &AnnualValueView) -> Option<Warning> {
    let over = Pence((view.words.planned - view.words.ceiling).0.max(0));
    (over > Pence::ZERO).then(|| {
        Warning::new(format!(
            "{} is committed above the ceiling. Each part of it is listed below with its reason and person; the \
             Director, finance and the monitoring officer were told.",
            words::money(over)
        ))
    })
}

pub(super) fn bar(view: &AnnualValueView) -> Bars {
    let words = &view.words;
    let rest = Pence((words.planned - words.spent).0.max(0));
    let new = words.forecast.map_or(Pence::ZERO, |forecast| forecast.expected_new);
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
    .series(["Spent", "Still planned", "Expected new"])
    .bar(BarRow::new("Through the arrangement", [words.spent.0, rest.0, new.0]))
    .bar(BarRow::new("Spot purchases, beside the ceiling", [0, view.spot.planned.0, 0]))
    .limit("Ceiling", words.ceiling.0)
    .shown_as(|pence| words::money(Pence(pence)))
}

pub(super) fn figures(view: &AnnualValueView) -> Table {
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
    match &view.budget {
        Some((budget, _)) => table.row(Row::new("Approved budget, beside the ceiling").cell("").cell(*budget).cell("")),
        None => table,
    }
}

pub(super) fn months(view: &AnnualValueView) -> Html {
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

pub(super) fn agreements(view: &AnnualValueView) -> Table {
    Table::new("Agreements")
        .column(Column::text("Agreement"))
        .column(Column::number("Spent"))
        .column(Column::number("Bound"))
        .column(Column::number("Planned"))
        .column(Column::number("Run-rate"))
        .column(Column::text("Planned end"))
        .rows(view.agreements.iter().map(|row| {
            Row::new(Link::new(row.reference.as_str(), record_of(&row.reference)))
                .cell(row.spent)
                .cell(row.figures.bound)
                .cell(row.figures.planned)
                .cell(row.figures.run_rate)
                .cell(if row.overdue { "Overdue: counted 28 days at a time" } else { "As reviewed" })
        }))
        .empty("No agreement counts in this year, or your role sees totals only.")
}

pub(super) fn readings(view: &AnnualValueView) -> Html {
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
    let list = list.row("The ceiling holds", view.shown.holds.label());
    let vat = Html::paragraph("No price line carries VAT, so both readings of VAT give the same figures.");
    let record = if view.keeps {
        Html::paragraph(Link::new("Record the authority's reading", format!("{PATH}/reading")))
    } else {
        Html::default()
    };
    Html::join([Html::heading("What counts"), Html::paragraph(adviser), list.into(), vat, record])
}

pub(super) fn steps(view: &AnnualValueView) -> Table {
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

pub(super) fn exceptions(view: &AnnualValueView) -> Table {
    Table::new("Excepted above the ceiling")
        .columns(["Agreement", "Reason", "In words", "Who", "When"])
        .column(Column::number("Amount"))
        .rows(view.exceptions.iter().map(|row| {
            let about = if row.reference.is_empty() {
                Row::new("The ceiling")
            } else {
                Row::new(Link::new(row.reference.as_str(), record_of(&row.reference)))
            };
            about
                .cell(row.reason.as_str())
                .cell(row.words.as_str())
                .cell(row.person.as_str())
                .cell(words::date(row.on))
                .cell(Tag::new(words::money(row.pence), Colour::Red))
        }))
        .empty("Nothing was excepted.")
}

fn lower(text: &str) -> String {
    if text.starts_with("VAT") { text.to_owned() } else { text.to_lowercase() }
}

/// Where the record of a reference stands: an agreement's, or a mini-block's.
fn record_of(reference: &str) -> String {
    if reference.starts_with("MB-") { format!("/mini-blocks/{reference}") } else { format!("/agreements/{reference}") }
}
