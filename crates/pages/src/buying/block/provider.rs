//! A provider's own side: what it is asked to bid for, its bid, its own score and reasons, and its contract. No field here
//! can hold another provider's bid.

use jiff::civil::{Date, DateTime};
use placewell_domain::buying::block::BidDecline;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;

use super::colour;
use super::record::points;
use crate::components::{Cell, Column, Inset, Link, Row, SummaryList, Table, Tag};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// A line of the list.
#[derive(Debug, Clone)]
pub struct OwnLineView {
    /// The reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// How many beds are asked for.
    pub beds: u8,
    /// The first and the last night.
    pub nights: (Date, Date),
    /// Until when bids come in.
    pub deadline: DateTime,
    /// Where the own bid stands.
    pub state: &'static str,
    /// The contract's state, once there is one: stored name and words.
    pub contract: Option<(&'static str, &'static str)>,
}

/// A home that may be offered, with its beds: id and label.
#[derive(Debug, Clone)]
pub struct OwnHomeView {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its beds.
    pub beds: Vec<(i64, String)>,
}

/// The provider's own bid.
#[derive(Debug, Clone)]
pub struct OwnBidView {
    /// The reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// The version of the bid.
    pub version: i64,
    /// The version of the contract, where there is one.
    pub contract_version: i64,
    /// Where the own bid stands.
    pub state: &'static str,
    /// What is asked for: label and words.
    pub asked: Vec<(String, String)>,
    /// What bids are scored by: words and weight in percent.
    pub scoring: Vec<(String, u8)>,
    /// The criteria to answer.
    pub criteria: Vec<String>,
    /// The homes that may be offered.
    pub homes: Vec<OwnHomeView>,
    /// The beds may be any of the homes.
    pub floating: bool,
    /// Bids can still be sent.
    pub open: bool,
    /// The own bid, where one was sent: label and words.
    pub sent: Vec<(String, String)>,
    /// The own score and reasons, after the evaluation: quality, price, total, the best total, reasons.
    pub scored: Option<([i64; 4], String)>,
    /// The contract, once it is live: state, label and words, paying authorities with shares.
    pub contract: Option<ContractView>,
    /// What stands in the form.
    pub typed: Typed,
}

/// A live contract as its provider sees it.
#[derive(Debug, Clone)]
pub struct ContractView {
    /// The state's stored name and words.
    pub state: (&'static str, &'static str),
    /// Terms: label and words.
    pub facts: Vec<(String, String)>,
    /// Prices of a night.
    pub prices: Vec<(String, Pence)>,
    /// Paying authorities with their shares.
    pub paying: Vec<(String, String)>,
    /// A change that waits for the provider, in words.
    pub to_agree: Option<String>,
    /// Who would pay then: name and share; nothing where shares stay.
    pub proposed: Vec<(String, String)>,
    /// Who has signed: label and words.
    pub signed: Vec<(String, String)>,
    /// What is open of the signatures.
    pub unsigned: Option<String>,
    /// The provider has not signed what the contract says now.
    pub to_sign: bool,
}

/// The list.
pub fn own_list_page(shell: Shell, lines: &[OwnLineView]) -> Page {
    let table = Table::new("Mini-blocks that your homes were asked to bid for")
        .columns(["Mini-block", "Beds", "Nights", "Bids until", "Your bid", "Contract"])
        .rows(lines.iter().map(|line| {
            let named = Html::lines([
                Html::from(Link::new(line.reference.as_str(), format!("/provider/mini-blocks/{}", line.reference))),
                line.title.as_str().into(),
            ]);
            let contract =
                line.contract.map_or_else(Html::default, |(state, label)| Tag::new(label, colour(state)).into());
            Row::new(named)
                .cell(line.beds.to_string())
                .cell(words::date_range(line.nights.0, line.nights.1))
                .cell(words::moment(line.deadline))
                .cell(line.state)
                .cell(contract)
        }))
        .empty("Your homes have not been asked to bid for a mini-block.");
    Page::new(shell.titled("Mini-blocks")).with(table)
}

