//! The tables of an appraisal, and the drawing of its ranges.

use placewell_domain::money::Pence;
use placewell_domain::reporting::appraisal::{Alternative, Assumption, OptionFigures, Origin, Range, thousands};

use super::AppraisedView;
use crate::components::{Column, Inset, Link, Ranges, Row, Table};
use crate::html::Html;
use crate::words;

fn pounds(pence: i64) -> String {
    thousands(pence).to_string().replace('-', "−")
}

/// A difference: with its sign.
fn apart(pence: i64) -> String {
    let rounded = thousands(pence);
    if rounded.0 > 0 { format!("+{rounded}") } else { pounds(pence) }
}

fn three(of: Range, show: impl Fn(i64) -> String) -> Html {
    Html::lines([show(of.middle), format!("{} to {}", show(of.low), show(of.high))])
}

fn counted(of: Range) -> Html {
    three(of, |count| words::number(count.unsigned_abs()))
}

/// Minutes as hours, which a reader of years can picture.
fn hours(of: Range) -> Html {
    three(of, |minutes| format!("{} hours", words::number(((minutes + 30) / 60).unsigned_abs())))
}

fn percent(thousandths: u32) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

fn span(view: &AppraisedView) -> String {
    words::count(view.assumptions.get(Assumption::Years).unsigned_abs(), "year", "years")
}

/// The ranges of what each alternative costs.
pub(super) fn drawing(view: &AppraisedView) -> Ranges {
    let drawing = Ranges::new(
        "cost",
        format!("Cost over {}", span(view)),
        "Each bar is the range that holds 90 of 100 futures, its mark the middle. The scale may not begin at nothing; the \
         numbers stand in the table below.",
        pounds,
    );
    view.figures.options.iter().fold(drawing, |drawing, one| {
        let cost = one.cost;
        drawing.range(one.alternative.label(), pounds(cost.middle), [cost.low, cost.middle, cost.high])
    })
}

fn rows(view: &AppraisedView, cells: impl Fn(&OptionFigures, Row) -> Row) -> impl Iterator<Item = Row> {
    view.figures.options.iter().map(move |one| cells(one, Row::new(one.alternative.label())))
}

/// What each costs.
pub(super) fn cost(view: &AppraisedView) -> Table {
    Table::new(format!("What each alternative costs over {}, set-up included", span(view)))
        .column(Column::text("Alternative"))
        .column(Column::number("Cost"))
        .column(Column::number("Above the FCA"))
        .column(Column::number("Futures in which it costs less"))
        .column(Column::number("Set-up, once"))
        .rows(rows(view, |one, row| {
            let row = row.cell(three(one.cost, pounds));
            let row = if one.alternative == Alternative::Arrangement {
                row.cell("Compared with").cell("Compared with")
            } else {
                row.cell(three(one.above, apart)).cell(percent(one.cheaper))
            };
            row.cell(pounds(one.set_up))
        }))
}

/// By which way children are placed.
pub(super) fn placements(view: &AppraisedView) -> Table {
    Table::new("How children are placed")
        .column(Column::text("Alternative"))
        .column(Column::number("Through its framework"))
        .column(Column::number("By spot"))
        .column(Column::number("In beds of the block or in house"))
        .column(Column::number("No home found at first"))
        .column(Column::number("Still need the FCA"))
        .rows(rows(view, |one, row| {
            let asked = matches!(one.alternative, Alternative::Block | Alternative::InHouse | Alternative::Arrangement);
            let row = row.cell(counted(one.framework)).cell(counted(one.spot)).cell(counted(one.beds));
            let row = row.cell(counted(one.not_found));
            if asked { row.cell(counted(one.still)) } else { row.cell("Not applicable") }
        }))
}

/// Where, and with how much administration.
pub(super) fn places(view: &AppraisedView) -> Table {
    Table::new("Where children live, and administration")
        .column(Column::text("Alternative"))
        .column(Column::number("In the authority’s own area"))
        .column(Column::number("At a distance"))
        .column(Column::number("Administration"))
        .rows(rows(view, |one, row| row.cell(counted(one.near)).cell(counted(one.far)).cell(hours(one.minutes))))
}

