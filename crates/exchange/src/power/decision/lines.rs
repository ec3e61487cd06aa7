//! A page as lines, whether it came as text or as HTML, with what only HTML tells: which line is
//! a heading, where a link leads, and the address that the page was saved from.

use super::html;

/// One line of a page.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Its text as it stands, tabs between cells kept.
    pub(super) text: String,
    /// Where the line's link leads.
    pub(super) href: Option<String>,
    /// Whether the page marks it as a heading.
    pub(super) heading: bool,
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// A page taken apart into lines.
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    pub(super) source_url: Option<String>,
}

impl Page {
    pub(super) fn of(input: &str) -> Self {
        let input = input.trim_start_matches('\u{feff}');
        if html::is_html(input) {
            return html::page(input);
        }
        Self::of_text(input)
    }

    /// A page that came as plain text.
    pub(super) fn of_text(input: &str) -> Self {
        let clean = input.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}', '\u{2028}', '\u{2029}'], "\n");
        let lines: Vec<Line> =
            clean.split('\n').map(|text| Line { text: tidy(text), href: None, heading: false }).collect();
        let source_url =
            lines.iter().map(|line| line.text.trim()).find(|text| is_page_address(text)).map(str::to_owned);
        Self { lines, source_url }
    }
}

/// A line that is nothing but the address of a decision page.
fn is_page_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(char::is_whitespace)
        && text.to_ascii_lowercase().contains("decision")
}

/// Drops characters that take no room; everything else stays as published.
pub(super) fn tidy(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\0')).collect()
}

/// The text with single spaces, no-break spaces included.
pub(super) fn squash(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
