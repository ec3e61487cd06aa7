//! What a granted rise means for a live agreement: nothing until the placing authority confirms it, under its own power and
//! once. A line keeps its origin when it is cut (rule 4.1); no price passes the granted one (rule 4.3).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Added, Agreement, PriceCause, Variation, cite};
use crate::calendar::long_date;
use crate::change::Change;
use crate::clock::Moment;
use crate::homes::price::uplift::{Grant, Uplift};
use crate::homes::price::{PriceLine, Rectangle, check_core};
use crate::id::UpliftId;
use crate::money::Pence;
use crate::nights::Nights;
use crate::outcome::Refusal;
use crate::power::annual_value::Route;
use crate::power::delegation::Power;

coded! {
    /// Why an agreement keeps its price although a rise was granted.
    KeepReason {
        FixedPrice "fixed_price" "The agreement fixes its price for these nights";
        EndsFirst "ends_first" "The child leaves at about the day of the rise";
        AgreedApart "agreed_apart" "A price was agreed with the provider since";
    }
}

/// How an authority answered a granted rise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum RepriceAnswer {
    /// The agreement has the new price.
    Confirmed {
        /// The price of a week before.
        was: Pence,
        /// And after.
        now: Pence,
        /// From which night.
        from: Date,
    },
    /// It keeps its price.
    Kept {
        /// Why.
        reason: KeepReason,
    },
}

/// One granted rise as it was answered for this agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repriced {
    /// The request.
    pub uplift: UpliftId,
    /// Its grant.
    pub grant: u8,
    /// What people call the request.
    pub reference: String,
    /// On which day it was answered.
    pub on: Date,
    /// How.
    pub answer: RepriceAnswer,
    /// The power it cites.
    pub power: Power,
}

/// What a rise would change: the agreement's lines after it, and each line's price before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repricing {
    /// The lines after it.
    pub lines: Vec<PriceLine>,
    /// What changes: words of the line, first night, price before and after.
    pub changes: Vec<(String, Date, Pence, Pence)>,
    /// For which nights each price after it holds.
    pub raised: Vec<(Nights, Pence)>,
}

impl Repricing {
    /// Whether no price after it is above the scheduled one, which may have been corrected since the grant (rule 4.3).
    /// It is held to what the grant was held to: a price stands on the first night, and a later night without one has
    /// nothing to pass. There the agreement's price stands by itself, before the rise as after it.
    pub fn within(&self, scheduled: &[Rectangle<Pence>]) -> Result<(), Refusal> {
        let Some((first, weekly)) = self.raised.iter().min_by_key(|(nights, _)| nights.from()) else { return Ok(()) };
        let held = scheduled.iter().find(|price| price.from <= first.from() && first.from() < price.to);
        check_core(*weekly, held.map(|price| price.value), first.from())?;
        self.raised.iter().try_for_each(|(nights, weekly)| {
            scheduled.iter().try_for_each(|price| {
                let both = Nights::new(price.from, price.to).and_then(|priced| priced.overlap(*nights));
                both.map_or(Ok(()), |both| check_core(*weekly, Some(price.value), both.from()))
            })
        })
    }

    /// By how much a week costs more, on the night from which all of it holds.
    #[must_use]
    pub fn weekly(&self) -> Pence {
        self.changes.last().map_or(Pence::ZERO, |(_, _, was, now)| *now - *was)
    }
}

impl Agreement {
    /// How a granted rise was answered here, where it was.
    #[must_use]
    pub fn repriced(&self, uplift: UpliftId, grant: u8) -> Option<&Repriced> {
        self.added.repriced.iter().find(|one| one.uplift == uplift && one.grant == grant)
    }

    /// What a rise would change here; none where it is of another home or lot, the stay is over before it or begins after it
    /// at a price of its own day, or every price stands at the granted one.
    #[must_use]
    pub fn repricing(&self, uplift: &Uplift, grant: &Grant) -> Option<Repricing> {
        let terms = &self.terms;
        let same = terms.route == Route::Arrangement && terms.home == uplift.home && terms.lot == uplift.lot;
        let (start, until) = self.nights();
        if !same || self.state.over() || start >= grant.from {
            return None;
        }
        let nights = Nights::new(grant.from, until)?;
        let (mut lines, mut changes, mut raised) = (terms.lines.clone(), Vec::new(), Vec::new());
        let mut cut: Vec<PriceLine> = Vec::new();
        for line in lines.iter_mut().filter(|line| line.kind == uplift.line) {
            let touched = Nights::new(line.from, line.to).and_then(|own| own.overlap(nights));
            let (Some(touched), Some(now)) = (touched, grant.of(line.weekly)) else { continue };
            changes.push((line.label.clone(), touched.from(), line.weekly, now));
            raised.push((touched, now));
            if touched.from() == line.from {
                line.weekly = now;
            } else {
                cut.push(PriceLine { from: touched.from(), weekly: now, ..line.clone() });
                line.to = touched.from();
            }
        }
        lines.extend(cut);
        (!changes.is_empty()).then_some(Repricing { lines, changes, raised })
    }

    /// Whether a grant was answered here, or waits: one that was revoked, or would raise a price above the schedule, waits for
    /// nobody.
    #[must_use]
    pub fn follows(&self, uplift: &Uplift, grant: &Grant, scheduled: &[Rectangle<Pence>]) -> bool {
        let would = || self.repricing(uplift, grant).filter(|_| uplift.revoked().is_none());
        self.repriced(uplift.id, grant.number).is_some() || would().is_some_and(|one| one.within(scheduled).is_ok())
    }

