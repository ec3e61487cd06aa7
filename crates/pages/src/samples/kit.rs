//! Pages that show every component once in each state, for developers to look at and for the lints.

use askama::Template;
use jiff::civil::{date, datetime};
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;

use super::{public_shell, signed_in_shell};
use crate::components::{
    Banner, BarRow, Bars, Button, ButtonGroup, Cell, Colour, Column, Comparison, ContextualDate, Criterion, Details,
    Filters, Inset, Link, Number, Numbers, Pagination, Row, SubNav, SummaryCard, SummaryList, Table, Tag, Task,
    TaskList, TaskStatus, TermBar, Timeline, TimelineEvent, Value, Warning,
};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::shell::{ContextStrip, Shell, Tour};

#[derive(Template)]
#[template(
    ext = "html",
    source = "{% extends \"layout.html\" %}{% block content %}{% for part in parts %}{{ part }}{% endfor %}{% endblock %}"
)]
struct Kit {
    shell: Shell,
    parts: Vec<Html>,
}

fn page(shell: Shell, parts: Vec<Html>) -> String {
    Kit { shell, parts }.to_string()
}

/// The sample pages.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let wrong = form_errors();
    vec![
        (
            "texts and facts",
            page(signed_in_shell().titled("Texts and facts").record("HEF-R-0042").back("/referrals"), texts()),
        ),
        ("list", page(signed_in_shell().titled("Referrals").page_of(2, 12).crumb("Home", "/home"), list())),
        ("empty list", page(signed_in_shell().titled("Agreements"), vec![empty_table().into()])),
        ("comparison", page(comparison_shell(), vec![comparison(3).into()])),
        ("comparison of one", page(signed_in_shell().titled("Compare offers"), vec![comparison(1).into()])),
        ("charts", page(public_shell().titled("Charts"), charts())),
        ("form", page(signed_in_shell().titled("Every field"), vec![form(&Invalid::default()).into()])),
        (
            "filter bar",
            page(
                signed_in_shell().titled("Homes"),
                vec![Filters::new("/homes").field(Field::text("from", "From postcode").width(10)).bar().into()],
            ),
        ),
        (
            "success banner",
            page(signed_in_shell().titled("Referral").with_banner(Banner::success("Sent to 6 providers")), Vec::new()),
        ),
        (
            "important banner",
            page(
                signed_in_shell().titled("Homes").with_banner(
                    Banner::important("Ofsted data last loaded 3 days ago")
                        .body(Html::paragraph("Check before you buy.")),
                ),
                Vec::new(),
            ),
        ),
        (
            "form with errors",
            page(signed_in_shell().titled("Every field").with_errors(&wrong), vec![form(&wrong).into()]),
        ),
    ]
}

fn comparison_shell() -> Shell {
    let mut shell = signed_in_shell().titled("Compare offers").caption("HEF-R-0042").record("HEF-R-0042");
    shell.tour = Some(Tour { number: 3, of: 6, next: "/tour/4".to_owned() });
    shell.with_context(
        ContextStrip::new("The referral you are working on")
            .fact("Referral", Link::new("HEF-R-0042", "/referrals/HEF-R-0042"))
            .fact("Age band", "13 to 15")
            .fact("Needed by", "Friday 17 September 2021"),
    )
}

fn texts() -> Vec<Html> {
    let facts = SummaryList::new()
        .row("Start date", "17 September 2021")
        .change("/referrals/HEF-R-0042/need")
        .optional("Education", None::<String>)
        .row(
            "Documents",
            Link::document("Placement agreement HEF-A-0137", "PDF", 83_500, "/agreements/HEF-A-0137.pdf"),
        );
    vec![
        Html::paragraph("<script>alert(1)</script> O'Neil & Łukasz, ‏دار الأمل"),
        Inset::new("Withdrawn on 10 September 2021: the child stayed with family.").into(),
        Warning::new("This price is above the agreed schedule. The provider has to explain why.").into(),
        Details::new("How this is worked out", Html::bullets(["365 nights", "the weekly price divided by 7"])).into(),
        facts.clone().into(),
        SummaryCard::new("Elm House", facts.borderless()).action(Link::new("Watch", "/w").hidden("Elm House")).into(),
        Numbers::new([
            Number::new("1", "Closing today").to("/referrals?tab=closing"),
            Number::new("£4.62m", "Committed").note("of £5.5m"),
            Number::new("3", "Waiting for approval"),
        ])
        .into(),
        TaskList::new(
            "tasks",
            [
                Task::new("Describe the child's needs", "/need", TaskStatus::Completed),
                Task::new("Say when and how long", "/when", TaskStatus::InProgress).hint("Most officers do this first"),
                Task::new("Record risks", "/risks", TaskStatus::NotStarted),
                Task::new("Ask health", "/health", TaskStatus::Problem("Answer differs".to_owned())),
                Task::new("Check and send", "/check", TaskStatus::CannotStart),
            ],
        )
        .into(),
        ButtonGroup::new()
            .with(Button::link("Send to 6 providers", "/send"))
            .with(Button::link("Copy this referral", "/copy").secondary())
            .with(Link::new("Cancel", "/referrals"))
            .into(),
        timeline().into(),
    ]
}

