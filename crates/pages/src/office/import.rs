//! Files that are brought in: the list of them with a form for the next, and one file from its check to its end.

use jiff::civil::{DateTime, date};
use placewell_domain::outcome::Invalid;

use crate::components::{Button, Cell, Column, Details, Inset, Link, Row, SummaryList, Table};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

mod register;

pub use register::{ChangeLine, RegisterView};

/// The name of the field that takes pasted rows.
pub const PASTED: &str = "pasted";

/// One file in the list.
#[derive(Debug, Clone)]
pub struct FileLine {
    /// Its number.
    pub number: u32,
    /// What its rows are.
    pub kind: String,
    /// Who brought it.
    pub by: String,
    /// When.
    pub at: DateTime,
    /// Its rows.
    pub rows: u32,
    /// How many of them changed something, and how many could not be used.
    pub became: Option<(u32, u32)>,
    /// Where it stands in words.
    pub state: String,
}

/// A kind of file that the reader may bring.
#[derive(Debug, Clone)]
pub struct KindView {
    /// Its code.
    pub code: String,
    /// Its words.
    pub label: String,
    /// Its columns; those in the second list must be there.
    pub columns: (Vec<String>, Vec<String>),
}

/// The list.
#[derive(Debug, Clone, Default)]
pub struct FilesView {
    /// The kinds that the reader may bring.
    pub kinds: Vec<KindView>,
    /// The kind that was chosen.
    pub chosen: String,
    /// Rows that were pasted in.
    pub pasted: String,
    /// The latest first.
    pub files: Vec<FileLine>,
    /// Where older ones are.
    pub older: Option<String>,
    /// Other ways in, and what follows: words and address.
    pub beside: Vec<(String, String)>,
    /// The region and the day typed for Ofsted's register; none for who brings no such file.
    pub register: Option<(String, [String; 3])>,
}

/// What a file's page can do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The machine goes on; so many rows are through.
    Wait(u32),
    /// A person decides.
    Decide,
    /// It stopped, and a person decides anew; so many rows went in before.
    DecideAgain(u32),
    /// Nothing.
    Over,
}

/// One file.
#[derive(Debug, Clone)]
pub struct FileView {
    /// The line of the list.
    pub line: FileLine,
    /// The record's version.
    pub version: i64,
    /// The name it came with.
    pub name: Option<String>,
    /// Rows that change something, are held already, cannot be used; none while they are not known.
    pub found: Option<(u32, u32, u32)>,
    /// Columns that are not read.
    pub unread: u32,
    /// Cells from which the apostrophe against formulas was taken off.
    pub bared: u32,
    /// What comes next.
    pub next: Next,
    /// The heads and the first rows; what may tell who a child is, is not among them.
    pub preview: (Vec<String>, Vec<(u32, Vec<String>)>),
    /// What is wrong: row, column, what to do.
    pub wrong: Vec<(u32, String, String)>,
    /// What can be brought in and wants a look: row, column, why.
    pub warned: Vec<(u32, String, String)>,
    /// What Ofsted's register changes; none of other kinds.
    pub register: Option<RegisterView>,
}

