//! Answers that are carried over from an earlier application. Each section waits until it was confirmed as still true or was
//! changed. What can no longer be true on the day is left out; what has come to that since is not confirmed.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::application::{Answers, Application, Draft};
use super::criteria::{Criteria, PartPrice};
use super::opening::{Opening, OpeningRefused};
use super::selection::{Gate, Selection, accounts_hold_until, policy_holds_until};
use crate::calendar::long_date;
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::homes::home::Urn;
use crate::id::{ApplicationId, OpeningId, OrganisationId, PersonId};
use crate::outcome::{Invalid, Refusal};

/// A section of an application, which is reviewed by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Section {
    /// The selection questions of a gate.
    Gate(Gate),
    /// A quality question, by its code.
    Quality(String),
    /// A lot, by its code.
    Lot(String),
}

/// Where the review of a carried section stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Review {
    /// Nobody has looked at it.
    Waits,
    /// It was confirmed as still true.
    Confirmed {
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
    /// It was changed.
    Changed {
        /// When.
        at: DateTime,
    },
}

impl Review {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::Confirmed { .. } => "confirmed",
            Self::Changed { .. } => "changed",
        }
    }

    /// When it was confirmed or changed.
    #[must_use]
    pub const fn at(&self) -> Option<DateTime> {
        match self {
            Self::Waits => None,
            Self::Confirmed { at, .. } | Self::Changed { at } => Some(*at),
        }
    }
}

/// A section that was carried over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedSection {
    /// Which.
    pub section: Section,
    /// Where its review stands.
    pub review: Review,
}

/// An answer that was not carried over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Of which section.
    pub section: Section,
    /// Why: it can no longer be true, or is not asked any more.
    pub why: String,
}

/// What a draft took over from an earlier application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The reference of the opening to which the earlier application went.
    pub from: String,
    /// The day on which that was sent; unknown to drafts that were begun before it was kept.
    pub sent: Option<Date>,
    /// What was carried over.
    pub sections: Vec<CarriedSection>,
    /// What was not.
    pub left: Vec<LeftOut>,
}

impl Carried {
    /// "your application of AR-004, 6 August 2021".
    #[must_use]
    pub fn origin(&self) -> String {
        let day = self.sent.map(|day| format!(", {}", long_date(day))).unwrap_or_default();
        format!("your application of {}{day}", self.from)
    }

    /// The sections that nobody has reviewed.
    pub fn waiting(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(|one| one.review == Review::Waits).map(|one| &one.section)
    }
}

