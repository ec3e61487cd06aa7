//! A version of the terms or of the specification: what changed, its text, the versions beside it; for the regional team also
//! who accepted it, who has not, and the button that reminds them.

use jiff::civil::Date;
use placewell_domain::power::arrangement::{Arrangement, Instrument, TermsVersion};

use super::{Forms, variation_path};
use crate::components::{Details, Inset, Link, Row, SummaryList, Table, Warning};
use crate::form::Form;
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{office, words};

/// An acceptance, as the regional team reads it.
#[derive(Debug, Clone)]
pub struct AcceptedRow {
    /// The organisation.
    pub who: String,
    /// The day.
    pub on: Date,
    /// Who signed and in which role, or the power that was used.
    pub by: String,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct VariationView {
    /// The arrangement.
    pub arrangement: Arrangement,
    /// Whether of the terms or of the specification.
    pub of: Instrument,
    /// The version.
    pub terms: TermsVersion,
    /// Its text: format, length in bytes, SHA-256, when it was kept.
    pub text: Option<(String, u64, String, Date)>,
    /// Whether the reader's organisation is bound by it, and where it accepts; none for those who accept nothing.
    pub bound: Option<(bool, &'static str)>,
    /// Today.
    pub today: Date,
    /// For the regional team: who accepted it, the authorities and the providers that have not.
    pub acceptance: Option<(Vec<AcceptedRow>, Vec<String>, Vec<String>)>,
}

/// The page.
pub fn variation_page(shell: Shell, view: &VariationView, forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let title = capital(&view.of.words(&view.terms.version));
    let shell = shell.titled(title).caption(view.arrangement.title.as_str()).with_errors(forms.errors);
    let page = Page::new(shell).with(facts(view));
    let page = match view.bound {
        Some((true, _)) => page.text("Your organisation is bound by this version."),
        Some((false, path)) => page.with(Inset::new(Html::join([
            Html::from("Your organisation has not accepted this version and is not bound by it. "),
            Link::new("Accept it", path).into(),
        ]))),
        None => page,
    };
    match &view.acceptance {
        Some(found) => accepted(page, view, found, (forms, csrf.as_str())),
        None => page.text(Link::new("All versions, and the arrangement", "/arrangement")),
    }
}

/// The words at the beginning of a line.
pub(super) fn capital(words: &str) -> String {
    words.replacen("version", "Version", 1)
}

fn facts(view: &VariationView) -> SummaryList {
    let versions = view.arrangement.versions(view.of);
    let at = versions.iter().position(|one| one.version == view.terms.version).unwrap_or_default();
    let beside = |one: &TermsVersion| {
        let name = format!("{}, from {}", one.version, words::date(one.from));
        Html::from(Link::new(name, variation_path(&view.arrangement, view.of, one)))
    };
    let in_force = view.arrangement.version_on(view.of, view.today).is_some_and(|one| *one == view.terms);
    let text = match &view.text {
        Some((format, bytes, digest, kept_on)) => Html::lines([
            Html::from(Link::document(
                &capital(&view.of.words(&view.terms.version)),
                format,
                *bytes,
                format!("{}/text", variation_path(&view.arrangement, view.of, &view.terms)),
            )),
            format!("Kept on {}. SHA-256: {digest}", words::date(*kept_on)).into(),
        ]),
        None => "The text is not kept here.".into(),
    };
    let list = SummaryList::new()
        .row("Applies from", words::date(view.terms.from))
        .row("In force today", if in_force { "Yes" } else { "No" })
        .row("What changed", view.terms.summary.as_str())
        .row("Text", text);
    let list = match at.checked_sub(1).and_then(|before| versions.get(before)) {
        Some(before) => list.row("The version before", beside(before)),
        None => list.row("The version before", "None: it is the first"),
    };
    match versions.get(at + 1) {
        Some(after) => list.row("The version after", beside(after)),
        None => list,
    }
}

fn accepted(
    page: Page,
    view: &VariationView,
    (lines, authorities, providers): &(Vec<AcceptedRow>, Vec<String>, Vec<String>),
    (forms, csrf): (&Forms<'_>, &str),
) -> Page {
    let path = format!("/region{}", variation_path(&view.arrangement, view.of, &view.terms));
    let table = Table::new("Accepted by an act of their own")
        .columns(["Who", "On", "Signed by, or under which power"])
        .rows(lines.iter().map(|one| Row::new(one.who.as_str()).cell(words::date(one.on)).cell(one.by.as_str())))
        .empty("Nobody yet. Who joined while it was in force accepted it by joining.");
    let names = |title: String, names: &[String]| {
        let list = Html::bullets(names.iter().map(|name| Html::from(name.as_str())));
        (!names.is_empty()).then(|| Html::from(Details::new(title, list)))
    };
    let count = |names: &[String], one: &str, many: &str| {
        words::count(u64::try_from(names.len()).unwrap_or(u64::MAX), one, many)
    };
    let page = page
        .with(table)
        .heading("Who has not accepted it")
        .text(format!(
            "{} and {}.",
            count(authorities, "authority", "authorities"),
            count(providers, "provider", "providers")
        ))
        .maybe(names("The authorities".to_owned(), authorities))
        .maybe(names("The providers".to_owned(), providers));
    let page = if authorities.is_empty() && providers.is_empty() {
        page
    } else {
        page.text(
            "Each is reminded by mail 28 and 7 days before it applies and on its first day; and today, where you ask.",
        )
        .with(Form::post(format!("{path}/remind"), csrf, forms.key(0)).submit("Remind them today"))
    };
    let page = if view.text.is_some() {
        page
    } else {
        page.heading("Keep its text")
            .with(Warning::new("The text of a version is kept once. It cannot be changed or taken away."))
            .with(
                Form::post(format!("{path}/text"), csrf, forms.key(1))
                    .field(office::document::field(forms.errors))
                    .submit("Keep this text"),
            )
    };
    page.text(Link::new("All versions and who accepted them", "/region/arrangement/terms"))
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    use crate::samples as kit;
    let day = Date::constant;
    let arrangement = super::sample();
    let terms = arrangement.terms.first().cloned();
    let Some(terms) = terms else { return Vec::new() };
    let public = VariationView {
        of: Instrument::Terms,
        terms,
        text: Some(("PDF".to_owned(), 240_000, "0".repeat(64), day(2018, 12, 1))),
        bound: Some((false, "/provider/arrangement")),
        today: day(2021, 9, 13),
        acceptance: None,
        arrangement,
    };
    let row = AcceptedRow { who: "Alder Care Ltd".into(), on: day(2021, 9, 10), by: "Jo Smith, Director".into() };
    let region = VariationView {
        text: None,
        bound: None,
        acceptance: Some((vec![row], vec!["Solihull Metropolitan Borough Council".into()], vec!["Beech Ltd".into()])),
        ..public.clone()
    };
    let keys = ["k1".to_owned(), "k2".to_owned()];
    let none = placewell_domain::outcome::Invalid::default();
    let wrong = placewell_domain::outcome::Invalid::one(office::document::FIELD, "Choose the document to add");
    let typed = crate::form::Typed::default();
    let forms = Forms { keys: &keys, errors: &none, typed: &typed };
    let bad = Forms { errors: &wrong, ..forms };
    vec![
        ("a version of the terms", variation_page(kit::public_shell(), &public, &forms).to_string()),
        ("a version for the regional team", variation_page(kit::signed_in_shell(), &region, &bad).to_string()),
    ]
}
