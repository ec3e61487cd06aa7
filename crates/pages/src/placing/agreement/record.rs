//! The list of agreements and one agreement's record: parties, dates, price lines, notice, what it rests on, who has
//! signed, its stored copies and everything that happened.

use jiff::civil::DateTime;
use placewell_domain::office::access::Action;

use super::sections::{self, MoreView, sections, without_power};
use super::todo::tabs;
use crate::components::{
    Button, ButtonGroup, Colour, Column, Link, Pagination, Row, SummaryList, Table, Tag, Timeline, TimelineEvent,
    Warning,
};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;

/// One agreement in the list.
#[derive(Debug, Clone, Default)]
pub struct AgreementLine {
    /// Its reference.
    pub reference: String,
    /// The home and the other side.
    pub home: String,
    /// The other side's name.
    pub other_side: String,
    /// "27 September 2021 to 26 September 2022".
    pub dates: String,
    /// "£4,150 a week".
    pub price: String,
    /// Its state's stored name and words.
    pub state: (String, String),
    /// A flag, such as "Planned end passed".
    pub flag: String,
}

fn colour(state: &str) -> Colour {
    match state {
        "prepared" | "signed_by_one" => Colour::Yellow,
        "signed" => Colour::Purple,
        "started" => Colour::Green,
        "notice_given" => Colour::Orange,
        _ => Colour::Grey,
    }
}

/// The list.
pub fn list(
    shell: Shell,
    lines: &[AgreementLine],
    tab: &str,
    (page, pages): (u64, u64),
    todo: Option<u64>,
    brings_in: bool,
) -> Page {
    let tabs = tabs(tab, todo);
    let rows = lines.iter().map(|line| {
        let state = Tag::new(line.state.1.as_str(), colour(&line.state.0));
        let state = if line.flag.is_empty() {
            Html::from(state)
        } else {
            Html::lines([Html::from(state), line.flag.as_str().into()])
        };
        Row::new(Link::new(line.reference.as_str(), format!("/agreements/{}", line.reference)))
            .cell(Html::lines([line.home.as_str(), line.other_side.as_str()]))
            .cell(line.dates.as_str())
            .cell(line.price.as_str())
            .cell(state)
    });
    let empty = match tab {
        "live" => "No child is placed under an agreement now.",
        "past" => "No agreement has ended yet.",
        _ => "No agreement waits to start. One is prepared with the last approval of a recommendation.",
    };
    let table = Table::new("Agreements")
        .caption_hidden()
        .columns(["Agreement", "Home", "Dates", "Price", "Status"])
        .rows(rows)
        .empty(empty);
    let tab = tab.to_owned();
    let paging =
        (pages > 1).then(|| Pagination::new(page, pages, move |page| format!("/agreements?tab={tab}&page={page}")));
    let history = brings_in.then(|| {
        Html::bullets([
            Html::from(Link::new("Bring in live placements from a file", "/imports?kind=placements")),
            Html::from(Link::new("Bring in earlier placements", "/imports/history")),
            Html::from(Link::new("The opening ledger", "/finance/opening-ledger")),
        ])
    });
    let nights = Link::new("What was agreed, for which nights, by month", "/agreements/by-month");
    Page::new(shell.titled("Agreements").page_of(page, pages))
        .with(tabs)
        .with(table)
        .maybe(paging)
        .text(nights)
        .maybe(history)
}

/// A price line.
#[derive(Debug, Clone, Default)]
pub struct PriceRow {
    /// Kind and label.
    pub what: String,
    /// A week.
    pub weekly: String,
    /// From and to.
    pub dates: String,
    /// Who pays.
    pub funders: String,
}

/// An approval that it rests on.
#[derive(Debug, Clone, Default)]
pub struct RestsLine {
    /// Its reference.
    pub reference: String,
    /// What was approved and by which rule.
    pub what: String,
    /// By what right.
    pub basis: String,
    /// By whom and when.
    pub by: String,
}

/// A side's signature.
#[derive(Debug, Clone, Default)]
pub struct SignatureLine {
    /// The side.
    pub side: String,
    /// Name, role and when; that nobody has signed where none.
    pub signed: String,
}

