//! What a provider holds and shows: each document with the day on which it lapses, its files and who can see it.

use jiff::civil::{Date, date};
use placewell_domain::homes::home::paper::{Audience, PaperKind, Standing};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::outcome::Invalid;

use crate::components::{Button, Cell, Colour, Link, Row, Table, Tag};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::office::document::{DocumentLine, field_called};
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// One document.
#[derive(Debug, Clone)]
pub struct PaperLine {
    /// Its id and version, for its acts.
    pub id: (i64, i64),
    /// What it is.
    pub kind: String,
    /// Its number or title.
    pub reference: String,
    /// The home's name, or none for the provider as a whole.
    pub home: Option<String>,
    /// The last day on which it holds.
    pub expires_on: Option<Date>,
    /// How it stands today.
    pub stands: Standing,
    /// Who beside the provider can see it.
    pub seen_by: String,
    /// The files that are kept of it, the newest first.
    pub files: Vec<DocumentLine>,
}

/// The list.
#[derive(Debug, Clone, Default)]
pub struct PapersView {
    /// Those that lapse first at the head.
    pub papers: Vec<PaperLine>,
    /// The homes: number and name.
    pub homes: Vec<(String, String)>,
    /// What was typed.
    pub typed: Typed,
}

/// How a document stands, in words with a colour.
pub fn standing_tag(stands: Standing) -> Tag {
    match stands {
        Standing::Lapsed => Tag::new("Lapsed", Colour::Red),
        Standing::Lapses(left) => {
            let days = words::count(left.unsigned_abs(), "day left", "days left");
            Tag::new(days, if left <= 7 { Colour::Red } else { Colour::Yellow })
        }
        Standing::Holds => Tag::new("Holds", Colour::Green),
    }
}

fn withdraw(line: &PaperLine, csrf: &str, key: &str) -> Html {
    let (id, version) = line.id;
    Form::post(format!("/provider/documents/{id}/withdraw"), csrf, format!("{key}-{id}"))
        .version(version)
        .button(Button::submit(format!("Withdraw {}", line.reference)).secondary())
        .into()
}

/// The files that are kept of a document: the newest, and the earlier ones below it; names alone for who opens none.
fn files(line: &PaperLine, opens: bool) -> Vec<Html> {
    let home = line.home.as_deref().unwrap_or("all homes");
    let link = |at: usize, file: &DocumentLine| {
        let name = match at {
            0 => format!("{} {}", line.kind, line.reference),
            _ => format!("Earlier file of {}, added {}", line.reference, words::date(file.added.date())),
        };
        if !opens {
            return Html::from(name);
        }
        let href = file.href.as_deref().unwrap_or_default();
        Html::from(Link::document(&name, &file.format, file.bytes, href).hidden(format!("for {home}, {}", file.number)))
    };
    let files: Vec<Html> = line.files.iter().enumerate().map(|(at, file)| link(at, file)).collect();
    if files.is_empty() { vec!["No file".into()] } else { files }
}

/// The same for the provider, who can bring a newer one.
fn own_files(line: &PaperLine) -> Html {
    let home = line.home.as_deref().unwrap_or("all homes");
    let act = if line.files.is_empty() { "Add the file" } else { "Add a newer file" };
    let link = Link::new(act, format!("/provider/documents/{}/files", line.id.0))
        .hidden(format!("of {} {} for {home}", line.kind, line.reference));
    Html::lines(files(line, true).into_iter().chain([Html::from(link)]))
}

