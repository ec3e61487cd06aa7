//! The month: its figures, what each pays, corrections, settling, and each bed on each night.

use super::{NightsView, SettlingView, disputes};
use crate::components::{Cell, Colour, Column, Inset, Link, Row, SummaryList, Table, Tag};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::words;

const KEY: &str = "Each night has one payer. Used: the child's responsible authority. Empty: the authorities by shares, \
                   unless the cause is the provider's. Re-sold: the buyer; the income above the empty price goes by shares.";

/// Adds the month to a page.
pub(super) fn month(page: Page, view: &NightsView, csrf: &str) -> Page {
    let page = page.with(around(view)).with(facts(view)).with(Inset::new(KEY)).heading("What each pays");
    let page = page.with(parts(view));
    let page = if view.corrections.is_empty() { page } else { page.with(corrections(view)) };
    let page = settling(page.heading("Settling this month"), view, csrf);
    page.heading("Night by night").with(nights(view)).text(Link::download(
        "Download these nights as CSV",
        format!("{}.csv?month={}", view.path(""), view.month.strftime("%Y-%m")),
    ))
}

fn around(view: &NightsView) -> Html {
    let link = |words: &str, month: &String| Html::from(Link::new(words, view.path(&format!("?month={month}"))));
    let (before, after) = &view.around;
    let links =
        [before.as_ref().map(|one| link("Month before", one)), after.as_ref().map(|one| link("Month after", one))];
    Html::paragraph(Html::join(links.into_iter().flatten().flat_map(|one| [one, " ".into()])))
}

fn facts(view: &NightsView) -> SummaryList {
    let tag = Tag::new(view.settling.label.as_str(), if view.settling.frozen { Colour::Green } else { Colour::Blue });
    let list = SummaryList::new().row("Month", tag);
    view.facts.iter().fold(list, |list, (label, value)| list.row(label.as_str(), value.as_str()))
}

fn parts(view: &NightsView) -> Table {
    let month = view.month.strftime("%Y-%m").to_string();
    let rows = view.parts.iter().map(|part| {
        let name = if part.opens {
            let path = format!("/mini-blocks/{}/recharge/{}?month={month}", view.reference, part.code);
            Html::from(Link::new(part.name.as_str(), path))
        } else {
            part.name.as_str().into()
        };
        Row::new(name)
            .cell(Cell::new(part.used.0.to_string()))
            .cell(Cell::money(part.used.1))
            .cell(Cell::money(part.empty))
            .cell(Cell::money(part.bought))
            .cell(Cell::money(-part.income))
            .cell(Cell::money(part.owes))
    });
    Table::new("Who pays for these nights")
        .column(Column::text("Authority"))
        .column(Column::number("Own nights"))
        .column(Column::number("Used"))
        .column(Column::number("Empty, by share"))
        .column(Column::number("Bought"))
        .column(Column::number("Income"))
        .column(Column::number("To pay"))
        .rows(rows)
        .empty("Nobody pays for a night of this month.")
}

fn corrections(view: &NightsView) -> Table {
    let rows = view.corrections.iter().map(|one| {
        Row::new(words::date(one.night))
            .cell(one.slot.to_string())
            .cell(one.change.0.as_str())
            .cell(one.change.1.as_str())
            .cell(Cell::money(one.due))
    });
    Table::new("Corrections of earlier months, posted in this one")
        .columns(["Night", "Bed", "Was", "Is now"])
        .column(Column::number("Due"))
        .rows(rows)
}

fn settling(page: Page, view: &NightsView, csrf: &str) -> Page {
    let SettlingView { version, frozen, disputed, digest, side, passed, .. } = &view.settling;
    let page = match disputed {
        Some(what) => page.text(format!("Disputed: {}.", what.to_lowercase())),
        None => page,
    };
    if *frozen {
        return page.text("Both sides agreed these figures. A later correction stands in the next month.");
    }
    if !*passed {
        return page.text("The month is settled once its last night has passed.");
    }
    if side.is_none() {
        return page.text("The provider and the lead settle it.");
    }
    let month = view.month.to_string();
    let form = |key: usize| {
        Form::post(view.path("/settle"), csrf, view.key(key))
            .version(*version)
            .field(Field::hidden("month", month.as_str()))
            .field(Field::hidden("digest", digest.as_str()))
    };
    let agree = form(0).field(Field::hidden("say", "agree")).submit("Agree these figures");
    let reasons = disputes().map(|(code, label)| Choice::new(code, label));
    let dispute = form(1)
        .field(Field::hidden("say", "dispute"))
        .field(Field::radios("wrong", "What is wrong", reasons).small())
        .submit("Say that something is wrong");
    page.text("When both sides have agreed the same figures, the nights are frozen.").with(agree).with(dispute)
}

fn nights(view: &NightsView) -> Table {
    let table =
        view.beds.iter().fold(Table::new("Each bed on each night").column(Column::text("Night")), |table, bed| {
            table.column(Column::text(bed.as_str()))
        });
    let rows = view.nights.iter().map(|night| {
        let row = Row::new(words::date(night.night));
        let row = night.beds.iter().fold(row, |row, bed| row.cell(bed.as_str()));
        row.cell(Cell::money(night.due))
    });
    table.column(Column::number("Due")).rows(rows).empty("The contract has no night in this month.").scrolls()
}