fn pairs(pairs: &[(String, String)]) -> SummaryList {
    pairs.iter().fold(SummaryList::new(), |list, (label, value)| list.row(label.as_str(), value.as_str()))
}

/// The bid.
pub fn bid_page(shell: Shell, view: &OwnBidView, keys: [&str; 3], errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let path = format!("/provider/mini-blocks/{}", view.reference);
    let weights = Table::new("How bids are scored, fixed before homes were asked")
        .columns(["What"])
        .column(Column::number("Weight"))
        .rows(view.scoring.iter().map(|(what, weight)| Row::new(what.as_str()).cell(format!("{weight}%"))));
    let mut page = Page::new(
        shell.titled(view.title.as_str()).caption(format!("Mini-block {}", view.reference)).with_errors(errors),
    )
    .text(format!("Your bid: {}", view.state));
    if let Some(contract) = &view.contract {
        page = contract_parts(page, contract, (&path, &csrf, keys[2], view.contract_version));
    }
    page = page.heading("What is asked for").with(pairs(&view.asked)).with(weights);
    if !view.sent.is_empty() {
        page = page.heading("Your bid").with(pairs(&view.sent));
    }
    if let Some(([quality, price, total, best], reasons)) = &view.scored {
        page = page.heading("How your bid was scored").with(
            SummaryList::new()
                .row("Quality", points(*quality))
                .row("Price", points(*price))
                .row("Total", points(*total))
                .row("Total of the chosen bid", points(*best))
                .row("Reasons", reasons.as_str()),
        );
    }
    if !view.open {
        return page;
    }
    let decline = Form::post(format!("{path}/decline"), csrf.as_str(), keys[1])
        .version(view.version)
        .field(
            Field::radios(
                "reason",
                "Why you do not bid",
                BidDecline::ALL.iter().map(|reason| Choice::new(reason.code(), reason.label())),
            )
            .errors(errors),
        )
        .submit("Decline to bid");
    page.heading(if view.sent.is_empty() { "Bid" } else { "Change your bid" })
        .with(Inset::new("Nobody reads prices before the deadline. You can change your bid until then."))
        .with(bid_form(view, (&path, &csrf, keys[0]), errors))
        .heading("Decline")
        .with(decline)
}

fn bid_form(view: &OwnBidView, (path, csrf, key): (&str, &str, &str), errors: &Invalid) -> Form {
    let typed = &view.typed;
    let choices: Vec<Choice> = if view.floating {
        view.homes.iter().map(|home| Choice::new(home.id.to_string(), home.name.as_str())).collect()
    } else {
        view.homes
            .iter()
            .flat_map(|home| {
                home.beds.iter().map(move |(bed, label)| {
                    Choice::new(format!("{}.{bed}", home.id), format!("{}: {label}", home.name))
                })
            })
            .collect()
    };
    let legend = if view.floating { "Homes whose beds you offer" } else { "Beds that you offer" };
    let money = |name: &str, label: &str| Field::money(name, label).value(typed.get(name)).errors(errors);
    let form = Form::post(format!("{path}/bid"), csrf, key)
        .version(view.version)
        .field(Field::checkboxes("beds", legend, choices).values(typed.all("beds")).errors(errors))
        .field(money("occupied", "Price of an occupied night"))
        .field(money("empty", "Price of a guaranteed empty night"))
        .field(money("second_child", "Price of the second child's night in a home (optional)"));
    let form = view.criteria.iter().enumerate().fold(form, |form, (at, criterion)| {
        let name = format!("answer_{at}");
        form.field(
            Field::textarea(name.as_str(), criterion.as_str()).value(typed.get(&name)).limit(3_000).errors(errors),
        )
    });
    form.field(
        Field::text("conflicts", "Conflicts of interest")
            .hint("Enter None where there is none.")
            .value(typed.get("conflicts"))
            .errors(errors),
    )
    .submit("Send this bid")
}

