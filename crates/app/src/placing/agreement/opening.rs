//! The opening ledger of an authority that went live: what its finance ledger said was paid, beside what the agreements'
//! lines give for the same nights. It equals to the penny, or each difference is listed.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::opening::LedgerLine;

use crate::answer::Answer;
use crate::command::App;

/// One agreement of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningRow {
    /// The agreement's reference.
    pub reference: String,
    /// The first of the nights.
    pub from: Date,
    /// The day after the last night that was paid.
    pub paid_to: Date,
    /// Both amounts.
    pub line: LedgerLine,
}

/// The whole ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpeningLedger {
    /// Its agreements, by reference.
    pub rows: Vec<OpeningRow>,
}

impl OpeningLedger {
    /// What the lines give in all.
    #[must_use]
    pub fn ours(&self) -> Pence {
        self.rows.iter().map(|row| row.line.ours).sum()
    }

    /// What the finance ledger shows in all.
    #[must_use]
    pub fn ledger(&self) -> Pence {
        self.rows.iter().map(|row| row.line.ledger).sum()
    }

    /// The agreements whose amounts differ.
    pub fn differing(&self) -> impl Iterator<Item = &OpeningRow> {
        self.rows.iter().filter(|row| row.line.difference() != Pence::ZERO)
    }
}

impl App {
    /// The opening ledger of the person's authority.
    pub async fn opening_ledger(&self, actor: &Actor) -> Answer<OpeningLedger> {
        let session = self.see(actor, Action::SeeAnnualValue).await?;
        let mut rows = Vec::new();
        for paid in session.opening_paid(actor.organisation).await? {
            let agreement = session.agreement_by_id(actor.organisation, paid.agreement).await?;
            let Some(nights) = Nights::new(paid.from, paid.to) else { continue };
            let line = agreement.beside_ledger(nights, paid.ledger);
            let reference = agreement.reference.to_string();
            rows.push(OpeningRow { reference, from: paid.from, paid_to: paid.to, line });
        }
        rows.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(OpeningLedger { rows })
    }
}
