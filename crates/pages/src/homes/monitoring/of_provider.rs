//! One provider across its homes: each home as it stands, figures over time as drawings with their tables, measures.

use jiff::civil::date;
use placewell_domain::homes::standing::Standing;

use super::{FoundView, TrendView, charts, found, kit};
use crate::components::{Cell, Colour, Column, Link, Row, Table, Tag};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples, words};

/// One home of the provider.
#[derive(Debug, Clone)]
pub struct ProviderHomeRow {
    /// Its number and name.
    pub home: (String, String),
    /// How it stands.
    pub standing: Standing,
    /// Open concerns, of them grave, actions overdue, returns overdue.
    pub counts: [u64; 4],
}

/// One provider.
#[derive(Debug, Clone)]
pub struct OfProviderView {
    /// Its code and name.
    pub provider: (String, String),
    /// Whether the reader keeps providers, and so goes back to its page.
    pub kept: bool,
    /// Its homes.
    pub homes: Vec<ProviderHomeRow>,
    /// What its homes returned and what was found, over the quarters.
    pub trends: Vec<TrendView>,
    /// Measures: about whom, how it stands by it, why, where the measure stands, when it was proposed.
    pub measures: Vec<[String; 5]>,
    /// Visits and concerns.
    pub found: FoundView,
}

fn standing(of: Standing) -> Tag {
    let colour = match of {
        Standing::Good => Colour::Green,
        Standing::OnWatch => Colour::Yellow,
        Standing::Suspended | Standing::Removed => Colour::Red,
    };
    Tag::new(of.label(), colour)
}

/// The page of one provider.
pub fn of_provider(shell: Shell, view: &OfProviderView) -> Page {
    let (code, name) = &view.provider;
    let back = if view.kept { format!("/region/providers/{code}") } else { "/monitoring".to_owned() };
    let rows = view.homes.iter().map(|one| {
        let head = Link::new(format!("{}, {}", one.home.1, one.home.0), format!("/monitoring/homes/{}", one.home.0));
        let row = Row::new(head).cell(Cell::new(standing(one.standing)));
        one.counts.iter().fold(row, |row, count| row.cell(Cell::number(*count)))
    });
    let mut homes = Table::new("Its homes today").column(Column::text("Home")).column(Column::text("Standing"));
    for name in ["Open concerns", "Of them grave", "Actions overdue", "Returns overdue"] {
        homes = homes.column(Column::number(name));
    }
    let measures =
        Table::new("Measures about standing")
            .columns(["About", "Standing", "Reason", "State", "Proposed"])
            .rows(view.measures.iter().map(|[about, rest @ ..]| {
                rest.iter().fold(Row::new(about.as_str()), |row, cell| row.cell(cell.as_str()))
            }))
            .empty("No measure was ever proposed.");
    let file = |kind: &str| format!("/monitoring/providers/{code}/figures.{kind}");
    let mut page = Page::new(shell.titled("Monitoring of a provider").caption(name.as_str()).back(back))
        .with(homes.rows(rows).empty("It has no open home in the region."))
        .with(measures)
        .with(found::concerns(&view.found.concerns, view.found.today))
        .with(found::visits(&view.found.visits, view.found.today));
    if !view.trends.is_empty() {
        page = page.heading("All its homes over time").with(Html::bullets([
            Html::from(Link::new("These figures as CSV", file("csv"))),
            Html::from(Link::new("These figures as a workbook", file("xlsx"))),
        ]));
        for chart in charts(&view.trends) {
            page = page.with(chart);
        }
    }
    page
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let shell = samples::signed_in_shell;
    let none = FoundView { visits: vec![], concerns: vec![], acts: true, runs: false, strain: true, today: kit::TODAY };
    let row = |urn: &str, name: &str, standing, counts| ProviderHomeRow {
        home: (urn.to_owned(), name.to_owned()),
        standing,
        counts,
    };
    let full = OfProviderView {
        provider: ("elm-care".to_owned(), "Elm Care".to_owned()),
        kept: true,
        homes: vec![
            row("SC400001", "Elm House", Standing::Suspended, [2, 1, 1, 0]),
            row("SC400002", "Oak House", Standing::Good, [0, 0, 0, 1]),
        ],
        trends: kit::trends(),
        measures: vec![[
            "Elm House".to_owned(),
            Standing::Suspended.label().to_owned(),
            "Judged inadequate".to_owned(),
            "In force".to_owned(),
            words::date(date(2021, 9, 8)),
        ]],
        found: none.clone(),
    };
    let bare =
        OfProviderView { kept: false, homes: vec![], trends: vec![], measures: vec![], found: none, ..full.clone() };
    vec![
        ("a provider across its homes", of_provider(shell(), &full).to_string()),
        ("a provider whose homes are not monitored yet", of_provider(shell(), &bare).to_string()),
    ]
}
