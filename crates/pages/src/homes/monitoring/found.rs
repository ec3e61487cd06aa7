//! What was found at homes: visits and concerns, one home over time, themes across homes.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::Theme;
use placewell_domain::homes::monitoring::concern::Concern;
use placewell_domain::homes::monitoring::visit::{Level, Visit};

use super::{ReturnRow, TrendView, charts, kit, round};
use crate::components::{Cell, Colour, Column, Link, Row, SummaryList, Table, Tag};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples, words};

/// Visits and concerns that the reader may read.
#[derive(Debug, Clone)]
pub struct FoundView {
    /// Visits, with who visits.
    pub visits: Vec<(Visit, String)>,
    /// Concerns, with who raised them.
    pub concerns: Vec<(Concern, String)>,
    /// Whether the reader plans visits and raises concerns.
    pub acts: bool,
    /// Whether the reader runs the rounds of returns.
    pub runs: bool,
    /// Whether the reader reads placements under strain.
    pub strain: bool,
    /// Today.
    pub today: Date,
}

pub(super) fn visits(rows: &[(Visit, String)], today: Date) -> Table {
    let rows = rows.iter().map(|(one, who)| {
        let serious = one.findings().iter().filter(|found| found.level == Level::Serious).count();
        let tag = match (one.state.name(), one.overdue(today), serious) {
            ("planned", true, _) => Tag::new("To record", Colour::Yellow),
            ("recorded", _, 1..) => Tag::new("Serious", Colour::Red),
            ("recorded", ..) => Tag::new("Recorded", Colour::Green),
            _ => Tag::new(one.state.label(), Colour::Grey),
        };
        Row::new(Link::new(one.name.as_str(), format!("/monitoring/visits/{}", one.id)))
            .cell(who.as_str())
            .cell(words::date(one.planned))
            .cell(Cell::new(tag))
    });
    Table::new("Visits")
        .columns(["Home", "Visited by", "Day", "State"])
        .rows(rows)
        .empty("No visit that you can read. You read others' once they were made, where you have a child.")
}

pub(super) fn concerns(rows: &[(Concern, String)], today: Date) -> Table {
    let rows = rows.iter().map(|(one, who)| {
        let tag = match (one.state.name(), one.overdue(today)) {
            ("closed", _) => Tag::new("Closed", Colour::Green),
            (_, 1..) => Tag::new("Action overdue", Colour::Red),
            (_, 0) => Tag::new(one.state.label(), Colour::Blue),
        };
        Row::new(Link::new(format!("{}: {}", one.name, one.theme.label()), format!("/monitoring/concerns/{}", one.id)))
            .cell(one.severity.label())
            .cell(who.as_str())
            .cell(words::moment(one.raised))
            .cell(Cell::new(tag))
    });
    Table::new("Concerns")
        .columns(["Home and theme", "How grave", "Raised by", "Raised", "State"])
        .rows(rows)
        .empty("No concern is raised.")
}

/// The page of what was found.
pub fn found(shell: Shell, view: &FoundView) -> Page {
    let link = |text: &str, href: &str| Html::from(Link::new(text, href));
    let mut links = vec![link("Themes across homes", "/monitoring/themes")];
    if view.acts {
        links.push(link("Plan a visit", "/monitoring/visits/new"));
        links.push(link("Raise a concern", "/monitoring/concerns/new"));
    }
    if view.runs {
        links.push(link("Quality returns", "/region/monitoring"));
    }
    if view.strain {
        links.push(link("Placements under strain", "/stability"));
    }
    Page::new(shell.titled("Monitoring of homes").back("/homes"))
        .with(Html::bullets(links))
        .with(concerns(&view.concerns, view.today))
        .with(visits(&view.visits, view.today))
}

/// One home.
#[derive(Debug, Clone)]
pub struct HomeView {
    /// Its number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Its provider's code in addresses.
    pub provider: String,
    /// Its returns that were sent, by quarter in words.
    pub returns: Vec<ReturnRow>,
    /// Figures over the quarters.
    pub trends: Vec<TrendView>,
    /// Visits and concerns.
    pub found: FoundView,
}

