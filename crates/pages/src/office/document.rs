//! Documents of a record: what was brought, a form to bring one more, and the page that takes one away.
//!
//! The name that a document came with may name a child: it stands in the page's text only, never in a title or address.

use jiff::civil::DateTime;
use placewell_domain::outcome::Invalid;

use crate::components::{Link, Row, SummaryList, Table, Warning};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// The field that a document is sent in.
pub const FIELD: &str = "file";
/// What is taken, in words.
const TAKEN: &str = "A PDF, a picture (PNG or JPEG), or a Word or Excel document without macros, of 25 MB at most.";
/// The same for the browser's own file chooser.
const ACCEPT: &str = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx";

/// One document.
#[derive(Debug, Clone, Default)]
pub struct DocumentLine {
    /// Its number among the record's documents, such as `document-2.pdf`.
    pub number: String,
    /// The name that it came with; empty for who may not see it.
    pub came_as: String,
    /// `PDF`, `Word`.
    pub format: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// When it was added.
    pub added: DateTime,
    /// Where it is read; nothing where this reader may not, or it is gone.
    pub href: Option<String>,
    /// Where it is taken away; nothing where this reader may not.
    pub take_away: Option<String>,
    /// It was taken away, or can no longer be read.
    pub gone: bool,
}

/// The documents of a record.
#[derive(Debug, Clone, Default)]
pub struct DocumentsView {
    /// The record's reference.
    pub reference: String,
    /// The record's page.
    pub back: String,
    /// Who reads them.
    pub lead: String,
    /// The documents, newest first.
    pub lines: Vec<DocumentLine>,
    /// Where the form is sent that brings one more; nothing where this reader may not.
    pub add_to: Option<String>,
    /// Documents of the referral that can be given on: their ids and names.
    pub give: Vec<(String, String)>,
    /// Why the home does not read them now, as this reader is told it; nothing where it does.
    pub withheld: Option<String>,
    /// What the home has opened: the document's number, who, when. Nothing where the reader is not told.
    pub opened: Option<Vec<(String, String, DateTime)>>,
}

/// The documents as a table.
#[must_use]
pub fn table(lines: &[DocumentLine]) -> Table {
    let rows = lines.iter().map(|line| {
        let name = if line.came_as.is_empty() { line.number.as_str() } else { line.came_as.as_str() };
        let first: Html = match (&line.href, line.gone) {
            (_, true) => format!("{} (taken away)", line.number).into(),
            (Some(href), false) => Link::document(name, &line.format, line.bytes, href.as_str()).into(),
            (None, false) => format!("{} ({}, {})", line.number, line.format, words::file_size(line.bytes)).into(),
        };
        let act: Html = match &line.take_away {
            Some(href) if !line.gone => Link::new(format!("Take {} away", line.number), href.as_str()).into(),
            _ => "None".into(),
        };
        Row::new(first).cell(words::moment(line.added)).cell(act)
    });
    Table::new("Documents")
        .columns(["Document", "Added", "What you can do"])
        .rows(rows)
        .empty("No document has been added.")
}

/// Who of the home opened what, and when.
fn opened(readings: &[(String, String, DateTime)]) -> Table {
    Table::new("What the home has opened")
        .columns(["Document", "Who", "When"])
        .rows(
            readings.iter().map(|(name, who, at)| Row::new(name.as_str()).cell(who.as_str()).cell(words::moment(*at))),
        )
        .empty("The home has opened nothing yet.")
}

/// The question for one document.
#[must_use]
pub fn field(errors: &Invalid) -> Field {
    field_called("Add a document", errors)
}

/// The same under the words of a form that asks for more than the document.
#[must_use]
pub fn field_called(label: &str, errors: &Invalid) -> Field {
    Field::file(FIELD, label).hint(TAKEN).accept(ACCEPT).errors(errors)
}

