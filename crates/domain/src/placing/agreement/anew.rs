//! What is signed is what is said: each signature carries the content it was given for. A change before both sides have
//! signed takes back the signature that is there, and asks for it anew.

use super::signing::{Side, Signature, Signatures};
use super::{Agreement, AgreementState};
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::homes::price::PriceLine;
use crate::id::PersonId;
use crate::nights::ChargedDays;
use crate::outcome::Refusal;
use crate::power::delegation::Said;

impl Agreement {
    /// One text for what the agreement says: the bytes whose SHA-256 a signature carries.
    #[must_use]
    pub fn content(&self) -> String {
        use core::fmt::Write as _;
        let mut text = String::from("placewell agreement 1\n");
        let mut put = |name: &str, value: &dyn core::fmt::Display| {
            let value = value.to_string().replace(['\\', '\n'], " ");
            let _written = writeln!(text, "{name}={value}");
        };
        let terms = &self.terms;
        put("reference", &self.reference);
        put("authority", &self.authority);
        put("responsible", &self.responsible);
        put("provider", &self.provider);
        put("child", &self.child);
        put("facts", &self.facts);
        put("route", &terms.route.code());
        put("lot", &terms.lot);
        put("home", &terms.home);
        put("bed", &terms.bed.map_or_else(String::new, |bed| bed.to_string()));
        put("solo", &terms.solo);
        put("start", &terms.start);
        put("planned_end", &self.planned_end);
        for line in &terms.lines {
            put("line", &line_text(line));
        }
        for band in &terms.notice {
            put("notice", &format!("{} {}", band.from_day, band.days));
        }
        put("terms", &terms.terms_version);
        // An agreement that was made before there was a specification keeps its hash.
        if !terms.specification_version.is_empty() {
            put("specification", &terms.specification_version);
        }
        // Nor does one that charges as was always charged.
        if terms.charged != ChargedDays::default() {
            put("charged", &terms.charged.code());
        }
        put("distance", &terms.distance.words());
        if let Some(kept) = &self.added.particulars {
            put("particulars", &format_args!("{:02x?}", kept.words.bytes()));
        }
        text
    }

    /// Whether the child's stay began before both sides had signed, as an emergency allows.
    #[must_use]
    pub fn began_unsigned(&self) -> bool {
        self.state.stay().is_some_and(|stay| stay.unsigned.is_some())
    }

    /// Whether what it says about the child's care is complete.
    #[must_use]
    pub fn particulars_complete(&self) -> bool {
        self.added.particulars.as_ref().is_some_and(|kept| kept.complete)
    }

    /// One side signs what the agreement says now; each signs once, in any order. What it says about care is complete by
    /// then, unless the child had to start before.
    pub fn sign(self, side: Side, signature: Signature) -> Result<Change<Self>, Refusal> {
        if self.state.over() || matches!(self.state, AgreementState::Signed) {
            return Err(self.cannot("be signed"));
        }
        if !self.particulars_complete() && !self.began_unsigned() {
            return Err(Refusal::new(
                "particulars_incomplete",
                "An agreement is signed when it says what the placement is to achieve and how the child is cared for",
                "What it says about the child's care is not complete, so nobody can sign it yet.",
                "The placement officer, by completing it",
            )
            .found("Outcomes, staffing, education and health"));
        }
        let other = Side::ALL.iter().filter(|one| **one != side).find_map(|one| self.signatures.of(*one));
        if let Some(other) = other.filter(|other| other.content != signature.content) {
            return Err(Refusal::new(
                "signed_something_else",
                "Both sides sign the same content",
                "The other side signed another content. Both sign anew.",
                "Both sides, by signing what it says now",
            )
            .found(other.content.clone()));
        }
        let event = self.event("agreement.signed").with("side", side.code()).with("content", &signature.content);
        let signatures = self.signatures.clone().with(side, signature)?;
        let both = signatures.both();
        let state = match &self.state {
            AgreementState::Prepared | AgreementState::SignedByOne if both => AgreementState::Signed,
            AgreementState::Prepared | AgreementState::SignedByOne => AgreementState::SignedByOne,
            other => other.clone(),
        };
        Ok(Change::to(Self { version: self.version + 1, signatures, state, ..self }, event))
    }

    /// The next version with another content: a signature that stands alone is taken back, because it was given for
    /// what the agreement said before.
    pub(super) fn anew(self, event: Event, next: impl FnOnce(Self) -> Self) -> Change<Self> {
        let alone = !self.signatures.both();
        self.unsigned(alone, event, next)
    }

    /// The next version; where signatures are taken back, the event says whose they were.
    pub(super) fn unsigned(self, take_back: bool, event: Event, next: impl FnOnce(Self) -> Self) -> Change<Self> {
        let signed: Vec<&str> =
            Side::ALL.iter().filter(|side| self.signatures.of(**side).is_some()).map(|side| side.code()).collect();
        let version = self.version + 1;
        if !take_back || signed.is_empty() {
            return Change::to(Self { version, ..next(self) }, event);
        }
        let event = event.with("sign_anew", signed.join(" "));
        let next = next(self);
        let state = match next.state {
            AgreementState::SignedByOne | AgreementState::Signed => AgreementState::Prepared,
            other => other,
        };
        Change::to(Self { version, signatures: Signatures::default(), state, ..next }, event)
    }

    /// The same agreement with a decision by word of mouth, which the next move makes.
    #[must_use]
    pub fn decided_by_word(mut self, said: Said) -> Self {
        self.added.said.push(said);
        self
    }

    /// Decisions by word of mouth that wait to be confirmed.
    pub fn to_confirm(&self) -> impl Iterator<Item = &Said> {
        self.added.said.iter().filter(|said| said.waits())
    }

    /// Whoever decided by word of mouth confirms in writing what the version named did.
    pub fn confirm_said(self, version: i64, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        let mut said = self.added.said.clone();
        let found = said.iter_mut().find(|said| said.version == version && said.by == by && said.waits());
        let Some(found) = found else { return Err(self.cannot("be confirmed by you: nothing of yours waits")) };
        let late = found.overdue(moment);
        *found = found.clone().confirm(by, moment)?;
        let event = Event::new("agreement.decision_confirmed", "agreement", self.id.0, self.version + 1)
            .with("reference", &self.reference)
            .with("act", found.act.code())
            .with("late", late);
        let added = super::Added { said, ..self.added.clone() };
        Ok(Change::to(Self { version: self.version + 1, added, ..self }, event))
    }
}

/// A price line as it is signed.
fn line_text(line: &PriceLine) -> String {
    let shares = &line.shares;
    let hours = line.support.as_ref().map_or_else(String::new, |support| {
        format!("{} {} {} {}", support.quarter_hours, support.rate.0, support.staff, support.review_on)
    });
    format!(
        "{} | {} | {} | {} | {} | {} | {} {} {} {} | {hours} | {}",
        line.kind.code(),
        line.label,
        line.weekly.0,
        line.from,
        line.to,
        line.origin,
        shares.authority,
        shares.education,
        shares.health,
        shares.agreed,
        line.reason
    )
}
