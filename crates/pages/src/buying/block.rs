//! Mini-blocks: the list for those who buy together, one contract with its way to the award, the forms of the lead, the
//! decision of an authority, and a provider's own side. A provider's pages have no field for another's bid.

mod decide;
mod form;
pub mod nights;
mod provider;
mod record;
mod sign;

pub use decide::{DecidingView, EffectView, decide_page};
pub use form::{
    BidToScore, CRITERIA, ProposalView, case_page, change_page, compete_page, evaluate_page, propose_page,
    withdraw_page,
};
pub use provider::{ContractView, OwnBidView, OwnHomeView, OwnLineView, bid_page, own_list_page};
pub use record::{BidView, BlockView, MonthView, NeedView, PayingView, ScoredView, block_page};
pub use sign::{SignView, sign_page};

use jiff::civil::Date;

use crate::components::{Colour, Link, Row, Table, Tag};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// A mini-block in the list.
#[derive(Debug, Clone)]
pub struct LineView {
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// The state's stored name and its words.
    pub state: (&'static str, &'static str),
    /// The provider.
    pub provider: String,
    /// How many beds.
    pub beds: u8,
    /// The first night and the last.
    pub nights: (Date, Date),
    /// The paying authorities.
    pub authorities: Vec<String>,
    /// What the reader has to do or should know; empty where nothing.
    pub note: String,
}

/// The colour of a state's tag.
pub(crate) fn colour(state: &str) -> Colour {
    match state {
        "live" => Colour::Green,
        "competing" => Colour::Blue,
        "recommended" => Colour::Yellow,
        "notice_given" => Colour::Orange,
        _ => Colour::Grey,
    }
}

/// The list.
pub fn list_page(shell: Shell, lines: &[LineView], runs: bool) -> Page {
    let table = Table::new("Mini-block contracts")
        .columns(["Contract", "State", "Provider", "Beds", "Nights", "Paying authorities", "To do"])
        .rows(lines.iter().map(|line| {
            let (state, label) = line.state;
            let named = Html::lines([
                Html::from(Link::new(line.reference.as_str(), format!("/mini-blocks/{}", line.reference))),
                line.title.as_str().into(),
            ]);
            Row::new(named)
                .cell(Tag::new(label, colour(state)))
                .cell(line.provider.as_str())
                .cell(line.beds.to_string())
                .cell(words::date_range(line.nights.0, line.nights.1))
                .cell(line.authorities.join(", "))
                .cell(line.note.as_str())
        }))
        .empty("No mini-block is proposed yet.");
    let page = Page::new(shell.titled("Mini-blocks"));
    let page = if runs { page.text(Link::new("Propose a mini-block", "/mini-blocks/new")) } else { page };
    page.with(table).text(Link::download("Download this list as CSV", "/mini-blocks.csv"))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let day = Date::constant;
    let line = LineView {
        reference: "MB-002".into(),
        title: "Four beds for the north of the region".into(),
        state: ("live", "Live"),
        provider: "Elm Care".into(),
        beds: 4,
        nights: (day(2020, 4, 1), day(2021, 12, 14)),
        authorities: vec!["Herefordshire Council".into(), "Shropshire Council".into()],
        note: "Break on 1 October 2021: notice by 1 July 2021".into(),
    };
    let mut pages = vec![
        ("mini-blocks", list_page(kit::signed_in_shell(), std::slice::from_ref(&line), true).to_string()),
        ("no mini-blocks", list_page(kit::signed_in_shell(), &[], false).to_string()),
    ];
    pages.extend(record::samples());
    pages.extend(decide::samples());
    pages.extend(form::samples());
    pages.extend(provider::samples());
    pages.extend(sign::samples());
    pages.extend(nights::samples());
    pages
}
