//! The whole permission table on one page: role by action; and which field about a child each reader sees, by stage.

use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::table::{Reader, TABLE};

use crate::components::{Inset, Row, Table};
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;

const YES: &str = "Yes";
const NO: &str = "–";

/// The page.
pub fn permissions_page(shell: Shell) -> Page {
    let actions = Table::new("What each role may ask for")
        .columns(HEADS)
        .rows(Action::ALL.iter().map(|action| {
            Role::ALL
                .iter()
                .fold(Row::new(spaced(action.name())), |row, role| row.cell(if may(*role, *action) { YES } else { NO }))
        }))
        .caption_hidden()
        .scrolls();
    let readers: Vec<Reader> = Reader::all().collect();
    let fields = Table::new("What each reader sees about a child")
        .columns([
            "Field",
            "Kind",
            "Home asked",
            "Shortlisted",
            "Chosen",
            "Placement officer",
            "Director",
            "Finance officer",
            "Administrator",
            "Director of a child whom another body places",
            "Public",
        ])
        .rows(TABLE.iter().map(|line| {
            readers.iter().fold(Row::new(line.field.replace('_', " ")).cell(line.kind.label()), |row, reader| {
                row.cell(if reader.sees(line.field) { YES } else { NO })
            })
        }))
        .caption_hidden()
        .scrolls();
    Page::new(shell.titled("Who may see and do what"))
        .with(Inset::new(
            "A permission lets somebody ask. Whether the answer is yes is a matter of power: a decision's limb, a post and its holder.",
        ))
        .heading("What each role may ask for")
        .with(actions)
        .heading("What each reader sees about a child")
        .with(fields)
        .text(format!("A home's stages: {}.", Stage::ALL.iter().map(|stage| stage.label()).collect::<Vec<_>>().join("; ")))
}

const HEADS: [&str; 10] = [
    "Action",
    "Placement officer",
    "Commissioning lead",
    "Provider",
    "Director",
    "Finance",
    "Democratic services",
    "Analyst",
    "Administrator",
    "Guest",
];

/// `SeeReferrals` as "See referrals".
fn spaced(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    vec![("permissions", permissions_page(kit::signed_in_shell()).to_string())]
}