/// The page of one home.
pub fn home(shell: Shell, view: &HomeView) -> Page {
    let shell = shell
        .titled("Monitoring of a home")
        .caption(format!("{}, {}", view.name, view.urn))
        .back(format!("/homes/{}", view.urn));
    let rows = view.returns.iter().map(|one| {
        Row::new(Link::new(one.home.as_str(), format!("/monitoring/returns/{}", one.id)))
            .cell(Cell::new(round::tag(one.state, one.overdue)))
            .cell(if one.was_late { "Late" } else { "In time" })
            .cell(Cell::number(one.differs))
    });
    let returns = Table::new("Quality returns")
        .column(Column::text("Quarter"))
        .column(Column::text("State"))
        .column(Column::text("Sent"))
        .column(Column::number("Figures that differ"))
        .rows(rows)
        .empty("The home has sent no return.");
    let mut page = Page::new(shell)
        .with(Html::bullets([
            Html::from(Link::new("Its scorecard today", format!("/homes/{}/standing", view.urn))),
            Html::from(Link::new("Its provider across all homes", format!("/monitoring/providers/{}", view.provider))),
        ]))
        .with(concerns(&view.found.concerns, view.found.today))
        .with(visits(&view.found.visits, view.found.today))
        .with(returns);
    if !view.trends.is_empty() {
        page = page.heading("Figures over time");
        for chart in charts(&view.trends) {
            page = page.with(chart);
        }
    }
    page
}

/// One theme across homes.
#[derive(Debug, Clone)]
pub struct ThemesView {
    /// Since which day.
    pub since: Date,
    /// The theme; homes, serious, to be improved, good findings, concerns, grave ones.
    pub rows: Vec<(Theme, [u64; 6])>,
    /// Figures of all homes over the quarters.
    pub trends: Vec<TrendView>,
    /// Alerts raised, ended with the child settled, ended otherwise.
    pub alerts: (u64, u64, u64),
}

/// The page of themes across homes.
pub fn themes(shell: Shell, view: &ThemesView) -> Page {
    let rows = view.rows.iter().map(|(theme, counts)| {
        counts.iter().fold(Row::new(theme.label()), |row, count| row.cell(Cell::number(*count)))
    });
    let mut table = Table::new(format!("Themes since {}", words::date(view.since))).column(Column::text("Theme"));
    for name in ["Homes", "Serious findings", "To be improved", "Good", "Concerns", "Of them grave"] {
        table = table.column(Column::number(name));
    }
    let (raised, settled, lost) = view.alerts;
    let alerts = SummaryList::new()
        .row("Alerts raised", words::number(raised))
        .row("The child stayed and is settled", words::number(settled))
        .row("The placement ended otherwise", words::number(lost))
        .row("Still open", words::number(raised.saturating_sub(settled + lost)));
    let mut page = Page::new(shell.titled("Themes across homes").back("/monitoring"))
        .with(table.rows(rows))
        .heading("Placements under strain")
        .with(alerts);
    if !view.trends.is_empty() {
        page = page.heading("All homes over time");
        for chart in charts(&view.trends) {
            page = page.with(chart);
        }
    }
    page
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let shell = samples::signed_in_shell;
    let who = || "Herefordshire Council".to_owned();
    let none = FoundView { visits: vec![], concerns: vec![], acts: true, runs: false, strain: true, today: kit::TODAY };
    let full = FoundView {
        visits: kit::planned().into_iter().chain(kit::visited()).map(|one| (one, who())).collect(),
        concerns: kit::raised().into_iter().chain(kit::with_plan()).map(|one| (one, who())).collect(),
        runs: true,
        ..none.clone()
    };
    let row = ReturnRow {
        id: 5,
        home: "April to June 2021".to_owned(),
        state: ("accepted", "Accepted"),
        due: jiff::civil::date(2021, 7, 21),
        overdue: false,
        was_late: true,
        differs: 1,
    };
    let one = HomeView {
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        provider: "elm-care".to_owned(),
        returns: vec![row],
        trends: kit::trends(),
        found: full.clone(),
    };
    let bare = HomeView { returns: vec![], trends: vec![], found: none.clone(), ..one.clone() };
    let across = ThemesView {
        since: jiff::civil::date(2020, 7, 1),
        rows: Theme::ALL.iter().map(|theme| (*theme, [2, 1, 1, 3, 1, 0])).collect(),
        trends: kit::trends(),
        alerts: (5, 3, 1),
    };
    vec![
        ("monitoring, nothing found", found(shell(), &none).to_string()),
        ("monitoring", found(shell(), &full).to_string()),
        ("a home's monitoring", home(shell(), &one).to_string()),
        ("a home that is not monitored yet", home(shell(), &bare).to_string()),
        ("themes across homes", themes(shell(), &across).to_string()),
    ]
}
