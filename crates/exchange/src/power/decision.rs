//! The reader of a published decision: a `ModernGov` decision page as plain text, or as HTML saved
//! from a browser. Fields come in any order and wording; what a page does not say is listed in
//! `missing` to be asked for, and every field that is found keeps the line it came from, so that
//! a person can check each beside its source.

pub mod feed;
mod html;
mod items;
mod labels;
mod limbs;
mod lines;
mod money;
mod posts;
mod sections;
mod term;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

pub use placewell_domain::power::decision::Alternative;

pub use limbs::{Limb, Power};

use crate::dates;
use labels::Field;
use lines::{Page, squash};
use sections::{Section, Sections};

/// A decision as published. Serialised, its keys and their order are those of
/// `placewell decision read --json`; dates are ISO 8601, money is pence.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PublishedDecision {
    /// What the decision is about.
    pub title: Option<String>,
    /// The authority's own reference of the decision.
    pub reference: Option<String>,
    /// Who decided: a member, a body or an officer.
    pub decision_maker: Option<String>,
    /// The body on whose behalf it was decided (council executive, trust board), where the page says it.
    pub governing_body: Option<String>,
    /// The decision's status, such as "Recommendations Approved".
    pub status: Option<String>,
    /// Whether it is a key decision (2012 Regulations, regulation 8).
    pub key_decision: Option<bool>,
    /// Whether it can be called in.
    pub subject_to_call_in: Option<bool>,
    /// What the decision is for.
    pub purpose: Option<String>,
    /// The parts of the decision, each with what it allows.
    pub limbs: Vec<Limb>,
    /// Options considered and not taken.
    pub alternatives: Vec<Alternative>,
    /// Reasons for the decision.
    pub reasons: Option<String>,
    /// Conflicts of interest declared, or that there were none.
    pub conflicts_of_interest: Option<String>,
    /// Dispensations granted, or that there were none.
    pub dispensations: Option<String>,
    /// Urgency, where it was relied on.
    pub urgency: Option<String>,
    /// Why it is a key decision.
    pub reason_key: Option<String>,
    /// Wards affected.
    pub wards: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Day of publication.
    pub published_on: Option<Date>,
    /// Day of the decision.
    pub decided_on: Option<Date>,
    /// Day from which it has effect.
    pub effective_from: Option<Date>,
    /// The most that may be spent in a year, in pence. Totals over a term are never taken for it.
    pub annual_value_pence: Option<i64>,
    /// The arrangement's term and the option to extend it.
    pub term: Term,
    /// Papers published with it.
    pub documents: Vec<Document>,
    /// Address of the page, where the saved page or the text gives it.
    pub source_url: Option<String>,
    /// The fields that were not found, by their JSON keys (`term.start` within the term).
    pub missing: Vec<String>,
    /// The source line of every field that was found, by the same keys (`limbs.a`, `alternatives.2`).
    #[serde(skip)]
    pub sources: BTreeMap<String, String>,
}

/// First and last day of an arrangement, and for how long it may be extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Term {
    /// First day.
    pub start: Option<Date>,
    /// Last day, included.
    pub end: Option<Date>,
    /// Longest extension that the option gives, in months.
    pub option_months: Option<u32>,
}

/// A paper published with the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// Its address as the page has it, where there is a link.
    pub url: Option<String>,
}

/// Reads a published decision from text or HTML. Never fails: what is not found is in `missing`.
pub fn read(text_or_html: &str) -> PublishedDecision {
    let page = Page::of(text_or_html);
    let sections = Sections::of(&page);
    let mut reading = Reading { found: PublishedDecision::default() };
    reading.words(&page, &sections);
    reading.answers(&sections);
    reading.days(&sections);
    reading.parts(&sections);
    reading.amounts(&sections);
    reading.found.missing = missing(&reading.found);
    reading.found
}

struct Reading {
    found: PublishedDecision,
}

impl Reading {
    fn note(&mut self, key: &str, source: &str) {
        self.found.sources.entry(key.to_owned()).or_insert_with(|| source.trim().to_owned());
    }

    fn text(&mut self, sections: &Sections, field: Field, key: &str) -> Option<String> {
        let section = sections.first(field)?;
        self.note(key, &section.source());
        Some(section.text())
    }