/// The list and the form.
pub fn files_page(shell: Shell, view: &FilesView, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled("Bring in files").with_errors(errors);
    let kinds = view.kinds.iter().map(|kind| Choice::new(kind.code.as_str(), kind.label.as_str()));
    let form = Form::post("/imports", csrf, key)
        .field(Field::radios("kind", "What the rows of the file are", kinds).value(view.chosen.as_str()).errors(errors))
        .field(
            Field::file("file", "The file")
                .hint("CSV or an XLSX workbook, 25 MB at most, its columns named in the first row.")
                .accept(".csv,.xlsx")
                .errors(errors),
        )
        .field(
            Field::textarea(PASTED, "Or paste its rows")
                .hint("As a spreadsheet copies them or a CSV file has them, 512 KB at most, the heads first.")
                .value(view.pasted.as_str())
                .errors(errors),
        );
    let form = match &view.register {
        Some(typed) => register::fields(form, typed, errors),
        None => form,
    };
    let form = form.button(Button::submit("Check this file"));
    let columns = view.kinds.iter().flat_map(|kind| {
        let (all, needed) = &kind.columns;
        let name = |column: &String| {
            if needed.contains(column) { format!("{column} (needed)") } else { column.clone() }
        };
        let example = Link::new("Empty file with an example", format!("/imports/template/{}.csv", kind.code));
        [
            Html::heading(&kind.label),
            Html::paragraph(words::list(&all.iter().map(name).collect::<Vec<_>>())),
            Html::paragraph(Html::from(example.hidden(format!("for {}", kind.label.to_lowercase())))),
        ]
    });
    let rows = view.files.iter().map(|file| {
        let (changed, wrong) = file.became.map_or((Cell::default(), Cell::default()), |(changed, wrong)| {
            (Cell::number(u64::from(changed)), Cell::number(u64::from(wrong)))
        });
        Row::new(Link::new(format!("File {}", file.number), format!("/imports/{}", file.number)))
            .cell(file.kind.as_str())
            .cell(words::moment(file.at))
            .cell(file.by.as_str())
            .cell(Cell::number(u64::from(file.rows)))
            .cell(changed)
            .cell(wrong)
            .cell(file.state.as_str())
    });
    let table = Table::new("Files brought so far")
        .columns(["File", "Rows are", "When", "Who"])
        .column(Column::number("Rows"))
        .column(Column::number("Change something"))
        .column(Column::number("Cannot be used"))
        .column(Column::text("Status"))
        .rows(rows)
        .empty("No file has been brought yet.");
    let beside = (!view.beside.is_empty()).then(|| {
        Html::bullets(view.beside.iter().map(|(text, href)| Html::from(Link::new(text.as_str(), href.as_str()))))
    });
    let older = view.older.as_ref().map(|href| Html::paragraph(Html::from(Link::new("Older files", href.as_str()))));
    Page::new(shell)
        .text("Nothing changes before you have seen what a file would change and have confirmed it.")
        .with(form)
        .with(Details::new("The columns of each kind of file", Html::join(columns)))
        .maybe(beside)
        .with(table)
        .maybe(older)
}

fn counted(count: u32, one: &str, many: &str) -> String {
    words::count(u64::from(count), one, many)
}

fn about(view: &FileView) -> SummaryList {
    let line = &view.line;
    let list = SummaryList::new()
        .row("Rows are", line.kind.as_str())
        .row("File", view.name.clone().unwrap_or_else(|| "Its text is no longer kept".to_owned()))
        .row("Brought by", format!("{}, {}", line.by, words::moment(line.at)))
        .row("Status", line.state.as_str())
        .row("Rows", words::number(u64::from(line.rows)));
    match view.found {
        None => list,
        Some((changes, unchanged, wrong)) => list
            .row("Change something", words::number(u64::from(changes)))
            .row("Held already", words::number(u64::from(unchanged)))
            .row("Cannot be used", words::number(u64::from(wrong))),
    }
}

