//! What agreements ask somebody to do, red first; and the confirmation that a route was left out.

use crate::components::{Colour, Link, Row, SubNav, Table, Tag};
use crate::form::Form;
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;

/// One thing to do.
#[derive(Debug, Clone, Default)]
pub struct TodoRow {
    /// The record's reference.
    pub reference: String,
    /// Where it is done.
    pub href: String,
    /// The home, of an agreement.
    pub home: String,
    /// What is to do.
    pub what: String,
    /// Since when or by when.
    pub when: String,
    /// Something is wrong already, or its time has passed.
    pub red: bool,
}

/// The tabs of the list; the first of them where the reader has things to do.
pub(super) fn tabs(tab: &str, todo: Option<u64>) -> SubNav {
    let tabs = SubNav::new("Agreements");
    let tabs = match todo {
        Some(count) => tabs.tab(format!("To do ({count})"), "/agreements?tab=todo", tab == "todo"),
        None => tabs,
    };
    [("coming", "Coming"), ("live", "Live"), ("past", "Ended")]
        .into_iter()
        .fold(tabs, |tabs, (code, words)| tabs.tab(words, format!("/agreements?tab={code}"), tab == code))
}

/// The list of what is to do.
pub fn todo(shell: Shell, rows: &[TodoRow]) -> Page {
    let count = u64::try_from(rows.len()).unwrap_or_default();
    let lines = rows.iter().map(|row| {
        let when: Html =
            if row.red { Tag::new(row.when.as_str(), Colour::Red).into() } else { row.when.as_str().into() };
        Row::new(Link::new(row.reference.as_str(), row.href.as_str()))
            .cell(row.home.as_str())
            .cell(row.what.as_str())
            .cell(when)
    });
    let table = Table::new("What agreements ask you to do")
        .caption_hidden()
        .columns(["Record", "Home", "What is to do", "When"])
        .rows(lines)
        .empty("Nothing is to do about an agreement now.");
    Page::new(shell.titled("Agreements")).with(tabs("todo", Some(count))).with(table)
}

/// Decisions to leave routes out, which the reader confirms.
#[derive(Debug, Clone, Default)]
pub struct ConfirmSkip {
    /// The referral.
    pub reference: String,
    /// The version that the page shows.
    pub version: i64,
    /// The idempotency key.
    pub key: String,
    /// Each route with its reason, who recorded it and until when it is confirmed.
    pub routes: Vec<String>,
}

/// The page that confirms them.
pub fn confirm_skip(shell: Shell, view: &ConfirmSkip) -> Page {
    let csrf = shell.csrf.clone();
    let reference = view.reference.as_str();
    let back = "/agreements?tab=todo";
    let shell = shell.titled("Confirm what you decided").caption(reference).record(reference).back(back);
    let page = Page::new(shell).narrow();
    if view.routes.is_empty() {
        return page.text("No route that you decided to leave out waits to be confirmed here.");
    }
    let form = Form::post(format!("/referrals/{reference}/confirm-skip"), csrf, view.key.as_str())
        .version(view.version)
        .submit("Confirm in writing")
        .cancel(back);
    page.text("An officer recorded that you decided to leave these routes out.")
        .text(Html::bullets(view.routes.iter().map(String::as_str)))
        .with(form)
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let row = TodoRow {
        reference: "HEF-A-0137".to_owned(),
        href: "/agreements/HEF-A-0137".to_owned(),
        home: "Elm House".to_owned(),
        what: "The start has come and both sides have not signed".to_owned(),
        when: "Since 13 September 2021".to_owned(),
        red: true,
    };
    let view = ConfirmSkip {
        reference: "HEF-R-0042".to_owned(),
        version: 4,
        key: "k".to_owned(),
        routes: vec!["Mini-block vacancies: not the most appropriate placement for this child".to_owned()],
    };
    let shell = samples::signed_in_shell;
    vec![
        ("what agreements ask to do", todo(shell(), &[row]).to_string()),
        ("nothing to do about agreements", todo(shell(), &[]).to_string()),
        ("confirm that a route is left out", confirm_skip(shell(), &view).to_string()),
        ("no route to confirm", confirm_skip(shell(), &ConfirmSkip { routes: Vec::new(), ..view }).to_string()),
    ]
}
