//! Why a home is asked, or is not: for its own provider, with what would change each thing. No search shows here, and no
//! other home.

use crate::components::{Colour, Row, Table, Tag};
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;

/// What one thing does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateEffect {
    /// It leaves the home out.
    LeftOut,
    /// Officers read "not known" or an old date.
    Weaker,
    /// Nothing is in the way.
    Well,
}

/// One thing.
#[derive(Debug, Clone)]
pub struct GateLine {
    /// What it is.
    pub about: String,
    /// What it does.
    pub effect: GateEffect,
    /// What was found.
    pub found: String,
    /// What would change it.
    pub change: String,
}

/// One home.
#[derive(Debug, Clone)]
pub struct WhyAskedView {
    /// Its name.
    pub name: String,
    /// What keeps it out first.
    pub gates: Vec<GateLine>,
}

/// The page.
pub fn why_asked(shell: Shell, view: &WhyAskedView) -> Page {
    let out = view.gates.iter().filter(|gate| gate.effect == GateEffect::LeftOut).count();
    let words = match out {
        0 => "Searches find this home. What is weaker below makes officers choose another where both would do.",
        _ => "Searches leave this home out while one of these stands.",
    };
    let rows = view.gates.iter().map(|gate| {
        let (tag, change) = match gate.effect {
            GateEffect::LeftOut => (Tag::new("Leaves it out", Colour::Red), gate.change.as_str()),
            GateEffect::Weaker => (Tag::new("Weaker", Colour::Yellow), gate.change.as_str()),
            GateEffect::Well => (Tag::new("In order", Colour::Green), "Nothing to do"),
        };
        Row::new(gate.about.as_str()).cell(tag).cell(gate.found.as_str()).cell(change)
    });
    let table = Table::new("What decides whether it is asked")
        .columns(["About", "What it does", "What was found", "What changes it"])
        .rows(rows);
    Page::new(shell.titled(format!("Why {} is asked, and why not", view.name)).back("/provider/homes"))
        .text(words)
        .with(table)
        .text(
            "Beside these, each search asks for the child's age, sex, needs, distance and dates. A referral that reached you \
             shows on its own page why your home was asked.",
        )
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let gate = |about: &str, effect| GateLine {
        about: about.to_owned(),
        effect,
        found: "No bed is free in the next 28 days".to_owned(),
        change: "Bring a bed back into service on the page of its beds, once it is.".to_owned(),
    };
    let out = WhyAskedView {
        name: "Elm House".to_owned(),
        gates: vec![gate("Beds", GateEffect::LeftOut), gate("Beds confirmed", GateEffect::Weaker)],
    };
    let well = WhyAskedView { gates: vec![gate("Registration", GateEffect::Well)], ..out.clone() };
    let show = |view: &WhyAskedView| why_asked(kit::signed_in_shell(), view).to_string();
    vec![("why a home is not asked", show(&out)), ("why a home is asked", show(&well))]
}