/// One file.
pub fn file_page(shell: Shell, view: &FileView, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let number = view.line.number;
    let shell = shell.titled(format!("File {number}")).back("/imports");
    let mut page = Page::new(shell);
    if view.next == Next::Over
        && let Some(register) = &view.register
    {
        page = register::followed(page, register);
    }
    if let Next::Wait(through) = view.next {
        let look = Link::new("Look again", format!("/imports/{number}"));
        let (done, rows) = (words::number(u64::from(through)), u64::from(view.line.rows));
        let of = words::count(rows, "row", "rows");
        let words = format!("{}: {done} of {of} done. You can leave this page, and it goes on. ", view.line.state);
        page = page.with(Inset::new(Html::join([words.into(), Html::from(look)])));
    }
    page = page.with(about(view));
    if view.unread > 0 {
        let columns = counted(view.unread, "column is not known and is", "columns are not known and are");
        page = page.with(Inset::new(format!("{columns} not read.")));
    }
    if view.bared > 0 {
        let cells = counted(view.bared, "cell", "cells");
        page = page.with(Inset::new(format!("The apostrophe against formulas was taken off {cells}.")));
    }
    match view.next {
        Next::Decide => page = decide(page, view, 0, (&csrf, key)),
        Next::DecideAgain(before) => page = decide(stopped(page, before), view, before, (&csrf, key)),
        Next::Wait(_) | Next::Over => {}
    }
    if !view.warned.is_empty() {
        let rows = view
            .warned
            .iter()
            .map(|(row, column, why)| Row::new(format!("Row {row}")).cell(column.as_str()).cell(why.as_str()));
        page = page
            .heading("Rows to look at before you bring them in")
            .with(Table::new("These rows can be brought in").columns(["Row", "Column", "Why to look"]).rows(rows));
    }
    if let Some((_, _, wrong)) = view.found.filter(|(_, _, wrong)| *wrong > 0) {
        page = with_wrong(page, view, wrong);
    }
    if let Some(register) = view.register.as_ref().filter(|_| !matches!(view.next, Next::Wait(_))) {
        page = register::changes(page, register);
    }
    let (heads, rows) = &view.preview;
    if rows.is_empty() {
        return page;
    }
    let mut table = Table::new("Rows as read").column(Column::text("Row"));
    for head in heads {
        table = table.column(Column::text(head.as_str()));
    }
    page.heading("The first rows as they were read").with(
        table.scrolls().rows(
            rows.iter().map(|(row, cells)| {
                cells.iter().fold(Row::new(row.to_string()), |line, cell| line.cell(cell.as_str()))
            }),
        ),
    )
}

/// A file that stopped says why, and what of it is in.
fn stopped(page: Page, before: u32) -> Page {
    let went_in = match before {
        0 => "Nothing of the file was brought in.".to_owned(),
        _ => format!("{} brought in before it stopped, and nothing after.", counted(before, "row was", "rows were")),
    };
    page.with(Inset::new(format!(
        "Bringing it in stopped: rows that could be used when the file was checked cannot be used any more. {went_in} \
         Those rows are below, each with what to do."
    )))
}

/// What can be done; so many rows went in before.
fn decide(page: Page, view: &FileView, before: u32, (csrf, key): (&str, &str)) -> Page {
    let number = view.line.number;
    let (changes, _, wrong) = view.found.unwrap_or_default();
    let changes = changes.saturating_sub(before);
    let of_homes = view.register.is_some();
    let page = page.heading("What to do with it");
    let page = match (changes, wrong) {
        (0, 0) => page.text("No row would change anything: all of it is held already."),
        (0, _) => page.text("No row can be brought in. Correct the rows below and send the file again."),
        _ => {
            // A home that the register no longer has stands on no row of it.
            let (one, many) = if of_homes { ("home", "homes") } else { ("row", "rows") };
            let rows = counted(changes, one, many);
            let (field, button) = if wrong > 0 {
                let left = counted(wrong, "row that cannot be used is", "rows that cannot be used are");
                (Some(Field::hidden("leave_out", "yes")), Button::submit(format!("Bring in {rows}; {left} left out")))
            } else {
                (None, Button::submit(format!("Bring in {rows}")))
            };
            let form = Form::post(format!("/imports/{number}/confirm"), csrf, key).version(view.version);
            let form = field.into_iter().fold(form, Form::field);
            page.with(form.button(button))
        }
    };
    let cancel = Form::post(format!("/imports/{number}/cancel"), csrf, format!("{key}-cancel"))
        .version(view.version)
        .button(Button::submit("Cancel this file").secondary());
    page.with(cancel)
}

fn with_wrong(page: Page, view: &FileView, wrong: u32) -> Page {
    let number = view.line.number;
    let kept = view.name.is_some();
    let page = page.heading("Rows that cannot be used");
    let page = if kept {
        let csv = Link::new("Download these rows as CSV", format!("/imports/{number}/errors.csv"));
        let xlsx = Link::new("Download these rows as a workbook", format!("/imports/{number}/errors.xlsx"));
        page.text(if view.register.is_some() { register::CORRECT } else {
            "The download has each row with its own columns, and two more: the result, and what is wrong. Correct it there \
             and send it again; the two columns are not read. Text that a spreadsheet would take for a formula is guarded \
             by an apostrophe, which is taken off when the file comes back."
        })
        .with(Html::bullets([Html::from(csv), Html::from(xlsx)]))
    } else {
        page.text("The rows themselves are no longer kept.")
    };
    if view.wrong.is_empty() {
        return page;
    }
    let rows = view
        .wrong
        .iter()
        .map(|(row, column, reason)| Row::new(format!("Row {row}")).cell(column.as_str()).cell(reason.as_str()));
    let shown = u32::try_from(view.wrong.iter().map(|(row, ..)| row).collect::<std::collections::BTreeSet<_>>().len());
    let caption = match shown {
        Ok(shown) if shown < wrong => format!("The first {shown} of {wrong}"),
        _ => counted(wrong, "row", "rows"),
    };
    page.with(Table::new(caption).columns(["Row", "Column", "What to do"]).rows(rows))
}