/// The contract years against the ceiling, where any lies ahead.
pub(super) fn years(view: &AppraisedView) -> Option<Table> {
    let rows = view.figures.years.iter().map(|year| {
        let row = Row::new(words::date(year.start)).cell(three(year.cost, pounds));
        match year.ceiling {
            None => row.cell("None set").cell("Not applicable"),
            Some(ceiling) if year.set => row.cell(pounds(ceiling)).cell(percent(year.above)),
            Some(ceiling) => {
                let said = [pounds(ceiling), "as of the present year; no decision sets one yet".to_owned()];
                row.cell(Html::lines(said)).cell(percent(year.above))
            }
        }
    });
    let table = Table::new("Placements through the arrangement against the ceiling of each year")
        .column(Column::text("Year from"))
        .column(Column::number("Cost"))
        .column(Column::number("Ceiling"))
        .column(Column::number("Futures above it"))
        .rows(rows);
    (!view.figures.years.is_empty()).then_some(table)
}

/// What buyers of each size pay.
pub(super) fn paid(view: &AppraisedView) -> Option<Html> {
    if view.paid.is_empty() {
        return None;
    }
    let cell = |(count, price): (u32, Option<i64>)| match price {
        Some(price) => {
            Html::lines([words::a_week(Pence(price)), words::count(u64::from(count), "placement", "placements")])
        }
        None => Html::text("Too few to say"),
    };
    let rows = view.paid.iter().map(|(name, lot)| {
        Row::new(name.as_str()).cell(cell(lot.own)).cell(cell(lot.like)).cell(cell(lot.larger)).cell(cell(lot.region))
    });
    let table = Table::new("What buyers of each size pay for the same lot, in the last two years")
        .column(Column::text("Lot"))
        .column(Column::number("This authority"))
        .column(Column::number("Half to twice its size"))
        .column(Column::number("Larger"))
        .column(Column::number("The region"))
        .rows(rows);
    let note = "Size is the number of placements in two years. The middle weekly price, by either route; fewer than eight are \
                too few to say.";
    Some(Html::join([Html::from(table), Inset::new(note).into()]))
}

/// On what it rests, a sentence each.
pub(super) fn grounds(view: &AppraisedView) -> Vec<String> {
    let read = format!(
        "The authority's record up to its event {}, on {}.",
        words::number(u64::try_from(view.event).unwrap_or_default()),
        words::date(view.day)
    );
    core::iter::once(read).chain(view.grounds.iter().cloned()).collect()
}

/// The assumptions of a saved appraisal.
pub(super) fn assumed(view: &AppraisedView) -> Table {
    let rows = Assumption::ALL.iter().map(|one| {
        let assumed = view.assumptions.of(*one);
        let from = match assumed.origin {
            Origin::Record(how) => format!("From the record: {how}"),
            Origin::Estimate(why) => why,
            Origin::Typed { instead_of } => format!("Entered in place of {}", one.unit().show(instead_of)),
        };
        Row::new(one.label()).cell(one.unit().show(assumed.value)).cell(from)
    });
    Table::new("Assumptions")
        .caption_hidden()
        .column(Column::text("Assumption"))
        .column(Column::number("Value"))
        .column(Column::text("Where it comes from"))
        .rows(rows)
}

/// The same in other forms.
pub(super) fn downloads(path: &str, query: &str) -> Html {
    let to = |form: &str| if query.is_empty() { format!("{path}.{form}") } else { format!("{path}.{form}?{query}") };
    Html::bullets([
        Link::download("Download the report (PDF)", to("pdf")),
        Link::download("Download the alternatives (CSV)", to("csv")),
        Link::download("Download all tables (XLSX)", to("xlsx")),
        Link::download("Download everything (JSON)", to("json")),
    ])
}
