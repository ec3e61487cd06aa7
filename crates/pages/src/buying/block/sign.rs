//! Signing a contract: what it says, who has signed, and the form of the reader's own side.

use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;

use crate::components::{Cell, Column, Inset, Row, SummaryList, Table};
use crate::form::{Choice, Field, Form, Typed};
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// What a side signs.
#[derive(Debug, Clone)]
pub struct SignView {
    /// The contract's reference.
    pub reference: String,
    /// The path of its page for the reader's side.
    pub path: String,
    /// The reader signs for the provider; else for the authorities.
    pub provider: bool,
    /// Terms: label and words.
    pub facts: Vec<(String, String)>,
    /// Prices of a night.
    pub prices: Vec<(String, Pence)>,
    /// Paying authorities with their shares.
    pub paying: Vec<(String, String)>,
    /// Who has signed: label and words.
    pub signed: Vec<(String, String)>,
    /// The fingerprint of what it says.
    pub content: String,
    /// What stands in the form.
    pub typed: Typed,
}

/// The page.
pub fn sign_page(shell: Shell, view: &SignView, key: &str, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let pairs = |pairs: &[(String, String)]| {
        pairs.iter().fold(SummaryList::new(), |list, (label, value)| list.row(label.as_str(), value.as_str()))
    };
    let prices = Table::new("Prices of a night")
        .columns(["A night"])
        .column(Column::number("Price"))
        .rows(view.prices.iter().map(|(label, price)| Row::new(label.as_str()).cell(Cell::money(*price))));
    let paying = Table::new("Who pays")
        .columns(["Authority"])
        .column(Column::number("Share"))
        .rows(view.paying.iter().map(|(name, share)| Row::new(name.as_str()).cell(share.as_str())));
    let own = if view.provider { "your organisation" } else { "the authorities that have approved it" };
    let text = |name: &str, label: &str| Field::text(name, label).value(view.typed.get(name)).errors(errors);
    let form = Form::post(format!("{}/sign", view.path), csrf, key)
        .field(Field::hidden("content", view.content.as_str()))
        .field(text("name", "Your full name"))
        .field(text("role", "Your role"))
        .field(
            Field::checkboxes("authority", "Authority", [Choice::new("yes", "I have authority to sign")])
                .values(view.typed.all("authority"))
                .errors(errors),
        )
        .submit("Sign the contract")
        .cancel(view.path.as_str());
    let short: String = view.content.chars().take(16).collect();
    Page::new(
        shell
            .titled("Sign the contract")
            .caption(format!("Mini-block {}", view.reference))
            .back(view.path.as_str())
            .with_errors(errors),
    )
    .with(Inset::new(format!(
        "You sign for {own}. The signature is bound to what stands here: fingerprint {short}. If the contract has changed \
         meanwhile, nothing is signed."
    )))
    .with(pairs(&view.facts))
    .with(prices)
    .with(paying)
    .heading("Signatures")
    .with(pairs(&view.signed))
    .with(form)
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let view = SignView {
        reference: "MB-002".into(),
        path: "/provider/mini-blocks/MB-002".into(),
        provider: true,
        facts: vec![pair("Beds", "4, fixed beds")],
        prices: vec![("An occupied night".into(), Pence(48_571))],
        paying: vec![pair("Herefordshire Council", "25%"), pair("Shropshire Council", "75%")],
        signed: vec![
            pair("For the authorities", &format!("Marcus Inkberrow, Commissioning lead, {}", words::date(kit_day()))),
            pair("For the provider", "Not signed yet"),
        ],
        content: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        typed: Typed::default(),
    };
    let lead = SignView { provider: false, path: "/mini-blocks/MB-002".into(), ..view.clone() };
    let wrong = Invalid::one("authority", "Confirm that you have authority to sign, or ask somebody who has");
    let page = |view: &SignView, errors: &Invalid| sign_page(kit::signed_in_shell(), view, "k", errors).to_string();
    vec![
        ("a provider signs a mini-block", page(&view, &Invalid::default())),
        ("the lead signs a mini-block, wrong", page(&lead, &wrong)),
    ]
}

const fn kit_day() -> jiff::civil::Date {
    jiff::civil::date(2020, 3, 14)
}
