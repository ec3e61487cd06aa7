//! What the guard finds in words that are about to go public, each with what to do, on the page where they are looked at.

use crate::components::{Row, Table};
use crate::html::Html;

/// One finding.
#[derive(Debug, Clone)]
pub struct FindingView {
    /// What it is: "A home".
    pub kind: String,
    /// In which field it stands.
    pub place: String,
    /// The words found.
    pub found: String,
    /// What to do about it.
    pub to_do: &'static str,
}

/// The findings; says so where there are none.
pub(super) fn findings(found: &[FindingView]) -> Html {
    let rows = found.iter().map(|one| {
        let to_do = format!("{}; or confirm it when you publish", one.to_do);
        Row::new(one.kind.as_str()).cell(one.place.as_str()).cell(one.found.as_str()).cell(to_do)
    });
    Table::new("Words that may name a home, a child or a person")
        .columns(["What it is", "Where it stands", "Words found", "What to do"])
        .rows(rows)
        .empty("Nothing was found that names a home, a placement or an officer. Children's names cannot be looked for: read for them.")
        .into()
}

/// A finding for samples.
pub(super) fn sample() -> FindingView {
    FindingView {
        kind: "An officer's name, where the post is meant".into(),
        place: "contact".into(),
        found: "Jo Marsh".into(),
        to_do: "Write the title of the post in place of the name",
    }
}
