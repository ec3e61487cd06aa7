//! Hours of extra support: what an agreement buys in a week against what the home delivered. A shortfall is a credit, in pence,
//! shared as the price line is shared; it stands as a fact of the agreement, for the payment of that week to read.

use jiff::civil::{Date, DateTime, Weekday};
use serde::{Deserialize, Serialize};

use super::not_now;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::homes::price::{FunderShares, LineKind, PriceLine};
use crate::id::{AgreementId, HomeId, OrganisationId, PersonId, Reference};
use crate::money::Pence;
use crate::nights::{Nights, days_between, plus_days};
use crate::outcome::{Invalid, Refusal};

/// Quarters of an hour in a week: nobody delivers more to one child with one member of staff.
pub const MOST_QUARTERS: u32 = 168 * 4;
/// How many days after its last a week is confirmed at the latest.
pub const CONFIRM_DAYS: i64 = 5;

coded! {
    /// Why less was delivered than was bought.
    ShortfallReason {
        Vacancy "vacancy" "A post is vacant";
        Sickness "sickness" "Staff were away";
        ChildAway "child_away" "The child was away";
        SteppedDown "stepped_down" "Agreed to need less that week";
        Other "other" "Another reason";
    }
}

/// What a line of an agreement buys in one week, Monday to Sunday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoughtWeek {
    /// The placing authority.
    pub authority: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// The agreement.
    pub agreement: AgreementId,
    /// What people call it.
    pub reference: Reference,
    /// What the line is called.
    pub label: String,
    /// The first night of the line: with its name it tells it from the others, also once it was cut.
    pub line_from: Date,
    /// The week's Monday.
    pub week: Date,
    /// Nights of the week that the line covers.
    pub nights: i64,
    /// What is bought for them, in quarters of an hour with each member of staff.
    pub quarters: u32,
    /// The rate of an hour.
    pub rate: Pence,
    /// Staff to the child.
    pub staff: u8,
    /// Who pays for it, and so who is credited.
    pub shares: FunderShares,
}

impl BoughtWeek {
    /// The day after the week.
    #[must_use]
    pub fn over(&self) -> Date {
        plus_days(self.week, 7)
    }

    /// By when it is confirmed.
    #[must_use]
    pub fn due(&self) -> Date {
        plus_days(self.over(), CONFIRM_DAYS)
    }
}

/// An agreement as far as its hours go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfAgreement {
    /// The placing authority.
    pub authority: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// The agreement.
    pub agreement: AgreementId,
    /// What people call it.
    pub reference: Reference,
    /// Its lines.
    pub lines: Vec<PriceLine>,
    /// The first night of the stay.
    pub from: Date,
    /// The day after its last night.
    pub to: Date,
}

/// The Monday of a day's week.
#[must_use]
pub fn monday(day: Date) -> Date {
    let since = day.weekday().since(Weekday::Monday);
    plus_days(day, -i64::from(since))
}

/// Every week that is over by a day, from a day on, in which the agreement buys hours.
#[must_use]
pub fn bought(of: &OfAgreement, from: Date, today: Date) -> Vec<BoughtWeek> {
    let mut found = Vec::new();
    let Some(stay) = Nights::new(of.from, of.to) else { return found };
    for line in &of.lines {
        let (Some(support), LineKind::AdditionalSupport) = (&line.support, line.kind) else { continue };
        let Some(own) = Nights::new(line.from, line.to).and_then(|own| own.overlap(stay)) else { continue };
        let mut week = monday(own.from().max(from));
        while plus_days(week, 7) <= today && week < own.to() {
            if let Some(part) = Nights::new(week, plus_days(week, 7)).and_then(|whole| whole.overlap(own)) {
                let quarters = Pence(i64::from(support.quarter_hours)).share(part.count(), 7).0;
                found.push(BoughtWeek {
                    authority: of.authority,
                    provider: of.provider,
                    home: of.home,
                    agreement: of.agreement,
                    reference: of.reference.clone(),
                    label: line.label.clone(),
                    line_from: line.from,
                    week,
                    nights: part.count(),
                    quarters: u32::try_from(quarters).unwrap_or_default(),
                    rate: support.rate,
                    staff: support.staff,
                    shares: line.shares.clone(),
                });
            }
            week = plus_days(week, 7);
        }
    }
    found.sort_by(|one, other| (one.week, &one.label).cmp(&(other.week, &other.label)));
    found
}

/// What a provider owes back for a week: to whom how much, in pence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// All of it.
    pub total: Pence,
    /// To the authority.
    pub authority: Pence,
    /// To education.
    pub education: Pence,
    /// To health.
    pub health: Pence,
}

/// The credit for so many quarters of an hour that were bought and not delivered; none for none.
#[must_use]
pub fn credit(of: &BoughtWeek, delivered: u32) -> Option<Credit> {
    let missing = of.quarters.saturating_sub(delivered);
    if missing == 0 {
        return None;
    }
    let total = of.rate.share(i64::from(missing) * i64::from(of.staff), 4);
    let [authority, education, health] = of.shares.split(total);
    Some(Credit { total, authority, education, health })
}

