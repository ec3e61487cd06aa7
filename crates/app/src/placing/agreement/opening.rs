//! The opening ledger of an authority that went live: what its finance ledger said was paid, beside what the agreements'
//! lines give for the same nights. It equals to the penny, or each difference is listed: agreement by agreement, live
//! placements of which nobody said what was paid, and the rest of the finance ledger's own total.

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::opening::LedgerLine;
use placewell_store::Work;
use placewell_store::placing::agreement::opening::OpeningTotal;
use serde::Serialize;

use crate::answer::Answer;
use crate::command::{App, Command, Receipt};

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

/// A live placement that was brought in without what was paid for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnpaidRow {
    /// The agreement's reference.
    pub reference: String,
    /// The first night.
    pub from: Date,
    /// The day on which it was brought in.
    pub until: Date,
    /// What its lines give for the nights between.
    pub ours: Pence,
}

/// The whole ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpeningLedger {
    /// Its agreements, by reference.
    pub rows: Vec<OpeningRow>,
    /// Live placements of which nobody said what was paid, by reference: each is a difference.
    pub unpaid: Vec<UnpaidRow>,
    /// What the finance ledger shows in all, as it was recorded last: the day up to which it counts, and how much.
    pub total: Option<(Date, Pence)>,
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

    /// What the finance ledger shows in all beyond what it shows of these agreements; none where its total is not recorded.
    #[must_use]
    pub fn rest(&self) -> Option<Pence> {
        self.total.map(|(_, total)| total - self.ledger())
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
        let mut unpaid = Vec::new();
        for id in session.opening_unpaid(actor.organisation).await? {
            let agreement = session.agreement_by_id(actor.organisation, id).await?;
            let Some(nights) = agreement.nights_before_brought_in() else { continue };
            let ours = agreement.beside_ledger(nights, Pence::ZERO).ours;
            let reference = agreement.reference.to_string();
            unpaid.push(UnpaidRow { reference, from: nights.from(), until: nights.to(), ours });
        }
        rows.sort_by(|a, b| a.reference.cmp(&b.reference));
        unpaid.sort_by(|a, b| a.reference.cmp(&b.reference));
        let total = session.opening_total(actor.organisation).await?.map(|said| (said.as_at, said.total));
        Ok(OpeningLedger { rows, unpaid, total })
    }
}

/// Records what the finance ledger shows in all as paid for placements, up to a day: its control total.
#[derive(Debug, Clone, Serialize)]
pub struct RecordLedgerTotal {
    /// The day up to which it counts.
    pub as_at: Date,
    /// How much.
    pub total: Pence,
}

impl Command for RecordLedgerTotal {
    const ACTION: Action = Action::KeepAnnualValue;
    const NAME: &'static str = "agreement.record_ledger_total";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let mut invalid = Invalid::default();
        if self.as_at > work.moment().today() {
            invalid.add("as_at", "Enter the day up to which the total counts, today at the latest");
        }
        if self.total < Pence::ZERO {
            invalid.add("total", "Enter what the finance ledger shows in all, £0 or more");
        }
        invalid.or(())?;
        let org = work.org();
        work.keep_opening_total(&OpeningTotal { as_at: self.as_at, total: self.total }).await?;
        let event = Event::new("opening_total.recorded", "annual_value", org.0, 1).with("by", actor.person);
        work.record(event.with("as_at", self.as_at).with("total_pence", self.total.0));
        Ok(Receipt::at("/finance/opening-ledger"))
    }
}
