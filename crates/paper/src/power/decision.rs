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
    /// Contracts that rest on it.
    pub contracts: Vec<Contract>,
    /// What each later version of its public text changed, the latest first.
    pub versions: Vec<Version>,
    /// The record's full address.
    pub record_url: String,
}

/// A contract that rests on the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contract {
    /// Its reference, such as `MB-012`.
    pub reference: String,
    /// What it is about.
    pub title: String,
    /// The supplier.
    pub supplier: String,
    /// The first day.
    pub starts: Date,
    /// The last day.
    pub ends: Date,
    /// Its value over its term in pence, to the nearest £1,000; none where nothing is promised.
    pub value: Option<i64>,
}

/// A version of the public text that changed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Its number.
    pub version: i64,
    /// The day on which it was recorded.
    pub on: Date,
    /// Why, where it is a correction.
    pub why: Option<String>,
    /// The fields that it changed.
    pub fields: Vec<ChangedField>,
}

/// A field that a version changed, as runs of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedField {
    /// The field.
    pub field: String,
    /// What it said: words and whether they went.
    pub before: Vec<Run>,
    /// What it says: words and whether they came.
    pub after: Vec<Run>,
}

/// Words that both texts have, or one alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The words.
    pub text: String,
    /// Whether the other text lacks them.
    pub alone: bool,
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