/// What the home says of a week, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who says it.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// Delivered, in quarters of an hour with each member of staff.
    pub quarters: u32,
    /// Why it is less than was bought.
    pub reason: Option<ShortfallReason>,
    /// The credit that follows.
    pub credit: Option<Credit>,
}

/// Where a week stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum WeekState {
    /// The home has confirmed it.
    Confirmed,
    /// The authority has agreed: it is not corrected any more.
    Agreed {
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

impl WeekState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["confirmed", "agreed"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Agreed { .. } => "agreed",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Confirmed => "Confirmed by the home",
            Self::Agreed { .. } => "Agreed by the authority",
        }
    }
}

/// A week of hours that the home has confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportWeek {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// What was bought.
    pub bought: BoughtWeek,
    /// What the home said, the earliest first; never empty.
    pub told: Vec<Told>,
    /// Where it stands.
    pub state: WeekState,
}

/// Every move of a week.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "confirm", to: "confirmed", by: "the home's manager" },
    Move { from: "confirmed", act: "correct", to: "confirmed", by: "the home's manager" },
    Move { from: "confirmed", act: "agree", to: "agreed", by: "placement officer" },
];

fn told(
    bought: &BoughtWeek,
    (quarters, reason): (u32, Option<ShortfallReason>),
    (by, moment): (PersonId, Moment),
) -> Result<Told, Invalid> {
    let mut invalid = Invalid::default();
    if quarters > MOST_QUARTERS {
        invalid.add("hours", "Enter at most 168 hours: a week has no more");
    }
    if bought.over() > moment.today() {
        invalid.add("week", "Confirm a week once it is over");
    }
    let short = quarters < bought.quarters;
    if short && reason.is_none() {
        invalid.add("reason", "Select why less was delivered than was bought");
    }
    let (reason, credit) = (reason.filter(|_| short), credit(bought, quarters));
    invalid.or(Told { by, at: moment.local, quarters, reason, credit })
}

impl SupportWeek {
    /// The home confirms what it delivered in a week that is over.
    pub fn confirm(
        id: i64,
        bought: BoughtWeek,
        said: (u32, Option<ShortfallReason>),
        who: (PersonId, Moment),
    ) -> Result<Change<Self>, Invalid> {
        let told = vec![told(&bought, said, who)?];
        let next = Self { id, version: 1, bought, told, state: WeekState::Confirmed };
        let event = next.event("support_week.confirmed", 1);
        Ok(Change::to(next, event))
    }

    /// The home corrects it, as long as the authority has not agreed.
    pub fn correct(
        self,
        said: (u32, Option<ShortfallReason>),
        who: (PersonId, Moment),
    ) -> Result<Result<Change<Self>, Invalid>, Refusal> {
        self.only_confirmed("be corrected")?;
        let told = match told(&self.bought, said, who) {
            Ok(told) => told,
            Err(invalid) => return Ok(Err(invalid)),
        };
        let mut next = Self { version: self.version + 1, ..self };
        next.told.push(told);
        let event = next.event("support_week.corrected", next.version);
        Ok(Ok(Change::to(next, event)))
    }

    /// The authority agrees.
    pub fn agree(self, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.only_confirmed("be agreed")?;
        let state = WeekState::Agreed { by, at: moment.local };
        let next = Self { version: self.version + 1, state, ..self };
        let event = next.event("support_week.agreed", next.version);
        Ok(Change::to(next, event))
    }

    /// What was delivered, by the home's last word.
    #[must_use]
    pub fn delivered(&self) -> u32 {
        self.told.last().map_or(0, |told| told.quarters)
    }

    /// The credit that stands.
    #[must_use]
    pub fn credit(&self) -> Option<Credit> {
        self.told.last().and_then(|told| told.credit)
    }

    /// How many days after the week it was first confirmed.
    #[must_use]
    pub fn days_after(&self) -> i64 {
        self.told.first().map_or(0, |told| days_between(self.bought.over(), told.at.date()))
    }

    fn only_confirmed(&self, act: &str) -> Result<(), Refusal> {
        if self.state == WeekState::Confirmed {
            return Ok(());
        }
        let week = self.bought.week;
        let sentence = format!("The week of {week} of {} cannot {act}: it is agreed.", self.bought.reference);
        let rule = "A week of hours is agreed once; then its credit stands";
        Err(not_now("support_week_agreed", rule, sentence, "Nobody: it stands as it was agreed", self.state.label()))
    }

    fn event(&self, kind: &str, version: i64) -> Event {
        Event::new(kind, "support_week", self.id, version)
            .with("agreement", &self.bought.reference)
            .with("line_from", self.bought.line_from)
            .with("week", self.bought.week)
            .with("bought_quarters", self.bought.quarters)
            .with("delivered_quarters", self.delivered())
            .with("credit_pence", self.credit().map_or(0, |credit| credit.total.0))
    }
}

#[cfg(test)]
mod tests;
