//! The region's returns of a quarter, and one return as it was sent beside what is known here.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::quality_return::{QualityReturn, ReturnState, Scheduled};
use placewell_domain::homes::monitoring::template::Figures;
use placewell_domain::id::{HomeId, OrganisationId, PersonId};
use placewell_domain::outcome::Invalid;

use super::{kit, quarter};
use crate::components::{Cell, Colour, Column, Inset, Link, Row, SummaryList, Table, Tag, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples, words};

/// One return of the list.
#[derive(Debug, Clone)]
pub struct ReturnRow {
    /// Its id.
    pub id: i64,
    /// The home's name and number.
    pub home: String,
    /// Its state: stored name and words.
    pub state: (&'static str, &'static str),
    /// By when it is sent.
    pub due: Date,
    /// Not sent and past its day.
    pub overdue: bool,
    /// First sent after its day.
    pub was_late: bool,
    /// In how many figures it differs from what is known here.
    pub differs: u64,
}

/// The region's page.
#[derive(Debug, Clone)]
pub struct RoundView {
    /// The quarter shown.
    pub quarter: Option<Date>,
    /// Every quarter.
    pub quarters: Vec<Date>,
    /// The quarter that can be asked for.
    pub next: Option<Date>,
    /// The returns, those to look at first.
    pub rows: Vec<ReturnRow>,
    /// The form's key.
    pub key: String,
    /// What is wrong with it.
    pub errors: Invalid,
}

pub(super) fn tag((name, label): (&str, &str), overdue: bool) -> Tag {
    match name {
        "due" if overdue => Tag::new("Overdue", Colour::Red),
        "due" => Tag::new(label, Colour::Grey),
        "sent" => Tag::new(label, Colour::Blue),
        "asked_again" => Tag::new(label, Colour::Yellow),
        _ => Tag::new(label, Colour::Green),
    }
}

/// The page of a round.
pub fn round(shell: Shell, view: &RoundView) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled("Quality returns").back("/monitoring").with_errors(&view.errors);
    let mut page = Page::new(shell).text(
        "Each home on a lot sends its figures after a quarter, within 15 working days. You accept them or ask again.",
    );
    if let Some(next) = view.next {
        let form = Form::post("/region/monitoring/round", csrf, view.key.as_str())
            .field(Field::hidden("quarter", next.to_string()))
            .submit(format!("Ask for {}", quarter(next)));
        page = page.with(form);
    }
    let others = view.quarters.iter().filter(|one| Some(**one) != view.quarter);
    let links: Vec<Html> =
        others.map(|one| Html::from(Link::new(quarter(*one), format!("/region/monitoring?quarter={one}")))).collect();
    let rows = view.rows.iter().map(|one| {
        let late = if one.was_late { "Sent late" } else { "" };
        Row::new(Link::new(one.home.as_str(), format!("/monitoring/returns/{}", one.id)))
            .cell(Cell::new(tag(one.state, one.overdue)))
            .cell(words::date(one.due))
            .cell(late)
            .cell(Cell::number(one.differs))
    });
    let title = view.quarter.map_or("Returns".to_owned(), |first| format!("Returns for {}", quarter(first)));
    let table = Table::new(title)
        .column(Column::text("Home"))
        .column(Column::text("State"))
        .column(Column::text("Due"))
        .column(Column::text("Late"))
        .column(Column::number("Figures that differ"))
        .rows(rows)
        .empty("No return was asked for yet. The first quarter is asked for by hand; the next follow by themselves.");
    page.with(table).maybe((!links.is_empty()).then(|| Html::bullets(links)))
}

