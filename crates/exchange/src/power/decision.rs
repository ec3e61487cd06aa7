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
pub use sections::says_none;

use placewell_domain::calendar::long_date;
use placewell_domain::money::Pence;

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
    /// The page's words where it says that no alternatives were considered.
    #[serde(skip)]
    pub no_alternatives: Option<String>,
    /// Why a field was left open although the page speaks of it, by the same keys: words that go on after a colon.
    #[serde(skip)]
    pub doubts: BTreeMap<String, String>,
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

/// Why a text cannot be read as a page: an archive of a page hides its text from the reader, and from a person.
#[must_use]
pub fn unreadable(text: &str) -> Option<&'static str> {
    let head: String = text.chars().take(4_000).collect::<String>().to_ascii_lowercase();
    let archive = head.contains("mime-version:") && head.contains("content-type: multipart/related");
    if archive || head.starts_with("bplist00") {
        return Some("This is a web archive (MHTML). Save the page as \u{201c}HTML only\u{201d}, or copy its text");
    }
    if head.starts_with("%pdf-") || head.starts_with("pk\u{3}\u{4}") || head.starts_with("{\\rtf") {
        return Some("This is a document, not the text of a page. Copy its text");
    }
    if text.contains('\0') {
        return Some("This is not text: it holds signs that no page has. Save the page as HTML or as text");
    }
    None
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
            sections.all(field).find_map(|section| Some((yes_or_no(field, &section.text())?, section.source())))?;
        self.note(key, &source);
        Some(answer)
    }

    fn days(&mut self, sections: &Sections) {
        self.found.published_on = self.day(sections, Field::Published, "published_on");
        self.found.decided_on = self.day(sections, Field::Decided, "decided_on");
        self.found.effective_from = self.day(sections, Field::Effective, "effective_from");
    }

    fn day(&mut self, sections: &Sections, field: Field, key: &str) -> Option<Date> {
        let (date, source) = self.settled(sections, field, key)?;
        self.note(key, &source);
        Some(date)
    }

    /// The one date that a field gives; several that differ settle nothing.
    fn settled(&mut self, sections: &Sections, field: Field, key: &str) -> Option<(Date, String)> {
        let mut found: Vec<(Date, String)> = Vec::new();
        for section in sections.all(field) {
            for day in dates::find(&section.text()) {
                if !found.iter().any(|(date, _)| *date == day.date) {
                    found.push((day.date, section.source()));
                }
            }
        }
        match found.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            [..] => {
                let days: Vec<String> = found.iter().map(|(date, _)| long_date(*date)).collect();
                self.doubt(key, format!("the text gives several dates: {}", days.join(", ")));
                None
            }
        }
    }

    fn doubt(&mut self, key: &str, why: String) {
        self.found.doubts.entry(key.to_owned()).or_insert(why);
    }

    /// Purpose, limbs, alternatives and documents.
    fn parts(&mut self, sections: &Sections) {
        if let Some((purpose, source)) = sections.purpose() {
            self.note("purpose", &source);
            self.found.purpose = Some(purpose);
        }
        let (lead, items) = sections.limbs();
        for item in items {
            let key = item.label.clone().map_or_else(|| "limbs".to_owned(), |letter| format!("limbs.{letter}"));
            self.note(&key, &item.source);
            self.found.limbs.push(Limb::of(item.label, item.text, &lead));
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
        self.found.no_alternatives = sections.no_alternatives();
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
        let labelled = under(&[Field::AnnualValue]);
        let deciding = [labelled.clone(), granting, about.clone()].concat();
        match deciding_value(&deciding, &labelled, &under(&[Field::Finance])) {
            Ok(Some((pence, source))) => {
                self.note("annual_value_pence", &source);
                self.found.annual_value_pence = Some(pence);
            }
            Ok(None) => {}
            Err(why) => self.doubt("annual_value_pence", why),
        }
        let labelled = under(&[Field::Term, Field::Option]);
        let read = term::read(&labelled, &[about, limbs].concat());
        match read.option {
            Ok(Some((months, source))) => {
                self.note("term.option_months", &source);
                self.found.term.option_months = Some(months);
            }
            Ok(None) => {}
            Err(why) => self.doubt("term.option_months", why),
        }
        if let Some(why) = read.doubt {
            self.doubt("term", why);
        }
        let start = self.settled(sections, Field::TermStart, "term.start").or(read.start);
        let end = self.settled(sections, Field::TermEnd, "term.end").or(read.end);
        self.days_of_term(start, end);
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

/// The annual value that the deciding texts state: all of them one amount, or one alone worded as the most that may be
/// spent. What speaks of finances counts only where they are silent, and against them only with another such limit.
fn deciding_value(
    deciding: &[String],
    labelled: &[String],
    finance: &[String],
) -> Result<Option<(i64, String)>, String> {
    if let Some(text) = deciding.iter().find(|text| money::in_doubt(text)) {
        return Err(format!("another amount stands beside it: {}", shown(text)));
    }
    let of = |texts: &[String], ceilings: bool| -> Vec<(i64, String)> {
        let mut values: Vec<(i64, String)> = Vec::new();
        for text in texts {
            // a label that names the annual value stands for "a year"
            let yearly = if labelled.contains(text) { format!("{text} a year") } else { text.clone() };
            let read = money::annual(text);
            let read = if read.is_empty() { money::annual(&yearly) } else { read };
            for annual in read.into_iter().filter(|annual| annual.ceiling || !ceilings) {
                if !values.iter().any(|(pence, _)| *pence == annual.pence) {
                    values.push((annual.pence, text.clone()));
                }
            }
        }
        values
    };
    let all = [deciding, finance].concat();
    for (texts, ceilings) in [(all.as_slice(), true), (deciding, false), (finance, false)] {
        if texts == finance && finance.iter().any(|text| money::in_doubt(text)) {
            return Err("the text on finances states several amounts".to_owned());
        }
        let values = of(texts, ceilings);
        match values.as_slice() {
            [] => {}
            [one] => return Ok(Some(one.clone())),
            [..] => {
                let amounts: Vec<String> = values.iter().map(|(pence, _)| Pence(*pence).to_string()).collect();
                return Err(format!("the text states several annual amounts: {}", amounts.join(", ")));
            }
        }
    }
    Ok(None)
}

fn shown(text: &str) -> String {
    let line = squash(text);
    if line.chars().count() <= 160 { line } else { format!("{}\u{2026}", line.chars().take(160).collect::<String>()) }
}

/// Words behind "no" that tell of something else than the question: "no call-in request received".
const NOT_AN_ANSWER: [&str; 9] =
    ["call", "request", "requests", "information", "answer", "data", "date", "record", "decision"];

/// The answer that a field gives; what it says of something else ("Not called in", "Not stated") is none.
fn yes_or_no(field: Field, answer: &str) -> Option<bool> {
    let lower = answer.to_lowercase().replace('-', " ");
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let call_in = field == Field::CallIn;
    let unfilled = matches!(words.as_slice(), ["yes" | "y", "no" | "n" | "or", ..]);
    let of_something_else = matches!(words.as_slice(), ["no", next, ..] if NOT_AN_ANSWER.contains(next));
    if unfilled || of_something_else {
        return None;
    }
    match words.as_slice() {
        ["yes" | "y" | "true", ..] => Some(true),
        ["non" | "not", "key", ..] | ["not", "a", "key", ..] => (!call_in).then_some(false),
        ["key"] | ["key", "decision", ..] => (!call_in).then_some(true),
        ["subject", "to", "call", ..] => call_in.then_some(true),
        // "not applicable" is said of a body that has no call-in; whether a decision is key, it does not say
        ["n", "a"] | ["exempt", ..] | ["not", "applicable" | "subject" | "eligible" | "callable" | "open", ..] => {
            call_in.then_some(false)
        }
        ["no" | "n" | "false", ..] => Some(false),
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
