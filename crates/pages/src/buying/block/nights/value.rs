//! Beds and value: vacancies, nominations, re-sales, recorded causes, use by week, and from which use it pays.

use placewell_domain::money::Pence;

use super::{BreakEvenView, NightsView, NominationView, forms, refusals, withdrawals};
use crate::components::{BarRow, Bars, Cell, Column, Curve, Level, Link, Row, Table};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::words;

/// Adds the beds and their value to a page.
pub(super) fn beds(page: Page, view: &NightsView, csrf: &str) -> Page {
    let page = page.heading("Empty beds today").with(vacancies(view));
    let links =
        [("nominate", "Nominate a child"), ("void", "Record why a bed is empty"), ("offer", "Offer empty nights")];
    let links = links.iter().zip(view.may).filter(|(_, may)| *may);
    let page = links.fold(page, |page, ((act, text), _)| page.text(Link::new(*text, view.path(&format!("/{act}")))));
    let page = if view.void_offers.is_empty() { page } else { page.with(void_offers(view, csrf)) };
    let page = page.heading("Nominations").text(view.refusals.as_str()).with(nominations(view, csrf));
    let page = page.with(resales(view, csrf)).with(causes(view));
    let page = if view.weeks.is_empty() { page } else { page.with(weeks(view)) };
    match &view.break_even {
        Some(even) => page.with(break_even(even)).with(against(even)),
        None => page,
    }
}

fn vacancies(view: &NightsView) -> Table {
    let rows = view.vacancies.iter().map(|one| {
        let until = words::moment(one.nominate_by);
        let who = match (one.nominated, one.open_to_others) {
            (true, _) => "A child is nominated".to_owned(),
            (false, true) => format!("Until {until}; empty nights may be offered to others now"),
            (false, false) => format!("Until {until}"),
        };
        Row::new(one.bed.as_str()).cell(words::date(one.since)).cell(who)
    });
    Table::new("Vacancies")
        .columns(["Bed", "Empty since", "The authorities can nominate"])
        .rows(rows)
        .empty("No bed is empty.")
}

/// Offers to the block's own authorities: whoever's turn it is takes the bed or passes.
fn void_offers(view: &NightsView, csrf: &str) -> Table {
    let first = forms(view.nominations.len(), view.resales.len(), 0);
    let rows = view.void_offers.iter().enumerate().map(|(at, one)| {
        let form = |act: &str, key: usize, label: &str| {
            let form = Form::post(view.path(act), csrf, view.key(first + 2 * at + key)).version(one.version);
            Html::from(form.field(Field::hidden("id", one.id.to_string())).submit(label))
        };
        let take = one.takes.then(|| form("/take", 0, "Take this bed for a child"));
        let pass = one.passes.then(|| form("/pass", 1, if one.takes { "Pass" } else { "Give it back" }));
        let (place, name) = &one.authority;
        Row::new(one.bed.as_str())
            .cell(words::date(one.since))
            .cell(format!("{place}. {name}"))
            .cell(one.state.as_str())
            .cell(Cell::new(Html::join(take.into_iter().chain(pass))))
    });
    Table::new("Empty beds offered to the authorities in their order")
        .columns(["Bed", "Empty since", "To", "State", "To do"])
        .rows(rows)
}

fn act(view: &NightsView, one: &NominationView, csrf: &str, key: &str) -> Html {
    let form = |act: &str| {
        Form::post(view.path(act), csrf, key).version(one.version).field(Field::hidden("id", one.id.to_string()))
    };
    if one.answers {
        let reasons = refusals().map(|(code, label)| Choice::new(code, label));
        let answers = [Choice::new("accept", "Accept"), Choice::new("refuse", "Refuse")];
        return form("/answer")
            .field(Field::radios(format!("answer_{}", one.id), "Your answer", answers).small())
            .field(Field::select(
                format!("reason_{}", one.id),
                "Why, where you refuse",
                std::iter::once(Choice::new("", "")).chain(reasons),
            ))
            .submit("Answer this nomination")
            .into();
    }
    if one.withdraws {
        let reasons = withdrawals().map(|(code, label)| Choice::new(code, label));
        return form("/withdraw")
            .field(Field::select(format!("reason_{}", one.id), "Why", reasons))
            .submit("Take this nomination back")
            .into();
    }
    if one.concedes {
        return form("/concede").submit("Concede that it was not suitable").into();
    }
    "".into()
}