impl Section {
    /// The stored code: `insurance`, `quality_q1`, `lot_planned`.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Gate(gate) => gate.code().to_owned(),
            Self::Quality(question) => format!("quality_{question}"),
            Self::Lot(lot) => format!("lot_{lot}"),
        }
    }

    /// The section with this stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        if let Some(question) = code.strip_prefix("quality_") {
            return Some(Self::Quality(question.to_owned()));
        }
        if let Some(lot) = code.strip_prefix("lot_") {
            return Some(Self::Lot(lot.to_owned()));
        }
        Gate::from_code(code).map(Self::Gate)
    }

    /// What it is called; a lot by its code.
    #[must_use]
    pub fn label(&self, criteria: &Criteria) -> String {
        match self {
            Self::Gate(gate) => gate.label().to_owned(),
            Self::Quality(code) => {
                let at = criteria.quality.iter().position(|question| question.code == *code);
                at.map_or_else(|| format!("Quality question {code}"), |at| format!("Quality question {}", at + 1))
            }
            Self::Lot(lot) => format!("Lot {lot}"),
        }
    }

    /// What is answered there, in words.
    #[must_use]
    pub fn says(&self, answers: &Answers, criteria: &Criteria, day: Date) -> String {
        match self {
            Self::Gate(gate) => {
                let found = answers.selection.findings(criteria, day).into_iter().find(|one| one.gate == *gate);
                let words = found.map(|one| one.found).unwrap_or_default();
                match (gate, answers.selection.data_protection_until, answers.selection.going_concern) {
                    (Gate::DataProtection, Some(until), _) => format!("{words}, until {}", long_date(until)),
                    (Gate::Finance, _, Some(true)) => format!("{words}, the business goes on"),
                    (Gate::Finance, _, Some(false)) => format!("{words}, the business does not go on"),
                    _ => words,
                }
            }
            Self::Quality(code) => answers.quality(code).to_owned(),
            Self::Lot(lot) => answers.lots.iter().find(|one| one.lot == *lot).map_or_else(String::new, |one| {
                let homes: Vec<String> = one.homes.iter().map(ToString::to_string).collect();
                let priced = |price: &PartPrice| format!("{} {}", price.part.label(), price.weekly);
                let prices: Vec<String> = one.prices.iter().map(priced).collect();
                format!("{}; {} a week", homes.join(", "), prices.join(", "))
            }),
        }
    }

    /// The sections that are answered.
    fn of(answers: &Answers) -> Vec<Self> {
        let nothing = Selection::default();
        let gates = Gate::ALL.iter().filter(|gate| only(&answers.selection, **gate) != nothing);
        let quality = answers.quality.iter().filter(|(_, answer)| !answer.trim().is_empty());
        gates
            .map(|gate| Self::Gate(*gate))
            .chain(quality.map(|(code, _)| Self::Quality(code.clone())))
            .chain(answers.lots.iter().map(|lot| Self::Lot(lot.lot.clone())))
            .collect()
    }

    /// Whether it says the same here and there.
    fn same(&self, one: &Answers, other: &Answers) -> bool {
        match self {
            Self::Gate(gate) => only(&one.selection, *gate) == only(&other.selection, *gate),
            // A browser ends its lines in its own way.
            Self::Quality(code) => one.quality(code).trim().lines().eq(other.quality(code).trim().lines()),
            Self::Lot(lot) => {
                let of = |answers: &Answers| answers.lots.iter().find(|one| one.lot == *lot).cloned();
                of(one) == of(other)
            }
        }
    }

    /// What keeps it from being confirmed on a day.
    fn against(&self, answers: &Answers, (criteria, own): (&Criteria, &[Urn]), day: Date) -> Vec<String> {
        let said = |found: Result<(), Invalid>| {
            let errors = found.err().unwrap_or_default().errors.into_iter();
            errors.map(|error| error.message).collect::<Vec<_>>()
        };
        match self {
            Self::Gate(gate) => {
                let mut invalid = answers.selection.check(criteria).err().unwrap_or_default();
                invalid.errors.retain(|error| gate_of(&error.field) == *gate);
                let past = overtaken(&answers.selection, day).into_iter().filter(|(of, _)| of == gate);
                past.map(|(_, why)| why).chain(said(invalid.or(()))).collect()
            }
            Self::Quality(code) => said(answers.check_quality(code)),
            Self::Lot(lot) => {
                let applied = answers.lots.iter().find(|one| one.lot == *lot);
                applied.map_or_else(Vec::new, |one| said(one.complete(criteria, own)))
            }
        }
    }
}

impl TryFrom<String> for Section {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        Self::from_code(&code).ok_or_else(|| format!("{code} is no section of an application"))
    }
}

impl From<Section> for String {
    fn from(section: Section) -> Self {
        section.code()
    }
}

/// The gate that a field of the declaration belongs to.
fn gate_of(field: &str) -> Gate {
    match field {
        "legal_name" | "company_number" => Gate::LegalEntity,
        "accounts_to" | "turnover" | "going_concern" => Gate::Finance,
        "excluded" | "debarred" => Gate::Exclusion,
        "recruitment" => Gate::Recruitment,
        "safeguarding_on" => Gate::Safeguarding,
        "data_protection" | "data_protection_until" => Gate::DataProtection,
        _ => Gate::Insurance,
    }
}

/// A declaration with nothing in it but the answers of one gate, in one order.
fn only(selection: &Selection, gate: Gate) -> Selection {
    let (all, none) = (selection.clone(), Selection::default());
    match gate {
        Gate::LegalEntity => Selection { legal_name: all.legal_name, company_number: all.company_number, ..none },
        Gate::Insurance => {
            let mut insurances = all.insurances;
            insurances.sort_by_key(|held| held.kind);
            Selection { insurances, ..none }
        }
        Gate::Finance => {
            Selection { accounts_to: all.accounts_to, turnover: all.turnover, going_concern: all.going_concern, ..none }
        }
        Gate::Exclusion => Selection { excluded: all.excluded, debarred: all.debarred, ..none },
        Gate::Recruitment => Selection { recruitment: all.recruitment, ..none },
        Gate::Safeguarding => Selection { safeguarding_on: all.safeguarding_on, ..none },
        Gate::DataProtection => {
            Selection { data_protection: all.data_protection, data_protection_until: all.data_protection_until, ..none }
        }
    }
}

