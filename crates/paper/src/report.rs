//! A report on paper: sections of sentences, facts and tables, for documents that need no design of their own.

use jiff::civil::DateTime;
use serde::Serialize;

use crate::typesetter::{DocumentMoment, PaperError, pdf};

const TEMPLATE: &str = include_str!("report.typ");

/// Everything that a printed report says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// What it is called.
    pub title: String,
    /// The record that it is of.
    pub reference: String,
    /// Whose it is.
    pub author: String,
    /// The protective marking on every page; empty for none.
    pub marking: String,
    /// Lies on its side: for a table with many columns.
    pub landscape: bool,
    /// When it was printed, on the wall in London.
    pub printed_at: Option<DateTime>,
    /// What matters most, in a sentence.
    pub lead: String,
    /// Its sections.
    pub sections: Vec<Section>,
    /// The hash of the content, in hexadecimal; empty for none.
    pub content_hash: String,
    /// The record's full address; empty for none.
    pub record_url: String,
}

/// A section: its parts are printed in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Sentences.
    pub text: Vec<String>,
    /// Labels with what is said.
    pub facts: Vec<(String, String)>,
    /// A table.
    pub table: Option<Ledger>,
}

/// A table; the first cell of a row names it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Ledger {
    /// The columns: name and its part of the width.
    pub columns: Vec<(String, u32)>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// What stands there where there is no row.
    pub empty: String,
}

impl Section {
    /// A section with this heading.
    pub fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), ..Self::default() }
    }

    /// Adds a sentence.
    #[must_use]
    pub fn say(mut self, sentence: impl Into<String>) -> Self {
        self.text.push(sentence.into());
        self
    }

    /// Adds a fact; what is empty is left out.
    #[must_use]
    pub fn fact(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push((label.into(), value));
        }
        self
    }

    /// Gives it a table.
    #[must_use]
    pub fn table(self, columns: &[(&str, u32)], rows: Vec<Vec<String>>, empty: &str) -> Self {
        let columns = columns.iter().map(|(name, width)| ((*name).to_owned(), *width)).collect();
        Self { table: Some(Ledger { columns, rows, empty: empty.to_owned() }), ..self }
    }
}

/// Typesets a report as a tagged PDF.
pub fn report(report: &Report, moment: DocumentMoment) -> Result<Vec<u8>, PaperError> {
    pdf(TEMPLATE, report, moment)
}