fn timeline() -> Timeline {
    Timeline::new([
        TimelineEvent::at("Price changed", datetime(2021, 9, 13, 9, 58, 0, 0)).by("Oak Tree Care").change(
            "Weekly price",
            "£4,480",
            "£4,150",
        ),
        TimelineEvent::on("Sent to providers", date(2021, 9, 10))
            .by("Priya Shah")
            .body(Html::paragraph("To 6 providers.")),
    ])
}

fn filters() -> Filters {
    Filters::new("/referrals")
        .keep("tab", "open")
        .selected("Officer: Priya Shah", "/referrals?tab=open")
        .clear("/referrals?tab=open")
        .field(Field::text("q", "Reference or home").value("elm").plain())
        .field(
            Field::select("officer", "Officer", [Choice::new("", "Any"), Choice::new("ps", "Priya Shah")]).value("ps"),
        )
        .field(Field::checkboxes("route", "Route", [Choice::new("fca", "FCA"), Choice::new("spot", "Spot")]).small())
}

fn columns(table: Table) -> Table {
    table
        .column(Column::text("Reference"))
        .column(Column::text("Needed by").sort("/referrals?sort=-needed", Some(true)))
        .column(Column::number("Best price").sort("/referrals?sort=price", None))
        .column(Column::text("Status"))
}

fn list() -> Vec<Html> {
    let today = date(2021, 9, 13);
    let row = |reference: &str, due, price, tag| {
        Row::new(Link::new(reference, format!("/referrals/{reference}")))
            .cell(ContextualDate::due(due, today))
            .cell(Pence(price))
            .cell(tag)
    };
    let table = columns(Table::new("42 referrals, ordered by the date the home is needed"))
        .row(row("HEF-R-0042", date(2021, 9, 11), 415_000, Tag::new("Offers in", Colour::Yellow)))
        .row(row("HEF-R-0043", date(2021, 9, 17), 1_200_050, Tag::new("With providers", Colour::Blue)))
        .row(Row::new("Total").cell("").cell(Pence(1_615_050)).cell(Cell::default()).total());
    let grid = Table::new("Beds free by week").caption_hidden().columns(["Home", "13 September", "20 September"]);
    vec![
        SubNav::new("Referrals by status")
            .counted("Draft", "/referrals?tab=draft", 3, false)
            .counted("Open", "/referrals?tab=open", 42, true)
            .tab("All", "/referrals?tab=all", false)
            .into(),
        filters().into(),
        table.into(),
        Link::download("Download 42 referrals (CSV)", "/referrals.csv?tab=open").into(),
        Pagination::new(2, 12, |page| format!("/referrals?tab=open&page={page}")).into(),
        grid.row(Row::new("Elm House").cell("2 free").cell("Full")).scrolls().into(),
    ]
}

fn empty_table() -> Table {
    columns(Table::new("Agreements")).empty("No agreement has been made yet. The next referral closes at 4pm today.")
}