    /// Fields that are running words.
    fn words(&mut self, page: &Page, sections: &Sections) {
        self.found.title = self.text(sections, Field::Title, "title");
        if self.found.title.is_none()
            && let Some(title) = &sections.title
        {
            self.note("title", title);
            self.found.title = Some(squash(title));
        }
        self.found.reference = self.text(sections, Field::Reference, "reference");
        self.found.decision_maker = self.text(sections, Field::DecisionMaker, "decision_maker");
        self.found.governing_body = self.text(sections, Field::GoverningBody, "governing_body");
        self.found.status = self.text(sections, Field::Status, "status");
        self.found.reasons = self.text(sections, Field::Reasons, "reasons");
        self.found.conflicts_of_interest = self.text(sections, Field::Conflicts, "conflicts_of_interest");
        self.found.dispensations = self.text(sections, Field::Dispensations, "dispensations");
        self.found.urgency = self.text(sections, Field::Urgency, "urgency");
        self.found.reason_key = self.text(sections, Field::ReasonKey, "reason_key");
        self.found.wards = self.text(sections, Field::Wards, "wards");
        self.found.contact = self.text(sections, Field::Contact, "contact");
        self.found.source_url = self.text(sections, Field::SourceUrl, "source_url");
        if let (None, Some(url)) = (&self.found.source_url, &page.source_url) {
            self.note("source_url", url);
            self.found.source_url = Some(url.clone());
        }
    }

    fn answers(&mut self, sections: &Sections) {
        self.found.key_decision = self.answer(sections, Field::KeyDecision, "key_decision");
        self.found.subject_to_call_in = self.answer(sections, Field::CallIn, "subject_to_call_in");
    }

    fn answer(&mut self, sections: &Sections, field: Field, key: &str) -> Option<bool> {
        let (answer, source) =
            sections.all(field).find_map(|section| Some((yes_or_no(&section.text())?, section.source())))?;
        self.note(key, &source);
        Some(answer)
    }

    fn days(&mut self, sections: &Sections) {
        self.found.published_on = self.day(sections, Field::Published, "published_on");
        self.found.decided_on = self.day(sections, Field::Decided, "decided_on");
        self.found.effective_from = self.day(sections, Field::Effective, "effective_from");
    }

    fn day(&mut self, sections: &Sections, field: Field, key: &str) -> Option<Date> {
        let (date, source) = sections
            .all(field)
            .find_map(|section| Some((dates::find(&section.text()).first()?.date, section.source())))?;
        self.note(key, &source);
        Some(date)
    }

    /// Purpose, limbs, alternatives and documents.
    fn parts(&mut self, sections: &Sections) {
        if let Some((purpose, source)) = sections.purpose() {
            self.note("purpose", &source);
            self.found.purpose = Some(purpose);
        }
        for item in sections.limbs() {
            let key = item.label.clone().map_or_else(|| "limbs".to_owned(), |letter| format!("limbs.{letter}"));
            self.note(&key, &item.source);
            self.found.limbs.push(Limb::of(item.label, item.text));
        }
        for (number, text, source) in sections.alternatives() {
            self.note(&format!("alternatives.{number}"), &source);
            self.found.alternatives.push(Alternative { number, text });
        }
        for (key, field) in [("alternatives", Field::Alternatives), ("documents", Field::Documents)] {
            if let Some(section) = sections.labelled(field) {
                self.note(key, &section.source());
            }
        }
        self.found.documents = sections.documents();
    }

    /// The annual value and the term, from the parts that decide: limbs, purpose, title and the
    /// fields that name them. Options not taken and reasons speak of other money and other terms.
    fn amounts(&mut self, sections: &Sections) {
        let limbs: Vec<String> = self.found.limbs.iter().map(|limb| limb.text.clone()).collect();
        let granting: Vec<String> = limbs.iter().filter(|text| !limbs::denies_money(text)).cloned().collect();
        let about: Vec<String> = [&self.found.purpose, &self.found.title].into_iter().flatten().cloned().collect();
        let under = |fields: &[Field]| -> Vec<String> {
            fields.iter().flat_map(|field| sections.all(*field)).map(Section::source).collect()
        };
        let deciding = [under(&[Field::AnnualValue]), granting, about.clone(), under(&[Field::Finance])].concat();
        if let Some((pence, source)) = deciding_value(&deciding) {
            self.note("annual_value_pence", &source);
            self.found.annual_value_pence = Some(pence);
        }
        let speaking = [under(&[Field::Term, Field::Option]), about, limbs].concat();
        let (start, end, option) = term::read(&speaking);
        if let Some((months, source)) = option {
            self.note("term.option_months", &source);
            self.found.term.option_months = Some(months);
        }
        let stated = |field| sections.all(field).find_map(|s| Some((dates::find(&s.text()).first()?.date, s.source())));
        self.days_of_term(stated(Field::TermStart).or(start), stated(Field::TermEnd).or(end));
    }

