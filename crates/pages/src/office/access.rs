//! Search: references, homes and providers that the reader's role may open.

use crate::components::{Link, Row, Table};
use crate::form::Field;
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::{components::Filters, words};

pub mod cover;
pub mod glass;
pub mod table;

/// Something found.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it is: "Referral", "Home", "Provider".
    pub what: &'static str,
    /// Its reference or name.
    pub name: String,
    /// Where it opens.
    pub href: String,
    /// One fact that tells it from others.
    pub fact: String,
}

/// What was found for `asked`; nothing was asked where it is empty. `cut` says that there is more.
pub fn search(shell: Shell, asked: &str, found: &[Found], cut: bool) -> Page {
    let again = Filters::new("/search").field(
        Field::text("q", "Reference, home or provider")
            .hint("Such as HEF-R-0042, SC123456 or part of a name")
            .value(asked),
    );
    let rows = found
        .iter()
        .map(|one| Row::new(Link::new(one.name.as_str(), one.href.as_str())).cell(one.what).cell(one.fact.as_str()));
    let results: Option<Html> = (!asked.is_empty()).then(|| {
        let count = words::count(found.len() as u64, "result", "results");
        let caption = if cut { format!("The first {count}: ask for more of the name to see others") } else { count };
        Table::new(caption)
            .columns(["Name", "What", "Fact"])
            .rows(rows)
            .empty("Nothing that your role may open has this reference or name. Children are found by their referral's reference only.")
            .into()
    });
    Page::new(shell.titled("Search")).with(again).maybe(results)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let one = Found {
        what: "Home",
        name: "Elm House".into(),
        href: "/homes/SC400001".into(),
        fact: "SC400001, Herefordshire".into(),
    };
    let shell = samples::signed_in_shell;
    vec![
        ("nothing asked", search(shell(), "", &[], false).to_string()),
        ("found", search(shell(), "elm", &[one], true).to_string()),
        ("nothing found", search(shell(), "<script>", &[], false).to_string()),
    ]
}
