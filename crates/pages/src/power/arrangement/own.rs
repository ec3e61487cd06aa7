//! What one authority decides for itself about the arrangement: the use of the extension, and the terms it accepts, each
//! with the power that it cites.

use jiff::civil::Date;
use placewell_domain::outcome::Invalid;

use crate::components::{Inset, Link, Row, Table};
use crate::form::{Choice, Field, Form};
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// What was decided.
#[derive(Debug, Clone)]
pub struct OwnUseView {
    /// In words.
    pub what: String,
    /// On which day.
    pub on: Date,
    /// The power, by post title.
    pub power: String,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct OwnArrangementView {
    /// The arrangement's slug and title.
    pub named: (String, String),
    /// The last day of the initial term, and of the term as the region has extended it.
    pub ends: (Date, Date),
    /// What was decided.
    pub uses: Vec<OwnUseView>,
    /// Versions of the terms that are not accepted yet: number and words.
    pub terms: Vec<(String, String)>,
    /// By which power the reader can decide, or why not.
    pub power: Result<String, String>,
    /// Whether the reader decides at all.
    pub decides: bool,
    /// What was typed.
    pub typed: [String; 3],
}

/// The page.
pub fn own_page(shell: Shell, view: &OwnArrangementView, keys: [&str; 2], errors: &Invalid) -> Page {
    const PATH: &str = "/arrangement/own";
    let csrf = shell.csrf.clone();
    let (slug, title) = &view.named;
    let (end, extended) = view.ends;
    let uses = Table::new("Decided by this authority")
        .columns(["What", "On", "Power"])
        .rows(
            view.uses.iter().map(|one| Row::new(one.what.as_str()).cell(words::date(one.on)).cell(one.power.as_str())),
        )
        .empty("Nothing is decided yet.");
    let page = Page::new(shell.titled("Own decisions").caption(title.as_str()).with_errors(errors))
        .text(Link::new("The public page of the arrangement", "/arrangement"))
        .with(uses)
        .with(Inset::new(match &view.power {
            Ok(power) => format!("You can decide this. {power}"),
            Err(why) => format!("You cannot decide this. {why}"),
        }));
    if !view.decides || view.power.is_err() {
        return page;
    }
    let extend = Form::post(format!("{PATH}/extension"), csrf.as_str(), keys[0])
        .field(Field::hidden("slug", slug.as_str()))
        .field(
            Field::date("until", "Until which day is the extended term used?")
                .hint(format!(
                    "The initial term ends on {}; extended so far to {}.",
                    words::date(end),
                    words::date(extended)
                ))
                .parts([view.typed[0].as_str(), view.typed[1].as_str(), view.typed[2].as_str()])
                .errors(errors),
        )
        .submit("Use the extended term");
    let page = if extended > end { page.heading("Use the extension").with(extend) } else { page };
    if view.terms.is_empty() {
        return page;
    }
    let choices = view.terms.iter().map(|(version, words)| Choice::new(version.as_str(), words.as_str()));
    let accept = Form::post(format!("{PATH}/terms"), csrf, keys[1])
        .field(Field::hidden("slug", slug.as_str()))
        .field(Field::radios("terms", "Which version of the terms is accepted?", choices).errors(errors))
        .submit("Accept this version");
    page.heading("Accept a version of the terms").with(accept)
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let day = Date::constant;
    let view = OwnArrangementView {
        named: ("fca".into(), "Flexible Contracting Arrangement".into()),
        ends: (day(2021, 12, 14), day(2022, 12, 14)),
        uses: vec![OwnUseView {
            what: "Accepts version 1.0 of the terms".into(),
            on: day(2019, 2, 4),
            power: "Limb (b) of decision HEF-2019-0114, used by the Director.".into(),
        }],
        terms: vec![("1.1".into(), "1.1, from 1 April 2020".into())],
        power: Ok("Limb (b) of decision HEF-2019-0114, used by the Director.".into()),
        decides: true,
        typed: <[String; 3]>::default(),
    };
    let cannot = OwnArrangementView {
        power: Err("No decision in force gives anybody the power to accept a terms version.".into()),
        uses: vec![],
        ..view.clone()
    };
    let page = |view: &OwnArrangementView, errors: &Invalid| {
        own_page(kit::signed_in_shell(), view, ["k1", "k2"], errors).to_string()
    };
    vec![
        ("an authority's own decisions on the arrangement", page(&view, &Invalid::default())),
        ("own decisions, wrong", page(&view, &Invalid::one("until", "Enter the last day, like 14 12 2022"))),
        ("own decisions without a power", page(&cannot, &Invalid::default())),
    ]
}
