//! The form of one check: what is done, on which evidence, and how long it took beside the form.

use placewell_domain::buying::check::{CheckAct, CheckLine, NotSatisfiedReason, Validity};
use placewell_domain::outcome::Invalid;

use super::{colour, more};
use crate::components::{Inset, SummaryList, Tag};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::office::document::{DocumentLine, field, table};
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// The form of one check.
#[derive(Debug, Clone)]
pub struct OneView {
    /// The referral.
    pub reference: String,
    /// The home: Ofsted number and name.
    pub home: (String, String),
    /// Which check, and where it stands.
    pub line: CheckLine,
    /// The version that the page shows; 0 for one that was not begun.
    pub version: i64,
    /// When the form was opened, by the system's clock.
    pub opened: String,
    /// What evidence is on record, and what it says.
    pub evidence: Option<(String, String)>,
    /// The child's record was erased, and what the evidence says with it: nothing more is recorded.
    pub erased: bool,
    /// Minutes that it takes as a rule.
    pub standard: u32,
    /// The files of its evidence, newest first.
    pub files: Vec<DocumentLine>,
    /// The idempotency key.
    pub key: String,
    /// The idempotency key of the form that brings a file.
    pub file_key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page of one check.
pub fn one_page(shell: Shell, view: &OneView) -> Page {
    let csrf = shell.csrf.clone();
    let item = view.line.item;
    let reference = view.reference.as_str();
    let shell = shell
        .titled(format!("{}. {}", item.number(), item.label()))
        .caption(format!("{reference}, {}", view.home.1))
        .record(reference)
        .back(format!("/referrals/{reference}/checks?home={}", view.home.0))
        .with_errors(&view.errors);
    let erased = view.erased.then(|| Inset::new(words::ERASED));
    let page = Page::new(shell).narrow().maybe(erased).with(facts(view));
    let page = page.maybe((!view.erased).then(|| form(view, csrf.clone())));
    let page = page.heading("Files of the evidence").with(table(&view.files));
    if view.erased {
        return page;
    }
    if view.version == 0 {
        return page.text("Save the check first. Then add its files.");
    }
    let path = format!("/referrals/{reference}/checks/{}/{}/documents", view.home.0, item.code());
    page.with(Form::post(path, csrf, view.file_key.as_str()).field(field(&view.errors)).submit("Add this document"))
}

fn facts(view: &OneView) -> SummaryList {
    let item = view.line.item;
    let state = more(&view.line.state);
    let facts = SummaryList::new()
        .row("This placement", Tag::new(view.line.state.label(), colour(&view.line.state)))
        .row("Holds for", item.validity().words())
        .row("Usually takes", format!("{} (an estimate)", words::minutes(u64::from(view.standard))));
    let facts = if state.is_empty() { facts } else { facts.row("More", state) };
    match &view.evidence {
        Some((kind, said)) if said.is_empty() => facts.row("Evidence on record", kind.as_str()),
        Some((kind, said)) => facts.row("Evidence on record", Html::lines([kind.as_str(), said.as_str()])),
        None => facts,
    }
}

fn form(view: &OneView, csrf: String) -> Form {
    let item = view.line.item;
    let (typed, errors) = (&view.typed, &view.errors);
    let acts = CheckAct::CODES.iter().map(|(code, label)| Choice::new(*code, *label));
    let kinds = item.evidence().iter().map(|kind| Choice::new(kind.code(), kind.label()));
    let reasons = NotSatisfiedReason::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let day = |name: &str, legend: &str| Field::date(name, legend).parts(typed.date(name)).errors(errors);
    let path = format!("/referrals/{}/checks/{}/{}", view.reference, view.home.0, item.code());
    let mut form = Form::post(path, csrf, view.key.as_str())
        .version(view.version)
        .field(Field::hidden("opened", view.opened.as_str()))
        .field(Field::radios("act", "What is done?", acts).value(typed.get("act")).errors(errors))
        .part(Html::heading("The evidence, where it is in"))
        .field(Field::radios("evidence_kind", "Kind", kinds).value(typed.get("evidence_kind")).errors(errors))
        .field(day("evidence_on", "Date of the evidence"))
        .field(
            Field::text("evidence_number", "Number in your files")
                .hint("Letters and digits, for example E-2021-7. Do not write a name.")
                .width(20)
                .plain()
                .value(typed.get("evidence_number"))
                .errors(errors),
        );
    if item.validity() == Validity::ToExpiry {
        form = form.field(day("evidence_until", "On which day does it expire?"));
    }
    form.field(
        Field::textarea("evidence_words", "What it says (optional)")
            .hint("Sealed with the child's record.")
            .rows(3)
            .limit(2_000)
            .value(typed.get("evidence_words"))
            .errors(errors),
    )
    .field(
        Field::radios("failed", "Why is it not satisfied? (if so)", reasons).value(typed.get("failed")).errors(errors),
    )
    .field(
        Field::number("minutes", "Minutes it took beside this form (optional)")
            .hint("The system counts the time of this form itself.")
            .width(5)
            .value(typed.get("minutes"))
            .errors(errors),
    )
    .submit("Save")
    .cancel(format!("/referrals/{}/checks?home={}", view.reference, view.home.0))
}
