//! The page about the JSON API: how to get a token, what can be asked, and the kinds of problem.
//!
//! A problem's type is the address of its line on this page.

use crate::components::{Link, Row, SummaryList, Table};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;

/// One operation.
#[derive(Debug, Clone)]
pub struct OperationLine {
    /// `GET` or `POST`.
    pub method: String,
    /// The path with its parameters.
    pub path: String,
    /// What it does.
    pub summary: String,
}

/// A room's operations.
#[derive(Debug, Clone)]
pub struct RoomOfApi {
    /// The room.
    pub name: String,
    /// What it holds.
    pub about: String,
    /// Its operations.
    pub operations: Vec<OperationLine>,
}

/// A kind of problem.
#[derive(Debug, Clone)]
pub struct ProblemLine {
    /// Its name.
    pub code: String,
    /// Its HTTP status.
    pub status: u16,
    /// What it is.
    pub title: String,
    /// What to do about it.
    pub advice: String,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct ApiPage {
    /// The rooms, in order.
    pub rooms: Vec<RoomOfApi>,
    /// The kinds of problem.
    pub problems: Vec<ProblemLine>,
}

/// The page.
pub fn show(shell: Shell, view: ApiPage) -> Page {
    let page = Page::new(shell.titled("For programs: the JSON API"))
        .text("Programs can ask for everything that people can do on the pages, in the same roles and under the same rules.")
        .text(Html::join([
            Html::from("The whole description, for tools that read OpenAPI 3.1: "),
            Link::new("openapi.json", "/api/openapi.json").into(),
            ".".into(),
        ]))
        .heading("Get a token")
        .text("A token acts as one person in one role. The person who runs the service makes it, and it is shown once:")
        .text("placewell token create --email officer@authority.example --name \"Case system\" --days 90")
        .text("Send it with every request, in the header Authorization: Bearer, followed by the token.")
        .heading("How to ask")
        .with(
            SummaryList::new()
                .row("Money", "Whole pence, in fields that end in _pence")
                .row("Dates", "Like 2021-09-13")
                .row("Lists", "In pages: ?after= the next of the page before, &limit= at most 100")
                .row("Changing a record", "Send the ETag of the record as you read it in If-Match")
                .row("Asking again", "Send an Idempotency-Key with each POST: the same key and request are done once"),
        );
    let page = view.rooms.into_iter().filter(|room| !room.operations.is_empty()).fold(page, |page, room| {
        let rows = room.operations.into_iter().map(|line| Row::new(line.summary).cell(line.method).cell(line.path));
        page.with(Table::new(room.about).columns(["Operation", "Method", "Path"]).rows(rows))
    });
    let problems = view
        .problems
        .into_iter()
        .map(|line| Row::new(line.title).cell(anchored(&line.code)).cell(line.status.to_string()).cell(line.advice));
    page.heading("When it does not go as asked")
        .with(Table::new("Kinds of problem").columns(["Problem", "Code", "Status", "What to do"]).rows(problems))
}

/// A code that an address can point at.
fn anchored(code: &str) -> Html {
    let code = Html::text(code);
    Html::rendered(format!("<code id=\"{code}\">{code}</code>"))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let view = ApiPage {
        rooms: vec![RoomOfApi {
            name: "decision".into(),
            about: "Formal decisions: what they say, where they stand, call-in.".into(),
            operations: vec![OperationLine {
                method: "GET".into(),
                path: "/api/v1/decisions".into(),
                summary: "List decisions".into(),
            }],
        }],
        problems: vec![ProblemLine {
            code: "refused".into(),
            status: 409,
            title: "A rule says no".into(),
            advice: "The code, rule, value and who_can_change say why, and who can change it.".into(),
        }],
    };
    vec![("operations and problems", show(samples::public_shell(), view).to_string())]
}