/// What of a declaration can no longer be true on a day, and why.
fn overtaken(selection: &Selection, day: Date) -> Vec<(Gate, String)> {
    let mut found = Vec::new();
    for held in selection.insurances.iter().filter(|held| held.expires < day) {
        let why = format!("{}: the cover ran out on {}", held.kind.label(), long_date(held.expires));
        found.push((Gate::Insurance, why));
    }
    if let Some(to) = selection.accounts_to.filter(|to| accounts_hold_until(*to) < day) {
        found.push((Gate::Finance, format!("Accounts to {} are too old", long_date(to))));
    }
    if let Some(on) = selection.safeguarding_on.filter(|on| policy_holds_until(*on) < day) {
        found.push((Gate::Safeguarding, format!("A policy reviewed on {} is too old", long_date(on))));
    }
    if let Some(until) = selection.data_protection_until.filter(|until| *until < day) {
        found.push((Gate::DataProtection, format!("The registration ran out on {}", long_date(until))));
    }
    found
}

/// A declaration without what can no longer be true on a day. Accounts go with what they said; a number stays.
fn still_true(selection: Selection, day: Date) -> Selection {
    let recent = selection.accounts_to.is_none_or(|to| accounts_hold_until(to) >= day);
    Selection {
        insurances: selection.insurances.into_iter().filter(|held| held.expires >= day).collect(),
        accounts_to: selection.accounts_to.filter(|_| recent),
        turnover: selection.turnover.filter(|_| recent),
        going_concern: selection.going_concern.filter(|_| recent),
        safeguarding_on: selection.safeguarding_on.filter(|on| policy_holds_until(*on) >= day),
        data_protection_until: selection.data_protection_until.filter(|until| *until >= day),
        ..selection
    }
}

fn waiting(answers: &Answers) -> Vec<CarriedSection> {
    Section::of(answers).into_iter().map(|section| CarriedSection { section, review: Review::Waits }).collect()
}

/// The quality answers whose questions are asked again in the same words, under the codes that those have now; and the others.
fn asked_again(answers: &Answers, then: &Criteria, now: &Criteria) -> (Vec<(String, String)>, Vec<LeftOut>) {
    let (mut kept, mut left) = (Vec::new(), Vec::new());
    for (code, answer) in answers.quality.iter().filter(|(_, answer)| !answer.trim().is_empty()) {
        // A code says only at which place a question stands.
        let asked = then.question(code).map_or("", |question| question.text.trim());
        if let Some(question) = now.quality.iter().find(|question| question.text.trim() == asked) {
            kept.push((question.code.clone(), answer.clone()));
        } else {
            let why = format!("This opening does not ask: {asked}");
            left.push(LeftOut { section: Section::Quality(code.clone()), why });
        }
    }
    kept.sort();
    (kept, left)
}

/// The answers of an earlier application, to what was asked `then`, as far as this opening asks for them and they can be true
/// on a day.
pub(super) fn carry((earlier, then): (&Application, &Criteria), criteria: &Criteria, day: Date) -> (Answers, Carried) {
    let mut answers = earlier.answers.clone();
    // Documents belong to the application that they came with; certificates are sent anew.
    answers.evidence.clear();
    answers.lots.retain(|lot| criteria.template(&lot.lot).is_some());
    answers.selection.insurances.retain(|held| criteria.insurances.iter().any(|(kind, _)| *kind == held.kind));
    let (quality, unasked) = asked_again(&earlier.answers, then, criteria);
    answers.quality = quality;
    let past = overtaken(&answers.selection, day).into_iter();
    let left = past.map(|(gate, why)| LeftOut { section: Section::Gate(gate), why }).chain(unasked).collect();
    answers.selection = still_true(answers.selection, day);
    let (from, sent) = (earlier.opening_reference.clone(), Some(earlier.sent.date()));
    let carried = Carried { from, sent, sections: waiting(&answers), left };
    (answers, carried)
}

