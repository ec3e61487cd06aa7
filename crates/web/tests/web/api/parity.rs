//! What a person can do on a page, a program can do over the API: proven from the sources, so that a command cannot be
//! given a page alone.

use std::collections::BTreeSet;
use std::path::Path;

/// Commands that only a page or a link has, each with its reason.
const PAGES_ONLY: &[(&str, &str)] =
    &[("OpenInvitation", "reading an invitation, by page or operation, performs it where it is read")];

#[test]
fn every_command_of_the_pages_is_an_operation_too() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let commands: BTreeSet<String> = sources(&crates.join("app/src")).iter().flat_map(|text| commands(text)).collect();
    assert!(commands.len() > 60, "the sources were not read: {commands:?}");
    let api: Vec<String> = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api"));
    let missing: Vec<_> = commands
        .iter()
        .filter(|name| !PAGES_ONLY.iter().any(|(only, _)| only == name))
        .filter(|name| !api.iter().any(|text| words(text).any(|word| word == name.as_str())))
        .collect();
    assert!(missing.is_empty(), "no operation of the API performs these commands:\n{missing:#?}");
}

fn commands(text: &str) -> Vec<String> {
    text.split("impl Command for ").skip(1).filter_map(|rest| words(rest).next().map(str::to_owned)).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

pub(super) fn sources(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            texts.push(std::fs::read_to_string(&path).unwrap());
        }
    }
    texts
}
