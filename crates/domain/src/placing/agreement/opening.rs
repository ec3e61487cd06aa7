//! What was paid before an authority went live: its finance ledger beside what the price lines give for the same nights,
//! agreement by agreement, to the penny.

use super::Agreement;
use crate::homes::price::LineKind;
use crate::money::Pence;
use crate::nights::Nights;

coded! {
    /// What explains a difference.
    LedgerCause {
        None "none" "No difference";
        Rounding "rounding" "Rounding of part weeks";
        OneNight "one_night" "One night, often the day of the move";
        Education "education" "The education line is missing or paid twice";
        Support "support" "Support hours are missing or paid twice";
        Unknown "unknown" "Not explained: compare the invoices";
        NotGiven "not_given" "No paid amount given";
    }
}

/// One agreement of an opening ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerLine {
    /// What the lines give for the nights, by all who pay.
    pub ours: Pence,
    /// What the ledger shows as paid for them.
    pub ledger: Pence,
    /// What explains the difference.
    pub cause: LedgerCause,
}

impl LedgerLine {
    /// What the ledger shows beyond what the lines give; below zero where it shows less.
    #[must_use]
    pub fn difference(self) -> Pence {
        self.ledger - self.ours
    }
}

impl Agreement {
    /// The nights before it was brought in, of one that was lived in then: for them a finance ledger shows what was paid. None
    /// of one that was over, or began that day, or began here.
    #[must_use]
    pub fn nights_before_brought_in(&self) -> Option<Nights> {
        let on = self.brought_in_on()?;
        let over = self.state.ending().is_some_and(|ending| ending.on <= on);
        if over { None } else { Nights::new(self.terms.start, on) }
    }

    /// What its lines give for nights, beside what a ledger shows; a first day that it does not charge gives nothing.
    #[must_use]
    pub fn beside_ledger(&self, nights: Nights, ledger: Pence) -> LedgerLine {
        let lines = &self.terms.lines;
        let first = self.terms.charged.from(self.nights().0);
        let nights = Nights::new(nights.from().max(first), nights.to()).unwrap_or(nights);
        let of = |kind: LineKind| lines.iter().filter(|line| line.kind == kind).map(|line| line.charge(nights)).sum();
        let ours: Pence = lines.iter().map(|line| line.charge(nights)).sum();
        let (education, support): (Pence, Pence) = (of(LineKind::Education), of(LineKind::AdditionalSupport));
        let gap = Pence((ledger - ours).0.abs());
        // A seventh of a week's price, the charge of any one night, give or take its rounding.
        let night = lines.iter().map(|line| line.weekly.0).sum::<i64>() / 7;
        let parts = i64::try_from(lines.len()).unwrap_or(1);
        let cause = if gap == Pence::ZERO {
            LedgerCause::None
        } else if gap.0 <= parts {
            LedgerCause::Rounding
        } else if gap == education {
            LedgerCause::Education
        } else if gap == support {
            LedgerCause::Support
        } else if (gap.0 - night).abs() <= parts {
            LedgerCause::OneNight
        } else {
            LedgerCause::Unknown
        };
        LedgerLine { ours, ledger, cause }
    }
}