/// The page.
pub fn papers_page(shell: Shell, view: &PapersView, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let rows = view.papers.iter().map(|line| {
        Row::new(line.kind.as_str())
            .cell(line.reference.as_str())
            .cell(line.home.as_deref().unwrap_or("All homes"))
            .cell(line.expires_on.map_or("No end".to_owned(), words::date))
            .cell(standing_tag(line.stands))
            .cell(Cell::new(own_files(line)))
            .cell(line.seen_by.as_str())
            .cell(Cell::new(withdraw(line, &csrf, key)))
    });
    let table = Table::new("Your documents")
        .columns(["Document", "Number or title", "Home", "Holds until", "Stands", "File", "Who can see it", "Change"])
        .rows(rows)
        .empty("No document is recorded yet. Enter one below, or bring in a file of them.");
    let typed = &view.typed;
    let homes = view.homes.iter().map(|(urn, name)| Choice::new(urn.as_str(), name.as_str()));
    let homes = [Choice::new("", "All homes of the provider")].into_iter().chain(homes);
    let kinds = PaperKind::ALL.iter().map(|kind| Choice::new(kind.code(), kind.label()));
    let seen = Audience::ALL.iter().map(|seen| Choice::new(seen.code(), seen.label()));
    let form = Form::post("/provider/documents", &csrf, key)
        .field(Field::select("document", "What it is", kinds).value(typed.get("document")).errors(errors))
        .field(Field::select("urn", "Which home", homes).value(typed.get("urn")).errors(errors))
        .field(
            Field::text("reference", "Its number or title")
                .hint(
                    "The same number again gives that document its new days, and its newer file where you choose one.",
                )
                .value(typed.get("reference"))
                .errors(errors),
        )
        .field(Field::date("from", "Holds from").parts(typed.date("from")).errors(errors))
        .field(
            Field::date("expires_on", "Last day (optional)")
                .hint("Insurance has one. Leave it out where the document holds until you withdraw it.")
                .parts(typed.date("expires_on"))
                .errors(errors),
        )
        .field(Field::radios("seen_by", "Who beside you can see it", seen).value(typed.get("seen_by")).errors(errors))
        .field(field_called("Its file (optional)", errors))
        .button(Button::submit("Save this document"));
    let file = Link::new("Bring in many from a file", "/imports?kind=documents");
    Page::new(shell.titled("Documents").back("/provider/homes").with_errors(errors))
        .text("Your home page shows what lapses within 60 days. Other providers see none of it.")
        .text("A document can be recorded without its file. Whoever can see the document can read its file: add none that names a child.")
        .with(table)
        .with(Html::bullets([Html::from(file)]))
        .heading("Enter or renew a document")
        .with(form)
}

/// The documents of a home and its provider that the reader may see: what each is, until when it holds, and its files where the
/// provider brought any.
pub fn seen_papers_page(shell: Shell, (urn, name): (&str, &str), papers: &[PaperLine]) -> Page {
    let opens = shell.may(Action::SeeHomeFiles);
    let rows = papers.iter().map(|line| {
        Row::new(line.kind.as_str())
            .cell(line.reference.as_str())
            .cell(line.home.as_deref().unwrap_or("All homes of the provider"))
            .cell(line.expires_on.map_or("No end".to_owned(), words::date))
            .cell(standing_tag(line.stands))
            .cell(Cell::new(Html::lines(files(line, opens))))
            .cell(line.seen_by.as_str())
    });
    let table = Table::new("Documents that the provider shows you")
        .columns(["Document", "Number or title", "Home", "Holds until", "Stands", "File", "Who can see it"])
        .rows(rows)
        .empty("The provider shows you no document.");
    Page::new(shell.titled("Documents").caption(name).back(format!("/homes/{urn}")))
        .text("Where no file is kept here, ask the provider for the document by its number. Each reading of a file is recorded.")
        .with(table)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let line = |id: i64, reference: &str, stands| PaperLine {
        id: (id, 1),
        kind: PaperKind::InsurancePublic.label().to_owned(),
        reference: reference.to_owned(),
        home: None,
        expires_on: Some(date(2021, 9, 18)),
        stands,
        seen_by: Audience::Members.label().to_owned(),
        files: Vec::new(),
    };
    let file = |number: i64| DocumentLine {
        number: format!("document-{number}.pdf"),
        format: "PDF".to_owned(),
        bytes: 84_000,
        added: date(2021, 9, 13).at(10, 20, 0, 0),
        href: Some(format!("/provider/documents/3/files/{number}")),
        ..DocumentLine::default()
    };
    let view = PapersView {
        papers: vec![
            line(1, "PL-1", Standing::Lapsed),
            line(2, "PL-2", Standing::Lapses(5)),
            PaperLine { files: vec![file(2), file(1)], ..line(3, "PL-3", Standing::Holds) },
        ],
        homes: vec![("SC400001".to_owned(), "Elm House".to_owned())],
        typed: Typed::default(),
    };
    let show =
        |view: &PapersView, errors: &Invalid| papers_page(kit::signed_in_shell(), view, errors, "key").to_string();
    let wrong = Invalid::one("reference", "Enter the document's number or title in 1 to 80 letters");
    vec![
        ("a provider's documents", show(&view, &Invalid::default())),
        ("a provider's documents with an error", show(&PapersView::default(), &wrong)),
        ("a home's documents", {
            seen_papers_page(kit::signed_in_shell(), ("SC400001", "Elm House"), &view.papers).to_string()
        }),
        ("a home's documents, for a guest", {
            seen_papers_page(kit::shell_of(Role::Guest), ("SC400001", "Elm House"), &view.papers).to_string()
        }),
    ]
}