    /// A term that ends before it starts is misprinted: both days are asked for.
    fn days_of_term(&mut self, start: Option<(Date, String)>, end: Option<(Date, String)>) {
        if let (Some((first, _)), Some((last, _))) = (&start, &end)
            && last < first
        {
            return;
        }
        if let Some((first, source)) = start {
            self.note("term.start", &source);
            self.found.term.start = Some(first);
        }
        if let Some((last, source)) = end {
            self.note("term.end", &source);
            self.found.term.end = Some(last);
        }
    }
}

/// The first text that states exactly one annual amount; one that states several settles nothing,
/// unless one alone is worded as the most that may be spent.
fn deciding_value(texts: &[String]) -> Option<(i64, String)> {
    let stated: Vec<(&String, Vec<money::Annual>)> = texts.iter().map(|text| (text, money::annual(text))).collect();
    for ceilings_only in [true, false] {
        let mut values: Vec<(i64, &String)> = Vec::new();
        for (text, annuals) in &stated {
            for annual in annuals.iter().filter(|annual| annual.ceiling || !ceilings_only) {
                if !values.iter().any(|(pence, _)| *pence == annual.pence) {
                    values.push((annual.pence, text));
                }
                if values.len() > 1 {
                    return None;
                }
            }
        }
        if let Some((pence, source)) = values.first() {
            return Some((*pence, (*source).clone()));
        }
    }
    None
}

fn yes_or_no(answer: &str) -> Option<bool> {
    let lower = answer.to_lowercase().replace('-', " ");
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    match words.next()? {
        "yes" | "y" | "true" | "key" | "subject" => Some(true),
        "no" | "n" | "false" | "non" | "not" | "exempt" => Some(false),
        _ => None,
    }
}

fn missing(found: &PublishedDecision) -> Vec<String> {
    let listed = |key: &str| found.sources.contains_key(key);
    let term = &found.term;
    let no_term = *term == Term::default();
    let present = [
        ("title", found.title.is_some()),
        ("reference", found.reference.is_some()),
        ("decision_maker", found.decision_maker.is_some()),
        ("governing_body", found.governing_body.is_some()),
        ("status", found.status.is_some()),
        ("key_decision", found.key_decision.is_some()),
        ("subject_to_call_in", found.subject_to_call_in.is_some()),
        ("purpose", found.purpose.is_some()),
        ("limbs", !found.limbs.is_empty()),
        ("alternatives", !found.alternatives.is_empty() || listed("alternatives")),
        ("reasons", found.reasons.is_some()),
        ("conflicts_of_interest", found.conflicts_of_interest.is_some()),
        ("dispensations", found.dispensations.is_some()),
        ("urgency", found.urgency.is_some()),
        ("reason_key", found.reason_key.is_some()),
        ("wards", found.wards.is_some()),
        ("contact", found.contact.is_some()),
        ("published_on", found.published_on.is_some()),
        ("decided_on", found.decided_on.is_some()),
        ("effective_from", found.effective_from.is_some()),
        ("annual_value_pence", found.annual_value_pence.is_some()),
        ("term", !no_term),
        ("term.start", no_term || term.start.is_some()),
        ("term.end", no_term || term.end.is_some()),
        ("term.option_months", no_term || term.option_months.is_some()),
        ("documents", !found.documents.is_empty() || listed("documents")),
        ("source_url", found.source_url.is_some()),
    ];
    present.into_iter().filter(|(_, here)| !here).map(|(key, _)| key.to_owned()).collect()
}