fn sample_line(state: &str) -> FileLine {
    FileLine {
        number: 3,
        kind: "Prices".to_owned(),
        by: "Asha Verma".to_owned(),
        at: date(2021, 9, 13).at(9, 40, 0, 0),
        rows: 412,
        became: Some((400, 7)),
        state: state.to_owned(),
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let kind = KindView {
        code: "prices".to_owned(),
        label: "Prices".to_owned(),
        columns: (vec!["urn".to_owned(), "until".to_owned()], vec!["urn".to_owned()]),
    };
    let list = FilesView {
        kinds: vec![kind],
        chosen: "prices".to_owned(),
        pasted: String::new(),
        files: vec![sample_line("Brought in")],
        older: Some("/imports?below=3".to_owned()),
        beside: vec![("Opening ledger".to_owned(), "/finance/opening-ledger".to_owned())],
        register: Some(("West Midlands".to_owned(), ["13".to_owned(), "9".to_owned(), "2021".to_owned()])),
    };
    let file = |state: &str, found, next, wrong: Vec<(u32, String, String)>| FileView {
        line: sample_line(state),
        version: 2,
        name: Some("prices-october.csv".to_owned()),
        found,
        unread: 1,
        bared: 2,
        next,
        preview: (
            vec!["urn".to_owned(), "weekly_price".to_owned()],
            vec![(2, vec!["SC400001".to_owned(), "4150".to_owned()])],
        ),
        wrong,
        warned: Vec::new(),
        register: None,
    };
    let warned = FileView {
        warned: vec![(
            4,
            "start".to_owned(),
            "The home took no new placement that day: graded Inadequate at the inspection of 6 July 2021.".to_owned(),
        )],
        ..file("Ready to bring in", Some((12, 0, 0)), Next::Decide, Vec::new())
    };
    let ofsted = |state: &str, next| FileView {
        register: Some(register::sample()),
        ..file(state, Some((5, 190, 1)), next, vec![(9, "places".to_owned(), "Places is \"four\".".to_owned())])
    };
    let error =
        (7, "weekly_price".to_owned(), "The cell is \"cheap\"; expected pounds a week such as 4150.".to_owned());
    let none = Invalid::default();
    let shell = kit::signed_in_shell;
    let show = |view: &FileView| file_page(shell(), view, "key").to_string();
    vec![
        ("files", files_page(shell(), &list, &none, "key").to_string()),
        (
            "files with an error",
            files_page(shell(), &list, &Invalid::one("file", "The first row lacks urn."), "key").to_string(),
        ),
        ("file being checked", show(&file("Checking", None, Next::Wait(200), Vec::new()))),
        ("file stopped", show(&file("Stopped", Some((400, 5, 7)), Next::DecideAgain(0), vec![error.clone()]))),
        ("file stopped midway", show(&file("Stopped", Some((400, 5, 7)), Next::DecideAgain(120), vec![error.clone()]))),
        ("file with errors", show(&file("Has errors", Some((400, 5, 7)), Next::Decide, vec![error]))),
        ("file with rows to look at", show(&warned)),
        ("file ready", show(&file("Ready to bring in", Some((405, 7, 0)), Next::Decide, Vec::new()))),
        ("register file with an error", show(&ofsted("Has errors", Next::Decide))),
        ("register file brought in", show(&ofsted("Brought in", Next::Over))),
        ("file brought in", show(&file("Brought in", Some((400, 5, 0)), Next::Over, Vec::new()))),
    ]
}
