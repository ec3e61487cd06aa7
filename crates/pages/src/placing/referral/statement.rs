//! The statement of a search for a court: homes approached, dates, coded answers, distances, registration, and its hash.

use jiff::civil::{DateTime, date};

use crate::components::{Inset, Link, Row, SummaryList, Table};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// One home that was approached.
#[derive(Debug, Clone)]
pub struct ApproachedView {
    /// Its name and Ofsted number.
    pub home: String,
    /// Its provider.
    pub provider: String,
    /// In which tier.
    pub tier: String,
    /// When it was asked.
    pub asked: DateTime,
    /// What it answered, in coded words, and when.
    pub answer: String,
    /// How far it is.
    pub distance: String,
    /// How it was registered and graded.
    pub registration: String,
    /// All points of its offer when one was recommended last, of 100.
    pub points: String,
}

/// The statement.
#[derive(Debug, Clone)]
pub struct StatementView {
    /// The reference.
    pub reference: String,
    /// The placing authority.
    pub authority: String,
    /// When it was sent.
    pub sent: Option<DateTime>,
    /// Until when homes could answer in time.
    pub closed: Option<DateTime>,
    /// The whole search in words.
    pub search: Option<String>,
    /// By what offers are scored: each criterion with its weight.
    pub scoring: Vec<String>,
    /// Tiers left out: which, why, and the power.
    pub left_out: Vec<(String, String, String)>,
    /// The homes.
    pub homes: Vec<ApproachedView>,
    /// The hash of the content.
    pub hash: String,
}

/// The page, to be printed.
pub fn statement_page(shell: Shell, view: &StatementView) -> Page {
    let reference = view.reference.as_str();
    let shell = shell
        .titled("Statement of the search")
        .record(reference)
        .caption(reference)
        .back(format!("/referrals/{reference}"));
    let facts = SummaryList::new()
        .row("Placing authority", view.authority.as_str())
        .row("Referral", reference)
        .optional("Sent", view.sent.map(words::moment))
        .optional("Closed", view.closed.map(words::moment))
        .optional("The search", view.search.clone());
    let facts = if view.scoring.is_empty() {
        facts
    } else {
        facts.row("Offers are scored by", Html::lines(view.scoring.iter().map(String::as_str)))
    };
    let mut page = Page::new(shell)
        .with(Inset::new("It names no child and holds no free text: dates, codes and figures as they were recorded."))
        .with(facts);
    if !view.left_out.is_empty() {
        let rows = view
            .left_out
            .iter()
            .map(|(tier, why, power)| Row::new(tier.as_str()).cell(why.as_str()).cell(power.as_str()));
        page = page.with(Table::new("Routes left out").columns(["Route", "Why", "By which power"]).rows(rows));
    }
    let rows = view.homes.iter().map(|one| {
        Row::new(one.home.as_str())
            .cell(one.provider.as_str())
            .cell(one.tier.as_str())
            .cell(words::moment(one.asked))
            .cell(one.answer.as_str())
            .cell(one.distance.as_str())
            .cell(one.registration.as_str())
            .cell(one.points.as_str())
    });
    let homes = Table::new("Homes approached")
        .columns(["Home", "Provider", "Route", "Asked", "Answer", "Distance", "Registration", "Points of 100"])
        .rows(rows)
        .empty("No home has been asked yet.");
    let print = Link::new("Statement of the search (PDF)", format!("/referrals/{reference}/statement.pdf"));
    page.with(homes)
        .with(Html::paragraph(print))
        .with(SummaryList::new().row("SHA-256 of this statement", view.hash.as_str()))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let view = StatementView {
        reference: "HEF-R-0042".into(),
        authority: "Herefordshire Council".into(),
        sent: Some(date(2021, 9, 9).at(15, 4, 0, 0)),
        closed: Some(date(2021, 9, 13).at(9, 0, 0, 0)),
        search: Some("Of 312 homes 18 could meet the needs.".into()),
        scoring: vec!["Must-haves that the home meets: 60%".into(), "Price of a week, against the lowest: 40%".into()],
        left_out: vec![("Mini-block".into(), "Not the most appropriate placement".into(), "Limb (b).".into())],
        homes: vec![ApproachedView {
            home: "Elm House, SC400001".into(),
            provider: "Brightwater Homes".into(),
            tier: "FCA".into(),
            asked: date(2021, 9, 9).at(15, 4, 0, 0),
            answer: "Declined: No staffed bed free at that time, 10 September 2021".into(),
            distance: "about 9 miles (straight line)".into(),
            registration: "registered since 1 April 2019; Good".into(),
            points: "80.75".into(),
        }],
        hash: "0f1e2d3c".repeat(8),
    };
    let none =
        StatementView { homes: Vec::new(), left_out: Vec::new(), scoring: Vec::new(), sent: None, ..view.clone() };
    vec![
        ("statement of a search", statement_page(kit::signed_in_shell(), &view).to_string()),
        ("statement without homes", statement_page(kit::signed_in_shell(), &none).to_string()),
    ]
}