impl Draft {
    /// Confirms that these sections are still true, all of them or none; refused for what can no longer be.
    pub fn confirm(
        self,
        sections: &[Section],
        (opening, own): (&Opening, &[Urn]),
        (by, moment): (PersonId, Moment),
    ) -> Result<Change<Self>, OpeningRefused> {
        opening.takes(moment)?;
        let criteria = &opening.plan.criteria;
        let mut next = Self { version: self.version + 1, saved: moment.local, ..self };
        let mut invalid = Invalid::default();
        if sections.is_empty() {
            invalid.add("sections", "Select each answer that is still true");
        }
        for section in sections {
            let mut held = next.carried.iter_mut().flat_map(|carried| &mut carried.sections);
            let Some(one) = held.find(|one| one.section == *section) else {
                let words = format!("{}: this was not carried over, so answer it instead", section.label(criteria));
                invalid.add("sections", words);
                continue;
            };
            for why in section.against(&next.answers, (criteria, own), moment.today()) {
                let words = format!("{}: {why}. Change it instead of confirming it", section.label(criteria));
                invalid.add("sections", words);
            }
            if one.review == Review::Waits {
                one.review = Review::Confirmed { by, at: moment.local };
            }
        }
        invalid.or(())?;
        let codes: Vec<String> = sections.iter().map(Section::code).collect();
        let event = Event::new("admission_draft.confirmed", "admission_draft", next.id.0, next.version)
            .with("sections", codes.join(" "));
        Ok(Change::to(next, event))
    }

    /// A section that was changed since `before`, and could be confirmed as it is now, waits no longer.
    pub(super) fn settle(&mut self, before: &Answers, criteria: &Criteria, moment: Moment) {
        let answers = &self.answers;
        for one in self.carried.iter_mut().flat_map(|carried| &mut carried.sections) {
            if one.review != Review::Waits || one.section.same(before, answers) {
                continue;
            }
            // Homes and prices of a lot were looked at where it was saved.
            let stands = matches!(one.section, Section::Lot(_))
                || one.section.against(answers, (criteria, &[]), moment.today()).is_empty();
            if stands {
                one.review = Review::Changed { at: moment.local };
            }
        }
    }

    /// Refused while a section that was carried over waits for its review; names each.
    pub(super) fn reviewed(&self, criteria: &Criteria) -> Result<(), Refusal> {
        let Some(carried) = &self.carried else { return Ok(()) };
        let open: Vec<String> = carried.waiting().map(|section| section.label(criteria)).collect();
        if open.is_empty() {
            return Ok(());
        }
        Err(Refusal::new(
            "declaration_not_reviewed",
            "Answers of an earlier application are used again only after review",
            format!("Answers that are carried from {} have not been reviewed: {}.", carried.origin(), open.join("; ")),
            "You, by confirming each of them as still true, or by changing it",
        )
        .found(format!("{} of {} not reviewed", open.len(), carried.sections.len())))
    }
}

/// A draft as it is kept. One that was begun before sections were reviewed by themselves says whether all of it was.
#[derive(Deserialize)]
pub(super) struct Kept {
    id: ApplicationId,
    version: i64,
    provider: OrganisationId,
    opening: OpeningId,
    answers: Answers,
    #[serde(default)]
    carried: Option<Carried>,
    #[serde(default)]
    reused: Option<String>,
    #[serde(default)]
    reviewed: bool,
    saved: DateTime,
}

impl From<Kept> for Draft {
    fn from(kept: Kept) -> Self {
        let whole = kept.reused.filter(|_| !kept.reviewed).map(|from| Carried {
            from,
            sent: None,
            sections: waiting(&kept.answers),
            left: Vec::new(),
        });
        Self {
            id: kept.id,
            version: kept.version,
            provider: kept.provider,
            opening: kept.opening,
            answers: kept.answers,
            carried: kept.carried.or(whole),
            saved: kept.saved,
        }
    }
}

#[cfg(test)]
mod tests;
