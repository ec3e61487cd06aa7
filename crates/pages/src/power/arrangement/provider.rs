//! The arrangement as a provider sees it: its term, who leaves, and the terms that it accepted and has to accept.

use jiff::civil::{Date, DateTime};
use placewell_domain::power::arrangement::{Arrangement, Instrument, TermBar};

use super::variation::capital;
use super::{Forms, drawing, term_words, terms};
use crate::components::{Inset, Link, Row, Table};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// A version to accept.
#[derive(Debug, Clone)]
pub struct ToAccept {
    /// The arrangement's slug.
    pub slug: String,
    /// The arrangement's title.
    pub title: String,
    /// Whether of the terms or of the specification.
    pub of: Instrument,
    /// The version's number.
    pub version: String,
    /// From when it applies.
    pub from: Date,
    /// What changed.
    pub summary: String,
}

impl ToAccept {
    fn name(&self) -> String {
        match self.of {
            Instrument::Terms => format!("Version {} of {}", self.version, self.title),
            Instrument::Specification => format!("Version {} of the specification of {}", self.version, self.title),
        }
    }
}

/// An acceptance that was made.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// Whether of the terms or of the specification.
    pub of: Instrument,
    /// The version's number.
    pub version: String,
    /// The name as typed.
    pub name: String,
    /// The role as typed.
    pub role: String,
    /// When.
    pub at: DateTime,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct ProviderView {
    /// The arrangement in use.
    pub arrangement: Arrangement,
    /// Where today stands.
    pub bar: TermBar,
    /// Today.
    pub today: Date,
    /// Authorities that leave, and from when.
    pub leaving: Vec<(String, Date)>,
    /// What is to be accepted, oldest first.
    pub to_accept: Vec<ToAccept>,
    /// What was accepted, latest first.
    pub accepted: Vec<Accepted>,
    /// The successor's title and first day, where one is recorded.
    pub successor: Option<(String, Date)>,
}

/// The page.
pub fn provider_page(shell: Shell, view: &ProviderView, forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let arrangement = &view.arrangement;
    let mut page = Page::new(
        shell.titled("Arrangement and terms").caption(arrangement.title.as_str()).with_errors(forms.errors),
    )
    .text(term_words(&view.bar))
    .with(Html::bullets([crate::components::Link::new("Join, add homes or apply again", "/provider/admission")]))
    .with(drawing(arrangement, view.today))
    .maybe(arrangement.ahead.proposal.map(|proposal| {
        Inset::new(format!(
            "The region proposes to extend the term to {}. It goes on for an authority only by that authority's own \
                     decision; placements that were made go on under their own terms.",
            words::date(proposal.until)
        ))
    }));
    for (name, from) in &view.leaving {
        page = page.with(Inset::new(format!(
            "{name} leaves the arrangement on {}. Placements that were made before go on under their own terms to their own \
             end.",
            words::date(*from)
        )));
    }
    page = page.maybe(view.successor.as_ref().map(|(title, start)| {
        Html::join([
            Html::paragraph(format!("{title} follows from {}.", words::date(*start))),
            Html::paragraph(Link::new("Placements that an authority offers to move to it", "/agreements/moves")),
        ])
    }));
    page = page.heading("Terms and specification to accept");
    if view.to_accept.is_empty() {
        page = page.text("You have accepted every version of the terms and of the specification.");
    } else {
        let waiting = Table::new("Versions that wait for you").columns(["Version", "From", "What changed"]).rows(
            view.to_accept.iter().map(|one| {
                let path = format!("/arrangement/terms/{}/{}/{}", one.slug, one.of.code(), one.version);
                Row::new(Link::new(one.name(), path)).cell(words::date(one.from)).cell(one.summary.as_str())
            }),
        );
        page = page.with(waiting).with(accept(view, forms, &csrf));
    }
    let history = Table::new("What you accepted")
        .columns(["Version", "Signed by", "When"])
        .rows(view.accepted.iter().map(|one| {
            Row::new(capital(&one.of.words(&one.version)))
                .cell(format!("{}, {}", one.name, one.role))
                .cell(words::moment(one.at))
        }))
        .empty("The version in force when your first home was admitted; no later one yet.");
    page.with(history).with(terms(arrangement, view.today))
}

fn accept(view: &ProviderView, forms: &Forms<'_>, csrf: &str) -> Form {
    let choices =
        view.to_accept.iter().map(|one| Choice::new(format!("{} {}", one.slug, one.of.key(&one.version)), one.name()));
    Form::post("/provider/arrangement", csrf, forms.key(0))
        .field(
            Field::radios("terms", "Which version do you accept?", choices)
                .value(forms.typed.get("terms"))
                .errors(forms.errors),
        )
        .signer(forms.typed, forms.errors, "I have authority to sign for this provider")
        .submit("Accept this version")
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    use crate::samples as kit;
    let day = Date::constant;
    let arrangement = super::sample();
    let view = ProviderView {
        bar: arrangement.term.bar(day(2021, 9, 13)),
        today: day(2021, 9, 13),
        leaving: vec![("Solihull Metropolitan Borough Council".into(), day(2021, 12, 15))],
        to_accept: vec![ToAccept {
            slug: "fca".into(),
            title: arrangement.title.clone(),
            of: Instrument::Terms,
            version: "1.2".into(),
            from: day(2021, 9, 9),
            summary: "No placement of a child under 16 in a setting that is not registered.".into(),
        }],
        accepted: vec![Accepted {
            of: Instrument::Specification,
            version: "1.1".into(),
            name: "Jo Smith".into(),
            role: "Director".into(),
            at: day(2020, 4, 2).at(11, 0, 0, 0),
        }],
        successor: Some(("Flexible Contracting Arrangement 2022".into(), day(2022, 4, 1))),
        arrangement,
    };
    let keys = ["k1".to_owned()];
    let wrong = placewell_domain::outcome::Invalid::one("authority", "Confirm that you have authority to sign");
    let forms = Forms { keys: &keys, errors: &wrong, typed: &crate::form::Typed::default() };
    let none = placewell_domain::outcome::Invalid::default();
    let plain = Forms { errors: &none, ..forms };
    let done = ProviderView { to_accept: vec![], accepted: vec![], leaving: vec![], successor: None, ..view.clone() };
    vec![
        ("a provider's arrangement", provider_page(kit::signed_in_shell(), &view, &forms).to_string()),
        ("a provider with nothing to accept", provider_page(kit::signed_in_shell(), &done, &plain).to_string()),
    ]
}
