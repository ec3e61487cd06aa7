//! The form by which a provider asks for a rise.

use placewell_domain::homes::price::uplift::{CostKind, UpliftBasis};
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;

use crate::components::{Inset, SummaryList};
use crate::form::{Choice, Field, Form, Typed};
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;

/// A price for which a rise can be asked.
#[derive(Debug, Clone)]
pub struct PriceNow {
    /// The home's number, the lot and the line, as one word of the form.
    pub code: String,
    /// Home, lot and line.
    pub what: String,
    /// A week now.
    pub weekly: Pence,
}

/// The form to ask.
#[derive(Debug, Clone)]
pub struct AskView {
    /// The form's key.
    pub key: String,
    /// Prices of the provider's homes.
    pub prices: Vec<PriceNow>,
    /// The formula and the rise in consumer prices in words.
    pub formula: (String, String),
    /// The most that the formula gives today; none where no rise in consumer prices is recorded.
    pub most: Option<String>,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page to ask for a rise.
pub fn ask(shell: Shell, view: &AskView) -> Page {
    let (typed, errors) = (&view.typed, &view.errors);
    let text =
        |name: &str, label: &str, hint: &str| Field::text(name, label).hint(hint).value(typed.get(name)).errors(errors);
    let prices = std::iter::once(Choice::new("", "Select a price")).chain(
        view.prices.iter().map(|one| Choice::new(one.code.as_str(), format!("{}: {} a week", one.what, one.weekly))),
    );
    let bases = UpliftBasis::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let mut form = Form::post("/provider/uplifts/new", shell.csrf.clone(), view.key.as_str())
        .field(Field::select("price", "Which price?", prices).value(typed.get("price")).errors(errors))
        .field(Field::radios("basis", "On what does it rest?", bases).value(typed.get("basis")).errors(errors))
        .field(text("percent", "By formula: by how many percent?", "For example, 1.5"))
        .field(text("weekly", "Open book: which price of a week?", "For example, 4250"))
        .field(
            Field::date("from", "From which night?")
                .hint("A day ahead, for example 1 11 2021")
                .parts(typed.date("from"))
                .errors(errors),
        );
    for kind in CostKind::ALL {
        let (code, label) = (kind.code(), kind.label());
        form = form
            .field(text(&format!("{code}_was"), &format!("{label}: a week when the price was set"), "Open book only"))
            .field(text(&format!("{code}_now"), &format!("{label}: a week from then on"), "Open book only"));
    }
    let form = form
        .field(
            Field::textarea("words", "Why did the costs rise?")
                .hint("Nothing about a child. The regional team reads it; authorities do not.")
                .value(typed.get("words"))
                .errors(errors),
        )
        .submit("Ask for the rise")
        .cancel("/provider/uplifts");
    let most = view.most.clone().unwrap_or_else(|| "Nothing: no rise in consumer prices is recorded".to_owned());
    let facts = SummaryList::new()
        .row("The formula", view.formula.0.as_str())
        .row("Consumer prices", view.formula.1.as_str())
        .row("The formula gives at most", most);
    let shell = shell.titled("Ask for a rise in price").back("/provider/uplifts").with_errors(errors);
    Page::new(shell)
        .with(facts)
        .with(Inset::new("Evidence is added on the next page. Live agreements keep their price until each authority confirms the new one."))
        .with(form)
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let view = AskView {
        key: "k1".to_owned(),
        prices: vec![PriceNow {
            code: "SC400001 planned core".to_owned(),
            what: "Elm House, Planned, core price".to_owned(),
            weekly: Pence::pounds(4_150),
        }],
        formula: (
            "The lower of 1.5% and the rise in consumer prices, reviewed where that is above 3%".to_owned(),
            "2% in the year to July 2021 (ONS, 18 August 2021)".to_owned(),
        ),
        most: Some("1.5%".to_owned()),
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let mut wrong = AskView { most: None, ..view.clone() };
    wrong.errors.add("percent", "Enter a percentage from 0.01 to 100, like 1.5");
    vec![
        ("ask for a rise in price", ask(kit::signed_in_shell(), &view).to_string()),
        ("ask for a rise in price, with an error", ask(kit::signed_in_shell(), &wrong).to_string()),
    ]
}