/// A stored copy.
#[derive(Debug, Clone, Default)]
pub struct CopyLine {
    /// Where it is.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256.
    pub digest: String,
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct HappenedLine {
    /// What.
    pub what: String,
    /// When.
    pub at: DateTime,
    /// Who.
    pub by: String,
    /// Facts.
    pub facts: Vec<(String, String)>,
}

/// The record.
#[derive(Debug, Clone, Default)]
pub struct AgreementPage {
    /// Its reference.
    pub reference: String,
    /// Its state's stored name and words.
    pub state: (String, String),
    /// "What happens next".
    pub next: String,
    /// A warning, such as an unsigned start.
    pub warning: Option<String>,
    /// Acts that the reader can do: words and the last part of the path, the first as the main one.
    pub acts: Vec<(String, String)>,
    /// Parties, child's number, home, dates, notice, terms, distance.
    pub facts: Vec<(String, String)>,
    /// The referral; the authority's page only.
    pub referral: Option<String>,
    /// Price lines.
    pub lines: Vec<PriceRow>,
    /// A week, and the whole.
    pub cost: Vec<(String, String)>,
    /// What is committed, by year; the authority's page only.
    pub committed: Vec<(String, String)>,
    /// Care, notice, reviews and variations, exceptions, procurement.
    pub more: MoreView,
    /// What it rests on.
    pub rests_on: Vec<RestsLine>,
    /// The sentence on the power: never a limb where there was none.
    pub power: String,
    /// Signatures.
    pub signatures: Vec<SignatureLine>,
    /// Stored copies, the latest first.
    pub copies: Vec<CopyLine>,
    /// What happened, newest first.
    pub happened: Vec<HappenedLine>,
    /// The hash of the facts that were approved.
    pub hash: String,
    /// The hash of what it says now, as a signature carries it.
    pub content: String,
}

/// One agreement's page.
pub fn agreement(shell: Shell, view: &AgreementPage) -> Page {
    let shell = shell
        .titled("Placement agreement")
        .caption(view.reference.as_str())
        .record(view.reference.as_str())
        .back("/agreements");
    let mut facts = list_of(&view.facts);
    if let Some(referral) = &view.referral {
        let to = format!("/referrals/{referral}");
        facts = facts.row("Referral", shell.link_where(Action::SeeReferrals, referral, to));
    }
    let (approvals, opens) = (rests_on(&shell, view), shell.may(Action::SeeCopies));
    let mut page =
        Page::new(shell).text(Tag::new(view.state.1.as_str(), colour(&view.state.0))).text(view.next.as_str());
    page = without_power(page, &view.more);
    if let Some(warning) = &view.warning {
        page = page.with(Warning::new(warning.as_str()));
    }
    page = page.maybe(buttons(view));
    page = page.with(facts).with(prices(view));
    if !view.committed.is_empty() {
        page = page.heading("Committed of the annual value").with(list_of(&view.committed));
    }
    page = sections(page, &view.more);
    page = page.heading("Power").text(view.power.as_str()).with(approvals).heading("Signatures").with(signatures(view));
    page = page.heading("Copies").with(copies(view, opens));
    let events = view.happened.iter().map(|line| {
        let event = TimelineEvent::at(line.what.as_str(), line.at);
        let event = if line.by.is_empty() { event } else { event.by(line.by.as_str()) };
        line.facts.iter().fold(event, |event, (name, value)| event.fact(name.as_str(), value.as_str()))
    });
    page.heading("Timeline").with(Timeline::new(events).level(3))
}

fn buttons(view: &AgreementPage) -> Option<ButtonGroup> {
    let to = |act: &str| format!("/agreements/{}/{act}", view.reference);
    let (first, rest) = view.acts.split_first()?;
    let group = ButtonGroup::new().with(Button::link(first.0.as_str(), to(&first.1)));
    Some(rest.iter().fold(group, |group, (words, act)| group.with(Button::link(words.as_str(), to(act)).secondary())))
}

fn prices(view: &AgreementPage) -> Html {
    let rows = view.lines.iter().map(|line| {
        Row::new(line.what.as_str()).cell(line.dates.as_str()).cell(line.funders.as_str()).cell(line.weekly.as_str())
    });
    let table = Table::new("Price").columns(["What", "Nights", "Who pays"]).column(Column::number("A week")).rows(rows);
    Html::join([Html::from(table), list_of(&view.cost).into()])
}

fn rests_on(shell: &Shell, view: &AgreementPage) -> Table {
    let rows = view.rests_on.iter().map(|line| {
        let name: Html = if line.reference.is_empty() {
            line.what.as_str().into()
        } else {
            shell.link_where(Action::SeeApprovals, &line.reference, format!("/approvals/{}", line.reference))
        };
        Row::new(crate::components::Cell::new(name))
            .cell(line.what.as_str())
            .cell(line.basis.as_str())
            .cell(line.by.as_str())
    });
    Table::new("Approvals that it rests on").columns(["Approval", "What", "By what right", "By whom"]).rows(rows)
}

fn signatures(view: &AgreementPage) -> SummaryList {
    view.signatures.iter().fold(SummaryList::new(), |list, line| list.row(line.side.as_str(), line.signed.as_str()))
}

/// The stored copies; a reader who opens none reads what there is.
fn copies(view: &AgreementPage, opens: bool) -> Html {
    if view.copies.is_empty() {
        return Html::paragraph("The PDF is being made. Open this page again in a few seconds.");
    }
    let links = view.copies.iter().map(|copy| {
        let name = if opens {
            Link::document(&copy.name, "PDF", copy.bytes, copy.href.as_str()).into()
        } else {
            Html::from(copy.name.as_str())
        };
        Html::lines([name, format!("SHA-256 {}", copy.digest).into()])
    });
    Html::join([
        Html::bullets(links),
        Html::paragraph(format!("The facts that were approved have the hash {}.", view.hash)),
        Html::paragraph(format!("What it says now has the hash {}.", view.content)),
    ])
}

fn list_of(rows: &[(String, String)]) -> SummaryList {
    rows.iter().fold(SummaryList::new(), |list, (name, value)| list.row(name.as_str(), value.as_str()))
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let view = AgreementPage {
        reference: "HEF-A-0137".to_owned(),
        state: pair("signed_by_one", "Signed by one"),
        next: "The provider signs next; the child starts on 27 September 2021.".to_owned(),
        warning: Some("The child starts tomorrow and both sides have not signed.".to_owned()),
        acts: vec![pair("Sign for the authority", "sign"), pair("Record the start", "start")],
        facts: vec![pair("Home", "Elm House (SC392492)"), pair("Provider", "Larkrise Care Limited")],
        referral: Some("HEF-R-0042".to_owned()),
        lines: vec![PriceRow {
            what: "Core price".to_owned(),
            weekly: "£4,150".to_owned(),
            dates: "from 27 September 2021".to_owned(),
            funders: "Authority".to_owned(),
        }],
        cost: vec![pair("A week", "£4,150"), pair("To the planned end", "£215,800")],
        committed: vec![pair("15 December 2020 to 14 December 2021", "£46,836")],
        more: sections::sample(),
        rests_on: vec![RestsLine {
            reference: "HEF-D-0088".to_owned(),
            what: "Award of the placement agreement".to_owned(),
            basis: "Limb (b) of decision HEF-2019-0114.".to_owned(),
            by: "Morwenna Achterberg, 10:20am on Monday 13 September 2021".to_owned(),
        }],
        power: "Limb (b) of decision HEF-2019-0114, in force since 19 January 2019.".to_owned(),
        signatures: vec![SignatureLine { side: "The placing authority".to_owned(), signed: "Not signed".to_owned() }],
        copies: vec![CopyLine {
            href: "/agreements/HEF-A-0137.pdf".to_owned(),
            name: "Placement agreement HEF-A-0137".to_owned(),
            bytes: 84_000,
            digest: "9f2c".to_owned(),
        }],
        happened: vec![HappenedLine {
            what: "Agreement prepared".to_owned(),
            at: jiff::civil::datetime(2021, 9, 13, 10, 20, 0, 0),
            by: "Morwenna Achterberg".to_owned(),
            facts: vec![pair("Home", "Elm House")],
        }],
        hash: "9f2c".to_owned(),
        content: "41ab".to_owned(),
    };
    let line = AgreementLine {
        reference: "HEF-A-0137".to_owned(),
        home: "Elm House".to_owned(),
        other_side: "Larkrise Care Limited".to_owned(),
        dates: "27 September 2021 to 26 September 2022".to_owned(),
        price: "£4,150 a week".to_owned(),
        state: pair("started", "Started"),
        flag: "Planned end passed".to_owned(),
    };
    let shell = samples::signed_in_shell;
    vec![
        ("an agreement", agreement(shell(), &view).to_string()),
        (
            "an agreement without a copy yet",
            agreement(shell(), &AgreementPage { copies: Vec::new(), ..view }).to_string(),
        ),
        ("live agreements", list(shell(), &[line], "live", (1, 3), Some(2), true).to_string()),
        ("no agreements", list(shell(), &[], "coming", (1, 1), None, false).to_string()),
    ]
}
