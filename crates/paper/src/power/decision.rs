//! A published decision on paper: the public record in the layout of the authority's own page, with what it allows and
//! what the page does not say. Everything in it is public.

use jiff::civil::Date;
use serde::Serialize;

use crate::typesetter::{DocumentMoment, PaperError, pdf};

const TEMPLATE: &str = include_str!("decision.typ");

/// Everything that a printed decision says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionPaper {
    /// The decision's reference, such as `HEF-2019-0114`.
    pub reference: String,
    /// Whose it is.
    pub authority: String,
    /// Its title.
    pub title: String,
    /// Where it stands on the day of issue, such as "Effective".
    pub standing: String,
    /// The day on which this copy was issued.
    pub issued_on: Date,
    /// Decided, published, call-in, effective, in words.
    pub dates: String,
    /// How recorded, printed and reckoned dates differ.
    pub differs: Vec<String>,
    /// The facts at the head of the page: label and what it says.
    pub head: Vec<Fact>,
    /// The purpose, where the page says it.
    pub purpose: Option<String>,
    /// The decision, limb by limb.
    pub limbs: Vec<LimbBlock>,
    /// The alternatives considered: number and text.
    pub alternatives: Vec<String>,
    /// The facts at the foot of the page.
    pub foot: Vec<Fact>,
    /// Accompanying documents, by title.
    pub documents: Vec<String>,
    /// What the page does not say, with why it is asked for.
    pub not_said: Vec<Fact>,
    /// The record's full address.
    pub record_url: String,
}

/// A label with what is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The label.
    pub label: String,
    /// What is said; none where the page does not say it.
    pub value: Option<String>,
}

/// One limb.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LimbBlock {
    /// Its letter.
    pub letter: String,
    /// Its text as published.
    pub text: String,
    /// What it allows, a sentence each.
    pub allows: Vec<String>,
}

/// Typesets a decision as a tagged PDF.
pub fn decision(paper: &DecisionPaper, moment: DocumentMoment) -> Result<Vec<u8>, PaperError> {
    pdf(TEMPLATE, paper, moment)
}
