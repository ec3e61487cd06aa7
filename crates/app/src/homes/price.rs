//! The regional team records what a home tendered for a lot: the core price and education, for nights, in two times. And the
//! region's own file of admissions and prices brought in.

use jiff::civil::Date;
use placewell_domain::homes::price::{KNOWN_OPEN, LineKind, TenderedWrong, check_tendered};
use placewell_domain::id::HomeId;
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::Work;
use placewell_store::homes::price::PriceBy;
use serde::Serialize;

use self::schedule::record_line;
use super::home::kept_home;
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::office::access::cover::decided::by_own_role;
use crate::power::arrangement::lot_named;

pub mod file;
pub mod schedule;
pub mod uplift;

impl From<TenderedWrong> for Outcome {
    fn from(wrong: TenderedWrong) -> Self {
        match wrong {
            TenderedWrong::Invalid(invalid) => invalid.into(),
            TenderedWrong::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

/// Records a tendered price for nights, or that there is none. Nights that had a price are corrected: agreements made
/// before keep the price that they were made at, and what was believed stays readable. The parts of a core price follow it.
/// What a home tendered first is written down with the lead's tasks; a price that stands is changed by a decision (rule 1.2).
#[derive(Debug, Clone, Serialize)]
pub struct RecordPrice {
    /// The home's number.
    pub urn: String,
    /// The lot's code.
    pub lot: String,
    /// The line: core, or education beside it.
    pub line: LineKind,
    /// The first night.
    pub from: Date,
    /// The first night at another price, where that is known.
    pub until: Option<Date>,
    /// The price of a week; none takes the price away.
    pub weekly: Option<Pence>,
}

impl Command for RecordPrice {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "price.record";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let home = kept_home(work, &self.urn).await?;
        let Some(nights) = Nights::new(self.from, self.until.unwrap_or(OPEN_END)) else {
            return Err(Invalid::one("until", "Enter a day after the first night").into());
        };
        let admissions = work.admissions_of(home.id).await?;
        let named = lot_named(work, &self.lot).await?;
        check_tendered(&home, &admissions, ((&self.lot, &named), self.line, nights), self.weekly)?;
        if self.stands(work, home.id).await? {
            by_own_role(work, actor).await?;
        }
        record_line(work, home.id, (&self.lot, self.line), &[(nights, self.weekly)], &PriceBy::hand()).await?;
        Ok(Receipt::at(format!("/region/homes/{}", home.urn)))
    }
}

impl RecordPrice {
    /// Whether the line has a price on the lot already, for whatever nights: one for others follows on it.
    async fn stands(&self, work: &Work, home: HomeId) -> Answer<bool> {
        let line = self.line.code();
        let history = work.price_history(home).await?;
        Ok(history.iter().any(|one| one.lot == self.lot && one.line == line && one.price.known_to == KNOWN_OPEN))
    }
}