    /// The agreement as it will be once every rise that is granted and not answered here is confirmed; none where nothing
    /// waits. The requests are given in the order in which they were made, each with what is scheduled of its line.
    #[must_use]
    pub fn at_granted(&self, uplifts: &[(Uplift, Vec<Rectangle<Pence>>)]) -> Option<Self> {
        let mut risen: Option<Self> = None;
        for (uplift, scheduled) in uplifts {
            for grant in uplift.grants().iter().filter(|grant| self.repriced(uplift.id, grant.number).is_none()) {
                let now = risen.as_ref().unwrap_or(self);
                if let Some(would) = now.repricing(uplift, grant).filter(|would| would.within(scheduled).is_ok()) {
                    let mut next = now.clone();
                    next.terms.lines = would.lines;
                    risen = Some(next);
                }
            }
        }
        risen
    }

    /// The authority confirms a granted rise for this agreement, once; also for nights since the day from which it was
    /// granted, where it confirms later. No price passes the one that is scheduled now.
    pub fn reprice(
        self,
        uplift: &Uplift,
        grant: &Grant,
        scheduled: &[Rectangle<Pence>],
        power: &Power,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.may_vary("be repriced")?;
        self.unanswered(uplift, grant, scheduled)?;
        let Some(repricing) = self.repricing(uplift, grant) else { return Err(nothing(uplift, grant)) };
        repricing.within(scheduled).map_err(|found| above_schedule(uplift, found))?;
        let mut added: Added = self.added.clone();
        let variation = |(what, from, was, now): &(String, Date, Pence, Pence)| Variation {
            on: moment.today(),
            from: *from,
            what: what.clone(),
            was: *was,
            now: *now,
            cause: Some(PriceCause::UpliftDecided),
            decided: uplift.reference.clone(),
            power: power.clone(),
        };
        let Some((last, earlier)) = repricing.changes.split_last() else { return Err(nothing(uplift, grant)) };
        added.variations.extend(earlier.iter().map(variation));
        let (_, from, was, now) = *last;
        let answer = RepriceAnswer::Confirmed { was, now, from };
        added.repriced.push(answered(uplift, grant, answer, power, moment));
        let variation = variation(last);
        let event = self
            .varied(&variation)
            .with("cause", PriceCause::UpliftDecided.code())
            .with("decided", &uplift.reference)
            .with("grant", grant.number);
        Ok(Self { added, ..self }.with_lines(repricing.lines, variation, event))
    }

    /// The authority decides that this agreement keeps its price, for a coded reason that the provider reads.
    pub fn keep_price(
        self,
        uplift: &Uplift,
        grant: &Grant,
        scheduled: &[Rectangle<Pence>],
        (reason, power): (KeepReason, Power),
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.may_vary("keep its price")?;
        self.unanswered(uplift, grant, scheduled)?;
        if self.repricing(uplift, grant).is_none() {
            return Err(nothing(uplift, grant));
        }
        let event = cite(self.event("agreement.price_kept"), Some(&power))
            .with("decided", &uplift.reference)
            .with("grant", grant.number)
            .with("reason", reason.code());
        let mut added: Added = self.added.clone();
        added.repriced.push(answered(uplift, grant, RepriceAnswer::Kept { reason }, &power, moment));
        Ok(Change::to(Self { version: self.version + 1, added, ..self }, event))
    }

    /// Each grant is answered once, and the first before the second, where the first is asked at all.
    fn unanswered(&self, uplift: &Uplift, grant: &Grant, scheduled: &[Rectangle<Pence>]) -> Result<(), Refusal> {
        if let Some(done) = self.repriced(uplift.id, grant.number) {
            return Err(Refusal::new(
                "repriced_already",
                "A granted rise is answered once for each agreement",
                format!("{} was answered for this agreement before.", uplift.reference),
                "Nobody: it stands",
            )
            .found(long_date(done.on)));
        }
        let earlier = grant.number.checked_sub(1).and_then(|number| uplift.grant(number));
        let answered = |one: &Grant| self.repriced(uplift.id, one.number).is_some();
        let waits = |one: Grant| !answered(&one) && self.follows(uplift, &one, scheduled);
        if earlier.is_some_and(waits) {
            return Err(Refusal::new(
                "earlier_grant_first",
                "Grants are answered in their order",
                "What the decision granted is answered before what the appeal added.",
                "The holder of the power, by answering the first",
            )
            .found(uplift.reference.clone()));
        }
        Ok(())
    }
}

fn answered(uplift: &Uplift, grant: &Grant, answer: RepriceAnswer, power: &Power, moment: Moment) -> Repriced {
    Repriced {
        uplift: uplift.id,
        grant: grant.number,
        reference: uplift.reference.clone(),
        on: moment.today(),
        answer,
        power: power.clone(),
    }
}

fn above_schedule(uplift: &Uplift, found: Refusal) -> Refusal {
    let who_can_change = "The regional team, by revoking the rise; or you, by keeping the price".to_owned();
    let sentence =
        format!("The schedule was corrected since {} was granted: the price would pass it.", uplift.reference);
    Refusal { sentence, who_can_change, ..found }
}

fn nothing(uplift: &Uplift, grant: &Grant) -> Refusal {
    Refusal::new(
        "nothing_to_reprice",
        "A rise holds for the home and lot it was granted for, from its first night on",
        format!("{} changes no price of this agreement.", uplift.reference),
        "Nobody: the agreement keeps its price",
    )
    .found(format!("from {}", long_date(grant.from)))
}