fn contract_parts(page: Page, view: &ContractView, (path, csrf, key, version): (&str, &str, &str, i64)) -> Page {
    let (state, label) = view.state;
    let prices = Table::new("Prices of a night")
        .columns(["A night"])
        .column(Column::number("Price"))
        .rows(view.prices.iter().map(|(label, price)| Row::new(label.as_str()).cell(Cell::money(*price))));
    let paying = Table::new("Who pays")
        .columns(["Authority"])
        .column(Column::number("Share"))
        .rows(view.paying.iter().map(|(name, share)| Row::new(name.as_str()).cell(share.as_str())));
    let mut page = page.heading("Contract").with(Tag::new(label, colour(state)));
    page = page.maybe(view.unsigned.as_deref().map(Inset::new)).with(pairs(&view.signed));
    if view.to_sign {
        page = page.text(Link::new("Sign the contract", format!("{path}/sign")));
    }
    let page = match &view.to_agree {
        Some(change) => page
            .with(Inset::new(format!("The authorities propose: {change}. It holds only if you agree.")))
            .maybe((!view.proposed.is_empty()).then(|| pairs(&view.proposed)))
            .with(Form::post(format!("{path}/agree"), csrf, key).version(version).submit("Agree to this change")),
        None => page,
    };
    let nights = path.replacen("/provider", "", 1);
    let page = page.text(Link::new("Nights, nominations and settling", format!("{nights}/nights")));
    page.with(pairs(&view.facts)).with(prices).with(paying)
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let day = Date::constant;
    let fact = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let line = OwnLineView {
        reference: "MB-005".into(),
        title: "Two beds near Hereford".into(),
        beds: 2,
        nights: (day(2021, 11, 1), day(2022, 10, 31)),
        deadline: day(2021, 9, 24).at(12, 0, 0, 0),
        state: "Asked",
        contract: Some(("live", "Live")),
    };
    let view = OwnBidView {
        reference: "MB-005".into(),
        title: "Two beds near Hereford".into(),
        version: 1,
        contract_version: 5,
        state: "Asked",
        asked: vec![fact("Beds", "2, fixed beds")],
        scoring: vec![("Education".into(), 60), ("Price, at 80% occupied".into(), 40)],
        criteria: vec!["Education".into()],
        homes: vec![OwnHomeView {
            id: 3,
            name: "Elm House".into(),
            beds: vec![(31, "Bed 1".into()), (32, "Bed 2".into())],
        }],
        floating: false,
        open: true,
        sent: vec![],
        scored: None,
        contract: None,
        typed: Typed::default(),
    };
    let contract = ContractView {
        state: ("live", "Live"),
        facts: vec![fact("Beds", "2, fixed beds")],
        prices: vec![("An occupied night".into(), Pence(52_000))],
        paying: vec![("Herefordshire Council".into(), "60%".into())],
        to_agree: Some("Guarantee 1 bed from 1 March 2022".into()),
        proposed: vec![],
        signed: vec![fact("For the authorities", "Not signed yet"), fact("For the provider", "Not signed yet")],
        unsigned: Some("The contract is not signed by both sides yet. Until it is, its beds cannot be used.".into()),
        to_sign: true,
    };
    let chosen = OwnBidView {
        state: "Chosen",
        open: false,
        sent: vec![fact("An occupied night", "£520")],
        scored: Some(([5_400, 3_900, 9_300, 9_300], "Strong on education.".into())),
        contract: Some(contract),
        ..view.clone()
    };
    let floating = OwnBidView { floating: true, ..view.clone() };
    let page = |view: &OwnBidView, errors: &Invalid| {
        bid_page(kit::signed_in_shell(), view, ["k1", "k2", "k3"], errors).to_string()
    };
    vec![
        ("a provider's mini-blocks", own_list_page(kit::signed_in_shell(), &[line]).to_string()),
        ("bidding for a mini-block", page(&view, &Invalid::default())),
        ("bidding with floating beds, wrong", page(&floating, &Invalid::one("beds", "Offer 2 beds"))),
        ("a provider's live mini-block", page(&chosen, &Invalid::default())),
    ]
}
