//! The exempt part of a decision, on a page of its own that only the authority's own officers open: what is exempt, the
//! paragraph relied on, the public interest; and the form that records it. No public page has a field for any of it.

use jiff::civil::DateTime;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{ExemptParagraph, ExemptWords};

use crate::components::{Inset, Row, SummaryList, Table};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// One recording.
#[derive(Debug, Clone)]
pub struct ExemptLineView {
    /// What is exempt; none from when nothing is any longer.
    pub words: Option<ExemptWords>,
    /// Who recorded it.
    pub by: String,
    /// When.
    pub at: DateTime,
}

/// The page's facts.
#[derive(Debug, Clone)]
pub struct ExemptView {
    /// The decision's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: i64,
    /// What was recorded, the latest first.
    pub lines: Vec<ExemptLineView>,
    /// Whether the reader records it.
    pub records: bool,
}

/// The page, with what was typed where it is shown again.
pub fn exempt_page(shell: Shell, view: &ExemptView, key: &str, (typed, errors): (&Typed, &Invalid)) -> Page {
    let csrf = shell.csrf.clone();
    let path = format!("/democratic/decisions/{}", view.reference);
    let shell = shell
        .titled("Exempt part")
        .caption(view.title.as_str())
        .record(view.reference.as_str())
        .crumb("Decisions", "/democratic/decisions")
        .crumb(view.reference.as_str(), path.as_str())
        .with_errors(errors);
    let standing = view.lines.first().and_then(|line| line.words.as_ref());
    let facts = match standing {
        Some(words) => Html::from(said(words)),
        None => Html::from(Inset::new("No part of this decision is exempt from publication.")),
    };
    let form = view.records.then(|| form(view, (&path, &csrf, key), standing, (typed, errors)));
    Page::new(shell)
        .narrow()
        .text(
            "This page is for officers of the authority. Nothing on it is published, in no page, file, feed or print.",
        )
        .with(facts)
        .maybe(form)
        .maybe(history(view))
}

fn said(words: &ExemptWords) -> SummaryList {
    SummaryList::new()
        .row("What is exempt", words.what.as_str())
        .row("Paragraph of Schedule 12A", words.paragraph.label())
        .row("Public interest", words.reason.as_str())
}

fn form(
    view: &ExemptView,
    (path, csrf, key): (&str, &str, &str),
    standing: Option<&ExemptWords>,
    (typed, errors): (&Typed, &Invalid),
) -> Form {
    let again = |name: &str, known: fn(&ExemptWords) -> &str| {
        let typed = typed.get(name);
        if typed.is_empty() { standing.map_or("", known).to_owned() } else { typed.to_owned() }
    };
    let chosen = again("paragraph", |words| words.paragraph.code());
    let paragraphs = ExemptParagraph::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let paragraphs = paragraphs.chain([Choice::new("none", "Nothing is exempt any longer")]);
    Form::post(format!("{path}/exempt"), csrf, key)
        .version(view.version)
        .field(
            Field::radios("paragraph", "Paragraph of Schedule 12A relied on", paragraphs).value(chosen).errors(errors),
        )
        .field(
            Field::textarea("what", "What is exempt")
                .hint("Name the part, not what it says. Nothing about a child.")
                .rows(2)
                .limit(2_000)
                .value(again("what", |words| words.what.as_str()))
                .errors(errors),
        )
        .field(
            Field::textarea("public_interest", "Why the public interest in exempting it outweighs that in telling it")
                .rows(4)
                .limit(2_000)
                .value(again("public_interest", |words| words.reason.as_str()))
                .errors(errors),
        )
        .submit("Record the exempt part")
}

fn history(view: &ExemptView) -> Option<Table> {
    (view.lines.len() > 1).then(|| {
        Table::new("As it was recorded").columns(["When", "By", "What is exempt", "Paragraph"]).rows(
            view.lines.iter().map(|line| {
                let (what, paragraph) = match &line.words {
                    Some(words) => (words.what.as_str(), words.paragraph.code()),
                    None => ("Nothing any longer", ""),
                };
                Row::new(words::moment(line.at)).cell(line.by.as_str()).cell(what).cell(paragraph)
            }),
        )
    })
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let line = |what: Option<&str>, hour| ExemptLineView {
        words: what.map(|what| ExemptWords {
            what: what.to_owned(),
            paragraph: ExemptParagraph::Affairs,
            reason: "Rivals would learn the providers’ prices before the next opening.".to_owned(),
        }),
        by: "Owen Dinmore".to_owned(),
        at: jiff::civil::date(2021, 9, 13).at(hour, 5, 0, 0),
    };
    let view = ExemptView {
        reference: "HEF-2019-0114".to_owned(),
        title: "Regional Flexible Contracting Arrangement".to_owned(),
        version: 3,
        lines: vec![line(Some("Appendix B: tendered prices by provider"), 10), line(None, 9)],
        records: true,
    };
    let none = ExemptView { lines: vec![], records: false, ..view.clone() };
    let wrong = Invalid::one("what", "Enter what is exempt, like Appendix B: tendered prices");
    let shown = |view: &ExemptView, errors: &Invalid| {
        exempt_page(kit::signed_in_shell(), view, "k", (&Typed::default(), errors)).to_string()
    };
    vec![
        ("exempt part", shown(&view, &Invalid::default())),
        ("exempt part, none", shown(&none, &Invalid::default())),
        ("exempt part, wrong", shown(&view, &wrong)),
    ]
}
