//! Renders every sample of every page and lints it.
//!
//! The lints live with the test kit, which stands above this crate; their file is included by its path, so that
//! testing a page does not build the database and the web first.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;

#[path = "../../testkit/src/lint.rs"]
mod lint;
#[path = "samples/rendered.rs"]
mod rendered;

use placewell_pages::samples;

#[test]
fn every_sample_of_every_page_keeps_the_rules_of_the_interface() {
    let mut broken = Vec::new();
    for (name, html) in samples::all() {
        broken.extend(lint::lint(&html).into_iter().map(|rule| format!("{name}: {rule}")));
    }
    assert!(broken.is_empty(), "{} rules broken:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn every_sample_has_a_name_of_its_own() {
    let mut seen = HashMap::new();
    for (name, _) in samples::all() {
        *seen.entry(name).or_insert(0) += 1;
    }
    assert!(seen.len() > 20, "only {} samples were found", seen.len());
    let twice: Vec<_> = seen.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn nothing_typed_by_a_person_becomes_markup() {
    let (_, html) = samples::all().into_iter().find(|(name, _)| name == "components: texts and facts").unwrap();
    assert!(!html.contains("<script>alert"), "a text was printed as markup");
    assert!(html.contains("&#60;script&#62;alert(1)"), "the text is missing");
}