fn comparison(offers: usize) -> Comparison {
    let take = |values: [&'static str; 3]| values.into_iter().take(offers).collect::<Vec<_>>();
    let prices = [Pence(415_000), Pence(448_000), Pence(502_000)].into_iter().take(offers);
    let mut comparison = Comparison::new("Offers for HEF-R-0042 compared");
    for name in take(["Elm House", "Ash Lodge", "Rowan Farm with a Rather Long Name Beside the River"]) {
        comparison = comparison.offer(name).action(Button::link(format!("Recommend {name}"), "/recommend").secondary());
    }
    comparison
        .group(
            "Fit",
            [
                Criterion::new("Must-haves met", take(["10 of 10", "9 of 10", "8 of 10"])).differs(offers > 1),
                Criterion::new("Keeps school", take(["Yes", "No", "No"])).differs(offers > 1),
            ],
        )
        .group(
            "Money",
            [
                Criterion::number(
                    "Total a week",
                    prices.map(|price| Value::money(price).note("about £216,400 a year")),
                ),
                Criterion::new("Notice period", take(["28 days", "28 days", "28 days"])),
            ],
        )
}

fn charts() -> Vec<Html> {
    let value = Bars::new(
        "annual-value",
        "Committed spending is within the annual value",
        "£4.62m of £5.5m is committed in the contract year from 15 December 2020 to 14 December 2021.",
        "Route",
    )
    .series(["Actual", "Committed", "Forecast"])
    .bar(BarRow::new("FCA", [310_000_000, 152_000_000, 46_740_000]))
    .bar(BarRow::new("Spot, beside the annual value", [190_000_000, 60_000_000, 12_000_000]))
    .limit("Annual value", 550_000_000);
    let share =
        Bars::new("share", "The share through the arrangement fell, then rose", "45%, then 29%, now 38%.", "Year")
            .series(["Share"])
            .shown_as(|percent| format!("{percent}%"))
            .bar(BarRow::new("2017", [45]))
            .bar(BarRow::new("2018", [29]))
            .bar(BarRow::new("2021", [38]));
    let today = date(2021, 9, 13);
    let term = |id: &str, extended| {
        TermBar::new(id, date(2018, 12, 15), date(2021, 12, 14), extended, date(2024, 12, 14), today)
    };
    vec![
        term("term", date(2021, 12, 14)).into(),
        term("term-extended", date(2022, 12, 14)).into(),
        value.into(),
        share.into(),
    ]
}

fn form_errors() -> Invalid {
    let mut errors = Invalid::one("home", "Enter the name of the home");
    for field in ["price", "needed_by_month", "at", "route", "needs", "area", "reasons", "evidence", "code"] {
        errors.add(field, format!("Answer the question about {}", field.replace('_', " ")));
    }
    errors
}

fn form(errors: &Invalid) -> Form {
    let route = [
        Choice::new("fca", "Through the arrangement").hint("8 homes can meet the child's needs"),
        Choice::new("spot", "Spot purchase"),
        Choice::new("none", "I do not know yet").after_or(),
    ];
    let needs = [Choice::new("therapy", "Therapy"), Choice::new("solo", "Solo placement").hint("Needs a reason")];
    let areas = [Choice::new("", "Choose an authority"), Choice::new("HEF", "Herefordshire")];
    Form::post("/sample", "sample-token", "key-1")
        .version(7)
        .field(Field::text("home", "Name of the home").hint("As Ofsted registered it").errors(errors))
        .field(Field::money("price", "Weekly price").suffix("a week").amount(Pence(415_050)).errors(errors))
        .field(Field::number("weeks", "How many weeks").suffix("weeks").value("12"))
        .field(
            Field::date("needed_by", "When does the child need the home?")
                .hint("For example, 19 3 2021")
                .on(date(2021, 9, 17))
                .errors(errors),
        )
        .field(Field::time("at", "What time?").errors(errors))
        .field(Field::radios("route", "Which route?", route).value("spot").errors(errors))
        .field(Field::yes_no("emergency", "Is it an emergency?"))
        .field(Field::checkboxes("needs", "What must the home have?", needs).values(["solo"]).errors(errors))
        .field(Field::select("area", "Authority", areas).errors(errors))
        .field(
            Field::textarea("reasons", "Reasons")
                .hint("Do not include names or addresses. Providers will read this.")
                .limit(500)
                .value("First line\n<b>second</b>")
                .errors(errors),
        )
        .field(Field::file("evidence", "Evidence").accept(".pdf").errors(errors))
        .field(Field::password("code", "Password").errors(errors))
        .field(Field::hidden("offer", "3"))
        .button(Button::submit("Send this offer"))
        .button(Button::submit("Save as a draft").secondary().sends("draft", "yes"))
        .cancel("/referrals")
}
