//! The list of spot purchases: those that wait or have checks open, or all, with both totals above.

use jiff::civil::Date;

use super::Totals;
use crate::components::{Colour, Link, Pagination, Row, SubNav, Table, Tag};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// One line.
#[derive(Debug, Clone, Default)]
pub struct LineView {
    /// The referral.
    pub reference: String,
    /// The home's name.
    pub home: String,
    /// The reason in words.
    pub reason: String,
    /// Where it stands.
    pub label: String,
    /// Open checks in all; none before the first.
    pub open: Option<u32>,
    /// By when they are done.
    pub due: Option<Date>,
    /// The agreement.
    pub agreement: Option<String>,
    /// The same child's award was refused at the ceiling within 28 days before.
    pub after_refusal: bool,
}

/// The list.
#[derive(Debug, Clone, Default)]
pub struct ListView {
    /// Its lines.
    pub lines: Vec<LineView>,
    /// All of them, or those that wait.
    pub all: bool,
    /// The page, and how many there are.
    pub page: (u64, u64),
    /// Both totals this contract year.
    pub totals: Totals,
    /// Today.
    pub today: Option<Date>,
    /// Children in unregistered settings now.
    pub unregistered: u64,
}

/// The page.
pub fn list_page(shell: Shell, view: &ListView) -> Page {
    let tabs = SubNav::new("Spot purchases").tab("Waiting or with checks open", "/spot", !view.all).tab(
        "All",
        "/spot?tab=all",
        view.all,
    );
    let table = Table::new("Spot purchases")
        .caption_hidden()
        .columns(["Referral", "Home", "Reason", "Where it stands", "Checks open", "Agreement"])
        .rows(view.lines.iter().map(|line| row(line, view.today)))
        .empty("No spot purchase waits, and none has checks open. A spot purchase begins on a referral.");
    let tab = if view.all { "all" } else { "waiting" };
    let (number, pages) = view.page;
    let other = words::count(view.unregistered, "child is", "children are");

    Page::new(shell.titled("Spot purchases").page_of(number, pages))
        .with(view.totals.numbers())
        .with(Html::paragraph(Link::new(format!("{other} in an unregistered setting"), "/unregistered")))
        .with(tabs)
        .with(table)
        .with(Pagination::new(number, pages, |page| format!("/spot?tab={tab}&page={page}")))
        .with(Html::paragraph(Link::download("Download this list (CSV)", format!("/spot.csv?tab={tab}"))))
}

fn row(line: &LineView, today: Option<Date>) -> Row {
    let late = line.due.zip(today).is_some_and(|(due, today)| due < today) && line.open.is_some_and(|open| open > 0);
    let open: Html = match (line.open, line.due) {
        (None, _) => "Not begun".into(),
        (Some(0), _) => "None".into(),
        (Some(open), Some(due)) if late => {
            Tag::new(format!("{open}, overdue since {}", words::date(due)), Colour::Red).into()
        }
        (Some(open), Some(due)) => format!("{open}, by {}", words::date(due)).into(),
        (Some(open), None) => open.to_string().into(),
    };
    let reason: Html = if line.after_refusal {
        Html::lines([line.reason.as_str(), "After a refusal at the ceiling"])
    } else {
        line.reason.as_str().into()
    };
    let agreement: Html = match &line.agreement {
        Some(agreement) => Link::new(agreement.as_str(), format!("/agreements/{agreement}")).into(),
        None => "None yet".into(),
    };
    Row::new(Link::new(line.reference.as_str(), format!("/referrals/{}/spot", line.reference)))
        .cell(line.home.as_str())
        .cell(reason)
        .cell(line.label.as_str())
        .cell(open)
        .cell(agreement)
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let line = LineView {
        reference: "HEF-R-0042".to_owned(),
        home: "Ash Lodge".to_owned(),
        reason: "Emergency: the child needs a home by the end of the next working day".to_owned(),
        label: "Live, checks outstanding".to_owned(),
        open: Some(7),
        due: Some(jiff::civil::date(2021, 9, 10)),
        agreement: Some("HEF-A-0142".to_owned()),
        after_refusal: true,
    };
    let begun = LineView {
        reference: "HEF-R-0043".to_owned(),
        open: None,
        due: None,
        agreement: None,
        after_refusal: false,
        label: "Checks to do".to_owned(),
        ..line.clone()
    };
    let view = ListView {
        lines: vec![line, begun],
        page: (1, 1),
        today: Some(jiff::civil::date(2021, 9, 13)),
        unregistered: 1,
        ..ListView::default()
    };
    let none = ListView { lines: Vec::new(), ..view.clone() };
    vec![
        ("the list of spot purchases", list_page(kit::signed_in_shell(), &view).to_string()),
        ("no spot purchase waits", list_page(kit::signed_in_shell(), &none).to_string()),
    ]
}
