//! What a provider keeps to say again of a home in its offers. Its own people alone read this page.

use jiff::civil::Date;
use placewell_domain::homes::home::Need;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::offer::wording::LONGEST;

use crate::components::{Inset, Row, Table};
use crate::form::{Choice, Field, Form, Typed};
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// A saved sentence.
#[derive(Debug, Clone)]
pub struct WordingLine {
    /// Of which need.
    pub need: Need,
    /// What the offers say.
    pub words: String,
    /// When it was saved.
    pub saved: Date,
}

/// The saved wording of a home.
#[derive(Debug, Clone)]
pub struct WordingView {
    /// Ofsted's number.
    pub urn: String,
    /// The home's name.
    pub home: String,
    /// What is saved.
    pub saved: Vec<WordingLine>,
    /// The form's idempotency key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page of a home's saved wording.
pub fn wording(shell: Shell, view: &WordingView) -> Page {
    let beds = format!("/provider/homes/{}/beds", view.urn);
    let needs = Need::ALL.iter().map(|need| Choice::new(need.code(), words::capital(need.label())));
    let form = Form::post(format!("/provider/homes/{}/wording", view.urn), shell.csrf.clone(), view.key.as_str())
        .field(
            Field::select(
                "need",
                "How the home meets which need",
                core::iter::once(Choice::new("", "Choose a need")).chain(needs),
            )
            .value(view.typed.get("need"))
            .errors(&view.errors),
        )
        .field(
            Field::textarea("words", "What your offers say of it")
                .hint("About the home alone. Leave it empty to take out what is saved.")
                .rows(3)
                .limit(LONGEST)
                .value(view.typed.get("words"))
                .errors(&view.errors),
        )
        .field(
            Field::checkboxes(
                "confirmed",
                "Offers for other children will say it",
                [Choice::new("yes", "I have read it, and it tells of no child")],
            )
            .errors(&view.errors),
        );
    let rows = view
        .saved
        .iter()
        .map(|one| Row::new(words::capital(one.need.label())).cell(one.words.as_str()).cell(words::date(one.saved)));
    let table = Table::new("What is saved")
        .columns(["Need", "What your offers say", "Saved on"])
        .rows(rows)
        .empty("Nothing is saved yet.");
    let shell = shell.titled("Saved wording").caption(view.home.as_str()).record(view.urn.as_str());
    Page::new(shell.back(beds.clone()).with_errors(&view.errors))
        .with(Inset::new(
            "When you answer a referral, saved wording can be inserted where a must-have asks how the home meets it. \
             Only your own people read this page.",
        ))
        .with(form.submit("Save this wording").cancel(beds))
        .with(table)
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let line = WordingLine {
        need: Need::GoingMissing,
        words: "Staff know whom to ring, and look for the child themselves within the hour.".to_owned(),
        saved: jiff::civil::date(2021, 9, 6),
    };
    let saved = WordingView {
        urn: "SC400001".to_owned(),
        home: "Elm House".to_owned(),
        saved: vec![line],
        key: "k1".to_owned(),
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let errors = Invalid::one("words", "A postcode stands in it. Take it out: offers for other children would say it");
    let wrong = WordingView { saved: vec![], errors, ..saved.clone() };
    vec![
        ("saved wording", wording(kit::signed_in_shell(), &saved).to_string()),
        ("saved wording, a postcode in it", wording(kit::signed_in_shell(), &wrong).to_string()),
    ]
}
