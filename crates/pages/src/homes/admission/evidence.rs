//! Documents of an application: the provider's own page with the forms that add and remove one, and the list that who judges
//! the application reads.

use placewell_domain::homes::admission::evidence::{EvidenceOf, MOST_DOCUMENTS};

use crate::components::{Button, Link, Row, Table};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::office::document::{DocumentLine, field};
use crate::page::Page;
use crate::power::arrangement::Forms;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// One document with what it shows.
#[derive(Debug, Clone)]
pub struct EvidenceRow {
    /// Its id.
    pub id: i64,
    /// What it shows, in words.
    pub of: String,
    /// The document.
    pub line: DocumentLine,
}

fn table(rows: &[EvidenceRow], empty: &str) -> Table {
    let rows = rows.iter().map(|row| {
        let line = &row.line;
        let name = if line.came_as.is_empty() { line.number.as_str() } else { line.came_as.as_str() };
        let document: Html = match &line.href {
            Some(href) if !line.gone => Link::document(name, &line.format, line.bytes, href.as_str()).into(),
            Some(_) | None => format!("{} (taken away)", line.number).into(),
        };
        Row::new(document).cell(row.of.as_str()).cell(words::moment(line.added))
    });
    Table::new("Documents").columns(["Document", "What it shows", "Added"]).rows(rows).empty(empty)
}

/// The documents of one's own application.
#[derive(Debug, Clone)]
pub struct OwnEvidenceView {
    /// The opening's reference.
    pub reference: String,
    /// The version of the draft.
    pub version: i64,
    /// The documents in the draft.
    pub rows: Vec<EvidenceRow>,
}

/// The page of one's own documents.
pub fn own_evidence(shell: Shell, view: &OwnEvidenceView, forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let reference = view.reference.as_str();
    let back = format!("/provider/admission/{reference}");
    let at = format!("{back}/documents");
    let shell = shell
        .titled("Documents of your application")
        .caption(reference)
        .record(reference)
        .back(back)
        .with_errors(forms.errors);
    let kinds = EvidenceOf::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let add = Form::post(at.as_str(), csrf.as_str(), forms.key(0))
        .version(view.version)
        .field(Field::radios("of", "What does it show?", kinds).value(forms.typed.get("of")).errors(forms.errors))
        .field(field(forms.errors))
        .submit("Add this document");
    let mut page = Page::new(shell)
        .text(format!("Add certificates, accounts and policies: {MOST_DOCUMENTS} documents at most, 100 MB together."))
        .text("Only you and your colleagues read them. Once your application is evaluated, its evaluators read what you sent.")
        .with(table(&view.rows, "No document has been added."))
        .heading("Add a document")
        .with(add);
    if !view.rows.is_empty() {
        let choices = view.rows.iter().map(|row| {
            let line = &row.line;
            let name = if line.came_as.is_empty() { line.number.as_str() } else { line.came_as.as_str() };
            Choice::new(row.id.to_string(), format!("{name}: {}", row.of.to_lowercase()))
        });
        let remove = Form::post(format!("{at}/remove"), csrf, forms.key(1))
            .version(view.version)
            .field(Field::radios("document", "Which document goes?", choices).errors(forms.errors))
            .button(Button::submit("Take this document out").warning());
        page = page
            .heading("Take a document out")
            .text("What belongs to an application that you sent stays with it.")
            .with(remove);
    }
    page
}

/// The documents that came with an application, for whoever judges it. `back` is the page of the evaluation.
pub fn evidence(shell: Shell, (provider, reference): (&str, &str), rows: &[EvidenceRow], back: &str) -> Page {
    let shell = shell.titled("Documents of the application").caption(provider).record(reference).back(back);
    Page::new(shell)
        .text("Each reading is recorded. What is here came with the application that is evaluated.")
        .with(table(rows, "No document came with this application."))
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let row = |id: i64, of: EvidenceOf, came_as: &str, gone| EvidenceRow {
        id,
        of: of.label().to_owned(),
        line: DocumentLine {
            number: format!("document-{id}.pdf"),
            came_as: came_as.to_owned(),
            format: "PDF".to_owned(),
            bytes: 240_000,
            added: jiff::civil::date(2021, 9, 13).at(9, 0, 0, 0),
            href: Some(format!("/provider/admission/AR-005/documents/{id}")),
            take_away: None,
            gone,
        },
    };
    let rows = vec![
        row(1, EvidenceOf::Insurance, "Certificate & schedule 2021.pdf", false),
        row(2, EvidenceOf::Safeguarding, "", true),
    ];
    let keys = ["k1".to_owned(), "k2".to_owned()];
    let (none, typed) = (placewell_domain::outcome::Invalid::default(), crate::form::Typed::default());
    let forms = Forms { keys: &keys, errors: &none, typed: &typed };
    let wrong = placewell_domain::outcome::Invalid::one("of", "Select what the document shows");
    let again = Forms { keys: &keys, errors: &wrong, typed: &typed };
    let view = OwnEvidenceView { reference: "AR-005".to_owned(), version: 4, rows: rows.clone() };
    let empty = OwnEvidenceView { rows: vec![], ..view.clone() };
    let about = ("Rowan & Łódź Care Limited", "AR-005");
    let shell = kit::signed_in_shell;
    vec![
        ("documents of one's own application", own_evidence(shell(), &view, &forms).to_string()),
        ("documents of one's own application, none", own_evidence(shell(), &empty, &again).to_string()),
        ("documents of an application to judge", evidence(shell(), about, &rows, "/evaluations/7").to_string()),
        ("documents of an application to judge, none", evidence(shell(), about, &[], "/evaluations/7").to_string()),
    ]
}