/// One return.
#[derive(Debug, Clone)]
pub struct ReturnView {
    /// The return; nothing in it that was not sent.
    pub of: QualityReturn,
    /// Whether the reader accepts or asks again.
    pub decides: bool,
    /// Keys of its forms.
    pub keys: [String; 2],
    /// Today.
    pub today: Date,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

pub(super) fn figures(of: &QualityReturn) -> Table {
    let known = of.latest().map(|sent| sent.known.clone()).unwrap_or_default();
    let earlier: Vec<&_> = of.sent.iter().rev().skip(1).take(2).collect();
    let mut table = Table::new("Figures")
        .column(Column::text("Figure"))
        .column(Column::number("The home says"))
        .column(Column::number("Known here"));
    for (at, _) in earlier.iter().enumerate() {
        table = table.column(Column::number(if at == 0 { "Sent before" } else { "Sent before that" }));
    }
    let show = |value: Option<&i64>| value.map_or("Not known".to_owned(), |value| words::number(value.unsigned_abs()));
    let rows = of.figures().iter().map(|figure| {
        let said = of.latest().and_then(|sent| sent.filled.figures.get(figure));
        let own = known.get(figure);
        let differs = own.is_some() && said != own;
        let shown = if figure.known_here() { show(own) } else { "Not kept here".to_owned() };
        let shown = if differs { format!("{shown}, differs") } else { shown };
        let row = Row::new(figure.label()).cell(show(said)).cell(shown);
        earlier.iter().fold(row, |row, sent| row.cell(show(sent.filled.figures.get(figure))))
    });
    table.rows(rows)
}

fn history(of: &QualityReturn) -> Table {
    let rows = of.sent.iter().rev().map(|sent| {
        let why = sent.reason.map_or("First sent", |reason| reason.label());
        let note = if sent.filled.note.is_empty() { "No note" } else { sent.filled.note.as_str() };
        Row::new(words::moment(sent.at)).cell(why).cell(note)
    });
    Table::new("What was sent").columns(["When", "Why", "Note of the home"]).rows(rows)
}

/// The page of one return, for the region and the authorities.
pub fn quality_return(shell: Shell, view: &ReturnView) -> Page {
    let of = &view.of;
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled(format!("Quality return, {}", quarter(of.quarter)))
        .caption(format!("{}, {}", of.name, of.urn))
        .back(if view.decides { "/region/monitoring" } else { "/monitoring" })
        .with_errors(&view.errors);
    let facts = SummaryList::new()
        .row("State", tag((of.state.name(), of.state.label()), of.overdue(view.today)))
        .row("Due", words::date(of.due))
        .row("Template", of.template.as_str())
        .row("Home", Link::new(of.name.as_str(), format!("/monitoring/homes/{}", of.urn)));
    let mut page = Page::new(shell).with(facts);
    if let ReturnState::AskedAgain { figures, words: asked, at, .. } = &of.state {
        let about: Vec<&str> = figures.iter().map(|one| one.label()).collect();
        let when = words::moment(*at);
        page = page.with(Inset::new(format!("Asked {when} about {}: {asked}", words::list(&about).to_lowercase())));
    }
    if of.sent.is_empty() {
        return page.text("The home has not sent it yet.");
    }
    page = page.with(figures(of)).with(history(of));
    if !view.decides || of.state != ReturnState::Sent {
        return page;
    }
    let address = |act: &str| format!("/region/monitoring/returns/{}/{act}", of.id);
    let accept = Form::post(address("accept"), csrf.clone(), view.keys[0].as_str()).version(of.version);
    let choices = of.figures().iter().map(|one| Choice::new(one.code(), one.label()));
    let again = Form::post(address("ask"), csrf, view.keys[1].as_str())
        .version(of.version)
        .field(
            Field::checkboxes("figures", "Which figures do you ask about?", choices)
                .values(view.typed.all("figures"))
                .errors(&view.errors),
        )
        .field(
            Field::textarea("words", "What do you ask?")
                .hint("Do not name a child")
                .value(view.typed.get("words"))
                .errors(&view.errors),
        )
        .confirming_names("monitoring.ask_again", &view.typed, &view.errors)
        .submit("Ask again");
    page.maybe((!of.differs().is_empty()).then(|| Warning::new("Some figures differ from what is known here.")))
        .with(accept.submit("Accept the return"))
        .heading("Or ask again")
        .with(again)
}

pub(super) fn sample() -> Option<QualityReturn> {
    let of = Scheduled {
        region: OrganisationId(9),
        provider: OrganisationId(7),
        home: HomeId(3),
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        places: 4,
        quarter: jiff::civil::date(2021, 4, 1),
    };
    QualityReturn::schedule(5, of, &kit::days(), kit::moment()).ok().map(|change| change.into_parts().0)
}

pub(super) fn sent() -> Option<QualityReturn> {
    let due = sample()?;
    let mut filled = due.begun();
    filled.figures = due.figures().iter().map(|figure| (*figure, 1)).collect();
    "One post is filled from October.".clone_into(&mut filled.note);
    let known = Figures::from([(placewell_domain::homes::monitoring::template::Figure::Asked, 4)]);
    let change = due.send((filled, known), None, (PersonId(2), kit::moment())).ok()?;
    Some(change.into_parts().0)
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let row = |state: (&'static str, &'static str), overdue| ReturnRow {
        id: 5,
        home: "Elm House, SC400001".to_owned(),
        state,
        due: jiff::civil::date(2021, 7, 21),
        overdue,
        was_late: state.0 == "sent",
        differs: 1,
    };
    let empty = RoundView {
        quarter: None,
        quarters: vec![],
        next: Some(jiff::civil::date(2021, 4, 1)),
        rows: vec![],
        key: "k1".to_owned(),
        errors: Invalid::default(),
    };
    let full = RoundView {
        quarter: Some(jiff::civil::date(2021, 4, 1)),
        quarters: vec![jiff::civil::date(2021, 4, 1), jiff::civil::date(2021, 1, 1)],
        next: None,
        rows: vec![row(("due", "To send"), true), row(("sent", "Sent"), false), row(("accepted", "Accepted"), false)],
        ..empty.clone()
    };
    let shell = samples::signed_in_shell;
    let mut all = vec![
        ("no quality returns yet", round(shell(), &empty).to_string()),
        ("quality returns of a quarter", round(shell(), &full).to_string()),
    ];
    if let Some(of) = sent() {
        let view = ReturnView {
            of,
            decides: true,
            keys: ["k1".to_owned(), "k2".to_owned()],
            today: kit::TODAY,
            typed: Typed::default(),
            errors: Invalid::default(),
        };
        let mut wrong = view.clone();
        wrong.errors.add("words", "Enter what you ask");
        let read = ReturnView { decides: false, ..view.clone() };
        all.push(("a quality return", quality_return(shell(), &view).to_string()));
        all.push(("a quality return, with an error", quality_return(shell(), &wrong).to_string()));
        all.push(("a quality return as an authority reads it", quality_return(shell(), &read).to_string()));
    }
    all
}