/// The documents of a record.
pub fn documents(shell: Shell, view: &DocumentsView, errors: &Invalid, keys: [&str; 2]) -> Page {
    let csrf = shell.csrf.clone();
    let reference = view.reference.as_str();
    let shell =
        shell.titled("Documents").record(reference).caption(reference).back(view.back.as_str()).with_errors(errors);
    let lines = table(&view.lines);
    let lines = if view.withheld.is_some() { lines.empty("No document is here.") } else { lines };
    let why = view.withheld.as_deref().map(Warning::new);
    let mut page = Page::new(shell).text(view.lead.as_str()).maybe(why).with(lines);
    page = page.maybe(view.opened.as_deref().map(opened));
    let Some(add_to) = &view.add_to else { return page };
    if !view.give.is_empty() {
        let choices = view.give.iter().map(|(id, name)| Choice::new(id.as_str(), name.as_str()));
        let form = Form::post(add_to.as_str(), csrf.as_str(), keys[1])
            .field(
                Field::checkboxes("give", "Which documents of the referral does the home get?", choices).errors(errors),
            )
            .submit("Give these documents to the home");
        page = page.heading("Give documents of the referral").with(form);
    }
    let form = Form::post(add_to.as_str(), csrf, keys[0]).field(field(errors)).submit("Add this document");
    page.heading("Add a document").with(form)
}

/// Asks before a document is taken away.
pub fn take_away(shell: Shell, reference: &str, line: &DocumentLine, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let action = line.take_away.clone().unwrap_or_default();
    let list = action.trim_end_matches("/take-away").rsplit_once('/').map_or("", |(list, _)| list).to_owned();
    let shell = shell.titled("Take a document away").record(reference).caption(reference).back(list.as_str());
    let facts = SummaryList::new()
        .row("Document", line.number.as_str())
        .row("Came as", if line.came_as.is_empty() { "Not shown" } else { line.came_as.as_str() })
        .row("Added", words::moment(line.added));
    Page::new(shell)
        .narrow()
        .with(facts)
        .with(Warning::new("Nobody can read it again. That it was there, and that you took it away, stays on record."))
        .with(Form::post(action, csrf, key).submit("Take this document away").cancel(list))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let line = |number: &str, gone| DocumentLine {
        number: number.to_owned(),
        came_as: if gone { String::new() } else { "Care plan September.pdf".to_owned() },
        format: "PDF".to_owned(),
        bytes: 240_000,
        added: jiff::civil::date(2021, 9, 13).at(10, 20, 0, 0),
        href: (!gone).then(|| format!("/referrals/HEF-R-0042/documents/{}", 1)),
        take_away: (!gone).then(|| "/referrals/HEF-R-0042/documents/1/take-away".to_owned()),
        gone,
    };
    let view = DocumentsView {
        reference: "HEF-R-0042".to_owned(),
        back: "/referrals/HEF-R-0042".to_owned(),
        lead: "Only your authority reads these.".to_owned(),
        lines: vec![line("document-2.pdf", false), line("document-1.pdf", true)],
        add_to: Some("/referrals/HEF-R-0042/documents".to_owned()),
        give: vec![("1".to_owned(), "Care plan September.pdf".to_owned())],
        withheld: None,
        opened: Some(vec![(
            "document-2.pdf".to_owned(),
            "Robin Hale".to_owned(),
            jiff::civil::date(2021, 9, 14).at(9, 5, 0, 0),
        )]),
    };
    let wrong = Invalid::one(FIELD, "Send a document of 25 MB at most; this one is larger");
    let none =
        DocumentsView { lines: Vec::new(), add_to: None, give: Vec::new(), opened: Some(Vec::new()), ..view.clone() };
    let withheld = DocumentsView {
        withheld: Some("The home reads none of these: what it was told of the child is recalled.".to_owned()),
        ..view.clone()
    };
    let shell = samples::signed_in_shell;
    vec![
        ("documents", documents(shell(), &view, &Invalid::default(), ["key", "key2"]).to_string()),
        ("documents with an error", documents(shell(), &view, &wrong, ["key", "key2"]).to_string()),
        ("no document yet", documents(shell(), &none, &Invalid::default(), ["key", "key2"]).to_string()),
        (
            "documents that the home does not read",
            documents(shell(), &withheld, &Invalid::default(), ["key", "key2"]).to_string(),
        ),
        ("take a document away", take_away(shell(), "HEF-R-0042", &line("document-2.pdf", false), "key").to_string()),
    ]
}
