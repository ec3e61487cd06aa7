//! The versions of a published decision: what each changed, field by field, with the words that went and came.

use askama::Template;
use placewell_domain::power::decision::{Difference, Words, words as compared};

use super::public::TextVersion;
use crate::component;
use crate::components::{Row, Table, Timeline, TimelineEvent};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;

/// A text whose changed words are marked.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"{% for run in runs %}{% match run %}{% when Run::Same with (text) %}{{ text }} {% when Run::Removed with (text) %}<del>{{ text }}</del> {% when Run::Added with (text) %}<ins>{{ text }}</ins> {% endmatch %}{% endfor %}"#
)]
struct Marked {
    runs: Vec<Run>,
}

#[derive(Debug, Clone)]
enum Run {
    Same(String),
    Removed(String),
    Added(String),
}

component!(Marked);

/// Both texts of a field, each with the words that the other lacks.
fn both(difference: &Difference) -> (Html, Html) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for run in compared(&difference.before, &difference.after) {
        match run {
            Words::Same(text) => {
                before.push(Run::Same(text.clone()));
                after.push(Run::Same(text));
            }
            Words::Removed(text) => before.push(Run::Removed(text)),
            Words::Added(text) => after.push(Run::Added(text)),
        }
    }
    let shown = |runs: Vec<Run>| if runs.is_empty() { "Nothing".into() } else { Html::from(Marked { runs }) };
    (shown(before), shown(after))
}

/// The table of what a version changed.
fn changes(text: &TextVersion) -> Html {
    if text.changed.is_empty() {
        return Html::default();
    }
    let why = text.why.as_ref().map(|why| Html::paragraph(format!("Why it was corrected: {why}")));
    let rows = text.changed.iter().map(|difference| {
        let (before, after) = both(difference);
        Row::new(difference.field).cell(before).cell(after)
    });
    let caption = format!("What version {} changed", text.version);
    let table = Table::new(caption).columns(["Field", "Before", "Since then"]).rows(rows);
    Html::join([why.unwrap_or_default(), table.into()])
}

/// Every version, the latest first; nothing where there is one only.
pub(super) fn versions(texts: &[TextVersion]) -> Html {
    if texts.len() < 2 {
        return Html::default();
    }
    let events = texts.iter().map(|text| {
        let event = TimelineEvent::at(format!("Version {}: {}", text.version, text.state), text.recorded_at);
        let body = changes(text);
        if body.is_empty() { event } else { event.body(body) }
    });
    Html::join([Html::heading("Versions"), Timeline::new(events).into()])
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let change = Difference {
        field: "Wards affected",
        before: "(All Wards)".to_owned(),
        after: "(All Wards except Ross East)".to_owned(),
    };
    let at = jiff::civil::date(2019, 1, 14).at(9, 30, 0, 0);
    let first = TextVersion { version: 3, state: "published".into(), recorded_at: at, why: None, changed: Vec::new() };
    let corrected = TextVersion {
        version: 4,
        why: Some("The list of wards left one out.".into()),
        changed: vec![change],
        ..first.clone()
    };
    let page = Page::new(kit::signed_in_shell().titled("Versions")).with(versions(&[corrected, first]));
    vec![("versions of a decision", page.to_string())]
}