fn nominations(view: &NightsView, csrf: &str) -> Table {
    let rows = view.nominations.iter().enumerate().map(|(at, one)| {
        let reference = one.reference.clone().unwrap_or_else(|| "Another authority's referral".to_owned());
        Row::new(words::moment(one.made))
            .cell(one.slot.to_string())
            .cell(one.authority.as_str())
            .cell(reference)
            .cell(one.state.1.as_str())
            .cell(Cell::new(act(view, one, csrf, view.key(2 + at))))
    });
    Table::new("Children nominated")
        .columns(["When", "Bed", "By", "Referral", "State", "To do"])
        .rows(rows)
        .empty("Nobody has been nominated.")
}

fn resales(view: &NightsView, csrf: &str) -> Table {
    let first = 2 + view.nominations.len();
    let rows = view.resales.iter().enumerate().map(|(at, one)| {
        let back = if one.withdraws {
            let form = Form::post(view.path("/offer/withdraw"), csrf, view.key(first + at))
                .version(one.version)
                .field(Field::hidden("id", one.id.to_string()));
            Html::from(form.submit("Take this offer back"))
        } else {
            "".into()
        };
        Row::new(words::date_range(one.nights.0, one.nights.1))
            .cell(one.slot.to_string())
            .cell(one.buyer.as_str())
            .cell(Cell::money(one.night))
            .cell(one.state.as_str())
            .cell(Cell::new(back))
    });
    Table::new("Nights offered to other authorities")
        .columns(["Nights", "Bed", "To"])
        .column(Column::number("A night"))
        .columns(["State", "To do"])
        .rows(rows)
        .empty("No empty nights have been offered.")
}

fn causes(view: &NightsView) -> Table {
    let rows = view.causes.iter().map(|one| {
        Row::new(words::date_range(one.nights.0, one.nights.1))
            .cell(one.bed.as_str())
            .cell(one.cause.as_str())
            .cell(words::moment(one.at))
    });
    Table::new("Why beds stood empty, as it was recorded")
        .columns(["Nights", "Bed", "Cause", "Recorded"])
        .rows(rows)
        .empty("Nothing is recorded beside nominations and what the homes' own records say.")
}

fn weeks(view: &NightsView) -> Bars {
    let used: i64 = view.weeks.iter().map(|week| week.nights[0] + week.nights[1]).sum();
    let all: i64 = view.weeks.iter().flat_map(|week| week.nights).sum();
    let percent = (used * 100).checked_div(all).unwrap_or(0);
    let bars = Bars::new(
        "weeks",
        format!("{percent}% of bed-nights were slept in over {} weeks", view.weeks.len()),
        format!("{used} of {all} bed-nights. A week begins with the evening named."),
        "Week from",
    )
    .series(["Used", "Re-sold", "Nominated", "Empty"])
    .shown_as(|nights| nights.to_string());
    view.weeks.iter().fold(bars, |bars, week| bars.bar(BarRow::new(words::date(week.from), week.nights)))
}

fn break_even(even: &BreakEvenView) -> Curve {
    let line = even.line.iter().map(|(percent, cost)| (*percent, cost.0));
    let curve =
        Curve::new("break-even", (even.finding.as_str(), even.words.as_str()), "A used bed of the block, a week", line);
    even.against.iter().fold(curve, |curve, one| match one.middle {
        Some((Pence(weekly), _)) => curve.level(Level::new(format!("{}, middle price", one.route), weekly, one.meets)),
        None => curve,
    })
}

fn against(even: &BreakEvenView) -> Table {
    let rows = even.against.iter().map(|one| {
        let few = || ("Too few to say".to_owned(), "Not told".to_owned());
        let told = |(weekly, at_least)| (words::money(weekly), format!("{at_least} or more"));
        let (weekly, placements) = one.middle.map_or_else(few, told);
        Row::new(one.route).cell(weekly).cell(placements).cell(one.even.as_str())
    });
    Table::new("From which use the block costs no more")
        .column(Column::text("Bought by"))
        .column(Column::number("Middle price a week"))
        .column(Column::number("Like placements"))
        .column(Column::text("The block breaks even"))
        .rows(rows)
}
